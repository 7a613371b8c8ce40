//! Certificates as `openssl` makes them, in a folder of their own.

use crate::not_tried::not_tried;
use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// A folder in which openssl commands run.
pub(super) struct Bench {
    folder: TempDir,
}

impl Bench {
    /// Opens a bench; none where the machine has no openssl, which is said, and allowed only outside CI.
    pub(super) fn open() -> Option<Self> {
        let found = Command::new("openssl").arg("version").stdout(Stdio::null()).status().is_ok_and(|it| it.success());
        if !found {
            not_tried("there is no openssl here");
            return None;
        }
        Some(Self { folder: tempfile::tempdir().unwrap() })
    }

    /// Opens a bench with `cert.pem` and `key.pem`, an RSA key of so many bits.
    pub(super) fn with_certificate(bits: u32) -> Option<Self> {
        let bench = Self::open()?;
        bench.run(&format!(
            "req -x509 -newkey rsa:{bits} -noenc -keyout key.pem -out cert.pem -days 30 -subj /CN=ci-pusher"
        ));
        Some(bench)
    }

    /// Runs an openssl command line, split at blanks, in the folder; gives what it printed.
    pub(super) fn run(&self, command_line: &str) -> Vec<u8> {
        self.run_words(command_line.split_whitespace())
    }

    fn run_words(&self, words: impl IntoIterator<Item: AsRef<OsStr>>) -> Vec<u8> {
        let words: Vec<_> = words.into_iter().map(|word| word.as_ref().to_owned()).collect();
        let output = Command::new("openssl").args(&words).current_dir(&self.folder).output().unwrap();
        assert!(output.status.success(), "openssl {words:?}: {}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    }

    /// Where a file of the folder lies.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The bytes of a file.
    pub(super) fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap()
    }

    /// Several files as one.
    pub(super) fn joined(&self, names: &[&str]) -> Vec<u8> {
        names.iter().flat_map(|name| self.read(name)).collect()
    }

    /// Writes a file.
    pub(super) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), bytes).unwrap();
    }

    /// Makes a PKCS#12 file of `cert.pem` and `key.pem`, with these further options.
    pub(super) fn pkcs12(&self, options: &str) -> Vec<u8> {
        self.run(&format!("pkcs12 -export -in cert.pem -inkey key.pem -out made.pfx {options}"));
        self.read("made.pfx")
    }
}
