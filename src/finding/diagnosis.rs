//! What the log of a failed build says.

use super::Finding;

/// A failure recognised in the text of a log.
#[derive(Debug, Clone)]
pub struct LogFinding {
    /// The failure, with the facts taken from the log.
    pub finding: Finding,
    /// The line, counted from 1, that says it best.
    pub line: usize,
    /// That line, cut and with its secrets redacted; still text from outside.
    pub excerpt: String,
}

/// What the log of a failed build says, the most causal finding first.
#[derive(Debug, Clone, Default)]
pub struct Diagnosis {
    /// Where the log came from: a path, or `-`.
    pub origin: String,
    /// How many lines were read.
    pub lines: usize,
    /// Empty where nothing documented is there.
    pub findings: Vec<LogFinding>,
}
