//! Credential helpers: programs `docker-credential-…` that keep logins.
//!
//! The protocol is that of docker-credential-helpers: `get` with the host on standard input; exit code 0 and JSON, or
//! another code and one line of text. What a helper prints may hold a secret and is never shown.

use super::config::host_of;
use super::program::{Launcher, Place, Ran, RunError};
use crate::secret::Secret;
use serde::Deserialize;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

/// A login from a helper.
#[derive(Debug, Clone)]
pub struct HelperLogin {
    /// The user name; `<token>` says that the secret is a refresh token.
    pub username: String,
    /// The password or refresh token.
    pub secret: Secret,
}

/// Why a helper gives no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HelperError {
    /// Its name is no name of a program.
    BadName,
    /// It is not on the search path.
    Missing,
    /// A file of that name is there, but may not be executed.
    NotExecutable(PathBuf),
    /// The system cannot start it; in the system's words.
    NotStarted(String),
    /// It did not end in time.
    TimedOut(Duration),
    /// It ended with a failure: its code, and a reason where it is a well-known one.
    Failed {
        /// Its exit code; none where a signal ended it.
        code: Option<i32>,
        /// The reason in our words, where its text is one that helpers are known for.
        known: Option<&'static str>,
    },
    /// It ended well, but what it said is no answer.
    NoAnswer,
}

impl fmt::Display for HelperError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BadName => out.write_str("its name is not the name of a program"),
            Self::Missing => out.write_str("it is not on the PATH"),
            Self::NotExecutable(path) => write!(out, "{} may not be executed", path.display()),
            Self::NotStarted(words) => write!(out, "it cannot be started: {words}"),
            Self::TimedOut(limit) => write!(out, "it does not answer within {} s", limit.as_secs_f32()),
            Self::Failed { known: Some(known), .. } => out.write_str(known),
            Self::Failed { code: Some(code), .. } => write!(out, "it ends with code {code}"),
            Self::Failed { code: None, .. } => out.write_str("a signal ends it"),
            Self::NoAnswer => out.write_str("what it answers is not the JSON that docker expects"),
        }
    }
}

/// Asks a helper for the login of a host; `None` where it keeps none.
pub async fn get(launcher: Launcher<'_>, helper: &str, host: &str) -> Result<Option<HelperLogin>, HelperError> {
    if helper.is_empty() || helper.contains('/') || helper.contains('\0') {
        return Err(HelperError::BadName);
    }
    let program = match launcher.find(&format!("docker-credential-{helper}")) {
        Place::Here(program) => program,
        Place::NotExecutable(path) => return Err(HelperError::NotExecutable(path)),
        Place::Nowhere => return Err(HelperError::Missing),
    };
    match launcher.run(&program, &["get"], host).await {
        Ok(ran) => read(&ran, host),
        Err(RunError::NotStarted(words)) => Err(HelperError::NotStarted(words)),
        Err(RunError::TimedOut(limit)) => Err(HelperError::TimedOut(limit)),
    }
}

/// The store that docker picks where nothing is configured (`credentials/default_store.go`), if it is there.
pub fn default_store(launcher: Launcher<'_>) -> Option<&'static str> {
    let is_there = |name: &str| matches!(launcher.find(name), Place::Here(_));
    let store = if is_there("pass") { "pass" } else { "secretservice" };
    is_there(&format!("docker-credential-{store}")).then_some(store)
}

#[derive(Deserialize)]
struct Answer {
    #[serde(rename = "ServerURL", default)]
    server: String,
    #[serde(rename = "Username", default)]
    username: String,
    #[serde(rename = "Secret", default)]
    secret: String,
}

fn read(ran: &Ran, host: &str) -> Result<Option<HelperLogin>, HelperError> {
    if ran.code != Some(0) {
        let text = String::from_utf8_lossy(&ran.stdout);
        if text.trim() == "credentials not found in native keychain" {
            return Ok(None);
        }
        let complaint = String::from_utf8_lossy(&ran.stderr);
        return Err(HelperError::Failed { code: ran.code, known: known_reason(&text).or(known_reason(&complaint)) });
    }
    let answer: Answer = serde_json::from_slice(&ran.stdout).map_err(|_| HelperError::NoAnswer)?;
    // A helper that answers for another host would make us send its secret to the wrong registry.
    if !answer.server.is_empty() && !host_of(&answer.server).eq_ignore_ascii_case(host) {
        return Err(HelperError::NoAnswer);
    }
    if answer.username.is_empty() && answer.secret.is_empty() {
        return Ok(None);
    }
    Ok(Some(HelperLogin { username: answer.username, secret: Secret::new(answer.secret) }))
}

/// Why helpers are known to fail on build agents.
fn known_reason(text: &str) -> Option<&'static str> {
    const REASONS: &[(&str, &str)] = &[
        ("pass store is uninitialized", "the password store `pass` is not initialised"),
        ("pass not initialized", "the password store `pass` is not initialised"),
        ("org.freedesktop.secrets", "there is no Secret Service on this machine (D-Bus)"),
        ("D-Bus", "there is no D-Bus session on this machine"),
        ("DBus", "there is no D-Bus session on this machine"),
        ("dbus-launch", "there is no D-Bus session on this machine"),
        ("gpg", "GnuPG does not open the password store"),
        ("no credentials server URL", "it keeps an entry without a server"),
        ("no credentials username", "it keeps an entry without a user name"),
    ];
    REASONS.iter().find(|(sign, _)| text.contains(sign)).map(|(_, words)| *words)
}

#[cfg(test)]
mod tests {
    use super::{HelperError, HelperLogin, read};
    use crate::docker::program::Ran;

    const HOST: &str = "contosoacr.azurecr.io";

    fn answered(code: i32, stdout: &str) -> Result<Option<HelperLogin>, HelperError> {
        read(&Ran { code: Some(code), stdout: stdout.into(), stderr: Vec::new() }, HOST)
    }

    #[test]
    fn an_answer_is_a_login() {
        for server in ["contosoacr.azurecr.io", "https://contosoacr.azurecr.io", ""] {
            let text = format!(r#"{{"ServerURL":"{server}","Username":"ci","Secret":"open-it"}}"#);
            let login = answered(0, &text).unwrap().unwrap();
            assert_eq!((login.username.as_str(), login.secret.expose()), ("ci", "open-it"));
        }
    }

    #[test]
    fn nothing_kept_is_no_failure() {
        assert!(answered(1, "credentials not found in native keychain\n").unwrap().is_none());
        assert!(answered(0, "{}").unwrap().is_none());
    }

    #[test]
    fn a_secret_of_another_host_is_not_taken() {
        let text = r#"{"ServerURL":"https://index.docker.io/v1/","Username":"ci","Secret":"open-it"}"#;
        assert_eq!(answered(0, text).unwrap_err(), HelperError::NoAnswer);
    }

    #[test]
    fn failures_are_told_in_our_words_alone() {
        for (code, text, words) in [
            (1, "hunter2", "it ends with code 1"),
            (1, "pass store is uninitialized hunter2", "the password store `pass` is not initialised"),
            (1, "Cannot autolaunch D-Bus without X11 $DISPLAY", "there is no D-Bus session on this machine"),
            (0, "hunter2", "what it answers is not the JSON that docker expects"),
        ] {
            assert_eq!(answered(code, text).unwrap_err().to_string(), words);
        }
    }
}
