//! A machine of its own for each test: a search path, a docker configuration, sockets.

use acr_preflight::checks::docker::{StoredCredential, run_docker, stored_credential};
use acr_preflight::finding::Check;
use acr_preflight::inputs::environment::Environment;
use acr_preflight::inputs::files::Shelf;
use acr_preflight::inputs::{Gathered, Inputs};
use acr_preflight::plan::{CiSystem, Credential, DockerEnvironment, DockerWish, Plan};
use acr_preflight::secret::Secret;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;
use time::OffsetDateTime;

pub(super) const HOST: &str = "contosoacr.azurecr.io";

/// The moment at which every test happens: 2026-09-21T14:13:20Z.
pub(super) const NOW: i64 = 1_790_000_000;

/// A machine, its environment and the wish of its user.
pub(super) struct Machine {
    folder: TempDir,
    /// What the environment says.
    pub(super) environment: DockerEnvironment,
    /// The input `docker`.
    pub(super) wish: DockerWish,
    /// The identity of the run.
    pub(super) credential: Option<Credential>,
    /// The CI system.
    pub(super) ci: CiSystem,
    /// The input `timeout`.
    pub(super) timeout: Duration,
}

impl Machine {
    /// An empty machine: no client, no engine, no configuration.
    pub(super) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for name in ["bin", "run", ".docker"] {
            std::fs::create_dir(at(name)).unwrap();
        }
        let environment = DockerEnvironment {
            search_path: Some(at("bin").display().to_string()),
            config_folder: Some(at(".docker")),
            runtime_folder: Some(at("run")),
            // The machine that runs this test may have an engine of its own.
            host: None,
            ..DockerEnvironment::default()
        };
        Self {
            folder,
            environment,
            wish: DockerWish::Auto,
            credential: None,
            ci: CiSystem::Other,
            timeout: Duration::from_secs(20),
        }
    }

    /// A machine on which `auth: docker-config` was asked for.
    pub(super) fn signing_in_with_its_login() -> Self {
        let mut machine = Self::new();
        machine.credential = Some(Credential::DockerConfig);
        machine
    }

    /// A path on this machine.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Installs a program. Another process writes the file: were it open for writing here, a test that forks at that
    /// moment would make it busy.
    pub(super) fn program(&self, name: &str, script: &str) -> &Self {
        let path = self.path("bin").join(name);
        let mut install =
            Command::new("install").args(["-m", "755", "/dev/stdin"]).arg(path).stdin(Stdio::piped()).spawn().unwrap();
        write!(install.stdin.take().unwrap(), "#!/bin/sh\n{script}\n").unwrap();
        assert!(install.wait().unwrap().success());
        self
    }

    /// Installs a docker client of this version that says this of its engine.
    pub(super) fn client(&self, version: &str, stdout: &str, stderr: &str) -> &Self {
        std::fs::write(self.path("stdout"), stdout).unwrap();
        std::fs::write(self.path("stderr"), stderr).unwrap();
        let folder = self.folder.path().display();
        self.program(
            "docker",
            &format!(
                "case $1 in\n--version) echo 'Docker version {version}, build e6534b4' ;;\n\
                 version) /bin/cat {folder}/stderr >&2; /bin/cat {folder}/stdout; [ ! -s {folder}/stderr ] ;;\n\
                 *) exit 64 ;;\nesac"
            ),
        )
    }

    /// Writes `config.json`.
    pub(super) fn config(&self, text: &str) -> &Self {
        std::fs::write(self.path(".docker/config.json"), text).unwrap();
        self
    }

    /// What is wanted, on this machine.
    fn plan(&self) -> Plan {
        let now = OffsetDateTime::from_unix_timestamp(NOW).unwrap();
        let arguments = ["acr-preflight", "--registry", HOST].map(Into::into);
        let gathered = Inputs::from_parts(arguments, &Environment::default(), &Shelf::default(), now);
        let Gathered::Run(inputs) = gathered else { panic!("the command line is not understood") };
        let mut plan = Plan::from_inputs(&inputs);
        plan.docker = self.wish;
        plan.docker_environment = self.environment.clone();
        plan.credential = self.credential.clone();
        plan.ci.system = self.ci;
        plan.timeout = self.timeout;
        plan
    }

    /// The checks of client and engine.
    pub(super) async fn run(&self) -> Vec<Check> {
        run_docker(&self.plan()).await
    }

    /// The check of the client.
    pub(super) async fn client_check(&self) -> Seen {
        Seen::of(&self.run().await[0])
    }

    /// The check of the engine.
    pub(super) async fn engine_check(&self) -> Seen {
        Seen::of(&self.run().await[1])
    }

    /// The check of the login, and the login.
    pub(super) async fn login(&self) -> (Seen, Option<Credential>) {
        let plan = self.plan();
        let now = std::future::ready(plan.now);
        let StoredCredential { check, credential } = stored_credential(&plan, now).await;
        assert!(!format!("{check:?}").contains(SECRET), "a secret is shown: {check:?}");
        (Seen::of(&check), credential)
    }
}

/// The secret that no check may show.
pub(super) const SECRET: &str = "hunter2hunter2";

/// A password as the login of a user `ci`, in base64.
pub(super) const CI_AUTH: &str = "Y2k6aHVudGVyMmh1bnRlcjI=";

/// A token of the registry that ends at this moment.
pub(super) fn token(ends: i64) -> String {
    use base64::Engine as _;
    let encode = |text: String| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text);
    let claims =
        format!(r#"{{"iss":"Azure Container Registry","aud":"{HOST}","grant_type":"refresh_token","exp":{ends}}}"#);
    format!("{}.{}.{SECRET}", encode(r#"{"alg":"RS256"}"#.to_owned()), encode(claims))
}

/// A user name and password, or a token, as text.
pub(super) fn shown(credential: Option<Credential>) -> String {
    let text = |secret: &Secret| secret.expose().to_owned();
    match credential {
        Some(Credential::Password { username, password, .. }) => format!("{username}:{}", text(&password)),
        Some(Credential::Token { token }) => text(&token),
        other => format!("{other:?}"),
    }
}

/// A check as a test compares it: status, failure, and everything it says.
#[derive(Debug, PartialEq)]
pub(super) struct Seen {
    /// `passed`, `failed`, `warned`, `skipped`.
    pub(super) status: &'static str,
    /// The failure, or nothing.
    pub(super) id: &'static str,
    /// Facts, note and reason.
    pub(super) words: String,
}

impl Seen {
    fn of(check: &Check) -> Self {
        let facts = check.findings().iter().flat_map(|finding| &finding.facts);
        let mut words: Vec<String> = facts.map(|fact| format!("{}: {}", fact.label, fact.value)).collect();
        words.extend(check.note.clone());
        words.extend(check.skipped().map(str::to_owned));
        let id = check.findings().first().map_or("", |finding| finding.failure.id);
        Self { status: check.status().word(), id, words: words.join("\n") }
    }

    /// Compares status and failure, and wants these words.
    #[track_caller]
    pub(super) fn is(&self, status: &str, id: &str, words: &str) {
        assert_eq!((self.status, self.id), (status, id), "{}", self.words);
        assert!(self.words.contains(words), "«{words}» is not in:\n{}", self.words);
    }
}
