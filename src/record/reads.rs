//! What a guard looks at, and which way each of these had to go for it to come out as it did.

use std::collections::BTreeMap;

use crate::engine::{self, State};
use crate::lang::{Comparison, ExprId, Node, Operation};
use crate::story::Story;
use crate::story::layout::Field;
use crate::story::model::{ChoiceId, EventId, Kind, RoleId, SceneId, VariableId};

/// What a guard can look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// What a variable holds.
    Variable(VariableId),
    /// Whether a choice was taken.
    Choice(ChoiceId),
    /// How often a scene was visited.
    Scene(SceneId),
    /// Whether and when an event happened.
    Event(EventId),
}

/// Which way something pushed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Lean {
    Up,
    Down,
    /// Every change counts: an equality, or arithmetic.
    Either,
}

impl Lean {
    /// Whether a change of this size goes that way.
    pub(super) fn is_served_by(self, change: i64) -> bool {
        match self {
            Lean::Up => change > 0,
            Lean::Down => change < 0,
            Lean::Either => change != 0,
        }
    }

    pub(super) fn turned(self) -> Lean {
        match self {
            Lean::Up => Lean::Down,
            Lean::Down => Lean::Up,
            Lean::Either => Lean::Either,
        }
    }
}

/// A number that a guard holds a variable against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Threshold {
    /// How.
    pub comparison: Comparison,
    /// With what.
    pub number: i64,
}

/// One thing that a guard looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Read {
    pub(super) subject: Subject,
    /// The way that makes the guard come out as it did.
    pub(super) lean: Lean,
    pub(super) threshold: Option<Threshold>,
}

/// Which field stands for what.
#[derive(Debug, Default)]
pub struct Fields {
    subjects: BTreeMap<(u16, u8), Subject>,
}

impl Fields {
    /// Those of a story.
    pub fn of(story: &Story) -> Fields {
        let mut fields = Fields::default();
        for (index, variable) in story.variables.iter().enumerate() {
            fields.put(variable.field, Subject::Variable(VariableId(index as u32)));
        }
        for (index, choice) in story.choices.iter().enumerate() {
            fields.put(choice.taken, Subject::Choice(ChoiceId(index as u32)));
        }
        for scene in (0..story.scenes.len() as u32).map(SceneId) {
            fields.put(story.layout.visits(scene).count.map(|(field, _)| field), Subject::Scene(scene));
        }
        fields
    }

    fn put(&mut self, field: Option<Field>, subject: Subject) {
        // A field without bits stands for a thing that can't change.
        if let Some(field) = field.filter(|field| field.width > 0) {
            self.subjects.insert((field.word, field.shift), subject);
        }
    }

    fn get(&self, field: Field) -> Option<Subject> {
        self.subjects.get(&(field.word, field.shift)).copied()
    }
}

/// Returns what `expr` looks at, where it came out true (`came_out`) or false. With a state, the
/// parts of an `and` that held are not to blame for its failing, nor those of an `or` that failed
/// for its holding.
pub(super) fn reads(story: &Story, fields: &Fields, expr: ExprId, came_out: bool, state: Option<&State>) -> Vec<Read> {
    let mut reader = Reader { story, fields, state, found: Vec::new() };
    reader.truth(expr, came_out);
    reader.found
}

/// Returns what `expr` looks at, however it comes out.
pub fn subjects(story: &Story, fields: &Fields, expr: ExprId) -> Vec<Subject> {
    reads(story, fields, expr, true, None).into_iter().map(|read| read.subject).collect()
}

struct Reader<'a> {
    story: &'a Story,
    fields: &'a Fields,
    state: Option<&'a State>,
    found: Vec<Read>,
}

