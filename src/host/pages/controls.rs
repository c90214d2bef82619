//! The console's buttons. One of them is lit at any moment: what comes next.

use maud::{Markup, html};

use super::button;
use crate::host::event::{Mode, Phase, Rule, Secrecy, Tie};
use crate::host::room::Room;
use crate::host::world::World;
use crate::story::model::RoleId;
use crate::tr;

/// What the buttons are drawn from.
pub struct Controls<'a> {
    /// The story.
    pub world: &'a World,
    /// The class.
    pub room: &'a Room,
    /// Where buttons are sent.
    pub to: String,
}

/// The button that is lit, or the form that stands in its place.
pub fn primary(controls: &Controls<'_>) -> Markup {
    let (words, story, game) = (&controls.world.tongue(0).words, controls.world.story(), &controls.room.game);
    let lit = |what: &str, label: String| controls.steer(what, &[], "primary", &label);
    if controls.room.ended {
        let to = controls.to.trim_end_matches("/do");
        return html! { div.next { a.button.primary href={ (to) "/debrief" } { (tr!(words, "Open the debriefing")) } } };
    }
    if game.paused {
        return html! { div.next { (lit("resume", tr!(words, "Go on after the break"))) } };
    }
    if controls.room.practice.open {
        return html! { div.next { (lit("practised", tr!(words, "Close the practice vote ›"))) } };
    }
    let next = match (game.mode, game.phase) {
        (None, _) | (_, Phase::Lobby) => return controls.begin(),
        (Some(Mode::Alone), _) if !controls.room.gathered => lit("gather", tr!(words, "Gather everybody ›")),
        (Some(Mode::Alone), _) => lit("end", tr!(words, "End the lesson")),
        (_, Phase::Read) if game.is_settled(story) => lit("advance", tr!(words, "Read on ›")),
        (_, Phase::Read) => lit("argue", tr!(words, "Let them talk ›")),
        (_, Phase::Caucus) => lit("argue", tr!(words, "All together: talk ›")),
        (_, Phase::Argue | Phase::Corridor) => lit("open", tr!(words, "Open the vote ›")),
        (_, Phase::Vote) => lit("close", tr!(words, "Close the vote ›")),
        (_, Phase::Closed) => lit("reveal", tr!(words, "Show the result ›")),
        (_, Phase::Revealed) if game.holds_casting_back() => {
            lit("reveal", tr!(words, "Show the votes of the undecided ›"))
        }
        (_, Phase::Revealed) if !game.runoff().is_empty() => lit("open", tr!(words, "Open the runoff ›")),
        (_, Phase::Revealed) if game.waiting().next().is_some() => return controls.ties(),
        (_, Phase::Revealed) => lit("advance", tr!(words, "Go on with the story ›")),
        (_, Phase::Over) => lit("end", tr!(words, "End the lesson")),
    };
    html! { div.next { (next) } }
}

