//! Hinges: sides, and what can come of them.

use super::{Key, Linker, since};
use crate::catalogue::Phrase;
use crate::diagnostic::Code as Fault;
use crate::lang::Scope;
use crate::say;
use crate::story::model::{ChoiceId, Hinge, HingeId, HingeOutcome, RoleId, Side, Span32};
use crate::story::raw::{RawHinge, RawHingeOutcome, RawSide};

impl<'t> Linker<'t> {
    pub(super) fn hinges(&mut self) {
        let raw = self.raw;
        for (index, hinge) in raw.hinges.iter().enumerate() {
            let linked = self.hinge(HingeId(index as u32), hinge);
            self.hinges.push(linked);
        }
    }

    fn hinge(&mut self, id: HingeId, raw: &'t RawHinge<'t>) -> Hinge {
        let name = raw.id.map_or("", |id| id.value);
        let scope = Scope { hinge: Some(id), ..Scope::default() };
        self.logic.text(name);
        if raw.date.is_none() {
            self.report(Fault::MissingKey, raw.span, say!("[[hinge]] needs `date`"), say!("`date` is missing"));
        }
        let date = raw.date.and_then(|date| self.day_within(date)).unwrap_or(self.begins);
        self.logic.number(date.0.into());
        let first_side = self.sides.len();
        for (place, side) in raw.sides.iter().enumerate() {
            let linked = self.side(id, place, side, name);
            self.sides.push(linked);
        }
        if raw.sides.is_empty() {
            self.report(
                Fault::BadHinge,
                raw.span,
                say!("the hinge `{name}` has no side", name = name),
                say!("nobody chooses here"),
            );
        }
        let first_outcome = self.hinge_outcomes.len();
        for (place, outcome) in raw.outcomes.iter().enumerate() {
            let linked = self.hinge_outcome(id, place, outcome, raw);
            self.hinge_outcomes.push(linked);
        }
        if raw.outcomes.is_empty() {
            self.report(
                Fault::BadHinge,
                raw.span,
                say!("the hinge `{name}` has no outcome", name = name),
                say!("nothing comes of it"),
            );
        }
        Hinge {
            id: name.into(),
            title: self.string(raw.title, Key(&[name, "title"])).into(),
            date,
            place: self.place(raw.place),
            text: self.prose(raw.text, Key(&[name, "text"]), scope),
            sides: since(first_side, self.sides.len()),
            outcomes: since(first_outcome, self.hinge_outcomes.len()),
            scholarship: self.scholarship(&raw.scholarship),
        }
    }

    fn side(&mut self, hinge: HingeId, place: usize, raw: &'t RawSide<'t>, name: &'t str) -> Side {
        let (role, choices) = self.declared.hinge_sides[hinge.index()][place];
        let of = raw.role.map_or("", |role| role.value);
        match raw.role {
            Some(id) => {
                let known = self.role_named(id).is_some();
                let twice = self.declared.hinge_sides[hinge.index()][..place].iter().any(|(other, _)| *other == role);
                if known && twice {
                    self.report(
                        Fault::BadHinge,
                        id.span,
                        say!("`{of}` has two sides at this hinge", of = of),
                        say!("the second"),
                    );
                }
            }
            None if !self.raw.roles.is_empty() => {
                self.report(
                    Fault::MissingKey,
                    raw.span,
                    say!("[[hinge.side]] needs `role`"),
                    say!("whose side is it?"),
                );
            }
            None => {}
        }
        let scope = Scope { role: Some(role), hinge: Some(hinge), scene: None };
        self.logic.text(of);
        for nested in raw.choices.iter().filter(|choice| !choice.nested.is_empty()) {
            self.report(
                Fault::BadHinge,
                nested.span,
                say!("choices of a hinge have no choices below them"),
                Phrase::default(),
            );
        }
        if raw.goto.is_none() && self.roles.get(role.index()).is_some_and(|role| role.start.is_some()) {
            let found = self.report(
                Fault::BadHinge,
                raw.span,
                say!("the side of `{of}` has no `goto`", of = of),
                say!("it leads nowhere"),
            );
            found.help.push(say!("say where the role goes afterwards"));
        }
        Side {
            hinge,
            role,
            text: self.prose(raw.text, Key(&[name, of, "text"]), scope),
            choices,
            historical: self.historical(raw, choices, of),
            goto: self.goto(raw.goto.as_ref(), role, scope, &[name, of]),
        }
    }

    /// What the role did in history: exactly one of its choices, which is always open.
    fn historical(&mut self, raw: &'t RawSide<'t>, choices: Span32, of: &str) -> ChoiceId {
        let is = |index: &usize| self.flat[*index].0.historical.is_some_and(|historical| historical.value);
        let found: Vec<usize> = choices.range().filter(is).collect();
        if let [only] = found[..] {
            if let Some(guard) = self.flat[only].0.guard {
                let report = self.report(
                    Fault::BadHinge,
                    guard.span,
                    say!("what history did is always open"),
                    say!("a guard on it"),
                );
                report.help.push(say!("a role that nobody plays does it, whatever the variables say"));
            }
            return ChoiceId(only as u32);
        }
        let message = say!("exactly one choice of `{of}` is `historical`", of = of);
        let label = if found.is_empty() { say!("none is") } else { say!("more than one is") };
        self.report(Fault::BadHinge, raw.span, message, label);
        ChoiceId(choices.start)
    }

    fn hinge_outcome(
        &mut self,
        id: HingeId,
        place: usize,
        raw: &'t RawHingeOutcome<'t>,
        of: &'t RawHinge<'t>,
    ) -> HingeOutcome {
        let name = of.id.map_or("", |id| id.value);
        let scope = Scope { hinge: Some(id), ..Scope::default() };
        let n = (place + 1).to_string();
        let key = |last: &'static str| [name, "outcome", &n, last].map(str::to_owned);
        let (title, text) = (key("title"), key("text"));
        let last = place + 1 == of.outcomes.len();
        if let (true, Some(guard)) = (last, raw.guard) {
            self.report(
                Fault::BadOutcome,
                guard.span,
                say!("the last outcome has no `if`"),
                say!("nothing would come of the hinge otherwise"),
            );
        }
        if !last && raw.guard.is_none() {
            self.report(
                Fault::BadOutcome,
                raw.span,
                say!("only the last outcome has no `if`"),
                say!("those after it are never reached"),
            );
        }
        let mut gotos = Vec::new();
        for (role, goto) in &raw.gotos {
            let Some(role) = self.role_named(*role) else { continue };
            gotos
                .push((role, self.goto(Some(goto), role, Scope { role: Some(role), ..scope }, &[name, "outcome", &n])));
        }
        HingeOutcome {
            guard: self.guard(raw.guard, scope),
            title: self.string(raw.title, Key(&title.each_ref().map(String::as_str))).into(),
            text: self.prose(raw.text, Key(&text.each_ref().map(String::as_str)), scope),
            effects: self.effects(raw.effects, scope),
            gotos,
        }
    }

    /// The role of a story without roles.
    pub(super) fn nameless(&self) -> Option<RoleId> {
        self.raw.roles.is_empty().then_some(RoleId(0))
    }
}
