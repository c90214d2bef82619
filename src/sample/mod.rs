//! Random plays, all their text rendered: how a story falls out when nobody means anything by it.

mod json; // for programs
mod sampler; // one play, in buffers that are used again
mod tally; // many plays, counted
mod text; // for people

pub use self::json::{Json, json};
pub use self::sampler::{End, Played, Sampler};
pub use self::tally::{Coverage, Spread, Tally};
pub use self::text::text;

use crate::story::Story;
use crate::story::model::RoleId;

/// How fast people read, in words a minute.
pub const WORDS_A_MINUTE: f64 = 230.0;

/// Plays `plays` random plays, of the given roles each in its turn, and counts.
pub fn sample(story: &Story, roles: &[RoleId], seed: u64, plays: u64) -> Tally {
    let mut sampler = Sampler::new(story, seed);
    let mut tally = Tally::new(story, roles);
    for number in 0..plays {
        let role = usize::try_from(number).ok().and_then(|number| roles.get(number % roles.len().max(1))).copied();
        let played = sampler.play_once(number, role);
        tally.count(&played);
    }
    tally.finish(story, &sampler)
}
