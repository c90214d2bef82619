//! Random plays that come to the goal, the shortest of them made shorter: for stories of which not
//! all can be gone through.

use rand::{Rng, SeedableRng};
use rand_pcg::Pcg32;

use super::route::{Route, setup};
use super::search::{Passes, is_met};
use super::slice::Slice;
use super::{Goal, Opening};
use crate::engine::{
    Falling, Input, Observe, Offer, Seeded, State, advance, is_offered, next_role, offers_into, start_with,
};
use crate::story::model::{HingeId, RoleId, SceneId, Story, Target};

/// A play of more inputs than this is held to have no end.
const MOST_INPUTS: usize = 10_000;

/// What was done, and where chance fell.
type Step = (Input, Vec<Target>);

/// A play to the goal, if some random play of `plays` comes there.
pub fn wander(story: &Story, opening: &Opening, goal: Goal, slice: &Slice, plays: u32) -> Option<Route> {
    let mut wander = Wander { story, opening, goal, slice, offers: Vec::new() };
    let mut best: Option<(u64, Vec<Step>)> = None;
    for number in 0..plays {
        let most = best.as_ref().map_or(MOST_INPUTS, |(_, steps)| steps.len().saturating_sub(1));
        best = wander.once(u64::from(number), most).or(best);
    }
    let (seed, steps) = best?;
    let steps = wander.shorten(seed, steps);
    Some(Route::taken(story, opening, Some(seed), steps))
}

struct Wander<'a> {
    story: &'a Story,
    opening: &'a Opening,
    goal: Goal,
    slice: &'a Slice,
    offers: Vec<Offer>,
}

/// Is told where a step leads, and how chance falls.
struct Told {
    passes: Passes,
    fell: Vec<Target>,
}

impl Observe for Told {
    fn entered(&mut self, story: &Story, state: &State, role: RoleId, scene: SceneId) {
        self.passes.entered(story, state, role, scene);
    }

    fn reached(&mut self, story: &Story, state: &State, role: RoleId, hinge: HingeId) {
        self.passes.reached(story, state, role, hinge);
    }

    fn fell(&mut self, _: &Story, to: Target) {
        self.fell.push(to);
    }
}

impl Wander<'_> {
    /// One random play: its seed and its steps, if it comes to the goal in so many.
    fn once(&mut self, number: u64, most: usize) -> Option<(u64, Vec<Step>)> {
        let mut random = Pcg32::seed_from_u64(number);
        let seed = self.opening.seed.unwrap_or(number);
        let (mut state, mut met) = self.start(seed);
        state.seed = random.next_u64();
        let mut steps = Vec::new();
        while !met {
            if steps.len() >= most || self.slice.least(self.story, &state, &self.opening.roles).is_none() {
                return None;
            }
            let role = next_role(self.story, &state, &mut self.offers)?;
            self.offers.retain(|offer| offer.open);
            let drawn = (u64::from(random.next_u32()) * self.offers.len() as u64) >> 32;
            let input = Input { role, pick: self.offers.get(drawn as usize)?.pick };
            let fell;
            (fell, met) = self.step(&mut state, input, None)?;
            steps.push((input, fell));
        }
        Some((seed, steps))
    }

    fn start(&mut self, seed: u64) -> (State, bool) {
        let mut passes = Passes(self.goal, false);
        let state = start_with(self.story, &setup(self.opening, seed), &mut Seeded, &mut passes);
        let met = passes.1 || self.is_met(&state);
        (state, met)
    }

    /// Takes a step, with chance as it is wanted or by the seed; how it fell, and whether it comes
    /// to the goal. `None` where it can't be taken so.
    fn step(&mut self, state: &mut State, input: Input, falls: Option<&[Target]>) -> Option<(Vec<Target>, bool)> {
        is_offered(self.story, state, input).ok()?;
        let mut told = Told { passes: Passes(self.goal, false), fell: Vec::new() };
        match falls {
            None => advance(self.story, state, input, &mut Seeded, &mut told).ok()?,
            Some(falls) => {
                let (mut chance, mut next) = (Falling::to(falls), state.clone());
                advance(self.story, &mut next, input, &mut chance, &mut told).ok()?;
                if chance.unmet().is_some() {
                    return None;
                }
                *state = next;
            }
        }
        let met = told.passes.1 || self.is_met(state);
        Some((told.fell, met))
    }

    fn is_met(&mut self, state: &State) -> bool {
        is_met(self.story, state, &self.opening.roles, self.goal, &mut self.offers)
    }

    /// A play that comes to the goal, too, with whatever was found not to be needed left out.
    fn shorten(&mut self, seed: u64, mut steps: Vec<Step>) -> Vec<Step> {
        while let Some(shorter) = self.shorter(seed, &steps) {
            steps = shorter;
        }
        steps
    }

    /// A shorter one: some steps left out, or one taken otherwise.
    fn shorter(&mut self, seed: u64, steps: &[Step]) -> Option<Vec<Step>> {
        let mut size = steps.len();
        while size > 0 {
            for first in (0..=steps.len() - size).step_by(size.div_ceil(2)) {
                let rest = steps[..first].iter().chain(&steps[first + size..]);
                let shorter = self.along(seed, &rest.cloned().collect::<Vec<_>>());
                if shorter.as_ref().is_some_and(|shorter| shorter.len() < steps.len()) {
                    return shorter;
                }
            }
            size /= 2;
        }
        let (mut state, _) = self.start(seed);
        for (number, (input, falls)) in steps.iter().enumerate() {
            offers_into(self.story, &state, input.role, &mut self.offers);
            let others: Vec<Input> = self
                .offers
                .iter()
                .filter(|offer| offer.open && offer.pick != input.pick)
                .map(|offer| Input { role: input.role, pick: offer.pick })
                .collect();
            for other in others {
                let mut otherwise = steps.to_vec();
                otherwise[number] = (other, Vec::new());
                let shorter = self.along(seed, &otherwise);
                if shorter.as_ref().is_some_and(|shorter| shorter.len() < steps.len()) {
                    return shorter;
                }
            }
            self.step(&mut state, *input, Some(falls))?;
        }
        None
    }

    /// Takes these steps as far as they are offered, the others left out; what was taken, if it
    /// comes to the goal.
    fn along(&mut self, seed: u64, steps: &[Step]) -> Option<Vec<Step>> {
        let (mut state, mut met) = self.start(seed);
        let mut taken = Vec::with_capacity(steps.len());
        for (input, falls) in steps {
            if met {
                break;
            }
            if let Some((fell, is_there)) = self.step(&mut state, *input, Some(falls)) {
                taken.push((*input, fell));
                met = is_there;
            }
        }
        met.then_some(taken)
    }
}
