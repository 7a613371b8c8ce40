//! JSON, SARIF and JUnit against their schemas. Whoever makes a report can hold it against them here.

use super::sample;
use acr_preflight::finding::{Diagnosis, Report};
use acr_preflight::report::{Format, Style, render, render_diagnosis};
use serde_json::Value;
use std::sync::LazyLock;

static CHECK: LazyLock<jsonschema::Validator> =
    LazyLock::new(|| compiled(include_str!("../../../.github/schemas/check-v1.json")));
static DIAGNOSE: LazyLock<jsonschema::Validator> =
    LazyLock::new(|| compiled(include_str!("../../../.github/schemas/diagnose-v1.json")));
static SARIF: LazyLock<jsonschema::Validator> =
    LazyLock::new(|| compiled(include_str!("../../schemas/sarif-2.1.0.json")));

/// Fails unless the text is a JSON report of `check`.
pub(crate) fn assert_check_json(json: &str) {
    assert_valid(&CHECK, json);
}

/// Fails unless the text is a JSON report of `diagnose`.
pub(crate) fn assert_diagnose_json(json: &str) {
    assert_valid(&DIAGNOSE, json);
}

/// Fails unless the text is SARIF 2.1.0.
pub(crate) fn assert_sarif(sarif: &str) {
    assert_valid(&SARIF, sarif);
}

/// Fails unless the text is JUnit XML: well-formed, with counts that are true. The XML schema is another test's, because
/// it takes the vendors' packages.
pub(crate) fn assert_junit(xml: &str) {
    let document = roxmltree::Document::parse(xml).unwrap_or_else(|error| panic!("{error}:\n{xml}"));
    let suites = document.root_element();
    assert_eq!(suites.tag_name().name(), "testsuites");
    let suite = suites.first_element_child().expect("a suite");
    let cases: Vec<_> = suite.children().filter(|node| node.has_tag_name("testcase")).collect();
    let with = |kind: &str| cases.iter().filter(|case| case.children().any(|node| node.has_tag_name(kind))).count();
    for (attribute, count) in
        [("tests", cases.len()), ("failures", with("failure")), ("errors", with("error")), ("skipped", with("skipped"))]
    {
        assert_eq!(suite.attribute(attribute), Some(count.to_string().as_str()), "{attribute}:\n{xml}");
    }
}

/// A report in every machine-readable format, each held against its schema.
pub(crate) fn assert_report(report: &Report) {
    assert_check_json(&render(Format::Json, report, &Style::default()));
    assert_sarif(&render(Format::Sarif, report, &Style::default()));
    assert_junit(&render(Format::Junit, report, &Style::default()));
}

/// The same of a log.
pub(crate) fn assert_diagnosis(diagnosis: &Diagnosis) {
    assert_diagnose_json(&render_diagnosis(Format::Json, diagnosis, &Style::default()));
    assert_sarif(&render_diagnosis(Format::Sarif, diagnosis, &Style::default()));
    assert_junit(&render_diagnosis(Format::Junit, diagnosis, &Style::default()));
}

fn compiled(schema: &str) -> jsonschema::Validator {
    // OASIS' pattern of a language has a stray bracket, which not every engine forgives; we write no language.
    let schema = schema.replace("{2}]?$", "{2}$");
    let schema = serde_json::from_str(&schema).expect("the schema is JSON");
    jsonschema::options().should_validate_formats(true).build(&schema).expect("the schema is one")
}

fn assert_valid(schema: &jsonschema::Validator, json: &str) {
    let value: Value = serde_json::from_str(json).unwrap_or_else(|error| panic!("{error}:\n{json}"));
    let errors: Vec<_> =
        schema.iter_errors(&value).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{}\n{json}", errors.join("\n"));
}

#[test]
fn the_samples_follow_their_schemas() {
    for report in [sample::passed(), sample::failed(), sample::warned(), sample::mixed(), sample::with_errors(3)] {
        assert_report(&report);
    }
    assert_diagnosis(&sample::diagnosis());
}

/// The schemas let keys be added; this test does not, so that none is added without a word in the schema.
#[test]
fn every_key_of_the_json_is_in_its_schema() {
    for (schema, json) in [
        (
            include_str!("../../../.github/schemas/check-v1.json"),
            render(Format::Json, &sample::mixed(), &Style::default()),
        ),
        (
            include_str!("../../../.github/schemas/diagnose-v1.json"),
            render_diagnosis(Format::Json, &sample::diagnosis(), &Style::default()),
        ),
    ] {
        let mut schema: Value = serde_json::from_str(schema).expect("the schema is JSON");
        close(&mut schema);
        assert_valid(&compiled(&schema.to_string()), &json);
    }
}

/// Forbids every key that an object of the schema does not name.
fn close(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            if object.contains_key("properties") {
                object.insert("additionalProperties".to_owned(), Value::Bool(false));
            }
            object.values_mut().for_each(close);
        }
        Value::Array(list) => list.iter_mut().for_each(close),
        _ => {}
    }
}

#[test]
fn a_report_that_breaks_the_contract_is_refused() {
    let good = render(Format::Json, &sample::mixed(), &Style::default());
    for (from, to) in [
        ("\"schema_version\": 1", "\"schema_version\": 2"),
        ("\"result\": \"failed\"", "\"result\": \"green\""),
        ("\"granted\"", "\"given\""),
        ("\"severity\": \"error\"", "\"severity\": \"fatal\""),
    ] {
        assert!(good.contains(from), "{from}");
        let value: Value = serde_json::from_str(&good.replace(from, to)).expect("still JSON");
        assert!(!CHECK.is_valid(&value), "{to}");
    }
}
