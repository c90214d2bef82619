//! `petrograd schema`: what editors want to know of the format.

use std::io::Write;

use super::Outcome;
use crate::author::SCHEMA;

/// Print the JSON Schema of a story's files, for editors
///
/// Editors with Taplo (Even Better TOML) complete and check keys by it: save it beside the story
/// and begin each file with `#:schema petrograd.schema.json`.
#[derive(clap::Args)]
pub struct SchemaArgs {}

/// Runs the command.
///
/// # Errors
///
/// [`super::CommandError::System`] where it can't be written.
pub fn run(_: &SchemaArgs, out: &mut dyn Write) -> Outcome {
    Ok(out.write_all(SCHEMA.as_bytes())?)
}
