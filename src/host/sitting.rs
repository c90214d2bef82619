//! Seats, and what else a class is made of besides its play.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::rows::{BallotRow, SeatRow};
use crate::engine::Play;
use crate::story::model::RoleId;

/// Whether somebody sits in a seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sitting {
    /// Waits for the teacher's tap.
    Waiting,
    /// Sits.
    Here,
    /// Was taken away.
    Gone,
}

/// A student's seat.
#[derive(Clone, Debug)]
pub struct Seat {
    /// Name, token, language.
    pub row: SeatRow,
    /// Whether somebody sits in it.
    pub sitting: Sitting,
    /// Its group; none where it is undecided.
    pub role: Option<RoleId>,
    /// Its own play, where everybody plays alone.
    pub play: Option<Arc<Play>>,
    /// The line of the log that last changed what it sees.
    pub seq: u64,
    /// When it was taken, or last went on where it plays alone (milliseconds since 1970).
    pub stepped: u64,
}

/// A ballot that counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vote {
    /// The seat's own number for it: the highest counts.
    pub key: u64,
    /// What was taken, by id; nothing where the seat passed.
    pub option: Option<String>,
    /// Its number in the class.
    pub seq: u64,
}

impl Vote {
    /// Takes a ballot among those that count, unless its seat has sent one of a higher number.
    pub fn keep(votes: &mut BTreeMap<u32, Vote>, seq: u64, ballot: &BallotRow) {
        if votes.get(&ballot.seat).is_none_or(|vote| vote.key < ballot.key) {
            votes.insert(ballot.seat, Vote { key: ballot.key, option: ballot.option.clone(), seq });
        }
    }
}

/// A course that the class left by going back.
#[derive(Clone, Debug)]
pub struct Abandoned {
    /// Where it left the course that goes on.
    pub from: u64,
    /// Where it had come to.
    pub play: Arc<Play>,
}

/// A device that asks for a seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Its number.
    pub claim: u32,
    /// Which seat.
    pub seat: u32,
}
