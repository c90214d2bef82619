//! `petrograd report`: a saved play held against the record.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use clap::ValueEnum;

use super::{CommandError, Outcome, open};
use crate::catalogue::Catalogue;
use crate::engine::Play;
use crate::report::{html, json, text};
use crate::save::SaveFolder;
use crate::story::Story;

/// Hold a saved play against the record
///
/// A play that is not over is compared as far as it has come.
#[derive(clap::Args)]
pub struct ReportArgs {
    /// The save: a slot's name, or the path of a file
    save: String,
    /// File or folder of the story [default: ./story, else the one built in]
    #[arg(long, value_name = "STORY")]
    story: Option<PathBuf>,
    /// How to write it
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// The language, `es` and the like [default: the environment's]
    #[arg(long, value_name = "L")]
    lang: Option<String>,
    /// Write to this file instead
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// To read in a terminal
    Text,
    /// One page with its pictures inside, to read on a telephone or to print
    Html,
    /// For programs
    Json,
}

/// Runs the command.
///
/// # Errors
///
/// [`CommandError::FallsShort`] where the story has mistakes, [`CommandError::Said`] where the
/// save can't be loaded, [`CommandError::System`] where the file can't be written.
pub fn run(args: &ReportArgs, out: &mut dyn Write) -> Outcome {
    let words = super::words(args.lang.as_deref());
    let story = open(args.story.as_deref(), words.asked(), &words)?;
    let (folder, slot) = SaveFolder::of(&args.save);
    let loaded = folder.load(&story, &slot).map_err(|error| CommandError::Said(error.describe(&words)))?;
    for note in loaded.notes(&words) {
        eprintln!("petrograd: {note}");
    }
    let report = write(&story, &loaded.play, &words, args.format)?;
    match &args.output {
        Some(path) => fs::write(path, report).map_err(|error| CommandError::System(path.display().to_string(), error)),
        None => Ok(out.write_all(report.as_bytes())?),
    }
}

fn write(story: &Story, play: &Play, words: &Catalogue, format: Format) -> Result<String, CommandError> {
    Ok(match format {
        Format::Text => text(story, play, words, super::width()),
        Format::Html => html(story, play, words),
        Format::Json => serde_json::to_string(&json(story, play)).map_err(std::io::Error::from)? + "\n",
    })
}
