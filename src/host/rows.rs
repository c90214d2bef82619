//! What is written at once, and the rows that stand beside the log: names, notes, ballots.

use serde::{Deserialize, Serialize};

use super::event::Event;

/// A seat's name and token. Erased by a purge.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeatRow {
    /// Its number.
    pub seat: u32,
    /// What the student is called here.
    pub alias: String,
    /// Whether others may see the name: a typed one waits until the teacher has.
    pub shown: bool,
    /// The hash of the token in the student's cookie.
    pub token_hash: String,
    /// The hash of the two words that take the seat to another device.
    pub words_hash: String,
}

/// To what end something was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoteKind {
    /// To the screen, or to the teacher.
    Note,
    /// From somebody undecided to the chair of a group: to a role, by id.
    Question,
    /// What one seat promises another: to a seat, by number.
    Pledge,
    /// One sentence at the end, to the teacher.
    Ticket,
    /// Why somebody who plays alone chose what they chose: at a place, by id.
    Reason,
    /// A seat would play another role, and need not say why.
    Swap,
    /// What those say who were outvoted: of a round and a role.
    Minority,
}

impl NoteKind {
    const ALL: [NoteKind; 7] = [
        NoteKind::Note,
        NoteKind::Question,
        NoteKind::Pledge,
        NoteKind::Ticket,
        NoteKind::Reason,
        NoteKind::Swap,
        NoteKind::Minority,
    ];

    /// As it stands in the database.
    pub fn number(self) -> i64 {
        self as i64
    }

    /// From the database.
    pub fn from_number(number: i64) -> NoteKind {
        let place = usize::try_from(number).unwrap_or(0);
        NoteKind::ALL.get(place).copied().unwrap_or(NoteKind::Note)
    }

    /// Its name in tables.
    pub fn name(self) -> &'static str {
        match self {
            NoteKind::Note => "note",
            NoteKind::Question => "question",
            NoteKind::Pledge => "pledge",
            NoteKind::Ticket => "exit ticket",
            NoteKind::Reason => "reason",
            NoteKind::Swap => "another role",
            NoteKind::Minority => "minority",
        }
    }

    /// So many of them a seat may write in a lesson.
    pub fn most(self) -> usize {
        match self {
            NoteKind::Reason => 80,
            _ => 20,
        }
    }

    /// Whether another student's screen changes with it.
    pub fn concerns_screens(self) -> bool {
        matches!(self, NoteKind::Question | NoteKind::Pledge)
    }
}

/// Something that a seat wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteRow {
    /// Its number.
    pub note: u32,
    /// From whom.
    pub seat: u32,
    /// To what end.
    pub kind: NoteKind,
    /// To whom or of what, as its kind has it.
    pub whom: String,
    /// What it says.
    pub text: String,
    /// What is to happen with it.
    pub state: NoteState,
}

/// What is to happen with a note.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoteState {
    /// The teacher has not said.
    New,
    /// It is on the projector, or where its kind belongs; a pledge was taken.
    Shown,
    /// It was put away; a pledge was not taken.
    Dropped,
    /// It is for the teacher alone.
    Private,
}

impl NoteState {
    /// As it stands in the database.
    pub fn number(self) -> i64 {
        match self {
            NoteState::New => 0,
            NoteState::Shown => 1,
            NoteState::Dropped => 2,
            NoteState::Private => 3,
        }
    }

    /// From the database.
    pub fn from_number(number: i64) -> NoteState {
        match number {
            1 => NoteState::Shown,
            2 => NoteState::Dropped,
            3 => NoteState::Private,
            _ => NoteState::New,
        }
    }
}

/// A ballot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BallotRow {
    /// Of which round.
    pub round: u32,
    /// Whose.
    pub seat: u32,
    /// The seat's own number for it.
    pub key: u64,
    /// What was taken, by id; nothing where the seat passed.
    pub option: Option<String>,
}

/// A device that asks for a seat: the hash of the token that it holds already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimRow {
    /// Its number.
    pub claim: u32,
    /// Which seat.
    pub seat: u32,
    /// The hash of its token.
    pub token_hash: String,
}

/// What puts seats back as they were before the teacher's last command. It holds names, so it stands
/// beside the log as they do, and a purge erases it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undo {
    /// Lines of the log.
    pub events: Vec<Event>,
    /// Seats' rows, as they were.
    pub seats: Vec<SeatRow>,
}

/// All that one command writes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// Lines of the log.
    pub events: Vec<Event>,
    /// Seats' rows, new or changed.
    pub seats: Vec<SeatRow>,
    /// Notes, new or changed.
    pub notes: Vec<NoteRow>,
    /// A ballot.
    pub ballot: Option<BallotRow>,
    /// A device that asks.
    pub claim: Option<ClaimRow>,
    /// Whether names, tokens, notes and ballots are deleted.
    pub purge: bool,
}

impl Change {
    /// Lines of the log and nothing else.
    pub fn of(events: impl IntoIterator<Item = Event>) -> Change {
        Change { events: events.into_iter().collect(), ..Change::default() }
    }

    /// A ballot and nothing else.
    pub fn of_ballot(ballot: BallotRow) -> Change {
        Change { ballot: Some(ballot), ..Change::default() }
    }
}

impl From<Undo> for Change {
    fn from(undo: Undo) -> Change {
        Change { events: undo.events, seats: undo.seats, ..Change::default() }
    }
}
