//! What there is, before anything refers to it: variables, ids, the order of choices.

use std::collections::HashMap;

use super::{Linker, is_id, near_help, since};
use crate::catalogue::Phrase;
use crate::diagnostic::{Code as Fault, Diagnostic, Span};
use crate::lang::{Counted, Known, Names};
use crate::say;
use crate::story::model::{ChoiceId, EntryKind, Holder, Kind, RoleId, SceneId, SideId, Span32, Variable};
use crate::story::raw::{At, Maybe, RawChoice, RawValue, RawVariable};
use crate::story::text::Text;

/// A scene, side or choice has at most so many choices of its own.
const MOST_CHOICES: usize = 99;

impl<'t> Linker<'t> {
    pub(super) fn declare(&mut self) {
        self.declare_ids();
        let raw = self.raw;
        for (index, variable) in raw.world.iter().enumerate() {
            let id = index as u32;
            if let Some(first) = self.declared.world.insert(variable.id.value, id) {
                let first = raw.world[first as usize].id.span;
                self.duplicate(say!("the variable"), variable.id.value, variable.id.span, first);
            }
            self.variable(variable, None);
        }
        self.declared.traits = vec![Names::default(); raw.roles.len().max(1)];
        for (role, declared) in raw.roles.iter().enumerate() {
            for variable in &declared.traits {
                let id = self.variables.len() as u32;
                self.declared.traits[role].insert(variable.id.value, id);
                self.variable(variable, Some(RoleId(role as u32)));
            }
        }
        self.bounded(self.variables.len(), 10_000, || say!("variables"), Span::default());
        self.declare_choices();
        self.derive();
    }

    fn declare_ids(&mut self) {
        let raw = self.raw;
        self.declared.roles = self.names("role", say!("the role"), raw.roles.iter().map(|role| (role.id, role.span)));
        self.declared.scenes =
            self.names("scene", say!("the scene"), raw.scenes.iter().map(|scene| (scene.id, scene.span)));
        self.declared.hinges =
            self.names("hinge", say!("the hinge"), raw.hinges.iter().map(|hinge| (hinge.id, hinge.span)));
        self.declared.events =
            self.names("event", say!("the event"), raw.events.iter().map(|event| (event.id, event.span)));
        self.declared.outcomes =
            self.names("outcome", say!("the outcome"), raw.outcomes.iter().map(|outcome| (outcome.id, outcome.span)));
        self.names("law", say!("the law"), raw.laws.iter().map(|law| (law.id, law.span)));
        for hinge in &raw.hinges {
            if let Some(id) = hinge.id
                && let Some(scene) = self.declared.scenes.get(id.value)
            {
                let first = raw.scenes[scene as usize].span;
                let message = say!("a hinge and a scene are both called `{id}`", id = id.value);
                let found = Diagnostic::new(Fault::DuplicateId, message)
                    .label(id.span, say!("the hinge"))
                    .label(first, say!("the scene"));
                self.found.push(found.help(say!("a `goto` names either, so they share their ids")));
            }
        }
        for kind in 0..3 {
            let mut names = Names::default();
            for (index, entry) in raw.codex.iter().enumerate().filter(|(_, entry)| entry.kind as usize == kind) {
                let Some(id) = self.id(entry.id, &format!("[[{}]]", entry.kind.name()), entry.span) else {
                    continue;
                };
                if let Some(first) = names.insert(id.value, index as u32) {
                    let first = raw.codex[first as usize].span;
                    self.duplicate(entry_named(entry.kind), id.value, id.span, first);
                }
            }
            self.declared.codex[kind] = names;
        }
    }

