//! The shortest play to a place: breadth first, and no further than it has to go.

use std::hash::BuildHasher;

use foldhash::fast::FixedState;
use hashbrown::HashTable;

use super::explore::Limits;
use super::live::{Live, Wanted};
use super::trace::{Move, Trace};
use crate::engine::{
    Cursor, Input, Observe, Offer, Pick, Play, Seeded, Setup, State, Told, advance, offers_into, outcome, start,
    start_with,
};
use crate::story::model::{ChoiceId, HingeId, OutcomeId, RoleId, SceneId, Story, Target};

/// Where a play is wanted to lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    /// Into a scene; an ending is one.
    Scene(SceneId),
    /// To a hinge.
    Hinge(HingeId),
    /// To where a choice can be taken.
    Choice(ChoiceId),
    /// To the end, with this outcome for the city.
    Outcome(OutcomeId),
}

/// How the play that is looked for begins.
#[derive(Clone, Debug)]
pub struct Opening {
    /// Who is played.
    pub roles: Vec<RoleId>,
    /// The seed of the play, where it is given: its beginning falls out so. What is left to chance
    /// later falls as it has to.
    pub seed: Option<u64>,
    /// Whether the short course is asked for.
    pub digest: bool,
}

/// What became of looking for a play.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// A shortest play there: no other takes fewer inputs.
    Play(Trace),
    /// No play leads there.
    Nothing,
    /// It was given up at the limits.
    Unknown,
}

impl Goal {
    /// The scene, hinge, choice (`scene.choice`, `hinge.role.choice`) or outcome of this name; an
    /// outcome that has the name of a scene is called `outcome:name`.
    pub fn named(story: &Story, name: &str) -> Option<Goal> {
        let outcome = |name: &str| {
            let index = story.outcomes.iter().position(|outcome| outcome.id == name);
            index.map(|index| Goal::Outcome(OutcomeId(index as u32)))
        };
        if let Some(name) = name.strip_prefix("outcome:") {
            return outcome(name);
        }
        let choice = || (0..story.choices.len() as u32).map(ChoiceId).find(|choice| story.choice_name(*choice) == name);
        let scene = || story.scene_named(name).map(Goal::Scene);
        let hinge = || story.hinge_named(name).map(Goal::Hinge);
        scene().or_else(hinge).or_else(|| outcome(name)).or_else(|| choice().map(Goal::Choice))
    }

    /// The one role whose plays can lead there, where there is one.
    pub fn role(self, story: &Story) -> Option<RoleId> {
        match self {
            Goal::Scene(scene) => Some(story.scenes[scene.index()].role),
            Goal::Choice(choice) => Some(story.role_of(choice)),
            Goal::Hinge(_) | Goal::Outcome(_) => None,
        }
    }
}

/// Looks for a shortest play to a goal.
pub fn until(story: &Story, opening: &Opening, goal: Goal, limits: Limits) -> Found {
    let live = Live::of(story, &opening.roles, &Wanted { laws: &[], reduce: true });
    let mut search = Search {
        story,
        opening,
        goal,
        live,
        states: States::of(story.layout.words),
        ways: Vec::new(),
        offers: Vec::new(),
    };
    if let Some(found) = search.begin() {
        return Found::Play(search.trace(found));
    }
    let mut state = State::from_words(story, &story.layout.initial);
    let mut next = 0;
    while (next as usize) < search.states.len() {
        if search.states.len() > limits.states || search.states.bytes() + search.ways.len() * WAY > limits.bytes {
            return Found::Unknown;
        }
        state.overwrite(search.states.words(next));
        if let Some(found) = search.expand(next, &state) {
            return Found::Play(search.trace(found));
        }
        next += 1;
    }
    Found::Nothing
}

/// How a state was first reached: from which one, by which input, by which way of those in which
/// it can fall. At the beginning there is neither.
type Way = (u32, Option<(Input, u32)>);
const WAY: usize = size_of::<Way>();

struct Search<'a> {
    story: &'a Story,
    opening: &'a Opening,
    goal: Goal,
    live: Live,
    states: States,
    ways: Vec<Way>,
    offers: Vec<Offer>,
}

/// Is told whether a step passes the goal.
struct Passes(Goal, bool);

impl Observe for Passes {
    fn entered(&mut self, _: &Story, _: &State, _: RoleId, scene: SceneId) {
        self.1 |= self.0 == Goal::Scene(scene);
    }

    fn reached(&mut self, _: &Story, _: &State, _: RoleId, hinge: HingeId) {
        self.1 |= self.0 == Goal::Hinge(hinge);
    }
}

