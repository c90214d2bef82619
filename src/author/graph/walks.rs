//! Random plays, counted by where they came through and how they ended.

use rand::{Rng, SeedableRng};
use rand_pcg::Pcg32;

use super::chart::{Chart, index};
use crate::engine::{
    Cursor, Input, Observe, Offer, Pick, Place, Seeded, Setup, State, advance, next_role, outcome, start_with,
};
use crate::story::model::{HingeId, OutcomeId, RoleId, SceneId, Story};

/// A play of more inputs than this is held to have no end.
const MOST_INPUTS: usize = 10_000;

/// What random plays came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Walks {
    /// Plays of each role that has scenes, in the order of the chart's roles.
    pub plays: Vec<u32>,
    /// By scene, then by hinge: plays that came there.
    pub places: Vec<u32>,
    /// By choice: plays in which it was taken.
    pub choices: Vec<u32>,
    /// By entry of a `goto`: how often it was gone.
    pub entries: Vec<u32>,
    /// By ending, then by outcome: how many plays ended so, and by scene and hinge how many of them came there.
    pub ends: Vec<(u32, Vec<u32>)>,
}

/// Plays `plays` plays of each role alone; the same seed gives the same plays.
pub fn walks(story: &Story, chart: &Chart, plays: u32, seed: u64) -> Walks {
    let endings: Vec<SceneId> = endings(story);
    let ends = endings.len() + story.outcomes.len();
    let places = story.scenes.len() + story.hinges.len();
    let mut walks = Walks {
        plays: vec![0; chart.roles.len()],
        places: vec![0; places],
        choices: vec![0; story.choices.len()],
        entries: vec![0; story.gotos.len()],
        ends: vec![(0, vec![0; places]); ends],
    };
    let playable: Vec<RoleId> = story.playable().collect();
    let roles = chart.roles.iter().enumerate().filter(|(_, role)| playable.contains(role));
    for (lane, &role) in roles {
        for number in 0..plays {
            walks.plays[lane] += 1;
            let random = Pcg32::seed_from_u64(
                seed ^ u64::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ u64::from(role.0) << 40,
            );
            let walk = walk(story, role, random);
            walks.count(&walk, &endings);
        }
    }
    walks
}

/// The scenes in which a play can end.
pub fn endings(story: &Story) -> Vec<SceneId> {
    (0..story.scenes.len() as u32).map(SceneId).filter(|scene| story.scenes[scene.index()].ending.is_some()).collect()
}

impl Walks {
    fn count(&mut self, walk: &Walk, endings: &[SceneId]) {
        for (count, _) in self.places.iter_mut().zip(&walk.places).filter(|(_, seen)| **seen) {
            *count += 1;
        }
        for (count, _) in self.choices.iter_mut().zip(&walk.choices).filter(|(_, taken)| **taken) {
            *count += 1;
        }
        for (count, gone) in self.entries.iter_mut().zip(&walk.entries) {
            *count += gone;
        }
        let ending = walk.ending.and_then(|ending| endings.iter().position(|known| *known == ending));
        let outcome = walk.outcome.map(|outcome| endings.len() + outcome.index());
        for end in ending.into_iter().chain(outcome) {
            let (count, places) = &mut self.ends[end];
            *count += 1;
            for (count, _) in places.iter_mut().zip(&walk.places).filter(|(_, seen)| **seen) {
                *count += 1;
            }
        }
    }
}

/// One play.
struct Walk {
    scenes: usize,
    places: Vec<bool>,
    choices: Vec<bool>,
    entries: Vec<u32>,
    ending: Option<SceneId>,
    outcome: Option<OutcomeId>,
}

impl Observe for Walk {
    fn entered(&mut self, _: &Story, _: &State, _: RoleId, scene: SceneId) {
        self.places[scene.index()] = true;
    }

    fn reached(&mut self, _: &Story, _: &State, _: RoleId, hinge: HingeId) {
        self.places[self.scenes + hinge.index()] = true;
    }

    fn followed(&mut self, _: &Story, _: &State, _: RoleId, entry: u32) {
        self.entries[entry as usize] += 1;
    }
}

fn walk(story: &Story, role: RoleId, mut random: Pcg32) -> Walk {
    let mut walk = Walk {
        scenes: story.scenes.len(),
        places: vec![false; story.scenes.len() + story.hinges.len()],
        choices: vec![false; story.choices.len()],
        entries: vec![0; story.gotos.len()],
        ending: None,
        outcome: None,
    };
    let setup = Setup { roles: vec![role], seed: random.next_u64(), digest: false };
    let mut state = start_with(story, &setup, &mut Seeded, &mut walk);
    let mut offers: Vec<Offer> = Vec::new();
    for _ in 0..MOST_INPUTS {
        let Some(next) = next_role(story, &state, &mut offers) else { break };
        offers.retain(|offer| offer.open);
        let drawn = (u64::from(random.next_u32()) * offers.len() as u64) >> 32;
        let Some(offer) = offers.get(drawn as usize) else { break };
        if let Pick::Choice(choice) = offer.pick {
            walk.choices[choice.index()] = true;
        }
        // It was offered just now.
        let _ = advance(story, &mut state, Input { role: next, pick: offer.pick }, &mut Seeded, &mut walk);
    }
    if let Cursor::Ending(scene) = state.cursor(story, role) {
        walk.ending = Some(scene);
        walk.outcome = outcome(story, &state);
        walk.places[index(story, Place::Scene(scene))] = true;
    }
    walk
}
