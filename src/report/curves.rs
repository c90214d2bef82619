//! The barometers as pictures: the record dashed, the play drawn through, each named at its end.

use std::fmt::Write as _;

use super::html::escape;
use super::sheet::Sheet;
use super::wording::Wording;
use crate::calendar::Day;
use crate::record::{Course, Point, recorded_at};
use crate::story::model::{Kind, Variable};
use crate::tr;

const WIDTH: f64 = 360.0;
const HEIGHT: f64 = 170.0;
const LEFT: f64 = 34.0;
const RIGHT: f64 = 70.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 24.0;

/// Labels closer than this would run into each other.
const APART: f64 = 13.0;

/// The frame of one picture.
struct Frame {
    begins: Day,
    days: f64,
    min: f64,
    span: f64,
}

impl Frame {
    fn x(&self, day: Day) -> f64 {
        let gone = f64::from(day.since(self.begins)).clamp(0.0, self.days);
        LEFT + (WIDTH - LEFT - RIGHT) * gone / self.days
    }

    fn y(&self, value: i64) -> f64 {
        HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (value as f64 - self.min) / self.span
    }
}

/// Draws a picture of each barometer.
pub(super) fn curves(page: &mut String, sheet: &Sheet, wording: &Wording<'_>) {
    for course in &sheet.comparison.courses {
        let declared = &wording.story.variables[course.variable.index()];
        if let (Some(name), Kind::Integer(min, max)) = (&declared.name, &declared.kind) {
            let frame = Frame {
                begins: wording.story.manifest.begins,
                days: f64::from(wording.story.manifest.ends.since(wording.story.manifest.begins).max(1)),
                min: *min as f64,
                span: (max - min).max(1) as f64,
            };
            curve(page, course, declared, name, &frame, sheet, wording);
        }
    }
}

fn curve(
    page: &mut String,
    course: &Course,
    declared: &Variable,
    name: &str,
    frame: &Frame,
    sheet: &Sheet,
    wording: &Wording<'_>,
) {
    let id = escape(&declared.id).into_owned();
    let last = course.line.last().map_or(declared.start, |&(_, value)| value);
    let recorded = come(course).last().map(|point| point.recorded);
    let today = sheet.comparison.today;
    let then = recorded_at(wording.story, course.variable, today);
    let told = told(wording, declared, name, (last, then), today);
    let _ = writeln!(
        page,
        "<figure>\n<svg class=\"curve\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-labelledby=\"{id}-title {id}-desc\">\n\
         <title id=\"{id}-title\">{}</title><desc id=\"{id}-desc\">{}</desc>",
        escape(name),
        escape(&told)
    );
    grid(page, declared, frame, wording);
    let record: Vec<(f64, f64)> = come(course).map(|point| (frame.x(point.day), frame.y(point.recorded))).collect();
    let played = steps(course, frame, today);
    path(page, "record", &record);
    path(page, "played", &played);
    labels(page, &record, &played, recorded, last, wording);
    let _ = writeln!(page, "</svg>\n<figcaption>{}</figcaption>\n</figure>", escape(&told));
}

/// Where a barometer stands on the last day, in both courses.
fn told(
    wording: &Wording<'_>,
    declared: &Variable,
    name: &str,
    (last, then): (i64, Option<i64>),
    today: Day,
) -> String {
    let (words, date, played) = (wording.words, wording.day(today), value(declared, last));
    match then {
        Some(recorded) => tr!(
            words,
            "{name} on {date}: {played} in your city, {recorded} in the record.",
            name = name,
            date = date,
            played = played,
            recorded = value(declared, recorded)
        ),
        None => tr!(words, "{name} on {date}: {played} in your city.", name = name, date = date, played = played),
    }
}

/// A value with its word, where the barometer has words.
fn value(declared: &Variable, value: i64) -> String {
    declared.word(value).map_or_else(|| value.to_string(), |word| format!("{value} ({word})"))
}

/// The days of the record to which the play has come.
fn come(course: &Course) -> impl Iterator<Item = &Point> + '_ {
    course.points.iter().filter(|point| point.played.is_some())
}

/// The play's course as a line: level until it changes.
fn steps(course: &Course, frame: &Frame, today: Day) -> Vec<(f64, f64)> {
    let mut points = Vec::new();
    for &(day, value) in &course.line {
        if let Some(&(_, y)) = points.last() {
            points.push((frame.x(day), y));
        }
        points.push((frame.x(day), frame.y(value)));
    }
    if let Some(&(_, y)) = points.last() {
        points.push((frame.x(today), y));
    }
    points
}

fn path(page: &mut String, class: &str, points: &[(f64, f64)]) {
    if points.is_empty() {
        return;
    }
    let points: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
    let _ = writeln!(page, "<polyline class=\"{class}\" points=\"{}\"/>", points.join(" "));
}

fn labels(
    page: &mut String,
    record: &[(f64, f64)],
    played: &[(f64, f64)],
    recorded: Option<i64>,
    last: i64,
    wording: &Wording<'_>,
) {
    let ours = played.last().copied().unwrap_or((LEFT, HEIGHT / 2.0));
    let mut ours_y = ours.1;
    if let (Some(&(x, y)), Some(recorded)) = (record.last(), recorded) {
        let mut record_y = y;
        if (ours_y - y).abs() < APART && (ours.0 - x).abs() < RIGHT {
            let middle = (ours_y + y) / 2.0;
            let way = if ours_y <= y { -1.0 } else { 1.0 };
            (ours_y, record_y) = (middle + way * APART / 2.0, middle - way * APART / 2.0);
        }
        label(page, "record", x, record_y, &tr!(wording.words, "record {value}", value = recorded));
    }
    label(page, "played", ours.0, ours_y, &tr!(wording.words, "yours {value}", value = last));
}

fn label(page: &mut String, class: &str, x: f64, y: f64, text: &str) {
    let _ =
        writeln!(page, "<text class=\"end {class}\" x=\"{:.1}\" y=\"{:.1}\">{}</text>", x + 4.0, y + 3.5, escape(text));
}

fn grid(page: &mut String, declared: &Variable, frame: &Frame, wording: &Wording<'_>) {
    let Kind::Integer(min, max) = declared.kind else { return };
    for value in [min, min + (max - min) / 2, max] {
        let y = frame.y(value);
        let _ = writeln!(
            page,
            "<line class=\"grid\" x1=\"{LEFT}\" y1=\"{y:.1}\" x2=\"{:.1}\" y2=\"{y:.1}\"/>\
             <text class=\"tick\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{value}</text>",
            WIDTH - RIGHT,
            LEFT - 4.0,
            y + 3.5
        );
    }
    let manifest = &wording.story.manifest;
    let mut day = manifest.begins;
    let mut last = f64::MIN;
    while day <= manifest.ends {
        let x = frame.x(day);
        let parts = manifest.calendar.parts(day);
        if (parts.day == 1 || day == manifest.begins) && x - last > 22.0 {
            let name: String = super::sheet::month_name(wording, day).chars().take(3).collect();
            let _ =
                writeln!(page, "<text class=\"tick\" x=\"{x:.1}\" y=\"{:.1}\">{}</text>", HEIGHT - 8.0, escape(&name));
            last = x;
        }
        day = day.plus(1);
    }
}
