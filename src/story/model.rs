//! A story as it is played: every id resolved, every guard and effect compiled.
//!
//! Only linking makes these, so an id that a [`Story`] holds always points at something in it and
//! looking one up can't fail. Lists of the same kind lie in one vector each; what belongs to a
//! scene is a range of it.

use std::ops::Range;

use crate::calendar::{Calendar, Day};
use crate::lang::{Code, EffectsId, ExprId, ProseId};
use crate::story::layout::{Field, Layout};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident,)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        impl $name {
            /// Its place in the story's list of these.
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

ids! {
    /// Names a variable: first the city's, then each role's traits.
    VariableId,
    /// Names a role.
    RoleId,
    /// Names a scene.
    SceneId,
    /// Names a hinge.
    HingeId,
    /// Names one role's part in a hinge.
    SideId,
    /// Names a choice of a scene or of a hinge's side.
    ChoiceId,
    /// Names an event of the record.
    EventId,
    /// Names a possible result for the city.
    OutcomeId,
    /// Names a law.
    LawId,
    /// Names a pool of storylets.
    PoolId,
    /// Names an entry of the codex.
    EntryId,
}

/// A run of consecutive ids in one of the story's lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Span32 {
    /// First index.
    pub start: u32,
    /// The index after the last.
    pub end: u32,
}

impl Span32 {
    /// The indices, in order.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// How many there are.
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }
}

/// The whole work, loaded, linked and sound.
#[derive(Clone, Debug)]
pub struct Story {
    /// Title, version, span.
    pub manifest: Manifest,
    /// The city's variables, then the roles' traits.
    pub variables: Vec<Variable>,
    /// Who can be played; a story without roles has one nameless role.
    pub roles: Vec<Role>,
    /// All scenes, storylets among them.
    pub scenes: Vec<Scene>,
    /// All choices; scenes, sides and other choices hold ranges of them.
    pub choices: Vec<Choice>,
    /// Every entry of every `goto`.
    pub gotos: Vec<GotoEntry>,
    /// Storylets by pool.
    pub pools: Vec<Pool>,
    /// Where all choose at once.
    pub hinges: Vec<Hinge>,
    /// All sides of all hinges.
    pub sides: Vec<Side>,
    /// All outcomes of all hinges.
    pub hinge_outcomes: Vec<HingeOutcome>,
    /// The record, in the order of declaration.
    pub events: Vec<Event>,
    /// The events by the clock, by date, then in the order of declaration.
    pub clock: Vec<EventId>,
    /// The possible results for the city, in the order in which they are tried.
    pub outcomes: Vec<Outcome>,
    /// What must hold in every play.
    pub laws: Vec<Law>,
    /// People, places and terms.
    pub codex: Vec<Entry>,
    /// Expressions, effects and prose.
    pub code: Code,
    /// Where each thing lies in a state.
    pub layout: Layout,
    /// A hash of everything that can change a play, and of no prose: 16 hexadecimal digits.
    pub logic: String,
}

/// `[story]`.
#[derive(Clone, Debug, Default)]
pub struct Manifest {
    /// The story's id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its version, as its authors count.
    pub version: String,
    /// Who wrote it.
    pub authors: Vec<String>,
    /// Its licence, an SPDX expression.
    pub license: String,
    /// The language of the text that is shown, BCP 47.
    pub language: String,
    /// How the dates in its files are meant.
    pub calendar: Calendar,
    /// First day.
    pub begins: Day,
    /// Last day.
    pub ends: Day,
    /// Shown before the first scene.
    pub text: Option<ProseId>,
    /// What a teacher should know of beforehand.
    pub notice: String,
}

/// What kind of value a variable has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A whole number from the first to the second, both included.
    Integer(i64, i64),
    /// True or false.
    Flag,
    /// One of these names.
    Symbol(Vec<String>),
}

/// A typed, bounded value of the city or of a role.
#[derive(Clone, Debug)]
pub struct Variable {
    /// Its id; a trait's without the role.
    pub id: String,
    /// Whose trait it is, or the city's.
    pub owner: Option<RoleId>,
    /// Its type and bounds.
    pub kind: Kind,
    /// Its value at the beginning: a number, 0 or 1, or the index of a symbol.
    pub start: i64,
    /// Where it is kept; derived variables are computed instead.
    pub field: Option<Field>,
    /// What a derived variable is (`is = "…"`).
    pub derived: Option<ExprId>,
    /// The barometer's name, where players see it.
    pub name: Option<String>,
    /// What it stands for.
    pub text: String,
    /// Words for equal bands, lowest first.
    pub scale: Vec<String>,
    /// What it was in history.
    pub record: Vec<(Day, i64)>,
}

