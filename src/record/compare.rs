//! A play and the record, side by side.

use super::cause::{Inquiry, Link};
use super::course::Course;
use super::gate::{Gate, gate};
use super::makers::Makers;
use super::reads::Fields;
use super::remedy::{Remedy, WhatIf};
use super::trace::Trace;
use super::verdict::{Status, Verdict, fidelity, verdict};
use crate::calendar::Day;
use crate::engine::{self, Cursor, Input, Play, Setup, State};
use crate::story::Story;
use crate::story::model::{EventId, OutcomeId, RoleId, SceneId, VariableId};

/// Something that a player did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Act {
    /// Its place in the play's log.
    pub entry: usize,
    /// What.
    pub input: Input,
    /// The role's day.
    pub day: Day,
}

/// One event in both courses, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    /// How it came out.
    pub verdict: Verdict,
    /// The choices that it hangs on, in the order in which they were taken.
    pub because: Vec<Act>,
    /// The shortest way from one of them to the event, the choice first; empty where `because` is.
    pub chain: Vec<Link>,
    /// Where it parts from the record: how wide a gate history left open there.
    pub gate: Option<Gate>,
    /// Where it parts from the record: the earliest choice of `because` that, taken otherwise,
    /// would have kept it; none where no single one would.
    pub remedy: Option<Remedy>,
}

/// Why the city came to something other than what happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Otherwise {
    /// The choices that it hangs on, in the order in which they were taken.
    pub because: Vec<Act>,
    /// The shortest way from one of them to the outcome.
    pub chain: Vec<Link>,
    /// How wide a gate history left open there.
    pub gate: Option<Gate>,
    /// The earliest choice that, taken otherwise, would have brought the historical outcome.
    pub remedy: Option<Remedy>,
}

/// Where a role's play stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoleEnd {
    /// Which role.
    pub role: RoleId,
    /// Its ending, once it has reached one.
    pub ending: Option<SceneId>,
}

/// A play held against the record.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// Whether every role that is played has reached an ending.
    pub over: bool,
    /// The day to which the play has come.
    pub today: Day,
    /// The roles that are played.
    pub roles: Vec<RoleEnd>,
    /// The outcome for the city, once the play is over.
    pub outcome: Option<OutcomeId>,
    /// Why, where that is not the historical one.
    pub otherwise: Option<Otherwise>,
    /// The share of the record that was kept, from 0 to 1, both included.
    pub fidelity: f64,
    /// The events, by their recorded day, or played day where there is none.
    pub events: Vec<Compared>,
    /// The variables that have a record or a name, in the order of declaration.
    pub courses: Vec<Course>,
    /// What the player did, in order.
    pub acts: Vec<Act>,
}

impl Comparison {
    /// The events that came out so.
    pub fn of_status(&self, status: Status) -> impl Iterator<Item = &Compared> + '_ {
        self.events.iter().filter(move |compared| compared.verdict.status == status)
    }

    /// One event.
    pub fn event(&self, event: EventId) -> Option<&Compared> {
        self.events.iter().find(|compared| compared.verdict.event == event)
    }
}

/// The play that was to be compared is not over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unfinished;

impl std::fmt::Display for Unfinished {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a role that is played has not reached an ending")
    }
}

impl std::error::Error for Unfinished {}

/// Compares a finished play with the record; see [`compare`].
///
/// # Errors
///
/// Returns [`Unfinished`] while a role that is played has not reached an ending.
pub fn compare_finished(story: &Story, play: &Play) -> Result<Comparison, Unfinished> {
    if play.state().is_over(story) { Ok(compare(story, play)) } else { Err(Unfinished) }
}

