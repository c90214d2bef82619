//! What plays of several roles come to, where they are too many to go through: random ones are
//! witnesses of what can be reached, and of nothing else.

use rand::{Rng as _, SeedableRng as _};
use rand_pcg::Pcg32;

use super::arms::Arms;
use super::fields::Fields;
use super::residual::Residuals;
use super::seen::{ArmSeen, Seen};
use crate::calendar::Day;
use crate::engine::{Input, Observe, Offer, Pick, Seeded, Setup, State, advance, offers_into, outcome, start_with};
use crate::lang::ProseId;
use crate::story::model::{EventId, HingeId, RoleId, SceneId, Story};

/// Random plays.
const PLAYS: u64 = 1500;

/// Inputs of one play at most: stories that go round have an end all the same.
const LONGEST: usize = 5_000;

/// What random plays of these roles together reach.
pub(super) fn witness(story: &Story, roles: &[RoleId], arms: &Arms) -> Seen {
    let mut looker =
        Looker { seen: Seen::none(story), arms, fields: Fields::of(story), residuals: Residuals::default() };
    let mut offers = Vec::new();
    for seed in 0..PLAYS {
        let mut random = Pcg32::seed_from_u64(seed);
        let digest = story.layout.digest.is_some() && seed % 4 == 3;
        let setup = Setup { roles: roles.to_vec(), seed, digest };
        let mut state = start_with(story, &setup, &mut Seeded, &mut looker);
        for _ in 0..LONGEST {
            let mut open = Vec::new();
            for &role in roles {
                offers_into(story, &state, role, &mut offers);
                offers.iter().for_each(|offer| looker.label(story, &state, role, *offer));
                open.extend(offers.iter().filter(|offer| offer.open).map(|offer| Input { role, pick: offer.pick }));
            }
            if open.is_empty() {
                break;
            }
            let input = open[(random.next_u64() % open.len() as u64) as usize];
            if let Pick::Choice(choice) = input.pick {
                looker.seen.choices[choice.index()] = true;
            }
            if advance(story, &mut state, input, &mut Seeded, &mut looker).is_err() {
                break; // it was offered, so this can't be
            }
        }
        if let Some(outcome) = outcome(story, &state) {
            looker.seen.outcomes[outcome.index()] = true;
        }
    }
    looker.seen
}

/// Sees what a play comes to.
struct Looker<'a> {
    seen: Seen,
    arms: &'a Arms,
    fields: Fields,
    residuals: Residuals,
}

impl Looker<'_> {
    fn read(&mut self, story: &Story, state: &State, role: RoleId, prose: Option<ProseId>) {
        let Some(prose) = prose else { return };
        let shown = self.arms.shown(story, (&self.fields, &mut self.residuals), (state, role), prose);
        for (arm, asked) in shown {
            if self.residuals.value(asked, &|field| state.get(self.fields.get(field).field)) != 0 {
                self.seen.arms[arm as usize] = ArmSeen::Shown;
            }
        }
    }

    fn label(&mut self, story: &Story, state: &State, role: RoleId, offer: Offer) {
        let label = super::controls::label(story, offer);
        self.read(story, state, role, label);
    }
}

impl Observe for Looker<'_> {
    fn said(&mut self, story: &Story, state: &State, role: RoleId, _: Option<SceneId>, prose: ProseId) {
        self.read(story, state, role, Some(prose));
    }

    fn entered(&mut self, story: &Story, state: &State, role: RoleId, scene: SceneId) {
        self.seen.scenes[scene.index()] = true;
        self.read(story, state, role, story.scenes[scene.index()].text);
    }

    fn reached(&mut self, story: &Story, state: &State, role: RoleId, hinge: HingeId) {
        self.seen.hinges[hinge.index()] = true;
        self.read(story, state, role, story.hinges[hinge.index()].text);
        let side = story.side_of(hinge, role).and_then(|side| story.sides[side.index()].text);
        self.read(story, state, role, side);
    }

    fn turned(&mut self, _: &Story, _: &State, _: HingeId, outcome: u32) {
        self.seen.turns[outcome as usize] = true;
    }

    fn followed(&mut self, _: &Story, _: &State, _: RoleId, entry: u32) {
        self.seen.entries[entry as usize] = true;
    }

    fn happened(&mut self, story: &Story, state: &State, event: EventId, _: Day) {
        self.seen.events[event.index()] = true;
        if let Some(role) = state.played(story).next() {
            self.read(story, state, role, story.events[event.index()].news);
        }
    }
}
