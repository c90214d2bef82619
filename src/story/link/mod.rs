//! The second step of loading: ids to indices, strings to code. A [`Story`] comes out only when
//! nothing is wrong.

mod declare; // variables and ids, before anything refers to them
mod derived; // variables that are computed from others
mod hinges; // hinges and their sides
mod layout; // where each thing lies in a state
mod logic; // a hash of what can change a play
mod record; // events, outcomes, laws
mod scenes; // scenes, choices, gotos
mod strings; // guards, effects, prose, and their translations
mod world; // manifest, roles, codex

use std::collections::BTreeMap;

pub use self::strings::{Key, Message};

use self::logic::Logic;
use crate::calendar::{Calendar, Day};
use crate::catalogue::Phrase;
use crate::diagnostic::{Code as Fault, Diagnostic, FileId, Findings, Span};
use crate::lang::{Change, Code, Declared, nearest};
use crate::say;
use crate::story::keys::said;
use crate::story::layout::{Allocator, Layout};
use crate::story::model::{
    Choice, Entry, Event, Goto, GotoEntry, Hinge, HingeId, HingeOutcome, Holder, Law, Manifest, Outcome, Pool, Role,
    RoleId, Scene, SceneId, Side, Span32, Story, Target, Variable,
};
use crate::story::raw::{At, Maybe, Raw, RawChoice, RawDate, RawGoto};
use crate::story::source::Sources;
use crate::story::text::Text;
use crate::story::translation::Translation;

/// Links one story.
pub struct Linker<'t> {
    sources: &'t Sources,
    pub(super) raw: &'t Raw<'t>,
    pub(super) found: Findings,
    pub(super) declared: Declared<'t>,
    code: Code,
    allocator: Allocator,
    logic: Logic,
    translation: Option<&'t Translation<'t>>,
    /// Gathered where somebody asked for them.
    messages: Option<Vec<Message<'t>>>,
    calendar: Calendar,
    begins: Day,
    ends: Day,
    manifest: Manifest,
    variables: Vec<Variable>,
    roles: Vec<Role>,
    pub(super) scenes: Vec<Scene>,
    pub(super) choices: Vec<Choice>,
    pub(super) gotos: Vec<GotoEntry>,
    pub(super) pools: Vec<Pool>,
    pool_ids: BTreeMap<&'t str, usize>,
    hinges: Vec<Hinge>,
    pub(super) sides: Vec<Side>,
    hinge_outcomes: Vec<HingeOutcome>,
    pub(super) events: Vec<Event>,
    outcomes: Vec<Outcome>,
    laws: Vec<Law>,
    codex: Vec<Entry>,
    layout: Layout,
    /// Choices in the order of their ids: those of a scene, then those below them.
    flat: Vec<(&'t RawChoice<'t>, Holder)>,
}

/// What linking made: a story where nothing is wrong, and what it found.
pub struct Linked<'t> {
    /// The story.
    pub story: Option<Story>,
    /// What is wrong, or worth knowing.
    pub found: Findings,
    /// What can be translated, where it was asked for.
    pub messages: Vec<Message<'t>>,
}

/// Links a story that was read. `found` holds what reading found.
pub fn link<'t>(
    sources: &'t Sources,
    raw: &'t Raw<'t>,
    found: Findings,
    translation: Option<&'t Translation<'t>>,
    gather: bool,
) -> Linked<'t> {
    let mut linker = Linker {
        sources,
        raw,
        found,
        declared: Declared::default(),
        code: Code::default(),
        allocator: Allocator::default(),
        logic: Logic::default(),
        translation,
        messages: gather.then(Vec::new),
        calendar: Calendar::default(),
        begins: Day(0),
        ends: Day(0),
        manifest: Manifest::default(),
        variables: Vec::new(),
        roles: Vec::new(),
        scenes: Vec::with_capacity(raw.scenes.len()),
        choices: Vec::new(),
        gotos: Vec::new(),
        pools: Vec::new(),
        pool_ids: BTreeMap::new(),
        hinges: Vec::new(),
        sides: Vec::new(),
        hinge_outcomes: Vec::new(),
        events: Vec::new(),
        outcomes: Vec::new(),
        laws: Vec::new(),
        codex: Vec::new(),
        layout: Layout::default(),
        flat: Vec::new(),
    };
    // No prose is longer than the file that it stands in.
    linker.code.text.reserve(sources.files.iter().map(|file| file.text.len()).sum());
    linker.manifest();
    linker.declare();
    linker.roles();
    linker.codex();
    linker.scenes();
    linker.hinges();
    linker.record();
    linker.lay_out();
    super::checks::check(&mut linker);
    linker.finish()
}

