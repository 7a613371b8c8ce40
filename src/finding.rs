//! A failure met in this run, a check's outcome, and the report as data.

mod check;

pub use check::{Check, Outcome, Status};

use crate::catalogue::{Failure, Severity, Verdict};
use std::time::Duration;
use time::OffsetDateTime;

/// A labelled particular of a finding, such as `secret: ci-2024`.
///
/// Labels are lower-case kebab-case words (`client-id`, `ip-address`) so that a fix can name them; outputs show them
/// with spaces. Values may come from outside and are data: every format escapes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// What the value is, as kebab-case words.
    pub label: &'static str,
    /// The value; never a secret.
    pub value: String,
}

/// A failure of the catalogue, met in this run.
#[derive(Debug, Clone)]
pub struct Finding {
    /// Its entry in the catalogue.
    pub failure: &'static Failure,
    /// Its weight here; the catalogue's unless the check knows better.
    pub severity: Severity,
    /// The proof: what was seen, labelled.
    pub facts: Vec<Fact>,
    /// The codes that announced it, as services write them (`AADSTS7000222`, `DENIED`).
    pub codes: Vec<String>,
}

impl Finding {
    /// A finding with the catalogue's severity and no facts yet.
    pub fn new(failure: &'static Failure) -> Self {
        Self { failure, severity: failure.severity, facts: Vec::new(), codes: Vec::new() }
    }

    /// Adds a labelled fact; an empty value adds nothing.
    pub fn fact(mut self, label: &'static str, value: impl Into<String>) -> Self {
        let value = value.into();
        if !value.is_empty() {
            self.facts.push(Fact { label, value });
        }
        self
    }

    /// Adds a code as the service wrote it.
    pub fn code(mut self, code: impl Into<String>) -> Self {
        self.codes.push(code.into());
        self
    }

    /// Gives the finding another weight than the catalogue's.
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// The value of a fact, where it is known.
    pub fn value(&self, label: &str) -> Option<&str> {
        self.facts.iter().find(|fact| fact.label == label).map(|fact| fact.value.as_str())
    }

    /// The steps of the cure, with the user's own names in them.
    ///
    /// A hole `{client-id}` takes the fact of that label, quoted for a shell where it needs it, and reads `<client-id>`
    /// where the fact is not known. A step for one kind of identity is left out where the finding is about the other.
    pub fn fix(&self) -> Vec<String> {
        self.failure.fix.iter().filter(|step| self.concerns(step)).map(|step| self.fill(step)).collect()
    }

    /// Steps name an identity of Entra ID by `{client-id}` and a user of the registry by `{username}`.
    fn concerns(&self, step: &str) -> bool {
        let names = |label: &str| step.contains(&format!("{{{label}}}"));
        let of_the_other = |own: &str, other: &str| {
            names(other) && !names(own) && self.value(own).is_some() && self.value(other).is_none()
        };
        !of_the_other("client-id", "username") && !of_the_other("username", "client-id")
    }

    fn fill(&self, step: &str) -> String {
        let mut filled = String::with_capacity(step.len());
        let mut rest = step;
        while let Some((before, after)) = rest.split_once('{') {
            filled.push_str(before);
            let Some((label, tail)) = after.split_once('}') else {
                filled.push('{');
                rest = after;
                continue;
            };
            let is_hole = !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
            match self.value(label) {
                Some(value) => filled.push_str(&shell_word(value)),
                None if is_hole => filled.push_str(&format!("<{label}>")),
                None => filled.push_str(&format!("{{{label}}}")),
            }
            rest = tail;
        }
        filled.push_str(rest);
        filled
    }
}

/// Quotes a word for a POSIX shell unless it is plain.
fn shell_word(word: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:@,+=%".contains(&byte);
    if !word.is_empty() && word.bytes().all(plain) && !word.starts_with('-') {
        return word.to_owned();
    }
    let visible: String = word.chars().filter(|letter| !letter.is_control() && *letter != '`').collect();
    format!("'{}'", visible.replace('\'', r"'\''"))
}

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

/// The verdict of a run, the `result` of every output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdicts {
    /// Nothing at or above the threshold.
    Passed,
    /// The build would break.
    Failed,
    /// The inputs cannot be used.
    Invalid,
    /// Nothing usable was answered.
    Undetermined,
}

impl Verdicts {
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
    pub fn verdict(&self) -> Verdicts {
        let threshold = match self.fail_on {
            FailOn::Warning => Severity::Warning,
            FailOn::Error | FailOn::Never => Severity::Error,
        };
        let counts = |wanted: Verdict| {
            self.findings().any(|(_, finding)| finding.severity >= threshold && finding.failure.verdict == wanted)
        };
        if counts(Verdict::Invalid) {
            Verdicts::Invalid
        } else if counts(Verdict::Breaks) {
            Verdicts::Failed
        } else if self.out_of_time || counts(Verdict::Undetermined) {
            Verdicts::Undetermined
        } else {
            Verdicts::Passed
        }
    }

    /// The exit code: 0 passed, 1 failed, 2 invalid, 3 undetermined; always 0 with `fail-on: never`.
    pub fn exit_code(&self) -> u8 {
        match (self.fail_on, self.verdict()) {
            (FailOn::Never, _) | (_, Verdicts::Passed) => 0,
            (_, Verdicts::Failed) => 1,
            (_, Verdicts::Invalid) => 2,
            (_, Verdicts::Undetermined) => 3,
        }
    }

    /// Whole days from the start of the run to the end of the credential's life; negative once it has passed.
    pub fn days_left(&self) -> Option<i64> {
        self.life.expires_on.map(|end| (end - self.started_at).whole_days())
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
    /// From the first byte sent to the end of the body.
    pub duration: Duration,
    /// The service's own id of the exchange, for its support.
    pub correlation_id: Option<String>,
}

/// A failure recognised in the text of a log.
#[derive(Debug, Clone)]
pub struct LogFinding {
    /// The failure, with the facts taken from the log.
    pub finding: Finding,
    /// The line, counted from 1, that says it best.
    pub line: usize,
    /// That line, cut and with its secrets redacted; still text from outside.
    pub excerpt: String,
}

/// What the log of a failed build says, the most causal finding first.
#[derive(Debug, Clone, Default)]
pub struct Diagnosis {
    /// Where the log came from: a path, or `-`.
    pub origin: String,
    /// How many lines were read.
    pub lines: usize,
    /// Empty where nothing documented is there.
    pub findings: Vec<LogFinding>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::access::NO_PUSH_PERMISSION;

    #[test]
    fn a_cure_speaks_of_the_identity_that_was_met() {
        let both = Finding::new(&NO_PUSH_PERMISSION);
        assert_eq!(both.fix().len(), NO_PUSH_PERMISSION.fix.len(), "nobody is known, so everything is said");
        let principal = both.clone().fact("client-id", "8c1d2e3f-4a5b-4c6d-8e7f-9a0b1c2d3e4f").fix().concat();
        assert!(principal.contains("role assignment create") && !principal.contains("scope-map"), "{principal}");
        let token = both.fact("username", "team-token").fix().concat();
        assert!(token.contains("scope-map update") && !token.contains("role assignment"), "{token}");
    }
}
