//! Several files in one input, and the picks of a play after them.

use std::borrow::Cow;

use petrograd::story::{Source, Sources};

/// Ends a file; no story holds it by chance.
const NEXT_FILE: char = '\u{1c}';

/// Ends the files: never a byte of UTF-8.
const PICKS: u8 = 0xff;

/// An input taken apart.
pub struct Input {
    /// The files.
    pub sources: Sources,
    /// What decides which choices are taken.
    pub picks: Vec<u8>,
}

/// Takes an input apart: files, divided by the byte 1c, then the byte ff and picks. A file with a
/// `msgid` is a Spanish translation.
pub fn unpack(bytes: &[u8]) -> Input {
    let end = bytes.iter().position(|byte| *byte == PICKS).unwrap_or(bytes.len());
    let text = String::from_utf8_lossy(&bytes[..end]);
    let source = |(index, text): (usize, &str)| {
        let is_translation = text.lines().any(|line| line.starts_with("msgid "));
        let name = if is_translation { "lang/es.po".to_owned() } else { format!("{index:02}.toml") };
        Source { name, text: Cow::Owned(text.to_owned()) }
    };
    let files = text.split(NEXT_FILE).enumerate().map(source).collect();
    Input { sources: Sources { files }, picks: bytes.get(end + 1..).unwrap_or_default().to_vec() }
}
