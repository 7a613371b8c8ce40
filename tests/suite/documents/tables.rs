//! What the documents take from the code: tables and examples.

use crate::walls::ROOMS;
use acr_preflight::inputs::table::INPUTS;
use acr_preflight::plan::choice::CHOICES;
use std::fs;

/// A generated block by its name: a table's, or the path of an example.
pub(super) fn block(name: &str) -> String {
    let text = match name {
        "inputs" => inputs(),
        "outputs" => outputs(),
        "auth" => auth(),
        "rooms" => rooms(),
        path => example(path),
    };
    format!("\n{}\n\n", text.trim())
}

fn table(head: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut text = format!("| {} |\n|{}\n", head.join(" | "), " --- |".repeat(head.len()));
    for row in rows {
        let cells: Vec<String> = row.iter().map(|cell| cell.replace('|', "\\|")).collect();
        text.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
    text
}

fn code(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

fn inputs() -> String {
    let mut text = String::new();
    let mut group = None;
    for input in INPUTS {
        if group.replace(input.group) == Some(input.group) {
            continue;
        }
        let rows = INPUTS.iter().filter(|other| other.group == input.group).map(|input| {
            let default = if input.default.is_empty() { String::new() } else { code(&[input.default]) };
            vec![code(&[input.name]), input.meaning.to_owned(), default, code(input.variables)]
        });
        text.push_str(&format!("\n**{}**\n\n", input.group.heading()));
        text.push_str(&table(&["input", "meaning", "default", "otherwise taken from"], rows));
    }
    text + "\n"
}

fn outputs() -> String {
    let action = fs::read_to_string("action.yml").unwrap();
    let (_, rest) = action.split_once("\noutputs:\n").expect("outputs in action.yml");
    let (outputs, _) = rest.split_once("\n\n").expect("an empty line after the outputs");
    let mut lines = outputs.lines();
    let mut rows = Vec::new();
    while let (Some(name), Some(meaning)) = (lines.next(), lines.next()) {
        let meaning = meaning.trim().trim_start_matches("description: ").trim_matches('"');
        rows.push(vec![code(&[name.trim().trim_end_matches(':')]), meaning.to_owned()]);
    }
    table(&["output", "meaning"], rows)
}

fn auth() -> String {
    let rows = CHOICES.iter().enumerate().map(|(index, row)| {
        vec![(index + 1).to_string(), code(&[row.auth]), row.needs.to_owned(), row.auto.to_owned()]
    });
    table(&["", "`auth`", "needs", "`auto` takes it"], rows)
}

fn rooms() -> String {
    let rows = ROOMS.iter().map(|room| {
        let used = if room.may_use.is_empty() { "nothing".to_owned() } else { code(room.may_use) };
        vec![code(&[room.name]), used]
    });
    table(&["room", "may use"], rows)
}

fn example(path: &str) -> String {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"));
    format!("\n```yaml\n{}\n```\n\n", text.trim_end())
}
