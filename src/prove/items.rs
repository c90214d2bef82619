//! What a step did, so far as it depends on the fields or on chance.

use super::fields::FieldId;
use super::residual::ResidualId;

/// What a step does to one field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Adds so many units, within the field's bounds.
    Add(i32),
    /// Sets it to this index.
    Set(u32),
    /// Sets it to this value, brought within its bounds.
    Compute(ResidualId),
    /// Adds one, modulo this number.
    Turn(u32),
}

/// What a step does, and only if.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operation {
    /// To which field.
    pub field: FieldId,
    /// What.
    pub act: Act,
    /// Only if.
    pub guard: Option<ResidualId>,
}

/// What happened in a step, in order, so far as it depends on the fields or on chance.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// A field changed.
    Do(Operation),
    /// Something was asked, and this was the answer.
    Ask(ResidualId, bool),
    /// Chance fell on this one of so many lots.
    Fall(u32, u32),
    /// A piece of prose was shown, with these arms: the number of the list.
    Show(u32),
}

/// What is worth telling of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mark {
    /// A scene was entered.
    Scene(u32),
    /// A hinge was reached.
    Hinge(u32),
    /// An entry of a `goto` was followed.
    Entry(u32),
    /// A hinge fell out so.
    Turn(u32),
    /// An event happened.
    Event(u32),
    /// A scene was entered before its day.
    RunsBack(u32),
    /// An event happened without what it needs.
    WithoutNeeds(u32),
}
