//! Lines, columns and colours of the text screen.

use super::visible::start_of_line;
use super::{Style, Verbosity};
use crate::catalogue::Severity;
use crate::finding::Status;
use anstyle::{AnsiColor, Style as Ansi};
use textwrap::{Options, WordSeparator, WordSplitter};

/// The narrowest column that text is wrapped in; below it a narrow terminal wraps by itself.
const NARROWEST: usize = 24;

/// A screen under construction. Texts handed to it are harmless on one line already
/// ([`one_line`](super::visible::one_line)); it keeps them harmless where it breaks them.
pub(crate) struct Screen<'a> {
    style: &'a Style,
    out: String,
}

impl<'a> Screen<'a> {
    pub(crate) fn new(style: &'a Style) -> Self {
        Self { style, out: String::new() }
    }

    pub(crate) fn finish(self) -> String {
        self.out
    }

    pub(crate) fn verbosity(&self) -> Verbosity {
        self.style.verbosity
    }

    pub(crate) fn blank(&mut self) {
        self.out.push('\n');
    }

    /// An empty line, unless one stands here already.
    pub(crate) fn gap(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.blank();
        }
    }

    /// A paragraph at the left margin.
    pub(crate) fn paragraph(&mut self, text: &str) {
        for line in self.wrapped(text, 0) {
            self.push(&[&line]);
        }
    }

    /// A label and its text, the text wrapped in its own column: `    cause   The secret …`.
    pub(crate) fn labelled(&mut self, indent: usize, width: usize, label: &str, text: &str) {
        let label = self.dim(&format!("{label:width$}  "));
        self.column(indent, indent + width + 2, &label, text);
    }

    /// The first line: the program's name, and what it is about.
    pub(crate) fn title(&mut self, name: &str, text: &str) {
        let name_and_gap = self.bold(&format!("{name}  "));
        self.column(0, name.len() + 2, &name_and_gap, text);
    }

    fn column(&mut self, indent: usize, column: usize, lead: &str, text: &str) {
        let mut lead = format!("{:indent$}{lead}", "");
        for line in self.wrapped(text, column) {
            self.push(&[&lead, &line]);
            lead = " ".repeat(column);
        }
    }

    /// A command to paste, on a line of its own and never wrapped.
    pub(crate) fn command(&mut self, column: usize, command: &str) {
        let command = self.paint(AnsiColor::Cyan.on_default(), &start_of_line(command));
        self.push(&[&" ".repeat(column), &command]);
    }

    /// A check: its sign or status word, its title, and what there is to say of it.
    pub(crate) fn check(&mut self, status: Status, title: &str, title_width: usize, note: &str) {
        let (sign, colour) = match status {
            Status::Passed => ("✓", AnsiColor::Green),
            Status::Failed => ("✗", AnsiColor::Red),
            Status::Warned => ("!", AnsiColor::Yellow),
            Status::Skipped => ("-", AnsiColor::BrightBlack),
        };
        let (sign, lead) = if self.style.signs { (sign, 2) } else { (status.word(), 9) };
        let sign = self.paint(colour.on_default().bold(), &format!("{sign:width$}", width = lead - 1));
        if lead + title_width + 2 + note.chars().count() <= self.style.width {
            let title = format!(" {title:title_width$}  ");
            self.push(&[&sign, &title, &self.dim(note)]);
            return;
        }
        self.push(&[&sign, " ", title]);
        for line in self.wrapped(note, lead + 2) {
            self.push(&[&" ".repeat(lead + 2), &self.dim(&line)]);
        }
    }

    /// Whether a status has its sign only, so that words must say it too.
    pub(crate) fn shows_signs(&self) -> bool {
        self.style.signs
    }

    /// The headline of a finding: its title and id.
    pub(crate) fn headline(&mut self, indent: usize, severity: Severity, title: &str, id: &str) {
        let colour = match severity {
            Severity::Error => AnsiColor::Red,
            Severity::Warning => AnsiColor::Yellow,
            Severity::Notice => AnsiColor::Blue,
        };
        let lead = format!("{}: ", severity.word());
        let text = format!("{lead}{title}  [{id}]");
        for line in self.wrapped(&text, indent) {
            let line = self.paint(colour.on_default().bold(), &line);
            self.push(&[&" ".repeat(indent), &line]);
        }
    }

    /// What stands out: the name at the top, the verdict at the bottom.
    pub(crate) fn bold(&self, text: &str) -> String {
        self.paint(Ansi::new().bold(), text)
    }

    /// What stays in the background.
    pub(crate) fn dim(&self, text: &str) -> String {
        self.paint(AnsiColor::BrightBlack.on_default(), text)
    }

    /// A verdict in its colour.
    pub(crate) fn verdict(&self, passed: bool, text: &str) -> String {
        let colour = if passed { AnsiColor::Green } else { AnsiColor::Red };
        self.paint(colour.on_default().bold(), text)
    }

    /// A line put together by the caller from painted parts, the first of them the program's own words.
    pub(crate) fn push(&mut self, parts: &[&str]) {
        let line = parts.concat();
        self.out.push_str(line.trim_end());
        self.out.push('\n');
    }

    fn paint(&self, style: Ansi, text: &str) -> String {
        let words = text.trim_end();
        match self.style.colour && !words.is_empty() {
            true => format!("{style}{words}{style:#}{}", &text[words.len()..]),
            false => text.to_owned(),
        }
    }

    fn wrapped(&self, text: &str, column: usize) -> Vec<String> {
        let options = Options::new(self.style.width.saturating_sub(column).max(NARROWEST))
            .break_words(false)
            .word_separator(WordSeparator::AsciiSpace)
            .word_splitter(WordSplitter::NoHyphenation);
        textwrap::wrap(text, options).iter().map(|line| start_of_line(line)).collect()
    }
}
