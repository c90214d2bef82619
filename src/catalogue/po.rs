//! Reads gettext PO files, as msgmerge, Poedit and Weblate write them: for the program's own
//! messages and for stories' translations.
//!
//! Every message knows where it stands in its file, so that a finding about a translation can be
//! shown there. The reader goes over its input once, keeps going after a fault and never panics.

use std::ops::Range;

use super::Phrase;
use crate::say;

/// The greatest number of plural forms that any language has is six.
const MAX_FORMS: usize = 8;

/// Faults that are told of one file; who repairs these finds the rest in the next run.
const MAX_FAULTS: usize = 50;

/// One message and its translation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    /// `msgctxt`: tells messages of the same wording apart.
    pub context: Option<String>,
    /// `msgid`: the original; empty for the header.
    pub id: String,
    /// `msgid_plural`.
    pub id_plural: Option<String>,
    /// `msgstr`, or one for each plural form; empty strings are not translated yet.
    pub text: Vec<String>,
    /// Flagged as in need of another look.
    pub fuzzy: bool,
    /// Kept for translators (`#~`), no longer used.
    pub obsolete: bool,
    /// The line of its first keyword, from 1.
    pub line: u32,
    /// The bytes of the original, from the first quote to the last.
    pub id_span: Range<usize>,
    /// The bytes of the translation, from the first quote to the last.
    pub text_span: Range<usize>,
}

/// A place that can't be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong there.
    pub what: Phrase,
    /// The line, from 1.
    pub line: u32,
    /// The byte of the file, from 0.
    pub offset: usize,
}

/// What stands in a file.
#[derive(Clone, Debug, Default)]
pub struct File {
    /// All messages, the header and the obsolete ones among them, in order.
    pub messages: Vec<Message>,
    /// What could not be read, in order; no message is lost but those that hold a fault.
    pub faults: Vec<Fault>,
}

impl File {
    /// A field of the header: `Language`, `Plural-Forms`.
    pub fn header(&self, name: &str) -> Option<&str> {
        let header = self.messages.iter().find(|message| message.id.is_empty() && message.context.is_none())?;
        let mut fields = header.text.first()?.lines().filter_map(|line| line.split_once(':'));
        fields.find(|(field, _)| field.trim().eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    }
}

/// Reads a file.
pub fn parse(source: &str) -> File {
    let mut reader = Reader::default();
    let mut offset = 0;
    for (index, line) in source.split_inclusive('\n').enumerate() {
        reader.number = u32::try_from(index).unwrap_or(u32::MAX - 1) + 1;
        let marked = offset == 0 && line.starts_with('\u{feff}');
        let text = if marked { &line['\u{feff}'.len_utf8()..] } else { line };
        if let Err(fault) = reader.line(text, offset + line.len() - text.len()) {
            reader.blame(fault, reader.number);
        }
        offset += line.len();
    }
    reader.finish();
    reader.file
}

/// Returns the byte of `source` that holds byte `at` of the text of a span: where a template of a
/// translation stands in its file.
pub fn locate(source: &str, span: Range<usize>, at: usize) -> usize {
    let (mut passed, mut found) = (0, None);
    let mut offset = span.start;
    for line in source.get(span.clone()).unwrap_or_default().split_inclusive('\n') {
        if let Some(quote) = line.find('"') {
            // A span covers strings that were read once; nothing is left to complain of.
            let _ = decode(&line[quote..], offset + quote, &mut |place, char| {
                passed += char.len_utf8();
                if found.is_none() && passed > at {
                    found = Some(place);
                }
            });
        }
        offset += line.len();
    }
    found.unwrap_or_else(|| span.end.saturating_sub(1).max(span.start))
}

/// What the strings that follow belong to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Part {
    #[default]
    Nothing,
    Context,
    Id,
    Plural,
    Text,
    /// Strings of something that can't be read.
    Skipped,
}

/// A fault on the line that is being read.
type Wrong = (Phrase, usize);

#[derive(Default)]
struct Reader {
    file: File,
    message: Message,
    part: Part,
    number: u32,
    /// Whether the message under way holds a fault and won't be kept.
    spoilt: bool,
}

impl Reader {
    fn line(&mut self, line: &str, offset: usize) -> Result<(), Wrong> {
        let text = line.trim();
        let offset = offset + line.find(text).unwrap_or(0);
        match text.strip_prefix('#') {
            Some(comment) => self.comment(comment, offset + 1),
            // Layout says nothing, but after a fault a blank line is where to begin anew.
            None if text.is_empty() => {
                if self.part == Part::Skipped {
                    self.finish();
                }
                Ok(())
            }
            None => self.content(text, offset),
        }
    }

