//! What is wrong with a story, said so that its author can mend it.
//!
//! The rule is in the message, the place in the label, the way out in the help. A diagnostic is
//! made where the fault is found and gathered by whoever loads; writing it out is [`render`]'s.

use crate::catalogue::Phrase;
use crate::say;

mod code; // the names of the faults, and their pages
mod findings; // what was found so far
pub mod render; // for people, as JSON, as SARIF

pub use self::code::{Code, Severity};
pub use self::findings::Findings;

/// A file of a story, by its place in [`Sources`](crate::story::Sources).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct FileId(pub u32);

/// A stretch of bytes of one file, end excluded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

impl Span {
    /// A span of `file` from byte `start` to byte `end`.
    pub fn new(file: FileId, start: usize, end: usize) -> Span {
        Span { file, start: start as u32, end: end as u32 }
    }
}

/// A place, and what is to be said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What stands there, in a few words; may be empty.
    pub text: Phrase,
}

/// One finding about a story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Which rule.
    pub code: Code,
    /// The rule, and how it was broken.
    pub message: Phrase,
    /// The places, the one it is about first. Empty where no file is at fault.
    pub labels: Vec<Label>,
    /// Ways out.
    pub help: Vec<Phrase>,
}

impl Diagnostic {
    /// A finding of this code with this message, at no place yet.
    pub fn new(code: Code, message: Phrase) -> Diagnostic {
        Diagnostic { code, message, labels: Vec::new(), help: Vec::new() }
    }

    /// Adds a place.
    #[must_use]
    pub fn label(mut self, span: Span, text: Phrase) -> Diagnostic {
        self.labels.push(Label { span, text });
        self
    }

    /// Adds a way out.
    #[must_use]
    pub fn help(mut self, text: Phrase) -> Diagnostic {
        self.help.push(text);
        self
    }

    /// Adds "did you mean" where a near name was found.
    #[must_use]
    pub fn suggest(self, near: Option<&str>) -> Diagnostic {
        match near {
            Some(near) => self.help(say!("did you mean `{near}`?", near = near)),
            None => self,
        }
    }

    /// Whether it stops the story from being played, or is only worth knowing.
    pub fn severity(&self) -> Severity {
        self.code.severity()
    }
}
