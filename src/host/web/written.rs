//! What was written, and who has finished: tables for a teacher.

use axum::extract::{Extension, State};
use axum::response::Response;

use super::App;
use super::answer::text;
use super::exports::as_file;
use super::guard::Caller;
use super::table::row;
use crate::host::notes::is_over;
use crate::host::pages::writings::pledge;
use crate::host::rows::{NoteKind, NoteState};
use crate::host::world::pick_id;

/// What was written: tickets, reasons, notes, questions, pledges, what minorities said.
pub async fn words(State(app): State<App>, Extension(caller): Extension<Caller>) -> Result<Response, Response> {
    let lesson = caller.lesson()?;
    let (room, tongue) = (lesson.room(), app.hall.world.tongue(0));
    let mut table = String::from("class,kind,role,seat,name,to,words,state\r\n");
    for note in room.notes.values() {
        let seat = room.seats.get(&note.seat);
        let role = seat.and_then(|seat| seat.role).map_or("", |role| tongue.story.roles[role.index()].id.as_str());
        let state = match note.state {
            NoteState::New => "new",
            NoteState::Shown => "shown",
            NoteState::Dropped => "dropped",
            NoteState::Private => "private",
        };
        let text = match (note.kind, room.game.play()) {
            (NoteKind::Pledge, Some(play)) => pledge(&tongue.words, &tongue.story, play.state(), &note.text),
            _ => note.text.clone(),
        };
        // Whoever was outvoted voted so in confidence: the sentence stands without its seat.
        let is_open = note.kind != NoteKind::Minority;
        let number = if is_open { note.seat.to_string() } else { String::new() };
        let name = seat.filter(|_| is_open).map_or("", |seat| seat.row.alias.as_str());
        row(&mut table, &[&lesson.class.code, note.kind.name(), role, &number, name, &note.whom, &text, state]);
    }
    Ok(as_file(text("text/csv; charset=utf-8", table), &format!("petrograd-{}-words.csv", lesson.class.code)))
}

/// Who has come to an end, by name in class and nothing else.
pub async fn completion(State(app): State<App>, Extension(caller): Extension<Caller>) -> Result<Response, Response> {
    let lesson = caller.lesson()?;
    let (room, story) = (lesson.room(), app.hall.world.story());
    let mut table = String::from("class,name,complete,choices\r\n");
    for (number, seat) in room.seated() {
        let play = seat.play.as_deref().or_else(|| room.game.play());
        let steps = play.map_or(0, |play| {
            let of = |entry: &&crate::engine::Entry| pick_id(story, entry.input.pick) != "continue";
            play.log().iter().filter(of).count()
        });
        let complete = if is_over(&app.hall.world, &room, number) { "yes" } else { "no" };
        row(&mut table, &[&lesson.class.code, &seat.row.alias, complete, &steps.to_string()]);
    }
    Ok(as_file(text("text/csv; charset=utf-8", table), &format!("petrograd-{}-completion.csv", lesson.class.code)))
}
