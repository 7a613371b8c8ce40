//! Makes text from outside harmless to whoever reads it: terminals, the log readers of CI systems, eyes.

use std::fmt::Write;

/// The longest value that the formats for people show; JSON shows all of it.
const LONGEST: usize = 2_000;

/// Letters that are letters to Unicode and nothing to the eye (Hangul fillers).
const FILLERS: [char; 4] = ['\u{115f}', '\u{1160}', '\u{3164}', '\u{ffa0}'];

/// Shows a text on one line: white space of any kind is a space, and what cannot be seen is spelled (`\u{1b}`).
///
/// Two `#` never stand together afterwards: `##[` and `##vso[` are commands anywhere in a line of GitHub's and Azure
/// Pipelines' logs, `##teamcity[` of TeamCity's. A visible backslash parts them, since both readers compare strings by
/// culture and may skip characters that cannot be seen.
pub fn one_line(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut length = 0;
    let mut letters = text.trim().chars().peekable();
    while let Some(letter) = letters.next() {
        if length >= LONGEST {
            shown.push('…');
            break;
        }
        length += 1;
        match letter {
            '\r' if letters.peek() == Some(&'\n') => {}
            '#' if shown.ends_with('#') => shown.push_str(r"\#"),
            _ if letter.is_whitespace() => shown.push(' '),
            _ if is_seen(letter) => shown.push(letter),
            _ => {
                let _ = write!(shown, "\\u{{{:x}}}", u32::from(letter));
            }
        }
    }
    shown
}

/// Whether a character can be seen where it stands: neither control nor format character, neither private nor unknown.
pub(crate) fn is_seen(letter: char) -> bool {
    let printable = || matches!(letter, '\'' | '"' | '\\') || letter.escape_debug().len() == 1;
    letter == ' ' || (letter.is_alphanumeric() || printable()) && !FILLERS.contains(&letter)
}

/// Keeps a line from starting a command of GitHub's runner, which trims it before it looks for `::`.
pub(crate) fn start_of_line(text: &str) -> String {
    match text.starts_with("::") {
        true => format!(r"\{text}"),
        false => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{one_line, start_of_line};

    #[test]
    fn a_line_break_of_any_kind_is_a_space() {
        assert_eq!(one_line("a\r\nb\rc\nd\te\u{2028}f\u{85}g\u{a0}h"), "a b c d e f g h");
    }

    #[test]
    fn what_cannot_be_seen_is_spelled() {
        assert_eq!(
            one_line("a\u{1b}[31mb\u{200b}c\u{202e}d\u{ad}e\u{3164}f"),
            r"a\u{1b}[31mb\u{200b}c\u{202e}d\u{ad}e\u{3164}f"
        );
    }

    #[test]
    fn words_of_other_languages_stay_as_they_are() {
        assert_eq!(one_line("Schlüssel für CI – 密钥、é"), "Schlüssel für CI – 密钥、é");
    }

    #[test]
    fn a_command_in_the_middle_of_a_line_is_parted() {
        assert_eq!(one_line("a ##[error]b ###vso[x.y]"), r"a #\#[error]b #\#\#vso[x.y]");
    }

    #[test]
    fn a_command_at_the_start_of_a_line_is_preceded() {
        assert_eq!(start_of_line("::set-output name=a::b"), r"\::set-output name=a::b");
        assert_eq!(start_of_line("a::b"), "a::b");
    }

    #[test]
    fn an_endless_value_is_cut() {
        assert_eq!(one_line(&"x".repeat(5_000)).chars().count(), 2_001);
    }
}
