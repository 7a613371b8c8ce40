//! Long logs: of a build that went well until its last step, and such as are hard to read.

use std::io::{BufWriter, Write};
use tempfile::NamedTempFile;

/// Lines as builds write them, no two of them alike.
const LINES: &[&str] = &[
    "#12 3.402 Compiling step {} of the application, 0 warnings, 0 errors",
    "2026-11-22T08:00:00.0000000Z  => => transferring context: {} kB 0.1s",
    "npm http fetch GET 200 https://registry.npmjs.org/left-pad/-/left-pad-{}.tgz 31ms (cache miss)",
    "[INFO] Downloaded from central: https://repo.maven.apache.org/maven2/org/example/{}.jar (12 kB at 240 kB/s)",
    "ok  \tgithub.com/contoso/app/internal/package{}\t0.012s\tcoverage: 81.2% of statements",
    "test tests::case_{} ... ok",
];

/// Writes a log of about so many bytes.
pub(crate) fn write(bytes: usize) -> NamedTempFile {
    let file = NamedTempFile::new().expect("a temporary file");
    let mut out = BufWriter::new(file.as_file());
    let mut written = 0;
    for number in 0.. {
        if written >= bytes {
            break;
        }
        let line = LINES[number % LINES.len()].replace("{}", &number.to_string());
        writeln!(out, "{line}").expect("room for the log");
        written += line.len() + 1;
    }
    writeln!(out, "unauthorized: authentication required, visit https://aka.ms/acr/authorization").expect("room");
    out.flush().expect("room for the log");
    drop(out);
    file
}

/// What takes a program long that looks further than it must: a piece that is repeated, up to so many bytes.
pub(crate) const HARD: &[(&str, &str, usize)] = &[
    ("one line of 100 MB", "x", 100_000_000),
    ("one line of triggers", "unauthorized azurecr.io denied ", 16_000_000),
    ("ten million short lines", "\n", 10_000_000),
    ("short lines of triggers", "denied\n", 16_000_000),
    ("nested quotes", "\\\\\\\"", 100_000_000),
    ("JSON in JSON", r#"{"log":"{\"message\":\"{\\\"code\\\":\\\"UNAUTHORIZED\\\"}\"}"}"#, 16_000_000),
    ("colours", "\x1b[31mdenied\x1b[0m", 16_000_000),
    (
        "one failure again and again",
        "Get \"https://contosoacr.azurecr.io/v2/\": unauthorized: authentication required\n",
        16_000_000,
    ),
];

/// Writes a piece of text again and again, up to about so many bytes.
pub(crate) fn repeat(piece: &str, bytes: usize) -> NamedTempFile {
    let file = NamedTempFile::new().expect("a temporary file");
    let block = piece.repeat((64 << 10) / piece.len());
    let mut out = file.as_file();
    for _ in 0..bytes / block.len() {
        out.write_all(block.as_bytes()).expect("room for the log");
    }
    file
}
