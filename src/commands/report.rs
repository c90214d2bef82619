//! `petrograd report`.

use std::io;
use std::path::PathBuf;

use super::Outcome;

/// …
#[derive(clap::Args)]
pub struct ReportArgs {
    /// File or folder of the story [default: ./story, else the one built in]
    story: Option<PathBuf>,
}

pub fn run(args: &ReportArgs, out: &mut dyn io::Write) -> Outcome {
    let _ = (&args.story, out);
    Ok(())
}
