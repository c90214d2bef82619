//! The manifest, the roles, the codex.

use super::{Key, Linker, near_help};
use crate::calendar::{Calendar, Day};
use crate::catalogue::Phrase;
use crate::diagnostic::{Code as Fault, Span};
use crate::lang::Scope;
use crate::say;
use crate::story::model::{Entry, EntryId, EntryKind, HingeId, Manifest, Role, RoleId, SceneId, Target};
use crate::story::raw::RawManifest;
use crate::story::text::Text;

/// A story lasts at most so many days: the calendar moves day by day.
const LONGEST: i32 = 200_000;

impl<'t> Linker<'t> {
    pub(super) fn manifest(&mut self) {
        let raw = self.raw;
        let Some(manifest) = &raw.manifest else {
            if !self.sources.files.is_empty() && self.found.is_empty() {
                let found =
                    self.report(Fault::NoStory, Span::default(), say!("no file holds a `[story]`"), Phrase::default());
                found.help.push(say!("a story begins with `[story]`, its `id` and `title`"));
            }
            return;
        };
        match manifest.format {
            Some(format) if format.value != 1 => {
                let message = say!("format {format} is not known here", format = format.value);
                self.report(Fault::UnsupportedFormat, format.span, message, say!("this program reads format 1"));
            }
            Some(_) => {}
            None => {
                let found = self.report(
                    Fault::MissingKey,
                    manifest.span,
                    say!("[story] needs `format`"),
                    say!("`format` is missing"),
                );
                found.help.push(say!("write `format = 1`"));
            }
        }
        self.id(manifest.id, "[story]", manifest.span);
        self.required(manifest.title, "title", "[story]", manifest.span);
        self.calendar = match manifest.calendar {
            Some(calendar) if calendar.value == "julian" => Calendar::Julian,
            Some(calendar) if calendar.value != "gregorian" => {
                let message = say!("`calendar` is \"julian\" or \"gregorian\"");
                self.report(Fault::BadValue, calendar.span, message, say!("neither"));
                Calendar::Gregorian
            }
            _ => Calendar::Gregorian,
        };
        (self.begins, self.ends) = self.days(manifest);
        self.logic.text(manifest.id.map_or("", |id| id.value));
        self.logic.number(self.begins.0.into());
        self.logic.number(self.ends.0.into());
    }

    /// First and last day; a story without dates has one day.
    fn days(&mut self, manifest: &RawManifest<'t>) -> (Day, Day) {
        let begins = manifest.begins.and_then(|date| self.day(date));
        let ends = manifest.ends.and_then(|date| self.day(date));
        match (begins, ends) {
            (Some(begins), Some(ends)) => {
                let span = manifest.ends.map_or(manifest.span, |date| date.span);
                if ends < begins {
                    self.report(Fault::BadDate, span, say!("`ends` comes before `begins`"), Phrase::default());
                    return (begins, begins);
                }
                if ends.since(begins) > LONGEST {
                    self.report(Fault::BadDate, span, say!("a story lasts at most 200,000 days"), say!("too far away"));
                    return (begins, begins);
                }
                (begins, ends)
            }
            (None, None) if manifest.begins.is_none() && manifest.ends.is_none() => {
                let dated = self.raw.scenes.iter().any(|scene| scene.date.is_some() || scene.after.is_some())
                    || !self.raw.hinges.is_empty()
                    || self.raw.events.iter().any(|event| event.date.is_some());
                if dated {
                    self.report(
                        Fault::MissingKey,
                        manifest.span,
                        say!("a story with dates needs `begins` and `ends`"),
                        say!("both missing"),
                    );
                }
                let day = self.calendar.day(2000, 1, 1).unwrap_or_default();
                (day, day)
            }
            (begins, ends) => {
                if manifest.begins.is_none() || manifest.ends.is_none() {
                    self.report(
                        Fault::MissingKey,
                        manifest.span,
                        say!("`begins` and `ends` go together"),
                        say!("one is missing"),
                    );
                }
                let day = begins.or(ends).unwrap_or_default();
                (day, day)
            }
        }
    }

