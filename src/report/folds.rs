//! What the log views of CI systems fold: a screen that says all is well, and the requests made.

use super::{Style, Verbosity, dates, phrases, text};
use crate::finding::Report;

/// Writes lines that the log view folds under a title.
pub(crate) type Fold = fn(title: &str, lines: &str) -> String;

/// The screen, folded under one line where that line says enough.
pub(crate) fn screen(report: &Report, style: &Style, fold: Fold) -> String {
    let screen = text::without_requests(report, style);
    match phrases::is_well(report) && style.verbosity != Verbosity::Quiet {
        true => fold(&phrases::one_liner(report), &screen),
        false => screen,
    }
}

/// The requests, folded; nothing unless the run is verbose.
pub(crate) fn requests(report: &Report, style: &Style, fold: Fold) -> String {
    if style.verbosity != Verbosity::Verbose || report.trace.is_empty() {
        return String::new();
    }
    let lines: String = report.trace.iter().map(|line| text::request(line) + "\n").collect();
    fold(&dates::counted(report.trace.len(), "request"), &lines)
}
