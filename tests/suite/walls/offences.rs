//! Holds the mentions of every file against the rules.

use super::tokens::{Mention, What, mentions};
use super::{Right, Room, Sign};
use std::collections::BTreeSet;

/// Every offence of these files, `(path, text)`, against the rules, in the order of the files and once a line.
pub(super) fn offences(files: &[(String, String)], rooms: &[Room], rights: &[Right]) -> Vec<String> {
    let read: Vec<(&str, Vec<Mention>)> = files.iter().map(|(path, text)| (path.as_str(), mentions(text))).collect();
    let tests: BTreeSet<String> = read.iter().flat_map(|(path, found)| test_files(path, found)).collect();
    let mut offences = Vec::new();
    for (path, found) in &read {
        if tests.contains(*path) {
            continue;
        }
        let module = module_of(path);
        let here = module.first().map_or("lib", String::as_str);
        let room = rooms.iter().find(|room| room.name == here);
        if room.is_none() && here != "main" && here != "lib" {
            offences.push(format!("{path}:1: {here} is in no rule"));
        }
        for mention in found {
            for offence in [against_rooms(mention, here, &module, room), against_rights(mention, here, rights)] {
                let Some(offence) = offence.map(|what| format!("{path}:{}: {what}", mention.line)) else { continue };
                if !offences.contains(&offence) {
                    offences.push(offence);
                }
            }
        }
    }
    offences
}

/// The module that a file is: `src/plan/names.rs` is `["plan", "names"]`, `src/lib.rs` is the root.
fn module_of(path: &str) -> Vec<String> {
    let inner = path.trim_start_matches("src/").trim_end_matches(".rs").trim_end_matches("/mod");
    if inner == "lib" { Vec::new() } else { inner.split('/').map(str::to_owned).collect() }
}

/// The files that hold `#[cfg(test)] mod name;` of this one.
fn test_files(path: &str, found: &[Mention]) -> Vec<String> {
    let folder = match path {
        "src/lib.rs" | "src/main.rs" => "src",
        _ => path.trim_end_matches(".rs"),
    };
    let name = |mention: &Mention| match &mention.what {
        What::TestModule(name) => Some(format!("{folder}/{name}.rs")),
        _ => None,
    };
    found.iter().filter_map(name).collect()
}

fn against_rooms(mention: &Mention, here: &str, module: &[String], room: Option<&Room>) -> Option<String> {
    let What::Path { segments, inside } = &mention.what else { return None };
    if here == "main" {
        return named_failure(segments);
    }
    let target = used_room(segments, module, inside)?;
    if target == "*" {
        return Some("a glob of the whole house hides what is used".to_owned());
    }
    let room = room?;
    let allowed = target == here || room.may_use.contains(&target.as_str());
    (!allowed).then(|| format!("{here} may not use {target}"))
}

/// The room a path leads into, where it leads through the root of the crate.
fn used_room(segments: &[String], module: &[String], inside: &[String]) -> Option<String> {
    match segments.first()?.as_str() {
        "crate" => segments.get(1).cloned(),
        "super" => {
            let climbs = segments.iter().take_while(|segment| *segment == "super").count();
            (climbs == module.len() + inside.len()).then(|| segments.get(climbs).cloned()).flatten()
        }
        _ => None,
    }
}

/// `main` wires; a failure's name in it would be a decision.
fn named_failure(segments: &[String]) -> Option<String> {
    let last = segments.last()?;
    let is_static =
        last.len() > 3 && last.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_' || byte.is_ascii_digit());
    let named = segments.iter().any(|segment| segment == "catalogue") && is_static;
    named.then(|| format!("main knows the failure {last} by name"))
}

fn against_rights(mention: &Mention, here: &str, rights: &[Right]) -> Option<String> {
    let right = rights
        .iter()
        .find(|right| !right.only.contains(&here) && right.shown_by.iter().any(|sign| shows(mention, sign)))?;
    Some(format!("only {} {}", right.only.join(", "), right.doing))
}

fn shows(mention: &Mention, sign: &Sign) -> bool {
    match (&mention.what, sign) {
        (What::Path { segments, .. }, Sign::Begins(path)) => {
            let wanted: Vec<&str> = path.split("::").collect();
            // A lone word of that name is a variable or a field; a crate's name is followed by something.
            segments.len() > wanted.len().max(2) - 1 && segments.iter().zip(&wanted).all(|(have, want)| have == want)
        }
        (What::Path { segments, .. }, Sign::Ends(path)) => {
            let wanted: Vec<&str> = path.split("::").collect();
            segments.len() >= wanted.len()
                && segments.iter().rev().zip(wanted.iter().rev()).all(|(have, want)| have == want)
        }
        (What::Macro(name), Sign::Macro(wanted)) | (What::Method(name), Sign::Method(wanted)) => name == wanted,
        (What::Literal(text), Sign::Literal(start)) => text.starts_with(start),
        _ => false,
    }
}
