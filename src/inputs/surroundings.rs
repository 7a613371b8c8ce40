//! What else the environment tells: Docker's places, token services, network, files of the CI, and the screen.

use super::environment::Environment;
use super::files::Files;
use crate::secret::Secret;
use std::path::{Path, PathBuf};

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
    /// The names of the variables that hold this program's own inputs, secrets among them. They are for no other program.
    pub own_variables: Vec<String>,
    /// `DOCKER_API_VERSION`.
    pub api_version: Option<String>,
    /// `XDG_RUNTIME_DIR`, for rootless sockets.
    pub runtime_folder: Option<PathBuf>,
    /// Azure Cloud Shell, which has a client but no daemon.
    pub cloud_shell: bool,
    /// This process runs in a container action or another container without the host's Docker client.
    pub in_container: bool,
}

impl DockerEnvironment {
    pub(super) fn of(environment: &Environment, files: &dyn Files) -> Self {
        let text = |name: &str| environment.get(name).map(str::to_owned);
        let home = environment.get("HOME").map(|home| Path::new(home).join(".docker"));
        let marks = ["/.dockerenv", "/run/.containerenv"];
        Self {
            host: text("DOCKER_HOST"),
            context: text("DOCKER_CONTEXT"),
            tls: environment.first(&["DOCKER_TLS_VERIFY", "DOCKER_TLS"]).is_some(),
            config_folder: environment.get("DOCKER_CONFIG").map(PathBuf::from).or(home),
            auth_config: environment.get("DOCKER_AUTH_CONFIG").map(Secret::new),
            search_path: text("PATH"),
            own_variables: environment.names().filter(|name| is_own(name)).map(str::to_owned).collect(),
            api_version: text("DOCKER_API_VERSION"),
            runtime_folder: environment.get("XDG_RUNTIME_DIR").map(PathBuf::from),
            cloud_shell: environment.get("ACC_CLOUD").is_some()
                || environment.get("AZUREPS_HOST_ENVIRONMENT").is_some_and(|host| host.starts_with("cloud-shell")),
            in_container: marks.iter().any(|mark| files.exists(Path::new(mark)))
                || environment.get("KUBERNETES_SERVICE_HOST").is_some()
                || environment.get("HOME") == Some("/github/home"),
        }
    }
}

/// Inputs as the GitHub runner and a job's script hand them to this program alone.
fn is_own(name: &str) -> bool {
    name.starts_with("INPUT_") || name.starts_with("ACR_PREFLIGHT_")
}

/// The token services and endpoints that the environment offers, as written.
#[derive(Debug, Clone, Default)]
pub struct Services {
    /// `AZURE_AUTHORITY_HOST`.
    pub authority: Option<String>,
    /// `AZURE_POD_IDENTITY_AUTHORITY_HOST`: the instance metadata service, moved.
    pub instance_metadata: Option<String>,
    /// `IDENTITY_ENDPOINT`.
    pub identity_endpoint: Option<String>,
    /// `IDENTITY_HEADER`.
    pub identity_header: Option<Secret>,
    /// `ACTIONS_ID_TOKEN_REQUEST_URL`.
    pub github_token_url: Option<String>,
    /// `ACTIONS_ID_TOKEN_REQUEST_TOKEN`.
    pub github_token: Option<Secret>,
    /// `SYSTEM_OIDCREQUESTURI`.
    pub pipelines_token_url: Option<String>,
    /// `SYSTEM_ACCESSTOKEN`.
    pub pipelines_token: Option<Secret>,
    /// `AZURESUBSCRIPTION_SERVICE_CONNECTION_ID`.
    pub service_connection: Option<String>,
}

impl Services {
    pub(super) fn of(environment: &Environment) -> Self {
        let text = |name: &str| environment.get(name).map(|value| value.trim().to_owned());
        let secret = |name: &str| environment.get(name).map(|value| Secret::new(value.trim()));
        Self {
            authority: text("AZURE_AUTHORITY_HOST"),
            instance_metadata: text("AZURE_POD_IDENTITY_AUTHORITY_HOST"),
            identity_endpoint: text("IDENTITY_ENDPOINT"),
            identity_header: secret("IDENTITY_HEADER"),
            github_token_url: text("ACTIONS_ID_TOKEN_REQUEST_URL"),
            github_token: secret("ACTIONS_ID_TOKEN_REQUEST_TOKEN"),
            pipelines_token_url: text("SYSTEM_OIDCREQUESTURI"),
            pipelines_token: secret("SYSTEM_ACCESSTOKEN"),
            service_connection: text("AZURESUBSCRIPTION_SERVICE_CONNECTION_ID"),
        }
    }
}

/// Proxies and the hooks of the simulation, as written.
#[derive(Debug, Clone, Default)]
pub struct Routes {
    /// The proxy for https; it may hold a password.
    pub https_proxy: Option<Secret>,
    /// The proxy for http, likewise.
    pub http_proxy: Option<Secret>,
    /// Hosts that are reached directly.
    pub no_proxy: Option<String>,
    /// `ACR_PREFLIGHT_NAMESERVER`.
    pub nameserver: Option<String>,
    /// `ACR_PREFLIGHT_LOOPBACK_PORT`.
    pub loopback_port: Option<String>,
}

