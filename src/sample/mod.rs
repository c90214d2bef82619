//! Random plays, all their text rendered: how a story falls out when nobody means anything by it.

mod json; // for programs
mod memory; // what a play wrote and asks for later
mod reader; // the words that are shown, by screen and by place
mod sampler; // one play, in buffers that are used again
mod tally; // many plays, counted
mod text; // for people

pub use self::json::{Json, json};
pub use self::reader::{Reader, Shown};
pub use self::sampler::{End, Played, Sampler};
pub use self::tally::{Coverage, Spread, Tally};
pub use self::text::{places, text};

use crate::story::Story;
use crate::story::model::RoleId;

/// How fast people read, in words a minute.
pub const WORDS_A_MINUTE: f64 = 230.0;

/// What to sample.
#[derive(Clone, Copy, Debug)]
pub struct Plan<'a> {
    /// Who is played, each in its turn or all together.
    pub roles: &'a [RoleId],
    /// What the plays follow from.
    pub seed: u64,
    /// How many.
    pub plays: u64,
    /// Whether the short course is taken, where the story has one.
    pub digest: bool,
    /// Whether each play is of all these roles together.
    pub together: bool,
}

/// Plays so many random plays, and counts.
pub fn sample(story: &Story, plan: Plan<'_>) -> Tally {
    let roles = plan.roles;
    let mut sampler = Sampler::new(story, plan.seed, plan.digest);
    let mut tally = Tally::new(story, roles, plan.digest);
    for number in 0..plan.plays {
        let turn = (number % roles.len().max(1) as u64) as usize;
        let played =
            sampler.play_once(number, if plan.together { roles } else { roles.get(turn..=turn).unwrap_or_default() });
        tally.count(&played);
    }
    tally.finish(story, &sampler)
}
