//! The docker client on the search path, and what it sees of its engine.

use super::engine::{Engine, VersionReply};
use super::program::{Launcher, Place, RunError};
use super::version::{ApiVersion, Version};
use serde::Deserialize;
use std::fmt;
use std::path::{Path, PathBuf};

/// A client that can be run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// The program.
    pub program: PathBuf,
    /// Docker's own, or podman's in its place.
    pub product: Product,
    /// Its version, where it told one that can be read.
    pub version: Option<Version>,
    /// Its version as it writes it.
    pub version_text: String,
}

/// Whose client answers to the name `docker`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Product {
    /// Docker's.
    Docker,
    /// Podman's, which needs no engine.
    Podman,
}

impl fmt::Display for Client {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.product {
            Product::Docker => out.write_str("docker")?,
            Product::Podman => out.write_str("podman in docker's place,")?,
        }
        if self.version_text.is_empty() { Ok(()) } else { write!(out, " {}", self.version_text) }
    }
}

/// Why there is no client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClientError {
    /// It is not on the search path.
    Missing,
    /// A file of that name is there, but may not be executed.
    NotExecutable(PathBuf),
    /// It is there, but does not run; in words.
    Broken(PathBuf, String),
}

impl fmt::Display for ClientError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => out.write_str("docker is not on the PATH"),
            Self::NotExecutable(path) => write!(out, "{} may not be executed", path.display()),
            Self::Broken(path, words) => write!(out, "{} does not run: {words}", path.display()),
        }
    }
}

/// Looks for the client and asks its version, which needs no engine.
pub async fn find(launcher: Launcher<'_>) -> Result<Client, ClientError> {
    let program = match launcher.find("docker") {
        Place::Here(program) => program,
        Place::NotExecutable(path) => return Err(ClientError::NotExecutable(path)),
        Place::Nowhere => return Err(ClientError::Missing),
    };
    match launcher.run(&program, &["--version"], "").await {
        Ok(ran) if ran.code == Some(0) => {
            let (product, version_text) = read_version(&String::from_utf8_lossy(&ran.stdout));
            Ok(Client { program, product, version: Version::parse(&version_text), version_text })
        }
        Ok(ran) => {
            let code = ran.code.map_or("a signal".to_owned(), |code| format!("code {code}"));
            Err(ClientError::Broken(program, format!("it ended with {code}")))
        }
        Err(error) => Err(ClientError::Broken(program, in_words(&error))),
    }
}

/// What the client says of its engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EngineSeen {
    /// It answers.
    Answers(Engine),
    /// It does not, for this reason.
    Fails(Refusal),
    /// The client told nothing that can be read.
    Unclear,
}

/// Why the client does not get on with its engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Nobody answers at its address.
    Down,
    /// This user may not open the socket.
    NotPermitted,
    /// The two share no API version.
    ApiApart {
        /// What the client speaks.
        client: ApiVersion,
        /// The limit of the other side, as it says.
        limit: ApiVersion,
        /// Who has to move.
        older: Side,
    },
    /// The context in use is not defined.
    NoSuchContext,
    /// The TLS connection fails.
    Tls,
    /// Nothing came in time.
    TimedOut,
}

/// One of two that should fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The client.
    Client,
    /// The engine.
    Engine,
}

/// Lets the client ask its engine, wherever that is: by socket, TCP, TLS, ssh or context.
pub async fn ask_engine(launcher: Launcher<'_>, client: &Path) -> EngineSeen {
    // `--format json` is a literal template before docker 23.
    match launcher.run(client, &["version", "--format", "{{json .}}"], "").await {
        Ok(ran) => read_engine(&ran.stdout, &String::from_utf8_lossy(&ran.stderr)),
        Err(RunError::TimedOut(_)) => EngineSeen::Fails(Refusal::TimedOut),
        Err(RunError::NotStarted(_)) => EngineSeen::Unclear,
    }
}

/// Reads `Docker version 28.2.2, build e6534b4` or `podman version 4.3.1`.
fn read_version(said: &str) -> (Product, String) {
    let product = if said.to_ascii_lowercase().contains("podman") { Product::Podman } else { Product::Docker };
    let after = said.split_once("version ").map_or("", |(_, after)| after);
    let plain = |letter: &char| letter.is_ascii_alphanumeric() || ".-+_~".contains(*letter);
    (product, after.chars().take_while(plain).take(40).collect())
}

#[derive(Deserialize)]
struct BothSides {
    #[serde(rename = "Server")]
    server: Option<VersionReply>,
}

fn read_engine(stdout: &[u8], stderr: &str) -> EngineSeen {
    match serde_json::from_slice::<BothSides>(stdout) {
        Ok(BothSides { server: Some(server) }) => EngineSeen::Answers(server.engine(None)),
        // Only now its words count: the client also warns of things that have nothing to do with the engine.
        _ => read_refusal(stderr).map_or(EngineSeen::Unclear, EngineSeen::Fails),
    }
}

