//! Names and functions of expressions.

use std::ops::Range;

use super::code::{ExprId, Node, Operation};
use super::compile::{Compiler, Symbols, Type, Typed};
use super::names::{MOST_VISITS, nearest};
use super::syntax::{Tree, TreeKind};
use crate::catalogue::Phrase;
use crate::diagnostic::Code as Fault;
use crate::say;
use crate::story::model::{ChoiceId, Kind, RoleId, SceneId, Span32, VariableId};

const FUNCTIONS: [&str; 10] =
    ["happened", "averted", "days_since", "visited", "visits", "chose", "min", "max", "ending", "outcome"];

/// What a bare name stands for, symbols apart.
pub(super) enum Meaning {
    True,
    False,
    Date,
    Role,
    Digest,
    Variable(VariableId),
}

impl<'t> Compiler<'_, 't> {
    pub(super) fn resolve(&self, name: &str) -> Option<Meaning> {
        Some(match name {
            "true" => Meaning::True,
            "false" => Meaning::False,
            "date" => Meaning::Date,
            "role" => Meaning::Role,
            _ => match self.declared.variable(name, self.scope.role) {
                Some(variable) => Meaning::Variable(variable),
                None if name == "digest" => Meaning::Digest,
                None => return None,
            },
        })
    }

    pub(super) fn name(&mut self, name: &'t str, place: Range<usize>, expected: Option<&Symbols>) -> Option<Typed> {
        Some(match self.resolve(name) {
            Some(Meaning::True) => self.made(Node::Constant(1), Type::Flag(true, false)),
            Some(Meaning::False) => self.made(Node::Constant(0), Type::Flag(false, true)),
            Some(Meaning::Date) => self.made(Node::Date, Type::Date),
            Some(Meaning::Role) => self.made(Node::Role, Type::Symbol(Symbols::Roles)),
            Some(Meaning::Digest) => self.made(Node::Digest, Type::Flag(true, true)),
            Some(Meaning::Variable(variable)) => self.variable(variable),
            None => match expected {
                Some(symbols) => self.symbol(name, place, symbols)?,
                None => {
                    self.unknown_variable(name, place);
                    return None;
                }
            },
        })
    }

    fn variable(&mut self, variable: VariableId) -> Typed {
        let known = &mut self.declared.variables[variable.index()];
        known.read = true;
        let kind = match known.kind {
            Kind::Integer(min, max) => Type::Integer(min, max),
            Kind::Flag => Type::Flag(true, true),
            Kind::Symbol(_) => Type::Symbol(Symbols::Of(variable)),
        };
        match (known.field, known.derived) {
            (Some(field), _) => self.made(Node::Field(field), kind),
            (None, Some(expr)) => Typed { expr, kind },
            // Its own declaration is wrong, and that is said there.
            (None, None) => self.made(Node::Constant(0), kind),
        }
    }

    fn symbol(&mut self, name: &str, place: Range<usize>, symbols: &Symbols) -> Option<Typed> {
        let (index, near, of) = match symbols {
            Symbols::Roles => (self.declared.roles.get(name), self.declared.roles.nearest(name), say!("a role")),
            Symbols::Of(variable) => {
                let known = &self.declared.variables[variable.index()];
                let Kind::Symbol(names) = &known.kind else { return None };
                let index = names.iter().position(|symbol| symbol == name).map(|index| index as u32);
                (
                    index,
                    nearest(name, names.iter().map(String::as_str)),
                    say!("a value of `{name}`", name = &known.name),
                )
            }
        };
        if let Some(index) = index {
            return Some(self.made(Node::Constant(index.into()), Type::Symbol(symbols.clone())));
        }
        let help = near.map(|near| say!("did you mean `{near}`?", near = near)).or_else(|| self.values(symbols));
        let found = self.fault(
            Fault::UnknownSymbol,
            place,
            say!("`{name}` is not {of}", name = name, of = of),
            say!("not one of its symbols"),
        );
        found.help.extend(help);
        None
    }

    fn values(&self, symbols: &Symbols) -> Option<Phrase> {
        let Symbols::Of(variable) = symbols else { return None };
        let Kind::Symbol(names) = &self.declared.variables[variable.index()].kind else { return None };
        Some(say!(
            "it can be {symbols}",
            symbols = names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
        ))
    }

    pub(super) fn call(
        &mut self,
        name: &'t str,
        place: Range<usize>,
        arguments: &[Tree<'t>],
        whole: Range<usize>,
    ) -> Option<Typed> {
        if !FUNCTIONS.contains(&name) {
            let near = nearest(name, FUNCTIONS.into_iter());
            let help = near.map_or_else(
                || say!("there are {functions}", functions = FUNCTIONS.map(|name| format!("`{name}`")).join(", ")),
                |near| say!("did you mean `{near}`?", near = near),
            );
            self.fault(
                Fault::UnknownFunction,
                place,
                say!("there is no function `{name}`", name = name),
                say!("unknown"),
            )
            .help
            .push(help);
            return None;
        }
        let wanted = if matches!(name, "min" | "max") { 2 } else { 1 };
        if arguments.len() != wanted {
            let message = if wanted == 1 {
                say!("`{name}` takes one argument", name = name)
            } else {
                say!("`{name}` takes two arguments", name = name)
            };
            self.fault(Fault::BadExpression, whole, message, say!("{n} here", n = arguments.len()));
            return None;
        }
        if wanted == 2 {
            return self.least_or_greatest(name, &arguments[0], &arguments[1]);
        }
        let TreeKind::Name(id) = arguments[0].kind else {
            let message = say!("`{name}` takes an id", name = name);
            self.fault(Fault::BadExpression, arguments[0].place.clone(), message, say!("not an id"));
            return None;
        };
        self.about(name, id, arguments[0].place.clone())
    }

    fn least_or_greatest(&mut self, name: &str, a: &Tree<'t>, b: &Tree<'t>) -> Option<Typed> {
        let operation = if name == "min" { Operation::Least } else { Operation::Greatest };
        let (left, right) = (self.tree(a, None), self.tree(b, None));
        let (left, right) = (left?, right?);
        let (x, y) = (self.integer(&left, a)?, self.integer(&right, b)?);
        let (min, max) = super::bounds::arithmetic(operation, x, y);
        Some(self.made(Node::Binary(operation, left.expr, right.expr), Type::Integer(min, max)))
    }

    /// A function of one thing of the story.
    fn about(&mut self, function: &str, id: &'t str, place: Range<usize>) -> Option<Typed> {
        let either = Type::Flag(true, true);
        Some(match function {
            "happened" => {
                let event = self.event(id, place)?;
                self.made(Node::Happened(event), either)
            }
            "averted" => {
                let event = self.event(id, place)?;
                self.made(Node::Averted(event), either)
            }
            "days_since" => {
                let event = self.event(id, place)?;
                self.made(Node::DaysSince(event), Type::Integer(-1, 1_000_000))
            }
            "visited" => {
                let scene = self.scene(id, place)?;
                self.count_visits(scene, 1);
                let (visits, one) = (self.code.push(Node::Visits(scene)), self.code.push(Node::Constant(1)));
                self.made(Node::Compare(super::code::Comparison::AtLeast, visits, one), either)
            }
            "visits" => {
                let scene = self.scene(id, place)?;
                self.made(Node::Visits(scene), Type::Integer(0, MOST_VISITS.into()))
            }
            "ending" => {
                let scene = self.scene(id, place)?;
                self.made(Node::Ending(scene), either)
            }
            "outcome" => {
                let outcome = self.outcome(id, place)?;
                self.made(Node::Outcome(outcome), either)
            }
            _ => {
                let choice = self.chosen(id, place)?;
                self.declared.asked[choice.index()] = true;
                self.made(Node::Taken(choice), either)
            }
        })
    }

    fn scene(&mut self, id: &str, place: Range<usize>) -> Option<SceneId> {
        if let Some(scene) = self.declared.scenes.get(id) {
            return Some(SceneId(scene));
        }
        let near = self.declared.scenes.nearest(id);
        let found = self.fault(
            Fault::UnknownScene,
            place,
            say!("no scene has the id `{id}`", id = id),
            say!("not declared in this story"),
        );
        found.help.extend(near.map(|near| say!("did you mean `{near}`?", near = near)));
        None
    }

    /// `chose(scene.choice)`, `chose(hinge.role.choice)`, inside a hinge `chose(role.choice)`.
    fn chosen(&mut self, id: &'t str, place: Range<usize>) -> Option<ChoiceId> {
        let parts: Vec<&str> = id.split('.').collect();
        match parts[..] {
            [role, choice] if self.scope.hinge.is_some() && self.declared.roles.get(role).is_some() => {
                let hinge = self.scope.hinge?.index();
                self.side_choice(hinge, role, choice, place)
            }
            [scene, choice] if self.declared.scenes.get(scene).is_some() => {
                let scene = self.declared.scenes.get(scene)?;
                let choices = self.declared.scene_choices[scene as usize];
                self.choice_among(choices, choice, place)
            }
            [hinge, choice] if self.declared.hinges.get(hinge).is_some() && self.declared.traits.len() == 1 => {
                let hinge = self.declared.hinges.get(hinge)? as usize;
                let (_, choices) = *self.declared.hinge_sides[hinge].first()?;
                self.choice_among(choices, choice, place)
            }
            [hinge, role, choice] if self.declared.hinges.get(hinge).is_some() => {
                let hinge = self.declared.hinges.get(hinge)? as usize;
                self.side_choice(hinge, role, choice, place)
            }
            [first, ..] if parts.len() > 1 => {
                let near = self.declared.scenes.nearest(first).or_else(|| self.declared.hinges.nearest(first));
                let message = say!("no scene or hinge has the id `{id}`", id = first);
                let place = place.start..place.start + first.len();
                let found = self.fault(Fault::UnknownScene, place, message, say!("not declared in this story"));
                found.help.extend(near.map(|near| say!("did you mean `{near}`?", near = near)));
                None
            }
            _ => {
                let found =
                    self.fault(Fault::UnknownChoice, place, say!("`chose` takes a choice"), say!("only one id"));
                found.help.push(say!("write `chose(scene.choice)`, of a hinge `chose(hinge.role.choice)`"));
                None
            }
        }
    }

    fn side_choice(&mut self, hinge: usize, role: &str, choice: &str, place: Range<usize>) -> Option<ChoiceId> {
        let side = self.declared.roles.get(role).map(RoleId);
        let found = self.declared.hinge_sides[hinge].iter().find(|(of, _)| Some(*of) == side).copied();
        match found {
            Some((_, choices)) => self.choice_among(choices, choice, place),
            None => {
                let message = say!("the hinge has no side of `{role}`", role = role);
                self.fault(Fault::UnknownRole, place, message, say!("no such side"));
                None
            }
        }
    }

    fn choice_among(&mut self, choices: Span32, id: &str, place: Range<usize>) -> Option<ChoiceId> {
        let ids = &self.declared.choice_ids[choices.range()];
        if let Some(index) = ids.iter().position(|other| *other == id) {
            return Some(ChoiceId(choices.start + index as u32));
        }
        let near = nearest(id, ids.iter().copied());
        let place = place.end - id.len()..place.end;
        let found = self.fault(
            Fault::UnknownChoice,
            place,
            say!("no choice there has the id `{id}`", id = id),
            say!("not declared"),
        );
        found.help.extend(near.map(|near| say!("did you mean `{near}`?", near = near)));
        None
    }

    /// A value inside a template, with how it is written: `None` after reporting.
    pub(super) fn valued(&mut self, tree: &Tree<'t>) -> Option<(ExprId, Type)> {
        let typed = self.tree(tree, None)?;
        self.reckon(&typed);
        Some((typed.expr, typed.kind))
    }
}
