//! Being told of a step while it is taken: how prose, news and causes reach those who show them.

use super::state::State;
use crate::calendar::Day;
use crate::lang::ProseId;
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

/// Is told what happens during a step, in order. Every method does nothing unless it is written.
#[expect(unused_variables, reason = "the methods that do nothing name their arguments for those that do")]
pub trait Observe {
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
