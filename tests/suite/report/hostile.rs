//! Reports made of hostile text, in every format: what is read back is what was meant, and nothing else.

use super::arbitrary::{diagnosis, report, style};
use super::{markdown, sample, schemas};
use crate::grammars::{Command, azure_pipelines, github, outputs_file, terminal};
use acr_preflight::catalogue::{self, Severity};
use acr_preflight::finding::{Finding, Outcome, Report};
use acr_preflight::report::outputs::{github_file, outputs};
use acr_preflight::report::{Format, Style, render, render_diagnosis, summary, termination_message};
use proptest::prelude::*;
use std::collections::HashMap;

/// How many annotations of each severity a CI system is meant to see.
fn meant<'a>(findings: impl Iterator<Item = &'a Finding>) -> HashMap<Severity, usize> {
    let mut meant: HashMap<Severity, usize> = HashMap::new();
    findings.for_each(|finding| *meant.entry(finding.severity).or_default() += 1);
    meant.values_mut().for_each(|count| *count = (*count).min(10));
    meant
}

/// The commands of GitHub's log are the annotations meant, and folds that open and close; nothing else is one.
fn assert_github(log: &str, meant: &HashMap<Severity, usize>) {
    let commands = github::commands(log);
    for (severity, name) in [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Notice, "notice")] {
        let of_name: Vec<_> = commands.iter().filter(|command| command.name == name).collect();
        assert_eq!(of_name.len(), meant.get(&severity).copied().unwrap_or(0), "{name} in\n{log}");
        for annotation in of_name {
            assert!(annotation.data.encode_utf16().count() <= 4096 && !annotation.data.trim().is_empty());
            assert!(title_is_ours(annotation.property("title")), "{annotation:?}");
        }
    }
    let mut open = false;
    for command in commands {
        match command.name.as_str() {
            "error" | "warning" | "notice" => assert!(!open),
            "group" => assert!(!std::mem::replace(&mut open, true)),
            "endgroup" => assert!(std::mem::replace(&mut open, false)),
            other => panic!("{other} in\n{log}"),
        }
    }
    assert!(!open && azure_pipelines::commands(log).is_empty() && azure_pipelines::formats(log).is_empty(), "{log}");
    assert!(terminal::is_plain(log), "{log}");
}

fn title_is_ours(title: &str) -> bool {
    let own = [&sample::EXPIRED, &sample::NO_PUSH, &sample::EXPIRING, &sample::UNKNOWN, &sample::UNAVAILABLE];
    let mut failures = catalogue::all().chain(own);
    title.ends_with(" more") || failures.any(|failure| title == format!("{} [{}]", failure.title, failure.id))
}

/// The same of Azure Pipelines' log; returns what is neither an issue nor a fold.
fn assert_azure(log: &str, meant: &HashMap<Severity, usize>) -> Vec<Command> {
    let (issues, others): (Vec<_>, Vec<_>) =
        azure_pipelines::commands(log).into_iter().partition(|command| command.name == "task.logissue");
    for (severity, kind) in [(Severity::Error, "error"), (Severity::Warning, "warning")] {
        let of_kind = issues.iter().filter(|issue| issue.property("type") == kind);
        assert_eq!(of_kind.count(), meant.get(&severity).copied().unwrap_or(0), "{kind} in\n{log}");
    }
    assert!(issues.iter().all(|issue| catalogue_has(issue.property("code"))), "{issues:?}");
    let keywords: Vec<_> = azure_pipelines::formats(log).into_iter().map(|(keyword, _)| keyword).collect();
    assert!(keywords.chunks(2).all(|fold| fold == ["group", "endgroup"]), "{keywords:?}");
    let folds = github::commands(log).into_iter().map(|command| command.name).collect::<Vec<_>>();
    assert_eq!(folds, keywords, "{log}");
    assert!(terminal::is_plain(log), "{log}");
    others
}

fn catalogue_has(id: &str) -> bool {
    catalogue::by_id(id).is_some()
}

/// Nobody who reads the text finds a command or an invisible character in it.
fn assert_harmless(text: &str) {
    assert!(github::commands(text).is_empty(), "{text}");
    assert!(azure_pipelines::commands(text).is_empty() && azure_pipelines::formats(text).is_empty(), "{text}");
    assert!(terminal::is_plain(text), "{text}");
}

/// The same report with letters where there was text from outside.
fn tame(report: &Report) -> Report {
    let mut tame = report.clone();
    let x = || "x".to_owned();
    tame.login_server = tame.login_server.map(|_| x());
    tame.identity.name = tame.identity.name.map(|_| x());
    for check in &mut tame.checks {
        check.note = check.note.take().map(|_| x());
        if let Outcome::Skipped(reason) | Outcome::Unanswered(reason, _) = &mut check.outcome {
            *reason = x();
        }
        if let Outcome::Found(findings) | Outcome::Unanswered(_, findings) = &mut check.outcome {
            for finding in findings {
                finding.facts.iter_mut().for_each(|fact| fact.value = x());
                finding.codes.iter_mut().for_each(|code| *code = x());
            }
        }
    }
    tame.access.iter_mut().for_each(|access| {
        access.repository = x();
        access.granted.iter_mut().for_each(|action| *action = x());
    });
    tame
}

