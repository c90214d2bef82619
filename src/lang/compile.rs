//! From trees to code: names are looked up, types checked, bounds compared.
//!
//! A comparison that can never hold or never fail, given the bounds, is told where it stands.

use std::ops::Range;

use super::code::{Code, Comparison, ExprId, Node, Operation};
use super::names::{Declared, MOST_VISITS};
use super::syntax::{self, Sign, SyntaxError, Tree, TreeKind};
use crate::calendar::Calendar;
use crate::catalogue::Phrase;
use crate::diagnostic::{Code as Fault, Diagnostic, Findings, Span};
use crate::say;
use crate::story::model::{EventId, HingeId, OutcomeId, RoleId, SceneId, VariableId};
use crate::story::text::Text;

/// From where an expression asks.
#[derive(Clone, Copy, Debug, Default)]
pub struct Scope {
    /// The role whose traits stand bare.
    pub role: Option<RoleId>,
    /// The hinge whose id may be left out in `chose`.
    pub hinge: Option<HingeId>,
    /// The scene whose visits the templates count.
    pub scene: Option<SceneId>,
}

/// The type of an expression, with what is known of its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// A number between these, both included.
    Integer(i64, i64),
    /// Whether it can hold, whether it can fail.
    Flag(bool, bool),
    /// One of these names.
    Symbol(Symbols),
    /// A day.
    Date,
}

/// Whose names a symbol is one of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Symbols {
    /// A variable's.
    Of(VariableId),
    /// The roles'.
    Roles,
}

impl Type {
    pub(super) fn name(&self) -> Phrase {
        match self {
            Type::Integer(..) => say!("a number"),
            Type::Flag(..) => say!("true or false"),
            Type::Symbol(_) => say!("a symbol"),
            Type::Date => say!("a date"),
        }
    }
}

/// An expression that was compiled.
#[derive(Clone, Debug)]
pub struct Typed {
    /// Its code.
    pub expr: ExprId,
    /// Its type.
    pub kind: Type,
}

/// Compiles the strings of one story; what is wrong goes into `found`.
pub struct Compiler<'c, 't> {
    /// The names.
    pub declared: &'c mut Declared<'t>,
    /// What is made.
    pub code: &'c mut Code,
    /// What is wrong.
    pub found: &'c mut Findings,
    /// The story's calendar, for dates.
    pub calendar: Calendar,
    /// The string that is compiled.
    pub text: Text<'t>,
    /// The text of its file.
    pub file: &'t str,
    /// From where it asks.
    pub scope: Scope,
}

