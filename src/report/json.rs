//! A report for programs, as `DESIGN.md` promises it.
//!
//! Of a play that is not over, `ending` or `outcome` is null, an event whose day has not come has
//! the status `to-come`, and a variable's `played` is null on days that have not come. Where
//! several roles are played, `role` and `ending` name them all, separated by commas.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use crate::engine::Play;
use crate::record::{Comparison, Course, compare};
use crate::story::Story;

/// The JSON of a report.
#[derive(Debug, Serialize)]
pub struct Json {
    format: u32,
    role: String,
    ending: Option<String>,
    outcome: Option<String>,
    fidelity: f64,
    events: Vec<Event>,
    variables: Variables,
}

#[derive(Debug, Serialize)]
struct Event {
    id: String,
    recorded: Option<String>,
    played: Option<String>,
    status: &'static str,
    days: i32,
    because: Vec<String>,
}

/// Courses by the variable's name, in the order of declaration.
#[derive(Debug)]
struct Variables(Vec<(String, Vec<Point>)>);

#[derive(Debug, Serialize)]
struct Point {
    date: String,
    recorded: i64,
    played: Option<i64>,
}

impl Serialize for Variables {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, points) in &self.0 {
            map.serialize_entry(name, points)?;
        }
        map.end()
    }
}

/// Returns the JSON of a report on a play.
pub fn json(story: &Story, play: &Play) -> Json {
    let comparison = compare(story, play);
    let roles: Vec<&str> = comparison.roles.iter().map(|end| story.roles[end.role.index()].id.as_str()).collect();
    let outcome = comparison.outcome.map(|outcome| story.outcomes[outcome.index()].id.clone());
    let recorded = comparison.courses.iter().filter(|course| !course.points.is_empty());
    let variables = recorded.map(|course| (story.variable_name(course.variable), points(story, course)));
    Json {
        format: 1,
        role: roles.join(","),
        ending: ending(story, &comparison),
        outcome,
        fidelity: comparison.fidelity,
        variables: Variables(variables.collect()),
        events: events(story, play, &comparison),
    }
}

fn ending(story: &Story, comparison: &Comparison) -> Option<String> {
    let endings = comparison.roles.iter().map(|end| end.ending.map(|scene| &*story.scenes[scene.index()].id));
    let endings: Option<Vec<&str>> = endings.collect();
    endings.filter(|endings| !endings.is_empty()).map(|endings| endings.join(","))
}

fn events(story: &Story, play: &Play, comparison: &Comparison) -> Vec<Event> {
    let iso = |day| story.manifest.calendar.iso(day);
    let name = |act: &crate::record::Act| {
        let logged = &play.log()[act.entry];
        Play::input_name(story, &logged.at, logged.input)
    };
    let event = |compared: &crate::record::Compared| {
        let verdict = compared.verdict;
        Event {
            id: story.events[verdict.event.index()].id.clone(),
            recorded: verdict.recorded.map(iso),
            played: verdict.played.map(iso),
            status: verdict.status.name(),
            days: verdict.days,
            because: compared.because.iter().map(name).collect(),
        }
    };
    comparison.events.iter().map(event).collect()
}

fn points(story: &Story, course: &Course) -> Vec<Point> {
    let iso = |day| story.manifest.calendar.iso(day);
    let point =
        |point: &crate::record::Point| Point { date: iso(point.day), recorded: point.recorded, played: point.played };
    course.points.iter().map(point).collect()
}
