//! What the run is to find out: inputs parsed once into types, then believed.

pub mod cloud;
pub mod names;
mod secrets;

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

/// A service principal, in the tenant that is to issue its tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServicePrincipal {
    /// Tenant id (GUID) or domain.
    pub tenant: String,
    /// Application id (GUID).
    pub client: String,
}

/// The identity of the run, one variant for each value of `auth`.
#[derive(Debug, Clone)]
pub enum Credential {
    /// A service principal with a client secret.
    ClientSecret {
        /// Who.
        principal: ServicePrincipal,
        /// Proved by.
        secret: Secret,
    },
    /// A service principal with a certificate.
    Certificate {
        /// Who.
        principal: ServicePrincipal,
        /// PEM or PKCS#12 as it was read, and its password.
        certificate: CertificateBytes,
    },
    /// A service principal with a federated credential.
    Federated {
        /// Who.
        principal: ServicePrincipal,
        /// Proved by a token of another issuer.
        assertion: AssertionSource,
    },
    /// The managed identity of the machine.
    ManagedIdentity {
        /// A user-assigned identity; the system-assigned one otherwise.
        client: Option<String>,
        /// Who answers for it.
        endpoint: ManagedIdentityEndpoint,
    },
    /// A user name and password of the registry itself (admin user, repository-scoped token), or of a service
    /// principal where the user name is a GUID.
    Password {
        /// The user name as given.
        username: String,
        /// The password.
        password: Secret,
        /// The tenant that is asked first when the user name is a GUID and a tenant is known.
        tenant: Option<String>,
    },
    /// A token in hand: ACR refresh token, ACR access token or Entra access token, told apart by its claims.
    Token {
        /// The token.
        token: Secret,
    },
    /// Whatever `docker push` would use.
    DockerConfig,
    /// No credential: anonymous pull.
    Anonymous,
}

impl Credential {
    /// The name of this kind as the `auth` input writes it.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::ClientSecret { .. } => "client-secret",
            Self::Certificate { .. } => "certificate",
            Self::Federated { .. } => "oidc",
            Self::ManagedIdentity { .. } => "managed-identity",
            Self::Password { .. } => "password",
            Self::Token { .. } => "token",
            Self::DockerConfig => "docker-config",
            Self::Anonymous => "anonymous",
        }
    }

    /// The service principal, where the credential names one.
    pub fn principal(&self) -> Option<&ServicePrincipal> {
        match self {
            Self::ClientSecret { principal, .. }
            | Self::Certificate { principal, .. }
            | Self::Federated { principal, .. } => Some(principal),
            _ => None,
        }
    }
}

/// A certificate as it was handed over, before it is parsed.
#[derive(Debug, Clone)]
pub struct CertificateBytes {
    /// PEM text or PKCS#12 bytes, base64-encoded (they hold the key).
    pub base64: Secret,
    /// The password of an encrypted key or PKCS#12 file.
    pub password: Option<Secret>,
    /// Where it came from, for messages: a path, or the input's name.
    pub origin: String,
}

/// Where the federated token comes from.
#[derive(Debug, Clone)]
pub enum AssertionSource {
    /// It is in hand already.
    InHand {
        /// The token.
        token: Secret,
        /// Where it was read, for messages: a path or a variable's name.
        origin: String,
    },
    /// GitHub's token service gives it (`ACTIONS_ID_TOKEN_REQUEST_URL`).
    GitHub {
        /// The URL, which already has a query.
        request_url: String,
        /// Its bearer token.
        request_token: Secret,
    },
    /// Azure Pipelines' token service gives it (`SYSTEM_OIDCREQUESTURI`).
    AzurePipelines {
        /// The URL without query.
        request_url: String,
        /// `SYSTEM_ACCESSTOKEN`.
        access_token: Secret,
        /// `AZURESUBSCRIPTION_SERVICE_CONNECTION_ID`.
        service_connection: String,
    },
    /// A federated sign-in was asked for, but no token service is offered; the finding says why.
    Unavailable(Box<Finding>),
}

/// The service that answers for the machine's managed identity.
#[derive(Debug, Clone)]
pub enum ManagedIdentityEndpoint {
    /// The instance metadata service of VMs and scale sets; the base URL, `http://169.254.169.254`.
    Imds(String),
    /// App Service and Container Apps (`IDENTITY_ENDPOINT`, `IDENTITY_HEADER`).
    AppService {
        /// The URL.
        url: String,
        /// The secret header `X-IDENTITY-HEADER`.
        header: Secret,
    },
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

/// Where the local Docker keeps its things, read from the environment.
#[derive(Debug, Clone, Default)]
pub struct DockerEnvironment {
    /// `DOCKER_HOST`.
    pub host: Option<String>,
    /// `DOCKER_CONTEXT`, which `DOCKER_HOST` overrides.
    pub context: Option<String>,
    /// `DOCKER_TLS_VERIFY` or `DOCKER_TLS` is set: an engine at a TCP address speaks TLS.
    pub tls: bool,
    /// `DOCKER_CONFIG`, or `$HOME/.docker`.
    pub config_folder: Option<PathBuf>,
    /// `DOCKER_AUTH_CONFIG`: logins in place of those of the configuration, since docker 28.3.
    pub auth_config: Option<Secret>,
    /// `PATH`, where the client and its helpers are looked for.
    pub search_path: Option<String>,
    /// `DOCKER_API_VERSION`.
    pub api_version: Option<String>,
    /// `XDG_RUNTIME_DIR`, for rootless sockets.
    pub runtime_folder: Option<PathBuf>,
    /// Azure Cloud Shell, which has a client but no daemon.
    pub cloud_shell: bool,
    /// This process runs in a container action or another container without the host's Docker client.
    pub in_container: bool,
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

/// Extra root certificates.
#[derive(Debug, Clone)]
pub struct RootBundle {
    /// The path or input it came from.
    pub origin: String,
    /// PEM text.
    pub pem: String,
}

/// The CI system that runs the job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CiSystem {
    /// GitHub Actions.
    GitHub,
    /// Azure Pipelines.
    AzurePipelines,
    /// GitLab CI.
    GitLab,
    /// Any other, or none.
    #[default]
    Other,
}

/// What is known of the CI that runs this job, for likely reasons.
#[derive(Debug, Clone, Default)]
pub struct CiContext {
    /// Which one.
    pub system: CiSystem,
    /// The job runs for a pull request from a fork, where secrets are withheld.
    pub fork_pull_request: bool,
    /// The job runs for Dependabot, which has secrets of its own.
    pub dependabot: bool,
    /// `owner/name` of the repository, for commands in a cure.
    pub repository: Option<String>,
    /// Verbose tracing was asked for (`RUNNER_DEBUG`, `SYSTEM_DEBUG`, `--verbose`).
    pub debug: bool,
}
