//! A value that was given, and where: the one look-up behind every input.

use super::environment::Environment;
use super::files::Files;
use super::table::{INPUTS, Input};
use crate::secret::Secret;
use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::Path;

/// Where a value was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// An option of the command line.
    Option(&'static str),
    /// A variable meant for this program: `INPUT_…` or `ACR_PREFLIGHT_…`.
    Variable(String),
    /// A variable that the platform or other tools use too.
    Platform(&'static str),
    /// A file that a platform's variable names.
    File {
        /// The variable.
        variable: &'static str,
        /// The file it names.
        path: String,
    },
}

impl Source {
    /// The user gave it to this program, and it is not there for other tools as well.
    pub fn is_explicit(&self) -> bool {
        matches!(self, Self::Option(_) | Self::Variable(_))
    }
}

impl fmt::Display for Source {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Option(name) => write!(out, "--{name}"),
            Self::Variable(name) => out.write_str(name),
            Self::Platform(name) => out.write_str(name),
            Self::File { variable, path } => write!(out, "{path} ({variable})"),
        }
    }
}

/// A value as it was given, unchanged; it may be a secret, so it never shows itself.
#[derive(Debug, Clone)]
pub struct Given {
    /// The value.
    pub value: Secret,
    /// Where it was given.
    pub source: Source,
}

impl Given {
    /// The value as text, for the one who parses it.
    pub fn text(&self) -> &str {
        self.value.expose()
    }
}

/// A file that was named but could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadableFile {
    /// What named it.
    pub source: Source,
    /// Its path.
    pub path: String,
    /// Why, in the system's words.
    pub why: String,
}

impl UnreadableFile {
    pub(super) fn new(source: Source, path: &str, error: &io::Error) -> Self {
        let why = match error.kind() {
            io::ErrorKind::NotFound => "no such file".to_owned(),
            io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
            _ => error.to_string(),
        };
        Self { source, path: path.to_owned(), why }
    }
}

/// Every value given, by the input's name.
#[derive(Debug, Clone, Default)]
pub struct Values {
    given: BTreeMap<&'static str, Given>,
    emptied: BTreeMap<&'static str, Source>,
    unreadable: BTreeMap<&'static str, UnreadableFile>,
}

impl Values {
    /// Looks every input up: option, `INPUT_…`, `ACR_PREFLIGHT_…`, the platform's own variable.
    pub fn look_up(options: &BTreeMap<&'static str, String>, environment: &Environment, files: &dyn Files) -> Self {
        let mut values = Self::default();
        // The GitHub runner writes every declared input, given or not; elsewhere an empty variable was meant to be one.
        let runner_wrote_all = INPUTS.iter().all(|input| environment.has(&runner_name(input)));
        for input in INPUTS {
            for (source, text) in candidates(input, options, environment) {
                if text.is_empty() {
                    let says_nothing =
                        runner_wrote_all && matches!(&source, Source::Variable(name) if name.starts_with("INPUT_"));
                    if !says_nothing {
                        values.emptied.entry(input.name).or_insert(source);
                    }
                    continue;
                }
                match read_if_named(source, text, files) {
                    Ok(given) => values.given.insert(input.name, given).is_none(),
                    Err(unreadable) => values.unreadable.insert(input.name, unreadable).is_none(),
                };
                break;
            }
        }
        values
    }

    /// The value of an input, where one was given.
    pub fn get(&self, input: &Input) -> Option<&Given> {
        self.given.get(input.name)
    }

    /// Where an input was named with an empty value although nobody had to name it.
    pub fn emptied(&self, input: &Input) -> Option<&Source> {
        self.emptied.get(input.name).filter(|_| !self.given.contains_key(input.name))
    }

    /// The file that was to hold this input's value and could not be read.
    pub fn unreadable(&self, input: &Input) -> Option<&UnreadableFile> {
        self.unreadable.get(input.name)
    }
}

/// `INPUT_CLIENT-ID`: the runner replaces blanks only, and hyphens stay.
fn runner_name(input: &Input) -> String {
    format!("INPUT_{}", input.name.to_ascii_uppercase())
}

/// The places where a value may stand, in the order in which they count, empty ones included.
fn candidates<'a>(
    input: &'static Input,
    options: &'a BTreeMap<&'static str, String>,
    environment: &'a Environment,
) -> Vec<(Source, &'a str)> {
    let underscored = input.name.to_ascii_uppercase().replace('-', "_");
    let own = [runner_name(input), format!("INPUT_{underscored}"), format!("ACR_PREFLIGHT_{underscored}")];
    let option = options.get(input.name).map(|text| (Source::Option(input.name), text.as_str()));
    let value = |name: &str| environment.has(name).then(|| environment.get(name).unwrap_or_default());
    let own = own.into_iter().filter_map(|name| value(&name).map(|text| (Source::Variable(name), text)));
    let platform = platform_variables(input, environment)
        .into_iter()
        .filter_map(|name| value(name).map(|text| (Source::Platform(name), text)));
    option.into_iter().chain(own).chain(platform).collect()
}

/// The value that the user gave to this program alone, without the platform's variables.
pub(super) fn explicit<'a>(
    input: &'static Input,
    options: &'a BTreeMap<&'static str, String>,
    environment: &'a Environment,
) -> Option<(Source, &'a str)> {
    candidates(input, options, environment).into_iter().find(|(source, text)| source.is_explicit() && !text.is_empty())
}