impl Variable {
    /// The word of the scale for `value`, where there is a scale.
    pub fn word(&self, value: i64) -> Option<&str> {
        let Kind::Integer(min, max) = self.kind else { return None };
        // What is derived may be as large as a number can be.
        let (value, min, max) = (i128::from(value), i128::from(min), i128::from(max));
        let bands = self.scale.len() as i128;
        if bands == 0 {
            return None;
        }
        let band = (value - min).max(0) * bands / (max - min + 1).max(1);
        self.scale.get(band.min(bands - 1) as usize).map(String::as_str)
    }
}

/// Somebody who can be played.
#[derive(Clone, Debug)]
pub struct Role {
    /// Its id; empty for the nameless role of a story without roles.
    pub id: String,
    /// What players call it.
    pub name: String,
    /// Who you are.
    pub text: Option<ProseId>,
    /// Where it begins; a role without can't be played, and history plays it at the hinges.
    pub start: Option<Target>,
}

/// Where a `goto` leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// Into a scene.
    Scene(SceneId),
    /// To a hinge.
    Hinge(HingeId),
    /// Back to the scene that drew this storylet.
    Return,
}

/// One entry of a `goto`.
#[derive(Clone, Copy, Debug)]
pub struct GotoEntry {
    /// Where to.
    pub to: Target,
    /// Only if.
    pub guard: Option<ExprId>,
    /// Its share among the entries that are open; 0 in a list without weights.
    pub weight: u32,
    /// Run after the choice's effects.
    pub effects: EffectsId,
    /// Read after the choice's `say`.
    pub say: Option<ProseId>,
}

/// A `goto`: entries tried in order, or drawn by weight.
#[derive(Clone, Copy, Debug, Default)]
pub struct Goto {
    /// Indices into [`Story::gotos`].
    pub entries: Span32,
    /// Whether chance decides among the entries that are open.
    pub weighted: bool,
    /// Where the one entry leads, if it is no more than a place: known without looking further.
    pub only: Option<Target>,
}

/// When a scene takes place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// On the day that it already is.
    Now,
    /// On this day.
    On(Day),
    /// So many days after the day before entry.
    After(u32),
}

/// What a scene, a choice or an event is held to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// It is in the record.
    Recorded,
    /// It could have been so then.
    Possible,
    /// It is made up; the record knows nothing of it.
    Invented,
}

impl Basis {
    /// As it stands in files.
    pub fn name(self) -> &'static str {
        match self {
            Basis::Recorded => "recorded",
            Basis::Possible => "possible",
            Basis::Invented => "invented",
        }
    }
}

/// One situation of one role.
#[derive(Clone, Debug)]
pub struct Scene {
    /// Its id.
    pub id: Box<str>,
    /// Its title.
    pub title: Box<str>,
    /// Its prose.
    pub text: Option<ProseId>,
    /// Whose it is.
    pub role: RoleId,
    /// When it takes place.
    pub when: When,
    /// Where, a place of the codex.
    pub place: Option<EntryId>,
    /// Effects on entry.
    pub effects: EffectsId,
    /// Where to without a choice.
    pub goto: Goto,
    /// Its choices, in [`Story::choices`].
    pub choices: Span32,
    /// Offers storylets: of which pool, and how many at most.
    pub draw: Option<(PoolId, u32)>,
    /// Makes it a storylet.
    pub storylet: Option<Box<Storylet>>,
    /// The title of a personal ending.
    pub ending: Option<Box<str>>,
    /// The scholarship, boxed since most generated scenes have none.
    pub scholarship: Option<Box<Scholarship>>,
}

/// What makes a scene a storylet.
#[derive(Clone, Debug)]
pub struct Storylet {
    /// Where it lies.
    pub pool: PoolId,
    /// Offered while this holds.
    pub guard: Option<ExprId>,
    /// Higher ones first.
    pub priority: i64,
    /// Offered until it was visited.
    pub once: bool,
    /// Its label where it is offered.
    pub teaser: Option<ProseId>,
}

/// Where a thing comes from.
#[derive(Clone, Debug, Default)]
pub struct Scholarship {
    /// Where to check.
    pub sources: Vec<String>,
    /// How it stands to the record.
    pub basis: Option<Basis>,
    /// What is documented here and what is not.
    pub note: String,
}

/// Storylets that are drawn together.
#[derive(Clone, Debug)]
pub struct Pool {
    /// Its id.
    pub id: String,
    /// Its storylets, highest priority first, then in the order of declaration.
    pub storylets: Vec<SceneId>,
}

