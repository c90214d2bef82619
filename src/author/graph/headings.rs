//! What months and lanes are called and hold, and what the marks mean.

use std::fmt::Write as _;

use super::boxes::escape;
use super::layout::Band;
use super::{Drawing, Kind, Reach};
use crate::catalogue::Catalogue;
use crate::{tr, trn};

/// How large headings are: they can still be read where the whole picture is looked at.
pub struct Headings {
    /// Of months.
    pub month: f64,
    /// Of lanes.
    pub lane: f64,
    /// Of the legend.
    pub legend: f64,
    /// The room above the picture.
    pub top: f64,
    /// The room left of it.
    pub gutter: f64,
}

impl Headings {
    /// As the size of a picture asks for.
    pub fn of(drawing: &Drawing<'_>) -> Headings {
        let (width, _) = drawing.layout.size;
        let month = (width / 75.0).clamp(22.0, 120.0);
        let lane = (width / 110.0).clamp(16.0, 80.0);
        let longest = drawing.layout.lanes.iter().map(|lane| lane.title.chars().count()).max().unwrap_or(0);
        let gutter = if longest == 0 { 0.0 } else { longest as f64 * lane * 0.6 + lane };
        Headings { month, lane, legend: (width / 160.0).clamp(14.0, 60.0), top: month * 2.4, gutter }
    }
}

/// Writes what months and lanes are called, and what they hold.
pub fn headings(out: &mut String, drawing: &Drawing<'_>, scale: &Headings, words: &Catalogue) {
    for (number, Band { title, rect }) in drawing.layout.bands.iter().enumerate() {
        let size = scale.month.min(rect.w / title.chars().count().max(1) as f64 * 1.5);
        let _ = writeln!(
            out,
            "<text class=\"heading\" x=\"{:.0}\" y=\"{:.0}\" font-size=\"{size:.0}\">{}</text>",
            rect.x + size * 0.3,
            scale.month * -1.25,
            escape(title)
        );
        let counts = counts(drawing, Some(number), None, words);
        let size = (scale.month * 0.5).min(rect.w / counts.chars().count().max(1) as f64 * 1.6);
        let _ = writeln!(
            out,
            "<text class=\"counts\" x=\"{:.0}\" y=\"{:.0}\" font-size=\"{size:.0}\">{}</text>",
            rect.x + scale.month * 0.3,
            scale.month * -0.5,
            escape(&counts)
        );
    }
    for lane in &drawing.layout.lanes {
        let _ = writeln!(
            out,
            "<text class=\"lane-name\" x=\"{:.0}\" y=\"{:.0}\" font-size=\"{:.0}\">{}</text>",
            scale.lane * 0.5 - scale.gutter,
            lane.rect.y + lane.rect.h / 2.0,
            scale.lane,
            escape(&lane.title)
        );
    }
}

/// What a month, a lane, or both hold, in words.
pub fn counts(drawing: &Drawing<'_>, band: Option<usize>, lane: Option<usize>, words: &Catalogue) -> String {
    let chart = &drawing.chart;
    let inside: Vec<usize> = drawing.within(band, lane).collect();
    let count = |is: &dyn Fn(usize) -> bool| inside.iter().filter(|node| is(**node)).count();
    let scenes = count(&|node| chart.nodes[node].kind != Kind::Hinge);
    let hinges = count(&|node| chart.nodes[node].kind == Kind::Hinge);
    let endings = count(&|node| chart.nodes[node].kind == Kind::Ending);
    let never = count(&|node| drawing.findings.nodes[node].reach == Reach::Never);
    let wrong = count(&|node| !drawing.findings.nodes[node].wrong.is_empty());
    let parts = [
        (scenes > 0).then(|| trn!(words, "{n} scene", "{n} scenes", scenes)),
        (hinges > 0).then(|| trn!(words, "{n} hinge", "{n} hinges", hinges)),
        (endings > 0).then(|| trn!(words, "{n} ending", "{n} endings", endings)),
        (never > 0).then(|| trn!(words, "{n} never reached", "{n} never reached", never)),
        (wrong > 0).then(|| trn!(words, "{n} with something wrong", "{n} with something wrong", wrong)),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// What the marks mean, and where the findings come from.
pub fn legend(drawing: &Drawing<'_>, words: &Catalogue) -> Vec<String> {
    let mut legend = vec![drawing.witness(words)];
    if drawing.findings.plays > 0 {
        legend.push(tr!(words, "bar and shade: the share of random plays that come there"));
    }
    legend.push(tr!(words, "✕ hatched: never reached"));
    if drawing.findings.nodes.iter().any(|found| !found.wrong.is_empty()) {
        legend.push(tr!(words, "! thick: something is wrong there"));
    }
    legend.push(tr!(words, "thick line: as in the record; dashes: under a condition; dots: by chance"));
    legend
}
