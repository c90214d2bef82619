//! Effects, from trees to code.

use super::code::{Change, Effect, EffectsId, Node, Operation};
use super::compile::{Compiler, Symbols, Type};
use super::effects::{self, EffectKind, EffectTree};
use super::syntax::Tree;
use crate::diagnostic::Code as Fault;
use crate::say;
use crate::story::model::{Kind, Span32};

impl<'t> Compiler<'_, 't> {
    /// Compiles the string as effects.
    pub fn effects(&mut self) -> EffectsId {
        let (trees, errors) = effects::effects(self.text.value);
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
            let message = say!("`{name}` is computed from other variables", name = name);
            self.fault(Fault::TypeMismatch, place, message, say!("it can't be set"));
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
                    (Kind::Integer(..), _) => say!("a number"),
                    (_, Some(_)) => say!("a number, to be added to"),
                    (Kind::Flag, None) => say!("true or false"),
                    (Kind::Symbol(_), None) => say!("one of its symbols"),
                };
                let is = if matches!((&kind, operation), (Kind::Flag | Kind::Symbol(_), Some(_))) {
                    say!("`{name}` is not a number", name = name)
                } else {
                    say!("`{name}` takes {wanted}", name = name, wanted = wanted)
                };
                let label = say!("this is {kind}", kind = typed.kind.name());
                self.fault(Fault::TypeMismatch, value.place.clone(), is, label);
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
}
