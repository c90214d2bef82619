//! What is left of an expression once the control is known: a question about fields alone.

use std::collections::HashMap;

use super::fields::{FieldId, Fields};
use super::ranges::Ranges;
use crate::engine::{Cursor, State, Status};
use crate::lang::{Comparison, ExprId, Node, Operation, arithmetic, comparison};
use crate::story::model::{RoleId, Story};

/// Names a residual expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResidualId(pub u32);

/// One node of a residual expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Residual {
    /// A number.
    Constant(i64),
    /// The value of a field.
    Field(FieldId),
    /// `not`
    Not(ResidualId),
    /// unary `-`
    Negate(ResidualId),
    /// Two operands.
    Binary(Operation, ResidualId, ResidualId),
    /// A comparison.
    Compare(Comparison, ResidualId, ResidualId),
}

/// All residual expressions of an exploration, each kept once.
#[derive(Debug, Default)]
pub struct Residuals {
    nodes: Vec<Residual>,
    known: HashMap<Residual, ResidualId>,
    fields: Vec<Box<[FieldId]>>,
    shows: Vec<Shows>,
    known_shows: HashMap<Shows, u32>,
}

/// Arms of prose that may be shown, by their numbers, and if what.
pub type Shows = Box<[(u32, ResidualId)]>;

impl Residuals {
    /// Adds one, or finds it.
    pub fn intern(&mut self, residual: Residual) -> ResidualId {
        if let Some(known) = self.known.get(&residual) {
            return *known;
        }
        let mut fields: Vec<FieldId> = match residual {
            Residual::Constant(_) => Vec::new(),
            Residual::Field(field) => vec![field],
            Residual::Not(inner) | Residual::Negate(inner) => self.fields(inner).to_vec(),
            Residual::Binary(_, a, b) | Residual::Compare(_, a, b) => [self.fields(a), self.fields(b)].concat(),
        };
        fields.sort_unstable();
        fields.dedup();
        let id = ResidualId(self.nodes.len() as u32);
        self.nodes.push(residual);
        self.fields.push(fields.into());
        self.known.insert(residual, id);
        id
    }

    /// A number.
    pub fn constant(&mut self, number: i64) -> ResidualId {
        self.intern(Residual::Constant(number))
    }

    /// The node.
    pub fn node(&self, id: ResidualId) -> Residual {
        self.nodes[id.0 as usize]
    }

    /// The fields that it reads.
    pub fn fields(&self, id: ResidualId) -> &[FieldId] {
        &self.fields[id.0 as usize]
    }

    /// The number that it is, where it is one.
    pub fn number(&self, id: ResidualId) -> Option<i64> {
        match self.node(id) {
            Residual::Constant(number) => Some(number),
            _ => None,
        }
    }

    /// The value of a field.
    pub fn field(&mut self, field: FieldId) -> ResidualId {
        self.intern(Residual::Field(field))
    }

    /// Adds what a piece of prose shows, or finds it.
    pub fn add_shows(&mut self, shows: Vec<(u32, ResidualId)>) -> u32 {
        let shows: Shows = shows.into();
        let next = self.shows.len() as u32;
        let number = *self.known_shows.entry(shows.clone()).or_insert(next);
        if number == next {
            self.shows.push(shows);
        }
        number
    }

    /// All that pieces of prose show.
    pub fn shows(&self) -> &[Shows] {
        &self.shows
    }

    /// That it fails.
    pub fn not(&mut self, inner: ResidualId) -> ResidualId {
        match (self.number(inner), self.node(inner)) {
            (Some(number), _) => self.constant((number == 0).into()),
            (None, Residual::Not(twice)) if self.is_truth(twice) => twice,
            _ => self.intern(Residual::Not(inner)),
        }
    }

    /// Both, or either, by the operation.
    pub fn join(&mut self, operation: Operation, a: ResidualId, b: ResidualId) -> ResidualId {
        // `and` with what fails fails, `or` with what holds holds; else the other decides.
        let decided = operation == Operation::Or;
        match (self.number(a).map(|a| a != 0), self.number(b).map(|b| b != 0)) {
            (Some(truth), _) | (_, Some(truth)) if truth == decided => self.constant(decided.into()),
            (Some(_), _) => b,
            (_, Some(_)) => a,
            (None, None) => self.intern(Residual::Binary(operation, a, b)),
        }
    }

