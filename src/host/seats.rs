//! What the teacher may do with seats. Pure.

use std::sync::Arc;

use super::command::{Refusal, Steer};
use super::count::lot;
use super::event::Event;
use super::room::{Room, Seat, Sitting};
use super::rows::{Change, NoteKind, NoteRow, NoteState, SeatRow};
use super::world::World;
use crate::story::model::RoleId;

/// Decides what a command about seats writes.
///
/// # Errors
///
/// Returns a [`Refusal`] where it may not be done.
pub fn steer(world: &World, room: &Room, what: &Steer, now: u64) -> Result<Change, Refusal> {
    let seat = |number: &u32| room.seats.get(number).ok_or(Refusal::NoSeat);
    match what {
        Steer::Admit(Some(number)) => {
            seat(number)?;
            Ok(Change::of([Event::SeatAdmitted { seat: *number }]))
        }
        Steer::Admit(None) => {
            let waiting = room.seats.iter().filter(|(_, seat)| seat.sitting == Sitting::Waiting);
            Ok(Change::of(waiting.map(|(number, _)| Event::SeatAdmitted { seat: *number })))
        }
        Steer::Remove(number) => {
            seat(number)?;
            Ok(Change::of([Event::SeatClosed { seat: *number }]))
        }
        Steer::RemoveSince(span) => {
            let recent = |(_, seat): &(&u32, &Arc<Seat>)| seat.sitting != Sitting::Gone && seat.stepped + span >= now;
            let recent = room.seats.iter().filter(recent);
            Ok(Change::of(recent.map(|(number, _)| Event::SeatClosed { seat: *number })))
        }
        Steer::Restore(number) => {
            seat(number)?;
            Ok(Change::of([Event::SeatReopened { seat: *number }]))
        }
        Steer::Rename(number, name) => {
            let row = &seat(number)?.row;
            let alias = if name.trim().is_empty() { row.alias.clone() } else { name.clone() };
            let alias = super::names::alias(&alias).ok_or(Refusal::BadText)?;
            changed(SeatRow { alias, shown: true, ..row.clone() })
        }
        Steer::Move(number, role) => {
            seat(number)?;
            let played = |id: &String| world.story().role_named(id).is_some_and(|role| room.game.roles.contains(&role));
            if role.as_ref().is_some_and(|id| !played(id)) {
                return Err(Refusal::NotOffered);
            }
            let mut change = Change::of([Event::RoleAssigned { seat: *number, role: role.clone() }]);
            // Whoever asked for another role has one now.
            let asked =
                room.notes_of(NoteKind::Swap).filter(|note| note.seat == *number && note.state == NoteState::New);
            for note in asked {
                change.events.push(Event::NoteChanged { note: note.note });
                change.notes.push(NoteRow { state: NoteState::Shown, ..note.clone() });
            }
            Ok(change)
        }
        Steer::Reissue(number, words_hash) => {
            let row = seat(number)?.row.clone();
            changed(SeatRow { token_hash: format!("void {}", row.seat), words_hash: words_hash.clone(), ..row })
        }
        Steer::Merge(from, into) => {
            if from == into {
                return Err(Refusal::NotNow);
            }
            let (from, into) = (seat(from)?.row.clone(), seat(into)?.row.clone());
            let kept = SeatRow { token_hash: from.token_hash.clone(), words_hash: from.words_hash.clone(), ..into };
            let gone = SeatRow { token_hash: format!("void {}", from.seat), words_hash: String::new(), ..from };
            let events = vec![
                Event::SeatClosed { seat: gone.seat },
                Event::SeatChanged { seat: gone.seat },
                Event::SeatChanged { seat: kept.seat },
            ];
            // In this order: no two rows hold one token at any time.
            Ok(Change { events, seats: vec![gone, kept], ..Change::default() })
        }
        Steer::Answer { claim, granted, token_hash } => {
            let found = room.claims.iter().find(|one| one.claim == *claim).ok_or(Refusal::NotNow)?;
            let mut change = Change::of([Event::ClaimAnswered { claim: *claim, granted: *granted }]);
            if *granted {
                let row = seat(&found.seat)?.row.clone();
                change.events.push(Event::SeatChanged { seat: found.seat });
                change.seats.push(SeatRow { token_hash: token_hash.clone(), ..row });
            }
            Ok(change)
        }
        Steer::Speaker(role, chance) => {
            let id = role.as_ref().and_then(|id| world.story().role_named(id));
            let group: Vec<u32> = room.seated().filter(|(_, seat)| seat.role == id).map(|(number, _)| number).collect();
            let drawn = usize::try_from(*chance).unwrap_or(0).checked_rem(group.len()).ok_or(Refusal::NotNow)?;
            Ok(Change::of([Event::SpeakerDrawn { role: role.clone(), seat: group[drawn] }]))
        }
        Steer::Speakers(chance) => Ok(Change::of([Event::SpeakersDrawn { seats: three(room, *chance)? }])),
        Steer::ShowSpeakers(on) => match room.game.speakers.is_empty() {
            true => Err(Refusal::NotNow),
            false => Ok(Change::of([Event::SpeakersShown { on: *on }])),
        },
        _ => Err(Refusal::NotNow),
    }
}

/// Three of those who sit here, of different groups as far as there are any.
fn three(room: &Room, chance: u64) -> Result<Vec<u32>, Refusal> {
    let mut left: Vec<(u32, Option<RoleId>)> = room.seated().map(|(number, seat)| (number, seat.role)).collect();
    let mut drawn: Vec<(u32, Option<RoleId>)> = Vec::new();
    while drawn.len() < 3 && !left.is_empty() {
        let is_new = |role: &Option<RoleId>| drawn.iter().all(|(_, known)| known != role);
        let mut among: Vec<usize> = (0..left.len()).filter(|&place| is_new(&left[place].1)).collect();
        if among.is_empty() {
            among = (0..left.len()).collect();
        }
        let place = lot(chance, drawn.len() as u64, among.len()) as usize;
        drawn.push(left.remove(among[place]));
    }
    match drawn.is_empty() {
        true => Err(Refusal::NotNow),
        false => Ok(drawn.into_iter().map(|(number, _)| number).collect()),
    }
}

fn changed(row: SeatRow) -> Result<Change, Refusal> {
    Ok(Change { events: vec![Event::SeatChanged { seat: row.seat }], seats: vec![row], ..Change::default() })
}
