//! The links of a document: files that exist, headings that are there.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The links of a document that lead nowhere, as `document: link`.
pub(super) fn broken(path: &str) -> Vec<String> {
    broken_in(path, &fs::read_to_string(path).unwrap())
}

pub(super) fn broken_in(path: &str, text: &str) -> Vec<String> {
    let folder = Path::new(path).parent().unwrap();
    let leads_nowhere = |link: &String| {
        if link.contains("://") || link.starts_with("mailto:") {
            return false;
        }
        let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
        let target = folder.join(file);
        if file.is_empty() {
            return !anchors(text).contains(&anchor.to_owned());
        }
        if !target.exists() {
            return true;
        }
        !anchor.is_empty() && !anchors(&fs::read_to_string(target).unwrap()).contains(&anchor.to_owned())
    };
    links(text).into_iter().filter(leads_nowhere).map(|link| format!("{path}: {link}")).collect()
}

fn links(text: &str) -> Vec<String> {
    let events = Parser::new_ext(text, Options::ENABLE_TABLES);
    let target = |event| match event {
        Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => Some(dest_url.to_string()),
        _ => None,
    };
    events.filter_map(target).collect()
}

/// The anchors of a document's headings, as GitHub makes them.
fn anchors(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    let mut heading: Option<String> = None;
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::Text(words) | Event::Code(words) => heading.iter_mut().for_each(|heading| heading.push_str(&words)),
            Event::End(TagEnd::Heading(_)) => {
                let words = heading.take().unwrap_or_default().to_lowercase().replace(' ', "-");
                let anchor: String = words.chars().filter(|c| c.is_alphanumeric() || "-_".contains(*c)).collect();
                let before = times.entry(anchor.clone()).or_default();
                found.push(if *before == 0 { anchor } else { format!("{anchor}-{before}") });
                *before += 1;
            }
            _ => {}
        }
    }
    found
}
