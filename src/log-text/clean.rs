//! A line of a log as its author meant it: without prefixes, colours, escapes and broken links.

/// What stands before a line of BuildKit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// Which step of the build it is.
    pub number: u32,
    /// A program says it that runs inside of the build, and not BuildKit itself: `#11 3.214 npm error`.
    pub is_inside: bool,
}

/// Cleans one line of a log, appends it to a text, and tells the step of a build that it belongs to.
///
/// Bytes that are no UTF-8 become replacement characters; nothing else is ever added, so a cleaned line is not longer
/// than the line it came from by more than those.
#[inline(never)]
pub fn clean(raw: &[u8], cleaned: &mut String) -> Option<Step> {
    let raw = after_step_name(raw.trim_ascii_end());
    let text = String::from_utf8_lossy(raw);
    let plain = if is_plain(raw) { text } else { without_links(without_colours(&unescaped(&text))).into() };
    let (text, step) = without_prefix(&plain);
    cleaned.push_str(text.trim_end());
    step
}

/// Whether a line holds nothing that must be undone, as most do.
fn is_plain(raw: &[u8]) -> bool {
    let plain = |byte: &u8| matches!(byte, b' '..=b'~') & (*byte != b'\\') & (*byte != b'&');
    raw.iter().all(plain) && memchr::memmem::find(raw, LINK).is_none()
}

/// The middle of a link of Markdown.
const LINK: &[u8] = b"](http";

/// `job\tstep\t2025-03-04T09:12:33.1234567Z text` of `gh run view --log`, without its first two columns.
fn after_step_name(raw: &[u8]) -> &[u8] {
    let mut tabs = memchr::memchr_iter(b'\t', &raw[..raw.len().min(300)]);
    match tabs.nth(1) {
        Some(tab) if raw[tab + 1..].starts_with(b"20") => &raw[tab + 1..],
        _ => raw,
    }
}

/// Undoes the escapes of JSON strings, however deep they are nested, and those of HTML.
fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    // Curly quotes begin with E2.
    while let Some(at) = memchr::memchr3(b'\\', b'&', 0xe2, rest.as_bytes()) {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        let (letter, taken) = if rest.starts_with('\\') { backslash(rest) } else { entity_or_quote(rest) };
        plain.push(letter);
        rest = &rest[taken..];
    }
    plain.push_str(rest);
    plain
}

/// What a run of backslashes and the letter behind it stand for, and how many bytes that is.
fn backslash(text: &str) -> (char, usize) {
    let run = text.len() - text.trim_start_matches('\\').len();
    let after = &text[run..];
    let code = |from: usize, digits: usize, radix: u32| {
        let code = u32::from_str_radix(after.get(from..from + digits)?, radix).ok()?;
        char::from_u32(code).map(|letter| (letter, run + from + digits))
    };
    let found = match after.bytes().next() {
        Some(b'u') => code(1, 4, 16),
        Some(b'x') => code(1, 2, 16),
        Some(b'0') => code(0, 3, 8),
        Some(b'n' | b'r' | b't') => Some((' ', run + 1)),
        Some(quote @ (b'"' | b'\'' | b'`' | b'/')) => Some((char::from(quote), run + 1)),
        _ => None,
    };
    found.unwrap_or(('\\', run))
}

fn entity_or_quote(text: &str) -> (char, usize) {
    const NAMES: &[(&str, char)] = &[
        ("&quot;", '"'),
        ("&#34;", '"'),
        ("&#39;", '\''),
        ("&#x27;", '\''),
        ("&apos;", '\''),
        ("&lt;", '<'),
        ("&gt;", '>'),
        ("&amp;", '&'),
        ("\u{2018}", '\''),
        ("\u{2019}", '\''),
        ("\u{201c}", '"'),
        ("\u{201d}", '"'),
    ];
    let known = NAMES.iter().find(|(name, _)| text.starts_with(name)).map(|(name, letter)| (*letter, name.len()));
    let first = text.chars().next().map(|letter| (letter, letter.len_utf8()));
    known.or(first).unwrap_or(('&', text.len()))
}

/// Drops terminal sequences and other control characters.
fn without_colours(text: &str) -> String {
    // Odd spaces begin with C2, marks of byte order with EF.
    let is_odd = |byte: &u8| matches!(byte, 0..=0x1f | 0x7f | 0xc2 | 0xef);
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|byte| is_odd(&byte)) {
        plain.push_str(&rest[..at]);
        let mut letters = rest[at..].chars();
        match letters.next() {
            Some('\u{1b}') => match letters.clone().next() {
                Some('[') => {
                    letters.next();
                    letters.by_ref().find(|letter| ('\u{40}'..='\u{7e}').contains(letter));
                }
                Some(']') => {
                    letters.by_ref().find(|letter| matches!(letter, '\u{7}' | '\u{1b}'));
                }
                _ => {}
            },
            Some('\t' | '\r' | '\u{a0}') => plain.push(' '),
            Some('\u{feff}') | None => {}
            Some(control) if control.is_control() => {}
            Some(other) => plain.push(other),
        }
        rest = letters.as_str();
    }
    plain.push_str(rest);
    plain
}

