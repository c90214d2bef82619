//! Streams and polls: the whole of what one screen shows, whenever it is another.

use std::convert::Infallible;
use std::future::Future;
use std::time::Duration;

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_stream::wrappers::ReceiverStream;

use super::answer::html;
use super::guard::empty;

/// So often a stream that has nothing to tell says that it is alive.
const BEAT: Duration = Duration::from_secs(5);
/// What it says then: browsers tell scripts of events, not of comments.
const BEATS: &str = "event: beat\ndata:\n\n";
/// Who does not read for so long is gone.
const STUCK: Duration = Duration::from_secs(20);

/// Which version of a screen a browser has, as it asks for the next.
#[derive(Debug, Default, serde::Deserialize)]
pub struct Since {
    /// The `data-seq` of what it shows.
    #[serde(default)]
    pub since: u64,
}

/// One screen as it is now: the number that changes whenever it does, and the HTML.
pub type Screen = (u64, String);

/// Answers a poll: the whole screen, or that it is still the same.
pub fn poll(since: u64, seq: u64, render: impl FnOnce() -> maud::Markup) -> Response {
    if since != 0 && since == seq { empty(StatusCode::NOT_MODIFIED) } else { html(render()) }
}

/// What a stream follows.
pub trait Follow: Send + 'static {
    /// The screen, if it is another than the one that was sent last.
    fn screen(&mut self) -> Option<Screen>;
    /// Waits until it may be another.
    fn changed(&mut self) -> impl Future<Output = bool> + Send;
    /// Whether the stream may go on.
    fn may_stay(&self) -> bool;
    /// The least time between two screens.
    fn pace(&self) -> Duration;
}

/// A stream of server-sent events.
pub fn stream(mut follow: impl Follow) -> Response {
    // One screen waits at most: whoever reads slowly gets the newest, not a backlog.
    let (sender, receiver) = mpsc::channel::<Result<String, Infallible>>(1);
    tokio::spawn(async move {
        loop {
            let Ok(Ok(place)) = timeout(STUCK, sender.reserve()).await else { return };
            if !follow.may_stay() {
                place.send(Ok("event: moved\ndata: \n\n".to_owned()));
                return;
            }
            match follow.screen() {
                Some((seq, html)) => place.send(Ok(event(seq, &html))),
                None => place.send(Ok(BEATS.to_owned())),
            }
            tokio::time::sleep(follow.pace()).await;
            if timeout(BEAT, follow.changed()).await == Ok(false) {
                return;
            }
        }
    });
    as_stream(Body::from_stream(ReceiverStream::new(receiver)))
}

/// A stream that says a few times that it is alive.
pub fn beats() -> Response {
    let (sender, receiver) = mpsc::channel::<Result<String, Infallible>>(1);
    tokio::spawn(async move {
        for _ in 0..3 {
            if sender.send(Ok(BEATS.to_owned())).await.is_err() {
                return;
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    });
    as_stream(Body::from_stream(ReceiverStream::new(receiver)))
}

fn as_stream(body: Body) -> Response {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store, no-transform"));
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    response
}

fn event(seq: u64, html: &str) -> String {
    let mut text = format!("id: {seq}\nevent: view\n");
    for line in html.lines() {
        text.push_str("data: ");
        text.push_str(line);
        text.push('\n');
    }
    text.push('\n');
    text
}
