//! The console's table of groups: seats, votes, chairs, and what the teacher can do for each.

use maud::{Markup, html};

use super::controls::Controls;
use super::scene::role_name;
use crate::host::event::Mode;
use crate::host::room::Room;
use crate::story::model::RoleId;
use crate::{tr, trn};

/// The groups, and the undecided where there are any.
pub fn groups(controls: &Controls<'_>) -> Markup {
    let (words, room) = (&controls.world.tongue(0).words, controls.room);
    let mut groups: Vec<Option<RoleId>> = room.game.roles.iter().copied().map(Some).collect();
    let in_groups = room.game.mode == Some(Mode::Factions);
    if room.group(None).next().is_some() && in_groups {
        groups.push(None);
    }
    html! {
        @if !groups.is_empty() && room.game.mode != Some(Mode::Alone) {
            table.groups {
                thead { tr {
                    th scope="col" { (tr!(words, "Group")) } th scope="col" { (tr!(words, "Seats")) } th scope="col" { (tr!(words, "Voted")) }
                    @if in_groups { th scope="col" { (tr!(words, "Chair")) } }
                    th scope="col" { span.unseen { (tr!(words, "Speaker")) } }
                } }
                tbody { @for role in groups { (group(controls, role)) } }
            }
        }
    }
}

fn group(controls: &Controls<'_>, role: Option<RoleId>) -> Markup {
    let (words, story, room) = (&controls.world.tongue(0).words, controls.world.story(), controls.room);
    let voted = room.group(role).filter(|(number, _)| room.votes.contains_key(number)).count();
    let missing = room.missing(role).count();
    let id = role.map_or("", |role| story.roles[role.index()].id.as_str());
    html! {
        tr {
            th scope="row" lang=(story.manifest.language) { @match role { Some(role) => (role_name(story, role)), None => (tr!(words, "The undecided")) } }
            td { (room.group(role).count()) }
            td { @if room.is_asked(role) { (voted) } @else { "–" } }
            @if room.game.mode == Some(Mode::Factions) { td.chair { @if let Some(role) = role { (chair(controls, role, id)) } } }
            td {
                @if missing > 0 { (controls.steer("nudge", &[("role", id)], "", &trn!(words, "Nudge {n}", "Nudge {n}", missing))) }
                @else { (controls.steer("speaker", &[("role", id)], "quiet", &tr!(words, "Draw a speaker"))) }
            }
        }
    }
}

fn chair(controls: &Controls<'_>, role: RoleId, id: &str) -> Markup {
    let (words, room) = (&controls.world.tongue(0).words, controls.room);
    let said: u32 = room.wanted(role).values().sum();
    html! {
        @match room.chair(role) {
            Some((number, seat)) => { "▲ " (name(room, number, &seat.row.alias)) }
            None if said > 0 => {
                (tr!(words, "{n} of {all}", n = said, all = room.group(Some(role)).count())) " "
                (controls.steer("elect", &[("role", id)], "quiet", &tr!(words, "Count")))
            }
            None => (tr!(words, "(no chair)")),
        }
    }
}

/// What a seat is called; its number where nobody knows the name any more.
pub fn name(room: &Room, number: u32, alias: &str) -> String {
    if room.purged || alias.is_empty() { format!("№ {number}") } else { alias.to_owned() }
}
