//! The steps of CI: all of them are known and run, and a release makes what the documents name.

mod release;

use std::collections::BTreeSet;
use std::fs;
use std::process::{Command, Output};

/// Runs `.ci/run` with these arguments.
fn run(arguments: &[&str]) -> Output {
    let mut command = Command::new("bash");
    command.arg(".ci/run").args(arguments).env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command.env("HOME", env!("CARGO_TARGET_TMPDIR")).output().expect("bash runs")
}

fn steps() -> BTreeSet<String> {
    fs::read_dir(".ci/steps").unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn every_step_is_known_to_the_command_that_runs_them() {
    let listed = String::from_utf8(run(&["--list"]).stdout).unwrap();
    let names: BTreeSet<String> =
        listed.lines().filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect();
    assert_eq!(names, steps());
    assert!(
        listed.lines().all(|line| line.split_whitespace().count() > 3),
        "a step does not say what it holds: {listed}"
    );
}

#[test]
fn every_step_has_a_job_in_ci_and_comes_before_a_release() {
    let workflow = fs::read_to_string(".github/workflows/ci.yml").unwrap();
    let (_, matrix) = workflow.split_once("        steps: [").expect("the matrix of the steps");
    let jobs: BTreeSet<String> =
        matrix.lines().next().unwrap_or_default().split([',', ' ', ']']).map(str::to_owned).collect();
    let missing: Vec<_> = steps().into_iter().filter(|step| !jobs.contains(step)).collect();
    assert!(missing.is_empty(), "no job of CI runs {missing:?}");
    let release = fs::read_to_string(".github/workflows/release.yml").unwrap();
    assert!(release.contains(" bash .ci/run --all\n"), "a release does not run all steps");
}

#[test]
fn an_unknown_step_is_refused_before_anything_runs() {
    for arguments in [&["fromat"][..], &["format", "fromat"], &["--al"], &["--all", "format"], &["format clippy"]] {
        let output = run(arguments);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{arguments:?}: {said}");
        assert!(said.starts_with("no such step: "), "{arguments:?}: {said}");
    }
}
