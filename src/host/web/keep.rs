//! What a teacher takes elsewhere: the class's play to a keyboard, and two classes side by side.

use axum::extract::{Extension, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Deserialize;

use super::App;
use super::answer::{html, text, with_status};
use super::exports::as_file;
use super::guard::{Caller, cookie, empty};
use crate::host::pages::beside::{beside as page, form};
use crate::host::secret;
use crate::save::SaveFolder;
use crate::tr;

/// The class's play as a save: it goes on at one keyboard where the network fails.
pub async fn save(State(app): State<App>, Extension(caller): Extension<Caller>) -> Result<Response, Response> {
    let lesson = caller.lesson()?;
    let (room, story) = (lesson.room(), app.hall.world.story());
    let Some(play) = room.game.play() else { return Ok(empty(StatusCode::NOT_FOUND)) };
    let slot = format!("class-{}", lesson.class.code.to_lowercase());
    let saved = SaveFolder::choose().text(story, play, &slot, &lesson.class.code);
    Ok(match saved {
        Ok(saved) => as_file(text("application/toml; charset=utf-8", saved), &format!("{slot}.toml")),
        Err(_) => empty(StatusCode::NOT_FOUND),
    })
}

/// Another class.
#[derive(Deserialize)]
pub struct Other {
    #[serde(default)]
    other: String,
}

/// This class beside another of the same teacher's, and the record beside both.
pub async fn beside(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Query(query): Query<Other>,
    headers: HeaderMap,
) -> Result<Response, Response> {
    let lesson = caller.lesson()?;
    let (tongue, code) = (app.hall.world.tongue(0), &lesson.class.code);
    let typed = secret::typed_code(&query.other);
    if typed.is_empty() {
        return Ok(html(form(tongue, code, None)));
    }
    // Whoever teaches one class may not look into another by its code alone.
    let refused = || {
        let why = tr!(tongue.words, "This browser has no console of a class with that code.");
        with_status(StatusCode::FORBIDDEN, form(tongue, code, Some(&why)))
    };
    let (Ok(Some(other)), Some(token)) = (app.hall.class(&typed).await, cookie(&headers, &format!("t{typed}"))) else {
        return Ok(refused());
    };
    let is_theirs = app.hall.store.is_teacher(other.class.id, &secret::hash(token)).await.unwrap_or(false);
    if !is_theirs || other.class.id == lesson.class.id {
        return Ok(refused());
    }
    let (own, far) = (lesson.room(), other.room());
    Ok(html(page(tongue, [(code, own.game.play()), (&other.class.code, far.game.play())])))
}
