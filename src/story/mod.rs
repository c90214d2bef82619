//! A story: read from files, linked, and as it is played.

pub mod layout; // where each thing lies in a state
pub mod model; // a story as it is played
mod source; // its files

use std::path::Path;

pub use self::model::Story;
pub use self::source::{Source, Sources};
use crate::diagnostic::Diagnostic;

/// What loading found.
#[derive(Debug)]
pub struct Loaded {
    /// The story, where nothing is wrong with it.
    pub story: Option<Story>,
    /// All findings, by file and place.
    pub diagnostics: Vec<Diagnostic>,
}

/// Loads a story from its files, its prose in `language` where a translation to it is there, else
/// as written.
pub fn load(sources: &Sources, language: Option<&str>) -> Loaded {
    let _ = (sources, language);
    Loaded { story: None, diagnostics: Vec::new() }
}

/// Reads and loads a story: the file or folder named, else `./story` if that is a story, else the
/// one built in.
pub fn open(path: Option<&Path>, language: Option<&str>) -> (Sources, Loaded) {
    let (sources, mut unread) = path.map_or_else(Default::default, Sources::read);
    let mut loaded = load(&sources, language);
    unread.append(&mut loaded.diagnostics);
    loaded.diagnostics = unread;
    (sources, loaded)
}
