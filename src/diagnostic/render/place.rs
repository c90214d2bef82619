//! From bytes of a file to lines and columns.

use std::collections::BTreeMap;

use crate::diagnostic::{FileId, Span};
use crate::story::Sources;

/// A place in a file as people count: both from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The character in it.
    pub column: usize,
}

/// Where the lines of the files begin. A file is looked through once, however much is found in it.
pub struct Places<'a> {
    sources: &'a Sources,
    starts: BTreeMap<FileId, Vec<usize>>,
}

impl<'a> Places<'a> {
    /// The places of a story's files.
    pub fn of(sources: &'a Sources) -> Places<'a> {
        Places { sources, starts: BTreeMap::new() }
    }

    /// The text of a file.
    pub fn text(&self, file: FileId) -> &'a str {
        &self.sources.file(file).text
    }

    /// The name of a file.
    pub fn name(&self, file: FileId) -> &'a str {
        &self.sources.file(file).name
    }

    /// Where a span begins and where it ends, the end excluded.
    pub fn bounds(&mut self, span: Span) -> (Position, Position) {
        let (start, end) = self.bytes(span);
        (self.position(span.file, start), self.position(span.file, end))
    }

    /// A span's bytes, brought within the file and to the borders of characters.
    pub fn bytes(&self, span: Span) -> (usize, usize) {
        let text = self.text(span.file);
        let start = border(text, span.start as usize);
        (start, border(text, span.end as usize).max(start))
    }

    /// Which line a byte lies in, from 0.
    pub fn line_of(&mut self, file: FileId, byte: usize) -> usize {
        self.starts(file).partition_point(|&start| start <= byte) - 1
    }

    /// The bytes from the beginning of one line to the end of another, both from 0.
    pub fn lines(&mut self, file: FileId, first: usize, last: usize) -> (usize, usize) {
        let len = self.text(file).len();
        let starts = self.starts(file);
        (starts[first.min(starts.len() - 1)], starts.get(last + 1).copied().unwrap_or(len))
    }

    fn position(&mut self, file: FileId, byte: usize) -> Position {
        let line = self.line_of(file, byte);
        let start = self.starts(file)[line];
        Position { line: line + 1, column: self.text(file)[start..byte].chars().count() + 1 }
    }

    fn starts(&mut self, file: FileId) -> &[usize] {
        let text = self.text(file);
        self.starts.entry(file).or_insert_with(|| {
            let after_breaks = text.bytes().enumerate().filter(|&(_, byte)| byte == b'\n').map(|(at, _)| at + 1);
            std::iter::once(0).chain(after_breaks).collect()
        })
    }
}

/// The nearest border between characters at or before a byte.
fn border(text: &str, byte: usize) -> usize {
    let byte = byte.min(text.len());
    (0..=byte).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, start: usize, end: usize) -> [usize; 4] {
        let sources = Sources::single("a.toml", text);
        let (start, end) = Places::of(&sources).bounds(Span::new(FileId(0), start, end));
        [start.line, start.column, end.line, end.column]
    }

    #[test]
    fn columns_count_characters() {
        assert_eq!(at("a = 1\nñandú = 2\n", 6, 13), [2, 1, 2, 6]);
        assert_eq!(at("a = 1\nñandú = 2\n", 16, 17), [2, 9, 2, 10]);
    }

    #[test]
    fn spans_are_brought_within_the_file() {
        assert_eq!(at("", 0, 9), [1, 1, 1, 1]);
        assert_eq!(at("ab\n", 3, 3), [2, 1, 2, 1]);
        assert_eq!(at("é", 1, 9), [1, 1, 1, 2]);
        assert_eq!(at("abc", 2, 1), [1, 3, 1, 3]);
    }
}
