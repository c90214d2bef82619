//! The search for a shortest play: states from which the goal can be near come first (A*).

use super::route::{Route, setup};
use super::slice::Slice;
use super::states::States;
use super::wander::wander;
use super::{Found, Goal, Limits, Opening};
use crate::engine::{
    Cursor, Input, Observe, Offer, Pick, Seeded, State, Told, advance, offers_into, outcome, start, start_with,
};
use crate::story::model::{HingeId, RoleId, SceneId, Story, Target};

/// Looks for a shortest play to a goal; for any, where there are too many states to go through.
pub fn until(story: &Story, opening: &Opening, goal: Goal, limits: Limits) -> Found {
    let slice = Slice::of(story, opening, goal);
    let mut search = Search {
        story,
        opening,
        goal,
        slice: &slice,
        states: States::of(story.layout.words),
        ways: Vec::new(),
        queue: Vec::new(),
        best: None,
        offers: Vec::new(),
    };
    match search.run(limits) {
        Some(found) => found,
        None => {
            drop(search);
            wander(story, opening, goal, &slice, limits.plays).map_or(Found::Unknown, Found::Short)
        }
    }
}

/// How a state is reached in the fewest inputs known.
#[derive(Clone, Copy)]
struct Way {
    /// From this state.
    from: u32,
    /// By this input, on this way of those in which it can fall; none at the beginning.
    by: Option<(Input, u32)>,
    /// After so many inputs.
    inputs: u32,
    /// Whether what follows was looked at.
    is_done: bool,
}

const WAY: usize = size_of::<Way>();

struct Search<'a> {
    story: &'a Story,
    opening: &'a Opening,
    goal: Goal,
    slice: &'a Slice,
    states: States,
    /// By state.
    ways: Vec<Way>,
    /// By the fewest inputs of a play to the goal through them: states that were not looked at.
    queue: Vec<Vec<u32>>,
    /// The shortest way that was found to the goal.
    best: Option<Way>,
    offers: Vec<Offer>,
}

/// Is told whether a step passes the goal.
pub struct Passes(pub Goal, pub bool);

impl Observe for Passes {
    fn entered(&mut self, _: &Story, _: &State, _: RoleId, scene: SceneId) {
        self.1 |= self.0 == Goal::Scene(scene);
    }

    fn reached(&mut self, _: &Story, _: &State, _: RoleId, hinge: HingeId) {
        self.1 |= self.0 == Goal::Hinge(hinge);
    }
}

/// Whether a state is where the play is wanted, so far as no step has to tell.
pub fn is_met(story: &Story, state: &State, roles: &[RoleId], goal: Goal, offers: &mut Vec<Offer>) -> bool {
    match goal {
        Goal::Choice(choice) => roles.iter().any(|role| {
            offers_into(story, state, *role, offers);
            offers.iter().any(|offer| offer.open && offer.pick == Pick::Choice(choice))
        }),
        Goal::Outcome(wanted) => state.is_over(story) && outcome(story, state) == Some(wanted),
        Goal::Scene(scene) => roles.iter().any(|role| state.cursor(story, *role) == Cursor::Scene(scene)),
        Goal::Hinge(_) => false,
    }
}

