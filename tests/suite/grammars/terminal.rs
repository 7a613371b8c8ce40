//! What a terminal would do with a text.

use super::weighed;

/// Takes away the colours that the program itself may set (SGR, ECMA-48).
pub(crate) fn without_colours(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        plain.push_str(before);
        let end = after.find(|letter: char| !(letter.is_ascii_digit() || letter == ';'));
        match end.filter(|end| after[*end..].starts_with('m')) {
            Some(end) => rest = &after[end + 1..],
            None => {
                plain.push_str("\u{1b}[");
                rest = after;
            }
        }
    }
    plain + rest
}

/// Whether a text only fills lines: no control character but the line feed, nothing invisible, nothing that turns the
/// direction of writing.
pub(crate) fn is_plain(text: &str) -> bool {
    let shown: String = text.split('\n').collect();
    weighed(&shown) == shown
        && !shown.contains(|letter: char| letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}'))
}