    pub(super) fn roles(&mut self) {
        let raw = self.raw;
        let texts = |texts: &[Text<'t>]| texts.iter().map(|text| text.value.to_owned()).collect();
        let manifest = raw.manifest.as_ref();
        if let Some(manifest) = manifest {
            let text = |text: Option<Text<'t>>| text.map_or(String::new(), |text| text.value.to_owned());
            let language = self.translation.map(|translation| translation.language.clone());
            self.manifest = Manifest {
                id: text(manifest.id),
                title: self.string(manifest.title, Key(&["story", "title"])),
                version: text(manifest.version),
                authors: texts(&manifest.authors),
                license: text(manifest.license),
                language: language.unwrap_or_else(|| manifest.language.map_or("en", |text| text.value).to_owned()),
                calendar: self.calendar,
                begins: self.begins,
                ends: self.ends,
                text: self.prose(manifest.text, Key(&["story", "text"]), Scope::default()),
                notice: self.string(manifest.notice, Key(&["story", "notice"])),
            };
        }
        let start = manifest.and_then(|manifest| manifest.start);
        if raw.roles.is_empty() {
            let span = manifest.map_or(Span::default(), |manifest| manifest.span);
            let start = match start {
                Some(start) => self.target(start, RoleId(0)),
                None => {
                    if manifest.is_some() {
                        self.report(
                            Fault::NoStart,
                            span,
                            say!("a story without roles needs `start`"),
                            say!("`start` is missing"),
                        );
                    }
                    None
                }
            };
            self.roles.push(Role { id: String::new(), name: String::new(), text: None, start });
            return;
        }
        self.bounded(raw.roles.len(), 60, || say!("roles"), raw.roles[0].span);
        if let Some(start) = start {
            let message = say!("`start` of `[story]` is for stories without roles");
            self.report(Fault::NoStart, start.span, message, say!("each role has its own `start` here"));
        }
        for (index, role) in raw.roles.iter().enumerate() {
            let id = role.id.map_or("", |id| id.value);
            self.required(role.name, "name", "[[role]]", role.span);
            let name = self.string(role.name, Key(&["role", id, "name"]));
            let scope = Scope { role: Some(RoleId(index as u32)), ..Scope::default() };
            let text = self.prose(role.text, Key(&["role", id, "text"]), scope);
            let start = role.start.and_then(|start| self.target(start, RoleId(index as u32)));
            self.logic.text(id);
            self.roles.push(Role { id: id.to_owned(), name, text, start });
        }
        if raw.roles.iter().all(|role| role.start.is_none()) {
            self.report(Fault::NoStart, raw.roles[0].span, say!("no role has a `start`"), say!("nobody can be played"));
        }
    }

    /// Where a `goto` or `start` leads, for a role.
    pub(super) fn target(&mut self, to: Text<'t>, role: RoleId) -> Option<Target> {
        self.logic.text(to.value);
        if to.value == "@return" {
            return Some(Target::Return);
        }
        if let Some(hinge) = self.declared.hinges.get(to.value) {
            let has_side = self
                .declared
                .hinge_sides
                .get(hinge as usize)
                .is_some_and(|sides| sides.iter().any(|(of, _)| *of == role));
            if !has_side {
                let message = say!("the hinge `{id}` has no side for this role", id = to.value);
                self.report(Fault::BadHinge, to.span, message, say!("it would have nothing to choose"));
            }
            return Some(Target::Hinge(HingeId(hinge)));
        }
        if self.declared.scenes.get(to.value).is_none()
            && let Some(help) =
                near_help(to.value, self.raw.hinges.iter().filter_map(|hinge| hinge.id).map(|id| id.value))
        {
            let message = say!("no scene or hinge has the id `{id}`", id = to.value);
            self.report(Fault::UnknownScene, to.span, message, say!("not declared in this story")).help.push(help);
            return None;
        }
        let scene = self.scene_named(to)?;
        let of = self.raw.scenes[scene.index()].role.and_then(|role| self.declared.roles.get(role.value));
        if of.is_some_and(|of| of != role.0) {
            let message = say!("`{id}` is a scene of another role", id = to.value);
            self.report(Fault::BadRole, to.span, message, say!("roles meet at hinges only"));
        }
        Some(Target::Scene(SceneId(scene.0)))
    }

    pub(super) fn codex(&mut self) {
        let raw = self.raw;
        for entry in &raw.codex {
            let id = entry.id.map_or("", |id| id.value);
            let kind = entry.kind.name();
            self.required(entry.name, "name", &format!("[[{kind}]]"), entry.span);
            let name = self.string(entry.name, Key(&[kind, id, "name"]));
            let text = self.prose(entry.text, Key(&[kind, id, "text"]), Scope::default());
            let mut see = Vec::new();
            for link in &entry.see {
                see.extend(self.see(*link));
            }
            let sources = entry.sources.iter().map(|source| source.value.to_owned()).collect();
            self.codex.push(Entry { kind: entry.kind, id: id.to_owned(), name, text, see, sources, at: entry.at });
        }
    }

    fn see(&mut self, link: Text<'t>) -> Option<EntryId> {
        let kinds = [EntryKind::Person, EntryKind::Place, EntryKind::Term];
        let parts = link.value.split_once(':');
        let kind = parts.and_then(|(kind, _)| kinds.into_iter().find(|known| known.name() == kind));
        let (Some(kind), Some((_, id))) = (kind, parts) else {
            let found = self.report(
                Fault::UnknownEntry,
                link.span,
                say!("`{link}` names no entry", link = link.value),
                Phrase::default(),
            );
            found.help.push(say!("write `person:ID`, `place:ID` or `term:ID`"));
            return None;
        };
        let names = &self.declared.codex[kind as usize];
        if let Some(entry) = names.get(id) {
            return Some(EntryId(entry));
        }
        let near = names.nearest(id).map(|near| say!("did you mean `{kind}:{near}`?", kind = kind.name(), near = near));
        let message = say!("the codex has no {kind} `{id}`", kind = kind.name(), id = id);
        self.report(Fault::UnknownEntry, link.span, message, say!("not declared")).help.extend(near);
        None
    }

    /// A place of the codex.
    pub(super) fn place(&mut self, place: Option<Text<'t>>) -> Option<EntryId> {
        let place = place?;
        let names = &self.declared.codex[EntryKind::Place as usize];
        if let Some(entry) = names.get(place.value) {
            return Some(EntryId(entry));
        }
        let near = names.nearest(place.value).map(|near| say!("did you mean `{near}`?", near = near));
        let help = near.unwrap_or_else(|| say!("places are declared as `[[place]]`"));
        let message = say!("the codex has no place `{place}`", place = place.value);
        self.report(Fault::UnknownEntry, place.span, message, say!("not declared")).help.push(help);
        None
    }
}
