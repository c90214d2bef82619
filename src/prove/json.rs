//! A proof as JSON, by the contract of `prove --json`.

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::fates::Triple;
use super::proof::{Odds, Proof};
use super::trace::Trace;
use crate::story::Sources;
use crate::story::model::{Claim, Holder, Story};

/// What no play reaches, by id.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Unreached {
    /// Scenes, and hinges.
    pub scenes: Vec<String>,
    /// Choices, as `scene.choice`.
    pub choices: Vec<String>,
    /// Scenes that are endings.
    pub endings: Vec<String>,
    /// Outcomes for the city.
    pub outcomes: Vec<String>,
    /// Events.
    pub events: Vec<String>,
    /// Entries of a `goto` and outcomes of hinges, told by where they stand.
    #[serde(skip)]
    pub ways: Vec<String>,
}

impl Proof {
    /// Whether everything holds and was finished.
    pub fn is_sound(&self) -> bool {
        let holds = |verdict| verdict == super::Verdict::Holds;
        self.complete
            && self.dead_ends.is_empty()
            && self.faults.is_empty()
            && self.left_alone.is_none_or(holds)
            && self.astray.is_empty()
            && self.roles.iter().all(|role| holds(role.historical) || role.roles.len() > 1 && !role.complete)
            && self.laws.iter().all(|law| holds(law.verdict))
    }

    /// What no play reaches; only of a complete proof it is sure.
    pub fn unreached(&self, story: &Story) -> Unreached {
        let not = |seen: &[bool], name: &dyn Fn(usize) -> String| -> Vec<String> {
            (0..seen.len()).filter(|&index| !seen[index]).map(name).collect()
        };
        let mut scenes = not(&self.seen.scenes, &|index| story.scenes[index].id.to_string());
        scenes.extend(not(&self.seen.hinges, &|index| story.hinges[index].id.to_string()));
        let endings =
            |id: &String| story.scenes.iter().any(|scene| &*scene.id == id.as_str() && scene.ending.is_some());
        // Sides of roles that nobody plays are chosen by history.
        let playable = |index: usize| match story.choices[index].holder {
            Holder::Side(side) => story.roles[story.sides[side.index()].role.index()].start.is_some(),
            _ => true,
        };
        let choices = (0..self.seen.choices.len()).filter(|&index| !self.seen.choices[index] && playable(index));
        let name = |index: usize| story.choice_name(crate::story::model::ChoiceId(index as u32));
        let outcomes = not(&self.seen.outcomes, &|index| story.outcomes[index].id.clone());
        Unreached {
            endings: scenes.iter().filter(|id| endings(id)).cloned().collect(),
            scenes,
            choices: choices.map(name).collect(),
            outcomes,
            events: not(&self.seen.events, &|index| story.events[index].id.clone()),
            ways: self.unreached_ways(story),
        }
    }

    /// Ways within scenes that are reached.
    fn unreached_ways(&self, story: &Story) -> Vec<String> {
        let mut ways = Vec::new();
        let mut look = |from: String, goto: crate::story::model::Goto| {
            if goto.entries.len() < 2 {
                return;
            }
            for (n, index) in goto.entries.range().enumerate().filter(|(_, index)| !self.seen.entries[*index]) {
                let to = match story.gotos[index].to {
                    crate::story::model::Target::Scene(scene) => story.scenes[scene.index()].id.to_string(),
                    crate::story::model::Target::Hinge(hinge) => story.hinges[hinge.index()].id.to_string(),
                    crate::story::model::Target::Return => "@return".to_owned(),
                };
                ways.push(format!("{from} -> {to} ({})", n + 1));
            }
        };
        for (index, scene) in story.scenes.iter().enumerate().filter(|(index, _)| self.seen.scenes[*index]) {
            let _ = index;
            look(scene.id.to_string(), scene.goto);
        }
        for (index, choice) in story.choices.iter().enumerate().filter(|(index, _)| self.seen.choices[*index]) {
            look(story.choice_name(crate::story::model::ChoiceId(index as u32)), choice.goto);
        }
        for (hinge, declared) in story.hinges.iter().enumerate().filter(|(index, _)| self.seen.hinges[*index]) {
            let _ = hinge;
            let unturned = declared.outcomes.range().enumerate().filter(|(_, index)| !self.seen.turns[*index]);
            ways.extend(
                unturned
                    .map(|(n, index)| format!("{}: {} ({})", declared.id, story.hinge_outcomes[index].title, n + 1)),
            );
        }
        ways
    }
}

