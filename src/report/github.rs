//! GitHub Actions: the screen, folded where all is well, and an annotation for each finding.

pub mod command;

use super::annotations::{self, Annotation};
use super::{Style, folds, text};
use crate::catalogue::Severity;
use crate::finding::{Diagnosis, Report};
use command::command;

/// Renders a report.
pub(crate) fn render(report: &Report, style: &Style) -> String {
    let mut out = folds::screen(report, style, group);
    out.extend(annotations::of_report(report).iter().map(annotation));
    out.push_str(&folds::requests(report, style, group));
    out
}

/// Renders what a log says; each annotation points to its line of the log.
pub(crate) fn render_diagnosis(diagnosis: &Diagnosis, style: &Style) -> String {
    let mut out = text::render_diagnosis(diagnosis, style);
    out.extend(annotations::of_diagnosis(diagnosis).iter().map(annotation));
    out
}

fn annotation(annotation: &Annotation) -> String {
    let name = match annotation.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Notice => "notice",
    };
    let mut properties = vec![("title", annotation.title.clone())];
    if let Some((file, line)) = &annotation.place {
        properties.extend([("file", file.clone()), ("line", line.to_string())]);
    }
    command(name, &properties, &annotation.message)
}

/// Lines that the log view folds under a title; groups do not nest.
fn group(title: &str, lines: &str) -> String {
    format!("{}{lines}{}", command("group", &[], title), command("endgroup", &[], ""))
}
