//! One box for each place, its shape by what it is, its marks by what was found.

use std::borrow::Cow;
use std::fmt::Write as _;

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use super::layout::Rect;
use super::{Drawing, Kind, Reach};
use crate::catalogue::Catalogue;
use crate::report;
use crate::tr;

/// Makes text safe between tags and inside quoted attributes of XML, which has no way to write
/// control characters.
pub fn escape(text: &str) -> Cow<'_, str> {
    let unwritable = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
    if text.contains(unwritable) {
        return Cow::Owned(report::escape(&text.replace(unwritable, " ")).into_owned());
    }
    report::escape(text)
}

/// The nodes in reading order: from left to right, from top to bottom.
pub fn nodes(drawing: &Drawing<'_>) -> Vec<usize> {
    let mut nodes: Vec<usize> = (0..drawing.chart.nodes.len()).collect();
    let key = |node: usize| drawing.layout.boxes[node];
    nodes.sort_by(|&a, &b| {
        let (first, second) = (key(a), key(b));
        first.x.total_cmp(&second.x).then(first.y.total_cmp(&second.y)).then(a.cmp(&b))
    });
    nodes
}

/// How often a place is come to, in five steps.
pub fn step(share: f64) -> usize {
    [0.01, 0.1, 1.0 / 3.0, 2.0 / 3.0].iter().filter(|bound| share > **bound).count()
}

/// Draws a box.
pub fn draw(out: &mut String, drawing: &Drawing<'_>, number: usize, words: &Catalogue) {
    let (node, found) = (&drawing.chart.nodes[number], &drawing.findings.nodes[number]);
    let Rect { x, y, w, h } = drawing.layout.boxes[number];
    let mut kinds = vec![match node.kind {
        Kind::Scene => "scene",
        Kind::Hub => "hub",
        Kind::Storylet => "storylet",
        Kind::Ending => "ending",
        Kind::Hinge => "hinge",
    }];
    let share = found.share.filter(|_| found.reach == Reach::Reached);
    kinds.extend(share.map(|share| ["f0", "f1", "f2", "f3", "f4"][step(share)]));
    match found.reach {
        Reach::Never => kinds.push("never"),
        Reach::Unknown if drawing.findings.plays > 0 => kinds.push("unknown"),
        Reach::Unknown | Reach::Reached => {}
    }
    if !found.wrong.is_empty() {
        kinds.push("wrong");
    }
    if node.is_start {
        kinds.push("start");
    }
    let label = escape(&label(drawing, number, words)).into_owned();
    let _ = writeln!(
        out,
        "<g id=\"n{number}\" class=\"node {}\" transform=\"translate({x:.0} {y:.0})\" tabindex=\"0\" role=\"button\" aria-label=\"{label}\"><title>{label}</title>",
        kinds.join(" ")
    );
    shape(out, node.kind, w, h);
    let marks: String = [(node.is_start, "▶"), (found.reach == Reach::Never, "✕"), (!found.wrong.is_empty(), "!")]
        .iter()
        .filter(|(is, _)| *is)
        .map(|(_, mark)| *mark)
        .collect();
    let room = w - 22.0 - marks.width() as f64 * 13.0;
    let _ = writeln!(out, "<text class=\"title\" x=\"12\" y=\"22\">{}</text>", escape(&cut(&node.title, room / 8.4)));
    if !marks.is_empty() {
        let _ = writeln!(out, "<text class=\"mark\" x=\"{:.0}\" y=\"22\" text-anchor=\"end\">{marks}</text>", w - 9.0);
    }
    let day =
        drawing.layout.days[number].filter(|_| drawing.is_dated).map(|day| drawing.short_day(day)).unwrap_or_default();
    let _ = writeln!(
        out,
        "<text class=\"id\" x=\"12\" y=\"38\">{}</text>",
        escape(&cut(&node.id, (w - 26.0 - day.width() as f64 * 6.7) / 6.7))
    );
    let _ =
        writeln!(out, "<text class=\"id\" x=\"{:.0}\" y=\"38\" text-anchor=\"end\">{}</text>", w - 10.0, escape(&day));
    if let Some(share) = share {
        let track = w - 62.0;
        let _ = writeln!(
            out,
            "<rect class=\"track\" x=\"12\" y=\"{:.0}\" width=\"{track:.0}\" height=\"6\"/><rect class=\"share\" x=\"12\" y=\"{:.0}\" width=\"{:.1}\" height=\"6\"/>\
             <text class=\"percent\" x=\"{:.0}\" y=\"{:.0}\" text-anchor=\"end\">{}</text>",
            h.min(60.0) - 13.0,
            h.min(60.0) - 13.0,
            track * share,
            w - 10.0,
            h.min(60.0) - 7.0,
            escape(&percent_text(share))
        );
    }
    out.push_str("</g>\n");
}

