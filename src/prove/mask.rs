//! Bits of a state, and which of them an expression reads.

use crate::lang::{Code, ExprId, Node};
use crate::story::layout::Field;
use crate::story::model::Story;

/// Bits of a state's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mask(pub(super) Box<[u64]>);

impl Mask {
    pub(super) fn none(words: usize) -> Mask {
        Mask(vec![0; words].into())
    }

    pub(super) fn all(words: usize) -> Mask {
        Mask(vec![u64::MAX; words].into())
    }

    pub(super) fn add(&mut self, field: Field) {
        self.0[field.word as usize] |= field.mask() << field.shift;
    }

    pub(super) fn remove(&mut self, field: Field) {
        self.0[field.word as usize] &= !(field.mask() << field.shift);
    }

    pub(super) fn has(&self, field: Field) -> bool {
        self.0[field.word as usize] & (field.mask() << field.shift) != 0
    }

    pub(super) fn join(&mut self, other: &Mask) -> bool {
        let mut grew = false;
        for (mine, others) in self.0.iter_mut().zip(&other.0) {
            grew |= *others & !*mine != 0;
            *mine |= others;
        }
        grew
    }

    /// How many bits.
    pub fn bits(&self) -> u32 {
        self.0.iter().map(|word| word.count_ones()).sum()
    }
}

/// Every field that an expression reads, where roles stand and what happened apart.
pub fn reads(story: &Story, code: &Code, expr: ExprId, found: &mut impl FnMut(Field)) {
    match code.node(expr) {
        Node::Field(field) | Node::FieldIs(field, ..) => found(field),
        Node::Not(inner) | Node::Negate(inner) => reads(story, code, inner, found),
        Node::Binary(_, a, b) | Node::Compare(_, a, b) => {
            reads(story, code, a, found);
            reads(story, code, b, found);
        }
        Node::Visits(scene) => story.layout.visits(scene).count.iter().for_each(|(field, _)| found(*field)),
        Node::Taken(choice) => story.choices[choice.index()].taken.iter().for_each(|field| found(*field)),
        Node::Outcome(_) => story.outcomes.iter().filter_map(|outcome| outcome.guard).for_each(|guard| {
            // Guards of outcomes don't ask for outcomes: they would ask for themselves.
            if !matches!(code.node(guard), Node::Outcome(_)) {
                reads(story, code, guard, found);
            }
        }),
        Node::Constant(_)
        | Node::Happened(_)
        | Node::Averted(_)
        | Node::DaysSince(_)
        | Node::Date
        | Node::Role
        | Node::Digest
        | Node::Ending(_) => {}
    }
}
