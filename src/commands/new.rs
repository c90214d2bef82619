//! `petrograd new`: a small story to begin with.

use std::io::{self, Write};
use std::path::PathBuf;

use super::{CommandError, Outcome};
use crate::author::new::create;
use crate::tr;

/// Begin a story: write a small one that is complete and can be played
#[derive(clap::Args)]
pub struct NewArgs {
    /// The folder to make, or a file that ends in .toml; nothing is overwritten
    path: PathBuf,
    /// Language of what is printed [default: the environment's]
    #[arg(long, value_name = "LANG")]
    lang: Option<String>,
}

/// Runs the command.
///
/// # Errors
///
/// [`CommandError::Usage`] where there is something at the path already, [`CommandError::System`]
/// where it can't be written.
pub fn run(args: &NewArgs, out: &mut dyn Write) -> Outcome {
    let words = super::words(args.lang.as_deref());
    let path = args.path.display();
    let written = create(&args.path).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => {
            CommandError::Usage(tr!(words, "There is something at {path} already; nothing was written.", path = path))
        }
        _ => CommandError::System(path.to_string(), error),
    })?;
    for file in written {
        writeln!(out, "{}", tr!(words, "Wrote {file}.", file = file.display()))?;
    }
    let quoted = if args.path.to_string_lossy().contains(' ') { format!("\"{path}\"") } else { path.to_string() };
    writeln!(out, "\n{}\n    petrograd check {quoted}", tr!(words, "Look for mistakes in it:"))?;
    writeln!(out, "{}\n    petrograd play {quoted}", tr!(words, "Play it:"))?;
    Ok(())
}
