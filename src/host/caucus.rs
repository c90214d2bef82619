//! What a group has to itself: its chair, the line it would take, and reminders. Pure.
//!
//! Whom a seat wants for the chair and what it would take are ballots of rounds with numbers of
//! their own: they stand beside the log, decide nothing in the story, and a purge erases them.

use std::collections::BTreeMap;

use super::command::{Refusal, Reply};
use super::count::lot;
use super::event::{Event, Mode, Phase};
use super::game::Game;
use super::practice::{PRACTICE, is_practice};
use super::room::{Room, Seat};
use super::rows::{BallotRow, Change};
use super::sitting::Vote;
use super::world::World;
use crate::story::model::RoleId;

/// The round in which groups elect their chairs.
pub const CHAIRS: u32 = 0;
/// From here on rounds are straw votes: this one is of the first turn.
pub const LINES: u32 = 1 << 30;

/// Whether a round is one of the class's decisions.
pub fn is_decision(round: u32) -> bool {
    round != CHAIRS && round < PRACTICE
}

/// What groups have to themselves.
#[derive(Clone, Debug, Default)]
pub struct Caucus {
    elected: BTreeMap<RoleId, u32>,
    /// Whom each seat wants for its group's chair.
    pub wanted: BTreeMap<u32, Vote>,
    /// What each seat would have its group take in this turn.
    pub lines: BTreeMap<u32, Vote>,
    /// At which line a group was reminded of the vote that is open.
    nudged: BTreeMap<Option<RoleId>, u64>,
}

/// The number of the straw vote of this turn.
pub fn line_round(game: &Game) -> u32 {
    LINES + game.turns.len() as u32
}

impl Room {
    /// The chair of a group: none where the seat was taken away or has moved since.
    pub fn chair(&self, role: RoleId) -> Option<(u32, &Seat)> {
        let number = *self.caucus.elected.get(&role)?;
        let seat = self.here(number).filter(|seat| seat.role == Some(role))?;
        Some((number, seat))
    }

