//! The picture for Graphviz: `petrograd graph --format dot | dot -Tsvg`.

use std::fmt::Write as _;

use super::boxes::percent_text;
use super::{Drawing, Kind, Reach};
use crate::catalogue::Catalogue;

/// Fills by how often a place is come to, rarest first: those of the picture.
pub const FILLS: [&str; 5] = ["#ffffff", "#eaf1f8", "#d3e3f2", "#b3cfe9", "#8fb8de"];

/// Writes the story in the DOT language: a cluster for each role, in it one for each month.
pub fn dot(drawing: &Drawing<'_>, words: &Catalogue) -> String {
    let mut out = String::new();
    let _ = writeln!(
        out,
        "digraph story {{\n  graph [rankdir=LR, newrank=true, label={}, labelloc=t, tooltip=\" \"];\n  node [shape=box, style=filled, fillcolor=\"#ffffff\", fontname=\"Helvetica\", fontsize=11];\n  edge [color=\"#6d675d\", tooltip=\" \"];",
        quoted(&format!("{}\n{}", drawing.story.manifest.title, drawing.witness(words)))
    );
    for (lane, role) in drawing.chart.roles.iter().enumerate() {
        let _ = writeln!(
            out,
            "  subgraph cluster_{lane} {{\n    label={};",
            quoted(&drawing.story.roles[role.index()].name)
        );
        for (band, title) in drawing.layout.bands.iter().map(|band| &band.title).enumerate() {
            let inside: Vec<usize> = drawing.within(Some(band), Some(lane)).collect();
            if inside.is_empty() {
                continue;
            }
            let _ =
                writeln!(out, "    subgraph cluster_{lane}_{band} {{\n      label={}; style=dashed;", quoted(title));
            inside.into_iter().for_each(|node| place(&mut out, drawing, node));
            out.push_str("    }\n");
        }
        out.push_str("  }\n");
    }
    let is_hinge = |node: &usize| drawing.chart.nodes[*node].kind == Kind::Hinge;
    (0..drawing.chart.nodes.len()).filter(is_hinge).for_each(|node| place(&mut out, drawing, node));
    for (number, edge) in drawing.chart.edges.iter().enumerate() {
        let marks = drawing.marks(number);
        let mut given = Vec::new();
        if marks.is_never {
            given.push("color=\"#a3281e\", style=dotted");
        } else if marks.is_guarded {
            given.push("style=dashed");
        }
        if marks.is_historical {
            given.push("penwidth=2.5");
        }
        if marks.leads_back {
            given.push("constraint=false");
        }
        let names: Vec<&str> = edge.ways.iter().map(|way| way.name.as_str()).collect();
        let tip = format!("edgetooltip={}", quoted(&names.join("\n")));
        given.push(&tip);
        let name = |node: usize| quoted(&drawing.unique(node));
        let _ = writeln!(out, "  {} -> {} [{}];", name(edge.from), name(edge.to), given.join(", "));
    }
    out.push_str("}\n");
    out
}

fn place(out: &mut String, drawing: &Drawing<'_>, number: usize) {
    let (node, found) = (&drawing.chart.nodes[number], &drawing.findings.nodes[number]);
    let shape = match node.kind {
        Kind::Scene => "",
        Kind::Hub => ", shape=component",
        Kind::Storylet => ", shape=note",
        Kind::Ending => ", peripheries=2, style=\"filled,rounded\"",
        Kind::Hinge => ", shape=hexagon, penwidth=2",
    };
    let share = found.share.filter(|_| found.reach == Reach::Reached);
    let fill = share.map(|share| format!(", fillcolor=\"{}\"", FILLS[super::boxes::step(share)])).unwrap_or_default();
    let never = if found.reach == Reach::Never {
        ", color=\"#a3281e\", fontcolor=\"#7d1d15\", style=\"filled,dashed\""
    } else {
        ""
    };
    let wrong = if found.wrong.is_empty() { "" } else { ", color=\"#a3281e\", penwidth=3" };
    let mut label = format!("{}\n{}", node.title, node.id);
    if let Some(day) = drawing.layout.days[number].filter(|_| drawing.is_dated) {
        let _ = write!(label, " · {}", drawing.short_day(day));
    }
    if let Some(share) = share {
        let _ = write!(label, "\n{}", percent_text(share));
    } else if found.reach == Reach::Never {
        label.push_str("\n✕");
    }
    let _ = writeln!(
        out,
        "      {} [label={}{shape}{fill}{never}{wrong}];",
        quoted(&drawing.unique(number)),
        quoted(&label)
    );
}

/// A string of the language; its lines stand in the middle.
fn quoted(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{}\"", escaped.replace('\n', "\\n").replace('\r', " "))
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn quotes_backslashes_and_lines_are_escaped() {
        assert_eq!(quoted("a \"b\" \\\nc"), r#""a \"b\" \\\nc""#);
    }
}
