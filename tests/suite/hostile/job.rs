//! Jobs on a small machine: the program with a limit to its memory, and one that is asked to stop.

use crate::harness::{PROGRAM, Run, finish};
use simulated_azure::{Simulator, job};
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

/// The address space that a run may take, in KiB: a fraction of what a gzip bomb unpacks to. A program that needs more
/// is aborted, which is no exit code of its own.
const MOST_MEMORY: u32 = 700_000;

/// Runs the program within [`MOST_MEMORY`].
pub(super) fn run(simulator: &Simulator, environment: &[(String, String)], arguments: &[&str]) -> Run {
    let mut command = job(Path::new("/bin/sh"), simulator, environment);
    let script = format!("ulimit -v {MOST_MEMORY} && exec \"$0\" \"$@\"");
    command.args(["-c", &script, PROGRAM]).args(arguments);
    finish(command, simulator)
}

/// Runs the program, sends it a signal as soon as something has happened, and tells how long it lived after that.
pub(super) fn interrupted(
    simulator: &Simulator,
    environment: &[(String, String)],
    signal: &str,
    happened: impl Fn() -> bool + Send,
) -> (Run, Duration) {
    let pid = simulator.folder().join("pid");
    let mut command = job(Path::new("/bin/sh"), simulator, environment);
    command.args(["-c", "echo $$ > pid && exec \"$0\" \"$@\"", PROGRAM, "--format", "json"]);
    thread::scope(|scope| {
        let run = scope.spawn(|| {
            let run = finish(command, simulator);
            (run, Instant::now())
        });
        let patience = Instant::now() + Duration::from_secs(60);
        while !happened() && Instant::now() < patience {
            thread::sleep(Duration::from_millis(5));
        }
        let begin = Instant::now();
        let number = std::fs::read_to_string(&pid).expect("the shell wrote its number");
        let sent = Command::new("kill").args(["-s", signal, number.trim()]).status().expect("kill is there");
        assert!(sent.success());
        let (run, ended) = run.join().unwrap();
        (run, ended - begin)
    })
}
