//! Between which values each field can lie: more than plays can reach, never less.

use super::fields::{FieldId, Fields};
use super::residual::{Residual, ResidualId, Residuals};
use crate::lang::{Comparison, Operation};

/// The least and the greatest index of each field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ranges(Box<[(u32, u32)]>);

impl Ranges {
    /// Each field at one index.
    pub fn at(indices: impl Iterator<Item = u32>) -> Ranges {
        Ranges(indices.map(|index| (index, index)).collect())
    }

    /// Where a field lies.
    pub fn get(&self, field: FieldId) -> (u32, u32) {
        self.0[field.index()]
    }

    /// A field lies there.
    pub fn set(&mut self, field: FieldId, range: (u32, u32)) {
        self.0[field.index()] = range;
    }

    /// Takes in others; whether they were not in it. A field that has grown goes as far as `widen`
    /// lets it.
    pub fn join(&mut self, other: &Ranges, widen: impl Fn(usize, (u32, u32)) -> (u32, u32)) -> bool {
        let mut grew = false;
        for (index, (mine, other)) in self.0.iter_mut().zip(&other.0).enumerate() {
            let both = (mine.0.min(other.0), mine.1.max(other.1));
            if both != *mine {
                *mine = widen(index, both);
                grew = true;
            }
        }
        grew
    }

    /// Narrows to where `asked` was answered so.
    pub fn narrow(&mut self, fields: &Fields, residuals: &Residuals, asked: ResidualId, answer: bool) {
        match residuals.node(asked) {
            Residual::Not(inner) => self.narrow(fields, residuals, inner, !answer),
            Residual::Binary(Operation::And, a, b) if answer => {
                self.narrow(fields, residuals, a, true);
                self.narrow(fields, residuals, b, true);
            }
            Residual::Binary(Operation::Or, a, b) if !answer => {
                self.narrow(fields, residuals, a, false);
                self.narrow(fields, residuals, b, false);
            }
            Residual::Field(field) => {
                let how = if answer { Comparison::Different } else { Comparison::Equal };
                self.hold(fields, field, how, 0);
            }
            Residual::Compare(how, a, b) => match (residuals.node(a), residuals.node(b)) {
                (Residual::Field(field), Residual::Constant(number)) => {
                    self.hold(fields, field, if answer { how } else { opposite(how) }, number);
                }
                (Residual::Constant(number), Residual::Field(field)) => {
                    let how = turned(how);
                    self.hold(fields, field, if answer { how } else { opposite(how) }, number);
                }
                _ => {}
            },
            _ => {}
        }
    }

    /// Keeps the indices whose values compare so; all, where none does, for then nobody comes here.
    fn hold(&mut self, fields: &Fields, field: FieldId, how: Comparison, number: i64) {
        let declared = fields.get(field);
        let (mut low, mut high) = self.get(field);
        while low < high && !how.holds(declared.value(low), number) {
            low += 1;
        }
        while high > low && !how.holds(declared.value(high), number) {
            high -= 1;
        }
        self.set(field, (low, high));
    }
}

/// What holds where the other fails.
fn opposite(how: Comparison) -> Comparison {
    match how {
        Comparison::Equal => Comparison::Different,
        Comparison::Different => Comparison::Equal,
        Comparison::Less => Comparison::AtLeast,
        Comparison::AtMost => Comparison::Greater,
        Comparison::Greater => Comparison::AtMost,
        Comparison::AtLeast => Comparison::Less,
    }
}

/// The same with its sides exchanged.
pub fn turned(how: Comparison) -> Comparison {
    match how {
        Comparison::Less => Comparison::Greater,
        Comparison::AtMost => Comparison::AtLeast,
        Comparison::Greater => Comparison::Less,
        Comparison::AtLeast => Comparison::AtMost,
        Comparison::Equal | Comparison::Different => how,
    }
}
