//! A student's page, and what it sends.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Extension, Form, Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Deserialize;
use tokio::sync::watch;

use super::App;
use super::answer::{html, see, text, with_cookie, with_status};
use super::guard::{Caller, empty};
use super::live::{Follow, Screen, Since, poll};
use crate::host::command::{Command, Refusal, Reply};
use crate::host::hall::Lesson;
use crate::host::notes::Writing;
use crate::host::pages::{self, student};
use crate::host::rows::{BallotRow, NoteKind};
use crate::host::world::World;

/// A ballot as it is sent.
#[derive(Deserialize)]
pub struct Ballot {
    round: u32,
    key: u64,
    #[serde(default)]
    option: String,
}

/// A step of somebody who plays alone.
#[derive(Deserialize)]
pub struct Step {
    turn: u32,
    option: String,
    #[serde(default)]
    reason: String,
}

/// Whom a seat wants for its group's chair.
#[derive(Deserialize)]
pub struct Wanted {
    seat: u32,
}

/// What a seat would have its group take.
#[derive(Deserialize)]
pub struct Line {
    option: String,
}

/// Something to the chair of a group, to another seat, or to the teacher.
#[derive(Deserialize)]
pub struct Written {
    kind: String,
    #[serde(default)]
    whom: String,
    #[serde(default)]
    text: String,
}

/// An answer to a pledge.
#[derive(Deserialize)]
pub struct Answer {
    note: u32,
    #[serde(default)]
    takes: String,
}

/// A note to the teacher.
#[derive(Deserialize)]
pub struct Note {
    #[serde(default)]
    text: String,
    #[serde(default)]
    private: String,
}

/// What a student's page is drawn from.
fn drawn(app: &App, caller: &Caller, lesson: &Lesson, notice: Option<&str>) -> maud::Markup {
    let room = lesson.room();
    let seen = student::Seen { world: &app.hall.world, room: &room, code: &lesson.class.code, tongue: caller.tongue };
    seen.view(caller.seat, caller.token.as_deref(), notice)
}

/// The page.
pub async fn page(State(app): State<App>, Extension(caller): Extension<Caller>) -> Result<Response, Response> {
    let lesson = caller.lesson()?;
    let tongue = app.hall.world.tongue(caller.tongue);
    let main = drawn(&app, &caller, lesson, None);
    Ok(html(student::page(&app.hall.world, tongue, &lesson.class.code, &main)))
}

/// The page's inside, if it is another than the one that the browser has.
pub async fn view(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Query(since): Query<Since>,
) -> Result<Response, Response> {
    let lesson = caller.lesson()?;
    let room = lesson.room();
    let seq = room.seats.get(&caller.seat).map_or(0, |seat| room.seen(seat));
    Ok(poll(since.since, seq, || drawn(&app, &caller, lesson, None)))
}

/// The same, as a stream.
pub async fn stream(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Query(since): Query<Since>,
) -> Result<Response, Response> {
    let lesson = caller.lesson()?.clone();
    let screens = lesson.shown.screens.clone();
    let number = lesson.opens(caller.seat);
    Ok(super::live::stream(Following { app, caller, lesson, screens, number, sent: since.since }))
}

/// A student who follows the class.
struct Following {
    app: App,
    caller: Caller,
    lesson: Arc<Lesson>,
    screens: watch::Receiver<u64>,
    number: u64,
    sent: u64,
}

impl Follow for Following {
    fn screen(&mut self) -> Option<Screen> {
        self.screens.mark_unchanged();
        self.lesson.heard(self.caller.seat);
        let room = self.lesson.room();
        let seq = room.seats.get(&self.caller.seat).map_or(0, |seat| room.seen(seat));
        if seq == self.sent {
            return None;
        }
        self.sent = seq;
        Some((seq, drawn(&self.app, &self.caller, &self.lesson, None).into_string()))
    }

    async fn changed(&mut self) -> bool {
        self.screens.changed().await.is_ok()
    }

    fn may_stay(&self) -> bool {
        let room = self.lesson.room();
        let token = self.caller.token.as_deref().map(crate::host::secret::hash);
        let is_theirs = token.is_some_and(|hash| room.seat_of(&hash).is_some_and(|(seat, _)| seat == self.caller.seat));
        is_theirs && self.lesson.may_stay(self.caller.seat, self.number)
    }