/// Enough to find what is wrong in a few runs, few enough to wait for; `PROPTEST_CASES` asks for more.
fn cases() -> ProptestConfig {
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { ProptestConfig::default().cases } else { 48 };
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn no_text_starts_a_command_on_github(report in report(), diagnosis in diagnosis(), style in style()) {
        assert_github(&render(Format::GitHub, &report, &style), &meant(report.findings().map(|(_, finding)| finding)));
        let log = render_diagnosis(Format::GitHub, &diagnosis, &style);
        assert_github(&log, &meant(diagnosis.findings.iter().map(|found| &found.finding)));
    }

    #[test]
    fn no_text_starts_a_command_on_azure_pipelines(report in report(), diagnosis in diagnosis(), style in style()) {
        let log = render(Format::AzurePipelines, &report, &style);
        let others = assert_azure(&log, &meant(report.findings().map(|(_, finding)| finding)));
        let (variables, complete): (Vec<_>, Vec<_>) =
            others.into_iter().partition(|command| command.name == "task.setvariable");
        let read: Vec<_> = variables.iter().map(|one| (one.property("variable"), one.data.as_str())).collect();
        let outputs = outputs(&report);
        prop_assert_eq!(read, outputs.iter().map(|(name, value)| (*name, value.as_str())).collect::<Vec<_>>());
        prop_assert!(complete.iter().all(|one| one.property("result") == "SucceededWithIssues") && complete.len() <= 1);
        let log = render_diagnosis(Format::AzurePipelines, &diagnosis, &style);
        prop_assert!(assert_azure(&log, &meant(diagnosis.findings.iter().map(|found| &found.finding))).is_empty());
    }

    #[test]
    fn no_text_starts_a_command_from_any_other_format(report in report(), diagnosis in diagnosis(), style in style()) {
        for format in [Format::Text, Format::Json, Format::Junit, Format::Sarif] {
            assert_harmless(&render(format, &report, &style));
            assert_harmless(&render_diagnosis(format, &diagnosis, &style));
        }
        assert_harmless(&termination_message(&report));
    }

    #[test]
    fn every_machine_reads_what_was_written(report in report(), diagnosis in diagnosis()) {
        schemas::assert_report(&report);
        schemas::assert_diagnosis(&diagnosis);
        let json: serde_json::Value = serde_json::from_str(&render(Format::Json, &report, &Style::default()))?;
        prop_assert_eq!(json["registry"]["login_server"].as_str(), report.login_server.as_deref());
        let findings = report.findings().map(|(_, finding)| finding).zip(json["findings"].as_array().expect("a list"));
        for (finding, read) in findings {
            prop_assert_eq!(&read["codes"], &serde_json::json!(finding.codes));
        }
        for (found, read) in diagnosis.findings.iter().zip(
            serde_json::from_str::<serde_json::Value>(&render_diagnosis(Format::Json, &diagnosis, &Style::default()))?["findings"]
                .as_array()
                .expect("a list"),
        ) {
            prop_assert_eq!(read["excerpt"].as_str(), Some(found.excerpt.as_str()));
        }
    }

    #[test]
    fn colours_are_the_only_escape_codes(report in report(), style in style()) {
        let coloured = render(Format::Text, &report, &Style { colour: true, ..style.clone() });
        prop_assert_eq!(terminal::without_colours(&coloured), render(Format::Text, &report, &style));
    }

    #[test]
    fn no_text_changes_the_structure_of_the_summary(report in report()) {
        let summary = summary::render(&report);
        prop_assert_eq!(markdown::structure(&summary), markdown::structure(&summary::render(&tame(&report))), "{}", summary);
        let without_emoji_style = summary.replace("\u{fe0f}", "");
        prop_assert!(terminal::is_plain(&without_emoji_style));
    }

    #[test]
    fn the_outputs_are_seven_whatever_they_hold(report in report()) {
        match github_file(&report, "ghadelimiter_0") {
            Ok(file) => {
                let meant = outputs(&report).map(|(name, value)| (name.to_owned(), value)).to_vec();
                prop_assert_eq!(outputs_file::read(&file), Ok(meant));
            }
            Err(_) => prop_assert!(outputs(&report).iter().any(|(_, value)| value.contains("ghadelimiter_0"))),
        }
    }

    #[test]
    fn a_termination_message_fits(report in report()) {
        prop_assert!(termination_message(&report).len() <= 4096);
    }
}
