//! `diagnose` against logs: what it names, what it leaves alone, and how it reads.

mod doubts;
mod fixtures;
mod outside;
mod secrets;
mod streaming;

use acr_preflight::diagnose::diagnose;

/// The ids that a log yields, the most causal first.
pub(crate) fn ids(log: &[u8]) -> Vec<&'static str> {
    diagnose(log, "build.log").unwrap().findings.iter().map(|told| told.finding.failure.id).collect()
}
