//! What the run has learnt so far, kept outside the checks so that it outlives them when the time is over.

use super::progress::Progress;
use super::sign_in::is_application;
use super::subject::Subject;
use crate::azure::trace::Exchange;
use crate::azure::transport::Http;
use crate::catalogue::Severity;
use crate::finding::{Access, Check, CredentialLife, Finding, Identity, Outcome, Report, TraceLine};
use crate::plan::{Credential, Plan, Role};
use crate::secret::Secret;
use std::cell::RefCell;
use std::time::Duration;
use tokio::time::Instant;

/// What the run has learnt so far.
pub(super) struct Journal<'a> {
    plan: &'a Plan,
    began: Instant,
    watch: &'a dyn Fn(&Progress),
    pages: RefCell<Pages>,
}

#[derive(Default)]
struct Pages {
    /// In the order of the report, whatever the order of arrival.
    entries: Vec<Entry>,
    life: CredentialLife,
    access: Vec<Access>,
    name: Option<String>,
    /// Facts that fill the holes of a cure.
    known: Vec<(&'static str, String)>,
    /// Secrets that a service gave, to be struck out of everybody's words like those of the plan.
    secrets: Vec<Secret>,
    out_of_time: bool,
    stopped: bool,
}

/// A check under way or done.
struct Entry {
    subject: Subject,
    began: Option<Instant>,
    ended: Option<Instant>,
    findings: Vec<Finding>,
    skipped: Option<String>,
    note: Option<String>,
}

impl<'a> Journal<'a> {
    pub(super) fn new(plan: &'a Plan, began: Instant) -> Self {
        let journal = Self { plan, began, watch: &|_| {}, pages: RefCell::default() };
        if let Some(registry) = &plan.registry {
            journal.know("login-server", &registry.host);
            journal.know("registry", registry.resource_name());
        }
        journal.know("role", plan.role.name());
        journal.know("subscription-id", plan.subscription_id.as_deref().unwrap_or_default());
        if let Some(principal) = plan.credential.as_ref().and_then(Credential::principal) {
            journal.know("client-id", &principal.client);
            journal.know("tenant-id", &principal.tenant);
        }
        match &plan.credential {
            Some(Credential::Password { username, tenant, .. }) => {
                // A service principal signs in to a registry under its application id.
                journal.know(if is_application(username) { "client-id" } else { "username" }, username);
                journal.know("tenant-id", tenant.as_deref().unwrap_or_default());
            }
            Some(Credential::ManagedIdentity { client, .. }) => {
                journal.know("client-id", client.as_deref().unwrap_or_default());
            }
            _ => {}
        }
        journal
    }

    /// Tells of every check that begins or ends.
    pub(super) fn watched(self, watch: &'a dyn Fn(&Progress)) -> Self {
        Self { watch, ..self }
    }

    /// Says that a check is to be made.
    pub(super) fn expect(&self, subject: Subject) {
        self.entry(subject, |_| {});
    }

    /// Marks a check as under way.
    pub(super) fn begin(&self, subject: Subject) {
        self.entry(subject, |entry| {
            entry.began = entry.began.or_else(|| Some(Instant::now()));
            entry.skipped = None;
        });
    }

    /// Ends a check; it passed unless findings were recorded.
    pub(super) fn end(&self, subject: Subject) {
        self.entry(subject, |entry| entry.ended = Some(Instant::now()));
    }

    /// Whether a check has been skipped.
    pub(super) fn is_skipped(&self, subject: Subject) -> bool {
        self.pages.borrow().entries.iter().any(|entry| entry.subject == subject && entry.skipped.is_some())
    }

    /// How long a check has been under way.
    pub(super) fn lasted(&self, subject: Subject) -> Duration {
        let pages = self.pages.borrow();
        let entry = pages.entries.iter().find(|entry| entry.subject == subject);
        entry.and_then(|entry| entry.began).map_or(Duration::ZERO, |began| began.elapsed())
    }

    /// Whether a check has ended.
    pub(super) fn is_done(&self, subject: Subject) -> bool {
        self.pages.borrow().entries.iter().any(|entry| entry.subject == subject && entry.ended.is_some())
    }

    /// Says what a check learnt.
    pub(super) fn note(&self, subject: Subject, note: impl Into<String>) {
        let note = note.into();
        self.entry(subject, |entry| entry.note = Some(note));
    }

