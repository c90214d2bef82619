//! Persons, places and terms, for a student to look up.

use std::sync::Arc;

use maud::{Markup, html};

use super::Frame;
use super::prose::prose;
use crate::engine::{Play, Words};
use crate::host::world::Tongue;
use crate::story::model::{Entry, EntryKind, RoleId};
use crate::tr;

/// The list of all there are.
pub fn all(tongue: &Tongue, code: &str) -> Markup {
    let words = &tongue.words;
    let title = tr!(words, "Who and what");
    let of_kind = |kind: EntryKind| tongue.story.codex.iter().filter(move |entry| entry.kind == kind);
    let groups = [
        (tr!(words, "People"), EntryKind::Person),
        (tr!(words, "Places"), EntryKind::Place),
        (tr!(words, "Words"), EntryKind::Term),
    ];
    let inside = html! {
        main.narrow {
            p { a href={ "/s/" (code) } { "‹ " (tr!(words, "Back to the story")) } }
            h1 { (title) }
            @for (name, kind) in &groups {
                @if of_kind(*kind).next().is_some() {
                    h2 { (name) }
                    ul.entries lang=(tongue.story.manifest.language) {
                        @for entry in of_kind(*kind) { li { a href=(place(code, entry)) { (entry.name) } } }
                    }
                }
            }
        }
    };
    Frame::still(words, &title, "codex").around(&inside)
}

fn place(code: &str, entry: &Entry) -> String {
    format!("/s/{code}/who/{}/{}", entry.kind.name(), entry.id)
}

/// Whoever looks something up: what is told may depend on the play.
pub struct Reader<'a> {
    /// In which language.
    pub tongue: &'a Tongue,
    /// The class.
    pub code: &'a str,
    /// As whom.
    pub role: Option<RoleId>,
    /// At which moment.
    pub play: Option<Arc<Play>>,
}

impl Reader<'_> {
    /// One entry's page, if there is one.
    pub fn entry(&self, kind: &str, id: &str) -> Option<Markup> {
        let story = &self.tongue.story;
        let words = &self.tongue.words;
        let entry = story.codex.iter().find(|entry| entry.kind.name() == kind && entry.id == id)?;
        let role = self.role.or_else(|| story.playable().next());
        let text = match (&self.play, role) {
            (Some(play), Some(role)) => Words::render(story, play.state(), role, entry.text),
            _ => Words::default(),
        };
        let base = format!("/s/{}", self.code);
        let inside = html! {
            main.narrow {
                p { a href=(base) { "‹ " (tr!(words, "Back to the story")) } }
                article #entry lang=(story.manifest.language) {
                    h1 { (entry.name) }
                    @if text.is_empty() {
                        p lang=(words.language()) { (tr!(words, "This can be read once the story has begun.")) }
                    } @else { (prose(&text.markdown, Some(&base))) }
                    @if !entry.see.is_empty() {
                        p lang=(words.language()) {
                            (tr!(words, "See also:")) " "
                            @for see in &entry.see {
                                @let other = &story.codex[see.index()];
                                a.look href=(place(self.code, other)) { (other.name) } " "
                            }
                        }
                    }
                }
            }
        };
        Some(Frame::still(words, &entry.name, "codex").around(&inside))
    }
}
