//! The JSON of the contract; its own structs, so that no change inside changes it.

mod v1;

use crate::finding::{Diagnosis, Report};
use serde::Serialize;
use serde_json::ser::{Formatter, PrettyFormatter};
use std::io;

use super::visible::is_seen;

/// Renders a report.
pub(crate) fn render(report: &Report) -> String {
    written(&v1::Report::from(report))
}

/// Renders what a log says.
pub(crate) fn render_diagnosis(diagnosis: &Diagnosis) -> String {
    written(&v1::Diagnosis::from(diagnosis))
}

/// Writes indented JSON whose text nobody who reads the log can take for a command.
pub(crate) fn written(value: &impl Serialize) -> String {
    let mut bytes = Vec::new();
    let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, Harmless(PrettyFormatter::new()));
    match value.serialize(&mut serializer) {
        Ok(()) => String::from_utf8_lossy(&bytes).into_owned() + "\n",
        Err(error) => unreachable!("strings, numbers and lists have a JSON form: {error}"),
    }
}

/// Spells what cannot be seen, and a `#` after a `#` (`##[` and `##vso[` are commands anywhere in a line of a log), as
/// `\u` escapes: the values stay what they are.
struct Harmless(PrettyFormatter<'static>);

impl Formatter for Harmless {
    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut before = ' ';
        for letter in fragment.chars() {
            if is_seen(letter) && !(letter == '#' && before == '#') {
                write!(writer, "{letter}")?;
            } else {
                for unit in letter.encode_utf16(&mut [0; 2]) {
                    write!(writer, "\\u{unit:04x}")?;
                }
            }
            before = letter;
        }
        Ok(())
    }

    fn begin_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_array(writer)
    }

    fn end_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array(writer)
    }

    fn begin_array_value<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(writer, first)
    }

    fn end_array_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array_value(writer)
    }

    fn begin_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object(writer)
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(writer, first)
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object_value(writer)
    }

    fn end_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object_value(writer)
    }
}

#[cfg(test)]
mod tests {
    use super::written;

    #[test]
    fn a_value_survives_and_starts_no_command() {
        let value = "##[error]x ##vso[task.complete]\u{200b}\u{7f}\u{e0001} \"q\" \\ ü";
        let json = written(&[value]);
        assert!(!json.contains("##") && !json.contains('\u{200b}') && !json.contains('\u{7f}'), "{json}");
        assert_eq!(serde_json::from_str::<[String; 1]>(&json).expect("it is JSON"), [value]);
    }
}
