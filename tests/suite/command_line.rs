//! The command line from the outside: help, exit codes, annotations, files, signals.

use crate::harness::PROGRAM;
use crate::not_tried::not_tried;
use simulated_azure::scenarios;
use std::io::{Read, Write};
use std::net::UdpSocket;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// The program without any environment; where it asks for a name, nobody answers.
fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(PROGRAM);
    command.env_clear().env("ACR_PREFLIGHT_NAMESERVER", "127.0.0.1:1").args(arguments).stdin(Stdio::null());
    command
}

fn output(command: &mut Command) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code(), text(stdout), text(stderr))
}

#[test]
fn help_and_version_are_answers_and_no_failures() {
    let (code, help, stderr) = output(&mut program(&["--help"]));
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
    for input in acr_preflight::inputs::table::INPUTS {
        assert!(help.contains(&format!("--{} ", input.name)), "{} is not in the help", input.name);
    }
    for word in ["Who signs in", "Examples:", "Exit codes:", "diagnose", "explain"] {
        assert!(help.contains(word), "{word}");
    }
    let version = format!("acr-preflight {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(output(&mut program(&["--version"])), (Some(0), version, String::new()));
}

#[test]
fn an_unknown_option_ends_with_2_and_is_annotated_where_a_ci_reads() {
    let (code, stdout, stderr) = output(&mut program(&["--regsitry", "contosoacr"]));
    assert_eq!((code, stdout.as_str()), (Some(2), ""));
    assert!(stderr.contains("--regsitry") && stderr.contains("--registry") && stderr.contains("--help"), "{stderr}");
    for (variable, mark) in [("GITHUB_ACTIONS", "::error "), ("TF_BUILD", "##vso[task.logissue type=error")] {
        let (code, stdout, _) = output(program(&["--regsitry", "contosoacr"]).env(variable, "true"));
        assert_eq!(code, Some(2));
        assert!(stdout.contains(mark) && stdout.contains("--regsitry"), "{stdout}");
    }
}

#[test]
fn words_that_may_be_parts_of_a_secret_are_not_repeated() {
    for arguments in [&["--password", "correct", "hunter2"][..], &["--pasword=hunter2"], &["hunter2"], &["-hunter2"]] {
        for variable in ["GITHUB_ACTIONS", "TF_BUILD", "NOTHING"] {
            let (_, stdout, stderr) = output(program(arguments).env(variable, "true"));
            assert!(!stdout.contains("hunter2") && !stderr.contains("hunter2"), "{arguments:?}: {stdout}{stderr}");
        }
    }
}

#[test]
fn the_runners_hyphens_are_read_and_the_form_follows_the_ci() {
    let (code, stdout, _) = output(
        program(&[])
            .env("GITHUB_ACTIONS", "true")
            .env("INPUT_REGISTRY", "")
            .env("INPUT_CLIENT-ID", "not-a-guid")
            .env("INPUT_TENANT-ID", "")
            .env("INPUT_CLIENT-SECRET", "s3cret-of-nobody"),
    );
    assert_eq!(code, Some(2));
    assert!(stdout.contains("::error title=") && stdout.contains("client-id"), "{stdout}");
    let (code, stdout, _) = output(program(&["--format", "json"]).env("GITHUB_ACTIONS", "true"));
    let report: serde_json::Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!((code, &report["result"], &report["exit_code"]), (Some(2), &"invalid".into(), &2.into()));
}

#[test]
fn outputs_summary_and_report_are_written_beside_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let (code, _, stderr) = output(
        program(&["--registry", "acr", "--report"])
            .arg(path("report.json"))
            .env("GITHUB_ACTIONS", "true")
            .env("GITHUB_OUTPUT", path("output"))
            .env("GITHUB_STEP_SUMMARY", path("summary.md")),
    );
    assert_eq!((code, stderr.as_str()), (Some(2), ""));
    let read = |name: &str| std::fs::read_to_string(path(name)).unwrap();
    let report: serde_json::Value = serde_json::from_str(&read("report.json")).unwrap();
    assert_eq!(report["findings"][0]["id"], "registry-name-invalid");
    assert!(read("summary.md").contains("registry"));
    let outputs = read("output");
    let delimiter = outputs.lines().next().unwrap().strip_prefix("result<<").unwrap();
    assert!(
        delimiter.len() > 30 && outputs.contains(&format!("exit-code<<{delimiter}\n2\n{delimiter}\n")),
        "{outputs}"
    );
}

