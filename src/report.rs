//! Pure rendering: one file per format; nothing here writes, calls or decides.

mod annotations;
pub mod azure_pipelines;
mod dates;
mod folds;
pub mod github;
mod json;
mod junit;
mod markdown;
mod masks;
pub mod outputs;
mod phrases;
mod sarif;
mod screen;
pub mod summary;
mod termination;
mod text;
mod told;
mod visible;

pub use masks::masks;
pub use termination::termination_message;
pub use visible::one_line;

use crate::finding::{Diagnosis, Report};

/// A form in which a report can be written to standard output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// The screen for people.
    #[default]
    Text,
    /// The screen with GitHub's annotations.
    GitHub,
    /// The screen with Azure Pipelines' logging commands.
    AzurePipelines,
    /// The versioned JSON of the contract.
    Json,
    /// JUnit XML.
    Junit,
    /// SARIF 2.1.0.
    Sarif,
}

impl Format {
    /// Every format with the name that the `format` input gives it; `auto` is none of them, because it depends on the CI.
    pub const NAMES: [(&str, Self); 6] = [
        ("text", Self::Text),
        ("github", Self::GitHub),
        ("azure-pipelines", Self::AzurePipelines),
        ("json", Self::Json),
        ("junit", Self::Junit),
        ("sarif", Self::Sarif),
    ];

    /// The format of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::NAMES.into_iter().find(|(known, _)| *known == name).map(|(_, format)| format)
    }
}

/// How much of a report is shown on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Verbosity {
    /// One line when all is well; otherwise only what is not.
    Quiet,
    /// Every check, every finding.
    #[default]
    Normal,
    /// And the time of each check and the requests made.
    Verbose,
}

/// What the reader's side can show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Style {
    /// ANSI colours; a terminal without `NO_COLOR`.
    pub colour: bool,
    /// Ticks and crosses in place of status words; a terminal that speaks UTF-8.
    pub signs: bool,
    /// Columns.
    pub width: usize,
    /// How much is shown.
    pub verbosity: Verbosity,
    /// The workflow's path in the repository, where SARIF places what it found: code scanning shows nothing that has no
    /// file.
    pub workflow: Option<String>,
}

impl Default for Style {
    /// A log: no colours, no signs, and lines of 100 columns, which CI systems show without scrolling.
    fn default() -> Self {
        Self { colour: false, signs: false, width: 100, verbosity: Verbosity::Normal, workflow: None }
    }
}

/// Renders what a run learnt.
pub fn render(format: Format, report: &Report, style: &Style) -> String {
    match format {
        Format::Text => text::render(report, style),
        Format::GitHub => github::render(report, style),
        Format::AzurePipelines => azure_pipelines::render(report, style),
        Format::Json => json::render(report),
        Format::Junit => junit::render(report),
        Format::Sarif => sarif::render(report, style.workflow.as_deref()),
    }
}

/// Renders what the log of a failed build says.
pub fn render_diagnosis(format: Format, diagnosis: &Diagnosis, style: &Style) -> String {
    match format {
        Format::Text => text::render_diagnosis(diagnosis, style),
        Format::GitHub => github::render_diagnosis(diagnosis, style),
        Format::AzurePipelines => azure_pipelines::render_diagnosis(diagnosis, style),
        Format::Json => json::render_diagnosis(diagnosis),
        Format::Junit => junit::render_diagnosis(diagnosis),
        Format::Sarif => sarif::render_diagnosis(diagnosis),
    }
}
