//! JUnit XML: a test case for each check, for Azure's PublishTestResults, GitLab, Jenkins and CircleCI.
//!
//! The form is that of Jenkins' `junit-10.xsd`. A finding that leaves the question open is an `error`, one that breaks
//! the build a `failure`; warnings and notices are the output of a case that passes.

use super::dates::rfc3339;
use super::told::Told;
use super::visible::one_line;
use super::{phrases, visible::start_of_line};
use crate::catalogue::{Severity, Verdict};
use crate::finding::{Check, Diagnosis, Finding, LogFinding, Report};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use std::io;
use std::time::Duration;
use time::OffsetDateTime;

type Xml = Writer<Vec<u8>>;

/// Renders a report.
pub(crate) fn render(report: &Report) -> String {
    let started = rfc3339(report.started_at);
    let cases: Vec<_> = report.checks.iter().map(|check| case(check, report.started_at)).collect();
    document(&phrases::registry(report), Some(&started), report.duration, &cases)
}

/// Renders what a log says: a failed case for each finding.
pub(crate) fn render_diagnosis(diagnosis: &Diagnosis) -> String {
    let cases: Vec<_> = diagnosis.findings.iter().map(found).collect();
    document(&one_line(&diagnosis.origin), None, Duration::ZERO, &cases)
}

/// A test case.
struct Case {
    name: String,
    class: String,
    time: Duration,
    /// The element, its message and type, and its text.
    ends: Vec<(&'static str, String, &'static str, String)>,
    output: String,
}

fn case(check: &Check, now: OffsetDateTime) -> Case {
    let mut case = Case {
        name: check.title.to_owned(),
        class: format!("acr-preflight.{}", check.id),
        time: check.duration,
        ends: Vec::new(),
        output: String::new(),
    };
    if let Some(reason) = check.skipped() {
        case.ends.push(("skipped", one_line(reason), "", String::new()));
    }
    for finding in check.findings() {
        let told = Told::new(finding, Some(now));
        if finding.severity == Severity::Error {
            case.ends.push((element(finding), told.title.to_owned(), told.id, text(&told)));
        } else {
            case.output.push_str(&format!("{}: {} [{}]\n{}", told.severity.word(), told.title, told.id, text(&told)));
        }
    }
    case
}

fn found(found: &LogFinding) -> Case {
    let told = Told::new(&found.finding, None);
    let text = format!("line {}: {}\n{}", found.line, one_line(&found.excerpt), text(&told));
    Case {
        name: told.title.to_owned(),
        class: format!("acr-preflight.{}", told.id),
        time: Duration::ZERO,
        ends: vec![(element(&found.finding), told.title.to_owned(), told.id, text)],
        output: String::new(),
    }
}

fn element(finding: &Finding) -> &'static str {
    match finding.failure.verdict {
        Verdict::Undetermined => "error",
        Verdict::Breaks | Verdict::Invalid => "failure",
    }
}

/// Cause, proof, cure and link, a line each.
fn text(told: &Told) -> String {
    let mut lines = vec![told.cause.to_owned()];
    lines.extend(told.facts.iter().map(|(label, value)| format!("{label}: {value}")));
    lines.push("fix:".to_owned());
    lines.extend(told.cure());
    lines.push(format!("see {}", told.link));
    lines.iter().map(|line| start_of_line(line) + "\n").collect()
}

fn document(name: &str, timestamp: Option<&str>, time: Duration, cases: &[Case]) -> String {
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 2);
    match write(&mut xml, name, timestamp, time, cases) {
        Ok(()) => String::from_utf8_lossy(&xml.into_inner()).into_owned() + "\n",
        Err(error) => unreachable!("memory takes what is written to it: {error}"),
    }
}

fn write(xml: &mut Xml, name: &str, timestamp: Option<&str>, time: Duration, cases: &[Case]) -> io::Result<()> {
    let with = |kind: &str| cases.iter().filter(|case| case.ends.iter().any(|end| end.0 == kind)).count().to_string();
    let time = seconds(time);
    let mut counts = vec![("name", name.to_owned()), ("tests", cases.len().to_string())];
    counts.extend([("failures", with("failure")), ("errors", with("error")), ("time", time)]);
    let mut own = counts.clone();
    own.push(("skipped", with("skipped")));
    own.extend(timestamp.map(|timestamp| ("timestamp", timestamp.to_owned())));
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let suites = xml.create_element("testsuites").with_attributes(pairs(&counts));
    suites.write_inner_content(|xml| {
        let suite = xml.create_element("testsuite").with_attributes(pairs(&own));
        suite.write_inner_content(|xml| cases.iter().try_for_each(|case| write_case(xml, case)))?;
        Ok(())
    })?;
    Ok(())
}

fn write_case(xml: &mut Xml, case: &Case) -> io::Result<()> {
    let attributes = [("name", case.name.clone()), ("classname", case.class.clone()), ("time", seconds(case.time))];
    let element = xml.create_element("testcase").with_attributes(pairs(&attributes));
    if case.ends.is_empty() && case.output.is_empty() {
        element.write_empty()?;
        return Ok(());
    }
    element.write_inner_content(|xml| {
        for (kind, message, class, text) in &case.ends {
            let mut attributes = vec![("message", message.clone())];
            attributes.extend((!class.is_empty()).then(|| ("type", class.to_string())));
            let end = xml.create_element(*kind).with_attributes(pairs(&attributes));
            if text.is_empty() { end.write_empty() } else { end.write_text_content(BytesText::new(text)) }?;
        }
        if !case.output.is_empty() {
            xml.create_element("system-out").write_text_content(BytesText::new(&case.output))?;
        }
        Ok(())
    })?;
    Ok(())
}

fn pairs<'a>(attributes: &'a [(&'a str, String)]) -> impl Iterator<Item = (&'a str, &'a str)> {
    attributes.iter().map(|(key, value)| (*key, value.as_str()))
}

/// Seconds with three decimals, as every reader of the format expects them.
fn seconds(duration: Duration) -> String {
    format!("{:.3}", duration.as_secs_f64())
}
