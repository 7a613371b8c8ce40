//! The end of a run's time: what is known by then is said, and the rest is said not to be known.

use crate::harness::run;
use serde_json::Value;
use simulated_azure::world::*;
use simulated_azure::{Effect, Fault, Scenario};
use std::time::Duration;

/// Far below the delays here, however busy the machine; `hostile::faults` counts the milliseconds.
const WITHOUT_WAITING: Duration = Duration::from_secs(8);

fn check<'a>(report: &'a Value, id: &str) -> &'a Value {
    let checks = report["checks"].as_array().expect("a report");
    checks.iter().find(|check| check["id"] == id).unwrap_or(&Value::Null)
}

#[test]
fn what_is_known_when_the_time_is_over_is_said() {
    let scenario = Scenario::new("late", "The registry's tokens come late, and the secret ends soon.")
        .input("timeout", "2")
        .world(|world| {
            world.secret_ends_in(7);
            world.fault(Fault::of(LOGIN_SERVER, Effect::Delay(Duration::from_secs(20))).at("/oauth2/token"));
        });
    let run = run(&scenario, &["--format", "json"]);
    let report = run.report();
    assert_eq!((run.code, &report["result"]), (Some(3), &"undetermined".into()), "{}", run.stdout);
    assert!(run.took < WITHOUT_WAITING, "{:?}", run.took);
    assert_eq!(check(&report, "sign-in")["status"], "passed");
    assert_eq!(check(&report, "access")["status"], "skipped");
    assert!(run.findings().contains(&"secret-expiring".to_owned()), "{:?}", run.findings());
}

#[test]
fn a_failure_that_is_known_counts_although_the_time_is_over() {
    let scenario = Scenario::new("late", "Graph answers late, and the role does not allow pushing.")
        .input("timeout", "2")
        .world(|world| {
            world.roles(&[&ACR_PULL]);
            world.fault(Fault::of("graph.microsoft.com", Effect::Delay(Duration::from_secs(20))));
        });
    let run = run(&scenario, &["--format", "json"]);
    assert_eq!((run.code, run.findings()), (Some(1), vec!["no-push-permission".to_owned()]), "{}", run.stdout);
    assert_eq!(check(&run.report(), "credential-life")["status"], "skipped");
    assert!(run.took < WITHOUT_WAITING, "{:?}", run.took);
}

#[test]
fn a_short_time_makes_no_failure_of_a_slow_registry() {
    let scenario = Scenario::new("slow", "The registry takes its time.")
        .input("timeout", "1")
        .world(|world| world.fault(Fault::of(LOGIN_SERVER, Effect::Delay(Duration::from_secs(3))).at("/v2/")));
    let run = run(&scenario, &["--format", "json"]);
    assert_eq!((run.code, run.findings()), (Some(3), Vec::new()), "{}", run.stdout);
    let reason = check(&run.report(), "registry-reachable")["reason"].to_string();
    assert!(reason.contains("waiting for contosoacr.azurecr.io"), "{reason}");
}

#[test]
fn a_machine_without_managed_identity_hears_so_in_two_seconds() {
    let scenario = simulated_azure::scenario("managed-identity-unavailable@silence").expect("a scenario");
    let run = run(&scenario, &["--format", "json"]);
    assert_eq!(run.findings(), ["managed-identity-unavailable"]);
    assert!(run.took < Duration::from_secs(2), "{:?}", run.took);
}

#[test]
fn a_short_time_makes_no_failure_of_a_data_host_that_is_slow_to_connect() {
    let scenario = Scenario::new("slow", "The host of the image data takes its time.")
        .input("role", "AcrPull")
        .input("images", "team/app:1.0")
        .input("timeout", "2")
        .world(|world| world.vanished(BLOB_HOST));
    let run = run(&scenario, &["--format", "json"]);
    assert_eq!((run.code, run.findings()), (Some(3), Vec::new()), "{}", run.stdout);
    let reason = check(&run.report(), "data-endpoint")["reason"].to_string();
    assert!(reason.contains(&format!("waiting for {BLOB_HOST}")), "{reason}");
}
