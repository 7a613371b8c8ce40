//! The check `docker-config`: which login would docker send?

use super::machine::{CI_AUTH, HOST, Machine, NOW, SECRET, shown, token};
use acr_preflight::plan::{Credential, DockerWish};

/// base64 of `00000000-0000-0000-0000-000000000000:`, as `az acr login` leaves it beside an identity token.
const TOKEN_AUTH: &str = "MDAwMDAwMDAtMDAwMC0wMDAwLTAwMDAtMDAwMDAwMDAwMDAwOg==";

#[tokio::test]
async fn each_form_of_a_login_becomes_the_identity() {
    let machine = Machine::signing_in_with_its_login();
    let live = token(NOW + 60);
    let by_password = format!("ci:{SECRET}");
    let zero = "00000000-0000-0000-0000-000000000000";
    for (entry, expected) in [
        (format!(r#"{{"auth":"{CI_AUTH}"}}"#), &by_password),
        (format!(r#"{{"username":"ci","password":"{SECRET}"}}"#), &by_password),
        (format!(r#"{{"auth":"{TOKEN_AUTH}","identitytoken":"{live}"}}"#), &live),
        (format!(r#"{{"identitytoken":"{live}"}}"#), &live),
        (format!(r#"{{"username":"{zero}","password":"{live}"}}"#), &live),
        (format!(r#"{{"registrytoken":"{live}"}}"#), &live),
    ] {
        machine.config(&format!(r#"{{"auths":{{"{HOST}":{entry}}}}}"#));
        let (check, credential) = machine.login().await;
        check.is("passed", "", "a login is kept in config.json, under contosoacr.azurecr.io");
        assert_eq!(shown(credential), *expected, "{entry}");
    }
}

#[tokio::test]
async fn no_login_fails_only_the_one_who_wants_to_sign_in_with_it() {
    let machine = Machine::signing_in_with_its_login();
    let (check, credential) = machine.login().await;
    check.is("failed", "docker-not-logged-in", "config.json, which does not exist");
    assert!(credential.is_none());
    for nothing in
        ["{}", r#"{"auths":{"contosoacr.azurecr.io":{}}}"#, r#"{"auths":{"other.azurecr.io":{"auth":"YTpi"}}}"#]
    {
        machine.config(nothing);
        machine.login().await.0.is("failed", "docker-not-logged-in", "config.json");
    }
    let other = Machine::new();
    other.login().await.0.is("passed", "", "no login is kept for contosoacr.azurecr.io");
}

#[tokio::test]
async fn a_login_under_other_letters_is_pointed_out() {
    let mut machine = Machine::signing_in_with_its_login();
    machine.config(&format!(r#"{{"auths":{{"ContosoACR.azurecr.io":{{"auth":"{CI_AUTH}"}}}}}}"#));
    let words = "kept-under-another-name: ContosoACR.azurecr.io";
    machine.login().await.0.is("failed", "docker-not-logged-in", words);
    machine.credential = None;
    machine.login().await.0.is("passed", "", "one is kept for ContosoACR.azurecr.io");
}

#[tokio::test]
async fn a_configuration_that_docker_cannot_load_is_as_good_as_none() {
    let mut machine = Machine::signing_in_with_its_login();
    machine.config(&format!("{{\"auths\":\n{{\"{HOST}\": {SECRET}"));
    machine.login().await.0.is("failed", "docker-not-logged-in", "it is not JSON at line 2");
    machine.credential = None;
    machine.login().await.0.is("skipped", "", "docker passes over its configuration: it is not JSON at line 2");
    std::fs::remove_file(machine.path(".docker/config.json")).unwrap();
    std::fs::create_dir(machine.path(".docker/config.json")).unwrap();
    machine.login().await.0.is("skipped", "", "it may not be read (not a regular file)");
    std::fs::remove_dir(machine.path(".docker/config.json")).unwrap();
    std::os::unix::fs::symlink("/dev/zero", machine.path(".docker/config.json")).unwrap();
    machine.login().await.0.is("skipped", "", "it may not be read (not a regular file)");
}

#[tokio::test]
async fn a_token_that_has_ended_is_stale_and_no_identity() {
    let mut machine = Machine::signing_in_with_its_login();
    machine.config(&format!(r#"{{"auths":{{"{HOST}":{{"identitytoken":"{}"}}}}}}"#, token(NOW)));
    let (check, credential) = machine.login().await;
    check.is("failed", "docker-login-stale", "ended: 2026-09-21T14:13:20Z");
    assert!(credential.is_none());
    machine.credential = None;
    machine.login().await.0.is("warned", "docker-login-stale", "kept-in: config.json, under contosoacr.azurecr.io");
}

#[tokio::test]
async fn a_login_stands_in_the_way_of_an_anonymous_pull() {
    let mut machine = Machine::new();
    machine.credential = Some(Credential::Anonymous);
    machine.login().await.0.is("passed", "", "no login is kept");
    machine.config(&format!(r#"{{"auths":{{"https://{HOST}/v1/":{{"auth":"{CI_AUTH}"}}}}}}"#));
    let (check, credential) = machine.login().await;
    check.is("warned", "docker-login-stale", "asked-for: an anonymous pull");
    assert!(credential.is_none());
}

#[tokio::test]
async fn what_a_container_cannot_see_is_said() {
    let mut machine = Machine::new();
    machine.environment.in_container = true;
    machine.login().await.0.is("skipped", "", "the docker configuration of the host cannot be seen");
    machine.credential = Some(Credential::DockerConfig);
    let words = "from which the docker configuration of the host cannot be seen";
    machine.login().await.0.is("failed", "docker-not-logged-in", words);
    machine.config(&format!(r#"{{"auths":{{"{HOST}":{{"auth":"{CI_AUTH}"}}}}}}"#));
    machine.login().await.0.is("passed", "", "a login is kept");
    // A container with a docker of its own is the job's own place.
    let mut job = Machine::new();
    job.environment.in_container = true;
    job.client("28.2.2", "", "");
    job.login().await.0.is("passed", "", "no login is kept for contosoacr.azurecr.io");
}

#[tokio::test]
async fn the_login_is_looked_for_even_where_docker_itself_is_skipped() {
    let mut machine = Machine::signing_in_with_its_login();
    machine.wish = DockerWish::Skip;
    machine.config(&format!(r#"{{"auths":{{"{HOST}":{{"auth":"{CI_AUTH}"}}}}}}"#));
    assert_eq!(shown(machine.login().await.1), format!("ci:{SECRET}"));
}

#[tokio::test]
async fn logins_of_the_environment_go_first_where_the_client_reads_them() {
    use acr_preflight::secret::Secret;
    let mut machine = Machine::signing_in_with_its_login();
    machine.config(&format!(r#"{{"auths":{{"{HOST}":{{"auth":"ZmlsZTpmaWxl"}}}}}}"#));
    let variable = |text: &str| Some(Secret::new(text));
    let logins = format!(r#"{{"auths":{{"{HOST}":{{"auth":"{CI_AUTH}"}}}}}}"#);
    machine.environment.auth_config = variable(&logins);
    let (check, credential) = machine.login().await;
    check.is("passed", "", "a login is kept in DOCKER_AUTH_CONFIG");
    assert_eq!(shown(credential), format!("ci:{SECRET}"));
    machine.client("28.2.2", "", "");
    assert_eq!(shown(machine.login().await.1), "file:file");
    machine.client("28.3.0", "", "");
    assert_eq!(shown(machine.login().await.1), format!("ci:{SECRET}"));
    // Docker wants exactly this shape, and otherwise passes over the variable.
    for other in [
        format!(r#"{{"auths":{{"https://{HOST}":{{"auth":"{CI_AUTH}"}}}}}}"#),
        format!(r#"{{"auths":{{"{HOST}":{{"auth":"{CI_AUTH}","email":"x"}}}}}}"#),
        format!(r#"{{"auths":{{"{HOST}":{{"auth":"{CI_AUTH}"}}}},"credsStore":"x"}}"#),
        "hunter2".to_owned(),
    ] {
        machine.environment.auth_config = variable(&other);
        assert_eq!(shown(machine.login().await.1), "file:file", "{other}");
    }
}
