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
}

/// Runs the command.
///
/// # Errors
///
/// [`CommandError::FallsShort`] where the editor left without saying goodbye,
/// [`CommandError::System`] where the connection broke.
pub fn run(_: &LspArgs, out: &mut dyn Write) -> Outcome {
    if serve(&mut io::stdin().lock(), out)? { Ok(()) } else { Err(CommandError::FallsShort) }
}
