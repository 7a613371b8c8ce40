//! Version 1 of the JSON: keys may be added, never renamed or removed. The schema beside the project's documents says
//! the same for other programs.

use super::super::dates::rfc3339;
use crate::finding;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use std::time::Duration;

/// The number that every document carries.
const SCHEMA_VERSION: u8 = 1;

#[derive(Serialize)]
pub(crate) struct Report<'a> {
    schema_version: u8,
    tool: Tool,
    result: &'static str,
    exit_code: u8,
    started_at: String,
    duration_ms: u64,
    registry: Registry<'a>,
    identity: Identity<'a>,
    credential: Credential,
    access: Vec<Access<'a>>,
    checks: Vec<Check<'a>>,
    findings: Vec<Finding<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    trace: Vec<Request<'a>>,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Registry<'a> {
    login_server: Option<&'a str>,
    cloud: &'a str,
}

#[derive(Serialize)]
struct Identity<'a> {
    kind: &'static str,
    client_id: Option<&'a str>,
    tenant_id: Option<&'a str>,
    name: Option<&'a str>,
    chosen_because: &'a str,
}

#[derive(Serialize)]
struct Credential {
    expires_on: Option<String>,
    days_left: Option<i64>,
    source: &'static str,
}

#[derive(Serialize)]
struct Access<'a> {
    repository: &'a str,
    required: &'a [String],
    granted: &'a [String],
}

#[derive(Serialize)]
struct Check<'a> {
    id: &'static str,
    title: &'static str,
    status: &'static str,
    duration_ms: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'a str>,
}

#[derive(Serialize)]
struct Finding<'a> {
    #[serde(flatten)]
    words: Words<'a>,
    check: &'static str,
}

/// What a finding of a run and one of a log have in common.
#[derive(Serialize)]
struct Words<'a> {
    id: &'static str,
    severity: &'static str,
    title: &'static str,
    cause: &'static str,
    facts: Facts<'a>,
    fix: Vec<String>,
    link: &'static str,
    codes: &'a [String],
}

/// Labels and values in the order of the finding; a label met twice keeps both values, one a line.
struct Facts<'a>(&'a [finding::Fact]);

#[derive(Serialize)]
struct Request<'a> {
    method: &'a str,
    host: &'a str,
    path: &'a str,
    status: Option<u16>,
    error: Option<&'a str>,
    duration_ms: u64,
    correlation_id: Option<&'a str>,
}

#[derive(Serialize)]
pub(crate) struct Diagnosis<'a> {
    schema_version: u8,
    tool: Tool,
    origin: &'a str,
    lines: usize,
    findings: Vec<LogFinding<'a>>,
}

#[derive(Serialize)]
struct LogFinding<'a> {
    #[serde(flatten)]
    words: Words<'a>,
    line: usize,
    excerpt: &'a str,
}

impl Tool {
    fn this() -> Self {
        Self { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") }
    }
}

impl<'a> From<&'a finding::Report> for Report<'a> {
    fn from(report: &'a finding::Report) -> Self {
        Self {
            schema_version: SCHEMA_VERSION,
            tool: Tool::this(),
            result: report.verdict().word(),
            exit_code: report.exit_code(),
            started_at: rfc3339(report.started_at),
            duration_ms: millis(report.duration),
            registry: Registry { login_server: report.login_server.as_deref(), cloud: report.cloud },
            identity: Identity {
                kind: report.identity.kind,
                client_id: report.identity.client_id.as_deref(),
                tenant_id: report.identity.tenant_id.as_deref(),
                name: report.identity.name.as_deref(),
                chosen_because: &report.chosen_because,
            },
            credential: Credential {
                expires_on: report.life.expires_on.map(rfc3339),
                days_left: report.days_left(),
                source: report.life.source.word(),
            },
            access: report.access.iter().map(Access::from).collect(),
            checks: report.checks.iter().map(Check::from).collect(),
            findings: report
                .findings()
                .map(|(check, finding)| Finding { words: Words::from(finding), check: check.id })
                .collect(),
            trace: report.trace.iter().map(Request::from).collect(),
        }
    }
}

impl<'a> From<&'a finding::Access> for Access<'a> {
    fn from(access: &'a finding::Access) -> Self {
        Self { repository: &access.repository, required: &access.required, granted: &access.granted }
    }
}

impl<'a> From<&'a finding::Check> for Check<'a> {
    fn from(check: &'a finding::Check) -> Self {
        Self {
            id: check.id,
            title: check.title,
            status: check.status().word(),
            duration_ms: millis(check.duration),
            reason: check.skipped(),
            note: check.note.as_deref(),
        }
    }
}

impl<'a> From<&'a finding::Finding> for Words<'a> {
    fn from(finding: &'a finding::Finding) -> Self {
        Self {
            id: finding.failure.id,
            severity: finding.severity.word(),
            title: finding.title(),
            cause: finding.cause(),
            facts: Facts(&finding.facts),
            fix: finding.fix(),
            link: finding.failure.link,
            codes: &finding.codes,
        }
    }
}

impl Serialize for Facts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (index, fact) in self.0.iter().enumerate() {
            if self.0[..index].iter().any(|earlier| earlier.label == fact.label) {
                continue;
            }
            let values = self.0[index..].iter().filter(|other| other.label == fact.label);
            let values: Vec<_> = values.map(|other| other.value.as_str()).collect();
            map.serialize_entry(fact.label, &values.join("\n"))?;
        }
        map.end()
    }
}

impl<'a> From<&'a finding::TraceLine> for Request<'a> {
    fn from(line: &'a finding::TraceLine) -> Self {
        Self {
            method: &line.method,
            host: &line.host,
            path: &line.path,
            status: line.status,
            error: line.error.as_deref(),
            duration_ms: millis(line.duration),
            correlation_id: line.correlation_id.as_deref(),
        }
    }
}

impl<'a> From<&'a finding::Diagnosis> for Diagnosis<'a> {
    fn from(diagnosis: &'a finding::Diagnosis) -> Self {
        let findings = diagnosis.findings.iter().map(|found| LogFinding {
            words: Words::from(&found.finding),
            line: found.line,
            excerpt: &found.excerpt,
        });
        Self {
            schema_version: SCHEMA_VERSION,
            tool: Tool::this(),
            origin: &diagnosis.origin,
            lines: diagnosis.lines,
            findings: findings.collect(),
        }
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
