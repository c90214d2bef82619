//! Where everybody is who plays alone: scenes down, seats across, whoever is stuck marked.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::groups::name;
use super::scene::title;
use crate::engine::place_name;
use crate::host::room::Room;
use crate::host::world::World;
use crate::host::writer::now;
use crate::{tr, trn};

/// Whoever has been in one scene for longer is marked (milliseconds).
const STUCK: u64 = 360_000;

/// A seat in a scene: its number, what it is called, and for how many minutes where that is long.
struct Here {
    seat: u32,
    alias: String,
    stuck: Option<u64>,
}

/// The map. Its scenes stand in the order in which the class comes through them.
pub fn heat(world: &World, room: &Room, code: &str) -> Markup {
    let (words, story) = (&world.tongue(0).words, world.story());
    let mut scenes: BTreeMap<&str, (usize, Vec<Here>)> = BTreeMap::new();
    let (now, mut done) = (now(), 0);
    for (number, seat) in room.seated() {
        let (Some(play), Some(role)) = (&seat.play, seat.role) else { continue };
        let over = play.state().is_over(story);
        done += usize::from(over);
        let since = now.saturating_sub(seat.stepped);
        let stuck = (!over && !room.gathered && since > STUCK).then_some(since / 60_000);
        let steps = play.log().len();
        let scene = scenes.entry(place_name(story, play.state(), role)).or_insert((steps, Vec::new()));
        scene.0 = scene.0.min(steps);
        scene.1.push(Here { seat: number, alias: name(room, number, &seat.row.alias), stuck });
    }
    let mut scenes: Vec<_> = scenes.into_iter().collect();
    scenes.sort_by_key(|(_, (steps, _))| *steps);
    html! {
        section.heat {
            h2 { (tr!(words, "Where everybody is")) " · " (trn!(words, "{n} has finished", "{n} have finished", done)) }
            div.scroll tabindex="0" { table.groups { tbody { @for (at, (_, seats)) in &scenes { tr {
                th scope="row" lang=(story.manifest.language) { (title(story, at)) }
                td.count { (seats.len()) }
                td { @for here in seats {
                    a.seat.stuck[here.stuck.is_some()] href={ "/t/" (code) "/seat/" (here.seat) } target="_blank" {
                        (here.alias) @if let Some(minutes) = here.stuck { " · " (trn!(words, "{n} min", "{n} min", minutes)) }
                    } " "
                } }
            } } } } }
            p.small { (tr!(words, "Marked: longer than six minutes in one scene. A name opens what that seat sees.")) }
        }
    }
}
