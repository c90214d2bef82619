//! A story as its files say it: every string with its place, nothing looked up yet.
//!
//! The fields are the keys of the format; see its reference.

use crate::diagnostic::Span;
use crate::story::model::{Basis, EntryKind};
use crate::story::text::Text;

/// A string that may be left out.
pub type Maybe<'t> = Option<Text<'t>>;

/// A value with its place.
#[derive(Clone, Copy, Debug, Default)]
pub struct At<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

/// A date as it is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RawDate {
    /// The year.
    pub year: i32,
    /// 1 to 12.
    pub month: u32,
    /// 1 to 31.
    pub day: u32,
}

/// Everything that the files declare, in path order.
#[derive(Debug, Default)]
pub struct Raw<'t> {
    pub manifest: Option<RawManifest<'t>>,
    pub world: Vec<RawVariable<'t>>,
    pub roles: Vec<RawRole<'t>>,
    pub scenes: Vec<RawScene<'t>>,
    pub hinges: Vec<RawHinge<'t>>,
    pub events: Vec<RawEvent<'t>>,
    pub outcomes: Vec<RawOutcome<'t>>,
    pub laws: Vec<RawLaw<'t>>,
    pub codex: Vec<RawCodex<'t>>,
}

#[derive(Debug, Default)]
pub struct RawManifest<'t> {
    pub span: Span,
    pub format: Option<At<i64>>,
    pub id: Maybe<'t>,
    pub title: Maybe<'t>,
    pub version: Maybe<'t>,
    pub authors: Vec<Text<'t>>,
    pub license: Maybe<'t>,
    pub language: Maybe<'t>,
    pub calendar: Maybe<'t>,
    pub begins: Option<At<RawDate>>,
    pub ends: Option<At<RawDate>>,
    pub start: Maybe<'t>,
    pub text: Maybe<'t>,
    pub notice: Maybe<'t>,
}

/// A variable's first value, from which its type follows.
#[derive(Clone, Copy, Debug)]
pub enum RawValue<'t> {
    Integer(i64),
    Flag(bool),
    Symbol(Text<'t>),
}

#[derive(Debug, Default)]
pub struct RawVariable<'t> {
    pub id: Text<'t>,
    pub span: Span,
    pub start: Option<At<Option<RawValue<'t>>>>,
    pub is: Maybe<'t>,
    pub min: Option<At<i64>>,
    pub max: Option<At<i64>>,
    pub values: Option<Vec<Text<'t>>>,
    pub name: Maybe<'t>,
    pub text: Maybe<'t>,
    pub scale: Vec<Text<'t>>,
    pub record: Vec<RawReading>,
}

/// An entry of a variable's `record`: its date and value.
pub type RawReading = (Option<At<RawDate>>, Option<At<i64>>);

#[derive(Debug, Default)]
pub struct RawRole<'t> {
    pub span: Span,
    pub id: Maybe<'t>,
    pub name: Maybe<'t>,
    pub text: Maybe<'t>,
    pub start: Maybe<'t>,
    pub traits: Vec<RawVariable<'t>>,
}

#[derive(Debug, Default)]
pub struct RawScene<'t> {
    pub span: Span,
    pub id: Maybe<'t>,
    pub title: Maybe<'t>,
    pub text: Maybe<'t>,
    pub role: Maybe<'t>,
    pub date: Option<At<RawDate>>,
    pub after: Maybe<'t>,
    pub place: Maybe<'t>,
    pub effects: Maybe<'t>,
    pub goto: Option<RawGoto<'t>>,
    pub draw: Option<RawDraw<'t>>,
    pub pool: Maybe<'t>,
    pub guard: Maybe<'t>,
    pub priority: Option<At<i64>>,
    pub once: Option<At<bool>>,
    pub teaser: Maybe<'t>,
    pub ending: Maybe<'t>,
    pub scholarship: RawScholarship<'t>,
    pub choices: Vec<RawChoice<'t>>,
}

#[derive(Debug, Default)]
pub struct RawScholarship<'t> {
    pub sources: Vec<Text<'t>>,
    pub basis: Option<At<Basis>>,
    pub note: Maybe<'t>,
}

#[derive(Debug, Default)]
pub struct RawDraw<'t> {
    pub span: Span,
    pub pool: Maybe<'t>,
    pub show: Option<At<i64>>,
}

