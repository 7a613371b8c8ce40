//! What surrounds Azure: the CI systems' token services, the job's machine, the name server.

use super::names::*;
use std::collections::BTreeMap;
use std::net::IpAddr;

/// The token service of GitHub Actions.
#[derive(Debug, Clone)]
pub struct GitHubTokens {
    /// The bearer token that the runner hands to the job.
    pub request_token: String,
    /// The issuer of the tokens; an enterprise may have its own.
    pub issuer: String,
    /// The subject of this job.
    pub subject: String,
    /// How many seconds a token lives; negative for one that has ended already.
    pub lives: i64,
}

impl Default for GitHubTokens {
    fn default() -> Self {
        Self {
            request_token: "simulated-github-request-token-4711".into(),
            issuer: GITHUB_ISSUER.into(),
            subject: GITHUB_SUBJECT.into(),
            lives: 300,
        }
    }
}

impl GitHubTokens {
    /// What the runner puts into `ACTIONS_ID_TOKEN_REQUEST_URL`.
    pub fn request_url(&self) -> String {
        format!("https://{GITHUB_HOST}{GITHUB_PATH}?api-version=2.0")
    }
}

/// The path of the token service that a GitHub runner asks.
pub const GITHUB_PATH: &str =
    "/u7Yk2/00000000-0000-0000-0000-000000000000/_apis/distributedtask/hubs/Actions/plans/7d3c/jobs/9f1e/idtoken";

/// The token service of Azure Pipelines.
#[derive(Debug, Clone)]
pub struct PipelinesTokens {
    /// `SYSTEM_ACCESSTOKEN`.
    pub access_token: String,
    /// The service connection that the job may use.
    pub service_connection: String,
    /// The issuer of the tokens.
    pub issuer: String,
    /// The subject of the service connection.
    pub subject: String,
}

impl Default for PipelinesTokens {
    fn default() -> Self {
        Self {
            access_token: "simulated-pipelines-access-token-0815".into(),
            service_connection: SERVICE_CONNECTION.into(),
            issuer: PIPELINES_ISSUER.into(),
            subject: PIPELINES_SUBJECT.into(),
        }
    }
}

impl PipelinesTokens {
    /// What the agent puts into `SYSTEM_OIDCREQUESTURI`.
    pub fn request_url(&self) -> String {
        format!("https://{PIPELINES_HOST}{PIPELINES_PATH}")
    }
}

/// The path of the token service that an Azure Pipelines agent asks.
pub const PIPELINES_PATH: &str = "/contoso/8f2b/_apis/distributedtask/hubs/build/plans/41c7/jobs/12f1/oidctoken";

/// The machine that runs the job.
#[derive(Debug, Clone, Default)]
pub struct Machine {
    /// Who answers for its managed identities.
    pub metadata: Metadata,
    /// The identities assigned to it.
    pub identities: Vec<ManagedIdentity>,
}

/// The service that answers for a machine's managed identities.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Metadata {
    /// None, as on a hosted runner: the address refuses connections.
    #[default]
    Absent,
    /// None, and connections to the address are never made.
    Silent,
    /// The instance metadata service of a VM.
    Imds,
    /// App Service or Container Apps.
    AppService,
}

/// A managed identity.
#[derive(Debug, Clone)]
pub struct ManagedIdentity {
    /// Its client id.
    pub client: String,
    /// Its object id, which roles are assigned to.
    pub object: String,
    /// It lives and dies with the machine.
    pub system_assigned: bool,
}

/// What the name server says; names that the world knows resolve to the simulation by default.
#[derive(Debug, Clone, Default)]
pub struct NameServer {
    /// What it says about single names.
    pub answers: BTreeMap<String, NameAnswer>,
    /// What it says about every other name.
    pub otherwise: Option<NameAnswer>,
}

/// What a name server says about a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NameAnswer {
    /// These addresses, through these aliases.
    Addresses(Vec<String>, Vec<IpAddr>),
    /// The name does not exist.
    Unknown,
    /// The name exists and has no address.
    Empty,
    /// SERVFAIL.
    Failure,
    /// REFUSED.
    Refused,
    /// Nothing at all.
    Silence,
}

/// The header that App Service wants from its own processes.
pub const IDENTITY_HEADER: &str = "simulated-identity-header-1234";

/// The proxy between the job and the outside world.
#[derive(Debug, Clone, Default)]
pub struct Proxy {
    /// The job is told to use it.
    pub in_use: bool,
    /// The user name and password that it wants.
    pub login: Option<(String, String)>,
    /// What it does.
    pub behaviour: ProxyBehaviour,
}

/// What a proxy does with those who are welcome.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum ProxyBehaviour {
    /// It opens tunnels.
    #[default]
    Works,
    /// It refuses every tunnel with this status.
    Refuses(u16),
    /// It closes every connection.
    Closes,
    /// It does not answer.
    Silent,
    /// It answers something that is not HTTP.
    Garbage,
}

/// The docker engine of the job's machine, at `docker.sock` in the folder of the simulation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Engine {
    /// There is no socket.
    #[default]
    Absent,
    /// It runs.
    Runs {
        /// Its version.
        version: &'static str,
        /// The newest API that it speaks.
        api: &'static str,
        /// The oldest API that it speaks.
        oldest_api: &'static str,
    },
    /// It takes connections and does not answer.
    Hangs,
}

/// The password that the proxy of the simulated world wants, where it wants one.
pub const PROXY_PASSWORD: &str = "simulated-proxy-password-42";
