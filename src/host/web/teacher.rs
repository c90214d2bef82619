//! The console, and what its buttons do.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Extension, Form, Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Deserialize;
use tokio::sync::watch;

use super::App;
use super::answer::{html, see, with_cookie, with_status};
use super::guard::{Caller, too_many};
use super::live::{Follow, Screen, Since, poll};
use super::student::is_script;
use crate::host::caucus::talk_of;
use crate::host::command::{Command, Refusal, Steer};
use crate::host::event::{Mode, Rule, Rules, Secrecy, Tie};
use crate::host::hall::Lesson;
use crate::host::pages::console::{Desk, door as door_page, page as frame};
use crate::host::pages::watch::watch;
use crate::host::room::Room;
use crate::host::rows::NoteState;
use crate::host::store::TeacherToken;
use crate::host::writer::now;
use crate::host::{names, secret};
use crate::tr;

/// A button of the console.
#[derive(Debug, Default, Deserialize)]
pub struct Act {
    #[serde(rename = "do")]
    what: String,
    expect: Option<u64>,
    #[serde(default)]
    mode: String,
    #[serde(default)]
    role: String,
    #[serde(default)]
    digest: String,
    #[serde(default)]
    option: String,
    #[serde(default)]
    text: String,
    seconds: Option<u64>,
    seat: Option<u32>,
    other: Option<u32>,
    claim: Option<u32>,
    note: Option<u32>,
    from: Option<u64>,
    #[serde(default)]
    rule: String,
    #[serde(default)]
    tie: String,
    #[serde(default)]
    secrecy: String,
}

/// A link's secret.
#[derive(Deserialize)]
pub struct Secret {
    #[serde(default)]
    secret: String,
}

/// Where the secret of a link is brought in: it stands after `#`, which browsers send to nobody.
pub async fn door(State(app): State<App>) -> Response {
    html(door_page(&app.hall.world, None))
}

/// A secret becomes a cookie, once.
pub async fn enter(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Form(brought): Form<Secret>,
) -> Response {
    if !app.limits.may_guess(caller.browser.as_deref(), caller.address) {
        return too_many(&app);
    }
    let brought = brought.secret.rsplit('#').next().unwrap_or_default().trim().to_owned();
    let class = app.hall.store.use_link(&secret::hash(&brought)).await;
    let Ok(Some(class)) = class else {
        app.limits.miss(caller.browser.as_deref(), caller.address);
        let words = &app.hall.world.tongue(0).words;
        let text = tr!(words, "This link was used before, or is none. Start petrograd host again for a new one.");
        return with_status(StatusCode::FORBIDDEN, door_page(&app.hall.world, Some(&text)));
    };
    let token = secret::token();
    let hash = secret::hash(&token);
    match app.hall.store.admit_teacher(class.id, &hash, TeacherToken::Cookie, now() as i64).await {
        Ok(()) => {
            with_cookie(see(&format!("/t/{}", class.code)), &format!("t{}", class.code), &token, app.options.days)
        }
        Err(_) => super::guard::empty(StatusCode::SERVICE_UNAVAILABLE),
    }
}

fn drawn(app: &App, lesson: &Lesson, notice: Option<String>) -> maud::Markup {
    let room = lesson.room();
    let desk = Desk {
        world: &app.hall.world,
        room: &room,
        code: &lesson.class.code,
        address: &app.options.address,
        devices: lesson.devices(),
        disk: lesson.disk(),
        days: app.options.days,
        notice,
    };
    desk.view()
}

/// The page.
pub async fn console(State(app): State<App>, Extension(caller): Extension<Caller>) -> Result<Response, Response> {
    let lesson = caller.lesson()?;
    Ok(html(frame(&app.hall.world, &lesson.class.code, &drawn(&app, lesson, None))))
}

/// Its inside, if it is another than the one that the browser has.
pub async fn view(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Query(since): Query<Since>,
) -> Result<Response, Response> {
    let lesson = caller.lesson()?;
    Ok(poll(since.since, lesson.room().head, || drawn(&app, lesson, None)))
}

/// The same, as a stream.
pub async fn stream(State(app): State<App>, Extension(caller): Extension<Caller>) -> Result<Response, Response> {
    let lesson = caller.lesson()?.clone();
    let rooms = lesson.shown.room.clone();
    let devices = lesson.devices();
    Ok(super::live::stream(Watching { app, lesson, rooms, sent: (0, devices, 0) }))
}

/// What a screen was drawn from: the class's head, its devices, the minute.
type Drawn = (u64, crate::host::hall::Devices, u64);

struct Watching {
    app: App,
    lesson: Arc<Lesson>,
    rooms: watch::Receiver<Arc<Room>>,
    sent: Drawn,
}

impl Follow for Watching {
    fn screen(&mut self) -> Option<Screen> {
        let room = self.rooms.borrow_and_update().clone();
        // Where everybody plays alone, how long they have been where they are is drawn too.
        let minute = if room.game.mode == Some(Mode::Alone) { now() / 60_000 } else { 0 };
        let now = (room.head, self.lesson.devices(), minute);
        let is_new = now != self.sent;
        self.sent = now;
        is_new.then(|| (now.0, drawn(&self.app, &self.lesson, None).into_string()))
    }

    async fn changed(&mut self) -> bool {
        self.rooms.changed().await.is_ok()
    }

    fn may_stay(&self) -> bool {
        true
    }

    fn pace(&self) -> Duration {
        Duration::from_millis(250)
    }
}

