//! The screen for people: checks, findings with their cures, access, the credential's life, and the verdict.

use super::phrases;
use super::screen::Screen;
use super::told::{Piece, Told};
use super::visible::one_line;
use super::{Style, Verbosity, dates};
use crate::finding::{Access, Check, Diagnosis, LogFinding, Report, Status, TraceLine, Verdicts};

/// Renders a report.
pub(crate) fn render(report: &Report, style: &Style) -> String {
    let mut screen = Screen::new(style);
    let quiet = style.verbosity == Verbosity::Quiet;
    if quiet && report.verdict() == Verdicts::Passed && report.findings().next().is_none() {
        screen.paragraph(&phrases::one_liner(report));
        return screen.finish();
    }
    head(&mut screen, report);
    let shown = |check: &&Check| !quiet || matches!(check.status(), Status::Failed | Status::Warned);
    let title_width = report.checks.iter().filter(shown).map(|check| check.title.chars().count()).max().unwrap_or(0);
    for check in report.checks.iter().filter(shown) {
        screen.check(check.status(), check.title, title_width, &note(check, style.verbosity));
        for finding in check.findings() {
            told(&mut screen, &Told::new(finding, Some(report.started_at)));
        }
    }
    foot(&mut screen, report);
    if style.verbosity == Verbosity::Verbose {
        requests(&mut screen, &report.trace);
    }
    screen.finish()
}

fn head(screen: &mut Screen<'_>, report: &Report) {
    let name = screen.bold("acr-preflight");
    screen.push(&[&name, "  ", &phrases::registry(report)]);
    screen.labelled(0, 13, "identity", &phrases::identity(&report.identity));
    if !report.chosen_because.is_empty() {
        screen.labelled(0, 13, "chosen by", &one_line(&report.chosen_because));
    }
    screen.blank();
}

/// What stands behind a check's title; a status that the sign alone would say is said in words too.
fn note(check: &Check, verbosity: Verbosity) -> String {
    let took = || dates::duration(check.duration);
    let known = check.note.as_deref().map(one_line);
    match (check.status(), check.skipped()) {
        (_, Some(reason)) => format!("not checked: {}", one_line(reason)),
        (Status::Failed, _) => known.map_or("failed".to_owned(), |note| format!("failed: {note}")),
        (Status::Warned, _) => known.map_or("warning".to_owned(), |note| format!("warning: {note}")),
        _ if verbosity == Verbosity::Verbose => {
            [known, Some(took())].into_iter().flatten().collect::<Vec<_>>().join(", ")
        }
        _ => known.unwrap_or_default(),
    }
}

/// A finding with proof, cause, cure and link, indented under its check.
fn told(screen: &mut Screen<'_>, told: &Told) {
    const INDENT: usize = 4;
    let labels = told.facts.iter().map(|(label, _)| label.chars().count());
    let width = labels.max().unwrap_or(0).clamp(5, 16);
    screen.headline(INDENT, told.severity, told.title, told.id);
    for (label, value) in &told.facts {
        screen.labelled(INDENT, width, label, value);
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
    screen.blank();
}

fn foot(screen: &mut Screen<'_>, report: &Report) {
    screen.blank();
    access(screen, &report.access);
    if let Some(life) = phrases::life(report) {
        screen.labelled(0, 10, "credential", &life);
    }
    let passed = report.verdict() == Verdicts::Passed;
    let verdict = screen.verdict(passed, &phrases::verdict(report));
    screen.labelled(0, 10, "checks", &format!("{}, in {}", phrases::counts(report), dates::duration(report.duration)));
    screen.push(&[&screen.dim("result      "), &verdict]);
}

/// Granted access, first where something is missing; the rest of many repositories is counted.
fn access(screen: &mut Screen<'_>, access: &[Access]) {
    const SHOWN: usize = 10;
    let mut sorted: Vec<_> = access.iter().collect();
    sorted.sort_by_key(|access| phrases::missing(access).is_empty());
    let limit =
        if screen.verbosity() == Verbosity::Verbose || sorted.len() <= SHOWN + 1 { sorted.len() } else { SHOWN };
    let mut label = "access";
    for access in &sorted[..limit] {
        screen.labelled(0, 10, label, &format!("{}: {}", one_line(&access.repository), phrases::granted(access)));
        label = "";
    }
    if limit < sorted.len() {
        let short = sorted[limit..].iter().filter(|access| !phrases::missing(access).is_empty()).count();
        let rest = sorted.len() - limit;
        let words = if short == 0 {
            "with all they need".to_owned()
        } else {
            format!("{short} of them with less than they need")
        };
        screen.labelled(0, 10, label, &format!("and {rest} more, {words}"));
    }
}

/// The requests made: method, host, path, status, time, the service's own id of the exchange.
fn requests(screen: &mut Screen<'_>, trace: &[TraceLine]) {
    if trace.is_empty() {
        return;
    }
    screen.blank();
    screen.paragraph(&dates::counted(trace.len(), "request"));
    for line in trace {
        screen.labelled(2, 0, "", &request(line));
    }
}

/// A request in one line.
pub(crate) fn request(line: &TraceLine) -> String {
    let status = line.status.map_or("no answer".to_owned(), |status| status.to_string());
    let id = line.correlation_id.as_deref().map(|id| format!("  id {id}")).unwrap_or_default();
    one_line(&format!("{} {}{}  {status}  {}{id}", line.method, line.host, line.path, dates::duration(line.duration)))
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
        told(&mut screen, &Told::new(finding, None));
    }
    let found = dates::counted(diagnosis.findings.len(), "documented failure");
    screen.paragraph(&format!("{found} in {read}, the most causal first."));
    screen.finish()
}
