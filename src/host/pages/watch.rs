//! A seat as the teacher looks at it: what it sees, with nothing to press.

use maud::{Markup, html};

use super::Frame;
use super::board::labels;
use super::groups::name;
use super::scene::{Scene, role_name};
use crate::host::room::Room;
use crate::host::world::World;
use crate::tr;

/// The page of a seat, if there is such a seat.
pub fn watch(world: &World, room: &Room, code: &str, number: u32) -> Option<Markup> {
    let tongue = world.tongue(0);
    let (words, story) = (&tongue.words, &tongue.story);
    let seat = room.seats.get(&number)?;
    let alias = name(room, number, &seat.row.alias);
    let play = room.play_of(world, seat, 0);
    let inside = html! {
        main.narrow {
            p { a href={ "/t/" (code) } { "‹ " (tr!(words, "Back")) } }
            p.phase { (tr!(words, "What {name} sees. Nothing can be pressed here.", name = alias)) }
            @match (play, seat.role) {
                (Some(play), Some(role)) => {
                    @let scene = Scene { tongue, play: &play, role, base: None };
                    @let view = scene.view();
                    p.who lang=(story.manifest.language) { (role_name(story, role)) }
                    (scene.head(&view))
                    (scene.text(&view))
                    @if let Some(ending) = view.ending { p.ending lang=(story.manifest.language) { (story.scenes[ending.index()].ending.as_deref().unwrap_or_default()) } }
                    @else { ol.options lang=(story.manifest.language) { @for (_, text, open) in labels(story, play.state(), role, words) { li.locked[!open] { (text) } } } }
                }
                (_, None) => p { (tr!(words, "This seat is in no group.")) },
                (None, _) => p { (tr!(words, "The story has not begun.")) },
            }
        }
    };
    Some(Frame::still(words, &alias, "student").around(&inside))
}