/// The client tells its engine's failures in words only; the texts are those of the docker client and daemon.
fn read_refusal(stderr: &str) -> Option<Refusal> {
    let says = |words: &str| stderr.to_ascii_lowercase().contains(words);
    if let Some((client, limit)) = two_versions(stderr, "client version ", "inimum supported API version is ") {
        return Some(Refusal::ApiApart { client, limit, older: Side::Client });
    }
    if let Some((client, limit)) = two_versions(stderr, "client version ", "aximum supported API version is ") {
        return Some(Refusal::ApiApart { client, limit, older: Side::Engine });
    }
    if let Some((limit, client)) = two_versions(stderr, "API version ", "minimum supported API version is ") {
        return Some(Refusal::ApiApart { client, limit, older: Side::Engine });
    }
    if says("permission denied") {
        Some(Refusal::NotPermitted)
    } else if says("context") && (says("not found") || says("does not exist") || says("no such")) {
        Some(Refusal::NoSuchContext)
    } else if says("https server") || says("x509") || says("tls:") || says("certificate") {
        Some(Refusal::Tls)
    } else if says("deadline exceeded") || says("i/o timeout") {
        Some(Refusal::TimedOut)
    } else if says("cannot connect to the docker daemon")
        || says("is the docker daemon running")
        || says("failed to connect to the docker api")
        || says("error during connect")
    {
        Some(Refusal::Down)
    } else {
        None
    }
}

fn two_versions(text: &str, first: &str, second: &str) -> Option<(ApiVersion, ApiVersion)> {
    let (_, after) = text.split_once(first)?;
    let (_, last) = after.split_once(second)?;
    Some((Version::parse(after)?, Version::parse(last)?))
}

fn in_words(error: &RunError) -> String {
    match error {
        RunError::NotStarted(words) => words.clone(),
        RunError::TimedOut(limit) => format!("no answer within {} s", limit.as_secs_f32()),
    }
}

#[cfg(test)]
mod tests {
    use super::{EngineSeen, Product, Refusal, Side, read_engine, read_refusal, read_version};

    #[test]
    fn the_client_and_its_stand_in_are_told_apart() {
        for (said, product, version) in [
            ("Docker version 28.2.2, build e6534b4\n", Product::Docker, "28.2.2"),
            ("Docker version 17.12.1-ce, build 7390fc6\n", Product::Docker, "17.12.1-ce"),
            ("Docker version 20.10.24+dfsg1, build 297e128\n", Product::Docker, "20.10.24+dfsg1"),
            ("podman version 4.3.1\n", Product::Podman, "4.3.1"),
            ("something else\n", Product::Docker, ""),
        ] {
            assert_eq!(read_version(said), (product, version.to_owned()));
        }
    }

    #[test]
    fn an_engine_is_seen_through_the_client() {
        let both = br#"{"Client":{"Version":"28.2.2"},"Server":{"Version":"28.2.2","ApiVersion":"1.50","MinAPIVersion":"1.24"}}"#;
        assert!(matches!(read_engine(both, ""), EngineSeen::Answers(engine) if engine.name == "Docker 28.2.2"));
        let alone = br#"{"Client":{"Version":"28.2.2"},"Server":null}"#;
        let down = "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?";
        assert_eq!(read_engine(alone, down), EngineSeen::Fails(Refusal::Down));
        assert_eq!(read_engine(alone, ""), EngineSeen::Unclear);
        assert_eq!(read_engine(b"json", ""), EngineSeen::Unclear);
    }

    #[test]
    fn the_reasons_of_the_client_are_recognised() {
        for (said, reason) in [
            (
                "permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock",
                Refusal::NotPermitted,
            ),
            ("Got permission denied while trying to connect", Refusal::NotPermitted),
            (
                "error during connect: Get \"http://docker:2375/v1.24/version\": dial tcp: lookup docker: no such host",
                Refusal::Down,
            ),
            (
                "failed to connect to the docker API at unix:///x.sock; check if the path is correct and if the daemon is running",
                Refusal::Down,
            ),
            (
                "error: context \"build\": context not found: open /root/.docker/contexts/meta/1/meta.json: no such file or directory",
                Refusal::NoSuchContext,
            ),
            ("Error response from daemon: Client sent an HTTP request to an HTTPS server.", Refusal::Tls),
            (
                "error during connect: Get \"https://docker:2376/v1.24/version\": tls: failed to verify certificate: x509: certificate signed by unknown authority",
                Refusal::Tls,
            ),
        ] {
            assert_eq!(read_refusal(said), Some(reason), "{said}");
        }
        assert_eq!(read_refusal("WARNING: Error loading config file: /root/.docker/config.json"), None);
    }

    #[test]
    fn api_versions_that_do_not_meet_say_which_side_is_older() {
        let apart = |said| match read_refusal(said) {
            Some(Refusal::ApiApart { client, limit, older }) => (client.to_string(), limit.to_string(), older),
            other => panic!("{other:?}"),
        };
        let versions = |client: &str, limit: &str, older| (client.to_owned(), limit.to_owned(), older);
        assert_eq!(
            apart(
                "Error response from daemon: client version 1.43 is too old. Minimum supported API version is 1.44, please upgrade your client to a newer version"
            ),
            versions("1.43", "1.44", Side::Client)
        );
        assert_eq!(
            apart("Error response from daemon: client version 1.99 is too new. Maximum supported API version is 1.41"),
            versions("1.99", "1.41", Side::Engine)
        );
        assert_eq!(
            apart("API version 1.38 is not supported by this client: the minimum supported API version is 1.40"),
            versions("1.40", "1.38", Side::Engine)
        );
    }
}
