//! Being told of a step while it is taken: how prose, news and causes reach those who show them.

use super::eval;
use super::state::State;
use crate::calendar::Day;
use crate::lang::{ExprId, ProseId};
use crate::story::layout::Field;
use crate::story::model::{ChoiceId, EventId, HingeId, RoleId, SceneId, Story, Target, VariableId};

/// On whose account something changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cause {
    /// The story began so.
    Beginning,
    /// A role entered a scene.
    Scene(RoleId, SceneId),
    /// A role took a choice.
    Choice(RoleId, ChoiceId),
    /// A hinge fell out so: the index in the story's hinge outcomes.
    Hinge(HingeId, u32),
    /// An event happened.
    Event(EventId),
    /// The calendar moved.
    Clock,
}

/// What a play remembers beside its variables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Memory {
    /// One more, up to this number.
    UpTo(u32),
    /// One more, modulo this number.
    Turn(u32),
    /// That it was.
    Was,
}

/// Is told what happens during a step, in order, and answers what the step asks of the variables.
/// Every method does nothing unless it is written, and the answers are those of the state.
///
/// Who answers otherwise takes a step for many states at once: the prover does.
#[expect(unused_variables, reason = "the methods that do nothing name their arguments for those that do")]
pub trait Observe {
    /// Whether a guard holds for the role that asks; no guard always does.
    fn holds(&mut self, story: &Story, state: &State, role: RoleId, guard: Option<ExprId>) -> bool {
        eval::holds(story, state, role, guard)
    }
    /// Whether a visit or a choice is remembered in this field.
    fn is_remembered(&mut self, state: &State, field: Field) -> bool {
        state.get(field) > 0
    }
    /// Whether the observer runs this effect on a variable itself: the index in the story's
    /// effects. The step leaves it alone then.
    fn runs(&mut self, story: &Story, state: &State, role: RoleId, effect: usize) -> bool {
        false
    }
    /// A visit or a choice is remembered in this field.
    fn remembered(&mut self, field: Field, how: Memory) {}
    /// What follows, until this is called again, happens on this account.
    fn because(&mut self, cause: Cause) {}
    /// A role reads this now; `state` is what it is rendered from.
    fn said(&mut self, story: &Story, state: &State, role: RoleId, scene: Option<SceneId>, prose: ProseId) {}
    /// A role has entered a scene.
    fn entered(&mut self, story: &Story, state: &State, role: RoleId, scene: SceneId) {}
    /// A role has come to a hinge.
    fn reached(&mut self, story: &Story, state: &State, role: RoleId, hinge: HingeId) {}
    /// A hinge has fallen out: the index in the story's hinge outcomes.
    fn turned(&mut self, story: &Story, state: &State, hinge: HingeId, outcome: u32) {}
    /// An event happened on this day.
    fn happened(&mut self, story: &Story, state: &State, event: EventId, day: Day) {}
    /// An event was averted; by what is named, where the averting of that one averted this.
    fn averted(&mut self, story: &Story, event: EventId, by: Option<EventId>) {}
    /// A variable was written and its value changed.
    fn wrote(&mut self, story: &Story, variable: VariableId, before: i64, after: i64) {}
    /// Chance fell so.
    fn fell(&mut self, story: &Story, to: Target) {}
    /// A role goes the way of an entry of a `goto`: the index in the story's entries.
    fn followed(&mut self, story: &Story, state: &State, role: RoleId, entry: u32) {}
    /// The calendar has come to this day; all that happens on it has happened.
    fn passed(&mut self, story: &Story, state: &State, day: Day) {}
}

/// Nobody looks.
impl Observe for () {}
