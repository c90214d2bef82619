//! The shortest way to what was found: from the beginnings over the states that were reached, step
//! by step, until everything asked for has been met.

use super::cells::Data;
use super::controls::ControlId;
use super::sweep::Space;
use super::watch::{Check, Want};

/// One step of a way: from a state, by an input, to a landing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Step {
    /// From this control.
    pub control: ControlId,
    /// From this of its states.
    pub rank: u32,
    /// By this of its inputs.
    pub input: u16,
    /// By this landing among all.
    pub landing: u32,
}

/// A way from a beginning.
#[derive(Clone, Debug, Default)]
pub(super) struct Way {
    /// Which beginning.
    pub beginning: usize,
    /// By this landing among all.
    pub landing: u32,
    /// The steps.
    pub steps: Vec<Step>,
}

/// Where a way ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spot {
    /// In a state, by its number among all.
    State(u32),
    /// In a state, by its number, and past it by an input and a landing.
    Past(u32, u16, u32),
    /// At a beginning, by a landing.
    Begin(usize, u32),
}

/// What is met on the way, nearest first.
pub(super) enum Met<'d, const W: usize> {
    /// A state, with whether something is offered there.
    State(ControlId, u32, &'d Data<W>, bool),
    /// A landing, and the state there.
    Landing(u32, &'d Data<W>),
}

/// Whether plays that begin so count: by the beginning, the landing and the state there.
pub(super) type Begins<'b, const W: usize> = &'b dyn Fn(usize, u32, &Data<W>) -> bool;

/// A walk over all states.
pub(super) struct Walk<'s, 'p, 'c, const W: usize> {
    space: &'s Space<'p, 'c, W>,
    /// By control: the number of its first state among all.
    base: Vec<u32>,
    /// By state: where it was reached from; itself at a beginning.
    from: Vec<u32>,
}

const NONE: u32 = u32::MAX;

impl<'s, 'p, 'c, const W: usize> Walk<'s, 'p, 'c, W> {
    /// Goes until `meet` says that it has seen enough; `leads` tells of each control whether it can
    /// lead to what is looked for, `begins` of each beginning whether it counts.
    pub(super) fn go(
        space: &'s Space<'p, 'c, W>,
        leads: &[bool],
        begins: Begins<'_, W>,
        mut meet: impl FnMut(Spot, Met<'_, W>) -> bool,
    ) -> Walk<'s, 'p, 'c, W> {
        let mut sum = 0;
        let count = |cells: &super::cells::Cells<W>| {
            let before = sum;
            sum += cells.len() as u32;
            before
        };
        let base: Vec<u32> = space.cells.iter().map(count).collect();
        let mut walk = Walk { space, base, from: vec![NONE; sum as usize] };
        let program = space.program;
        let mut ahead: Vec<u32> = Vec::new();
        let mut enough = false;
        for number in 0..program.controls.beginnings.len() {
            let mut landings = Vec::new();
            walk.begin(number, |landing, data, to| {
                if begins(number, landing, data) {
                    enough |= meet(Spot::Begin(number, landing), Met::Landing(landing, data));
                    landings.extend(to.filter(|_| leads[program.landings[landing as usize].to as usize]));
                }
            });
            for to in landings {
                if std::mem::replace(&mut walk.from[to as usize], to) == NONE {
                    ahead.push(to);
                }
            }
        }
        let mut at = 0;
        while at < ahead.len() && !enough {
            let state = ahead[at];
            at += 1;
            let (control, rank) = walk.split(state);
            let data = space.state(control, rank);
            let offered = program.offered(control, &data);
            enough |= meet(Spot::State(state), Met::State(control, rank, &data, !offered.is_empty()));
            for &input in offered {
                program.run(program.tree(control, input), data, &mut |_| {}, &mut |landing, after| {
                    enough |= meet(Spot::Past(state, input, landing), Met::Landing(landing, after));
                    let leads = leads[program.landings[landing as usize].to as usize];
                    let to = walk.to(landing, after).filter(|to| leads && walk.from[*to as usize] == NONE);
                    if let Some(to) = to {
                        walk.from[to as usize] = state;
                        ahead.push(to);
                    }
                });
            }
        }
        walk
    }

    /// The control and rank of a state.
    fn split(&self, state: u32) -> (ControlId, u32) {
        let control = self.base.partition_point(|base| *base <= state) - 1;
        (control as ControlId, state - self.base[control])
    }

    /// The number of the state of a landing; `None` where the play was not followed further.
    fn to(&self, landing: u32, data: &Data<W>) -> Option<u32> {
        let program = self.space.program;
        let landing = &program.landings[landing as usize];
        let cut = |check: &Check| check.want == Want::Cut && program.holds(&check.test, data);
        if landing.checks.iter().any(cut) {
            return None;
        }
        let rank = self.space.rank(landing.to, data)?;
        Some(self.base[landing.to as usize] + rank)
    }

    /// The landings of a beginning, each with the state there and its number.
    fn begin(&self, number: usize, mut each: impl FnMut(u32, &Data<W>, Option<u32>)) {
        let program = self.space.program;
        let ranges = &program.controls.beginnings[number].ranges;
        let data = program.data(|field| ranges.get(field).0);
        program.run(program.begins[number], data, &mut |_| {}, &mut |landing, data| {
            each(landing, data, self.to(landing, data));
        });
    }

    /// The way to a spot that was met.
    pub(super) fn way(&self, spot: Spot) -> Way {
        let mut way = Way::default();
        let mut state = match spot {
            Spot::Begin(beginning, landing) => return Way { beginning, landing, steps: Vec::new() },
            Spot::State(state) => state,
            Spot::Past(state, input, landing) => {
                let (control, rank) = self.split(state);
                way.steps.push(Step { control, rank, input, landing });
                state
            }
        };
        while self.from[state as usize] != state {
            let before = self.from[state as usize];
            way.steps.extend(self.between(before, state));
            state = before;
        }
        way.steps.reverse();
        for number in 0..self.space.program.controls.beginnings.len() {
            let mut found = None;
            self.begin(number, |landing, _, to| {
                if to == Some(state) && found.is_none() {
                    found = Some(landing);
                }
            });
            if let Some(landing) = found {
                (way.beginning, way.landing) = (number, landing);
                break;
            }
        }
        way
    }

    /// The first step from one state to another.
    fn between(&self, before: u32, after: u32) -> Option<Step> {
        let program = self.space.program;
        let (control, rank) = self.split(before);
        let data = self.space.state(control, rank);
        let mut found = None;
        for &input in program.offered(control, &data) {
            program.run(program.tree(control, input), data, &mut |_| {}, &mut |landing, there| {
                if found.is_none() && self.to(landing, there) == Some(after) {
                    found = Some(Step { control, rank, input, landing });
                }
            });
        }
        found
    }
}
