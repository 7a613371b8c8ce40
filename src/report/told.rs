//! A finding in words for people, harmless to read, before any format gives it a shape.

use super::dates;
use super::visible::one_line;
use crate::catalogue::Severity;
use crate::finding::Finding;
use time::OffsetDateTime;

/// What every format for people says of a finding.
pub(crate) struct Told {
    pub(crate) id: &'static str,
    pub(crate) severity: Severity,
    pub(crate) title: &'static str,
    pub(crate) cause: &'static str,
    /// Labels in words, values on one line each.
    pub(crate) facts: Vec<(String, String)>,
    pub(crate) steps: Vec<Vec<Piece>>,
    pub(crate) link: &'static str,
}

/// A part of a step of the cure.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// Words, names between backticks among them.
    Prose(String),
    /// A command to paste, which no format may wrap.
    Command(String),
}

impl Told {
    /// Tells a finding; dates among its facts are said with their distance from `now`, where that is known.
    pub(crate) fn new(finding: &Finding, now: Option<OffsetDateTime>) -> Self {
        let mut facts: Vec<_> = finding
            .facts
            .iter()
            .map(|fact| {
                let value = now.map_or_else(|| fact.value.clone(), |now| dates::with_distance(&fact.value, now));
                (fact.label.replace('-', " "), one_line(&value))
            })
            .collect();
        if !finding.codes.is_empty() {
            facts.push(("code".to_owned(), one_line(&finding.codes.join(", "))));
        }
        Self {
            id: finding.failure.id,
            severity: finding.severity,
            title: finding.title(),
            cause: finding.cause(),
            facts,
            steps: finding.fix().iter().map(|step| pieces(step)).collect(),
            link: finding.failure.link,
        }
    }

    /// Whether another finding is the same failure with the same cure, so that one telling of it serves both.
    pub(crate) fn has_the_cure_of(&self, other: &Self) -> bool {
        self.id == other.id && self.severity == other.severity && self.steps == other.steps
    }

    /// The cure as lines: numbered where there are several steps, commands indented.
    pub(crate) fn cure(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for (index, step) in self.steps.iter().enumerate() {
            let mut number = if self.steps.len() > 1 { format!("{}. ", index + 1) } else { String::new() };
            for piece in step {
                lines.push(match piece {
                    Piece::Prose(words) => format!("{number}{words}"),
                    Piece::Command(command) if number.is_empty() => format!("    {command}"),
                    Piece::Command(command) => format!("{number}{command}"),
                });
                number.clear();
            }
        }
        lines
    }
}

/// Parts a step into words and commands: a command stands between backticks and has at least two words.
fn pieces(step: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut prose = String::new();
    for (index, part) in step.split('`').enumerate() {
        if index % 2 == 0 {
            prose.push_str(part);
        } else if is_command(part) {
            push_prose(&mut pieces, &prose);
            prose.clear();
            pieces.push(Piece::Command(one_line(part)));
        } else {
            prose.push_str(&format!("`{part}`"));
        }
    }
    push_prose(&mut pieces, &prose);
    pieces
}

/// Words between two commands are kept unless they are only the full stop or comma that followed the first.
fn push_prose(pieces: &mut Vec<Piece>, prose: &str) {
    let prose = if pieces.is_empty() { prose } else { prose.trim_start_matches(['.', ',', ';']) };
    if !prose.trim().is_empty() {
        pieces.push(Piece::Prose(one_line(prose)));
    }
}

/// `az acr login`, `A=b az acr login`; neither `AZURE_CLIENT_ID` nor `id-token: write` nor `Owner of the group`.
fn is_command(code: &str) -> bool {
    let mut words = code.split(' ').skip_while(|word| is_assignment(word));
    let program = words.next().unwrap_or_default();
    let named = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_./".contains(&byte);
    program.starts_with(|first: char| first.is_ascii_lowercase())
        && program.bytes().all(named)
        && words.next().is_some()
}

fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| name.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_'))
}

#[cfg(test)]
mod tests {
    use super::{Piece, is_command, pieces};

    #[test]
    fn a_command_is_told_from_a_name() {
        for command in ["az acr login --name contosoacr", "DOCKER_COMMAND=podman az acr login", "docker version"] {
            assert!(is_command(command), "{command}");
        }
        for name in ["AZURE_CLIENT_ID", "id-token: write", "docker", "Container Registry Repository Writer", "A=b", ""]
        {
            assert!(!is_command(name), "{name}");
        }
    }

    #[test]
    fn commands_are_parted_from_the_words_around_them() {
        let prose = |text: &str| Piece::Prose(text.to_owned());
        let command = |text: &str| Piece::Command(text.to_owned());
        assert_eq!(
            pieces("Make one: `az ad app create`. Store it in `SECRET`, then `az login`."),
            [prose("Make one:"), command("az ad app create"), prose("Store it in `SECRET`, then"), command("az login")]
        );
        assert_eq!(pieces("Ask the owner."), [prose("Ask the owner.")]);
    }
}
