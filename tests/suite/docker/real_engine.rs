//! A real engine behind a Docker-compatible socket: podman's service, in a store of its own.

use super::machine::Machine;
use crate::real_clients::{are_here, search_path};
use acr_preflight::plan::DockerWish;
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

struct Service(Child);

impl Service {
    fn start(folder: &Path, socket: &Path) -> Self {
        let child = Command::new("podman")
            .arg("--root")
            .arg(folder.join("store"))
            .arg("--runroot")
            .arg(folder.join("state"))
            .args(["--storage-driver", "vfs", "system", "service", "--time", "0"])
            .arg(format!("unix://{}", socket.display()))
            .env_clear()
            .env("PATH", search_path())
            .env("HOME", folder)
            .env("XDG_RUNTIME_DIR", folder)
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let service = Self(child);
        let began = Instant::now();
        while !answers(socket) {
            assert!(began.elapsed() < Duration::from_secs(60), "podman's service does not answer");
            std::thread::sleep(Duration::from_millis(50));
        }
        service
    }
}

/// The first answer takes its time: podman looks through its store before.
fn answers(socket: &Path) -> bool {
    let mut reply = [0; 5];
    let asked = UnixStream::connect(socket).and_then(|mut stream| {
        stream.write_all(b"GET /version HTTP/1.0\r\n\r\n")?;
        stream.read_exact(&mut reply)
    });
    asked.is_ok() && reply == *b"HTTP/"
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test]
async fn the_service_of_podman_answers_as_an_engine_until_it_ends() {
    if !are_here(&["podman"]) {
        return;
    }
    let mut machine = Machine::new();
    machine.wish = DockerWish::Require;
    let socket = machine.path("run/podman/podman.sock");
    std::fs::create_dir(machine.path("run/podman")).unwrap();
    machine.client("28.2.2", "", "Cannot connect to the Docker daemon. Is the docker daemon running?");
    let instead = format!("at DOCKER_HOST=unix://{}", socket.display());
    let service = Service::start(&machine.path(""), &socket);
    // Docker looks at its own socket, so podman's helps only once somebody chooses it.
    machine.engine_check().await.is("failed", "docker-daemon-down", &instead);
    std::fs::remove_file(machine.path("bin/docker")).unwrap();
    machine.environment.host = Some(format!("unix://{}", socket.display()));
    machine.engine_check().await.is("passed", "", "Podman ");
    if are_here(&["docker"]) {
        machine.environment.search_path = Some(search_path());
        machine.client_check().await.is("passed", "", "docker ");
    }
    drop(service);
    machine.environment.search_path = Some(String::new());
    machine.engine_check().await.is("failed", "docker-daemon-down", "nobody listens there");
}
