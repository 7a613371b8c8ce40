//! How far a run has come, for a person who watches it.

/// What is under way, and how much is done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Progress {
    /// The titles of the checks that have begun and not ended, in the order of the report.
    pub under_way: Vec<&'static str>,
    /// How many checks have ended.
    pub done: usize,
    /// How many there are.
    pub all: usize,
}