/// What a seat sees, with nothing to press.
pub async fn seat(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path((_, number)): Path<(String, u32)>,
) -> Result<Response, Response> {
    let lesson = caller.lesson()?;
    Ok(match watch(&app.hall.world, &lesson.room(), &lesson.class.code, number) {
        Some(page) => html(page),
        None => super::guard::empty(StatusCode::NOT_FOUND),
    })
}

/// Does what a button says.
pub async fn act(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    Form(act): Form<Act>,
) -> Result<Response, Response> {
    let lesson = caller.lesson()?;
    let words = &app.hall.world.tongue(0).words;
    let mut notice = None;
    let fresh = names::two_words(words, &secret::token());
    let done = match steer(&app, lesson, &act, &fresh).await {
        Some(what) => {
            // Going back and deleting are the teacher's whatever screen they were pressed on.
            lesson.ask(Command::Steer { what, expect: act.expect }).await
        }
        None => Err(Refusal::NotOffered),
    };
    let status = match done {
        Ok(_) if act.what == "reissue" => {
            notice = Some(tr!(words, "The seat's new words: {words}. Tell them to whoever sits there.", words = fresh));
            StatusCode::OK
        }
        Ok(_) => StatusCode::OK,
        Err(refusal) => {
            notice = Some(refusal.describe(words));
            if refusal == Refusal::Unsaved { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::CONFLICT }
        }
    };
    let code = &lesson.class.code;
    Ok(match (is_script(&headers), status == StatusCode::OK && notice.is_none()) {
        (true, _) => with_status(status, drawn(&app, lesson, notice)),
        (false, true) => see(&format!("/t/{code}")),
        (false, false) => with_status(status, frame(&app.hall.world, code, &drawn(&app, lesson, notice))),
    })
}

/// What a button asks for; nothing where it asks for what there is not.
async fn steer(app: &App, lesson: &Lesson, act: &Act, fresh: &str) -> Option<Steer> {
    let role = || Some(act.role.clone()).filter(|role| !role.is_empty());
    Some(match act.what.as_str() {
        "begin" => {
            let mode = match act.mode.as_str() {
                "factions" => Mode::Factions,
                "class" => Mode::Class,
                "alone" => Mode::Alone,
                _ => return None,
            };
            Steer::Begin { mode, role: role(), digest: !act.digest.is_empty() }
        }
        talk if talk_of(talk).is_some() => Steer::Phase(talk_of(talk)?),
        "open" => Steer::Open,
        "close" => Steer::Close,
        "reveal" => Steer::Reveal,
        "advance" => Steer::Advance,
        "skip" => Steer::Skip,
        "break" => Steer::Break { role: act.role.clone(), option: act.option.clone() },
        "pause" => Steer::Pause(true),
        "resume" => Steer::Pause(false),
        "timer" => Steer::Timer(act.seconds?),
        "rules" => Steer::Rules(rules(act)?),
        "lock" => Steer::Lock(true),
        "unlock" => Steer::Lock(false),
        "tap" => Steer::Tap(true),
        "untap" => Steer::Tap(false),
        "due" => Steer::Due(act.seconds.filter(|days| *days > 0).map(|days| now() + days.min(365) * 86_400_000)),
        "late_undecided" => Steer::Late(true),
        "late_in_groups" => Steer::Late(false),
        "again" => Steer::Resume,
        "admit" => Steer::Admit(act.seat),
        "remove" => Steer::Remove(act.seat?),
        "sweep" => Steer::RemoveSince(act.seconds?.min(86_400) * 1_000),
        "restore" => Steer::Restore(act.seat?),
        "rename" => Steer::Rename(act.seat?, act.text.clone()),
        "move" => Steer::Move(act.seat?, role()),
        "reissue" => Steer::Reissue(act.seat?, secret::hash(fresh)),
        "merge" => Steer::Merge(act.seat?, act.other?),
        "grant" | "deny" => {
            let claim = act.claim?;
            let token_hash = app.hall.store.claim_token(lesson.class.id, claim).await.ok()??;
            Steer::Answer { claim, granted: act.what == "grant", token_hash }
        }
        "show" => Steer::Note(act.note?, NoteState::Shown),
        "drop" => Steer::Note(act.note?, NoteState::Dropped),
        "speaker" => Steer::Speaker(role(), secret::number()),
        "speakers" => Steer::Speakers(secret::number()),
        "show_speakers" => Steer::ShowSpeakers(true),
        "hide_speakers" => Steer::ShowSpeakers(false),
        "practise" => Steer::Practise(true),
        "practised" => Steer::Practise(false),
        "gather" => Steer::Gather(true),
        "ungather" => Steer::Gather(false),
        "elect" => Steer::Elect(role()?),
        "unseat" => Steer::Unseat(act.seat?),
        "nudge" => Steer::Nudge(role()),
        "rewind" => Steer::Rewind(act.from?),
        "undo" => Steer::Undo,
        "end" => Steer::End,
        "purge" => Steer::Purge,
        _ => return None,
    })
}

fn rules(act: &Act) -> Option<Rules> {
    let rule = match act.rule.as_str() {
        "most" => Rule::Most,
        "half" => Rule::Half,
        "two_thirds" => Rule::TwoThirds,
        _ => return None,
    };
    let tie = match act.tie.as_str() {
        "chance" => Tie::Chance,
        "again" => Tie::Again,
        "history" => Tie::History,
        "teacher" => Tie::Teacher,
        _ => return None,
    };
    let secrecy = match act.secrecy.as_str() {
        "open" => Secrecy::Open,
        "tally" => Secrecy::Tally,
        "secret" => Secrecy::Secret,
        _ => return None,
    };
    Some(Rules { rule, tie, secrecy })
}