impl Reader<'_> {
    fn truth(&mut self, expr: ExprId, wanted: bool) {
        match self.story.code.node(expr) {
            Node::Not(inner) => self.truth(inner, !wanted),
            Node::Field(field) => self.field(field, if wanted { Lean::Up } else { Lean::Down }, None),
            Node::FieldIs(field, comparison, number) => self.comparison(field, comparison, number.into(), wanted),
            Node::Compare(comparison, a, b) => self.sides(comparison, a, b, wanted),
            Node::Binary(Operation::And | Operation::Or, a, b) => {
                for side in [a, b] {
                    if self.is_to_blame(side, wanted) {
                        self.truth(side, wanted);
                    }
                }
            }
            Node::Ending(scene) => self.add(Subject::Scene(scene), if wanted { Lean::Up } else { Lean::Down }, None),
            _ => self.number(expr, Lean::Either),
        }
    }

    /// One side of an `and` or an `or` that came out as `wanted`: what came out otherwise had no
    /// part in it.
    fn is_to_blame(&self, side: ExprId, wanted: bool) -> bool {
        self.state.is_none_or(|state| (engine::value(self.story, state, RoleId(0), side) != 0) == wanted)
    }

    fn sides(&mut self, comparison: Comparison, a: ExprId, b: ExprId, wanted: bool) {
        match (self.story.code.node(a), self.story.code.node(b)) {
            (Node::Field(field), Node::Constant(number)) => self.comparison(field, comparison, number, wanted),
            (Node::Constant(number), Node::Field(field)) => {
                self.comparison(field, mirrored(comparison), number, wanted)
            }
            _ => {
                let lean = lean_of(comparison, wanted);
                self.number(a, lean);
                self.number(b, lean.turned());
            }
        }
    }

    fn comparison(&mut self, field: Field, comparison: Comparison, number: i64, wanted: bool) {
        let is_flag = match self.fields.get(field) {
            Some(Subject::Variable(id)) => self.story.variables[id.index()].kind == Kind::Flag,
            Some(Subject::Choice(_)) => true,
            _ => false,
        };
        if is_flag && matches!(comparison, Comparison::Equal | Comparison::Different) {
            let up = ((comparison == Comparison::Equal) == (number == 1)) == wanted;
            return self.field(field, if up { Lean::Up } else { Lean::Down }, None);
        }
        self.field(field, lean_of(comparison, wanted), Some(Threshold { comparison, number }));
    }

    /// A number whose going that way is what is asked about.
    fn number(&mut self, expr: ExprId, lean: Lean) {
        match self.story.code.node(expr) {
            Node::Constant(_) | Node::Date | Node::Role | Node::Digest | Node::Outcome(_) => {}
            Node::Field(field) | Node::FieldIs(field, ..) => self.field(field, lean, None),
            Node::Negate(inner) => self.number(inner, lean.turned()),
            Node::Not(inner) => self.number(inner, Lean::Either),
            Node::Binary(Operation::Add | Operation::Least | Operation::Greatest, a, b) => {
                self.number(a, lean);
                self.number(b, lean);
            }
            Node::Binary(Operation::Subtract, a, b) => {
                self.number(a, lean);
                self.number(b, lean.turned());
            }
            Node::Binary(_, a, b) | Node::Compare(_, a, b) => {
                self.number(a, Lean::Either);
                self.number(b, Lean::Either);
            }
            Node::Happened(event) | Node::Averted(event) | Node::DaysSince(event) => {
                self.add(Subject::Event(event), Lean::Either, None);
            }
            Node::Taken(choice) => self.add(Subject::Choice(choice), Lean::Either, None),
            Node::Ending(scene) | Node::Visits(scene) => self.add(Subject::Scene(scene), Lean::Either, None),
        }
    }

    fn field(&mut self, field: Field, lean: Lean, threshold: Option<Threshold>) {
        if let Some(subject) = self.fields.get(field) {
            let is_number = matches!(subject, Subject::Variable(id)
                if matches!(self.story.variables[id.index()].kind, Kind::Integer(..)));
            self.add(subject, lean, threshold.filter(|_| is_number));
        }
    }

    fn add(&mut self, subject: Subject, lean: Lean, threshold: Option<Threshold>) {
        self.found.push(Read { subject, lean, threshold });
    }
}

fn lean_of(comparison: Comparison, wanted: bool) -> Lean {
    let lean = match comparison {
        Comparison::Equal | Comparison::Different => Lean::Either,
        Comparison::Less | Comparison::AtMost => Lean::Down,
        Comparison::Greater | Comparison::AtLeast => Lean::Up,
    };
    if wanted { lean } else { lean.turned() }
}

fn mirrored(comparison: Comparison) -> Comparison {
    match comparison {
        Comparison::Less => Comparison::Greater,
        Comparison::AtMost => Comparison::AtLeast,
        Comparison::Greater => Comparison::Less,
        Comparison::AtLeast => Comparison::AtMost,
        same => same,
    }
}
