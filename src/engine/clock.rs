//! The calendar moves, and what history has ready happens.
//!
//! What is due on a day has happened before a scene of that day begins: who would prevent it must
//! act before.

use super::eval;
use super::observe::{Cause, Observe};
use super::state::{Stage, State, Status};
use super::turn::Turn;
use crate::calendar::Day;
use crate::story::model::{EventId, OutcomeId, RoleId, Story};

/// Status of an event in its field: 0 pending, 1 averted, else the day it happened on, counted
/// from the eve, plus 2.
const AVERTED: i64 = 1;
const HAPPENED: i64 = 2;

/// The outcome for the city once the play is over, else `None`.
pub fn outcome(story: &Story, state: &State) -> Option<OutcomeId> {
    if !state.is_over(story) {
        return None;
    }
    let holds = |index: &usize| eval::holds(story, state, RoleId(0), story.outcomes[*index].guard);
    (0..story.outcomes.len()).find(holds).map(|index| OutcomeId(index as u32))
}

impl<O: Observe, C> Turn<'_, O, C> {
    /// Moves the calendar on, day by day, to `day` (in days from the eve), or not at all where it
    /// has passed it.
    pub(crate) fn move_calendar(&mut self, day: i64) {
        let Some(field) = self.story.layout.day else { return };
        let mut today = self.state.get(field);
        while today < day {
            today += 1;
            self.state.set(field, today);
            self.happen_on(today);
            self.observe.passed(self.story, self.state, self.story.manifest.begins.plus(today as i32 - 1));
        }
    }

    /// Tries the pending events whose day has come, by date and declaration, again and again
    /// until none more happens.
    fn happen_on(&mut self, today: i64) {
        let date = self.story.manifest.begins.plus(today as i32 - 1);
        self.blame(Cause::Clock);
        loop {
            let mut quiet = true;
            for &event in &self.story.clock {
                let declared = &self.story.events[event.index()];
                if declared.date.is_some_and(|due| due > date) {
                    break;
                }
                if self.state.get(declared.field) == 0 && self.is_possible(event) {
                    self.record(event, today);
                    quiet = false;
                }
            }
            if quiet {
                return;
            }
        }
    }

    /// Whether all that an event needs has happened and its guard holds.
    fn is_possible(&mut self, event: EventId) -> bool {
        let declared = &self.story.events[event.index()];
        declared.needs.iter().all(|need| matches!(self.state.status(self.story, *need), Status::Happened(_)))
            && self.observe.holds(self.story, self.state, RoleId(0), declared.guard)
    }

    /// A pending event happens on `today`: its effects run, once.
    pub(crate) fn record(&mut self, event: EventId, today: i64) {
        let declared = &self.story.events[event.index()];
        if self.state.get(declared.field) != 0 {
            return;
        }
        self.state.set(declared.field, today + HAPPENED);
        let day = self.story.manifest.begins.plus(today as i32 - 1);
        self.observe.happened(self.story, self.state, event, day);
        if !declared.effects.is_empty() {
            let cause = self.cause;
            self.blame(Cause::Event(event));
            self.run_on(declared.effects, None, today);
            self.blame(cause);
        }
    }

    /// Averts a pending event, and at once every pending event that needs it.
    pub(crate) fn avert(&mut self, event: EventId, by: Option<EventId>) {
        let declared = &self.story.events[event.index()];
        if self.state.get(declared.field) != 0 {
            return;
        }
        self.state.set(declared.field, AVERTED);
        self.observe.averted(self.story, event, by);
        // Each event is averted once and needs form no cycle, so this ends; it goes no deeper
        // than the longest chain of needs, which linking bounds.
        for &dependent in &declared.needed_by {
            self.avert(dependent, Some(event));
        }
    }

    /// Whether an event by the clock is pending and due after the calendar's day, up to `day`.
    pub(crate) fn is_due_by(&self, day: i64) -> bool {
        let calendar = self.state.day(self.story);
        let until = self.story.manifest.begins.plus(day as i32 - 1);
        self.story.clock.iter().any(|&event| {
            let declared = &self.story.events[event.index()];
            let due = declared.date.is_some_and(|date| date > calendar && date <= until);
            due && self.state.get(declared.field) == 0
        })
    }

    /// The earliest day among the roles that still play, in days from the eve.
    pub(crate) fn earliest(&self) -> Option<i64> {
        let playing = |&role: &RoleId| !matches!(self.state.stage(self.story, role), Stage::Absent | Stage::Ended);
        let roles = (0..self.story.roles.len() as u32).map(RoleId);
        roles.filter(playing).map(|role| self.state.day_of(self.story, role)).min()
    }
}

/// A day as an offset from the eve of the story's first day, brought within the story.
pub(crate) fn offset(story: &Story, day: Day) -> i64 {
    i64::from(day.since(story.manifest.begins)) + 1
}

/// The last day of the story, in days from the eve.
pub(crate) fn last(story: &Story) -> i64 {
    offset(story, story.manifest.ends)
}
