//! What can be asked of a class, and whether it may be done: from a class and a command to what is
//! to be written, or to why not. Pure.

use std::collections::BTreeMap;

use super::caucus;
use super::event::{Event, Mode, Phase, Rules};
use super::notes::{self, Writing};
use super::practice::{self, is_practice};
use super::room::{Room, Sitting, Vote};
use super::rows::{BallotRow, Change, ClaimRow, NoteKind, NoteState, SeatRow};
use super::steer;
use super::world::{World, open_picks};
use crate::catalogue::Catalogue;
use crate::engine::{Input, Play};
use crate::tr;

/// Seconds for which a vote that closed by its timer still takes ballots that were under way.
pub const GRACE: u64 = 2_000;

/// What is asked of a class.
#[derive(Clone, Debug)]
pub enum Command {
    /// Somebody sits down.
    Join { alias: String, typed: bool, token_hash: String, words_hash: String },
    /// A device asks for a seat, by its words.
    Claim { words_hash: String, token_hash: String },
    /// A seat votes, or passes.
    Ballot(BallotRow),
    /// A seat that plays alone goes on.
    Step { seat: u32, turn: u32, option: String },
    /// A seat says whom it wants for the chair of its group.
    Chair { seat: u32, wanted: u32 },
    /// A seat says what it would have its group take.
    Line { seat: u32, option: String },
    /// A seat writes something.
    Note(Writing),
    /// A seat takes a pledge that was offered to it, or leaves it.
    Pledge { seat: u32, note: u32, takes: bool },
    /// The teacher steers; `expect` is what the buttons were drawn for.
    Steer { what: Steer, expect: Option<u64> },
    /// The clock: a vote whose time is up is closed.
    Tick,
}

/// What a teacher can do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Steer {
    /// The class begins its log.
    Create { seed: u64 },
    /// The story begins.
    Begin { mode: Mode, role: Option<String>, digest: bool },
    /// To another phase: reading, or one of those in which people talk.
    Phase(Phase),
    /// Ballots are taken.
    Open,
    /// They are counted.
    Close,
    /// The result is shown.
    Reveal,
    /// The story goes on.
    Advance,
    /// It goes on as history did, without a vote.
    Skip,
    /// Between equals.
    Break { role: String, option: String },
    /// Everybody stands up, or sits down again.
    Pause(bool),
    /// The vote closes so many seconds from now, or later by so many if a timer runs; 0 is off.
    Timer(u64),
    /// How decisions are taken.
    Rules(Rules),
    /// Nobody new comes in.
    Lock(bool),
    /// New seats need a tap.
    Tap(bool),
    /// Whether whoever comes late belongs to no group.
    Late(bool),
    /// Until when those who play alone can go on.
    Due(Option<u64>),
    /// Lets a waiting seat in, or all of them.
    Admit(Option<u32>),
    /// Takes a seat away.
    Remove(u32),
    /// Takes away all seats taken within so many milliseconds.
    RemoveSince(u64),
    /// Gives a seat back.
    Restore(u32),
    /// Gives a seat another name; an empty one means that its own may be shown.
    Rename(u32, String),
    /// Moves a seat to a group, or to the undecided.
    Move(u32, Option<String>),
    /// Makes a seat's cookie worthless and gives it new words.
    Reissue(u32, String),
    /// The first seat's device takes the second seat; the first is taken away.
    Merge(u32, u32),
    /// Answers a device that asks for a seat; the token is the device's.
    Answer { claim: u32, granted: bool, token_hash: String },
    /// What is to happen with a note.
    Note(u32, NoteState),
    /// Draws somebody of a group to speak.
    Speaker(Option<String>, u64),
    /// Draws three to speak.
    Speakers(u64),
    /// Shows on the projector who was drawn, or no longer.
    ShowSpeakers(bool),
    /// Ends the election of a group's chair with those who have voted.
    Elect(String),
    /// A seat chairs its group no longer.
    Unseat(u32),
    /// Reminds those of a group, or of the undecided, who have not voted.
    Nudge(Option<String>),
    /// Opens a vote on a trifle, or closes it.
    Practise(bool),
    /// Leads those who play alone to one place, or lets them go on.
    Gather(bool),
    /// Back to where things stood after a line.
    Rewind(u64),
    /// Takes the last command back.
    Undo,
    /// The lesson is over.
    End,
    /// It goes on after all.
    Resume,
    /// Names and ballots are deleted.
    Purge,
}

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// It was done, or had been.
    Done,
    /// A seat was taken.
    Seat(u32),
    /// A ballot counts: its number, and what counts now.
    Recorded { seq: u64, option: Option<String> },
}

