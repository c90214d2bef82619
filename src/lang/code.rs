//! Compiled expressions, effects and prose: what linking makes of them and playing runs.
//!
//! Everything lies in a few vectors and is named by index, so a step of play follows no string and
//! allocates nothing. An expression that was compiled can't fail: its types, its names and its
//! divisors were checked when the story was loaded.

use std::num::NonZeroU32;

use crate::diagnostic::Span;
use crate::story::layout::Field;
use crate::story::model::{ChoiceId, EventId, OutcomeId, RoleId, SceneId, Span32, VariableId};

macro_rules! handles {
    ($($(#[$doc:meta])* $name:ident,)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(NonZeroU32);

        impl $name {
            /// The handle of the thing at this place.
            pub fn at(index: usize) -> $name {
                let next = u32::try_from(index + 1).ok().and_then(NonZeroU32::new);
                $name(next.expect("loading bounds the size of a story"))
            }

            /// Its place.
            pub fn index(self) -> usize {
                self.0.get() as usize - 1
            }
        }
    )*};
}

handles! {
    /// Names a compiled expression.
    ExprId,
    /// Names a piece of compiled prose.
    ProseId,
}

/// Names a run of compiled effects; the default is none.
pub type EffectsId = Span32;

/// How two numbers are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// `==`
    Equal,
    /// `!=`
    Different,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
}

impl Comparison {
    /// Whether it holds of `a` and `b`.
    #[inline]
    pub fn holds(self, a: i64, b: i64) -> bool {
        match self {
            Comparison::Equal => a == b,
            Comparison::Different => a != b,
            Comparison::Less => a < b,
            Comparison::AtMost => a <= b,
            Comparison::Greater => a > b,
            Comparison::AtLeast => a >= b,
        }
    }
}

/// What is done with two numbers, or two truths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`, towards zero
    Divide,
    /// `%`, with the sign of the left side
    Remainder,
    /// `min(a, b)`
    Least,
    /// `max(a, b)`
    Greatest,
    /// `and`; the right side is not looked at where the left is false
    And,
    /// `or`; the right side is not looked at where the left is true
    Or,
}

/// One node of an expression. Truth is 1, falsehood 0; a symbol is its index, a date its day number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Node {
    /// A number.
    Constant(i64),
    /// What a field holds.
    Field(Field),
    /// Whether what a field holds compares so with a number: the commonest guard, in one node.
    FieldIs(Field, Comparison, i32),
    /// `not`
    Not(ExprId),
    /// unary `-`
    Negate(ExprId),
    /// Two operands.
    Binary(Operation, ExprId, ExprId),
    /// A comparison.
    Compare(Comparison, ExprId, ExprId),
    /// `happened(e)`
    Happened(EventId),
    /// `averted(e)`
    Averted(EventId),
    /// `days_since(e)`; -1 where it has not happened
    DaysSince(EventId),
    /// `date`: the day on which the role that asks stands
    Date,
    /// `role`: the role that asks
    Role,
    /// `digest`: whether the short course was asked for
    Digest,
    /// `visits(s)`, as far as they are counted
    Visits(SceneId),
    /// `chose(s.c)`
    Taken(ChoiceId),
    /// `ending(s)`: whether a role's play has ended there
    Ending(SceneId),
    /// `outcome(o)`: whether the play is over with this outcome
    Outcome(OutcomeId),
}

/// What an effect does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Change {
    /// Sets a field to a value, brought within its bounds.
    Set {
        /// The variable.
        variable: VariableId,
        /// Where it is kept.
        field: Field,
        /// Least value.
        min: i32,
        /// Greatest value.
        max: i32,
        /// What it becomes.
        value: ExprId,
    },
    /// Adds a number known beforehand: the commonest effect.
    Add {
        /// The variable.
        variable: VariableId,
        /// Where it is kept.
        field: Field,
        /// Least value.
        min: i32,
        /// Greatest value.
        max: i32,
        /// What is added.
        by: i32,
    },
    /// Makes an event happen today.
    Happen(EventId),
    /// Averts an event for good.
    Avert(EventId),
}

/// One effect and its guard.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Effect {
    /// What it does.
    pub change: Change,
    /// Only if.
    pub guard: Option<ExprId>,
}

