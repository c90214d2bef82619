//! Many plays of their own, side by side: how they spread, and which path hardly anybody took.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::board::label;
use super::scene::title;
use crate::engine::{Cursor, Play};
use crate::host::room::Room;
use crate::host::world::{Tongue, pick_id};
use crate::record::fidelity;
use crate::story::model::RoleId;
use crate::{tr, trn};

/// A decision: its role, its place, and how often what was taken.
type Decisions = BTreeMap<(RoleId, String), BTreeMap<String, u32>>;

/// The merged debriefing of a class whose students played alone.
pub fn spread(tongue: &Tongue, room: &Room) -> Markup {
    let (words, story) = (&tongue.words, &tongue.story);
    let plays: Vec<&Play> = room.seated().filter_map(|(_, seat)| seat.play.as_deref()).collect();
    let Some(&first) = plays.first() else { return html! { p { (tr!(words, "Nobody has played yet.")) } } };
    let mut endings: BTreeMap<&str, u32> = BTreeMap::new();
    let mut decisions = Decisions::new();
    for play in &plays {
        for &role in &play.setup().roles {
            if let Cursor::Ending(scene) = play.state().cursor(story, role) {
                *endings.entry(story.scenes[scene.index()].ending.as_deref().unwrap_or_default()).or_insert(0) += 1;
            }
        }
        for entry in play.log() {
            let option = pick_id(story, entry.input.pick);
            if option != "continue" {
                *decisions.entry((entry.input.role, entry.at.clone())).or_default().entry(option).or_insert(0) += 1;
            }
        }
    }
    let mean = plays.iter().map(|play| fidelity(story, play.state())).sum::<f64>() / plays.len() as f64 * 100.0;
    let least = decisions
        .iter()
        .flat_map(|(place, options)| options.iter().map(move |(option, count)| (*count, place, option)))
        .min_by_key(|(count, _, _)| *count);
    let name = |(role, at): &(RoleId, String), option: &str| {
        label(story, first.state(), words, &story.roles[role.index()].id, at, option)
    };
    let is_historical = |at: &str, option: &str| {
        story.choices.iter().enumerate().any(|(index, choice)| {
            choice.historical
                && *choice.id == *option
                && story.choice_name(crate::story::model::ChoiceId(index as u32)).starts_with(&format!("{at}."))
        })
    };
    html! {
        section {
            h2 { (tr!(words, "How the class's paths spread")) }
            p { (trn!(words, "{n} play", "{n} plays", plays.len())) " · " (tr!(words, "on average {percent} % of the record was kept", percent = mean.round())) }
            @if !endings.is_empty() {
                h3 { (tr!(words, "Endings")) }
                ul.bars lang=(story.manifest.language) { @for (ending, count) in &endings { li { span.label { (ending) } meter min="0" max=(plays.len()) value=(count) aria-hidden="true" {} span.count { (count) } } } }
            }
            @if let Some((count, place, option)) = least {
                h3 { (tr!(words, "To read aloud: what hardly anybody chose")) }
                p lang=(story.manifest.language) { (title(story, &place.1)) ": " em { (name(place, option)) } " (" (count) ")" }
            }
            h3 { (tr!(words, "Choice by choice")) }
            @for (place, options) in &decisions {
                article.decision {
                    h3 lang=(story.manifest.language) { (title(story, &place.1)) }
                    ul.bars lang=(story.manifest.language) {
                        @for (option, count) in options {
                            li { span.label { (name(place, option)) @if is_historical(&place.1, option) { " " span.tag lang=(words.language()) { (tr!(words, "the record")) } } }
                                meter min="0" max=(plays.len()) value=(count) aria-hidden="true" {} span.count { (count) } }
                        }
                    }
                }
            }
        }
    }
}
