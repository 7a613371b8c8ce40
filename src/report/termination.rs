//! The termination message of a Kubernetes container: the verdict and as many cures as fit.

use super::phrases;
use super::told::Told;
use crate::catalogue::Severity;
use crate::finding::Report;

/// Kubernetes keeps so many bytes of `/dev/termination-log`.
const ROOM: usize = 4096;

/// The message, at most 4096 bytes: the run in a line, the titles of all findings as far as they fit, then their cures.
pub fn termination_message(report: &Report) -> String {
    let mut told: Vec<_> = report.findings().map(|(_, finding)| Told::new(finding, Some(report.started_at))).collect();
    told.sort_by_key(|told| std::cmp::Reverse(told.severity));
    let titles = told.iter().map(|told| format!("{}: {} [{}]\n", told.severity.word(), told.title, told.id));
    let cures = told.iter().filter(|told| told.severity > Severity::Notice).map(cure);
    let rest = "… more in the log\n";
    let mut message = String::new();
    for part in [phrases::one_liner(report) + "\n"].into_iter().chain(titles).chain(cures) {
        if message.len() + part.len() > ROOM - rest.len() {
            if message.is_empty() {
                message.push_str(&part[..part.floor_char_boundary(ROOM - 2 * rest.len())]);
                message.push('\n');
            }
            message.push_str(rest);
            break;
        }
        message.push_str(&part);
    }
    message
}

fn cure(told: &Told) -> String {
    let mut lines = format!("\n[{}] {}\n", told.id, told.cause);
    lines.extend(told.facts.iter().map(|(label, value)| format!("  {label}: {value}\n")));
    lines.extend(told.cure().iter().map(|line| format!("  {line}\n")));
    lines
}
