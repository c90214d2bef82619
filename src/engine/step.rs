//! From a state and an input to the next state.

use super::chance::{Chance, Seeded, Told};
use super::observe::{Cause, Observe};
use super::offer::{Pick, is_offered};
use super::state::State;
use super::turn::Turn;
use crate::story::model::{RoleId, Story, Target};

/// What a role does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Input {
    /// Who.
    pub role: RoleId,
    /// What.
    pub pick: Pick,
}

/// Why an input was not taken. The state is as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Nobody plays this role.
    NotPlayed,
    /// The role's play is over.
    Over,
    /// The role waits for others, or for its day.
    Waiting,
    /// Nothing of the kind is offered here.
    NotOffered,
    /// It is offered, but its guard is closed.
    Closed,
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Refusal::NotPlayed => "nobody plays this role",
            Refusal::Over => "this role's play is over",
            Refusal::Waiting => "this role waits for the others",
            Refusal::NotOffered => "this is not offered here",
            Refusal::Closed => "this is closed now",
        })
    }
}

impl std::error::Error for Refusal {}

/// Which roles are played, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setup {
    /// Who is played, at least one; only roles with a start can be.
    pub roles: Vec<RoleId>,
    /// What decides where chance is asked.
    pub seed: u64,
    /// Whether the short course is asked for.
    pub digest: bool,
}

/// Returns the state in which a play begins: every role that is played has entered its first
/// scene, and what was due on the first day has happened.
pub fn start(story: &Story, setup: &Setup) -> State {
    start_with(story, setup, &mut Seeded, &mut ())
}

/// As [`start`], with chance and an observer of the caller's.
pub fn start_with(story: &Story, setup: &Setup, chance: &mut impl Chance, observe: &mut impl Observe) -> State {
    let mut state = State::blank(story, setup.seed);
    if let Some(field) = story.layout.digest {
        state.set(field, setup.digest.into());
    }
    let mut turn = Turn { story, state: &mut state, chance, observe, cause: Cause::Beginning };
    for &role in &setup.roles {
        if let Some(start) = story.roles[role.index()].start {
            turn.state.set(story.layout.played[role.index()], 1);
            turn.state.set(story.layout.cursors[role.index()].day, 0);
            turn.travel(role, start);
        }
    }
    turn.settle();
    state
}

/// Returns the state that follows `state` when a role does something.
///
/// The same arguments always give the same answer: no clock, no files, no environment. Where the
/// story leaves something to chance, the seed in `state` decides; [`branches`] gives every way it
/// could have fallen, with its weight.
///
/// # Errors
///
/// Returns a [`Refusal`] when nothing of the kind is offered to the role, or it is closed.
pub fn step(story: &Story, state: &State, input: Input) -> Result<State, Refusal> {
    let mut next = state.clone();
    advance(story, &mut next, input, &mut Seeded, &mut ())?;
    Ok(next)
}

/// As [`step`], in place, with chance and an observer of the caller's. Allocates nothing of its
/// own.
///
/// # Errors
///
/// As [`step`]; `state` is unchanged then.
pub fn advance(
    story: &Story,
    state: &mut State,
    input: Input,
    chance: &mut impl Chance,
    observe: &mut impl Observe,
) -> Result<(), Refusal> {
    is_offered(story, state, input)?;
    advance_offered(story, state, input, chance, observe);
    Ok(())
}

/// As [`advance`], of an input that is known to be offered: an observer that answers for the state
/// has offered it itself.
pub fn advance_offered(
    story: &Story,
    state: &mut State,
    input: Input,
    chance: &mut impl Chance,
    observe: &mut impl Observe,
) {
    let mut turn = Turn { story, state, chance, observe, cause: Cause::Beginning };
    turn.take(input);
    turn.settle();
}

/// One way in which a step can fall.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch {
    /// Its chance, as a fraction: numerator and denominator.
    pub weight: (u128, u128),
    /// Where chance led, in order.
    pub fell: Vec<Target>,
    /// The state that follows.
    pub state: State,
}

/// Returns every way in which a step can fall, with its weight; the weights sum to one.
///
/// # Errors
///
/// As [`step`].
pub fn branches(story: &Story, state: &State, input: Input) -> Result<Vec<Branch>, Refusal> {
    is_offered(story, state, input)?;
    Ok(every_way(|told| {
        let mut next = state.clone();
        // It is offered, as was asked above.
        let _ = advance(story, &mut next, input, told, &mut ());
        next
    }))
}

/// Returns every way in which a play can begin: a first scene may draw storylets.
pub fn beginnings(story: &Story, setup: &Setup) -> Vec<Branch> {
    every_way(|told| start_with(story, setup, told, &mut ()))
}

fn every_way(mut take: impl FnMut(&mut Told) -> State) -> Vec<Branch> {
    let mut branches = Vec::new();
    let mut next = Some(Told::default());
    while let Some(mut told) = next {
        let mut state = take(&mut told);
        state.draws = 0;
        branches.push(Branch { weight: told.weight(), fell: told.fell().collect(), state });
        next = told.next();
    }
    branches
}
