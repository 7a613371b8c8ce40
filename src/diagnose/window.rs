//! A window of fixed size that moves over the log and shows the regions worth reading.

use super::region::Region;
use super::triggers::TRIGGERS;
use std::io::{self, BufRead};

/// How much is searched at once.
const STEP: usize = 256 * 1024;

/// How much is kept before it, for what stands above a message.
const BEHIND: usize = 16 * 1024;

/// How much is read beyond it, for what stands below a message.
const AHEAD: usize = 16 * 1024;

/// How many lines above and below a line with a trigger belong to its region.
const NEIGHBOURS: usize = 6;

/// The most lines and bytes of one region.
const REGION_LINES: usize = 64;
const REGION_BYTES: usize = 24 * 1024;

/// The most that is read of one line, around its trigger.
const LINE_BYTES: usize = 4 * 1024;

/// Reads to the end, shows each region with the bytes above it, and returns how many lines there were.
pub(super) fn read(mut reader: impl BufRead, mut show: impl FnMut(&Region, &[u8])) -> io::Result<usize> {
    let mut window = Window { buffer: vec![0; BEHIND + STEP + AHEAD], end: 0, from: 0, lines: 0, shown: 0 };
    loop {
        let at_end = window.fill(&mut reader)?;
        let to = window.end_of_step(at_end);
        window.search(to, &mut show);
        if at_end {
            let unfinished = window.bytes().last().is_some_and(|byte| *byte != b'\n');
            return Ok(window.lines + usize::from(unfinished));
        }
        window.advance(to);
    }
}

struct Window {
    buffer: Vec<u8>,
    /// How much of the buffer is filled.
    end: usize,
    /// Where the part begins that has not been searched.
    from: usize,
    /// How many lines end before it.
    lines: usize,
    /// Up to where regions have been shown.
    shown: usize,
}

impl Window {
    fn bytes(&self) -> &[u8] {
        &self.buffer[..self.end]
    }

    /// Fills the window; true where the log ends in it.
    ///
    /// A buffered reader that is asked for more than its buffer holds reads straight into the window.
    fn fill(&mut self, reader: &mut impl BufRead) -> io::Result<bool> {
        let full = self.from + STEP + AHEAD;
        while self.end < full {
            match reader.read(&mut self.buffer[self.end..full]) {
                Ok(0) => return Ok(true),
                Ok(read) => self.end += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(false)
    }

    /// Where this step ends: at the end of a line, where one ends in it.
    fn end_of_step(&self, at_end: bool) -> usize {
        if at_end {
            return self.end;
        }
        let latest = self.from + STEP;
        memchr::memrchr(b'\n', &self.buffer[self.from..latest]).map_or(latest, |end| self.from + end + 1)
    }

    /// Forgets what is far behind.
    fn advance(&mut self, to: usize) {
        let forgotten = to.saturating_sub(BEHIND);
        self.buffer.copy_within(forgotten..self.end, 0);
        self.end -= forgotten;
        self.from = to - forgotten;
        self.shown = self.shown.saturating_sub(forgotten);
    }

    /// Shows the regions whose triggers lie before a place.
    fn search(&mut self, to: usize, show: &mut impl FnMut(&Region, &[u8])) {
        // A trigger may lie across the end of a step that cuts a line in two.
        let seam = (to + 64).min(self.end);
        let places = TRIGGERS.places(&self.buffer[self.from..seam]);
        let mut counted = self.from;
        let from = self.from;
        let mut places = places.into_iter().map(|place| from + place).filter(|place| *place < to).peekable();
        while let Some(place) = places.next() {
            if place < self.shown {
                continue;
            }
            let start = self.lines_above(place);
            let mut end = self.lines_below(place);
            let mut last = place;
            let mut lines = 1;
            while let Some(next) = places.peek().copied() {
                let below = self.lines_below(next);
                lines += 1;
                if next > end || below - start > REGION_BYTES || lines > REGION_LINES {
                    break;
                }
                last = next;
                end = below;
                places.next();
            }
            let number = self.count(&mut counted, start);
            let region = Region::new(Lines { bytes: &self.buffer[..end], at: start, number });
            show(&region, &self.buffer[..start]);
            self.shown = self.end_of_line(last).min(end);
        }
        self.lines += memchr::memchr_iter(b'\n', &self.buffer[counted..to]).count();
        self.from = to;
    }

    /// The number of the line that begins at a place, counted on from where counting stopped.
    fn count(&mut self, counted: &mut usize, start: usize) -> usize {
        if start >= *counted {
            self.lines += memchr::memchr_iter(b'\n', &self.buffer[*counted..start]).count();
            *counted = start;
            return self.lines + 1;
        }
        self.lines + 1 - memchr::memchr_iter(b'\n', &self.buffer[start..*counted]).count()
    }

    /// Where the region of a place begins: some lines above it, as far as they are of sane length.
    fn lines_above(&self, place: usize) -> usize {
        let lowest = place.saturating_sub(LINE_BYTES);
        let above = &self.buffer[lowest..place];
        match memchr::memrchr_iter(b'\n', above).nth(NEIGHBOURS) {
            Some(end) => lowest + end + 1,
            None if lowest == 0 => 0,
            // A line is cut between words, so that no half of a secret is left that nobody can tell.
            None => lowest + above.iter().position(u8::is_ascii_whitespace).map_or(above.len(), |at| at + 1),
        }
    }

    fn lines_below(&self, place: usize) -> usize {
        let highest = (place + LINE_BYTES).min(self.end);
        memchr::memchr_iter(b'\n', &self.buffer[place..highest]).nth(NEIGHBOURS).map_or(highest, |at| place + at + 1)
    }

    fn end_of_line(&self, place: usize) -> usize {
        let highest = (place + LINE_BYTES).min(self.end);
        memchr::memchr(b'\n', &self.buffer[place..highest]).map_or(highest, |at| place + at + 1)
    }
}

/// The lines of a region with their numbers.
struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
    number: usize,
}

impl<'a> Iterator for Lines<'a> {
    type Item = (usize, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.bytes.get(self.at..).filter(|rest| !rest.is_empty())?;
        let length = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        let number = self.number;
        self.at += length + 1;
        self.number += 1;
        Some((number, &rest[..length]))
    }
}
