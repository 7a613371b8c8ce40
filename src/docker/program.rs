//! Programs on the search path, run with a limit of time and output.

use crate::plan::DockerEnvironment;
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::Command;
use tokio::time::timeout;

/// More than this is not read from a program.
const OUTPUT_LIMIT: u64 = 256 * 1024;

/// What a look along the search path found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// The program.
    Here(PathBuf),
    /// Only a file of that name that may not be executed.
    NotExecutable(PathBuf),
    /// Nothing.
    Nowhere,
}

/// Looks for a program on the environment's search path. Relative entries do not count, as Go's `exec.LookPath`, which
/// docker uses, refuses them too.
pub fn find(name: &str, environment: &DockerEnvironment) -> Place {
    let search_path = environment.search_path.as_deref().unwrap_or_default();
    let mut refused = None;
    for folder in search_path.split(':').map(Path::new).filter(|folder| folder.is_absolute()) {
        let candidate = folder.join(name);
        match candidate.metadata() {
            Ok(file) if file.is_file() && file.permissions().mode() & 0o111 != 0 => return Place::Here(candidate),
            Ok(file) if file.is_file() => refused = refused.or(Some(candidate)),
            _ => {}
        }
    }
    refused.map_or(Place::Nowhere, Place::NotExecutable)
}

/// What a program gave back. It may hold a secret and is never shown as it is.
#[derive(Clone)]
pub struct Ran {
    /// The exit code; none where a signal ended it.
    pub code: Option<i32>,
    /// Standard output, cut at a limit.
    pub stdout: Vec<u8>,
    /// Standard error, likewise.
    pub stderr: Vec<u8>,
}

/// Why a program gave nothing back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RunError {
    /// It could not be started; in the system's words.
    NotStarted(String),
    /// It did not end in time, and was killed.
    TimedOut(Duration),
}

/// How programs are found and run.
#[derive(Debug, Clone, Copy)]
pub struct Launcher<'a> {
    environment: &'a DockerEnvironment,
    limit: Duration,
}

impl<'a> Launcher<'a> {
    /// Programs of this environment, each of which may take so long.
    pub fn new(environment: &'a DockerEnvironment, limit: Duration) -> Self {
        Self { environment, limit }
    }

    /// Looks for a program on the environment's search path.
    pub fn find(&self, name: &str) -> Place {
        find(name, self.environment)
    }

    /// Runs a program with an input and waits for its end. It inherits the environment without this program's own inputs.
    pub async fn run(&self, program: &Path, arguments: &[&str], input: &str) -> Result<Ran, RunError> {
        let mut command = Command::new(program);
        for name in &self.environment.own_variables {
            command.env_remove(name);
        }
        run(command.args(arguments), input, self.limit).await
    }
}

async fn run(command: &mut Command, input: &str, limit: Duration) -> Result<Ran, RunError> {
    let not_started = |error: io::Error| RunError::NotStarted(error.kind().to_string());
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(not_started)?;
    let (Some(mut stdin), Some(stdout), Some(stderr)) = (child.stdin.take(), child.stdout.take(), child.stderr.take())
    else {
        return Err(RunError::NotStarted("its pipes are missing".to_owned()));
    };
    let exchange = async {
        let (mut said, mut complained) = (Vec::new(), Vec::new());
        let feed = async {
            // A program that does not read its input may have closed it.
            let _ = stdin.write_all(input.as_bytes()).await;
            drop(stdin);
        };
        let mut stdout = stdout.take(OUTPUT_LIMIT);
        let mut stderr = stderr.take(OUTPUT_LIMIT);
        let (_, out, err) = tokio::join!(feed, stdout.read_to_end(&mut said), stderr.read_to_end(&mut complained));
        out.and(err).map_err(not_started)?;
        let status = child.wait().await.map_err(not_started)?;
        Ok(Ran { code: status.code(), stdout: said, stderr: complained })
    };
    timeout(limit, exchange).await.unwrap_or(Err(RunError::TimedOut(limit)))
}

#[cfg(test)]
mod tests {
    use super::{Launcher, Place, RunError};
    use crate::plan::DockerEnvironment;
    use std::path::Path;
    use std::time::{Duration, Instant};

    const SHELL: &str = "/bin/sh";

    async fn launch(program: &str, arguments: &[&str], input: &str, limit: Duration) -> Result<super::Ran, RunError> {
        let environment = DockerEnvironment { own_variables: vec!["CARGO_PKG_NAME".to_owned()], ..Default::default() };
        Launcher::new(&environment, limit).run(Path::new(program), arguments, input).await
    }

    async fn shell(script: &str, input: &str, limit: Duration) -> Result<super::Ran, RunError> {
        launch(SHELL, &["-c", script], input, limit).await
    }

    #[tokio::test]
    async fn a_program_gets_its_input_and_gives_output_and_code() {
        let ran = shell("cat; echo no >&2; exit 3", "yes", Duration::from_secs(10)).await.unwrap();
        assert_eq!((ran.code, ran.stdout.as_slice(), ran.stderr.as_slice()), (Some(3), &b"yes"[..], &b"no\n"[..]));
    }

    #[tokio::test]
    async fn a_program_does_not_get_our_own_inputs() {
        // Cargo gives both to a test; the first stands for an input here.
        let ran = shell("echo \"$CARGO_PKG_NAME,$CARGO_PKG_VERSION\"", "", Duration::from_secs(10)).await.unwrap();
        assert_eq!(String::from_utf8_lossy(&ran.stdout), format!(",{}\n", env!("CARGO_PKG_VERSION")));
    }

    #[tokio::test]
    async fn a_program_that_reads_nothing_is_no_failure() {
        let input = "x".repeat(1_000_000);
        assert_eq!(shell("exec <&-; exit 0", &input, Duration::from_secs(10)).await.unwrap().code, Some(0));
    }

    #[tokio::test]
    async fn a_program_that_hangs_is_left_behind_with_its_children() {
        let began = Instant::now();
        let limit = Duration::from_millis(200);
        let hung = shell("sleep 30 & wait", "", limit).await;
        assert_eq!(hung.err(), Some(RunError::TimedOut(limit)));
        assert!(began.elapsed() < Duration::from_secs(5));
    }

    #[tokio::test]
    async fn what_cannot_be_started_says_why() {
        let missing = launch("/nowhere/docker", &[], "", Duration::from_secs(1)).await;
        assert_eq!(missing.err(), Some(RunError::NotStarted("entity not found".to_owned())));
        let folder = launch("/", &[], "", Duration::from_secs(1)).await;
        assert_eq!(folder.err(), Some(RunError::NotStarted("permission denied".to_owned())));
    }

    #[test]
    fn the_search_path_is_followed_in_its_order_and_without_relative_entries() {
        let (first, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let path = format!("{}:.::{}:/bin", first.path().display(), second.path().display());
        let environment = DockerEnvironment { search_path: Some(path), ..Default::default() };
        let find = |name| super::find(name, &environment);
        assert_eq!(find("sh"), Place::Here("/bin/sh".into()));
        assert_eq!(find("Cargo.toml"), Place::Nowhere);
        assert_eq!(find("docker-credential-x"), Place::Nowhere);
        std::fs::write(second.path().join("docker-credential-x"), "").unwrap();
        assert_eq!(find("docker-credential-x"), Place::NotExecutable(second.path().join("docker-credential-x")));
        std::fs::create_dir(first.path().join("docker-credential-x")).unwrap();
        assert_eq!(find("docker-credential-x"), Place::NotExecutable(second.path().join("docker-credential-x")));
    }
}
