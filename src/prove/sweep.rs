//! From the beginnings of plays to every state that some play reaches: control after control in
//! the order in which they lead to one another, so that each is gone through once.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::cells::{Cells, Data};
use super::controls::{ControlId, Patience};
use super::order::Order;
use super::packed::Program;
use super::watch::Want;

/// When to give up, and where progress is told. What was not finished is unknown.
#[derive(Clone, Debug)]
pub struct Limits {
    /// States at most, for each exploration.
    pub states: usize,
    /// Bytes at most, for each exploration.
    pub bytes: usize,
    /// What is told while it goes on.
    pub told: Arc<Told>,
}

/// What is told of explorations while they go on, and the way to stop them.
#[derive(Debug, Default)]
pub struct Told {
    /// Set from elsewhere: stop now.
    pub stop: AtomicBool,
    /// States so far, over all explorations.
    pub states: AtomicUsize,
    /// Bytes taken by the exploration that told last.
    pub bytes: AtomicUsize,
    /// Places gone through by the exploration that told last, and how many it has.
    pub places: [AtomicUsize; 2],
}

impl Limits {
    /// So many states and bytes.
    pub fn new(states: usize, bytes: usize) -> Limits {
        Limits { states, bytes, told: Arc::default() }
    }

    /// Whether to stop now.
    pub(super) fn is_stopped(&self) -> bool {
        self.told.stop.load(Ordering::Relaxed)
    }

    /// Those of plays of all roles together, which are many more than anybody waits for unless they
    /// meet often.
    pub(super) fn together(&self) -> Limits {
        Limits { states: self.states.min(2_000_000), bytes: self.bytes.min(64 << 20), told: self.told.clone() }
    }
}

impl Patience for Limits {
    fn lasts(&self, controls: usize) -> bool {
        // A control with its trees takes some kilobytes.
        !self.is_stopped() && controls <= self.states && controls.saturating_mul(4096) <= self.bytes
    }
}

/// What was reached.
pub struct Space<'p, 'c, const W: usize> {
    /// What was run.
    pub program: &'p Program<'c, W>,
    /// The states of each control.
    pub cells: Vec<Cells<W>>,
    /// How many states.
    pub states: usize,
    /// How many ways between them.
    pub transitions: usize,
    /// By landing: whether some play lands so.
    pub landed: Vec<bool>,
    /// By law that is looked at: the landings on which it came about.
    pub hits: Vec<BTreeSet<u32>>,
    /// By look: whether it was shown.
    pub shown: Vec<bool>,
    /// Controls in some of whose states nothing is open although the play is not over.
    pub stuck: BTreeSet<ControlId>,
    /// By control: whether some play comes there.
    pub reached: Vec<bool>,
    /// Whether all was gone through.
    pub complete: bool,
    /// The most memory taken at a time, in bytes.
    pub bytes: usize,
}

/// How an exploration goes about it.
#[derive(Clone, Copy, Debug)]
pub struct Manner {
    /// Whether states are kept after they were gone through: odds and traces need them.
    pub keep: bool,
    /// How many laws are looked at.
    pub laws: usize,
    /// How many pieces of prose are looked at.
    pub looks: usize,
}

/// Goes through all plays.
pub fn sweep<'p, 'c, const W: usize>(
    program: &'p Program<'c, W>,
    order: &Order,
    manner: Manner,
    limits: &Limits,
) -> Space<'p, 'c, W> {
    let controls = &program.controls.list;
    let mut alone = vec![false; controls.len()];
    for part in order.parts() {
        if let [control] = *part {
            alone[control as usize] = program.controls.ways(control).all(|to| to != control);
        }
    }
    let space = Space {
        program,
        cells: program.shapes.iter().map(|shape| Cells::none(shape.bits)).collect(),
        states: 0,
        transitions: 0,
        landed: vec![false; program.landings.len()],
        hits: vec![BTreeSet::new(); manner.laws],
        shown: vec![false; manner.looks],
        stuck: BTreeSet::new(),
        reached: vec![false; controls.len()],
        complete: false,
        bytes: 0,
    };
    let mut sweep = Sweep { space, alone, now: 0 };
    sweep.begin();
    let now = &limits.told;
    now.places[1].store(order.parts().len(), Ordering::Relaxed);
    let mut told = 0;
    for (number, part) in order.parts().rev().enumerate() {
        if !sweep.part(part, manner.keep, limits) {
            sweep.space.cells.iter_mut().for_each(super::cells::Cells::settle);
            return sweep.space;
        }
        now.places[0].store(number + 1, Ordering::Relaxed);
        now.states.fetch_add(sweep.space.states - told, Ordering::Relaxed);
        now.bytes.store(sweep.now, Ordering::Relaxed);
        told = sweep.space.states;
    }
    sweep.space.complete = true;
    sweep.space
}

struct Sweep<'p, 'c, const W: usize> {
    space: Space<'p, 'c, W>,
    /// By control: whether it is gone through at once, since nothing leads back to it.
    alone: Vec<bool>,
    /// Bytes of what was gone through and kept.
    now: usize,
}

impl<const W: usize> Sweep<'_, '_, W> {
    fn begin(&mut self) {
        let program = self.space.program;
        for (beginning, root) in program.controls.beginnings.iter().zip(&program.begins) {
            let ranges = &beginning.ranges;
            let data = program.data(|field| ranges.get(field).0);
            self.run(*root, &data);
        }
        self.space.transitions = 0;
    }