    fn names(&mut self, table: &str, of: Phrase, ids: impl ExactSizeIterator<Item = (Maybe<'t>, Span)>) -> Names<'t> {
        let mut names = Names::with_capacity(ids.len());
        let mut spans = Vec::with_capacity(ids.len());
        let table = format!("[[{table}]]");
        for (index, (id, span)) in ids.enumerate() {
            let id = self.id(id, &table, span);
            spans.push(id.map_or(span, |id| id.span));
            if let Some(id) = id
                && let Some(first) = names.insert(id.value, index as u32)
            {
                self.duplicate(of.clone(), id.value, id.span, spans[first as usize]);
            }
        }
        names
    }

    /// A variable or trait: its type follows from its first value.
    fn variable(&mut self, raw: &'t RawVariable<'t>, owner: Option<RoleId>) {
        let id = raw.id;
        if !is_id(id.value) || matches!(id.value, "true" | "false" | "date" | "role" | "and" | "or" | "not" | "if") {
            let found = self.report(
                Fault::BadId,
                id.span,
                say!("`{id}` is no name for a variable", id = id.value),
                Phrase::default(),
            );
            found.help.push(say!("names are small letters, digits and `_`, and begin with a letter"));
        }
        let (kind, start) = self.kind(raw).unwrap_or((Kind::Integer(0, 100), 0));
        let (min, max) = match &kind {
            Kind::Integer(min, max) => (*min, *max),
            Kind::Flag => (0, 1),
            Kind::Symbol(names) => (0, names.len() as i64 - 1),
        };
        let field = raw.is.is_none().then(|| self.allocator.field(min, max));
        self.logic.text(id.value);
        for number in [start, min, max] {
            self.logic.number(number);
        }
        let owner_id = owner.map_or("", |role| self.raw.roles[role.index()].id.map_or("", |id| id.value));
        let prefix = if owner.is_some() { ["role", owner_id, id.value] } else { ["world", id.value, ""] };
        let keyed = |last: &'static str| [prefix[0], prefix[1], prefix[2], last];
        let name = raw.name.map(|name| self.string(Some(name), super::Key(&keyed("name"))));
        let text = self.string(raw.text, super::Key(&keyed("text")));
        let mut scale = Vec::new();
        for (n, word) in raw.scale.iter().enumerate() {
            let n = (n + 1).to_string();
            scale.push(self.string(Some(*word), super::Key(&[prefix[0], prefix[1], prefix[2], "scale", &n])));
        }
        let mut record = Vec::new();
        for (date, value) in &raw.record {
            match (date, value) {
                (Some(date), Some(value)) => {
                    if let Kind::Integer(min, max) = kind
                        && !(min..=max).contains(&value.value)
                    {
                        let message =
                            say!("{value} is not between {min} and {max}", value = value.value, min = min, max = max);
                        self.report(Fault::BadBounds, value.span, message, say!("outside of the variable's bounds"));
                    }
                    record.extend(self.day(*date).map(|day| (day, value.value)));
                }
                _ => {
                    self.report(
                        Fault::MissingKey,
                        id.span,
                        say!("an entry of `record` needs `date` and `value`"),
                        Phrase::default(),
                    );
                }
            }
        }
        record.sort_unstable();
        let full = if owner.is_some() { format!("{owner_id}.{}", id.value) } else { id.value.to_owned() };
        let read = raw.name.is_some() || !raw.record.is_empty();
        self.declared.variables.push(Known {
            kind: kind.clone(),
            field,
            derived: None,
            name: full,
            read,
            written: false,
        });
        let id = id.value.to_owned();
        self.variables.push(Variable { id, owner, kind, start, field, derived: None, name, text, scale, record });
    }

    fn kind(&mut self, raw: &'t RawVariable<'t>) -> Option<(Kind, i64)> {
        if raw.is.is_some() {
            return Some((
                Kind::Integer(
                    raw.min.map_or(i32::MIN.into(), |at| at.value),
                    raw.max.map_or(i32::MAX.into(), |at| at.value),
                ),
                0,
            ));
        }
        let Some(At { value: start, span }) = raw.start else {
            self.report(
                Fault::MissingKey,
                raw.span,
                say!("`{id}` needs `start`", id = raw.id.value),
                say!("its first value is missing"),
            );
            return None;
        };
        match (start?, &raw.values) {
            (RawValue::Flag(flag), None) => Some((Kind::Flag, flag.into())),
            (RawValue::Integer(number), None) => {
                let (min, max) = (raw.min.map_or(0, |at| at.value), raw.max.map_or(100, |at| at.value));
                if min > max {
                    let at = raw.max.or(raw.min).map_or(span, |at| at.span);
                    self.report(
                        Fault::BadBounds,
                        at,
                        say!("`min` {min} is above `max` {max}", min = min, max = max),
                        say!("no number fits between"),
                    );
                    return None;
                }
                if !(min..=max).contains(&number) {
                    let message =
                        say!("`start` {number} is not between {min} and {max}", number = number, min = min, max = max);
                    let found = self.report(Fault::BadBounds, span, message, say!("outside of its bounds"));
                    found.help.push(say!("`min` is 0 and `max` 100 where they are left out"));
                    return None;
                }
                Some((Kind::Integer(min, max), number))
            }
            (RawValue::Symbol(symbol), Some(values)) => self.symbols(symbol, values),
            (RawValue::Symbol(symbol), None) => {
                let found = self.report(
                    Fault::MissingKey,
                    symbol.span,
                    say!("a symbol needs its `values`"),
                    say!("one of which?"),
                );
                found
                    .help
                    .push(say!("write `{ start = \"{symbol}\", values = [\"{symbol}\", …] }`", symbol = symbol.value));
                None
            }
            (_, Some(_)) => {
                self.report(
                    Fault::WrongType,
                    span,
                    say!("`values` are symbols, so `start` is one of them"),
                    say!("no symbol"),
                );
                None
            }
        }
    }

    fn symbols(&mut self, start: Text<'t>, values: &[Text<'t>]) -> Option<(Kind, i64)> {
        for value in values {
            if !is_id(value.value) {
                self.report(
                    Fault::BadId,
                    value.span,
                    say!("`{value}` is no symbol", value = value.value),
                    say!("not spelt as ids are"),
                );
            }
        }
        let index = values.iter().position(|value| value.value == start.value);
        if index.is_none() {
            let help = near_help(start.value, values.iter().map(|value| value.value));
            let message = say!("`{start}` is not among its `values`", start = start.value);
            self.report(Fault::UnknownSymbol, start.span, message, say!("not one of them")).help.extend(help);
        }
        let names = values.iter().map(|value| value.value.to_owned()).collect();
        // The symbols are known even where the first value is none of them.
        if values.is_empty() { None } else { Some((Kind::Symbol(names), index.unwrap_or(0) as i64)) }
    }

    /// Gives every choice its id: those of a scene in a row, then those below each.
    fn declare_choices(&mut self) {
        let raw = self.raw;
        for (index, scene) in raw.scenes.iter().enumerate() {
            let start = self.flat.len();
            self.lay_choices(&scene.choices, Holder::Scene(SceneId(index as u32)), scene.span);
            self.declared.scene_choices.push(since(start, self.flat.len()));
        }
        let mut side = 0;
        for hinge in &raw.hinges {
            let mut sides = Vec::new();
            for raw in &hinge.sides {
                let choices = self.lay_choices(&raw.choices, Holder::Side(SideId(side)), raw.span);
                side += 1;
                let role = raw.role.and_then(|role| self.declared.roles.get(role.value));
                sides.push((RoleId(role.unwrap_or(0)), choices));
            }
            self.declared.hinge_sides.push(sides);
        }
        self.declared.choice_ids = self.flat.iter().map(|(raw, _)| raw.id.map_or("", |id| id.value)).collect();
        self.declared.asked = self.flat.iter().map(|(raw, _)| raw.once.is_some_and(|once| once.value)).collect();
        self.declared.visits = vec![Counted::default(); raw.scenes.len()];
        self.check_choice_ids();
    }

    fn lay_choices(&mut self, choices: &'t [RawChoice<'t>], holder: Holder, span: Span) -> Span32 {
        self.bounded(choices.len(), MOST_CHOICES, || say!("choices"), span);
        let start = self.flat.len();
        self.flat.extend(choices.iter().map(|choice| (choice, holder)));
        let own = since(start, self.flat.len());
        for (index, choice) in own.range().zip(choices) {
            if !choice.nested.is_empty() {
                self.lay_choices(&choice.nested, Holder::Choice(ChoiceId(index as u32)), choice.span);
            }
        }
        own
    }

