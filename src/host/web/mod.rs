//! What answers over HTTP: each route with the right it needs, in one table.

// A refusal is a whole response, as axum wants it; boxing each would help nobody.
#![allow(clippy::result_large_err)]

mod answer; // responses and their headers
mod exports; // the debriefing, files
mod guard; // who asks, and whether they may
mod join; // to a seat
mod keep; // to take elsewhere
mod limit; // guesses at codes
mod live; // streams and polls
mod projector; // the projector's page
mod student; // a student's page and ballots
mod table; // votes for a spreadsheet
mod teacher; // the console and its buttons
mod written; // what was written, and who has finished

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodRouter, get, post};

pub use self::guard::Right;
use super::hall::Hall;

/// What every handler has.
#[derive(Clone)]
pub struct App {
    /// The classes.
    pub hall: Arc<Hall>,
    /// Where and how they are served.
    pub options: Arc<Options>,
    limits: Arc<limit::Guesses>,
}

/// Where and how classes are served.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The address for students, `http://192.168.1.20:1917`.
    pub address: String,
    /// The file or folder of the story, where it is not the one built in.
    pub story: Option<String>,
    /// Host names, besides addresses, by which this server is asked.
    pub names: Vec<String>,
    /// Whether a teacher may steer from another machine.
    pub remote_teacher: bool,
    /// Whether pages travel encrypted: cookies are sent in no other way then.
    pub encrypted: bool,
    /// Days after which a class is deleted.
    pub days: u32,
    /// Told of every device that looked whether it comes through.
    pub visits: Option<tokio::sync::mpsc::UnboundedSender<std::net::IpAddr>>,
}

/// A route: method, path, who may, and what answers.
type Route = (&'static str, &'static str, Right, fn() -> MethodRouter<App>);

/// Bytes of a student's or a stranger's body, at most.
const SMALL: usize = 8 << 10;
/// Bytes of a teacher's body, at most.
const LARGE: usize = 64 << 10;

/// Every route there is. What is not in here is answered with 404.
const ROUTES: &[Route] = &[
    ("GET", "/", Right::Anyone, || get(join::front)),
    ("POST", "/", Right::Anyone, || post(join::typed_code)),
    ("GET", "/static/{file}", Right::Anyone, || get(answer::asset)),
    ("GET", "/check", Right::Anyone, || get(join::check)),
    ("GET", "/check/stream", Right::Anyone, || get(join::check_stream)),
    ("GET", "/privacy", Right::Anyone, || get(join::privacy)),
    ("GET", "/teach", Right::Local, || get(teacher::door)),
    ("POST", "/teach", Right::Local, || post(teacher::enter)),
    ("GET", "/j/{code}", Right::Class, || get(join::page)),
    ("POST", "/j/{code}", Right::Class, || post(join::sit)),
    ("GET", "/j/{code}/again", Right::Class, || get(join::again)),
    ("POST", "/j/{code}/again", Right::Class, || post(join::claim)),
    ("GET", "/p/{code}", Right::Class, || get(projector::page)),
    ("GET", "/p/{code}/view", Right::Class, || get(projector::view)),
    ("GET", "/p/{code}/stream", Right::Class, || get(projector::stream)),
    ("GET", "/s/{code}", Right::Student, || get(student::page)),
    ("GET", "/s/{code}/view", Right::Student, || get(student::view)),
    ("GET", "/s/{code}/stream", Right::Student, || get(student::stream)),
    ("GET", "/s/{code}/who", Right::Student, || get(student::codex)),
    ("GET", "/s/{code}/who/{kind}/{id}", Right::Student, || get(student::entry)),
    ("GET", "/s/{code}/lang/{language}", Right::Student, || get(student::language)),
    ("GET", "/s/{code}/debrief", Right::Student, || get(exports::student_debrief)),
    ("POST", "/s/{code}/ballot", Right::Student, || post(student::ballot)),
    ("POST", "/s/{code}/step", Right::Student, || post(student::step)),
    ("POST", "/s/{code}/chair", Right::Student, || post(student::chair)),
    ("POST", "/s/{code}/line", Right::Student, || post(student::line)),
    ("POST", "/s/{code}/write", Right::Student, || post(student::write)),
    ("POST", "/s/{code}/pledge", Right::Student, || post(student::pledge)),
    ("POST", "/s/{code}/note", Right::Student, || post(student::note)),
    ("GET", "/t/{code}", Right::Teacher, || get(teacher::console)),
    ("GET", "/t/{code}/view", Right::Teacher, || get(teacher::view)),
    ("GET", "/t/{code}/stream", Right::Teacher, || get(teacher::stream)),
    ("POST", "/t/{code}/do", Right::Teacher, || post(teacher::act)),
    ("GET", "/t/{code}/debrief", Right::Teacher, || get(exports::teacher_debrief)),
    ("GET", "/t/{code}/debrief.html", Right::Teacher, || get(exports::debrief_file)),
    ("GET", "/t/{code}/paper", Right::Teacher, || get(exports::paper)),
    ("GET", "/t/{code}/report.html", Right::Teacher, || get(exports::report_page)),
    ("GET", "/t/{code}/votes.csv", Right::Teacher, || get(exports::csv)),
    ("GET", "/t/{code}/play.toml", Right::Teacher, || get(keep::save)),
    ("GET", "/t/{code}/beside", Right::Teacher, || get(keep::beside)),
    ("GET", "/t/{code}/completion.csv", Right::Teacher, || get(written::completion)),
    ("GET", "/t/{code}/seat/{seat}", Right::Teacher, || get(teacher::seat)),
    ("GET", "/t/{code}/words.csv", Right::Teacher, || get(written::words)),
    ("GET", "/t/{code}/log.jsonl", Right::Teacher, || get(exports::log)),
];

/// Method, path and right of every route, for the test that goes through all of them.
pub fn routes() -> impl Iterator<Item = (&'static str, &'static str, Right)> {
    ROUTES.iter().map(|(method, path, right, _)| (*method, *path, *right))
}

/// The application.
pub fn app(hall: Arc<Hall>, options: Options) -> Router {
    let app = App { hall, options: Arc::new(options), limits: Arc::default() };
    let mut router = Router::new();
    for (_, path, right, handler) in ROUTES {
        let most = if *right == Right::Teacher { LARGE } else { SMALL };
        let guarded = handler().layer(DefaultBodyLimit::max(most));
        router = router.route(path, guarded.layer(from_fn_with_state((app.clone(), *right), guard::guard)));
    }
    router.fallback(answer::nothing_here).layer(from_fn_with_state(app.clone(), guard::border)).with_state(app)
}
