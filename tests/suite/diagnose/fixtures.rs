//! Logs of many tools, each with the failure that it shows.

use super::ids;
use acr_preflight::catalogue;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The files of a directory of logs, by name.
fn files(directory: &str) -> Vec<(String, Vec<u8>)> {
    let path: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/logs").join(directory);
    let mut files: Vec<_> = std::fs::read_dir(path)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_stem().unwrap().to_str().unwrap().to_owned(), std::fs::read(&path).unwrap()))
        .collect();
    files.sort();
    assert!(!files.is_empty(), "{directory}");
    files
}

/// The logs of a file, each below a line `=== name`.
fn sections(file: &[u8]) -> Vec<(String, String)> {
    let text = std::str::from_utf8(file).unwrap();
    let sections = text.split("=== ").filter(|section| !section.is_empty());
    sections.map(|section| section.split_once('\n').unwrap()).map(|(name, log)| (name.into(), log.into())).collect()
}

#[test]
fn every_failure_is_named_in_the_words_of_many_tools() {
    for (id, file) in files("named") {
        let logs = sections(&file);
        let tools: BTreeSet<&String> = logs.iter().map(|(tool, _)| tool).collect();
        assert!(tools.len() >= 3, "{id} in the words of {tools:?}");
        for (tool, log) in &logs {
            assert_eq!(ids(log.as_bytes()).first(), Some(&id.as_str()), "{id} in the words of {tool}:\n{log}");
        }
    }
}

#[test]
fn every_failure_that_shows_in_a_log_has_logs_that_show_it() {
    let shown: BTreeSet<String> = files("named").into_iter().map(|(id, _)| id).collect();
    let with_symptoms = catalogue::all().filter(|failure| !failure.symptoms.is_empty());
    let missing: Vec<_> = with_symptoms.map(|failure| failure.id).filter(|id| !shown.contains(*id)).collect();
    assert_eq!(missing, Vec::<&str>::new());
}

#[test]
fn the_failures_of_others_are_left_alone() {
    for (whose, file) in files("silent") {
        for (name, log) in sections(&file) {
            assert_eq!(ids(log.as_bytes()), Vec::<&str>::new(), "{whose}, {name}:\n{log}");
        }
    }
}

#[test]
fn the_failures_of_others_are_left_alone_in_a_log_that_speaks_of_a_registry() {
    for (whose, file) in files("silent") {
        for (name, log) in sections(&file) {
            let gap = "compiling\n".repeat(20);
            let log = format!(
                "$ az acr login --name contosoacr\nLogin Succeeded\n{gap}{log}\n{gap}contosoacr.azurecr.io/app:1 is there\n"
            );
            // A refusal of Docker Hub may be that of an image whose registry was forgotten.
            let told = ids(log.as_bytes());
            let told: Vec<_> = told.into_iter().filter(|id| *id != "image-ref-not-acr").collect();
            assert_eq!(told, Vec::<&str>::new(), "{whose}, {name}:\n{log}");
        }
    }
}

#[test]
fn a_long_log_of_a_build_that_went_well_names_nothing() {
    for (name, log) in files("green") {
        assert_eq!(ids(&log), Vec::<&str>::new(), "{name}");
        let hundredfold = log.repeat(100);
        assert_eq!(ids(&hundredfold), Vec::<&str>::new(), "{name}, a hundred times");
    }
}

#[test]
fn the_cause_is_named_before_what_follows_from_it() {
    for (name, file) in files("causes") {
        for (expected, log) in sections(&file) {
            let expected: Vec<&str> = expected.split(' ').collect();
            assert_eq!(ids(log.as_bytes()), expected, "{name}:\n{log}");
        }
    }
}

#[test]
fn damaged_text_is_read() {
    for (name, log) in files("damaged") {
        let (_, id) = name.rsplit_once('.').unwrap();
        assert_eq!(ids(&log).first(), Some(&id), "{name}");
    }
}

#[test]
fn the_prefixes_of_ci_systems_hide_nothing() {
    let prefixes = [
        "2025-03-04T09:12:33.1234567Z ",
        "2025-03-04T09:12:33.1234567Z ##[error]",
        "2025-03-04T09:12:33.123456789Z stderr F ",
        "\u{1b}[31m",
        "#12 3.214 ",
        "│ ",
        "[2025-03-04T09:12:33.123Z] ",
        "build\tRun docker push\t2025-03-04T09:12:33.1234567Z ",
    ];
    for (id, file) in files("named") {
        for (tool, log) in sections(&file) {
            for prefix in prefixes {
                // What a program says inside of a build must name its host on the same line.
                if prefix.starts_with('#') && log.trim_end().contains('\n') {
                    continue;
                }
                let log: String = log.lines().map(|line| format!("{prefix}{line}\r\n")).collect();
                assert_eq!(
                    ids(log.as_bytes()).first(),
                    Some(&id.as_str()),
                    "{id} of {tool}, behind {prefix:?}:\n{log}"
                );
            }
        }
    }
}
