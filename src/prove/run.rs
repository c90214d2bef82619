//! One exploration: forward to every state, backward to what becomes of it, and once more along the
//! shortest ways to whatever is to be shown.

use std::collections::{BTreeMap, BTreeSet};

use super::certify::certify;
use super::controls::{ControlId, Controls};
use super::fates::{Fates, Goal, Triple, fates};
use super::findings::{Findings, Watcher};
use super::items::Mark;
use super::order::Order;
use super::packed::Program;
use super::residual::ResidualId;
use super::sweep::{Limits, Manner, Space, sweep};
use super::trace::{Trace, along};
use super::walk::{Met, Spot, Walk};
use super::watch::Want;
use crate::engine::{State, place_name};
use crate::story::model::{EventId, RoleId, SceneId, Story};

/// A play that shows something, and the state in which it does.
pub(super) type Shown = (Trace, State);

/// What is asked of one exploration.
pub(super) struct Ask<'a> {
    /// The story.
    pub story: &'a Story,
    /// What leads to what.
    pub order: &'a Order,
    /// When to give up.
    pub limits: &'a Limits,
    /// How many laws are looked at on the way.
    pub laws: usize,
    /// How many pieces of prose.
    pub looks: usize,
    /// What is expected at the end, endings first, so many of them; `None` where odds aren't asked.
    pub goals: Option<(Vec<Goal>, Vec<String>)>,
    /// By control: outcomes and what they need.
    pub outcomes: &'a [Vec<(u32, ResidualId)>],
    /// What else is to be shown where it is found.
    pub faults: Faults,
    /// Whether the engine itself is asked whether all was reached.
    pub certify: bool,
}

/// What is a fault in an exploration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Faults {
    /// Nothing.
    None,
    /// Stuck plays, plays without end, calendars that run back, events without what they need.
    All,
    /// Any play that ends.
    Ends,
    /// Plays that end otherwise than the record: by control, whether the record was kept there and
    /// which outcome is the historical one.
    Strays,
}

/// What goes wrong in some play.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Wrong {
    /// Nothing is open and the play is not over.
    Stuck(String),
    /// From there on no play comes to an end.
    Endless(String),
    /// A scene is entered before its day.
    RunsBack(SceneId),
    /// There an event happens without what it needs.
    WithoutNeeds(String, EventId),
}

/// What came of an exploration.
#[derive(Debug, Default)]
pub(super) struct Run {
    /// How many states.
    pub states: usize,
    /// How many ways between them.
    pub transitions: usize,
    /// Whether all was gone through.
    pub complete: bool,
    /// The most memory taken at a time by states, in bytes.
    pub bytes: usize,
    /// By landing.
    pub landed: Vec<bool>,
    /// By law looked at: the shortest play on which it came about.
    pub hits: Vec<Option<Shown>>,
    /// By piece of prose looked at.
    pub shown: Vec<bool>,
    /// What becomes of plays.
    pub fates: Option<Fates>,
    /// What is worth a look.
    pub findings: Findings,
    /// What goes wrong, each with the shortest play.
    pub wrong: Vec<(Wrong, Shown)>,
    /// The shortest play that ends, or that strays from the record.
    pub ends: Option<Shown>,
    /// Chances of what laws bound.
    pub ends_odds: Vec<Triple>,
    /// Controls in which plays end.
    pub ended: Vec<ControlId>,
    /// Traces that the engine doesn't take, and what it does otherwise: faults of the prover.
    pub astray: Vec<String>,
}

/// Whether the record is kept in the state of a control.
pub(super) type Keeps<'a> = &'a dyn Fn(ControlId, Option<u32>) -> bool;

/// Explores. `keeps` tells whether a play that ended so kept the record.
pub(super) fn run<const W: usize>(program: &Program<'_, W>, ask: &Ask<'_>, keeps: Keeps<'_>) -> Run {
    let manner = Manner { keep: ask.goals.is_some() || ask.certify, laws: ask.laws, looks: ask.looks };
    let mut space = sweep(program, ask.order, manner, ask.limits);
    let mut run = Run {
        states: space.states,
        transitions: space.transitions,
        complete: space.complete,
        bytes: space.bytes,
        shown: std::mem::take(&mut space.shown),
        ..Run::default()
    };
    let mut endless = BTreeMap::new();
    if let (Some((goals, endings)), true) = (&ask.goals, space.complete) {
        let mut watcher = Watcher::of(program.controls, endings.len());
        let found = fates(&space, ask.order, goals, ask.outcomes, ask.limits, &mut watcher);
        if let Some(found) = found {
            endless = found.endless.clone();
            run.ends_odds = super::explore::ends_odds(&found, goals);
            run.fates = Some(found);
            run.findings = watcher.tell(ask.story, &program.controls.roles, endings);
        }
    }
    let wanted = Wanted::of(program, ask, &space, endless, keeps);
    if !wanted.is_empty() {
        if !manner.keep {
            let again = Manner { keep: true, ..manner };
            space = sweep(program, ask.order, again, ask.limits);
        }
        show(&space, ask, wanted, keeps, &mut run);
    }
    if ask.certify && space.complete {
        run.astray.extend(certify(ask.story, &space));
    }
    run.hits.resize_with(ask.laws, || None);
    let ended =
        |control: &ControlId| program.controls.list[*control as usize].is_over && space.reached[*control as usize];
    run.ended = (0..program.controls.list.len() as ControlId).filter(ended).collect();
    run.landed = space.landed;
    run
}

