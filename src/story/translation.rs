//! A story's translations: PO files in `lang/`, by context, checked against the original.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::link::Message;
use super::source::Sources;
use crate::catalogue::po;
use crate::diagnostic::{Code, Diagnostic, FileId, Findings, Span};
use crate::lang::{Patience, Piece, pieces};
use crate::say;
use crate::story::text::Text;

/// One PO file.
#[derive(Debug)]
pub struct Catalogue {
    /// Its file.
    pub file: FileId,
    /// BCP 47, from the file's name: `es`, `pt-BR`.
    pub language: String,
    messages: po::File,
}

/// The messages of one language, as linking looks them up.
#[derive(Clone, Debug, Default)]
pub struct Translation<'t> {
    /// BCP 47.
    pub language: String,
    messages: HashMap<&'t str, (&'t str, Text<'t>)>,
}

impl<'t> Translation<'t> {
    /// The translation of a message, where the original is still as it was.
    pub fn of(&self, context: &str, original: &str) -> Option<Text<'t>> {
        let (id, text) = self.messages.get(context)?;
        (*id == original).then_some(*text)
    }
}

/// Reads the PO files.
pub fn read(sources: &Sources, found: &mut Findings) -> Vec<Catalogue> {
    let mut catalogues = Vec::new();
    for (index, source) in sources.files.iter().enumerate() {
        let Some(stem) = source.name.strip_suffix(".po") else { continue };
        let file = FileId(index as u32);
        let language = stem.rsplit('/').next().unwrap_or_default().replace('_', "-");
        if super::load::too_long_a_line(&source.text).is_some() {
            continue;
        }
        let messages = po::parse(&source.text);
        for fault in &messages.faults {
            let span = Span::new(file, fault.offset, fault.offset + 1);
            found.push(
                Diagnostic::new(Code::BadTranslation, say!("the PO file can't be read here"))
                    .label(span, fault.what.clone()),
            );
        }
        catalogues.push(Catalogue { file, language, messages });
    }
    catalogues
}

/// The catalogue for a language: of the same name, else of the same language elsewhere.
pub fn choose<'t>(catalogues: &'t [Catalogue], language: &str) -> Option<Translation<'t>> {
    let wanted = language.split('.').next().unwrap_or_default().replace('_', "-");
    let main = |tag: &str| tag.split('-').next().unwrap_or_default().to_lowercase();
    let exact = catalogues.iter().find(|catalogue| catalogue.language.eq_ignore_ascii_case(&wanted));
    let catalogue = exact.or_else(|| catalogues.iter().find(|catalogue| main(&catalogue.language) == main(&wanted)))?;
    let mut messages = HashMap::with_capacity(catalogue.messages.messages.len());
    for message in catalogue.usable() {
        let (Some(context), Some(text)) = (&message.context, message.text.first()) else { continue };
        // One whose templates differ is left out: the original is shown instead.
        if tags(&message.id) == tags(text) {
            let text = Text::translated(text, catalogue.file, message.text_span.clone());
            messages.insert(context.as_str(), (message.id.as_str(), text));
        }
    }
    Some(Translation { language: catalogue.language.clone(), messages })
}

impl Catalogue {
    /// Messages that are translated and need no second look.
    fn usable(&self) -> impl Iterator<Item = &po::Message> {
        let done = |message: &&po::Message| message.text.first().is_some_and(|text| !text.is_empty());
        self.messages
            .messages
            .iter()
            .filter(|message| !message.fuzzy && !message.obsolete && !message.id.is_empty())
            .filter(done)
    }
}

