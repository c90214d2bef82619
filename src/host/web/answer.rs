//! Responses and their headers.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, LOCATION, SET_COOKIE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use maud::Markup;

use super::App;
use crate::host::pages;

/// A page.
pub fn html(markup: Markup) -> Response {
    with_status(StatusCode::OK, markup)
}

/// A page with another status than 200.
pub fn with_status(status: StatusCode, markup: Markup) -> Response {
    let mut response = Response::new(Body::from(markup.into_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store, no-transform"));
    response
}

/// Text of some type.
pub fn text(kind: &'static str, body: String) -> Response {
    let mut response = Response::new(Body::from(body));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store, no-transform"));
    response
}

/// To another page, by GET.
pub fn see(path: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    if let Ok(value) = HeaderValue::from_str(path) {
        response.headers_mut().insert(LOCATION, value);
    }
    response
}

/// Sets a cookie that scripts can't read and other sites can't send.
pub fn with_cookie(mut response: Response, name: &str, value: &str, days: u32) -> Response {
    let seconds = u64::from(days) * 86_400;
    let cookie = format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict");
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(SET_COOKIE, value);
    }
    response
}

/// The style and the script. Their names hold a hash of what they say, so they never grow old.
pub async fn asset(Path(file): Path<String>) -> Response {
    let Some((kind, body)) = pages::asset(&file) else { return StatusCode::NOT_FOUND.into_response() };
    let mut response = Response::new(Body::from(body));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    response
}

/// What is in no table.
pub async fn nothing_here(State(app): State<App>) -> Response {
    let words = &app.hall.world.tongue(0).words;
    with_status(StatusCode::NOT_FOUND, pages::notice(words, &crate::tr!(words, "There is nothing here.")))
}
