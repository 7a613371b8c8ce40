//! Where the docker client looks for its engine.

use super::config::DockerConfig;
use super::context;
use crate::plan::DockerEnvironment;
use std::fmt;
use std::path::PathBuf;

/// Where docker looks when nothing else is said.
pub const DEFAULT_SOCKET: &str = "/var/run/docker.sock";

/// An engine's address, and who gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// The address.
    pub endpoint: Endpoint,
    /// Who gave it.
    pub source: Source,
}

/// An engine's address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Endpoint {
    /// A Unix socket.
    Unix(PathBuf),
    /// A TCP port.
    Tcp {
        /// Host name or address.
        host: String,
        /// Port.
        port: u16,
        /// TLS is spoken there.
        tls: bool,
    },
    /// An address of a kind that only the client can reach: `ssh`, `npipe`, `fd`.
    ClientOnly(String),
    /// Not an address that docker takes.
    Malformed,
}

/// Who gave an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// `DOCKER_HOST`.
    DockerHost,
    /// A docker context, by its name.
    Context(String),
    /// Nobody: it is the default.
    Default,
}

impl Source {
    /// Whether somebody chose this engine.
    pub fn is_chosen(&self) -> bool {
        *self != Self::Default
    }
}

impl fmt::Display for Source {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DockerHost => out.write_str("DOCKER_HOST"),
            Self::Context(name) => write!(out, "docker context {name}"),
            Self::Default => out.write_str("docker's default"),
        }
    }
}

impl Address {
    /// The address that the client uses: `DOCKER_HOST`, else the context in use, else the default socket.
    pub fn of(environment: &DockerEnvironment, config: &DockerConfig) -> Self {
        let host = environment.host.as_deref().map(str::trim).filter(|host| !host.is_empty());
        if let Some(host) = host {
            return Self { endpoint: Endpoint::parse(host, environment.tls), source: Source::DockerHost };
        }
        let chosen = environment.context.as_deref().or(config.current_context.as_deref());
        match chosen.filter(|name| !name.is_empty() && *name != "default") {
            Some(name) => {
                let folder = environment.config_folder.as_deref();
                let host = folder.and_then(|folder| context::host(folder, name));
                let endpoint = host.map_or(Endpoint::Malformed, |host| Endpoint::parse(&host.address, host.tls));
                Self { endpoint, source: Source::Context(name.to_owned()) }
            }
            None => Self { endpoint: Endpoint::Unix(DEFAULT_SOCKET.into()), source: Source::Default },
        }
    }

    /// Sockets that other engines open by default: rootless docker, podman with and without root, Docker Desktop.
    pub fn others(environment: &DockerEnvironment) -> Vec<PathBuf> {
        let runtime = environment.runtime_folder.as_deref();
        let config = environment.config_folder.as_deref();
        [
            Some(PathBuf::from(DEFAULT_SOCKET)),
            runtime.map(|folder| folder.join("docker.sock")),
            runtime.map(|folder| folder.join("podman/podman.sock")),
            Some(PathBuf::from("/run/podman/podman.sock")),
            config.map(|folder| folder.join("run/docker.sock")),
            config.map(|folder| folder.join("desktop/docker.sock")),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

impl Endpoint {
    /// Reads an address as docker does (`opts/hosts.go`); without a scheme it is TCP.
    pub fn parse(text: &str, tls: bool) -> Self {
        let (scheme, rest) = text.split_once("://").unwrap_or(("tcp", text));
        match scheme {
            "unix" if rest.contains("://") => Self::Malformed,
            "unix" => Self::Unix(if rest.is_empty() { DEFAULT_SOCKET.into() } else { rest.into() }),
            "tcp" => tcp(rest, tls),
            "ssh" | "npipe" | "fd" => Self::ClientOnly(scheme.to_owned()),
            _ => Self::Malformed,
        }
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unix(path) => write!(out, "unix://{}", path.display()),
            Self::Tcp { host, port, .. } if host.contains(':') => write!(out, "tcp://[{host}]:{port}"),
            Self::Tcp { host, port, .. } => write!(out, "tcp://{host}:{port}"),
            Self::ClientOnly(scheme) => write!(out, "{scheme}://…"),
            Self::Malformed => out.write_str("no address that docker takes"),
        }
    }
}

fn tcp(rest: &str, tls: bool) -> Endpoint {
    let authority = rest.split('/').next().unwrap_or(rest);
    let authority = authority.rsplit('@').next().unwrap_or(authority);
    let (host, port) = match authority.strip_prefix('[').and_then(|inner| inner.split_once(']')) {
        Some((host, after)) => (host, after.strip_prefix(':').unwrap_or("")),
        None => authority.split_once(':').unwrap_or((authority, "")),
    };
    // The client fills in 2375 whether or not TLS is spoken; only the daemon knows 2376.
    let port = if port.is_empty() { Ok(2375) } else { port.parse() };
    match port {
        Ok(port) => {
            let host = if host.is_empty() { "localhost" } else { host };
            Endpoint::Tcp { host: host.to_owned(), port, tls }
        }
        Err(_) => Endpoint::Malformed,
    }
}

#[cfg(test)]
mod tests {
    use super::{Address, Endpoint, Source};
    use crate::docker::config::DockerConfig;
    use crate::plan::DockerEnvironment;

    #[test]
    fn addresses_are_read_as_docker_reads_them() {
        for (text, shown) in [
            ("unix:///run/user/1001/docker.sock", "unix:///run/user/1001/docker.sock"),
            ("unix://", "unix:///var/run/docker.sock"),
            ("tcp://docker:2376", "tcp://docker:2376"),
            ("tcp://docker", "tcp://docker:2375"),
            ("docker:2375", "tcp://docker:2375"),
            ("tcp://", "tcp://localhost:2375"),
            ("tcp://[::1]:2375", "tcp://[::1]:2375"),
            ("tcp://user:hunter2@docker:2375", "tcp://docker:2375"),
            ("ssh://user@host", "ssh://…"),
            ("npipe:////./pipe/docker_engine", "npipe://…"),
            ("https://docker:2376", "no address that docker takes"),
            ("tcp://docker:port", "no address that docker takes"),
            ("unix://unix:///x", "no address that docker takes"),
        ] {
            assert_eq!(Endpoint::parse(text, false).to_string(), shown, "{text}");
        }
    }

    #[test]
    fn docker_host_goes_before_the_context_and_the_context_before_the_default() {
        let mut environment = DockerEnvironment { host: Some(" ".to_owned()), ..DockerEnvironment::default() };
        let mut config = DockerConfig::default();
        assert_eq!(Address::of(&environment, &config).source, Source::Default);
        config.current_context = Some("default".to_owned());
        assert_eq!(Address::of(&environment, &config).source, Source::Default);
        config.current_context = Some("rootless".to_owned());
        assert_eq!(Address::of(&environment, &config).source, Source::Context("rootless".to_owned()));
        environment.context = Some("build".to_owned());
        assert_eq!(Address::of(&environment, &config).source, Source::Context("build".to_owned()));
        environment.host = Some("unix:///x.sock".to_owned());
        let address = Address::of(&environment, &config);
        assert_eq!((address.source, address.endpoint), (Source::DockerHost, Endpoint::Unix("/x.sock".into())));
    }
}
