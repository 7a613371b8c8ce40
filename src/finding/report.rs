//! Everything that a run learnt.

use super::{Check, Finding};
use crate::catalogue::{Severity, Verdict};
use std::time::Duration;
use time::OffsetDateTime;

/// Who signs in, as far as it may be shown.
#[derive(Debug, Clone, Default)]
pub struct Identity {
    /// The kind of credential, as the `auth` input names it: `client-secret`, `oidc`, …
    pub kind: &'static str,
    /// Application id.
    pub client_id: Option<String>,
    /// Tenant id or domain.
    pub tenant_id: Option<String>,
    /// Display name or user name, where one is known.
    pub name: Option<String>,
}

/// Where the end of a credential's life was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ExpirySource {
    /// Microsoft Graph.
    Graph,
    /// The certificate itself.
    Certificate,
    /// The `exp` claim of a token in hand.
    Token,
    /// Azure Resource Manager.
    Arm,
    /// The input `secret-expires-on`.
    Input,
    /// Nobody could say.
    #[default]
    Unknown,
}

impl ExpirySource {
    /// The lower-case word used in every output.
    pub fn word(self) -> &'static str {
        match self {
            Self::Graph => "graph",
            Self::Certificate => "certificate",
            Self::Token => "token",
            Self::Arm => "arm",
            Self::Input => "input",
            Self::Unknown => "unknown",
        }
    }
}

/// How long the credential lives.
#[derive(Debug, Clone, Copy, Default)]
pub struct CredentialLife {
    /// Its end, where it is known.
    pub expires_on: Option<OffsetDateTime>,
    /// Where that was read.
    pub source: ExpirySource,
}

/// What a repository needs and what the registry granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// The repository, without registry and tag.
    pub repository: String,
    /// The actions the job needs.
    pub required: Vec<String>,
    /// The actions the registry granted.
    pub granted: Vec<String>,
}

/// At which weight a finding makes the run end with a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FailOn {
    /// Errors fail the run.
    #[default]
    Error,
    /// Warnings fail it too.
    Warning,
    /// Nothing does.
    Never,
}

/// How a run ended, the `result` of every output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunResult {
    /// Nothing at or above the threshold.
    Passed,
    /// The build would break.
    Failed,
    /// The inputs cannot be used.
    Invalid,
    /// Nothing usable was answered.
    Undetermined,
}

impl RunResult {
    /// The lower-case word used in every output.
    pub fn word(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Invalid => "invalid",
            Self::Undetermined => "undetermined",
        }
    }
}

/// Everything a run learnt, before anything is rendered.
#[derive(Debug, Clone)]
pub struct Report {
    /// When it began.
    pub started_at: OffsetDateTime,
    /// How long it took.
    pub duration: Duration,
    /// The registry's login server, where the name was usable.
    pub login_server: Option<String>,
    /// The cloud's name: `AzureCloud`.
    pub cloud: &'static str,
    /// Who signs in.
    pub identity: Identity,
    /// Why this credential was chosen: `auth: auto, client-id with client-secret`.
    pub chosen_because: String,
    /// How long the credential lives.
    pub life: CredentialLife,
    /// What was asked and granted, by repository.
    pub access: Vec<Access>,
    /// The checks, in the order of the code.
    pub checks: Vec<Check>,
    /// The threshold.
    pub fail_on: FailOn,
    /// The requests made, where a trace was asked for.
    pub trace: Vec<TraceLine>,
    /// The run's time was over before all checks were made.
    pub out_of_time: bool,
}

impl Report {
    /// All findings, in the order of the checks.
    pub fn findings(&self) -> impl Iterator<Item = (&Check, &Finding)> {
        self.checks.iter().flat_map(|check| check.findings().iter().map(move |finding| (check, finding)))
    }

    /// The verdict: unusable inputs before failures, failures before what could not be determined.
    pub fn verdict(&self) -> RunResult {
        let threshold = match self.fail_on {
            FailOn::Warning => Severity::Warning,
            FailOn::Error | FailOn::Never => Severity::Error,
        };
        let counts = |wanted: Verdict| {
            self.findings().any(|(_, finding)| finding.severity >= threshold && finding.failure.verdict == wanted)
        };
        if counts(Verdict::Invalid) {
            RunResult::Invalid
        } else if counts(Verdict::Breaks) {
            RunResult::Failed
        } else if self.out_of_time || counts(Verdict::Undetermined) {
            RunResult::Undetermined
        } else {
            RunResult::Passed
        }
    }

    /// The exit code: 0 passed, 1 failed, 2 invalid, 3 undetermined; always 0 with `fail-on: never`.
    pub fn exit_code(&self) -> u8 {
        match (self.fail_on, self.verdict()) {
            (FailOn::Never, _) | (_, RunResult::Passed) => 0,
            (_, RunResult::Failed) => 1,
            (_, RunResult::Invalid) => 2,
            (_, RunResult::Undetermined) => 3,
        }
    }

    /// Whole days from the start of the run to the end of the credential's life; negative once it has passed.
    pub fn days_left(&self) -> Option<i64> {
        const DAY: i64 = 24 * 60 * 60;
        self.life.expires_on.map(|end| (end - self.started_at).whole_seconds().div_euclid(DAY))
    }
}

/// A request as a debug trace shows it: no query, no body, no header but the correlation id.
#[derive(Debug, Clone)]
pub struct TraceLine {
    /// `GET`, `POST`, `HEAD`.
    pub method: String,
    /// Host name.
    pub host: String,
    /// Path without query.
    pub path: String,
    /// The status answered, or none where the exchange failed.
    pub status: Option<u16>,
    /// Why it failed, where it did.
    pub error: Option<String>,
    /// From the first byte sent to the end of the body.
    pub duration: Duration,
    /// The service's own id of the exchange, for its support.
    pub correlation_id: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_day_behind_the_end_is_a_day_too_late() {
        let now = time::macros::datetime!(2026-06-15 12:00 UTC);
        let report = |expires_on| Report {
            started_at: now,
            duration: Duration::ZERO,
            login_server: None,
            cloud: "AzureCloud",
            identity: Identity::default(),
            chosen_because: String::new(),
            life: CredentialLife { expires_on: Some(expires_on), source: ExpirySource::Graph },
            access: Vec::new(),
            checks: Vec::new(),
            fail_on: FailOn::Error,
            trace: Vec::new(),
            out_of_time: false,
        };
        let hours = time::Duration::hours;
        let left = [25, 23, 0, -1, -25].map(|many| report(now + hours(many)).days_left());
        assert_eq!(left, [Some(1), Some(0), Some(0), Some(-1), Some(-2)]);
    }
}