    /// The seats of a group, or those of the undecided.
    pub fn group(&self, role: Option<RoleId>) -> impl Iterator<Item = (u32, &Seat)> + '_ {
        self.seated().filter(move |(_, seat)| seat.role == role).map(|(number, seat)| (number, &**seat))
    }

    /// Those of a group who are asked in the vote that is open and have not voted.
    pub fn missing(&self, role: Option<RoleId>) -> impl Iterator<Item = u32> + '_ {
        let asked = self.is_voting() && self.is_asked(role);
        self.group(role).map(|(number, _)| number).filter(move |seat| asked && !self.votes.contains_key(seat))
    }

    /// Whether a group has something to decide in the last round; the undecided have where all do.
    pub fn is_asked(&self, role: Option<RoleId>) -> bool {
        let Some(round) = &self.game.round else { return false };
        match role.and_then(|role| self.role_ids.get(role.index())) {
            Some(id) => round.asked_of(id).is_some(),
            None => round.at_hinge,
        }
    }

    /// The line at which a seat was reminded, while it has not voted.
    pub fn nudge_of(&self, number: u32) -> Option<u64> {
        let role = self.seats.get(&number)?.role;
        let nudge = *self.caucus.nudged.get(&role)?;
        self.missing(role).any(|missing| missing == number).then_some(nudge)
    }

    /// How often each seat of a group is wanted for its chair.
    pub fn wanted(&self, role: RoleId) -> BTreeMap<u32, u32> {
        let mut count = BTreeMap::new();
        for (number, _) in self.group(Some(role)) {
            let wanted = self.caucus.wanted.get(&number).and_then(|vote| vote.option.as_ref()?.parse::<u32>().ok());
            let is_here = |seat: &u32| self.group(Some(role)).any(|(number, _)| number == *seat);
            if let Some(seat) = wanted.filter(is_here) {
                *count.entry(seat).or_insert(0) += 1;
            }
        }
        count
    }

    /// A ballot of the groups' own rounds.
    pub(super) fn straw(&mut self, seq: u64, ballot: &BallotRow) {
        if is_practice(ballot.round) {
            return self.practise(seq, ballot);
        }
        let votes = match ballot.round {
            CHAIRS => &mut self.caucus.wanted,
            round if round == line_round(&self.game) => &mut self.caucus.lines,
            _ => return,
        };
        Vote::keep(votes, seq, ballot);
        // What a group would take is seen by all of it; whom they want for the chair is not.
        let role = self.seats.get(&ballot.seat).and_then(|seat| seat.role);
        let sees = |seat: u32, its: Option<RoleId>| seat == ballot.seat || (ballot.round != CHAIRS && its == role);
        let seats = self.seats.iter().filter(|(number, seat)| sees(**number, seat.role));
        let seats: Vec<u32> = seats.map(|(number, _)| *number).collect();
        self.touch(seats, seq);
    }

    /// A line of the log, so far as it concerns groups.
    pub(super) fn caucus_line(&mut self, world: &World, seq: u64, event: &Event) {
        let named = |role: &str| world.story().role_named(role);
        match event {
            Event::ChairElected { role, seat, .. } => {
                let Some(role) = named(role) else { return };
                match seat {
                    Some(seat) => drop(self.caucus.elected.insert(role, *seat)),
                    None => drop(self.caucus.elected.remove(&role)),
                }
                // The next election begins anew; the ballots' keys go on counting.
                let group: Vec<u32> = self.group(Some(role)).map(|(number, _)| number).collect();
                for number in &group {
                    if let Some(vote) = self.caucus.wanted.get_mut(number) {
                        vote.option = None;
                    }
                }
                self.touch(group, seq);
            }
            Event::Nudged { role } => {
                let role = role.as_deref().and_then(named);
                let missing: Vec<u32> = self.missing(role).collect();
                self.caucus.nudged.insert(role, seq);
                self.touch(missing, seq);
            }
            Event::DecisionOpened { .. } => self.caucus.nudged.clear(),
            // A turn that is come back to is asked anew, in the same round: the keys go on counting.
            Event::Advanced { .. } | Event::Forked { .. } => {
                self.caucus.lines.values_mut().for_each(|vote| vote.option = None);
            }
            Event::Purged => self.caucus = Caucus::default(),
            _ => {}
        }
    }

    /// Seats that see something new since a line.
    pub(super) fn touch(&mut self, seats: impl IntoIterator<Item = u32>, seq: u64) {
        for seat in seats {
            self.with(seat, |seat| seat.seq = seq);
        }
    }

    /// What the hash of a class takes of it.
    pub(super) fn chairs(&self) -> String {
        let chair = |(role, seat): (&RoleId, &u32)| format!("chair {} {seat} ", role.index());
        self.caucus.elected.iter().map(chair).collect()
    }
}

/// A seat says whom it wants for the chair of its group. Who has more than half of the group is
/// elected; once all have said, who has the most.
///
/// # Errors
///
/// Where the group has a chair, does not talk now, or nobody of it sits there.
pub fn want(room: &Room, number: u32, wanted: u32) -> Result<(Change, Reply), Refusal> {
    let role = talking(room, number)?;
    if room.chair(role).is_some() || !room.group(Some(role)).any(|(seat, _)| seat == wanted) {
        return Err(Refusal::NotOffered);
    }
    let mut count = room.wanted(role);
    let before = room.caucus.wanted.get(&number);
    let said = before.and_then(|vote| vote.option.as_ref()?.parse::<u32>().ok());
    if said == Some(wanted) {
        return Ok((Change::default(), Reply::Done));
    }
    if let Some(votes) = said.and_then(|said| count.get_mut(&said)) {
        *votes -= 1;
    }
    *count.entry(wanted).or_insert(0) += 1;
    let size = room.group(Some(role)).count() as u32;
    if count[&wanted] * 2 > size || count.values().sum::<u32>() == size {
        return Ok((Change::of([elected(room, role, &count)]), Reply::Done));
    }
    let key = before.map_or(1, |vote| vote.key + 1);
    Ok((ballot(CHAIRS, number, key, Some(wanted.to_string())), Reply::Done))
}

