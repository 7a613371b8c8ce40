//! The engine itself, asked at its address.

use super::address::Endpoint;
use super::exchange::{self, HttpReply};
use super::version::{ApiVersion, Version};
use serde::Deserialize;
use std::fmt;
use std::io;
use std::time::Duration;

/// An engine that answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Engine {
    /// What it calls itself: `Docker 20.10.24`, `Podman 4.3.1`.
    pub name: String,
    /// The newest API it speaks.
    pub api: Option<ApiVersion>,
    /// The oldest API it speaks.
    pub oldest_api: Option<ApiVersion>,
}

/// Why an engine does not answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EngineError {
    /// There is no such socket.
    NoSocket,
    /// This user may not open the socket.
    NotPermitted,
    /// The socket or port is closed: nobody listens.
    Refused,
    /// Nothing came in time.
    TimedOut,
    /// Something answered that is no engine, in words.
    NotAnEngine(String),
    /// The port speaks TLS, which needs the client's certificate.
    SpeaksTls,
    /// Anything else, in the system's words.
    Other(String),
}

impl fmt::Display for EngineError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSocket => out.write_str("there is no such socket"),
            Self::NotPermitted => out.write_str("permission denied: this user may not open the socket"),
            Self::Refused => out.write_str("connection refused: nobody listens there"),
            Self::TimedOut => out.write_str("no answer in time"),
            Self::NotAnEngine(what) => write!(out, "what answers is no docker engine: {what}"),
            Self::SpeaksTls => out.write_str("it speaks TLS, and DOCKER_TLS_VERIFY is not set"),
            Self::Other(words) => out.write_str(words),
        }
    }
}

/// Asks an engine who it is, by the two paths that need no API version: Docker 29 refuses those below 1.44.
pub async fn ask(endpoint: &Endpoint, limit: Duration) -> Result<Engine, EngineError> {
    let ping = get(endpoint, "/_ping", limit).await?;
    if ping.status == 400 && ping.body.starts_with(b"Client sent an HTTP request to an HTTPS server") {
        return Err(EngineError::SpeaksTls);
    }
    if ping.status != 200 {
        return Err(EngineError::NotAnEngine(format!("it answers with status {}", ping.status)));
    }
    let version = get(endpoint, "/version", limit).await?;
    if version.status != 200 {
        return Err(EngineError::NotAnEngine(format!("it answers with status {}", version.status)));
    }
    let reply: VersionReply = serde_json::from_slice(&version.body)
        .map_err(|_| EngineError::NotAnEngine("its version is not JSON".to_owned()))?;
    Ok(reply.engine(ping.header("api-version")))
}

/// The reply of `GET /version`, which is also the `Server` of `docker version --format '{{json .}}'`.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct VersionReply {
    #[serde(rename = "Version", default)]
    version: String,
    #[serde(rename = "ApiVersion", default)]
    api_version: String,
    #[serde(rename = "MinAPIVersion", default)]
    min_api_version: String,
    #[serde(rename = "Components", default)]
    components: Option<Vec<Component>>,
}

#[derive(Debug, Clone, Deserialize)]
struct Component {
    #[serde(rename = "Name", default)]
    name: String,
}

impl VersionReply {
    pub(super) fn engine(&self, pinged: Option<&str>) -> Engine {
        let is_podman = self.components.iter().flatten().any(|component| component.name.starts_with("Podman"));
        let product = if is_podman { "Podman" } else { "Docker" };
        let plain = |letter: &char| letter.is_ascii_alphanumeric() || ".-+_~".contains(*letter);
        let version: String = self.version.chars().filter(plain).take(40).collect();
        Engine {
            name: format!("{product} {version}").trim_end().to_owned(),
            api: Version::parse(&self.api_version).or_else(|| pinged.and_then(Version::parse)),
            oldest_api: Version::parse(&self.min_api_version),
        }
    }
}

async fn get(endpoint: &Endpoint, path: &str, limit: Duration) -> Result<HttpReply, EngineError> {
    match exchange::get(endpoint, path, limit).await {
        Ok(Some(reply)) => Ok(reply),
        Ok(None) => Err(EngineError::NotAnEngine("it does not speak HTTP".to_owned())),
        Err(error) => Err(meaning(&error)),
    }
}

fn meaning(error: &io::Error) -> EngineError {
    match error.kind() {
        io::ErrorKind::NotFound => EngineError::NoSocket,
        io::ErrorKind::PermissionDenied => EngineError::NotPermitted,
        io::ErrorKind::ConnectionRefused => EngineError::Refused,
        io::ErrorKind::TimedOut => EngineError::TimedOut,
        io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe | io::ErrorKind::UnexpectedEof => {
            EngineError::NotAnEngine("it closes the connection".to_owned())
        }
        _ => EngineError::Other(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::VersionReply;

    #[test]
    fn engines_name_themselves() {
        let docker = r#"{"Platform":{"Name":""},"Components":[{"Name":"Engine"}],"Version":"20.10.24+dfsg1","ApiVersion":"1.41","MinAPIVersion":"1.12"}"#;
        let podman =
            r#"{"Components":[{"Name":"Podman Engine"}],"Version":"4.3.1","ApiVersion":"1.41","MinAPIVersion":"1.24"}"#;
        let named = |text: &str| {
            let engine = serde_json::from_str::<VersionReply>(text).unwrap().engine(Some("1.40"));
            let api = engine.api.map(|api| api.to_string()).unwrap_or_default();
            (engine.name, api, engine.oldest_api.is_some())
        };
        assert_eq!(named(docker), ("Docker 20.10.24+dfsg1".to_owned(), "1.41".to_owned(), true));
        assert_eq!(named(podman), ("Podman 4.3.1".to_owned(), "1.41".to_owned(), true));
        assert_eq!(named("{}"), ("Docker".to_owned(), "1.40".to_owned(), false));
        assert_eq!(named(r#"{"Version":"1\r\n::error::x","Components":null}"#).0, "Docker 1errorx");
    }
}