/// Puts `[21](https://…)` back to `21`: pages that link numbers tear codes apart.
fn without_links(text: String) -> String {
    if memchr::memmem::find(text.as_bytes(), LINK).is_none() {
        return text;
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(middle) = rest.find("](http") {
        let target = &rest[middle + 2..];
        let Some(end) = target.find([')', ' ', '"']) else { break };
        match rest[..middle].rfind('[') {
            Some(open) => {
                plain.push_str(&rest[..open]);
                plain.push_str(&rest[open + 1..middle]);
            }
            None => plain.push_str(&rest[..middle]),
        }
        rest = &target[end..];
        rest = rest.strip_prefix(')').unwrap_or(rest);
    }
    plain.push_str(rest);
    plain
}

/// Drops what CI systems, container runtimes and build tools put before a line.
fn without_prefix(line: &str) -> (&str, Option<Step>) {
    let mut rest = line;
    let mut step = None;
    for _ in 0..8 {
        let trimmed = rest.trim_start_matches([' ', '│', '┃', '╷', '╵', '|', '>']);
        let marked =
            ["stdout F ", "stderr F ", "stdout P ", "stderr P ", "##[error]", "##[warning]", "##[debug]", "[command]"]
                .into_iter()
                .find_map(|word| trimmed.strip_prefix(word));
        let shorter = match (marked, build_step(trimmed)) {
            (Some(rest), _) => rest,
            (None, Some((rest, of_build))) => {
                step = Some(of_build);
                rest
            }
            (None, None) => after_time(trimmed).unwrap_or(trimmed),
        };
        if shorter.len() == rest.len() {
            break;
        }
        rest = shorter;
    }
    (rest, step)
}

/// `#12 0.345 text` of BuildKit.
fn build_step(text: &str) -> Option<(&str, Step)> {
    let (number, rest) = text.strip_prefix('#')?.split_once(' ')?;
    let number = number.parse().ok()?;
    let seconds = rest.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == '.');
    let is_inside = seconds.len() < rest.len() && seconds.starts_with(' ');
    Some((if is_inside { &seconds[1..] } else { rest }, Step { number, is_inside }))
}

/// A date, a time or both, in brackets or not.
fn after_time(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('[').unwrap_or(text);
    let end = inner.find(|letter: char| !(letter.is_ascii_digit() || "-/:.,TZ+".contains(letter)))?;
    let stamp = &inner[..end];
    let digits = stamp.bytes().filter(u8::is_ascii_digit).count();
    let looks_like_time = digits >= 6 && stamp.bytes().filter(|byte| b":-/".contains(byte)).count() >= 2;
    let rest = inner[end..].trim_start_matches(']');
    (looks_like_time && stamp.starts_with(|letter: char| letter.is_ascii_digit()) && rest.len() < inner.len())
        .then_some(rest)
        .filter(|rest| rest.is_empty() || rest.starts_with(' ') || inner.len() < text.len())
}

#[cfg(test)]
mod tests {
    use super::{Step, clean as clean_into};

    fn cleaned(raw: &[u8]) -> (String, Option<Step>) {
        let mut text = String::new();
        let step = clean_into(raw, &mut text);
        (text, step)
    }

    fn clean(raw: &[u8]) -> String {
        cleaned(raw).0
    }

    #[test]
    fn prefixes_of_ci_systems_and_runtimes_go() {
        for prefix in [
            "2024-05-08T12:36:23.1234567Z ",
            "2024-05-08T12:36:23Z stderr F ",
            "2021/08/12 11:50:06 ",
            "[2021-12-29T14:41:37Z] ",
            "##[error]",
            "2024-05-08T12:36:23.1234567Z ##[error]",
            "#12 0.345 ",
            "#12 ",
            "│ ",
            "> ",
            "23:13:22 [DBG] ",
            "build\tRun docker push\t2025-03-04T09:12:33.1234567Z ",
        ] {
            let cleaned = clean(format!("{prefix}unauthorized: x").as_bytes());
            assert!(cleaned == "unauthorized: x" || cleaned == "[DBG] unauthorized: x", "{prefix}: {cleaned}");
        }
    }

    #[test]
    fn steps_of_a_build_are_told() {
        let step = |line: &str| cleaned(line.as_bytes()).1;
        assert_eq!(step("2024-05-08T12:36:23Z #11 3.214 npm error"), Some(Step { number: 11, is_inside: true }));
        assert_eq!(step("#5 ERROR: not found"), Some(Step { number: 5, is_inside: false }));
        assert_eq!(step("#5: not found"), None);
    }

    #[test]
    fn escapes_go_however_deep() {
        assert_eq!(clean(br#"client with IP \u0027192.0.2.1\u0027 is"#), "client with IP '192.0.2.1' is");
        assert_eq!(clean(br#"{\\\"code\\\":\\\"DENIED\\\"}"#), r#"{"code":"DENIED"}"#);
        assert_eq!(clean(br"one\ntwo\\r\\nthree"), "one two  three");
        assert_eq!(clean(b"&quot;x&quot; &amp; y"), "\"x\" & y");
        assert_eq!(clean(br"\u001b[31mred\u001b[0m"), "red");
    }

    #[test]
    fn colours_and_links_go() {
        assert_eq!(clean(b"\x1b[31;1mERROR\x1b[0m: x"), "ERROR: x");
        assert_eq!(clean(b"AADSTS700[21](https://github.com/o/r)1: No"), "AADSTS700211: No");
        assert_eq!(clean(b"\"[https://h/v2/\"](https://h/v2/%22): EOF"), "\"https://h/v2/\": EOF");
    }

    #[test]
    fn broken_bytes_do_no_harm() {
        assert_eq!(clean(b"a\xff\xfeb"), "a\u{fffd}\u{fffd}b");
        assert_eq!(clean(b"\\"), "\\");
        assert_eq!(clean(b"\\u00"), "\\u00");
        assert_eq!(clean("\\u00é".as_bytes()), "\\u00é");
        assert_eq!(clean(b"\x1b["), "");
    }
}