/// A seat says what it would have its group take.
///
/// # Errors
///
/// Where it is not offered, or the group does not talk now.
pub fn line(world: &World, room: &Room, number: u32, option: &str) -> Result<(Change, Reply), Refusal> {
    let role = talking(room, number)?;
    let questions = room.game.questions(world.story());
    let asked = questions.iter().find(|asked| Some(&asked.role) == room.role_ids.get(role.index()));
    if !asked.is_some_and(|asked| asked.options.iter().any(|id| id == option)) {
        return Err(Refusal::NotOffered);
    }
    let before = room.caucus.lines.get(&number);
    if before.is_some_and(|vote| vote.option.as_deref() == Some(option)) {
        return Ok((Change::default(), Reply::Done));
    }
    let key = before.map_or(1, |vote| vote.key + 1);
    Ok((ballot(line_round(&room.game), number, key, Some(option.to_owned())), Reply::Done))
}

fn ballot(round: u32, seat: u32, key: u64, option: Option<String>) -> Change {
    Change::of_ballot(BallotRow { round, seat, key, option })
}

/// The group of a seat, where groups talk among themselves now.
fn talking(room: &Room, number: u32) -> Result<RoleId, Refusal> {
    let seat = room.here(number).ok_or(Refusal::NoSeat)?;
    let talks = room.game.mode == Some(Mode::Factions) && room.game.phase.is_before() && !room.game.paused;
    seat.role.filter(|_| talks).ok_or(Refusal::NotNow)
}

/// Who has the most; between equals the lot.
fn elected(room: &Room, role: RoleId, count: &BTreeMap<u32, u32>) -> Event {
    let votes = count.values().copied().max().unwrap_or(0);
    let equals: Vec<u32> = count.iter().filter(|(_, of)| **of == votes).map(|(seat, _)| *seat).collect();
    let drawn = (equals.len() > 1).then(|| lot(room.seed, room.head + 1, equals.len()));
    let seat = equals.get(drawn.unwrap_or(0) as usize).copied();
    let role = room.role_ids.get(role.index()).cloned().unwrap_or_default();
    Event::ChairElected { role, seat, votes, drawn }
}

/// The teacher ends an election with those who have said something.
///
/// # Errors
///
/// Where the group has a chair or nobody has said anything.
pub fn elect(world: &World, room: &Room, role: &str) -> Result<Change, Refusal> {
    let role = world.story().role_named(role).ok_or(Refusal::NotOffered)?;
    let count = room.wanted(role);
    match room.chair(role).is_none() && !count.is_empty() {
        true => Ok(Change::of([elected(room, role, &count)])),
        false => Err(Refusal::NotNow),
    }
}

/// A group has no chair any more and may elect another.
///
/// # Errors
///
/// Where the seat is no chair.
pub fn unseat(room: &Room, seat: u32) -> Result<Change, Refusal> {
    let role = room.seats.get(&seat).and_then(|seat| seat.role).ok_or(Refusal::NotNow)?;
    if room.chair(role).is_none_or(|(chair, _)| chair != seat) {
        return Err(Refusal::NotNow);
    }
    let role = room.role_ids.get(role.index()).ok_or(Refusal::NotNow)?;
    Ok(Change::of([seated(role, None)]))
}

/// The line by which the teacher gives a group a chair back, or takes it away.
pub fn seated(role: &str, seat: Option<u32>) -> Event {
    Event::ChairElected { role: role.to_owned(), seat, votes: 0, drawn: None }
}

/// Whoever in a group has not voted is reminded.
///
/// # Errors
///
/// Where no vote is open, or all have voted.
pub fn nudge(world: &World, room: &Room, role: Option<&str>) -> Result<Change, Refusal> {
    let id = role.map(|role| world.story().role_named(role).ok_or(Refusal::NotOffered)).transpose()?;
    match room.missing(id).next() {
        Some(_) => Ok(Change::of([Event::Nudged { role: role.map(str::to_owned) }])),
        None => Err(Refusal::NotNow),
    }
}

/// Where groups talk: among themselves, with all, or between groups.
pub fn talk_of(name: &str) -> Option<Phase> {
    match name {
        "read" => Some(Phase::Read),
        "caucus" => Some(Phase::Caucus),
        "argue" => Some(Phase::Argue),
        "corridor" => Some(Phase::Corridor),
        _ => None,
    }
}
