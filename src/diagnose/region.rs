//! Some neighbouring lines of a log, cleaned, and of whom they speak.

use super::speaks::{Mark, Owner, marks};
use log_text::{Step, clean};

/// Lines around a place of interest.
pub(super) struct Region {
    /// The cleaned lines, joined by line breaks.
    pub(super) text: String,
    /// The same in lower case; every byte at the same place.
    pub(super) lower: String,
    lines: Vec<Line>,
    /// Each with the index of its line.
    marks: Vec<(Mark, usize)>,
}

#[derive(Debug, Clone, Copy)]
struct Line {
    /// Where it begins in the text.
    start: usize,
    /// Its number in the log.
    number: usize,
    step: Option<Step>,
}

impl Region {
    /// Cleans lines given with their numbers.
    pub(super) fn new<'a>(raw: impl Iterator<Item = (usize, &'a [u8])>) -> Self {
        let mut text = String::new();
        let mut lines = Vec::new();
        for (number, line) in raw {
            let start = text.len();
            let step = clean(line, &mut text);
            text.push('\n');
            lines.push(Line { start, number, step });
        }
        let lower = text.to_ascii_lowercase();
        let line_of = |place: usize| lines.partition_point(|line| line.start <= place).saturating_sub(1);
        let marks = marks(&lower).into_iter().map(|mark| (mark, line_of(mark.place))).collect();
        Self { text, lower, lines, marks }
    }

    fn index(&self, place: usize) -> usize {
        self.lines.partition_point(|line| line.start <= place).saturating_sub(1)
    }

    /// The number of the line at a place.
    pub(super) fn number(&self, place: usize) -> usize {
        self.lines.get(self.index(place)).map_or(0, |line| line.number)
    }

    /// The line at a place, and where in it the place is.
    pub(super) fn line(&self, place: usize) -> (&str, usize) {
        let index = self.index(place);
        let start = self.lines.get(index).map_or(0, |line| line.start);
        let end = self.lines.get(index + 1).map_or(self.text.len(), |line| line.start);
        (self.text[start..end].trim_end(), place - start)
    }

    /// Some lines around a place, in lower case.
    pub(super) fn around(&self, place: usize, lines: usize) -> &str {
        let index = self.index(place);
        let start = self.lines.get(index.saturating_sub(lines)).map_or(0, |line| line.start);
        let end = self.lines.get(index + lines + 1).map_or(self.lower.len(), |line| line.start);
        &self.lower[start..end]
    }

    /// All lines at hand up to a place, in lower case.
    pub(super) fn above(&self, place: usize) -> &str {
        &self.lower[..place]
    }

    /// The step of a build that the line at a place belongs to.
    pub(super) fn step(&self, place: usize) -> Option<Step> {
        self.lines.get(self.index(place))?.step
    }

    /// Whether a line of the same step of a build holds a text, in lower case.
    pub(super) fn step_says(&self, place: usize, words: &str) -> bool {
        let Some(step) = self.step(place) else { return false };
        let same = self.lines.iter().filter(|line| line.step.is_some_and(|other| other.number == step.number));
        same.into_iter().any(|line| self.around(line.start, 0).contains(words))
    }

    /// Whether somebody is spoken of in some lines around a place.
    pub(super) fn speaks_of(&self, owner: Owner, place: usize, lines: usize) -> bool {
        let index = self.index(place);
        self.marks.iter().any(|(mark, line)| mark.owner == owner && line.abs_diff(index) <= lines)
    }

    /// Of whom the text speaks at a place, and how many lines away it says so.
    ///
    /// The nearest mark counts: one on the same line before one on another, one above before one below, a host before a
    /// word. What a message is about stands before what went wrong.
    pub(super) fn nearest(&self, place: usize, accept: impl Fn(Owner) -> bool) -> Option<(Owner, usize)> {
        let index = self.index(place);
        let distance = |(mark, line): &(Mark, usize)| {
            let lines = if *line > index { 2 * (line - index) + 1 } else { 2 * (index - line) };
            let letters = if mark.place > place { mark.place - place + 200 } else { place - mark.place };
            (lines, !mark.is_host && lines == 0, letters)
        };
        let marks = self.marks.iter().filter(|(mark, _)| accept(mark.owner));
        let (mark, line) = marks.min_by_key(|marked| distance(marked))?;
        Some((mark.owner, line.abs_diff(index)))
    }
}

#[cfg(test)]
mod tests {
    use super::{Owner, Region};

    fn nearest(text: &str, at: &str) -> Option<Owner> {
        let region = Region::new(text.lines().enumerate().map(|(number, line)| (number + 1, line.as_bytes())));
        let place = region.lower.find(&at.to_lowercase()).unwrap();
        region.nearest(place, |_| true).map(|(owner, _)| owner)
    }

    #[test]
    fn the_same_line_counts_before_its_neighbours() {
        let text =
            "docker push ghcr.io/o/app\nGet https://contosoacr.azurecr.io/v2/: unauthorized\nhttps://quay.io/v2/";
        assert_eq!(nearest(text, "unauthorized"), Some(Owner::Registry));
    }

    #[test]
    fn the_line_above_counts_before_the_line_below() {
        let text = "docker push contosoacr.azurecr.io/app\nunauthorized\ndocker pull ghcr.io/o/app";
        assert_eq!(nearest(text, "unauthorized"), Some(Owner::Registry));
    }

    #[test]
    fn what_stands_before_the_error_counts() {
        let text = "Head \"https://contosoacr.azurecr.io/v2/x\": denied (mirror of ghcr.io/o/x)";
        assert_eq!(nearest(text, "denied"), Some(Owner::Registry));
    }
}
