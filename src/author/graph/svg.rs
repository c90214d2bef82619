//! The picture. Everything that colour says is said without it, too: what no play reaches is
//! hatched and crossed, how often a place is come to is a bar and a number.

use std::fmt::Write as _;

use super::boxes::{draw, escape, nodes};
use super::headings::{Headings, headings, legend};
use super::layout::{Band, Rect};
use super::{Drawing, Kind};
use crate::catalogue::Catalogue;

const STYLE: &str = include_str!("picture.css");

/// Writes the picture as a file of its own.
pub fn svg(drawing: &Drawing<'_>, words: &Catalogue) -> String {
    let layout = &drawing.layout;
    let (width, height) = layout.size;
    let scale = Headings::of(drawing);
    let mut out = String::new();
    let (left, top) = (scale.gutter, scale.top);
    let _ = writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"picture\" viewBox=\"0 0 {:.0} {:.0}\" role=\"img\" aria-label=\"{}\">\n<style>\n{STYLE}</style>",
        width + left,
        height + top + scale.legend * 2.2,
        escape(&drawing.story.manifest.title)
    );
    let _ = writeln!(
        out,
        "<rect class=\"paper\" width=\"100%\" height=\"100%\"/>\n<g transform=\"translate({left:.0} {top:.0})\">"
    );
    bands(&mut out, &layout.bands, top);
    headings(&mut out, drawing, &scale, words);
    picture(&mut out, drawing, words);
    let legend = legend(drawing, words).join("   ·   ");
    let _ = writeln!(
        out,
        "<text class=\"counts\" x=\"0\" y=\"{:.0}\" font-size=\"{:.0}\">{}</text>\n</g>\n</svg>",
        height + scale.legend * 1.5,
        scale.legend,
        escape(&legend)
    );
    out
}

/// Ways, frames and boxes: what the page and the picture share.
pub fn picture(out: &mut String, drawing: &Drawing<'_>, words: &Catalogue) {
    out.push_str(
        "<defs><pattern id=\"hatch\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">\
         <rect class=\"paper\" width=\"8\" height=\"8\"/><line class=\"hatch-line\" x1=\"0\" y1=\"0\" x2=\"0\" y2=\"8\"/></pattern>\
         <marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\" markerUnits=\"userSpaceOnUse\">\
         <path class=\"tip\" d=\"M0 0L8 4L0 8z\"/></marker></defs>\n",
    );
    for lane in drawing.layout.lanes.iter().skip(1) {
        let Rect { y, w, .. } = lane.rect;
        let _ = writeln!(out, "<line class=\"lane-line\" x1=\"0\" y1=\"{y:.0}\" x2=\"{w:.0}\" y2=\"{y:.0}\"/>");
    }
    out.push_str("<g class=\"frames\">\n");
    for (_, Rect { x, y, w, h }) in &drawing.layout.frames {
        let _ = writeln!(
            out,
            "<rect class=\"frame\" x=\"{x:.0}\" y=\"{y:.0}\" width=\"{w:.0}\" height=\"{h:.0}\" rx=\"10\"/>"
        );
    }
    out.push_str("</g>\n<g class=\"edges\">\n");
    for (number, edge) in
        drawing.chart.edges.iter().enumerate().filter(|(_, edge)| !edge.is_draw || !drawing.is_framed(edge))
    {
        let _ = writeln!(
            out,
            "<path id=\"e{number}\" class=\"{}\" d=\"{}\" marker-end=\"url(#tip)\"/>",
            kinds(drawing, number),
            path(drawing, edge.from, edge.to)
        );
    }
    out.push_str("</g>\n<g class=\"nodes\">\n");
    for node in nodes(drawing) {
        draw(out, drawing, node, words);
    }
    out.push_str("</g>\n");
}

fn kinds(drawing: &Drawing<'_>, edge: usize) -> String {
    let marks = drawing.marks(edge);
    let kinds = [
        ("historical", marks.is_historical),
        ("guarded", marks.is_guarded),
        ("chance", marks.is_chance),
        ("never", marks.is_never),
        ("back", marks.leads_back),
    ];
    let kinds = kinds.iter().filter(|(_, is)| *is).map(|(kind, _)| *kind);
    ["edge"].into_iter().chain(kinds).collect::<Vec<_>>().join(" ")
}

/// The line of a way: forward from right to left side, back below the boxes.
fn path(drawing: &Drawing<'_>, from: usize, to: usize) -> String {
    let (a, b) = (drawing.layout.boxes[from], drawing.layout.boxes[to]);
    let across = |node: usize| drawing.chart.nodes[node].kind == Kind::Hinge;
    let middle = |rect: Rect| rect.y + rect.h / 2.0;
    let within = |rect: Rect, y: f64| y.clamp(rect.y + 8.0, rect.y + rect.h - 8.0);
    let (y1, y2) = match (across(from), across(to)) {
        (true, false) => (within(a, middle(b)), middle(b)),
        (false, true) => (middle(a), within(b, middle(a))),
        _ => (middle(a), middle(b)),
    };
    if drawing.leads_back(from, to) {
        let low = (a.y + a.h).max(b.y + b.h) + 14.0;
        let (x1, x2) = (a.x + a.w * 0.6, b.x + b.w * 0.4);
        return format!("M{x1:.0} {:.0}C{x1:.0} {low:.0} {x2:.0} {low:.0} {x2:.0} {:.0}", a.y + a.h, b.y + b.h);
    }
    let (x1, x2) = (a.x + a.w, b.x);
    let bend = ((x2 - x1) / 2.0).clamp(20.0, 120.0);
    format!("M{x1:.0} {y1:.0}C{:.0} {y1:.0} {:.0} {y2:.0} {x2:.0} {y2:.0}", x1 + bend, x2 - bend)
}

pub fn bands(out: &mut String, bands: &[Band], top: f64) {
    for (number, Band { rect, .. }) in bands.iter().enumerate() {
        let odd = if number % 2 == 1 { " odd" } else { "" };
        let _ = writeln!(
            out,
            "<rect class=\"band{odd}\" x=\"{:.0}\" y=\"{:.0}\" width=\"{:.0}\" height=\"{:.0}\"/>",
            rect.x,
            -top,
            rect.w,
            rect.h + top
        );
    }
}