    fn comment(&mut self, comment: &str, offset: usize) -> Result<(), Wrong> {
        if let Some(old) = comment.strip_prefix('~') {
            let text = old.trim_start();
            if text.is_empty() || text.starts_with(['|', '#', ',']) {
                return Ok(());
            }
            let result = self.content(text, offset + comment.len() - text.len());
            self.message.obsolete = true;
            return result;
        }
        // Comments stand before a message, so one after its text begins the next.
        if matches!(self.part, Part::Text | Part::Skipped) {
            self.finish();
        }
        if let Some(flags) = comment.strip_prefix(',') {
            self.message.fuzzy |= flags.split(',').any(|flag| flag.trim() == "fuzzy");
        }
        Ok(())
    }

    /// A keyword with its string, or a string that goes on with the one before.
    fn content(&mut self, text: &str, offset: usize) -> Result<(), Wrong> {
        let quote = text.find('"').ok_or((say!("a keyword and a text in quotes are expected here"), offset))?;
        let keyword = text[..quote].trim_end();
        if !keyword.is_empty() {
            self.keyword(keyword, offset)?;
        } else if self.part == Part::Nothing {
            return Err((say!("a text without its keyword (`msgid`, `msgstr`)"), offset));
        }
        let span = offset + quote..offset + text.len();
        let message = &mut self.message;
        let into = match self.part {
            Part::Context => message.context.get_or_insert_default(),
            Part::Id => {
                extend(&mut message.id_span, span);
                &mut message.id
            }
            Part::Plural => message.id_plural.get_or_insert_default(),
            Part::Text => {
                extend(&mut message.text_span, span);
                match message.text.last_mut() {
                    Some(last) => last,
                    None => return Ok(()),
                }
            }
            Part::Nothing | Part::Skipped => return Ok(()),
        };
        decode(&text[quote..], offset + quote, &mut |_, char| into.push(char))
    }

    fn keyword(&mut self, keyword: &str, offset: usize) -> Result<(), Wrong> {
        let form = keyword.strip_prefix("msgstr[").and_then(|rest| rest.strip_suffix(']'));
        let begins = match keyword {
            "msgctxt" => true,
            "msgid" => self.part != Part::Context,
            _ => false,
        };
        if begins && self.part != Part::Nothing {
            self.finish();
        }
        let before = self.part;
        if self.message.line == 0 {
            self.message.line = self.number;
        }
        let follows =
            |parts: &[Part]| if parts.contains(&before) { Ok(()) } else { Err((say!("out of order here"), offset)) };
        self.part = Part::Skipped;
        self.part = match (keyword, form) {
            ("msgctxt", _) => Part::Context,
            ("msgid", _) => Part::Id,
            ("msgid_plural", _) => {
                follows(&[Part::Id])?;
                Part::Plural
            }
            ("msgstr", _) => {
                follows(&[Part::Id])?;
                self.message.text.push(String::new());
                Part::Text
            }
            (_, Some(form)) => {
                follows(&[Part::Plural, Part::Text])?;
                let next = self.message.text.len();
                if form.parse() != Ok(next) || next >= MAX_FORMS || self.message.id_plural.is_none() {
                    return Err((say!("plural forms are counted from 0, each once"), offset));
                }
                self.message.text.push(String::new());
                Part::Text
            }
            _ => return Err((say!("not a keyword of PO files"), offset)),
        };
        Ok(())
    }

    fn blame(&mut self, (what, offset): Wrong, line: u32) {
        self.spoilt = true;
        if self.part == Part::Nothing {
            self.part = Part::Skipped;
        }
        if self.file.faults.len() < MAX_FAULTS {
            self.file.faults.push(Fault { what, line, offset });
        }
    }

    /// A message is complete.
    fn finish(&mut self) {
        if !self.spoilt && matches!(self.part, Part::Context | Part::Id | Part::Plural) {
            let (offset, line) = (self.message.id_span.start, self.message.line);
            self.blame((say!("a message without `msgstr`"), offset), line);
        }
        let message = std::mem::take(&mut self.message);
        if !std::mem::take(&mut self.spoilt) && self.part == Part::Text {
            self.file.messages.push(message);
        }
        self.part = Part::Nothing;
    }
}

fn extend(span: &mut Range<usize>, by: Range<usize>) {
    *span = if span.start == span.end { by } else { span.start..by.end };
}

