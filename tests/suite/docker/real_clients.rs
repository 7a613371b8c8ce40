//! Logins that real clients write are read as those clients read them.

use super::machine::{HOST, Machine, shown};
use super::pushing::Notary;
use crate::real_clients::{Clients, are_here, search_path};
use simulated_azure::world::{
    ADMIN_PASSWORD, CLIENT, LOGIN_SERVER, PRINCIPAL, REGISTRY, SECRET, TOKEN_NAME, TOKEN_PASSWORD, ZERO_GUID,
};
use simulated_azure::{Simulator, World};

/// The users of the registry that a client can log in as.
const USERS: [(&str, &str); 3] = [(CLIENT, SECRET), (REGISTRY, ADMIN_PASSWORD), (TOKEN_NAME, TOKEN_PASSWORD)];

fn azure() -> (Simulator, Clients, Machine) {
    let mut world = World::healthy();
    world.registry().admin.enabled = true;
    let simulator = Simulator::start(world).unwrap();
    let clients = Clients::of(&simulator);
    let mut machine = Machine::signing_in_with_its_login();
    machine.environment.config_folder = Some(clients.docker_folder());
    machine.environment.search_path = Some(search_path());
    (simulator, clients, machine)
}

/// The user name `ci` with the password `a:b`, as docker keeps it.
const AUTH: &str = r#"{"auth":"Y2k6YTpi"}"#;

/// What `docker` itself finds: it can read an image of the registry with the login it keeps.
fn docker_reads(clients: &Clients) -> bool {
    let image = format!("{LOGIN_SERVER}/team/app:1.0");
    clients.run("docker", &["manifest", "inspect", &image], "").status.success()
}

#[tokio::test]
async fn a_login_of_docker_is_the_identity_until_its_logout() {
    if !are_here(&["docker"]) {
        return;
    }
    let (azure, clients, machine) = azure();
    assert!(!docker_reads(&clients));
    machine.login().await.0.is("failed", "docker-not-logged-in", "does not exist");
    for (name, password) in USERS {
        clients.succeed("docker", &["login", "--username", name, "--password-stdin", HOST], password);
        assert!(docker_reads(&clients), "{name}");
        let (check, credential) = machine.login().await;
        check.is("passed", "", "a login is kept in config.json");
        assert_eq!(shown(credential), format!("{name}:{password}"));
    }
    // What `az acr login` runs: the refresh token of the registry as the password of nobody.
    let token = {
        let world = azure.world();
        world.registries[0].refresh_token(&world, CLIENT, PRINCIPAL, &["read", "write"], 11_000)
    };
    clients.succeed("docker", &["login", "--username", ZERO_GUID, "--password-stdin", HOST], &token);
    assert!(docker_reads(&clients));
    assert_eq!(shown(machine.login().await.1), token);
    clients.succeed("docker", &["logout", HOST], "");
    assert!(!docker_reads(&clients));
    machine.login().await.0.is("failed", "docker-not-logged-in", "config.json");
}

#[tokio::test]
async fn a_login_of_skopeo_in_dockers_file_is_the_identity() {
    if !are_here(&["skopeo"]) {
        return;
    }
    let (_azure, clients, machine) = azure();
    let file = clients.docker_folder().join("config.json").display().to_string();
    for (name, password) in USERS {
        let login = ["login", "--authfile", &file, "--username", name, "--password-stdin", HOST];
        clients.succeed("skopeo", &login, password);
        let (check, credential) = machine.login().await;
        check.is("passed", "", "a login is kept in config.json");
        assert_eq!(shown(credential), format!("{name}:{password}"));
    }
}

