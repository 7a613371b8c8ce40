//! Reports that the tests of the formats render.

use crate::catalogue::{Failure, Family, Severity, Verdict};
use crate::finding::{
    Access, Check, CredentialLife, ExpirySource, FailOn, Finding, Identity, Outcome, Report, TraceLine,
};
use std::time::Duration;
use time::macros::datetime;

static EXPIRED: Failure = Failure {
    id: "secret-expired",
    severity: Severity::Error,
    verdict: Verdict::Breaks,
    family: Family::SignIn,
    symptoms: &[],
    title: "the client secret has expired",
    cause: "Entra ID refused the secret because its end date has passed.",
    fix: &[
        "Make a new one: `az ad app credential reset --id {client-id} --append`",
        "Store it in the secret `AZURE_CLIENT_SECRET` of the repository.",
    ],
    link: "https://learn.microsoft.com/entra/identity-platform/reference-error-codes",
};

static NO_PUSH: Failure = Failure {
    id: "no-push-permission",
    severity: Severity::Error,
    verdict: Verdict::Breaks,
    family: Family::Access,
    symptoms: &[],
    title: "the identity may not push",
    cause: "The registry granted less than the job needs.",
    fix: &["Assign the role AcrPush."],
    link: "https://learn.microsoft.com/azure/container-registry/container-registry-roles",
};

/// A run in which all is well.
pub(crate) fn passed() -> Report {
    Report {
        started_at: datetime!(2026-11-22 12:00 UTC),
        duration: Duration::from_millis(312),
        login_server: Some("contosoacr.azurecr.io".to_owned()),
        cloud: "AzureCloud",
        identity: Identity {
            kind: "client-secret",
            client_id: Some("1f2e0000-0000-4000-8000-000000000001".to_owned()),
            tenant_id: Some("72f90000-0000-4000-8000-000000000002".to_owned()),
            name: Some("ci-pusher".to_owned()),
        },
        chosen_because: "auth: auto, client-id with client-secret".to_owned(),
        life: CredentialLife { expires_on: Some(datetime!(2027-01-31 0:00 UTC)), source: ExpirySource::Graph },
        access: vec![access("team/app", &["pull", "push"])],
        checks: vec![
            check("inputs", "the inputs are usable", Outcome::Passed),
            check("registry-reachable", "the registry answers", Outcome::Passed),
            check("sign-in", "the identity signs in", Outcome::Passed),
            check("access", "the identity may pull and push", Outcome::Passed),
            check("settings", "the registry's settings allow it", Outcome::Skipped("ARM may not be read".to_owned())),
        ],
        fail_on: FailOn::Error,
        trace: vec![TraceLine {
            method: "GET".to_owned(),
            host: "contosoacr.azurecr.io".to_owned(),
            path: "/v2/".to_owned(),
            status: Some(401),
            duration: Duration::from_millis(31),
            correlation_id: Some("c0ffee".to_owned()),
        }],
        out_of_time: false,
    }
}

/// A run whose sign-in fails.
pub(crate) fn failed() -> Report {
    let mut report = passed();
    let finding = Finding::new(&EXPIRED)
        .fact("client-id", "1f2e0000-0000-4000-8000-000000000001")
        .fact("secret-name", "ci-2024")
        .fact("ends", "2026-07-31T00:00:00Z")
        .code("AADSTS7000222");
    report.checks[2].outcome = Outcome::Found(vec![finding]);
    report.checks[3].outcome = Outcome::Skipped("needs a sign-in".to_owned());
    report.access[0].granted.clear();
    report.life.expires_on = Some(datetime!(2026-07-31 0:00 UTC));
    report
}

/// A run with so many errors, each on a repository of its own.
pub(crate) fn with_errors(number: usize) -> Report {
    let mut report = passed();
    let finding = |number| Finding::new(&NO_PUSH).fact("repository", format!("team/app-{number:02}"));
    report.checks[3].outcome = Outcome::Found((1..=number).map(finding).collect());
    report
}

/// The findings of a report, to change them.
pub(crate) fn findings(report: &mut Report) -> impl Iterator<Item = &mut Finding> {
    report.checks.iter_mut().flat_map(|check| match &mut check.outcome {
        Outcome::Found(findings) => findings.iter_mut(),
        Outcome::Passed | Outcome::Skipped(_) => [].iter_mut(),
    })
}

fn access(repository: &str, granted: &[&str]) -> Access {
    let owned = |actions: &[&str]| actions.iter().map(|action| action.to_string()).collect();
    Access { repository: repository.to_owned(), required: owned(&["pull", "push"]), granted: owned(granted) }
}

fn check(id: &'static str, title: &'static str, outcome: Outcome) -> Check {
    Check { id, title, outcome, note: None, duration: Duration::from_millis(12) }
}
