//! What a run costs: wall time against the physical limit, requests, bytes, memory, start, size, and a log's throughput.
//!
//! `cargo bench -p simulated-azure --bench costs` builds the release program and prints; it fails where a figure exceeds its limit.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program that shows something to a person")]

mod log;
mod process;
mod relay;

use process::{Cost, measure};
use relay::Relay;
use simulated_azure::{Scenario, Simulator, job};
use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Duration;

/// Added to each reply of the simulated services.
const DELAY: Duration = Duration::from_millis(50);

/// A push check with a secret waits for so many replies one after the other.
const REPLIES: u32 = 4;

/// What the program itself may take on top of the replies.
const OWN: Duration = Duration::from_millis(60);

/// The length of the log that `diagnose` reads.
const LOG: usize = 256 << 20;

fn main() -> ExitCode {
    let program = release_program();
    let mut too_much = 0;
    let mut say = |what: &str, found: String, limit: Option<(bool, String)>| {
        let verdict = match limit {
            None => String::new(),
            Some((true, limit)) => format!("ok, {limit}"),
            Some((false, limit)) => {
                too_much += 1;
                format!("TOO MUCH, {limit}")
            }
        };
        println!("{what:<44} {found:>14}  {verdict}");
    };

    let size = program.metadata().expect("the program was built").len();
    say("release program", format!("{size} B"), Some((size < 5_000_000, "below 5,000,000 B".to_owned())));

    let start = median(30, || measure(Command::new(&program).arg("--version")));
    let limit = Duration::from_millis(5);
    say("--version", millis(start.wall), Some((start.wall < limit, "below 5 ms".to_owned())));

    let slow = |scenario: Scenario| scenario.world(|world| world.delay = DELAY);
    let one = check(&program, &slow(Scenario::new("one", "One repository.")), 9);
    let limit = DELAY * REPLIES + OWN;
    let fits = one.cost.wall <= limit;
    say(
        "push check, 50 ms a reply",
        millis(one.cost.wall),
        Some((fits, format!("4 replies + 60 ms = {}", millis(limit)))),
    );
    say("  requests", one.requests.to_string(), None);
    say("  bytes sent and received, with TLS", format!("{} B", one.bytes), None);
    let fits = one.cost.peak_kilobytes < 20_000;
    say("  peak memory", format!("{} kB", one.cost.peak_kilobytes), Some((fits, "below 20 MB".to_owned())));

    let names: Vec<String> = (0..200).map(|number| format!("team/service-{number}")).collect();
    let many = Scenario::new("many", "Two hundred repositories.").input("images", &names.join("\n"));
    let many = check(&program, &slow(many), 5);
    let fits = many.cost.wall <= one.cost.wall * 3;
    let times = many.cost.wall.as_secs_f64() / one.cost.wall.as_secs_f64();
    say(
        "the same for 200 repositories",
        millis(many.cost.wall),
        Some((fits, format!("{times:.2} times one, below 3"))),
    );
    say("  requests", many.requests.to_string(), None);

    let fast = check(&program, &Scenario::new("fast", "Nothing added."), 9);
    say("push check, nothing added", millis(fast.cost.wall), None);

    let log = log::write(LOG);
    let diagnose = || measure(Command::new(&program).args(["diagnose", "--format", "json"]).arg(log.path()));
    diagnose();
    let read = median(5, diagnose);
    assert!(read.said.contains("\"unauthorized\""), "{}", read.said);
    let rate = LOG as f64 / 1e6 / read.wall.as_secs_f64();
    say("diagnose, a log of 256 MiB", format!("{rate:.0} MB/s"), Some((rate >= 500.0, "at least 500 MB/s".to_owned())));
    let fits = read.peak_kilobytes < 20_000;
    say("  peak memory", format!("{} kB", read.peak_kilobytes), Some((fits, "below 20 MB".to_owned())));

    for (name, piece, length) in log::HARD {
        let seconds = |bytes: usize| {
            let log = log::repeat(piece, bytes);
            median(3, || measure(Command::new(&program).arg("diagnose").arg(log.path()))).wall.as_secs_f64()
        };
        let (once, whole) = (seconds(length / 4), seconds(*length));
        let growth = whole / once.max(0.02);
        say(
            &format!("  {name}"),
            format!("{:.0} MB/s", *length as f64 / 1e6 / whole),
            Some((growth < 6.0, format!("{growth:.1} times as long for 4 times as much, below 6"))),
        );
    }

    if env::var_os("PATH").is_some_and(|path| env::split_paths(&path).any(|folder| folder.join("az").exists())) {
        compare_with_az(&program);
    } else {
        println!("az acr check-health: not compared, azure-cli is not installed");
    }
    ExitCode::from(u8::from(too_much > 0))
}

/// What a check cost, and what it exchanged.
struct Check {
    cost: Cost,
    requests: usize,
    bytes: u64,
}

/// Runs the check in the world of a scenario, each time in a new process, and takes the median.
fn check(program: &Path, scenario: &Scenario, times: usize) -> Check {
    let (simulator, mut environment) = scenario.start().expect("the simulator starts");
    let relay = Relay::to(simulator.https_address());
    for (name, value) in &mut environment {
        if name == "ACR_PREFLIGHT_LOOPBACK_PORT" {
            *value = relay.port().to_string();
        }
    }
    let run = |simulator: &Simulator| {
        let cost = measure(job(program, simulator, &environment).args(["--format", "json"]));
        assert_eq!(cost.code, Some(0), "{}: {}", scenario.name, cost.said);
        cost
    };
    run(&simulator);
    let (requests, bytes) = (simulator.journal().entries.len(), relay.bytes());
    Check { cost: median(times, || run(&simulator)), requests, bytes }
}

/// The cost of the middle one by wall time.
fn median(times: usize, mut run: impl FnMut() -> Cost) -> Cost {
    let mut costs: Vec<Cost> = (0..times).map(|_| run()).collect();
    costs.sort_by_key(|cost| cost.wall);
    costs.swap_remove(times / 2)
}

fn millis(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}

/// The program as it is released, built now.
fn release_program() -> PathBuf {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut build = Command::new(cargo);
    build.args(["build", "--quiet", "--release", "--locked", "--bin", "acr-preflight"]).current_dir(&workspace);
    assert!(build.status().expect("cargo starts").success(), "the program could not be built");
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace.join("target"), PathBuf::from);
    target.join("release/acr-preflight").canonicalize().expect("the program was built")
}

/// Both in the same world, one after the other; Azure's own check asks less and takes longer.
fn compare_with_az(program: &Path) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../bench/az-check-health");
    match Command::new(script).arg(program).arg(env!("CARGO_BIN_EXE_simulated-azure")).status() {
        Ok(status) if status.success() => {}
        other => eprintln!("az acr check-health: not compared, {other:?}"),
    }
}
