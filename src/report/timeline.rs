//! The events as a picture, a band for each month: above its line the record, below it the play.
//! Where a month was kept, the two sides mirror each other.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::html::escape;
use super::sheet::{Line, Sheet};
use super::wording::Wording;
use crate::calendar::Day;
use crate::record::Status;
use crate::tr;

/// Width of the picture and left edge of the days, in its own units: those of a narrow telephone,
/// so that its letters stay legible there.
const WIDTH: f64 = 360.0;
const LEFT: f64 = 72.0;

/// From one mark to the next on the same day.
const STACK: f64 = 7.0;

/// One mark.
struct Mark<'a> {
    day: u32,
    line: &'a Line,
    shape: Shape,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Hollow,
    Full,
    Cross,
    Earlier,
    Later,
    Diamond,
}

/// The marks of one month, above and below its line.
#[derive(Default)]
struct Band<'a> {
    name: String,
    above: Vec<Mark<'a>>,
    below: Vec<Mark<'a>>,
}

/// Draws the events of a play and of the record.
pub(super) fn timeline(page: &mut String, sheet: &Sheet, wording: &Wording<'_>) {
    let bands = bands(sheet, wording);
    let heights: Vec<(f64, f64)> =
        bands.values().map(|band| (depth(&band.above) + 8.0, depth(&band.below) + 8.0)).collect();
    let height: f64 = heights.iter().map(|(above, below)| above + below).sum::<f64>() + 24.0;
    let words = wording.words;
    let title = tr!(words, "The events of the record and of your city, month by month");
    let _ = writeln!(
        page,
        "<svg class=\"timeline\" viewBox=\"0 0 {WIDTH} {height:.0}\" role=\"img\" aria-labelledby=\"timeline-title timeline-desc\">\n\
         <title id=\"timeline-title\">{}</title>\n<desc id=\"timeline-desc\">{}</desc>",
        escape(&title),
        escape(&sheet.counted)
    );
    for day in [1, 8, 15, 22, 29] {
        let x = x_of(day);
        let _ = writeln!(
            page,
            "<text class=\"tick\" x=\"{x:.1}\" y=\"10\" text-anchor=\"middle\">{day}</text>\
             <line class=\"grid\" x1=\"{x:.1}\" y1=\"14\" x2=\"{x:.1}\" y2=\"{height:.0}\"/>"
        );
    }
    let mut top = 18.0;
    for (band, (above, below)) in bands.values().zip(heights) {
        let axis = top + above;
        draw(page, band, axis);
        top = axis + below;
    }
    page.push_str("</svg>\n");
}

fn bands<'a>(sheet: &'a Sheet, wording: &Wording<'_>) -> BTreeMap<(i32, u32), Band<'a>> {
    let calendar = wording.story.manifest.calendar;
    let mut bands: BTreeMap<(i32, u32), Band<'_>> = BTreeMap::new();
    for line in &sheet.lines {
        let mut put = |day: Day, shape: Shape, is_record: bool| {
            let parts = calendar.parts(day);
            let band = bands.entry((parts.year, parts.month)).or_default();
            if band.name.is_empty() {
                band.name = super::sheet::month_name(wording, day);
            }
            let side = if is_record { &mut band.above } else { &mut band.below };
            side.push(Mark { day: parts.day, line, shape });
        };
        if let Some(day) = line.recorded {
            put(day, Shape::Hollow, true);
        }
        match (line.played, line.recorded, line.status) {
            (Some(day), _, Status::Early) => put(day, Shape::Earlier, false),
            (Some(day), _, Status::Late) => put(day, Shape::Later, false),
            (Some(day), _, Status::Invented) => put(day, Shape::Diamond, false),
            (Some(day), ..) => put(day, Shape::Full, false),
            (None, Some(day), Status::Averted | Status::Late) => put(day, Shape::Cross, false),
            (None, ..) => {}
        }
    }
    bands
}

/// How far the highest stack of marks reaches from the line.
fn depth(marks: &[Mark<'_>]) -> f64 {
    let mut stacks: BTreeMap<u32, u32> = BTreeMap::new();
    for mark in marks {
        *stacks.entry(mark.day).or_default() += 1;
    }
    f64::from(stacks.into_values().max().unwrap_or(0)) * STACK
}

fn x_of(day: u32) -> f64 {
    LEFT + (WIDTH - LEFT - 8.0) * (f64::from(day) - 1.0) / 30.0
}

fn draw(page: &mut String, band: &Band<'_>, axis: f64) {
    let _ = writeln!(
        page,
        "<text class=\"month\" x=\"0\" y=\"{:.1}\">{}</text><line class=\"axis\" x1=\"{LEFT}\" y1=\"{axis:.1}\" x2=\"{WIDTH}\" y2=\"{axis:.1}\"/>",
        axis + 4.0,
        escape(&band.name)
    );
    for (marks, side) in [(&band.above, -1.0), (&band.below, 1.0)] {
        let mut stacks: BTreeMap<u32, u32> = BTreeMap::new();
        for mark in marks {
            let stacked = stacks.entry(mark.day).or_default();
            let y = axis + side * (STACK * f64::from(*stacked) + STACK * 0.75);
            *stacked += 1;
            shape(page, mark, x_of(mark.day), y);
        }
    }
}

fn shape(page: &mut String, mark: &Mark<'_>, x: f64, y: f64) {
    let Line { title, word, record, ours, .. } = mark.line;
    let told = escape(&format!("{title} ({word}). {record} / {ours}")).into_owned();
    let path = match mark.shape {
        Shape::Hollow | Shape::Full => {
            let class = if mark.shape == Shape::Full { "full" } else { "hollow" };
            let _ = writeln!(
                page,
                "<circle class=\"{class}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"2.6\"><title>{told}</title></circle>"
            );
            return;
        }
        Shape::Cross => "m-3,-3 6,6 m0,-6 -6,6",
        Shape::Earlier => "m3,-3.2 v6.4 l-6.2,-3.2 z",
        Shape::Later => "m-3,-3.2 v6.4 l6.2,-3.2 z",
        Shape::Diamond => "m0,-3.8 3.8,3.8 -3.8,3.8 -3.8,-3.8 z",
    };
    let class = if mark.shape == Shape::Cross { "cross" } else { "apart" };
    let _ = writeln!(page, "<path class=\"{class}\" d=\"M{x:.1},{y:.1} {path}\"><title>{told}</title></path>");
}
