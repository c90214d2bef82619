//! Every play of a story at once: which states there are, which laws hold in all of them, how
//! likely each ending is, and the shortest play that shows what is wrong.
//!
//! States are kept exactly. What nothing on any way from a place can read any more is left out of
//! them first ([`live`]), so that plays which differ only in what is past are one. What was not
//! finished is `unknown`, never `holds`.

mod explore; // from the beginnings to every state
mod graph; // strongly connected parts, and what can reach what
mod json; // by the contract
mod laws; // laws, judged on all states
mod length; // shortest and longest plays
mod live; // what a place can still read
mod mask; // bits of a state
mod measure; // what states cost
mod odds; // least, random and greatest chances
mod proof; // what was found
mod rigid; // whether the record stands whatever players do
mod seen; // what plays reach, and what goes wrong on the way
mod store; // an exact set of states
mod trace; // plays to a state, replayed in the engine

pub use self::explore::Limits;
pub use self::json::{Unreached, json};
pub use self::odds::Triple;
pub use self::proof::{DeadEnd, Fault, LawFound, Odds, Proof, Range, RoleProof, Span, Verdict, prove};
pub use self::trace::{Move, Trace, replays};
