//! Findings as annotations of a CI system: few, short, complete.

use super::dates::counted;
use super::told::{Piece, Told};
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
        place,
    }
}

/// Cause, proof, cure, link; where that is too long, the proof gives way, because the log has it too.
fn message(told: &Told) -> String {
    let mut cure = String::new();
    for (index, step) in told.steps.iter().enumerate() {
        let number = if told.steps.len() > 1 { format!("{}. ", index + 1) } else { String::new() };
        let pieces = step.iter().map(|piece| match piece {
            Piece::Prose(words) => words.clone(),
            Piece::Command(command) => format!("\n    {command}\n"),
        });
        let step = pieces.collect::<Vec<_>>().join(" ").replace(" \n", "\n").replace("\n ", "\n");
        cure.push_str(&format!("\n{number}{}", step.trim()));
    }
    let head = if told.cause.is_empty() { told.title } else { told.cause };
    let fix = if cure.is_empty() { String::new() } else { format!("\nFix:{cure}") };
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

/// Ten of each kind; the tenth names all that come after the ninth.
fn limited(annotations: Vec<Annotation>) -> Vec<Annotation> {
    let mut kept = Vec::new();
    for severity in [Severity::Error, Severity::Warning, Severity::Notice] {
        let of_kind = || annotations.iter().filter(|annotation| annotation.severity == severity);
        if of_kind().count() > SHOWN {
            kept.push((severity, of_kind().skip(SHOWN - 1).collect::<Vec<_>>()));
        }
    }
    let last: Vec<_> = kept.into_iter().map(|(severity, rest)| together(severity, &rest)).collect();
    let mut seen = [0; 3];
    let mut limited: Vec<_> = annotations
        .into_iter()
        .filter(|annotation| {
            seen[annotation.severity as usize] += 1;
            let aggregated = last.iter().any(|last| last.severity == annotation.severity);
            !aggregated || seen[annotation.severity as usize] < SHOWN
        })
        .collect();
    limited.extend(last);
    limited
}

/// Several findings in one annotation, a line each.
fn together(severity: Severity, rest: &[&Annotation]) -> Annotation {
    let end = "\n… more in the log";
    let lines = rest.iter().map(|annotation| {
        let proof = annotation.message.lines().nth(1).unwrap_or_default();
        format!("{}: {proof}\n", annotation.title)
    });
    let text = fitting(lines, LONGEST - units(end), end);
    Annotation {
        severity,
        title: format!("{} more", counted(rest.len(), severity.word())),
        code: rest[0].code,
        message: cut(text.trim_end()),
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
