//! The program: wires the rooms, writes the text, sets the exit code.

#[path = "main/live.rs"]
mod live;

use acr_preflight::checks;
use acr_preflight::diagnose::diagnose;
use acr_preflight::explain::explain;
use acr_preflight::finding::Report;
use acr_preflight::inputs::command_line::{Log, Task};
use acr_preflight::inputs::surroundings::CiFiles;
use acr_preflight::inputs::{Gathered, Inputs};
use acr_preflight::plan::{CiSystem, Detail, OutputFormat, Plan, choice};
use acr_preflight::report::{self, Format, Style, Verbosity, azure_pipelines, github, one_line, outputs, summary};
use anyhow::{Context, Error, Result, anyhow};
use live::Live;
use ring::rand::{SecureRandom, SystemRandom};
use std::fs::{self, File, OpenOptions};
use std::future::Future;
use std::io::{self, BufReader, IsTerminal, Write};
use std::panic::PanicHookInfo;
use std::path::Path;
use std::pin::pin;
use std::process::ExitCode;

/// The command line or the inputs cannot be used.
const UNUSABLE: u8 = 2;

/// Nothing was determined: the run was stopped early, or the tool itself failed.
const UNDETERMINED: u8 = 3;

fn main() -> ExitCode {
    std::panic::set_hook(Box::new(own_failure));
    keep_memory_private();
    match start() {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            annotate(surrounding_format(), &format!("{error:#}"));
            ExitCode::from(UNDETERMINED)
        }
    }
}

/// The exit code of a run, or why the tool itself could not do its work.
fn start() -> Result<u8> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.context("the run could not be started")?;
    let code = runtime.block_on(run());
    // A name look-up that hangs must not delay the exit.
    runtime.shutdown_background();
    code
}

async fn run() -> Result<u8> {
    let mut stop = pin!(stopped());
    // Reading may wait for standard input, and a process with the number 1 ends by a signal only if it listens to it.
    let gathered = tokio::select! {
        gathered = tokio::task::spawn_blocking(Inputs::gather) => gathered,
        () = &mut stop => return Ok(UNDETERMINED),
    };
    // What the thread died of may hold a secret.
    Ok(match gathered.map_err(|_| anyhow!("the inputs could not be gathered"))? {
        Gathered::Run(inputs) => match &inputs.task {
            Task::Explain(id) if inputs.misuse.is_none() => handbook(id.as_deref()),
            task => {
                let plan = Plan::from_inputs(&inputs);
                match task {
                    Task::Diagnose(log) if plan.findings.is_empty() => {
                        read_log(&inputs, &plan, log.clone(), stop).await?
                    }
                    _ => check(&inputs, &plan, stop).await,
                }
            }
        },
        Gathered::Show(text) => shown(&text),
    })
}

async fn check(inputs: &Inputs, plan: &Plan, stop: impl Future<Output = ()>) -> u8 {
    let format = format(plan);
    if let (Some(message), Format::Text) = (&inputs.misuse, format) {
        complain(&format!("{message}\nFor the options, try 'acr-preflight --help'."));
        return UNUSABLE;
    }
    say(&report::masks(format, &plan.unmasked.iter().collect::<Vec<_>>()));
    let live = Live::new(is_watched(inputs, plan), inputs.screen.utf8);
    let watch = |progress: &checks::Progress| live.say(progress);
    let learnt = live.during(checks::run_until(plan, stop, &watch)).await;
    let is_said = say(&report::render(format, &learnt, &style(inputs, plan)));
    let is_handed_over = hand_over(&inputs.ci_files, plan, &learnt);
    match learnt.exit_code() {
        0 if !(is_said && is_handed_over) => UNUSABLE,
        code => code,
    }
}