/// Why a command was not carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Nobody new comes in.
    Locked,
    /// All seats are taken.
    Full,
    /// The seat is not one, or no longer.
    NoSeat,
    /// The vote is closed: at which line.
    VoteClosed(u64),
    /// It is not offered.
    NotOffered,
    /// What the button was drawn for is past.
    Stale,
    /// It can't be done now.
    NotNow,
    /// The lesson is over.
    Over,
    /// Nothing can be done with such words.
    BadText,
    /// The two words belong to no seat.
    NoWords,
    /// The database could not write it.
    Unsaved,
}

impl Refusal {
    /// Says it.
    pub fn describe(self, words: &Catalogue) -> String {
        match self {
            Refusal::Locked => tr!(words, "The door is shut. Ask your teacher."),
            Refusal::Full => tr!(words, "All seats are taken. Ask your teacher."),
            Refusal::NoSeat => tr!(words, "You have no seat here."),
            Refusal::VoteClosed(at) => tr!(words, "The vote was closed at no. {number}.", number = at),
            Refusal::NotOffered => tr!(words, "This can't be chosen now."),
            Refusal::Stale => tr!(words, "The class had gone on when you pressed that. Look again."),
            Refusal::NotNow => tr!(words, "This can't be done now."),
            Refusal::Over => tr!(words, "The lesson is over."),
            Refusal::BadText => tr!(words, "Please write something shorter, in plain letters."),
            Refusal::NoWords => tr!(words, "These two words belong to no seat."),
            Refusal::Unsaved => tr!(words, "This could not be written to the disk. Try again."),
        }
    }
}

/// What a class allows at most.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Seats.
    pub seats: usize,
}

/// Decides what a command writes, at a time (milliseconds since 1970).
///
/// # Errors
///
/// Returns a [`Refusal`] where it may not be done.
pub fn decide(
    world: &World,
    room: &Room,
    command: &Command,
    now: u64,
    limits: Limits,
) -> Result<(Change, Reply), Refusal> {
    let is_ticket = matches!(command, Command::Note(writing) if writing.kind == NoteKind::Ticket);
    if room.ended && !is_ticket && !matches!(command, Command::Steer { .. }) {
        return Err(Refusal::Over);
    }
    match command {
        Command::Join { alias, typed, token_hash, words_hash } => {
            join(world, room, limits, (alias, *typed), token_hash, words_hash)
        }
        Command::Claim { words_hash, token_hash } => claim(room, words_hash, token_hash),
        Command::Ballot(ballot) if is_practice(ballot.round) => practice::vote(room, ballot),
        Command::Ballot(ballot) => vote(world, room, ballot),
        Command::Step { seat, turn, option } => step(world, room, now, *seat, *turn, option),
        Command::Chair { seat, wanted } => caucus::want(room, *seat, *wanted),
        Command::Line { seat, option } => caucus::line(world, room, *seat, option),
        Command::Note(writing) => notes::write(world, room, writing),
        Command::Pledge { seat, note, takes } => notes::answer(room, *seat, *note, *takes),
        Command::Tick => {
            let due = room.game.timer.is_some_and(|until| now >= until + GRACE) && room.is_voting();
            if !due {
                return Err(Refusal::NotNow);
            }
            Ok((Change::of([steer::closing(world, room)]), Reply::Done))
        }
        Command::Steer { what, expect } => {
            if expect.is_some_and(|expect| expect != room.steered) {
                return Err(Refusal::Stale);
            }
            steer::steer(world, room, what, now).map(|change| (change, Reply::Done))
        }
    }
}

type Decided = Result<(Change, Reply), Refusal>;

fn join(world: &World, room: &Room, limits: Limits, name: (&str, bool), token: &str, words: &str) -> Decided {
    // A request that was sent twice finds its seat.
    if let Some((seat, _)) = room.seat_of(token) {
        return Ok((Change::default(), Reply::Seat(seat)));
    }
    if room.locked {
        return Err(Refusal::Locked);
    }
    // Whoever was taken away does not come back by pressing the button again.
    if room.seats.values().any(|seat| seat.row.token_hash == token) {
        return Err(Refusal::NoSeat);
    }
    let taken = room.seats.values().filter(|seat| seat.sitting != Sitting::Gone).count();
    if taken >= limits.seats {
        return Err(Refusal::Full);
    }
    let seat = room.seats.keys().last().map_or(1, |last| last + 1);
    let row = SeatRow {
        seat,
        alias: name.0.to_owned(),
        shown: !name.1,
        token_hash: token.to_owned(),
        words_hash: words.to_owned(),
    };
    let mut events = vec![Event::SeatOpened { seat, waiting: room.tap }];
    if let Some(role) = smallest_group(world, room) {
        events.push(Event::RoleAssigned { seat, role: Some(role) });
    }
    Ok((Change { events, seats: vec![row], ..Change::default() }, Reply::Seat(seat)))
}

