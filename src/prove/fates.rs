//! What becomes of every state: backward from the ends to the beginnings, once.
//!
//! Random play takes each open choice with equal chance; where the story leaves something to chance
//! its weights decide. Least and greatest are what choices can make of it, chance left to itself: a
//! Markov decision process. That something can come about, or is sure to, is told by the ways
//! alone, never by comparing numbers.

use std::collections::BTreeMap;

use super::cells::Data;
use super::controls::ControlId;
use super::findings::Watcher;
use super::order::Order;
use super::residual::ResidualId;
use super::rounds::{Edge, Part};
use super::rows::{ENDLESS, Length, Row, Values, finish, start};
use super::sweep::{Limits, Space};
use crate::engine::Pick;

/// Least, under random play, greatest.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Triple {
    /// Whatever the players do, at least this.
    pub least: f64,
    /// Under random play.
    pub random: f64,
    /// At best this.
    pub greatest: f64,
}

/// What is expected at the end of plays.
#[derive(Clone, Debug)]
pub enum Goal {
    /// By control: how much of something it is worth, 0 to 1.
    Worth(Vec<f64>),
    /// By control: whether it is there.
    Control(Vec<bool>),
    /// By control: what holds, if it is 1.
    Holds(Vec<ResidualId>),
    /// This outcome for the city.
    Outcome(u32),
}

/// Goals at most whose certainty is told by the ways alone.
pub const MOST_SURE: usize = 64;

/// What is told of all plays of one course.
#[derive(Clone, Debug)]
pub struct Fate {
    /// By goal.
    pub odds: Vec<Triple>,
    /// How long plays are.
    pub length: Length,
}

/// What becomes of plays.
#[derive(Clone, Debug)]
pub struct Fates {
    /// By beginning: the full course first.
    pub courses: Vec<Fate>,
    /// By control: the states that can't come to an end, by their numbers.
    pub endless: BTreeMap<ControlId, Vec<u32>>,
    /// At most so far from what is right, rounding and rounds together.
    pub error: f64,
}

/// Goes back through a space; `None` where it took more memory than allowed, or was stopped.
pub(super) fn fates<const W: usize>(
    space: &Space<'_, '_, W>,
    order: &Order,
    goals: &[Goal],
    outcomes: &[Vec<(u32, ResidualId)>],
    limits: &Limits,
    watcher: &mut Watcher,
) -> Option<Fates> {
    let controls = &space.program.controls.list;
    let mut back = Back {
        space,
        goals,
        outcomes,
        values: (0..controls.len()).map(|_| None).collect(),
        endless: BTreeMap::new(),
        rounds: 0.0,
        depth: 0,
    };
    // Values are needed until everything that leads to them has been gone through.
    let mut waits = vec![0u32; controls.len()];
    for control in 0..controls.len() as ControlId {
        space.program.controls.next(control).into_iter().for_each(|to| waits[to as usize] += 1);
    }
    for beginning in &space.program.controls.beginnings {
        beginning.trees.arrivals.iter().for_each(|arrival| waits[arrival.to as usize] += 1);
    }
    let mut now = 0;
    for part in order.parts() {
        match *part {
            [control] if space.program.controls.ways(control).all(|to| to != control) => back.single(control, watcher),
            _ => back.round(part, watcher),
        }
        back.depth += 1;
        for control in part {
            now += back.values[*control as usize].as_ref().map_or(0, Values::bytes);
            for to in space.program.controls.next(*control) {
                waits[to as usize] -= 1;
                if waits[to as usize] == 0 {
                    now -= back.values[to as usize].take().map_or(0, |values| values.bytes());
                }
            }
        }
        if now > limits.bytes || limits.is_stopped() {
            return None;
        }
    }
    Some(back.begin())
}

/// Backward, control by control.
pub(super) struct Back<'s, 'p, 'c, const W: usize> {
    pub space: &'s Space<'p, 'c, W>,
    pub goals: &'s [Goal],
    outcomes: &'s [Vec<(u32, ResidualId)>],
    pub values: Vec<Option<Values>>,
    pub endless: BTreeMap<ControlId, Vec<u32>>,
    /// How far rounds are from what is right, summed.
    pub rounds: f64,
    depth: usize,
}

