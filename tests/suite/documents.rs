//! The documents: tables and examples in them are written from the code, and every link leads somewhere.
//!
//! `BLESS=1 cargo test --test suite documents` writes what stands between `<!-- generated: … -->` and `<!-- end -->`.

mod links;
mod pictures;
mod tables;

use acr_preflight::catalogue::{self, Failure, Family, Verdict};
use std::fs;

const BEGIN: &str = "<!-- generated: ";
const END: &str = "<!-- end -->";

/// The documents that people read.
const DOCUMENTS: &[&str] = &[
    "README.md",
    "CHANGELOG.md",
    ".github/CONTRIBUTING.md",
    ".github/SECURITY.md",
    ".github/azure-pipelines.md",
    ".github/deploy-gate.md",
    ".github/failures.md",
];

#[test]
fn what_is_generated_is_current() {
    let mut stale = Vec::new();
    for path in DOCUMENTS {
        let found = fs::read_to_string(path).unwrap();
        let wanted = regenerated(&found);
        if std::env::var_os("BLESS").is_some() {
            fs::write(path, &wanted).unwrap();
        } else if found != wanted {
            stale.push(*path);
        }
    }
    assert!(stale.is_empty(), "not current: {}; BLESS=1 cargo test --test suite documents", stale.join(", "));
}

#[test]
fn every_link_leads_somewhere() {
    let broken: Vec<String> = DOCUMENTS.iter().flat_map(|path| links::broken(path)).collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn a_link_that_leads_nowhere_is_noticed() {
    let text = "# One\n[a](#one) [b](#two) [c](missing.md) [d](README.md#inputs) [e](https://example.com)";
    assert_eq!(links::broken_in("x.md", text), ["x.md: #two", "x.md: missing.md"]);
}

#[test]
fn the_readme_tells_the_commands_that_are_run() {
    let readme = fs::read_to_string("README.md").unwrap();
    let step = fs::read_to_string(".ci/steps/test").unwrap();
    for command in ["cargo run -p simulated-azure", "cargo test --workspace"] {
        assert!(readme.contains(command), "the README does not tell: {command}");
    }
    assert!(step.contains("\ncargo test --workspace"), "CI runs another command than the README tells");
}

/// GitHub compares the condition with the ids found, comma separated.
#[test]
fn the_watch_opens_an_issue_for_whatever_ends_and_for_no_outage() {
    let watch = fs::read_to_string(".github/examples/github/expiry-watch.yml").unwrap();
    let (_, condition) = watch.split_once("contains(steps.preflight.outputs.findings, '").expect("a condition");
    let looked_for = condition.split('\'').next().unwrap_or_default();
    let is_an_end = |failure: &Failure| failure.family == Family::Expiry || failure.title.contains("expire");
    let wrong: Vec<_> = catalogue::all()
        .filter(|failure| match failure.id.contains(looked_for) {
            true => failure.verdict == Verdict::Undetermined,
            false => is_an_end(failure),
        })
        .map(|failure| failure.id)
        .collect();
    assert!(wrong.is_empty() && !looked_for.is_empty(), "{looked_for:?} is wrong about {wrong:?}");
}

/// A document with every generated block written anew.
fn regenerated(text: &str) -> String {
    let mut written = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(BEGIN) {
        let (name, inside) = after.split_once(" -->").expect("the end of a mark");
        let (_, behind) = inside.split_once(END).unwrap_or_else(|| panic!("{name} has no end"));
        written.push_str(&format!("{before}{BEGIN}{name} -->\n{}{END}", tables::block(name)));
        rest = behind;
    }
    written + rest
}
