//! `petrograd export`: a whole story in one piece.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::ValueEnum;

use super::{CommandError, Outcome};
use crate::author::export::{one_file, page, script};
use crate::diagnostic::render::human;
use crate::story;

/// Write a whole story in one piece
#[derive(clap::Args)]
pub struct ExportArgs {
    /// File or folder of the story [default: ./story, else the one built in]
    story: Option<PathBuf>,
    /// As what
    #[arg(long, value_enum)]
    format: Format,
    /// Language of what is printed [default: the environment's]
    #[arg(long, value_name = "LANG")]
    lang: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One file that loads equally
    Toml,
    /// A script to read: scenes, choices, guards, sources
    Markdown,
    /// The script as one web page
    Html,
}

/// Runs the command.
///
/// # Errors
///
/// [`CommandError::FallsShort`] where the story has mistakes, after printing them to stderr.
pub fn run(args: &ExportArgs, out: &mut dyn Write) -> Outcome {
    let words = super::words(args.lang.as_deref());
    let (sources, loaded) = story::open(args.story.as_deref(), None);
    let Some(story) = loaded.story else {
        eprint!("{}", human(&sources, &loaded.diagnostics, &words, 100, false));
        return Err(CommandError::FallsShort);
    };
    let unread = |error: String| CommandError::System(String::new(), io::Error::other(error));
    let whole = one_file(&sources).map_err(|error| unread(error.to_string()))?;
    if args.format == Format::Toml {
        return Ok(out.write_all(whole.as_bytes())?);
    }
    let script = script(&whole, &words).map_err(|error| unread(error.to_string()))?;
    let text = match args.format {
        Format::Html => page(&story.manifest.title, &story.manifest.language, &script),
        Format::Toml | Format::Markdown => script,
    };
    Ok(out.write_all(text.as_bytes())?)
}
