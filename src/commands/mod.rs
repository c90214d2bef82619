//! The commands: each opens, calls the library and prints. What goes wrong is sorted here, by
//! whose fault it is.

use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use crate::catalogue::Catalogue;
use crate::diagnostic::Diagnostic;
use crate::story::{Sources, Story};

mod check;
mod diff;
mod export;
mod graph;
mod help; // what clap says, in any language
#[cfg(feature = "host")]
mod host;
mod lsp;
mod new;
mod play;
mod prove;
mod refusal; // what is wrong with a command line
mod report;
mod sample;
mod schema;
mod translate;

/// Interactive fiction that is held against history
#[derive(Parser)]
#[command(name = "petrograd", version, args_conflicts_with_subcommands = true)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    play: play::PlayArgs,
}

#[derive(Subcommand)]
enum Command {
    Play(play::PlayArgs),
    Check(check::CheckArgs),
    Prove(prove::ProveArgs),
    Sample(sample::SampleArgs),
    Report(report::ReportArgs),
    Graph(graph::GraphArgs),
    Diff(diff::DiffArgs),
    New(new::NewArgs),
    Schema(schema::SchemaArgs),
    Translate(translate::TranslateArgs),
    Lsp(lsp::LspArgs),
    Export(export::ExportArgs),
    #[cfg(feature = "host")]
    Host(host::HostArgs),
}

/// Why a command came to nothing, by whose fault it is.
#[derive(Debug)]
pub enum CommandError {
    /// The story or the play falls short; what there is to say has been said. Exits with 1.
    FallsShort,
    /// As [`CommandError::FallsShort`], with something to say.
    Said(String),
    /// The command line asks for what there is not. Exits with 2.
    Usage(String),
    /// The play could not be kept, which has been said. Exits with 3.
    Unsaved,
    /// The system failed. Exits with 3.
    System(String, io::Error),
}

impl From<io::Error> for CommandError {
    fn from(error: io::Error) -> CommandError {
        CommandError::System(String::new(), error)
    }
}

/// What a command returns: whether the exit code is 0.
pub type Outcome = Result<(), CommandError>;

/// Runs the program: reads the command line, does what it says, returns the exit code of
/// `DESIGN.md`: 0 all well, 1 the story or the play falls short, 2 the command line was wrong, 3
/// the system failed.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let words = words(asked(&arguments).as_deref());
    let command = help::speaking(Arguments::command(), &words);
    let matches = command.clone().try_get_matches_from(language_last(arguments, &command));
    let arguments = match matches.and_then(|mut matches| Arguments::from_arg_matches_mut(&mut matches)) {
        Ok(arguments) => arguments,
        Err(error) if error.use_stderr() => {
            eprint!("{}", refusal::refusal(&error, &words));
            return ExitCode::from(2);
        }
        Err(help) => {
            let _ = help.print();
            return ExitCode::SUCCESS;
        }
    };
    let out = &mut io::stdout();
    let outcome = match arguments.command {
        None => play::run(&arguments.play, out),
        Some(Command::Play(args)) => play::run(&args, out),
        Some(Command::Check(args)) => check::run(&args, out),
        Some(Command::Prove(args)) => prove::run(&args, out),
        Some(Command::Sample(args)) => sample::run(&args, out),
        Some(Command::Report(args)) => report::run(&args, out),
        Some(Command::Graph(args)) => graph::run(&args, out),
        Some(Command::Diff(args)) => diff::run(&args, out),
        Some(Command::New(args)) => new::run(&args, out),
        Some(Command::Schema(args)) => schema::run(&args, out),
        Some(Command::Translate(args)) => translate::run(&args, out),
        Some(Command::Lsp(args)) => lsp::run(&args, out),
        Some(Command::Export(args)) => export::run(&args, out),
        #[cfg(feature = "host")]
        Some(Command::Host(args)) => host::run(&args, out),
    };
    exit_code(outcome)
}

/// The language that a command line asks for, looked for before it is read: help and complaints
/// are in that language, too. What `translate` names is not the reader's.
fn asked(arguments: &[OsString]) -> Option<String> {
    let mut words = arguments.iter().skip(1).map(|argument| argument.to_string_lossy());
    let mut asked = None;
    while let Some(word) = words.next() {
        match word.split_once('=') {
            _ if word == "translate" || word == "--" => return asked.filter(|_| word == "--"),
            Some(("--lang", lang)) => asked = Some(lang.to_owned()),
            None if word == "--lang" => asked = words.next().map(|lang| lang.into_owned()),
            _ => {}
        }
    }
    asked
}

/// `petrograd --lang es check` as `petrograd check --lang es`: what is asked of the whole program may
/// stand before the command.
fn language_last(mut arguments: Vec<OsString>, command: &clap::Command) -> Vec<OsString> {
    let first = arguments.get(1).map_or("".into(), |first| first.to_string_lossy());
    let count = if first == "--lang" { 2 } else { usize::from(first.starts_with("--lang=")) };
    let names_command = |name: &OsString| {
        let found = command.get_subcommands().find(|sub| sub.get_name() == name);
        found.is_some_and(|sub| sub.get_arguments().any(|arg| arg.get_id() == "lang") && sub.get_name() != "translate")
    };
    if count > 0 && arguments.get(count + 1).is_some_and(names_command) {
        arguments[1..count + 2].rotate_right(1);
    }
    arguments
}

/// Everything that the command line's help says, in English: for the test that looks whether it is
/// translated.
pub fn help_messages() -> Vec<String> {
    let mut command = Arguments::command();
    command.build();
    help::messages(&command)
}

fn exit_code(outcome: Outcome) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(CommandError::FallsShort) => ExitCode::from(1),
        Err(CommandError::Unsaved) => ExitCode::from(3),
        Err(CommandError::Said(text)) => {
            eprintln!("petrograd: {text}");
            ExitCode::from(1)
        }
        Err(CommandError::Usage(text)) => {
            eprintln!("petrograd: {text}");
            ExitCode::from(2)
        }
        // Whoever read us has read enough: not an error.
        Err(CommandError::System(_, error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(CommandError::System(text, error)) => {
            eprintln!("petrograd: {text}{}{error}", if text.is_empty() { "" } else { ": " });
            ExitCode::from(3)
        }
    }
}

/// The language to speak: that of `--lang`, else as the environment says.
pub fn words(lang: Option<&str>) -> Catalogue {
    Catalogue::negotiate(lang, |name| std::env::var(name).ok())
}

/// The window's width, or one that every page has.
fn width() -> usize {
    terminal_size::terminal_size().map_or(80, |(width, _)| usize::from(width.0))
}

/// Opens a story for playing: the file or folder named, else `./story` if that is a story, else
/// the one built in. Prints its diagnostics where it can't be played.
///
/// # Errors
///
/// [`CommandError::FallsShort`] where it has errors, after printing them to stderr.
pub fn open(path: Option<&Path>, language: Option<&str>, words: &Catalogue) -> Result<Story, CommandError> {
    let (sources, loaded) = crate::story::open(path, language);
    match loaded.story {
        Some(story) => Ok(story),
        None => Err(unsound(&sources, &loaded.diagnostics, words)),
    }
}

/// Says why a story can't be played.
fn unsound(sources: &Sources, diagnostics: &[Diagnostic], words: &Catalogue) -> CommandError {
    let width = 100;
    eprint!("{}", crate::diagnostic::render::human(sources, diagnostics, words, width, false));
    CommandError::FallsShort
}
