//! No secret of any world shows in anything that a run writes: no format, no verbosity, no file.

use super::leaks::Written;
use crate::harness::run_in;
use acr_preflight::inputs::table::INPUTS;
use serde_json::Value;
use simulated_azure::world::{IDENTITY_HEADER, PIPELINE_KEY, PROXY_PASSWORD, STRANGERS_KEY};
use simulated_azure::{Needs, Scenario, Simulator, World, scenarios};
use std::fs;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

const FORMATS: [&str; 6] = ["text", "github", "azure-pipelines", "json", "junit", "sarif"];

/// How much is asked for.
const VERBOSITIES: [Verbosity; 4] = [Verbosity::Quiet, Verbosity::Default, Verbosity::Verbose, Verbosity::RunnerDebug];

#[derive(Debug, Clone, Copy)]
enum Verbosity {
    Quiet,
    Default,
    Verbose,
    RunnerDebug,
}

/// Set to `all` it makes every scenario run in every format and every verbosity, as `.ci/run hostile` does; set to
/// `formats`, in every format, with verbosities that change from one to the next. Otherwise each runs once, in a format
/// and verbosity that change from one scenario to the next.
const EXTENT: &str = "ACR_PREFLIGHT_TEST_CANARIES";

#[test]
fn no_secret_shows_in_any_format_at_any_verbosity_or_in_any_file() {
    let chosen: Vec<Scenario> = scenarios().into_iter().filter(|scenario| scenario.needs == Needs::Nothing).collect();
    let extent = std::env::var(EXTENT).unwrap_or_default();
    let ways = |index| match extent.as_str() {
        "all" => every_way(),
        "formats" => every_format(index),
        _ => some_ways(index),
    };
    // A few ways at a time, so that a scenario that waits for a silent service does so in many places at once.
    let turns: Vec<(&Scenario, Vec<_>)> = chosen
        .iter()
        .enumerate()
        .flat_map(|(index, scenario)| ways(index).chunks(4).map(|some| (scenario, some.to_vec())).collect::<Vec<_>>())
        .collect();
    let (next, complaints) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..32 {
            scope.spawn(|| {
                while let Some((scenario, ways)) = turns.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let found = leaks(scenario, ways);
                    complaints.lock().unwrap().extend(found);
                }
            });
        }
    });
    let complaints = complaints.into_inner().unwrap();
    let runs: usize = turns.iter().map(|(_, ways)| ways.len()).sum();
    println!("canaries: {} scenarios, {runs} runs in {} formats", chosen.len(), FORMATS.len());
    assert!(complaints.is_empty(), "{} leaks:\n{}", complaints.len(), complaints.join("\n"));
}

fn every_way() -> Vec<(&'static str, Verbosity)> {
    FORMATS.into_iter().flat_map(|format| VERBOSITIES.into_iter().map(move |verbosity| (format, verbosity))).collect()
}

fn every_format(index: usize) -> Vec<(&'static str, Verbosity)> {
    let verbosity = |number: usize| VERBOSITIES[(index + number) % VERBOSITIES.len()];
    FORMATS.into_iter().enumerate().map(|(number, format)| (format, verbosity(number))).collect()
}

fn some_ways(index: usize) -> Vec<(&'static str, Verbosity)> {
    // Of six and four, every pair comes within twenty-four scenarios.
    vec![(FORMATS[index % FORMATS.len()], VERBOSITIES[(index / FORMATS.len()) % VERBOSITIES.len()])]
}

