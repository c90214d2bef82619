//! Laws, judged on all states of an exploration.

use super::explore::{Space, Step, Task};
use super::graph::Order;
use super::odds::expect;
use super::proof::Verdict;
use super::store::StateId;
use super::trace::{self, Trace};
use crate::engine::{State, value};
use crate::lang::ExprId;
use crate::story::model::{Claim, Law};

/// What came of a law in one exploration.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// Holds, broken or unknown.
    pub verdict: Verdict,
    /// The shortest play that breaks it, or that shows what is possible.
    pub trace: Option<Trace>,
    /// Whether it holds because what it speaks of never comes about.
    pub vacuous: bool,
    /// The chance that it bounds.
    pub chance: Option<f64>,
}

impl Judged {
    fn plain(verdict: Verdict) -> Judged {
        Judged { verdict, trace: None, vacuous: false, chance: None }
    }

    fn shown(verdict: Verdict, trace: Trace) -> Judged {
        Judged { trace: Some(trace), ..Judged::plain(verdict) }
    }
}

/// Judges a law.
pub fn judge(task: &Task<'_>, space: &Space, order: &Order, law: &Law) -> Judged {
    let unfinished = || Judged::plain(if space.complete { Verdict::Holds } else { Verdict::Unknown });
    match law.claim {
        Claim::Always(expr) => match first(task, space, |state| !holds(task, state, expr)) {
            Some(state) => Judged::shown(Verdict::Broken, trace::to(task, space, state, None)),
            None => unfinished(),
        },
        Claim::Never(expr) => match first(task, space, |state| holds(task, state, expr)) {
            Some(state) => Judged::shown(Verdict::Broken, trace::to(task, space, state, None)),
            None => unfinished(),
        },
        Claim::Possible(expr) => match first(task, space, |state| holds(task, state, expr)) {
            Some(state) => Judged::shown(Verdict::Holds, trace::to(task, space, state, None)),
            None => Judged::plain(if space.complete { Verdict::Broken } else { Verdict::Unknown }),
        },
        Claim::Inevitable(expr) => {
            let passed = all(task, space, |state| holds(task, state, expr));
            let mut ends = vec![false; space.store.len()];
            space.over.iter().chain(&space.stuck).for_each(|end| ends[*end as usize] = true);
            match around(space, &passed, &ends) {
                Some((beginning, steps)) => {
                    Judged::shown(Verdict::Broken, trace::along(task, space, beginning, &steps))
                }
                None => unfinished(),
            }
        }
        Claim::Before { first, then } => {
            let passed = all(task, space, |state| holds(task, state, first));
            let reached = all(task, space, |state| holds(task, state, then));
            match around(space, &passed, &reached) {
                Some((beginning, steps)) => {
                    Judged::shown(Verdict::Broken, trace::along(task, space, beginning, &steps))
                }
                None => Judged { vacuous: space.complete && !reached.contains(&true), ..unfinished() },
            }
        }
        Claim::Odds { of, at_least, at_most } => odds(task, space, order, (of, at_least, at_most)),
    }
}

fn odds(task: &Task<'_>, space: &Space, order: &Order, (of, at_least, at_most): (ExprId, f64, f64)) -> Judged {
    if !space.complete {
        return Judged::plain(Verdict::Unknown);
    }
    let chance = expect(space, order, |state| f64::from(u8::from(holds(task, &read(task, space, state), of)))).random;
    // What was computed is right to far more digits than an author writes.
    let within = chance >= at_least - 1e-12 && chance <= at_most + 1e-12;
    let verdict = if within { Verdict::Holds } else { Verdict::Broken };
    Judged { chance: Some(chance), ..Judged::plain(verdict) }
}

/// Whether an expression holds, for the first role that is played.
fn holds(task: &Task<'_>, state: &State, expr: ExprId) -> bool {
    let role = task.roles.first().copied().unwrap_or(crate::story::model::RoleId(0));
    value(task.story, state, role, expr) != 0
}

/// A state of a space.
pub fn read(task: &Task<'_>, space: &Space, id: StateId) -> State {
    let mut words = vec![0; task.story.layout.words];
    space.store.read(id, &mut words);
    State::from_words(task.story, &words)
}

/// The nearest state of which something is true.
pub fn first(task: &Task<'_>, space: &Space, of: impl Fn(&State) -> bool) -> Option<StateId> {
    let mut words = vec![0; task.story.layout.words];
    let mut state = State::from_words(task.story, &task.story.layout.initial);
    (0..space.store.len() as StateId).find(|&id| {
        space.store.read(id, &mut words);
        state.overwrite(&words);
        of(&state)
    })
}

fn all(task: &Task<'_>, space: &Space, of: impl Fn(&State) -> bool) -> Vec<bool> {
    let mut words = vec![0; task.story.layout.words];
    let mut state = State::from_words(task.story, &task.story.layout.initial);
    let mut found = Vec::with_capacity(space.store.len());
    for id in 0..space.store.len() as StateId {
        space.store.read(id, &mut words);
        state.overwrite(&words);
        found.push(of(&state));
    }
    found
}

/// The shortest way from a beginning to one of `goals` that passes no state of `closed`; a goal
/// that is closed itself is none.
fn around(space: &Space, closed: &[bool], goals: &[bool]) -> Option<(StateId, Vec<Step>)> {
    const NOT: u32 = u32::MAX;
    let mut steps = vec![Step { from: NOT, edge: 0 }; space.store.len()];
    let mut ahead = std::collections::VecDeque::new();
    for beginning in 0..space.beginnings {
        if !closed[beginning as usize] {
            steps[beginning as usize].from = beginning;
            ahead.push_back(beginning);
        }
    }
    while let Some(state) = ahead.pop_front() {
        if goals[state as usize] {
            let mut way = Vec::new();
            let mut at = state;
            while steps[at as usize].from != at {
                way.push(steps[at as usize]);
                at = steps[at as usize].from;
            }
            way.reverse();
            return Some((at, way));
        }
        for (edge, way) in space.edges(state).iter().enumerate() {
            let to = way.to() as usize;
            if !closed[to] && steps[to].from == NOT {
                steps[to] = Step { from: state, edge: edge as u32 };
                ahead.push_back(way.to());
            }
        }
    }
    None
}
