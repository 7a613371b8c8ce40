//! Every call meets every fault: the run ends in time and in little memory, and says what it met.

use super::job;
use crate::harness::Run;
use acr_preflight::catalogue;
use serde_json::{Value, json};
use simulated_azure::world::{GITHUB_HOST, LOGIN_SERVER, PIPELINES_HOST};
use simulated_azure::{Effect, Fault, Handshake, jwt, scenario};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

/// A call of the program, and a healthy scenario that makes it.
#[derive(Debug, Clone, Copy)]
struct Call {
    name: &'static str,
    scenario: &'static str,
    host: &'static str,
    path: &'static str,
    weight: Weight,
    /// There is no handshake of its own: it is plain HTTP, or takes the connection of an earlier call.
    plain: bool,
}

/// What a call's answer is to the verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Weight {
    /// Without it the job cannot be said to work.
    Decides,
    /// It explains, and makes nothing fail.
    Explains,
    /// It may say enough, or be a failure that is named.
    Counts,
}

const fn call(name: &'static str, scenario: &'static str, host: &'static str, path: &'static str) -> Call {
    Call { name, scenario, host, path, weight: Weight::Decides, plain: false }
}

const CALLS: [Call; 14] = [
    call("challenge", "healthy", LOGIN_SERVER, "/v2/"),
    call("entra", "healthy", "login.microsoftonline.com", "/"),
    call("exchange", "healthy", LOGIN_SERVER, "/oauth2/exchange"),
    call("token", "healthy", LOGIN_SERVER, "/oauth2/token"),
    call("token-of-user", "healthy-token-user", LOGIN_SERVER, "/oauth2/token"),
    call("manifest", "healthy-pull", LOGIN_SERVER, "/v2/team/app/manifests/"),
    call("github-token", "healthy-oidc", GITHUB_HOST, "/"),
    call("pipelines-token", "healthy-service-connection", PIPELINES_HOST, "/"),
    Call { plain: true, ..call("imds", "healthy-managed-identity", "169.254.169.254", "/") },
    Call { plain: true, weight: Weight::Explains, ..call("attributes", "healthy", LOGIN_SERVER, "/acr/v1/") },
    Call { plain: true, weight: Weight::Explains, ..call("blob", "healthy-pull", LOGIN_SERVER, "/v2/team/app/blobs/") },
    Call { plain: true, weight: Weight::Counts, ..call("docker-engine", "healthy-docker-engine", "docker", "/") },
    Call { weight: Weight::Explains, ..call("arm", "healthy", "management.azure.com", "/") },
    Call { weight: Weight::Explains, ..call("graph", "healthy", "graph.microsoft.com", "/") },
];

