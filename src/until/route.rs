//! A play as a list of lines, as `play --script` reads it.

use super::Opening;
use crate::engine::{Input, Play, Setup, State};
use crate::story::model::{RoleId, Story, Target};

/// One line: who did what, and where chance fell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// The input.
    pub input: Input,
    /// Where chance led, in order.
    pub fell: Vec<Target>,
    /// As `--script` reads it: `queue.wait -> nothing_left`.
    pub line: String,
}

/// A play.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Route {
    /// Whether the short course was asked for.
    pub digest: bool,
    /// The seed with which it begins so, where its beginning is left to chance.
    pub seed: Option<u64>,
    /// What was done, in order.
    pub moves: Vec<Move>,
}

impl Route {
    /// The play of these inputs, every line of it taken by the engine and named.
    pub(super) fn taken(
        story: &Story,
        opening: &Opening,
        seed: Option<u64>,
        moves: Vec<(Input, Vec<Target>)>,
    ) -> Route {
        let mut play = Play::begin(story, setup(opening, seed.unwrap_or(0)));
        let mut route = Route { digest: opening.digest, seed, moves: Vec::with_capacity(moves.len()) };
        for (input, fell) in moves {
            let place = play.view(story, input.role).at;
            let mut line = Play::input_name(story, &place, input);
            fell.iter().for_each(|target| line.push_str(&format!(" -> {}", name(story, *target))));
            // What was left out of the states that were compared changes no step.
            let _ = play.take_falling(story, input, &fell);
            route.moves.push(Move { input, fell, line });
        }
        route
    }

    /// As `--script` reads it.
    pub fn lines(&self) -> Vec<String> {
        // What a script begins with: the short course, and the seed of a beginning by chance.
        let course = self.digest.then(|| "digest".to_owned());
        let seed = self.seed.map(|seed| format!("seed {seed}"));
        course.into_iter().chain(seed).chain(self.moves.iter().map(|step| step.line.clone())).collect()
    }

    /// The state to which it leads; `None` where the engine doesn't take a line of it.
    pub fn replayed(&self, story: &Story, roles: &[RoleId]) -> Option<State> {
        let setup = Setup { roles: roles.to_vec(), seed: self.seed.unwrap_or(0), digest: self.digest };
        let mut play = Play::begin(story, setup);
        for step in &self.moves {
            match play.take_falling(story, step.input, &step.fell) {
                Ok(None) => {}
                _ => return None,
            }
        }
        Some(play.state().clone())
    }
}

/// How a play of an opening is set up.
pub(super) fn setup(opening: &Opening, seed: u64) -> Setup {
    Setup { roles: opening.roles.clone(), seed, digest: opening.digest }
}

fn name(story: &Story, target: Target) -> &str {
    match target {
        Target::Scene(scene) => &story.scenes[scene.index()].id,
        Target::Hinge(hinge) => &story.hinges[hinge.index()].id,
        Target::Return => "@return",
    }
}
