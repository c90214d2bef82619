//! What students write: to the screen, to a group's chair, to each other, to the teacher. Pure.
//!
//! Like names, what was written stands beside the log; the log says only that something was.

use super::command::{Refusal, Reply};
use super::event::{Event, Mode, Phase};
use super::room::Room;
use super::rows::{Change, NoteKind, NoteRow, NoteState};
use super::world::World;

/// Letters of a note, at most.
const LONGEST: usize = 280;

/// What a seat writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Writing {
    /// Who writes.
    pub seat: u32,
    /// To what end.
    pub kind: NoteKind,
    /// To whom or of what: see [`NoteKind`].
    pub whom: String,
    /// The words.
    pub text: String,
    /// Whether a note is for the teacher alone.
    pub private: bool,
}

/// What can be pledged without naming an option; an option is pledged as `vote ROLE AT OPTION`.
pub const PLEDGES: [&str; 4] = ["as_you", "pass", "speak", "hear"];

/// Decides what a writing becomes.
///
/// # Errors
///
/// Where it may not be written now, or not in such words.
pub fn write(world: &World, room: &Room, writing: &Writing) -> Result<(Change, Reply), Refusal> {
    let Writing { seat, kind, whom, .. } = writing;
    room.here(*seat).ok_or(Refusal::NoSeat)?;
    let of_kind = |note: &&std::sync::Arc<NoteRow>| note.seat == *seat && note.kind == *kind;
    if room.notes.values().filter(of_kind).count() >= kind.most() {
        return Err(Refusal::NotNow);
    }
    // Some are written once, and written anew they take the place of what was.
    let mut once = room.notes.values().filter(of_kind).filter(|note| note.whom == *whom);
    let number = match kind {
        NoteKind::Ticket | NoteKind::Minority => once.next().map(|note| note.note),
        NoteKind::Swap | NoteKind::Pledge
            if once.any(|note| note.state == NoteState::New && note.text == writing.text) =>
        {
            return Ok((Change::default(), Reply::Done));
        }
        _ => None,
    };
    if !may_write(world, room, writing) {
        return Err(Refusal::NotNow);
    }
    let text = match kind {
        NoteKind::Swap => String::new(),
        NoteKind::Pledge => writing.text.clone(),
        _ => super::names::plain_text(&writing.text, LONGEST).ok_or(Refusal::BadText)?,
    };
    let private = matches!(kind, NoteKind::Ticket | NoteKind::Reason) || writing.private;
    let note = number.unwrap_or_else(|| room.notes.keys().last().map_or(1, |last| last + 1));
    let state = if private { NoteState::Private } else { NoteState::New };
    Ok((changed(NoteRow { note, seat: *seat, kind: *kind, whom: whom.clone(), text, state }), Reply::Done))
}

/// A note's row and the line that says so.
pub fn changed(row: NoteRow) -> Change {
    Change { events: vec![Event::NoteChanged { note: row.note }], notes: vec![row], ..Change::default() }
}

fn may_write(world: &World, room: &Room, writing: &Writing) -> bool {
    let Writing { seat: number, kind, whom, text, .. } = writing;
    let Some(seat) = room.seats.get(number) else { return false };
    let (game, groups) = (&room.game, room.game.mode == Some(Mode::Factions));
    match kind {
        NoteKind::Note => true,
        NoteKind::Reason => game.mode == Some(Mode::Alone),
        NoteKind::Question => {
            let asked = world.story().role_named(whom).is_some_and(|role| game.roles.contains(&role));
            groups && seat.role.is_none() && asked && game.phase.is_before()
        }
        NoteKind::Pledge => {
            let other = whom.parse::<u32>().ok().filter(|other| other != number);
            let here = other.is_some_and(|other| room.here(other).is_some());
            groups && here && game.phase == Phase::Corridor && !game.paused && can_pledge(world, room, *number, text)
        }
        NoteKind::Swap => groups && seat.role.is_some(),
        NoteKind::Ticket => !room.purged && (room.ended || room.gathered || is_over(world, room, *number)),
        NoteKind::Minority => room.minority(*number).is_some_and(|lost| lost == *whom),
    }
}

/// Whether the story is over for a seat.
pub fn is_over(world: &World, room: &Room, number: u32) -> bool {
    let seat = room.seats.get(&number);
    let own = seat.and_then(|seat| seat.play.as_ref()).is_some_and(|play| play.state().is_over(world.story()));
    own || room.game.phase == Phase::Over
}

/// Whether a seat can pledge this: a form of words, or an option that is open to its group.
fn can_pledge(world: &World, room: &Room, number: u32, text: &str) -> bool {
    let role = room.seats.get(&number).and_then(|seat| seat.role);
    let id = role.and_then(|role| room.role_ids.get(role.index()));
    let questions = room.game.questions(world.story());
    let own = questions.iter().find(|asked| Some(&asked.role) == id);
    PLEDGES.contains(&text)
        || own.is_some_and(|asked| {
            asked.options.iter().any(|option| *text == format!("vote {} {} {option}", asked.role, asked.at))
        })
}

/// A seat takes or leaves a pledge that was offered to it.
///
/// # Errors
///
/// Where it was offered to somebody else, or is answered already.
pub fn answer(room: &Room, seat: u32, note: u32, takes: bool) -> Result<(Change, Reply), Refusal> {
    let row = room.notes.get(&note).filter(|row| row.kind == NoteKind::Pledge).ok_or(Refusal::NotOffered)?;
    if row.whom != seat.to_string() || row.state != NoteState::New {
        return Err(Refusal::NotOffered);
    }
    let state = if takes { NoteState::Shown } else { NoteState::Dropped };
    Ok((changed(NoteRow { state, ..NoteRow::clone(row) }), Reply::Done))
}

impl Room {
    /// The decision in which a seat was outvoted, while its result is shown: its round and role.
    pub fn minority(&self, number: u32) -> Option<String> {
        let round = self.game.round.as_ref().filter(|_| self.game.phase == Phase::Revealed && !self.ended)?;
        let role = self.role_ids.get(self.seats.get(&number)?.role?.index())?;
        let winner = round.counted_of(role)?.winner.as_ref()?;
        let option = self.votes.get(&number)?.option.as_ref()?;
        (option != winner).then(|| format!("{} {role}", round.number))
    }

    /// A line that tells of a note: whoever is concerned sees something new.
    pub(super) fn note_line(&mut self, world: &World, seq: u64, number: u32) {
        let Some(note) = self.notes.get(&number).cloned() else { return };
        let mut seats = vec![note.seat];
        match note.kind {
            NoteKind::Question => {
                let role = world.story().role_named(&note.whom);
                seats.extend(self.group(role).map(|(number, _)| number));
            }
            NoteKind::Pledge => seats.extend(note.whom.parse::<u32>()),
            NoteKind::Note | NoteKind::Reason => return,
            NoteKind::Ticket | NoteKind::Swap | NoteKind::Minority => {}
        }
        self.touch(seats, seq);
    }

    /// Notes of a kind.
    pub fn notes_of(&self, kind: NoteKind) -> impl Iterator<Item = &NoteRow> + '_ {
        self.notes.values().map(|note| &**note).filter(move |note| note.kind == kind)
    }
}
