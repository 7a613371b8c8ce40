//! The check `docker-engine`.

use super::fake_engine::{Manner, on_port, on_socket};
use super::machine::Machine;
use acr_preflight::plan::DockerWish;
use std::time::Duration;

const ANSWERS: &str =
    r#"{"Client":{"Version":"28.2.2"},"Server":{"Version":"28.2.2","ApiVersion":"1.50","MinAPIVersion":"1.24"}}"#;
const ALONE: &str = r#"{"Client":{"Version":"28.2.2"},"Server":null}"#;
const DOWN: &str = "Cannot connect to the Docker daemon at unix:///x.sock. Is the docker daemon running?";

#[tokio::test]
async fn an_engine_that_the_client_reaches_passes() {
    let machine = Machine::new();
    machine.client("28.2.2", ANSWERS, "");
    machine.engine_check().await.is("passed", "", "Docker 28.2.2, API 1.50");
}

#[tokio::test]
async fn an_engine_that_is_down_weighs_by_who_asked_for_it() {
    let mut machine = Machine::new();
    machine.client("28.2.2", ALONE, DOWN);
    // The machine that runs this test may have an engine of its own, at docker's default.
    if !std::path::Path::new("/var/run/docker.sock").exists() {
        machine.engine_check().await.is("skipped", "", "there is no engine at unix:///var/run/docker.sock");
    }
    machine.wish = DockerWish::Require;
    machine.engine_check().await.is("failed", "docker-daemon-down", "docker-host: unix:///var/run/docker.sock");
    machine.wish = DockerWish::Auto;
    machine.environment.host = Some(format!("unix://{}", machine.path("run/gone.sock").display()));
    machine.engine_check().await.is("failed", "docker-daemon-down", "reason: there is no such socket");
}

#[tokio::test]
async fn what_the_client_says_of_its_engine_is_told() {
    let mut machine = Machine::new();
    machine.environment.host = Some("unix:///x.sock".to_owned());
    for (said, id, words) in [
        (
            "permission denied while trying to connect to the Docker daemon socket",
            "docker-daemon-down",
            "this user may not open the socket",
        ),
        (
            "Error response from daemon: client version 1.43 is too old. Minimum supported API version is 1.44",
            "docker-too-old",
            "too-old: the client",
        ),
        (
            "Error response from daemon: client version 1.50 is too new. Maximum supported API version is 1.41",
            "docker-too-old",
            "newest-api-of-engine: 1.41",
        ),
        ("error during connect: tls: failed to verify certificate", "docker-daemon-down", "the TLS connection fails"),
        ("something new", "docker-daemon-down", "there is no such socket"),
    ] {
        machine.client("28.2.2", ALONE, said);
        machine.engine_check().await.is("failed", id, words);
    }
}

#[tokio::test]
async fn a_warning_beside_an_engine_that_answers_is_no_failure() {
    let machine = Machine::new();
    machine.client("28.2.2", ANSWERS, "WARNING: Error loading config file: open /x: permission denied");
    machine.engine_check().await.is("passed", "", "Docker 28.2.2");
}

#[tokio::test]
async fn an_engine_that_answers_elsewhere_is_pointed_out() {
    let machine = Machine::new();
    machine.client("28.2.2", ALONE, DOWN);
    on_socket(&machine.path("run/docker.sock"), Manner::Docker("1.24", "1.50"));
    let socket = format!("Docker 28.2.2 at DOCKER_HOST=unix://{}", machine.path("run/docker.sock").display());
    machine.engine_check().await.is("warned", "docker-daemon-down", &socket);
}

#[tokio::test]
async fn podman_in_the_place_of_docker_needs_no_engine() {
    let machine = Machine::new();
    machine.program("docker", "echo 'podman version 4.3.1'");
    machine.client_check().await.is("passed", "", "podman in docker's place, 4.3.1");
    machine.engine_check().await.is("skipped", "", "needs no engine");
}