    /// Records what a check found; it may find more.
    pub(super) fn find(&self, subject: Subject, finding: Finding) {
        self.entry(subject, |entry| entry.findings.push(finding));
    }

    /// Records what a check found, and ends it.
    pub(super) fn fail(&self, subject: Subject, finding: Finding) {
        self.find(subject, finding);
        self.end(subject);
    }

    /// Ends a check that was not made, with the reason; what it found before stands.
    pub(super) fn skip(&self, subject: Subject, reason: impl Into<String>) {
        let reason = reason.into();
        self.entry(subject, |entry| entry.skipped = Some(reason));
        self.end(subject);
    }

    /// Remembers that the run was stopped from outside.
    pub(super) fn stop(&self) {
        self.pages.borrow_mut().stopped = true;
    }

    /// Ends a check that the end of the run cut off.
    pub(super) fn cut_off(&self, subject: Subject, waiting_for: &str) {
        self.pages.borrow_mut().out_of_time = true;
        self.skip(subject, format!("{}, waiting for {waiting_for}", over(self.plan)));
    }

    /// Takes over a check that was made elsewhere.
    pub(super) fn adopt(&self, check: Check) {
        let Some(subject) = Subject::of(check.id) else { return };
        self.entry(subject, |entry| {
            let now = Instant::now();
            entry.began = now.checked_sub(check.duration);
            entry.ended = Some(now);
            entry.note = check.note;
            match check.outcome {
                Outcome::Passed => {}
                Outcome::Found(findings) => entry.findings = findings,
                Outcome::Skipped(reason) => entry.skipped = Some(reason),
                Outcome::Unanswered(reason, findings) => {
                    (entry.skipped, entry.findings) = (Some(reason), findings);
                }
            }
        });
    }

    /// Changes the findings of a check: what is learnt later may explain them better.
    pub(super) fn amend(&self, subject: Subject, change: impl FnOnce(&mut Vec<Finding>)) {
        self.entry(subject, |entry| change(&mut entry.findings));
    }

    /// The first finding of a check with one of these ids.
    pub(super) fn found(&self, subject: Subject, ids: &[&str]) -> Option<Finding> {
        let pages = self.pages.borrow();
        let entry = pages.entries.iter().find(|entry| entry.subject == subject)?;
        entry.findings.iter().find(|finding| ids.contains(&finding.failure.id)).cloned()
    }

    /// Remembers a fact for the holes of cures; an empty value says nothing.
    pub(super) fn know(&self, label: &'static str, value: &str) {
        if !value.is_empty() {
            let mut pages = self.pages.borrow_mut();
            pages.known.retain(|(known, _)| *known != label);
            pages.known.push((label, value.to_owned()));
        }
    }

    /// A fact remembered.
    pub(super) fn known(&self, label: &str) -> Option<String> {
        self.pages.borrow().value(label)
    }

    /// Remembers a secret that a service gave.
    pub(super) fn guard(&self, secret: &Secret) {
        self.pages.borrow_mut().secrets.push(secret.clone());
    }

    /// Remembers how long the credential lives.
    pub(super) fn live(&self, life: CredentialLife) {
        self.pages.borrow_mut().life = life;
    }

    /// Remembers what was granted on a repository.
    pub(super) fn grant(&self, access: Access) {
        self.pages.borrow_mut().access.push(access);
    }

    /// Remembers the identity's name.
    pub(super) fn name(&self, name: &str) {
        self.pages.borrow_mut().name = Some(name.to_owned());
    }

    fn entry(&self, subject: Subject, change: impl FnOnce(&mut Entry)) {
        let mut pages = self.pages.borrow_mut();
        let place = pages.entries.partition_point(|entry| entry.subject < subject);
        if pages.entries.get(place).is_none_or(|entry| entry.subject != subject) {
            pages.entries.insert(place, Entry::new(subject));
        }
        change(&mut pages.entries[place]);
        let progress = pages.progress(self.plan.role);
        drop(pages);
        (self.watch)(&progress);
    }

