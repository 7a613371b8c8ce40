//! Reports that the tests of the formats render. Their words are their own, so that the samples do not change with the
//! catalogue's.

use acr_preflight::catalogue::{Failure, Family, Severity, Verdict};
use acr_preflight::finding::{
    Access, Check, CredentialLife, Diagnosis, ExpirySource, FailOn, Finding, Identity, LogFinding, Outcome, Report,
    TraceLine,
};
use std::time::Duration;
use time::macros::datetime;

pub(crate) static EXPIRED: Failure = Failure {
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

pub(crate) static NO_PUSH: Failure = Failure {
    id: "no-push-permission",
    severity: Severity::Error,
    verdict: Verdict::Breaks,
    family: Family::Access,
    symptoms: &[],
    title: "the identity may not push",
    cause: "The registry granted less than the job needs.",
    fix: &["Assign the role AcrPush: `az role assignment create --assignee {client-id} --role AcrPush`."],
    link: "https://learn.microsoft.com/azure/container-registry/container-registry-roles",
};

pub(crate) static EXPIRING: Failure = Failure {
    id: "secret-expiring",
    severity: Severity::Warning,
    verdict: Verdict::Breaks,
    family: Family::Expiry,
    symptoms: &[],
    title: "the client secret is about to expire",
    cause: "Builds fail from that day on.",
    fix: &["Make a new one in time."],
    link: "https://learn.microsoft.com/entra/identity-platform/howto-create-service-principal-portal",
};

pub(crate) static UNKNOWN: Failure = Failure {
    id: "secret-expiry-unknown",
    severity: Severity::Notice,
    verdict: Verdict::Breaks,
    family: Family::Expiry,
    symptoms: &[],
    title: "nobody may say when the client secret ends",
    cause: "Microsoft Graph did not let the identity read its own application.",
    fix: &["Grant `Application.Read.All`, or give the date as `secret-expires-on`."],
    link: "https://learn.microsoft.com/graph/permissions-reference",
};

pub(crate) static UNAVAILABLE: Failure = Failure {
    id: "service-unavailable",
    severity: Severity::Error,
    verdict: Verdict::Undetermined,
    family: Family::Network,
    symptoms: &[],
    title: "the service answered nothing usable",
    cause: "It failed after several attempts.",
    fix: &["Run the job again."],
    link: "https://status.azure.com",
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
            error: None,
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

/// A run that passes, with a secret about to end.
pub(crate) fn warned() -> Report {
    let mut report = passed();
    report.life.expires_on = Some(datetime!(2026-12-01 12:00 UTC));
    let finding = Finding::new(&EXPIRING).fact("secret-name", "ci-2025").fact("ends", "2026-12-01T12:00:00Z");
    report.checks.push(check("credential-life", "the credential stays valid", Outcome::Found(vec![finding])));
    report
}

/// A run with an error, an open question, a warning, a notice and checks not made.
pub(crate) fn mixed() -> Report {
    let mut report = warned();
    report.checks[1].note = Some("answered in 31 ms".to_owned());
    report.access = vec![access("team/app", &["pull"]), access("team/base", &["pull", "push"])];
    let no_push = Finding::new(&NO_PUSH).fact("repository", "team/app").fact("client-id", "1f2e0000").code("DENIED");
    report.checks[3].outcome = Outcome::Found(vec![no_push]);
    let unavailable = Finding::new(&UNAVAILABLE).fact("host", "management.azure.com");
    report.checks[4].outcome = Outcome::Found(vec![unavailable, Finding::new(&UNKNOWN)]);
    report
}

/// A log in which two failures were recognised.
pub(crate) fn diagnosis() -> Diagnosis {
    let found = |failure, line, excerpt: &str| LogFinding {
        finding: Finding::new(failure).code("AADSTS7000222"),
        line,
        excerpt: excerpt.to_owned(),
    };
    Diagnosis {
        origin: "logs/build.log".to_owned(),
        lines: 412,
        findings: vec![
            found(&EXPIRED, 12, "ERROR: AADSTS7000222: The provided client secret keys for app 'x' are expired."),
            found(&NO_PUSH, 31, "denied: requested access to the resource is denied"),
        ],
    }
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
        Outcome::Found(findings) | Outcome::Unanswered(_, findings) => findings.iter_mut(),
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
