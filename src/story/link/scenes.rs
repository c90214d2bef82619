//! Scenes, their choices, and where they lead.

use super::{Key, Linker, since};
use crate::catalogue::Phrase;
use crate::diagnostic::{Code as Fault, Span};
use crate::lang::{ExprId, Scope};
use crate::say;
use crate::story::layout::MAX_DRAW;
use crate::story::model::{
    Choice, ChoiceId, Goto, GotoEntry, Holder, Pool, PoolId, RoleId, Scene, SceneId, Storylet, Target, When,
};
use crate::story::raw::{RawChoice, RawEntry, RawGoto, RawScene};
use crate::story::text::Text;

impl<'t> Linker<'t> {
    pub(super) fn scenes(&mut self) {
        let raw = self.raw;
        self.declare_pools();
        self.choices.reserve(self.flat.len());
        for (index, scene) in raw.scenes.iter().enumerate() {
            let linked = self.scene(SceneId(index as u32), scene);
            self.scenes.push(linked);
            // Choices right after their scene, so that what is run and read together lies together.
            self.link_choices(self.declared.scene_choices[index].end);
        }
        self.link_choices(self.flat.len() as u32);
        for pool in &mut self.pools {
            let priority =
                |scene: &SceneId| self.scenes[scene.index()].storylet.as_ref().map_or(0, |storylet| storylet.priority);
            pool.storylets.sort_by_key(|scene| -priority(scene));
        }
    }

    /// Links the choices up to one, in the order of their ids.
    fn link_choices(&mut self, end: u32) {
        for index in self.choices.len()..end as usize {
            let (raw, holder) = self.flat[index];
            let choice = self.choice(ChoiceId(index as u32), raw, holder);
            self.choices.push(choice);
        }
    }

    fn declare_pools(&mut self) {
        for (index, scene) in self.raw.scenes.iter().enumerate() {
            let Some(pool) = scene.pool else { continue };
            let place = *self.pool_ids.entry(pool.value).or_insert_with(|| {
                self.pools.push(Pool { id: pool.value.to_owned(), storylets: Vec::new() });
                self.pools.len() - 1
            });
            self.pools[place].storylets.push(SceneId(index as u32));
        }
    }

    /// The role whose scene it is.
    fn scene_role(&mut self, raw: &RawScene<'t>) -> RoleId {
        match (raw.role, self.raw.roles.is_empty()) {
            (Some(role), false) => self.role_named(role).unwrap_or(RoleId(0)),
            (None, true) => RoleId(0),
            (Some(role), true) => {
                self.report(Fault::UnknownRole, role.span, say!("the story declares no roles"), say!("not declared"));
                RoleId(0)
            }
            (None, false) => {
                self.report(
                    Fault::MissingKey,
                    raw.span,
                    say!("[[scene]] needs `role`, for the story has roles"),
                    say!("whose scene is it?"),
                );
                RoleId(0)
            }
        }
    }

    fn scene(&mut self, id: SceneId, raw: &'t RawScene<'t>) -> Scene {
        let name = raw.id.map_or("", |id| id.value);
        let role = self.scene_role(raw);
        let scope = Scope { role: Some(role), hinge: None, scene: Some(id) };
        self.logic.text(name);
        self.logic.number(role.0.into());
        let when = self.when(raw);
        let choices = self.declared.scene_choices[id.index()];
        let own = choices.start..choices.start + raw.choices.len() as u32;
        let ending = raw.ending.map(|ending| self.string(Some(ending), Key(&[name, "ending"])).into());
        self.logic.number(i64::from(raw.ending.is_some()));
        Scene {
            id: name.into(),
            title: self.string(raw.title, Key(&[name, "title"])).into(),
            text: self.prose(raw.text, Key(&[name, "text"]), scope),
            role,
            when,
            place: self.place(raw.place),
            effects: self.effects(raw.effects, scope),
            goto: self.goto(raw.goto.as_ref(), role, scope, &[name]),
            choices: crate::story::model::Span32 { start: own.start, end: own.end },
            draw: self.drawing(raw),
            storylet: self.storylet(raw, name, scope),
            ending,
            scholarship: self.scholarship(&raw.scholarship),
        }
    }

