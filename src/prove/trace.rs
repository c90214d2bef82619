//! Plays to a state: the shortest way there, taken again in the engine before it is shown.

use super::explore::{Space, Step, Task, inputs};
use super::store::StateId;
use crate::engine::{Input, Play, Setup, State, Told, advance, start};
use crate::story::model::{RoleId, Story, Target};

/// One line of a trace: who did what, and where chance fell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// The input.
    pub input: Input,
    /// Where chance led, in order.
    pub fell: Vec<Target>,
    /// As `--script` reads it: `queue.wait -> nothing_left`.
    pub line: String,
}

/// A play that shows something.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Trace {
    /// Whether the short course was asked for.
    pub digest: bool,
    /// The seed with which the play begins so, where its beginning is left to chance.
    pub seed: Option<u64>,
    /// What was done, in order.
    pub moves: Vec<Move>,
}

impl Trace {
    /// As `--script` reads it.
    pub fn lines(&self) -> Vec<String> {
        // What a script begins with: the short course, and the seed of a beginning by chance.
        let course = self.digest.then(|| "digest".to_owned());
        let seed = self.seed.map(|seed| format!("seed {seed}"));
        let moves = self.moves.iter().map(|step| step.line.clone());
        course.into_iter().chain(seed).chain(moves).collect()
    }

    /// How the play is begun.
    fn setup(&self, roles: &[RoleId]) -> Setup {
        Setup { roles: roles.to_vec(), seed: self.seed.unwrap_or(0), digest: self.digest }
    }
}

/// The shortest play to a state, and past it by one more step where there is one.
pub fn to(task: &Task<'_>, space: &Space, state: StateId, past: Option<Step>) -> Trace {
    let mut steps = Vec::new();
    let mut at = state;
    while at >= space.beginnings {
        let step = space.steps[at as usize];
        steps.push(step);
        at = step.from;
    }
    steps.reverse();
    steps.extend(past.filter(|step| step.edge != u32::MAX));
    along(task, space, at, &steps)
}

/// The play along a way through the states.
pub fn along(task: &Task<'_>, space: &Space, beginning: StateId, steps: &[Step]) -> Trace {
    let mut words = vec![0; task.story.layout.words];
    space.store.read(beginning, &mut words);
    let digest = State::from_words(task.story, &words).digest(task.story);
    let mut trace = Trace { digest, seed: seed(task, space, &words, digest), moves: Vec::new() };
    for step in steps {
        space.store.read(step.from, &mut words);
        let state = State::from_words(task.story, &words);
        trace.moves.extend(nth(task, &state, step.edge));
    }
    name(task.story, &task.roles, &mut trace);
    trace
}

/// The first seed with which a play begins in the state of these words; `None` where nothing is
/// left to chance there.
fn seed(task: &Task<'_>, space: &Space, words: &[u64], digest: bool) -> Option<u64> {
    // First scenes draw few storylets: a few seeds find every way in which that falls.
    const SEEDS: u64 = 100_000;
    let alike = space.begins.iter().filter(|(id, _)| {
        let mut other = vec![0; words.len()];
        space.store.read(*id, &mut other);
        State::from_words(task.story, &other).digest(task.story) == digest
    });
    if alike.count() < 2 {
        return None;
    }
    let alone = if let [role] = task.roles[..] { Some(role) } else { None };
    (0..SEEDS).find(|&seed| {
        let mut state = start(task.story, &Setup { roles: task.roles.clone(), seed, digest });
        state.rewrite(|words| task.live.forget(task.story, words, alone));
        state.words() == words
    })
}

/// The input and the falls of the edge of this number.
fn nth(task: &Task<'_>, state: &State, edge: u32) -> Option<Move> {
    let (mut offers, mut open) = (Vec::new(), Vec::new());
    inputs(task, state, &mut offers, &mut open);
    let mut left = edge;
    for input in open {
        let mut way = Some(Told::default());
        while let Some(mut told) = way {
            let mut next = state.clone();
            let _ = advance(task.story, &mut next, input, &mut told, &mut ());
            if left == 0 {
                return Some(Move { input, fell: told.fell().collect(), line: String::new() });
            }
            left -= 1;
            way = told.next();
        }
    }
    None
}

/// Takes the play in the engine, on all its variables, and names each line as it goes.
fn name(story: &Story, roles: &[RoleId], trace: &mut Trace) {
    let mut play = Play::begin(story, trace.setup(roles));
    for step in &mut trace.moves {
        let at = play.view(story, step.input.role).at;
        let mut line = Play::input_name(story, &at, step.input);
        for target in &step.fell {
            line.push_str(" -> ");
            line.push_str(&target_name(story, *target));
        }
        step.line = line;
        // The same step from the full state: the states that were compared forget only what
        // nothing reads. A refusal here would be a fault of the prover, and the caller sees that
        // the play did not get there.
        if !matches!(play.take_falling(story, step.input, &step.fell), Ok(None)) {
            break;
        }
    }
}

/// Whether a trace is a play: every line is taken by the engine.
pub fn replays(story: &Story, roles: &[RoleId], trace: &Trace) -> Option<State> {
    let mut play = Play::begin(story, trace.setup(roles));
    for step in &trace.moves {
        match play.take_falling(story, step.input, &step.fell) {
            Ok(None) => {}
            _ => return None,
        }
    }
    Some(play.state().clone())
}

fn target_name(story: &Story, target: Target) -> String {
    match target {
        Target::Scene(scene) => story.scenes[scene.index()].id.to_string(),
        Target::Hinge(hinge) => story.hinges[hinge.index()].id.to_string(),
        Target::Return => "@return".to_owned(),
    }
}
