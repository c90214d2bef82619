//! The first step of loading: TOML to what it says, every value with its place.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::diagnostic::{Code, Diagnostic, FileId, Findings};
use crate::say;
use crate::story::keys::{self, Table};
use crate::story::model::EntryKind;
use crate::story::raw::{
    At, Raw, RawChoice, RawDraw, RawEntry, RawGoto, RawManifest, RawRole, RawScene, RawScholarship, RawValue,
    RawVariable,
};
use crate::story::table::{Value, Walker};
use crate::story::text::Text;

/// Reads one file's tables into `raw`.
pub fn file<'t>(table: &'t DeTable<'_>, file: FileId, raw: &mut Raw<'t>, found: &mut Findings) {
    let mut walker = Walker { file, found };
    // A file with a top-level `scene = "id"` is that scene, and `hinge = "id"` that hinge.
    let is = |key: &str| table.get(key).is_some_and(|value| value.get_ref().is_str());
    if is("scene") {
        raw.scenes.extend(walker.scene(table, 0..0, true));
        return;
    }
    if is("hinge") {
        raw.hinges.extend(walker.hinge(table, 0..0, true));
        return;
    }
    for (key, value) in table {
        match key.get_ref().as_ref() {
            "story" => walker.manifest(value, raw),
            "world" => raw.world.extend(walker.variables("world", value)),
            "role" => walker.each("role", value, |walker, table, span| raw.roles.push(walker.role(table, span))),
            "scene" => {
                walker.each("scene", value, |walker, table, span| raw.scenes.extend(walker.scene(table, span, false)))
            }
            "hinge" => {
                walker.each("hinge", value, |walker, table, span| raw.hinges.extend(walker.hinge(table, span, false)))
            }
            "event" => walker.each("event", value, |walker, table, span| raw.events.push(walker.event(table, span))),
            "outcome" => {
                walker.each("outcome", value, |walker, table, span| raw.outcomes.push(walker.outcome(table, span)))
            }
            "law" => walker.each("law", value, |walker, table, span| raw.laws.push(walker.law(table, span))),
            "person" => walker.codex(EntryKind::Person, value, raw),
            "place" => walker.codex(EntryKind::Place, value, raw),
            "term" => walker.codex(EntryKind::Term, value, raw),
            name if keys::SCENE.keys.contains(&name) => {
                let message = say!("`{name}` stands outside of any scene", name = name);
                let found = walker.fault(Code::MisplacedKey, key.span(), message, say!("at the top of the file"));
                found.help.push(
                    say!("a file that is one scene begins with `scene = \"its_id\"`; else write `[[scene]]` above")
                        .to_owned(),
                );
            }
            _ => walker.unknown_key(&keys::FILE, None, key),
        }
    }
}

type Range = std::ops::Range<usize>;