impl Search<'_> {
    /// What was found; `None` where it was given up at the limits.
    fn run(&mut self, limits: Limits) -> Option<Found> {
        let story = self.story;
        self.begin();
        let mut state = State::from_words(story, &story.layout.initial);
        let mut inputs = 0;
        while inputs < self.queue.len() {
            if let Some(best) = self.best.filter(|best| best.inputs as usize <= inputs) {
                return Some(Found::Shortest(self.route(best)));
            }
            let Some(next) = self.queue[inputs].pop() else {
                inputs += 1;
                continue;
            };
            if std::mem::replace(&mut self.ways[next as usize].is_done, true) {
                continue;
            }
            if self.states.len() > limits.states || self.states.bytes() + self.ways.len() * WAY > limits.bytes {
                return None;
            }
            state.overwrite(self.states.words(next));
            self.expand(next, &state);
        }
        Some(self.best.map_or(Found::Nothing, |best| Found::Shortest(self.route(best))))
    }

    /// The states in which a play can begin.
    fn begin(&mut self) {
        let story = self.story;
        let setup = setup(self.opening, self.opening.seed.unwrap_or(0));
        let mut way = Some(Told::default());
        while let Some(mut told) = way {
            let mut passes = Passes(self.goal, false);
            let state = match self.opening.seed {
                Some(_) => start_with(story, &setup, &mut Seeded, &mut passes),
                None => start_with(story, &setup, &mut told, &mut passes),
            };
            self.come(state, passes.1, Way { from: 0, by: None, inputs: 0, is_done: false });
            way = told.next();
        }
    }

    /// Takes every step from a state.
    fn expand(&mut self, from: u32, state: &State) {
        let story = self.story;
        let inputs = self.ways[from as usize].inputs + 1;
        for input in self.inputs(state) {
            let (mut way, mut number) = (Some(Told::default()), 0);
            while let Some(mut told) = way {
                let (mut next, mut passes) = (state.clone(), Passes(self.goal, false));
                // It is offered: `inputs` said so.
                let _ = advance(story, &mut next, input, &mut told, &mut passes);
                self.come(next, passes.1, Way { from, by: Some((input, number)), inputs, is_done: false });
                number += 1;
                way = told.next();
            }
        }
    }

    /// Keeps a state to which a way leads, where it is new or the way is shorter than was known.
    fn come(&mut self, mut state: State, passes: bool, mut way: Way) {
        let roles = &self.opening.roles;
        let is_met = passes || is_met(self.story, &state, roles, self.goal, &mut self.offers);
        if is_met {
            if way.by.is_none() {
                // A beginning is kept for its seed.
                way.from = self.keep(&mut state, way);
            }
            self.best = self.best.filter(|best| best.inputs <= way.inputs).or(Some(way));
            return;
        }
        let Some(ahead) = self.slice.least(self.story, &state, roles) else { return };
        let index = self.keep(&mut state, way);
        let known = &mut self.ways[index as usize];
        if way.inputs < known.inputs {
            *known = way;
        } else if known.from != way.from || known.by != way.by {
            return;
        }
        let inputs = (way.inputs + ahead) as usize;
        self.queue.resize(self.queue.len().max(inputs + 1), Vec::new());
        self.queue[inputs].push(index);
    }

    fn inputs(&mut self, state: &State) -> Vec<Input> {
        let mut inputs = Vec::new();
        for &role in &self.opening.roles {
            offers_into(self.story, state, role, &mut self.offers);
            let open = self.offers.iter().filter(|offer| offer.open);
            inputs.extend(open.map(|offer| Input { role, pick: offer.pick }));
        }
        inputs
    }

    /// Keeps a state where it is new; returns its number.
    fn keep(&mut self, state: &mut State, way: Way) -> u32 {
        self.slice.forget(self.story, state, &self.opening.roles);
        let index = self.states.insert(state.words());
        if index as usize == self.ways.len() {
            self.ways.push(way);
        }
        index
    }

    /// The play of a way.
    fn route(&self, found: Way) -> Route {
        let (mut at, mut moves) = (found, Vec::new());
        let mut first = found.from;
        while let Some((input, way)) = at.by {
            moves.push((input, self.falls(at.from, input, way)));
            first = at.from;
            at = self.ways[at.from as usize];
        }
        moves.reverse();
        let beginning = State::from_words(self.story, self.states.words(first));
        let seed = self.opening.seed.or_else(|| self.seed(&beginning));
        Route::taken(self.story, self.opening, seed, moves)
    }

    /// Where chance falls on one of the ways of a step.
    fn falls(&self, from: u32, input: Input, way: u32) -> Vec<Target> {
        let state = State::from_words(self.story, self.states.words(from));
        let mut told = Told::default();
        for _ in 0..way {
            let _ = advance(self.story, &mut state.clone(), input, &mut told, &mut ());
            told = told.next().unwrap_or_default();
        }
        let _ = advance(self.story, &mut state.clone(), input, &mut told, &mut ());
        told.fell().collect()
    }

    /// The first seed with which a play begins so; none where all seeds begin alike.
    fn seed(&self, beginning: &State) -> Option<u64> {
        const SEEDS: u64 = 100_000;
        let (mut way, mut count) = (Some(Told::default()), 0);
        while let Some(mut told) = way {
            let _ = start_with(self.story, &setup(self.opening, 0), &mut told, &mut ());
            count += 1;
            way = told.next();
        }
        let begins = |seed: &u64| {
            let mut state = start(self.story, &setup(self.opening, *seed));
            self.slice.forget(self.story, &mut state, &self.opening.roles);
            state.words() == beginning.words()
        };
        if count > 1 { (0..SEEDS).find(begins) } else { None }
    }
}
