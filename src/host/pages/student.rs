//! A student's page: what their group reads, what they can choose, and what became of it.

use maud::{Markup, html};

use super::Frame;
use super::board::{counted, labels};
use super::prose::prose;
use super::scene::{Scene, public, role_name};
use crate::catalogue::Catalogue;
use crate::engine::{Play, Setup, Words, place_name};
use crate::host::event::{Mode, Phase, Secrecy};
use crate::host::names::two_words;
use crate::host::room::{Room, Seat, Sitting, Vote};
use crate::host::steer::is_hinge;
use crate::host::world::{Tongue, World};
use crate::story::Story;
use crate::story::model::RoleId;
use crate::tr;

/// Words of a reason, at least, where one is asked.
pub const REASON: usize = 10;

/// What a student's page is drawn from.
pub struct Seen<'a> {
    /// The story.
    pub world: &'a World,
    /// The class.
    pub room: &'a Room,
    /// Its code.
    pub code: &'a str,
    /// The place of the language.
    pub tongue: usize,
}

/// Whether somebody who plays alone is asked for a reason: where all would choose at once.
pub fn asks_reason(story: &Story, room: &Room, seat: u32, option: &str) -> bool {
    option != "continue" && is_hinge(story, place_of(story, room, seat))
}

/// Where somebody is who plays alone, by id.
pub fn place_of<'a>(story: &'a Story, room: &'a Room, seat: u32) -> &'a str {
    let Some(seat) = room.seats.get(&seat) else { return "" };
    let (Some(play), Some(role)) = (&seat.play, seat.role) else { return "" };
    place_name(story, play.state(), role)
}

/// The page around its inside.
pub fn page(world: &World, tongue: &Tongue, code: &str, main: &Markup) -> Markup {
    let (story, words) = (&tongue.story, &tongue.words);
    let inside = html! {
        a.skip href="#live" { (tr!(words, "To the story")) }
        header.top {
            span.masthead lang=(story.manifest.language) { (story.manifest.title) }
            nav aria-label=(tr!(words, "Tools")) {
                @if !story.codex.is_empty() { a href={ "/s/" (code) "/who" } { (tr!(words, "Who and what")) } }
                @for other in world.tongues().iter().filter(|other| other.language != tongue.language) {
                    a href={ "/s/" (code) "/lang/" (other.language) } lang=(other.language) hreflang=(other.language) { (other.language.to_uppercase()) }
                }
            }
        }
        (main)
    };
    let title = &story.manifest.title;
    Frame::still(words, title, "student").around(&inside)
}

