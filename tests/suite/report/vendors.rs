//! The vendors' own libraries write the commands, and their parser reads the XML; needs `npm ci` in `tests/vendors`.

use super::sample;
use crate::grammars::{azure_pipelines, github};
use crate::not_tried::not_tried;
use acr_preflight::report::{Format, Style, azure_pipelines as azure, github as ours, render, render_diagnosis};
use serde::Deserialize;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

const CORPUS: &str = include_str!("../../vendors/corpus.json");

/// The commands that `@actions/core` and `azure-pipelines-task-lib` write for a text.
#[derive(Deserialize)]
struct Written {
    github: String,
    mask: String,
    group: String,
    azure: String,
}

/// Runs a script with the vendors' packages; none where they are not installed, which is no excuse in CI.
fn node(script: &str, argument: &Path, input: &str) -> Option<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vendors");
    let installed = folder.join("node_modules").is_dir();
    let mut node = Command::new("node");
    // The task library leaves a key file where it runs.
    node.arg(folder.join(script)).arg(argument).current_dir(env!("CARGO_TARGET_TMPDIR"));
    node.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    let node = node.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let (true, Ok(mut node)) = (installed, node) else {
        not_tried("it needs node, and `npm ci` in tests/vendors");
        return None;
    };
    node.stdin.take().expect("it is piped").write_all(input.as_bytes()).expect("it reads");
    let output = node.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).expect("it writes UTF-8"))
}

#[test]
fn commands_are_escaped_byte_for_byte_as_the_vendors_libraries_do() {
    let Some(output) = node("escape.mjs", Path::new(""), CORPUS) else { return };
    let corpus: Vec<String> = serde_json::from_str(CORPUS).expect("the corpus is a list of texts");
    let written: Vec<Written> =
        serde_json::from_str(output.lines().last().unwrap_or_default()).expect("JSON at the end");
    assert_eq!(written.len(), corpus.len());
    for (text, written) in corpus.iter().zip(written) {
        let properties = [("title", text.clone()), ("file", text.clone()), ("line", "7".to_owned())];
        assert_eq!(ours::command::command("error", &properties, text), written.github, "{text:?}");
        assert_eq!(ours::command::command("add-mask", &[], text), written.mask, "{text:?}");
        assert_eq!(ours::command::command("group", &[], text), written.group, "{text:?}");
        let properties = [("type", "error".to_owned()), ("code", text.clone())];
        assert_eq!(azure::command::command("task.logissue", &properties, text), written.azure, "{text:?}");
    }
}

#[test]
fn every_text_of_the_corpus_comes_back_as_it_was() {
    let corpus: Vec<String> = serde_json::from_str(CORPUS).expect("the corpus is a list of texts");
    for text in corpus {
        let line = ours::command::command("error", &[("title", text.clone())], &text);
        let read = github::commands(&line);
        assert_eq!(read.len(), 1, "{text:?}");
        assert_eq!((read[0].property("title"), &read[0].data), (text.as_str(), &text));
        let line = azure::command::command("task.logissue", &[("code", text.clone())], &text);
        let read = azure_pipelines::commands(&line);
        assert_eq!(read.len(), 1, "{text:?}");
        assert_eq!((read[0].property("code"), &read[0].data), (text.as_str(), &text));
    }
}

#[test]
fn junit_follows_the_schema_that_jenkins_reads_it_by() {
    let mut documents = vec![render_diagnosis(Format::Junit, &sample::diagnosis(), &Style::default())];
    let reports = [sample::passed(), sample::failed(), sample::mixed(), sample::with_errors(3)];
    documents.extend(reports.iter().map(|report| render(Format::Junit, report, &Style::default())));
    let corpus: Vec<String> = serde_json::from_str(CORPUS).expect("the corpus is a list of texts");
    documents.extend(corpus.iter().map(|text| {
        let mut report = sample::mixed();
        sample::findings(&mut report).for_each(|finding| *finding = finding.clone().fact("message", text.clone()));
        report.login_server = Some(text.clone());
        render(Format::Junit, &report, &Style::default())
    }));
    assert_junit(&documents);
}

/// Fails unless each document follows the schema by which Jenkins reads JUnit XML; does nothing where the vendors'
/// packages are not installed.
pub(crate) fn assert_junit(documents: &[String]) {
    let documents = serde_json::to_string(documents).expect("texts have a JSON form");
    node("validate.mjs", &Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/schemas/junit-10.xsd"), &documents);
}