    /// Makes the report. What had not ended is skipped, and the report says that the time was over.
    pub(super) fn report(self, http: &Http) -> Report {
        let (plan, pages) = (self.plan, self.pages.into_inner());
        let strike = |text: &str| {
            let secrets = pages.secrets.iter().chain(plan.secrets());
            secrets.fold(text.to_owned(), |text, secret| secret.struck_out_of(&text))
        };
        let now = Instant::now();
        let out_of_time = pages.out_of_time || pages.entries.iter().any(|entry| entry.ended.is_none());
        let check = |entry: &Entry| {
            let findings: Vec<_> = entry.findings.iter().map(|finding| fill(finding, &pages.known, &strike)).collect();
            let skipped = match entry.ended {
                Some(_) => entry.skipped.as_deref().map(&strike),
                None if pages.stopped => Some("the run was stopped".to_owned()),
                None => Some(over(plan)),
            };
            Check {
                id: entry.subject.id(),
                title: entry.subject.title(plan.role),
                outcome: match (findings.is_empty(), skipped) {
                    // More than a notice weighs more than what was left out behind it.
                    (false, Some(reason)) if findings.iter().all(|finding| finding.severity == Severity::Notice) => {
                        Outcome::Unanswered(reason, findings)
                    }
                    (false, _) => Outcome::Found(findings),
                    (true, Some(reason)) => Outcome::Skipped(reason),
                    (true, None) => Outcome::Passed,
                },
                note: entry.note.as_deref().map(&strike),
                duration: entry.began.map_or(Duration::ZERO, |began| entry.ended.unwrap_or(now) - began),
            }
        };
        let checks = pages.entries.iter().map(check).collect();
        let identity = Identity {
            kind: plan.credential.as_ref().map_or("none", Credential::kind),
            client_id: pages.value("client-id"),
            tenant_id: pages.value("tenant-id"),
            name: pages.name.clone().or_else(|| pages.value("username")).as_deref().map(&strike),
        };
        let trace = if plan.ci.debug { http.trace() } else { Vec::new() };
        Report {
            started_at: plan.now,
            duration: now - self.began,
            login_server: plan.registry.as_ref().map(|registry| registry.host.clone()),
            cloud: plan.cloud.name,
            identity,
            chosen_because: plan.chosen_because.clone(),
            life: pages.life,
            access: pages.access,
            checks,
            fail_on: plan.fail_on,
            trace: trace.into_iter().map(|exchange| trace_line(exchange, &strike)).collect(),
            out_of_time,
        }
    }
}

impl Entry {
    fn new(subject: Subject) -> Self {
        Self { subject, began: None, ended: None, findings: Vec::new(), skipped: None, note: None }
    }
}

impl Pages {
    fn progress(&self, role: Role) -> Progress {
        let under_way = self.entries.iter().filter(|entry| entry.began.is_some() && entry.ended.is_none());
        Progress {
            under_way: under_way.map(|entry| entry.subject.title(role)).collect(),
            done: self.entries.iter().filter(|entry| entry.ended.is_some()).count(),
            all: self.entries.len(),
        }
    }

    fn value(&self, label: &str) -> Option<String> {
        self.known.iter().find(|(known, _)| *known == label).map(|(_, value)| value.clone())
    }
}

fn over(plan: &Plan) -> String {
    format!("the run's time of {} s was over", plan.timeout.as_secs())
}

/// Strikes secrets out of a finding's facts, and adds those facts that the commands of its cure name.
fn fill(finding: &Finding, known: &[(&'static str, String)], strike: &impl Fn(&str) -> String) -> Finding {
    let mut finding = finding.clone();
    for fact in &mut finding.facts {
        fact.value = strike(&fact.value);
    }
    for code in &mut finding.codes {
        *code = strike(code);
    }
    for (label, value) in known {
        let hole = format!("{{{label}}}");
        if finding.value(label).is_none() && finding.failure.fix.iter().any(|step| step.contains(&hole)) {
            finding = finding.fact(label, value.as_str());
        }
    }
    finding
}

fn trace_line(exchange: Exchange, strike: &impl Fn(&str) -> String) -> TraceLine {
    let (status, error) = match exchange.outcome {
        Ok(status) => (Some(status), None),
        Err(words) => (None, Some(strike(&words))),
    };
    let Exchange { method, host, path, took: duration, correlation_id, .. } = exchange;
    TraceLine { method, host, path, status, error, duration, correlation_id }
}

#[cfg(test)]
mod tests;
