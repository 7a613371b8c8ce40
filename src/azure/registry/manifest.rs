//! Manifests: whether an image exists, and for which platforms.

use super::on;
use crate::azure::call::{CallError, Request};
use crate::azure::reply::Form;
use crate::azure::transport::Http;
use crate::secret::Secret;
use reqwest::Method;
use serde::Deserialize;

/// Every manifest type that clients ask for; a registry answers 404 for an image whose type is not accepted.
const ACCEPTED: &str = "application/vnd.oci.image.index.v1+json, \
    application/vnd.docker.distribution.manifest.list.v2+json, \
    application/vnd.oci.image.manifest.v1+json, \
    application/vnd.docker.distribution.manifest.v2+json, \
    application/vnd.oci.artifact.manifest.v1+json, \
    application/vnd.docker.distribution.manifest.v1+prettyjws, \
    application/json";

/// A manifest or image index, as far as it is read.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Manifest {
    /// The images of an index.
    pub manifests: Vec<Descriptor>,
    /// The configuration of an image.
    pub config: Option<Descriptor>,
    /// The layers of an image.
    pub layers: Vec<Descriptor>,
}

/// A pointer to a manifest or blob.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Descriptor {
    /// `sha256:…`
    pub digest: String,
    /// What it runs on, in an index.
    pub platform: Option<ImagePlatform>,
}

/// What an image runs on; an image's configuration has the same fields.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct ImagePlatform {
    /// `linux`.
    pub os: String,
    /// `amd64`.
    pub architecture: String,
    /// `v7`.
    pub variant: Option<String>,
}

/// Asks whether an image exists, without its manifest.
///
/// A refusal of `HEAD` has no body, so that it is asked again with `GET` for its reason.
pub async fn exists(
    http: &Http,
    host: &str,
    token: &Secret,
    repository: &str,
    reference: &str,
) -> Result<(), CallError> {
    match ask(http, Method::HEAD, host, token, repository, reference).await {
        Err(CallError::Service(refusal)) if refusal.codes.is_empty() && refusal.status != 404 => {
            ask(http, Method::GET, host, token, repository, reference).await.map(drop)
        }
        answered => answered.map(drop),
    }
}

/// Reads a manifest.
pub async fn read(
    http: &Http,
    host: &str,
    token: &Secret,
    repository: &str,
    reference: &str,
) -> Result<Manifest, CallError> {
    ask(http, Method::GET, host, token, repository, reference).await?.json()
}

async fn ask(
    http: &Http,
    method: Method,
    host: &str,
    token: &Secret,
    repository: &str,
    reference: &str,
) -> Result<crate::azure::call::Reply, CallError> {
    let path = ["v2"].into_iter().chain(repository.split('/')).chain(["manifests", reference]);
    let request = Request::new(method, on(host, path)?).bearer(token).header("accept", ACCEPTED);
    http.send(request).await?.accepted(Form::Registry)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_and_an_image_are_read_alike() {
        let index = r#"{"schemaVersion":2,"manifests":[{"digest":"sha256:a","platform":{"os":"linux","architecture":"arm","variant":"v7"}},{"digest":"sha256:b"}]}"#;
        let index: Manifest = serde_json::from_str(index).unwrap();
        let platform = ImagePlatform { os: "linux".into(), architecture: "arm".into(), variant: Some("v7".into()) };
        assert_eq!(index.manifests[0].platform, Some(platform));
        let image = r#"{"schemaVersion":2,"config":{"digest":"sha256:c"},"layers":[{"digest":"sha256:d"}]}"#;
        let image: Manifest = serde_json::from_str(image).unwrap();
        assert_eq!(
            (image.config.unwrap().digest, image.layers[0].digest.clone()),
            ("sha256:c".into(), "sha256:d".into())
        );
    }
}
