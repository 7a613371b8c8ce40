//! From the text of a failed log to findings.
//!
//! The log streams through a window of fixed size. A vectorised search finds the lines that hold a trigger; only those,
//! with their neighbours, are cleaned and compared with the catalogue's symptoms. What counts is then decided by whom the
//! lines speak of, and at the end which of the failures met is the cause.

mod conclude;
mod facts;
mod hosts;
mod observe;
mod prose;
mod redact;
mod region;
mod speaks;
mod triggers;
mod username;
mod utf16;
mod weight;
mod window;
mod wordings;

use crate::finding::Diagnosis;
use observe::{Context, Observation};
use std::collections::HashMap;
use std::io::{self, BufRead};
use utf16::Utf16;

/// The most observations of one failure that are kept; a log that repeats itself has no more to say.
const MOST: usize = 50;

/// Reads a log and names the documented failures in it, the most causal first.
///
/// The time taken is linear in the length of the log, the memory constant, whatever the length of its lines. The error is
/// that of the reader.
pub fn diagnose(mut reader: impl BufRead, origin: &str) -> io::Result<Diagnosis> {
    if reader.fill_buf()?.starts_with(utf16::MARK) {
        return read(Utf16::new(reader), origin);
    }
    read(reader, origin)
}

fn read(reader: impl BufRead, origin: &str) -> io::Result<Diagnosis> {
    let mut observations: Vec<Observation> = Vec::new();
    let mut context = Context::default();
    let mut kept: HashMap<&str, usize> = HashMap::new();
    let lines = window::read(reader, |region, above| {
        for seen in observe::observe(region, above, &mut context) {
            let known = kept.entry(seen.failure.id).or_insert(0);
            *known += 1;
            if *known <= MOST {
                observations.push(seen);
            }
        }
    })?;
    let findings = conclude::conclude(observations, &context);
    Ok(Diagnosis { origin: origin.to_owned(), lines, findings })
}