/// Names the failures in a log, on a thread of its own because reading waits.
async fn read_log(inputs: &Inputs, plan: &Plan, log: Log, stop: impl Future<Output = ()>) -> Result<u8> {
    let name = match &log {
        Log::File(path) => path.clone(),
        Log::StandardInput | Log::NotGiven => "standard input".to_owned(),
    };
    let reading = tokio::task::spawn_blocking(move || match log {
        Log::File(path) => diagnose(BufReader::new(File::open(&path)?), &path),
        Log::StandardInput | Log::NotGiven => diagnose(io::stdin().lock(), "-"),
    });
    let format = format(plan);
    let diagnosis = tokio::select! {
        read = reading => match read.map_err(|_| anyhow!("the log {} could not be read to its end", one_line(&name)))? {
            Ok(diagnosis) => diagnosis,
            Err(error) => {
                annotate(format, &format!("the log {} cannot be read: {error}", one_line(&name)));
                return Ok(UNUSABLE);
            }
        },
        () = stop => return Ok(UNDETERMINED),
    };
    let is_said = say(&report::render_diagnosis(format, &diagnosis, &style(inputs, plan)));
    sum_up(&inputs.ci_files, plan, &summary::render_diagnosis(&diagnosis));
    let json = || report::render_diagnosis(Format::Json, &diagnosis, &Style::default());
    let has_report = plan.output.report.as_deref().is_none_or(|path| written(path, fs::write(path, json())));
    Ok(if is_said && has_report { 0 } else { UNUSABLE })
}

fn handbook(id: Option<&str>) -> u8 {
    let text = match id {
        Some("auth") => Ok(choice::explained()),
        _ => explain(id),
    };
    match text {
        Ok(text) => shown(&text),
        Err(text) => {
            complain(&text);
            UNUSABLE
        }
    }
}

/// Writes what others read: the report's file, outputs, summary, last words. False where a file that the user asked for
/// could not be written.
fn hand_over(files: &CiFiles, plan: &Plan, learnt: &Report) -> bool {
    let json = || report::render(Format::Json, learnt, &Style::default());
    let has_report = plan.output.report.as_deref().is_none_or(|path| written(path, fs::write(path, json())));
    if let Some(path) = &files.outputs {
        written(path, set_outputs(path, learnt));
    }
    sum_up(files, plan, &summary::render(learnt));
    if let Some(path) = &files.termination {
        written(path, fs::write(path, report::termination_message(learnt)));
    }
    has_report
}

/// Shows Markdown where the CI has a page for it.
fn sum_up(files: &CiFiles, plan: &Plan, summary: &str) {
    if let Some(path) = &files.summary {
        written(path, append(path, summary));
    }
    if let (CiSystem::AzurePipelines, Format::AzurePipelines, Some(folder)) =
        (plan.ci.system, format(plan), &files.agent_folder)
    {
        let path = folder.join(format!("acr-preflight-{}.md", std::process::id()));
        if written(&path, fs::write(&path, summary)) {
            say(&azure_pipelines::upload_summary(&path.to_string_lossy()));
        }
    }
}

fn set_outputs(path: &Path, learnt: &Report) -> Result<()> {
    Ok(append(path, &outputs::github_file(learnt, &delimiter()?)?)?)
}

fn append(path: &Path, text: &str) -> io::Result<()> {
    OpenOptions::new().append(true).create(true).open(path)?.write_all(text.as_bytes())
}

/// Whether a file was written; says why where it was not.
fn written(path: &Path, result: Result<(), impl Into<Error>>) -> bool {
    let Err(error) = result else { return true };
    let error = error.into().context(format!("{} could not be written", one_line(&path.to_string_lossy())));
    complain(&format!("{error:#}"));
    false
}

/// A text that no value of an output can hold by chance or by intent.
fn delimiter() -> Result<String> {
    let mut bytes = [0_u8; 16];
    SystemRandom::new().fill(&mut bytes).map_err(|_| anyhow!("there is no randomness"))?;
    Ok(bytes.iter().fold("ghadelimiter_".to_owned(), |text, byte| format!("{text}{byte:02x}")))
}

