//! What findings and checks say beyond their names.

use crate::harness::{Run, run};
use serde_json::Value;
use simulated_azure::World;
use simulated_azure::world::*;

/// Runs a scenario with further differences.
fn changed(name: &str, inputs: &[(&'static str, &str)], change: fn(&mut World)) -> Run {
    let scenario = simulated_azure::scenario(name).expect("the scenario exists");
    let scenario = inputs.iter().fold(scenario, |scenario, (input, value)| scenario.input(input, value));
    run(&scenario.and(change), &["--format", "json"])
}

/// The facts of the only finding, which is this.
fn facts(run: &Run, id: &str) -> Value {
    assert_eq!(run.findings(), [id], "{}", run.stdout);
    run.report()["findings"][0]["facts"].clone()
}

fn note(run: &Run, id: &str) -> String {
    let report = run.report();
    let checks = report["checks"].as_array().expect("a report");
    let check = checks.iter().find(|check| check["id"] == id).unwrap_or(&Value::Null);
    assert_eq!(check["status"], "passed", "{}", run.stdout);
    check["note"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn nobody_is_said_to_have_been_granted_what_was_not_asked_for() {
    let run = changed("healthy-anonymous", &[("role", "AcrPush"), ("images", "")], |_| ());
    assert_eq!(facts(&run, "no-push-permission")["granted"], Value::Null);
}

#[test]
fn a_quarantine_stands_beside_an_image_that_is_not_there() {
    let quarantined = changed("image-not-found", &[("subscription-id", SUBSCRIPTION)], |world| {
        world.also(&SETTINGS_READER);
        world.registry().quarantine = true;
    });
    assert_eq!(facts(&quarantined, "image-not-found")["quarantine"], "enabled");
    let open = changed("image-not-found", &[("subscription-id", SUBSCRIPTION)], |world| world.also(&SETTINGS_READER));
    assert_eq!(facts(&open, "image-not-found")["quarantine"], Value::Null);
}

#[test]
fn a_certificate_that_entra_does_not_know_is_shown_by_its_thumbprint() {
    let facts = facts(&changed("certificate-invalid", &[], |_| ()), "certificate-invalid");
    assert_eq!(facts["certificate"], "ci-pusher");
    assert_eq!(facts["thumbprint"].as_str().map(str::len), Some(40), "{facts}");
    assert_eq!(facts["listed-by"], "neither the application nor its service principal");
}

#[test]
fn where_graph_may_be_read_it_is_said_who_lists_the_certificate() {
    let of = |change| note(&changed("healthy-certificate", &[], change), "credential-life");
    assert_eq!(of(|_| ()), "listed by the application");
    let moved = |world: &mut World| {
        let certificates = std::mem::take(&mut world.app().certificates);
        world.app().principal.as_mut().unwrap().certificates = certificates;
    };
    assert_eq!(of(moved), "listed by the service principal");
    let by_issuer = |world: &mut World| world.app().certificates[0].unlisted = true;
    assert_eq!(of(by_issuer), "listed by neither the application nor its service principal");
    assert_eq!(of(|world| world.app().reads_graph = false), "");
    let expiring = changed("certificate-expiring", &[], |_| ());
    assert_eq!(facts(&expiring, "certificate-expiring")["listed-by"], "the application");
}