/// Where a piece of text stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct TextPlace {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
}

impl Proof {
    /// The arms of prose that no play shows, by their tags.
    pub fn unshown(&self, story: &Story, sources: &Sources) -> Vec<TextPlace> {
        let arms = story.code.arm_places.iter().zip(&self.seen.arms);
        let mut places: Vec<TextPlace> = arms
            .filter(|(_, shown)| **shown == super::ArmSeen::Hidden)
            .map(|(arm, _)| {
                let source = sources.file(arm.span.file);
                let (before, string) = source.text.split_at(arm.span.start as usize);
                // A line break right after the quotation marks is none of the string's.
                let opened = ["'''\n", "'''\r\n", "\"\"\"\n", "\"\"\"\r\n"];
                let skipped = usize::from(opened.iter().any(|open| string.starts_with(open)));
                let line = before.matches('\n').count() + 1 + skipped + arm.lines as usize;
                TextPlace { file: source.name.clone(), line }
            })
            .collect();
        places.sort();
        places.dedup();
        places
    }
}

/// A proof by the contract.
pub fn json(story: &Story, sources: &Sources, proof: &Proof) -> Value {
    let unreached = if proof.complete { proof.unreached(story) } else { Unreached::default() };
    let mut unreachable = serde_json::to_value(&unreached).unwrap_or_default();
    let text = if proof.complete { proof.unshown(story, sources) } else { Vec::new() };
    unreachable["text"] = json!(text);
    json!({
        "format": 1,
        "complete": proof.complete,
        "states": proof.roles.iter().map(|role| role.states).sum::<usize>(),
        "transitions": proof.roles.iter().map(|role| role.transitions).sum::<usize>(),
        "seconds": proof.seconds,
        "roles": proof.roles.iter().map(|role| json!({
            "role": names(story, &role.roles),
            "states": role.states,
            "complete": role.complete,
            "historical": { "verdict": role.historical.name(), "events": recorded(story), "trace": trace(role.strayed.as_ref()) },
        })).collect::<Vec<_>>(),
        "laws": proof.laws.iter().map(|found| {
            let law = &story.laws[found.law.index()];
            // A play that shows what is possible breaks nothing, but it is a play worth having.
            let shown = found.trace.as_ref().map(|(_, trace)| trace);
            let shown = shown.filter(|_| found.verdict == super::Verdict::Broken || matches!(law.claim, Claim::Possible(_)));
            json!({ "id": law.id, "verdict": found.verdict.name(), "trace": trace(shown) })
        }).collect::<Vec<_>>(),
        "dead_ends": proof.dead_ends.iter().map(|end| json!({ "at": end.at, "trace": end.trace.lines() })).collect::<Vec<_>>(),
        "faults": proof.faults.iter().map(|fault| json!({
            "kind": fault.kind, "at": fault.at, "event": fault.event, "trace": fault.trace.lines(),
        })).collect::<Vec<_>>(),
        "unreachable": unreachable,
        "length": lengths(story, proof),
        "odds": { "endings": odds(&proof.endings), "outcomes": odds(&proof.outcomes) },
    })
}

fn names(story: &Story, roles: &[crate::story::model::RoleId]) -> String {
    roles.iter().map(|role| story.roles[role.index()].id.as_str()).collect::<Vec<_>>().join(",")
}

fn recorded(story: &Story) -> usize {
    let within = |date: &crate::calendar::Day| *date >= story.manifest.begins && *date <= story.manifest.ends;
    story.events.iter().filter_map(|event| event.date.as_ref()).filter(|date| within(date)).count()
}

fn trace(trace: Option<&Trace>) -> Value {
    trace.map_or(Value::Null, |trace| json!(trace.lines()))
}

fn lengths(story: &Story, proof: &Proof) -> Value {
    let mut lengths = Map::new();
    for role in proof.roles.iter().filter(|role| role.roles.len() == 1) {
        if let Some(range) = &role.length {
            let span = |span: &super::Span| json!({ "least": span.least, "greatest": span.greatest });
            lengths.insert(
                names(story, &role.roles),
                json!({ "choices": span(&range.choices), "words": span(&range.words) }),
            );
        }
    }
    Value::Object(lengths)
}

fn odds(odds: &Odds) -> Value {
    let triple = |odds: &Triple| json!({ "least": odds.least, "random": odds.random, "greatest": odds.greatest });
    Value::Object(odds.iter().map(|(id, odds)| (id.clone(), triple(odds))).collect())
}
