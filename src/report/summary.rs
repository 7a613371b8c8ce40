//! The job summary in Markdown, for GitHub's step summary and Azure Pipelines' summary tab.

use super::markdown::{code, escape, step, words};
use super::told::Told;
use super::{dates, phrases};
use crate::catalogue::Severity;
use crate::finding::{Check, Diagnosis, Report, RunResult, Status};

/// GitHub drops a summary of more than a mebibyte; the rest is for the sentence that says what is missing.
const ROOM: usize = 1024 * 1024 - 1024;

/// The most repositories that are listed.
const REPOSITORIES: usize = 50;

/// The summary of a run: a line where there is nothing to say; otherwise a table of the checks, each finding with its
/// cure in a fold, the access, and the credential's end.
pub fn render(report: &Report) -> String {
    if report.verdict() == RunResult::Passed && report.findings().next().is_none() {
        return format!("✅ **acr-preflight** {}\n", escape(&phrases::in_short(report)));
    }
    let sign = match report.verdict() {
        RunResult::Passed => "⚠️",
        RunResult::Failed | RunResult::Invalid | RunResult::Undetermined => "❌",
    };
    let mut out = format!("### acr-preflight: {}\n\n", escape(&phrases::registry(report)));
    out.push_str(&format!("{sign} **{}**\n\n", escape(&phrases::verdict(report))));
    out.push_str("| | Check | |\n| :-: | --- | --- |\n");
    out.extend(report.checks.iter().map(row));
    let tail = access(report) + &credential(report);
    let told = report.findings().map(|(_, finding)| Told::new(finding, Some(report.started_at)));
    findings(&mut out, told.map(|told| fold(&told, None)), ROOM.saturating_sub(tail.len()));
    out + &tail
}

/// The summary of a log.
pub fn render_diagnosis(diagnosis: &Diagnosis) -> String {
    let origin = if diagnosis.origin == "-" { "standard input" } else { &diagnosis.origin };
    let read = format!("{} of {}", dates::counted(diagnosis.lines, "line"), code(origin));
    if diagnosis.findings.is_empty() {
        return format!("**acr-preflight diagnose** found no documented failure in {read}.\n");
    }
    let found = dates::counted(diagnosis.findings.len(), "documented failure");
    let mut out = format!("### acr-preflight diagnose: {found}\n\nIn {read}, the most causal first.\n");
    let folds = diagnosis.findings.iter().map(|found| {
        let excerpt = format!("Line {}: {}\n\n", found.line, code(&found.excerpt));
        fold(&Told::new(&found.finding, None), Some(&excerpt))
    });
    findings(&mut out, folds, ROOM);
    out
}

fn row(check: &Check) -> String {
    let titles: Vec<_> = check.findings().iter().map(|finding| finding.failure.title).collect();
    let mut distinct = titles.clone();
    distinct.dedup();
    let more = if titles.len() > distinct.len() { format!(" ({})", titles.len()) } else { String::new() };
    let note = match (check.skipped(), distinct.is_empty()) {
        (Some(reason), _) => escape(&format!("not checked: {reason}")),
        (None, true) => escape(check.note.as_deref().unwrap_or_default()),
        (None, false) => escape(&distinct.join("; ")) + &more,
    };
    let sign = match check.status() {
        Status::Passed => "✅",
        Status::Failed => "❌",
        Status::Warned => "⚠️",
        Status::Skipped => "➖",
    };
    format!("| {sign} | {} | {note} |\n", escape(check.title))
}

/// A finding folded under its title; errors are open.
fn fold(told: &Told, excerpt: Option<&str>) -> String {
    let (open, sign) = match told.severity {
        Severity::Error => (" open", "❌"),
        Severity::Warning => ("", "⚠️"),
        Severity::Notice => ("", "ℹ️"),
    };
    let title = escape(&format!("{} [{}]", told.title, told.id));
    let mut out = format!("\n<details{open}>\n<summary>{sign} {title}</summary>\n\n");
    out.push_str(excerpt.unwrap_or_default());
    out.push_str(&format!("{}\n\n", words(told.cause)));
    out.extend(told.facts.iter().map(|(label, value)| format!("- {}: {}\n", escape(label), code(value))));
    if !told.facts.is_empty() {
        out.push('\n');
    }
    out.extend(told.steps.iter().enumerate().map(|(index, pieces)| step(index + 1, pieces)));
    if !told.link.is_empty() {
        out.push_str(&format!("\n[Documentation]({})\n", told.link));
    }
    out + "\n</details>\n"
}

/// Appends as many findings as there is room for, and says how many there was none for.
fn findings(out: &mut String, folds: impl Iterator<Item = String>, room: usize) {
    let mut left_out = 0;
    for fold in folds {
        if left_out > 0 || out.len() + fold.len() > room {
            left_out += 1;
        } else {
            out.push_str(&fold);
        }
    }
    if left_out > 0 {
        out.push_str(&format!("\n{} more in the log.\n", dates::counted(left_out, "finding")));
    }
}

fn access(report: &Report) -> String {
    let access = phrases::access(report);
    if access.is_empty() {
        return String::new();
    }
    let shown = access.len().min(REPOSITORIES);
    let mut out = "\n| Repository | Granted |\n| --- | --- |\n".to_owned();
    for access in &access[..shown] {
        out.push_str(&format!("| {} | {} |\n", escape(&access.repository), escape(&phrases::granted(access))));
    }
    if let Some(rest) = phrases::rest(&access[shown..]) {
        out.push_str(&format!("| | {rest} |\n"));
    }
    out
}

fn credential(report: &Report) -> String {
    let identity = escape(&phrases::identity(&report.identity));
    let life = phrases::life(report).map(|life| format!(" The credential {}.", escape(&life))).unwrap_or_default();
    format!("\nIdentity: {identity}.{life}\n")
}
