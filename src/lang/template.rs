//! Prose with templates, read into pieces of text and tags.
//!
//! White space is settled here: runs of it become one gap, a blank line ends a paragraph, a line
//! `---` ends a screen, and a line that holds nothing but tags is as if it were not there.

use super::code::Gap;
use super::syntax::Place;
use crate::catalogue::Phrase;
use crate::say;

/// One piece of prose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Words, with the white space around them. Runs of blanks inside are single already unless
    /// `ragged`.
    Text {
        /// The words.
        text: &'a str,
        /// Whether they still hold runs of blanks or doubled braces.
        ragged: bool,
    },
    /// White space.
    Gap(Gap),
    /// A tag: what stands between the braces, and where.
    Tag(&'a str, Place),
}

/// What is wrong with a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateError {
    /// Where.
    pub place: Place,
    /// The rule.
    pub message: Phrase,
    /// The way out.
    pub help: Phrase,
}

/// Cuts prose into pieces and hands each to `take`, in order.
///
/// # Errors
///
/// Where a brace has no partner.
pub fn pieces<'a>(text: &'a str, mut take: impl FnMut(Piece<'a>)) -> Result<(), TemplateError> {
    let mut at = 0;
    // A line may end inside a tag, so lines are found while tags are.
    while at < text.len() {
        at = line(text, at, &mut take)?;
    }
    Ok(())
}

/// Takes one line, with the lines that a tag in it goes on over. Returns where the next begins.
fn line<'a>(text: &'a str, start: usize, take: &mut impl FnMut(Piece<'a>)) -> Result<usize, TemplateError> {
    let bytes = text.as_bytes();
    let simple_end = find(bytes, start, |byte| byte == b'\n').unwrap_or(bytes.len());
    let simple = text[start..simple_end].trim();
    match simple {
        "" => {
            take(Piece::Gap(Gap::Paragraph));
            return Ok(simple_end + 1);
        }
        "---" => {
            take(Piece::Gap(Gap::Screen));
            return Ok(simple_end + 1);
        }
        _ => {}
    }
    let (mut at, mut only_tags) = (start, true);
    let mut words = start;
    let mut doubled = false;
    loop {
        let stop = find(bytes, at, |byte| matches!(byte, b'\n' | b'{' | b'}')).unwrap_or(bytes.len());
        only_tags &= is_blank(&bytes[at..stop]);
        at = stop;
        match bytes.get(at) {
            None | Some(b'\n') => break,
            Some(&brace) if bytes.get(at + 1) == Some(&brace) => {
                (doubled, only_tags) = (true, false);
                at += 2;
            }
            Some(b'{') => {
                text_piece(&text[words..at], doubled, take);
                doubled = false;
                let end = find(bytes, at, |byte| byte == b'}').ok_or(TemplateError {
                    place: at..at + 1,
                    message: say!("a `{` has no `}`"),
                    help: say!("to write a brace, double it: `{{`"),
                })?;
                let inner = &text[at + 1..end];
                only_tags &= is_control(inner);
                take(Piece::Tag(inner, at + 1..end));
                at = end + 1;
                words = at;
            }
            Some(_) => {
                return Err(TemplateError {
                    place: at..at + 1,
                    message: say!("a `}` has no `{`"),
                    help: say!("to write a brace, double it: `}}`"),
                });
            }
        }
    }
    text_piece(&text[words..at], doubled, take);
    if !only_tags {
        take(Piece::Gap(Gap::Line));
    }
    Ok(at + 1)
}

fn text_piece<'a>(text: &'a str, doubled: bool, take: &mut impl FnMut(Piece<'a>)) {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        if !text.is_empty() {
            take(Piece::Gap(Gap::Space));
        }
        return;
    }
    if text.starts_with(char::is_whitespace) {
        take(Piece::Gap(Gap::Space));
    }
    take(Piece::Text { text: trimmed, ragged: doubled || is_ragged(trimmed.as_bytes()) });
    if text.ends_with(char::is_whitespace) {
        take(Piece::Gap(Gap::Space));
    }
}

/// Whether there is a run of blanks, or one that is no plain space, to be brought to one.
fn is_ragged(bytes: &[u8]) -> bool {
    let pairs = bytes.iter().zip(&bytes[1.min(bytes.len())..]);
    // Without a way out, which is many bytes at a time: every word of a story comes by.
    pairs.fold(false, |found, (&byte, &next)| {
        found | (byte == b'\t') | (byte == b'\r') | ((byte == b' ') & (next == b' '))
    })
}

fn is_blank(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| matches!(byte, b' ' | b'\t' | b'\r'))
}

/// Whether a tag directs the prose rather than writing a value.
fn is_control(tag: &str) -> bool {
    let word = tag.split_whitespace().next().unwrap_or_default();
    matches!(word, "if" | "elif" | "else" | "end" | "first" | "then" | "cycle" | "or" | "any")
}

/// Where the next byte of some kind stands. Looks at many at a time.
fn find(bytes: &[u8], from: usize, is: impl Fn(u8) -> bool) -> Option<usize> {
    const STRIDE: usize = 32;
    let mut at = from;
    while let Some(chunk) = bytes.get(at..at + STRIDE) {
        if chunk.iter().fold(false, |found, &byte| found | is(byte)) {
            break;
        }
        at += STRIDE;
    }
    bytes[at..].iter().position(|&byte| is(byte)).map(|index| at + index)
}

/// Brings words to single blanks and single braces.
pub fn settle(text: &str, out: &mut String) {
    let mut blank = false;
    let mut brace = None;
    for c in text.chars() {
        if c.is_whitespace() {
            blank = true;
            continue;
        }
        if std::mem::take(&mut blank) {
            out.push(' ');
        }
        // Of a doubled brace the second is left out; braces stand doubled only here.
        if brace.take() == Some(c) {
            continue;
        }
        if matches!(c, '{' | '}') {
            brace = Some(c);
        }
        out.push(c);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> String {
        let mut out = String::new();
        let end = pieces(text, |piece| match piece {
            Piece::Text { text, ragged } => {
                let mut words = String::new();
                settle(text, &mut words);
                assert!(ragged || words == text, "{text:?} needed settling");
                out.push_str(&words);
            }
            Piece::Gap(Gap::Paragraph) => out.push('¶'),
            Piece::Gap(Gap::Screen) => out.push('§'),
            Piece::Gap(Gap::Line) => out.push('/'),
            Piece::Gap(_) => out.push('_'),
            Piece::Tag(tag, _) => out.push_str(&format!("<{tag}>")),
        });
        match end {
            Ok(()) => out,
            Err(error) => error.message.to_string(),
        }
    }

    #[test]
    fn white_space_is_settled() {
        assert_eq!(cut("a  b\nc\n\n d {x} e\n"), "a b/c/¶_d_<x>_e/");
        assert_eq!(cut("a\n---\nb"), "a/§b/");
        assert_eq!(cut("a\n{if x}\n\nb\n{end}\nc"), "a/<if x>¶b/<end>c/");
        assert_eq!(cut("{{if}} }}"), "{if} }/");
    }

    #[test]
    fn braces_need_partners() {
        assert_eq!(cut("a { b"), "a `{` has no `}`");
        assert_eq!(cut("a } b"), "a `}` has no `{`");
    }
}
