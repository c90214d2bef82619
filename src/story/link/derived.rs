//! Variables that are computed from others: in the order in which they need each other, none from
//! itself, and none in more steps than a guard should take.

use std::collections::HashMap;

use super::Linker;
use crate::diagnostic::Code as Fault;
use crate::lang::{ExprId, Node, Operation, Scope, Tree, TreeKind, expression};
use crate::say;
use crate::story::model::{Kind, RoleId};
use crate::story::raw::RawVariable;

/// A variable is computed in at most so many steps: those that it is computed from count with it,
/// each time that it names them, so a short chain of sums of sums could take longer than a play.
const MOST_STEPS: u32 = 1_000;

/// A variable or trait as declared, and whose it is.
type Declared<'t> = (&'t RawVariable<'t>, Option<RoleId>);

impl<'t> Linker<'t> {
    /// Compiles derived variables, once all others are there.
    pub(super) fn derive(&mut self) {
        let raw = self.raw;
        let world = raw.world.iter().map(|raw| (raw, None));
        let traits = raw.roles.iter().enumerate();
        let traits = traits.flat_map(|(role, raw)| raw.traits.iter().map(move |raw| (raw, Some(RoleId(role as u32)))));
        let all: Vec<Declared<'t>> = world.chain(traits).collect();
        for is in all.iter().filter_map(|(raw, _)| raw.is) {
            self.logic.text(is.value);
        }
        let mut steps = HashMap::new();
        for index in self.in_order(&all) {
            self.derive_one(index, all[index], &mut steps);
            self.code.keep();
        }
    }

    /// Derived variables, each after those that it is computed from. Those that need themselves are
    /// reported.
    fn in_order(&mut self, all: &[Declared<'t>]) -> Vec<usize> {
        let mut left = vec![0; all.len()];
        let mut needed_by = vec![Vec::new(); all.len()];
        for (index, (raw, role)) in all.iter().enumerate() {
            let Some(is) = raw.is else { continue };
            let mut names = Vec::new();
            if let Ok(tree) = expression(is.value, 0) {
                gather(&tree, &mut names);
            }
            for name in names {
                let other = self.declared.variable(name, *role).map(|variable| variable.index());
                if let Some(other) = other.filter(|other| all[*other].0.is.is_some()) {
                    left[index] += 1;
                    needed_by[other].push(index);
                }
            }
        }
        let mut order: Vec<usize> =
            (0..all.len()).filter(|&index| all[index].0.is.is_some() && left[index] == 0).collect();
        let mut next = 0;
        while let Some(&index) = order.get(next) {
            next += 1;
            for &other in &needed_by[index] {
                left[other] -= 1;
                if left[other] == 0 {
                    order.push(other);
                }
            }
        }
        for (index, (raw, _)) in all.iter().enumerate().filter(|(index, _)| left[*index] > 0) {
            let message = say!("`{name}` is computed from itself", name = &self.declared.variables[index].name);
            self.report(
                Fault::BadExpression,
                raw.is.map_or(raw.span, |is| is.span),
                message,
                say!("it leads back here"),
            );
        }
        order
    }

    fn derive_one(&mut self, index: usize, (raw, role): Declared<'t>, steps: &mut HashMap<ExprId, u32>) {
        let Some(is) = raw.is else { return };
        let scope = Scope { role, ..Scope::default() };
        let Some((mut expr, mut min, mut max)) = self.compiler(is, scope).number() else { return };
        if let (Some(least), Some(most)) = (raw.min, raw.max)
            && least.value > most.value
        {
            let message = say!("`min` {min} is above `max` {max}", min = least.value, max = most.value);
            self.report(Fault::BadBounds, most.span, message, say!("no number fits between"));
            return;
        }
        for (operation, bound) in [(Operation::Greatest, raw.min), (Operation::Least, raw.max)] {
            let Some(bound) = bound.map(|bound| bound.value) else { continue };
            let limit = self.code.push(Node::Constant(bound));
            expr = self.code.push(Node::Binary(operation, expr, limit));
            (min, max) = match operation {
                Operation::Greatest => (min.max(bound), max.max(bound)),
                _ => (min.min(bound), max.min(bound)),
            };
        }
        let taken = self.steps(expr, steps);
        if taken > MOST_STEPS {
            let message = say!("`{id}` takes more than {most} steps to compute", id = raw.id.value, most = MOST_STEPS);
            let found = self.report(Fault::TooLarge, is.span, message, say!("with all that it is computed from"));
            found.help.push(say!("keep a part of it in a variable that effects change"));
            return;
        }
        steps.insert(expr, taken);
        let kind = Kind::Integer(min, max);
        let known = &mut self.declared.variables[index];
        (known.kind, known.derived, known.written) = (kind.clone(), Some(expr), true);
        (self.variables[index].kind, self.variables[index].derived) = (kind, Some(expr));
    }

    /// How many nodes are looked at to evaluate an expression; `known` holds those of derived
    /// variables.
    fn steps(&self, expr: ExprId, known: &HashMap<ExprId, u32>) -> u32 {
        if let Some(steps) = known.get(&expr) {
            return *steps;
        }
        match self.code.node(expr) {
            Node::Not(inner) | Node::Negate(inner) => self.steps(inner, known).saturating_add(1),
            Node::Binary(_, a, b) | Node::Compare(_, a, b) => {
                self.steps(a, known).saturating_add(self.steps(b, known)).saturating_add(1)
            }
            _ => 1,
        }
    }
}

/// The names in an expression.
fn gather<'t>(tree: &Tree<'t>, names: &mut Vec<&'t str>) {
    match &tree.kind {
        TreeKind::Name(name) => names.push(name),
        TreeKind::Call(_, _, arguments) => arguments.iter().for_each(|argument| gather(argument, names)),
        TreeKind::Not(inner) | TreeKind::Negate(inner) => gather(inner, names),
        TreeKind::Binary(_, _, a, b) => {
            gather(a, names);
            gather(b, names);
        }
        TreeKind::Number(_) | TreeKind::Date(..) => {}
    }
}
