//! What the run is to find out: inputs parsed once into types, then believed.

pub mod choice;
pub mod cloud;
mod credential;
mod creds;
mod draft;
mod endpoints;
mod images;
mod manifests;
pub mod names;
mod pieces;
mod reasons;
mod secrets;
mod services;
mod settings;
#[cfg(test)]
mod tests;
mod value;
mod wanted;

pub use crate::inputs::ci::{CiContext, CiSystem};
pub use crate::inputs::roots::RootBundle;
pub use crate::inputs::surroundings::DockerEnvironment;
pub use crate::secret::is_guid;
pub use credential::{
    AssertionSource, CertificateBytes, Credential, ManagedIdentityEndpoint, ServicePrincipal, TOKEN_USER,
};

use crate::finding::{FailOn, Finding};
use crate::secret::Secret;
use cloud::Cloud;
use names::{ImageReference, LoginServer};
use std::path::PathBuf;
use std::time::Duration;
use time::OffsetDateTime;

/// The parsed wish of the user. What could not be parsed is absent here and named in `findings`, so that as much as
/// possible is still checked when one input is bad.
#[derive(Debug)]
pub struct Plan {
    /// The moment the run began; nobody asks the clock again.
    pub now: OffsetDateTime,
    /// What is wrong with the inputs.
    pub findings: Vec<Finding>,
    /// Endpoints and audiences.
    pub cloud: &'static Cloud,
    /// The Entra authority in use: the cloud's, or `AZURE_AUTHORITY_HOST`.
    pub authority: String,
    /// The registry; absent where its name was unusable.
    pub registry: Option<LoginServer>,
    /// What is to be pulled or pushed; empty means the registry as a whole.
    pub images: Vec<ImageReference>,
    /// How many images of manifests lie in other registries and are left alone.
    pub images_elsewhere: usize,
    /// What the job needs.
    pub role: Role,
    /// The operating system and architecture each image must have, where images are verified for a deploy.
    pub platform: Option<Platform>,
    /// Who signs in; absent where nothing usable was given.
    pub credential: Option<Credential>,
    /// How the credential was chosen, in words for the report.
    pub chosen_because: String,
    /// A second identity that may read ARM and Graph when the registry credential itself cannot (password, token).
    pub reader: Option<Credential>,
    /// Where to look for the registry in ARM.
    pub subscription_id: Option<String>,
    /// The subscription was named for this purpose, and is not one that the job's environment speaks of.
    pub subscription_is_explicit: bool,
    /// The end of the secret as the user knows it, where Graph may not be read.
    pub secret_expires_on: Option<OffsetDateTime>,
    /// Warn when the credential ends within so many days.
    pub expiry_warning_days: i64,
    /// Fail when it ends within so many days; 0 means only once it has ended.
    pub expiry_error_days: i64,
    /// Whether the local Docker is judged.
    pub docker: DockerWish,
    /// What is known of the local Docker's surroundings.
    pub docker_environment: DockerEnvironment,
    /// The threshold of the exit code.
    pub fail_on: FailOn,
    /// The whole run ends after this time.
    pub timeout: Duration,
    /// How to reach the network.
    pub network: Network,
    /// What is known of the CI that runs this job.
    pub ci: CiContext,
    /// What is written, and where.
    pub output: Output,
    /// Secrets that were taken out of a larger one, such as `creds`: the CI hides the whole, and not its parts.
    pub unmasked: Vec<Secret>,
}

/// What the job needs of each image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Role {
    /// Pull only.
    AcrPull,
    /// Pull and push.
    #[default]
    AcrPush,
}

impl Role {
    /// Its built-in name in Azure RBAC.
    pub fn name(self) -> &'static str {
        match self {
            Self::AcrPull => "AcrPull",
            Self::AcrPush => "AcrPush",
        }
    }

    /// The actions of a scope (`repository:name:pull,push`) this role needs.
    pub fn actions(self) -> &'static [&'static str] {
        match self {
            Self::AcrPull => &["pull"],
            Self::AcrPush => &["pull", "push"],
        }
    }
}

/// An operating system and architecture, `linux/amd64` or `linux/arm/v7`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Platform {
    /// `linux`, `windows`.
    pub os: String,
    /// `amd64`, `arm64`, `arm`.
    pub architecture: String,
    /// `v7`.
    pub variant: Option<String>,
}

/// Whether the local Docker is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DockerWish {
    /// As far as it can be judged from here.
    #[default]
    Auto,
    /// It must work.
    Require,
    /// Not at all.
    Skip,
}

/// How to reach the network.
#[derive(Debug, Clone, Default)]
pub struct Network {
    /// The proxy for https, as the environment gives it (it may hold a password).
    pub https_proxy: Option<Secret>,
    /// The proxy for http, likewise.
    pub http_proxy: Option<Secret>,
    /// Hosts that are reached directly, as written.
    pub no_proxy: Option<String>,
    /// PEM bundles (text) of extra roots, each with its origin.
    pub extra_roots: Vec<RootBundle>,
    /// Asked instead of the system's name servers; a loopback address, for the simulation.
    pub nameserver: Option<std::net::SocketAddr>,
    /// A loopback address that a name resolves to is connected on this port instead of 443; for the simulation.
    pub loopback_port: Option<u16>,
}

/// What is written, and where.
#[derive(Debug, Clone, Default)]
pub struct Output {
    /// The form of standard output, by the CI found where none was asked for.
    pub format: OutputFormat,
    /// The file that takes the JSON report too.
    pub report: Option<PathBuf>,
    /// How much is shown.
    pub detail: Detail,
}

/// A form of the output, as the input `format` names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OutputFormat {
    /// The screen for people.
    #[default]
    Text,
    /// With GitHub's annotations.
    GitHub,
    /// With Azure Pipelines' logging commands.
    AzurePipelines,
    /// The versioned JSON.
    Json,
    /// JUnit XML.
    JUnit,
    /// SARIF 2.1.0.
    Sarif,
}

impl OutputFormat {
    /// Every form.
    pub const ALL: [Self; 6] = [Self::Text, Self::GitHub, Self::AzurePipelines, Self::Json, Self::JUnit, Self::Sarif];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::GitHub => "github",
            Self::AzurePipelines => "azure-pipelines",
            Self::Json => "json",
            Self::JUnit => "junit",
            Self::Sarif => "sarif",
        }
    }
}

/// How much is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Detail {
    /// What is wrong.
    Quiet,
    /// Every check and finding.
    #[default]
    Normal,
    /// And the requests made.
    Verbose,
}
