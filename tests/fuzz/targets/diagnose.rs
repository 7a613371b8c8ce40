//! The log of a failed build: any bytes, in every format.
#![no_main]

use acr_preflight::diagnose::diagnose;
use acr_preflight::report::{Format, Style, render_diagnosis};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let diagnosis = diagnose(data, "build.log").expect("memory is always readable");
    for found in &diagnosis.findings {
        assert!((1..=diagnosis.lines).contains(&found.line), "line {} of {}", found.line, diagnosis.lines);
    }
    for (_, format) in Format::NAMES {
        let text = render_diagnosis(format, &diagnosis, &Style::default());
        let is_told = |letter: char| letter == '\n' || letter == '\t' || !letter.is_control();
        assert!(text.chars().all(is_told), "a control character reached the output: {text:?}");
    }
});
