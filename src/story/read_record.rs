//! Reading hinges, the record, laws and the codex.

use toml::de::DeTable;

use crate::say;
use crate::story::keys;
use crate::story::model::EntryKind;
use crate::story::raw::{Raw, RawCodex, RawEvent, RawHinge, RawHingeOutcome, RawLaw, RawOdds, RawOutcome, RawSide};
use crate::story::table::{Value, Walker};

type Range = std::ops::Range<usize>;

impl Walker<'_> {
    /// A hinge; `whole` where the file is it and its id is under `hinge`.
    pub(super) fn hinge<'t>(&mut self, table: &'t DeTable<'_>, span: Range, whole: bool) -> Option<RawHinge<'t>> {
        let mut hinge = RawHinge { span: self.head(table, span), ..RawHinge::default() };
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "hinge" if whole => hinge.id = self.text("hinge", value),
                "id" if !whole => hinge.id = self.text("id", value),
                "date" => hinge.date = self.date("date", value),
                "title" => hinge.title = self.text("title", value),
                "place" => hinge.place = self.text("place", value),
                "text" => hinge.text = self.text("text", value),
                "side" => self.each("side", value, |walker, table, span| hinge.sides.push(walker.side(table, span))),
                "outcome" => self.each("outcome", value, |walker, table, span| {
                    hinge.outcomes.push(walker.hinge_outcome(table, span));
                }),
                name => self.scholarship(name, value, &mut hinge.scholarship).unwrap_or_else(|| {
                    self.not_beside(&keys::HINGE, whole, key);
                }),
            }
        }
        Some(hinge)
    }

    fn side<'t>(&mut self, table: &'t DeTable<'_>, span: Range) -> RawSide<'t> {
        let mut side = RawSide { span: self.head(table, span), ..RawSide::default() };
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "role" => side.role = self.text("role", value),
                "text" => side.text = self.text("text", value),
                "goto" => side.goto = self.goto(value),
                "choice" => side.choices = self.choices(value, Some(&keys::SIDE)),
                _ => self.unknown_key(&keys::SIDE, Some(&keys::HINGE), key),
            }
        }
        side
    }

    fn hinge_outcome<'t>(&mut self, table: &'t DeTable<'_>, span: Range) -> RawHingeOutcome<'t> {
        let mut outcome = RawHingeOutcome { span: self.head(table, span), ..RawHingeOutcome::default() };
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "if" => outcome.guard = self.text("if", value),
                "title" => outcome.title = self.text("title", value),
                "text" => outcome.text = self.text("text", value),
                "do" => outcome.effects = self.text("do", value),
                "goto" => {
                    for (key, value) in self.table("goto", value).into_iter().flatten() {
                        let role = crate::story::text::Text::new(key.get_ref(), self.file, key.span());
                        outcome.gotos.extend(self.goto(value).map(|goto| (role, goto)));
                    }
                }
                _ => self.unknown_key(&keys::HINGE_OUTCOME, Some(&keys::HINGE), key),
            }
        }
        outcome
    }

    pub(super) fn event<'t>(&mut self, table: &'t DeTable<'_>, span: Range) -> RawEvent<'t> {
        let mut event = RawEvent { span: self.head(table, span), ..RawEvent::default() };
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "id" => event.id = self.text("id", value),
                "title" => event.title = self.text("title", value),
                "summary" => event.summary = self.text("summary", value),
                "date" => event.date = self.date("date", value),
                "until" => event.until = self.date("until", value),
                "window" => event.window = self.integer("window", value),
                "weight" => event.weight = self.integer("weight", value),
                "needs" => event.needs = self.texts("needs", value),
                "if" => event.guard = self.text("if", value),
                "do" => event.effects = self.text("do", value),
                "news" => event.news = self.text("news", value),
                "by" => event.by = self.text("by", value),
                "otherwise" => event.otherwise = self.text("otherwise", value),
                "people" => event.people = self.texts("people", value),
                "place" => event.place = self.text("place", value),
                "sources" => event.sources = self.texts("sources", value),
                "certainty" => event.certainty = self.text("certainty", value),
                "dispute" => event.dispute = self.text("dispute", value),
                "counterfactual" => event.counterfactual = self.flag("counterfactual", value),
                "argued" => event.argued = self.text("argued", value),
                _ => self.unknown_key(&keys::EVENT, None, key),
            }
        }
        event
    }

    pub(super) fn outcome<'t>(&mut self, table: &'t DeTable<'_>, span: Range) -> RawOutcome<'t> {
        let mut outcome = RawOutcome { span: self.head(table, span), ..RawOutcome::default() };
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "id" => outcome.id = self.text("id", value),
                "title" => outcome.title = self.text("title", value),
                "text" => outcome.text = self.text("text", value),
                "if" => outcome.guard = self.text("if", value),
                "historical" => outcome.historical = self.flag("historical", value),
                "argued" => outcome.argued = self.text("argued", value),
                "sources" => outcome.sources = self.texts("sources", value),
                _ => self.unknown_key(&keys::OUTCOME, None, key),
            }
        }
        outcome
    }

    pub(super) fn law<'t>(&mut self, table: &'t DeTable<'_>, span: Range) -> RawLaw<'t> {
        let mut law = RawLaw { span: self.head(table, span), ..RawLaw::default() };
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "id" => law.id = self.text("id", value),
                "why" => law.why = self.text("why", value),
                "always" => law.always = self.text("always", value),
                "never" => law.never = self.text("never", value),
                "possible" => law.possible = self.text("possible", value),
                "inevitable" => law.inevitable = self.text("inevitable", value),
                "before" => law.before = self.before(value),
                "odds" => law.odds = self.odds(value),
                "roles" => law.roles = self.texts("roles", value),
                _ => self.unknown_key(&keys::LAW, None, key),
            }
        }
        law
    }

    fn before<'t>(
        &mut self,
        value: &'t Value<'_>,
    ) -> Option<(crate::story::raw::Maybe<'t>, crate::story::raw::Maybe<'t>, crate::diagnostic::Span)> {
        let (mut first, mut then) = (None, None);
        for (key, value) in self.table("before", value)? {
            match key.get_ref().as_ref() {
                "first" => first = self.text("first", value),
                "then" => then = self.text("then", value),
                _ => self.unknown_key(&keys::BEFORE, None, key),
            }
        }
        Some((first, then, self.span(value.span())))
    }

    fn odds<'t>(&mut self, value: &'t Value<'_>) -> Option<RawOdds<'t>> {
        let mut odds = RawOdds { span: self.span(value.span()), ..RawOdds::default() };
        for (key, value) in self.table("odds", value)? {
            match key.get_ref().as_ref() {
                "of" => odds.of = self.text("of", value),
                "at_least" => odds.at_least = self.number("at_least", value),
                "at_most" => odds.at_most = self.number("at_most", value),
                _ => self.unknown_key(&keys::ODDS, None, key),
            }
        }
        Some(odds)
    }

    pub(super) fn codex<'t>(&mut self, kind: EntryKind, value: &'t Value<'_>, raw: &mut Raw<'t>) {
        self.each(kind.name(), value, |walker, table, span| {
            let span = walker.head(table, span);
            let mut entry = RawCodex {
                kind,
                span,
                id: None,
                name: None,
                text: None,
                see: Vec::new(),
                sources: Vec::new(),
                at: None,
            };
            for (key, value) in table {
                match key.get_ref().as_ref() {
                    "id" => entry.id = walker.text("id", value),
                    "name" => entry.name = walker.text("name", value),
                    "text" => entry.text = walker.text("text", value),
                    "see" => entry.see = walker.texts("see", value),
                    "sources" => entry.sources = walker.texts("sources", value),
                    "at" if kind == EntryKind::Place => entry.at = walker.point(value),
                    _ => walker.unknown_key(&keys::CODEX, None, key),
                }
            }
            raw.codex.push(entry);
        });
    }

    /// A place on the map: column and row.
    fn point(&mut self, value: &Value<'_>) -> Option<(i64, i64)> {
        let numbers: Vec<i64> = match value.get_ref().as_array() {
            Some(items) => items.iter().filter_map(|item| self.integer("at", item)).map(|at| at.value).collect(),
            None => Vec::new(),
        };
        match numbers[..] {
            [x, y] => Some((x, y)),
            _ => {
                let message = say!("`at` is a column and a row: `at = [12, 5]`");
                self.fault(crate::diagnostic::Code::WrongType, value.span(), message, say!("not two integers"));
                None
            }
        }
    }
}
