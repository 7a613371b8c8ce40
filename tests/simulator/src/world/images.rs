//! What a registry stores: repositories, manifests, blobs, locks.

use hyper::body::Bytes;
use ring::digest;
use serde_json::json;
use std::collections::BTreeMap;

/// All images of a registry.
#[derive(Debug, Clone, Default)]
pub struct Images {
    /// By name.
    pub repositories: BTreeMap<String, Repository>,
    /// Blobs by digest, whoever pushed them.
    pub blobs: BTreeMap<String, Bytes>,
    /// Uploads under way, by their id.
    pub uploads: BTreeMap<String, Vec<u8>>,
}

/// A repository.
#[derive(Debug, Clone, Default)]
pub struct Repository {
    /// Digest by tag.
    pub tags: BTreeMap<String, String>,
    /// Manifest by digest.
    pub manifests: BTreeMap<String, Manifest>,
    /// What may be changed (`changeableAttributes`).
    pub locks: Locks,
    /// The same for single tags.
    pub tag_locks: BTreeMap<String, Locks>,
}

/// A manifest as it was pushed.
#[derive(Debug, Clone)]
pub struct Manifest {
    /// Its media type.
    pub media_type: String,
    /// Its bytes.
    pub bytes: Bytes,
}

/// The changeable attributes of a repository or tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Locks {
    /// Deleting is allowed.
    pub delete: bool,
    /// Writing is allowed.
    pub write: bool,
    /// Reading is allowed.
    pub read: bool,
    /// Listing is allowed.
    pub list: bool,
}

impl Default for Locks {
    fn default() -> Self {
        Self { delete: true, write: true, read: true, list: true }
    }
}

impl Locks {
    /// Locked as `az acr repository update --write-enabled false --delete-enabled false` does.
    pub const READ_ONLY: Self = Self { delete: false, write: false, read: true, list: true };
}

/// Media type of an OCI image index.
pub const OCI_INDEX: &str = "application/vnd.oci.image.index.v1+json";
/// Media type of an OCI image manifest.
pub const OCI_MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
/// Media type of Docker's manifest list.
pub const DOCKER_LIST: &str = "application/vnd.docker.distribution.manifest.list.v2+json";
/// Media type of Docker's image manifest.
pub const DOCKER_MANIFEST: &str = "application/vnd.docker.distribution.manifest.v2+json";

impl Images {
    /// `team/app:1.0` for two architectures, `team/tool:1.0` for one, `base/os:12` in Docker's own format.
    pub(super) fn healthy() -> Self {
        let mut images = Self::default();
        let amd64 = images.add_image("team/app", OCI_MANIFEST, "amd64");
        let arm64 = images.add_image("team/app", OCI_MANIFEST, "arm64");
        images.add_index("team/app", OCI_INDEX, &[("amd64", &amd64), ("arm64", &arm64)], "1.0");
        let tool = images.add_image("team/tool", OCI_MANIFEST, "amd64");
        images.repository("team/tool").tags.insert("1.0".into(), tool);
        let base = images.add_image("base/os", DOCKER_MANIFEST, "amd64");
        images.add_index("base/os", DOCKER_LIST, &[("amd64", &base)], "12");
        images
    }

    /// A repository, made where there is none.
    pub fn repository(&mut self, name: &str) -> &mut Repository {
        self.repositories.entry(name.into()).or_default()
    }

    /// Stores an image of one layer and gives its digest.
    pub fn add_image(&mut self, repository: &str, media_type: &str, architecture: &str) -> String {
        // Two blocks of zeros are an empty tar archive.
        let layer = self.add_blob(vec![0; 1024]);
        let config = json!({
            "architecture": architecture, "os": "linux", "config": {},
            "rootfs": {"type": "layers", "diff_ids": [layer]},
            "history": [{"created": "2026-01-01T00:00:00Z", "created_by": "COPY . /"}],
        });
        let config_bytes = config.to_string().into_bytes();
        let config_size = config_bytes.len();
        let config = self.add_blob(config_bytes);
        let (config_type, layer_type) = match media_type {
            DOCKER_MANIFEST => {
                ("application/vnd.docker.container.image.v1+json", "application/vnd.docker.image.rootfs.diff.tar")
            }
            _ => ("application/vnd.oci.image.config.v1+json", "application/vnd.oci.image.layer.v1.tar"),
        };
        let manifest = json!({
            "schemaVersion": 2, "mediaType": media_type,
            "config": {"mediaType": config_type, "size": config_size, "digest": config},
            "layers": [{"mediaType": layer_type, "size": 1024, "digest": layer}],
        });
        self.add_manifest(repository, media_type, manifest.to_string().into_bytes())
    }

    /// Stores an index over manifests, each with its architecture, and tags it.
    pub fn add_index(&mut self, repository: &str, media_type: &str, manifests: &[(&str, &str)], tag: &str) {
        let inner = if media_type == DOCKER_LIST { DOCKER_MANIFEST } else { OCI_MANIFEST };
        let entries: Vec<_> = manifests
            .iter()
            .map(|(architecture, digest)| {
                let size = self.repositories[repository].manifests[*digest].bytes.len();
                json!({"mediaType": inner, "digest": digest, "size": size,
                       "platform": {"os": "linux", "architecture": architecture}})
            })
            .collect();
        let index = json!({"schemaVersion": 2, "mediaType": media_type, "manifests": entries});
        let digest = self.add_manifest(repository, media_type, index.to_string().into_bytes());
        self.repository(repository).tags.insert(tag.into(), digest);
    }

    /// Stores a manifest and gives its digest.
    pub fn add_manifest(&mut self, repository: &str, media_type: &str, bytes: Vec<u8>) -> String {
        let digest = digest_of(&bytes);
        let manifest = Manifest { media_type: media_type.into(), bytes: bytes.into() };
        self.repository(repository).manifests.insert(digest.clone(), manifest);
        digest
    }

    /// Stores a blob and gives its digest.
    pub fn add_blob(&mut self, bytes: Vec<u8>) -> String {
        let digest = digest_of(&bytes);
        self.blobs.insert(digest.clone(), bytes.into());
        digest
    }
}

/// `sha256:` and the hexadecimal digits.
pub fn digest_of(bytes: &[u8]) -> String {
    let hash = digest::digest(&digest::SHA256, bytes);
    hash.as_ref().iter().fold("sha256:".to_owned(), |text, byte| text + &format!("{byte:02x}"))
}

impl Repository {
    /// The digest that a tag or digest stands for, where the repository has it.
    pub fn resolve(&self, reference: &str) -> Option<String> {
        match self.tags.get(reference) {
            Some(digest) => Some(digest.clone()),
            None => self.manifests.contains_key(reference).then(|| reference.to_owned()),
        }
    }
}
