//! From trees to code: names are looked up, types checked, bounds compared.
//!
//! A comparison that can never hold or never fail, given the bounds, is told where it stands.

use std::ops::Range;

use super::code::{Change, Code, Comparison, Effect, EffectsId, ExprId, Node, Operation};
use super::names::{Declared, MOST_VISITS};
use super::syntax::{self, EffectKind, EffectTree, Sign, SyntaxError, Tree, TreeKind};
use crate::calendar::Calendar;
use crate::diagnostic::{Code as Fault, Diagnostic, Findings, Span};
use crate::story::model::{EventId, HingeId, Kind, OutcomeId, RoleId, SceneId, Span32, VariableId};
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
    fn name(&self) -> &'static str {
        match self {
            Type::Integer(..) => "a number",
            Type::Flag(..) => "true or false",
            Type::Symbol(_) => "a symbol",
            Type::Date => "a date",
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
    pub(super) fn fault(&mut self, code: Fault, place: Range<usize>, message: String, label: &str) -> &mut Diagnostic {
        // Finding the place costs as much as the string is long.
        let span = if self.found.is_enough(code) { self.text.span } else { self.span(place) };
        self.found.push(Diagnostic::new(code, message).label(span, label))
    }

    pub(super) fn syntax(&mut self, code: Fault, error: SyntaxError) {
        let found = self.fault(code, error.place, error.message, &error.label);
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
    fn flag(&mut self, tree: &Tree<'t>) -> Option<ExprId> {
        let typed = self.tree(tree, None)?;
        match typed.kind {
            Type::Flag(..) => Some(typed.expr),
            other => {
                let message = "a condition is true or false".to_owned();
                let found =
                    self.fault(Fault::TypeMismatch, tree.place.clone(), message, &format!("this is {}", other.name()));
                if matches!(other, Type::Integer(..)) {
                    found.help.push("compare it with something: `… >= 1`".to_owned());
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

    /// Compiles the string as effects.
    pub fn effects(&mut self) -> EffectsId {
        let (trees, errors) = syntax::effects(self.text.value);
        for error in errors {
            self.syntax(Fault::BadEffect, error);
        }
        let compiled: Vec<Effect> = trees.iter().filter_map(|tree| self.effect(tree)).collect();
        let start = self.code.effects.len() as u32;
        self.code.effects.extend(compiled);
        Span32 { start, end: self.code.effects.len() as u32 }
    }

    fn effect(&mut self, tree: &EffectTree<'t>) -> Option<Effect> {
        let guard = tree.guard.as_ref().map(|guard| self.flag(guard));
        let change = match &tree.kind {
            EffectKind::Happen => Change::Happen(self.event(tree.target.0, tree.target.1.clone())?),
            EffectKind::Avert => Change::Avert(self.event(tree.target.0, tree.target.1.clone())?),
            EffectKind::Set(value) => self.assign(tree, value, None)?,
            EffectKind::Add(value) => self.assign(tree, value, Some(Operation::Add))?,
            EffectKind::Subtract(value) => self.assign(tree, value, Some(Operation::Subtract))?,
        };
        match guard {
            Some(None) => None,
            guard => Some(Effect { change, guard: guard.flatten() }),
        }
    }

    fn assign(&mut self, tree: &EffectTree<'t>, value: &Tree<'t>, operation: Option<Operation>) -> Option<Change> {
        let (name, place) = (tree.target.0, tree.target.1.clone());
        let Some(variable) = self.declared.variable(name, self.scope.role) else {
            self.unknown_variable(name, place);
            return None;
        };
        let known = &mut self.declared.variables[variable.index()];
        known.written = true;
        let kind = known.kind.clone();
        let Some(field) = known.field else {
            let message = format!("`{name}` is computed from other variables");
            self.fault(Fault::TypeMismatch, place, message, "it can't be set");
            return None;
        };
        let expected = matches!(kind, Kind::Symbol(_)).then_some(Symbols::Of(variable));
        let typed = self.tree(value, expected.as_ref())?;
        self.reckon(&typed);
        let (min, max) = match (&kind, &typed.kind) {
            (Kind::Integer(min, max), Type::Integer(..)) => (*min as i32, *max as i32),
            (Kind::Flag, Type::Flag(..)) if operation.is_none() => (0, 1),
            (Kind::Symbol(names), Type::Symbol(symbols)) if operation.is_none() && self.same(symbols, variable) => {
                (0, names.len() as i32 - 1)
            }
            _ => {
                let wanted = match (&kind, operation) {
                    (Kind::Integer(..), _) => "a number",
                    (_, Some(_)) => "a number, to be added to",
                    (Kind::Flag, None) => "true or false",
                    (Kind::Symbol(_), None) => "one of its symbols",
                };
                let is = if matches!((&kind, operation), (Kind::Flag | Kind::Symbol(_), Some(_))) {
                    format!("`{name}` is not a number")
                } else {
                    format!("`{name}` takes {wanted}")
                };
                let label = format!("this is {}", typed.kind.name());
                self.fault(Fault::TypeMismatch, value.place.clone(), is, &label);
                return None;
            }
        };
        let Some(operation) = operation else {
            return Some(Change::Set { variable, field, min, max, value: typed.expr });
        };
        if let Node::Constant(by) = self.code.node(typed.expr)
            && let Ok(by) = i32::try_from(if operation == Operation::Add { by } else { -by })
        {
            self.code.take_back(typed.expr);
            return Some(Change::Add { variable, field, min, max, by });
        }
        let now = self.code.push(Node::Field(field));
        let value = self.code.push(Node::Binary(operation, now, typed.expr));
        Some(Change::Set { variable, field, min, max, value })
    }

    pub(super) fn unknown_variable(&mut self, name: &str, place: Range<usize>) {
        let near = self.declared.nearest_variable(name, self.scope.role);
        let found =
            self.fault(Fault::UnknownVariable, place, format!("no variable is called `{name}`"), "not declared");
        match near {
            Some(near) => found.help.push(format!("did you mean `{near}`?")),
            None => found.help.push("variables are declared under `[world]`, traits under `[role.traits]`".to_owned()),
        }
    }

    fn event(&mut self, id: &str, place: Range<usize>) -> Option<EventId> {
        if let Some(event) = self.declared.events.get(id) {
            return Some(EventId(event));
        }
        let near = self.declared.events.nearest(id);
        let found =
            self.fault(Fault::UnknownEvent, place, format!("no event has the id `{id}`"), "not declared in this story");
        found.help.extend(near.map(|near| format!("did you mean `{near}`?")));
        None
    }

    fn same(&self, symbols: &Symbols, variable: VariableId) -> bool {
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
                    let message = format!("there was no {year:04}-{month:02}-{day:02} in the story's calendar");
                    self.fault(Fault::BadDate, tree.place.clone(), message, "not a day");
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

    fn truth(&mut self, typed: &Typed, tree: &Tree<'_>) -> Option<(bool, bool)> {
        match typed.kind {
            Type::Flag(can_hold, can_fail) => Some((can_hold, can_fail)),
            ref other => {
                let label = format!("this is {}", other.name());
                self.fault(
                    Fault::TypeMismatch,
                    tree.place.clone(),
                    "`and`, `or` and `not` join conditions".to_owned(),
                    &label,
                );
                None
            }
        }
    }

    fn integer(&mut self, typed: &Typed, tree: &Tree<'_>) -> Option<(i64, i64)> {
        self.reckon(typed);
        match typed.kind {
            Type::Integer(min, max) => Some((min, max)),
            ref other => {
                let label = format!("this is {}", other.name());
                self.fault(Fault::TypeMismatch, tree.place.clone(), "arithmetic needs numbers".to_owned(), &label);
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
            let message = format!("`{}` may divide by zero", sign.text());
            let label =
                if y == (0, 0) { "this is zero".to_owned() } else { format!("this runs from {} to {}", y.0, y.1) };
            let found = self.fault(Fault::DivisionByZero, b.place.clone(), message, &label);
            found.help.push("make sure that it is never zero: `max(1, …)`".to_owned());
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

    fn comparison(
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
                    format!("`{}` can't compare {x} with {y}", sign.text())
                } else {
                    format!("{x} is compared with {y}")
                };
                self.fault(Fault::TypeMismatch, whole, message, "these have no common measure");
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
            (false, _) => (Fault::NeverHolds, "this comparison can never hold"),
            (true, false) => (Fault::AlwaysHolds, "this comparison always holds"),
        };
        let why = match sides {
            (Type::Integer(min, max), _) if min != max => format!("the left side runs from {min} to {max}"),
            (_, Type::Integer(min, max)) if min != max => format!("the right side runs from {min} to {max}"),
            _ => "given the bounds of what it compares".to_owned(),
        };
        self.fault(code, whole.clone(), message.to_owned(), &why);
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
            format!("no outcome has the id `{id}`"),
            "not declared in this story",
        );
        found.help.extend(near.map(|near| format!("did you mean `{near}`?")));
        None
    }

    pub(super) fn event_named(&mut self, id: &str, place: Range<usize>) -> Option<EventId> {
        self.event(id, place)
    }

    pub(super) fn integer_of(&mut self, typed: &Typed, tree: &Tree<'_>) -> Option<(i64, i64)> {
        self.integer(typed, tree)
    }
}

fn is_equality(how: Comparison) -> bool {
    matches!(how, Comparison::Equal | Comparison::Different)
}
