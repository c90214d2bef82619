//! The picture for Markdown: code hosts and editors draw a block of Mermaid.

use std::fmt::Write as _;

use super::boxes::{percent_text, step};
use super::dot::FILLS;
use super::{Drawing, Kind, Reach};
use crate::catalogue::Catalogue;

/// Writes the story as a flow chart: a subgraph for each role, in it one for each month.
pub fn mermaid(drawing: &Drawing<'_>, words: &Catalogue) -> String {
    let mut out = format!("---\ntitle: {}\n---\n", serde_json::Value::from(drawing.story.manifest.title.as_str()));
    let _ = writeln!(out, "%% {}\nflowchart LR", drawing.witness(words).replace('\n', " "));
    for (lane, role) in drawing.chart.roles.iter().enumerate() {
        let name = &drawing.story.roles[role.index()].name;
        let title = if name.is_empty() { &drawing.story.manifest.title } else { name };
        let _ = writeln!(out, "  subgraph role{lane}[\"{}\"]", entities(title));
        for (band, title) in drawing.layout.bands.iter().map(|band| &band.title).enumerate() {
            let inside: Vec<usize> = drawing.within(Some(band), Some(lane)).collect();
            if inside.is_empty() {
                continue;
            }
            let _ = writeln!(out, "    subgraph role{lane}band{band}[\"{}\"]", entities(title));
            inside.into_iter().for_each(|node| place(&mut out, drawing, node));
            out.push_str("    end\n");
        }
        out.push_str("  end\n");
    }
    let is_hinge = |node: &usize| drawing.chart.nodes[*node].kind == Kind::Hinge;
    (0..drawing.chart.nodes.len()).filter(is_hinge).for_each(|node| place(&mut out, drawing, node));
    let mut never = Vec::new();
    for (number, edge) in drawing.chart.edges.iter().enumerate() {
        let marks = drawing.marks(number);
        let arrow = match (marks.is_historical, marks.is_guarded) {
            (true, _) => "==>",
            (false, true) => "-.->",
            (false, false) => "-->",
        };
        if marks.is_never {
            never.push(number.to_string());
        }
        let _ = writeln!(out, "  {} {arrow} {}", name(drawing, edge.from), name(drawing, edge.to));
    }
    for (number, fill) in FILLS.iter().enumerate() {
        let _ = writeln!(out, "  classDef f{number} fill:{fill},stroke:#4a463f,color:#1d1b18");
    }
    out.push_str("  classDef never fill:#fbfaf6,stroke:#a3281e,color:#7d1d15,stroke-dasharray:6 4\n");
    if !never.is_empty() {
        let _ = writeln!(out, "  linkStyle {} stroke:#a3281e,stroke-dasharray:2 4", never.join(","));
    }
    out
}

/// What a place is called there: never a word that Mermaid keeps for itself, such as `end`.
fn name(drawing: &Drawing<'_>, node: usize) -> String {
    let letter = if drawing.chart.nodes[node].kind == Kind::Hinge { 'h' } else { 's' };
    format!("{letter}_{}", drawing.chart.nodes[node].id)
}

fn place(out: &mut String, drawing: &Drawing<'_>, number: usize) {
    let (node, found) = (&drawing.chart.nodes[number], &drawing.findings.nodes[number]);
    let (open, close) = match node.kind {
        Kind::Scene => ("[", "]"),
        Kind::Hub => ("[[", "]]"),
        Kind::Storylet => (">", "]"),
        Kind::Ending => ("([", "])"),
        Kind::Hinge => ("{{", "}}"),
    };
    let share = found.share.filter(|_| found.reach == Reach::Reached);
    let (note, class) = match (found.reach, share) {
        (Reach::Never, _) => ("<br/>✕".to_owned(), ":::never".to_owned()),
        (_, Some(share)) => (format!("<br/>{}", entities(&percent_text(share))), format!(":::f{}", step(share))),
        (Reach::Reached | Reach::Unknown, None) => (String::new(), String::new()),
    };
    let _ = writeln!(out, "      {}{open}\"{}{note}\"{close}{class}", name(drawing, number), entities(&node.title));
}

/// What would end a label or be read as markup, as Mermaid's entities.
fn entities(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '"' | '#' | ';' | '<' | '>' | '&' | '`' | '*' | '_' | '[' | ']' | '(' | ')' | '{' | '}' | '|' | '\\' => {
                let _ = write!(out, "#{};", u32::from(c));
            }
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::entities;

    #[test]
    fn labels_end_nothing() {
        assert_eq!(entities("\"No\" #1 <b>"), "#34;No#34; #35;1 #60;b#62;");
    }
}
