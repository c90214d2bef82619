//! Endings and outcomes, and how likely they are: exact where every play of both versions could be
//! gone through, else counted from random plays.

use std::collections::BTreeMap;

use super::Asked;
use crate::author::proved::{Proved, proved};
use crate::sample::{Plan, sample};
use crate::story::model::{RoleId, Story};

/// A change that is smaller is none that an author would see.
const LEAST: f64 = 0.005;
/// A difference between random plays is believed from so many times its spread on.
const SURE: f64 = 3.5;

/// An ending, or an outcome in the plays of a role; in order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum End {
    /// The ending's scene.
    Ending(String),
    /// The role, empty where there is one without a name, and the outcome.
    Outcome(String, String),
}

/// How likely an end is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Likely {
    /// Under random play.
    pub chance: f64,
    /// Whether some play comes to it, as far as is known.
    pub is_reached: bool,
}

/// An end in both versions; `None` where a version doesn't declare it.
#[derive(Clone, Debug, PartialEq)]
pub struct Moved {
    /// Which.
    pub end: End,
    /// Its title, the new one's if there is one.
    pub title: String,
    /// Before.
    pub old: Option<Likely>,
    /// Now.
    pub new: Option<Likely>,
}

/// The ends that moved, and whether chances are exact.
pub fn moved(old: &Story, new: &Story, asked: &Asked) -> (Vec<Moved>, bool) {
    let prove = |story: &Story| {
        let proof = (asked.max_states > 0).then(|| proved(story, &roles(story), asked.max_states));
        proof.filter(|proof| proof.is_complete)
    };
    let proofs = prove(old).and_then(|before| Some((before, prove(new)?)));
    let is_exact = proofs.is_some();
    let [before, now] = match &proofs {
        Some((before, now)) => [exact(old, before), exact(new, now)],
        None => [counted(old, asked), counted(new, asked)],
    };
    let mut ends: Vec<&End> = before.keys().chain(now.keys()).collect();
    ends.sort();
    ends.dedup();
    let plays = f64::from(asked.plays.max(1));
    let moved = ends.into_iter().filter_map(|end| {
        let (old_one, new_one) = (before.get(end).copied(), now.get(end).copied());
        let has_moved = match (old_one, new_one) {
            (Some(old), Some(new)) => {
                let spread = |likely: Likely| likely.chance * (1.0 - likely.chance) / plays;
                let sure = if is_exact { 0.0 } else { SURE * (spread(old) + spread(new)).sqrt() };
                let by = (old.chance - new.chance).abs();
                (is_exact && old.is_reached != new.is_reached) || (by >= LEAST && by > sure)
            }
            // Of a role that the other version doesn't have it goes without saying.
            _ => is_asked(old, end) && is_asked(new, end),
        };
        let title = title(new, end).or_else(|| title(old, end)).unwrap_or_default();
        has_moved.then(|| Moved { end: end.clone(), title, old: old_one, new: new_one })
    });
    (moved.collect(), is_exact)
}

fn roles(story: &Story) -> Vec<RoleId> {
    story.playable().collect()
}

/// Whether a story could have an end: an outcome is of the plays of a role that it has.
fn is_asked(story: &Story, end: &End) -> bool {
    match end {
        End::Ending(_) => true,
        End::Outcome(role, _) => story.playable().any(|known| story.roles[known.index()].id == *role),
    }
}

fn title(story: &Story, end: &End) -> Option<String> {
    match end {
        End::Ending(id) => {
            story.scene_named(id).and_then(|scene| story.scenes[scene.index()].ending.as_deref().map(str::to_owned))
        }
        End::Outcome(_, id) => {
            story.outcomes.iter().find(|outcome| outcome.id == *id).map(|outcome| outcome.title.clone())
        }
    }
}

fn exact(story: &Story, proof: &Proved) -> BTreeMap<End, Likely> {
    let likely =
        |odds: &crate::author::proved::Chances| Likely { chance: odds.random, is_reached: odds.greatest > 0.0 };
    let mut ends: BTreeMap<End, Likely> = declared(story);
    ends.extend(proof.endings.iter().map(|(id, odds)| (End::Ending(id.clone()), likely(odds))));
    ends.extend(proof.outcomes.iter().map(|((role, id), odds)| (End::Outcome(role.clone(), id.clone()), likely(odds))));
    ends
}

fn counted(story: &Story, asked: &Asked) -> BTreeMap<End, Likely> {
    let mut ends = declared(story);
    for role in story.playable() {
        let plan =
            Plan { roles: &[role], seed: asked.seed, plays: u64::from(asked.plays), digest: false, together: false };
        let tally = sample(story, plan);
        let likely =
            |count: u64| Likely { chance: count as f64 / f64::from(asked.plays.max(1)), is_reached: count > 0 };
        let own = tally.endings.iter().filter(|(scene, _)| story.scenes[scene.index()].role == role);
        ends.extend(
            own.map(|(scene, count)| (End::Ending(story.scenes[scene.index()].id.to_string()), likely(*count))),
        );
        let name = &story.roles[role.index()].id;
        let outcome =
            |id: &crate::story::model::OutcomeId| End::Outcome(name.clone(), story.outcomes[id.index()].id.clone());
        ends.extend(tally.outcomes.iter().map(|(id, count)| (outcome(id), likely(*count))));
    }
    ends
}

/// Every end that a story declares, none reached.
fn declared(story: &Story) -> BTreeMap<End, Likely> {
    let never = Likely { chance: 0.0, is_reached: false };
    let endings = story.scenes.iter().filter(|scene| scene.ending.is_some());
    let mut ends: BTreeMap<End, Likely> = endings.map(|scene| (End::Ending(scene.id.to_string()), never)).collect();
    for role in story.playable() {
        let name = &story.roles[role.index()].id;
        ends.extend(story.outcomes.iter().map(|outcome| (End::Outcome(name.clone(), outcome.id.clone()), never)));
    }
    ends
}
