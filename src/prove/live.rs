//! What a control can still read. A field that is written again, or never looked at again, on every
//! way from here can't tell two futures apart, and is left out of the states that are compared.
//!
//! The classic backward data flow, over the trees of the controls, with the refinement that what
//! an effect reads counts only where what it writes is read itself.

use std::cell::RefCell;

use super::controls::{ControlId, Controls};
use super::fields::FieldId;
use super::items::{Act, Operation};
use super::order::Order;
use super::residual::{ResidualId, Residuals};
use super::trees::{Deed, Then, Trees};

/// Some of the fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldSet(Box<[u64]>);

impl FieldSet {
    /// None of so many.
    pub fn none(count: usize) -> FieldSet {
        FieldSet(vec![0; count.div_ceil(64)].into())
    }

    /// Whether it has a field.
    pub fn has(&self, field: FieldId) -> bool {
        self.0[field.index() / 64] >> (field.index() % 64) & 1 == 1
    }

    /// Adds a field.
    pub fn add(&mut self, field: FieldId) {
        self.0[field.index() / 64] |= 1 << (field.index() % 64);
    }

    /// Takes out a field.
    pub fn remove(&mut self, field: FieldId) {
        self.0[field.index() / 64] &= !(1 << (field.index() % 64));
    }

    /// Adds the fields of another; whether there were new ones.
    pub fn join(&mut self, other: &FieldSet) -> bool {
        let mut grew = false;
        for (mine, other) in self.0.iter_mut().zip(&other.0) {
            grew |= other & !*mine != 0;
            *mine |= other;
        }
        grew
    }

    /// The fields.
    pub fn iter(&self) -> impl Iterator<Item = FieldId> + '_ {
        let bits = |(word, bits): (usize, &u64)| {
            let bits = *bits;
            (0..64).filter(move |bit| bits >> bit & 1 == 1).map(move |bit| FieldId((word * 64 + bit) as u16))
        };
        self.0.iter().enumerate().flat_map(bits)
    }

    fn read(&mut self, residuals: &Residuals, asked: ResidualId) {
        residuals.fields(asked).iter().for_each(|field| self.add(*field));
    }
}

/// What is read where plays arrive or stop, beside what steps ask themselves.
pub trait Reads {
    /// What is asked on this arrival of a control, or of a beginning.
    fn on_arrival(&self, from: Option<ControlId>, arrival: u32) -> &[ResidualId];
    /// What is asked in every state of a control.
    fn in_control(&self, control: ControlId) -> &[ResidualId];
    /// What the arms of prose ask that are looked at, of this list of those shown.
    fn on_show(&self, shows: u32) -> &[ResidualId];
}

/// By control: the fields that can still be read.
#[derive(Debug)]
pub struct Live {
    /// By control.
    pub controls: Vec<FieldSet>,
    /// The fields that are read somewhere, if only within a step.
    pub ever: FieldSet,
}

impl Live {
    /// Works it out; `order` is that of the controls.
    pub fn of(controls: &Controls, order: &Order, reads: &impl Reads) -> Live {
        let none = FieldSet::none(controls.fields.len());
        let mut live = Live { controls: vec![none.clone(); controls.list.len()], ever: none };
        for part in order.parts() {
            loop {
                let mut grew = false;
                for &control in part {
                    let (found, ever) = live.back(controls, control, reads);
                    live.ever.join(&ever);
                    grew |= live.controls[control as usize].join(&found);
                }
                let round = part.len() > 1 || controls.ways(part[0]).any(|to| to == part[0]);
                if !grew || !round {
                    break;
                }
            }
        }
        for beginning in 0..controls.beginnings.len() {
            let (_, ever) = live.begin(controls, beginning, reads);
            live.ever.join(&ever);
        }
        live
    }

    /// Whether all that is live here is live there as well.
    pub fn is_within(&self, other: &Live) -> bool {
        let within =
            |(mine, other): (&FieldSet, &FieldSet)| mine.0.iter().zip(&other.0).all(|(mine, other)| mine & !other == 0);
        self.controls.iter().zip(&other.controls).all(within)
    }

    /// All fields, everywhere.
    pub fn all(controls: &Controls) -> Live {
        let mut all = FieldSet::none(controls.fields.len());
        (0..controls.fields.len()).for_each(|index| all.add(FieldId(index as u16)));
        Live { controls: vec![all.clone(); controls.list.len()], ever: all }
    }