impl Seen<'_> {
    fn at(&self) -> &Tongue {
        self.world.tongue(self.tongue)
    }

    /// What the program says to them.
    pub fn words(&self) -> &Catalogue {
        &self.at().words
    }

    /// The inside of the page.
    pub fn view(&self, number: u32, token: Option<&str>, notice: Option<&str>) -> Markup {
        let Some(seat) = self.room.seats.get(&number) else { return html! { main #live data-seq="0" {} } };
        let words = &self.at().words;
        let game = &self.room.game;
        let (phase, say) = self.phase(seat);
        let base = format!("/s/{}", self.code);
        html! {
            main #live.narrow data-seq=(self.room.seen(seat)) data-view={ (base) "/view" } data-stream={ (base) "/stream" }
                data-phase=(phase) data-say=(say) data-nudge=[self.room.nudge_of(number)] {
                @if let Some(notice) = notice { p.notice role="alert" { (notice) } }
                p.who {
                    span.alias { (seat.row.alias) }
                    @if let Some(role) = seat.role { " · " span lang=(self.at().story.manifest.language) { (role_name(&self.at().story, role)) } }
                    @else if game.mode == Some(Mode::Factions) { " · " (tr!(words, "undecided")) }
                }
                p.phase { (say) @if let Some(until) = game.timer.filter(|_| game.phase == Phase::Vote && !game.paused) { " " (timer(until)) } }
                (self.chair(seat, number))
                (self.nudge(number))
                @if self.room.game.phase.is_before() && !self.room.ended { (self.questions(seat, number)) }
                (self.inside(seat, number))
                @if !self.room.ended && seat.sitting == Sitting::Here { (self.aside(seat, number, token)) }
                noscript { p { a.button href=(base) { (tr!(words, "Look again")) } } }
            }
        }
    }

    /// The phase's name for the script, and a sentence on it.
    fn phase(&self, seat: &Seat) -> (&'static str, String) {
        let (words, game) = (&self.at().words, &self.room.game);
        if self.room.ended {
            return ("ended", tr!(words, "The lesson is over."));
        }
        if seat.sitting == Sitting::Waiting {
            return ("waiting", tr!(words, "You are at the door. Your teacher lets you in."));
        }
        if game.paused {
            return ("paused", tr!(words, "A break. Stand up; this page waits for you."));
        }
        if self.room.practice.open {
            return ("vote", tr!(words, "A vote for practice: nothing is at stake."));
        }
        if self.room.gathered {
            return ("gathered", tr!(words, "Everybody comes together. Your place is kept."));
        }
        if game.mode == Some(Mode::Alone) {
            return ("alone", tr!(words, "You play on your own. Take your time."));
        }
        match game.phase {
            Phase::Lobby => ("lobby", tr!(words, "You are in. It begins when your teacher says so.")),
            Phase::Read => ("read", tr!(words, "Read.")),
            Phase::Caucus => ("caucus", tr!(words, "Talk in your group.")),
            Phase::Corridor => ("corridor", tr!(words, "Leave your seat and bargain.")),
            Phase::Argue => ("argue", tr!(words, "Look up and talk.")),
            Phase::Vote => ("vote", tr!(words, "The vote is open.")),
            Phase::Closed => ("closed", tr!(words, "The vote is closed. Look at the screen.")),
            Phase::Revealed => ("revealed", tr!(words, "This is what won.")),
            Phase::Over => ("over", tr!(words, "The story is over.")),
        }
    }

    fn inside(&self, seat: &Seat, number: u32) -> Markup {
        let words = &self.at().words;
        let debrief = html! { p { a.button.primary href={ "/s/" (self.code) "/debrief" } { (tr!(words, "Our course and the record")) } } };
        if self.room.ended {
            return html! { h1 tabindex="-1" { (tr!(words, "Thank you for playing.")) } @if !self.room.purged { (debrief) (self.ticket(number)) } };
        }
        if seat.sitting != Sitting::Here {
            return html! { h1 tabindex="-1" { (tr!(words, "One moment")) } };
        }
        if self.room.practice.open {
            let practice = &self.room.practice;
            return html! {
                h1 tabindex="-1" { (super::practice::question(words)) }
                (self.ballot(&super::practice::offered(words), practice.round, practice.votes.get(&number)))
            };
        }
        let play = self.room.play_of(self.world, seat, self.tongue);
        let Some(play) = play else {
            return html! {
                h1 tabindex="-1" lang=(self.at().story.manifest.language) { (self.at().story.manifest.title) }
                p { (tr!(words, "You are called {name} here. Nobody needs another name from you.", name = seat.row.alias)) }
                (self.meanwhile())
            };
        };
        let over = self.room.game.phase == Phase::Over;
        match seat.role {
            None => html! { (self.undecided(&play, number)) @if over { (debrief) (self.ticket(number)) } },
            Some(role) => {
                let base = format!("/s/{}", self.code);
                let scene = Scene { tongue: self.at(), play: &play, role, base: Some(&base) };
                match self.room.game.mode {
                    Some(Mode::Alone) if self.room.gathered => html! { (self.gathered(&scene)) (self.ticket(number)) },
                    Some(Mode::Alone) => self.alone(&scene, number),
                    _ => html! { (self.together(&scene, number)) @if over { (debrief) (self.ticket(number)) } },
                }
            }
        }
    }

    /// Something to read until it begins.
    fn meanwhile(&self) -> Markup {
        let (words, story) = (&self.at().words, &self.at().story);
        let manifest = &story.manifest;
        let roles: Vec<RoleId> = story.playable().take(1).collect();
        let role = roles.first().copied().unwrap_or(RoleId(0));
        let start = Play::begin(story, Setup { roles, seed: 0, digest: false });
        let text = Words::render(story, start.state(), role, manifest.text);
        html! {
            @if !text.is_empty() { div.story lang=(manifest.language) { (prose(&text.markdown, None)) } }
            @if !manifest.notice.is_empty() {
                details #notice { summary { (tr!(words, "What the story shows")) } div lang=(manifest.language) { (prose(&manifest.notice, None)) } }
            }
        }
    }

    /// Who they are.
    pub fn card(&self, scene: &Scene<'_>) -> Markup {
        let words = &self.at().words;
        html! {
            details #card open[scene.play.log().is_empty() && self.room.game.phase == Phase::Read] {
                summary { (tr!(words, "Who you are")) }
                (scene.card())
            }
        }
    }

    /// Somebody in a group.
    fn together(&self, scene: &Scene<'_>, number: u32) -> Markup {
        let words = &self.at().words;
        let view = scene.view();
        let phase = self.room.game.phase;
        let reads = html! { (scene.text(&view)) };
        // Once it is read, what there is to do comes first.
        let folded = matches!(
            phase,
            Phase::Caucus | Phase::Argue | Phase::Corridor | Phase::Vote | Phase::Closed | Phase::Revealed
        );
        let language = &self.at().story.manifest.language;
        html! {
            (scene.head(&view))
            @if !folded { (self.card(scene)) (reads) }
            @if phase == Phase::Argue { p.dark { (tr!(words, "Phones down. What speaks for it, what against?")) } }
            @if let Some(ending) = view.ending {
                p.ending lang=(language) { (self.at().story.scenes[ending.index()].ending.as_deref().unwrap_or_default()) }
            } @else if view.waiting {
                p { (tr!(words, "Your group waits for its day; others are asked now.")) }
            }
            (self.caucus(scene, number))
            @if phase == Phase::Corridor { (self.pledges(scene.play.state(), number, Some(scene))) }
            (self.choices(scene, number))
            @if phase != Phase::Corridor { (self.pledges(scene.play.state(), number, Some(scene))) }
            (self.minority(number))
            @if folded {
                details #again { summary { (tr!(words, "Read again")) } (reads) }
                (self.card(scene))
            }
        }
    }

    fn choices(&self, scene: &Scene<'_>, number: u32) -> Markup {
        let words = &self.at().words;
        let story = &self.at().story;
        let game = &self.room.game;
        let labels = labels(story, scene.play.state(), scene.role, words);
        let id = story.roles[scene.role.index()].id.as_str();
        let asked = game.round.as_ref().and_then(|round| round.asked_of(id));
        let language = &story.manifest.language;
        match (game.phase, asked) {
            (Phase::Vote, Some(asked)) => {
                let offered = labels.iter().filter(|(id, _, _)| asked.options.contains(id));
                let offered: Vec<(String, String)> = offered.map(|(id, text, _)| (id.clone(), text.clone())).collect();
                self.ballot(&offered, self.room.rounds, self.room.votes.get(&number))
            }
            (Phase::Vote, None) => html! { p { (tr!(words, "Your group has nothing to decide in this vote.")) } },
            (Phase::Revealed, Some(asked)) => {
                match game.round.as_ref().and_then(|round| game.shown_of(id).map(|one| (round, one))) {
                    Some((round, one)) => {
                        let named = |option: &str| {
                            labels
                                .iter()
                                .find(|(id, _, _)| id == option)
                                .map_or_else(String::new, |(_, text, _)| text.clone())
                        };
                        let roll_call = (round.rules.secrecy == Secrecy::Open).then_some((self.room, Some(scene.role)));
                        counted(words, &named, asked, &one, round.rules.secrecy, roll_call)
                    }
                    None => html! {},
                }
            }
            (Phase::Closed, Some(_)) => match self.room.votes.get(&number).and_then(|vote| vote.option.as_ref()) {
                Some(option) => {
                    html! { p { (tr!(words, "You voted for:")) " " strong lang=(language) { (labels.iter().find(|(id, _, _)| id == option).map_or("", |(_, text, _)| text)) } } }
                }
                None => html! {},
            },
            (Phase::Read | Phase::Argue | Phase::Corridor, _)
                if labels.iter().filter(|(_, _, open)| *open).count() > 1 =>
            {
                html! {
                    h2 { (tr!(words, "What you can choose from")) }
                    ol.options lang=(language) { @for (_, text, open) in &labels { li.locked[!open] { (text) } } }
                    p.small { (tr!(words, "You vote when your teacher opens the vote.")) }
                }
            }
            _ => html! {},
        }
    }

    /// A button for each thing that can be voted for.
    fn ballot(&self, offered: &[(String, String)], round: u32, vote: Option<&Vote>) -> Markup {
        let words = &self.at().words;
        let language = &self.at().story.manifest.language;
        let round = round.to_string();
        let key = vote.map_or(1, |vote| vote.key + 1).to_string();
        let mine = |id: &str| vote.is_some_and(|vote| vote.option.as_deref() == Some(id));
        let passed = vote.is_some_and(|vote| vote.option.is_none());
        html! {
            form #ballot.ballot method="post" action={ "/s/" (self.code) "/ballot" } data-live data-ballot=(self.code) {
                fieldset {
                    legend { (tr!(words, "Your vote")) }
                    input type="hidden" name="round" value=(round);
                    input type="hidden" name="key" value=(key);
                    @for (id, text) in offered {
                        button.choice #{ "o-" (id.replace('.', "-")) } name="option" value=(id) aria-pressed=(mine(id)) lang=(language) { (text) }
                    }
                    button.choice.pass #o-pass name="option" value="pass" aria-pressed=(passed) { (tr!(words, "I need to pass")) }
                }
                p.recorded role="status" {
                    @if let Some(vote) = vote { (tr!(words, "Recorded · no. {number} · you may change it until it closes", number = vote.seq)) }
                    @else { (tr!(words, "Tap one. You may change it until it closes.")) }
                }
            }
        }
    }

    /// Somebody in no group: votes where groups are equal, at hinges.
    fn undecided(&self, play: &Play, number: u32) -> Markup {
        let (words, story, game) = (&self.at().words, &self.at().story, &self.room.game);
        let role = game.roles.first().copied().unwrap_or(RoleId(0));
        let at = game.roles.iter().map(|role| place_name(story, play.state(), *role)).find(|at| is_hinge(story, at));
        let Some(at) = at else {
            return html! {
                h1 tabindex="-1" { (tr!(words, "The undecided")) }
                p { (tr!(words, "You belong to no group yet. Where all choose at once your vote decides between equals.")) }
                (self.ask_a_chair())
                (self.pledges(play.state(), number, None))
            };
        };
        let scene = Scene { tongue: self.at(), play, role, base: None };
        let asked = game.round.iter().filter(|_| game.phase == Phase::Vote).flat_map(|round| round.asked.iter());
        let mut offered = Vec::new();
        for asked in asked.filter(|asked| is_hinge(story, &asked.at)) {
            let Some(role) = story.role_named(&asked.role) else { continue };
            for (id, text, _) in
                labels(story, play.state(), role, words).into_iter().filter(|(id, _, _)| asked.options.contains(id))
            {
                offered.push((format!("{}.{id}", asked.role), format!("{}: {text}", role_name(story, role))));
            }
        }
        html! {
            (scene.head(&scene.view()))
            p { (tr!(words, "You are undecided: your vote decides between equals.")) }
            @if let Some(text) = public(self.at(), play, at) { (text) }
            @if !offered.is_empty() { (self.ballot(&offered, self.room.rounds, self.room.votes.get(&number))) }
            (self.ask_a_chair())
            (self.pledges(play.state(), number, None))
        }
    }

    /// What a student can do besides: ask, and take the seat elsewhere.
    fn aside(&self, seat: &Seat, number: u32, token: Option<&str>) -> Markup {
        let words = &self.at().words;
        let pair = token.map(|token| two_words(&self.world.tongue(0).words, token));
        html! {
            details #more.more {
                summary { (tr!(words, "Ask, or move to another device")) }
                form method="post" action={ "/s/" (self.code) "/note" } data-live {
                    label for="note" { (tr!(words, "A question or a sentence for the screen; your teacher looks at it first")) }
                    textarea #note name="text" rows="2" maxlength="280" required {}
                    label.tick { input #private type="checkbox" name="private" value="1"; " " (tr!(words, "For the teacher only")) }
                    button { (tr!(words, "Send")) }
                }
                (self.swap(seat, number))
                @if let Some(pair) = pair {
                    p { (tr!(words, "Your two words:")) " " strong { (pair) } }
                    p.small { (tr!(words, "On another device join with the same code, press “I had a seat”, type these words, and ask your teacher to say yes.")) }
                }
            }
        }
    }
}

/// A clock that the script keeps.
pub fn timer(until: u64) -> Markup {
    html! { span.timer data-until=(until) data-now=(crate::host::writer::now()) role="timer" {} }
}
