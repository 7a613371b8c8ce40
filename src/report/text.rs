//! The screen for people: checks, findings with their cures, access, the credential's life, and the verdict.

use super::phrases;
use super::screen::Screen;
use super::told::{Piece, Told};
use super::visible::one_line;
use super::{Style, Verbosity, dates};
use crate::finding::{Check, Diagnosis, LogFinding, Report, RunResult, Status, TraceLine};

/// Renders a report.
pub(crate) fn render(report: &Report, style: &Style) -> String {
    let requests = if style.verbosity == Verbosity::Verbose { requests(report, style) } else { String::new() };
    without_requests(report, style) + &requests
}

/// The same without the requests, which CI systems fold on their own.
pub(crate) fn without_requests(report: &Report, style: &Style) -> String {
    let mut screen = Screen::new(style);
    let quiet = style.verbosity == Verbosity::Quiet;
    if quiet && phrases::is_well(report) {
        screen.push(&[&phrases::one_liner(report)]);
        return screen.finish();
    }
    head(&mut screen, report);
    let shown = |check: &&Check| match check.status() {
        Status::Failed | Status::Warned => true,
        Status::Passed => !quiet,
        Status::Skipped => style.verbosity == Verbosity::Verbose || !quiet && !check.findings().is_empty(),
    };
    let title_width = report.checks.iter().filter(shown).map(|check| check.title.chars().count()).max().unwrap_or(0);
    for check in report.checks.iter().filter(shown) {
        screen.check(check.status(), check.title, title_width, &note(&screen, check));
        let findings: Vec<_> =
            check.findings().iter().map(|finding| Told::new(finding, Some(report.started_at))).collect();
        for alike in findings.chunk_by(Told::has_the_cure_of) {
            told(&mut screen, alike);
        }
    }
    screen.gap();
    if style.verbosity == Verbosity::Normal {
        not_checked(&mut screen, report);
    }
    foot(&mut screen, report);
    screen.finish()
}

/// The width of the labels above and below the checks: that of the program's name.
const LABEL: usize = 13;

fn head(screen: &mut Screen<'_>, report: &Report) {
    let wanted = phrases::wanted(&report.access).map(|wanted| format!("  {wanted}")).unwrap_or_default();
    screen.title("acr-preflight", &format!("{}{wanted}", phrases::registry(report)));
    screen.labelled(0, LABEL, "identity", &phrases::identity(&report.identity));
    if !report.chosen_because.is_empty() {
        screen.labelled(0, LABEL, "chosen by", &one_line(&report.chosen_because));
    }
    screen.blank();
}

/// The checks that were not made and have no more to say, by their names in the JSON, and why: a line for each reason.
fn not_checked(screen: &mut Screen<'_>, report: &Report) {
    let silent = report.checks.iter().filter(|check| check.findings().is_empty());
    let skipped: Vec<_> = silent.filter_map(|check| Some((check.id, check.skipped()?))).collect();
    let mut label = "not checked";
    for (index, (_, reason)) in skipped.iter().enumerate() {
        if skipped[..index].iter().any(|(_, before)| before == reason) {
            continue;
        }
        let names: Vec<_> = skipped.iter().filter(|(_, other)| other == reason).map(|(id, _)| *id).collect();
        screen.labelled(0, LABEL, label, &format!("{}: {}", names.join(", "), one_line(reason)));
        label = "";
    }
}