/// The white space between two pieces of prose; of two that meet, the greater stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Gap {
    /// None.
    #[default]
    None,
    /// A space.
    Space,
    /// The end of a line: a space, but that Markdown's lists and quotations begin lines.
    Line,
    /// The end of a paragraph.
    Paragraph,
    /// The end of a screen (`---`).
    Screen,
}

/// How a value is written in prose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// In digits.
    Number,
    /// The name of the symbol, underscores as spaces.
    Symbol(VariableId),
    /// The day in the story's calendar and language.
    Date,
    /// The name of the role that asks.
    Role,
}

/// One step of rendering a piece of prose.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Op {
    /// Writes some text, already brought to single spaces and paragraphs.
    Text {
        /// First byte in [`Code::text`].
        start: u32,
        /// How many bytes.
        len: u32,
        /// White space before it.
        lead: Gap,
        /// White space after it.
        trail: Gap,
    },
    /// Only white space.
    Gap(Gap),
    /// Goes on elsewhere unless the condition holds.
    Unless(ExprId, u32),
    /// Goes on elsewhere.
    Jump(u32),
    /// Writes a value.
    Value(ExprId, Form),
    /// Writes a role's name.
    Name(RoleId),
    /// Goes on by a count of visits: the last arm stays.
    First {
        /// The scene.
        scene: SceneId,
        /// First arm in [`Code::arms`].
        arms: u32,
        /// How many.
        len: u32,
    },
    /// Goes on in turn.
    Cycle {
        /// The scene.
        scene: SceneId,
        /// First arm in [`Code::arms`].
        arms: u32,
        /// How many.
        len: u32,
    },
    /// Goes on by the seed and this key.
    Any {
        /// From the ids at this place, in [`Code::keys`].
        key: u32,
        /// First arm in [`Code::arms`].
        arms: u32,
        /// How many.
        len: u32,
    },
}

/// One piece of prose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prose {
    /// Its ops, in [`Code::ops`].
    pub ops: Span32,
    /// Whether it holds anything that Markdown would read as more than words.
    pub markdown: bool,
}

/// All that was compiled for a story.
#[derive(Clone, Debug, Default)]
pub struct Code {
    /// Nodes of expressions.
    pub nodes: Vec<Node>,
    /// Effects.
    pub effects: Vec<Effect>,
    /// Pieces of prose.
    pub proses: Vec<Prose>,
    /// Steps of rendering.
    pub ops: Vec<Op>,
    /// Where arms of `{first}`, `{cycle}` and `{any}` begin.
    pub arms: Vec<u32>,
    /// What tells one `{any}` from another.
    pub keys: Vec<u64>,
    /// All text.
    pub text: String,
    /// Where each arm of a template begins, in the order of ops.
    pub arm_places: Vec<ArmPlace>,
    /// How many nodes are never taken back.
    kept: usize,
}

/// Where an arm of a template begins: what stands after `{if …}`, `{elif …}`, `{else}`, `{first}`,
/// `{then}`, `{cycle}`, `{any}` or `{or}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ArmPlace {
    /// Its first op, in [`Code::ops`].
    pub op: u32,
    /// The string in which it stands.
    pub span: Span,
    /// How many lines of the string stand before its tag.
    pub lines: u32,
}

impl Code {
    /// Adds a node.
    pub fn push(&mut self, node: Node) -> ExprId {
        self.nodes.push(node);
        ExprId::at(self.nodes.len() - 1)
    }

    /// Whether some node of an expression is such.
    pub fn any(&self, expr: ExprId, is: &dyn Fn(Node) -> bool) -> bool {
        let node = self.node(expr);
        is(node)
            || match node {
                Node::Not(inner) | Node::Negate(inner) => self.any(inner, is),
                Node::Binary(_, a, b) | Node::Compare(_, a, b) => self.any(a, is) || self.any(b, is),
                _ => false,
            }
    }

    /// Takes back the nodes from one on: operands that went into another node. Those of derived
    /// variables stay, for many expressions refer to them.
    pub(super) fn take_back(&mut self, from: ExprId) {
        if from.index() >= self.kept {
            self.nodes.truncate(from.index());
        }
    }

    /// Keeps the nodes so far for good.
    pub fn keep(&mut self) {
        self.kept = self.nodes.len();
    }

    /// The node of an expression.
    #[inline]
    pub fn node(&self, id: ExprId) -> Node {
        self.nodes[id.index()]
    }
}
