//! The dependencies: each says why it is here, and is used.

use super::tokens::{What, mentions};
use super::{rust_files, slashes};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// A manifest, and the folder of the sources that it is for.
const MANIFESTS: &[(&str, &str)] = &[
    ("Cargo.toml", "src"),
    ("src/log-text/Cargo.toml", "src/log-text"),
    ("tests/simulator/Cargo.toml", "tests/simulator/src"),
];

/// Crates that no source names, and why they stand in a manifest all the same.
const UNNAMED: &[(&str, &str)] = &[("idna_adapter", "its version alone chooses how other crates read host names")];

/// Packages whose library has another name.
const LIBRARIES: &[(&str, &str)] = &[("md-5", "md5")];

/// The lines of a section, each a dependency.
fn section<'a>(manifest: &'a str, name: &str) -> Vec<&'a str> {
    let (_, rest) = manifest.split_once(&format!("[{name}]\n")).unwrap_or_default();
    rest.lines().take_while(|line| !line.starts_with('[')).filter(|line| line.contains(" = ")).collect()
}

/// The dependencies of a section that no file mentions as a crate.
fn unused<'a>(manifest: &'a str, section_name: &str, texts: &[String]) -> Vec<&'a str> {
    let mentioned: BTreeSet<String> = texts.iter().flat_map(|text| mentions(text)).filter_map(crate_named).collect();
    let name = |line: &'a str| line.split(' ').next().unwrap_or_default();
    let is_used = |name: &&str| {
        let library = LIBRARIES.iter().find(|(package, _)| package == name).map_or(*name, |(_, library)| library);
        mentioned.contains(&library.replace('-', "_")) || UNNAMED.iter().any(|(package, _)| package == name)
    };
    section(manifest, section_name).into_iter().map(name).filter(|name| !is_used(name)).collect()
}

fn crate_named(mention: super::tokens::Mention) -> Option<String> {
    match mention.what {
        What::Path { segments, .. } => segments.into_iter().next(),
        _ => None,
    }
}

fn texts(folder: &str, but: &[&str]) -> Vec<String> {
    let files = rust_files(Path::new(folder)).into_iter();
    let files = files.filter(|path| !but.iter().any(|other| slashes(path).starts_with(other)));
    files.map(|path| fs::read_to_string(path).unwrap()).collect()
}

#[test]
fn every_dependency_says_why_it_is_here() {
    for (path, _) in MANIFESTS {
        let manifest = fs::read_to_string(path).unwrap();
        let lines = [section(&manifest, "dependencies"), section(&manifest, "dev-dependencies")].concat();
        assert!(!lines.is_empty(), "{path}: nothing was found");
        let silent: Vec<_> = lines.iter().filter(|line| !line.contains(" # ") && !line.contains("path = ")).collect();
        assert!(silent.is_empty(), "{path}: no reason given for {silent:?}");
    }
}

#[test]
fn every_dependency_is_used() {
    for (path, folder) in MANIFESTS {
        let manifest = fs::read_to_string(path).unwrap();
        let others: Vec<&str> = MANIFESTS
            .iter()
            .map(|(_, other)| *other)
            .filter(|other| other != folder && other.starts_with(folder))
            .collect();
        assert_eq!(
            unused(&manifest, "dependencies", &texts(folder, &others)),
            [""; 0],
            "{path}: no file under {folder} names these"
        );
    }
    let manifest = fs::read_to_string("Cargo.toml").unwrap();
    assert_eq!(unused(&manifest, "dev-dependencies", &texts("tests/suite", &[])), [""; 0], "no test names these");
}

#[test]
fn a_dependency_that_only_comments_and_unit_tests_name_is_noticed() {
    let manifest = "[dependencies]\nuse-d = \"1\" # a\nmd-5 = \"1\" # a\nidle = \"1\" # a\n\n[lints]\nx = 1\n";
    let text = "// idle::now\nuse use_d::x; fn f() { md5::sum(\"idle::y\") } #[cfg(test)] mod tests { use idle::z; }";
    assert_eq!(unused(manifest, "dependencies", &[text.to_owned()]), ["idle"]);
}
