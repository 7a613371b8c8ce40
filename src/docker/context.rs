//! Docker contexts: named engines, kept beside the configuration.

use ring::digest::{SHA256, digest};
use serde_json::Value;
use std::path::Path;

/// The engine of a context.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContextHost {
    /// Its address, as `DOCKER_HOST` would write it.
    pub address: String,
    /// TLS material lies beside the context.
    pub tls: bool,
}

/// Reads where a context's engine is; none where there is no such context.
///
/// A context lies in a folder named by the SHA-256 of its name (`cli/context/store/metadatastore.go`).
pub fn host(config_folder: &Path, name: &str) -> Option<ContextHost> {
    let id: String = digest(&SHA256, name.as_bytes()).as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    let contexts = config_folder.join("contexts");
    let text = std::fs::read_to_string(contexts.join("meta").join(&id).join("meta.json")).ok()?;
    let meta: Value = serde_json::from_str(&text).ok()?;
    let address = meta["Endpoints"]["docker"]["Host"].as_str()?.to_owned();
    let tls = contexts.join("tls").join(&id).join("docker").is_dir();
    Some(ContextHost { address, tls })
}