/// The group with the fewest seats, once the story has begun in groups.
fn smallest_group(world: &World, room: &Room) -> Option<String> {
    if room.game.mode == Some(Mode::Class) {
        let role = room.game.roles.first()?;
        return Some(world.story().roles[role.index()].id.clone());
    }
    room.game.mode?;
    if room.late_undecided && room.game.mode == Some(Mode::Factions) {
        return None;
    }
    let size =
        |role: &&crate::story::model::RoleId| room.seated().filter(|(_, seat)| seat.role == Some(**role)).count();
    let role = room.game.roles.iter().min_by_key(size)?;
    Some(world.story().roles[role.index()].id.clone())
}

fn claim(room: &Room, words_hash: &str, token_hash: &str) -> Decided {
    let found = room.seats.values().find(|seat| seat.row.words_hash == words_hash && seat.sitting != Sitting::Gone);
    let seat = found.ok_or(Refusal::NoWords)?.row.seat;
    if room.claims.iter().any(|claim| claim.seat == seat) {
        return Err(Refusal::NotNow);
    }
    let claim = room.claimed + 1;
    let row = ClaimRow { claim, seat, token_hash: token_hash.to_owned() };
    let change = Change { events: vec![Event::Claimed { claim, seat }], claim: Some(row), ..Change::default() };
    Ok((change, Reply::Seat(seat)))
}

/// A ballot is written once by its key; an older key than the one that counts changes nothing.
fn vote(world: &World, room: &Room, ballot: &BallotRow) -> Decided {
    let seat = room.here(ballot.seat).ok_or(Refusal::NoSeat)?;
    if let Some(before) = repeated(&room.votes, ballot).filter(|_| ballot.round == room.rounds) {
        return Ok(before);
    }
    let round = room.game.round.as_ref().filter(|round| round.number == ballot.round);
    let round = round.filter(|_| room.is_voting()).ok_or(Refusal::VoteClosed(room.head))?;
    if let Some(option) = &ballot.option {
        let story = world.story();
        let offered = round.asked.iter().any(|asked| match seat.role {
            Some(role) => story.roles[role.index()].id == asked.role && asked.options.contains(option),
            None => {
                steer::is_hinge(story, &asked.at)
                    && option
                        .split_once('.')
                        .is_some_and(|(role, id)| role == asked.role && asked.options.iter().any(|option| option == id))
            }
        });
        if !offered {
            return Err(Refusal::NotOffered);
        }
    }
    Ok(recorded(room, ballot))
}

/// What a ballot answers whose number, or a higher one of its seat's, is recorded already.
pub fn repeated(votes: &BTreeMap<u32, Vote>, ballot: &BallotRow) -> Option<(Change, Reply)> {
    let vote = votes.get(&ballot.seat).filter(|vote| ballot.key <= vote.key)?;
    Some((Change::default(), Reply::Recorded { seq: vote.seq, option: vote.option.clone() }))
}

/// A ballot is written, and its number answered.
pub fn recorded(room: &Room, ballot: &BallotRow) -> (Change, Reply) {
    let reply = Reply::Recorded { seq: room.head + 1, option: ballot.option.clone() };
    (Change::of_ballot(ballot.clone()), reply)
}

fn step(world: &World, room: &Room, now: u64, number: u32, turn: u32, option: &str) -> Decided {
    let seat = room.here(number).ok_or(Refusal::NoSeat)?;
    let (Some(play), Some(role)) = (&seat.play, seat.role) else { return Err(Refusal::NotNow) };
    if turn < play.log().len() as u32 {
        return Ok((Change::default(), Reply::Done));
    }
    if room.due.is_some_and(|due| now > due) {
        return Err(Refusal::Over);
    }
    if room.game.paused || room.gathered {
        return Err(Refusal::NotNow);
    }
    let picks = open_picks(world.story(), play.state(), role);
    let pick = picks.iter().find(|(id, _)| id == option).ok_or(Refusal::NotOffered)?.1;
    let mut next = Play::clone(play);
    next.take(world.story(), Input { role, pick }).map_err(|_| Refusal::NotOffered)?;
    let state = super::game::checksum(&next);
    Ok((Change::of([Event::Stepped { seat: number, turn, option: option.to_owned(), state }]), Reply::Done))
}
