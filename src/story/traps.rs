//! TOML's own traps, told in the author's words.

use crate::catalogue::Phrase;
use crate::say;

/// What an author is told of a syntax error, in place of or beside what TOML says.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Trap {
    /// Says it better than TOML does.
    pub message: Option<Phrase>,
    /// What to say of the place where reading stopped.
    pub label: Phrase,
    /// The byte where it really went wrong, and what to say of it.
    pub origin: Option<(usize, Phrase)>,
    /// Ways out.
    pub help: Vec<Phrase>,
}

/// What lies behind a syntax error at a byte of a file.
pub fn behind(text: &str, at: usize, message: &str) -> Trap {
    let mut trap = Trap::default();
    let at = (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let end = text[at..].find('\n').map_or(text.len(), |newline| at + newline);
    let line = text[start..end].trim();
    let value = line.split_once('=').map_or("", |(_, value)| value.trim_start());
    if let Some(opened) = unclosed(text, at) {
        trap.message = Some(say!("a text in `'''` is not closed"));
        trap.label = say!("so reading stopped here");
        trap.origin = Some((opened, say!("opened here")));
        trap.help.push(say!("write `'''` on a line of its own where the text ends"));
    } else if value.starts_with('\'') && !value.starts_with("'''") && value.matches('\'').count() > 2 {
        trap.message = Some(say!("an apostrophe ends a text in `'…'`"));
        trap.label = say!("no longer part of the text");
        trap.help.push(say!("write \"…\", or '''…''' for more than a line"));
    } else if value.starts_with('"') && value.matches('"').count() > 2 && message.contains("unexpected") {
        trap.message = Some(say!("a quotation mark ends a text in `\"…\"`"));
        trap.label = say!("no longer part of the text");
        trap.help.push(say!("write '''…''', where quotation marks may stand, or `\\\"` for each of those inside"));
    } else if value.starts_with('"') && !value.starts_with("\"\"\"") && value.matches('"').count() % 2 == 1 {
        trap.help.push(say!(
            "a quotation mark is missing at the end of the text, or too many stand in it: `\\\"` is one inside"
        ));
    }
    if message.contains("duplicate key") {
        trap.help
            .push(say!("a new scene begins with a line of its own, `[[scene]]`; a new choice with `[[scene.choice]]`"));
    }
    let word = |c: char| c.is_alphabetic();
    if value.starts_with(word) && !value.starts_with("true") && !value.starts_with("false") {
        trap.help.push(say!("text stands in quotation marks: \"…\""));
    }
    trap
}

/// The byte at which a `'''` was opened that nothing closes before byte `at`, or before the end.
fn unclosed(text: &str, at: usize) -> Option<usize> {
    let marks: Vec<usize> = text.match_indices("'''").map(|(index, _)| index).collect();
    if marks.len().is_multiple_of(2) {
        return None;
    }
    // The last text that holds what looks like a header or a key is the one.
    let mut candidates = marks.into_iter().filter(|&mark| mark < at.max(1));
    let last = candidates.clone().next_back();
    let swallows = |mark: &usize| {
        let mark = *mark;
        let body = text[mark + 3..].split("'''").next().unwrap_or_default();
        body.lines().skip(1).any(|line| line.starts_with("[[") || line.contains(" = "))
    };
    candidates.rfind(swallows).or(last)
}

/// What TOML says, as translators know it.
pub fn said(message: &str) -> Phrase {
    if let Some((what, expected)) = message.split_once(", expected ") {
        return say!("{what}, expected {expected}", what = said(what), expected = wanted(expected));
    }
    let known = [
        say!("duplicate key"),
        say!("extra `=`"),
        say!("extra comma in array"),
        say!("extra comma in inline table"),
        say!("invalid array"),
        say!("invalid basic string"),
        say!("invalid key-value pair"),
        say!("invalid literal string"),
        say!("invalid mantissa"),
        say!("invalid multi-line basic string"),
        say!("invalid multi-line literal string"),
        say!("invalid unquoted key"),
        say!("key with no value"),
        say!("missing assignment between key-value pairs"),
        say!("missing comma between array elements"),
        say!("missing comma between key-value pairs"),
        say!("missing escaped value"),
        say!("missing value for key"),
        say!("missing value"),
        say!("recursion limit"),
        say!("string values must be quoted"),
        say!("unclosed array table"),
        say!("unclosed array"),
        say!("unclosed inline table"),
        say!("unclosed table"),
        say!("unexpected content"),
        say!("unexpected key or value"),
        say!("unexpected leading zero"),
        say!("unquoted keys cannot be empty"),
    ];
    known.into_iter().find(|phrase| phrase.to_string() == message).unwrap_or_else(|| Phrase::quoted(message))
}

/// What TOML says that it expected: several things, or one; signs are the same in all languages.
fn wanted(expected: &str) -> Phrase {
    if let Some((one, more)) = expected.split_once(", ") {
        return say!("{one}, {more}", one = wanted(one), more = wanted(more));
    }
    let known = [
        say!("basic string"),
        say!("characters"),
        say!("digits"),
        say!("key"),
        say!("letters"),
        say!("literal string"),
        say!("multi-line basic string"),
        say!("non-double-quote visible characters"),
        say!("non-single-quote characters"),
        say!("non-single-quote visible characters"),
        say!("nothing"),
        say!("numbers"),
        say!("printable characters"),
        say!("unicode hexadecimal value"),
        say!("value"),
    ];
    known.into_iter().find(|phrase| phrase.to_string() == expected).unwrap_or_else(|| Phrase::quoted(expected))
}
