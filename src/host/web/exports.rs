//! The debriefing, and what a teacher takes home: a table, a page to print, the log.

use std::fmt::Write as _;

use axum::extract::{Extension, State};
use axum::http::header::CONTENT_DISPOSITION;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;

use super::App;
use super::answer::{html, see, text};
use super::guard::{Caller, empty};
use crate::host::caucus::is_decision;
use crate::host::event::{Event, Mode};
use crate::host::hall::Lesson;
use crate::host::notes::is_over;
use crate::host::pages::debrief::{Debrief, report};
use crate::host::pages::writings::pledge;
use crate::host::room::Room;
use crate::host::rows::{NoteKind, NoteState};
use crate::host::world::{World, pick_id};
use crate::host::writer::now;

/// A student's debriefing: of the class, or of their own play.
pub async fn student_debrief(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
) -> Result<Response, Response> {
    let lesson = caller.lesson()?;
    let room = lesson.room();
    let play = room.seats.get(&caller.seat).and_then(|seat| room.play_of(&app.hall.world, seat, caller.tongue));
    let is_over = |play: &crate::engine::Play| play.state().is_over(&app.hall.world.tongue(caller.tongue).story);
    // Nobody looks ahead: how history went on is told when the story is over.
    let play = play.filter(|play| room.shows_others(now()) || is_over(play));
    let Some(play) = play else { return Ok(see(&format!("/s/{}", lesson.class.code))) };
    let tongue = app.hall.world.tongue(caller.tongue);
    let page = Debrief { tongue, room: &room, code: &lesson.class.code, teacher: false, play: Some(&play) };
    Ok(html(page.page()))
}

/// The teacher's.
pub async fn teacher_debrief(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
) -> Result<Response, Response> {
    let lesson = caller.lesson()?;
    let room = lesson.room();
    let tongue = app.hall.world.tongue(0);
    let page = Debrief { tongue, room: &room, code: &lesson.class.code, teacher: true, play: room.game.play() };
    Ok(html(page.page()))
}

/// As a file to keep, under a name.
pub fn as_file(mut response: Response, name: &str) -> Response {
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        response.headers_mut().insert(CONTENT_DISPOSITION, value);
    }
    response
}

/// The engine's report on the class's play, as one page to print.
pub async fn report_page(State(app): State<App>, Extension(caller): Extension<Caller>) -> Result<Response, Response> {
    let lesson = caller.lesson()?;
    let room = lesson.room();
    let tongue = app.hall.world.tongue(0);
    let first = room.seated().find_map(|(_, seat)| seat.play.clone());
    let Some(play) = room.game.plays.first().cloned().or(first) else { return Ok(empty(StatusCode::NOT_FOUND)) };
    let page = text("text/html; charset=utf-8", report(tongue, &play).into_string());
    Ok(as_file(page, &format!("petrograd-{}.html", lesson.class.code)))
}

/// One line per seat and decision.
pub async fn csv(State(app): State<App>, Extension(caller): Extension<Caller>) -> Result<Response, Response> {
    let lesson = caller.lesson()?;
    let unavailable = || empty(StatusCode::SERVICE_UNAVAILABLE);
    let ballots = app.hall.store.ballots(lesson.class.id).await.map_err(|_| unavailable())?;
    let log = app.hall.store.log(lesson.class.id).await.map_err(|_| unavailable())?;
    let events: Vec<Event> = log.iter().filter_map(|(_, _, line)| serde_json::from_str(line).ok()).collect();
    let room = lesson.room();
    let mut table = String::from("class,round,role,at,seat,name,choice\r\n");
    let code = &lesson.class.code;
    for ballot in ballots.iter().filter(|ballot| is_decision(ballot.round)) {
        let Some(seat) = room.seats.get(&ballot.seat) else { continue };
        let asked = events.iter().find_map(|event| match event {
            Event::DecisionOpened { round, asked, .. } if *round == ballot.round => Some(asked),
            _ => None,
        });
        let role = seat.role.map_or("", |role| app.hall.world.story().roles[role.index()].id.as_str());
        let at = asked
            .and_then(|asked| asked.iter().find(|asked| asked.role == role || role.is_empty()))
            .map_or("", |asked| &asked.at);
        let choice = ballot.option.as_deref().unwrap_or("(passed)");
        let cells =
            [code.as_str(), &ballot.round.to_string(), role, at, &ballot.seat.to_string(), &seat.row.alias, choice];
        row(&mut table, &cells);
    }
    if room.game.mode == Some(Mode::Alone) {
        alone(&mut table, &app.hall.world, &room, lesson);
    }
    Ok(as_file(text("text/csv; charset=utf-8", table), &format!("petrograd-{code}.csv")))
}

fn alone(table: &mut String, world: &World, room: &Room, lesson: &Lesson) {
    for (number, seat) in &room.seats {
        let Some(play) = &seat.play else { continue };
        for (turn, entry) in play.log().iter().enumerate() {
            let choice = pick_id(world.story(), entry.input.pick);
            if choice != "continue" {
                let role = &world.story().roles[entry.input.role.index()].id;
                row(
                    table,
                    &[
                        &lesson.class.code,
                        &turn.to_string(),
                        role,
                        &entry.at,
                        &number.to_string(),
                        &seat.row.alias,
                        &choice,
                    ],
                );
            }
        }
    }
}

/// A line of the table. What a spreadsheet would take for a formula is made words.
fn row(table: &mut String, cells: &[&str]) {
    for (place, cell) in cells.iter().enumerate() {
        let guard = if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
        let end = if place + 1 == cells.len() { "\r\n" } else { "," };
        let _ = write!(table, "\"{guard}{}\"{end}", cell.replace('"', "\"\""));
    }
}

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

/// The raw log, one JSON object a line.
pub async fn log(State(app): State<App>, Extension(caller): Extension<Caller>) -> Result<Response, Response> {
    let lesson = caller.lesson()?;
    let lines = app.hall.store.log(lesson.class.id).await.map_err(|_| empty(StatusCode::SERVICE_UNAVAILABLE))?;
    let mut body = String::new();
    for (seq, at, line) in lines {
        let _ = writeln!(body, "{{\"seq\":{seq},\"at\":{at},\"event\":{line}}}");
    }
    Ok(as_file(text("application/jsonl; charset=utf-8", body), &format!("petrograd-{}.jsonl", lesson.class.code)))
}
