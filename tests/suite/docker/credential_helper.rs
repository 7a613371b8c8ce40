//! Credential helpers, good and broken.

use super::machine::{CI_AUTH, HOST, Machine, NOW, SECRET, shown, token};
use std::time::{Duration, Instant};

/// A machine whose configuration names the helper `vault`.
fn with_helper(script: &str) -> Machine {
    let machine = Machine::signing_in_with_its_login();
    machine.config(r#"{"credsStore":"vault"}"#);
    machine.program("docker-credential-vault", script);
    machine
}

#[tokio::test]
async fn a_helper_is_asked_for_exactly_the_host() {
    let machine = with_helper(&format!(
        r#"[ "$1" = get ] && [ "$(/bin/cat)" = {HOST} ] && echo '{{"ServerURL":"{HOST}","Username":"ci","Secret":"{SECRET}"}}'"#
    ));
    let (check, credential) = machine.login().await;
    check.is("passed", "", "a login is kept in docker-credential-vault");
    assert_eq!(shown(credential), format!("ci:{SECRET}"));
}

#[tokio::test]
async fn the_user_name_token_says_that_the_secret_is_a_refresh_token() {
    let live = token(NOW + 60);
    let machine = with_helper(&format!(r#"echo '{{"Username":"<token>","Secret":"{live}"}}'"#));
    assert_eq!(shown(machine.login().await.1), live);
    let machine = with_helper(&format!(r#"echo '{{"Username":"<token>","Secret":"{}"}}'"#, token(NOW - 1)));
    machine.login().await.0.is("failed", "docker-login-stale", "kept-in: docker-credential-vault");
}

#[tokio::test]
async fn the_helper_of_the_host_is_asked_and_no_other_and_the_file_is_not() {
    let machine = with_helper("exit 9");
    machine.program("docker-credential-acr", &format!(r#"echo '{{"Username":"ci","Secret":"{SECRET}"}}'"#));
    machine.config(&format!(
        r#"{{"credsStore":"vault","credHelpers":{{"{HOST}":"acr"}},"auths":{{"{HOST}":{{"auth":"ZmlsZTpmaWxl"}}}}}}"#
    ));
    assert_eq!(shown(machine.login().await.1), format!("ci:{SECRET}"));
    machine.program("docker-credential-acr", "echo 'credentials not found in native keychain'; exit 1");
    machine.login().await.0.is("failed", "docker-not-logged-in", "config.json");
    machine.config(&format!(r#"{{"credHelpers":{{"ghcr.io":"gone"}},"auths":{{"{HOST}":{{"auth":"{CI_AUTH}"}}}}}}"#));
    assert_eq!(shown(machine.login().await.1), format!("ci:{SECRET}"));
}

#[tokio::test]
async fn a_broken_helper_is_named_with_the_reason_and_without_its_words() {
    for (script, words) in [
        (format!("echo {SECRET}; exit 3"), "it ends with code 3"),
        (format!("echo {SECRET} >&2; exit 1"), "it ends with code 1"),
        ("kill -9 $$".to_owned(), "a signal ends it"),
        ("echo 'pass store is uninitialized'; exit 1".to_owned(), "the password store `pass` is not initialised"),
        ("echo 'Cannot autolaunch D-Bus without X11 $DISPLAY'; exit 1".to_owned(), "there is no D-Bus session"),
        (format!("echo {SECRET}"), "not the JSON that docker expects"),
        (
            format!(r#"echo '{{"ServerURL":"ghcr.io","Username":"ci","Secret":"{SECRET}"}}'"#),
            "not the JSON that docker expects",
        ),
    ] {
        let mut machine = with_helper(&script);
        let (check, credential) = machine.login().await;
        check.is("failed", "docker-credential-helper", words);
        check.is("failed", "docker-credential-helper", "helper: docker-credential-vault");
        assert!(credential.is_none());
        // Docker would ask it for any login, so it breaks every identity.
        machine.credential = None;
        machine.login().await.0.is("failed", "docker-credential-helper", words);
    }
}

#[tokio::test]
async fn a_helper_that_cannot_be_started_is_named_for_what_it_is() {
    let mut machine = with_helper("exit 0");
    let path = machine.path("bin/docker-credential-vault");
    std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
    machine.login().await.0.is("failed", "docker-credential-helper", "may not be executed");
    std::fs::remove_file(&path).unwrap();
    machine.login().await.0.is("failed", "docker-credential-helper", "it is not on the PATH");
    machine.config(r#"{"credsStore":"../vault"}"#);
    machine.login().await.0.is("failed", "docker-credential-helper", "not the name of a program");
    machine.config(r#"{"credsStore":"vault"}"#);
    machine.environment.in_container = true;
    machine.login().await.0.is("failed", "docker-credential-helper", "it is not on the PATH");
    machine.credential = None;
    machine.login().await.0.is("skipped", "", "cannot be run from inside this container");
}

#[tokio::test]
async fn a_helper_that_hangs_does_not_hold_the_run() {
    let mut machine = with_helper("sleep 60 & wait");
    machine.timeout = Duration::from_millis(900);
    let began = Instant::now();
    machine.login().await.0.is("failed", "docker-credential-helper", "it does not answer within 0.3 s");
    assert!(began.elapsed() < Duration::from_secs(10));
}

#[tokio::test]
async fn a_store_that_docker_picks_by_itself_weighs_less() {
    let mut machine = with_helper("exit 1");
    machine.config("{}");
    machine.program("docker-credential-pass", "echo 'pass store is uninitialized'; exit 1");
    machine.login().await.0.is("failed", "docker-not-logged-in", "config.json");
    machine.program("pass", "exit 0");
    machine.login().await.0.is("failed", "docker-credential-helper", "helper: docker-credential-pass");
    machine.credential = None;
    machine.login().await.0.is("warned", "docker-credential-helper", "not initialised");
    machine.config(&format!(r#"{{"auths":{{"{HOST}":{{"auth":"{CI_AUTH}"}}}}}}"#));
    machine.login().await.0.is("passed", "", "a login is kept in config.json");
}
