//! SARIF 2.1.0 for code scanning; only the part of the format that is used.
//!
//! Own structs: `serde-sarif` would add 72 KB and 28 crates.

use super::told::Told;
use super::visible::one_line;
use super::{dates, json, phrases};
use crate::catalogue::Severity;
use crate::finding::{Diagnosis, Finding, Report};
use serde::Serialize;

/// The schema that the document follows, as OASIS publishes it.
const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

#[derive(Serialize)]
struct Sarif {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    tool: Tool,
    #[serde(skip_serializing_if = "Option::is_none")]
    invocations: Option<[Invocation; 1]>,
    results: Vec<Outcome>,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
struct Driver {
    name: &'static str,
    version: &'static str,
    rules: Vec<Rule>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: &'static str,
    short_description: Message,
    full_description: Message,
    #[serde(skip_serializing_if = "str::is_empty")]
    help_uri: &'static str,
    default_configuration: Configuration,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation {
    execution_successful: bool,
    exit_code: u8,
    start_time_utc: String,
    end_time_utc: String,
}

#[derive(Serialize)]
struct Message {
    text: String,
}

/// A `result` of SARIF.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Outcome {
    rule_id: &'static str,
    rule_index: usize,
    level: &'static str,
    message: Message,
    locations: [Location; 1],
    partial_fingerprints: Fingerprint,
}

/// What makes two results of different runs the same alert.
#[derive(Serialize)]
struct Fingerprint {
    #[serde(rename = "acrPreflight/v1")]
    finding: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    #[serde(skip_serializing_if = "Option::is_none")]
    physical_location: Option<Physical>,
    #[serde(skip_serializing_if = "Option::is_none")]
    logical_locations: Option<[Logical; 1]>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Physical {
    artifact_location: Artifact,
    region: Region,
}

#[derive(Serialize)]
struct Artifact {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Logical {
    fully_qualified_name: String,
    kind: &'static str,
}

/// Renders a report; its results are placed in `workflow`, because code scanning shows none without a file.
pub(crate) fn render(report: &Report, workflow: Option<&str>) -> String {
    let registry = phrases::registry(report);
    let started = report.started_at;
    let results = report.findings().map(|(_, finding)| {
        let place = finding.value("repository").or(finding.value("image")).map(one_line);
        let name = place.map_or(registry.clone(), |place| format!("{registry}/{place}"));
        let location = Location {
            physical_location: workflow.map(|file| physical(file, 1)),
            logical_locations: Some([Logical { fully_qualified_name: name.clone(), kind: "resource" }]),
        };
        (finding, Told::new(finding, Some(started)), location, name)
    });
    let invocation = Invocation {
        execution_successful: report.exit_code() < 2,
        exit_code: report.exit_code(),
        start_time_utc: dates::rfc3339(started),
        end_time_utc: dates::rfc3339(started + report.duration),
    };
    document(results, Some([invocation]))
}

/// Renders what a log says, each result at its line.
pub(crate) fn render_diagnosis(diagnosis: &Diagnosis) -> String {
    let results = diagnosis.findings.iter().map(|found| {
        let mut told = Told::new(&found.finding, None);
        told.facts.insert(0, ("log".to_owned(), one_line(&found.excerpt)));
        let location =
            Location { physical_location: Some(physical(&diagnosis.origin, found.line)), logical_locations: None };
        (&found.finding, told, location, diagnosis.origin.clone())
    });
    document(results, None)
}

fn document<'a>(
    findings: impl Iterator<Item = (&'a Finding, Told, Location, String)>,
    invocations: Option<[Invocation; 1]>,
) -> String {
    let mut rules: Vec<Rule> = Vec::new();
    let mut results = Vec::new();
    for (finding, told, location, place) in findings {
        let known = rules.iter().position(|rule| rule.id == told.id);
        let rule_index = known.unwrap_or_else(|| {
            rules.push(rule(finding));
            rules.len() - 1
        });
        results.push(Outcome {
            rule_id: told.id,
            rule_index,
            level: level(told.severity),
            message: Message { text: text(&told) },
            locations: [location],
            partial_fingerprints: Fingerprint { finding: format!("{}:{place}", told.id) },
        });
    }
    let driver = Driver { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION"), rules };
    let run = Run { tool: Tool { driver }, invocations, results };
    json::written(&Sarif { schema: SCHEMA, version: "2.1.0", runs: [run] })
}

fn rule(finding: &Finding) -> Rule {
    let failure = finding.failure;
    Rule {
        id: failure.id,
        short_description: Message { text: failure.title.to_owned() },
        full_description: Message { text: failure.cause.to_owned() },
        help_uri: failure.link,
        default_configuration: Configuration { level: level(failure.severity) },
    }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Notice => "note",
    }
}

/// Title, cause, proof and cure as plain text; `[` and `]` of values would be links and are escaped (SARIF, 3.11.6).
fn text(told: &Told) -> String {
    let mut lines = vec![format!("{}. {}", told.title, told.cause)];
    lines.extend(told.facts.iter().map(|(label, value)| format!("{label}: {value}")));
    lines.push("Fix:".to_owned());
    lines.extend(told.cure());
    lines.join("\n").replace('[', r"\[").replace(']', r"\]")
}

fn physical(file: &str, line: usize) -> Physical {
    Physical { artifact_location: Artifact { uri: uri(file) }, region: Region { start_line: line } }
}

/// A path as a URI reference: what is not plain is percent-encoded (RFC 3986).
fn uri(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    path.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
