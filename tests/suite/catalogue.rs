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
    "tag",
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

/// What a symptom says, each wording for itself; letter case and spaces do not matter in wordings.
fn each(symptom: &Symptom) -> Vec<String> {
    let (of, wordings): (&str, &[&str]) = match symptom {
        Symptom::Entra(_) | Symptom::Code(_) | Symptom::CodeOfRegistry(_) => return vec![format!("{symptom:?}")],
        Symptom::Says(wordings) => ("anyone", wordings),
        Symptom::SaysOfRegistry(wordings) | Symptom::HintsOfRegistry(wordings) => ("a registry", wordings),
        Symptom::SaysOfEntra(wordings) => ("Entra", wordings),
        Symptom::SaysOfArm(wordings) => ("ARM", wordings),
        Symptom::SaysOfData(wordings) => ("a data host", wordings),
        Symptom::SaysOfDockerHub(wordings) => ("Docker Hub", wordings),
    };
    wordings.iter().map(|wording| format!("{of}: {}", wording.to_lowercase().replace(' ', ""))).collect()
}

#[test]
fn no_two_failures_share_a_symptom() {
    let mut owners: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for failure in catalogue::all() {
        for symptom in failure.symptoms {
            for said in each(symptom) {
                owners.entry(said).or_default().push(failure.id);
            }
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
        codes.iter().any(is_command) && !ends
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

/// A reply of a service, as it sends it, and where it is documented.
#[derive(Clone, serde::Deserialize)]
struct Documented {
    code: String,
    documented: String,
    status: u16,
    failure: Option<String>,
    body: serde_json::Value,
}

fn replies(file: &str) -> Vec<Documented> {
    let path = format!("{}/tests/replies/{file}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// What `diagnose` makes of a reply that a tool printed.
fn named_first(url: &str, reply: &Documented) -> Option<&'static str> {
    let log = format!("{url} answered {}\n{}\n", reply.status, reply.body);
    let diagnosis = acr_preflight::diagnose::diagnose(log.as_bytes(), "-").unwrap();
    diagnosis.findings.first().map(|told| told.finding.failure.id)
}

#[test]
fn every_entra_number_has_a_documented_reply_that_leads_to_its_failure() {
    let replies = replies("entra");
    let mut documented = BTreeSet::new();
    for reply in &replies {
        let number = reply.body["error_codes"][0].as_u64().unwrap() as u32;
        assert_eq!(reply.code, format!("AADSTS{number}"));
        assert!(reply.body["error_description"].as_str().unwrap().starts_with(&format!("AADSTS{number}: ")));
        assert!(reply.documented.starts_with("https://"), "{}", reply.code);
        let url = "https://login.microsoftonline.com/contoso.example/oauth2/v2.0/token";
        assert_eq!(
            named_first(url, reply),
            catalogue::by_entra_code(number).map(|failure| failure.id),
            "{}",
            reply.code
        );
        documented.insert(number);
    }
    let in_the_catalogue: BTreeSet<u32> = catalogue::all()
        .flat_map(|failure| failure.symptoms)
        .filter_map(|symptom| if let Symptom::Entra(number) = symptom { Some(*number) } else { None })
        .collect();
    assert_eq!(documented, in_the_catalogue);
}

#[test]
fn every_code_of_the_registry_and_of_arm_has_a_documented_reply_that_leads_to_its_failure() {
    let of_registry = ("https://contosoacr.azurecr.io/v2/app/manifests/1.0", replies("registry"));
    let of_arm = ("https://management.azure.com/subscriptions", replies("arm"));
    for (url, replies) in [&of_registry, &of_arm] {
        for reply in replies {
            assert!(reply.documented.starts_with("https://"), "{}", reply.code);
            assert_eq!(named_first(url, reply), reply.failure.as_deref(), "{} {}", reply.code, reply.body);
        }
    }
    let replies = [of_registry.1, of_arm.1].concat();
    let printed_by_az_alone = |code: &str| code.ends_with("_ERROR");
    let missing: Vec<_> = catalogue::all()
        .flat_map(|failure| failure.symptoms)
        .filter_map(|symptom| match symptom {
            Symptom::Code(code) | Symptom::CodeOfRegistry(code) if !printed_by_az_alone(code) => Some(*code),
            _ => None,
        })
        .filter(|code| !replies.iter().any(|reply| reply.code == *code))
        .collect();
    assert_eq!(missing, Vec::<&str>::new());
}
