//! Looking people, places and words up.

use super::command::Verb;
use super::line::{fold, nearest};
use super::look::{Look, Tone};
use super::prose::prose;
use crate::catalogue::Catalogue;
use crate::engine::{State, markdown};
use crate::story::model::{Entry, EntryKind, RoleId, Story};
use crate::tr;

/// Who asks, and what of.
#[derive(Clone, Copy)]
pub struct Reader<'a> {
    /// The story.
    pub story: &'a Story,
    /// As it stands.
    pub state: &'a State,
    /// The role that asks.
    pub role: RoleId,
    /// The language.
    pub words: &'a Catalogue,
    /// How it is shown.
    pub look: &'a Look,
}

impl Reader<'_> {
    /// Answers `who NAME` or `what TERM`.
    pub fn look_up(&self, verb: Verb, name: Option<&str>) -> String {
        let Some(name) = name else { return self.contents(verb) };
        let found = find(self.story, verb, name);
        match found.as_slice() {
            [] => self.missing(verb, name),
            [entry] => self.entry(entry),
            several => {
                let names: Vec<&str> = several.iter().map(|entry| entry.name.as_str()).collect();
                let text = tr!(self.words, "Several are called so: {names}.", names = names.join(", "));
                self.look.wrap(&text, "", "")
            }
        }
    }

    fn entry(&self, entry: &Entry) -> String {
        let mut parts = vec![self.look.line(Tone::Strong, &entry.name)];
        if let Some(text) = entry.text {
            parts.push(prose(self.look, &markdown(self.story, self.state, self.role, text)));
        }
        if !entry.see.is_empty() {
            let names: Vec<&str> = entry.see.iter().map(|see| self.story.codex[see.index()].name.as_str()).collect();
            parts.push(self.look.line(Tone::Aside, &tr!(self.words, "See also: {names}.", names = names.join(", "))));
        }
        if !entry.sources.is_empty() {
            let sources = entry.sources.join("; ");
            let text = tr!(self.words, "To read: {sources}.", sources = sources.trim_end_matches('.'));
            parts.push(self.look.line(Tone::Aside, &text));
        }
        parts.join("\n\n")
    }

    /// All names there are.
    fn contents(&self, verb: Verb) -> String {
        let names: Vec<&str> =
            self.story.codex.iter().filter(|entry| first(verb, entry)).map(|entry| entry.name.as_str()).collect();
        let names = names.join(", ");
        let text = match (verb, names.is_empty()) {
            (_, true) => tr!(self.words, "This story explains nothing of the kind."),
            (Verb::Who, _) => tr!(self.words, "You can ask who these are: {names}.", names = names),
            _ => tr!(self.words, "You can ask what these are: {names}.", names = names),
        };
        self.look.wrap(&text, "", "")
    }

    fn missing(&self, verb: Verb, name: &str) -> String {
        let named = self.story.codex.iter().flat_map(|entry| name_parts(entry).map(move |part| (entry, part)));
        let near = nearest(name, named, |(_, part)| part).map(|(entry, _)| entry);
        let text = match near {
            Some(entry) => {
                tr!(self.words, "Nothing here is called “{name}”. Did you mean {near}?", name = name, near = entry.name)
            }
            None => tr!(
                self.words,
                "Nothing here is called “{name}”. `{command}` alone lists what there is.",
                name = name,
                command = verb.name(self.words)
            ),
        };
        self.look.wrap(&text, "", "")
    }
}

/// Whether an entry is of the kind that a command asks for first.
pub fn first(verb: Verb, entry: &Entry) -> bool {
    (entry.kind == EntryKind::Person) == (verb == Verb::Who)
}

/// The name of an entry, its words one by one, and its id: what it may be asked by.
fn name_parts(entry: &Entry) -> impl Iterator<Item = &str> {
    [entry.name.as_str(), entry.id.as_str()].into_iter().chain(entry.name.split_whitespace())
}

/// The entries that a name means: those of the command's kind before the others, the whole name
/// before a word of it, a word before its first letters.
fn find<'a>(story: &'a Story, verb: Verb, name: &str) -> Vec<&'a Entry> {
    let name = fold(name);
    let whole = |entry: &Entry| fold(&entry.name) == name || entry.id == name.replace(' ', "_");
    let word = |entry: &Entry| entry.name.split_whitespace().any(|word| fold(word) == name);
    let begins = |entry: &Entry| {
        let full = fold(&entry.name);
        full.starts_with(&name) || full.contains(&format!(" {name}"))
    };
    let ways: [&dyn Fn(&Entry) -> bool; 3] = [&whole, &word, &begins];
    for way in ways {
        for kind in [true, false] {
            let found: Vec<&Entry> =
                story.codex.iter().filter(|entry| first(verb, entry) == kind && way(entry)).collect();
            if !found.is_empty() {
                return found;
            }
        }
    }
    Vec::new()
}