    /// A choice's id is unique within its scene, or its side.
    fn check_choice_ids(&mut self) {
        let scenes = self.declared.scene_choices.iter().copied();
        let sides = self.declared.hinge_sides.iter().flatten().map(|(_, choices)| *choices);
        let groups: Vec<Span32> = scenes.chain(sides).filter(|group| !group.is_empty()).collect();
        let mut seen: HashMap<&str, Span> = HashMap::new();
        for group in groups {
            seen.clear();
            for index in group.range() {
                let raw = self.flat[index].0;
                let Some(id) = self.id(raw.id, "[[scene.choice]]", raw.span) else { continue };
                if let Some(first) = seen.insert(id.value, id.span) {
                    self.duplicate(say!("the choice"), id.value, id.span, first);
                }
                if id.value == "continue" {
                    let found = self.report(
                        Fault::BadId,
                        id.span,
                        say!("`continue` is taken"),
                        say!("scenes that only go on use it"),
                    );
                    found.help.push(say!("choose another id"));
                }
            }
        }
    }
}

/// An entry of the codex in a sentence.
fn entry_named(kind: EntryKind) -> Phrase {
    match kind {
        EntryKind::Person => say!("the person"),
        EntryKind::Place => say!("the place"),
        EntryKind::Term => say!("the term"),
    }
}
