//! Docker's `config.json`, read as the docker client reads it (`cli/config/configfile/file.go`).

use crate::secret::Secret;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::fmt;

/// The parts of `config.json` that decide where a login comes from.
#[derive(Debug, Clone, Default)]
pub struct DockerConfig {
    /// The logins, by the key under which each is kept.
    pub auths: BTreeMap<String, AuthEntry>,
    /// The program that keeps the logins of all registries.
    pub creds_store: Option<String>,
    /// The program for one registry, by its exact host.
    pub cred_helpers: BTreeMap<String, String>,
    /// The context in use.
    pub current_context: Option<String>,
}

/// A login kept in the file.
#[derive(Debug, Clone, Default)]
pub struct AuthEntry {
    /// The user name, where there is one.
    pub username: String,
    /// The password, where there is one.
    pub password: Option<Secret>,
    /// A refresh token.
    pub identity_token: Option<Secret>,
    /// An access token.
    pub registry_token: Option<Secret>,
}

/// Why a configuration cannot be read. The docker client warns, and goes on as if there were none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConfigError {
    /// The file may not be opened; in the system's words.
    Closed(String),
    /// It is not JSON, at this line.
    NotJson(usize),
    /// This member has another type than it should have.
    Misshapen(String),
    /// The `auth` of the entry with this key is not base64 of `name:password`. The client stops there, having read the
    /// other entries in random order, so that a login beside it works in some runs and not in others.
    BadAuth(String),
}

impl fmt::Display for ConfigError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Closed(words) => write!(out, "it may not be read ({words})"),
            Self::NotJson(line) => write!(out, "it is not JSON at line {line}"),
            Self::Misshapen(member) => write!(out, "its member {member} has the wrong type"),
            Self::BadAuth(key) => {
                write!(out, "the auth of {key} is not base64 of name:password, so docker reads only some of the others")
            }
        }
    }
}

impl DockerConfig {
    /// Reads the text of `config.json`. An empty file is an empty configuration, as for docker.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        if text.trim().is_empty() {
            return Ok(Self::default());
        }
        // Go's decoder reads the first value and leaves what follows it.
        let first = serde_json::Deserializer::from_str(text).into_iter::<Value>().next();
        let value = first.unwrap_or(Ok(Value::Null)).map_err(|error| ConfigError::NotJson(error.line()))?;
        let members = object(value, "(all of it)")?;
        let mut config = Self::default();
        for (name, value) in members {
            // Go's decoder does not care for the letter case of names.
            match name.to_ascii_lowercase().as_str() {
                "auths" => config.auths = auths(value)?,
                "credsstore" => config.creds_store = text_of(value, "credsStore")?,
                "credhelpers" => config.cred_helpers = helpers(value)?,
                "currentcontext" => config.current_context = text_of(value, "currentContext")?,
                _ => {}
            }
        }
        Ok(config)
    }

    /// Whether any login is configured; where not, docker picks a store by itself.
    pub fn contains_auth(&self) -> bool {
        self.creds_store.is_some() || !self.cred_helpers.is_empty() || !self.auths.is_empty()
    }

    /// The helper that docker asks for a registry: the one of exactly this host, else the general store.
    pub fn helper_for(&self, host: &str) -> Option<&str> {
        match self.cred_helpers.get(host) {
            Some(helper) => Some(helper.as_str()).filter(|helper| !helper.is_empty()),
            None => self.creds_store.as_deref(),
        }
    }

    /// The entry that docker takes for a host: the key itself, else one that is a URL or path of that host.
    pub fn entry_for(&self, host: &str) -> Option<(&str, &AuthEntry)> {
        let exact = self.auths.get_key_value(host);
        let found = exact.or_else(|| self.auths.iter().find(|(key, _)| host_of(key) == host));
        found.map(|(key, entry)| (key.as_str(), entry))
    }

    /// The keys that name the host in other letters; docker does not find those.
    pub fn misspelt_keys(&self, host: &str) -> Vec<&str> {
        let keys = self.auths.keys().chain(self.cred_helpers.keys()).map(String::as_str);
        keys.filter(|key| host_of(key) != host && host_of(key).eq_ignore_ascii_case(host)).map(without_user).collect()
    }
}

