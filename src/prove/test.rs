//! Questions about packed data.

use super::controls::Controls;
use super::fields::FieldId;
use super::ranges::turned;
use super::residual::{Residual, ResidualId};
use super::shape::Slot;
use crate::lang::{Comparison, Operation as Logic};

/// A question about packed data.
#[derive(Clone, Debug)]
pub enum Test {
    /// Whether an index lies in a span, or not.
    Within { slot: Slot, low: u64, span: u64, not: bool },
    /// Whether all hold.
    All(Box<[Test]>),
    /// Whether some holds.
    Any(Box<[Test]>),
    /// It does, or it does not.
    Always(bool),
    /// Whatever else can be asked.
    Other(ResidualId),
}

impl Test {
    /// A residual as a test.
    pub(super) fn of(controls: &Controls, slots: &[Option<Slot>], asked: ResidualId) -> Test {
        let residuals = &controls.residuals;
        let of = |asked| Test::of(controls, slots, asked);
        let within = |field, how, number| within(controls, slots, (field, how, number));
        match residuals.node(asked) {
            Residual::Constant(number) => Test::Always(number != 0),
            Residual::Field(field) => within(field, Comparison::Different, 0).unwrap_or(Test::Other(asked)),
            Residual::Compare(how, a, b) => match (residuals.node(a), residuals.node(b)) {
                (Residual::Field(field), Residual::Constant(number)) => {
                    within(field, how, number).unwrap_or(Test::Other(asked))
                }
                (Residual::Constant(number), Residual::Field(field)) => {
                    within(field, turned(how), number).unwrap_or(Test::Other(asked))
                }
                _ => Test::Other(asked),
            },
            Residual::Binary(Logic::And, a, b) => Test::All([of(a), of(b)].into()),
            Residual::Binary(Logic::Or, a, b) => Test::Any([of(a), of(b)].into()),
            Residual::Not(inner) => match of(inner) {
                Test::Within { slot, low, span, not } => Test::Within { slot, low, span, not: !not },
                Test::Always(truth) => Test::Always(!truth),
                _ => Test::Other(asked),
            },
            Residual::Negate(_) | Residual::Binary(..) => Test::Other(asked),
        }
    }
}

/// Whether a field's value compares so with a number.
fn within(
    controls: &Controls,
    slots: &[Option<Slot>],
    (field, how, number): (FieldId, Comparison, i64),
) -> Option<Test> {
    let slot = slots[field.index()]?;
    let declared = controls.fields.get(field);
    if how == Comparison::Different {
        return match within(controls, slots, (field, Comparison::Equal, number))? {
            Test::Within { slot, low, span, not } => Some(Test::Within { slot, low, span, not: !not }),
            Test::Always(truth) => Some(Test::Always(!truth)),
            other => Some(other),
        };
    }
    let holds = |index: &u32| how.holds(declared.value(*index), number);
    // What compares so is a run of indices: the comparisons left have no gap.
    let Some(low) = (0..=declared.top).find(holds) else { return Some(Test::Always(false)) };
    let high = (low..=declared.top).rev().find(holds).unwrap_or(low);
    Some(Test::Within { slot, low: low.into(), span: u64::from(high - low), not: false })
}
