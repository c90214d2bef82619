//! Diagnostics written out: for people, as JSON, as SARIF.
//!
//! All three are functions of their arguments alone: the same findings give the same text.

mod human; // with the text underlined
mod json; // for programs
mod place; // from bytes to lines and columns
mod sarif; // for code hosts

pub(crate) use self::sarif::encoded;
pub use self::{human::human, json::json, place::Places, sarif::sarif};

use super::{Diagnostic, Severity};

/// How many findings are of this severity.
pub fn count(diagnostics: &[Diagnostic], severity: Severity) -> usize {
    diagnostics.iter().filter(|found| found.severity() == severity).count()
}
