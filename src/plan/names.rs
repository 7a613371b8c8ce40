//! The names a job uses: login server, repository, tag, digest.

/// The host name of a registry, `contosoacr.azurecr.io`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoginServer {
    /// Host name, lower case, without scheme, port or path.
    pub host: String,
}

impl LoginServer {
    /// The name of the registry's Azure resource, as far as the host shows it: without suffix and domain-name label.
    pub fn resource_name(&self) -> &str {
        let label = self.host.split('.').next().unwrap_or(&self.host);
        label.split('-').next().unwrap_or(label)
    }
}

/// A repository of the registry with an optional tag or digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageReference {
    /// The repository, `team/app`.
    pub repository: String,
    /// A tag or digest, where one was given.
    pub reference: Option<Reference>,
}

/// What follows the repository's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reference {
    /// `:1.0`
    Tag(String),
    /// `@sha256:…`
    Digest(String),
}

impl Reference {
    /// The text that stands in a URL.
    pub fn text(&self) -> &str {
        match self {
            Self::Tag(text) | Self::Digest(text) => text,
        }
    }
}
