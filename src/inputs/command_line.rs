//! The command line, built from the table of inputs.

use super::table::{INPUTS, Input};
use clap::builder::ValueParser;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, ArgMatches, Command as CommandLine};
use indoc::indoc;
use std::collections::BTreeMap;
use std::ffi::OsString;

/// What the command line asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Task {
    /// Verify before the build.
    Check,
    /// Name the failures in a log.
    Diagnose(Log),
    /// The handbook: one failure, or the list of all.
    Explain(Option<String>),
}

/// The log of a build that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Log {
    /// A file.
    File(String),
    /// What is piped in.
    StandardInput,
    /// Nothing names one. The subcommand reads standard input then; the input `mode` cannot, because an action has none.
    NotGiven,
}

impl Log {
    /// The log that a text names.
    pub(super) fn named(text: &str) -> Self {
        if text == "-" { Self::StandardInput } else { Self::File(text.to_owned()) }
    }
}

/// A command line as it was understood.
#[derive(Debug, Clone, Default)]
pub struct Words {
    /// The subcommand; none where nothing was said.
    pub task: Option<Task>,
    /// Options by the input's name.
    pub options: BTreeMap<&'static str, String>,
}

/// Why a command line leads to no run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Instead {
    /// The help or the version was asked for.
    Show(String),
    /// It was not understood.
    Misuse(String),
}

/// Parses the arguments, the program's name first.
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Words, Instead> {
    let matches = command_line().try_get_matches_from(arguments).map_err(|error| instead(&error))?;
    let mut options = options_of(&matches);
    let task = match matches.subcommand() {
        Some(("diagnose", given)) => {
            options.extend(options_of(given));
            let file = given.get_one::<String>("FILE");
            Some(Task::Diagnose(file.map_or(Log::NotGiven, |file| Log::named(file))))
        }
        Some(("explain", given)) => Some(Task::Explain(given.get_one::<String>("ID").cloned())),
        Some((_, given)) => {
            options.extend(options_of(given));
            Some(Task::Check)
        }
        None => None,
    };
    match swallowed_option(&options) {
        Some(name) => Err(Instead::Misuse(format!("a value is required for '--{name}' but none was given"))),
        None => Ok(Words { task, options }),
    }
}

/// The whole command line.
pub fn command_line() -> CommandLine {
    let check = CommandLine::new("check")
        .about("Verify before the build: sign-in, permissions, expiry (the default)")
        .after_help(EXAMPLES)
        .args(INPUTS.iter().map(|input| option(input)));
    let shared = ["format", "report", "verbose", "quiet"];
    let diagnose = CommandLine::new("diagnose")
        .about("Name the documented failures in the log of a build that already failed")
        .arg(Arg::new("FILE").help("The log; - or nothing for standard input"))
        .args(INPUTS.iter().filter(|input| shared.contains(&input.name)).map(|input| option(input)));
    let explain = CommandLine::new("explain").about("Explain one failure, or list all that can be named").arg(
        Arg::new("ID").help("An id such as secret-expired, a code such as AADSTS7000222 or CONNECTIVITY_DNS_ERROR, or auth: how the credential is chosen"),
    );
    let version = Arg::new("version").short('V').long("version").action(ArgAction::Version).help("Print the version");
    let program = CommandLine::new("acr-preflight")
        .version(env!("CARGO_PKG_VERSION"))
        .about(ABOUT)
        .after_help(EXAMPLES)
        .max_term_width(110)
        .disable_help_subcommand(true)
        .disable_version_flag(true)
        .override_usage(USAGE)
        .args(INPUTS.iter().map(|input| option(input)))
        .subcommands([check, diagnose, explain].map(with_help));
    with_help(program).arg(version.help_heading("More"))
}

const ABOUT: &str = "Checks before a build whether its job can sign in to its Azure Container Registry, \
                     pull and push, and for how long its credential lives. It changes nothing.";

const USAGE: &str = "acr-preflight [check] [OPTIONS]\n       \
                     acr-preflight diagnose [FILE|-]\n       \
                     acr-preflight explain [ID]";

const EXAMPLES: &str = indoc! {"
    Each option can also be given as a variable, which keeps secrets off the command line: \
    ACR_PREFLIGHT_CLIENT_SECRET is --client-secret. After these come the variables of the platform, shown as [env: …].

    Examples:
      acr-preflight --registry contosoacr --images team/app
      acr-preflight --registry contosoacr.azurecr.io --role AcrPull --images team/app:1.0 --auth oidc
      acr-preflight --registry contosoacr --auth docker-config --format json --report report.json
      acr-preflight diagnose build.log
      acr-preflight explain AADSTS7000222

    Exit codes:
      0  nothing found
      1  the build will fail
      2  the inputs are unusable
      3  could not be determined
"};

/// The switches that every command has, at the end of its help.
fn with_help(command: CommandLine) -> CommandLine {
    let help = Arg::new("help").short('h').long("help").action(ArgAction::Help).help("Print this help");
    command.disable_help_flag(true).arg(help.help_heading("More"))
}

fn option(input: &'static Input) -> Arg {
    let arg = Arg::new(input.name).long(input.name).help_heading(input.group.heading()).help(help(input));
    let arg = match input.name {
        "verbose" => arg.short('v'),
        "quiet" => arg.short('q').conflicts_with("verbose"),
        _ => arg,
    };
    if input.is_switch() {
        return arg.action(ArgAction::SetTrue);
    }
    let arg = arg.value_name(input.value).value_parser(ValueParser::string());
    // A secret may begin with a dash. A list may come in several options.
    let arg =
        if input.secret || input.value == "PATH" || input.name == "log" { arg.allow_hyphen_values(true) } else { arg };
    if input.value == "LIST" || input.name == "images-from" { arg.action(ArgAction::Append) } else { arg }
}

fn help(input: &Input) -> String {
    let mut help = input.meaning.to_owned();
    if !input.is_switch() && !input.default.is_empty() {
        help.push_str(&format!(" [default: {}]", input.default));
    }
    if !input.variables.is_empty() {
        help.push_str(&format!(" [env: {}]", input.variables.join(", ")));
    }
    help
}

fn options_of(matches: &ArgMatches) -> BTreeMap<&'static str, String> {
    let mut options = BTreeMap::new();
    for input in INPUTS {
        let name = input.name;
        let text = if input.is_switch() {
            let on = matches.try_get_one::<bool>(name).ok().flatten().copied();
            on.filter(|on| *on).map(|_| "true".to_owned())
        } else {
            let given = matches.try_get_many::<String>(name).ok().flatten();
            given.map(|texts| texts.map(String::as_str).collect::<Vec<_>>().join("\n"))
        };
        if let Some(text) = text {
            options.insert(name, text);
        }
    }
    options
}