    fn when(&mut self, raw: &RawScene<'t>) -> When {
        let when = match (raw.date, raw.after) {
            (Some(date), after) => {
                if let Some(after) = after {
                    self.report(Fault::BadDate, after.span, say!("a scene has `date` or `after`"), say!("not both"));
                }
                self.day_within(date).map_or(When::Now, When::On)
            }
            (None, Some(after)) => match days(after.value) {
                Some(days) => When::After(days),
                None => {
                    let found = self.report(
                        Fault::BadDate,
                        after.span,
                        say!("`after` is a number of days"),
                        say!("not understood"),
                    );
                    found.help.push(say!("write `after = \"3 days\"`"));
                    When::Now
                }
            },
            (None, None) => When::Now,
        };
        self.logic.number(match when {
            When::Now => -1,
            When::On(day) => day.0.into(),
            When::After(days) => 10_000_000 + i64::from(days),
        });
        when
    }

    fn drawing(&mut self, raw: &RawScene<'t>) -> Option<(PoolId, u32)> {
        let draw = raw.draw.as_ref()?;
        let pool = self.required(draw.pool, "pool", "`draw`", draw.span)?;
        self.logic.text(pool.value);
        let show = draw.show.map_or(3, |show| show.value);
        self.logic.number(show);
        if !(1..=MAX_DRAW as i64).contains(&show) {
            let span = draw.show.map_or(draw.span, |show| show.span);
            self.report(
                Fault::BadValue,
                span,
                say!("`show` is from 1 to {most}", most = MAX_DRAW),
                say!("out of bounds"),
            );
        }
        match self.pool_ids.get(pool.value) {
            Some(&index) => Some((PoolId(index as u32), show as u32)),
            None => {
                let help = super::near_help(pool.value, self.pool_ids.keys().copied());
                let message = say!("no storylet lies in the pool `{pool}`", pool = pool.value);
                let put = say!("a scene with `pool = \"{pool}\"` is a storylet of it", pool = pool.value);
                self.report(Fault::UnknownPool, pool.span, message, say!("an empty pool"))
                    .help
                    .push(help.unwrap_or(put));
                None
            }
        }
    }

    fn storylet(&mut self, raw: &'t RawScene<'t>, name: &str, scope: Scope) -> Option<Box<Storylet>> {
        let Some(pool) = raw.pool else {
            let only = [("if", raw.guard.map(|text| text.span)), ("teaser", raw.teaser.map(|text| text.span))];
            let only = only
                .into_iter()
                .chain([("priority", raw.priority.map(|at| at.span)), ("once", raw.once.map(|at| at.span))]);
            for (key, span) in only.filter_map(|(key, span)| span.map(|span| (key, span))) {
                let found = self.report(
                    Fault::MissingKey,
                    span,
                    say!("`{key}` is for storylets", key = key),
                    say!("this scene is in no `pool`"),
                );
                found.help.push(say!("a guard on the way here belongs into the `goto` that leads here"));
            }
            return None;
        };
        let once = raw.once.is_some_and(|once| once.value);
        if once && let Some(id) = raw.id.and_then(|id| self.declared.scenes.get(id.value)) {
            let counted = &mut self.declared.visits[id as usize];
            counted.cap = counted.cap.max(1);
        }
        self.logic.text(pool.value);
        self.logic.number(raw.priority.map_or(0, |priority| priority.value));
        Some(Box::new(Storylet {
            pool: PoolId(self.pool_ids[pool.value] as u32),
            guard: self.guard(raw.guard, scope),
            priority: raw.priority.map_or(0, |priority| priority.value),
            once,
            teaser: self.prose(raw.teaser, Key(&[name, "teaser"]), scope),
        }))
    }

