//! Services in trouble: what many jobs at once do to them, and what they do to the verdicts.

use super::job;
use crate::harness::run_in;
use simulated_azure::world::LOGIN_SERVER;
use simulated_azure::{Effect, Fault, Handshake, scenario};
use std::collections::BTreeMap;
use std::thread;
use std::time::Duration;

/// Many jobs of one organisation, and services that fail one request in ten to the end: nobody is told a lie.
#[test]
fn fifty_runs_at_once_against_faulty_services_get_no_wrong_verdict() {
    const RUNS: usize = 50;
    // The second job may not push, and may not be told that it may.
    for (name, right) in [("healthy", 0), ("no-push-permission", 1)] {
        let (simulator, environment) = scenario(name).unwrap().start().unwrap();
        let faults = [Effect::Reset, Effect::Close, Effect::html(503, "busy"), Effect::throttled(1), Effect::Truncated];
        // Five faults, each at one request in fifty, whoever is asked.
        for (number, effect) in (0..).zip(faults) {
            simulator.world().fault(Fault::of("*", effect).one_of(50, 10 * number + 5));
        }
        let codes: Vec<Option<i32>> = thread::scope(|scope| {
            let start = || scope.spawn(|| job::run(&simulator, &environment, &["--format", "json"]).code);
            let runs: Vec<_> = (0..RUNS).map(|_| start()).collect();
            runs.into_iter().map(|run| run.join().unwrap()).collect()
        });
        let told = codes.iter().filter(|code| **code == Some(right)).count();
        let journal = simulator.journal();
        let broken = |entry: &&simulated_azure::Entry| entry.status.is_none_or(|status| [429, 503].contains(&status));
        let struck = journal.entries.iter().filter(broken).count();
        println!(
            "storms: {RUNS} runs at once of {name}, {struck} of {} requests fail: {told} are told what is right, the \
             others that nobody can tell",
            journal.entries.len()
        );
        assert!(struck * 12 > journal.entries.len(), "one in ten was meant");
        assert!(codes.iter().all(|code| [Some(right), Some(3)].contains(code)), "{codes:?}");
        assert!(told * 10 > RUNS * 9, "retries help: {codes:?}");
        assert!(journal.violations.is_empty(), "{:?}", journal.violations);
    }
}

/// Whatever fails, and for as long as it does: each call is tried a few times, and the run as a whole does not ask many
/// times more than a healthy one.
#[test]
fn a_run_in_trouble_asks_little_more_than_a_healthy_one() {
    let requests = |name: &str, effect: Option<Effect>| {
        let (simulator, environment) = scenario(name).unwrap().start().unwrap();
        if let Some(effect) = effect {
            simulator.world().fault(Fault::of("*", effect));
        }
        run_in(&simulator, &environment, &["--format", "json", "--timeout", "20"]);
        let mut calls = BTreeMap::new();
        for entry in simulator.journal().entries {
            *calls.entry((entry.host, entry.method.to_string(), entry.path)).or_insert(0) += 1;
        }
        calls
    };
    let effects = [
        Effect::html(503, "busy"),
        Effect::html(500, "broken"),
        Effect::throttled(0),
        Effect::throttled(1),
        Effect::Reset,
        Effect::Close,
        Effect::Truncated,
        Effect::Garbage,
        Effect::Handshake(Handshake::Reset),
    ];
    // Most of the time is waiting.
    thread::scope(|scope| {
        for name in ["healthy", "healthy-pull", "healthy-many-images", "healthy-oidc"] {
            let healthy: i32 = requests(name, None).values().sum();
            for effect in &effects {
                scope.spawn(move || {
                    let calls = requests(name, Some(effect.clone()));
                    let all: i32 = calls.values().sum();
                    assert!(calls.values().all(|attempts| *attempts <= 4), "{name}, {effect:?}: {calls:?}");
                    assert!(all <= healthy + 12, "{name}, {effect:?}: {all} requests, {healthy} of a healthy run");
                });
            }
        }
    });
}

/// A service that asks for more patience than there is time is left alone, and the run does not wait for it.
#[test]
fn a_wait_that_the_time_does_not_allow_is_not_begun() {
    for seconds in [30, 3600, u32::MAX] {
        let (simulator, environment) = scenario("healthy").unwrap().start().unwrap();
        simulator.world().fault(Fault::of(LOGIN_SERVER, Effect::throttled(seconds)));
        let run = run_in(&simulator, &environment, &["--format", "json", "--timeout", "20"]);
        assert_eq!((run.code, run.findings()), (Some(3), vec!["throttled".to_owned()]), "{}", run.stdout);
        assert_eq!(run.journal.count(LOGIN_SERVER), 1, "{:?}", run.journal.entries);
        assert!(run.took < Duration::from_secs(10), "{:?}", run.took);
    }
}
