//! A failure met in this run, a check's outcome, and the report as data.

mod check;
mod diagnosis;
mod report;

pub use check::{Check, Outcome, Status};
pub use diagnosis::{Diagnosis, LogFinding};
pub use report::{Access, CredentialLife, ExpirySource, FailOn, Identity, Report, RunResult, TraceLine};

use crate::catalogue::doubts::{Doubt, FIND_OUT};
use crate::catalogue::{Failure, Severity};

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
    /// What else it can be, where the failure is likely and not proven.
    pub doubt: Option<&'static Doubt>,
}

impl Finding {
    /// A finding with the catalogue's severity and no facts yet.
    pub fn new(failure: &'static Failure) -> Self {
        Self { failure, severity: failure.severity, facts: Vec::new(), codes: Vec::new(), doubt: None }
    }

    /// What is wrong, or what is seen where that is not proven.
    pub fn title(&self) -> &'static str {
        self.doubt.map_or(self.failure.title, |doubt| doubt.title)
    }

    /// Why that happens, or what it can be.
    pub fn cause(&self) -> &'static str {
        self.doubt.map_or(self.failure.cause, |doubt| doubt.cause)
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
    /// where the fact is not known. A step for one kind of identity is left out where the finding is about the other. What
    /// is not proven is to be found out first.
    pub fn fix(&self) -> Vec<String> {
        let find_out = self.doubt.map(|_| &FIND_OUT);
        find_out
            .into_iter()
            .chain(self.failure.fix)
            .filter(|step| self.concerns(step))
            .map(|step| self.fill(step))
            .collect()
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