impl Walker<'_> {
    pub(super) fn each<'t, 'a>(
        &mut self,
        key: &str,
        value: &'t Value<'a>,
        mut read: impl FnMut(&mut Self, &'t DeTable<'a>, Range),
    ) {
        for (table, span) in self.tables(key, value) {
            read(self, table, span);
        }
    }

    /// Where a table begins: its header, or where it has none its first key.
    pub(super) fn head(&self, table: &DeTable<'_>, span: Range) -> crate::diagnostic::Span {
        if span.is_empty() {
            let first = table.iter().map(|(key, _)| key.span()).min_by_key(|span| span.start);
            return self.span(first.unwrap_or(0..0));
        }
        self.span(span)
    }

    fn manifest<'t>(&mut self, value: &'t Value<'_>, raw: &mut Raw<'t>) {
        let Some(table) = self.table("story", value) else { return };
        let mut manifest = RawManifest { span: self.span(value.span()), ..RawManifest::default() };
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "format" => manifest.format = self.integer("format", value),
                "id" => manifest.id = self.text("id", value),
                "title" => manifest.title = self.text("title", value),
                "version" => manifest.version = self.text("version", value),
                "authors" => manifest.authors = self.texts("authors", value),
                "license" => manifest.license = self.text("license", value),
                "language" => manifest.language = self.text("language", value),
                "calendar" => manifest.calendar = self.text("calendar", value),
                "begins" => manifest.begins = self.date("begins", value),
                "ends" => manifest.ends = self.date("ends", value),
                "start" => manifest.start = self.text("start", value),
                "text" => manifest.text = self.text("text", value),
                "notice" => manifest.notice = self.text("notice", value),
                _ => self.unknown_key(&keys::STORY, None, key),
            }
        }
        match &raw.manifest {
            None => raw.manifest = Some(manifest),
            Some(first) => {
                let (first, second) = (first.span, manifest.span);
                let found = Diagnostic::new(Code::DuplicateId, say!("a story has one `[story]`"));
                self.found.push(found.label(second, say!("a second one")).label(first, say!("the first one")));
            }
        }
    }

    /// `[world]`, `[role.traits]`: variables in the order in which they stand.
    fn variables<'t>(&mut self, key: &str, value: &'t Value<'_>) -> Vec<RawVariable<'t>> {
        let Some(table) = self.table(key, value) else { return Vec::new() };
        table.iter().map(|(key, value)| self.variable(key, value)).collect()
    }

    fn variable<'t>(&mut self, key: &'t Spanned<std::borrow::Cow<'_, str>>, value: &'t Value<'_>) -> RawVariable<'t> {
        let id = Text::new(key.get_ref(), self.file, key.span());
        let mut variable = RawVariable { id, span: id.span, ..RawVariable::default() };
        let DeValue::Table(table) = value.get_ref() else {
            variable.start = Some(self.start(value));
            return variable;
        };
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "start" => variable.start = Some(self.start(value)),
                "is" => variable.is = self.text("is", value),
                "min" => variable.min = self.integer("min", value),
                "max" => variable.max = self.integer("max", value),
                "values" => variable.values = Some(self.texts("values", value)),
                "name" => variable.name = self.text("name", value),
                "text" => variable.text = self.text("text", value),
                "scale" => variable.scale = self.texts("scale", value),
                "record" => self.each("record", value, |walker, table, _| {
                    let (mut date, mut number) = (None, None);
                    for (key, value) in table {
                        match key.get_ref().as_ref() {
                            "date" => date = walker.date("date", value),
                            "value" => number = walker.integer("value", value),
                            _ => walker.unknown_key(&keys::RECORD, None, key),
                        }
                    }
                    variable.record.push((date, number));
                }),
                _ => self.unknown_key(&keys::VARIABLE, None, key),
            }
        }
        variable
    }

    fn start<'t>(&mut self, value: &'t Value<'_>) -> At<Option<RawValue<'t>>> {
        let span = self.span(value.span());
        let read = match value.get_ref() {
            DeValue::Boolean(flag) => Some(RawValue::Flag(*flag)),
            DeValue::String(_) => self.text("start", value).map(RawValue::Symbol),
            DeValue::Integer(_) => self.integer("start", value).map(|at| RawValue::Integer(at.value)),
            _ => {
                let message = say!("a variable is an integer, true or false, or one of its `values`");
                self.fault(Code::WrongType, value.span(), message, say!("none of these"));
                None
            }
        };
        At { value: read, span }
    }

    fn role<'t>(&mut self, table: &'t DeTable<'_>, span: Range) -> RawRole<'t> {
        let mut role = RawRole { span: self.head(table, span), ..RawRole::default() };
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "id" => role.id = self.text("id", value),
                "name" => role.name = self.text("name", value),
                "text" => role.text = self.text("text", value),
                "start" => role.start = self.text("start", value),
                "traits" => role.traits = self.variables("traits", value),
                _ => self.unknown_key(&keys::ROLE, None, key),
            }
        }
        role
    }

    /// A scene; `whole` where the file is it and its id is under `scene`.
    fn scene<'t>(&mut self, table: &'t DeTable<'_>, span: Range, whole: bool) -> Option<RawScene<'t>> {
        let mut scene = RawScene { span: self.head(table, span), ..RawScene::default() };
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "scene" if whole => scene.id = self.text("scene", value),
                "id" if !whole => scene.id = self.text("id", value),
                "title" => scene.title = self.text("title", value),
                "text" => scene.text = self.text("text", value),
                "role" => scene.role = self.text("role", value),
                "date" => scene.date = self.date("date", value),
                "after" => scene.after = self.text("after", value),
                "place" => scene.place = self.text("place", value),
                "do" => scene.effects = self.text("do", value),
                "goto" => scene.goto = self.goto(value),
                "draw" => scene.draw = self.draw(value),
                "pool" => scene.pool = self.text("pool", value),
                "if" => scene.guard = self.text("if", value),
                "priority" => scene.priority = self.integer("priority", value),
                "once" => scene.once = self.flag("once", value),
                "teaser" => scene.teaser = self.text("teaser", value),
                "ending" => scene.ending = self.text("ending", value),
                "choice" => scene.choices = self.choices(value, Some(&keys::SCENE)),
                name => self.scholarship(name, value, &mut scene.scholarship).unwrap_or_else(|| {
                    self.not_beside(&keys::SCENE, whole, key);
                }),
            }
        }
        Some(scene)
    }

    /// A key that a scene or hinge doesn't know; a file that is one holds nothing else.
    pub(super) fn not_beside(&mut self, table: &Table, whole: bool, key: &Spanned<std::borrow::Cow<'_, str>>) {
        let name = key.get_ref().as_ref();
        if whole && keys::FILE.keys.contains(&name) {
            let message = say!("a file that is one {table} holds nothing else", table = table.said());
            let found = self.fault(Code::MisplacedKey, key.span(), message, say!("belongs to another file"));
            found.help.push(say!("move `{name}` to a file of its own", name = name));
            return;
        }
        self.unknown_key(table, None, key);
    }

    /// `sources`, `basis` and `note`; `None` where the key is none of them.
    pub(super) fn scholarship<'t>(
        &mut self,
        key: &str,
        value: &'t Value<'_>,
        into: &mut RawScholarship<'t>,
    ) -> Option<()> {
        match key {
            "sources" => into.sources = self.texts("sources", value),
            "basis" => into.basis = self.basis(value),
            "note" => into.note = self.text("note", value),
            _ => return None,
        }
        Some(())
    }

    fn draw<'t>(&mut self, value: &'t Value<'_>) -> Option<RawDraw<'t>> {
        let mut draw = RawDraw { span: self.span(value.span()), ..RawDraw::default() };
        for (key, value) in self.table("draw", value)? {
            match key.get_ref().as_ref() {
                "pool" => draw.pool = self.text("pool", value),
                "show" => draw.show = self.integer("show", value),
                _ => self.unknown_key(&keys::DRAW, None, key),
            }
        }
        Some(draw)
    }

    pub(super) fn choices<'t>(&mut self, value: &'t Value<'_>, above: Option<&Table>) -> Vec<RawChoice<'t>> {
        let mut choices = Vec::new();
        self.each("choice", value, |walker, table, span| choices.push(walker.choice(table, span, above)));
        choices
    }

    fn choice<'t>(&mut self, table: &'t DeTable<'_>, span: Range, above: Option<&Table>) -> RawChoice<'t> {
        let mut choice = RawChoice { span: self.head(table, span), ..RawChoice::default() };
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "id" => choice.id = self.text("id", value),
                "text" => choice.text = self.text("text", value),
                "if" => choice.guard = self.text("if", value),
                "locked" => choice.locked = self.text("locked", value),
                "once" => choice.once = self.flag("once", value),
                "do" => choice.effects = self.text("do", value),
                "say" => choice.say = self.text("say", value),
                "goto" => choice.goto = self.goto(value),
                "basis" => choice.basis = self.basis(value),
                "historical" => choice.historical = self.flag("historical", value),
                // TOML bounds how deep tables nest, and so how deep this calls itself.
                "choice" => choice.nested = self.choices(value, None),
                _ => self.unknown_key(&keys::CHOICE, above, key),
            }
        }
        choice
    }

    pub(super) fn goto<'t>(&mut self, value: &'t Value<'_>) -> Option<RawGoto<'t>> {
        let span = self.span(value.span());
        let entries = match value.get_ref() {
            DeValue::String(_) => {
                let to = self.text("goto", value);
                vec![RawEntry { span, to, ..RawEntry::default() }]
            }
            DeValue::Array(items) => items.iter().filter_map(|item| self.entry(item)).collect(),
            DeValue::Table(_) => self.entry(value).into_iter().collect(),
            _ => {
                let message = say!("`goto` is a scene's id, or a list of `{ to = …, if = … }`");
                self.fault(Code::WrongType, value.span(), message, say!("neither"));
                return None;
            }
        };
        Some(RawGoto { span, entries })
    }

    fn entry<'t>(&mut self, value: &'t Value<'_>) -> Option<RawEntry<'t>> {
        let mut entry = RawEntry { span: self.span(value.span()), ..RawEntry::default() };
        if value.get_ref().is_str() {
            entry.to = self.text("goto", value);
            return Some(entry);
        }
        for (key, value) in self.table("goto", value)? {
            match key.get_ref().as_ref() {
                "to" => entry.to = self.text("to", value),
                "if" => entry.guard = self.text("if", value),
                "weight" => entry.weight = self.integer("weight", value),
                "do" => entry.effects = self.text("do", value),
                "say" => entry.say = self.text("say", value),
                _ => self.unknown_key(&keys::GOTO, None, key),
            }
        }
        Some(entry)
    }
}
