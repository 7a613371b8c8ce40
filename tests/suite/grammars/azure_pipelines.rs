//! Azure Pipelines' logging commands, as the agent's `Command` parses them, and its formatting lines.

use super::{Command, lines, pairs, weighed};

/// Every command of a log, read strictly; a keyword that is no legal command counts as one named `illegal`, because the
/// agent warns of it.
pub(crate) fn commands(log: &str) -> Vec<Command> {
    lines(log).iter().filter_map(|line| command(line).or_else(|| command(&weighed(line)))).collect()
}

/// `##vso[area.event key=value;key=value]data` anywhere in the line.
pub(crate) fn command(line: &str) -> Option<Command> {
    let (_, rest) = split_ignoring_case(line, "##vso")?;
    let illegal = || Command { name: "illegal".to_owned(), properties: Default::default(), data: line.to_owned() };
    let Some((info, data)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) else {
        return Some(illegal());
    };
    let (name, properties) = info.split_once(' ').unwrap_or((info, ""));
    if name.split('.').count() != 2 || name.split('.').any(str::is_empty) {
        return Some(illegal());
    }
    Some(Command { name: name.to_lowercase(), properties: pairs(properties, ';', decode), data: decode(data) })
}

/// Every formatting line: its keyword and the words behind it.
pub(crate) fn formats(log: &str) -> Vec<(String, String)> {
    let formats = lines(log).into_iter().filter_map(|line| {
        let (keyword, words) =
            weighed(&line).split_once("##[")?.1.split_once(']').map(|(a, b)| (a.to_owned(), b.to_owned()))?;
        Some((keyword, words))
    });
    formats.collect()
}

/// The agent decodes data with the table of the properties.
fn decode(value: &str) -> String {
    let value = value.replace("%3B", ";").replace("%0D", "\r").replace("%0A", "\n").replace("%5D", "]");
    value.replace("%AZP25", "%")
}

fn split_ignoring_case<'a>(line: &'a str, keyword: &str) -> Option<(&'a str, &'a str)> {
    let start = line.to_ascii_lowercase().find(keyword)?;
    Some((&line[..start], &line[start + keyword.len()..]))
}

/// The vector of the agent's own tests.
#[test]
fn the_reader_of_logging_commands_knows_the_agents_own_vector() {
    let read = command("x ##vso[area.event k1=%3B=%0D=%0A=%5D%AZP25;]%3B-%0D-%0A-%5D%AZP253B").expect("a command");
    assert_eq!((read.name.as_str(), read.property("k1")), ("area.event", ";=\r=\n=]%"));
    assert_eq!(read.data, ";-\r-\n-]%3B");
    assert_eq!(command("##vso[task]x").expect("a warning").name, "illegal");
    assert_eq!(command("##[error]x"), None);
}