    fn choice(&mut self, id: ChoiceId, raw: &'t RawChoice<'t>, holder: Holder) -> Choice {
        let (prefix, role, scope) = self.context(holder);
        let name = raw.id.map_or("", |id| id.value);
        let key = |last: &'static str| [prefix[0], prefix[1], name, last];
        self.logic.text(name);
        let text = self.required(raw.text, "text", "[[scene.choice]]", raw.span);
        if let (Some(locked), None) = (raw.locked, raw.guard) {
            self.report(
                Fault::MissingKey,
                locked.span,
                say!("`locked` says why `if` is false"),
                say!("there is no `if`"),
            );
        }
        let nested = self.nested(id, raw);
        let in_hinge = matches!(holder, Holder::Side(_));
        let goto = match (&raw.goto, holder) {
            (Some(goto), _) if in_hinge => {
                let found = self.report(
                    Fault::BadHinge,
                    goto.span,
                    say!("a choice of a hinge has no `goto`"),
                    Phrase::default(),
                );
                found.help.push(say!("the side's `goto`, or the outcome's, says where the role goes"));
                Goto::default()
            }
            // A nested choice without a `goto` of its own takes its parent's.
            (None, Holder::Choice(parent)) => self.choices[parent.index()].goto,
            (goto, _) => self.goto(goto.as_ref(), role, scope, &key("")),
        };
        Choice {
            id: name.into(),
            text: self.prose(text, Key(&key("text")), scope).unwrap_or_else(|| self.no_prose()),
            holder,
            guard: self.guard(raw.guard, scope),
            locked: self.prose(raw.locked, Key(&key("locked")), scope),
            once: raw.once.is_some_and(|once| once.value),
            effects: self.effects(raw.effects, scope),
            say: self.prose(raw.say, Key(&key("say")), scope),
            goto,
            nested,
            basis: raw.basis.map(|basis| basis.value),
            historical: raw.historical.is_some_and(|historical| historical.value),
            taken: None,
        }
    }