/// Broken helpers are left out: before version 28.5 a push passes over them, while a build or login fails in all versions.
#[tokio::test]
async fn the_login_found_is_the_one_that_docker_sends_with_a_push() {
    if !are_here(&["docker"]) {
        return;
    }
    let mut machine = Machine::signing_in_with_its_login();
    machine.program("docker-credential-none", "echo 'credentials not found in native keychain'; exit 1");
    machine.program("docker-credential-full", r#"echo '{"ServerURL":"","Username":"helped","Secret":"helped"}'"#);
    machine.program("docker-credential-token", r#"echo '{"Username":"<token>","Secret":"a.b.c"}'"#);
    let path = format!("{}:{}", machine.path("bin").display(), search_path());
    machine.environment.search_path = Some(path.clone());
    let socket = machine.path("run/notary.sock");
    let notary = Notary::at(&socket);
    let mut push = std::process::Command::new("docker");
    push.args(["push", "contosoacr.azurecr.io/team/app:1.0"])
        .env_clear()
        .env("PATH", &path)
        .env("DOCKER_CONFIG", machine.path(".docker"))
        .env("DOCKER_HOST", format!("unix://{}", socket.display()));
    for key in [
        LOGIN_SERVER,
        "https://contosoacr.azurecr.io",
        "http://contosoacr.azurecr.io",
        "https://contosoacr.azurecr.io/v1/",
        "contosoacr.azurecr.io/team/app",
        "ContosoACR.azurecr.io",
        "https://CONTOSOACR.azurecr.io",
        "contosoacr.azurecr.io:443",
        "contosoacr.azurecr.io.",
        "*.azurecr.io",
    ] {
        // Every form under the key that docker writes itself, and the first few under every other.
        let forms = if key == LOGIN_SERVER { usize::MAX } else { 3 };
        let texts = [
            format!(r#"{{"auths":{{"{key}":{AUTH}}}}}"#),
            format!(r#"{{"auths":{{"{key}":{AUTH}}},"credHelpers":{{"{key}":"token"}}}}"#),
            format!(r#"{{"auths":{{"{key}":{AUTH}}},"credHelpers":{{"{key}":""}},"credsStore":"full"}}"#),
            format!(r#"{{"AUTHS":{{"{key}":{{"Auth":"Y2k6YTpi"}}}}}}"#),
            format!(r#"{{"auths":{{"{key}":{{"username":"ci","password":"a:b"}}}}}} trailing"#),
            format!(r#"{{"auths":{{"{key}":{{"username":"ci"}}}}}}"#),
            format!(r#"{{"auths":{{"{key}":{{"identitytoken":"a.b.c","auth":"Y2k6"}}}}}}"#),
            format!(r#"{{"auths":{{"{key}":{{"registrytoken":"a.b.c"}}}}}}"#),
            format!(r#"{{"auths":{{"{key}":{{}}}}}}"#),
            format!(r#"{{"auths":{{"{key}":null}}}}"#),
            format!("\u{feff}{{\"auths\":{{\"{key}\":{AUTH}}}}}"),
            format!(r#"{{"auths":{{"{key}":{AUTH}}},"credsStore":"none"}}"#),
            format!(r#"{{"auths":{{"{key}":{AUTH}}},"credsStore":"full"}}"#),
            format!(r#"{{"auths":{{"{key}":{AUTH}}},"credsStore":"none","credHelpers":{{"{key}":"full"}}}}"#),
            format!(r#"{{"auths":{{"{key}":{AUTH}}},"credHelpers":{{"ghcr.io":"gone"}}}}"#),
        ];
        for text in texts.into_iter().take(forms) {
            machine.config(&text);
            let found = machine.login().await.1.map(|credential| shown(Some(credential)));
            let output = push.output().unwrap();
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert_eq!(found, notary.last(), "{text}\n{said}");
        }
    }
}

#[tokio::test]
async fn a_login_that_docker_gave_to_a_helper_is_taken_from_there() {
    if !are_here(&["docker"]) {
        return;
    }
    let (_azure, clients, mut machine) = azure();
    let kept = clients.folder().join("kept").display().to_string();
    machine.program(
        "docker-credential-drawer",
        &format!("case $1 in store) cat >{kept} ;; get) cat {kept} 2>/dev/null || {{ echo 'credentials not found in native keychain'; exit 1; }} ;; erase) rm -f {kept} ;; esac"),
    );
    let path = format!("{}:{}", machine.path("bin").display(), search_path());
    machine.environment.search_path = Some(path.clone());
    std::fs::write(clients.docker_folder().join("config.json"), r#"{"credsStore":"drawer"}"#).unwrap();
    let docker = |arguments: &str, input: &str| {
        clients.succeed(
            "env",
            &[&[&format!("PATH={path}"), "docker"], &*arguments.split(' ').collect::<Vec<_>>()].concat(),
            input,
        );
    };
    machine.login().await.0.is("failed", "docker-not-logged-in", "config.json");
    docker(&format!("login --username {CLIENT} --password-stdin {HOST}"), SECRET);
    let (check, credential) = machine.login().await;
    check.is("passed", "", "a login is kept in docker-credential-drawer");
    assert_eq!(shown(credential), format!("{CLIENT}:{SECRET}"));
    docker(&format!("logout {HOST}"), "");
    machine.login().await.0.is("failed", "docker-not-logged-in", "config.json");
}
