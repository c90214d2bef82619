//! Trees made ready to be run on packed states: no name, no string, no allocation on the way.

use super::cells::Data;
use super::controls::{ControlId, Controls};
use super::fields::FieldId;
use super::items::{Act, Operation};
use super::live::{FieldSet, Live, before};
use super::residual::ResidualId;
use super::shape::{Shape, Slot, shape, slots};
use super::test::Test;
use super::trees::{Deed, Then, Trees};
use super::watch::{Check, Landing, Watch};

/// Does something with a program of as few words as do; something else where there are more than
/// anybody could explore.
macro_rules! packed {
    ($controls:expr, $live:expr, $aim:expr, |$program:ident| $with:expr, $without:expr) => {
        match $crate::prove::packed::Program::<1>::words($controls, $live) {
            0..=1 => {
                let $program = $crate::prove::packed::Program::<1>::of($controls, $live, $aim);
                $with
            }
            2 => {
                let $program = $crate::prove::packed::Program::<2>::of($controls, $live, $aim);
                $with
            }
            3..=4 => {
                let $program = $crate::prove::packed::Program::<4>::of($controls, $live, $aim);
                $with
            }
            5..=16 => {
                let $program = $crate::prove::packed::Program::<16>::of($controls, $live, $aim);
                $with
            }
            17..=64 => {
                let $program = $crate::prove::packed::Program::<64>::of($controls, $live, $aim);
                $with
            }
            _ => $without,
        }
    };
}
pub(super) use packed;

/// Something done to packed data.
#[derive(Clone, Copy, Debug)]
struct Op {
    slot: Slot,
    act: Done,
    /// Only if: the place of a test, or none.
    guard: u32,
}

#[derive(Clone, Copy, Debug)]
enum Done {
    Add(i64, i64),
    Set(u64),
    Compute(FieldId, ResidualId),
    Turn(u64),
    /// Prose is shown: the place of a list of looks.
    Show(u32),
}

const NONE: u32 = u32::MAX;

/// A node of a tree.
#[derive(Clone, Copy, Debug)]
struct Node {
    first: u32,
    last: u32,
    then: Next,
}

#[derive(Clone, Copy, Debug)]
enum Next {
    Ask(u32, u32, u32),
    Fall(u32, u32),
    Offer(u32, u32),
    Arrive(u32),
}

/// All trees of an exploration.
pub struct Program<'c, const W: usize> {
    /// What they were made from.
    pub controls: &'c Controls,
    /// By control: how its states become numbers.
    pub shapes: Vec<Shape<W>>,
    slots: Vec<Option<Slot>>,
    nodes: Vec<Node>,
    ops: Vec<Op>,
    tests: Vec<Test>,
    offers: Vec<u16>,
    /// By control: its first node, which offers; then those of its inputs.
    roots: Vec<(u32, Box<[u32]>)>,
    /// The first node of each beginning.
    pub begins: Vec<u32>,
    /// By control: its first landing among all; the beginnings' come last.
    pub first_landing: Vec<u32>,
    /// All landings.
    pub landings: Vec<Landing>,
    /// What prose is looked at, by list.
    looks: Vec<Box<[(u32, Test)]>>,
}

impl<'c, const W: usize> Program<'c, W> {
    /// How many words the fields that are ever live take.
    pub fn words(controls: &Controls, live: &Live) -> usize {
        slots(controls, live).into_iter().flatten().map(|slot| usize::from(slot.word) + 1).max().unwrap_or(1)
    }

