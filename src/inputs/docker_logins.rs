//! The registries that Docker's configuration names, without any of their credentials.

use super::files::Files;
use super::surroundings::DockerEnvironment;
use serde_json::Value;

/// The keys of `auths` and `credHelpers`, as written: host names, sometimes with a scheme and a path.
pub(super) fn read(docker: &DockerEnvironment, files: &dyn Files) -> Vec<String> {
    let folder = docker.config_folder.as_ref();
    let of_folder = || folder.and_then(|folder| files.read(&folder.join("config.json")).ok());
    let of_variable = docker.auth_config.as_ref().map(|text| text.expose().as_bytes().to_vec());
    let Some(bytes) = of_variable.or_else(of_folder) else { return Vec::new() };
    let Ok(config) = serde_json::from_slice::<Value>(&bytes) else { return Vec::new() };
    let keys = |name: &str| config[name].as_object().map(|entries| entries.keys().cloned().collect::<Vec<_>>());
    ["auths", "credHelpers"].into_iter().filter_map(keys).flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inputs::files::Shelf;

    #[test]
    fn hosts_are_read_and_credentials_are_not() {
        let docker = DockerEnvironment { config_folder: Some("/docker".into()), ..DockerEnvironment::default() };
        let config = r#"{"auths":{"contosoacr.azurecr.io":{"auth":"c2VjcmV0"}},"credHelpers":{"ghcr.io":"gh"}}"#;
        let files: Shelf = [("/docker/config.json", config)].into_iter().collect();
        assert_eq!(read(&docker, &files), ["contosoacr.azurecr.io", "ghcr.io"]);
        assert!(read(&docker, &Shelf::default()).is_empty());
    }
}
