//! The page for everybody to see. No name stands beside a choice here, unless the vote was
//! declared a roll-call.

use maud::{Markup, html};

use super::board::{counted, labels};
use super::front::front_page;
use super::prose::prose;
use super::scene::{public, role_name};
use super::student::timer;
use super::{Frame, civil_date, qr};
use crate::calendar::{both_dates, long_date};
use crate::engine::{News, Play, place_name};
use crate::host::event::{Asked, Mode, Phase, Secrecy};
use crate::host::room::Room;
use crate::host::rows::{NoteKind, NoteRow, NoteState};
use crate::host::steer::is_hinge;
use crate::host::world::World;
use crate::story::model::RoleId;
use crate::{tr, trn};

/// News for everybody, at most: what doesn't fit is read by nobody.
const HEARD: usize = 3;

/// Names in the lobby, at most.
const NAMES: usize = 60;

/// What the projector's page is drawn from.
pub struct Wall<'a> {
    /// The story.
    pub world: &'a World,
    /// The class.
    pub room: &'a Room,
    /// Its code.
    pub code: &'a str,
    /// The address for students.
    pub address: &'a str,
    /// Days after which the class is deleted.
    pub days: u32,
}

/// The page around its inside.
pub fn page(world: &World, code: &str, main: &Markup) -> Markup {
    let tongue = world.tongue(0);
    let mut frame = Frame::still(&tongue.words, &tongue.story.manifest.title, "projector");
    frame.again = Some((5, format!("/p/{code}")));
    frame.around(main)
}