impl AuthEntry {
    /// Decodes an `auth` member: base64 of `name:password`.
    pub fn from_auth(auth: &str) -> Option<Self> {
        // Go's decoder skips line breaks.
        let packed: String = auth.chars().filter(|letter| !matches!(letter, '\r' | '\n')).collect();
        let decoded = String::from_utf8(STANDARD.decode(packed).ok()?).ok()?;
        let (username, password) = decoded.split_once(':')?;
        if username.is_empty() {
            return None;
        }
        let password = password.trim_matches('\0');
        Some(Self { username: username.to_owned(), password: secret(password), ..Self::default() })
    }

    /// Whether it holds anything that could be sent; `docker login` leaves empty entries where a helper keeps the login.
    pub fn is_empty(&self) -> bool {
        self.username.is_empty() && self.identity_token.is_none() && self.registry_token.is_none()
    }
}

/// A key as it may be shown: somebody may have written a password into the URL.
pub fn without_user(key: &str) -> &str {
    if key.contains('@') { host_of(key) } else { key }
}

/// The host of a key such as `https://contosoacr.azurecr.io/v1/`.
pub fn host_of(key: &str) -> &str {
    let stripped = match key.split_once("://") {
        Some((_, rest)) => {
            let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
            authority.rsplit('@').next().unwrap_or(authority)
        }
        None => key,
    };
    stripped.split('/').next().unwrap_or(stripped)
}

fn auths(value: Value) -> Result<BTreeMap<String, AuthEntry>, ConfigError> {
    let entries = object(value, "auths")?;
    entries.into_iter().map(|(key, value)| Ok((key.clone(), entry(&key, value)?))).collect()
}

fn entry(key: &str, value: Value) -> Result<AuthEntry, ConfigError> {
    let mut entry = AuthEntry::default();
    let mut auth = None;
    for (name, value) in object(value, key)? {
        match name.to_ascii_lowercase().as_str() {
            "auth" => auth = text_of(value, key)?,
            "username" => entry.username = text_of(value, key)?.unwrap_or_default(),
            "password" => entry.password = text_of(value, key)?.map(Secret::new),
            "identitytoken" => entry.identity_token = text_of(value, key)?.map(Secret::new),
            "registrytoken" => entry.registry_token = text_of(value, key)?.map(Secret::new),
            _ => {}
        }
    }
    if let Some(auth) = auth {
        let decoded = AuthEntry::from_auth(&auth).ok_or_else(|| ConfigError::BadAuth(without_user(key).to_owned()))?;
        entry.username = decoded.username;
        entry.password = decoded.password;
    }
    Ok(entry)
}

fn helpers(value: Value) -> Result<BTreeMap<String, String>, ConfigError> {
    let entries = object(value, "credHelpers")?;
    let helper = |value| Ok(text_of(value, "credHelpers")?.unwrap_or_default());
    entries.into_iter().map(|(host, value)| Ok((host, helper(value)?))).collect()
}

fn object(value: Value, name: &str) -> Result<Map<String, Value>, ConfigError> {
    match value {
        Value::Object(members) => Ok(members),
        Value::Null => Ok(Map::new()),
        _ => Err(misshapen(name)),
    }
}

fn text_of(value: Value, name: &str) -> Result<Option<String>, ConfigError> {
    match value {
        Value::String(text) => Ok(Some(text).filter(|text| !text.is_empty())),
        Value::Null => Ok(None),
        _ => Err(misshapen(name)),
    }
}

fn secret(text: &str) -> Option<Secret> {
    (!text.is_empty()).then(|| Secret::new(text))
}

fn misshapen(name: &str) -> ConfigError {
    ConfigError::Misshapen(without_user(name).to_owned())
}

#[cfg(test)]
mod tests;