impl Controls<'_> {
    /// A button for one command of the teacher; it does nothing if the class has gone on since.
    pub fn steer(&self, what: &str, fields: &[(&str, &str)], class: &str, label: &str) -> Markup {
        let expect = self.room.steered.to_string();
        let mut all = vec![("do", what), ("expect", expect.as_str())];
        all.extend_from_slice(fields);
        button(&self.to, &all, class, label)
    }

    /// How the story begins.
    fn begin(&self) -> Markup {
        let (words, story) = (&self.world.tongue(0).words, self.world.story());
        let playable: Vec<RoleId> = story.playable().collect();
        let many = playable.len() > 1;
        let modes = [
            (
                "factions",
                tr!(words, "In groups"),
                tr!(words, "Each role is a group; where the story turns all choose at once."),
                many,
            ),
            ("class", tr!(words, "Whole class"), tr!(words, "One role; everybody votes."), true),
            (
                "alone",
                tr!(words, "Each alone"),
                tr!(words, "Everybody plays at their own pace, in class or at home."),
                true,
            ),
        ];
        html! {
            form #begin.begin method="post" action=(self.to) data-live {
                input type="hidden" name="do" value="begin";
                input type="hidden" name="expect" value=(self.room.steered);
                fieldset {
                    legend { (tr!(words, "How do you play?")) }
                    @for (place, (id, name, text, _)) in modes.iter().filter(|mode| mode.3).enumerate() {
                        label.mode { input #{ "mode-" (id) } type="radio" name="mode" value=(id) checked[place == 0]; " " strong { (name) } " " span { (text) } }
                    }
                }
                @if many {
                    label for="begin-role" { (tr!(words, "Which role, unless in groups")) }
                    select #begin-role name="role" { @for role in &playable { option value=(story.roles[role.index()].id) { (super::scene::role_name(story, *role)) } } }
                }
                label.tick { input #digest type="checkbox" name="digest" value="1"; " " (tr!(words, "The short course")) }
                button.primary { (tr!(words, "Begin the story ›")) }
                @if !story.manifest.notice.is_empty() { details #notice { summary { (tr!(words, "What the story shows")) } p lang=(story.manifest.language) { (story.manifest.notice) } } }
            }
        }
    }

    /// Between equals, where the teacher was declared to decide.
    fn ties(&self) -> Markup {
        let (words, story, game) = (&self.world.tongue(0).words, self.world.story(), &self.room.game);
        let Some(play) = game.play() else { return html! {} };
        html! {
            div.next.ties {
                p { (tr!(words, "Equal. You decide:")) }
                @for counted in game.waiting() {
                    @let labels = story.role_named(&counted.role).map(|role| super::board::labels(story, play.state(), role, words)).unwrap_or_default();
                    @for (place, option) in counted.left.iter().enumerate() {
                        @let label = labels.iter().find(|(id, _, _)| id == option).map_or(option.as_str(), |(_, text, _)| text);
                        @let class = if place == 0 { "primary" } else { "" };
                        (self.steer("break", &[("role", &counted.role), ("option", option)], class, label))
                    }
                }
            }
        }
    }

    /// What can be done besides.
    pub fn rest(&self) -> Markup {
        let (words, story, game) = (&self.world.tongue(0).words, self.world.story(), &self.room.game);
        if self.room.ended {
            return html! {};
        }
        let practice = || self.steer("practise", &[], "", &tr!(words, "Practice vote"));
        if game.mode.is_none() {
            return html! { @if !self.room.practice.open { div.buttons { (practice()) } } };
        }
        let together = game.mode != Some(Mode::Alone);
        let (before, groups) = (game.phase.is_before(), game.mode == Some(Mode::Factions));
        let asks = !game.questions(story).is_empty();
        html! {
            div.buttons {
                @if together && before {
                    @if game.phase != Phase::Read { (self.steer("read", &[], "", &tr!(words, "Back to reading"))) }
                    @if groups && asks && game.phase != Phase::Caucus { (self.steer("caucus", &[], "", &tr!(words, "Groups apart"))) }
                    @if groups && asks && matches!(game.phase, Phase::Caucus | Phase::Argue) { (self.steer("corridor", &[], "", &tr!(words, "Corridor time"))) }
                    @if matches!(game.phase, Phase::Read | Phase::Caucus) && asks { (self.steer("open", &[], "", &tr!(words, "Open the vote"))) }
                }
                @if together && !matches!(game.phase, Phase::Vote | Phase::Over | Phase::Lobby) && !game.is_settled(story) {
                    (self.steer("skip", &[], "", &tr!(words, "Skip: as in the record")))
                }
                @if together && game.phase == Phase::Read && game.turns.is_empty() && !self.room.practice.open { (practice()) }
                @if self.room.gathered { (self.steer("ungather", &[], "", &tr!(words, "Let them go on"))) }
                @if !game.paused { (self.steer("pause", &[], "", &tr!(words, "Break"))) }
                @if together && (game.phase == Phase::Vote || game.phase.is_talk()) {
                    (self.steer("timer", &[("seconds", "60")], "", &match (game.timer, game.phase) {
                        (Some(_), _) => tr!(words, "+1 minute"),
                        (None, Phase::Vote) => tr!(words, "Close in 1 minute"),
                        (None, _) => tr!(words, "A clock: 1 minute"),
                    }))
                    @if game.timer.is_some() { (self.steer("timer", &[("seconds", "0")], "", &tr!(words, "No timer"))) }
                }
            }
        }
    }

    /// The end, where it is not what comes next anyway.
    pub fn end(&self) -> Markup {
        let game = &self.room.game;
        let is_next = match game.mode {
            Some(Mode::Alone) => self.room.gathered,
            _ => game.phase == Phase::Over,
        };
        html! {
            @if game.mode.is_some() && !is_next && !self.room.ended { (self.steer("end", &[], "quiet", &tr!(self.world.tongue(0).words, "End the lesson"))) }
        }
    }

    /// Who was drawn to speak: on the projector only where the teacher says so.
    pub fn speakers(&self) -> Markup {
        let (words, room) = (&self.world.tongue(0).words, self.room);
        let together = room.game.mode.is_some_and(|mode| mode != Mode::Alone) && room.game.phase.is_before();
        let names = room.game.speakers.iter().filter_map(|speaker| room.seats.get(&speaker.seat));
        let names: Vec<&str> = names.map(|seat| seat.row.alias.as_str()).collect();
        html! {
            @if together && !room.ended {
                p.asks {
                    (self.steer("speakers", &[], "", &tr!(words, "Draw three speakers")))
                    @if !names.is_empty() {
                        " " strong { (names.join(" · ")) } " "
                        @if room.game.shows_speakers { (self.steer("hide_speakers", &[], "quiet", &tr!(words, "Off the screen"))) }
                        @else { (self.steer("show_speakers", &[], "quiet", &tr!(words, "On the screen"))) }
                    }
                }
            }
        }
    }

    /// Doors and rules.
    pub fn settings(&self) -> Markup {
        let (words, room) = (&self.world.tongue(0).words, self.room);
        if room.ended {
            return html! {
                details #settings { summary { (tr!(words, "Delete, or go on")) }
                    p { (tr!(words, "Names, votes and notes are deleted for good. The course of the story and the counts stay.")) }
                    @if room.purged { p { strong { (tr!(words, "Deleted.")) } } } @else {
                        (self.steer("again", &[], "", &tr!(words, "The lesson goes on"))) (self.steer("purge", &[], "danger", &tr!(words, "Delete names and votes now"))) } }
            };
        }
        let rules = &room.game.rules;
        let choose = |id: &str, label: String, name: &str, options: Vec<(&str, String, bool)>| {
            html! {
                label for=(id) { (label) }
                select id=(id) name=(name) { @for (value, text, is) in &options { option value=(value) selected[*is] { (text) } } }
            }
        };
        html! {
            div.buttons {
                (self.steer(if room.locked { "unlock" } else { "lock" }, &[], "", &if room.locked { tr!(words, "Open the door") } else { tr!(words, "Shut the door") }))
                (self.steer(if room.tap { "untap" } else { "tap" }, &[], "", &if room.tap { tr!(words, "Let everybody in at once") } else { tr!(words, "Ask me before each seat") }))
            }
            details #settings {
                summary { (tr!(words, "How votes are decided")) }
                @if room.game.mode == Some(Mode::Factions) {
                    @if room.late_undecided { (self.steer("late_in_groups", &[], "", &tr!(words, "Latecomers into the smallest group"))) }
                    @else { (self.steer("late_undecided", &[], "", &tr!(words, "Latecomers stay undecided"))) }
                }
                form.rules method="post" action=(self.to) data-live {
                    input type="hidden" name="do" value="rules";
                    (choose("rule", tr!(words, "Needed"), "rule", vec![
                        ("most", tr!(words, "the most votes"), rules.rule == Rule::Most),
                        ("half", tr!(words, "more than half, else a runoff"), rules.rule == Rule::Half),
                        ("two_thirds", tr!(words, "two thirds, else a runoff"), rules.rule == Rule::TwoThirds),
                    ]))
                    (choose("tie", tr!(words, "Between equals"), "tie", vec![
                        ("chance", tr!(words, "the lot"), rules.tie == Tie::Chance),
                        ("again", tr!(words, "they vote again"), rules.tie == Tie::Again),
                        ("history", tr!(words, "as in the record"), rules.tie == Tie::History),
                        ("teacher", tr!(words, "I decide"), rules.tie == Tie::Teacher),
                    ]))
                    (choose("secrecy", tr!(words, "What is shown"), "secrecy", vec![
                        ("tally", tr!(words, "the count"), rules.secrecy == Secrecy::Tally),
                        ("secret", tr!(words, "only what won"), rules.secrecy == Secrecy::Secret),
                        ("open", tr!(words, "a roll-call: names beside votes"), rules.secrecy == Secrecy::Open),
                    ]))
                    button { (tr!(words, "From the next vote on")) }
                }
                @if room.game.mode == Some(Mode::Alone) {
                    form.rules method="post" action=(self.to) data-live {
                        input type="hidden" name="do" value="due";
                        label for="due" { (tr!(words, "Days from now until it closes; 0 is never")) }
                        input #due type="number" name="seconds" min="0" max="60" value="0";
                        button { (tr!(words, "Set")) }
                    }
                }
            }
        }
    }
}
