//! The debriefing, and what a teacher takes home: a table, a page to print, the log.

use std::fmt::Write as _;

use axum::extract::{Extension, State};
use axum::http::header::CONTENT_DISPOSITION;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;

use super::App;
use super::answer::{html, see, text};
use super::guard::{Caller, empty};
use super::table::Table;
use crate::host::event::Event;
use crate::host::pages::debrief::{Debrief, report};
use crate::host::pages::paper::Paper;
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
    let page =
        Debrief { tongue, room: &room, code: &lesson.class.code, teacher: false, play: Some(&play), file: false };
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
    let page =
        Debrief { tongue, room: &room, code: &lesson.class.code, teacher: true, play: room.game.play(), file: false };
    Ok(html(page.page()))
}

/// The teacher's, as a file to keep and to print.
pub async fn debrief_file(State(app): State<App>, Extension(caller): Extension<Caller>) -> Result<Response, Response> {
    let lesson = caller.lesson()?;
    let room = lesson.room();
    let tongue = app.hall.world.tongue(0);
    let page =
        Debrief { tongue, room: &room, code: &lesson.class.code, teacher: true, play: room.game.play(), file: true };
    let page = text("text/html; charset=utf-8", page.page().into_string());
    Ok(as_file(page, &format!("petrograd-{}-debriefing.html", lesson.class.code)))
}

/// The page to print for a lesson without a network.
pub async fn paper(State(app): State<App>, Extension(caller): Extension<Caller>) -> Result<Response, Response> {
    let lesson = caller.lesson()?;
    let room = lesson.room();
    let (tongue, code) = (app.hall.world.tongue(0), Some(lesson.class.code.as_str()));
    Ok(html(Paper { tongue, code, play: room.game.play(), story: app.options.story.as_deref(), file: false }.page()))
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
    let code = &lesson.class.code;
    let table = Table { tongue: app.hall.world.tongue(0), room: &room, code }.of(&events, &ballots);
    Ok(as_file(text("text/csv; charset=utf-8", table), &format!("petrograd-{code}.csv")))
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
