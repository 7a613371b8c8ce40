//! The failures page: made from the catalogue, and held equal to it.
//!
//! `BLESS=1 cargo test --test suite failures_page` writes it.

use acr_preflight::catalogue::{self, Failure, Symptom};
use acr_preflight::explain::{codes, heading};
use std::fmt::Write;
use std::fs;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/.github/failures.md");

/// Writes a text with angle brackets, so that Markdown shows them.
fn prose(text: &str) -> String {
    let outside_code = |(index, part): (usize, &str)| match index % 2 {
        0 => part.replace('<', "\\<").replace('*', "\\*"),
        _ => format!("`{part}`"),
    };
    text.split('`').enumerate().map(outside_code).collect()
}

fn section(failure: &Failure) -> String {
    let mut text = format!(
        "### {}\n\n**{}** ({})\n\n{}\n\n",
        failure.id,
        failure.title,
        failure.severity.word(),
        prose(failure.cause)
    );
    let wordings: Vec<_> = failure
        .symptoms
        .iter()
        .flat_map(|symptom| match symptom {
            Symptom::Says(wordings)
            | Symptom::SaysOfRegistry(wordings)
            | Symptom::HintsOfRegistry(wordings)
            | Symptom::SaysOfEntra(wordings)
            | Symptom::SaysOfArm(wordings)
            | Symptom::SaysOfData(wordings)
            | Symptom::SaysOfDockerHub(wordings) => *wordings,
            Symptom::Entra(_) | Symptom::Code(_) | Symptom::CodeOfRegistry(_) => &[],
        })
        .map(|wording| format!("- `{wording}`\n"))
        .collect();
    let codes: Vec<_> = codes(failure).iter().map(|code| format!("`{code}`")).collect();
    if !codes.is_empty() {
        let _ = writeln!(text, "Codes: {}\n", codes.join(", "));
    }
    if !wordings.is_empty() {
        let wordings = wordings.concat();
        let _ = writeln!(text, "<details><summary>Seen in logs as</summary>\n\n{wordings}\n</details>\n");
    }
    for (index, step) in
        acr_preflight::finding::Finding::new(catalogue::by_id(failure.id).unwrap()).fix().iter().enumerate()
    {
        let _ = writeln!(text, "{}. {}", index + 1, prose(step));
    }
    let _ = writeln!(text, "\nDocumented in <{}>\n", failure.link);
    text
}

fn page() -> String {
    let mut text = String::from(
        "# Failures\n\nEvery failure that `acr-preflight check` and `acr-preflight diagnose` can name. \
         The names never change; `acr-preflight explain <name>` shows the same words in a terminal.\n",
    );
    let mut family = None;
    for failure in catalogue::all() {
        if family != Some(failure.family) {
            family = Some(failure.family);
            let _ = writeln!(text, "\n## {}\n", heading(failure.family));
        }
        text.push_str(&section(failure));
    }
    while text.ends_with("\n\n") {
        text.pop();
    }
    text.replace("\n\n\n", "\n\n")
}

#[test]
fn the_failures_page_is_current() {
    let wanted = page();
    if std::env::var_os("BLESS").is_some() {
        fs::write(PAGE, &wanted).unwrap();
    }
    let found = fs::read_to_string(PAGE).unwrap_or_default();
    assert!(found == wanted, "the page is not current: BLESS=1 cargo test --test suite failures_page");
}

#[test]
fn each_failure_has_one_anchor() {
    let text = page();
    for failure in catalogue::all() {
        assert_eq!(text.lines().filter(|line| *line == format!("### {}", failure.id)).count(), 1, "{}", failure.id);
    }
}
