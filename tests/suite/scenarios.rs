//! Every scenario, from the outside: the program's exit code, its findings to the last one, and what it sent where.

use crate::harness::{REPORT, Run, run};
use acr_preflight::catalogue;
use simulated_azure::world::{
    ADMIN_PASSWORD, IDENTITY_HEADER, OTHER_SECRET, PRIVATE_ADDRESS, PROXY_PASSWORD, PUBLIC_ADDRESS, SECRET,
    TOKEN_PASSWORD,
};
use simulated_azure::{Needs, Scenario, scenarios};
use std::collections::BTreeSet;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

#[test]
fn every_scenario_yields_its_findings_and_no_other() {
    let chosen: Vec<Scenario> = scenarios().into_iter().filter(|scenario| scenario.needs == Needs::Nothing).collect();
    assert_all_hold(&chosen, 16);
}

#[test]
fn every_scenario_that_needs_addresses_of_its_own_yields_its_findings() {
    inside_a_namespace("scenarios::every_scenario_that_needs_addresses_of_its_own_yields_its_findings", || {
        let chosen: Vec<Scenario> =
            scenarios().into_iter().filter(|scenario| scenario.needs == Needs::Namespace).collect();
        assert_all_hold(&chosen, 1);
    });
}

/// Runs the test of this name once more, in a network namespace that has the addresses of the simulated world; there, and
/// only there, its body runs.
pub(crate) fn inside_a_namespace(name: &str, body: impl FnOnce()) {
    if std::env::var_os(INSIDE).is_some() {
        return body();
    }
    let setup = format!(
        "ip link set lo up && ip addr add {PUBLIC_ADDRESS}/32 dev lo && ip addr add {PRIVATE_ADDRESS}/32 dev lo && exec \"$@\""
    );
    let outcome = Command::new("unshare")
        .args(["--map-root-user", "--net", "sh", "-c", &setup, "sh"])
        .arg(std::env::current_exe().unwrap())
        .args([name, "--exact", "--include-ignored", "--nocapture"])
        .env(INSIDE, "1")
        .output();
    match outcome {
        Ok(outcome) => {
            let said = [outcome.stdout, outcome.stderr].concat();
            assert!(outcome.status.success(), "{}", String::from_utf8_lossy(&said));
        }
        Err(error) => panic!("unshare (util-linux) and ip (iproute2) make the namespace of this test: {error}"),
    }
}

/// Set for the copy of a test that runs inside the namespace.
const INSIDE: &str = "SIMULATED_AZURE_IN_NAMESPACE";

#[test]
fn every_failure_that_a_check_concludes_has_a_scenario() {
    let shown: BTreeSet<&str> = scenarios().iter().flat_map(|scenario| scenario.findings.clone()).collect();
    let missing: Vec<&str> = catalogue::all()
        .map(|failure| failure.id)
        .filter(|id| !shown.contains(id) && !ONLY_IN_LOGS.contains(id))
        .collect();
    assert!(missing.is_empty(), "failures without a scenario: {}", missing.join(", "));
}

#[test]
fn every_scenario_has_a_name_of_its_own_and_a_known_failure() {
    let mut names = BTreeSet::new();
    for scenario in scenarios() {
        assert!(names.insert(scenario.name), "{} is there twice", scenario.name);
        assert!(scenario.says.ends_with('.'), "{} says no sentence", scenario.name);
        for id in &scenario.findings {
            assert!(catalogue::by_id(id).is_some(), "{} expects {id}, which nobody declared", scenario.name);
        }
    }
}

/// Failures that only the log of a build can show.
const ONLY_IN_LOGS: &[&str] = &["image-ref-not-acr", "user-rejected"];

/// Runs scenarios and names all that do not hold at once.
fn assert_all_hold(chosen: &[Scenario], at_once: usize) {
    let turns: Vec<(Scenario, &str)> = chosen.iter().cloned().zip(FORMATS.iter().copied().cycle()).collect();
    let complaints = side_by_side(&turns, at_once, complaint);
    let count = complaints.len();
    assert!(complaints.is_empty(), "{count} of {} scenarios do not hold:\n\n{}", chosen.len(), complaints.join("\n\n"));
}

/// Judges several things at once, since most of a run's time is waiting, and collects the complaints, sorted.
pub(crate) fn side_by_side<T: Sync>(
    things: &[T],
    at_once: usize,
    judge: impl Fn(&T) -> Option<String> + Sync,
) -> Vec<String> {
    let (next, complaints) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..at_once {
            scope.spawn(|| {
                while let Some(thing) = things.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Some(complaint) = judge(thing) {
                        complaints.lock().unwrap().push(complaint);
                    }
                }
            });
        }
    });
    let mut complaints = complaints.into_inner().unwrap();
    complaints.sort();
    complaints
}

/// Every format has its turn, so that secrets are looked for in all of them.
const FORMATS: &[&str] = &["text", "github", "azure-pipelines", "json", "junit", "sarif"];

/// Everything that is wrong with a run of the scenario.
fn complaint((scenario, format): &(Scenario, &str)) -> Option<String> {
    let run = run(scenario, &["--format", format, "--report", REPORT, "--verbose"]);
    let mut wrong = Vec::new();
    if run.code != Some(i32::from(scenario.exit_code)) {
        wrong.push(format!("exit code {:?} instead of {}", run.code, scenario.exit_code));
    }
    let mut expected = scenario.findings.clone();
    expected.sort_unstable();
    if run.findings() != expected {
        wrong.push(format!("found {:?} instead of {expected:?}", run.findings()));
    }
    if run.report()["exit_code"] != u64::from(scenario.exit_code) {
        wrong.push(format!("the report says exit code {}", run.report()["exit_code"]));
    }
    wrong.extend(run.journal.violations.iter().map(|violation| format!("violation: {violation}")));
    wrong.extend(run.journal.writes().map(|entry| format!("not read-only: {} {}", entry.method, entry.path)));
    wrong.extend(leaks(&run).map(|secret| format!("shows {}…", &secret[..8])));
    if wrong.is_empty() {
        return None;
    }
    let report = run.report();
    let facts = report["findings"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|finding| format!("\n  | {}: {}", finding["id"].as_str().unwrap_or_default(), finding["facts"]));
    let stderr = run.stderr.lines().take(8).map(|line| format!("\n  | {line}"));
    Some(format!(
        "{} ({format}): {}{}{}",
        scenario.name,
        wrong.join("; "),
        facts.collect::<String>(),
        stderr.collect::<String>()
    ))
}

/// Secrets of the world, and tokens of any kind, in what the program wrote. The lines that tell a CI what to mask hold
/// them rightly.
fn leaks(run: &Run) -> impl Iterator<Item = &'static str> {
    let is_mask = |line: &&str| line.starts_with("::add-mask::") || line.starts_with("##vso[task.setsecret]");
    let written = [&run.stdout, &run.stderr, run.file.as_ref().unwrap_or(&run.stderr)];
    let lines: Vec<String> =
        written.iter().flat_map(|text| text.lines()).filter(|line| !is_mask(line)).map(str::to_owned).collect();
    let secrets = [
        SECRET,
        OTHER_SECRET,
        ADMIN_PASSWORD,
        TOKEN_PASSWORD,
        PROXY_PASSWORD,
        IDENTITY_HEADER,
        "eyJ0eXAiOiJ",
        "eyJhbGciOiJ",
        "simulated-github-request-token",
        "simulated-pipelines-access-token",
        "PRIVATE KEY",
    ];
    secrets.into_iter().filter(move |secret| lines.iter().any(|line| line.contains(secret)))
}