    fn pace(&self) -> Duration {
        Duration::from_millis(50)
    }
}

impl Drop for Following {
    fn drop(&mut self) {
        self.lesson.closes(self.caller.seat);
    }
}

/// Whether the page's script asks, and not a form.
pub fn is_script(headers: &HeaderMap) -> bool {
    headers.get("x-live").is_some()
}

/// After a form: to the page, or, for the script, the page's inside.
fn answer(app: &App, caller: &Caller, lesson: &Lesson, headers: &HeaderMap, done: Result<Reply, Refusal>) -> Response {
    let words = &app.hall.world.tongue(caller.tongue).words;
    match (is_script(headers), done) {
        (true, Ok(_)) => html(drawn(app, caller, lesson, None)),
        (true, Err(Refusal::Unsaved)) => empty(StatusCode::SERVICE_UNAVAILABLE),
        (false, Ok(_)) => see(&format!("/s/{}", lesson.class.code)),
        (_, Err(refusal)) => {
            let status = match refusal {
                Refusal::Unsaved => StatusCode::SERVICE_UNAVAILABLE,
                _ => StatusCode::CONFLICT,
            };
            refused(app, caller, lesson, headers, (status, &refusal.describe(words)))
        }
    }
}

/// The page with a notice why something was not done; for the script, its inside.
fn refused(
    app: &App,
    caller: &Caller,
    lesson: &Lesson,
    headers: &HeaderMap,
    (status, notice): (StatusCode, &str),
) -> Response {
    let main = drawn(app, caller, lesson, Some(notice));
    if is_script(headers) {
        return with_status(status, main);
    }
    let tongue = app.hall.world.tongue(caller.tongue);
    with_status(status, student::page(&app.hall.world, tongue, &lesson.class.code, &main))
}

/// A vote. To a program (`Accept: application/json`) the number of the ballot that counts, and what it is.
pub async fn ballot(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    Form(ballot): Form<Ballot>,
) -> Result<Response, Response> {
    let lesson = caller.lesson()?;
    let option = Some(ballot.option).filter(|option| option != "pass" && !option.is_empty());
    let key = ballot.key.min(i64::MAX as u64);
    let row = BallotRow { round: ballot.round, seat: caller.seat, key, option };
    let done = lesson.ask(Command::Ballot(row)).await;
    let is_program = headers.get("accept").is_some_and(|accept| accept.as_bytes().starts_with(b"application/json"));
    if is_program {
        return Ok(match done {
            Ok(Reply::Recorded { seq, option }) => {
                let room = lesson.room();
                let closes_in = room.game.timer.map(|until| until.saturating_sub(crate::host::writer::now()));
                let body = serde_json::json!({ "seq": seq, "effective": option, "closes_in": closes_in });
                text("application/json", body.to_string())
            }
            Ok(_) => empty(StatusCode::OK),
            Err(Refusal::Unsaved) => empty(StatusCode::SERVICE_UNAVAILABLE),
            Err(refusal) => {
                let words = &app.hall.world.tongue(caller.tongue).words;
                let mut response =
                    text("application/json", serde_json::json!({ "error": refusal.describe(words) }).to_string());
                *response.status_mut() = StatusCode::CONFLICT;
                response
            }
        });
    }
    Ok(answer(&app, &caller, lesson, &headers, done))
}

/// Somebody who plays alone goes on.
pub async fn step(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    Form(step): Form<Step>,
) -> Result<Response, Response> {
    let lesson = caller.lesson()?;
    let room = lesson.room();
    let tongue = app.hall.world.tongue(caller.tongue);
    if student::asks_reason(app.hall.world.story(), &room, caller.seat, &step.option) {
        if step.reason.split_whitespace().count() < student::REASON {
            let notice = crate::tr!(tongue.words, "Write your reason first, in ten words or more.");
            return Ok(refused(&app, &caller, lesson, &headers, (StatusCode::CONFLICT, &notice)));
        }
        let whom = student::place_of(app.hall.world.story(), &room, caller.seat).to_owned();
        let (seat, kind) = (caller.seat, NoteKind::Reason);
        let reason = Command::Note(Writing { seat, kind, whom, text: step.reason, private: true });
        if let Err(refusal) = lesson.ask(reason).await {
            return Ok(answer(&app, &caller, lesson, &headers, Err(refusal)));
        }
    }
    let done = lesson.ask(Command::Step { seat: caller.seat, turn: step.turn, option: step.option }).await;
    Ok(answer(&app, &caller, lesson, &headers, done))
}

