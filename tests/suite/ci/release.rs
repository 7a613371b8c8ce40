//! A release makes the tags that the documents tell people to use, and moves the major ones forward only.

use crate::real_clients::{are_here, search_path};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The documents, the examples and the template that people include.
fn told() -> Vec<PathBuf> {
    let mut files = vec![PathBuf::from("README.md"), PathBuf::from("CHANGELOG.md")];
    let mut folders = vec![PathBuf::from(".github")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.retain(|path| !path.starts_with(".github/workflows"));
    files
}

/// What stands behind each of these words, up to the end of a tag, as `file: tag`.
fn tags_behind(words: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for path in told() {
        let text = fs::read_to_string(&path).unwrap();
        for (at, _) in text.match_indices(words) {
            let ends = |letter: char| !letter.is_ascii_alphanumeric() && !"._-".contains(letter);
            let tag = text[at + words.len()..].split(ends).next().unwrap_or_default();
            found.push((path.clone(), tag.to_owned()));
        }
    }
    found
}

/// `version` for 1.2.3, `major` for 1; nothing else is a number that a release has.
fn kind(tag: &str) -> Option<&'static str> {
    let numbers: Vec<_> = tag.split('.').map(str::parse::<u32>).collect();
    match numbers.len() {
        _ if numbers.iter().any(Result::is_err) => None,
        1 => Some("major"),
        3 => Some("version"),
        _ => None,
    }
}

/// The kinds of tags that the workflow and its script make by a command that ends in these words.
fn made_by(command: &str) -> BTreeSet<String> {
    let sources = [".github/workflows/release.yml", ".ci/move-major"].map(|path| fs::read_to_string(path).unwrap());
    let text = sources.concat().to_lowercase();
    let name =
        |rest: &str| rest.split(|letter: char| !letter.is_ascii_alphanumeric()).next().unwrap_or_default().to_owned();
    text.match_indices(command).map(|(at, _)| name(&text[at + command.len()..])).collect()
}

#[test]
fn every_tag_that_people_are_told_to_use_is_made_by_a_release() {
    let made = (made_by("imagetools create --tag \"$image:$"), made_by("refs/tags/v$"));
    let both = BTreeSet::from(["major".to_owned(), "version".to_owned()]);
    assert_eq!(made, (both.clone(), both));
    let images = tags_behind("ghcr.io/OWNER/acr-preflight:");
    let actions = [tags_behind("OWNER/acr-preflight@"), tags_behind("refs/tags/")].concat();
    assert!(images.len() > 5 && actions.len() > 5, "they were not found: {images:?} {actions:?}");
    let mut majors = BTreeSet::new();
    for (path, tag) in images.iter().chain(&actions) {
        let number = if actions.contains(&(path.clone(), tag.clone())) { tag.strip_prefix('v') } else { Some(&**tag) };
        let number = number.filter(|number| kind(number).is_some());
        let number = number.unwrap_or_else(|| panic!("{}: no release makes {tag}", path.display()));
        majors.insert(number.split('.').next().unwrap_or_default().to_owned());
    }
    assert_eq!(majors.len(), 1, "people are told of several major versions: {majors:?}");
}

/// A repository with a remote in which these versions are out, and a docker that writes down what it was told.
struct Publisher(tempfile::TempDir);

impl Publisher {
    fn with(versions: &[&str]) -> Self {
        let publisher = Self(tempfile::tempdir().unwrap());
        publisher.sh("git init --quiet --bare remote && git init --quiet work && mkdir bin");
        publisher.sh("cd work && git remote add origin ../remote");
        let docker = "#!/bin/sh\necho \"$*\" >>../told\n";
        fs::write(publisher.0.path().join("bin/docker"), docker).unwrap();
        publisher.sh("chmod +x bin/docker && : >told");
        versions.iter().for_each(|version| publisher.tag(version));
        publisher
    }

    fn tag(&self, version: &str) {
        self.sh(&format!(
            "cd work && git commit --quiet --allow-empty --message {version} && git tag v{version} && \
             git push --quiet origin refs/tags/v{version}"
        ));
    }

    fn sh(&self, script: &str) -> String {
        let mut command = Command::new("sh");
        command.args(["-ec", script]).current_dir(self.0.path()).env_clear().env("HOME", self.0.path());
        command.env("PATH", format!("{}:{}", self.0.path().join("bin").display(), search_path()));
        for who in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{who}_NAME"), "ci").env(format!("GIT_{who}_EMAIL"), "ci@example.com");
        }
        let output = command.output().unwrap();
        assert!(output.status.success(), "{script}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs the step of the workflow; the version that the major tag stands for afterwards, and what docker was told.
    fn moves(&self, version: &str) -> (String, String) {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join(".ci/move-major");
        self.sh(&format!("cd work && bash {} {version} ghcr.io/contoso/acr-preflight sha256:abc", script.display()));
        let major = version.split('.').next().unwrap_or_default();
        let stands_for = self.sh(&format!("git -C remote log -1 --format=%s refs/tags/v{major}"));
        (stands_for.trim().to_owned(), fs::read_to_string(self.0.path().join("told")).unwrap())
    }
}

#[test]
fn a_release_moves_its_major_tags() {
    if !are_here(&["git"]) {
        return;
    }
    for (out, version, major) in [
        (&["1.0.0"][..], "1.0.0", "1"),
        (&["1.9.0", "1.10.0"], "1.10.0", "1"),
        // Another major is none of its business, whichever number it begins with.
        (&["1.2.3", "2.0.0", "10.0.0", "1.2.4"], "1.2.4", "1"),
        (&["9.0.0", "10.0.0"], "10.0.0", "10"),
    ] {
        let image = "ghcr.io/contoso/acr-preflight";
        let told = format!("buildx imagetools create --tag {image}:{major} {image}@sha256:abc\n");
        assert_eq!(Publisher::with(out).moves(version), (version.to_owned(), told));
    }
}

#[test]
fn an_older_version_that_is_mended_moves_no_major_tag() {
    if !are_here(&["git"]) {
        return;
    }
    let publisher = Publisher::with(&["1.2.3", "1.10.0"]);
    publisher.moves("1.10.0");
    let told = fs::read_to_string(publisher.0.path().join("told")).unwrap();
    publisher.tag("1.9.1");
    assert_eq!(publisher.moves("1.9.1"), ("1.10.0".to_owned(), told));
}
