//! The record, the laws and the codex.

use super::{EntryId, EventId, RoleId};
use crate::calendar::Day;
use crate::lang::{EffectsId, ExprId, ProseId};
use crate::story::layout::Field;

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
