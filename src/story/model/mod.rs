//! A story as it is played: every id resolved, every guard and effect compiled.
//!
//! Only linking makes these, so an id that a [`Story`] holds always points at something in it and
//! looking one up can't fail. Lists of the same kind lie in one vector each; what belongs to a
//! scene is a range of it.

mod record; // events, outcomes, laws, the codex
mod scenes; // scenes, choices, hinges

use std::ops::Range;

pub use self::record::{Claim, Entry, EntryKind, Event, Law, Outcome};
pub use self::scenes::{
    Basis, Choice, Goto, GotoEntry, Hinge, HingeOutcome, Holder, Pool, Scene, Scholarship, Side, Storylet, Target, When,
};

use crate::calendar::{Calendar, Day};
use crate::lang::{Code, ExprId, ProseId};
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

    /// Whose choice it is.
    pub fn role_of(&self, choice: ChoiceId) -> RoleId {
        match self.choices[choice.index()].holder {
            Holder::Scene(scene) => self.scenes[scene.index()].role,
            Holder::Side(side) => self.sides[side.index()].role,
            // Choices nest as deep as their author wrote them, and linking bounds that.
            Holder::Choice(parent) => self.role_of(parent),
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
