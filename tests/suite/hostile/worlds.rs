//! The verdict is right in worlds that nobody thought of: drawn at random, and judged by what a push or a pull then does.

mod client;
mod draw;
mod identity;
mod statement;

use acr_preflight::catalogue::Severity;
use acr_preflight::checks;
use acr_preflight::finding::{Outcome, Report, RunResult};
use acr_preflight::inputs::environment::Environment;
use acr_preflight::inputs::files::Disk;
use acr_preflight::inputs::{Gathered, Inputs};
use acr_preflight::plan::Plan;
use acr_preflight::report::{Format, Style, render, termination_message};
use client::{Client, Met};
use draw::{Case, Choices, Weather};
use simulated_azure::world::*;
use simulated_azure::{Simulator, World};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Instant;
use time::OffsetDateTime;

/// How many worlds are tried; `.ci/run hostile` tries ten thousand.
const WORLDS: &str = "ACR_PREFLIGHT_TEST_WORLDS";
/// The number of the first world; every number is one world, the same each time.
const FIRST: &str = "ACR_PREFLIGHT_TEST_FIRST_WORLD";

/// What a verdict is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Worth {
    /// It passed, and the job works.
    RightlyPassed,
    /// It failed, and the job fails.
    RightlyFailed,
    /// It said what it could not check, and that decides.
    SaidUnknown,
}

#[test]
fn the_verdict_is_what_a_push_or_a_pull_then_meets() {
    let number = |name: &str, default| std::env::var(name).map_or(default, |text| text.parse().expect("a number"));
    let (count, first): (u64, u64) = (number(WORLDS, 200), number(FIRST, 1));
    let (next, worths, complaints) = (AtomicU64::new(0), Mutex::new(Vec::new()), Mutex::new(Vec::new()));
    let begin = Instant::now();
    thread::scope(|scope| {
        // More than there are cores: most of a run's time is waiting.
        for _ in 0..32 {
            scope.spawn(|| {
                let simulator = Simulator::start(World::healthy()).expect("the simulator starts");
                let tester = Tester::new(&simulator);
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    if index >= count || complaints.lock().unwrap().len() >= 5 {
                        return;
                    }
                    let choices = Choices::of(first + index);
                    match tester.judge(&choices) {
                        Ok(worth) => worths.lock().unwrap().push(worth),
                        Err(_) => {
                            let complaint = tester.smallest(choices);
                            complaints.lock().unwrap().push(format!("world {}: {complaint}", first + index));
                        }
                    }
                }
            });
        }
    });
    let (worths, complaints) = (worths.into_inner().unwrap(), complaints.into_inner().unwrap());
    let of = |worth| worths.iter().filter(|known| **known == worth).count();
    println!(
        "worlds: {} tried in {:.0} s: {} rightly passed, {} rightly failed, {} said what was not known",
        worths.len() + complaints.len(),
        begin.elapsed().as_secs_f64(),
        of(Worth::RightlyPassed),
        of(Worth::RightlyFailed),
        of(Worth::SaidUnknown),
    );
    assert!(complaints.is_empty(), "{} wrong verdicts:\n{}", complaints.len(), complaints.join("\n\n"));
    // A model in which everything fails, or hardly anything is known, shows nothing.
    let enough = worths.len() / 10;
    assert!(of(Worth::RightlyPassed) > enough && of(Worth::RightlyFailed) > enough, "{worths:?}");
    assert!(of(Worth::SaidUnknown) < enough, "{worths:?}");
}

/// A simulation that takes one world after the other.
struct Tester<'s> {
    simulator: &'s Simulator,
    client: Client<'s>,
    runtime: tokio::runtime::Runtime,
}

impl<'s> Tester<'s> {
    fn new(simulator: &'s Simulator) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let client = runtime.block_on(async { Client::of(simulator) });
        Self { simulator, client, runtime }
    }

    /// Compares the verdict in a world with what then happens.
    fn judge(&self, choices: &Choices) -> Result<Worth, String> {
        let case = draw::case(choices);
        *self.simulator.world() = case.world.clone();
        let report = self.runtime.block_on(checks::run(&self.plan(&case)));
        // What the network did has passed when the job begins.
        self.simulator.world().faults.clear();
        let met = self.runtime.block_on(self.client.work(&case));
        if let Some(differs) = statement::differs(&case, &met) {
            return Err(format!("{case:?}: {differs}, but the job met {met:?}"));
        }
        let worth = worth(&report, &met, case.weather).ok_or_else(|| {
            let findings: Vec<_> = report.findings().map(|(_, finding)| (finding.failure.id, &finding.facts)).collect();
            format!("{:?} for {case:?}, but {met:?}: {findings:?}", report.verdict())
        })?;
        // One format for each world, another for the next.
        let text = match choices.sum() % 7 {
            0 => termination_message(&report),
            other => render(FORMATS[other - 1], &report, &Style::default()),
        };
        for secret in [SECRET, OTHER_SECRET, ADMIN_PASSWORD, TOKEN_PASSWORD, "eyJ0eXAi"] {
            if text.contains(secret) {
                return Err(format!("{}… shows for {case:?}", &secret[..4]));
            }
        }
        Ok(worth)
    }

    fn plan(&self, case: &Case) -> Plan {
        let environment: Environment = self.simulator.env().into_iter().chain(case.variables.clone()).collect();
        match Inputs::from_parts(["acr-preflight".into()], &environment, &Disk, OffsetDateTime::now_utc()) {
            Gathered::Run(inputs) => Plan::from_inputs(&inputs),
            Gathered::Show(text) => panic!("{text}"),
        }
    }

    /// The complaint about the same world with everything taken back that does not matter.
    fn smallest(&self, mut choices: Choices) -> String {
        for place in 0..draw::PLACES {
            let simpler = choices.without(place);
            if simpler != choices && self.judge(&simpler).is_err() {
                choices = simpler;
            }
        }
        self.judge(&choices).err().unwrap_or_else(|| format!("comes and goes: {:?}", draw::case(&choices)))
    }
}

const FORMATS: [Format; 6] =
    [Format::Text, Format::GitHub, Format::AzurePipelines, Format::Json, Format::Junit, Format::Sarif];

/// What a verdict is worth, by what then happened; nothing where it is wrong.
fn worth(report: &Report, met: &Met, weather: Weather) -> Option<Worth> {
    let names_error = report.findings().any(|(_, finding)| finding.severity == Severity::Error);
    let skipped = |id: &str| {
        report
            .checks
            .iter()
            .any(|check| check.id == id && matches!(&check.outcome, Outcome::Skipped(reason) if !reason.is_empty()))
    };
    match (report.verdict(), met) {
        (RunResult::Passed, Met::Nothing) => Some(Worth::RightlyPassed),
        (RunResult::Passed, Met::Lock) if skipped("locks") => Some(Worth::SaidUnknown),
        (RunResult::Failed, Met::Lock | Met::Refusal(_)) if names_error => Some(Worth::RightlyFailed),
        // Nobody may be left in the dark where every service answers.
        (RunResult::Undetermined, _) if weather == Weather::Foul && names_error => Some(Worth::SaidUnknown),
        _ => None,
    }
}
