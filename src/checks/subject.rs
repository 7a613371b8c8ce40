//! The checks by name, in the order of the report.

use crate::plan::Role;

/// A check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Subject {
    Inputs,
    DockerClient,
    DockerEngine,
    DockerConfig,
    RegistryReachable,
    Clock,
    SignIn,
    RegistrySignIn,
    Access,
    Images,
    Locks,
    DataEndpoint,
    Settings,
    CredentialLife,
}

impl Subject {
    /// The checks that take time.
    pub(super) const LATER: [Self; 13] = [
        Self::DockerClient,
        Self::DockerEngine,
        Self::DockerConfig,
        Self::RegistryReachable,
        Self::Clock,
        Self::SignIn,
        Self::RegistrySignIn,
        Self::Access,
        Self::Images,
        Self::Locks,
        Self::DataEndpoint,
        Self::Settings,
        Self::CredentialLife,
    ];

    /// The check of this name.
    pub(super) fn of(id: &str) -> Option<Self> {
        Self::LATER.into_iter().find(|subject| subject.id() == id)
    }

    /// The stable name of the check.
    pub(super) fn id(self) -> &'static str {
        match self {
            Self::Inputs => "inputs",
            Self::DockerClient => "docker-client",
            Self::DockerEngine => "docker-engine",
            Self::DockerConfig => "docker-config",
            Self::RegistryReachable => "registry-reachable",
            Self::Clock => "clock",
            Self::SignIn => "sign-in",
            Self::RegistrySignIn => "registry-sign-in",
            Self::Access => "access",
            Self::Images => "images",
            Self::Locks => "locks",
            Self::DataEndpoint => "data-endpoint",
            Self::Settings => "settings",
            Self::CredentialLife => "credential-life",
        }
    }

    /// The statement that is true when the check passes.
    pub(super) fn title(self, role: Role) -> &'static str {
        match self {
            Self::Inputs => "the inputs are usable",
            Self::DockerClient => "docker's client is there and recent enough",
            Self::DockerEngine => "docker's engine answers",
            Self::DockerConfig => "docker's stored login can be used",
            Self::RegistryReachable => "the registry answers",
            Self::Clock => "the clock is right",
            Self::SignIn => "the identity signs in",
            Self::RegistrySignIn => "the registry accepts the identity",
            Self::Access if role == Role::AcrPull => "the identity may pull",
            Self::Access => "the identity may pull and push",
            Self::Images => "the images exist",
            Self::Locks => "nothing is locked against a push",
            Self::DataEndpoint => "image data can be downloaded",
            Self::Settings => "the registry's settings allow it",
            Self::CredentialLife => "the credential stays valid",
        }
    }
}
