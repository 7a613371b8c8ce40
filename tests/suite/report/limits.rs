//! What CI systems, Kubernetes and GitHub's summary cut is cut by us first, where it hurts least.

use super::sample;
use crate::grammars::{azure_pipelines, github};
use acr_preflight::finding::{Outcome, Report};
use acr_preflight::report::{Format, Style, render, summary, termination_message};

fn errors_on_github(report: &Report) -> Vec<crate::grammars::Command> {
    let log = render(Format::GitHub, report, &Style::default());
    github::commands(&log).into_iter().filter(|command| command.name == "error").collect()
}

#[test]
fn twenty_five_errors_become_ten_annotations_and_none_is_lost() {
    let report = sample::with_errors(25);
    let annotations = errors_on_github(&report);
    assert_eq!(annotations.len(), 10);
    assert_eq!(annotations[9].property("title"), "16 errors more");
    for number in 1..=25 {
        let name = format!("repository: team/app-{number:02}");
        let holders = annotations.iter().filter(|one| one.data.contains(&name)).count();
        assert_eq!(holders, 1, "{name}");
    }
    let log = render(Format::AzurePipelines, &report, &Style::default());
    let issues = azure_pipelines::commands(&log).into_iter().filter(|one| one.name == "task.logissue");
    assert_eq!(issues.count(), 10);
}

#[test]
fn ten_errors_stay_ten_annotations() {
    let annotations = errors_on_github(&sample::with_errors(10));
    assert_eq!(annotations.len(), 10);
    assert!(annotations.iter().all(|one| one.property("title") == "the identity may not push [no-push-permission]"));
}

#[test]
fn a_long_message_keeps_its_cure_and_link() {
    let mut report = sample::failed();
    let finding = sample::findings(&mut report).next().expect("the sample fails");
    for _ in 0..20 {
        *finding = finding.clone().fact("message", "🦀".repeat(400));
    }
    let message = &errors_on_github(&report)[0].data;
    assert!(message.encode_utf16().count() <= 4096);
    for kept in ["… more in the log", "\nFix:", "\nSee https://"] {
        assert!(message.contains(kept), "{kept}: {message}");
    }
}

#[test]
fn a_cure_of_any_length_is_cut_between_characters() {
    let mut report = sample::failed();
    let finding = sample::findings(&mut report).next().expect("the sample fails");
    finding.facts[0].value = "🦀".repeat(9_000);
    let message = &errors_on_github(&report)[0].data;
    assert!((4000..=4096).contains(&message.encode_utf16().count()), "{}", message.encode_utf16().count());
}

#[test]
fn a_termination_message_of_many_errors_fits_kubernetes() {
    let message = termination_message(&sample::with_errors(500));
    assert!(message.len() <= 4096 && message.ends_with("… more in the log\n"), "{}", message.len());
    let mut report = sample::failed();
    report.login_server = Some("\u{10ffff}".repeat(2_000));
    assert!(termination_message(&report).len() <= 4096);
}

#[test]
fn a_summary_stays_below_a_mebibyte_and_says_what_is_missing() {
    let mut report = sample::with_errors(300);
    if let Outcome::Found(findings) = &mut report.checks[3].outcome {
        findings.iter_mut().for_each(|finding| *finding = finding.clone().fact("message", "<&>".repeat(500)));
    }
    let summary = summary::render(&report);
    assert!((1_000_000..1_048_576).contains(&summary.len()), "{}", summary.len());
    assert!(summary.contains("findings more in the log."));
}

#[test]
fn many_repositories_do_not_fill_the_screen() {
    let mut report = sample::failed();
    report.checks[3].outcome = Outcome::Passed;
    let one = report.access[0].clone();
    report.access = vec![one; 500];
    let screen = render(Format::Text, &report, &Style::default());
    assert!(screen.lines().count() < 50);
    assert!(screen.contains("and 490 more, 490 of them with less than they need"));
}
