//! Shows acr-preflight at work in a simulated Azure, or keeps that Azure running for other clients.
#![expect(clippy::print_stderr, reason = "a program that tells a person what is wrong with the words it was given")]

use simulated_azure::{Listen, Needs, Scenario, Simulator, job, scenario, scenarios};
use std::env;
use std::error::Error;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::time::Duration;

const USAGE: &str = "\
Shows acr-preflight at work in a simulated Azure.

Usage: simulated-azure [SCENARIO] [-- OPTIONS OF ACR-PREFLIGHT]
       simulated-azure --list
       simulated-azure --serve [SCENARIO] [--https PORT] [--dns PORT]

Without a scenario the healthy world is shown. --list names them all. --serve keeps the world of a
scenario running and prints what to export, so that any client can be pointed at it.";

fn main() -> ExitCode {
    let mut arguments: Vec<String> = env::args().skip(1).collect();
    let passed_on = match arguments.iter().position(|argument| argument == "--") {
        Some(at) => arguments.split_off(at).split_off(1),
        None => Vec::new(),
    };
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let mut out = io::stdout();
    let outcome = match words.as_slice() {
        [] => show(&mut out, "healthy", &passed_on),
        ["--list" | "-l"] => list(&mut out),
        ["--help" | "-h"] => help(&mut out),
        ["--serve", rest @ ..] => serve(&mut out, rest),
        [name] if !name.starts_with('-') => show(&mut out, name, &passed_on),
        _ => {
            eprintln!("{USAGE}");
            Ok(ExitCode::from(2))
        }
    };
    outcome.unwrap_or_else(|error| match error.downcast_ref::<io::Error>() {
        // Whoever read this has read enough.
        Some(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        _ => {
            eprintln!("simulated-azure: {error}");
            ExitCode::FAILURE
        }
    })
}

type Outcome = Result<ExitCode, Box<dyn Error>>;

fn help(out: &mut impl Write) -> Outcome {
    writeln!(out, "{USAGE}")?;
    Ok(ExitCode::SUCCESS)
}

/// Runs acr-preflight in the world of a scenario.
fn show(out: &mut impl Write, name: &str, passed_on: &[String]) -> Outcome {
    let scenario = find(name)?;
    if scenario.needs == Needs::Namespace {
        return Err(format!("{name} needs a network namespace; tests/suite/scenarios.rs runs it in one").into());
    }
    let program = program()?;
    let (simulator, environment) = scenario.start()?;
    writeln!(out, "scenario  {}", scenario.name)?;
    writeln!(out, "          {}", scenario.says)?;
    writeln!(out, "expected  {}", expectation(&scenario))?;
    writeln!(out, "the job   in a simulated Azure, with")?;
    let hooks = simulator.env();
    for (name, value) in environment.iter().filter(|(name, _)| !hooks.iter().any(|(hook, _)| hook == name)) {
        writeln!(out, "          {name}={}", shown(value))?;
    }
    writeln!(out)?;
    let mut job = job(&program, &simulator, &environment);
    // The screen is this terminal's, so that the demonstration looks as the program does.
    job.envs(SCREEN.iter().filter_map(|name| Some((name, env::var_os(name)?))));
    let status = job.args(passed_on).status()?;
    let code = status.code().unwrap_or(-1);
    writeln!(out)?;
    for violation in simulator.journal().violations {
        writeln!(out, "The simulated Azure complains: {violation}")?;
    }
    if code == i32::from(scenario.exit_code) {
        writeln!(out, "Exit code {code}, as expected. Other scenarios: cargo run -p simulated-azure -- --list")?;
        Ok(ExitCode::SUCCESS)
    } else {
        writeln!(out, "Exit code {code} instead of {}.", scenario.exit_code)?;
        Ok(ExitCode::FAILURE)
    }
}

/// What the environment says of the terminal.
const SCREEN: &[&str] = &["TERM", "LANG", "LC_ALL", "LC_CTYPE", "COLUMNS", "NO_COLOR", "CI"];

fn expectation(scenario: &Scenario) -> String {
    match scenario.findings.as_slice() {
        [] => format!("exit code {}, nothing found", scenario.exit_code),
        ids => format!("exit code {}, {}", scenario.exit_code, ids.join(" and ")),
    }
}

/// A value as it fits into a line; tokens are long, and these are nobody's.
fn shown(value: &str) -> String {
    let line = value.replace('\n', " ");
    if line.chars().count() > 72 { line.chars().take(69).collect::<String>() + "..." } else { line }
}

fn list(out: &mut impl Write) -> Outcome {
    let all = scenarios();
    let width = all.iter().map(|scenario| scenario.name.len()).max().unwrap_or_default();
    for scenario in &all {
        writeln!(out, "{:width$}  {}", scenario.name, scenario.says)?;
    }
    writeln!(out, "\n{} scenarios. Show one: cargo run -p simulated-azure -- NAME", all.len())?;
    Ok(ExitCode::SUCCESS)
}

/// Keeps the world of a scenario running until the process is stopped.
fn serve(out: &mut impl Write, words: &[&str]) -> Outcome {
    let mut listen = Listen::default();
    let mut name = "healthy";
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match *word {
            "--https" => listen.https = words.next().ok_or("--https wants a port")?.parse()?,
            "--dns" => listen.dns = words.next().ok_or("--dns wants a port")?.parse()?,
            word => name = word,
        }
    }
    let scenario = find(name)?;
    let simulator = Simulator::start_on(scenario.build(), &listen)?;
    writeln!(out, "# {}: {}", scenario.name, scenario.says)?;
    writeln!(out, "# https on {}, names on {}", simulator.https_address(), simulator.nameserver())?;
    for (name, value) in scenario.prepare(&simulator)? {
        writeln!(out, "export {name}='{}'", value.replace('\'', r"'\''"))?;
    }
    writeln!(out, "# Serving until this program is stopped.")?;
    let mut shown = 0;
    loop {
        std::thread::sleep(Duration::from_millis(200));
        let violations = simulator.journal().violations;
        for violation in &violations[shown..] {
            writeln!(out, "# {violation}")?;
        }
        shown = violations.len();
    }
}

fn find(name: &str) -> Result<Scenario, String> {
    scenario(name).ok_or_else(|| {
        let all = scenarios();
        let near: Vec<&str> = all.iter().map(|scenario| scenario.name).filter(|known| known.contains(name)).collect();
        match near.as_slice() {
            [] => format!("there is no scenario {name}; --list names them all"),
            near => format!("there is no scenario {name}, but: {}", near.join(", ")),
        }
    })
}

/// The program to show: built by the Cargo that runs this one, else the one that lies beside this one.
fn program() -> Result<PathBuf, Box<dyn Error>> {
    let beside = env::current_exe()?.with_file_name(format!("acr-preflight{}", env::consts::EXE_SUFFIX));
    if let Some(cargo) = env::var_os("CARGO") {
        let workspace = concat!(env!("CARGO_MANIFEST_DIR"), "/../../Cargo.toml");
        let mut build = Command::new(cargo);
        build.args(["build", "--quiet", "--bin", "acr-preflight", "--manifest-path", workspace]);
        if !cfg!(debug_assertions) {
            build.arg("--release");
        }
        if !build.status()?.success() {
            return Err("acr-preflight could not be built".into());
        }
    }
    if beside.exists() { Ok(beside) } else { Err(format!("there is no {}", beside.display()).into()) }
}
