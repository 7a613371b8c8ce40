//! The check `docker-client`.

use super::machine::Machine;
use acr_preflight::plan::{CiSystem, DockerWish};
use std::time::Duration;

#[tokio::test]
async fn a_recent_client_passes() {
    let machine = Machine::new();
    machine.client("28.2.2", "", "");
    machine.client_check().await.is("passed", "", "docker 28.2.2");
    machine.client("18.03.1-ce", "", "");
    machine.client_check().await.is("passed", "", "docker 18.03.1-ce");
}

#[tokio::test]
async fn a_missing_client_fails_only_where_docker_is_required() {
    let mut machine = Machine::new();
    machine.client_check().await.is("skipped", "", "no docker client on the PATH");
    machine.wish = DockerWish::Require;
    machine.client_check().await.is("failed", "docker-missing", "docker is not on the PATH");
    machine.program("podman", "exit 0");
    machine.client_check().await.is("failed", "docker-missing", "podman: is on the PATH");
}

#[tokio::test]
async fn a_client_older_than_18_03_is_too_old_for_the_registry() {
    let mut machine = Machine::new();
    machine.client("17.12.1-ce", "", "");
    machine.client_check().await.is("warned", "docker-too-old", "client: docker 17.12.1-ce");
    machine.wish = DockerWish::Require;
    machine.client_check().await.is("failed", "docker-too-old", "needed: 18.03 or later");
}

#[tokio::test]
async fn a_client_that_does_not_run_is_no_client() {
    let mut machine = Machine::new();
    machine.timeout = Duration::from_millis(900);
    machine.program("docker", "exec sleep 60");
    machine.client_check().await.is("warned", "docker-missing", "does not run: no answer within 0.3 s");
    machine.timeout = Duration::from_secs(20);
    machine.program("docker", "exit 127");
    machine.client_check().await.is("warned", "docker-missing", "it ended with code 127");
    let path = machine.path("bin/docker");
    std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
    machine.client_check().await.is("warned", "docker-missing", "may not be executed");
}

#[tokio::test]
async fn the_client_of_the_host_is_not_judged_from_inside_a_container_action() {
    let mut machine = Machine::new();
    machine.ci = CiSystem::GitHub;
    machine.environment.in_container = true;
    for wish in [DockerWish::Auto, DockerWish::Require] {
        machine.wish = wish;
        machine.client_check().await.is("skipped", "", "cannot be seen from inside this container");
    }
}

#[tokio::test]
async fn nothing_is_judged_where_docker_is_skipped() {
    let mut machine = Machine::new();
    machine.wish = DockerWish::Skip;
    machine.program("docker", "exit 1");
    machine.environment.host = Some("unix:///nowhere.sock".to_owned());
    machine.client_check().await.is("skipped", "", "docker says skip");
    machine.engine_check().await.is("skipped", "", "docker says skip");
    machine.login().await.0.is("skipped", "", "docker says skip");
}
