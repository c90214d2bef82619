//! Files to a story, with everything that is wrong or worth knowing.

use std::path::Path;

use toml::Spanned;
use toml::de::DeTable;

use super::link::{Linked, link};
use super::model::Story;
use super::raw::Raw;
use super::read;
use super::source::Sources;
use crate::catalogue::Phrase;
use crate::diagnostic::{Code, Diagnostic, FileId, Findings, Span};
use crate::say;

/// A line of a file has at most so many bytes.
pub(super) const LONGEST_LINE: usize = 256 << 10;

/// What loading found.
#[derive(Debug)]
pub struct Loaded {
    /// The story, where nothing is wrong with it.
    pub story: Option<Story>,
    /// All findings, by file and place.
    pub diagnostics: Vec<Diagnostic>,
}

/// Something that can be translated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its name: `queue.snowball.say`.
    pub context: String,
    /// As it stands in the story's own language.
    pub text: String,
    /// Where.
    pub span: Span,
}

/// Loads a story from its files, its prose in `language` where a translation to it is there, else
/// as written.
pub fn load(sources: &Sources, language: Option<&str>) -> Loaded {
    with_linked(sources, language, false, |linked| Loaded {
        story: linked.story,
        diagnostics: linked.found.into_sorted(),
    })
}

/// Everything in a story that can be translated, in the order of its files.
pub fn messages(sources: &Sources) -> Vec<Message> {
    with_linked(sources, None, true, |linked| {
        let owned = |message: &super::link::Message<'_>| Message {
            context: message.context.clone(),
            text: message.text.to_owned(),
            span: message.span,
        };
        let mut messages: Vec<Message> = linked.messages.iter().map(owned).collect();
        messages.sort_by_key(|message| message.span);
        messages
    })
}

/// Reads, links, and hands over what came of it: it borrows from what was read.
fn with_linked<T>(sources: &Sources, language: Option<&str>, gather: bool, then: impl FnOnce(Linked<'_>) -> T) -> T {
    let mut found = Findings::default();
    let tables: Vec<(FileId, Spanned<DeTable<'_>>)> = parse(sources, &mut found);
    let mut raw = Raw::default();
    for (file, table) in &tables {
        read::file(table.get_ref(), *file, &mut raw, &mut found);
    }
    let catalogues = super::translation::read(sources, &mut found);
    let translation = language.and_then(|language| super::translation::choose(&catalogues, language));
    let checking = gather || !catalogues.is_empty();
    let mut linked = link(sources, &raw, found, translation.as_ref(), checking);
    super::translation::check(&catalogues, &linked.messages, sources, &mut linked.found);
    then(linked)
}

fn parse<'s>(sources: &'s Sources, found: &mut Findings) -> Vec<(FileId, Spanned<DeTable<'s>>)> {
    let mut tables = Vec::with_capacity(sources.files.len());
    for (index, source) in sources.files.iter().enumerate() {
        let file = FileId(index as u32);
        if let Some(at) = too_long_a_line(&source.text) {
            let message = say!("a line is longer than {size} KiB", size = LONGEST_LINE >> 10);
            let found =
                found.push(Diagnostic::new(Code::TooLarge, message).label(Span::new(file, at, at), Phrase::default()));
            found.help.push(say!("this is no story, or one that a program wrote: let it end its lines"));
        } else if !source.name.ends_with(".po") {
            match DeTable::parse(&source.text) {
                Ok(table) => tables.push((file, table)),
                Err(error) => {
                    found.push(syntax(file, &source.text, &error));
                }
            }
        }
    }
    tables
}

/// Where a line begins that is longer than a line may be, if there is one. What is told of a line
/// costs as much as it is long.
pub(super) fn too_long_a_line(text: &str) -> Option<usize> {
    let mut start = 0;
    text.split('\n').find_map(|line| {
        let at = start;
        start += line.len() + 1;
        (line.len() > LONGEST_LINE).then_some(at)
    })
}

/// What is wrong with a file's TOML, in an author's words.
fn syntax(file: FileId, text: &str, error: &toml::de::Error) -> Diagnostic {
    let range = error.span().unwrap_or(0..0);
    let span = Span::new(file, range.start, range.end.max(range.start));
    let message = error.message().lines().next().unwrap_or_default();
    let trap = super::traps::behind(text, range.start, message);
    let mut found = Diagnostic::new(Code::TomlSyntax, trap.message.unwrap_or_else(|| super::traps::said(message)));
    if let Some((origin, label)) = trap.origin {
        found = found.label(Span::new(file, origin, origin + 3), label);
    }
    trap.help.into_iter().fold(found.label(span, trap.label), Diagnostic::help)
}

/// Reads and loads a story: the file or folder named, else `./story` if that is a story, else the
/// one built in.
pub fn open(path: Option<&Path>, language: Option<&str>) -> (Sources, Loaded) {
    let (sources, mut unread) = match path {
        Some(path) => Sources::read(path),
        None if Path::new("story").is_dir() && Sources::is_story(Path::new("story")) => {
            Sources::read(Path::new("story"))
        }
        None => (Sources::built_in(), Vec::new()),
    };
    let mut loaded = load(&sources, language);
    if !unread.is_empty() {
        loaded.story = None;
    }
    unread.append(&mut loaded.diagnostics);
    loaded.diagnostics = unread;
    (sources, loaded)
}
