//! The record: events, outcomes, laws.

use super::{Key, Linker};
use crate::catalogue::Phrase;
use crate::diagnostic::{Code as Fault, Diagnostic};
use crate::lang::Scope;
use crate::say;
use crate::story::model::{Claim, Event, EventId, Law, Outcome};
use crate::story::raw::{Maybe, RawEvent, RawLaw, RawOdds, RawOutcome};
use crate::story::text::Text;

impl<'t> Linker<'t> {
    pub(super) fn record(&mut self) {
        let raw = self.raw;
        self.bounded(
            raw.events.len(),
            10_000,
            || say!("events"),
            raw.events.first().map_or_else(Default::default, |event| event.span),
        );
        for event in &raw.events {
            let linked = self.event(event);
            self.events.push(linked);
        }
        for index in 0..self.events.len() {
            for need in self.events[index].needs.clone() {
                self.events[need.index()].needed_by.push(EventId(index as u32));
            }
        }
        self.check_needs();
        for (place, outcome) in raw.outcomes.iter().enumerate() {
            let linked = self.outcome(place, outcome);
            self.outcomes.push(linked);
        }
        self.check_outcomes();
        for law in &raw.laws {
            let linked = self.law(law);
            self.laws.extend(linked);
        }
    }

    fn event(&mut self, raw: &'t RawEvent<'t>) -> Event {
        let id = raw.id.map_or("", |id| id.value);
        let scope = Scope { role: self.nameless(), ..Scope::default() };
        self.logic.text(id);
        let counterfactual = raw.counterfactual.is_some_and(|flag| flag.value);
        self.check_event(raw, counterfactual);
        let date = raw.date.and_then(|date| self.day(date));
        let until = raw.until.and_then(|date| self.day(date));
        let by_clock = raw.by.is_none_or(|by| by.value == "clock") && !counterfactual;
        for number in [date.map_or(-1, |day| day.0.into()), by_clock.into()] {
            self.logic.number(number);
        }
        let mut needs = Vec::new();
        for need in &raw.needs {
            needs.extend(self.need(*need));
        }
        let texts = |texts: &[Text<'t>]| texts.iter().map(|text| text.value.to_owned()).collect();
        let plain = |text: Maybe<'t>| text.map_or(String::new(), |text| text.value.trim().to_owned());
        let text =
            |this: &mut Self, text: Maybe<'t>, key| this.string(text, Key(&["event", id, key])).trim().to_owned();
        Event {
            id: id.to_owned(),
            title: text(self, raw.title, "title"),
            summary: text(self, raw.summary, "summary"),
            date,
            until,
            window: self.small(raw.window, "window", 0, 1_000, 0),
            weight: self.small(raw.weight, "weight", 1, 5, 1),
            needs,
            needed_by: Vec::new(),
            guard: self.guard(raw.guard, scope),
            effects: self.effects(raw.effects, scope),
            news: self.prose(raw.news, Key(&["event", id, "news"]), Scope::default()),
            by_clock,
            otherwise: self.prose(raw.otherwise, Key(&["event", id, "otherwise"]), Scope::default()),
            people: texts(&raw.people),
            place: plain(raw.place),
            sources: texts(&raw.sources),
            certainty: plain(raw.certainty),
            dispute: text(self, raw.dispute, "dispute"),
            counterfactual,
            argued: text(self, raw.argued, "argued"),
            // Pending, averted, or a day: before the story, or within it.
            field: self.allocator.field(0, i64::from(self.ends.since(self.begins)) + 4),
        }
    }

    fn small(&mut self, value: Option<crate::story::raw::At<i64>>, key: &str, min: i64, max: i64, default: u32) -> u32 {
        let Some(at) = value else { return default };
        if !(min..=max).contains(&at.value) {
            self.report(
                Fault::BadValue,
                at.span,
                say!("`{key}` is from {min} to {max}", key = key, min = min, max = max),
                say!("out of bounds"),
            );
            return default;
        }
        at.value as u32
    }

    fn check_event(&mut self, raw: &'t RawEvent<'t>, counterfactual: bool) {
        self.required(raw.title, "title", "[[event]]", raw.span);
        if let Some(by) = raw.by
            && !matches!(by.value, "clock" | "scene")
        {
            self.report(Fault::BadValue, by.span, say!("`by` is \"clock\" or \"scene\""), say!("neither"));
        }
        match (raw.date, counterfactual) {
            (Some(date), true) => {
                let found = self.report(
                    Fault::BadEvent,
                    date.span,
                    say!("an event that did not happen has no `date`"),
                    Phrase::default(),
                );
                found.help.push(say!("leave `date` out, or `counterfactual`"));
            }
            (None, false) => {
                let found = self.report(
                    Fault::BadEvent,
                    raw.span,
                    say!("an event of the record needs `date`"),
                    say!("`date` is missing"),
                );
                found.help.push(say!("write `counterfactual = true` if it did not happen in reality"));
            }
            _ => {}
        }
        if counterfactual && raw.argued.is_none() {
            let message = say!("a counterfactual event needs `argued`: by whom, and why it was possible");
            self.report(Fault::BadEvent, raw.span, message, say!("`argued` is missing"));
        }
        if let (true, Some(by)) = (counterfactual, raw.by.filter(|by| by.value == "clock")) {
            self.report(
                Fault::BadEvent,
                by.span,
                say!("the clock can't bring about what has no date"),
                say!("counterfactual"),
            );
        }
        if raw.sources.is_empty() {
            let found =
                self.report(Fault::NoSources, raw.span, say!("an event names its `sources`"), say!("none named"));
            found.help.push(say!("say where it can be checked: `sources = [\"author, title, year, page\"]`"));
        }
        if let (Some(date), Some(until)) = (raw.date, raw.until)
            && (until.value.year, until.value.month, until.value.day)
                < (date.value.year, date.value.month, date.value.day)
        {
            self.report(Fault::BadDate, until.span, say!("`until` comes before `date`"), Phrase::default());
        }
    }

    fn need(&mut self, id: Text<'t>) -> Option<EventId> {
        self.logic.text(id.value);
        if let Some(event) = self.declared.events.get(id.value) {
            return Some(EventId(event));
        }
        let near = self.declared.events.nearest(id.value);
        let message = say!("no event has the id `{id}`", id = id.value);
        let found = self.report(Fault::UnknownEvent, id.span, message, say!("not declared in this story"));
        found.help.extend(near.map(|near| say!("did you mean `{near}`?", near = near)));
        None
    }

    /// Needs form no circle, and come before what needs them.
    fn check_needs(&mut self) {
        let mut depth = vec![0u32; self.events.len()];
        let mut left: Vec<usize> = self.events.iter().map(|event| event.needs.len()).collect();
        let mut ready: Vec<usize> = (0..self.events.len()).filter(|&index| left[index] == 0).collect();
        while let Some(index) = ready.pop() {
            for dependent in &self.events[index].needed_by {
                let dependent = dependent.index();
                depth[dependent] = depth[dependent].max(depth[index] + 1);
                left[dependent] -= 1;
                if left[dependent] == 0 {
                    ready.push(dependent);
                }
            }
        }
        let mut seen = vec![false; self.events.len()];
        for index in 0..self.events.len() {
            let raw = &self.raw.events[index];
            let span = raw.id.map_or(raw.span, |id| id.span);
            if left[index] > 0 {
                self.tell_circle(index, &left, &mut seen);
                continue;
            }
            if depth[index] > 1_000 {
                self.report(
                    Fault::TooLarge,
                    span,
                    say!("a chain of needs is longer than 1,000 events"),
                    say!("its end"),
                );
            }
            for (place, need) in self.events[index].needs.clone().into_iter().enumerate() {
                let (own, other) = (self.events[index].date, self.events[need.index()].date);
                if let (Some(own), Some(other)) = (own, other)
                    && other > own
                {
                    let message = say!("`{id}` needs an event that comes after it", id = &self.events[index].id);
                    let need = raw.needs.get(place).map_or(span, |need| need.span);
                    let dates = say!(
                        "{later} is later than {earlier}",
                        later = self.calendar.iso(other),
                        earlier = self.calendar.iso(own)
                    );
                    self.report(Fault::NeedsLater, need, message, dates);
                }
            }
        }
    }

    /// Reports the circle that an event waits for, once. What waits for a circle without being in
    /// it is no mistake of its own.
    fn tell_circle(&mut self, from: usize, left: &[usize], seen: &mut [bool]) {
        let (mut way, mut at) = (Vec::new(), from);
        while !std::mem::replace(&mut seen[at], true) {
            way.push(at);
            let next = self.events[at].needs.iter().map(|need| need.index()).find(|&need| left[need] > 0);
            at = next.expect("an event that can't be put in order needs another such event");
        }
        let Some(begins) = way.iter().position(|&index| index == at) else { return };
        let circle = &way[begins..];
        let names: Vec<String> = circle.iter().map(|&index| format!("`{}`", self.events[index].id)).collect();
        let mut found = Diagnostic::new(Fault::NeedsCycle, say!("events need each other in a circle"));
        for (place, &index) in circle.iter().enumerate().take(8) {
            let raw = &self.raw.events[index];
            let label = say!("needs {event}", event = &names[(place + 1) % names.len()]);
            found = found.label(raw.id.map_or(raw.span, |id| id.span), label);
        }
        self.found
            .push(found.help(say!("none of them could ever happen: take away the `needs` that is least a cause")));
    }

    fn outcome(&mut self, place: usize, raw: &'t RawOutcome<'t>) -> Outcome {
        let id = raw.id.map_or("", |id| id.value);
        let scope = Scope { role: self.nameless(), ..Scope::default() };
        self.logic.text(id);
        self.required(raw.title, "title", "[[outcome]]", raw.span);
        let last = place + 1 == self.raw.outcomes.len();
        if let (true, Some(guard)) = (last, raw.guard) {
            self.report(
                Fault::BadOutcome,
                guard.span,
                say!("the last outcome has no `if`"),
                say!("there must always be one"),
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
        let condition = self.guard(raw.guard, scope);
        let asks = |node| matches!(node, crate::lang::Node::Outcome(_));
        if let (Some(guard), Some(expr)) = (raw.guard, condition)
            && self.code.any(expr, &asks)
        {
            let message = say!("what decides an outcome can't ask for an outcome");
            let found =
                self.report(Fault::BadOutcome, guard.span, message, say!("`outcome(…)` is known only afterwards"));
            found.help.push(say!("ask for what happened: `happened(…)`, a variable"));
        }
        Outcome {
            id: id.to_owned(),
            title: self.string(raw.title, Key(&["outcome", id, "title"])),
            text: self.prose(raw.text, Key(&["outcome", id, "text"]), scope),
            guard: condition,
            historical: raw.historical.is_some_and(|historical| historical.value),
            argued: self.string(raw.argued, Key(&["outcome", id, "argued"])).trim().to_owned(),
            sources: raw.sources.iter().map(|source| source.value.to_owned()).collect(),
        }
    }

    fn check_outcomes(&mut self) {
        let historical: Vec<usize> =
            (0..self.outcomes.len()).filter(|&index| self.outcomes[index].historical).collect();
        match (historical.as_slice(), self.raw.manifest.as_ref()) {
            ([_], _) | (_, None) => {}
            ([], Some(manifest)) => {
                let span = self.raw.outcomes.first().map_or(manifest.span, |outcome| outcome.span);
                let found = Diagnostic::new(Fault::BadOutcome, say!("exactly one outcome is `historical`"))
                    .label(span, say!("none is"));
                let help = say!("declare `[[outcome]]`s; what really came of it has `historical = true`");
                self.found.push(found.help(help));
            }
            ([first, second, ..], _) => {
                let (first, second) = (self.raw.outcomes[*first].span, self.raw.outcomes[*second].span);
                let found = Diagnostic::new(Fault::BadOutcome, say!("exactly one outcome is `historical`"));
                self.found.push(found.label(second, say!("a second one")).label(first, say!("the first one")));
            }
        }
    }

    fn law(&mut self, raw: &'t RawLaw<'t>) -> Option<Law> {
        let scope = Scope { role: self.nameless(), ..Scope::default() };
        let id = raw.id.map_or("", |id| id.value);
        self.required(raw.why, "why", "[[law]]", raw.span);
        let forms = [
            raw.always.is_some(),
            raw.never.is_some(),
            raw.possible.is_some(),
            raw.inevitable.is_some(),
            raw.before.is_some(),
            raw.odds.is_some(),
        ];
        if forms.iter().filter(|form| **form).count() != 1 {
            let message = say!("a law has one of `always`, `never`, `possible`, `inevitable`, `before`, `odds`");
            self.report(Fault::BadLaw, raw.span, message, say!("none, or more than one"));
            return None;
        }
        let mut expr = |text: Maybe<'t>| text.and_then(|text| self.compiler(text, scope).guard());
        let claim = match (expr(raw.always), expr(raw.never), expr(raw.possible), expr(raw.inevitable)) {
            (Some(expr), ..) => Some(Claim::Always(expr)),
            (_, Some(expr), ..) => Some(Claim::Never(expr)),
            (_, _, Some(expr), _) => Some(Claim::Possible(expr)),
            (.., Some(expr)) => Some(Claim::Inevitable(expr)),
            _ => match (&raw.before, &raw.odds) {
                (Some((first, then, span)), _) => {
                    if first.is_none() || then.is_none() {
                        self.report(
                            Fault::BadLaw,
                            *span,
                            say!("`before` needs `first` and `then`"),
                            say!("one is missing"),
                        );
                    }
                    let mut expr = |text: Maybe<'t>| text.and_then(|text| self.compiler(text, scope).guard());
                    let (first, then) = (expr(*first), expr(*then));
                    first.zip(then).map(|(first, then)| Claim::Before { first, then })
                }
                (_, Some(odds)) => self.odds(odds, scope),
                _ => None,
            },
        };
        let mut roles = Vec::new();
        for role in &raw.roles {
            roles.extend(self.role_named(*role));
        }
        let why = raw.why.map_or(String::new(), |why| why.value.trim().to_owned());
        Some(Law { id: id.to_owned(), why, claim: claim?, roles })
    }

    fn odds(&mut self, raw: &RawOdds<'t>, scope: Scope) -> Option<Claim> {
        let of = self.required(raw.of, "of", "`odds`", raw.span)?;
        let at_least = raw.at_least.map_or(0.0, |at| at.value);
        let at_most = raw.at_most.map_or(1.0, |at| at.value);
        if !(0.0..=1.0).contains(&at_least) || !(0.0..=1.0).contains(&at_most) || at_least > at_most {
            let message = say!("odds lie between 0 and 1, `at_least` not above `at_most`");
            self.report(Fault::BadLaw, raw.span, message, say!("out of bounds"));
        }
        if raw.at_least.is_none() && raw.at_most.is_none() {
            self.report(Fault::BadLaw, raw.span, say!("`odds` needs `at_least` or `at_most`"), say!("neither"));
        }
        let of = self.compiler(of, scope).guard()?;
        Some(Claim::Odds { of, at_least, at_most })
    }
}
