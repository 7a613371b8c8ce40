//! An image, pushed and pulled by skopeo.

use crate::real_clients::Clients;
use ring::digest::{SHA256, digest};
use serde_json::json;
use simulated_azure::world::LOGIN_SERVER;

/// Pulls an image that the registry has.
pub(super) fn pull(clients: &Clients, credentials: &[String]) -> Result<(), String> {
    let source = format!("docker://{LOGIN_SERVER}/team/app:1.0");
    let target = format!("dir:{}", clients.folder().join("pulled").display());
    copy(clients, credentials, "src", &source, &target)
}

/// Pushes an image that the registry does not have yet.
pub(super) fn push(clients: &Clients, credentials: &[String]) -> Result<(), String> {
    let folder = clients.folder().join("built");
    std::fs::create_dir_all(&folder).unwrap();
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.join(name), bytes).unwrap();
    let blob = |kind: &str, bytes: &[u8]| {
        let hash: String = digest(&SHA256, bytes).as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        write(&hash, bytes);
        json!({"mediaType": format!("application/vnd.docker.{kind}"), "size": bytes.len(), "digest": format!("sha256:{hash}")})
    };
    let layer = blob("image.rootfs.diff.tar", b"a layer that nobody has pushed yet");
    let config = json!({"architecture": "amd64", "os": "linux", "config": {}, "rootfs": {"type": "layers", "diff_ids": [layer["digest"]]}});
    let config = blob("container.image.v1+json", config.to_string().as_bytes());
    let manifest = json!({
        "schemaVersion": 2, "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
        "config": config, "layers": [layer],
    });
    write("manifest.json", manifest.to_string().as_bytes());
    write("version", b"Directory Transport Version: 1.1\n");
    let target = format!("docker://{LOGIN_SERVER}/team/app:built");
    copy(clients, credentials, "dest", &format!("dir:{}", folder.display()), &target)
}

/// `credentials` are options without their prefix, as `copy` has them for each side.
fn copy(clients: &Clients, credentials: &[String], side: &str, source: &str, target: &str) -> Result<(), String> {
    let mut arguments = vec!["--insecure-policy".to_owned(), "copy".to_owned()];
    let named = |option: &String| option.strip_prefix("--").map_or(option.clone(), |name| format!("--{side}-{name}"));
    let is_file = credentials.first().is_some_and(|option| option == "--authfile");
    arguments.extend(credentials.iter().map(|option| if is_file { option.clone() } else { named(option) }));
    arguments.extend([source.to_owned(), target.to_owned()]);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let output = clients.run("skopeo", &arguments, "");
    let said = String::from_utf8_lossy(&output.stderr);
    if output.status.success() { Ok(()) } else { Err(said.lines().last().unwrap_or_default().to_owned()) }
}
