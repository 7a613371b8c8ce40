//! The environment as a value: the process's own, or one that a test made.

use crate::secret::Secret;
use std::collections::BTreeMap;

/// The environment variables of a run. Which of them hold secrets nobody can know, so all are treated as if they did.
#[derive(Debug, Clone, Default)]
pub struct Environment(BTreeMap<String, Secret>);

impl Environment {
    /// The environment of this process; text that is not UTF-8 is kept as far as it can be read.
    pub fn of_process() -> Self {
        let text = |text: std::ffi::OsString| text.to_string_lossy().into_owned();
        Self(std::env::vars_os().map(|(name, value)| (text(name), Secret::new(text(value)))).collect())
    }

    /// A variable's value. An empty one counts as not given: the GitHub runner writes every input, given or not.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(Secret::expose).filter(|value| !value.is_empty())
    }

    /// The first of these variables that is given, with its name.
    pub fn first<'a>(&self, names: &[&'a str]) -> Option<(&'a str, &str)> {
        names.iter().find_map(|name| self.get(name).map(|value| (*name, value)))
    }

    /// The variable exists, with or without a value.
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// The names of all variables.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// The variable says yes: `true`, `True`, `1`, `yes`, `on`.
    pub fn says_yes(&self, name: &str) -> bool {
        self.get(name).is_some_and(says_yes)
    }
}

/// A word that means yes: `true`, `1`, `yes`, `on`, in any letter case.
pub fn says_yes(word: &str) -> bool {
    ["true", "1", "yes", "on"].iter().any(|yes| word.trim().eq_ignore_ascii_case(yes))
}

impl<Name: Into<String>, Value: Into<String>> FromIterator<(Name, Value)> for Environment {
    fn from_iter<Pairs: IntoIterator<Item = (Name, Value)>>(pairs: Pairs) -> Self {
        Self(pairs.into_iter().map(|(name, value)| (name.into(), Secret::new(value))).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::Environment;

    #[test]
    fn an_empty_variable_is_not_given() {
        let environment: Environment = [("A", ""), ("B", "b")].into_iter().collect();
        assert_eq!(environment.get("A"), None);
        assert!(environment.has("A"));
        assert_eq!(environment.first(&["A", "B"]), Some(("B", "b")));
    }

    #[test]
    fn debug_output_shows_no_value() {
        let environment: Environment = [("AZURE_CLIENT_SECRET", "hunter2")].into_iter().collect();
        assert_eq!(format!("{environment:?}"), r#"Environment({"AZURE_CLIENT_SECRET": ***})"#);
    }
}
