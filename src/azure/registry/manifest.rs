//! Manifests: whether an image exists, and for which platforms.

use super::on;
use crate::azure::call::{CallError, Request};
use crate::azure::reply::Form;
use crate::azure::transport::Http;
use crate::secret::Secret;
use reqwest::Method;
use serde::{Deserialize, Deserializer};

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
    #[serde(deserialize_with = "list")]
    pub manifests: Vec<Descriptor>,
    /// The configuration of an image.
    pub config: Option<Descriptor>,
    /// The layers of an image.
    #[serde(deserialize_with = "list")]
    pub layers: Vec<Descriptor>,
    /// Every manifest but those of early OCI artifacts says its version.
    #[serde(rename = "schemaVersion")]
    version: Option<u8>,
    /// What those say instead.
    #[serde(rename = "mediaType")]
    media_type: Option<String>,
}

/// Some tools write `null` for an empty list.
fn list<'de, D: Deserializer<'de>>(source: D) -> Result<Vec<Descriptor>, D::Error> {
    Ok(Option::deserialize(source)?.unwrap_or_default())
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
    let reply = ask(http, Method::GET, host, token, repository, reference).await?;
    let manifest: Manifest = reply.json()?;
    // An object that says nothing of itself is no image that could be pulled.
    let is_manifest = manifest.version.is_some() || manifest.media_type.is_some();
    if is_manifest { Ok(manifest) } else { Err(reply.malformed("expected a manifest, got another JSON object")) }
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
        let empty: Manifest = serde_json::from_str(r#"{"schemaVersion":2,"layers":null,"manifests":null}"#).unwrap();
        assert!(empty.layers.is_empty() && empty.manifests.is_empty());
        let image = r#"{"schemaVersion":2,"config":{"digest":"sha256:c"},"layers":[{"digest":"sha256:d"}]}"#;
        let image: Manifest = serde_json::from_str(image).unwrap();
        assert_eq!(
            (image.config.unwrap().digest, image.layers[0].digest.clone()),
            ("sha256:c".into(), "sha256:d".into())
        );
    }
}
