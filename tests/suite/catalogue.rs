//! The catalogue as a whole: ids, words, links, symptoms.

use acr_preflight::catalogue::{self, Failure, Symptom};
use acr_preflight::finding::Finding;
use std::collections::{BTreeMap, BTreeSet};

/// The labels of facts that a fix may name.
const LABELS: &[&str] = &[
    "audience",
    "client-id",
    "ends",
    "helper",
    "host",
    "image",
    "ip-address",
    "issuer",
    "key-id",
    "login-server",
    "object-id",
    "proxy",
    "registry",
    "registry-id",
    "repository",
    "role",
    "secret-name",
    "subject",
    "subscription-id",
    "tenant-id",
    "username",
];

/// Collects what is wrong with each failure, so that one run shows every offender.
fn offenders(wrong: impl Fn(&Failure) -> Option<String>) -> Vec<String> {
    catalogue::all().filter_map(|failure| wrong(failure).map(|what| format!("{}: {what}", failure.id))).collect()
}

#[test]
fn ids_are_unique_kebab_case_words() {
    let mut seen = BTreeSet::new();
    let wrong = |failure: &Failure| {
        let parts_are_words = failure.id.split('-').all(|part| {
            !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        });
        (!parts_are_words).then(|| "is not kebab-case".to_owned())
    };
    assert_eq!(offenders(wrong), Vec::<String>::new());
    assert!(catalogue::all().all(|failure| seen.insert(failure.id)), "an id is given twice");
    assert_eq!(seen.len(), 73);
}

#[test]
fn every_failure_has_its_words() {
    let wrong = |failure: &Failure| {
        let title = failure.title;
        let mut wrong = Vec::new();
        if title.is_empty() || title.len() > 80 || title.ends_with('.') {
            wrong.push("title is empty, long or ends with a full stop".to_owned());
        }
        if title.starts_with(char::is_uppercase) && !title.starts_with("Entra ID") && !title.starts_with("Azure") {
            wrong.push("title starts with a capital".to_owned());
        }
        if failure.cause.len() < 40 || !failure.cause.ends_with('.') {
            wrong.push("cause is no sentence".to_owned());
        }
        if failure.fix.is_empty() || failure.fix.iter().any(|step| step.is_empty() || step.ends_with('.')) {
            wrong.push("fix is missing, or a step is empty or ends with a full stop".to_owned());
        }
        if !failure.fix.iter().all(|step| step.matches('`').count() % 2 == 0) {
            wrong.push("a step has an unclosed backtick".to_owned());
        }
        let words = [failure.title, failure.cause].into_iter().chain(failure.fix.iter().copied());
        if words
            .into_iter()
            .any(|text| text.contains("  ") || text.contains('\n') || !text.is_ascii() && !text.contains('…'))
        {
            wrong.push("double space, line break or odd letter in the words".to_owned());
        }
        (!wrong.is_empty()).then(|| wrong.join("; "))
    };
    assert_eq!(offenders(wrong), Vec::<String>::new());
}

#[test]
fn title_and_cause_say_nothing_of_the_cure() {
    let wrong = |failure: &Failure| {
        let text = format!("{} {}", failure.title, failure.cause).to_lowercase();
        ["please", "make sure", "should ", " try ", "you need", "must be", " run `", "az acr update", "grant "]
            .into_iter()
            .find(|word| text.contains(word))
            .map(|word| format!("says «{word}»"))
    };
    assert_eq!(offenders(wrong), Vec::<String>::new());
}

#[test]
fn links_are_https_pages_of_vendors() {
    let wrong = |failure: &Failure| {
        let known = ["https://learn.microsoft.com/", "https://docs.github.com/", "https://docs.docker.com/"];
        let fits = known.iter().any(|host| failure.link.starts_with(host));
        (!fits || failure.link.contains("/en-us/")).then(|| failure.link.to_owned())
    };
    assert_eq!(offenders(wrong), Vec::<String>::new());
}

#[test]
fn no_two_failures_share_a_symptom() {
    let mut owners: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for failure in catalogue::all() {
        for symptom in failure.symptoms {
            owners.entry(format!("{symptom:?}").to_lowercase()).or_default().push(failure.id);
        }
    }
    let shared: Vec<_> = owners.into_iter().filter(|(_, owners)| owners.len() > 1).collect();
    assert_eq!(shared, vec![]);
}

#[test]
fn every_hole_in_a_fix_is_a_known_label() {
    let wrong = |failure: &Failure| {
        let steps = failure.fix.join("\n");
        let holes = steps.split('{').skip(1).filter_map(|after| after.split_once('}')).map(|(label, _)| label);
        let unknown: Vec<_> = holes
            .filter(|label| label.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-') && !label.is_empty())
            .filter(|label| !LABELS.contains(label))
            .collect();
        (!unknown.is_empty()).then(|| unknown.join(", "))
    };
    assert_eq!(offenders(wrong), Vec::<String>::new());
}

#[test]
fn a_command_ends_its_step() {
    // Outputs give a command a line of its own to paste; words after it would stand on a line without a sentence.
    const PROGRAMS: &[&str] = &["az", "curl", "docker", "env", "gh", "nslookup", "openssl", "sudo"];
    let is_command = |code: &&str| code.split_once(' ').is_some_and(|(program, _)| PROGRAMS.contains(&program));
    let has_words_after = |step: &&&str| {
        let codes: Vec<&str> = step.split('`').skip(1).step_by(2).collect();
        let ends = step.ends_with('`') && codes.iter().filter(|code| is_command(code)).count() == 1;
        codes.iter().any(|code| is_command(&code)) && !ends
    };
    let wrong = offenders(|failure| {
        let steps: Vec<_> = failure.fix.iter().filter(has_words_after).collect();
        (!steps.is_empty()).then(|| format!("{}: {steps:?}", failure.id))
    });
    assert!(wrong.is_empty(), "commands that do not end their step:\n{}", wrong.join("\n"));
}

#[test]
fn known_facts_fill_every_hole() {
    let wrong = |failure: &'static Failure| {
        let known = LABELS.iter().fold(Finding::new(failure), |finding, label| finding.fact(label, "known"));
        let steps = known.fix().join("\n");
        LABELS
            .iter()
            .find(|label| steps.contains(&format!("{{{label}}}")))
            .map(|label| format!("keeps the hole {label}"))
    };
    let left: Vec<_> = catalogue::all().filter_map(|failure| wrong(failure).map(|what| (failure.id, what))).collect();
    assert_eq!(left, vec![]);
}

#[test]
fn entra_numbers_lead_to_their_failure() {
    for failure in catalogue::all() {
        for symptom in failure.symptoms {
            if let Symptom::Entra(number) = symptom {
                assert_eq!(catalogue::by_entra_code(*number).map(|found| found.id), Some(failure.id), "AADSTS{number}");
            }
        }
    }
}
