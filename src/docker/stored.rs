//! The login that docker would send to a registry.

use super::client;
use super::config::{AuthEntry, ConfigError, DockerConfig, without_user};
use super::credential_helper::{self, HelperError, HelperLogin};
use super::program::Launcher;
use super::version::Version;
use crate::plan::DockerEnvironment;
use crate::secret::Secret;
use serde_json::Value;
use std::fmt;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The user name by which a helper says that its secret is a refresh token.
const TOKEN_USER: &str = "<token>";

/// A longer configuration is none.
const FILE_LIMIT: u64 = 4 * 1024 * 1024;

/// A login as docker keeps it.
#[derive(Debug, Clone)]
pub struct Login {
    /// What would be sent.
    pub secret: LoginSecret,
    /// Where it is kept.
    pub keeper: Keeper,
}

/// What a login consists of.
#[derive(Debug, Clone)]
pub enum LoginSecret {
    /// A user name and password.
    Password {
        /// The user name.
        username: String,
        /// The password.
        password: Secret,
    },
    /// A refresh token.
    IdentityToken(Secret),
    /// An access token.
    RegistryToken(Secret),
}

impl LoginSecret {
    /// The secret itself.
    pub fn secret(&self) -> &Secret {
        match self {
            Self::Password { password, .. } => password,
            Self::IdentityToken(token) | Self::RegistryToken(token) => token,
        }
    }
}

/// Where a login is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Keeper {
    /// `DOCKER_AUTH_CONFIG`.
    Environment,
    /// `config.json`, under this key.
    File(String),
    /// A helper, by its name.
    Helper(String),
}

impl fmt::Display for Keeper {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Environment => out.write_str("DOCKER_AUTH_CONFIG"),
            Self::File(key) => write!(out, "config.json, under {}", without_user(key)),
            Self::Helper(name) => write!(out, "docker-credential-{name}"),
        }
    }
}

/// Docker's configuration as it was found.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// The file; none where no folder is known.
    pub file: Option<PathBuf>,
    /// What it holds; empty where there is none or it cannot be read.
    pub config: DockerConfig,
    /// Why it cannot be read.
    pub error: Option<ConfigError>,
    /// Whether the file is there.
    pub exists: bool,
}

/// Reads docker's configuration.
pub fn configuration(environment: &DockerEnvironment) -> Found {
    let Some(folder) = &environment.config_folder else { return Found::default() };
    let file = folder.join("config.json");
    let (config, error, exists) = match read(&file) {
        Ok(bytes) => match DockerConfig::parse(&String::from_utf8_lossy(&bytes)) {
            Ok(config) => (config, None, true),
            Err(error) => (DockerConfig::default(), Some(error), true),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => (DockerConfig::default(), None, false),
        Err(error) => (
            DockerConfig::default(),
            Some(ConfigError::Closed(match error.kind() {
                io::ErrorKind::Other => error.to_string(),
                kind => kind.to_string(),
            })),
            true,
        ),
    };
    Found { file: Some(file), config, error, exists }
}

/// A named pipe that nobody writes to would hold the run for ever, and a device would fill the memory.
fn read(file: &Path) -> io::Result<Vec<u8>> {
    if !std::fs::metadata(file)?.is_file() {
        return Err(io::Error::other("not a regular file"));
    }
    let mut bytes = Vec::new();
    std::fs::File::open(file)?.take(FILE_LIMIT).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A helper that docker would ask and that does not answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrokenHelper {
    /// Its name, without `docker-credential-`.
    pub name: String,
    /// The configuration names it; otherwise docker picks it because it is installed.
    pub is_configured: bool,
    /// Why.
    pub error: HelperError,
}

/// Finds the login that docker would send to a host (`cli/config/configfile/file.go`, `GetAuthConfig`).
pub async fn login(
    environment: &DockerEnvironment,
    config: &DockerConfig,
    host: &str,
    limit: Duration,
) -> Result<Option<Login>, BrokenHelper> {
    let launcher = Launcher::new(environment, limit);
    if let Some(entry) = from_environment(environment, host)
        && reads_the_environment(launcher).await
    {
        return Ok(from_entry(&entry, Keeper::Environment));
    }
    let configured = config.helper_for(host);
    let by_default = if config.contains_auth() { None } else { credential_helper::default_store(launcher) };
    if let Some(name) = configured.or(by_default) {
        let answer = credential_helper::get(launcher, name, host).await;
        let is_configured = configured.is_some();
        let login = answer.map_err(|error| BrokenHelper { name: name.to_owned(), is_configured, error })?;
        return Ok(login.map(|login| from_helper(login, name)));
    }
    Ok(config.entry_for(host).and_then(|(key, entry)| from_entry(entry, Keeper::File(key.to_owned()))))
}

fn from_entry(entry: &AuthEntry, keeper: Keeper) -> Option<Login> {
    // The order of the daemon: an access token is passed through, a refresh token is exchanged, then the password.
    let secret = if let Some(token) = &entry.registry_token {
        LoginSecret::RegistryToken(token.clone())
    } else if let Some(token) = &entry.identity_token {
        LoginSecret::IdentityToken(token.clone())
    } else if entry.username.is_empty() {
        return None;
    } else {
        let password = entry.password.clone().unwrap_or_else(|| Secret::new(""));
        LoginSecret::Password { username: entry.username.clone(), password }
    };
    Some(Login { secret, keeper })
}

fn from_helper(login: HelperLogin, name: &str) -> Login {
    let secret = match login {
        HelperLogin { username, secret } if username == TOKEN_USER => LoginSecret::IdentityToken(secret),
        HelperLogin { username, secret } => LoginSecret::Password { username, password: secret },
    };
    Login { secret, keeper: Keeper::Helper(name.to_owned()) }
}

/// The entry of `DOCKER_AUTH_CONFIG`; docker wants the exact host and nothing but `auth`, else it ignores it all.
fn from_environment(environment: &DockerEnvironment, host: &str) -> Option<AuthEntry> {
    let value: Value = serde_json::from_str(environment.auth_config.as_ref()?.expose()).ok()?;
    let members = value.as_object()?;
    let auths = members.get("auths")?.as_object()?;
    let only_auth = |entry: &Value| {
        let entry = entry.as_object()?;
        let auth = entry.get("auth")?.as_str()?;
        (entry.len() == 1).then(|| AuthEntry::from_auth(auth)).flatten()
    };
    if members.len() != 1 || !auths.values().all(|entry| only_auth(entry).is_some()) {
        return None;
    }
    only_auth(auths.get(host)?)
}

/// Older clients pass over `DOCKER_AUTH_CONFIG`, which GitLab's runner has used for itself for long.
async fn reads_the_environment(launcher: Launcher<'_>) -> bool {
    let client = client::find(launcher).await;
    !client.is_ok_and(|client| client.version.is_some_and(|version| version < Version::READS_AUTH_CONFIG))
}
