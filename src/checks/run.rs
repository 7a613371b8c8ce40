//! What every check of a run shares: the plan, the wire and the journal.

use super::conclude::{Step, conclude};
use super::journal::Journal;
use super::several::several;
use super::subject::Subject;
use crate::azure::call::{CallError, Reason};
use crate::azure::transport::Http;
use crate::catalogue::Verdict;
use crate::finding::Finding;
use crate::plan::Plan;
use std::time::Duration;
use time::OffsetDateTime;

/// A run under way.
pub(super) struct Run<'a> {
    pub(super) plan: &'a Plan,
    pub(super) http: &'a Http,
    pub(super) journal: &'a Journal<'a>,
}

/// A silence shorter than this says that the run's time was short, not that nobody answers.
const SILENCE: Duration = Duration::from_secs(3);

impl Run<'_> {
    /// Ends a check by the call that failed.
    pub(super) fn failed(&self, subject: Subject, step: Step<'_>, error: &CallError) {
        match self.conclude(subject, step, error) {
            Some(finding) => self.journal.fail(subject, finding),
            None => self.cut_off(subject, error),
        }
    }

    /// Whether a call failed because the run's time was over.
    pub(super) fn ran_out(&self, error: &CallError) -> bool {
        let timed_out = matches!(error, CallError::Unreachable(met) if matches!(met.reason, Reason::TimedOut(_)));
        timed_out && self.http.out_of_time()
    }

    /// Whether only the end of the run cut a call off, so that its silence says nothing about the host; `waited` is how
    /// long that has lasted.
    pub(super) fn is_too_short(&self, error: &CallError, waited: Duration) -> bool {
        self.ran_out(error) && waited < SILENCE
    }

    /// What a failed call means; nothing where only the end of the run cut it off.
    pub(super) fn conclude(&self, subject: Subject, step: Step<'_>, error: &CallError) -> Option<Finding> {
        let finding = self.with_roots(conclude(self.plan, step, error));
        let too_short = self.is_too_short(error, self.journal.lasted(subject));
        (!too_short || finding.failure.verdict == Verdict::Undetermined).then_some(finding)
    }

    /// Names the extra roots that could not be used, where a root is missing.
    fn with_roots(&self, finding: Finding) -> Finding {
        if finding.failure.id != "tls-untrusted" {
            return finding;
        }
        let unusable = self.http.unusable_roots().iter().map(|roots| format!("{}: {}", roots.origin, roots.what));
        let unusable: Vec<String> = unusable.collect();
        finding.fact("unusable-roots", several(unusable.iter().map(String::as_str)))
    }

    /// Says that the end of the run cut a check off.
    pub(super) fn cut_off(&self, subject: Subject, error: &CallError) {
        let host = match error {
            CallError::Unreachable(met) => &met.host,
            CallError::Service(refusal) => &refusal.host,
            CallError::Malformed(malformed) => &malformed.host,
            CallError::Elsewhere(elsewhere) => &elsewhere.host,
        };
        self.journal.cut_off(subject, host);
    }

    /// The time, by the registry's clock where the local one is off.
    pub(super) fn now(&self) -> OffsetDateTime {
        self.plan.now + super::clock::correction(self)
    }
}
