//! The one reader of environment, options and clock.

pub mod certificate;
pub mod ci;
pub mod command_line;
mod docker_logins;
pub mod environment;
pub mod files;
pub mod given;
pub mod manifests;
pub mod roots;
pub mod surroundings;
pub mod table;

use certificate::CertificateFile;
use ci::CiContext;
use command_line::{Instead, Log, Task};
use environment::{Environment, says_yes};
use files::{Disk, Files};
use given::{Given, UnreadableFile, Values};
use manifests::Manifests;
use roots::Roots;
use std::ffi::OsString;
use surroundings::{CiFiles, DockerEnvironment, Routes, Screen, Services};
use table::Input;
use time::OffsetDateTime;

/// Everything the CI handed over, read once and judged by nobody yet.
#[derive(Debug, Clone)]
pub struct Inputs {
    /// The moment the run began.
    pub now: OffsetDateTime,
    /// What is to be done.
    pub task: Task,
    /// Why the command line was not understood, where it was not.
    pub misuse: Option<String>,
    /// The values of the table.
    pub values: Values,
    /// The client certificate, where one was named.
    pub certificate: Option<Result<CertificateFile, UnreadableFile>>,
    /// The manifests of `images-from`.
    pub manifests: Manifests,
    /// Extra root certificates.
    pub roots: Roots,
    /// The CI that runs this job.
    pub ci: CiContext,
    /// Where the local Docker keeps its things.
    pub docker: DockerEnvironment,
    /// The registries that Docker's configuration names.
    pub docker_logins: Vec<String>,
    /// Token services and endpoints.
    pub services: Services,
    /// Proxies and the hooks of the simulation.
    pub routes: Routes,
    /// Files by which the CI takes outputs.
    pub ci_files: CiFiles,
    /// What the environment says of the terminal.
    pub screen: Screen,
}

/// What the process was started for.
#[derive(Debug, Clone)]
pub enum Gathered {
    /// A run with these inputs.
    Run(Box<Inputs>),
    /// This text, the help or the version.
    Show(String),
}

impl Inputs {
    /// Reads this process's arguments, environment, files and clock.
    pub fn gather() -> Gathered {
        let (arguments, environment) = (std::env::args_os(), Environment::of_process());
        Self::from_parts(arguments, &environment, &Disk, OffsetDateTime::now_utc())
    }

    /// Reads arguments (the program's name first), an environment and files that somebody else holds.
    pub fn from_parts(
        arguments: impl IntoIterator<Item = OsString>,
        environment: &Environment,
        files: &dyn Files,
        now: OffsetDateTime,
    ) -> Gathered {
        let (words, misuse) = match command_line::parse(arguments) {
            Ok(words) => (words, None),
            Err(Instead::Show(text)) => return Gathered::Show(text),
            Err(Instead::Misuse(message)) => (command_line::Words::default(), Some(message)),
        };
        let values = Values::look_up(&words.options, environment, files);
        let docker = DockerEnvironment::of(environment, files);
        let mut ci = CiContext::of(environment, files);
        ci.debug |= is_on(&values, &table::VERBOSE);
        let task = task(words.task, &values);
        // A log that is piped in must not be read as a manifest.
        let listed = values.get(&table::IMAGES_FROM).filter(|_| task == Task::Check && misuse.is_none());
        Gathered::Run(Box::new(Self {
            now,
            manifests: Manifests::read(listed, files),
            task,
            misuse,
            certificate: values.get(&table::CLIENT_CERTIFICATE).map(|given| certificate::read(given, files)),
            roots: Roots::of(&words.options, environment, files),
            values,
            ci,
            docker_logins: docker_logins::read(&docker, files),
            docker,
            services: Services::of(environment),
            routes: Routes::of(environment),
            ci_files: CiFiles::of(environment, files),
            screen: Screen::of(environment),
        }))
    }

    /// The value of an input, where one was given.
    pub fn get(&self, input: &Input) -> Option<&Given> {
        self.values.get(input)
    }

    /// A switch is on.
    pub fn is_on(&self, input: &Input) -> bool {
        is_on(&self.values, input)
    }
}

fn is_on(values: &Values, input: &Input) -> bool {
    values.get(input).is_some_and(|given| says_yes(given.text()))
}

/// The subcommand, or what the input `mode` says where there is none: a container action has inputs only.
fn task(said: Option<Task>, values: &Values) -> Task {
    let log = || values.get(&table::LOG).map(|given| Log::named(given.text().trim()));
    let wants_diagnosis =
        || values.get(&table::MODE).is_some_and(|mode| mode.text().trim().eq_ignore_ascii_case("diagnose"));
    match said {
        Some(Task::Diagnose(Log::NotGiven)) => Task::Diagnose(log().unwrap_or(Log::StandardInput)),
        Some(task) => task,
        None if wants_diagnosis() => Task::Diagnose(log().unwrap_or(Log::NotGiven)),
        None => Task::Check,
    }
}
