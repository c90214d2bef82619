//! Comparisons, from trees to code, and those that are settled beforehand.

use std::ops::Range;

use super::code::{Comparison, Node};
use super::compile::{Compiler, Symbols, Type, Typed};
use super::names::MOST_VISITS;
use super::syntax::{Sign, Tree, TreeKind};
use crate::diagnostic::Code as Fault;
use crate::say;

impl<'t> Compiler<'_, 't> {
    pub(super) fn comparison(
        &mut self,
        how: Comparison,
        sign: Sign,
        a: &Tree<'t>,
        b: &Tree<'t>,
        whole: Range<usize>,
    ) -> Option<Typed> {
        let (left, right) = self.sides(a, b)?;
        let possible = match (&left.kind, &right.kind) {
            (Type::Integer(a_min, a_max), Type::Integer(b_min, b_max)) => {
                super::bounds::comparison(how, (*a_min, *a_max), (*b_min, *b_max))
            }
            (Type::Date, Type::Date) => (true, true),
            (Type::Symbol(x), Type::Symbol(y)) if self.comparable(x, y) && is_equality(how) => (true, true),
            (Type::Flag(..), Type::Flag(..)) if is_equality(how) => (true, true),
            (x, y) => {
                let (x, y) = (x.name(), y.name());
                let message = if x == y {
                    say!("`{sign}` can't compare {x} with {y}", sign = sign.text(), x = x, y = y)
                } else {
                    say!("{x} is compared with {y}", x = x, y = y)
                };
                self.fault(Fault::TypeMismatch, whole, message, say!("these have no common measure"));
                return None;
            }
        };
        self.tell_if_settled(possible, &whole, (&left.kind, &right.kind));
        Some(self.compare(how, &left, &right, possible))
    }

    /// Both sides of a comparison; a bare symbol is looked up among those of the other side.
    fn sides(&mut self, a: &Tree<'t>, b: &Tree<'t>) -> Option<(Typed, Typed)> {
        let bare = |this: &Self, tree: &Tree<'t>| match tree.kind {
            TreeKind::Name(name) => this.resolve(name).is_none(),
            _ => false,
        };
        let symbols = |typed: &Option<Typed>| match typed {
            Some(Typed { kind: Type::Symbol(symbols), .. }) => Some(symbols.clone()),
            _ => None,
        };
        if bare(self, a) && !bare(self, b) {
            let right = self.tree(b, None);
            let left = self.tree(a, symbols(&right).as_ref());
            return Some((left?, right?));
        }
        let left = self.tree(a, None);
        let right = if left.is_none() && bare(self, b) { None } else { self.tree(b, symbols(&left).as_ref()) };
        Some((left?, right?))
    }

    fn comparable(&self, a: &Symbols, b: &Symbols) -> bool {
        match (a, b) {
            (Symbols::Roles, Symbols::Roles) => true,
            (Symbols::Of(variable), other) | (other, Symbols::Of(variable)) => self.same(other, *variable),
        }
    }

    fn tell_if_settled(&mut self, possible: (bool, bool), whole: &Range<usize>, sides: (&Type, &Type)) {
        let (code, message) = match possible {
            (true, true) => return,
            (false, _) => (Fault::NeverHolds, say!("this comparison can never hold")),
            (true, false) => (Fault::AlwaysHolds, say!("this comparison always holds")),
        };
        let why = match sides {
            (Type::Integer(min, max), _) if min != max => {
                say!("the left side runs from {min} to {max}", min = min, max = max)
            }
            (_, Type::Integer(min, max)) if min != max => {
                say!("the right side runs from {min} to {max}", min = min, max = max)
            }
            _ => say!("given the bounds of what it compares"),
        };
        self.fault(code, whole.clone(), message, why);
    }

    fn compare(&mut self, how: Comparison, left: &Typed, right: &Typed, possible: (bool, bool)) -> Typed {
        let node = match (self.code.node(left.expr), self.code.node(right.expr)) {
            (Node::Field(field), Node::Constant(number)) if i32::try_from(number).is_ok() => {
                self.code.take_back(left.expr.min(right.expr));
                Node::FieldIs(field, how, number as i32)
            }
            (Node::Visits(scene), Node::Constant(number)) => {
                self.count_visits(scene, number.clamp(0, i64::from(MOST_VISITS) - 1) as u32 + 1);
                Node::Compare(how, left.expr, right.expr)
            }
            _ => {
                self.reckon(left);
                self.reckon(right);
                Node::Compare(how, left.expr, right.expr)
            }
        };
        self.made(node, Type::Flag(possible.0, possible.1))
    }
}

fn is_equality(how: Comparison) -> bool {
    matches!(how, Comparison::Equal | Comparison::Different)
}
