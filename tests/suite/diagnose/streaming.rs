//! How a log is read: in pieces, in constant memory, in linear time.

use super::ids;
use acr_preflight::diagnose::diagnose;
use std::io::{self, BufReader, Read};
use std::time::Instant;

const FAILURE: &str = "Error response from daemon: Get \"https://contosoacr.azurecr.io/v2/\": denied: client with IP \
                       '203.0.113.9' is not allowed access.";

#[test]
fn the_size_of_the_pieces_does_not_matter() {
    let log = format!("{}{FAILURE}\n{}AADSTS7000222: expired\n", "fine\n".repeat(40), "also fine\n".repeat(60));
    let whole = diagnose(log.as_bytes(), "-").unwrap();
    for size in [1, 2, 3, 7, 64, 4096] {
        let pieces = diagnose(BufReader::with_capacity(size, log.as_bytes()), "-").unwrap();
        assert_eq!(format!("{pieces:?}"), format!("{whole:?}"), "{size}");
    }
}

#[test]
fn line_numbers_stay_right_however_far_down() {
    for above in [0, 1, 5, 6, 7, 1000, 50_000, 200_001] {
        let log = format!("{}{FAILURE}\nbye", "a line that says nothing\n".repeat(above));
        let diagnosis = diagnose(log.as_bytes(), "-").unwrap();
        assert_eq!(diagnosis.findings[0].line, above + 1);
        assert_eq!(diagnosis.lines, above + 2);
    }
}

#[test]
fn a_message_across_the_end_of_a_block_is_found() {
    let blocks = 256 * 1024;
    for shift in (0..FAILURE.len() + 40).step_by(5) {
        let above = "x".repeat(blocks - shift);
        assert_eq!(ids(format!("{above}\n{FAILURE}\n").as_bytes()), ["firewall-ip-denied"], "{shift}");
        assert_eq!(ids(format!("{above} {FAILURE} {above}").as_bytes()), ["firewall-ip-denied"], "{shift}");
    }
}

#[test]
fn the_last_line_needs_no_end() {
    assert_eq!(ids(FAILURE.as_bytes()), ["firewall-ip-denied"]);
    assert_eq!(diagnose(&b""[..], "-").unwrap().lines, 0);
    assert_eq!(diagnose(&b"\n"[..], "-").unwrap().lines, 1);
    assert_eq!(diagnose(&b"a\nb"[..], "-").unwrap().lines, 2);
}

#[test]
fn a_reader_that_fails_is_an_error() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("the disk is gone"))
        }
    }
    let error = diagnose(BufReader::new(Broken), "-").unwrap_err();
    assert_eq!(error.to_string(), "the disk is gone");
}

/// What takes a program long that looks further than it must.
const HARD: &[(&str, &str)] = &[
    ("one line", "x"),
    ("one line of triggers", "unauthorized azurecr.io denied "),
    ("short lines", "\n"),
    ("short lines of triggers", "denied\n"),
    ("nested quotes", "\\\\\\\""),
    ("open brackets", "[[[[{{{{((((<<<<"),
    ("torn links", "[1](http"),
    ("numbers of Entra", "AADSTS7000222 "),
    ("hosts", "https://contosoacr.azurecr.io/v2/ https://ghcr.io/v2/ "),
    ("beginnings of wordings", "client with IP 'x' client with IP 'y' is not "),
    ("letters of two bytes", "é denied ü"),
    ("zeros", "\0\0\0\0denied"),
    ("JSON in JSON", r#"{"log":"{\"message\":\"{\\\"code\\\":\\\"UNAUTHORIZED\\\"}\"}"}"#),
    ("colours", "\x1b[31mdenied\x1b[0m\x1b[1m"),
    ("unfinished colours", "\x1b]denied"),
    ("a failure again and again", "Get \"https://contosoacr.azurecr.io/v2/\": unauthorized: authentication required\n"),
    ("masked hosts that do not end", "denied ://[://<"),
    ("letters of words that are none", "unauthorize denie credentia "),
];

#[test]
fn hard_logs_take_linear_time() {
    for (name, piece) in HARD {
        let seconds = |size: usize| {
            let log = piece.repeat(size / piece.len());
            let begin = Instant::now();
            diagnose(log.as_bytes(), "-").unwrap();
            begin.elapsed().as_secs_f64()
        };
        let once = 16 * 1024;
        let small = seconds(once).max(seconds(once)).max(0.005);
        let large = seconds(8 * once);
        assert!(large < 8.0 * small * 5.0, "{name}: {small} s, then {large} s for eight times as much");
    }
}

#[test]
fn many_failures_make_a_short_report() {
    let log: String = (0..20_000).map(|number| format!("{FAILURE} {number}\nAADSTS{}: x\n", 50_000 + number)).collect();
    let diagnosis = diagnose(log.as_bytes(), "-").unwrap();
    assert!(diagnosis.findings.len() <= 10);
    assert!(diagnosis.findings.iter().all(|told| told.finding.codes.len() <= 50 && told.excerpt.len() <= 2000));
}