#[derive(Debug, Default)]
pub struct RawChoice<'t> {
    pub span: Span,
    pub id: Maybe<'t>,
    pub text: Maybe<'t>,
    pub guard: Maybe<'t>,
    pub locked: Maybe<'t>,
    pub once: Option<At<bool>>,
    pub effects: Maybe<'t>,
    pub say: Maybe<'t>,
    pub goto: Option<RawGoto<'t>>,
    pub basis: Option<At<Basis>>,
    pub historical: Option<At<bool>>,
    pub nested: Vec<RawChoice<'t>>,
}

#[derive(Debug, Default)]
pub struct RawGoto<'t> {
    pub span: Span,
    pub entries: Vec<RawEntry<'t>>,
}

#[derive(Debug, Default)]
pub struct RawEntry<'t> {
    pub span: Span,
    pub to: Maybe<'t>,
    pub guard: Maybe<'t>,
    pub weight: Option<At<i64>>,
    pub effects: Maybe<'t>,
    pub say: Maybe<'t>,
}

#[derive(Debug, Default)]
pub struct RawHinge<'t> {
    pub span: Span,
    pub id: Maybe<'t>,
    pub title: Maybe<'t>,
    pub date: Option<At<RawDate>>,
    pub place: Maybe<'t>,
    pub text: Maybe<'t>,
    pub scholarship: RawScholarship<'t>,
    pub sides: Vec<RawSide<'t>>,
    pub outcomes: Vec<RawHingeOutcome<'t>>,
}

#[derive(Debug, Default)]
pub struct RawSide<'t> {
    pub span: Span,
    pub role: Maybe<'t>,
    pub text: Maybe<'t>,
    pub goto: Option<RawGoto<'t>>,
    pub choices: Vec<RawChoice<'t>>,
}

#[derive(Debug, Default)]
pub struct RawHingeOutcome<'t> {
    pub span: Span,
    pub guard: Maybe<'t>,
    pub title: Maybe<'t>,
    pub text: Maybe<'t>,
    pub effects: Maybe<'t>,
    pub gotos: Vec<(Text<'t>, RawGoto<'t>)>,
}

#[derive(Debug, Default)]
pub struct RawEvent<'t> {
    pub span: Span,
    pub id: Maybe<'t>,
    pub title: Maybe<'t>,
    pub summary: Maybe<'t>,
    pub date: Option<At<RawDate>>,
    pub until: Option<At<RawDate>>,
    pub window: Option<At<i64>>,
    pub weight: Option<At<i64>>,
    pub needs: Vec<Text<'t>>,
    pub guard: Maybe<'t>,
    pub effects: Maybe<'t>,
    pub news: Maybe<'t>,
    pub by: Maybe<'t>,
    pub otherwise: Maybe<'t>,
    pub people: Vec<Text<'t>>,
    pub place: Maybe<'t>,
    pub sources: Vec<Text<'t>>,
    pub certainty: Maybe<'t>,
    pub dispute: Maybe<'t>,
    pub counterfactual: Option<At<bool>>,
    pub argued: Maybe<'t>,
}

#[derive(Debug, Default)]
pub struct RawOutcome<'t> {
    pub span: Span,
    pub id: Maybe<'t>,
    pub title: Maybe<'t>,
    pub text: Maybe<'t>,
    pub guard: Maybe<'t>,
    pub historical: Option<At<bool>>,
    pub argued: Maybe<'t>,
    pub sources: Vec<Text<'t>>,
}

#[derive(Debug, Default)]
pub struct RawLaw<'t> {
    pub span: Span,
    pub id: Maybe<'t>,
    pub why: Maybe<'t>,
    pub always: Maybe<'t>,
    pub never: Maybe<'t>,
    pub possible: Maybe<'t>,
    pub inevitable: Maybe<'t>,
    pub before: Option<(Maybe<'t>, Maybe<'t>, Span)>,
    pub odds: Option<RawOdds<'t>>,
    pub roles: Vec<Text<'t>>,
}

#[derive(Debug, Default)]
pub struct RawOdds<'t> {
    pub span: Span,
    pub of: Maybe<'t>,
    pub at_least: Option<At<f64>>,
    pub at_most: Option<At<f64>>,
}

#[derive(Debug)]
pub struct RawCodex<'t> {
    pub kind: EntryKind,
    pub span: Span,
    pub id: Maybe<'t>,
    pub name: Maybe<'t>,
    pub text: Maybe<'t>,
    pub see: Vec<Text<'t>>,
    pub sources: Vec<Text<'t>>,
    pub at: Option<(i64, i64)>,
}
