//! The program on a terminal of its own, as a person sees it.

use crate::harness::PROGRAM;
use simulated_azure::{Scenario, job};
use std::path::Path;
use std::process::Stdio;

/// Runs the program in the world of a scenario on a terminal that util-linux' `script` makes, 120 columns wide, and gives
/// what it wrote there. The line is for the shell; `$PROGRAM` is the program.
pub(crate) fn written(scenario: &Scenario, line: &str, environment: &[(&str, &str)]) -> String {
    let (simulator, of_job) = scenario.start().expect("the simulator starts");
    let mut command = job(Path::new("/usr/bin/script"), &simulator, &of_job);
    command.args(["--quiet", "--return", "--command", line, "/dev/null"]);
    command.env("PROGRAM", PROGRAM).env("SHELL", "/bin/sh").env("PATH", "/usr/bin:/bin");
    command.env("TERM", "xterm-256color").env("LANG", "C.UTF-8").env("COLUMNS", "120");
    command.envs(environment.iter().copied()).stdin(Stdio::null());
    let output = command.output().expect("script (util-linux) makes the terminal of this test");
    String::from_utf8(output.stdout).expect("the screen is UTF-8").replace("\r\n", "\n")
}

/// What stays on the screen: each line as it stood when the last clearing of it was done.
pub(crate) fn settled(written: &str) -> String {
    let last = |line: &str| line.rsplit("\r\u{1b}[2K").next().unwrap_or_default().to_owned() + "\n";
    written.lines().map(last).collect()
}

/// The world in which the registry asks once to wait for a second.
fn slow() -> Scenario {
    simulated_azure::scenario("healthy-throttled-once").expect("the scenario is there")
}

/// What only the line for what is under way says.
const UNDER_WAY: &str = "checking, ";

#[test]
fn a_line_says_what_is_under_way_and_is_gone_when_the_report_comes() {
    let written = written(&slow(), "exec \"$PROGRAM\"", &[]);
    assert!(written.contains(UNDER_WAY) && written.contains("the registry a"), "{written:?}");
    let settled = settled(&written);
    assert!(settled.starts_with("\u{1b}[1macr-preflight\u{1b}[0m  contosoacr.azurecr.io"), "{settled:?}");
    assert!(!settled.contains(UNDER_WAY) && settled.contains("passed"), "{settled:?}");
}

#[test]
fn nobody_else_is_told_what_is_under_way() {
    let program = "exec \"$PROGRAM\"";
    let cases: [(&str, &[(&str, &str)]); 10] = [
        (program, &[("NO_COLOR", "1")]),
        (program, &[("TERM", "dumb")]),
        (program, &[("CI", "true")]),
        (program, &[("GITHUB_ACTIONS", "true")]),
        (program, &[("TF_BUILD", "True")]),
        (program, &[("KUBERNETES_SERVICE_HOST", "10.0.0.1")]),
        ("exec \"$PROGRAM\" --quiet", &[]),
        ("exec \"$PROGRAM\" --format json", &[]),
        ("\"$PROGRAM\" | cat", &[]),
        ("\"$PROGRAM\" 2>errors; cat errors", &[]),
    ];
    std::thread::scope(|scope| {
        for (line, environment) in cases {
            scope.spawn(move || {
                let written = written(&slow(), line, environment);
                assert!(written.contains("passed"), "{line} {environment:?}: {written}");
                assert!(!written.contains(UNDER_WAY) && !written.contains("\u{1b}[2K"), "{line} {environment:?}");
            });
        }
    });
}