/// A share as people read it; what is there is never told as nothing, and what isn't certain
/// never as all.
pub fn percent_text(share: f64) -> String {
    match share * 100.0 {
        percent if percent > 0.0 && percent < 0.5 => "<1 %".to_owned(),
        percent if percent < 100.0 && percent > 99.5 => ">99 %".to_owned(),
        percent => format!("{percent:.0} %"),
    }
}

fn shape(out: &mut String, kind: Kind, w: f64, h: f64) {
    let _ = match kind {
        Kind::Scene => writeln!(out, "<rect class=\"box\" width=\"{w:.0}\" height=\"{h:.0}\" rx=\"3\"/>"),
        Kind::Hub => writeln!(
            out,
            "<rect class=\"box\" width=\"{w:.0}\" height=\"{h:.0}\" rx=\"3\"/><rect class=\"bar\" width=\"6\" height=\"{h:.0}\"/>"
        ),
        Kind::Storylet => {
            writeln!(out, "<path class=\"box\" d=\"M0 0H{:.0}L{w:.0} 12V{h:.0}H0z\"/>", w - 12.0)
        }
        Kind::Ending => writeln!(
            out,
            "<rect class=\"box\" width=\"{w:.0}\" height=\"{h:.0}\" rx=\"22\"/><rect class=\"inner\" x=\"4\" y=\"4\" width=\"{:.0}\" height=\"{:.0}\" rx=\"18\"/>",
            w - 8.0,
            h - 8.0
        ),
        Kind::Hinge => writeln!(
            out,
            "<rect class=\"box\" width=\"{w:.0}\" height=\"{h:.0}\"/><path class=\"inner\" d=\"M5 0V{h:.0}M{:.0} 0V{h:.0}\"/>",
            w - 5.0
        ),
    };
}

/// What a box says to who hears it: name, what it is, what was found.
fn label(drawing: &Drawing<'_>, number: usize, words: &Catalogue) -> String {
    let (node, found) = (&drawing.chart.nodes[number], &drawing.findings.nodes[number]);
    let mut parts = vec![node.title.clone(), kind(node.kind, words)];
    parts.extend(drawing.layout.days[number].filter(|_| drawing.is_dated).map(|day| drawing.long_day(day, words)));
    match (found.reach, found.share) {
        (Reach::Never, _) => parts.push(tr!(words, "never reached")),
        (Reach::Reached, Some(share)) => {
            let share = percent_text(share);
            parts.push(tr!(words, "in {percent} of random plays", percent = share));
        }
        (Reach::Reached | Reach::Unknown, _) => {}
    }
    if !found.wrong.is_empty() {
        parts.push(tr!(words, "something is wrong here"));
    }
    parts.join(", ")
}

/// What a kind of place is called.
pub fn kind(kind: Kind, words: &Catalogue) -> String {
    match kind {
        Kind::Scene => tr!(words, "scene"),
        Kind::Hub => tr!(words, "scene that draws storylets"),
        Kind::Storylet => tr!(words, "storylet"),
        Kind::Ending => tr!(words, "ending"),
        Kind::Hinge => tr!(words, "hinge"),
    }
}

/// The beginning of a text that is no wider than so many letters.
pub fn cut(text: &str, width: f64) -> String {
    if text.width() as f64 <= width {
        return text.to_owned();
    }
    let (mut cut, mut used) = (String::new(), 1.0);
    for c in text.chars() {
        used += c.width().unwrap_or(0) as f64;
        if used > width {
            break;
        }
        cut.push(c);
    }
    cut.trim_end().to_owned() + "…"
}

#[cfg(test)]
mod tests {
    use super::{cut, percent_text, step};

    #[test]
    fn what_is_long_is_cut_and_what_is_rare_is_not_nothing() {
        assert_eq!([cut("a queue", 7.0), cut("a long queue", 7.0)], ["a queue", "a long…"]);
        assert_eq!([0.0, 0.001, 0.255, 0.999, 1.0].map(percent_text), ["0 %", "<1 %", "26 %", ">99 %", "100 %"]);
        assert_eq!([0.0, 0.05, 0.2, 0.5, 0.9].map(step), [0, 1, 2, 3, 4]);
    }
}
