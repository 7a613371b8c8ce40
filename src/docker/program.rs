//! Programs on the search path, run with a limit of time and output.

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

/// Looks for a program. Relative entries do not count, as Go's `exec.LookPath`, which docker uses, refuses them too.
pub fn find(name: &str, search_path: &str) -> Place {
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

/// Runs a program with an input and waits for its end, but no longer than `limit`.
pub async fn run(program: &Path, arguments: &[&str], input: &str, limit: Duration) -> Result<Ran, RunError> {
    let not_started = |error: io::Error| RunError::NotStarted(error.kind().to_string());
    let mut child = Command::new(program)
        .args(arguments)
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
    use super::{Place, RunError, find, run};
    use std::path::Path;
    use std::time::{Duration, Instant};

    const SHELL: &str = "/bin/sh";

    async fn shell(script: &str, input: &str, limit: Duration) -> Result<super::Ran, RunError> {
        run(Path::new(SHELL), &["-c", script], input, limit).await
    }

    #[tokio::test]
    async fn a_program_gets_its_input_and_gives_output_and_code() {
        let ran = shell("cat; echo no >&2; exit 3", "yes", Duration::from_secs(10)).await.unwrap();
        assert_eq!((ran.code, ran.stdout.as_slice(), ran.stderr.as_slice()), (Some(3), &b"yes"[..], &b"no\n"[..]));
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
        let missing = run(Path::new("/nowhere/docker"), &[], "", Duration::from_secs(1)).await;
        assert_eq!(missing.err(), Some(RunError::NotStarted("entity not found".to_owned())));
        let folder = run(Path::new("/"), &[], "", Duration::from_secs(1)).await;
        assert_eq!(folder.err(), Some(RunError::NotStarted("permission denied".to_owned())));
    }

    #[test]
    fn the_search_path_is_followed_in_its_order_and_without_relative_entries() {
        let (first, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let path = format!("{}:.::{}:/bin", first.path().display(), second.path().display());
        assert_eq!(find("sh", &path), Place::Here("/bin/sh".into()));
        assert_eq!(find("Cargo.toml", &path), Place::Nowhere);
        assert_eq!(find("docker-credential-x", &path), Place::Nowhere);
        std::fs::write(second.path().join("docker-credential-x"), "").unwrap();
        assert_eq!(find("docker-credential-x", &path), Place::NotExecutable(second.path().join("docker-credential-x")));
        std::fs::create_dir(first.path().join("docker-credential-x")).unwrap();
        assert_eq!(find("docker-credential-x", &path), Place::NotExecutable(second.path().join("docker-credential-x")));
    }
}
