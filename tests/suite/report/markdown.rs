//! The summary, read as GitHub reads it: CommonMark with tables.

use pulldown_cmark::{Event, Options, Parser};

/// The structure of a document without its words: what begins and ends, and every piece of HTML.
pub(crate) fn structure(markdown: &str) -> Vec<String> {
    let mut structure = Vec::new();
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH) {
        match event {
            Event::Text(_) | Event::SoftBreak => {}
            Event::Html(html) if html.starts_with("<summary>") => structure.push("summary".to_owned()),
            other => structure.push(format!("{other:?}")),
        }
    }
    structure
}
