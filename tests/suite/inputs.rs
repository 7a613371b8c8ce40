//! The table of inputs and what is written from it elsewhere.

use acr_preflight::inputs::table::{INPUTS, Input};
use acr_preflight::plan::OutputFormat;
use acr_preflight::report::Format;
use std::fs;

#[test]
fn every_form_of_the_output_has_a_renderer() {
    for format in OutputFormat::ALL {
        assert!(Format::named(format.name()).is_some(), "{}", format.name());
    }
    assert_eq!(OutputFormat::ALL.len(), Format::NAMES.len());
}

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

/// Variables of this program that are no inputs: the hooks of the simulation.
const HOOKS: &[&str] = &["ACR_PREFLIGHT_NAMESERVER", "ACR_PREFLIGHT_LOOPBACK_PORT"];

#[test]
fn examples_and_pages_name_inputs_that_exist() {
    let pages: Vec<(String, String)> = [".github", "."].into_iter().flat_map(pages).collect();
    assert!(pages.len() > 8, "the examples were not found");
    let known: Vec<String> = INPUTS
        .iter()
        .map(|input| format!("ACR_PREFLIGHT_{}", input.name.to_ascii_uppercase().replace('-', "_")))
        .collect();
    let handed: usize = pages.iter().map(|(_, text)| handed_over(text).len()).sum();
    assert!(handed > 5, "no example hands anything to the action");
    for (path, text) in pages {
        for variable in words_with(&text, "ACR_PREFLIGHT_") {
            let of_tests = HOOKS.contains(&variable.as_str()) || variable.starts_with("ACR_PREFLIGHT_TEST_");
            assert!(known.contains(&variable) || of_tests, "{path}: {variable} is no input");
        }
        for name in handed_over(&text) {
            assert!(INPUTS.iter().any(|input| input.name == name), "{path}: {name} is no input");
        }
    }
}

/// The text files below a folder; of the project's own, only those that lie there.
fn pages(folder: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        let path = entry.to_string_lossy().into_owned();
        if entry.is_dir() {
            if folder != "." {
                found.extend(pages(&path));
            }
        } else if [".yml", ".yaml", ".md", "Jenkinsfile"].iter().any(|end| path.ends_with(end)) {
            found.push((path, fs::read_to_string(&entry).unwrap()));
        }
    }
    found
}

fn words_with<'a>(text: &'a str, start: &'a str) -> impl Iterator<Item = String> + 'a {
    let is_part = |letter: &char| letter.is_ascii_uppercase() || *letter == '_';
    let word = move |(at, _): (usize, &str)| text[at..].chars().take_while(is_part).collect::<String>();
    text.match_indices(start).map(word).filter(move |word| word.len() > start.len())
}

/// The keys under `with:` of the steps that use the action.
fn handed_over(text: &str) -> Vec<&str> {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut lines = text.lines().peekable();
    let mut names = Vec::new();
    while let Some(line) = lines.next() {
        if !line.contains("uses: OWNER/acr-preflight@") {
            continue;
        }
        let Some(with) = lines.next_if(|line| line.trim() == "with:") else { continue };
        while let Some(line) = lines.next_if(|line| indent(line) > indent(with)) {
            if indent(line) == indent(with) + 2 && !line.trim_start().starts_with('#') {
                names.extend(line.trim().split_once(':').map(|(name, _)| name));
            }
        }
    }
    names
}