impl<'t> Linker<'t> {
    fn finish(mut self) -> Linked<'t> {
        let messages = self.messages.take().unwrap_or_default();
        if self.found.has_errors() {
            return Linked { story: None, found: self.found, messages };
        }
        let mut clock: Vec<u32> =
            (0..self.events.len() as u32).filter(|&index| self.events[index as usize].by_clock).collect();
        clock.sort_by_key(|&index| self.events[index as usize].date);
        let mut story = Story {
            manifest: self.manifest,
            variables: self.variables,
            roles: self.roles,
            scenes: self.scenes,
            choices: self.choices,
            gotos: self.gotos,
            pools: self.pools,
            hinges: self.hinges,
            sides: self.sides,
            hinge_outcomes: self.hinge_outcomes,
            events: self.events,
            clock: clock.into_iter().map(crate::story::model::EventId).collect(),
            outcomes: self.outcomes,
            laws: self.laws,
            codex: self.codex,
            code: self.code,
            layout: self.layout,
            logic: self.logic.digits(),
        };
        story.shrink();
        Linked { story: Some(story), found: self.found, messages }
    }

    /// The text of a file.
    fn file(&self, file: FileId) -> &'t str {
        &self.sources.file(file).text
    }

    pub(super) fn report(&mut self, code: Fault, span: Span, message: Phrase, label: Phrase) -> &mut Diagnostic {
        self.found.push(Diagnostic::new(code, message).label(span, label))
    }

    /// A key that has to be there.
    fn required(&mut self, value: Maybe<'t>, key: &str, of: &str, span: Span) -> Option<Text<'t>> {
        if value.is_none() {
            self.report(
                Fault::MissingKey,
                span,
                say!("{of} needs `{key}`", of = said(of), key = key),
                say!("`{key}` is missing", key = key),
            );
        }
        value
    }

    /// An id, spelt as ids are.
    fn id(&mut self, value: Maybe<'t>, of: &str, span: Span) -> Option<Text<'t>> {
        let id = self.required(value, "id", of, span)?;
        if !is_id(id.value) {
            let found = self.report(
                Fault::BadId,
                id.span,
                say!("`{id}` is no id", id = id.value),
                say!("not spelt as ids are"),
            );
            found.help.push(say!("ids are small letters, digits and `_`, and begin with a letter: `nobel_gates`"));
        }
        // What names it is not wrong, too.
        Some(id)
    }

    fn duplicate(&mut self, of: Phrase, id: &str, second: Span, first: Span) {
        let found = Diagnostic::new(Fault::DuplicateId, say!("{of} `{id}` is declared twice", of = of, id = id));
        self.found.push(found.label(second, say!("again here")).label(first, say!("first here")));
    }

    /// A day of the story's calendar.
    fn day(&mut self, date: At<RawDate>) -> Option<Day> {
        let RawDate { year, month, day } = date.value;
        let found = self.calendar.day(year, month, day);
        if found.is_none() {
            let message = say!(
                "there was no {year}-{month}-{day} in the story's calendar",
                year = format!("{year:04}"),
                month = format!("{month:02}"),
                day = format!("{day:02}")
            );
            self.report(Fault::BadDate, date.span, message, say!("not a day"));
        }
        found
    }

    /// A day between the story's first and last.
    fn day_within(&mut self, date: At<RawDate>) -> Option<Day> {
        let day = self.day(date)?;
        let manifest = self.raw.manifest.as_ref();
        let dated = manifest.is_some_and(|manifest| manifest.begins.is_some() && manifest.ends.is_some());
        if dated && (day < self.begins || day > self.ends) {
            let (begins, ends) = (self.calendar.iso(self.begins), self.calendar.iso(self.ends));
            let message = say!("the story runs from {begins} to {ends}", begins = begins, ends = ends);
            self.report(Fault::BadDate, date.span, message, say!("outside of the story"));
            return None;
        }
        Some(day)
    }

    fn role_named(&mut self, id: Text<'t>) -> Option<RoleId> {
        if let Some(role) = self.declared.roles.get(id.value) {
            return Some(RoleId(role));
        }
        let near = self.declared.roles.nearest(id.value);
        let found = self.report(
            Fault::UnknownRole,
            id.span,
            say!("no role has the id `{id}`", id = id.value),
            say!("not declared"),
        );
        found.help.extend(near.map(|near| say!("did you mean `{near}`?", near = near)));
        None
    }

    fn scene_named(&mut self, id: Text<'t>) -> Option<SceneId> {
        if let Some(scene) = self.declared.scenes.get(id.value) {
            return Some(SceneId(scene));
        }
        let near = self.declared.scenes.nearest(id.value);
        let message = say!("no scene has the id `{id}`", id = id.value);
        let found = self.report(Fault::UnknownScene, id.span, message, say!("not declared in this story"));
        found.help.extend(near.map(|near| say!("did you mean `{near}`?", near = near)));
        None
    }

    /// Reports where there is more of something than a story can have.
    fn bounded(&mut self, count: usize, most: usize, what: fn() -> Phrase, span: Span) {
        if count > most {
            self.report(
                Fault::TooLarge,
                span,
                say!("there are more than {most} {what}", most = most, what = what()),
                say!("{count} here", count = count),
            );
        }
    }

    pub(super) fn role_starts(&self) -> impl Iterator<Item = Target> + '_ {
        self.roles.iter().filter_map(|role| role.start)
    }

    pub(super) fn outcome_gotos(&self, hinge: HingeId) -> impl Iterator<Item = Goto> + '_ {
        let outcomes = self.hinges[hinge.index()].outcomes.range();
        outcomes.flat_map(|index| self.hinge_outcomes[index].gotos.iter().map(|(_, goto)| *goto))
    }

    pub(super) fn raw_choice(&self, index: usize) -> &'t RawChoice<'t> {
        self.flat[index].0
    }

    pub(super) fn raw_goto(&self, choice: usize) -> Option<&'t RawGoto<'t>> {
        self.flat[choice].0.goto.as_ref()
    }

    pub(super) fn effect(&self, index: usize) -> Change {
        self.code.effects[index].change
    }
}

/// Whether something is spelt as ids are.
pub(super) fn is_id(text: &str) -> bool {
    let rest = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    text.len() <= 100 && text.starts_with(|c: char| c.is_ascii_lowercase()) && text.bytes().all(rest)
}

/// A help line with the nearest of some names.
fn near_help<'n>(id: &str, names: impl Iterator<Item = &'n str>) -> Option<Phrase> {
    nearest(id, names).map(|near| say!("did you mean `{near}`?", near = near))
}

/// The range from `start` to what has been pushed.
fn since(start: usize, end: usize) -> Span32 {
    Span32 { start: start as u32, end: end as u32 }
}