/// Compares every catalogue with what the story says.
pub fn check(catalogues: &[Catalogue], messages: &[Message<'_>], sources: &Sources, found: &mut Findings) {
    let originals: BTreeMap<&str, &str> =
        messages.iter().map(|message| (message.context.as_str(), message.text)).collect();
    let mut patience = Patience::default();
    for catalogue in catalogues {
        let text = &sources.file(catalogue.file).text;
        for message in catalogue.messages.messages.iter().filter(|message| !message.obsolete && !message.id.is_empty())
        {
            found.extend(compare(catalogue.file, message, &originals, text, &mut patience));
        }
        found.extend(missing(catalogue, messages));
    }
}

fn compare(
    file: FileId,
    message: &po::Message,
    originals: &BTreeMap<&str, &str>,
    source: &str,
    patience: &mut Patience,
) -> Option<Diagnostic> {
    let span = Span::new(file, message.id_span.start, message.id_span.end);
    let context = message.context.as_deref().unwrap_or_default();
    let Some(original) = originals.get(context) else {
        let what = say!("the story has nothing called `{context}`", context = context);
        let near = patience.nearest(context, originals.keys().copied());
        return Some(
            Diagnostic::new(Code::StaleTranslation, what)
                .label(span, say!("for something that no longer exists"))
                .suggest(near),
        );
    };
    if *original != message.id {
        let what = say!("`{context}` was changed since it was translated", context = context);
        let found = Diagnostic::new(Code::StaleTranslation, what)
            .label(span, say!("no longer the original; the original is shown"));
        return Some(
            found.help(say!("`petrograd translate` brings the file up to date and marks what needs another look")),
        );
    }
    let text = message.text.first().filter(|text| !text.is_empty() && !message.fuzzy)?;
    let (wanted, had) = (tags(original), tags(text));
    if wanted == had {
        return None;
    }
    let span = Span::new(file, message.text_span.start, message.text_span.end);
    let found = Diagnostic::new(
        Code::TranslationDiffers,
        say!("the templates of `{context}` differ from the original's", context = context),
    );
    let (span, label) = match had.iter().find(|tag| !wanted.contains(tag)) {
        Some(extra) => (place_of(message, source, file, extra).unwrap_or(span), say!("not in the original")),
        None => (span, say!("a tag of the original is missing")),
    };
    // An `{end}` says less than what it ends.
    let mut absent = wanted.iter().filter(|tag| count(&wanted, tag) > count(&had, tag));
    let absent = absent.clone().find(|tag| *tag != "end").or_else(|| absent.next());
    let found = found.label(span, label);
    Some(match absent {
        Some(tag) => found.help(say!("the original has `{{tag}}`", tag = tag)),
        None => found.help(say!("the same variables and conditions have to stand in both")),
    })
}

fn count(tags: &[String], tag: &str) -> usize {
    tags.iter().filter(|other| *other == tag).count()
}

fn place_of(message: &po::Message, source: &str, file: FileId, tag: &str) -> Option<Span> {
    let text = message.text.first()?;
    let at = text.find(&format!("{{{tag}"))? + 1;
    let (start, end) = (
        po::locate(source, message.text_span.clone(), at),
        po::locate(source, message.text_span.clone(), at + tag.len()),
    );
    Some(Span::new(file, start, end))
}

/// The tags of some prose, in order of their text, with single blanks.
fn tags(text: &str) -> Vec<String> {
    let mut tags = Vec::new();
    if text.contains(['{', '}']) {
        let broken = pieces(text, |piece| {
            if let Piece::Tag(tag, _) = piece {
                tags.push(tag.split_whitespace().collect::<Vec<_>>().join(" "));
            }
        });
        if broken.is_err() {
            tags.push("}".to_owned());
        }
    }
    tags.sort_unstable();
    tags
}

/// What has no translation, in one finding.
fn missing(catalogue: &Catalogue, messages: &[Message<'_>]) -> Option<Diagnostic> {
    let done: HashSet<&str> = catalogue.usable().filter_map(|message| message.context.as_deref()).collect();
    let left: Vec<&str> =
        messages.iter().map(|message| message.context.as_str()).filter(|context| !done.contains(context)).collect();
    let first = left.first()?;
    let what = match left.len() {
        1 => say!("`{first}` has no translation", first = first),
        many => say!("{many} messages have no translation, `{first}` among them", many = many, first = first),
    };
    let found = Diagnostic::new(Code::MissingTranslation, what)
        .label(Span::new(catalogue.file, 0, 0), say!("the original is shown"));
    Some(found.help(say!("`petrograd translate --lang {lang}` adds them to the file", lang = &catalogue.language)))
}