    /// That two compare so.
    pub fn compare(&mut self, how: Comparison, a: ResidualId, b: ResidualId) -> ResidualId {
        match (self.number(a), self.number(b)) {
            (Some(a), Some(b)) => self.constant(how.holds(a, b).into()),
            _ => self.intern(Residual::Compare(how, a, b)),
        }
    }

    /// Whether it is 0 or 1.
    fn is_truth(&self, id: ResidualId) -> bool {
        matches!(
            self.node(id),
            Residual::Not(_) | Residual::Compare(..) | Residual::Binary(Operation::And | Operation::Or, ..)
        )
    }

    /// What is left of an expression in the control of `state`.
    pub fn of(&mut self, story: &Story, fields: &Fields, state: &State, role: RoleId, expr: ExprId) -> ResidualId {
        let mut fold = Fold { residuals: self, story, fields, state, role };
        fold.expr(expr)
    }

    /// The least and the greatest that it can be where fields lie within `ranges`.
    pub fn bounds(&self, fields: &Fields, ranges: &Ranges, id: ResidualId) -> (i64, i64) {
        let of = |id| self.bounds(fields, ranges, id);
        let truth = |(can_hold, can_fail): (bool, bool)| (i64::from(!can_fail), i64::from(can_hold));
        // Whether it can hold, and whether it can fail.
        let asked = |id| {
            let (low, high) = of(id);
            (low != 0 || high != 0, low <= 0 && high >= 0)
        };
        match self.node(id) {
            Residual::Constant(number) => (number, number),
            Residual::Field(field) => {
                let (low, high) = ranges.get(field);
                let declared = fields.get(field);
                (declared.value(low), declared.value(high))
            }
            Residual::Not(inner) => {
                let (can_hold, can_fail) = asked(inner);
                truth((can_fail, can_hold))
            }
            Residual::Negate(inner) => {
                let (low, high) = of(inner);
                (high.saturating_neg(), low.saturating_neg())
            }
            Residual::Compare(how, a, b) => truth(comparison(how, of(a), of(b))),
            Residual::Binary(Operation::And, a, b) => {
                let (a, b) = (asked(a), asked(b));
                truth((a.0 && b.0, a.1 || b.1))
            }
            Residual::Binary(Operation::Or, a, b) => {
                let (a, b) = (asked(a), asked(b));
                truth((a.0 || b.0, a.1 && b.1))
            }
            Residual::Binary(operation @ (Operation::Divide | Operation::Remainder), a, b) => {
                let divisor = of(b);
                // Loading refuses a divisor that can be zero; one that depends on the control too
                // may look as though it could.
                if divisor.0 <= 0 && divisor.1 >= 0 {
                    (i64::MIN, i64::MAX)
                } else {
                    arithmetic(operation, of(a), divisor)
                }
            }
            Residual::Binary(operation, a, b) => arithmetic(operation, of(a), of(b)),
        }
    }

    /// Its value, where `value` tells those of fields.
    pub fn value(&self, id: ResidualId, value: &impl Fn(FieldId) -> i64) -> i64 {
        let of = |id| self.value(id, value);
        match self.node(id) {
            Residual::Constant(number) => number,
            Residual::Field(field) => value(field),
            Residual::Not(inner) => (of(inner) == 0).into(),
            Residual::Negate(inner) => of(inner).saturating_neg(),
            Residual::Compare(how, a, b) => how.holds(of(a), of(b)).into(),
            Residual::Binary(Operation::And, a, b) => (of(a) != 0 && of(b) != 0).into(),
            Residual::Binary(Operation::Or, a, b) => (of(a) != 0 || of(b) != 0).into(),
            Residual::Binary(operation, a, b) => compute(operation, of(a), of(b)),
        }
    }
}

/// As the engine computes.
fn compute(operation: Operation, a: i64, b: i64) -> i64 {
    match operation {
        Operation::Add => a.saturating_add(b),
        Operation::Subtract => a.saturating_sub(b),
        Operation::Multiply => a.saturating_mul(b),
        Operation::Divide => a.checked_div(b).unwrap_or(0),
        Operation::Remainder => a.checked_rem(b).unwrap_or(0),
        Operation::Least => a.min(b),
        Operation::Greatest => a.max(b),
        Operation::And => (a != 0 && b != 0).into(),
        Operation::Or => (a != 0 || b != 0).into(),
    }
}