/// A vote for the chair of the group.
pub async fn chair(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    Form(wanted): Form<Wanted>,
) -> Result<Response, Response> {
    let lesson = caller.lesson()?;
    let done = lesson.ask(Command::Chair { seat: caller.seat, wanted: wanted.seat }).await;
    Ok(answer(&app, &caller, lesson, &headers, done))
}

/// A straw vote of the group.
pub async fn line(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    Form(line): Form<Line>,
) -> Result<Response, Response> {
    let lesson = caller.lesson()?;
    let done = lesson.ask(Command::Line { seat: caller.seat, option: line.option }).await;
    Ok(answer(&app, &caller, lesson, &headers, done))
}

/// A note to the teacher.
pub async fn note(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    Form(note): Form<Note>,
) -> Result<Response, Response> {
    let lesson = caller.lesson()?;
    let private = !note.private.is_empty();
    let (seat, kind, whom) = (caller.seat, NoteKind::Note, String::new());
    let done = lesson.ask(Command::Note(Writing { seat, kind, whom, text: note.text, private })).await;
    Ok(answer(&app, &caller, lesson, &headers, done))
}

/// Something to the chair of a group, to another seat, or to the teacher.
pub async fn write(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    Form(written): Form<Written>,
) -> Result<Response, Response> {
    let lesson = caller.lesson()?;
    let kind = match written.kind.as_str() {
        "question" => NoteKind::Question,
        "pledge" => NoteKind::Pledge,
        "ticket" => NoteKind::Ticket,
        "minority" => NoteKind::Minority,
        "swap" => NoteKind::Swap,
        _ => return Ok(answer(&app, &caller, lesson, &headers, Err(Refusal::NotOffered))),
    };
    let (seat, whom, text) = (caller.seat, written.whom, written.text);
    let done = lesson.ask(Command::Note(Writing { seat, kind, whom, text, private: false })).await;
    Ok(answer(&app, &caller, lesson, &headers, done))
}

/// A pledge is taken, or left.
pub async fn pledge(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    Form(given): Form<Answer>,
) -> Result<Response, Response> {
    let lesson = caller.lesson()?;
    let done = lesson.ask(Command::Pledge { seat: caller.seat, note: given.note, takes: given.takes == "yes" }).await;
    Ok(answer(&app, &caller, lesson, &headers, done))
}

/// All persons, places and terms.
pub async fn codex(State(app): State<App>, Extension(caller): Extension<Caller>) -> Result<Response, Response> {
    let lesson = caller.lesson()?;
    Ok(html(pages::codex::all(app.hall.world.tongue(caller.tongue), &lesson.class.code)))
}

/// One of them.
pub async fn entry(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path((_, kind, id)): Path<(String, String, String)>,
) -> Result<Response, Response> {
    let lesson = caller.lesson()?;
    let room = lesson.room();
    let world: &World = &app.hall.world;
    let seat = room.seats.get(&caller.seat);
    let play = seat.and_then(|seat| room.play_of(world, seat, caller.tongue));
    let role = seat.and_then(|seat| seat.role);
    let reader = pages::codex::Reader { tongue: world.tongue(caller.tongue), code: &lesson.class.code, role, play };
    Ok(match reader.entry(&kind, &id) {
        Some(page) => html(page),
        None => empty(StatusCode::NOT_FOUND),
    })
}

/// Another language from now on.
pub async fn language(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path((_, language)): Path<(String, String)>,
) -> Result<Response, Response> {
    let lesson = caller.lesson()?;
    let place = app.hall.world.place(&language);
    let language = &app.hall.world.tongue(place).language;
    Ok(with_cookie(see(&format!("/s/{}", lesson.class.code)), "lang", language, app.options.days))
}