/// Reads strings in quotes, telling of each character and the byte at which it stands.
fn decode(text: &str, offset: usize, each: &mut impl FnMut(usize, char)) -> Result<(), Wrong> {
    let mut chars = text.char_indices();
    let mut inside = false;
    while let Some((index, char)) = chars.next() {
        let place = offset + index;
        match char {
            '"' => inside = !inside,
            _ if !inside && char.is_whitespace() => {}
            _ if !inside => return Err((say!("only texts in quotes are expected here"), place)),
            '\\' => {
                each(place, unescape(chars.next().map(|(_, char)| char)).ok_or((say!("an unknown escape"), place))?)
            }
            _ => each(place, char),
        }
    }
    if inside { Err((say!("the closing quote is missing"), offset)) } else { Ok(()) }
}

fn unescape(char: Option<char>) -> Option<char> {
    match char? {
        'n' => Some('\n'),
        't' => Some('\t'),
        'r' => Some('\r'),
        'a' => Some('\u{7}'),
        'b' => Some('\u{8}'),
        'f' => Some('\u{c}'),
        'v' => Some('\u{b}'),
        plain @ ('"' | '\\' | '\'' | '?') => Some(plain),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{File, locate, parse};

    const WRITTEN_BY_TOOLS: &str = include_str!("../../tests/catalogue/tools.po");

    #[test]
    fn files_are_read_as_tools_write_them() {
        let file = parse(WRITTEN_BY_TOOLS);
        assert_eq!(file.faults, []);
        assert_eq!(file.header("language"), Some("es"));
        let [_, scene, turns, gone] = &file.messages[..] else { panic!("{file:?}") };
        assert_eq!(scene.context.as_deref(), Some("queue.text"));
        assert_eq!(scene.id, "Four in the morning.\n\t{if bread < 30}\"no\"{end}");
        assert_eq!((scene.text[0].as_str(), scene.fuzzy, scene.line), ("Las {if bread < 31}cuatro!", true, 11));
        assert_eq!((turns.id_plural.as_deref(), turns.text.len(), turns.fuzzy), (Some("{n} turns"), 2, false));
        assert_eq!((gone.context.as_deref(), &*gone.id, gone.obsolete), (Some("gone"), "Gone", true));
    }

    #[test]
    fn a_place_in_a_text_is_found_in_the_file() {
        let file = parse(WRITTEN_BY_TOOLS);
        let scene = &file.messages[1];
        for (text, span) in [(&scene.id, &scene.id_span), (&scene.text[0], &scene.text_span)] {
            for word in ["bread", "{if", "r"] {
                let at = text.find(word).expect("a word of the text");
                let found = locate(WRITTEN_BY_TOOLS, span.clone(), at);
                assert!(WRITTEN_BY_TOOLS[found..].starts_with(word), "{word}: {:?}", &WRITTEN_BY_TOOLS[found..]);
            }
            assert!(span.contains(&locate(WRITTEN_BY_TOOLS, span.clone(), 9_999)));
        }
    }

    #[test]
    fn faults_are_told_with_their_place_and_the_rest_is_read() {
        let cases = [
            ("msgid \"a\"\nmsgstr >\"b\n", "the closing quote is missing"),
            ("msgid >\"a\"\n", "a message without `msgstr`"),
            ("msgid \"a\"\nmsgstr \">\\q\"\n", "an unknown escape"),
            (">\"loose\"\n", "a text without its keyword (`msgid`, `msgstr`)"),
            (">nonsense\n", "a keyword and a text in quotes are expected here"),
            ("msgid \"a\"\n>msgwhat \"\"\n", "not a keyword of PO files"),
            ("msgid \"a\"\n>msgstr[0] \"\"\n", "out of order here"),
            ("msgid \"a\"\nmsgid_plural \"\"\n>msgstr[1] \"\"\n", "plural forms are counted from 0, each once"),
            ("msgid \"a\" >b\n", "only texts in quotes are expected here"),
        ];
        for (marked, what) in cases {
            let offset = marked.find('>').expect("a mark where the fault is");
            let source = marked.replacen('>', "", 1) + "msgid \"c\"\nmsgstr \"d\"";
            let File { messages, faults } = parse(&source);
            let line = source[..offset].matches('\n').count() as u32 + 1;
            assert_eq!(
                (&*faults[0].what.to_string(), faults[0].offset, faults[0].line),
                (what, offset, line),
                "{source}"
            );
            assert!(messages.iter().any(|message| message.id == "c" && message.text == ["d"]), "{source}");
        }
    }

    #[test]
    fn a_damaged_file_is_read_in_bounds() {
        for end in (0..=WRITTEN_BY_TOOLS.len()).filter(|&end| WRITTEN_BY_TOOLS.is_char_boundary(end)) {
            let file = parse(&WRITTEN_BY_TOOLS[..end]);
            assert!(file.messages.iter().all(|message| message.text_span.end <= end && message.id_span.end <= end));
        }
        assert_eq!(parse(&"x\n".repeat(10_000)).faults.len(), super::MAX_FAULTS);
    }
}
