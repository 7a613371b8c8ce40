//! What can be wrong with any value, before anybody asks what it means.

use super::reasons::likely_reason;
use crate::catalogue::Severity;
use crate::catalogue::inputs::{INPUT_MALFORMED, INPUT_MISSING};
use crate::finding::Finding;
use crate::inputs::ci::CiContext;
use crate::inputs::given::{Given, Source};
use crate::inputs::table::Input;

/// A value after the first look.
#[derive(Debug, Default)]
pub(super) struct Examined {
    /// The value, cleaned where it could be.
    pub(super) text: Option<String>,
    /// What was wrong with it.
    pub(super) finding: Option<Finding>,
}

/// Examines a setting: white space around it means nothing, as `core.getInput` has it.
pub(super) fn setting(input: &Input, given: &Given, ci: &CiContext) -> Examined {
    let text = given.text().trim();
    match placeholder(text) {
        _ if text.is_empty() => Examined { text: None, finding: Some(blank(input, given, ci)) },
        Some(reason) => Examined { text: None, finding: Some(missing(input, Some(&given.source), &reason, ci)) },
        None => Examined { text: Some(text.to_owned()), finding: None },
    }
}

/// Examines an identifier: white space around it is taken away, but some tools do not, so it is mentioned.
pub(super) fn identifier(input: &Input, given: &Given, ci: &CiContext) -> Examined {
    let mut examined = setting(input, given, ci);
    if examined.text.as_deref().is_some_and(|text| text != given.text()) {
        let reason = "there is white space around it, which some tools send as it is";
        examined.finding = Some(malformed(input, Some(&given.source), reason).severity(Severity::Warning));
    }
    examined
}

/// Examines a secret, which every tool sends as it is. The checks go on with the value that was probably meant.
pub(super) fn secret(input: &Input, given: &Given, ci: &CiContext) -> Examined {
    let text = given.text();
    if text.trim().is_empty() {
        return Examined { text: None, finding: Some(blank(input, given, ci)) };
    }
    if let Some(reason) = placeholder(text.trim()) {
        return Examined { text: None, finding: Some(missing(input, Some(&given.source), &reason, ci)) };
    }
    let (cleaned, mut reasons) = cleaned(text);
    let usable = !cleaned.contains(['\n', '\r']);
    if !usable {
        reasons.push("there is a line break inside it".to_owned());
    }
    let finding = (!reasons.is_empty()).then(|| {
        let finding = malformed(input, Some(&given.source), &reasons.join("; "));
        if usable { finding.fact("checked-with", "the value without that") } else { finding }
    });
    Examined { text: usable.then(|| cleaned.to_owned()), finding }
}

/// An input that the run needs and does not have.
pub(super) fn missing(input: &Input, source: Option<&Source>, reason: &str, ci: &CiContext) -> Finding {
    Finding::new(&INPUT_MISSING)
        .fact("input", input.name)
        .fact("source", source.map(Source::to_string).unwrap_or_default())
        .fact("reason", reason)
        .fact("likely-reason", likely_reason(ci))
}

/// An input whose value cannot be right.
pub(super) fn malformed(input: &Input, source: Option<&Source>, reason: &str) -> Finding {
    Finding::new(&INPUT_MALFORMED)
        .fact("input", input.name)
        .fact("source", source.map(Source::to_string).unwrap_or_default())
        .fact("reason", reason)
}

fn blank(input: &Input, given: &Given, ci: &CiContext) -> Finding {
    missing(input, Some(&given.source), "it is blank", ci)
}

/// Says why a text is no value but a name that nobody replaced, or a word that stands for nothing.
pub(super) fn placeholder(text: &str) -> Option<String> {
    let inside = |open: &str, close: &str| text.strip_prefix(open)?.strip_suffix(close);
    let is_name = |name: &str| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte))
    };
    if text == "null" {
        return Some(
            "it is the word null: a service connection with a certificate has no key, and a JSON field may be empty"
                .to_owned(),
        );
    }
    if text == "undefined" {
        return Some("it is the word undefined, which a script wrote for a value that it did not have".to_owned());
    }
    if !text.is_empty() && text.bytes().all(|byte| byte == b'*') {
        return Some("it is a mask (***), which a log shows in place of a secret".to_owned());
    }
    if let Some(name) = inside("$(", ")").filter(|name| is_name(name)) {
        return Some(format!("it is the text $({name}): Azure Pipelines knows no variable of that name here"));
    }
    if inside("${{", "}}").is_some_and(|inner| !inner.contains("}}")) {
        return Some("it is the text of an expression ${{ … }}, which only a workflow file replaces".to_owned());
    }
    let variable = inside("${", "}")
        .or_else(|| text.strip_prefix("$env:"))
        .or_else(|| text.strip_prefix('$'))
        .or_else(|| inside("%", "%"))?;
    let is_variable =
        is_name(variable) && variable.len() <= 64 && !variable.bytes().any(|byte| byte.is_ascii_lowercase());
    is_variable.then(|| "it is the name of a shell variable, which was not replaced".to_owned())
}

