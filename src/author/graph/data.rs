//! What the page knows of each place and way, to show it where somebody asks.

use serde_json::{Map, Value, json};

use super::chart::Way;
use super::headings::counts;
use super::told::Told;
use super::{Drawing, Reach};
use crate::catalogue::Catalogue;
use crate::tr;

/// All of it.
pub fn data(drawing: &Drawing<'_>, told: &Told, words: &Catalogue) -> Value {
    let layout = &drawing.layout;
    let bands = layout.bands.iter().enumerate().map(|(number, band)| {
        let counts = counts(drawing, Some(number), None, words);
        json!({ "title": band.title, "at": band.rect.x, "size": band.rect.w, "counts": counts })
    });
    let lanes = layout.lanes.iter().enumerate().map(|(number, lane)| {
        let counts = counts(drawing, None, Some(number), words);
        json!({ "title": lane.title, "at": lane.rect.y, "size": lane.rect.h, "counts": counts })
    });
    json!({
        "size": [layout.size.0, layout.size.1],
        "bands": bands.collect::<Vec<_>>(),
        "lanes": lanes.collect::<Vec<_>>(),
        "nodes": (0..drawing.chart.nodes.len()).map(|node| place(drawing, told, node, words)).collect::<Vec<_>>(),
        "edges": (0..drawing.chart.edges.len()).map(|edge| ways(drawing, told, edge)).collect::<Vec<_>>(),
        "targets": targets(drawing),
        "words": page_words(words),
    })
}

fn reach(reach: Reach) -> &'static str {
    match reach {
        Reach::Reached => "reached",
        Reach::Never => "never",
        Reach::Unknown => "unknown",
    }
}

/// A share in thousandths, which is as much as is shown.
fn rounded(share: f64) -> f64 {
    // What is there is never told as nothing.
    if share > 0.0 && share < 0.001 { 0.001 } else { (share * 1000.0).round() / 1000.0 }
}

fn place(drawing: &Drawing<'_>, told: &Told, number: usize, words: &Catalogue) -> Value {
    let (node, found) = (&drawing.chart.nodes[number], &drawing.findings.nodes[number]);
    let said = told.of(&node.id);
    let day = drawing.layout.days[number].filter(|_| drawing.is_dated);
    let role = node.role.map(|role| drawing.story.roles[role.index()].name.clone());
    let wrong = found.wrong.iter().map(|(kind, trace)| json!({ "what": fault(kind, words), "trace": trace }));
    let at = said.at.map(|(file, line)| format!("{file}:{line}"));
    json!({
        "id": node.id,
        "title": node.title,
        "kind": super::boxes::kind(node.kind, words),
        "role": role.filter(|role| !role.is_empty()),
        "day": day.map(|day| drawing.long_day(day, words)),
        "reach": reach(found.reach),
        "share": found.share.map(rounded),
        "on": found.on_the_way.iter().map(|share| rounded(*share)).collect::<Vec<_>>(),
        "wrong": wrong.collect::<Vec<_>>(),
        "at": at,
        "text": said.text,
        "guard": said.guard,
        "effects": said.effects,
    })
}

/// What is wrong, in words.
pub fn fault(kind: &str, words: &Catalogue) -> String {
    match kind {
        "dead-end" => tr!(words, "a dead end: nothing is open and the play is not over"),
        "calendar-runs-back" => tr!(words, "the calendar would run back here"),
        "happened-without-needs" => tr!(words, "an event happens here without what it needs"),
        _ => tr!(words, "from here on no play comes to an end"),
    }
}

fn ways(drawing: &Drawing<'_>, told: &Told, number: usize) -> Value {
    let edge = &drawing.chart.edges[number];
    let ways = edge.ways.iter().zip(&drawing.findings.ways[number]);
    let ways = ways.map(|(way, reach)| one_way(drawing, told, way, *reach)).collect::<Vec<_>>();
    json!({ "from": edge.from, "to": edge.to, "ways": ways })
}

fn one_way(drawing: &Drawing<'_>, told: &Told, way: &Way, found: Reach) -> Value {
    let said = told.of(&way.name);
    let mut told = Map::new();
    told.insert("name".to_owned(), way.name.as_str().into());
    told.insert("reach".to_owned(), reach(found).into());
    let taken = way.choice.and_then(|choice| drawing.findings.taken[choice.index()]).map(rounded);
    let entry = way.entry.map(|entry| &drawing.story.gotos[entry]);
    for (key, value) in [
        ("text", said.text.as_str()),
        ("guard", said.guard.as_str()),
        ("effects", said.effects.as_str()),
        ("locked", said.locked.as_str()),
    ] {
        if way.choice.is_some() && !value.is_empty() {
            told.insert(key.to_owned(), value.into());
        }
    }
    if entry.is_some_and(|entry| entry.guard.is_some()) {
        told.insert("split".to_owned(), true.into());
    }
    if way.weight > 0 {
        told.insert("weight".to_owned(), way.weight.into());
    }
    if way.historical {
        told.insert("historical".to_owned(), true.into());
    }
    if let Some(taken) = taken {
        told.insert("taken".to_owned(), taken.into());
    }
    Value::Object(told)
}

fn targets(drawing: &Drawing<'_>) -> Value {
    let all: u32 =
        drawing.findings.targets.iter().filter(|target| target.node.is_none()).map(|target| target.plays).sum();
    let target = |target: &super::Target| {
        let odds = target.odds.map(|odds| json!([odds.least, odds.random, odds.greatest].map(rounded)));
        // Of an ending: of the plays of its role.
        let node = target.node.map(|node| &drawing.findings.nodes[node]);
        let share = match node {
            Some(found) => found.share,
            None => (all > 0).then(|| f64::from(target.plays) / f64::from(all)),
        };
        json!({ "id": target.id, "title": target.title, "node": target.node, "end": target.end,
                "plays": target.plays, "share": share.map(rounded), "odds": odds,
                "reach": node.map(|found| reach(found.reach)) })
    };
    Value::Array(drawing.findings.targets.iter().map(target).collect())
}

/// What the page says by itself.
fn page_words(words: &Catalogue) -> Value {
    json!({
        "endings": tr!(words, "Endings"),
        "outcomes": tr!(words, "Outcomes for the city"),
        "never": tr!(words, "never reached"),
        "unknown": tr!(words, "not known whether it is reached"),
        "neverReached": tr!(words, "Never reached"),
        "wrong": tr!(words, "Something is wrong"),
        "nothingWrong": tr!(words, "Every place is reached, and nothing is wrong."),
        "share": tr!(words, "come there in {percent} of random plays"),
        "out": tr!(words, "Ways out"),
        "in": tr!(words, "Ways here"),
        "onTheWay": tr!(words, "Of the plays that end so, these come through here"),
        "if": tr!(words, "if"),
        "does": tr!(words, "does"),
        "record": tr!(words, "as in the record"),
        "chance": tr!(words, "by chance, weight {n}"),
        "split": tr!(words, "one of several, under a condition"),
        "taken": tr!(words, "taken in {percent} of the plays that come here"),
        "neverTaken": tr!(words, "never taken"),
        "found": tr!(words, "{n} found"),
        "odds": tr!(words, "{least} at the least, {greatest} at the most"),
        "copy": tr!(words, "look at it: {command}"),
        "back": tr!(words, "Overview"),
    })
}
