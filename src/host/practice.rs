//! A vote on a trifle, before anything is at stake: whoever has tapped once knows how votes go.
//! Its ballots are those of a round of its own, and nothing in the story comes of it. Pure.

use std::collections::BTreeMap;

use super::caucus::LINES;
use super::command::{Refusal, Reply, recorded, repeated};
use super::event::{Event, Mode, Phase};
use super::room::Room;
use super::rows::{BallotRow, Change};
use super::sitting::Vote;

/// From here on, and below straw votes, rounds are practice.
pub const PRACTICE: u32 = 1 << 29;

/// What can be chosen.
pub const OPTIONS: [&str; 2] = ["tea", "queue"];

/// The practice vote that is open or was last.
#[derive(Clone, Debug, Default)]
pub struct Practice {
    /// The number of its round.
    pub round: u32,
    /// Whether ballots are taken.
    pub open: bool,
    /// The ballots, by seat.
    pub votes: BTreeMap<u32, Vote>,
}

/// Whether a round is practice.
pub fn is_practice(round: u32) -> bool {
    (PRACTICE..LINES).contains(&round)
}

/// Opens it or closes it.
///
/// # Errors
///
/// Where something is at stake already, or there is nothing to close.
pub fn set(room: &Room, on: bool) -> Result<Change, Refusal> {
    let early = room.game.phase == Phase::Lobby || room.game.phase.is_before();
    let may = !room.ended && room.game.mode != Some(Mode::Alone) && early && room.practice.open != on;
    if may { Ok(Change::of([Event::Practised { on }])) } else { Err(Refusal::NotNow) }
}

/// A ballot in it.
///
/// # Errors
///
/// Where it is closed, or offers no such thing.
pub fn vote(room: &Room, ballot: &BallotRow) -> Result<(Change, Reply), Refusal> {
    room.here(ballot.seat).ok_or(Refusal::NoSeat)?;
    let practice = &room.practice;
    if ballot.round != practice.round || !practice.open {
        return Err(Refusal::VoteClosed(room.head));
    }
    if let Some(before) = repeated(&practice.votes, ballot) {
        return Ok(before);
    }
    if ballot.option.as_ref().is_some_and(|option| !OPTIONS.contains(&option.as_str())) {
        return Err(Refusal::NotOffered);
    }
    Ok(recorded(room, ballot))
}

impl Room {
    /// A ballot of a practice vote.
    pub(super) fn practise(&mut self, seq: u64, ballot: &BallotRow) {
        if ballot.round != self.practice.round {
            return;
        }
        Vote::keep(&mut self.practice.votes, seq, ballot);
        self.touch([ballot.seat], seq);
    }

    /// The line that opens or closes it.
    pub(super) fn practice_line(&mut self, on: bool) {
        self.practice.open = on;
        if on {
            self.practice.round = self.practice.round.max(PRACTICE) + 1;
            self.practice.votes.clear();
        }
    }
}