impl Wall<'_> {
    /// The inside of the page.
    pub fn view(&self) -> Markup {
        let (room, game) = (self.room, &self.room.game);
        let words = &self.world.tongue(0).words;
        let story = self.world.story();
        let base = format!("/p/{}", self.code);
        html! {
            main #live data-seq=(room.head) data-view={ (base) "/view" } data-stream={ (base) "/stream" } {
                header.strip {
                    span.masthead lang=(story.manifest.language) { (story.manifest.title) }
                    @if let Some(play) = game.play() { @if let Some(&role) = game.roles.first() {
                        span.day { (both_dates(words.language(), story.manifest.calendar, play.state().today(story, role))) }
                    } }
                    span.seats { (trn!(words, "{n} seated", "{n} seated", room.seated().count())) }
                    @if !room.locked && !room.ended && game.phase != Phase::Lobby { span.codelet { (self.code) } }
                }
                @if room.ended { h1 { (tr!(words, "The lesson is over.")) } p.lead { (self.deleted()) } }
                @else if game.paused { h1.huge { (tr!(words, "A break")) } p.lead { (tr!(words, "Stand up. Your place is kept.")) } }
                @else { (self.inside()) }
                (self.notes())
            }
        }
    }

    fn inside(&self) -> Markup {
        let (words, game) = (&self.world.tongue(0).words, &self.room.game);
        if self.room.practice.open {
            return html! { h1.huge { (tr!(words, "Practice")) } p.lead { (super::practice::question(words)) } (super::practice::count(words, self.room)) };
        }
        let Some(play) = game.play().filter(|_| game.phase != Phase::Lobby) else { return self.lobby() };
        match game.phase {
            Phase::Read => self.scene(play),
            Phase::Caucus => html! {
                h1.huge { (tr!(words, "Groups talk among themselves")) (self.clock()) }
                p.lead { (tr!(words, "Elect a chair. Which line does your group take?")) }
                div.talked { (self.scene(play)) }
            },
            Phase::Corridor => html! {
                h1.huge { (tr!(words, "Corridor time")) (self.clock()) }
                p.lead { (tr!(words, "Leave your seats and bargain. A pledge binds nobody, and is remembered.")) }
                div.talked { (self.scene(play)) }
            },
            Phase::Argue => html! {
                h1.huge { (tr!(words, "Talk")) (self.clock()) }
                p.lead { (tr!(words, "Phones down. What speaks for it, what against?")) }
                (self.speakers())
                div.talked { (self.at_stake(play)) }
            },
            Phase::Vote => html! {
                h1.huge { (tr!(words, "Vote")) (self.clock()) }
                (self.progress(play))
            },
            Phase::Closed => html! { h1.huge { (tr!(words, "The votes are in")) } (self.progress(play)) },
            Phase::Revealed => self.result(play),
            Phase::Lobby | Phase::Over => front_page(self.world.tongue(0), play, &game.roles),
        }
    }

    /// How long it still takes, where the teacher set a clock.
    fn clock(&self) -> Markup {
        html! { @if let Some(until) = self.room.game.timer { " " (timer(until)) } }
    }

    /// When names and votes are deleted.
    fn deleted(&self) -> String {
        let words = &self.world.tongue(0).words;
        if self.room.purged {
            return tr!(words, "Names and votes are deleted.");
        }
        let day = civil_date(words.language(), self.room.touched + u64::from(self.days) * 86_400_000);
        tr!(words, "Names and votes are deleted on {day} at the latest.", day = day)
    }

    fn lobby(&self) -> Markup {
        let words = &self.world.tongue(0).words;
        let to = format!("{}/j/{}", self.address, self.code);
        // Where TLS is spoken, `https` has to be typed: browsers try it without only for names.
        let short = self.address.trim_start_matches("http://");
        let alone = self.room.game.mode == Some(Mode::Alone);
        let names: Vec<&str> =
            self.room.seated().filter(|(_, seat)| seat.row.shown).map(|(_, seat)| seat.row.alias.as_str()).collect();
        html! {
            div.lobby {
                div {
                    @if self.room.locked { p.lead { (tr!(words, "The door is shut.")) } }
                    @else {
                        p.lead { (tr!(words, "On your phone, open")) }
                        p.address { (short) }
                        p.lead { (tr!(words, "and type")) }
                        p.joincode aria-label=(self.code) { (self.code) }
                    }
                    @if alone { p.lead { (tr!(words, "Everybody plays on their own.")) } }
                }
                @if let Some(picture) = qr::picture(&to).filter(|_| !self.room.locked) { figure.qr role="img" aria-label=(tr!(words, "The same as a code for the camera")) { (picture) } }
            }
            ul.names { @for name in names.iter().rev().take(NAMES) { li { (name) } } }
        }
    }

    /// What everybody reads: at hinges, and where all have one role.
    fn scene(&self, play: &Play) -> Markup {
        let (tongue, game) = (self.world.tongue(0), &self.room.game);
        let story = &tongue.story;
        let Some(&first) = game.roles.first() else { return html! {} };
        if game.mode == Some(Mode::Class) || game.roles.len() == 1 {
            let view = play.view(story, first);
            let labels = labels(story, play.state(), first, &tongue.words);
            return html! {
                h1 lang=(story.manifest.language) { (view.title) }
                div.story.long lang=(story.manifest.language) { (prose(&play.said(first).markdown, None)) (prose(&view.text.markdown, None)) }
                @if labels.len() > 1 { ol.options lang=(story.manifest.language) { @for (_, text, open) in &labels { li.locked[!open] { (text) } } } }
            };
        }
        match self.hinge(play) {
            Some(at) => {
                html! { h1 lang=(story.manifest.language) { (super::scene::title(story, &at)) } @if let Some(text) = public(tongue, play, &at) { (text) } }
            }
            None => self.groups(play),
        }
    }

    /// What is talked about: where all have one role the question and the options, which everybody
    /// has read; else what everybody may see.
    fn at_stake(&self, play: &Play) -> Markup {
        let (tongue, game) = (self.world.tongue(0), &self.room.game);
        let (Some(&first), story) = (game.roles.first(), &tongue.story) else { return html! {} };
        if game.mode != Some(Mode::Class) && game.roles.len() > 1 {
            return self.scene(play);
        }
        let labels = labels(story, play.state(), first, &tongue.words);
        html! {
            h1 lang=(story.manifest.language) { (play.view(story, first).title) }
            ol.options lang=(story.manifest.language) { @for (_, text, open) in &labels { li.locked[!open] { (text) } } }
        }
    }

    fn hinge(&self, play: &Play) -> Option<String> {
        let story = self.world.story();
        let mut places = self.room.game.roles.iter().map(|role| place_name(story, play.state(), *role));
        places.find(|at| is_hinge(story, at)).map(str::to_owned)
    }

    fn groups(&self, play: &Play) -> Markup {
        let (words, story) = (&self.world.tongue(0).words, self.world.story());
        html! {
            h1 { (tr!(words, "Each group reads its own page")) }
            ul.groups {
                @for &role in &self.room.game.roles {
                    @let view = play.view(story, role);
                    li {
                        strong lang=(story.manifest.language) { (role_name(story, role)) }
                        span { (both_dates(words.language(), story.manifest.calendar, view.day)) }
                        span { (trn!(words, "{n} seat", "{n} seats", self.room.seated().filter(|(_, seat)| seat.role == Some(role)).count())) }
                    }
                }
            }
            (self.heard(play))
        }
    }

    /// The newest of the news that has reached all groups: what only one has heard is that group's.
    fn heard(&self, play: &Play) -> Markup {
        let (words, story) = (&self.world.tongue(0).words, self.world.story());
        let roles = &self.room.game.roles;
        let Some(&first) = roles.first() else { return html! {} };
        let has = |role: &RoleId, text: &str| play.news(*role).iter().any(|one| one.text.markdown == text);
        let everybodys = |one: &&News| roles.iter().all(|role| has(role, &one.text.markdown));
        let news: Vec<&News> = play.news(first).iter().filter(everybodys).collect();
        html! {
            @if !news.is_empty() {
                section.news {
                    h2 { (tr!(words, "What all have heard")) }
                    div.told lang=(story.manifest.language) {
                        @for one in news.iter().rev().take(HEARD).rev() {
                            div { p.day lang=(words.language()) { (long_date(words.language(), story.manifest.calendar, one.day)) } (prose(&one.text.markdown, None)) }
                        }
                    }
                }
            }
        }
    }

    fn progress(&self, play: &Play) -> Markup {
        let (words, story, game) = (&self.world.tongue(0).words, self.world.story(), &self.room.game);
        let Some(round) = &game.round else { return html! {} };
        let of = |role: Option<RoleId>| self.room.seated().filter(move |(_, seat)| seat.role == role);
        let line = |role: Option<RoleId>, name: &str, asked: Option<&Asked>| {
            let all = of(role).count();
            let voted = of(role).filter(|(number, _)| self.room.votes.contains_key(number)).count();
            let options = asked
                .filter(|_| game.mode == Some(Mode::Class))
                .and_then(|_| Some(labels(story, play.state(), role?, words)));
            html! {
                li {
                    strong { (name) }
                    meter min="0" max=(all.max(1)) value=(voted) aria-hidden="true" {}
                    span.count { (tr!(words, "{voted} of {all} have voted", voted = voted, all = all)) }
                    @if let Some(options) = options { ol.options { @for (_, text, open) in &options { li.locked[!open] { (text) } } } }
                }
            }
        };
        html! {
            ul.progress lang=(story.manifest.language) {
                @for asked in &round.asked { (line(story.role_named(&asked.role), story.role_named(&asked.role).map_or("", |role| role_name(story, role)), Some(asked))) }
                @if game.mode == Some(Mode::Factions) && of(None).next().is_some() { (line(None, &tr!(words, "The undecided"), None)) }
            }
        }
    }

    fn result(&self, play: &Play) -> Markup {
        let (words, story, game) = (&self.world.tongue(0).words, self.world.story(), &self.room.game);
        let Some(round) = &game.round else { return html! {} };
        html! {
            h1 { (tr!(words, "This is what won")) }
            div.results {
                @for asked in &round.asked {
                    @if let (Some(one), Some(role)) = (game.shown_of(&asked.role), story.role_named(&asked.role)) {
                        @let labels = labels(story, play.state(), role, words);
                        @let named = |option: &str| labels.iter().find(|(id, _, _)| id == option).map_or_else(String::new, |(_, text, _)| text.clone());
                        @let roll_call = (round.rules.secrecy == Secrecy::Open).then_some((self.room, Some(role)));
                        section lang=(story.manifest.language) { h2 { (role_name(story, role)) } (counted(words, &named, asked, &one, round.rules.secrecy, roll_call)) }
                    }
                }
            }
        }
    }

    fn speakers(&self) -> Markup {
        let (words, story) = (&self.world.tongue(0).words, self.world.story());
        html! {
            @for speaker in self.room.game.speakers.iter().filter(|_| self.room.game.shows_speakers) {
                @if let Some(seat) = self.room.seats.get(&speaker.seat).filter(|seat| seat.row.shown) {
                    p.lead { (tr!(words, "{name} speaks", name = seat.row.alias))
                        @if let Some(role) = seat.role.filter(|_| self.room.game.mode == Some(Mode::Factions)) { " · " (role_name(story, role)) } }
                }
            }
        }
    }

    fn notes(&self) -> Markup {
        let (words, story) = (&self.world.tongue(0).words, self.world.story());
        let is_here = |note: &&NoteRow| {
            note.state == NoteState::Shown && matches!(note.kind, NoteKind::Note | NoteKind::Question)
        };
        let notes: Vec<&NoteRow> = self.room.notes.values().map(|note| &**note).filter(is_here).collect();
        let asked = |note: &NoteRow| story.role_named(&note.whom).filter(|_| note.kind == NoteKind::Question);
        html! {
            @if !notes.is_empty() {
                aside.shown aria-label=(tr!(words, "From the class")) { @for note in notes.iter().rev().take(5) { blockquote {
                    @if let Some(role) = asked(note) { span.small { (tr!(words, "The undecided ask: {group}", group = role_name(story, role))) } br; }
                    (note.text)
                } } }
            }
        }
    }
}