    /// Makes the trees ready. The words of [`Program::words`] fit `W`.
    pub fn of(controls: &'c Controls, live: &Live, watch: &impl Watch) -> Program<'c, W> {
        let slots = slots(controls, live);
        let shapes = (0..controls.list.len()).map(|control| shape(controls, &slots, control, live)).collect();
        let mut program = Program {
            controls,
            shapes,
            slots,
            nodes: Vec::new(),
            ops: Vec::new(),
            tests: Vec::new(),
            offers: Vec::new(),
            roots: Vec::new(),
            begins: Vec::new(),
            first_landing: Vec::new(),
            landings: Vec::new(),
            looks: Vec::new(),
        };
        for (control, declared) in controls.list.iter().enumerate() {
            let first = program.add(&declared.trees, Some(control as ControlId), live, watch);
            let inputs = declared.trees.inputs.iter().map(|(_, root)| first + root).collect();
            program.roots.push((first, inputs));
        }
        for beginning in &controls.beginnings {
            let first = program.add(&beginning.trees, None, live, watch);
            program.begins.push(first);
        }
        program
    }

    /// Adds the trees of a control or of a beginning; returns the place of their first node.
    fn add(&mut self, trees: &Trees, from: Option<ControlId>, live: &Live, watch: &impl Watch) -> u32 {
        let first = self.nodes.len() as u32;
        let first_landing = self.landings.len() as u32;
        self.first_landing.push(first_landing);
        for (number, arrival) in trees.arrivals.iter().enumerate() {
            let checks = watch.checks(from, number as u32).into_iter();
            let checks = checks.map(|(want, asked)| Check { want, test: self.test(asked) });
            let checks = checks.filter(|check| !matches!(check.test, Test::Always(false))).collect();
            self.landings.push(Landing { to: arrival.to, share: arrival.share, checks });
        }
        for node in &trees.nodes {
            let acts = self.ops.len() as u32;
            let after = self.live_after(trees, node, from, live, watch);
            self.deeds(trees, node, after, watch);
            let then = match &node.then {
                Then::Ask(asked, no, yes) => {
                    let test = self.test(*asked);
                    self.tests.push(test);
                    Next::Ask(self.tests.len() as u32 - 1, first + no, first + yes)
                }
                Then::Fall(node, of) => Next::Fall(first + node, *of),
                Then::Offer(offered) => {
                    let taken = watch.taken(from.unwrap_or_default(), offered);
                    let start = self.offers.len() as u32;
                    self.offers.extend(taken);
                    Next::Offer(start, self.offers.len() as u32)
                }
                Then::Arrive(arrival) => Next::Arrive(first_landing + arrival),
                // The trees of a play that is over: nothing is offered.
                Then::Open => Next::Offer(0, 0),
            };
            self.nodes.push(Node { first: acts, last: self.ops.len() as u32, then });
        }
        first
    }

    /// What is live after the deeds of a node.
    fn live_after(
        &self,
        trees: &Trees,
        node: &super::trees::Node,
        from: Option<ControlId>,
        live: &Live,
        watch: &impl Watch,
    ) -> FieldSet {
        super::live::after(self.controls, (live, trees, from), node, watch)
    }

    /// Adds what a node does, dead deeds left out.
    fn deeds(&mut self, trees: &Trees, node: &super::trees::Node, mut live: FieldSet, watch: &impl Watch) {
        let mut kept = Vec::new();
        for index in node.acts.clone().rev() {
            match trees.deeds[index as usize] {
                Deed::Do(operation) if live.has(operation.field) => {
                    before(&self.controls.residuals, &operation, &mut live);
                    kept.push(self.op(&operation));
                }
                Deed::Do(_) => {}
                Deed::Show(shows) => {
                    let looks = watch.looks(shows);
                    watch.on_show(shows).iter().for_each(|asked| {
                        self.controls.residuals.fields(*asked).iter().for_each(|field| live.add(*field));
                    });
                    if !looks.is_empty() {
                        let looks = looks.into_iter().map(|(look, asked)| (look, self.test(asked))).collect();
                        self.looks.push(looks);
                        let slot = Slot { word: 0, shift: 0, mask: 0 };
                        kept.push(Op { slot, act: Done::Show(self.looks.len() as u32 - 1), guard: NONE });
                    }
                }
            }
        }
        self.ops.extend(kept.into_iter().rev());
    }

    fn op(&mut self, operation: &Operation) -> Op {
        let Operation { field, act, guard } = *operation;
        let slot = self.slots[field.index()].expect("what is live has a slot");
        let top = i64::from(self.controls.fields.get(field).top);
        let act = match act {
            Act::Add(by) => Done::Add(by.into(), top),
            Act::Set(to) => Done::Set(to.into()),
            Act::Compute(value) => Done::Compute(field, value),
            Act::Turn(turns) => Done::Turn(turns.into()),
        };
        let guard = guard.map_or(NONE, |guard| {
            let test = self.test(guard);
            self.tests.push(test);
            self.tests.len() as u32 - 1
        });
        Op { slot, act, guard }
    }

    /// A residual as a test.
    pub fn test(&self, asked: ResidualId) -> Test {
        Test::of(self.controls, &self.slots, asked)
    }

    /// Whether it holds.
    #[inline]
    pub fn holds(&self, test: &Test, data: &Data<W>) -> bool {
        match test {
            Test::Within { slot, low, span, not } => (slot.get(data).wrapping_sub(*low) <= *span) != *not,
            Test::Always(truth) => *truth,
            Test::All(tests) => tests.iter().all(|test| self.holds(test, data)),
            Test::Any(tests) => tests.iter().any(|test| self.holds(test, data)),
            Test::Other(asked) => self.value(*asked, data) != 0,
        }
    }

    /// What a residual comes to.
    pub fn value(&self, asked: ResidualId, data: &Data<W>) -> i64 {
        self.controls.residuals.value(asked, &|field| {
            let index = self.slots[field.index()].map_or(0, |slot| slot.get(data));
            self.controls.fields.get(field).value(index as u32)
        })
    }

    /// The index of a field; `None` where it is never live.
    pub fn index(&self, field: FieldId, data: &Data<W>) -> Option<u32> {
        self.slots[field.index()].map(|slot| slot.get(data) as u32)
    }

    /// All fields at the indices that `index` gives.
    pub fn data(&self, index: impl Fn(FieldId) -> u32) -> Data<W> {
        let mut data = [0; W];
        for (field, slot) in self.slots.iter().enumerate() {
            if let Some(slot) = slot {
                slot.set(&mut data, index(FieldId(field as u16)).into());
            }
        }
        data
    }

    #[inline]
    fn act(&self, op: &Op, data: &mut Data<W>, shown: &mut impl FnMut(u32)) {
        if op.guard != NONE && !self.holds(&self.tests[op.guard as usize], data) {
            return;
        }
        match op.act {
            Done::Add(by, top) => {
                let sum = (op.slot.get(data) as i64 + by).clamp(0, top);
                op.slot.set(data, sum as u64);
            }
            Done::Set(to) => op.slot.set(data, to),
            Done::Compute(field, value) => {
                let value = self.value(value, data);
                op.slot.set(data, self.controls.fields.get(field).index(value).into());
            }
            Done::Turn(turns) => {
                let next = (op.slot.get(data) + 1) % turns;
                op.slot.set(data, next);
            }
            Done::Show(looks) => {
                let held = self.looks[looks as usize].iter().filter(|(_, test)| self.holds(test, data));
                held.for_each(|(look, _)| shown(*look));
            }
        }
    }

    /// Runs a tree from a node on: `land` is told each landing, and the state there.
    #[inline]
    pub fn run(
        &self,
        mut node: u32,
        mut data: Data<W>,
        shown: &mut impl FnMut(u32),
        land: &mut impl FnMut(u32, &Data<W>),
    ) {
        // Where chance falls its other lots are gone through afterwards.
        let mut later: Vec<(u32, u32, Data<W>)> = Vec::new();
        loop {
            let at = &self.nodes[node as usize];
            for op in &self.ops[at.first as usize..at.last as usize] {
                self.act(op, &mut data, shown);
            }
            match at.then {
                Next::Ask(test, no, yes) => {
                    node = if self.holds(&self.tests[test as usize], &data) { yes } else { no };
                    continue;
                }
                Next::Fall(first, of) => {
                    later.push((first + 1, first + of, data));
                    node = first;
                    continue;
                }
                Next::Arrive(landing) => land(landing, &data),
                Next::Offer(..) => {}
            }
            loop {
                let Some((lot, end, before)) = later.last_mut() else { return };
                if lot < end {
                    (node, data) = (*lot, *before);
                    *lot += 1;
                    break;
                }
                later.pop();
            }
        }
    }

    /// Looks at the prose of what is offered in a state.
    pub fn look(&self, control: ControlId, data: &Data<W>, shown: &mut impl FnMut(u32)) {
        if self.controls.list[control as usize].is_over {
            return;
        }
        let (mut node, mut data) = (self.roots[control as usize].0, *data);
        loop {
            let at = &self.nodes[node as usize];
            self.ops[at.first as usize..at.last as usize].iter().for_each(|op| self.act(op, &mut data, shown));
            match at.then {
                Next::Ask(test, no, yes) => {
                    node = if self.holds(&self.tests[test as usize], &data) { yes } else { no };
                }
                Next::Offer(..) | Next::Fall(..) | Next::Arrive(_) => return,
            }
        }
    }

    /// What can be taken in a state: numbers of the control's inputs.
    #[inline]
    pub fn offered(&self, control: ControlId, data: &Data<W>) -> &[u16] {
        let mut node = self.roots[control as usize].0;
        if self.controls.list[control as usize].is_over {
            return &[];
        }
        loop {
            match self.nodes[node as usize].then {
                Next::Ask(test, no, yes) => {
                    node = if self.holds(&self.tests[test as usize], data) { yes } else { no };
                }
                Next::Offer(start, end) => return &self.offers[start as usize..end as usize],
                Next::Fall(..) | Next::Arrive(_) => return &[],
            }
        }
    }

    /// The tree of an input.
    #[inline]
    pub fn tree(&self, control: ControlId, input: u16) -> u32 {
        self.roots[control as usize].1[usize::from(input)]
    }
}
