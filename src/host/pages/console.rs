//! The teacher's one screen: where the class stands, what comes next, what students see.

use maud::{Markup, html};

use super::controls::{Controls, primary};
use super::groups::groups;
use super::heat::heat;
use super::people::people;
use super::scene::{Scene, public, role_name, scholarship, title};
use super::{Frame, qr};
use crate::calendar::both_dates;
use crate::engine::place_name;
use crate::host::decided;
use crate::host::event::{Event, Mode, Phase, Secrecy};
use crate::host::hall::Devices;
use crate::host::room::{Room, Sitting};
use crate::host::steer::is_hinge;
use crate::host::world::World;
use crate::story::model::RoleId;
use crate::{tr, trn};

/// What the console is drawn from.
pub struct Desk<'a> {
    /// The story.
    pub world: &'a World,
    /// The class.
    pub room: &'a Room,
    /// Its code.
    pub code: &'a str,
    /// The address for students.
    pub address: &'a str,
    /// How phones are.
    pub devices: Devices,
    /// Milliseconds that the disk takes.
    pub disk: Option<u64>,
    /// Days after which the class is deleted.
    pub days: u32,
    /// Said after a button.
    pub notice: Option<String>,
}

/// The page around its inside.
pub fn page(world: &World, code: &str, main: &Markup) -> Markup {
    let tongue = world.tongue(0);
    let title = format!("{code} · {}", tongue.story.manifest.title);
    Frame::still(&tongue.words, &title, "console").around(main)
}

/// Where a teacher's secret is brought in.
pub fn door(world: &World, refused: Option<&str>) -> Markup {
    let words = &world.tongue(0).words;
    let title = tr!(words, "The teacher's door");
    let inside = html! {
        main.narrow {
            h1 { (title) }
            @if let Some(refused) = refused { p.notice role="alert" { (refused) } }
            form #teach method="post" action="/teach" {
                label for="secret" { (tr!(words, "The secret of your link: what stands after # in it")) }
                input #secret name="secret" autocomplete="off" spellcheck="false" required;
                button.primary { (tr!(words, "Open the console")) }
            }
        }
    };
    Frame::still(words, &title, "door").around(&inside)
}

