//! What a choice was held against: the mark after it, and why.

use super::look::{Look, Tone};
use super::prose::prose;
use crate::catalogue::Catalogue;
use crate::engine::Pick;
use crate::story::model::{Basis, ChoiceId, Holder, Scholarship, Story};
use crate::tr;

/// How a choice stands to the record, by itself or by the scene it stands in; `None` where the
/// story doesn't say, and for reading on.
pub fn basis(story: &Story, pick: Pick) -> Option<Basis> {
    let Pick::Choice(choice) = pick else { return None };
    let declared = &story.choices[choice.index()];
    if let Some(basis) = declared.basis {
        return Some(basis);
    }
    // What invented people do among themselves the record knows nothing of; what departs from a
    // scene in the record is no longer in the record itself.
    match (scholarship(story, choice).and_then(|scholarship| scholarship.basis), declared.historical) {
        (Some(Basis::Invented), _) => Some(Basis::Invented),
        (_, true) => Some(Basis::Recorded),
        (Some(Basis::Recorded | Basis::Possible), false) => Some(Basis::Possible),
        (None, false) => None,
    }
}

/// The sources and the note of the scene or hinge in which a choice stands.
pub fn scholarship(story: &Story, choice: ChoiceId) -> Option<&Scholarship> {
    match story.choices[choice.index()].holder {
        Holder::Scene(scene) => story.scenes[scene.index()].scholarship.as_deref(),
        Holder::Side(side) => {
            let hinge = story.sides[side.index()].hinge;
            story.hinges[hinge.index()].scholarship.as_deref()
        }
        Holder::Choice(parent) => scholarship(story, parent),
    }
}

/// The mark, with its word beside it.
pub fn mark(words: &Catalogue, look: &Look, basis: Basis) -> String {
    let (sign, word) = match basis {
        Basis::Recorded => ("=", tr!(words, "recorded")),
        Basis::Possible => ("~", tr!(words, "possible then")),
        Basis::Invented => ("/", tr!(words, "no record")),
    };
    let text = if look.draws() { format!("{sign} {word}") } else { format!("({word})") };
    look.paint(Tone::Aside, &text)
}

/// What is documented, how sure it is, and where to read, of the scene in which a choice stands.
pub fn why(story: &Story, words: &Catalogue, look: &Look, choice: ChoiceId) -> String {
    let nothing = || look.line(Tone::Aside, &tr!(words, "This story says nothing about where the scene comes from."));
    let Some(scholarship) = scholarship(story, choice) else { return nothing() };
    let mut lines = Vec::new();
    if !scholarship.note.is_empty() {
        lines.push(prose(look, &scholarship.note));
    }
    if let Some(basis) = scholarship.basis {
        let sure = match basis {
            Basis::Recorded => tr!(words, "How sure: the scene is in the record."),
            Basis::Possible => {
                tr!(words, "How sure: put together from what is recorded of such days; it could have been so.")
            }
            Basis::Invented => {
                tr!(words, "How sure: the scene is made up; the record knows its people only as a kind.")
            }
        };
        lines.push(look.line(Tone::Aside, &sure));
    }
    if !scholarship.sources.is_empty() {
        let sources = scholarship.sources.join("; ");
        lines.push(look.line(Tone::Aside, &tr!(words, "To read: {sources}.", sources = sources.trim_end_matches('.'))));
    }
    if lines.is_empty() { nothing() } else { lines.join("\n") }
}