/// Takes away what surrounds a secret by mistake, and says what that was.
fn cleaned(text: &str) -> (&str, Vec<String>) {
    let (mut rest, mut reasons) = (text, Vec::new());
    loop {
        let trimmed = rest.trim_matches(|letter: char| letter.is_whitespace() || is_invisible(letter));
        if trimmed != rest {
            reasons.push(surroundings(rest, trimmed));
            rest = trimmed;
        }
        let quote =
            ['"', '\''].into_iter().find(|quote| rest.len() > 2 && rest.starts_with(*quote) && rest.ends_with(*quote));
        match quote {
            Some(_) => {
                reasons.push("there are quotes around it".to_owned());
                rest = &rest[1..rest.len() - 1];
            }
            None => return (rest, reasons),
        }
    }
}

fn surroundings(text: &str, trimmed: &str) -> String {
    let (before, after) = text.split_once(trimmed).unwrap_or((text, ""));
    let what = |part: &str| match part {
        _ if part.contains(['\n', '\r']) => "a line break",
        _ if part.contains(is_invisible) => "an invisible character",
        _ => "white space",
    };
    match (before, after) {
        ("", after) => format!("it ends with {}", what(after)),
        (before, "") => format!("it begins with {}", what(before)),
        (before, after) => format!("it begins with {} and ends with {}", what(before), what(after)),
    }
}

/// Byte order marks and zero-width characters, which come along when a secret is copied.
fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\0')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inputs::table::CLIENT_SECRET;
    use crate::secret::Secret;

    fn examined(text: &str) -> (Option<String>, Option<&'static str>, String) {
        let given = Given { value: Secret::new(text), source: Source::Platform("AZURE_CLIENT_SECRET") };
        let Examined { text, finding } = secret(&CLIENT_SECRET, &given, &CiContext::default());
        let reason = finding.as_ref().and_then(|finding| finding.value("reason")).unwrap_or_default().to_owned();
        (text, finding.map(|finding| finding.failure.id), reason)
    }

    #[test]
    fn a_value_that_stands_for_nothing_is_missing() {
        for text in [
            "null",
            "undefined",
            "***",
            "$(acrSecret)",
            "$(a.b-c)",
            "${{ secrets.X }}",
            "$SECRET",
            "${SECRET}",
            "$env:SECRET",
            "%SECRET%",
            " \n",
        ] {
            let (value, id, _) = examined(text);
            assert_eq!((value, id), (None, Some("input-missing")), "{text}");
        }
    }

    #[test]
    fn real_secrets_with_odd_letters_are_left_alone() {
        for text in ["abc8Q~d.e-f_g", "$abc8Q~def", "a$(b)c", "-x", "%41", "p\"q", "'", "nullable"] {
            assert_eq!(examined(text), (Some(text.to_owned()), None, String::new()), "{text}");
        }
    }

    #[test]
    fn what_surrounds_a_secret_is_named_and_taken_away() {
        for (text, reason) in [
            ("s3cret\n", "ends with a line break"),
            ("s3cret\r\n", "ends with a line break"),
            (" s3cret", "begins with white space"),
            ("\u{feff}s3cret", "begins with an invisible character"),
            ("\"s3cret\"", "quotes around it"),
            ("'s3cret'\n", "ends with a line break; there are quotes"),
        ] {
            let (value, id, found) = examined(text);
            assert_eq!((value.as_deref(), id), (Some("s3cret"), Some("input-malformed")), "{text:?}");
            assert!(found.contains(reason), "{text:?}: {found}");
        }
    }

    #[test]
    fn a_line_break_inside_a_secret_cannot_be_cleaned() {
        assert_eq!(examined("one\ntwo").0, None);
    }
}
