//! Runs the program in a simulated world, in an environment of its own, and reads its report.

use serde_json::Value;
use simulated_azure::{Journal, Scenario, Simulator, job};
use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// The program under test.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_acr-preflight");

/// The file, in the folder of the simulation, that a run may be told to write its report into.
pub(crate) const REPORT: &str = "report.json";

/// A run of the program that came to its end.
pub(crate) struct Run {
    /// The exit code; none where the program had to be stopped.
    pub(crate) code: Option<i32>,
    /// What it wrote.
    pub(crate) stdout: String,
    /// What it complained.
    pub(crate) stderr: String,
    /// What it wrote into the file [`REPORT`], where it was told to.
    pub(crate) file: Option<String>,
    /// What the simulated services saw.
    pub(crate) journal: Journal,
    /// From start to end.
    pub(crate) took: Duration,
}

/// Starts the world of a scenario, runs the program in it and stops both.
pub(crate) fn run(scenario: &Scenario, arguments: &[&str]) -> Run {
    let (simulator, environment) = scenario.start().expect("the simulator starts");
    run_in(&simulator, &environment, arguments)
}

/// Runs the program in a world that is running already.
pub(crate) fn run_in(simulator: &Simulator, environment: &[(String, String)], arguments: &[&str]) -> Run {
    let mut command = job(Path::new(PROGRAM), simulator, environment);
    command.args(arguments);
    finish(command, simulator)
}

/// Runs a command to its end.
pub(crate) fn finish(mut command: Command, simulator: &Simulator) -> Run {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let begin = Instant::now();
    let mut child = command.spawn().expect("the program starts");
    let (stdout, stderr) = (collect(child.stdout.take()), collect(child.stderr.take()));
    let code = wait(&mut child);
    let took = begin.elapsed();
    let text = |collected: thread::JoinHandle<String>| collected.join().unwrap_or_default();
    let file = std::fs::read_to_string(simulator.folder().join(REPORT)).ok();
    Run { code, stdout: text(stdout), stderr: text(stderr), file, journal: simulator.journal(), took }
}

impl Run {
    /// The JSON report, from its file or else from the output.
    pub(crate) fn report(&self) -> Value {
        serde_json::from_str(self.file.as_ref().unwrap_or(&self.stdout)).unwrap_or_default()
    }

    /// The ids of all findings, sorted.
    pub(crate) fn findings(&self) -> Vec<String> {
        let report = self.report();
        let found = report["findings"].as_array().into_iter().flatten();
        let mut ids: Vec<String> = found.filter_map(|finding| finding["id"].as_str().map(str::to_owned)).collect();
        ids.sort();
        ids
    }
}

/// Far above the longest `timeout` of any scenario.
const PATIENCE: Duration = Duration::from_secs(90);

fn wait(child: &mut Child) -> Option<i32> {
    let begin = Instant::now();
    while begin.elapsed() < PATIENCE {
        if let Ok(Some(status)) = child.try_wait() {
            return status.code();
        }
        thread::sleep(Duration::from_millis(2));
    }
    let _ = child.kill();
    let _ = child.wait();
    None
}

fn collect(pipe: Option<impl Read + Send + 'static>) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut text = Vec::new();
        if let Some(mut pipe) = pipe {
            let _ = pipe.read_to_end(&mut text);
        }
        String::from_utf8_lossy(&text).into_owned()
    })
}
