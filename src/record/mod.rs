//! A play held against what happened: which events were kept, early, late, averted or invented,
//! through which chain of causes, and what the smallest change would have been.
//!
//! Pure, like the engine below it: a comparison is worked out from a story and a play by taking
//! the play again from its beginning and looking on.

mod cause; // from an event back to the choices it hangs on
mod compare; // all of it together
mod course; // the variables, day by day
mod gate; // how far history stood from the threshold
mod makers; // what could have brought an event about or moved a variable
mod reads; // what a guard looks at
mod remedy; // the one choice that would have brought the record back
mod trace; // what changed in a play, and on whose account
mod verdict; // how one event came out, and the share of the record that was kept

pub use self::cause::Link;
pub use self::compare::{Act, Compared, Comparison, Otherwise, RoleEnd, Unfinished, compare, compare_finished};
pub use self::course::{Course, Point, recorded_at};
pub use self::gate::Gate;
pub use self::reads::Threshold;
pub(crate) use self::reads::{Fields, Subject, subjects};
pub use self::remedy::Remedy;
pub use self::verdict::{Status, Verdict, fidelity, verdict};