/// Where a choice stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// Of a scene.
    Scene(SceneId),
    /// Of a role's side of a hinge.
    Side(SideId),
    /// Below another choice.
    Choice(ChoiceId),
}

/// What a player can take.
#[derive(Clone, Debug)]
pub struct Choice {
    /// Its id, unique within its scene or side.
    pub id: Box<str>,
    /// Its label.
    pub text: ProseId,
    /// Where it stands.
    pub holder: Holder,
    /// Only while this holds.
    pub guard: Option<ExprId>,
    /// Shown while it is closed.
    pub locked: Option<ProseId>,
    /// Whether it can be taken once only.
    pub once: bool,
    /// Effects.
    pub effects: EffectsId,
    /// Prose after choosing.
    pub say: Option<ProseId>,
    /// Where it leads; a nested choice without its own has its parent's.
    pub goto: Goto,
    /// Choices asked before `goto`.
    pub nested: Span32,
    /// How it stands to the record.
    pub basis: Option<Basis>,
    /// Whether it keeps to the record.
    pub historical: bool,
    /// Where a state remembers that it was taken, where something asks.
    pub taken: Option<Field>,
}

/// A situation in which all roles choose at once.
#[derive(Clone, Debug)]
pub struct Hinge {
    /// Its id.
    pub id: Box<str>,
    /// Its title.
    pub title: Box<str>,
    /// Its day.
    pub date: Day,
    /// Where.
    pub place: Option<EntryId>,
    /// What everybody reads.
    pub text: Option<ProseId>,
    /// Its sides, in [`Story::sides`].
    pub sides: Span32,
    /// Its outcomes, in [`Story::hinge_outcomes`].
    pub outcomes: Span32,
    /// The scholarship.
    pub scholarship: Option<Box<Scholarship>>,
}

/// One role's part in a hinge.
#[derive(Clone, Debug)]
pub struct Side {
    /// Of which hinge.
    pub hinge: HingeId,
    /// Whose.
    pub role: RoleId,
    /// The private briefing.
    pub text: Option<ProseId>,
    /// The options.
    pub choices: Span32,
    /// What the role did in history.
    pub historical: ChoiceId,
    /// Where the role goes afterwards.
    pub goto: Goto,
}

/// One result of a hinge.
#[derive(Clone, Debug)]
pub struct HingeOutcome {
    /// Holds if; the last has none.
    pub guard: Option<ExprId>,
    /// Its title.
    pub title: Box<str>,
    /// What everybody reads.
    pub text: Option<ProseId>,
    /// Effects.
    pub effects: EffectsId,
    /// Where roles go instead of where their side says.
    pub gotos: Vec<(RoleId, Goto)>,
}

/// One dated, sourced line of the record, or something that did not happen in reality.
#[derive(Clone, Debug)]
pub struct Event {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// What happened.
    pub summary: String,
    /// Its first day; none for a counterfactual event.
    pub date: Option<Day>,
    /// Its last day, where it lasted.
    pub until: Option<Day>,
    /// Days either side that still count as kept.
    pub window: u32,
    /// What it counts for in the comparison, 1 to 5.
    pub weight: u32,
    /// Events without which it can't happen.
    pub needs: Vec<EventId>,
    /// Events that need it.
    pub needed_by: Vec<EventId>,
    /// A further guard.
    pub guard: Option<ExprId>,
    /// Effects, once.
    pub effects: EffectsId,
    /// What a player reads when it happens around them.
    pub news: Option<ProseId>,
    /// Whether it happens by itself on its day.
    pub by_clock: bool,
    /// What its absence means.
    pub otherwise: Option<ProseId>,
    /// Who took part.
    pub people: Vec<String>,
    /// Where.
    pub place: String,
    /// Where to check.
    pub sources: Vec<String>,
    /// How sure.
    pub certainty: String,
    /// What is contested.
    pub dispute: String,
    /// Whether it did not happen in reality.
    pub counterfactual: bool,
    /// By whom and why it was possible.
    pub argued: String,
    /// Where a state keeps its status and day.
    pub field: Field,
}

/// A possible result for the city.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What became of the city.
    pub text: Option<ProseId>,
    /// Holds if; the last has none.
    pub guard: Option<ExprId>,
    /// Whether it is what happened.
    pub historical: bool,
    /// By whom and why it was possible.
    pub argued: String,
    /// Where to check.
    pub sources: Vec<String>,
}