fn format(plan: &Plan) -> Format {
    match plan.output.format {
        OutputFormat::Text => Format::Text,
        OutputFormat::GitHub => Format::GitHub,
        OutputFormat::AzurePipelines => Format::AzurePipelines,
        OutputFormat::Json => Format::Json,
        OutputFormat::JUnit => Format::Junit,
        OutputFormat::Sarif => Format::Sarif,
    }
}

fn style(inputs: &Inputs, plan: &Plan) -> Style {
    let is_terminal = io::stdout().is_terminal();
    let columns = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    Style {
        colour: is_terminal && !inputs.screen.plain,
        signs: is_terminal && inputs.screen.utf8,
        width: inputs.screen.columns.or(columns.filter(|_| is_terminal)).unwrap_or(Style::default().width),
        verbosity: match plan.output.detail {
            Detail::Quiet => Verbosity::Quiet,
            Detail::Normal => Verbosity::Normal,
            Detail::Verbose => Verbosity::Verbose,
        },
        workflow: inputs.ci_files.workflow.clone(),
    }
}

/// Whether somebody sits at a terminal and waits for the screen.
fn is_watched(inputs: &Inputs, plan: &Plan) -> bool {
    let has_terminal = io::stdout().is_terminal() && io::stderr().is_terminal();
    let is_screen = format(plan) == Format::Text && plan.output.detail != Detail::Quiet;
    has_terminal && is_screen && !inputs.screen.plain && !inputs.screen.unwatched
}

/// Ends when the run is asked to stop.
async fn stopped() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let (Ok(mut terminate), Ok(mut interrupt)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
        else {
            return std::future::pending().await;
        };
        tokio::select! { _ = terminate.recv() => {}, _ = interrupt.recv() => {} }
    }
    #[cfg(not(unix))]
    {
        let _ = tokio::signal::ctrl_c().await;
    }
}

/// No crash writes the secrets in memory to a disk. What cannot be had is done without: the run itself needs it not.
fn keep_memory_private() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        // Credential helpers inherit this limit.
        let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    }
    #[cfg(target_os = "linux")]
    {
        // A collector that the kernel feeds through a pipe knows no limit; and no other process of this user reads along.
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
}

/// Says where the tool failed and nothing else: what it was doing may hold a secret.
fn own_failure(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(|place| format!(" at {}:{}", place.file(), place.line())).unwrap_or_default();
    let message = format!("acr-preflight failed itself{place}; nothing was determined");
    annotate(surrounding_format(), &message);
    std::process::exit(i32::from(UNDETERMINED));
}

/// The form that the CI around reads, where there is no plan to ask.
fn surrounding_format() -> Format {
    let is = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    match () {
        () if is("GITHUB_ACTIONS") => Format::GitHub,
        () if is("TF_BUILD") => Format::AzurePipelines,
        () => Format::Text,
    }
}

/// Says that there is no report, and why, where the CI shows it.
fn annotate(format: Format, message: &str) {
    let title = ("title", "acr-preflight".to_owned());
    match format {
        Format::GitHub => {
            say(&github::command::command("error", &[title], message));
        }
        Format::AzurePipelines => {
            say(&azure_pipelines::command::command("task.logissue", &[("type", "error".to_owned())], message));
        }
        Format::Text | Format::Json | Format::Junit | Format::Sarif => complain(message),
    }
}

/// Shows a text that was asked for, which is all there is to do.
fn shown(text: &str) -> u8 {
    if say(text) { 0 } else { UNUSABLE }
}

/// Writes to standard output; false where it takes no more, such as a file on a full disk. A reader that went away is no
/// failure.
fn say(text: &str) -> bool {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            complain(&format!("standard output could not be written: {error}"));
            false
        }
        _ => true,
    }
}

/// Writes to standard error, where CI systems look for nothing but trouble.
fn complain(text: &str) {
    let _ = writeln!(io::stderr().lock(), "acr-preflight: {}", text.trim_end());
}