impl Run {
    /// Nothing was explored.
    pub(super) fn unfinished(controls: &Controls, ask: &Ask<'_>) -> Run {
        let landings: usize = controls.list.iter().map(|control| control.trees.arrivals.len()).sum();
        let mut run = Run { landed: vec![false; landings], shown: vec![false; ask.looks], ..Run::default() };
        run.hits.resize_with(ask.laws, || None);
        run
    }
}

/// What a walk is to find.
struct Wanted {
    laws: BTreeSet<u16>,
    /// By landing: what is wrong there.
    marks: BTreeMap<u32, Vec<Wrong>>,
    stuck: BTreeSet<ControlId>,
    endless: BTreeMap<ControlId, Vec<u32>>,
    ends: bool,
}

impl Wanted {
    fn of<const W: usize>(
        program: &Program<'_, W>,
        ask: &Ask<'_>,
        space: &Space<'_, '_, W>,
        endless: BTreeMap<ControlId, Vec<u32>>,
        keeps: Keeps<'_>,
    ) -> Wanted {
        let hit = |law: &u16| !space.hits[usize::from(*law)].is_empty();
        let mut wanted = Wanted {
            laws: (0..ask.laws as u16).filter(hit).collect(),
            marks: BTreeMap::new(),
            stuck: BTreeSet::new(),
            endless: BTreeMap::new(),
            ends: false,
        };
        let controls = program.controls;
        match ask.faults {
            Faults::None => {}
            Faults::All => {
                wanted.stuck.clone_from(&space.stuck);
                wanted.endless = endless;
                let trees = controls.list.iter().map(|control| (&control.trees, Some(&control.state)));
                let trees = trees.chain(controls.beginnings.iter().map(|beginning| (&beginning.trees, None)));
                for ((trees, from), first) in trees.zip(&program.first_landing) {
                    for (number, arrival) in trees.arrivals.iter().enumerate() {
                        let landing = first + number as u32;
                        let at = || from.map_or_else(String::new, |state| place(ask.story, &controls.roles, state));
                        let wrong: Vec<Wrong> = arrival.marks.iter().filter_map(|mark| wrong(*mark, &at)).collect();
                        if !wrong.is_empty() && space.landed[landing as usize] {
                            wanted.marks.insert(landing, wrong);
                        }
                    }
                }
            }
            Faults::Ends | Faults::Strays => {
                let strays = |control: ControlId| {
                    let may = |outcome: Option<u32>| ask.faults == Faults::Ends || !keeps(control, outcome);
                    let outcomes = &ask.outcomes[control as usize];
                    let sure = outcomes.last().is_some_and(|(_, asked)| controls.residuals.number(*asked) == Some(1));
                    outcomes.iter().any(|(outcome, _)| may(Some(*outcome))) || !sure && may(None)
                };
                let reached = |control: &ControlId| space.reached[*control as usize];
                let over = |control: &ControlId| controls.list[*control as usize].is_over;
                let mut ended = (0..controls.list.len() as ControlId).filter(over).filter(reached);
                wanted.ends = !space.stuck.is_empty() || ended.any(strays);
            }
        }
        wanted
    }

    /// By control: whether it can lead to something wanted.
    fn leads<const W: usize>(&self, space: &Space<'_, '_, W>) -> Vec<bool> {
        let program = space.program;
        let controls = program.controls;
        let mut leads = vec![false; controls.list.len()];
        let laws = self.laws.iter().flat_map(|law| &space.hits[usize::from(*law)]);
        for landing in laws.chain(self.marks.keys()) {
            let control = program.first_landing.partition_point(|first| first <= landing) - 1;
            // What is met at a beginning is met before anything leads anywhere.
            if let Some(leads) = leads.get_mut(control) {
                *leads = true;
            }
        }
        self.stuck.iter().chain(self.endless.keys()).for_each(|control| leads[*control as usize] = true);
        if self.ends {
            space.stuck.iter().for_each(|control| leads[*control as usize] = true);
            leads.iter_mut().zip(&controls.list).for_each(|(leads, control)| *leads |= control.is_over);
        }
        // Backward, along what leads to them.
        let mut before: Vec<Vec<ControlId>> = vec![Vec::new(); controls.list.len()];
        for control in 0..controls.list.len() as ControlId {
            controls.ways(control).for_each(|to| before[to as usize].push(control));
        }
        let all = 0..controls.list.len() as ControlId;
        let mut ahead: Vec<ControlId> = all.filter(|control| leads[*control as usize]).collect();
        while let Some(control) = ahead.pop() {
            for &from in &before[control as usize] {
                if !std::mem::replace(&mut leads[from as usize], true) {
                    ahead.push(from);
                }
            }
        }
        leads
    }

