//! The screen for people.

use super::sample;
use crate::grammars::terminal;
use acr_preflight::finding::FailOn;
use acr_preflight::report::{Format, Style, Verbosity, render, render_diagnosis};

#[test]
fn a_healthy_quiet_run_is_one_line() {
    let style = Style { verbosity: Verbosity::Quiet, width: 20, ..Style::default() };
    let screen = render(Format::Text, &sample::passed(), &style);
    assert_eq!(screen.lines().count(), 1, "{screen}");
    assert!(screen.contains("passed") && screen.contains("in 69 days"), "{screen}");
}

#[test]
fn a_quiet_run_shows_what_is_wrong_and_nothing_else() {
    let style = Style { verbosity: Verbosity::Quiet, ..Style::default() };
    let screen = render(Format::Text, &sample::failed(), &style);
    assert!(screen.contains("secret-expired") && !screen.contains("the registry answers"), "{screen}");
}

#[test]
fn colours_are_only_added() {
    for report in [sample::passed(), sample::mixed()] {
        let with = |colour| {
            let style = Style { colour, signs: true, width: 70, verbosity: Verbosity::Verbose, ..Style::default() };
            render(Format::Text, &report, &style)
        };
        assert_ne!(with(true), with(false));
        assert_eq!(terminal::without_colours(&with(true)), with(false));
        assert!(terminal::is_plain(&with(false)));
    }
}

#[test]
fn a_screen_without_signs_is_plain_words() {
    let screen = render(Format::Text, &sample::mixed(), &Style::default());
    assert!(screen.is_ascii() && screen.contains("\nfailed   the identity may pull and push"), "{screen}");
}

#[test]
fn a_narrow_terminal_wraps_words_and_never_a_command_or_link() {
    let style = Style { signs: true, width: 44, ..Style::default() };
    let screen = render(Format::Text, &sample::failed(), &style);
    let command = "az ad app credential reset --id 1f2e0000-0000-4000-8000-000000000001 --append";
    assert!(screen.lines().any(|line| line.trim() == command), "{screen}");
    assert!(screen.contains("https://learn.microsoft.com/entra/identity-platform/reference-error-codes\n"));
    for line in screen.lines().filter(|line| !line.contains(command) && !line.contains("https://")) {
        let longest_word = line.split_whitespace().map(str::len).max().unwrap_or(0);
        assert!(line.chars().count() <= 44 || longest_word > 24, "{line}");
    }
}

#[test]
fn a_request_that_failed_says_why() {
    let style = Style { verbosity: Verbosity::Verbose, ..Style::default() };
    let mut report = sample::passed();
    report.trace[0].status = None;
    report.trace[0].correlation_id = None;
    report.trace[0].error = Some("the connection was refused\n::error::".to_owned());
    let screen = render(Format::Text, &report, &style);
    assert!(
        screen.contains("---  GET contosoacr.azurecr.io/v2/  31 ms  the connection was refused ::error::"),
        "{screen}"
    );
}

#[test]
fn verbose_shows_the_requests_without_query_and_the_services_own_id() {
    let style = Style { verbosity: Verbosity::Verbose, ..Style::default() };
    let screen = render(Format::Text, &sample::passed(), &style);
    assert!(screen.contains("401  GET contosoacr.azurecr.io/v2/  31 ms  id c0ffee"), "{screen}");
    assert!(!render(Format::Text, &sample::passed(), &Style::default()).contains("c0ffee"));
}

#[test]
fn access_that_nobody_asked_for_is_not_called_missing() {
    assert!(!render(Format::Text, &sample::failed(), &Style::default()).contains("missing"));
    assert!(render(Format::Text, &sample::mixed(), &Style::default()).contains("team/app: pull; push is missing"));
}

#[test]
fn a_failure_that_shall_not_fail_the_step_is_said_to_be_one() {
    let mut report = sample::failed();
    report.fail_on = FailOn::Never;
    let screen = render(Format::Text, &report, &Style::default());
    assert!(screen.contains("failed: the build would break (fail-on is never, so the step passes)"), "{screen}");
}

#[test]
fn a_log_without_a_documented_failure_is_said_in_a_line() {
    let mut diagnosis = sample::diagnosis();
    diagnosis.findings.clear();
    let screen = render_diagnosis(Format::Text, &diagnosis, &Style::default());
    assert_eq!(screen, "No documented failure was found in 412 lines of logs/build.log.\n");
}

#[test]
fn checks_not_made_for_one_reason_are_told_in_one_line() {
    let mut report = sample::failed();
    report.checks[1].outcome = report.checks[3].outcome.clone();
    let with = |verbosity| render(Format::Text, &report, &Style { verbosity, ..Style::default() });
    let (normal, verbose) = (with(Verbosity::Normal), with(Verbosity::Verbose));
    let told =
        "not checked    registry-reachable, access: needs a sign-in\n               settings: ARM may not be read\n";
    assert!(normal.contains(told) && !normal.contains("skipped "), "{normal}");
    assert!(verbose.contains("skipped  the identity may pull and push ") && !verbose.contains(told), "{verbose}");
    assert!(!with(Verbosity::Quiet).contains("needs a sign-in"));
}
