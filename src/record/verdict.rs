//! How one event came out in a play, seen from its state alone.

use crate::calendar::Day;
use crate::engine::{self, State};
use crate::story::Story;
use crate::story::model::EventId;

/// How an event came out, held against the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// It happened within its window of its date.
    Kept,
    /// It happened before.
    Early,
    /// It happened after; in a play that is not over, or it is overdue.
    Late,
    /// It never happened.
    Averted,
    /// It happened here and not in reality.
    Invented,
    /// The play is not over, and its day has not come.
    ToCome,
}

impl Status {
    /// As it stands in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Status::Kept => "kept",
            Status::Early => "early",
            Status::Late => "late",
            Status::Averted => "averted",
            Status::Invented => "invented",
            Status::ToCome => "to-come",
        }
    }

    /// Whether the play parts from the record here.
    pub fn departs(self) -> bool {
        !matches!(self, Status::Kept | Status::ToCome)
    }
}

/// One event in both courses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Which.
    pub event: EventId,
    /// Its day in the record; none where it did not happen in reality.
    pub recorded: Option<Day>,
    /// Its day in the play.
    pub played: Option<Day>,
    /// How the two compare.
    pub status: Status,
    /// Days from the recorded to the played day, or to today where it is overdue; negative where
    /// it came early, 0 where there is nothing to count.
    pub days: i32,
}

/// Returns how an event came out, `None` for one that neither course knows: a counterfactual that
/// did not happen, an event dated after the story's last day.
pub fn verdict(story: &Story, state: &State, event: EventId) -> Option<Verdict> {
    let declared = &story.events[event.index()];
    let found = |recorded, played, status, days| Some(Verdict { event, recorded, played, status, days });
    let status = state.status(story, event);
    let Some(date) = declared.date.filter(|_| !declared.counterfactual) else {
        let engine::Status::Happened(day) = status else { return None };
        return found(None, Some(day), Status::Invented, 0);
    };
    let window = i32::try_from(declared.window).unwrap_or(i32::MAX);
    match status {
        engine::Status::Happened(day) => {
            let days = day.since(date);
            let status = match days {
                _ if days.saturating_abs() <= window => Status::Kept,
                ..0 => Status::Early,
                _ => Status::Late,
            };
            found(Some(date), Some(day), status, days)
        }
        _ if date > story.manifest.ends => None,
        engine::Status::Averted => found(Some(date), None, Status::Averted, 0),
        engine::Status::Pending if state.is_over(story) => found(Some(date), None, Status::Averted, 0),
        engine::Status::Pending => {
            let overdue = state.day(story).since(date);
            if overdue > window {
                found(Some(date), None, Status::Late, overdue)
            } else {
                found(Some(date), None, Status::ToCome, 0)
            }
        }
    }
}

/// Returns the share of the record that was kept, from 0 to 1, both included: the weighted mean
/// over the historical events dated from the story's first day to its last, kept 1, early and late
/// one half, averted 0. While a play is not over, over those that have come out; 1 where there are
/// none.
pub fn fidelity(story: &Story, state: &State) -> f64 {
    let (mut kept, mut all) = (0, 0);
    for (index, declared) in story.events.iter().enumerate() {
        let span = story.manifest.begins..=story.manifest.ends;
        if declared.counterfactual || !declared.date.is_some_and(|date| span.contains(&date)) {
            continue;
        }
        let Some(verdict) = verdict(story, state, EventId(index as u32)) else { continue };
        let halves = match verdict.status {
            Status::Kept => 2,
            Status::Early | Status::Late => 1,
            Status::Averted => 0,
            Status::Invented | Status::ToCome => continue,
        };
        kept += u64::from(declared.weight) * halves;
        all += u64::from(declared.weight) * 2;
    }
    if all == 0 { 1.0 } else { kept as f64 / all as f64 }
}
