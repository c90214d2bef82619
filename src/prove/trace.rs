//! Plays that show something: every trace is taken in the engine, on all its variables, before
//! anybody sees it.

use super::cells::Data;
use super::packed::Program;
use super::sweep::Space;
use super::walk::Way;
use crate::engine::{Fall, Input, Play, Setup, State, start};
use crate::story::model::{RoleId, Story, Target};

/// One line of a trace: who did what, and where chance fell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// The input.
    pub input: Input,
    /// Where chance led, in order.
    pub fell: Vec<Fall>,
    /// As `--script` reads it: `queue.wait -> nothing_left`.
    pub line: String,
    /// The title of the scene or hinge where it was done.
    pub title: String,
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

/// A trace that the engine takes, with a seed where one is given, and the state to which it leads; `None` where the engine doesn't
/// take it, which is a fault of the prover.
pub(super) fn along<const W: usize>(
    story: &Story,
    space: &Space<'_, '_, W>,
    way: &Way,
    given: Option<u64>,
) -> Option<(Trace, State)> {
    let program = space.program;
    let controls = program.controls;
    let beginning = &controls.beginnings[way.beginning];
    let seed = if given.is_some() { given } else { seed(story, space, way)? };
    let mut trace = Trace { digest: beginning.digest, seed, moves: Vec::new() };
    for step in &way.steps {
        let trees = &controls.list[step.control as usize].trees;
        let arrival = &trees.arrivals[(step.landing - program.first_landing[step.control as usize]) as usize];
        let input = trees.inputs[usize::from(step.input)].0;
        trace.moves.push(Move { input, fell: arrival.fell.to_vec(), line: String::new(), title: String::new() });
    }
    name(story, &controls.roles, &mut trace).then_some(())?;
    let state = replays(story, &controls.roles, &trace)?;
    Some((trace, state))
}

/// The first seed with which a play begins so; an inner `None` where nothing is left to chance
/// there, an outer one where no seed was found.
fn seed<const W: usize>(story: &Story, space: &Space<'_, '_, W>, way: &Way) -> Option<Option<u64>> {
    // First scenes draw few storylets: a few seeds find every way in which that falls.
    const SEEDS: u64 = 100_000;
    let program = space.program;
    let controls = program.controls;
    let beginning = &controls.beginnings[way.beginning];
    if beginning.trees.arrivals.len() < 2 {
        return Some(None);
    }
    let ranges = &beginning.ranges;
    let data = program.data(|field| ranges.get(field).0);
    let mut wanted = None;
    program.run(program.begins[way.beginning], data, &mut |_| {}, &mut |landing, data| {
        if landing == way.landing {
            wanted = Some((program.landings[landing as usize].to, *data));
        }
    });
    let (to, data) = wanted?;
    let shape = &program.shapes[to as usize];
    let digest = beginning.digest;
    let begins_so = |seed: &u64| {
        let state = start(story, &Setup { roles: controls.roles.clone(), seed: *seed, digest });
        controls.find(&state) == Some(to) && shape.forget(&read(program, &state)) == shape.forget(&data)
    };
    (0..SEEDS).find(begins_so).map(Some)
}

/// The fields of a state of the engine, packed.
pub(super) fn read<const W: usize>(program: &Program<'_, W>, state: &State) -> Data<W> {
    program.data(|field| {
        let declared = program.controls.fields.get(field);
        declared.index(state.get(declared.field))
    })
}

/// Names each line as the play goes; whether the engine took them all.
fn name(story: &Story, roles: &[RoleId], trace: &mut Trace) -> bool {
    let mut play = Play::begin(story, trace.setup(roles));
    for step in &mut trace.moves {
        let at = play.view(story, step.input.role).at;
        let mut line = Play::input_name(story, &at, step.input);
        for fall in &step.fell {
            line.push_str(" -> ");
            line.push_str(&fall.write(&target_name(story, fall.to)));
        }
        step.line = line;
        step.title = title(story, &at);
        if !matches!(play.take_falling(story, step.input, &step.fell), Ok(None)) {
            return false;
        }
    }
    true
}

/// The state to which a trace leads; `None` where it is no play.
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

/// The title of the place of this id.
fn title(story: &Story, at: &str) -> String {
    let scene = || story.scene_named(at).map(|scene| story.scenes[scene.index()].title.to_string());
    let hinge = || story.hinge_named(at).map(|hinge| story.hinges[hinge.index()].title.to_string());
    scene().or_else(hinge).unwrap_or_default()
}

/// What a target is called in traces.
pub(super) fn target_name(story: &Story, target: Target) -> String {
    match target {
        Target::Scene(scene) => story.scenes[scene.index()].id.to_string(),
        Target::Hinge(hinge) => story.hinges[hinge.index()].id.to_string(),
        Target::Return => "@return".to_owned(),
    }
}
