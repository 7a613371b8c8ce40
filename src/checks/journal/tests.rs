//! The journal keeps the order, the holes and the secrets of what it is told.

use super::*;
use crate::catalogue::entra::{APP_NOT_FOUND, SECRET_INVALID};
use crate::finding::Status;
use crate::inputs::{Gathered, Inputs, environment::Environment, files::Disk};
use time::macros::datetime;

const SECRET: &str = "Xq38Q~simulated.client-secret_value0123456";

fn plan() -> Plan {
    let environment: Environment = [
        ("ACR_PREFLIGHT_REGISTRY", "contosoacr"),
        ("AZURE_CLIENT_ID", "8c1d2e3f-4a5b-4c6d-8e7f-9a0b1c2d3e4f"),
        ("AZURE_TENANT_ID", "11111111-2222-4333-8444-555555555555"),
        ("AZURE_CLIENT_SECRET", SECRET),
    ]
    .into_iter()
    .collect();
    match Inputs::from_parts(["acr-preflight".into()], &environment, &Disk, datetime!(2026-11-22 10:00 UTC)) {
        Gathered::Run(inputs) => Plan::from_inputs(&inputs),
        Gathered::Show(text) => panic!("{text}"),
    }
}

fn report(write: impl FnOnce(&Journal<'_>)) -> Report {
    let plan = plan();
    let journal = Journal::new(&plan, Instant::now());
    write(&journal);
    journal.report(&Http::new(&plan.network, Instant::now()))
}

#[test]
fn checks_stand_in_the_order_of_the_code_and_not_of_arrival() {
    let report = report(|journal| {
        for subject in [Subject::CredentialLife, Subject::SignIn, Subject::Inputs] {
            journal.begin(subject);
            journal.end(subject);
        }
    });
    let ids: Vec<_> = report.checks.iter().map(|check| check.id).collect();
    assert_eq!(ids, ["inputs", "sign-in", "credential-life"]);
    assert!(!report.out_of_time);
}

#[test]
fn what_has_not_ended_was_cut_off() {
    let report = report(|journal| {
        journal.expect(Subject::SignIn);
        journal.begin(Subject::RegistryReachable);
        journal.end(Subject::RegistryReachable);
    });
    let statuses: Vec<_> = report.checks.iter().map(Check::status).collect();
    assert_eq!(statuses, [Status::Passed, Status::Skipped]);
    assert!(report.out_of_time && report.checks[1].skipped().unwrap().starts_with("the run's time of 60 s was over"));
}

#[test]
fn the_holes_of_a_cure_are_filled_with_what_is_known() {
    let report = report(|journal| journal.fail(Subject::SignIn, Finding::new(&APP_NOT_FOUND)));
    let (_, finding) = report.findings().next().unwrap();
    assert_eq!(finding.value("client-id"), Some("8c1d2e3f-4a5b-4c6d-8e7f-9a0b1c2d3e4f"));
    assert!(!finding.fix().concat().contains('<'));
}

#[test]
fn a_secret_that_a_service_echoes_is_struck_out_everywhere() {
    let issued = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJjaSJ9.signature-of-the-token";
    let report = report(|journal| {
        journal.guard(&Secret::new(issued));
        let echo = Finding::new(&SECRET_INVALID).fact("message", format!("bad secret {SECRET}")).code(SECRET);
        journal.fail(Subject::SignIn, echo);
        journal.note(Subject::Access, format!("granted to {issued}"));
        journal.skip(Subject::Access, format!("refused: {issued}"));
        journal.name(SECRET);
    });
    let said = format!("{report:?}");
    assert!(!said.contains(SECRET) && !said.contains("signature-of-the-token"), "{said}");
}

#[test]
fn an_exchange_that_failed_keeps_its_words_and_no_secret() {
    let exchange = |outcome| Exchange {
        method: "GET".into(),
        host: "h".into(),
        path: "/".into(),
        outcome,
        began: Duration::ZERO,
        took: Duration::ZERO,
        correlation_id: None,
    };
    let strike = |text: &str| Secret::new(SECRET).struck_out_of(text);
    let failed = trace_line(exchange(Err(format!("refused: {SECRET}"))), &strike);
    assert_eq!(failed.status, None);
    assert!(failed.error.is_some_and(|words| words.starts_with("refused: ") && !words.contains(SECRET)));
    let answered = trace_line(exchange(Ok(503)), &strike);
    assert_eq!((answered.status, answered.error), (Some(503), None));
}