/// What stands behind a check's title; a sign alone is said in words too.
fn note(screen: &Screen<'_>, check: &Check) -> String {
    let known = check.note.as_deref().map(one_line).filter(|note| !note.is_empty());
    let word = match check.status() {
        Status::Failed if screen.shows_signs() => Some("failed".to_owned()),
        Status::Warned if screen.shows_signs() => Some("warning".to_owned()),
        Status::Skipped => Some(format!("not checked: {}", one_line(check.skipped().unwrap_or_default()))),
        _ => None,
    };
    let took = check.skipped().is_none() && screen.verbosity() == Verbosity::Verbose;
    let took = took.then(|| dates::duration(check.duration));
    [word, known, took].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// Findings of one failure, indented under their check: the proof of each, then what they share, cause, cure and link.
fn told(screen: &mut Screen<'_>, alike: &[Told]) {
    const INDENT: usize = 4;
    let labels = alike.iter().flat_map(|told| &told.facts).map(|(label, _)| label.chars().count());
    let width = labels.max().unwrap_or(0).clamp(5, 16);
    let Some(told) = alike.first() else { return };
    screen.headline(INDENT, told.severity, told.title, told.id);
    for (index, one) in alike.iter().enumerate() {
        if index > 0 {
            screen.gap();
        }
        for (label, value) in &one.facts {
            screen.labelled(INDENT, width, label, value);
        }
    }
    if alike.len() > 1 {
        screen.gap();
    }
    if !told.cause.is_empty() {
        screen.labelled(INDENT, width, "cause", told.cause);
    }
    let column = INDENT + width + 2;
    for (index, step) in told.steps.iter().enumerate() {
        let mut label = if index == 0 { "fix" } else { "" };
        let mut number = if told.steps.len() > 1 { format!("{}. ", index + 1) } else { String::new() };
        for piece in step {
            match piece {
                Piece::Prose(words) => screen.labelled(INDENT, width, label, &format!("{number}{words}")),
                Piece::Command(command) => {
                    if !label.is_empty() || !number.is_empty() {
                        screen.labelled(INDENT, width, label, &format!("{number}Run:"));
                    }
                    screen.command(column + 2, command);
                }
            }
            label = "";
            number.clear();
        }
    }
    if !told.link.is_empty() {
        screen.labelled(INDENT, width, "see", told.link);
    }
    screen.gap();
}

fn foot(screen: &mut Screen<'_>, report: &Report) {
    access(screen, report);
    if let Some(life) = phrases::life(report) {
        screen.labelled(0, LABEL, "credential", &life);
    }
    let passed = report.verdict() == RunResult::Passed;
    let verdict = screen.verdict(passed, &phrases::verdict(report));
    screen.labelled(
        0,
        LABEL,
        "checks",
        &format!("{}, in {}", phrases::counts(report), dates::duration(report.duration)),
    );
    screen.push(&[&screen.dim("result         "), &verdict]);
}

/// Granted access, first where something is missing; the rest of many repositories is counted.
fn access(screen: &mut Screen<'_>, report: &Report) {
    const SHOWN: usize = 10;
    let sorted = phrases::access(report);
    let all = screen.verbosity() == Verbosity::Verbose || sorted.len() <= SHOWN + 1;
    let shown = if all { sorted.len() } else { SHOWN };
    let mut label = "access";
    for access in &sorted[..shown] {
        screen.labelled(0, LABEL, label, &format!("{}: {}", one_line(&access.repository), phrases::granted(access)));
        label = "";
    }
    if let Some(rest) = phrases::rest(&sorted[shown..]) {
        screen.labelled(0, LABEL, label, &rest);
    }
}

/// The requests made: status, method, host, path, time, the service's own id of the exchange.
fn requests(report: &Report, style: &Style) -> String {
    let mut screen = Screen::new(style);
    if !report.trace.is_empty() {
        screen.blank();
        screen.paragraph(&dates::counted(report.trace.len(), "request"));
    }
    for line in &report.trace {
        screen.labelled(2, 0, "", &request(line));
    }
    screen.finish()
}

/// A request in one line, the status first, so that no text from outside starts the line.
pub(crate) fn request(line: &TraceLine) -> String {
    let status = line.status.map_or("---".to_owned(), |status| status.to_string());
    let id = line.correlation_id.as_deref().map(|id| format!("  id {id}")).unwrap_or_default();
    let error = line.error.as_deref().map(|error| format!("  {error}")).unwrap_or_default();
    let took = dates::duration(line.duration);
    one_line(&format!("{status}  {} {}{}  {took}{error}{id}", line.method, line.host, line.path))
}

/// Renders what a log says.
pub(crate) fn render_diagnosis(diagnosis: &Diagnosis, style: &Style) -> String {
    let mut screen = Screen::new(style);
    let origin = if diagnosis.origin == "-" { "standard input".to_owned() } else { one_line(&diagnosis.origin) };
    let read = format!("{} of {origin}", dates::counted(diagnosis.lines, "line"));
    if diagnosis.findings.is_empty() {
        screen.paragraph(&format!("No documented failure was found in {read}."));
        return screen.finish();
    }
    for LogFinding { finding, line, excerpt } in &diagnosis.findings {
        screen.push(&[&screen.bold(&format!("line {line}")), "  ", &one_line(excerpt)]);
        told(&mut screen, &[Told::new(finding, None)]);
    }
    let found = dates::counted(diagnosis.findings.len(), "documented failure");
    screen.paragraph(&format!("{found} in {read}, the most causal first."));
    screen.finish()
}
