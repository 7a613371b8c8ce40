//! The table of inputs and what is written from it elsewhere.

use acr_preflight::inputs::table::{INPUTS, Input};
use std::fs;

/// What the contract calls inputs of the action.
const CONTRACT: &[&str] = &[
    "registry",
    "images",
    "role",
    "client-id",
    "tenant-id",
    "client-secret",
    "client-certificate",
    "client-certificate-password",
    "federated-token",
    "creds",
    "username",
    "password",
    "token",
    "auth",
    "subscription-id",
    "secret-expires-on",
    "expiry-warning-days",
    "expiry-error-days",
    "docker",
    "fail-on",
    "timeout",
    "cloud",
    "format",
    "report",
    "ca-certificates",
];

#[test]
fn every_input_of_the_contract_is_in_the_table() {
    for name in CONTRACT {
        assert!(INPUTS.iter().any(|input| input.name == *name), "{name}");
    }
}

/// `BLESS=1 cargo test --test suite action_yml` writes the inputs of action.yml.
#[test]
fn action_yml_declares_the_inputs_of_the_table() {
    let action = fs::read_to_string("action.yml").unwrap();
    let (before, rest) = action.split_once("inputs:\n").expect("action.yml has inputs");
    let (found, after) = rest.split_once("\noutputs:\n").expect("outputs follow the inputs");
    let wanted: String = INPUTS.iter().map(|input| declaration(input)).collect();
    if std::env::var_os("BLESS").is_some() {
        fs::write("action.yml", format!("{before}inputs:\n{wanted}\noutputs:\n{after}")).unwrap();
        return;
    }
    assert!(found == wanted, "action.yml is not current: BLESS=1 cargo test --test suite action_yml");
}

/// An input as action.yml declares it. It has no `default:` there, because the runner would hand that over as if the
/// user had given it, and it would hide the variables that count after the inputs.
fn declaration(input: &Input) -> String {
    let mut description = format!("{}.", input.meaning);
    if !input.default.is_empty() {
        description.push_str(&format!(" Default: {}.", input.default));
    }
    if !input.variables.is_empty() {
        description.push_str(&format!(" Otherwise taken from {}.", input.variables.join(", ")));
    }
    assert!(!description.contains(['"', '\\', '\n']), "{}", input.name);
    format!("  {}:\n    description: \"{description}\"\n    required: false\n", input.name)
}

#[test]
fn action_yml_hands_on_every_output_of_the_contract() {
    let action = fs::read_to_string("action.yml").unwrap();
    let (_, outputs) = action.split_once("\noutputs:\n").unwrap();
    let (outputs, runs) = outputs.split_once("\nruns:\n").unwrap();
    let names: Vec<&str> = outputs.lines().filter_map(|line| line.strip_prefix("  ")?.strip_suffix(':')).collect();
    let names: Vec<&str> = names.into_iter().filter(|name| !name.starts_with(' ')).collect();
    let contract =
        ["result", "exit-code", "findings", "granted", "credential-expires-on", "credential-days-left", "login-server"];
    assert_eq!(names, contract);
    // Kubernetes-mode runners start a container only where the action names the program.
    assert!(runs.contains("  using: docker\n  image: Dockerfile\n  entrypoint: /acr-preflight\n"), "{runs}");
}