impl Routes {
    /// Either letter case counts, and an empty upper-case variable does not hide a lower-case one, as curl has it.
    /// `REQUEST_METHOD`, by which some clients think themselves a CGI script and drop the proxy, means nothing here.
    pub(super) fn of(environment: &Environment) -> Self {
        let first = |names: &[&str]| environment.first(names).map(|(_, value)| value.trim().to_owned());
        let secret = |names: &[&str]| first(names).map(Secret::new);
        Self {
            https_proxy: secret(&["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]),
            http_proxy: secret(&["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"]),
            no_proxy: first(&["NO_PROXY", "no_proxy"]),
            nameserver: first(&["ACR_PREFLIGHT_NAMESERVER"]),
            loopback_port: first(&["ACR_PREFLIGHT_LOOPBACK_PORT"]),
        }
    }
}

/// Files by which the CI takes outputs and summaries.
#[derive(Debug, Clone, Default)]
pub struct CiFiles {
    /// `GITHUB_OUTPUT`.
    pub outputs: Option<PathBuf>,
    /// `GITHUB_STEP_SUMMARY`.
    pub summary: Option<PathBuf>,
    /// `AGENT_TEMPDIRECTORY`, where a summary for Azure Pipelines can lie.
    pub agent_folder: Option<PathBuf>,
    /// `/dev/termination-log`, where Kubernetes takes the last words of a container.
    pub termination: Option<PathBuf>,
    /// The path of GitHub's workflow file in the repository, from `GITHUB_WORKFLOW_REF`.
    pub workflow: Option<String>,
}

impl CiFiles {
    pub(super) fn of(environment: &Environment, files: &dyn Files) -> Self {
        let path = |name: &str| environment.get(name).map(PathBuf::from);
        let termination = Path::new("/dev/termination-log");
        let in_kubernetes = environment.get("KUBERNETES_SERVICE_HOST").is_some() && files.exists(termination);
        Self {
            outputs: path("GITHUB_OUTPUT"),
            summary: path("GITHUB_STEP_SUMMARY"),
            agent_folder: path("AGENT_TEMPDIRECTORY").filter(|folder| files.exists(folder)),
            termination: in_kubernetes.then(|| termination.to_owned()),
            workflow: environment.get("GITHUB_WORKFLOW_REF").and_then(workflow_file),
        }
    }
}

/// `octo/app/.github/workflows/ci.yml@refs/heads/main` names the file between the repository and the ref.
fn workflow_file(reference: &str) -> Option<String> {
    let path = reference.split('@').next()?.splitn(3, '/').nth(2)?;
    path.starts_with(".github/").then(|| path.to_owned())
}

/// What the environment says of the terminal, should standard output be one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Screen {
    /// Colours are not wanted: `NO_COLOR`, or a terminal that has none.
    pub plain: bool,
    /// Letters beyond ASCII can be shown.
    pub utf8: bool,
    /// `COLUMNS`.
    pub columns: Option<usize>,
    /// Nobody watches: a CI system may give its jobs a terminal too, and keeps all that is written.
    pub unwatched: bool,
}

impl Screen {
    pub(super) fn of(environment: &Environment) -> Self {
        let locale = environment.first(&["LC_ALL", "LC_CTYPE", "LANG"]).map(|(_, value)| value.to_ascii_lowercase());
        Self {
            plain: environment.get("NO_COLOR").is_some() || environment.get("TERM") == Some("dumb"),
            utf8: locale.is_some_and(|locale| locale.contains("utf-8") || locale.contains("utf8")),
            columns: environment.get("COLUMNS").and_then(|columns| columns.trim().parse().ok()),
            unwatched: ["CI", "GITHUB_ACTIONS", "TF_BUILD"].iter().any(|name| environment.says_yes(name))
                || environment.get("KUBERNETES_SERVICE_HOST").is_some(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inputs::files::Shelf;

    #[test]
    fn an_empty_upper_case_proxy_does_not_hide_the_lower_case_one() {
        let environment = [("HTTPS_PROXY", ""), ("https_proxy", "http://proxy:3128"), ("REQUEST_METHOD", "GET")];
        let routes = Routes::of(&environment.into_iter().collect());
        assert_eq!(routes.https_proxy.unwrap().expose(), "http://proxy:3128");
        assert!(routes.http_proxy.is_none());
    }

    #[test]
    fn docker_keeps_its_config_at_home_unless_told_otherwise() {
        let home = [("HOME", "/root")].into_iter().collect();
        let docker = DockerEnvironment::of(&home, &Shelf::default());
        assert_eq!(docker.config_folder.unwrap(), Path::new("/root/.docker"));
        let moved = [("HOME", "/root"), ("DOCKER_CONFIG", "/tmp/docker")].into_iter().collect();
        let docker = DockerEnvironment::of(&moved, &Shelf::default());
        assert_eq!(docker.config_folder.unwrap(), Path::new("/tmp/docker"));
        assert!(!docker.in_container);
    }

    #[test]
    fn the_workflow_file_stands_between_repository_and_ref() {
        let file = workflow_file("octo/app/.github/workflows/ci.yml@refs/heads/main");
        assert_eq!(file.as_deref(), Some(".github/workflows/ci.yml"));
        assert_eq!(workflow_file("octo/app"), None);
    }

    #[test]
    fn a_container_is_known_by_its_mark_or_by_the_runner() {
        let marked =
            DockerEnvironment::of(&Environment::default(), &[("/.dockerenv", "")].into_iter().collect::<Shelf>());
        let runner = DockerEnvironment::of(&[("HOME", "/github/home")].into_iter().collect(), &Shelf::default());
        assert!(marked.in_container && runner.in_container);
    }
}
