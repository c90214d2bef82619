//! What a group has to itself on its phones: its chair, and the line it would take.

use maud::{Markup, html};

use super::board::labels;
use super::scene::Scene;
use super::student::Seen;
use crate::host::event::{Mode, Phase};
use crate::host::room::Seat;
use crate::{tr, trn};

/// What others in the class may call a seat: a typed name only once the teacher has seen it.
pub fn called(number: u32, seat: &Seat) -> String {
    if seat.row.shown { seat.row.alias.clone() } else { format!("№ {number}") }
}

impl Seen<'_> {
    /// Reminds of the vote that is open: said aloud by screen readers, since it is new on the page.
    pub fn nudge(&self, number: u32) -> Markup {
        let words = self.words();
        html! {
            @if self.room.nudge_of(number).is_some() {
                p.notice.nudge { (tr!(words, "Your vote is missing. Choose, or pass.")) }
            }
        }
    }

    /// Who chairs a seat's group: it stands by itself, beside no choice.
    pub fn chair(&self, seat: &Seat, number: u32) -> Markup {
        let words = self.words();
        let Some(role) = seat.role.filter(|_| self.room.game.mode == Some(Mode::Factions)) else { return html! {} };
        html! {
            @match self.room.chair(role) {
                Some((chair, _)) if chair == number => p.chair { "▲ " strong { (tr!(words, "You chair your group.")) } },
                Some((chair, seat)) => p.chair { "▲ " (tr!(words, "{name} chairs your group.", name = called(chair, seat))) },
                None => {}
            }
        }
    }

    /// The election of the chair and the line to take, while groups talk.
    pub fn caucus(&self, scene: &Scene<'_>, number: u32) -> Markup {
        let game = &self.room.game;
        if game.mode != Some(Mode::Factions) || !game.phase.is_before() {
            return html! {};
        }
        html! { (self.election(scene, number)) (self.line(scene, number)) }
    }

    fn election(&self, scene: &Scene<'_>, number: u32) -> Markup {
        let words = self.words();
        let (room, role) = (self.room, scene.role);
        if room.chair(role).is_some() || room.group(Some(role)).count() < 2 {
            return html! {};
        }
        let wanted = room.caucus.wanted.get(&number).and_then(|vote| vote.option.as_deref());
        let said: u32 = room.wanted(role).values().sum();
        html! {
            details #chair open[room.game.phase == Phase::Caucus] {
                summary { (tr!(words, "Elect a chair")) }
                form method="post" action={ "/s/" (self.code) "/chair" } data-live {
                    p.small { (tr!(words, "The chair speaks for your group and is asked questions. More than half elects.")) }
                    div.buttons { @for (seat, of) in room.group(Some(role)) {
                        @let number = seat.to_string();
                        button #{ "c-" (seat) } name="seat" value=(number) aria-pressed=(wanted == Some(number.as_str())) { (called(seat, of)) }
                    } }
                    p.small role="status" { (trn!(words, "{n} of your group has said whom it wants.", "{n} of your group have said whom they want.", said)) }
                }
            }
        }
    }

    /// A straw vote: it decides nothing, and is the group's own.
    fn line(&self, scene: &Scene<'_>, number: u32) -> Markup {
        let (words, story, room) = (self.words(), &scene.tongue.story, self.room);
        let offered: Vec<_> =
            labels(story, scene.play.state(), scene.role, words).into_iter().filter(|(_, _, open)| *open).collect();
        if offered.len() < 2 || room.game.phase != Phase::Caucus {
            return html! {};
        }
        let mine = room.caucus.lines.get(&number).and_then(|vote| vote.option.as_deref());
        let group: Vec<u32> = room.group(Some(scene.role)).map(|(number, _)| number).collect();
        let takes = |id: &str| {
            let of = |seat: &&u32| room.caucus.lines.get(*seat).is_some_and(|vote| vote.option.as_deref() == Some(id));
            group.iter().filter(of).count()
        };
        html! {
            form.ballot method="post" action={ "/s/" (self.code) "/line" } data-live {
                fieldset {
                    legend { (tr!(words, "Which line does your group take?")) }
                    p.small { (tr!(words, "This decides nothing, and only your group sees it.")) }
                    @for (id, text, _) in &offered {
                        button.choice #{ "l-" (id) } name="option" value=(id) aria-pressed=(mine == Some(id)) {
                            span lang=(story.manifest.language) { (text) } " "
                            span.small { (trn!(words, "{n} of your group", "{n} of your group", takes(id))) }
                        }
                    }
                }
            }
        }
    }
}
