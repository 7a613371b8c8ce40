//! Azure Pipelines: the screen, an issue for each finding, output variables, and the state between passed and failed.

pub mod command;

use super::annotations::{self, Annotation};
use super::outputs::outputs;
use super::{Style, folds, phrases, text};
use crate::catalogue::Severity;
use crate::finding::{Diagnosis, Report};
use command::command;

/// Renders a report.
pub(crate) fn render(report: &Report, style: &Style) -> String {
    let mut out = folds::screen(report, style, group);
    out.extend(annotations::of_report(report).iter().filter_map(issue));
    out.push_str(&folds::requests(report, style, group));
    out.extend(outputs(report).iter().map(variable));
    out + &complete(report)
}

/// Renders what a log says; each issue points to its line of the log.
pub(crate) fn render_diagnosis(diagnosis: &Diagnosis, style: &Style) -> String {
    let mut out = text::render_diagnosis(diagnosis, style);
    out.extend(annotations::of_diagnosis(diagnosis).iter().filter_map(issue));
    out
}

/// The line by which the agent takes a Markdown file, named by its absolute path, into the run's summary.
pub fn upload_summary(path: &str) -> String {
    command("task.uploadsummary", &[], path)
}

/// An issue; none for a notice, which the agent has no level for and the screen has said.
fn issue(annotation: &Annotation) -> Option<String> {
    let kind = match annotation.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Notice => return None,
    };
    let mut properties = vec![("type", kind.to_owned()), ("code", annotation.code.to_owned())];
    if let Some((file, line)) = &annotation.place {
        properties.extend([("sourcepath", file.clone()), ("linenumber", line.to_string())]);
    }
    // The agent shows no title, so the message begins with it.
    let message = format!("{}\n{}", annotation.title, annotation.message);
    Some(command("task.logissue", &properties, &message))
}

/// An output variable, `$(step.name)` in the rest of the job.
fn variable((name, value): &(&str, String)) -> String {
    command("task.setvariable", &[("variable", name.to_string()), ("isoutput", "true".to_owned())], value)
}

/// The state that shows warnings on a step that passes. A failure is said by the exit code alone, which the script may
/// handle as it likes.
fn complete(report: &Report) -> String {
    let worth_a_look = report.findings().any(|(_, finding)| finding.severity >= Severity::Warning);
    match report.exit_code() == 0 && worth_a_look {
        true => command("task.complete", &[("result", "SucceededWithIssues".to_owned())], &phrases::verdict(report)),
        false => String::new(),
    }
}

/// Lines that the log view folds under a title.
fn group(title: &str, lines: &str) -> String {
    format!("##[group]{title}\n{lines}##[endgroup]\n")
}
