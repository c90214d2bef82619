//! What becomes of a story's plays from one version to the next: ends gained and lost, chances
//! that moved, saves that no longer load.

mod ends; // endings and outcomes, and how likely they are
mod saves; // plays of the old version in the new one
mod text; // for people

pub use self::ends::{End, Likely, Moved};
pub use self::saves::{Kept, Lost};
pub use self::text::text;

use std::collections::BTreeSet;

use crate::story::model::{ChoiceId, Story};

/// How closely is looked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Random plays of each role.
    pub plays: u32,
    /// What they follow from.
    pub seed: u64,
    /// States of each role at most that are gone through.
    pub max_states: usize,
}

/// Names that only the new version has, and such that only the old one had.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// Only the new one.
    pub gained: Vec<String>,
    /// Only the old one.
    pub lost: Vec<String>,
}

/// What is different.
#[derive(Clone, Debug, PartialEq)]
pub struct Diff {
    /// Whether nothing but prose is.
    pub is_prose: bool,
    /// Roles that can be played.
    pub roles: Names,
    /// Scenes that are no endings.
    pub scenes: Names,
    /// Hinges.
    pub hinges: Names,
    /// Choices, of scenes and hinges that both have.
    pub choices: Names,
    /// Events.
    pub events: Names,
    /// Endings and outcomes that are declared or reached in one of them alone, or whose chances moved.
    pub ends: Vec<Moved>,
    /// Whether chances are exact, not counted from random plays.
    pub is_exact: bool,
    /// What became of saves, by role.
    pub saves: Vec<Kept>,
}

/// Compares two versions of a story.
pub fn diff(old: &Story, new: &Story, asked: &Asked) -> Diff {
    let is_prose = old.logic == new.logic;
    let (ends, is_exact) = if is_prose { (Vec::new(), true) } else { ends::moved(old, new, asked) };
    let shared = |story: &Story| {
        let other = if std::ptr::eq(story, old) { new } else { old };
        let names = (0..story.choices.len() as u32).map(|choice| story.choice_name(ChoiceId(choice)));
        names.filter(|name| is_held(other, name)).collect()
    };
    let ids = |story: &Story, is_ending: bool| {
        story
            .scenes
            .iter()
            .filter(|scene| scene.ending.is_some() == is_ending)
            .map(|scene| scene.id.to_string())
            .collect()
    };
    Diff {
        is_prose,
        roles: names(roles(old), roles(new)),
        scenes: names(ids(old, false), ids(new, false)),
        hinges: names(hinges(old), hinges(new)),
        choices: names(shared(old), shared(new)),
        events: names(events(old), events(new)),
        ends,
        is_exact,
        saves: if is_prose { Vec::new() } else { saves::kept(old, new, asked) },
    }
}

/// Whether a story has the scene or hinge of a choice.
fn is_held(story: &Story, choice: &str) -> bool {
    let holder = choice.split('.').next().unwrap_or_default();
    story.scene_named(holder).is_some() || story.hinge_named(holder).is_some()
}

fn names(old: BTreeSet<String>, new: BTreeSet<String>) -> Names {
    Names { gained: new.difference(&old).cloned().collect(), lost: old.difference(&new).cloned().collect() }
}

fn roles(story: &Story) -> BTreeSet<String> {
    story.playable().map(|role| story.roles[role.index()].id.clone()).filter(|id| !id.is_empty()).collect()
}

fn hinges(story: &Story) -> BTreeSet<String> {
    story.hinges.iter().map(|hinge| hinge.id.to_string()).collect()
}

fn events(story: &Story) -> BTreeSet<String> {
    story.events.iter().map(|event| event.id.clone()).collect()
}
