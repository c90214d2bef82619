//! When each place is come to at the earliest, as far as the files say.

use super::chart::Chart;
use crate::calendar::Day;
use crate::engine::Place;
use crate::story::model::{Story, When};

/// By node: its day, or none where nothing that is dated leads to it.
pub fn dates(story: &Story, chart: &Chart) -> Vec<Option<Day>> {
    let mut days: Vec<Option<Day>> = chart.nodes.iter().map(|node| own(story, node.place)).collect();
    for (index, node) in chart.nodes.iter().enumerate().filter(|(_, node)| node.is_start) {
        days[index] = days[index].or_else(|| later(story, node.place, story.manifest.begins));
    }
    // Days only become earlier and never earlier than what leads there, so this comes to rest.
    let mut changed = true;
    while changed {
        changed = false;
        for edge in &chart.edges {
            let Some(day) = days[edge.from].and_then(|day| later(story, chart.nodes[edge.to].place, day)) else {
                continue;
            };
            if days[edge.to].is_none_or(|known| day < known) {
                days[edge.to] = Some(day);
                changed = true;
            }
        }
    }
    days
}

/// Whether any place of a story has a date or follows another by days.
pub fn is_dated(story: &Story) -> bool {
    !story.hinges.is_empty() || story.scenes.iter().any(|scene| scene.when != When::Now)
}

fn own(story: &Story, place: Place) -> Option<Day> {
    match place {
        Place::Hinge(hinge) => Some(story.hinges[hinge.index()].date),
        Place::Scene(scene) => match story.scenes[scene.index()].when {
            When::On(day) => Some(day),
            When::Now | When::After(_) => None,
        },
    }
}

/// The day on which a place is entered from a day; none where it has a day of its own.
fn later(story: &Story, place: Place, from: Day) -> Option<Day> {
    match place {
        Place::Hinge(_) => None,
        Place::Scene(scene) => match story.scenes[scene.index()].when {
            When::On(_) => None,
            When::Now => Some(from),
            When::After(days) => Some(from.plus(days as i32)),
        },
    }
}
