//! Seats, on the console: who asks to come in, who wrote, and what can be done with a seat.

use maud::{Markup, html};

use super::controls::Controls;
use super::scene::{role_name, title};
use crate::host::event::Mode;
use crate::host::room::Sitting;
use crate::host::rows::{NoteKind, NoteRow, NoteState};
use crate::{tr, trn};

/// Who asks, who wrote, who sits.
pub fn people(controls: &Controls<'_>) -> Markup {
    html! { (asking(controls)) (notes(controls)) (seats(controls)) }
}

fn asking(controls: &Controls<'_>) -> Markup {
    let (words, room) = (&controls.world.tongue(0).words, controls.room);
    let waiting: Vec<_> = room.seats.iter().filter(|(_, seat)| seat.sitting == Sitting::Waiting).collect();
    let unseen: Vec<_> = room.seated().filter(|(_, seat)| !seat.row.shown && !room.purged).collect();
    html! {
        @if !waiting.is_empty() {
            h2 { (trn!(words, "{n} at the door", "{n} at the door", waiting.len())) }
            div.buttons {
                @for (number, seat) in waiting.iter().take(8) { (controls.steer("admit", &[("seat", &number.to_string())], "", &tr!(words, "Let {name} in", name = seat.row.alias))) }
                (controls.steer("admit", &[], "", &tr!(words, "Let all in")))
            }
        }
        @for claim in &room.claims {
            @if let Some(seat) = room.seats.get(&claim.seat) {
                @let number = claim.claim.to_string();
                p.asks { (tr!(words, "A device asks for the seat of {name}.", name = seat.row.alias)) " "
                    (controls.steer("grant", &[("claim", &number)], "", &tr!(words, "Yes")))
                    (controls.steer("deny", &[("claim", &number)], "quiet", &tr!(words, "No"))) }
            }
        }
        @if !unseen.is_empty() {
            h2 { (tr!(words, "Names to look at")) }
            @for (number, seat) in unseen.iter().take(8) {
                @let number = number.to_string();
                p.asks { strong { (seat.row.alias) } " "
                    (controls.steer("rename", &[("seat", &number)], "", &tr!(words, "Show")))
                    (controls.steer("remove", &[("seat", &number)], "quiet", &tr!(words, "Remove"))) }
            }
        }
    }
}

/// Notes to look at before anybody else does, what is on the screen, and what is for the teacher.
fn notes(controls: &Controls<'_>) -> Markup {
    let (words, room) = (&controls.world.tongue(0).words, controls.room);
    let kept = |note: &&NoteRow| !matches!(note.kind, NoteKind::Pledge | NoteKind::Ticket | NoteKind::Swap);
    let of =
        |state: NoteState| room.notes.values().map(|note| &**note).filter(move |note| note.state == state).filter(kept);
    let on_screen = |note: &&NoteRow| matches!(note.kind, NoteKind::Note | NoteKind::Question);
    let new: Vec<_> = of(NoteState::New).collect();
    html! {
        (swaps(controls))
        @if !new.is_empty() {
            h2 { (trn!(words, "{n} note to look at", "{n} notes to look at", new.len())) }
            div.scroll.inbox tabindex="0" { @for note in &new {
                @let number = note.note.to_string();
                p.asks { (said(controls, note)) " "
                    (controls.steer("show", &[("note", &number)], "", &tr!(words, "Show")))
                    (controls.steer("drop", &[("note", &number)], "quiet", &tr!(words, "Put away"))) }
            } }
        }
        @for note in of(NoteState::Shown).filter(on_screen) {
            p.asks { span.small { (tr!(words, "On the screen:")) } " " (said(controls, note)) " " (controls.steer("drop", &[("note", &note.note.to_string())], "quiet", &tr!(words, "Put away"))) }
        }
        @if of(NoteState::Private).next().is_some() {
            details #private-notes {
                summary { (trn!(words, "{n} for you alone", "{n} for you alone", of(NoteState::Private).count())) }
                div.scroll.inbox tabindex="0" { @for note in of(NoteState::Private) { p { (said(controls, note)) } } }
            }
        }
    }
}

