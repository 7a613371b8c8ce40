//! The way of a run: how many requests it takes, and how many replies one after the other.

use crate::harness::run;
use simulated_azure::Scenario;
use simulated_azure::world::*;
use std::time::Duration;

/// Long beside everything that the program itself does, in a debug build and on a busy machine.
const DELAY: Duration = Duration::from_secs(1);

fn slow(scenario: Scenario) -> Scenario {
    scenario.world(|world| world.delay = DELAY)
}

fn many() -> Scenario {
    let names: Vec<String> = (0..200).map(|number| format!("team/service-{number}")).collect();
    Scenario::new("many", "Two hundred repositories.").input("images", &names.join("\n"))
}

#[test]
fn a_healthy_push_check_waits_for_four_replies() {
    let run = run(&slow(Scenario::new("slow", "Every answer takes its time.")), &["--format", "json"]);
    assert_eq!(run.code, Some(0), "{}", run.stdout);
    assert!(run.took < DELAY * 5, "{:?}", run.took);
}

#[test]
fn two_hundred_repositories_take_less_than_three_times_as_long_as_one() {
    let run = run(&slow(many()), &["--format", "json"]);
    assert_eq!(run.code, Some(0), "{}", run.stdout);
    assert!(run.took < DELAY * 12, "{:?}", run.took);
    let tokens = run.journal.entries.iter().filter(|entry| entry.path == "/oauth2/token").count();
    assert_eq!(tokens, 10);
}

/// What was asked, host and path, in a fixed order.
fn asked(scenario: &Scenario) -> Vec<String> {
    let journal = run(scenario, &["--format", "json"]).journal;
    let mut asked: Vec<String> =
        journal.entries.iter().map(|entry| format!("{} {}{}", entry.method, entry.host, entry.path)).collect();
    asked.sort();
    asked
}

#[test]
fn a_healthy_push_check_asks_for_nothing_twice() {
    let token = format!("POST login.microsoftonline.com/{TENANT}/oauth2/v2.0/token");
    let expected = [
        "GET contosoacr.azurecr.io/acr/v1/team/app".to_owned(),
        "GET contosoacr.azurecr.io/v2/".to_owned(),
        format!("GET graph.microsoft.com/v1.0/applications(appId='{CLIENT}')"),
        format!("GET graph.microsoft.com/v1.0/servicePrincipals(appId='{CLIENT}')"),
        "POST contosoacr.azurecr.io/oauth2/exchange".to_owned(),
        "POST contosoacr.azurecr.io/oauth2/token".to_owned(),
        token.clone(),
        token.clone(),
        token,
        "POST management.azure.com/providers/Microsoft.ResourceGraph/resources".to_owned(),
    ];
    assert_eq!(asked(&Scenario::new("healthy", "Nothing is wrong.")), expected);
}

#[test]
fn a_bad_secret_is_one_failed_sign_in() {
    let scenario =
        Scenario::new("bad", "The secret was replaced.").input("client-secret", "Xq38Q~never-the-secret_at-all");
    let token = format!("POST login.microsoftonline.com/{TENANT}/oauth2/v2.0/token");
    assert_eq!(asked(&scenario), ["GET contosoacr.azurecr.io/v2/", &token]);
}

#[test]
fn a_wrong_password_is_shown_once_however_many_repositories_there_are() {
    let scenario = many().without_credential().input("username", TOKEN_NAME).input("password", "an-old-token-password");
    assert_eq!(asked(&scenario), ["GET contosoacr.azurecr.io/v2/", "POST contosoacr.azurecr.io/oauth2/token"]);
}

#[test]
fn what_does_not_come_back_is_asked_for_singly() {
    let names = "team/app, team/api, team/web";
    let scenario = Scenario::new("first", "Only the first scope counts.").input("images", names);
    let scenario = scenario.world(|world| world.registry().honours_all_scopes = false);
    let run = run(&scenario, &["--format", "json"]);
    assert_eq!(run.code, Some(0), "{}", run.stdout);
    assert_eq!(run.journal.entries.iter().filter(|entry| entry.path == "/oauth2/token").count(), 3);
    assert_eq!(run.report()["access"].as_array().map(Vec::len), Some(3));
}
