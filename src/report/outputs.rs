//! The outputs of the step, by the names of the contract: scalars, because GitHub's runner drops a value in which it
//! masks a brace.

use super::dates::rfc3339;
use super::visible::one_line;
use crate::finding::Report;
use std::collections::BTreeSet;
use std::fmt;

/// The outputs of a run: name and value, empty where there is none.
pub fn outputs(report: &Report) -> [(&'static str, String); 7] {
    [
        ("result", report.verdict().word().to_owned()),
        ("exit-code", report.exit_code().to_string()),
        ("findings", findings(report)),
        ("granted", granted(report)),
        ("credential-expires-on", report.life.expires_on.map(rfc3339).unwrap_or_default()),
        ("credential-days-left", report.days_left().map(|days| days.to_string()).unwrap_or_default()),
        ("login-server", report.login_server.as_deref().map(one_line).unwrap_or_default()),
    ]
}

/// The ids met, each once, in the order of the report.
fn findings(report: &Report) -> String {
    let mut seen = BTreeSet::new();
    let ids: Vec<_> = report.findings().map(|(_, finding)| finding.failure.id).filter(|id| seen.insert(*id)).collect();
    ids.join(",")
}

/// What was granted on every repository, so that a gate which asks for `push` cannot be misled by one of several.
fn granted(report: &Report) -> String {
    let Some((first, others)) = report.access.split_first() else { return String::new() };
    let everywhere = |action: &&String| others.iter().all(|access| access.granted.contains(action));
    let actions: Vec<_> = first.granted.iter().filter(everywhere).map(|action| one_line(action)).collect();
    actions.join(",")
}

/// A value holds the delimiter, so that it could end its own heredoc.
#[derive(Debug, PartialEq, Eq)]
pub struct DelimiterInValue;

impl fmt::Display for DelimiterInValue {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an output holds the delimiter of the outputs file")
    }
}

impl std::error::Error for DelimiterInValue {}

/// What is appended to the file that `GITHUB_OUTPUT` names: heredocs with a delimiter that nobody can guess, in the form
/// of `@actions/core` (`packages/core/src/file-command.ts`).
pub fn github_file(report: &Report, delimiter: &str) -> Result<String, DelimiterInValue> {
    let mut file = String::new();
    for (name, value) in outputs(report) {
        if delimiter.is_empty() || value.contains(delimiter) {
            return Err(DelimiterInValue);
        }
        file.push_str(&format!("{name}<<{delimiter}\n{value}\n{delimiter}\n"));
    }
    Ok(file)
}
