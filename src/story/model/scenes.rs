//! Scenes and hinges as they are played.

use super::{ChoiceId, EntryId, HingeId, PoolId, RoleId, SceneId, SideId, Span32};
use crate::calendar::Day;
use crate::lang::{EffectsId, ExprId, ProseId};
use crate::story::layout::Field;

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
