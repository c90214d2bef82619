//! What plays reach, and what goes wrong on the way, told by the engine while it steps.

use crate::calendar::Day;
use crate::engine::{Observe, State, Status};
use crate::story::model::{EventId, HingeId, RoleId, SceneId, Story, When};

/// What went wrong in a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wrong {
    /// A scene is dated before the day on which it is entered.
    RunsBack(SceneId),
    /// An event happened without what it needs.
    WithoutNeeds(EventId),
}

/// All that was reached, and the first step in which each thing went wrong.
#[derive(Debug)]
pub struct Seen {
    /// By scene.
    pub scenes: Vec<bool>,
    /// By hinge.
    pub hinges: Vec<bool>,
    /// By choice.
    pub choices: Vec<bool>,
    /// By entry of a `goto`.
    pub entries: Vec<bool>,
    /// By outcome of a hinge.
    pub turns: Vec<bool>,
    /// By event: whether it happened in some play.
    pub events: Vec<bool>,
    /// What went wrong in the step under way.
    pub now: Vec<Wrong>,
    /// The day on which each role stood before the step under way.
    pub days: Vec<Day>,
}

impl Seen {
    /// Nothing reached yet.
    pub fn none(story: &Story) -> Seen {
        Seen {
            scenes: vec![false; story.scenes.len()],
            hinges: vec![false; story.hinges.len()],
            choices: vec![false; story.choices.len()],
            entries: vec![false; story.gotos.len()],
            turns: vec![false; story.hinge_outcomes.len()],
            events: story
                .events
                .iter()
                .map(|event| event.date.is_some_and(|date| date < story.manifest.begins))
                .collect(),
            now: Vec::new(),
            days: vec![Day::default(); story.roles.len()],
        }
    }

    /// Adds what another exploration reached.
    pub fn join(&mut self, other: &Seen) {
        let pairs = [
            (&mut self.scenes, &other.scenes),
            (&mut self.hinges, &other.hinges),
            (&mut self.choices, &other.choices),
            (&mut self.entries, &other.entries),
            (&mut self.turns, &other.turns),
            (&mut self.events, &other.events),
        ];
        for (mine, others) in pairs {
            mine.iter_mut().zip(others).for_each(|(mine, other)| *mine |= other);
        }
    }

    /// Before a step from this state.
    pub fn begin(&mut self, story: &Story, state: &State) {
        self.now.clear();
        for (role, day) in self.days.iter_mut().enumerate() {
            *day = state.today(story, RoleId(role as u32));
        }
    }
}

impl Observe for Seen {
    fn entered(&mut self, story: &Story, _: &State, role: RoleId, scene: SceneId) {
        self.scenes[scene.index()] = true;
        let declared = &story.scenes[scene.index()];
        if let When::On(day) = declared.when {
            // A scene that draws is returned to after its day; that is how it is meant.
            let returned = declared.draw.is_some() && self.days[role.index()] > day;
            if day < self.days[role.index()] && !returned {
                self.now.push(Wrong::RunsBack(scene));
            }
        }
    }

    fn reached(&mut self, _: &Story, _: &State, _: RoleId, hinge: HingeId) {
        self.hinges[hinge.index()] = true;
    }

    fn turned(&mut self, _: &Story, _: &State, _: HingeId, outcome: u32) {
        self.turns[outcome as usize] = true;
    }

    fn followed(&mut self, _: &Story, _: &State, _: RoleId, entry: u32) {
        self.entries[entry as usize] = true;
    }

    fn happened(&mut self, story: &Story, state: &State, event: EventId, _: Day) {
        self.events[event.index()] = true;
        let missing = |need: &EventId| !matches!(state.status(story, *need), Status::Happened(_));
        if story.events[event.index()].needs.iter().any(missing) {
            self.now.push(Wrong::WithoutNeeds(event));
        }
    }
}
