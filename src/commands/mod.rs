//! The commands: each opens, calls the library and prints. What goes wrong is sorted here, by
//! whose fault it is.

use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::story::Story;

mod check;
mod export;
#[cfg(feature = "host")]
mod host;
mod lsp;
mod new;
mod play;
mod prove;
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
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
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

/// Opens a story for playing: the file or folder named, else `./story` if that is a story, else
/// the one built in. Prints its diagnostics where it can't be played.
///
/// # Errors
///
/// [`CommandError::FallsShort`] where it has errors, after printing them to stderr.
pub fn open(path: Option<&Path>, language: Option<&str>) -> Result<Story, CommandError> {
    let (sources, loaded) = crate::story::open(path, language);
    match loaded.story {
        Some(story) => Ok(story),
        None => {
            let width = 100;
            eprint!("{}", crate::diagnostic::render::human(&sources, &loaded.diagnostics, width, false));
            Err(CommandError::FallsShort)
        }
    }
}
