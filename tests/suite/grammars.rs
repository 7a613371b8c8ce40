//! Readers of what the program writes, made from the readers' own grammars and not from the program's writers.

pub(crate) mod azure_pipelines;
pub(crate) mod github;
pub(crate) mod outputs_file;
pub(crate) mod terminal;

use std::collections::BTreeMap;

/// A command as a CI system understood it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Command {
    /// Its name in lower case: `error`, `task.logissue`.
    pub(crate) name: String,
    /// Its properties; keys in lower case.
    pub(crate) properties: BTreeMap<String, String>,
    /// What stands behind it.
    pub(crate) data: String,
}

impl Command {
    /// A property, empty where it is not there.
    pub(crate) fn property(&self, key: &str) -> &str {
        self.properties.get(key).map_or("", String::as_str)
    }
}

/// Splits a log as .NET's `ReadLine` does: at `\n`, `\r\n` and a lone `\r`.
pub(crate) fn lines(log: &str) -> Vec<String> {
    let mut lines: Vec<_> = log.replace("\r\n", "\n").split(['\r', '\n']).map(str::to_owned).collect();
    if lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}

/// What remains of a line for a comparison by culture, which skips characters that have no weight. The list is longer than
/// ICU's: what passes here passes everywhere.
pub(crate) fn weighed(line: &str) -> String {
    let weightless = |letter: char| {
        matches!(u32::from(letter),
            0x00..=0x08 | 0x0e..=0x1f | 0x7f..=0x9f | 0xad | 0x034f | 0x0600..=0x0605 | 0x061c | 0x06dd | 0x070f
            | 0x0890..=0x0891 | 0x08e2 | 0x115f..=0x1160 | 0x17b4..=0x17b5 | 0x180b..=0x180f | 0x200b..=0x200f
            | 0x202a..=0x202e | 0x2060..=0x206f | 0x3164 | 0xfe00..=0xfe0f | 0xfeff | 0xffa0 | 0xfff0..=0xfffb
            | 0x110bd | 0x110cd | 0x13430..=0x1343f | 0x1bca0..=0x1bca3 | 0x1d173..=0x1d17a | 0xe0000..=0xe0fff)
    };
    line.chars().filter(|letter| !weightless(*letter)).collect()
}

/// Splits `key=value` pairs at a separator; empty parts and pairs without a value are dropped, the last of a key wins.
fn pairs(text: &str, separator: char, decode: fn(&str) -> String) -> BTreeMap<String, String> {
    text.split(separator)
        .filter_map(|pair| pair.split_once('='))
        .filter(|(_, value)| !value.is_empty())
        .map(|(key, value)| (key.to_lowercase(), decode(value)))
        .collect()
}
