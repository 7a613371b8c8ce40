//! Other people's clients in the simulated Azure: skopeo, docker, podman, as distributions ship them.
//!
//! They reach it by its real host names through a proxy that connects them to the simulator.

use crate::not_tried::not_tried;
use simulated_azure::Simulator;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// A place from which clients see the simulated Azure and nothing else.
pub(crate) struct Clients {
    folder: TempDir,
    proxy: String,
    root: PathBuf,
}

impl Clients {
    /// Connects clients to a simulation.
    pub(crate) fn of(simulator: &Simulator) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join(".docker")).unwrap();
        let proxy = format!("http://{}", simulator.proxy());
        Self { folder, proxy, root: simulator.root_certificate() }
    }

    /// Docker's configuration folder, which all of them share.
    pub(crate) fn docker_folder(&self) -> PathBuf {
        self.folder.path().join(".docker")
    }

    /// The file of the root certificate that the simulated services show.
    pub(crate) fn root_certificate(&self) -> String {
        self.root.display().to_string()
    }

    /// Where files of this test may lie.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Runs a client with this on its standard input.
    pub(crate) fn run(&self, program: &str, arguments: &[&str], input: &str) -> Output {
        use std::io::Write as _;
        let mut child = Command::new(program)
            .args(arguments)
            .env_clear()
            .env("PATH", search_path())
            .env("HOME", self.folder.path())
            .env("HTTPS_PROXY", &self.proxy)
            .env("SSL_CERT_FILE", &self.root)
            // No engine: the docker client then signs in by itself.
            .env("DOCKER_HOST", format!("unix://{}", self.folder.path().join("none.sock").display()))
            .current_dir(self.folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    }

    /// Runs a client that has to succeed.
    #[track_caller]
    pub(crate) fn succeed(&self, program: &str, arguments: &[&str], input: &str) {
        let output = self.run(program, arguments, input);
        assert!(output.status.success(), "{program} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

/// Where this machine keeps its programs.
pub(crate) fn search_path() -> String {
    std::env::var("PATH").unwrap_or_default()
}

/// Whether these programs are here. Where not, the test does nothing and says so; in CI they must be.
pub(crate) fn are_here(programs: &[&str]) -> bool {
    let is_here = |program: &str| std::env::split_paths(&search_path()).any(|folder| folder.join(program).is_file());
    let missing: Vec<_> = programs.iter().filter(|program| !is_here(program)).collect();
    if !missing.is_empty() {
        not_tried(&format!("{missing:?} not found"));
    }
    missing.is_empty()
}