    fn is_empty(&self) -> bool {
        self.laws.is_empty() && self.marks.is_empty() && self.stuck.is_empty() && self.endless.is_empty() && !self.ends
    }
}

fn wrong(mark: Mark, at: &impl Fn() -> String) -> Option<Wrong> {
    match mark {
        Mark::RunsBack(scene) => Some(Wrong::RunsBack(SceneId(scene))),
        Mark::WithoutNeeds(event) => Some(Wrong::WithoutNeeds(at(), EventId(event))),
        _ => None,
    }
}

/// Where the roles of a state stand: the first that stands somewhere.
pub(super) fn place(story: &Story, roles: &[RoleId], state: &State) -> String {
    let mut names = roles.iter().map(|role| place_name(story, state, *role));
    names.find(|name| !name.is_empty()).unwrap_or_default().to_owned()
}

/// Walks until all that is wanted was met, and takes the plays in the engine.
fn show<const W: usize>(space: &Space<'_, '_, W>, ask: &Ask<'_>, mut wanted: Wanted, keeps: Keeps<'_>, run: &mut Run) {
    let program = space.program;
    let controls = program.controls;
    let mut hits: BTreeMap<u16, Spot> = BTreeMap::new();
    let mut wrongs: BTreeMap<Wrong, Spot> = BTreeMap::new();
    let mut ends = None;
    let at = |control: ControlId| place(ask.story, &controls.roles, &controls.list[control as usize].state);
    let leads = wanted.leads(space);
    let walk = Walk::go(space, &leads, &|_, _, _| true, |spot, met| {
        match met {
            Met::Landing(landing, data) => {
                let checks = &program.landings[landing as usize].checks;
                for check in checks.iter().filter(|check| program.holds(&check.test, data)) {
                    match check.want {
                        Want::Cut => break,
                        Want::Hit(law) => {
                            if wanted.laws.remove(&law) {
                                hits.insert(law, spot);
                            }
                        }
                    }
                }
                // The same thing may go wrong on other landings too: the nearest is shown.
                for wrong in wanted.marks.remove(&landing).into_iter().flatten() {
                    wrongs.entry(wrong).or_insert(spot);
                }
            }
            Met::State(control, rank, data, open) => {
                if !open && wanted.stuck.remove(&control) {
                    wrongs.entry(Wrong::Stuck(at(control))).or_insert(spot);
                }
                let endless = wanted.endless.get(&control);
                if endless.is_some_and(|ranks| ranks.binary_search(&rank).is_ok()) {
                    wanted.endless.remove(&control);
                    wrongs.entry(Wrong::Endless(at(control))).or_insert(spot);
                }
                if wanted.ends && !open {
                    let of = |control: ControlId| &ask.outcomes[control as usize];
                    let outcome = of(control).iter().find(|(_, asked)| program.value(*asked, data) != 0);
                    let strays = ask.faults == Faults::Ends || !keeps(control, outcome.map(|(outcome, _)| *outcome));
                    if strays {
                        (ends, wanted.ends) = (Some(spot), false);
                    }
                }
            }
        }
        wanted.is_empty()
    });
    let mut take = |spot: Spot, what: &str| {
        let found = along(ask.story, space, &walk.way(spot), None);
        if found.is_none() {
            run.astray.push(what.to_owned());
        }
        found
    };
    run.hits.resize_with(ask.laws, || None);
    for (law, spot) in hits {
        run.hits[usize::from(law)] = take(spot, "law");
    }
    run.ends = ends.and_then(|spot| take(spot, "end"));
    let mut endless: Option<(Wrong, Shown)> = None;
    for (wrong, spot) in wrongs {
        let Some(shown) = take(spot, "fault") else { continue };
        match wrong {
            // One is enough: what it leads to has no end either.
            Wrong::Endless(_) => {
                if endless.as_ref().is_none_or(|(_, known)| shown.0.moves.len() < known.0.moves.len()) {
                    endless = Some((wrong, shown));
                }
            }
            wrong => run.wrong.push((wrong, shown)),
        }
    }
    run.wrong.extend(endless);
}
