//! Every play of a story at once: which states there are, which laws hold in all of them, how
//! likely each ending is, and the shortest play that shows what is wrong.
//!
//! A state is cut in two: where roles stand, the day and what happened is its *control*, of which
//! there are few; the rest, its *fields*, tells thousands of states of one control apart. The engine
//! itself takes each step once for all states of a control ([`record`]); what it asks of the fields
//! becomes a small tree, and the trees are run on packed states. What nothing on any way from a
//! control can read any more is left out of them ([`live`]). Sets of states are exact: nothing is
//! hashed away. Every play that is shown has been taken by the engine; what was not finished is
//! `unknown`, never `holds`.

mod aim; // what one exploration looks for
mod arms; // which arms of prose are shown, and if what
mod cells; // exact sets of states
mod certify; // the engine is asked again
mod controls; // where roles stand, and how steps lead on
mod explore; // everything about the plays of some roles
mod fates; // what becomes of every state
mod fields; // what states differ by
mod findings; // what is worth a look
mod forecast; // what states cost
mod items; // what a step did
mod json; // by the contract
mod laws; // what is looked for, and what follows from it
mod live; // what a control can still read
mod mask; // bits of a state
mod nudges; // how far players move the city's variables
mod order; // what leads to what
mod packed; // trees made ready
mod proof; // what was found
mod ranges; // between which values fields lie
mod record; // a step, taken for many states at once
mod residual; // what is left of an expression once the control is known
mod rounds; // what goes round together
mod rows; // what one state comes to
mod run; // one exploration
mod seen; // what plays reach
mod shape; // how states become numbers
mod sweep; // from the beginnings to every state
mod test; // questions about packed data
mod trace; // plays that the engine has taken
mod trees; // what steps ask and do
mod until; // the shortest play to a place
mod walk; // the shortest way
mod watch; // what is looked for
mod witness; // what plays of several come to
mod words; // how many words prose shows

pub use self::fates::Triple;
pub use self::findings::Findings;
pub use self::forecast::{Dear, Forecast};
pub use self::json::{TextPlace, Unreached, json};
pub use self::laws::Verdict;
pub use self::proof::{DeadEnd, Fault, LawFound, Odds, Options, Proof, Range, RoleProof, Span, prove};
pub use self::seen::{ArmSeen, Seen};
pub use self::sweep::{Limits, Told};
pub use self::trace::{Move, Trace, replays};
pub use self::until::{Found, Goal, Opening, until};

use self::packed::packed;
