//! `petrograd play`.

use std::io;
use std::path::PathBuf;

use super::Outcome;

/// …
#[derive(clap::Args)]
pub struct PlayArgs {
    /// File or folder of the story [default: ./story, else the one built in]
    story: Option<PathBuf>,
}

pub fn run(args: &PlayArgs, out: &mut dyn io::Write) -> Outcome {
    let _ = (&args.story, out);
    Ok(())
}
