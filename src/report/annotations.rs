//! Findings as annotations of a CI system: few, short, complete.

use super::dates::counted;
use super::told::Told;
use super::visible::one_line;
use crate::catalogue::Severity;
use crate::finding::{Diagnosis, Report};

/// How many of a kind GitHub and Azure Pipelines show for a step; what comes after it is lost to the reader.
const SHOWN: usize = 10;

/// The longest message, in UTF-16 units: GitHub's runner cuts there.
const LONGEST: usize = 4096;

/// A note at a run, or at a line of a log.
pub(crate) struct Annotation {
    pub(crate) severity: Severity,
    /// The catalogue's words and the id; GitHub's runner does not mask titles, so nothing from outside is in it.
    pub(crate) title: String,
    /// The id; of the first, where several share the annotation.
    pub(crate) code: &'static str,
    pub(crate) message: String,
    /// The fact that tells it from others of its kind; empty where there is none.
    proof: String,
    /// The log and the line in it.
    pub(crate) place: Option<(String, usize)>,
}

/// The annotations of a report.
pub(crate) fn of_report(report: &Report) -> Vec<Annotation> {
    limited(
        report.findings().map(|(_, finding)| annotation(&Told::new(finding, Some(report.started_at)), None)).collect(),
    )
}

/// The annotations of a log, each at its line.
pub(crate) fn of_diagnosis(diagnosis: &Diagnosis) -> Vec<Annotation> {
    let annotations = diagnosis.findings.iter().map(|found| {
        let mut told = Told::new(&found.finding, None);
        told.facts.insert(0, (format!("line {}", found.line), one_line(&found.excerpt)));
        let place = (diagnosis.origin != "-").then(|| (one_line(&diagnosis.origin), found.line));
        annotation(&told, place)
    });
    limited(annotations.collect())
}

fn annotation(told: &Told, place: Option<(String, usize)>) -> Annotation {
    Annotation {
        severity: told.severity,
        title: format!("{} [{}]", told.title, told.id),
        code: told.id,
        message: message(told),
        proof: told.facts.first().map(|(label, value)| format!("{label}: {value}")).unwrap_or_default(),
        place,
    }
}

/// Cause, proof, cure, link; where that is too long, the proof gives way, because the log has it too.
fn message(told: &Told) -> String {
    let head = if told.cause.is_empty() { told.title } else { told.cause };
    let cure = told.cure();
    let fix = if cure.is_empty() { String::new() } else { format!("\nFix:\n{}", cure.join("\n")) };
    let see = if told.link.is_empty() { String::new() } else { format!("\nSee {}", told.link) };
    let rest = "\n… more in the log";
    let room = LONGEST.saturating_sub(units(head) + units(&fix) + units(&see) + units(rest));
    let lines = told.facts.iter().map(|(label, value)| format!("\n{label}: {value}"));
    cut(&format!("{head}{}{fix}{see}", fitting(lines, room, rest)))
}

/// Lines as long as they fit, and the words that stand for the rest.
fn fitting(lines: impl Iterator<Item = String>, room: usize, rest: &str) -> String {
    let mut text = String::new();
    for line in lines {
        if units(&text) + units(&line) > room {
            return text + rest;
        }
        text.push_str(&line);
    }
    text
}

/// Ten of each kind, errors first; the tenth names all that come after the ninth.
fn limited(annotations: Vec<Annotation>) -> Vec<Annotation> {
    let (errors, others) = annotations.into_iter().partition(|annotation| annotation.severity == Severity::Error);
    let (warnings, notices) =
        Vec::into_iter(others).partition(|annotation: &Annotation| annotation.severity == Severity::Warning);
    [errors, warnings, notices].into_iter().flat_map(ten).collect()
}

fn ten(mut of_a_kind: Vec<Annotation>) -> Vec<Annotation> {
    if of_a_kind.len() > SHOWN {
        let rest = of_a_kind.split_off(SHOWN - 1);
        of_a_kind.push(together(&rest));
    }
    of_a_kind
}

/// Several findings in one annotation, a line each.
fn together(rest: &[Annotation]) -> Annotation {
    let severity = rest[0].severity;
    let end = "\n… more in the log";
    let lines = rest.iter().map(|annotation| format!("{} {}\n", annotation.title, annotation.proof));
    let text = fitting(lines, LONGEST - units(end), end);
    Annotation {
        severity,
        title: format!("{} more", counted(rest.len(), severity.word())),
        code: rest[0].code,
        message: cut(text.trim_end()),
        proof: String::new(),
        place: rest[0].place.clone(),
    }
}

/// Cuts a text to the limit, between characters.
fn cut(text: &str) -> String {
    if units(text) <= LONGEST {
        return text.to_owned();
    }
    let mut length = 1;
    let fits = |letter: &char| {
        length += letter.len_utf16();
        length <= LONGEST
    };
    text.chars().take_while(fits).chain(['…']).collect()
}

fn units(text: &str) -> usize {
    text.encode_utf16().count()
}