    /// The choices below one: they follow all choices of its list and those below earlier ones.
    fn nested(&mut self, id: ChoiceId, raw: &RawChoice<'t>) -> crate::story::model::Span32 {
        let below = |entry: &(&RawChoice<'_>, Holder)| entry.1 == Holder::Choice(id);
        let Some(first) = (!raw.nested.is_empty()).then(|| self.flat[id.index()..].iter().position(below)).flatten()
        else {
            return crate::story::model::Span32::default();
        };
        let start = id.index() + first;
        since(start, start + raw.nested.len())
    }

    /// Prose that says nothing, for what was reported missing.
    fn no_prose(&mut self) -> crate::lang::ProseId {
        let text = Text::default();
        self.compiler(text, Scope::default()).prose("")
    }

    /// For the choices of a holder: the beginning of their keys, whose they are, what they see.
    fn context(&self, holder: Holder) -> ([&'t str; 2], RoleId, Scope) {
        match holder {
            Holder::Scene(scene) => {
                let raw = &self.raw.scenes[scene.index()];
                let role = self.scenes[scene.index()].role;
                let scope = Scope { role: Some(role), hinge: None, scene: Some(scene) };
                ([raw.id.map_or("", |id| id.value), ""], role, scope)
            }
            Holder::Side(side) => {
                let (hinge, side) = self.side_at(side.index());
                let raw = &self.raw.hinges[hinge];
                let role = self.declared.hinge_sides[hinge][side].0;
                let of = raw.sides[side].role.map_or("", |role| role.value);
                let hinge_id = crate::story::model::HingeId(hinge as u32);
                let scope = Scope { role: Some(role), hinge: Some(hinge_id), scene: None };
                ([raw.id.map_or("", |id| id.value), of], role, scope)
            }
            Holder::Choice(parent) => self.context(self.flat[parent.index()].1),
        }
    }

    /// The hinge of a side, and its place there.
    fn side_at(&self, side: usize) -> (usize, usize) {
        let mut rest = side;
        for (hinge, sides) in self.declared.hinge_sides.iter().enumerate() {
            match rest.checked_sub(sides.len()) {
                None => return (hinge, rest),
                Some(left) => rest = left,
            }
        }
        (0, 0)
    }

    pub(super) fn goto(&mut self, raw: Option<&'t RawGoto<'t>>, role: RoleId, scope: Scope, key: &[&str]) -> Goto {
        let Some(raw) = raw else { return Goto::default() };
        let weighted = raw.entries.iter().any(|entry| entry.weight.is_some());
        if raw.entries.is_empty() {
            self.report(Fault::BadGoto, raw.span, say!("`goto` leads nowhere"), say!("an empty list"));
        }
        let start = self.gotos.len();
        for (n, entry) in raw.entries.iter().enumerate() {
            let linked = self.goto_entry(entry, n, weighted, role, scope, key);
            self.gotos.extend(linked);
        }
        self.check_order(raw, weighted);
        let only = match &self.gotos[start..] {
            [GotoEntry { to, guard: None, weight: 0, effects, say: None }] if effects.is_empty() => Some(*to),
            _ => None,
        };
        Goto { entries: since(start, self.gotos.len()), weighted, only }
    }

    fn goto_entry(
        &mut self,
        raw: &'t RawEntry<'t>,
        n: usize,
        weighted: bool,
        role: RoleId,
        scope: Scope,
        key: &[&str],
    ) -> Option<GotoEntry> {
        let to = self.required(raw.to, "to", "an entry of `goto`", raw.span);
        let guard: Option<ExprId> = self.guard(raw.guard, scope);
        let weight = raw.weight.map_or(1, |weight| weight.value);
        self.logic.number(weight);
        if !(1..=1_000_000).contains(&weight) {
            let span = raw.weight.map_or(raw.span, |weight| weight.span);
            self.report(Fault::BadGoto, span, say!("`weight` is from 1 to 1,000,000"), say!("out of bounds"));
        }
        let effects = self.effects(raw.effects, scope);
        let say = raw.say.and_then(|say| {
            let n = (n + 1).to_string();
            let parts: Vec<&str> = key.iter().copied().chain(["goto", &n, "say"]).collect();
            self.prose(Some(say), Key(&parts), scope)
        });
        let to = self.target(to?, role)?;
        Some(GotoEntry { to, guard, weight: if weighted { weight as u32 } else { 0 }, effects, say })
    }

    /// In a list tried in order nothing is reached behind an entry without `if`; and in every list
    /// one should have none.
    fn check_order(&mut self, raw: &RawGoto<'t>, weighted: bool) {
        let open = raw.entries.iter().position(|entry| entry.guard.is_none());
        match open {
            Some(place) if !weighted && place + 1 < raw.entries.len() => {
                let next = raw.entries[place + 1].span;
                let found = self.report(
                    Fault::BadGoto,
                    next,
                    say!("this entry is never reached"),
                    say!("the one before it has no `if`"),
                );
                found.help.push(say!("entries are tried in order; to leave it to chance give each a `weight`"));
            }
            None if !raw.entries.is_empty() => {
                let found = self.report(
                    Fault::NoLastResort,
                    raw.span,
                    say!("every entry of this `goto` has an `if`"),
                    say!("no last resort"),
                );
                found.help.push(say!("let the last entry have no `if`: where none holds the story goes nowhere"));
            }
            _ => {}
        }
    }

    /// Where something leads, for those who walk the story.
    pub(in crate::story) fn goto_targets(&self, goto: Goto) -> impl Iterator<Item = Target> + '_ {
        goto.entries.range().map(|index| self.gotos[index].to)
    }

    pub(in crate::story) fn span_of(&self, scene: SceneId) -> Span {
        let raw = &self.raw.scenes[scene.index()];
        raw.id.map_or(raw.span, |id| id.span)
    }
}

/// `3 days`, `1 day`.
fn days(text: &str) -> Option<u32> {
    let (number, unit) = text.trim().split_once(' ')?;
    let days: u32 = number.parse().ok()?;
    match unit.trim() {
        "day" | "days" => Some(days),
        "week" | "weeks" => days.checked_mul(7),
        _ => None,
    }
    .filter(|days| *days <= 100_000)
}