/// The platform's variables of an input, in the order in which they count.
///
/// A service connection (`servicePrincipalId`, …) comes with a proof of its own. A bare `AZURE_CLIENT_ID` beside it
/// belongs to something else, and mixing the two would sign in nobody.
fn platform_variables(input: &Input, environment: &Environment) -> Vec<&'static str> {
    let mut names = input.variables.to_vec();
    let own_proof = ["AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PATH", "AZURE_FEDERATED_TOKEN_FILE"];
    let connection = environment.get("servicePrincipalId").and(environment.first(&["servicePrincipalKey", "idToken"]));
    let is_of_connection = names.iter().any(|name| ["servicePrincipalId", "tenantId"].contains(name));
    if is_of_connection && connection.is_some() && environment.first(&own_proof).is_none() {
        names.rotate_left(1);
    }
    names
}

fn read_if_named(source: Source, text: &str, files: &dyn Files) -> Result<Given, UnreadableFile> {
    match source {
        Source::Platform(variable @ "AZURE_FEDERATED_TOKEN_FILE") => {
            let source = Source::File { variable, path: text.to_owned() };
            match files.read(Path::new(text)) {
                // Kubernetes writes the token without a line break, people with one.
                Ok(bytes) => Ok(Given { value: Secret::new(String::from_utf8_lossy(&bytes).trim()), source }),
                Err(error) => Err(UnreadableFile::new(source, text, &error)),
            }
        }
        source => Ok(Given { value: Secret::new(text), source }),
    }
}

#[cfg(test)]
mod tests {
    use super::super::files::Shelf;
    use super::super::table::{CLIENT_ID, CLIENT_SECRET, FEDERATED_TOKEN, INPUTS};
    use super::*;

    fn look_up(options: &[(&'static str, &str)], variables: &[(&str, &str)]) -> Values {
        let options = options.iter().map(|(name, text)| (*name, (*text).to_owned())).collect();
        Values::look_up(&options, &variables.iter().copied().collect(), &Shelf::default())
    }

    fn client_id(options: &[(&'static str, &str)], variables: &[(&str, &str)]) -> (String, String) {
        let values = look_up(options, variables);
        let given = values.get(&CLIENT_ID).unwrap();
        (given.text().to_owned(), given.source.to_string())
    }

    #[test]
    fn an_option_comes_before_every_variable() {
        let variables = [
            ("INPUT_CLIENT-ID", "hyphen"),
            ("INPUT_CLIENT_ID", "underscore"),
            ("ACR_PREFLIGHT_CLIENT_ID", "own"),
            ("AZURE_CLIENT_ID", "platform"),
            ("servicePrincipalId", "connection"),
        ];
        assert_eq!(client_id(&[("client-id", "option")], &variables).0, "option");
        for (gone, expected) in [(0, "hyphen"), (1, "underscore"), (2, "own"), (3, "platform"), (4, "connection")] {
            assert_eq!(client_id(&[], &variables[gone..]).0, expected);
        }
    }

    #[test]
    fn an_empty_value_lets_the_next_place_speak() {
        let found = client_id(&[("client-id", "")], &[("INPUT_CLIENT-ID", ""), ("AZURE_CLIENT_ID", "platform")]);
        assert_eq!(found, ("platform".to_owned(), "AZURE_CLIENT_ID".to_owned()));
    }

    #[test]
    fn a_service_connection_is_not_mixed_with_a_stray_client_id() {
        let variables = [("AZURE_CLIENT_ID", "stray"), ("servicePrincipalId", "sp"), ("servicePrincipalKey", "key")];
        assert_eq!(client_id(&[], &variables).0, "sp");
        let complete = [("AZURE_CLIENT_ID", "own"), ("AZURE_CLIENT_SECRET", "s"), ("servicePrincipalId", "sp")];
        assert_eq!(client_id(&[], &complete).0, "own");
    }

    #[test]
    fn an_emptied_variable_is_remembered_unless_the_runner_wrote_all_of_them() {
        assert!(look_up(&[], &[("INPUT_CLIENT-SECRET", "")]).emptied(&CLIENT_SECRET).is_some());
        let all: Vec<_> = INPUTS.iter().map(|input| (runner_name(input), String::new())).collect();
        let all: Vec<_> = all.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        assert!(look_up(&[], &all).emptied(&CLIENT_SECRET).is_none());
        let and_own = [all, vec![("AZURE_CLIENT_SECRET", "")]].concat();
        assert!(look_up(&[], &and_own).emptied(&CLIENT_SECRET).is_some());
    }

    #[test]
    fn the_federated_token_is_read_from_the_file_that_kubernetes_names() {
        let variables: Environment = [("AZURE_FEDERATED_TOKEN_FILE", "/var/run/token")].into_iter().collect();
        let files: Shelf = [("/var/run/token", "a.b.c\n")].into_iter().collect();
        let values = Values::look_up(&BTreeMap::new(), &variables, &files);
        assert_eq!(values.get(&FEDERATED_TOKEN).unwrap().text(), "a.b.c");
        let values = Values::look_up(&BTreeMap::new(), &variables, &Shelf::default());
        assert_eq!(values.unreadable(&FEDERATED_TOKEN).unwrap().why, "no such file");
    }
}
