//! The job that runs acr-preflight: an environment in which nothing of this machine shows through.

use crate::Simulator;
use std::path::Path;
use std::process::Command;

/// A command that runs a program with this environment and no other; its home and its search path are empty folders.
pub fn job(program: &Path, simulator: &Simulator, environment: &[(String, String)]) -> Command {
    let mut command = Command::new(program);
    command
        .env_clear()
        .current_dir(simulator.folder())
        .env("HOME", simulator.folder().join("home"))
        .env("PATH", simulator.folder().join("bin"))
        .envs(environment.iter().map(|(name, value)| (name, value)));
    command
}
