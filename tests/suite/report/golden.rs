//! One sample a format, as the reader gets it; `BLESS=1 cargo test` writes them anew.

use super::sample;
use acr_preflight::report::outputs::github_file;
use acr_preflight::report::{Format, Style, Verbosity, render, render_diagnosis, summary, termination_message};
use std::path::Path;

#[test]
fn every_format_looks_as_its_sample() {
    let log = Style::default();
    let terminal = Style { signs: true, width: 80, verbosity: Verbosity::Verbose, ..Style::default() };
    let (mixed, passed, diagnosis) = (sample::mixed(), sample::passed(), sample::diagnosis());
    let workflow = Style { workflow: Some(".github/workflows/build.yml".to_owned()), ..Style::default() };
    let samples = [
        ("text.txt", render(Format::Text, &mixed, &log)),
        ("text-passed.txt", render(Format::Text, &passed, &log)),
        ("text-terminal.txt", render(Format::Text, &mixed, &terminal)),
        ("text-diagnosis.txt", render_diagnosis(Format::Text, &diagnosis, &log)),
        ("github.txt", render(Format::GitHub, &mixed, &log)),
        ("github-passed.txt", render(Format::GitHub, &passed, &log)),
        ("github-diagnosis.txt", render_diagnosis(Format::GitHub, &diagnosis, &log)),
        ("github-outputs.txt", github_file(&mixed, "ghadelimiter_0").expect("no value holds it")),
        ("summary.md", summary::render(&mixed)),
        ("summary-passed.md", summary::render(&passed)),
        ("summary-diagnosis.md", summary::render_diagnosis(&diagnosis)),
        ("azure-pipelines.txt", render(Format::AzurePipelines, &mixed, &log)),
        ("azure-pipelines-warned.txt", render(Format::AzurePipelines, &sample::warned(), &log)),
        ("report.json", render(Format::Json, &mixed, &log)),
        ("diagnosis.json", render_diagnosis(Format::Json, &diagnosis, &log)),
        ("junit.xml", render(Format::Junit, &mixed, &log)),
        ("report.sarif", render(Format::Sarif, &mixed, &workflow)),
        ("termination-message.txt", termination_message(&mixed)),
    ];
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut changed = Vec::new();
    for (name, text) in samples {
        let text = text.replace(&format!("\"{}\"", env!("CARGO_PKG_VERSION")), "\"VERSION\"");
        let file = folder.join(name);
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(&file, &text).expect("the sample can be written");
        } else if std::fs::read_to_string(&file).unwrap_or_default() != text {
            changed.push(format!("--- {name} is now\n{text}"));
        }
    }
    assert!(changed.is_empty(), "{}\nIf that is meant: BLESS=1 cargo test golden", changed.join("\n"));
}
