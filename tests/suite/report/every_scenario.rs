//! Every scenario, told by the program itself in each format that has a schema.

use super::{schemas, vendors};
use crate::harness::{REPORT, run};
use crate::scenarios::{inside_a_namespace, side_by_side};
use simulated_azure::{Needs, Scenario, scenarios};
use std::panic::catch_unwind;
use std::sync::Mutex;

#[test]
fn every_scenario_follows_the_schemas_of_json_sarif_and_junit() {
    assert_all_follow(Needs::Nothing, 16);
}

#[test]
fn every_scenario_with_addresses_of_its_own_follows_them_too() {
    inside_a_namespace("report::every_scenario::every_scenario_with_addresses_of_its_own_follows_them_too", || {
        assert_all_follow(Needs::Namespace, 1);
    });
}

fn assert_all_follow(needs: Needs, at_once: usize) {
    let chosen: Vec<Scenario> = scenarios().into_iter().filter(|scenario| scenario.needs == needs).collect();
    assert!(!chosen.is_empty(), "there are such scenarios");
    let documents = Mutex::new(Vec::new());
    let astray = side_by_side(&chosen, at_once, |scenario| {
        let junit = run(scenario, &["--format", "junit", "--report", REPORT]);
        let sarif = run(scenario, &["--format", "sarif"]);
        let follows = catch_unwind(|| {
            schemas::assert_check_json(junit.file.as_deref().unwrap_or_default());
            schemas::assert_sarif(&sarif.stdout);
            schemas::assert_junit(&junit.stdout);
        });
        documents.lock().unwrap().push(junit.stdout);
        follows.err().map(|_| scenario.name.to_owned())
    });
    assert!(astray.is_empty(), "these scenarios follow no schema: {}", astray.join(", "));
    vendors::assert_junit(&documents.into_inner().unwrap());
}