    #[inline]
    fn run(&mut self, root: u32, data: &Data<W>) {
        let program = self.space.program;
        let Sweep { space, alone, .. } = self;
        let Space { cells, states, transitions, landed, hits, shown, .. } = space;
        program.run(root, *data, &mut |look| shown[look as usize] = true, &mut |number, data| {
            *transitions += 1;
            landed[number as usize] = true;
            let landing = &program.landings[number as usize];
            for check in &landing.checks {
                if program.holds(&check.test, data) {
                    match check.want {
                        Want::Cut => return,
                        Want::Hit(law) => {
                            hits[usize::from(law)].insert(number);
                        }
                    }
                }
            }
            let to = landing.to as usize;
            let shape = &program.shapes[to];
            let new = match &mut cells[to] {
                Cells::Wide(table) => table.insert(shape.forget(data)),
                cells => cells.insert(shape.pack(data), shape.bits, alone[to]),
            };
            *states += usize::from(new);
        });
    }

    #[inline]
    fn expand(&mut self, control: ControlId, data: &Data<W>) {
        let program = self.space.program;
        if !self.space.shown.is_empty() {
            let shown = &mut self.space.shown;
            program.look(control, data, &mut |look| shown[look as usize] = true);
        }
        let offered = program.offered(control, data);
        if offered.is_empty() && !program.controls.list[control as usize].is_over {
            self.space.stuck.insert(control);
        }
        for input in offered {
            self.run(program.tree(control, *input), data);
        }
    }

    /// Goes through what goes round together; false where that was too much.
    fn part(&mut self, part: &[ControlId], keep: bool, limits: &Limits) -> bool {
        match part {
            [control] if self.alone[*control as usize] => self.single(*control),
            _ => {
                if !self.round(part, limits) {
                    return false;
                }
            }
        }
        for control in part {
            let cells = &mut self.space.cells[*control as usize];
            self.space.reached[*control as usize] = cells.len() > 0;
            if keep {
                cells.settle();
                self.now += cells.bytes();
            } else {
                *cells = Cells::none(0);
            }
        }
        self.space.bytes = self.space.bytes.max(self.now);
        self.space.states <= limits.states && self.now <= limits.bytes && !limits.is_stopped()
    }

    fn single(&mut self, control: ControlId) {
        let shape = &self.space.program.shapes[control as usize];
        let cells = std::mem::replace(&mut self.space.cells[control as usize], Cells::none(0));
        match &cells {
            Cells::Bits { words, .. } => {
                for (index, word) in words.iter().enumerate() {
                    let mut bits = *word;
                    while bits != 0 {
                        let key = index as u64 * 64 + u64::from(bits.trailing_zeros());
                        bits &= bits - 1;
                        self.expand(control, &shape.unpack(key));
                    }
                }
            }
            Cells::Narrow(table) => {
                table.keys.iter().for_each(|key| self.expand(control, &shape.unpack(*key)));
            }
            Cells::Wide(table) => table.keys.iter().for_each(|data| self.expand(control, data)),
        }
        self.space.bytes = self.space.bytes.max(self.now + cells.bytes());
        self.space.cells[control as usize] = cells;
    }

    fn round(&mut self, part: &[ControlId], limits: &Limits) -> bool {
        let mut done = vec![0; part.len()];
        loop {
            let mut quiet = true;
            for (control, done) in part.iter().zip(&mut done) {
                while *done < self.space.cells[*control as usize].len() {
                    let data = self.nth(*control, *done);
                    *done += 1;
                    quiet = false;
                    self.expand(*control, &data);
                    if *done % 4096 == 0 && (self.space.states > limits.states || limits.is_stopped()) {
                        return false;
                    }
                }
            }
            if quiet {
                return true;
            }
        }
    }

    fn nth(&self, control: ControlId, number: usize) -> Data<W> {
        match &self.space.cells[control as usize] {
            Cells::Wide(table) => table.keys[number],
            Cells::Narrow(table) => self.space.program.shapes[control as usize].unpack(table.keys[number]),
            Cells::Bits { .. } => unreachable!("what goes round is kept in order"),
        }
    }
}

impl<const W: usize> Space<'_, '_, W> {
    /// The number of a state among those of its control, where it was reached.
    #[inline]
    pub fn rank(&self, control: ControlId, data: &Data<W>) -> Option<u32> {
        let shape = &self.program.shapes[control as usize];
        match &self.cells[control as usize] {
            Cells::Wide(table) => table.find(&shape.forget(data)),
            cells => cells.rank(shape.pack(data)),
        }
    }

    /// The state of a number.
    pub fn state(&self, control: ControlId, rank: u32) -> Data<W> {
        match &self.cells[control as usize] {
            Cells::Wide(table) => table.keys[rank as usize],
            cells => self.program.shapes[control as usize].unpack(cells.nth(rank)),
        }
    }

    /// Goes through the states of a control, in the order of their numbers.
    #[inline]
    pub fn each(&self, control: ControlId, mut of: impl FnMut(u32, &Data<W>)) {
        let shape = &self.program.shapes[control as usize];
        match &self.cells[control as usize] {
            Cells::Bits { words, .. } => {
                let mut rank = 0;
                for (index, word) in words.iter().enumerate() {
                    let mut bits = *word;
                    while bits != 0 {
                        let key = index as u64 * 64 + u64::from(bits.trailing_zeros());
                        bits &= bits - 1;
                        of(rank, &shape.unpack(key));
                        rank += 1;
                    }
                }
            }
            Cells::Narrow(table) => {
                table.keys.iter().enumerate().for_each(|(rank, key)| of(rank as u32, &shape.unpack(*key)));
            }
            Cells::Wide(table) => {
                table.keys.iter().enumerate().for_each(|(rank, data)| of(rank as u32, data));
            }
        }
    }
}
