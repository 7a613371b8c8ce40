//! The local Docker: its client, its engine, and the logins that it keeps.

use crate::Scenario;
use crate::world::*;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

const CLIENT_28: &str = r#"#!/bin/sh
case "$1" in
  --version) echo "Docker version 28.2.2, build e6534b4" ;;
  version) echo '{"Client":{"Version":"28.2.2","ApiVersion":"1.50"},"Server":{"Version":"28.2.2","ApiVersion":"1.50","MinAPIVersion":"1.24","Components":[{"Name":"Engine","Version":"28.2.2"}]}}' ;;
  *) exit 1 ;;
esac
"#;

/// The engine's failures reach the client's user in words only.
const CLIENT_WITHOUT_ENGINE: &str = r#"#!/bin/sh
case "$1" in
  --version) echo "Docker version 28.2.2, build e6534b4" ;;
  version) echo '{"Client":{"Version":"28.2.2","ApiVersion":"1.50"},"Server":null}'
    echo "Cannot connect to the Docker daemon at $DOCKER_HOST. Is the docker daemon running?" >&2
    exit 1 ;;
esac
"#;

const CLIENT_BEYOND_ENGINE: &str = r#"#!/bin/sh
case "$1" in
  --version) echo "Docker version 29.1.0, build 360952c" ;;
  version) echo '{"Client":{"Version":"29.1.0","ApiVersion":"1.52"},"Server":null}'
    echo "Error response from daemon: client version 1.52 is too new. Maximum supported API version is 1.41" >&2
    exit 1 ;;
esac
"#;

const CLIENT_17: &str = r#"#!/bin/sh
case "$1" in
  --version) echo "Docker version 17.06.0-ce, build 02c1d87" ;;
  version) echo '{"Client":{"Version":"17.06.0-ce"},"Server":{"Version":"17.06.0-ce","ApiVersion":"1.30","MinAPIVersion":"1.12"}}' ;;
esac
"#;

const HELPER: &str = r#"#!/bin/sh
read -r host
echo "{\"ServerURL\":\"$host\",\"Username\":\"team-token\",\"Secret\":\"tok1simulatedtok1simulatedtok1+ACRDtoken1\"}"
"#;

const BROKEN_HELPER: &str = "#!/bin/sh\necho 'the keychain is locked' >&2\nexit 3\n";

const RUNNING: Engine = Engine::Runs { version: "28.2.2", api: "1.50", oldest_api: "1.24" };

/// A job that wants to use docker in its next step.
fn with_docker(scenario: Scenario) -> Scenario {
    scenario
        .input("docker", "require")
        .input("DOCKER_HOST", "unix://{folder}/docker.sock")
        .input("DOCKER_CONFIG", "{folder}/docker")
        .world(|world| world.engine = RUNNING)
}

/// A job that signs in with whatever docker keeps.
fn with_stored_login(scenario: Scenario) -> Scenario {
    scenario.without_credential().input("auth", "docker-config").input("DOCKER_CONFIG", "{folder}/docker")
}

fn stored(user: &str, password: &str) -> String {
    let auth = STANDARD.encode(format!("{user}:{password}"));
    serde_json::json!({"auths": {LOGIN_SERVER: {"auth": auth}}}).to_string()
}

pub(super) fn scenarios() -> Vec<Scenario> {
    [programs(), logins()].concat()
}

fn programs() -> Vec<Scenario> {
    vec![
        with_docker(Scenario::new("healthy-docker", "A recent client and an engine that answers."))
            .program("bin/docker", CLIENT_28),
        Scenario::new("healthy-docker-engine", "An engine that answers at its socket, and no client to ask it.")
            .input("docker", "auto")
            .input("DOCKER_HOST", "unix://{folder}/docker.sock")
            .world(|world| world.engine = RUNNING),
        with_docker(Scenario::fails("docker-missing", "There is no docker client.")),
        with_docker(Scenario::fails("docker-daemon-down", "The client is there, its engine is not."))
            .program("bin/docker", CLIENT_WITHOUT_ENGINE)
            .world(|world| world.engine = Engine::Absent),
        with_docker(Scenario::fails("docker-too-old", "A client of 2017.")).program("bin/docker", CLIENT_17),
        with_docker(Scenario::fails("docker-too-old@engine", "An engine too old for its client."))
            .program("bin/docker", CLIENT_BEYOND_ENGINE),
    ]
}