impl<'t> Compiler<'_, 't> {
    fn span(&self, place: Range<usize>) -> Span {
        self.text.part(self.file, place)
    }

    /// Reports a finding at some bytes of the string.
    pub(super) fn fault(
        &mut self,
        code: Fault,
        place: Range<usize>,
        message: Phrase,
        label: Phrase,
    ) -> &mut Diagnostic {
        // Finding the place costs as much as the string is long.
        let span = if self.found.is_enough(code) { self.text.span } else { self.span(place) };
        self.found.push(Diagnostic::new(code, message).label(span, label))
    }

    pub(super) fn syntax(&mut self, code: Fault, error: SyntaxError) {
        let found = self.fault(code, error.place, error.message, error.label);
        if !error.help.is_empty() {
            found.help.push(error.help);
        }
    }

    /// Compiles the string as a guard.
    pub fn guard(&mut self) -> Option<ExprId> {
        self.guard_from(self.text.value, 0)
    }

    /// Compiles a part of the string, up to the end of `text`, as a guard.
    pub(super) fn guard_from(&mut self, text: &'t str, start: usize) -> Option<ExprId> {
        match syntax::expression(text, start) {
            Ok(tree) => self.flag(&tree),
            Err(error) => {
                self.syntax(Fault::BadExpression, error);
                None
            }
        }
    }

    /// Compiles a tree that has to be true or false.
    pub(super) fn flag(&mut self, tree: &Tree<'t>) -> Option<ExprId> {
        let typed = self.tree(tree, None)?;
        match typed.kind {
            Type::Flag(..) => Some(typed.expr),
            other => {
                let message = say!("a condition is true or false");
                let found = self.fault(
                    Fault::TypeMismatch,
                    tree.place.clone(),
                    message,
                    say!("this is {kind}", kind = other.name()),
                );
                if matches!(other, Type::Integer(..)) {
                    found.help.push(say!("compare it with something: `… >= 1`"));
                }
                None
            }
        }
    }

    /// Compiles the string as a number, with its bounds: for derived variables.
    pub fn number(&mut self) -> Option<(ExprId, i64, i64)> {
        match syntax::expression(self.text.value, 0) {
            Ok(tree) => {
                let typed = self.tree(&tree, None)?;
                let (min, max) = self.integer(&typed, &tree)?;
                Some((typed.expr, min, max))
            }
            Err(error) => {
                self.syntax(Fault::BadExpression, error);
                None
            }
        }
    }

    pub(super) fn unknown_variable(&mut self, name: &str, place: Range<usize>) {
        let near = self.declared.nearest_variable(name, self.scope.role);
        let found = self.fault(
            Fault::UnknownVariable,
            place,
            say!("no variable is called `{name}`", name = name),
            say!("not declared"),
        );
        match near {
            Some(near) => found.help.push(say!("did you mean `{near}`?", near = near)),
            None => found.help.push(say!("variables are declared under `[world]`, traits under `[role.traits]`")),
        }
    }

    pub(super) fn event(&mut self, id: &str, place: Range<usize>) -> Option<EventId> {
        if let Some(event) = self.declared.events.get(id) {
            return Some(EventId(event));
        }
        let near = self.declared.events.nearest(id);
        let found = self.fault(
            Fault::UnknownEvent,
            place,
            say!("no event has the id `{id}`", id = id),
            say!("not declared in this story"),
        );
        found.help.extend(near.map(|near| say!("did you mean `{near}`?", near = near)));
        None
    }

    pub(super) fn same(&self, symbols: &Symbols, variable: VariableId) -> bool {
        match symbols {
            Symbols::Roles => false,
            Symbols::Of(other) => {
                self.declared.variables[other.index()].kind == self.declared.variables[variable.index()].kind
            }
        }
    }

    /// Compiles a tree; `expected` are the symbols that a bare name may be one of.
    pub(super) fn tree(&mut self, tree: &Tree<'t>, expected: Option<&Symbols>) -> Option<Typed> {
        match &tree.kind {
            TreeKind::Number(number) => Some(self.made(Node::Constant(*number), Type::Integer(*number, *number))),
            TreeKind::Date(year, month, day) => match self.calendar.day(*year, *month, *day) {
                Some(day) => Some(self.made(Node::Constant(day.0.into()), Type::Date)),
                None => {
                    let message = say!(
                        "there was no {year}-{month}-{day} in the story's calendar",
                        year = format!("{year:04}"),
                        month = format!("{month:02}"),
                        day = format!("{day:02}")
                    );
                    self.fault(Fault::BadDate, tree.place.clone(), message, say!("not a day"));
                    None
                }
            },
            TreeKind::Name(name) => self.name(name, tree.place.clone(), expected),
            TreeKind::Call(name, place, arguments) => self.call(name, place.clone(), arguments, tree.place.clone()),
            TreeKind::Not(inner) => {
                let typed = self.tree(inner, None)?;
                let (can_hold, can_fail) = self.truth(&typed, inner)?;
                Some(self.made(Node::Not(typed.expr), Type::Flag(can_fail, can_hold)))
            }
            TreeKind::Negate(inner) => {
                let typed = self.tree(inner, None)?;
                let (min, max) = self.integer(&typed, inner)?;
                if let Node::Constant(number) = self.code.node(typed.expr) {
                    return Some(self.made(Node::Constant(-number), Type::Integer(-number, -number)));
                }
                Some(self.made(Node::Negate(typed.expr), Type::Integer(max.saturating_neg(), min.saturating_neg())))
            }
            TreeKind::Binary(sign, place, a, b) => self.binary(*sign, place.clone(), a, b, tree.place.clone()),
        }
    }

    pub(super) fn made(&mut self, node: Node, kind: Type) -> Typed {
        Typed { expr: self.code.push(node), kind }
    }

    pub(super) fn truth(&mut self, typed: &Typed, tree: &Tree<'_>) -> Option<(bool, bool)> {
        match typed.kind {
            Type::Flag(can_hold, can_fail) => Some((can_hold, can_fail)),
            ref other => {
                let label = say!("this is {kind}", kind = other.name());
                self.fault(
                    Fault::TypeMismatch,
                    tree.place.clone(),
                    say!("`and`, `or` and `not` join conditions"),
                    label,
                );
                None
            }
        }
    }

    pub(super) fn integer(&mut self, typed: &Typed, tree: &Tree<'_>) -> Option<(i64, i64)> {
        self.reckon(typed);
        match typed.kind {
            Type::Integer(min, max) => Some((min, max)),
            ref other => {
                let label = say!("this is {kind}", kind = other.name());
                self.fault(Fault::TypeMismatch, tree.place.clone(), say!("arithmetic needs numbers"), label);
                None
            }
        }
    }

    fn binary(
        &mut self,
        sign: Sign,
        place: Range<usize>,
        a: &Tree<'t>,
        b: &Tree<'t>,
        whole: Range<usize>,
    ) -> Option<Typed> {
        let operation = match sign {
            Sign::And | Sign::Or => return self.logic(sign, a, b),
            Sign::Equal => return self.comparison(Comparison::Equal, sign, a, b, whole),
            Sign::Different => return self.comparison(Comparison::Different, sign, a, b, whole),
            Sign::Less => return self.comparison(Comparison::Less, sign, a, b, whole),
            Sign::AtMost => return self.comparison(Comparison::AtMost, sign, a, b, whole),
            Sign::Greater => return self.comparison(Comparison::Greater, sign, a, b, whole),
            Sign::AtLeast => return self.comparison(Comparison::AtLeast, sign, a, b, whole),
            Sign::Add => Operation::Add,
            Sign::Subtract => Operation::Subtract,
            Sign::Multiply => Operation::Multiply,
            Sign::Divide => Operation::Divide,
            Sign::Remainder => Operation::Remainder,
        };
        let (left, right) = (self.tree(a, None), self.tree(b, None));
        let (left, right) = (left?, right?);
        let (x, y) = (self.integer(&left, a), self.integer(&right, b));
        let (x, y) = (x?, y?);
        if matches!(operation, Operation::Divide | Operation::Remainder) && y.0 <= 0 && y.1 >= 0 {
            let message = say!("`{sign}` may divide by zero", sign = sign.text());
            let label = if y == (0, 0) {
                say!("this is zero")
            } else {
                say!("this runs from {min} to {max}", min = y.0, max = y.1)
            };
            let found = self.fault(Fault::DivisionByZero, b.place.clone(), message, label);
            found.help.push(say!("make sure that it is never zero: `max(1, …)`"));
            let _ = place;
            return None;
        }
        let (min, max) = super::bounds::arithmetic(operation, x, y);
        Some(self.made(Node::Binary(operation, left.expr, right.expr), Type::Integer(min, max)))
    }

    fn logic(&mut self, sign: Sign, a: &Tree<'t>, b: &Tree<'t>) -> Option<Typed> {
        let (left, right) = (self.tree(a, None), self.tree(b, None));
        let (left, right) = (left?, right?);
        let (x, y) = (self.truth(&left, a), self.truth(&right, b));
        let ((x_holds, x_fails), (y_holds, y_fails)) = (x?, y?);
        Some(if sign == Sign::And {
            self.made(
                Node::Binary(Operation::And, left.expr, right.expr),
                Type::Flag(x_holds && y_holds, x_fails || y_fails),
            )
        } else {
            self.made(
                Node::Binary(Operation::Or, left.expr, right.expr),
                Type::Flag(x_holds || y_holds, x_fails && y_fails),
            )
        })
    }

    /// A value that is reckoned with, not only compared with a number: visits are counted as far as
    /// they are ever counted.
    pub(super) fn reckon(&mut self, typed: &Typed) {
        if let Node::Visits(scene) = self.code.node(typed.expr) {
            self.count_visits(scene, MOST_VISITS);
        }
    }

    pub(super) fn count_visits(&mut self, scene: SceneId, cap: u32) {
        let counted = &mut self.declared.visits[scene.index()];
        counted.cap = counted.cap.max(cap);
    }

    pub(super) fn outcome(&mut self, id: &str, place: Range<usize>) -> Option<OutcomeId> {
        if let Some(outcome) = self.declared.outcomes.get(id) {
            return Some(OutcomeId(outcome));
        }
        let near = self.declared.outcomes.nearest(id);
        let found = self.fault(
            Fault::UnknownOutcome,
            place,
            say!("no outcome has the id `{id}`", id = id),
            say!("not declared in this story"),
        );
        found.help.extend(near.map(|near| say!("did you mean `{near}`?", near = near)));
        None
    }
}