impl Search<'_> {
    /// The states in which a play can begin; the one that is the goal, if one is.
    fn begin(&mut self) -> Option<u32> {
        let story = self.story;
        let setup = self.setup(self.opening.seed.unwrap_or(0));
        let mut way = Some(Told::default());
        while let Some(mut told) = way {
            let mut passes = Passes(self.goal, false);
            let state = match self.opening.seed {
                Some(_) => start_with(story, &setup, &mut Seeded, &mut passes),
                None => start_with(story, &setup, &mut told, &mut passes),
            };
            let met = passes.1 || self.is_met(&state);
            let index = self.keep(state, (0, None));
            if met {
                return Some(index);
            }
            way = told.next();
        }
        None
    }

    fn setup(&self, seed: u64) -> Setup {
        Setup { roles: self.opening.roles.clone(), seed, digest: self.opening.digest }
    }

    /// Takes every step from a state; the one that reaches the goal, if one does.
    fn expand(&mut self, from: u32, state: &State) -> Option<u32> {
        let story = self.story;
        for input in self.inputs(state) {
            let (mut way, mut number) = (Some(Told::default()), 0);
            while let Some(mut told) = way {
                let (mut next, mut passes) = (state.clone(), Passes(self.goal, false));
                // It is offered: `inputs` said so.
                let _ = advance(story, &mut next, input, &mut told, &mut passes);
                if passes.1 || self.is_met(&next) {
                    self.ways.push((from, Some((input, number))));
                    return Some(self.ways.len() as u32 - 1);
                }
                self.keep(next, (from, Some((input, number))));
                number += 1;
                way = told.next();
            }
        }
        None
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

    /// Whether a state is where the play is wanted, so far as no step has to tell.
    fn is_met(&mut self, state: &State) -> bool {
        let story = self.story;
        match self.goal {
            Goal::Choice(choice) => self.inputs(state).iter().any(|input| input.pick == Pick::Choice(choice)),
            Goal::Outcome(wanted) => state.is_over(story) && outcome(story, state) == Some(wanted),
            Goal::Scene(scene) => {
                self.opening.roles.iter().any(|role| state.cursor(story, *role) == Cursor::Scene(scene))
            }
            Goal::Hinge(_) => false,
        }
    }

    /// Keeps a state where it is new; returns its number.
    fn keep(&mut self, mut state: State, way: Way) -> u32 {
        self.forget(&mut state);
        let index = self.states.insert(state.words());
        if index as usize == self.ways.len() {
            self.ways.push(way);
        }
        index
    }

    fn forget(&self, state: &mut State) {
        let alone = if let [role] = self.opening.roles[..] { Some(role) } else { None };
        state.rewrite(|words| self.live.forget(self.story, words, alone));
    }

    /// The play to a state, every line of it taken by the engine.
    fn trace(&self, found: u32) -> Trace {
        let (mut at, mut moves) = (found, Vec::new());
        while let (from, Some((input, way))) = self.ways[at as usize] {
            moves.push(Move { input, fell: self.falls(from, input, way), line: String::new() });
            at = from;
        }
        moves.reverse();
        let beginning = State::from_words(self.story, self.states.words(at));
        let seed = self.opening.seed.or_else(|| self.seed(&beginning));
        let mut play = Play::begin(self.story, self.setup(seed.unwrap_or(0)));
        for step in &mut moves {
            let place = play.view(self.story, step.input.role).at;
            step.line = Play::input_name(self.story, &place, step.input);
            step.fell.iter().for_each(|target| step.line.push_str(&format!(" -> {}", name(self.story, *target))));
            // What was left out of the states that were compared changes no step.
            let _ = play.take_falling(self.story, step.input, &step.fell);
        }
        Trace { digest: self.opening.digest, seed, moves }
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
            let _ = start_with(self.story, &self.setup(0), &mut told, &mut ());
            count += 1;
            way = told.next();
        }
        let begins = |seed: &u64| {
            let mut state = start(self.story, &self.setup(*seed));
            self.forget(&mut state);
            state.words() == beginning.words()
        };
        if count > 1 { (0..SEEDS).find(begins) } else { None }
    }
}

fn name(story: &Story, target: Target) -> &str {
    match target {
        Target::Scene(scene) => &story.scenes[scene.index()].id,
        Target::Hinge(hinge) => &story.hinges[hinge.index()].id,
        Target::Return => "@return",
    }
}

/// States in the order in which they were found, each once.
struct States {
    len: usize,
    words: Vec<u64>,
    table: HashTable<u32>,
    hasher: FixedState,
}

impl States {
    fn of(len: usize) -> States {
        States { len, words: Vec::new(), table: HashTable::new(), hasher: FixedState::with_seed(1917) }
    }

    fn len(&self) -> usize {
        self.table.len()
    }

    fn bytes(&self) -> usize {
        self.words.capacity() * 8 + self.table.capacity() * 5
    }

    fn words(&self, index: u32) -> &[u64] {
        &self.words[index as usize * self.len..][..self.len]
    }

    fn insert(&mut self, state: &[u64]) -> u32 {
        let States { len, words, table, hasher } = self;
        let of = |index: u32| &words[index as usize * *len..][..*len];
        let hash = hasher.hash_one(state);
        if let Some(index) = table.find(hash, |index| of(*index) == state) {
            return *index;
        }
        let next = table.len() as u32;
        table.insert_unique(hash, next, |index| hasher.hash_one(of(*index)));
        words.extend_from_slice(state);
        next
    }
}
