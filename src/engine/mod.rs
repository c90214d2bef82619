//! From a story and a state to the next state, and to what a player sees. No files, no clock, no
//! printing.
//!
//! [`start`] and [`step`] are pure; [`branches`] gives every way in which a step can fall.
//! [`Play`] keeps a log beside a state and what was said on the way.

mod chance; // the one place where the seed is asked
mod clock; // the calendar moves, events happen
mod draw; // storylets are drawn
mod eval; // what an expression says of a state
mod hinge; // all have chosen
mod markdown; // Markdown brought down to words
mod observe; // being told of a step while it is taken
mod offer; // what a role can do
mod places; // which places of a list
mod play; // story, roles, seed and log
mod render; // prose from a state
mod state; // what a play remembers
mod step; // state and input, to state
mod turn; // a step while it is taken
mod view; // state, to what a player sees

pub use self::chance::{Chance, Fall, Falling, Lot, Seeded, Told};
pub use self::clock::outcome;
pub use self::eval::{holds, value};
pub use self::observe::{Cause, Memory, Observe};
pub use self::offer::{Offer, Pick, is_offered, next_role, offers, offers_into, offers_with};
pub use self::play::{Entry, Play, Taken, place_name};
pub use self::render::{SCREEN, markdown, plain, plain_into, screens_into};
pub use self::state::{Cursor, Place, State, Status};
pub use self::step::{
    Branch, Input, Refusal, Setup, advance, advance_offered, beginnings, branches, start, start_with, step,
};
pub use self::view::{Choosable, News, View, Words, barometers, options, view};
