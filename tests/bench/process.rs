//! The cost of one process: wall time and the most memory it ever held.

use std::fs;
use std::io::Read;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// What a process took.
pub(crate) struct Cost {
    /// From start to end.
    pub(crate) wall: Duration,
    /// The high-water mark of its resident memory, as Linux counts it.
    pub(crate) peak_kilobytes: u64,
    /// Its exit code.
    pub(crate) code: Option<i32>,
    /// What it wrote.
    pub(crate) said: String,
}

/// Runs a command to its end.
///
/// The high-water mark is read while the process runs: what `wait4` reports of a child begins with the memory of its
/// parent.
pub(crate) fn measure(command: &mut Command) -> Cost {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let ended = AtomicBool::new(false);
    let begin = Instant::now();
    let mut child = command.spawn().expect("the program starts");
    let status = format!("/proc/{}/status", child.id());
    let mut said = String::new();
    thread::scope(|scope| {
        let watch = scope.spawn(|| {
            let mut peak = 0;
            while !ended.load(Ordering::Relaxed) {
                peak = peak.max(high_water(&status).unwrap_or_default());
                thread::sleep(Duration::from_millis(1));
            }
            peak
        });
        child.stdout.take().expect("a pipe").read_to_string(&mut said).expect("text");
        let code = child.wait().expect("the program ends").code();
        let wall = begin.elapsed();
        ended.store(true, Ordering::Relaxed);
        Cost { wall, peak_kilobytes: watch.join().expect("the watch ends"), code, said }
    })
}

fn high_water(status: &str) -> Option<u64> {
    let text = fs::read_to_string(status).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}