#[tokio::test]
async fn an_engine_is_asked_at_its_socket_where_there_is_no_client() {
    let mut machine = Machine::new();
    let at = |machine: &Machine, name: &str| Some(format!("unix://{}", machine.path(name).display()));
    on_socket(&machine.path("docker.sock"), Manner::Docker("1.24", "1.50"));
    machine.environment.host = at(&machine, "docker.sock");
    machine.engine_check().await.is("passed", "", "Docker 28.2.2, API 1.50");
    on_socket(&machine.path("podman.sock"), Manner::Podman);
    machine.environment.host = at(&machine, "podman.sock");
    machine.engine_check().await.is("passed", "", "Podman 4.3.1, API 1.41");
    machine.environment.host = at(&machine, "missing.sock");
    machine.engine_check().await.is("failed", "docker-daemon-down", "there is no such socket");
    std::fs::write(machine.path("file.sock"), "").unwrap();
    machine.environment.host = at(&machine, "file.sock");
    machine.engine_check().await.is("failed", "docker-daemon-down", "nobody listens there");
    on_socket(&machine.path("ssh.sock"), Manner::Says("SSH-2.0-OpenSSH_9.2\r\n"));
    machine.environment.host = at(&machine, "ssh.sock");
    machine.engine_check().await.is("failed", "docker-daemon-down", "it does not speak HTTP");
    on_socket(&machine.path("ill.sock"), Manner::Says("HTTP/1.0 503 Service Unavailable\r\n\r\nstarting"));
    machine.environment.host = at(&machine, "ill.sock");
    machine.engine_check().await.is("failed", "docker-daemon-down", "it answers with status 503");
    on_socket(&machine.path("silent.sock"), Manner::Silent);
    machine.environment.host = at(&machine, "silent.sock");
    machine.timeout = Duration::from_millis(900);
    machine.engine_check().await.is("failed", "docker-daemon-down", "no answer in time");
}

#[tokio::test]
async fn an_engine_at_a_port_is_asked_there() {
    let mut machine = Machine::new();
    machine.environment.host = Some(format!("tcp://{}", on_port(Manner::Docker("1.44", "1.52"))));
    machine.engine_check().await.is("passed", "", "API 1.52, at tcp://127.0.0.1:");
    let tls = "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n";
    machine.environment.host = Some(format!("tcp://{}", on_port(Manner::Says(tls))));
    machine.engine_check().await.is("skipped", "", "speaks TLS, which is not judged without a docker client");
    machine.environment.tls = true;
    machine.environment.host = Some("tcp://docker:2376".to_owned());
    machine.engine_check().await.is("skipped", "", "speaks TLS");
    machine.environment.host = Some("ssh://ci@build".to_owned());
    machine.engine_check().await.is("skipped", "", "ssh:// is not judged without a docker client");
    machine.environment.host = Some("http://docker".to_owned());
    machine.engine_check().await.is("failed", "docker-daemon-down", "no address that docker takes");
}

#[tokio::test]
async fn a_fixed_api_version_that_the_engine_does_not_speak_is_named() {
    let mut machine = Machine::new();
    machine.environment.host = Some(format!("tcp://{}", on_port(Manner::Docker("1.44", "1.52"))));
    machine.environment.api_version = Some("1.41".to_owned());
    machine.engine_check().await.is("failed", "docker-too-old", "oldest-api-of-engine: 1.44");
    machine.environment.api_version = Some("1.99".to_owned());
    machine.engine_check().await.is("failed", "docker-too-old", "newest-api-of-engine: 1.52");
    machine.environment.api_version = Some("1.44".to_owned());
    machine.engine_check().await.is("passed", "", "API 1.52");
}

#[tokio::test]
async fn an_engine_of_the_host_is_not_judged_from_inside_a_container() {
    let mut machine = Machine::new();
    machine.environment.in_container = true;
    machine.wish = DockerWish::Require;
    for host in ["unix:///run/user/1001/docker.sock", "tcp://localhost:1"] {
        machine.environment.host = Some(host.to_owned());
        machine.engine_check().await.is("skipped", "", "not reachable from inside this container");
    }
}

#[tokio::test]
async fn cloud_shell_has_no_engine_and_that_fails_only_where_one_is_required() {
    let mut machine = Machine::new();
    machine.client("28.2.2", ALONE, DOWN);
    machine.environment.cloud_shell = true;
    machine.engine_check().await.is("skipped", "", "Azure Cloud Shell has a docker client, but no engine");
    machine.wish = DockerWish::Require;
    machine.engine_check().await.is("failed", "docker-daemon-down", "Azure Cloud Shell, which has no engine");
}

#[tokio::test]
async fn the_engine_of_the_context_in_use_is_the_one_that_counts() {
    let machine = Machine::new();
    // sha256("build"), by which docker names the folder.
    let id = "44575cf5b28512d75644bf54a517dcef304ff809fd511747621b4d64f19aac66";
    let folder = machine.path(&format!(".docker/contexts/meta/{id}"));
    std::fs::create_dir_all(&folder).unwrap();
    let socket = machine.path("build.sock");
    on_socket(&socket, Manner::Docker("1.24", "1.50"));
    let meta = format!(r#"{{"Name":"build","Endpoints":{{"docker":{{"Host":"unix://{}"}}}}}}"#, socket.display());
    std::fs::write(folder.join("meta.json"), meta).unwrap();
    machine.config(r#"{"currentContext":"build"}"#);
    machine.engine_check().await.is("passed", "", "build.sock");
    machine.config(r#"{"currentContext":"gone"}"#);
    machine.engine_check().await.is("failed", "docker-daemon-down", "chosen-by: docker context gone");
}