/// What the wire can do to a call, by name.
fn faults() -> Vec<(&'static str, Effect)> {
    let answer = |status, headers: &[(&'static str, &str)], body: &str| Effect::Answer {
        status,
        headers: headers.iter().map(|(name, value)| (*name, (*value).to_owned())).collect(),
        body: body.to_owned(),
    };
    let absurd = |claims: Value| {
        let token = jwt::sign(&claims);
        let body = json!({"access_token": token, "refresh_token": token, "value": token, "oidcToken": token,
                          "token_type": "Bearer", "expires_in": "1e400", "expires_on": -1});
        Effect::json(200, body)
    };
    let deep = |open: &str, close: &str| Effect::json(200, open.repeat(50_000) + &close.repeat(50_000));
    vec![
        ("handshake hangs", Effect::Handshake(Handshake::Silence)),
        ("handshake closed", Effect::Handshake(Handshake::Close)),
        ("handshake reset", Effect::Handshake(Handshake::Reset)),
        ("plain HTTP for TLS", Effect::Handshake(Handshake::PlainHttp)),
        ("no answer", Effect::Silence),
        ("closed", Effect::Close),
        ("reset", Effect::Reset),
        ("not HTTP", Effect::Garbage),
        ("truncated", Effect::Truncated),
        ("reset in the body", Effect::Torn),
        ("HTTP/1.0", Effect::Http10),
        ("endless", Effect::Endless),
        ("slow", Effect::Slow),
        ("gzip bomb", Effect::GzipBomb),
        ("megabyte of headers", Effect::HugeHeaders),
        ("empty", answer(200, &[("content-type", "application/json")], "")),
        ("no content", answer(204, &[], "")),
        ("null", Effect::json(200, "null")),
        ("a number", Effect::json(200, "7")),
        ("an empty list", Effect::json(200, "[]")),
        ("an empty object", Effect::json(200, "{}")),
        ("half an object", Effect::json(200, r#"{"access_token":"eyJ"#)),
        (
            "other types",
            Effect::json(200, r#"{"access_token":7,"refresh_token":{},"value":false,"oidcToken":[],"errors":3}"#),
        ),
        ("a web page", Effect::html(200, "<!doctype html><title>Guest network</title>")),
        ("a web page as a refusal", Effect::html(403, "<h1>Blocked by policy</h1>")),
        ("deep lists", deep("[", "]")),
        ("deep objects", deep(r#"{"a":"#, "}")),
        (
            "huge numbers",
            Effect::json(
                200,
                format!(r#"{{"expires_in":{0},"expires_on":1e999,"errors":[{{"code":{0}}}]}}"#, "9".repeat(5000)),
            ),
        ),
        (
            "absurd claims",
            absurd(json!({"exp": i64::MAX, "nbf": i64::MIN, "iat": 1e300, "aud": [1, {}], "access": "all"})),
        ),
        (
            "claims of other types",
            absurd(json!({"exp": "tomorrow", "aud": {}, "access": [{"Type": 1, "Name": [], "Actions": {}}]})),
        ),
        ("claims that are a list", absurd(json!([1, 2, 3]))),
        (
            "a token of ten thousand segments",
            Effect::json(200, json!({"access_token": "e30.".repeat(10_000), "refresh_token": "e30.".repeat(10_000)})),
        ),
        (
            "headers twice",
            answer(
                401,
                &[
                    ("www-authenticate", "Bearer realm=\"https://a.example/t\",service=\"a\""),
                    ("www-authenticate", "Basic realm=\"b\""),
                    ("content-type", "text/html"),
                    ("content-type", "application/json"),
                    ("retry-after", "1"),
                    ("retry-after", "x"),
                    ("date", "yesterday"),
                ],
                "{}",
            ),
        ),
        ("wait for ages", answer(429, &[("retry-after", "99999999999999")], "")),
        ("refused with nothing", answer(400, &[], "")),
        ("unauthorized with nothing", answer(401, &[], "")),
        ("server error", answer(500, &[], "")),
        ("a redirect to nowhere", answer(302, &[], "")),
        ("a redirect to itself", answer(302, &[("location", "/v2/")], "")),
        ("an unknown status", answer(799, &[], "{}")),
    ]
}

/// The time that each run is given.
const TIMEOUT: Duration = Duration::from_secs(3);
/// How much later a run may end.
const LATE: Duration = Duration::from_millis(200);
/// What a machine under load, on which everything takes longer, adds to it.
const UNDER_LOAD: Duration = Duration::from_secs(3);
/// Set to `all` it makes every call meet every fault, and lateness count to the millisecond; otherwise every call meets
/// every third fault, changing from call to call.
const EXTENT: &str = "ACR_PREFLIGHT_TEST_FAULTS";

#[test]
fn every_call_survives_every_fault() {
    let all = std::env::var(EXTENT).is_ok_and(|extent| extent == "all");
    let faults = faults();
    let cells: Vec<(Call, &str, Effect)> = CALLS
        .iter()
        .enumerate()
        .flat_map(|(row, call)| {
            let column = faults.iter().enumerate().filter(move |(column, _)| all || (row + column) % 3 == 0);
            column.map(|(_, (name, effect))| (*call, *name, effect.clone()))
        })
        .filter(|(call, _, effect)| !(call.plain && matches!(effect, Effect::Handshake(_))))
        .collect();
    let (next, complaints, worst) = (AtomicUsize::new(0), Mutex::new(Vec::new()), Mutex::new(Times::default()));
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                while let Some((call, name, effect)) = cells.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let (wrong, took) = complaint(call, effect, if all { LATE } else { UNDER_LOAD });
                    worst.lock().unwrap().take(took);
                    complaints.lock().unwrap().extend(wrong.map(|wrong| format!("{} × {name}: {wrong}", call.name)));
                }
            });
        }
    });
    let complaints = complaints.into_inner().unwrap();
    let worst = worst.into_inner().unwrap();
    let late = |took: Duration| took.saturating_sub(TIMEOUT).as_millis();
    let (cells, good) = (cells.len(), cells.len() - complaints.len());
    println!(
        "faults: {good} of {cells} cells of call × fault hold; at worst {} ms over the time given by the run's own account, \
         {} ms by ours, from the start of the process to its end",
        late(worst.reported),
        late(worst.seen)
    );
    assert!(complaints.is_empty(), "{} of {cells} cells:\n{}", complaints.len(), complaints.join("\n"));
}

/// How long a run took.
#[derive(Debug, Default, Clone, Copy)]
struct Times {
    /// By its own account.
    reported: Duration,
    /// From the start of its process to the end.
    seen: Duration,
}

impl Times {
    /// Keeps the longer of each.
    fn take(&mut self, other: Self) {
        *self = Self { reported: self.reported.max(other.reported), seen: self.seen.max(other.seen) };
    }
}

/// What a page in place of an answer is to be called, where the verdict depends on that.
fn name_of_page(call: &Call, effect: &Effect) -> Option<&'static str> {
    let Effect::Answer { status, body, .. } = effect else { return None };
    if call.weight != Weight::Decides || !body.starts_with('<') {
        return None;
    }
    Some(match (call.name, status) {
        ("imds", _) => "managed-identity-unavailable",
        (_, 403) => "proxy-failed",
        ("challenge", _) => "not-a-registry",
        // A service that wants its user to sign in first shows a page too.
        ("github-token" | "pipelines-token", _) => "federated-token-unavailable",
        _ => "proxy-failed",
    })
}