/// Runs a scenario in these ways and says which secrets show.
fn leaks(scenario: &Scenario, ways: &[(&'static str, Verbosity)]) -> Vec<String> {
    let (simulator, environment) = scenario.start().expect("the simulator starts");
    // What the job itself was given may lie in this folder; what the run writes gets one of its own.
    let mut secrets = given(scenario, &simulator, &environment);
    let folder = simulator.folder().join("written");
    let mut written = Written::default();
    for (format, verbosity) in ways {
        // Some faults pass after a request or two; each run shall meet them.
        *simulator.world() = scenario.build();
        fs::create_dir_all(&folder).unwrap();
        let mut environment = environment.clone();
        let mut set = |name: &str, file: &str| environment.push((name.into(), folder.join(file).display().to_string()));
        set("ACR_PREFLIGHT_REPORT", "report.json");
        set("GITHUB_OUTPUT", "outputs");
        set("GITHUB_STEP_SUMMARY", "summary.md");
        set("AGENT_TEMPDIRECTORY", "");
        let mut arguments = vec!["--format", format];
        match verbosity {
            Verbosity::Quiet => arguments.push("--quiet"),
            Verbosity::Default => {}
            Verbosity::Verbose => arguments.push("--verbose"),
            Verbosity::RunnerDebug => environment.push(("RUNNER_DEBUG".into(), "1".into())),
        }
        if *format == "azure-pipelines" {
            environment.push(("TF_BUILD".into(), "True".into()));
        }
        let run = run_in(&simulator, &environment, &arguments);
        let way = format!("{} as {format}, {verbosity:?}", scenario.name);
        assert!(run.code.is_some_and(|code| (0..=3).contains(&code)), "{way}: code {:?}, {}", run.code, run.stderr);
        assert!(!run.stdout.is_empty(), "{way} wrote nothing");
        written.add(&format!("{way}: standard output"), without_masks(&run.stdout));
        written.add(&format!("{way}: standard error"), run.stderr);
        for file in fs::read_dir(&folder).unwrap() {
            let path = file.unwrap().path();
            written
                .add(&format!("{way}: {}", path.display()), String::from_utf8_lossy(&fs::read(&path).unwrap()).into());
        }
        fs::remove_dir_all(&folder).unwrap();
    }
    secrets.extend(simulator.tokens());
    assert!(secrets.len() > 8, "{} hands over fewer secrets than the world has", scenario.name);
    secrets.iter().filter_map(|secret| written.shows(secret)).collect()
}

/// The lines by which a CI system learns what to hide are the one place where a secret stands.
fn without_masks(stdout: &str) -> String {
    let is_mask = |line: &&str| line.starts_with("::add-mask::") || line.starts_with("##vso[task.setsecret]");
    stdout.lines().filter(|line| !is_mask(line)).collect::<Vec<_>>().join("\n")
}

/// Every secret that the world holds or the job is given.
fn given(scenario: &Scenario, simulator: &Simulator, environment: &[(String, String)]) -> Vec<String> {
    let mut secrets = of_world(&scenario.build());
    for (name, value) in environment {
        if is_secret(name) {
            secrets.extend(secrets_of(value));
        }
        if let Some((login, _)) = value.split_once("://").and_then(|(_, rest)| rest.rsplit_once('@'))
            && let Some((_, password)) = login.split_once(':')
        {
            secrets.push(password.to_owned());
        }
    }
    secrets.extend(tokens_below(simulator.folder()));
    // Words such as `null` and `$(AZURE_CLIENT_SECRET)` stand where a secret was meant, and are named.
    secrets.retain(|secret| secret.len() >= 12 && !secret.starts_with("$("));
    secrets
}

fn of_world(world: &World) -> Vec<String> {
    let applications = world.tenants.iter().flat_map(|tenant| &tenant.applications);
    let clients = applications.flat_map(|application| application.all_secrets()).map(|secret| secret.value.clone());
    let admins = world.registries.iter().flat_map(|registry| registry.admin.passwords.clone());
    let tokens = world.registries.iter().flat_map(|registry| &registry.tokens).flat_map(|token| &token.passwords);
    let keys = [PIPELINE_KEY, STRANGERS_KEY].into_iter().flat_map(str::lines).filter(|line| !line.starts_with('-'));
    clients
        .chain(admins)
        .chain(tokens.map(|password| password.value.clone()))
        .chain(keys.map(str::to_owned))
        .chain([world.github.request_token.clone(), world.pipelines.access_token.clone()])
        .chain([PROXY_PASSWORD.to_owned(), IDENTITY_HEADER.to_owned()])
        .collect()
}

/// By the table of the inputs, and by the names of the platforms for their own tokens.
fn is_secret(name: &str) -> bool {
    let option = name.strip_prefix("ACR_PREFLIGHT_").unwrap_or_default().to_ascii_lowercase().replace('_', "-");
    const OF_PLATFORMS: [&str; 3] = ["ACTIONS_ID_TOKEN_REQUEST_TOKEN", "SYSTEM_ACCESSTOKEN", "IDENTITY_HEADER"];
    OF_PLATFORMS.contains(&name)
        || INPUTS.iter().any(|input| input.secret && (input.name == option || input.variables.contains(&name)))
}

/// The secret parts of a value: of JSON its secret, of a file the lines of its key, of other texts the whole.
fn secrets_of(value: &str) -> Vec<String> {
    if let Ok(Value::Object(fields)) = serde_json::from_str(value) {
        return fields.get("clientSecret").and_then(Value::as_str).map(str::to_owned).into_iter().collect();
    }
    if value.trim_start().starts_with('{') || Path::new(value).exists() {
        // Broken JSON holds ids too, which are shown; its secret is one of the world's.
        return Vec::new();
    }
    value.lines().filter(|line| !line.starts_with("-----")).map(str::to_owned).collect()
}

/// Every token in the files that the job finds, such as Docker's configuration.
fn tokens_below(folder: &Path) -> Vec<String> {
    let mut tokens = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let (path, kind) = (entry.path(), entry.file_type().unwrap());
        if kind.is_dir() {
            tokens.extend(tokens_below(&path));
        } else if kind.is_file() {
            let text = String::from_utf8_lossy(&fs::read(&path).unwrap_or_default()).into_owned();
            let words = text.split(|letter: char| !letter.is_ascii_alphanumeric() && !"-_.".contains(letter));
            tokens.extend(words.filter(|word| word.starts_with("eyJ")).map(str::to_owned));
        }
    }
    tokens
}