    /// What is read in a control or on a way from it; and at any moment on such a way.
    fn back(&self, controls: &Controls, control: ControlId, reads: &impl Reads) -> (FieldSet, FieldSet) {
        let trees = &controls.list[control as usize].trees;
        let mut found = FieldSet::none(controls.fields.len());
        reads.in_control(control).iter().for_each(|asked| found.read(&controls.residuals, *asked));
        let backward = Backward::of(self, controls, trees, Some(control), reads);
        let roots = trees.inputs.iter().map(|(_, root)| *root).chain((!trees.nodes.is_empty()).then_some(0));
        for root in roots {
            found.join(&backward.node(root));
        }
        let mut ever = backward.ever.into_inner();
        ever.join(&found);
        (found, ever)
    }

    /// As for a control, of a beginning.
    fn begin(&self, controls: &Controls, beginning: usize, reads: &impl Reads) -> (FieldSet, FieldSet) {
        let backward = Backward::of(self, controls, &controls.beginnings[beginning].trees, None, reads);
        let found = backward.node(0);
        (found, backward.ever.into_inner())
    }
}

/// Goes back through a tree.
pub struct Backward<'a, R> {
    live: &'a Live,
    residuals: &'a Residuals,
    trees: &'a Trees,
    from: Option<ControlId>,
    reads: &'a R,
    count: usize,
    ever: RefCell<FieldSet>,
}

impl<'a, R: Reads> Backward<'a, R> {
    fn of(live: &'a Live, controls: &'a Controls, trees: &'a Trees, from: Option<ControlId>, reads: &'a R) -> Self {
        let count = controls.fields.len();
        let ever = RefCell::new(FieldSet::none(count));
        Backward { live, residuals: &controls.residuals, trees, from, reads, count, ever }
    }

    /// What is live before a node.
    fn node(&self, node: u32) -> FieldSet {
        let node = &self.trees.nodes[node as usize];
        let mut live = self.then(&node.then);
        self.ever.borrow_mut().join(&live);
        for deed in node.acts.clone().rev() {
            match self.trees.deeds[deed as usize] {
                Deed::Do(operation) => before(self.residuals, &operation, &mut live),
                Deed::Show(shows) => {
                    let asked = self.reads.on_show(shows);
                    asked.iter().for_each(|asked| live.read(self.residuals, *asked));
                }
            }
            self.ever.borrow_mut().join(&live);
        }
        live
    }

    /// What is live where a node is left.
    fn then(&self, then: &Then) -> FieldSet {
        match then {
            Then::Open | Then::Offer(_) => FieldSet::none(self.count),
            Then::Ask(asked, no, yes) => {
                let mut live = self.node(*no);
                live.join(&self.node(*yes));
                live.read(self.residuals, *asked);
                live
            }
            Then::Fall(first, of) => {
                let mut live = FieldSet::none(self.count);
                (*first..first + of).for_each(|node| {
                    live.join(&self.node(node));
                });
                live
            }
            Then::Arrive(arrival) => {
                let to = self.trees.arrivals[*arrival as usize].to;
                let mut live = self.live.controls[to as usize].clone();
                let asked = self.reads.on_arrival(self.from, *arrival);
                asked.iter().for_each(|asked| live.read(self.residuals, *asked));
                live
            }
        }
    }
}

/// From what is live after something was done to what is live before it.
pub fn before(residuals: &Residuals, operation: &Operation, live: &mut FieldSet) {
    let Operation { field, act, guard } = *operation;
    if !live.has(field) {
        return;
    }
    if guard.is_none() && matches!(act, Act::Set(_) | Act::Compute(_)) {
        live.remove(field);
    }
    if let Act::Compute(value) = act {
        live.read(residuals, value);
    }
    guard.into_iter().for_each(|guard| live.read(residuals, guard));
}

/// What is live after the deeds of a node.
pub fn after(
    controls: &Controls,
    (live, trees, from): (&Live, &Trees, Option<ControlId>),
    node: &super::trees::Node,
    reads: &impl Reads,
) -> FieldSet {
    Backward::of(live, controls, trees, from, reads).then(&node.then)
}
