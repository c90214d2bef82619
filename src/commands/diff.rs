//! `petrograd diff`: two versions of a story.

use std::io::Write;
use std::path::PathBuf;

use super::{CommandError, Outcome, open};
use crate::author::diff::{Asked, diff, text};
use crate::tr;

/// Compare two versions of a story: ends gained and lost, chances that moved, saves that no longer load
///
/// Exits with 0 whatever is different.
#[derive(clap::Args)]
pub struct DiffArgs {
    /// File or folder of the old version
    old: PathBuf,
    /// File or folder of the new version
    new: PathBuf,
    /// Random plays of each role; of saves at most 400 are tried
    #[arg(long, value_name = "N", default_value_t = 2000)]
    plays: u32,
    /// What the plays follow from: the same seed, the same plays
    #[arg(long, value_name = "S", default_value_t = 1917)]
    seed: u64,
    /// States of each role at most that are gone through for exact chances; 0 counts random plays
    #[arg(long, value_name = "N", default_value_t = 300_000)]
    max_states: usize,
    /// The language, `es` and the like [default: the environment's]
    #[arg(long, value_name = "LANG")]
    lang: Option<String>,
}

/// Runs the command.
///
/// # Errors
///
/// [`CommandError::FallsShort`] where a version has mistakes, [`CommandError::Usage`] where there
/// is nothing of a name.
pub fn run(args: &DiffArgs, out: &mut dyn Write) -> Outcome {
    let words = super::words(args.lang.as_deref());
    if let Some(path) = [&args.old, &args.new].into_iter().find(|path| !path.exists()) {
        return Err(CommandError::Usage(tr!(words, "there is no file or folder `{path}`", path = path.display())));
    }
    let (old, new) = (open(Some(&args.old), words.asked(), &words)?, open(Some(&args.new), words.asked(), &words)?);
    let asked = Asked { plays: args.plays, seed: args.seed, max_states: args.max_states };
    let found = diff(&old, &new, &asked);
    Ok(out.write_all(text(&old, &new, &found, args.plays, &words).as_bytes())?)
}
