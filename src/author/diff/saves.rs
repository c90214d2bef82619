//! Saves: plays of the old version, loaded in the new one as a player would.

use std::collections::BTreeMap;

use rand::{Rng, SeedableRng};
use rand_pcg::Pcg32;

use super::Asked;
use crate::engine::{Input, Play, Setup, offers};
use crate::save::{Parting, Reason, SaveFolder};
use crate::story::model::{RoleId, Story};

/// Plays at most that are loaded: each is replayed whole.
const MOST_PLAYS: u32 = 400;
/// Inputs at most of each.
const MOST_INPUTS: usize = 2_000;

/// What became of a role's saves.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// The role's name.
    pub role: String,
    /// How many plays were loaded, each to its end.
    pub plays: u32,
    /// How many load no further than to a step before it, or not at all.
    pub parted: u32,
    /// The share of a play that still loads, on average over those that parted.
    pub share: f64,
    /// Where they part, the commonest first; empty where the role is gone.
    pub lost: Vec<Lost>,
    /// Whether the new version has no such role.
    pub is_gone: bool,
}

/// A step that can't be taken again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lost {
    /// The choice.
    pub choice: String,
    /// Why.
    pub reason: Reason,
    /// In how many plays.
    pub plays: u32,
}

/// Plays each role of the old version and loads what was played in the new one.
pub fn kept(old: &Story, new: &Story, asked: &Asked) -> Vec<Kept> {
    old.playable().map(|role| of_role(old, new, role, asked)).collect()
}

fn of_role(old: &Story, new: &Story, role: RoleId, asked: &Asked) -> Kept {
    let name = old.roles[role.index()].name.clone();
    let mut kept = Kept {
        role: name,
        plays: asked.plays.min(MOST_PLAYS),
        parted: 0,
        share: 0.0,
        lost: Vec::new(),
        is_gone: false,
    };
    let mut counts: BTreeMap<String, Lost> = BTreeMap::new();
    for number in 0..kept.plays {
        let play = wander(old, role, asked.seed ^ u64::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        match SaveFolder::carried(old, &play, new) {
            Ok(None) => {}
            Ok(Some(Parting { step, steps, choice, reason })) => {
                kept.parted += 1;
                kept.share += (step - 1) as f64 / steps.max(1) as f64;
                let key = format!("{choice} {reason:?}");
                counts.entry(key).or_insert(Lost { choice, reason, plays: 0 }).plays += 1;
            }
            Err(_) => {
                kept.is_gone = true;
                kept.parted = kept.plays;
                return kept;
            }
        }
    }
    kept.share /= f64::from(kept.parted.max(1));
    kept.lost = counts.into_values().collect();
    kept.lost.sort_by(|a, b| b.plays.cmp(&a.plays).then_with(|| a.choice.cmp(&b.choice)));
    kept
}

/// A random play.
fn wander(story: &Story, role: RoleId, seed: u64) -> Play {
    let mut random = Pcg32::seed_from_u64(seed);
    let mut play = Play::begin(story, Setup { roles: vec![role], seed: random.next_u64(), digest: false });
    for _ in 0..MOST_INPUTS {
        let Some(role) = play.next_role(story) else { break };
        let open: Vec<_> = offers(story, play.state(), role).into_iter().filter(|offer| offer.open).collect();
        let drawn = (u64::from(random.next_u32()) * open.len() as u64) >> 32;
        let Some(offer) = open.get(drawn as usize) else { break };
        if play.take(story, Input { role, pick: offer.pick }).is_err() {
            break;
        }
    }
    play
}
