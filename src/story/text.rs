//! Strings of a story's files, and where each of their bytes stands.

use std::ops::Range;

use crate::diagnostic::{FileId, Span};

/// A string as TOML gives it, and its place in the file.
#[derive(Clone, Copy, Debug, Default)]
pub struct Text<'a> {
    /// What it says.
    pub value: &'a str,
    /// Where it stands, quotation marks included.
    pub span: Span,
    /// Whether it stands in a PO file, which has its own way of writing strings.
    translated: bool,
}

impl<'a> Text<'a> {
    /// A string at a place.
    pub fn new(value: &'a str, file: FileId, range: Range<usize>) -> Text<'a> {
        Text { value, span: Span::new(file, range.start, range.end), translated: false }
    }

    /// A string of a PO file.
    pub fn translated(value: &'a str, file: FileId, range: Range<usize>) -> Text<'a> {
        Text { translated: true, ..Text::new(value, file, range) }
    }

    /// Where some bytes of the string stand in the file, whose whole text is given.
    pub fn part(&self, file: &str, part: Range<usize>) -> Span {
        let start = self.span.start as usize;
        if self.translated {
            let whole = start..self.span.end as usize;
            let at = |offset| crate::catalogue::po::locate(file, whole.clone(), offset);
            return Span::new(self.span.file, at(part.start), at(part.end).max(at(part.start)));
        }
        let Some(raw) = file.get(start..self.span.end as usize) else { return self.span };
        let at = |offset| start + position(raw, self.value, offset);
        let (from, to) = (at(part.start), at(part.end));
        Span::new(self.span.file, from, to.max(from))
    }
}

/// Where byte `offset` of a string stands in how it was written, quotation marks included.
fn position(raw: &str, value: &str, offset: usize) -> usize {
    let marks = ["'''", "\"\"\"", "'", "\""].into_iter().find(|marks| raw.starts_with(marks)).unwrap_or_default();
    let mut at = marks.len();
    if marks.len() == 3 {
        // A line end right after the opening marks is no part of the string.
        at += raw[at..].starts_with("\r\n").then_some(2).or(raw[at..].starts_with('\n').then_some(1)).unwrap_or(0);
    }
    if raw[at..].starts_with(value) {
        return at + offset;
    }
    let mut rest = raw[at..].char_indices().peekable();
    for (index, c) in value.char_indices() {
        let Some(&(here, found)) = rest.peek() else { break };
        if index >= offset {
            return at + here;
        }
        if found == '\\' {
            skip_escape(&mut rest, c);
        } else if found == '\r' && c == '\n' {
            rest.next();
            rest.next();
        } else {
            rest.next();
        }
    }
    at + rest.peek().map_or(raw.len() - at, |&(here, _)| here)
}

fn skip_escape(rest: &mut std::iter::Peekable<std::str::CharIndices<'_>>, _meant: char) {
    rest.next();
    let digits = match rest.next() {
        Some((_, 'u')) => 4,
        Some((_, 'U')) => 8,
        Some((_, 'x')) => 2,
        Some((_, c)) if c.is_whitespace() => {
            // A line that goes on: the white space up to the next word is no part of the string.
            while rest.next_if(|(_, c)| c.is_whitespace()).is_some() {}
            rest.next();
            0
        }
        _ => 0,
    };
    for _ in 0..digits {
        rest.next();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown<'a>(raw: &'a str, value: &str, part: &str) -> &'a str {
        let text = Text::new(value, FileId(0), 0..raw.len());
        let start = value.find(part).expect("the part is in the value");
        let span = text.part(raw, start..start + part.len());
        &raw[span.start as usize..span.end as usize]
    }

    #[test]
    fn parts_are_found_where_they_were_written() {
        assert_eq!(shown("'''\nhe {if hungr}'''", "he {if hungr}", "hungr"), "hungr");
        assert_eq!(shown(r#""a\tb \u00e9 hungr""#, "a\tb é hungr", "hungr"), "hungr");
        assert_eq!(shown("\"\"\"\r\na\r\nhungr\"\"\"", "a\nhungr", "hungr"), "hungr");
        assert_eq!(shown("'hungr'", "hungr", "hungr"), "hungr");
    }
}