/// What is wrong with a run that meets this fault, and how long it took.
fn complaint(call: &Call, effect: &Effect, late: Duration) -> (Option<String>, Times) {
    let (simulator, environment) = scenario(call.scenario).expect("the scenario exists").start().unwrap();
    simulator.world().fault(Fault::of(call.host, effect.clone()).at(call.path));
    let timeout = TIMEOUT.as_secs().to_string();
    let run = job::run(&simulator, &environment, &["--format", "json", "--timeout", &timeout]);
    let report = run.report();
    let reported = Duration::from_millis(report["duration_ms"].as_u64().unwrap_or_default());
    let took = Times { reported, seen: run.took };
    let wrong = match effect {
        // Old, and as good as any other answer.
        Effect::Http10 => (run.code != Some(0)).then(|| format!("code {:?}, {}", run.code, summary(&report))),
        _ => judge(call, &run, &report),
    };
    let named = name_of_page(call, effect).filter(|name| run.findings() != [*name]);
    let wrong = wrong.or_else(|| named.map(|name| format!("it is not named {name}: {}", summary(&report))));
    // To start and end a process that is not optimised takes as long as the machine's load has it.
    let is_late = took.reported > TIMEOUT + late || took.seen > TIMEOUT + UNDER_LOAD;
    let wrong = wrong.or_else(|| is_late.then(|| format!("took {took:?} of {TIMEOUT:?}")));
    (wrong, took)
}

fn judge(call: &Call, run: &Run, report: &Value) -> Option<String> {
    let said = || format!("code {:?}, {} {}", run.code, run.stderr.trim(), summary(report));
    if !run.stderr.is_empty() || report.is_null() {
        return Some(format!("no orderly end: {}", said()));
    }
    if run.code.map(i64::from) != report["exit_code"].as_i64() {
        return Some(format!("code and report differ: {}", said()));
    }
    if run.findings().iter().any(|id| catalogue::by_id(id).is_none()) {
        return Some(format!("an unknown failure: {}", said()));
    }
    let checks = report["checks"].as_array().cloned().unwrap_or_default();
    let skipped = checks.iter().filter(|check| check["status"] == "skipped");
    if skipped.clone().any(|check| check["reason"].as_str().is_none_or(str::is_empty)) {
        return Some(format!("a check skipped without a reason: {}", said()));
    }
    let is_named = !run.findings().is_empty();
    match (call.weight, run.code) {
        (Weight::Decides, Some(1 | 3)) if is_named || skipped.clone().count() > 0 => None,
        (Weight::Decides, _) => Some(format!("it was decisive: {}", said())),
        (Weight::Counts, Some(0)) => None,
        (Weight::Counts, Some(1 | 3)) if is_named => None,
        (Weight::Counts, _) => Some(format!("it is not named: {}", said())),
        (Weight::Explains, Some(0 | 3)) => None,
        (Weight::Explains, _) => Some(format!("it decides nothing: {}", said())),
    }
}

fn summary(report: &Value) -> String {
    let findings = report["findings"].as_array().into_iter().flatten();
    let findings = findings.map(|finding| format!("{} {}", finding["id"], finding["facts"])).collect::<Vec<_>>();
    format!("{} {}", report["result"], findings.join("; "))
}

/// A run is asked to stop while a service keeps it waiting.
#[test]
fn a_signal_ends_the_run_at_once_with_what_is_known() {
    for signal in ["TERM", "INT"] {
        let (simulator, environment) = scenario("healthy").unwrap().start().unwrap();
        simulator.world().fault(Fault::of(LOGIN_SERVER, Effect::Silence).at("/oauth2/exchange"));
        let (run, took) = job::interrupted(&simulator, &environment, signal, || {
            simulator.journal().entries.iter().any(|entry| entry.path == "/oauth2/exchange")
        });
        assert!(took < Duration::from_secs(2), "{signal}: {took:?}");
        assert_eq!(run.code, Some(3), "{signal}: {}", run.stderr);
        let report = run.report();
        assert_eq!(report["result"], "undetermined", "{signal}: {}", run.stdout);
        let of = |id: &str| {
            let checks = report["checks"].as_array().into_iter().flatten();
            checks.clone().find(|check| check["id"] == id).map(|check| check["status"].clone()).unwrap_or_default()
        };
        assert_eq!(
            (of("sign-in"), of("registry-sign-in")),
            (json!("passed"), json!("skipped")),
            "{signal}: {}",
            run.stdout
        );
    }
}
