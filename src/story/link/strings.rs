//! Guards, effects and prose of the files, compiled where they stand or in translation.

use std::fmt;

use super::Linker;
use crate::diagnostic::{Code as Fault, Diagnostic, Span};
use crate::lang::{Compiler, EffectsId, ExprId, ProseId, Scope};
use crate::say;
use crate::story::model::{EntryKind, Scholarship};
use crate::story::raw::{Maybe, RawScholarship};
use crate::story::text::Text;

/// The name of a piece of prose, for translators: `queue.snowball.say`. Its parts are joined only
/// where somebody looks.
#[derive(Clone, Copy, Debug)]
pub struct Key<'k>(pub &'k [&'k str]);

impl fmt::Display for Key<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = self.0.iter().filter(|part| !part.is_empty());
        if let Some(first) = parts.next() {
            f.write_str(first)?;
        }
        parts.try_for_each(|part| write!(f, ".{part}"))
    }
}

/// Something that can be translated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message<'t> {
    /// Its name: `queue.snowball.say`.
    pub context: String,
    /// As it stands in the story's own language.
    pub text: &'t str,
    /// Where.
    pub span: Span,
}

impl<'t> Linker<'t> {
    pub(super) fn compiler(&mut self, text: Text<'t>, scope: Scope) -> Compiler<'_, 't> {
        let file = self.file(text.span.file);
        Compiler {
            declared: &mut self.declared,
            code: &mut self.code,
            found: &mut self.found,
            calendar: self.calendar,
            text,
            file,
            scope,
        }
    }

    pub(super) fn guard(&mut self, text: Maybe<'t>, scope: Scope) -> Option<ExprId> {
        let text = text?;
        self.logic.text(text.value);
        self.compiler(text, scope).guard()
    }

    pub(super) fn effects(&mut self, text: Maybe<'t>, scope: Scope) -> EffectsId {
        let Some(text) = text else { return EffectsId::default() };
        self.logic.text(text.value);
        self.compiler(text, scope).effects()
    }

    /// Prose with templates, in translation where there is one.
    pub(super) fn prose(&mut self, text: Maybe<'t>, key: Key<'_>, scope: Scope) -> Option<ProseId> {
        let text = text?;
        let shown = self.translated(text, key);
        if shown.value.contains("](") {
            self.links(shown);
        }
        // The key matters for `{any}` alone.
        let key = if text.value.contains("any") { key.to_string() } else { String::new() };
        if shown.span != text.span {
            // What the original's templates count is counted in every language, so that a play
            // is the same in all: the original is compiled for its counts.
            self.compiler(text, scope).prose(&key);
        }
        Some(self.compiler(shown, scope).prose(&key))
    }

    /// A string without templates, in translation where there is one.
    pub(super) fn string(&mut self, text: Maybe<'t>, key: Key<'_>) -> String {
        text.map(|text| self.translated(text, key).value.to_owned()).unwrap_or_default()
    }

    fn translated(&mut self, text: Text<'t>, key: Key<'_>) -> Text<'t> {
        if let Some(messages) = &mut self.messages
            && !text.value.trim().is_empty()
        {
            messages.push(Message { context: key.to_string(), text: text.value, span: text.span });
        }
        match self.translation {
            Some(translation) => translation.of(&key.to_string(), text.value).unwrap_or(text),
            None => text,
        }
    }

    pub(super) fn scholarship(&mut self, raw: &RawScholarship<'t>) -> Option<Box<Scholarship>> {
        if raw.sources.is_empty() && raw.basis.is_none() && raw.note.is_none() {
            return None;
        }
        Some(Box::new(Scholarship {
            sources: raw.sources.iter().map(|source| source.value.to_owned()).collect(),
            basis: raw.basis.map(|basis| basis.value),
            note: raw.note.map_or(String::new(), |note| note.value.trim().to_owned()),
        }))
    }

    /// Links of the prose to the codex: `[Kerensky](person:kerensky)`.
    fn links(&mut self, text: Text<'t>) {
        let mut at = 0;
        while let Some(found) = text.value[at..].find("](") {
            let start = at + found + 2;
            let end = text.value[start..].find(')').map_or(text.value.len(), |end| start + end);
            at = end;
            let link = &text.value[start..end];
            let Some((kind, id)) = link.split_once(':') else { continue };
            let kinds = [EntryKind::Person, EntryKind::Place, EntryKind::Term];
            let Some(kind) = kinds.into_iter().find(|known| known.name() == kind) else { continue };
            let names = &self.declared.codex[kind as usize];
            if names.get(id).is_none() {
                let near = names.nearest(id).map(|near| say!("did you mean `{near}`?", near = near));
                let span = text.part(self.file(text.span.file), start + kind.name().len() + 1..end);
                let message = say!("the codex has no {kind} `{id}`", kind = kind.name(), id = id);
                let diagnostic = Diagnostic::new(Fault::UnknownEntry, message).label(span, say!("not declared"));
                self.found.push(near.into_iter().fold(diagnostic, Diagnostic::help));
            }
        }
    }
}