#[test]
fn a_report_that_cannot_be_written_is_no_success() {
    let (code, _, stderr) = output(&mut program(&["--fail-on", "never", "--report", "/nowhere/report.json"]));
    assert_eq!(code, Some(2));
    assert!(stderr.contains("/nowhere/report.json could not be written: No such file"), "{stderr}");
}

/// Of four open files three are taken, and the fourth is not enough to wait for anything.
#[test]
fn a_run_that_cannot_be_started_says_why_where_it_is_read() {
    for (variable, form) in [
        ("NOTHING", "acr-preflight: "),
        ("GITHUB_ACTIONS", "::error title=acr-preflight::"),
        ("TF_BUILD", "##vso[task.logissue type=error;]"),
    ] {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", "ulimit -n 4 && exec \"$0\"", PROGRAM]).stdin(Stdio::null());
        let (code, stdout, stderr) = output(command.env_clear().env(variable, "true"));
        let said = stdout + &stderr;
        assert_eq!(code, Some(3), "{said}");
        assert!(said.starts_with(&format!("{form}the run could not be started: Too many open files")), "{said}");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_failure_of_the_tool() {
    let mut child = program(&["explain"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let mut complaints = String::new();
    child.stderr.take().unwrap().read_to_string(&mut complaints).unwrap();
    assert_eq!((child.wait().unwrap().code(), complaints.as_str()), (Some(0), ""));
}

#[test]
fn the_handbook_explains_codes_and_the_choice_of_the_credential() {
    let (code, stdout, _) = output(&mut program(&["explain", "AADSTS7000222"]));
    assert_eq!(code, Some(0));
    assert!(stdout.starts_with("secret-expired"), "{stdout}");
    let (code, stdout, _) = output(&mut program(&["explain", "auth"]));
    assert_eq!(code, Some(0));
    assert!(stdout.contains("docker-config") && stdout.contains("managed-identity"), "{stdout}");
    assert_eq!(output(&mut program(&["explain", "no-such-thing"])).0, Some(2));
}

#[test]
fn a_signal_ends_a_run_that_waits_for_standard_input() {
    let mut child = program(&["--images-from", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(stopped_by(&mut child, "TERM"), Some(3));
}

#[test]
fn a_signal_ends_a_run_at_once_with_what_is_known() {
    for signal in ["TERM", "INT"] {
        let silent = UdpSocket::bind("127.0.0.1:0").unwrap();
        let mut command =
            program(&["--registry", "contosoacr", "--auth", "anonymous", "--role", "Owner", "--docker", "skip"]);
        command.env("ACR_PREFLIGHT_NAMESERVER", silent.local_addr().unwrap().to_string());
        let mut child = command.args(["--format", "json"]).stdout(Stdio::piped()).spawn().unwrap();
        // The look-up of the name is the sign that the run is under way.
        silent.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        silent.recv(&mut [0; 512]).unwrap();
        assert_eq!(stopped_by(&mut child, signal), Some(2));
        let mut stdout = String::new();
        child.stdout.take().unwrap().read_to_string(&mut stdout).unwrap();
        let report: serde_json::Value = serde_json::from_str(&stdout).unwrap();
        assert_eq!(report["findings"][0]["id"], "input-malformed");
        let reasons: Vec<&str> =
            report["checks"].as_array().unwrap().iter().filter_map(|check| check["reason"].as_str()).collect();
        assert!(reasons.contains(&"the run was stopped"), "{reasons:?}");
    }
}

/// As the first process of a container, which the kernel lets no signal end unless it listens.
#[test]
fn a_signal_ends_the_first_process_of_a_container() {
    let mut command = Command::new("unshare");
    command.args(["--user", "--map-root-user", "--pid", "--fork", PROGRAM, "--images-from", "-"]);
    let child = command.env_clear().env("PATH", "/usr/bin:/bin:/usr/sbin:/sbin").stdin(Stdio::piped()).spawn();
    let mut child = match child {
        Ok(child) => child,
        Err(error) => return not_tried(&format!("unshare does not start: {error}")),
    };
    std::thread::sleep(Duration::from_millis(500));
    let children = format!("/proc/{0}/task/{0}/children", child.id());
    let first = std::fs::read_to_string(children).unwrap_or_default().trim().to_owned();
    if first.is_empty() {
        child.wait().unwrap();
        return not_tried("namespaces are forbidden");
    }
    let asked = Command::new("kill").args(["-TERM", &first]).status().unwrap();
    assert!(asked.success());
    assert_eq!(ended(&mut child), Some(3));
}

/// Sends a signal; the exit code, had at once.
fn stopped_by(child: &mut Child, signal: &str) -> Option<i32> {
    assert!(Command::new("kill").args([format!("-{signal}"), child.id().to_string()]).status().unwrap().success());
    ended(child)
}

fn ended(child: &mut Child) -> Option<i32> {
    let asked = Instant::now();
    while asked.elapsed() < Duration::from_secs(5) {
        if let Some(status) = child.try_wait().unwrap() {
            return status.code();
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    panic!("the program did not end");
}

/// A line of a build that failed.
const LOG: &str = "ERROR: AADSTS7000222: The provided client secret keys for app '***' are expired.\n";

#[test]
fn a_log_is_diagnosed_from_a_file_a_pipe_or_the_inputs_of_the_action() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("build.log");
    std::fs::write(&log, LOG).unwrap();
    let named = program(&["diagnose", "--format", "json"]).arg(&log).output().unwrap();
    let mut piped = program(&["diagnose", "--format", "json", "-"]);
    piped.env("ACR_PREFLIGHT_IMAGES_FROM", "-").stdin(std::fs::File::open(&log).unwrap());
    let mut asked = program(&["--format", "json"]);
    asked.env("GITHUB_ACTIONS", "true").env("INPUT_MODE", "diagnose").env("INPUT_LOG", &log);
    for output in [named, piped.output().unwrap(), asked.output().unwrap()] {
        let diagnosis: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!((output.status.code(), &diagnosis["findings"][0]["id"]), (Some(0), &"secret-expired".into()));
    }
}

#[test]
fn a_log_is_read_whatever_else_the_job_s_environment_holds() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("build.log");
    std::fs::write(&log, LOG).unwrap();
    let mut command = program(&["diagnose", "--format", "json"]);
    command.arg(&log).env("SSL_CERT_FILE", "/host/only.pem").env("AZURE_AUTHORITY_HOST", "http://elsewhere.example");
    let (code, stdout, stderr) = output(command.env("ACR_PREFLIGHT_TIMEOUT", "soon"));
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
    let diagnosis: serde_json::Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!(diagnosis["findings"][0]["id"], "secret-expired");
}

#[test]
fn a_full_disk_is_no_success() {
    for arguments in [&["explain"][..], &["--version"], &["diagnose", "-"], &["--format", "json", "--fail-on", "never"]]
    {
        let full = std::fs::File::create("/dev/full").unwrap();
        let child = program(arguments).stdout(full).stderr(Stdio::piped()).spawn().unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("standard output could not be written"));
    }
}

#[test]
fn a_command_line_that_was_not_understood_fails_whatever_fail_on_says() {
    for format in ["text", "json", "github"] {
        let mut command = program(&["--registri", "contosoacr"]);
        command.env("ACR_PREFLIGHT_FORMAT", format).env("INPUT_FAIL-ON", "never");
        assert_eq!(output(&mut command).0, Some(2), "{format}");
    }
}

#[test]
fn a_diagnosis_stands_in_summary_and_report_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("build.log"), LOG).unwrap();
    let mut command = program(&["diagnose"]);
    command
        .arg(path("build.log"))
        .arg("--report")
        .arg(path("report.json"))
        .env("GITHUB_STEP_SUMMARY", path("summary.md"));
    assert_eq!(output(&mut command).0, Some(0));
    for name in ["summary.md", "report.json"] {
        assert!(std::fs::read_to_string(path(name)).unwrap().contains("secret-expired"), "{name}");
    }
}

#[test]
fn azure_pipelines_is_handed_a_summary_of_a_check_and_of_a_log() {
    for (arguments, word) in
        [(&["--registry", "acr"][..], "registry-name-invalid"), (&["diagnose", "-"], "no documented")]
    {
        let folder = tempfile::tempdir().unwrap();
        let mut command = program(arguments);
        command.env("TF_BUILD", "True").env("AGENT_TEMPDIRECTORY", folder.path());
        let (_, stdout, stderr) = output(&mut command);
        let path = stdout.lines().find_map(|line| line.strip_prefix("##vso[task.uploadsummary]"));
        let path = path.unwrap_or_else(|| panic!("{stdout}{stderr}"));
        assert!(Path::new(path).starts_with(folder.path()), "{path}");
        assert!(std::fs::read_to_string(path).unwrap().contains(word), "{arguments:?}");
        // A report for a machine is alone on standard output.
        let (_, stdout, _) = output(command.args(["--format", "json"]));
        assert!(serde_json::from_str::<serde_json::Value>(&stdout).is_ok(), "{stdout}");
    }
}

#[test]
fn a_log_has_no_outputs_of_a_check() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("build.log"), LOG).unwrap();
    for (variable, mode) in [("GITHUB_ACTIONS", "INPUT_MODE"), ("TF_BUILD", "ACR_PREFLIGHT_MODE")] {
        let mut command = program(&[]);
        command.env(variable, "true").env(mode, "diagnose").env("ACR_PREFLIGHT_LOG", path("build.log"));
        let (code, stdout, _) = output(command.env("GITHUB_OUTPUT", path("output")));
        assert_eq!(code, Some(0));
        assert!(stdout.contains("secret-expired") && !stdout.contains("setvariable"), "{stdout}");
        assert!(!path("output").exists());
    }
}

