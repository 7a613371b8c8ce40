//! A measure against logs from elsewhere, for those who have some.

use super::ids;
use crate::not_tried::not_asked_for;
use serde_json::Value;

/// A file of JSON lines: `text` is a log, `accept` the ids of which the first finding must be one, `none` for silence.
const FILE: &str = "ACR_PREFLIGHT_WORDINGS";

/// How many of a hundred must be told right: of the logs with a failure, and of those without one.
const FAILURES: usize = 95;
const SILENT: usize = 98;

#[test]
fn logs_from_elsewhere_are_told_as_often_as_promised() {
    let Some(path) = std::env::var_os(FILE) else {
        return not_asked_for(&format!("{FILE} names no logs from elsewhere"));
    };
    let file = std::fs::read_to_string(path).unwrap();
    let mut counts = [(0, 0); 2];
    for line in file.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let accept: Vec<&str> = case["accept"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        let told = ids(case["text"].as_str().unwrap().as_bytes());
        let (right, all) = &mut counts[usize::from(case["cause"] == "none")];
        *all += 1;
        *right += usize::from(accept.contains(told.first().unwrap_or(&"none")));
    }
    let [(right, all), (silent, quiet)] = counts;
    assert!(right * 100 >= all * FAILURES && silent * 100 >= quiet * SILENT, "{right}/{all}, silent {silent}/{quiet}");
}