/// Compares a play with the record, event by event, in order of date.
///
/// Days are counted in the story's calendar. An event is kept when it happened at most `window`
/// days before or after its date. While the play is not over, what has not happened is to come
/// until its window has passed, and late from then on; only what was averted is called so.
pub fn compare(story: &Story, play: &Play) -> Comparison {
    let state = play.state();
    let trace = Trace::of(story, play);
    let ids = (0..story.events.len() as u32).map(EventId);
    let verdicts: Vec<Option<Verdict>> = ids.map(|event| verdict(story, state, event)).collect();
    let (makers, fields) = (Makers::of(story), Fields::of(story));
    let inquiry = Inquiry { story, play, trace: &trace, verdicts: &verdicts, makers, fields };
    let acts: Vec<Act> = (0..trace.moments.len()).map(|entry| act(play, &trace, entry)).collect();
    let mut what_if = WhatIf::new(story, play, &trace);
    let mut found: Vec<&Verdict> = verdicts.iter().flatten().collect();
    found.sort_by_key(|verdict| (verdict.recorded.or(verdict.played), verdict.event));
    let alone = engine::start(story, &Setup { roles: Vec::new(), seed: 0, digest: false });
    let explained = |verdict: &Verdict| {
        let mut compared = explain(story, &inquiry, &mut what_if, &acts, verdict);
        if owes_nothing(story, &alone, &compared) {
            (compared.because, compared.chain) = (Vec::new(), Vec::new());
        }
        compared
    };
    let events = found.into_iter().map(explained).collect();
    let outcome = engine::outcome(story, state);
    let otherwise = outcome.filter(|outcome| !story.outcomes[outcome.index()].historical);
    let today = state.day(story);
    let followed = (0..story.variables.len()).filter(|&index| !trace.lines[index].is_empty());
    let course = |index: usize| {
        Course::new(VariableId(index as u32), &story.variables[index], trace.lines[index].clone(), today)
    };
    Comparison {
        over: state.is_over(story),
        today,
        roles: state.played(story).map(|role| RoleEnd { role, ending: ending(story, play, role) }).collect(),
        outcome,
        otherwise: otherwise.map(|outcome| explain_outcome(story, &inquiry, &mut what_if, &acts, outcome)),
        fidelity: fidelity(story, state),
        events,
        courses: followed.map(course).collect(),
        acts,
    }
}

/// Whether an event was kept on the day on which it happens when nobody acts, and nobody brought
/// it about: what moved a variable that its guard reads then made no difference.
fn owes_nothing(story: &Story, alone: &State, compared: &Compared) -> bool {
    let kept = compared.verdict.status == Status::Kept;
    let same =
        || verdict(story, alone, compared.verdict.event).is_some_and(|alone| alone.played == compared.verdict.played);
    let through = |link: &Link| matches!(link, Link::Moved(..) | Link::Threshold(..));
    kept && same() && compared.chain.iter().any(through)
}

fn act(play: &Play, trace: &Trace, entry: usize) -> Act {
    Act { entry, input: play.log()[entry].input, day: trace.moments[entry].day }
}

fn ending(story: &Story, play: &Play, role: RoleId) -> Option<SceneId> {
    match play.state().cursor(story, role) {
        Cursor::Ending(scene) => Some(scene),
        _ => None,
    }
}

fn explain(
    story: &Story,
    inquiry: &Inquiry<'_>,
    what_if: &mut WhatIf<'_>,
    acts: &[Act],
    verdict: &Verdict,
) -> Compared {
    let explanation = inquiry.explain(verdict.event);
    let departs = verdict.status.departs();
    let picks = explanation.because.iter().map(|&entry| acts[entry].input.pick);
    let day = verdict.recorded.or(verdict.played).unwrap_or(story.manifest.begins);
    Compared {
        verdict: *verdict,
        gate: departs.then(|| gate(story, day, &explanation.thresholds, picks)).flatten(),
        remedy: departs.then(|| what_if.remedy(verdict.event, &explanation.because)).flatten(),
        because: explanation.because.iter().map(|&entry| acts[entry]).collect(),
        chain: explanation.chain,
    }
}

fn explain_outcome(
    story: &Story,
    inquiry: &Inquiry<'_>,
    what_if: &mut WhatIf<'_>,
    acts: &[Act],
    outcome: OutcomeId,
) -> Otherwise {
    let explanation = inquiry.explain_outcome(outcome);
    let picks = explanation.because.iter().map(|&entry| acts[entry].input.pick);
    Otherwise {
        gate: gate(story, story.manifest.ends, &explanation.thresholds, picks),
        remedy: what_if.remedy_of_outcome(&explanation.because),
        because: explanation.because.iter().map(|&entry| acts[entry]).collect(),
        chain: explanation.chain,
    }
}
