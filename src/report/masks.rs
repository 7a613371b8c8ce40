//! The lines that make a CI system hide secrets in its log, also where a later step of the job prints them.

use super::{Format, azure_pipelines, github};
use crate::secret::Secret;
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;

/// A shorter line is a word of everyday logs; hiding it (the braces of a JSON secret) makes the log unreadable.
const SHORTEST: usize = 6;

/// The mask lines for these secrets, to be written before anything else; empty for formats that no CI system reads.
///
/// A secret of several lines is hidden line by line, so that neither `{` nor `-----BEGIN …` is. GitHub's runner hides the
/// base64 and escaped forms of what it hides; Azure's agent hides no base64, so its three forms are named too.
pub fn masks(format: Format, secrets: &[&Secret]) -> String {
    let lines = secrets.iter().flat_map(|secret| secret.expose().split(['\r', '\n'])).map(str::trim);
    let lines = lines.filter(|line| line.len() >= SHORTEST && !line.starts_with("-----"));
    match format {
        Format::GitHub => lines.map(|line| github::command::command("add-mask", &[], line)).collect(),
        Format::AzurePipelines => lines
            .flat_map(|line| [line.to_owned()].into_iter().chain(base64_forms(line)))
            .map(|form| azure_pipelines::command::command("task.setsecret", &[], &form))
            .collect(),
        Format::Text | Format::Json | Format::Junit | Format::Sarif => String::new(),
    }
}

/// The part of a secret's base64 that is the same whatever stands before and after it, for its three positions in a group
/// of three bytes.
fn base64_forms(secret: &str) -> impl Iterator<Item = String> {
    let bytes = secret.as_bytes();
    (0..3).map(move |shift| {
        let rest = &bytes[shift.min(bytes.len())..];
        STANDARD_NO_PAD.encode(&rest[..rest.len() / 3 * 3])
    })
}

#[cfg(test)]
mod tests {
    use super::{Format, masks};
    use crate::secret::Secret;
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;

    #[test]
    fn a_secret_is_hidden_line_by_line_and_its_braces_are_not() {
        let secret = Secret::new("{\n  \"clientSecret\": \"a%b::c\"\r\n}\n");
        assert_eq!(masks(Format::GitHub, &[&secret]), "::add-mask::\"clientSecret\": \"a%25b::c\"\n");
        assert_eq!(masks(Format::Json, &[&secret]), "");
    }

    #[test]
    fn azure_is_told_a_form_that_every_base64_of_the_secret_holds() {
        let lines = masks(Format::AzurePipelines, &[&Secret::new("s3cret~value")]);
        let forms: Vec<_> = lines.lines().map(|line| line.trim_start_matches("##vso[task.setsecret]")).collect();
        assert_eq!(forms.len(), 4);
        for before in ["", "a", "ab", "abc"] {
            let encoded = STANDARD.encode(format!("{before}s3cret~value:x"));
            assert!(forms.iter().any(|form| encoded.contains(form)), "{encoded} {forms:?}");
        }
    }
}
