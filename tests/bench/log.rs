//! A long log of a build that went well until its last step.

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
