//! What other processes, and what a crash, may learn of a run.

use super::leaks::Written;
use crate::harness::{PROGRAM, Run, finish, run_in};
use crate::not_tried::not_tried;
use simulated_azure::world::*;
use simulated_azure::{Effect, Fault, Scenario, Simulator, job, scenario};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Writes down what a process that is started can see of the one that started it, then does the work of `then`.
fn spying(name: &str, then: &str) -> String {
    format!(
        "#!/bin/sh\n\
         /bin/cat /proc/$$/cmdline /proc/$PPID/cmdline >>seen/{name}-arguments\n\
         /bin/cat /proc/$$/environ >>seen/{name}-environment\n\
         /bin/cat >seen/{name}-input\n\
         /bin/cat /proc/$$/limits >seen/{name}-limits\n\
         {then}\n"
    )
}

const DOCKER: &str = r#"case "$1" in
  --version) echo "Docker version 28.2.2, build e6534b4" ;;
  version) echo '{"Client":{"Version":"28.2.2","ApiVersion":"1.50"},"Server":{"Version":"28.2.2","ApiVersion":"1.50","MinAPIVersion":"1.24"}}' ;;
esac"#;

/// The inputs as the program's own variables and as those of GitHub's runner; a job that asks docker and its helper.
fn spied(scenario: Scenario) -> (Simulator, Vec<(String, String)>) {
    let helper = r#"echo '{"ServerURL":"contosoacr.azurecr.io","Username":"team-token","Secret":"kept-by-the-helper-0123456789"}'"#;
    let scenario = scenario
        .input("docker", "require")
        .input("INPUT_DOCKER", "require")
        .input("DOCKER_CONFIG", "{folder}/docker")
        .file("docker/config.json", r#"{"credHelpers": {"contosoacr.azurecr.io": "chest"}}"#)
        .file("seen/none", "")
        .program("bin/docker", &spying("docker", DOCKER))
        .program("bin/docker-credential-chest", &spying("helper", helper));
    scenario.start().expect("the simulator starts")
}

#[test]
fn nothing_that_is_started_gets_a_secret_by_argument_environment_or_input() {
    let scenarios =
        ["healthy", "healthy-token-user", "healthy-refresh-token", "healthy-creds", "healthy-action-inputs"];
    for name in scenarios {
        let (simulator, environment) = spied(scenario(name).unwrap());
        let secrets = [SECRET, TOKEN_PASSWORD, "kept-by-the-helper-0123456789"].map(str::to_owned).into_iter();
        let handed: Vec<String> = secrets
            .chain(environment.iter().filter(|(name, _)| name.ends_with("TOKEN")).map(|(_, value)| value.clone()))
            .collect();
        run_in(&simulator, &environment, &["--format", "json"]);
        let mut seen = Written::default();
        for of in ["docker", "helper"] {
            for what in ["arguments", "environment", "input"] {
                let path = simulator.folder().join(format!("seen/{of}-{what}"));
                let text = fs::read(&path).unwrap_or_else(|_| panic!("{name}: {of} was not started"));
                let mut text = String::from_utf8_lossy(&text).into_owned();
                // This variable is Azure's own, which the job gave to everything that it starts.
                if what == "environment" {
                    text = text.split('\0').filter(|set| !set.starts_with("AZURE_CREDENTIALS=")).collect();
                }
                seen.add(&format!("{name}: {of}'s {what}"), text);
            }
        }
        let shown: Vec<String> = handed.iter().filter_map(|secret| seen.shows(secret)).collect();
        assert!(shown.is_empty(), "{shown:?}");
        assert_eq!(fs::read_to_string(simulator.folder().join("seen/helper-input")).unwrap().trim(), LOGIN_SERVER);
        let limits = fs::read_to_string(simulator.folder().join("seen/helper-limits")).unwrap();
        assert!(has_no_dumps(&limits), "{limits}");
    }
}

fn has_no_dumps(limits: &str) -> bool {
    let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    limits.lines().any(|line| words(line).starts_with(&["Max", "core", "file", "size", "0", "0"].map(str::to_owned)))
}

/// Starts the program where dumps are allowed, and waits until it has used its secret and waits for an answer.
fn waiting(simulator: &Simulator, environment: &[(String, String)]) -> std::process::Child {
    simulator.world().fault(Fault::of(LOGIN_SERVER, Effect::Silence).at("/oauth2/exchange"));
    let mut command = job(Path::new("/bin/sh"), simulator, environment);
    command.args(["-c", "ulimit -c unlimited 2>/dev/null; exec \"$0\"", PROGRAM]).stdout(Stdio::null());
    let child = command.stdin(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program starts");
    let begin = Instant::now();
    while !simulator.journal().entries.iter().any(|entry| entry.path == "/oauth2/exchange") {
        assert!(begin.elapsed() < Duration::from_secs(60), "it never asks");
        thread::sleep(Duration::from_millis(5));
    }
    child
}

#[test]
fn a_crash_writes_no_memory_to_a_disk() {
    use std::os::unix::process::ExitStatusExt as _;
    let (simulator, environment) = scenario("healthy").unwrap().start().unwrap();
    let mut child = waiting(&simulator, &environment);
    let limits = fs::read_to_string(format!("/proc/{}/limits", child.id())).unwrap();
    assert!(has_no_dumps(&limits), "{limits}");
    let killed = Command::new("kill").args(["-s", "ABRT", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    let ended = child.wait().unwrap();
    assert_eq!((ended.signal(), ended.core_dumped()), (Some(6), false));
    let mut left = fs::read_dir(simulator.folder()).unwrap().flatten().map(|file| file.file_name());
    assert!(left.all(|name| !name.to_string_lossy().starts_with("core")));
}

/// A process that may not be dumped belongs to root in `/proc`, and nobody else reads its memory or environment.
#[test]
fn no_other_process_of_the_same_user_reads_along() {
    use std::os::unix::fs::PermissionsExt as _;
    let (simulator, mut environment) = scenario("healthy").unwrap().start().unwrap();
    environment.push(("PATH".into(), "/usr/bin:/bin".into()));
    // As a user without rights of its own, who may read whatever else runs under this name. The log never ends.
    let script = r#"sleep 3 & other=$!; sleep 3 | "$0" diagnose - >/dev/null & own=$!; sleep 1
        kill -0 $own && echo "it runs"
        cat /proc/$other/environ >/dev/null && echo "another is read"
        cat /proc/$own/environ >/dev/null && echo "it is read"
        wait"#;
    let mut command = job(Path::new("/bin/sh"), &simulator, &environment);
    let change = r#"exec setpriv --reuid 65534 --regid 65534 --clear-groups -- /bin/sh -c "$0" "$1""#;
    // A copy for everybody: that user may not come into the folder of the sources.
    let folder = tempfile::tempdir().unwrap();
    let everybody = || fs::Permissions::from_mode(0o755);
    fs::set_permissions(folder.path(), everybody()).unwrap();
    let copy = folder.path().join("acr-preflight");
    fs::copy(PROGRAM, &copy).unwrap();
    fs::set_permissions(&copy, everybody()).unwrap();
    command.current_dir("/").args(["-c", change, script]).arg(&copy);
    let run = finish(command, &simulator);
    if !run.stdout.contains("another is read") || !run.stdout.contains("it runs") {
        return not_tried(&format!("no other user can be had: {}", run.stderr.trim()));
    }
    assert!(!run.stdout.contains("it is read"), "{}", run.stdout);
}

/// Where no thread can be had, the libraries below give up: the one failure of the program itself that a test can bring
/// about without help from the program.
#[test]
fn a_failure_of_the_program_itself_says_where_and_nothing_of_what() {
    let (simulator, environment) = scenario("healthy").unwrap().start().unwrap();
    let within = |kilobytes: u32, ci: Option<&str>| -> Run {
        let mut environment = environment.clone();
        environment.extend(ci.map(|name| (name.to_owned(), "true".to_owned())));
        let mut command = job(Path::new("/bin/sh"), &simulator, &environment);
        let script = format!("ulimit -v {kilobytes} && exec \"$0\"");
        command.args(["-c", &script, PROGRAM]);
        finish(command, &simulator)
    };
    for (ci, form) in [
        (None, "acr-preflight: acr-preflight failed"),
        (Some("GITHUB_ACTIONS"), "::error title=acr-preflight::acr-preflight failed"),
        (Some("TF_BUILD"), "##vso[task.logissue type=error"),
    ] {
        let runs: Vec<Run> = (14_000..30_000).step_by(1000).map(|limit| within(limit, ci)).collect();
        let said = |run: &Run| run.stdout.clone() + &run.stderr;
        let failed = |run: &&Run| run.code == Some(3) && said(run).lines().any(|line| line.starts_with(form));
        let codes: Vec<_> = runs.iter().map(|run| run.code).collect();
        assert!(runs.iter().any(|run| failed(&run)), "{ci:?}: {codes:?}");
        for run in runs.iter().filter(failed) {
            assert_eq!(
                said(run).lines().filter(|line| !line.contains("failed itself at src/")).count(),
                0,
                "{}",
                said(run)
            );
            assert!(said(run).ends_with("; nothing was determined\n"), "{}", said(run));
        }
    }
}
