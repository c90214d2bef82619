//! The little language inside a story's strings: expressions, effects, templates.
//!
//! Each is read into a tree with spans, checked against what the story declares, and compiled
//! into [`Code`].

mod assign; // effects to code
mod bounds; // what is known of a number beforehand
mod code; // what is run while playing
mod compare; // comparisons to code
mod compile; // trees to code: types, bounds
mod effects; // effects, read into trees
mod lookup; // names and functions of expressions
mod markdown; // prose that is more than words
mod names; // what a story declares
mod prose; // templates to code
mod sign; // what stands between two operands
mod syntax; // expressions, read into trees
mod template; // prose, read into pieces

pub use self::bounds::{arithmetic, comparison};
pub use self::code::{
    ArmPlace, Change, Code, Comparison, Effect, EffectsId, ExprId, Form, Gap, Node, Op, Operation, Prose, ProseId,
};
pub use self::compile::{Compiler, Scope};
pub use self::names::{Counted, Declared, Known, LONGEST_TURN, MOST_VISITS, Names, Patience, nearest};
pub use self::syntax::{SyntaxError, Tree, TreeKind, expression};
pub use self::template::{Piece, pieces};
