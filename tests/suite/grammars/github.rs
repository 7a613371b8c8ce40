//! GitHub's workflow commands, as the runner's `ActionCommand` parses them.

use super::{Command, lines, pairs, weighed};

/// The commands that the runner has registered; any other name leaves the line as it is.
const REGISTERED: [&str; 17] = [
    "add-mask",
    "add-matcher",
    "add-path",
    "debug",
    "echo",
    "endgroup",
    "error",
    "group",
    "internal-set-repo-path",
    "notice",
    "remove-matcher",
    "save-state",
    "set-env",
    "set-output",
    "set-repo-path",
    "stop-commands",
    "warning",
];

/// Every command of a log, read strictly: also those that only a comparison by culture sees.
pub(crate) fn commands(log: &str) -> Vec<Command> {
    lines(log).iter().filter_map(|line| command(line).or_else(|| command(&weighed(line)))).collect()
}

/// The command of a line, in the form of today or else the older one.
pub(crate) fn command(line: &str) -> Option<Command> {
    today(line).or_else(|| older(line))
}

/// `::name key=value,key=value::data` at the start of the trimmed line.
fn today(line: &str) -> Option<Command> {
    let (info, data) = line.trim_start().strip_prefix("::")?.split_once("::")?;
    let (name, properties) = info.split_once(' ').unwrap_or((info, ""));
    let properties = pairs(properties, ',', |value| {
        let value = value.replace("%0D", "\r").replace("%0A", "\n").replace("%3A", ":").replace("%2C", ",");
        value.replace("%25", "%")
    });
    let data = data.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%");
    registered(name).map(|name| Command { name, properties, data })
}

/// `##[name key=value;key=value]data` anywhere in the line.
fn older(line: &str) -> Option<Command> {
    let (info, data) = line.split_once("##[")?.1.split_once(']')?;
    let (name, properties) = info.split_once(' ').unwrap_or((info, ""));
    let decode = |value: &str| {
        let value = value.replace("%3B", ";").replace("%0D", "\r").replace("%0A", "\n").replace("%5D", "]");
        value.replace("%25", "%")
    };
    let properties = pairs(properties, ';', decode);
    registered(name).map(|name| Command { name, properties, data: decode(data) })
}

fn registered(name: &str) -> Option<String> {
    let name = name.to_lowercase();
    REGISTERED.contains(&name.as_str()).then_some(name)
}

/// The vectors of the runner's own tests (`ActionCommandL0.cs`).
#[test]
fn the_reader_of_github_commands_knows_the_runners_own_vectors() {
    let read = |line: &str| today(&line.replace("do-something", "debug"));
    let one = read("::do-something k1=;=%2C=%0D=%0A=]=%3A,::;-%0D-%0A-]-:-,").expect("a command");
    assert_eq!((one.property("k1"), one.data.as_str()), (";=,=\r=\n=]=:", ";-\r-\n-]-:-,"));
    let two = read("::do-something k1=;=%252C=%250D=%250A=]=%253A,::;-%250D-%250A-]-:-,").expect("a command");
    assert_eq!((two.property("k1"), two.data.as_str()), (";=%2C=%0D=%0A=]=%3A", ";-%0D-%0A-]-:-,"));
    assert!(read("::do-something k1=,k2=,::").expect("a command").properties.is_empty());
    assert_eq!(read("   ::do-something k1=v1,::msg").expect("a command").property("k1"), "v1");
    assert_eq!(read("   >>>   ::do-something k1=v1,::msg"), None);
    assert_eq!(older(">>>   ##[debug k1=v1;]msg").expect("a command").data, "msg");
    assert_eq!(command("::unknown::x"), None);
}
