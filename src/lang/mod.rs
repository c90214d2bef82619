//! The little language inside a story's strings: expressions, effects, templates.
//!
//! Each is read into a tree with spans, checked against what the story declares, and compiled
//! into [`Code`].

mod code; // what is run while playing

pub use self::code::{
    Change, Code, Comparison, Effect, EffectsId, ExprId, Form, Gap, Node, Op, Operation, Prose, ProseId,
};
