//! `petrograd lsp`: a language server for editors.

use std::io::{self, Write};

use super::{CommandError, Outcome};
use crate::author::lsp::serve;

/// Serve an editor over standard input and output, by the language server protocol
#[derive(clap::Args)]
pub struct LspArgs {
    /// What is done anyway; editors say it
    #[arg(long, hide = true)]
    stdio: bool,
    /// Language of what is printed [default: the environment's]
    #[arg(long, value_name = "LANG")]
    lang: Option<String>,
}

/// Runs the command.
///
/// # Errors
///
/// [`CommandError::FallsShort`] where the editor left without saying goodbye,
/// [`CommandError::System`] where the connection broke.
pub fn run(args: &LspArgs, out: &mut dyn Write) -> Outcome {
    let words = super::words(args.lang.as_deref());
    if serve(words, &mut io::stdin().lock(), out)? { Ok(()) } else { Err(CommandError::FallsShort) }
}