#[test]
fn a_log_that_cannot_be_read_or_was_not_named_is_unusable() {
    let (code, stdout, _) = output(program(&["diagnose", "/nowhere/build.log"]).env("GITHUB_ACTIONS", "true"));
    assert_eq!(code, Some(2));
    assert!(stdout.starts_with("::error "), "{stdout}");
    let (code, stdout, _) = output(program(&["--format", "json"]).env("INPUT_MODE", "diagnose"));
    let report: serde_json::Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!((code, &report["findings"][0]["facts"]["input"]), (Some(2), &"log".into()));
}

#[test]
fn the_images_of_a_deploy_come_from_standard_input() {
    let scenario = scenarios().into_iter().find(|scenario| scenario.name == "healthy").unwrap();
    let (simulator, environment) = scenario.start().unwrap();
    let mut command = simulated_azure::job(Path::new(PROGRAM), &simulator, &environment);
    command.env_remove("ACR_PREFLIGHT_IMAGES").args(["--images-from", "-", "--format", "json"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let manifest =
        "containers: [{image: contosoacr.azurecr.io/team/app:1.0}, {image: contosoacr.azurecr.io/team/gone:1}]";
    child.stdin.take().unwrap().write_all(manifest.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let ids: Vec<&str> =
        report["findings"].as_array().unwrap().iter().map(|finding| finding["id"].as_str().unwrap()).collect();
    assert_eq!((output.status.code(), ids), (Some(1), vec!["image-not-found"]));
}

#[test]
fn a_file_that_cannot_be_used_is_named_and_its_name_starts_no_command() {
    let name = "/nowhere/build\n::error::forged.log";
    for arguments in [&["diagnose", name][..], &["diagnose", "-", "--report", name]] {
        for format in ["text", "github"] {
            let (_, stdout, stderr) = output(program(arguments).args(["--format", format]));
            let said = [stdout, stderr].concat();
            assert!(said.contains("/nowhere/build"), "{said}");
            assert!(!said.lines().any(|line| line.starts_with("::error::")), "{said}");
        }
    }
}
