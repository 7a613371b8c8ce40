//! The walls of the house: which room may use which, and what only one room may do.
//!
//! The sources are read as tokens, so comments and strings do not count and code inside macros does. Unit tests
//! (`#[cfg(test)]`) may do as they like.

mod dependencies;
mod offences;
mod tokens;

use offences::offences;
use std::fs;
use std::path::{Path, PathBuf};

/// A room and the rooms whose names may stand in it.
pub(crate) struct Room {
    pub(crate) name: &'static str,
    pub(crate) may_use: &'static [&'static str],
}

pub(crate) const ROOMS: &[Room] = &[
    Room { name: "catalogue", may_use: &[] },
    Room { name: "secret", may_use: &[] },
    Room { name: "finding", may_use: &["catalogue"] },
    Room { name: "inputs", may_use: &["secret"] },
    Room { name: "plan", may_use: &["inputs", "finding", "catalogue", "secret"] },
    Room { name: "azure", may_use: &["plan", "secret"] },
    Room { name: "docker", may_use: &["plan", "secret"] },
    Room { name: "checks", may_use: &["azure", "docker", "plan", "finding", "catalogue", "secret"] },
    Room { name: "log-text", may_use: &[] },
    Room { name: "diagnose", may_use: &["log-text", "finding", "catalogue"] },
    Room { name: "report", may_use: &["finding", "catalogue", "secret"] },
    Room { name: "explain", may_use: &["finding", "catalogue"] },
];

/// Something that only some rooms may do.
struct Right {
    doing: &'static str,
    only: &'static [&'static str],
    shown_by: &'static [Sign],
}