fn logins() -> Vec<Scenario> {
    vec![
        with_stored_login(Scenario::new("healthy-docker-config", "The login that docker keeps for the registry."))
            .file("docker/config.json", &stored(TOKEN_NAME, TOKEN_PASSWORD)),
        with_stored_login(Scenario::new("healthy-identity-token", "The token that az acr login left behind."))
            .file_made("docker/config.json", |world| {
                let token = world.registries[0].refresh_token(world, CLIENT, PRINCIPAL, &["read", "write"], 11_000);
                let auth = STANDARD.encode(format!("{ZERO_GUID}:"));
                serde_json::json!({"auths": {LOGIN_SERVER: {"auth": auth, "identitytoken": token}}})
                    .to_string()
                    .into_bytes()
            }),
        with_stored_login(Scenario::new("healthy-credential-helper", "A helper keeps the login."))
            .file("docker/config.json", r#"{"credHelpers": {"contosoacr.azurecr.io": "chest"}}"#)
            .program("bin/docker-credential-chest", HELPER),
        with_stored_login(Scenario::fails(
            "docker-credential-helper",
            "The helper that keeps the logins is not installed.",
        ))
        .file("docker/config.json", r#"{"credsStore": "chest"}"#),
        with_stored_login(Scenario::fails("docker-credential-helper@broken", "The helper that keeps the login fails."))
            .file("docker/config.json", r#"{"credHelpers": {"contosoacr.azurecr.io": "chest"}}"#)
            .program("bin/docker-credential-chest", BROKEN_HELPER),
        with_stored_login(Scenario::fails("docker-not-logged-in", "Docker keeps no login for this registry.")).file(
            "docker/config.json",
            r#"{"auths": {"https://index.docker.io/v1/": {"auth": "c3RyYW5nZXI6cGFzcw=="}}}"#,
        ),
        with_stored_login(Scenario::fails("docker-login-stale@expired", "The token that docker keeps has ended."))
            .file_made("docker/config.json", |world| {
                let token = world.registries[0].refresh_token(world, CLIENT, PRINCIPAL, &["read"], -40_000);
                let auth = STANDARD.encode(format!("{ZERO_GUID}:"));
                serde_json::json!({"auths": {LOGIN_SERVER: {"auth": auth, "identitytoken": token}}})
                    .to_string()
                    .into_bytes()
            }),
        with_stored_login(Scenario::warns(
            "clock-skewed@stored-login",
            "The runner's clock is a day ahead, and calls the token that docker keeps ended.",
        ))
        .world(|world| world.clock_ahead = time::Duration::days(-1))
        .file_made("docker/config.json", |world| {
            let token = world.registries[0].refresh_token(world, CLIENT, PRINCIPAL, &["read", "write"], 11_000);
            let auth = STANDARD.encode(format!("{ZERO_GUID}:"));
            serde_json::json!({"auths": {LOGIN_SERVER: {"auth": auth, "identitytoken": token}}})
                .to_string()
                .into_bytes()
        }),
        Scenario::warns("docker-login-stale", "Docker keeps a login for a registry that is to be pulled anonymously.")
            .without_credential()
            .without(&["docker"])
            .input("auth", "anonymous")
            .input("role", "AcrPull")
            .input("DOCKER_HOST", "unix://{folder}/docker.sock")
            .input("DOCKER_CONFIG", "{folder}/docker")
            .file("docker/config.json", &stored(TOKEN_NAME, "an-old-token-password"))
            .program("bin/docker", CLIENT_28)
            .world(|world| {
                world.engine = RUNNING;
                world.registry().anonymous_pull = true;
            }),
    ]
}