impl Desk<'_> {
    /// The inside of the page.
    pub fn view(&self) -> Markup {
        let (room, words) = (self.room, &self.world.tongue(0).words);
        let base = format!("/t/{}", self.code);
        let controls = Controls { world: self.world, room, to: format!("{base}/do") };
        let phases = self.phases();
        let phase = phases.iter().find(|(phase, _)| *phase == room.game.phase);
        html! {
            main #live data-seq=(room.head) data-view={ (base) "/view" } data-stream={ (base) "/stream" }
                data-phase=[phase.map(|(_, name)| name)] data-say=[phase.map(|(_, name)| name)] {
                (self.header())
                @if let Some(notice) = &self.notice { p.notice role="alert" { (notice) } }
                div.desk {
                    section.now aria-label=(tr!(words, "Now")) {
                        (self.now())
                        div.act { (primary(&controls)) (controls.rest()) }
                        @if room.game.mode == Some(Mode::Alone) { (heat(self.world, room, self.code)) }
                        (self.preview())
                        (self.moment())
                    }
                    section.side.scroll aria-label=(tr!(words, "The class")) {
                        @if room.game.phase == Phase::Lobby { (self.invite()) }
                        (groups(&controls))
                        (controls.speakers())
                        (self.results())
                        (people(&controls))
                        (controls.settings())
                        (self.turns(&controls))
                    }
                }
                (self.timeline())
                (self.footer(&controls))
            }
        }
    }

    fn header(&self) -> Markup {
        let (room, words, story) = (self.room, &self.world.tongue(0).words, self.world.story());
        let game = &room.game;
        let all = room.seats.values().filter(|seat| seat.sitting != Sitting::Gone).count();
        html! {
            header.strip {
                span.masthead lang=(story.manifest.language) { (story.manifest.title) }
                @if let (Some(play), Some(&role)) = (game.play(), game.roles.first()) {
                    span.day { (both_dates(words.language(), story.manifest.calendar, play.state().today(story, role))) }
                }
                @match game.mode {
                    Some(Mode::Factions) => span { (tr!(words, "in groups")) },
                    Some(Mode::Class) => span { (tr!(words, "whole class")) },
                    Some(Mode::Alone) => span { (tr!(words, "each alone")) },
                    None => {}
                }
                span.codelet { (self.code) }
                span { (tr!(words, "{here} of {all} seated", here = room.seated().count(), all = all)) }
                @if self.devices.asleep > 0 { span { (trn!(words, "{n} asleep", "{n} asleep", self.devices.asleep)) } }
                @if room.locked { strong { (tr!(words, "locked")) } }
            }
        }
    }

    /// The phases of a turn, by name.
    fn phases(&self) -> [(Phase, String); 5] {
        let words = &self.world.tongue(0).words;
        let talk = match self.room.game.phase {
            Phase::Caucus => (Phase::Caucus, tr!(words, "Groups talk")),
            Phase::Corridor => (Phase::Corridor, tr!(words, "Corridor")),
            _ => (Phase::Argue, tr!(words, "Talk")),
        };
        [
            (Phase::Read, tr!(words, "Read")),
            talk,
            (Phase::Vote, tr!(words, "Vote")),
            (Phase::Closed, tr!(words, "Counted")),
            (Phase::Revealed, tr!(words, "Result")),
        ]
    }

    fn now(&self) -> Markup {
        let (story, game) = (self.world.story(), &self.room.game);
        let (words, phases) = (&self.world.tongue(0).words, self.phases());
        let titles: Vec<&str> = match game.play() {
            Some(play) => game.roles.iter().map(|role| title(story, place_name(story, play.state(), *role))).collect(),
            None => Vec::new(),
        };
        let mut titles: Vec<&str> = titles.into_iter().filter(|title| !title.is_empty()).collect();
        titles.dedup();
        html! {
            h1 tabindex="-1" lang=(story.manifest.language) {
                @if titles.is_empty() { (story.manifest.title) } @else { (titles.join(" · ")) }
            }
            @if game.mode.is_some_and(|mode| mode != Mode::Alone) && game.phase != Phase::Over {
                ol.phases {
                    @for (phase, name) in &phases { li aria-current=[(*phase == game.phase).then_some("step")] { (name) } }
                    @if game.paused { li.paused { (tr!(words, "Break")) } }
                    @if let Some(until) = game.timer.filter(|_| !game.paused) { li { (super::student::timer(until)) } }
                }
            }
        }
    }

    fn invite(&self) -> Markup {
        let words = &self.world.tongue(0).words;
        let to = format!("{}/j/{}", self.address, self.code);
        html! {
            div.invite {
                @if let Some(picture) = qr::picture(&to) { figure.qr role="img" aria-label=(tr!(words, "The same as a code for the camera")) { (picture) } }
                p { (tr!(words, "Students open")) " " strong { (self.address) } br; (tr!(words, "and type")) " " strong.codelet { (self.code) } }
            }
        }
    }

    /// What students see now, group by group.
    fn preview(&self) -> Markup {
        let (tongue, game) = (self.world.tongue(0), &self.room.game);
        let (words, story) = (&tongue.words, &tongue.story);
        let Some(play) = game.play() else { return html! {} };
        let at = game.roles.iter().map(|role| place_name(story, play.state(), *role)).find(|at| is_hinge(story, at));
        html! {
            section.preview {
                h2 { (tr!(words, "What students see now")) }
                div.panes {
                @if let Some(at) = at.filter(|_| game.mode == Some(Mode::Factions)) {
                    details #p-all open { summary { (tr!(words, "Everybody")) } div.scroll tabindex="0" { @if let Some(text) = public(tongue, play, at) { (text) } } }
                }
                @for (place, &role) in game.roles.iter().enumerate() {
                    @let scene = Scene { tongue, play, role, base: None };
                    @let view = scene.view();
                    details #{ "p-" (place) } open {
                        summary lang=(story.manifest.language) { (role_name(story, role)) ": " (view.title) }
                        div.scroll tabindex="0" { (scene.text(&view))
                            ol.options lang=(story.manifest.language) { @for (_, text, open) in super::board::labels(story, play.state(), role, words) { li.locked[!open] { (text) } } } }
                    }
                }
                }
            }
        }
    }

    /// The teacher's notes: what is documented at this moment, and where to check.
    fn moment(&self) -> Markup {
        let (words, story, game) = (&self.world.tongue(0).words, self.world.story(), &self.room.game);
        let Some(play) = game.play() else { return html! {} };
        let mut places: Vec<&str> = game.roles.iter().map(|role| place_name(story, play.state(), *role)).collect();
        places.dedup();
        let known = |at: &&str| scholarship(story, at).map(|found| (title(story, at), found));
        let known: Vec<_> = places.iter().filter_map(known).collect();
        let historical = |role: &RoleId| {
            let id = &story.roles[role.index()].id;
            let option = game.historical(story, id)?;
            let labels = super::board::labels(story, play.state(), *role, words);
            labels
                .into_iter()
                .find(|(known, _, _)| *known == option)
                .map(|(_, text, _)| (role_name(story, *role), text))
        };
        let historical: Vec<_> = game.roles.iter().filter_map(historical).collect();
        html! {
            @if !known.is_empty() || !historical.is_empty() {
                details #moment.moment open {
                    summary { (tr!(words, "For you alone")) }
                    div.scroll tabindex="0" {
                    @for (role, text) in &historical { p { (tr!(words, "In the record:")) " " span lang=(story.manifest.language) { (role) ": " em { (text) } } } }
                    @for (title, found) in &known {
                        div lang=(story.manifest.language) {
                            @if !found.note.is_empty() { p { strong { (title) ". " } (found.note) } }
                            @if !found.sources.is_empty() { p.small { (found.sources.join(" · ")) } }
                        }
                    }
                    }
                }
            }
        }
    }

    /// Where all choose at once: what was, and what comes.
    fn timeline(&self) -> Markup {
        let (words, story) = (&self.world.tongue(0).words, self.world.story());
        let today =
            self.room.game.play().and_then(|play| Some(play.state().today(story, *self.room.game.roles.first()?)));
        let past = |hinge: &crate::story::model::Hinge| today.is_some_and(|today| hinge.date <= today);
        let mut hinges: Vec<_> = story.hinges.iter().collect();
        hinges.sort_by_key(|hinge| hinge.date);
        html! {
            @if !story.hinges.is_empty() && today.is_some() {
                ol.timeline lang=(story.manifest.language) aria-label=(tr!(words, "Where all choose at once")) {
                    @for hinge in &hinges { li.past[past(hinge)] title=(hinge.title) { (hinge.title) } }
                }
            }
        }
    }

    /// Ways back: to the beginning, and to where each turn had led.
    fn turns(&self, controls: &Controls<'_>) -> Markup {
        let (tongue, course) = (self.world.tongue(0), &self.room.course);
        let words = &tongue.words;
        let begun = course.iter().find(|(_, event)| matches!(**event, Event::Begun { .. })).map(|(seq, _)| *seq);
        let advanced: Vec<u64> =
            course.iter().filter(|(_, event)| matches!(**event, Event::Advanced { .. })).map(|(seq, _)| *seq).collect();
        let mut turns: Vec<(u64, String)> = begun.into_iter().map(|seq| (seq, tr!(words, "The beginning"))).collect();
        let decided = decided::of_class(tongue, &self.room.game);
        for turn in decided.chunk_by(|one, next| one.turn == next.turn) {
            let mut titles: Vec<&str> = turn.iter().map(|decision| title(&tongue.story, &decision.at)).collect();
            titles.dedup();
            if let Some(&seq) = turn.first().and_then(|decision| advanced.get(decision.turn)) {
                turns.push((seq, tr!(words, "After {scenes}", scenes = titles.join(" · "))));
            }
        }
        // Where the last turn has led, the class is.
        turns.retain(|(seq, _)| Some(seq) != advanced.last());
        html! {
            @if !turns.is_empty() && !advanced.is_empty() {
                details #turns {
                    summary { (tr!(words, "Go back to an earlier turn")) }
                    p.small { (tr!(words, "Nothing is lost: what came after is kept as a branch and shown in the debriefing.")) }
                    @for (seq, name) in turns.iter().rev() { (controls.steer("rewind", &[("from", &seq.to_string())], "", name)) }
                }
            }
        }
    }

    /// What was counted: the teacher's before it is everybody's.
    fn results(&self) -> Markup {
        let (words, story, game) = (&self.world.tongue(0).words, self.world.story(), &self.room.game);
        let (Some(play), Some(round)) = (game.play(), &game.round) else { return html! {} };
        html! {
            @for asked in round.asked.iter().filter(|_| matches!(game.phase, Phase::Closed | Phase::Revealed)) {
                @if let (Some(one), Some(role)) = (round.counted_of(&asked.role), story.role_named(&asked.role)) {
                    @let labels = super::board::labels(story, play.state(), role, words);
                    @let named = |option: &str| labels.iter().find(|(id, _, _)| id == option).map_or_else(String::new, |(_, text, _)| text.clone());
                    section lang=(story.manifest.language) { h2 { (role_name(story, role)) } (super::board::counted(words, &named, asked, one, Secrecy::Tally, None)) }
                }
            }
        }
    }

    fn footer(&self, controls: &Controls<'_>) -> Markup {
        let (words, room) = (&self.world.tongue(0).words, self.room);
        html! {
            footer.strip {
                span { (tr!(words, "all saved · no. {number}", number = room.head)) }
                @if let Some(disk) = self.disk { span { (tr!(words, "disk {ms} ms", ms = disk)) } }
                @if self.devices.polling > 0 { span { (trn!(words, "{n} on polling", "{n} on polling", self.devices.polling)) } }
                span { (trn!(words, "deleted {n} day after the last lesson", "deleted {n} days after the last lesson", self.days)) }
                a.button href={ "/p/" (self.code) } target="_blank" { (tr!(words, "Projector")) }
                noscript { a.button href={ "/t/" (self.code) } { (tr!(words, "Look again")) } }
                a.button href={ "/t/" (self.code) "/paper" } { (tr!(words, "Paper fall-back")) }
                a.button href={ "/t/" (self.code) "/debrief" } { (tr!(words, "Debriefing")) }
                (controls.end())
                @if room.can_undo() { (controls.steer("undo", &[], "quiet", &tr!(words, "Undo the last"))) }
            }
        }
    }
}
