//! Hostile text, and reports made of it.

use super::sample;
use acr_preflight::catalogue::{self, Failure};
use acr_preflight::finding::{Access, Check, Diagnosis, Finding, LogFinding, Outcome, Report, TraceLine};
use acr_preflight::report::{Style, Verbosity};
use proptest::collection::vec;
use proptest::prelude::*;

/// Pieces that mean something to one of the readers.
const PIECES: [&str; 44] = [
    "\n",
    "\r",
    "\r\n",
    "::",
    "::error::x",
    "::set-output name=result::passed",
    "::stop-commands::t",
    "##",
    "#",
    "##[",
    "##[error]x",
    "##[group]",
    "##vso[",
    "##vso[task.complete result=Failed]",
    "##VSO[task.setvariable variable=a]b",
    "]",
    ";",
    ",",
    "%",
    "%0A",
    "%25",
    "%AZP25",
    "\u{1b}[31m",
    "\u{1b}]8;;x\u{7}",
    "\u{200b}",
    "\u{feff}",
    "\u{202e}",
    "\u{2028}",
    "\u{0}",
    "|",
    "`",
    "```",
    "~~~",
    "</details>",
    "<!--",
    "]]>",
    "&amp;",
    "ghadelimiter_0",
    "🦀",
    " ",
    "a",
    "<b>",
    "[x](y)",
    "\\",
];

/// Text as an enemy writes it.
pub(crate) fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => proptest::sample::select(&PIECES[..]).prop_map(str::to_owned),
        2 => any::<char>().prop_map(String::from),
        1 => "[a-z0-9./-]{1,12}",
    ];
    vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

fn failure() -> impl Strategy<Value = &'static Failure> {
    let own = [&sample::EXPIRED, &sample::NO_PUSH, &sample::EXPIRING, &sample::UNKNOWN, &sample::UNAVAILABLE];
    proptest::sample::select(catalogue::all().chain(own).collect::<Vec<_>>())
}

fn finding() -> impl Strategy<Value = Finding> {
    const LABELS: [&str; 7] = ["client-id", "registry", "repository", "host", "message", "ends", "image"];
    let facts = vec((proptest::sample::select(&LABELS[..]), text()), 0..4);
    (failure(), facts, vec(text(), 0..3)).prop_map(|(failure, facts, codes)| {
        let finding =
            facts.into_iter().fold(Finding::new(failure), |finding, (label, value)| finding.fact(label, value));
        codes.into_iter().fold(finding, Finding::code)
    })
}

fn outcome() -> impl Strategy<Value = Outcome> {
    prop_oneof![
        Just(Outcome::Passed),
        vec(finding(), 1..14).prop_map(Outcome::Found),
        text().prop_map(Outcome::Skipped),
    ]
}

fn check() -> impl Strategy<Value = Check> {
    (outcome(), proptest::option::of(text())).prop_map(|(outcome, note)| {
        let sample = sample::passed().checks.swap_remove(3);
        Check { outcome, note, ..sample }
    })
}

prop_compose! {
    /// A report in which whatever comes from outside is hostile.
    pub(crate) fn report()(
        login_server in proptest::option::of(text()),
        [name, client_id, tenant_id, chosen_because] in [text(), text(), text(), text()],
        checks in vec(check(), 0..4),
        access in vec((text(), vec(text(), 0..3)), 0..14),
        trace in vec((text(), text(), text(), proptest::option::of(text()), proptest::option::of(text())), 0..3),
    ) -> Report {
        let mut report = sample::passed();
        report.login_server = login_server;
        report.identity.name = Some(name);
        report.identity.client_id = Some(client_id);
        report.identity.tenant_id = Some(tenant_id);
        report.chosen_because = chosen_because;
        report.checks = checks;
        let required = vec!["pull".to_owned(), "push".to_owned()];
        report.access = access
            .into_iter()
            .map(|(repository, granted)| Access { repository, required: required.clone(), granted })
            .collect();
        let line = report.trace.remove(0);
        report.trace = trace
            .into_iter()
            .map(|(method, host, path, error, correlation_id)| TraceLine {
                method,
                host,
                path,
                error,
                correlation_id,
                ..line.clone()
            })
            .collect();
        report
    }
}

prop_compose! {
    /// A log's findings, likewise.
    pub(crate) fn diagnosis()(origin in text(), found in vec((finding(), 1..500_usize, text()), 0..13)) -> Diagnosis {
        let findings = found.into_iter().map(|(finding, line, excerpt)| LogFinding { finding, line, excerpt }).collect();
        Diagnosis { origin, lines: 500, findings }
    }
}

/// Every style without colours.
pub(crate) fn style() -> impl Strategy<Value = Style> {
    let verbosity = prop_oneof![Just(Verbosity::Quiet), Just(Verbosity::Normal), Just(Verbosity::Verbose)];
    (any::<bool>(), 1..120_usize, verbosity, text()).prop_map(|(signs, width, verbosity, workflow)| Style {
        colour: false,
        signs,
        width,
        verbosity,
        workflow: Some(workflow),
    })
}
