//! A check as it went: what it came to, and what it found.

use super::Finding;
use crate::catalogue::Severity;
use std::time::Duration;

/// What a check came to.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// Its title is true.
    Passed,
    /// It met failures, warnings or notices.
    Found(Vec<Finding>),
    /// It was not made, for this reason: `needs a sign-in`.
    Skipped(String),
    /// It could not be answered, for this reason, which is worth a notice of its own.
    Unanswered(String, Vec<Finding>),
}

/// A check as it went.
#[derive(Debug, Clone)]
pub struct Check {
    /// Stable kebab-case name.
    pub id: &'static str,
    /// A statement that is true when the check passes: `the identity may push`.
    pub title: &'static str,
    /// What it came to.
    pub outcome: Outcome,
    /// What it learnt, for a reader who wants detail: `2 of 2 repositories`, `answered in 31 ms`.
    pub note: Option<String>,
    /// How long it took.
    pub duration: Duration,
}

/// The status word of a check in every machine-readable output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Nothing above a notice was found.
    Passed,
    /// An error was found.
    Failed,
    /// A warning was found, no error.
    Warned,
    /// It was not made.
    Skipped,
}

impl Status {
    /// The lower-case word used in every output.
    pub fn word(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Warned => "warned",
            Self::Skipped => "skipped",
        }
    }
}

impl Check {
    /// The findings of this check, also those that say why it has no answer.
    pub fn findings(&self) -> &[Finding] {
        match &self.outcome {
            Outcome::Found(findings) | Outcome::Unanswered(_, findings) => findings,
            Outcome::Passed | Outcome::Skipped(_) => &[],
        }
    }

    /// Why it was not made, where it was not.
    pub fn skipped(&self) -> Option<&str> {
        match &self.outcome {
            Outcome::Skipped(reason) | Outcome::Unanswered(reason, _) => Some(reason),
            Outcome::Passed | Outcome::Found(_) => None,
        }
    }

    /// Its status word.
    pub fn status(&self) -> Status {
        match &self.outcome {
            Outcome::Skipped(_) | Outcome::Unanswered(..) => Status::Skipped,
            Outcome::Passed | Outcome::Found(_) => match self.findings().iter().map(|finding| finding.severity).max() {
                Some(Severity::Error) => Status::Failed,
                Some(Severity::Warning) => Status::Warned,
                Some(Severity::Notice) | None => Status::Passed,
            },
        }
    }
}