/// What a law says of every play.
#[derive(Clone, Debug)]
pub enum Claim {
    /// Holds wherever somebody is asked to choose, and at the end.
    Always(ExprId),
    /// Never holds there.
    Never(ExprId),
    /// Some play reaches it.
    Possible(ExprId),
    /// Every play reaches it.
    Inevitable(ExprId),
    /// No play reaches `then` without having passed `first`.
    Before {
        /// What must come first.
        first: ExprId,
        /// What must not come without it.
        then: ExprId,
    },
    /// Its chance under random play lies between the two bounds, both included.
    Odds {
        /// What is counted at the end.
        of: ExprId,
        /// Least chance, 0 to 1.
        at_least: f64,
        /// Greatest chance, 0 to 1.
        at_most: f64,
    },
}

/// A property that must hold in every possible play.
#[derive(Clone, Debug)]
pub struct Law {
    /// Its id.
    pub id: String,
    /// Why it is one.
    pub why: String,
    /// What it says.
    pub claim: Claim,
    /// Plays of these roles only; of all where empty.
    pub roles: Vec<RoleId>,
}

/// What an entry of the codex is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntryKind {
    /// `[[person]]`.
    Person,
    /// `[[place]]`.
    Place,
    /// `[[term]]`.
    Term,
}

impl EntryKind {
    /// As it stands in links and files.
    pub fn name(self) -> &'static str {
        match self {
            EntryKind::Person => "person",
            EntryKind::Place => "place",
            EntryKind::Term => "term",
        }
    }
}

/// A person, a place or a term.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Which of the three.
    pub kind: EntryKind,
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What to know of it.
    pub text: Option<ProseId>,
    /// Where to read on.
    pub see: Vec<EntryId>,
    /// Where to check.
    pub sources: Vec<String>,
    /// A place's column and row on the map.
    pub at: Option<(i64, i64)>,
}

impl Story {
    /// Returns the role of this id.
    pub fn role_named(&self, id: &str) -> Option<RoleId> {
        self.roles.iter().position(|role| role.id == id).map(|index| RoleId(index as u32))
    }

    /// Returns the scene of this id.
    pub fn scene_named(&self, id: &str) -> Option<SceneId> {
        self.scenes.iter().position(|scene| &*scene.id == id).map(|index| SceneId(index as u32))
    }

    /// Returns the hinge of this id.
    pub fn hinge_named(&self, id: &str) -> Option<HingeId> {
        self.hinges.iter().position(|hinge| &*hinge.id == id).map(|index| HingeId(index as u32))
    }

    /// Returns the event of this id.
    pub fn event_named(&self, id: &str) -> Option<EventId> {
        self.events.iter().position(|event| event.id == id).map(|index| EventId(index as u32))
    }

    /// The roles that can be played, in the order of declaration.
    pub fn playable(&self) -> impl Iterator<Item = RoleId> + '_ {
        self.roles.iter().enumerate().filter(|(_, role)| role.start.is_some()).map(|(index, _)| RoleId(index as u32))
    }

    /// The side of `role` at `hinge`, where it has one.
    pub fn side_of(&self, hinge: HingeId, role: RoleId) -> Option<SideId> {
        self.hinges[hinge.index()]
            .sides
            .range()
            .find(|&index| self.sides[index].role == role)
            .map(|index| SideId(index as u32))
    }

    /// The barometers: variables that players see, in the order of declaration.
    pub fn barometers(&self) -> impl Iterator<Item = VariableId> + '_ {
        let named = |(_, variable): &(usize, &Variable)| variable.name.is_some();
        self.variables.iter().enumerate().filter(named).map(|(index, _)| VariableId(index as u32))
    }

    /// A choice's name in logs and traces: `queue.snowball`, `july_days.weaver.rise`.
    pub fn choice_name(&self, choice: ChoiceId) -> String {
        let id = &self.choices[choice.index()].id;
        match self.choices[choice.index()].holder {
            Holder::Scene(scene) => format!("{}.{id}", self.scenes[scene.index()].id),
            Holder::Side(side) => {
                let side = &self.sides[side.index()];
                let hinge = &self.hinges[side.hinge.index()].id;
                match self.roles[side.role.index()].id.as_str() {
                    "" => format!("{hinge}.{id}"),
                    role => format!("{hinge}.{role}.{id}"),
                }
            }
            Holder::Choice(parent) => {
                let parent = self.choice_name(parent);
                let scene = parent.split('.').next().unwrap_or_default();
                format!("{scene}.{id}")
            }
        }
    }

    /// A variable's name as expressions of any scene can write it: `bread`, `weaver.nerve`.
    pub fn variable_name(&self, variable: VariableId) -> String {
        let variable = &self.variables[variable.index()];
        match variable.owner {
            Some(role) if !self.roles[role.index()].id.is_empty() => {
                format!("{}.{}", self.roles[role.index()].id, variable.id)
            }
            _ => variable.id.clone(),
        }
    }
}