/// A note, to whom it is, and from whom; what a minority says is nobody's by name.
fn said(controls: &Controls<'_>, note: &NoteRow) -> Markup {
    let (words, story, room) = (&controls.world.tongue(0).words, controls.world.story(), controls.room);
    let alias = room.seats.get(&note.seat).map_or("", |seat| seat.row.alias.as_str());
    let group = || story.role_named(&note.whom).map_or("", |role| role_name(story, role));
    html! {
        @match note.kind {
            NoteKind::Question => span.small { (tr!(words, "To the chair of {group}:", group = group())) " " },
            NoteKind::Minority => span.small { (tr!(words, "From the minority, for the debriefing:")) " " },
            NoteKind::Reason => span.small lang=(story.manifest.language) { (title(story, &note.whom)) ": " },
            _ => {}
        }
        "“" (note.text) "”" @if note.kind != NoteKind::Minority { " " span.small { (alias) } }
    }
}

/// Whoever would play another role: no reason is asked for, and none is given.
fn swaps(controls: &Controls<'_>) -> Markup {
    let (words, story, room) = (&controls.world.tongue(0).words, controls.world.story(), controls.room);
    let asked = room.notes_of(NoteKind::Swap).filter(|note| note.state == NoteState::New);
    html! {
        @for note in asked {
            @if let Some(seat) = room.seats.get(&note.seat) {
                @let number = note.seat.to_string();
                p.asks { (tr!(words, "{name} would rather have another role:", name = seat.row.alias)) " "
                    @for role in room.game.roles.iter().filter(|role| Some(**role) != seat.role) {
                        (controls.steer("move", &[("seat", &number), ("role", &story.roles[role.index()].id)], "", role_name(story, *role)))
                    }
                    (controls.steer("drop", &[("note", &note.note.to_string())], "quiet", &tr!(words, "No"))) }
            }
        }
    }
}

fn seats(controls: &Controls<'_>) -> Markup {
    let (words, story, room) = (&controls.world.tongue(0).words, controls.world.story(), controls.room);
    let game = &room.game;
    if room.seats.is_empty() {
        return html! { p { (tr!(words, "Nobody is here yet.")) } };
    }
    let named = |number: u32, alias: &str, gone: bool| {
        html! { option value=(number) { (alias) " (" (number) ")" @if gone { " – " (tr!(words, "away")) } } }
    };
    let list = |id: &str, name: &str, label: String| {
        html! {
            label for=(id) { (label) }
            select id=(id) name=(name) {
                @for (number, seat) in &room.seats { (named(*number, &seat.row.alias, seat.sitting == Sitting::Gone)) }
            }
        }
    };
    html! {
        details #seats {
            summary { (trn!(words, "{n} seat", "{n} seats", room.seats.len())) }
            ul.names { @for (number, seat) in &room.seats {
                li.gone[seat.sitting == Sitting::Gone] { (seat.row.alias) @if room.votes.contains_key(number) { " " span aria-label=(tr!(words, "has voted")) { "✓" } } }
            } }
            form.rules method="post" action=(controls.to) data-live {
                (list("seat", "seat", tr!(words, "Seat")))
                label for="rename" { (tr!(words, "New name")) }
                input #rename name="text" maxlength="24" autocomplete="off";
                button name="do" value="rename" { (tr!(words, "Rename")) }
                @if game.mode == Some(Mode::Factions) {
                    label for="group" { (tr!(words, "Group")) }
                    select #group name="role" {
                        @for role in &game.roles { option value=(story.roles[role.index()].id) { (role_name(story, *role)) } }
                        option value="" { (tr!(words, "The undecided")) }
                    }
                    button name="do" value="move" { (tr!(words, "Move")) }
                }
                div.buttons {
                    button name="do" value="reissue" { (tr!(words, "New words for it")) }
                    @if game.mode == Some(Mode::Factions) { button name="do" value="unseat" { (tr!(words, "No longer chair")) } }
                    button name="do" value="remove" { (tr!(words, "Remove")) }
                    button name="do" value="restore" { (tr!(words, "Give back")) }
                }
                (list("other", "other", tr!(words, "This device takes the seat of")))
                button name="do" value="merge" { (tr!(words, "Merge")) }
            }
            (controls.steer("sweep", &[("seconds", "60")], "quiet", &tr!(words, "Remove all who came in the last minute")))
        }
    }
}
