//! The projector's page.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Extension, Query, State};
use axum::response::Response;
use tokio::sync::watch;

use super::App;
use super::answer::html;
use super::guard::Caller;
use super::live::{Follow, Screen, Since, poll};
use crate::host::hall::Lesson;
use crate::host::pages::projector::{Wall, page as frame};
use crate::host::room::Room;

fn drawn(app: &App, lesson: &Lesson) -> maud::Markup {
    let room = lesson.room();
    let (address, days) = (&*app.options.address, app.options.days);
    Wall { world: &app.hall.world, room: &room, code: &lesson.class.code, address, days }.view()
}

/// The page.
pub async fn page(State(app): State<App>, Extension(caller): Extension<Caller>) -> Result<Response, Response> {
    let lesson = caller.lesson()?;
    Ok(html(frame(&app.hall.world, &lesson.class.code, &drawn(&app, lesson))))
}

/// Its inside, if it is another than the one that the browser has.
pub async fn view(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Query(since): Query<Since>,
) -> Result<Response, Response> {
    let lesson = caller.lesson()?;
    Ok(poll(since.since, lesson.room().head, || drawn(&app, lesson)))
}

/// The same, as a stream.
pub async fn stream(State(app): State<App>, Extension(caller): Extension<Caller>) -> Result<Response, Response> {
    let lesson = caller.lesson()?.clone();
    let rooms = lesson.shown.room.clone();
    Ok(super::live::stream(Watching { app, lesson, rooms, sent: 0 }))
}

struct Watching {
    app: App,
    lesson: Arc<Lesson>,
    rooms: watch::Receiver<Arc<Room>>,
    sent: u64,
}

impl Follow for Watching {
    fn screen(&mut self) -> Option<Screen> {
        let head = self.rooms.borrow_and_update().head;
        let is_new = head != self.sent;
        self.sent = head;
        is_new.then(|| (head, drawn(&self.app, &self.lesson).into_string()))
    }

    async fn changed(&mut self) -> bool {
        self.rooms.changed().await.is_ok()
    }

    fn may_stay(&self) -> bool {
        true
    }

    fn pace(&self) -> Duration {
        Duration::from_millis(100)
    }
}