/// How a deed shows in the tokens.
enum Sign {
    /// A path that begins so: `std::env`.
    Begins(&'static str),
    /// A path that ends so, whatever was imported: `SystemTime::now`.
    Ends(&'static str),
    /// A macro.
    Macro(&'static str),
    /// A method call.
    Method(&'static str),
    /// A string literal that begins so.
    Literal(&'static str),
}

use Sign::{Begins, Ends, Literal, Macro, Method};

const RIGHTS: &[Right] = &[
    Right { doing: "reads the environment", only: &["inputs", "main"], shown_by: &[Begins("std::env")] },
    Right {
        doing: "reads the clock",
        only: &["inputs", "main"],
        shown_by: &[Ends("SystemTime::now"), Ends("OffsetDateTime::now_utc"), Ends("OffsetDateTime::now_local")],
    },
    Right {
        doing: "prints",
        only: &["main"],
        shown_by: &[
            Macro("print"),
            Macro("println"),
            Macro("eprint"),
            Macro("eprintln"),
            Macro("dbg"),
            Ends("io::stdout"),
            Ends("io::stderr"),
            Begins("indicatif"),
        ],
    },
    Right { doing: "ends the process", only: &["main"], shown_by: &[Ends("process::exit"), Ends("process::abort")] },
    Right {
        doing: "speaks to the network",
        only: &["azure"],
        shown_by: &[
            Begins("reqwest"),
            Begins("hyper"),
            Begins("hickory_resolver"),
            Begins("rustls"),
            Begins("tokio_rustls"),
            Ends("ToSocketAddrs"),
        ],
    },
    // The docker engine listens on a socket or port of its own, which no proxy, TLS or retry has to do with.
    Right {
        doing: "opens a connection",
        only: &["azure", "docker"],
        shown_by: &[Ends("TcpStream::connect"), Ends("UnixStream::connect")],
    },
    Right { doing: "starts a process", only: &["docker"], shown_by: &[Ends("Command::new")] },
    Right {
        doing: "touches files",
        only: &["inputs", "docker", "main"],
        shown_by: &[Begins("std::fs"), Begins("tokio::fs"), Ends("File::open"), Ends("File::create")],
    },
    Right {
        doing: "exposes a secret",
        only: &["azure", "docker", "inputs", "plan", "secret", "report"],
        shown_by: &[Method("expose"), Method("expose_secret"), Ends("Secret::expose")],
    },
    Right {
        doing: "knows a URL",
        only: &["azure", "catalogue", "inputs", "plan", "docker", "report", "explain"],
        shown_by: &[Literal("https://"), Literal("http://"), Ends("Url::parse")],
    },
];

#[test]
fn every_room_keeps_to_its_walls() {
    let files: Vec<(String, String)> = rust_files(Path::new("src"))
        .into_iter()
        .map(|path| (slashes(&path), fs::read_to_string(&path).unwrap()))
        .collect();
    assert!(files.len() > 10, "the sources were not found");
    let found = offences(&files, ROOMS, RIGHTS);
    assert!(found.is_empty(), "{} offence(s):\n{}", found.len(), found.join("\n"));
}

#[test]
fn each_wall_is_noticed_when_it_is_broken() {
    let samples = [
        ("src/checks.rs", "use crate::report::render;", "src/checks.rs:1: checks may not use report"),
        ("src/plan/a.rs", "use crate::{secret::Secret, azure::{call, b}};", "src/plan/a.rs:1: plan may not use azure"),
        ("src/azure/a.rs", "fn f() {\n super::super::finding::g() }", "src/azure/a.rs:2: azure may not use finding"),
        (
            "src/catalogue.rs",
            "macro_rules! m { () => { $crate::plan::X } }",
            "src/catalogue.rs:1: catalogue may not use plan",
        ),
        ("src/plan.rs", "use std::{env, fmt};", "src/plan.rs:1: only inputs, main reads the environment"),
        (
            "src/checks.rs",
            "use std::time::*; fn f() { SystemTime::now(); }",
            "src/checks.rs:1: only inputs, main reads the clock",
        ),
        ("src/report.rs", "fn f() { println!(\"x\") }", "src/report.rs:1: only main prints"),
        ("src/report.rs", "fn f() { select! { a => eprintln!(\"x\") } }", "src/report.rs:1: only main prints"),
        ("src/checks.rs", "use reqwest::Client;", "src/checks.rs:1: only azure speaks to the network"),
        ("src/azure.rs", "fn f() { Command::new(\"docker\"); }", "src/azure.rs:1: only docker starts a process"),
        ("src/azure.rs", "use tokio::fs;", "src/azure.rs:1: only inputs, docker, main touches files"),
        (
            "src/checks.rs",
            "fn f(s: S) { s.expose(); }",
            "src/checks.rs:1: only azure, docker, inputs, plan, secret, report exposes a secret",
        ),
        (
            "src/checks.rs",
            "const U: &str = \"https://x/\";",
            "src/checks.rs:1: only azure, catalogue, inputs, plan, docker, report, explain knows a URL",
        ),
        (
            "src/main.rs",
            "use acr_preflight::catalogue::entra::SECRET_EXPIRED;",
            "src/main.rs:1: main knows the failure SECRET_EXPIRED by name",
        ),
        ("src/checks.rs", "use crate::*;", "src/checks.rs:1: a glob of the whole house hides what is used"),
        ("src/cellar.rs", "fn f() {}", "src/cellar.rs:1: cellar is in no rule"),
        ("src/plan.rs", "use crate::cellar::wine;", "src/plan.rs:1: plan may not use cellar"),
    ];
    for (path, text, expected) in samples {
        assert_eq!(offences(&[(path.to_owned(), text.to_owned())], ROOMS, RIGHTS), [expected], "{text}");
    }
}

#[test]
fn what_is_no_offence_is_let_through() {
    let samples = [
        (
            "src/checks.rs",
            "// println! and crate::report\n/// std::env\nfn f() -> &'static str { \"crate::report std::env\" }",
        ),
        ("src/azure/a.rs", "use super::call; use crate::plan::Cloud; mod b { use super::super::call; }"),
        ("src/checks.rs", "#[cfg(test)] mod tests { use crate::report::render; fn f() { println!(\"x\") } }"),
        ("src/checks.rs", "#[cfg(test)] use crate::report::render; use crate::plan::Plan;"),
        ("src/catalogue.rs", "macro_rules! m { () => {} } pub(crate) use m; fn f() { env!(\"CARGO_PKG_VERSION\"); }"),
        (
            "src/main.rs",
            "use acr_preflight::{checks, report}; fn main() { println!(\"{}\", std::env::args().count()) }",
        ),
    ];
    for (path, text) in samples {
        assert_eq!(offences(&[(path.to_owned(), text.to_owned())], ROOMS, RIGHTS), Vec::<String>::new(), "{text}");
    }
    let apart = [
        ("src/report.rs".to_owned(), "#[cfg(test)] mod sample;".to_owned()),
        ("src/report/sample.rs".to_owned(), "use crate::checks::run;".to_owned()),
    ];
    assert_eq!(offences(&apart, ROOMS, RIGHTS), Vec::<String>::new(), "a test module in a file of its own");
}

#[test]
fn no_file_has_grown_into_a_drawer() {
    let mut offenders = Vec::new();
    for path in ["src", "tests"].iter().flat_map(|folder| rust_files(Path::new(folder))) {
        let text = fs::read_to_string(&path).unwrap();
        let name = slashes(&path);
        let lines = text.lines().count();
        if lines > 400 {
            offenders.push(format!("{name}: {lines} lines; split it"));
        }
        if ["utils", "util", "helpers", "helper", "common", "misc"]
            .contains(&path.file_stem().unwrap().to_str().unwrap())
        {
            offenders.push(format!("{name}: name it after the one thing it holds"));
        }
        if !text.starts_with("//!") && !text.starts_with("#!") {
            offenders.push(format!("{name}: begin with one sentence, `//!`, that says what it is"));
        }
    }
    assert!(offenders.is_empty(), "{}", offenders.join("\n"));
}

/// All `.rs` files below a folder, sorted; `target` and `fuzz` have other rules.
fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if !path.ends_with("target") && !path.ends_with("fuzz") {
                found.extend(rust_files(&path));
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn slashes(path: &Path) -> String {
    path.to_str().unwrap().replace('\\', "/")
}