/// `--client-secret $EMPTY --tenant-id x` reaches the program as `--client-secret --tenant-id x`.
fn swallowed_option(options: &BTreeMap<&'static str, String>) -> Option<&'static str> {
    let is_option =
        |text: &str| text.strip_prefix("--").is_some_and(|name| INPUTS.iter().any(|input| input.name == name));
    options.iter().find(|(_, text)| is_option(text)).map(|(name, _)| *name)
}

/// Says what clap understood without repeating words that may be part of a secret.
fn instead(error: &clap::Error) -> Instead {
    let context = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.clone()),
        Some(ContextValue::Strings(texts)) => texts.first().cloned(),
        _ => None,
    };
    let argument = context(ContextKind::InvalidArg).unwrap_or_default();
    let shown = argument.split(['=', ' ']).next().unwrap_or_default();
    let message = match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => return Instead::Show(error.render().to_string()),
        ErrorKind::UnknownArgument if is_option_name(shown) => match context(ContextKind::SuggestedArg) {
            Some(similar) => format!("there is no option '{shown}'; a similar one is '{similar}'"),
            None => format!("there is no option '{shown}'"),
        },
        ErrorKind::UnknownArgument | ErrorKind::InvalidSubcommand => {
            "an argument is neither an option nor a command; it is not shown, because it may be part of a secret that \
             was not quoted"
                .to_owned()
        }
        ErrorKind::InvalidValue | ErrorKind::WrongNumberOfValues => {
            format!("a value is required for '{shown}' but none was given")
        }
        ErrorKind::ArgumentConflict => match argument.as_str() == context(ContextKind::PriorArg).unwrap_or_default() {
            true => format!("'{shown}' was given twice"),
            false => "'--quiet' and '--verbose' exclude each other".to_owned(),
        },
        kind => kind.as_str().unwrap_or("the command line was not understood").to_owned(),
    };
    Instead::Misuse(message)
}

fn is_option_name(text: &str) -> bool {
    let letters = text.trim_start_matches('-');
    match text.len() - letters.len() {
        1 => letters.len() == 1,
        2 => letters.len() < 40 && letters.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(arguments: &[&str]) -> Result<Words, Instead> {
        parse(["acr-preflight"].iter().chain(arguments).map(OsString::from))
    }

    fn misuse(arguments: &[&str]) -> String {
        match parsed(arguments) {
            Err(Instead::Misuse(message)) => message,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_command_line_is_sound() {
        command_line().debug_assert();
    }

    #[test]
    fn options_stand_before_and_after_the_word_check() {
        let words = parsed(&["--registry", "contosoacr", "check", "--role", "AcrPull"]).unwrap();
        assert_eq!(words.task, Some(Task::Check));
        assert_eq!(words.options["registry"], "contosoacr");
        assert_eq!(words.options["role"], "AcrPull");
        assert_eq!(parsed(&[]).unwrap().task, None);
    }

    #[test]
    fn a_secret_may_begin_with_a_dash() {
        assert_eq!(parsed(&["--client-secret", "-x~8Q"]).unwrap().options["client-secret"], "-x~8Q");
    }

    #[test]
    fn an_option_is_not_taken_for_the_value_of_another() {
        assert_eq!(
            misuse(&["--client-secret", "--tenant-id"]),
            "a value is required for '--client-secret' but none was given"
        );
    }

    #[test]
    fn images_add_up() {
        let words = parsed(&["--images", "a,b", "--images", "c"]).unwrap();
        assert_eq!(words.options["images"], "a,b\nc");
    }

    #[test]
    fn an_unknown_option_is_named_and_its_value_is_not() {
        let message = misuse(&["--pasword=hunter2"]);
        assert!(
            message.contains("--pasword") && message.contains("--password") && !message.contains("hunter2"),
            "{message}"
        );
        for arguments in
            [&["--password", "correct", "hunter2"][..], &["hunter2"], &["-zhunter2"], &["--role", "a", "--hunter2!"]]
        {
            assert!(!misuse(arguments).contains("hunter2"), "{arguments:?}: {}", misuse(arguments));
        }
    }

    #[test]
    fn diagnose_takes_a_file_and_the_form_of_the_output() {
        let words = parsed(&["diagnose", "build.log", "--format", "json"]).unwrap();
        assert_eq!(words.task, Some(Task::Diagnose(Log::File("build.log".to_owned()))));
        assert_eq!(words.options["format"], "json");
        assert_eq!(parsed(&["diagnose", "-"]).unwrap().task, Some(Task::Diagnose(Log::StandardInput)));
        assert!(matches!(parsed(&["diagnose", "--registry", "x"]), Err(Instead::Misuse(_))));
    }
}