impl<const W: usize> Back<'_, '_, '_, W> {
    fn blank(&self, count: usize) -> Values {
        Values {
            rows: vec![0.0; count * self.goals.len() * 3],
            bits: vec![(0, 0); count],
            lengths: vec![Length::NONE; count],
        }
    }

    /// The end of plays: what each goal is worth.
    fn over(&self, control: ControlId, data: &Data<W>, row: &mut Row) {
        let program = self.space.program;
        let outcome = self.outcomes[control as usize].iter().find(|(_, asked)| program.value(*asked, data) != 0);
        let outcome = outcome.map(|(outcome, _)| *outcome);
        row.bits = (0, 0);
        row.length = Length::OVER;
        let count = self.goals.len();
        for (number, goal) in self.goals.iter().enumerate() {
            let worth = match goal {
                Goal::Worth(worth) => worth[control as usize],
                Goal::Control(there) => f64::from(u8::from(there[control as usize])),
                Goal::Holds(asked) => f64::from(u8::from(program.value(asked[control as usize], data) != 0)),
                Goal::Outcome(wanted) => f64::from(u8::from(outcome == Some(*wanted))),
            };
            for block in 0..3 {
                row.values[block * count + number] = worth;
            }
            if worth > 0.0 && number < MOST_SURE && !matches!(goal, Goal::Worth(_)) {
                row.bits.0 |= 1 << number;
                row.bits.1 |= 1 << number;
            }
        }
    }

    /// A control that is not come back to: its states are worked out from those that they lead to.
    fn single(&mut self, control: ControlId, watcher: &mut Watcher) {
        let space = self.space;
        let mut values = self.blank(space.cells[control as usize].len());
        let (mut row, mut input) = (Row::none(self.goals.len()), Row::none(self.goals.len()));
        let is_over = space.program.controls.list[control as usize].is_over;
        let mut ends = Vec::new();
        watcher.enter(control);
        let mut endless = Vec::new();
        space.each(control, |rank, data| {
            if is_over {
                self.over(control, data, &mut row);
            } else {
                self.open(control, data, (&mut row, &mut input), &mut ends, watcher);
            }
            if row.length.choices.0 == ENDLESS {
                endless.push(rank);
            }
            values.put(rank as usize, &row);
        });
        if !endless.is_empty() {
            self.endless.insert(control, endless);
        }
        self.values[control as usize] = Some(values);
    }

    /// A state in which something is to be taken.
    fn open(
        &self,
        control: ControlId,
        data: &Data<W>,
        (row, way): (&mut Row, &mut Row),
        ends: &mut Vec<(u16, ControlId, u32)>,
        watcher: &mut Watcher,
    ) {
        let space = self.space;
        let program = space.program;
        let declared = &program.controls.list[control as usize].trees;
        let first = program.first_landing[control as usize];
        let offered = program.offered(control, data);
        let count = self.goals.len();
        start(row, count);
        ends.clear();
        for &input in offered {
            way.values.fill(0.0);
            (way.bits, way.length) = ((0, u64::MAX), Length::NONE);
            let choices = u32::from(declared.inputs[usize::from(input)].0.pick != Pick::Continue);
            program.run(program.tree(control, input), *data, &mut |_| {}, &mut |number, after| {
                let landing = &program.landings[number as usize];
                let Some(rank) = space.rank(landing.to, after) else { return };
                ends.push((input, landing.to, rank));
                let Some(ahead) = &self.values[landing.to as usize] else { return };
                let words = declared.arrivals[(number - first) as usize].words;
                way.add(landing.share, ahead, rank as usize, (choices, words));
            });
            row.choose(way, count);
        }
        finish(row, offered.len(), declared.labels, count);
        watcher.state(row, offered, ends, |to, rank| {
            self.values[to as usize].as_ref().map(|ahead| (ahead.bits[rank as usize], ahead.lengths[rank as usize]))
        });
    }

    /// Controls that lead to one another.
    fn round(&mut self, part: &[ControlId], watcher: &mut Watcher) {
        let edges = self.edges(part);
        let blank = part.iter().map(|control| self.blank(self.space.cells[*control as usize].len())).collect();
        let mut inside = Part::of(part.to_vec(), blank, edges, self.goals.len());
        let count = self.goals.len();
        let mut over = Row::none(count);
        for (local, &control) in part.iter().enumerate() {
            if self.space.program.controls.list[control as usize].is_over {
                self.space.each(control, |rank, data| {
                    self.over(control, data, &mut over);
                    inside.put(local, rank as usize, &over);
                });
            }
        }
        self.rounds += inside.solve(&self.values);
        for (control, values) in part.iter().zip(inside.done()) {
            let endless = |rank: &u32| values.lengths[*rank as usize].choices.0 == ENDLESS;
            let endless: Vec<u32> = (0..values.lengths.len() as u32).filter(endless).collect();
            if !endless.is_empty() {
                self.endless.insert(*control, endless);
            }
            self.values[*control as usize] = Some(values);
        }
        // Once more, now that all is known, for what is worth telling.
        let (mut row, mut way, mut ends) = (Row::none(count), Row::none(count), Vec::new());
        for &control in part {
            watcher.enter(control);
            if !self.space.program.controls.list[control as usize].is_over {
                self.space.each(control, |_, data| self.open(control, data, (&mut row, &mut way), &mut ends, watcher));
            }
        }
    }

    /// By state of a part: the ways of each input.
    fn edges(&self, part: &[ControlId]) -> Vec<Vec<Edge>> {
        let (space, program) = (self.space, self.space.program);
        let mut all = Vec::new();
        for &control in part {
            let declared = &program.controls.list[control as usize].trees;
            let first = program.first_landing[control as usize];
            space.each(control, |_, data| {
                let mut edges = Vec::new();
                let offered = program.offered(control, data);
                for (order, &input) in offered.iter().enumerate() {
                    let choices = u32::from(declared.inputs[usize::from(input)].0.pick != Pick::Continue);
                    program.run(program.tree(control, input), *data, &mut |_| {}, &mut |number, after| {
                        let landing = &program.landings[number as usize];
                        if let Some(rank) = space.rank(landing.to, after) {
                            let words = declared.arrivals[(number - first) as usize].words;
                            let labels = declared.labels;
                            let words = (words.0 + labels.0.min(labels.1), words.1 + labels.1);
                            let (input, share) = (order as u32, landing.share);
                            edges.push(Edge { input, to: landing.to, rank, share, choices, words });
                        }
                    });
                }
                all.push(edges);
            });
        }
        all
    }

    fn begin(self) -> Fates {
        let program = self.space.program;
        let count = self.goals.len();
        let mut courses = Vec::new();
        for (number, beginning) in program.controls.beginnings.iter().enumerate() {
            let first = program.first_landing[program.controls.list.len() + number];
            let mut way = Row::none(count);
            way.bits = (0, u64::MAX);
            let data = program.data(|field| beginning.ranges.get(field).0);
            program.run(program.begins[number], data, &mut |_| {}, &mut |number, after| {
                let landing = &program.landings[number as usize];
                let Some(rank) = self.space.rank(landing.to, after) else { return };
                let Some(ahead) = &self.values[landing.to as usize] else { return };
                let words = beginning.trees.arrivals[(number - first) as usize].words;
                way.add(landing.share, ahead, rank as usize, (0, words));
            });
            let odds = self.goals.iter().enumerate().map(|(number, goal)| way.triple(number, goal, count)).collect();
            courses.push(Fate { odds, length: way.length });
        }
        // Each step adds a few rounded products: a sum of shares that is at most 1.
        let widest = program.controls.list.iter().map(|control| control.trees.arrivals.len()).max().unwrap_or(1);
        let rounding = (self.depth * (widest + 2)) as f64 * f64::EPSILON / 2.0;
        Fates { courses, endless: self.endless, error: rounding + self.rounds }
    }
}
