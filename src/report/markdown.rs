//! Text from outside in Markdown: every character that could mean something is written as an HTML entity, which holds in
//! paragraphs, table cells and HTML alike, and can never start or end a structure (CommonMark, section 2.5).

use super::told::Piece;
use super::visible::one_line;
use std::fmt::Write;

/// What stands for itself in the middle of a line; everything else in ASCII but letters and digits is spelled.
const PLAIN: &str = " ,;/-().?=%+'";

/// Shows a text as it is, on one line.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in one_line(text).chars() {
        if letter.is_ascii() && !letter.is_ascii_alphanumeric() && !PLAIN.contains(letter) {
            let _ = write!(escaped, "&#{};", u32::from(letter));
        } else {
            escaped.push(letter);
        }
    }
    escaped
}

/// Shows a value in the letters of code.
pub(crate) fn code(text: &str) -> String {
    format!("<code>{}</code>", escape(text))
}

/// Shows words in which names stand between backticks, as the catalogue writes them.
pub(crate) fn words(text: &str) -> String {
    let parts = text.split('`').enumerate();
    parts.map(|(index, part)| if index % 2 == 0 { spaced(part) } else { code(part) }).collect()
}

/// Escapes a part of a sentence and keeps the spaces at its ends.
fn spaced(part: &str) -> String {
    let space = |is: bool| if is { " " } else { "" };
    match part.trim().is_empty() {
        true => space(!part.is_empty()).to_owned(),
        false => format!("{}{}{}", space(part.starts_with(' ')), escape(part), space(part.ends_with(' '))),
    }
}

/// A step of a cure as an item of a numbered list, its commands in fences.
pub(crate) fn step(number: usize, pieces: &[Piece]) -> String {
    let mut lead = format!("{number}. ");
    let indent = " ".repeat(lead.len());
    let mut item = String::new();
    for piece in pieces {
        match piece {
            Piece::Prose(text) => item.push_str(&format!("{lead}{}\n", words(text))),
            Piece::Command(command) => {
                let run = if lead.trim().is_empty() { String::new() } else { format!("{lead}Run\n") };
                let fence = "`".repeat(longest_run(command).max(2) + 1);
                item.push_str(&format!("{run}\n{indent}{fence}sh\n{indent}{command}\n{indent}{fence}\n"));
            }
        }
        lead = indent.clone();
    }
    item
}

/// The longest row of backticks in a text.
fn longest_run(text: &str) -> usize {
    text.split(|letter| letter != '`').map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{escape, step, words};
    use crate::report::told::Piece;

    #[test]
    fn nothing_of_a_text_means_anything() {
        assert_eq!(escape("a|b `c` <d> [e](f) *g*"), "a&#124;b &#96;c&#96; &#60;d&#62; &#91;e&#93;(f) &#42;g&#42;");
        assert_eq!(escape("x\n```\n</details>"), "x &#96;&#96;&#96; &#60;/details&#62;");
    }

    #[test]
    fn names_between_backticks_are_code() {
        assert_eq!(words("Set `A_B` and go."), "Set <code>A&#95;B</code> and go.");
    }

    #[test]
    fn a_command_stands_in_a_fence_it_cannot_end() {
        let command = Piece::Command("az x ``` y".to_owned());
        assert_eq!(step(1, &[command]), "1. Run\n\n   ````sh\n   az x ``` y\n   ````\n");
    }
}