/// An expression is read in the control of a state.
struct Fold<'a> {
    residuals: &'a mut Residuals,
    story: &'a Story,
    fields: &'a Fields,
    state: &'a State,
    role: RoleId,
}

impl Fold<'_> {
    fn expr(&mut self, expr: ExprId) -> ResidualId {
        match self.story.code.node(expr) {
            Node::Field(field) => self.field(field),
            Node::FieldIs(field, how, number) => {
                let (field, number) = (self.field(field), self.residuals.constant(number.into()));
                self.residuals.compare(how, field, number)
            }
            Node::Visits(scene) => match self.story.layout.visits(scene).count {
                Some((field, _)) => self.field(field),
                None => self.residuals.constant(0),
            },
            Node::Taken(choice) => match self.story.choices[choice.index()].taken {
                Some(field) => self.field(field),
                None => self.residuals.constant(0),
            },
            Node::Not(inner) => {
                let inner = self.expr(inner);
                self.residuals.not(inner)
            }
            Node::Negate(inner) => {
                let inner = self.expr(inner);
                match self.residuals.number(inner) {
                    Some(number) => self.residuals.constant(number.saturating_neg()),
                    None => self.residuals.intern(Residual::Negate(inner)),
                }
            }
            Node::Compare(how, a, b) => {
                let (a, b) = (self.expr(a), self.expr(b));
                self.residuals.compare(how, a, b)
            }
            Node::Binary(operation @ (Operation::And | Operation::Or), a, b) => {
                let a = self.expr(a);
                self.joined(operation, a, |fold| fold.expr(b))
            }
            Node::Binary(operation, a, b) => {
                let (a, b) = (self.expr(a), self.expr(b));
                match (self.residuals.number(a), self.residuals.number(b)) {
                    (Some(a), Some(b)) => self.residuals.constant(compute(operation, a, b)),
                    _ => self.residuals.intern(Residual::Binary(operation, a, b)),
                }
            }
            Node::Outcome(outcome) => {
                if !self.state.is_over(self.story) {
                    return self.residuals.constant(0);
                }
                // The first whose guard holds.
                let mut earlier = self.residuals.constant(0);
                for index in 0..outcome.index() {
                    let guard = self.story.outcomes[index].guard;
                    earlier = self.joined(Operation::Or, earlier, |fold| fold.guard(guard));
                }
                let guard = self.story.outcomes[outcome.index()].guard;
                let none = self.residuals.not(earlier);
                self.joined(Operation::And, none, |fold| fold.guard(guard))
            }
            Node::Constant(number) => self.residuals.constant(number),
            Node::Happened(event) => {
                let happened = matches!(self.state.status(self.story, event), Status::Happened(_));
                self.residuals.constant(happened.into())
            }
            Node::Averted(event) => {
                let averted = self.state.status(self.story, event) == Status::Averted;
                self.residuals.constant(averted.into())
            }
            Node::Ending(scene) => {
                let (story, state) = (self.story, self.state);
                let ended = state.played(story).any(|role| state.cursor(story, role) == Cursor::Ending(scene));
                self.residuals.constant(ended.into())
            }
            // What is left asks for nothing but the control.
            Node::DaysSince(_) | Node::Date | Node::Role | Node::Digest => {
                let number = crate::engine::value(self.story, self.state, self.role, expr);
                self.residuals.constant(number)
            }
        }
    }

    fn guard(&mut self, guard: Option<ExprId>) -> ResidualId {
        match guard {
            Some(guard) => self.expr(guard),
            None => self.residuals.constant(1),
        }
    }

    fn field(&mut self, field: crate::story::layout::Field) -> ResidualId {
        match self.fields.at(field) {
            Some(id) => self.residuals.field(id),
            // It has but one value.
            None => self.residuals.constant(field.min.into()),
        }
    }

    fn joined(
        &mut self,
        operation: Operation,
        a: ResidualId,
        b: impl FnOnce(&mut Fold<'_>) -> ResidualId,
    ) -> ResidualId {
        // What is decided by the left side doesn't ask the right one.
        let decided = operation == Operation::Or;
        if self.residuals.number(a).is_some_and(|number| (number != 0) == decided) {
            return self.residuals.constant(decided.into());
        }
        let b = b(self);
        self.residuals.join(operation, a, b)
    }
}
