//! Into the class: by its code, to a seat, or back to one from another device.

use axum::extract::{Extension, Form, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::App;
use super::answer::{html, see, with_cookie, with_status};
use super::guard::{Caller, missed, too_many};
use crate::host::command::{Command, Refusal};
use crate::host::{names, pages, secret};
use crate::tr;

/// A code, as it was typed.
#[derive(Deserialize)]
pub struct Typed {
    #[serde(default)]
    code: String,
}

/// A name, typed or as it was offered.
#[derive(Deserialize)]
pub struct Named {
    #[serde(default)]
    offered: String,
    #[serde(default)]
    alias: String,
}

/// Two words.
#[derive(Deserialize)]
pub struct Words {
    #[serde(default)]
    words: String,
}

/// Where codes are typed.
pub async fn front(State(app): State<App>, Extension(caller): Extension<Caller>) -> Response {
    let words = &app.hall.world.tongue(caller.tongue).words;
    let response = html(pages::front(words, &app.hall.world, None));
    match caller.browser.is_none().then(|| app.limits.new_browser(caller.address)).flatten() {
        Some(browser) => with_cookie(response, "b", &browser, 1),
        None => response,
    }
}

/// A code was typed.
pub async fn typed_code(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Form(typed): Form<Typed>,
) -> Response {
    if !app.limits.may_guess(caller.browser.as_deref(), caller.address) {
        return too_many(&app);
    }
    let code = secret::typed_code(&typed.code);
    match app.hall.class(&code).await {
        Ok(Some(_)) => see(&format!("/j/{code}")),
        _ => missed(&app, &caller).await,
    }
}

/// Where a seat is taken. A browser that has one is led to it.
pub async fn page(State(app): State<App>, Extension(caller): Extension<Caller>) -> Result<Response, Response> {
    let lesson = caller.lesson()?;
    let code = &lesson.class.code;
    let room = lesson.room();
    let tongue = app.hall.world.tongue(caller.tongue);
    if caller.token.as_deref().is_some_and(|token| room.seat_of(&secret::hash(token)).is_some()) {
        return Ok(see(&format!("/s/{code}")));
    }
    let is_taken = |name: &str| room.seats.values().any(|seat| seat.row.alias == name);
    let offered = names::generated(&tongue.words, is_taken);
    let response = html(pages::join::join(tongue, code, &room, &offered, None));
    // The token is in the browser before it has a seat: a button pressed twice takes one seat.
    let token = caller.token.clone().unwrap_or_else(secret::token);
    Ok(with_cookie(response, &format!("s{code}"), &token, app.options.days))
}

/// Somebody sits down.
pub async fn sit(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Form(named): Form<Named>,
) -> Result<Response, Response> {
    let lesson = caller.lesson()?;
    let (code, room) = (lesson.class.code.clone(), lesson.room());
    let tongue = app.hall.world.tongue(caller.tongue);
    let is_taken = |name: &str| room.seats.values().any(|seat| seat.row.alias.eq_ignore_ascii_case(name));
    let refused = |refusal: Refusal, status: StatusCode| {
        let text = refusal.describe(&tongue.words);
        let offered = names::generated(&tongue.words, is_taken);
        with_status(status, pages::join::join(tongue, &code, &room, &offered, Some(&text)))
    };
    let is_typed = !named.alias.trim().is_empty();
    let wanted = if is_typed { &named.alias } else { &named.offered };
    let mut alias = names::alias(wanted).ok_or_else(|| refused(Refusal::BadText, StatusCode::BAD_REQUEST))?;
    if !is_typed && (is_taken(&alias) || !names::is_generated(&tongue.words, &alias)) {
        alias = names::generated(&tongue.words, is_taken);
    }
    let token = caller.token.clone().unwrap_or_else(secret::token);
    let words_hash = secret::hash(&names::two_words(&app.hall.world.tongue(0).words, &token));
    let join = Command::Join { alias, typed: is_typed, token_hash: secret::hash(&token), words_hash };
    match lesson.ask(join).await {
        Ok(_) => Ok(with_cookie(see(&format!("/s/{code}")), &format!("s{code}"), &token, app.options.days)),
        Err(refusal) => Ok(refused(refusal, StatusCode::CONFLICT)),
    }
}

/// Whether this browser has asked for a seat.
#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    asked: u8,
}

/// Where the two words are typed that take a seat to another device.
pub async fn again(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Query(query): Query<Asked>,
) -> Result<Response, Response> {
    let lesson = caller.lesson()?;
    let code = &lesson.class.code;
    let tongue = app.hall.world.tongue(caller.tongue);
    if caller.token.as_deref().is_some_and(|token| lesson.room().seat_of(&secret::hash(token)).is_some()) {
        return Ok(see(&format!("/s/{code}")));
    }
    Ok(html(if query.asked > 0 { pages::join::asked(tongue, code) } else { pages::join::again(tongue, code, None) }))
}

/// A device asks for a seat; the teacher has to say yes.
pub async fn claim(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Form(typed): Form<Words>,
) -> Result<Response, Response> {
    let lesson = caller.lesson()?;
    if !app.limits.may_guess(caller.browser.as_deref(), caller.address) {
        return Ok(too_many(&app));
    }
    let code = &lesson.class.code;
    let tongue = app.hall.world.tongue(caller.tongue);
    let token = caller.token.clone().unwrap_or_else(secret::token);
    let words = typed.words.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" ");
    let claim = Command::Claim { words_hash: secret::hash(&words), token_hash: secret::hash(&token) };
    let page = match lesson.ask(claim).await {
        Ok(_) => html(pages::join::asked(tongue, code)),
        Err(refusal) => {
            app.limits.miss(caller.browser.as_deref(), caller.address);
            let text = refusal.describe(&tongue.words);
            with_status(StatusCode::FORBIDDEN, pages::join::again(tongue, code, Some(&text)))
        }
    };
    Ok(with_cookie(page, &format!("s{code}"), &token, app.options.days))
}

/// What a phone on this network sees.
pub async fn check(State(app): State<App>, Extension(caller): Extension<Caller>) -> Response {
    if let Some(visits) = &app.options.visits {
        let _ = visits.send(caller.address);
    }
    let words = &app.hall.world.tongue(caller.tongue).words;
    html(pages::join::check(words, caller.address))
}

/// A stream that shows whether such pass this network.
pub async fn check_stream() -> Response {
    super::live::beats()
}

/// What is kept of whom, and for how long.
pub async fn privacy(State(app): State<App>, Extension(caller): Extension<Caller>) -> Response {
    let words = &app.hall.world.tongue(caller.tongue).words;
    let title = tr!(words, "What this server keeps");
    html(pages::join::privacy(words, &title, app.options.days, app.hall.store.kind, app.options.encrypted))
}
