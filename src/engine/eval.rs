//! What an expression says of a state. Compiled expressions can't fail, so this can't either.

use super::state::{Cursor, State, Status};
use crate::lang::{ExprId, Node, Operation};
use crate::story::model::{RoleId, Story};

/// Whether a guard holds, for the role that asks; no guard always does.
#[inline]
pub fn holds(story: &Story, state: &State, role: RoleId, guard: Option<ExprId>) -> bool {
    guard.is_none_or(|guard| value(story, state, role, guard) != 0)
}

/// The value of an expression, for the role that asks.
///
/// Arithmetic saturates: the values of variables are bounded, but an author may multiply them.
pub fn value(story: &Story, state: &State, role: RoleId, expr: ExprId) -> i64 {
    let of = |expr| value(story, state, role, expr);
    match story.code.node(expr) {
        Node::Constant(number) => number,
        Node::Field(field) => state.get(field),
        Node::FieldIs(field, comparison, number) => comparison.holds(state.get(field), i64::from(number)).into(),
        Node::Not(inner) => (of(inner) == 0).into(),
        Node::Negate(inner) => of(inner).saturating_neg(),
        Node::Compare(comparison, a, b) => comparison.holds(of(a), of(b)).into(),
        Node::Binary(operation, a, b) => match operation {
            Operation::And => (of(a) != 0 && of(b) != 0).into(),
            Operation::Or => (of(a) != 0 || of(b) != 0).into(),
            Operation::Add => of(a).saturating_add(of(b)),
            Operation::Subtract => of(a).saturating_sub(of(b)),
            Operation::Multiply => of(a).saturating_mul(of(b)),
            // Loading refuses a divisor that can be zero.
            Operation::Divide => of(a).checked_div(of(b)).unwrap_or(0),
            Operation::Remainder => of(a).checked_rem(of(b)).unwrap_or(0),
            Operation::Least => of(a).min(of(b)),
            Operation::Greatest => of(a).max(of(b)),
        },
        Node::Happened(event) => matches!(state.status(story, event), Status::Happened(_)).into(),
        Node::Averted(event) => (state.status(story, event) == Status::Averted).into(),
        Node::DaysSince(event) => match state.status(story, event) {
            Status::Happened(day) => i64::from(state.today(story, role).since(day)).max(0),
            Status::Pending | Status::Averted => -1,
        },
        Node::Date => i64::from(state.today(story, role).0),
        Node::Role => role.0.into(),
        Node::Digest => state.digest(story).into(),
        Node::Visits(scene) => story.layout.visits(scene).count.map_or(0, |(field, _)| state.get(field)),
        Node::Taken(choice) => story.choices[choice.index()].taken.map_or(0, |field| state.get(field)),
        Node::Ending(scene) => {
            state.played(story).any(|role| state.cursor(story, role) == Cursor::Ending(scene)).into()
        }
        Node::Outcome(outcome) => (super::clock::outcome(story, state) == Some(outcome)).into(),
    }
}
