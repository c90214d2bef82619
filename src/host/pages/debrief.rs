//! After the story: our Petrograd beside the record, where the two part, and three questions.

use maud::{Markup, html};

use super::prose::prose;
use super::scene::{Scene, role_name, title};
use super::writings::pledge;
use super::{Frame, decisions, raw};
use crate::calendar::both_dates;
use crate::engine::{Play, Words, outcome};
use crate::host::decided;
use crate::host::event::Mode;
use crate::host::room::Room;
use crate::host::rows::{NoteKind, NoteState};
use crate::host::world::Tongue;
use crate::host::writer::now;
use crate::report::{Because, Departure, debriefing};
use crate::story::model::RoleId;
use crate::{tr, trn};

/// Departures that are told, at most: a page that nobody finishes teaches nothing.
const TOLD: usize = 12;

/// What a debriefing is drawn from.
pub struct Debrief<'a> {
    /// In which language.
    pub tongue: &'a Tongue,
    /// The class.
    pub room: &'a Room,
    /// Its code.
    pub code: &'a str,
    /// Whose page: a teacher's has exports.
    pub teacher: bool,
    /// The play that is compared: the class's, or a student's own.
    pub play: Option<&'a Play>,
    /// Whether it is a file to keep: nothing on it leads anywhere.
    pub file: bool,
}

impl Debrief<'_> {
    /// The page.
    pub fn page(&self) -> Markup {
        let (words, story) = (&self.tongue.words, &self.tongue.story);
        let heading = tr!(words, "Our course and the record");
        let back = if self.teacher { format!("/t/{}", self.code) } else { format!("/s/{}", self.code) };
        let inside = html! {
            main.wide {
                @if !self.file { p.noprint { a href=(back) { "‹ " (tr!(words, "Back")) } @if self.teacher { " · " (self.exports()) } } }
                header { p.masthead lang=(story.manifest.language) { (story.manifest.title) } h1 { (heading) } }
                @if self.room.game.mode == Some(Mode::Factions) { p.notice { (tr!(words, "Put the role down first. Then let everybody make one argument of another side.")) } }
                @if let Some(play) = self.play { (self.of(play)) }
                @if self.room.game.mode == Some(Mode::Alone) && (self.teacher || self.room.shows_others(now())) { (super::spread::spread(self.tongue, self.room)) }
                @if self.teacher && !self.file { (self.tickets()) }
                @if self.play.is_none() && self.room.game.mode != Some(Mode::Alone) { p { (tr!(words, "The story has not begun.")) } }
            }
        };
        let frame = Frame::still(words, &heading, "debrief");
        if self.file { frame.kept(&inside) } else { frame.around(&inside) }
    }

    fn exports(&self) -> Markup {
        let words = &self.tongue.words;
        let base = format!("/t/{}", self.code);
        html! {
            a href={ (base) "/debrief.html" } { (tr!(words, "This page as a file")) } " · "
            a href={ (base) "/report.html" } { (tr!(words, "The whole report, to print")) } " · "
            a href={ (base) "/votes.csv" } { (tr!(words, "Votes as a table (CSV)")) } " · "
            @if self.room.game.mode == Some(Mode::Alone) { a href={ (base) "/completion.csv" } { (tr!(words, "Who has finished (CSV)")) } " · " }
            a href={ (base) "/words.csv" } { (tr!(words, "What was written (CSV)")) } " · "
            @if self.room.game.play().is_some() {
                a href={ (base) "/play.toml" } { (tr!(words, "The play, for one keyboard")) } " · "
                a href={ (base) "/beside" } { (tr!(words, "Beside another class")) } " · "
            }
            a href={ (base) "/log.jsonl" } { (tr!(words, "The log")) }
        }
    }

    fn of(&self, play: &Play) -> Markup {
        let (words, story) = (&self.tongue.words, &self.tongue.story);
        let found = debriefing(story, play, words);
        let alone = self.room.game.mode == Some(Mode::Alone);
        let decided =
            if alone { decided::of_play(self.tongue, play) } else { decided::of_class(self.tongue, &self.room.game) };
        html! {
            @if let Some(unfinished) = &found.unfinished { p { (unfinished) } }
            p.lead { (found.counted) }
            (self.became(play))
            (parting(self.tongue, &found.departures))
            section.questions {
                h2 { (tr!(words, "Three questions")) }
                ol { @for question in &found.questions { li { (question) } } }
            }
            @if !decided.is_empty() {
                div.ledger {
                    h2.part { (tr!(words, "Decision by decision")) }
                    @if alone { (decisions::own(self.tongue, &decided)) } @else {
                        (decisions::hinges(self.tongue, &decided))
                        (decisions::personal(self.tongue, &decided))
                    }
                }
            }
            (self.minorities())
            (self.pledges(play))
            (self.branches())
        }
    }

    /// What became of the city, and of each role; the roles' endings were read before, so they are folded.
    fn became(&self, play: &Play) -> Markup {
        let story = &self.tongue.story;
        let language = &story.manifest.language;
        let role = self.room.game.roles.first().copied().unwrap_or(RoleId(0));
        html! {
            @if let Some(outcome) = outcome(story, play.state()) {
                @let declared = &story.outcomes[outcome.index()];
                @let text = Words::render(story, play.state(), role, declared.text);
                section lang=(language) { h2 { (declared.title) } div.story { (prose(&text.markdown, None)) } }
            }
            @for &role in &play.setup().roles {
                @let scene = Scene { tongue: self.tongue, play, role, base: None };
                @let view = scene.view();
                @if let Some(ending) = view.ending {
                    details.became lang=(language) {
                        summary { (role_name(story, role)) ": " (story.scenes[ending.index()].ending.as_deref().unwrap_or_default()) }
                        div.story { (prose(&view.text.markdown, None)) }
                    }
                }
            }
        }
    }

    /// What those said who were outvoted, so far as the teacher let it through: nobody's by name.
    fn minorities(&self) -> Markup {
        let (words, story) = (&self.tongue.words, &self.tongue.story);
        let said = self.room.notes_of(NoteKind::Minority).filter(|note| note.state == NoteState::Shown);
        let of = |whom: &str| {
            let (number, role) = whom.split_once(' ')?;
            let round = self.room.game.past.iter().find(|round| round.number.to_string() == number)?;
            Some((title(story, &round.asked_of(role)?.at), role_name(story, story.role_named(role)?)))
        };
        let said: Vec<_> = said.filter_map(|note| Some((of(&note.whom)?, &note.text))).collect();
        html! {
            @if !said.is_empty() {
                section #minorities {
                    h2 { (tr!(words, "What the minorities said")) }
                    @for ((title, role), text) in said { p { span.small lang=(story.manifest.language) { (title) " · " (role) ": " } "“" (text) "”" } }
                }
            }
        }
    }

    /// Pledges that were taken. Who gave them is told by group: a pledge may name a vote.
    fn pledges(&self, play: &Play) -> Markup {
        let (words, story) = (&self.tongue.words, &self.tongue.story);
        let group = |seat: Option<u32>| {
            let role = seat.and_then(|seat| self.room.seats.get(&seat)).and_then(|seat| seat.role);
            role.map_or_else(|| tr!(words, "The undecided"), |role| role_name(story, role).to_owned())
        };
        let taken: Vec<_> =
            self.room.notes_of(NoteKind::Pledge).filter(|note| note.state == NoteState::Shown).collect();
        html! {
            @if !taken.is_empty() {
                section {
                    h2 { (tr!(words, "What was pledged in the corridor")) }
                    p.small { (tr!(words, "No pledge bound anybody. Which were kept, and how would you know?")) }
                    ul lang=(story.manifest.language) { @for note in taken {
                        li { (group(Some(note.seat))) " → " (group(note.whom.parse().ok())) ": “" (pledge(words, story, play.state(), &note.text)) "”" }
                    } }
                }
            }
        }
    }

    /// The sentences at the end, which nobody but the teacher reads.
    fn tickets(&self) -> Markup {
        let words = &self.tongue.words;
        let said: Vec<_> = self.room.notes_of(NoteKind::Ticket).collect();
        html! {
            @if !said.is_empty() {
                details #tickets.noprint {
                    summary { (trn!(words, "{n} sentence at the end, for you alone", "{n} sentences at the end, for you alone", said.len())) }
                    @for note in said { p { "“" (note.text) "” " span.small { (self.room.seats.get(&note.seat).map_or("", |seat| seat.row.alias.as_str())) } } }
                }
            }
        }
    }

    fn branches(&self) -> Markup {
        let (words, story) = (&self.tongue.words, &self.tongue.story);
        html! {
            @if !self.room.branches.is_empty() {
                section {
                    h2 { (tr!(words, "Courses that you left by going back")) }
                    @for branch in &self.room.branches {
                        @let state = branch.play.state();
                        @let role = branch.play.setup().roles.first().copied().unwrap_or(RoleId(0));
                        p lang=(story.manifest.language) {
                            @if let Some(outcome) = outcome(story, state) { strong { (story.outcomes[outcome.index()].title) } " · " }
                            (title(story, crate::engine::place_name(story, state, role))) " · " (both_dates(words.language(), story.manifest.calendar, state.today(story, role)))
                        }
                    }
                }
            }
        }
    }
}

/// Where the paths part, and because of which choices.
fn parting(tongue: &Tongue, departures: &[Departure]) -> Markup {
    let words = &tongue.words;
    html! {
        section.parting {
            h2 { (tr!(words, "Where the paths part")) }
            @if departures.is_empty() { p { (tr!(words, "Nowhere, so far as the record is told here. What carried it?")) } }
            @for one in departures.iter().take(TOLD) { (departure(tongue, one)) }
            @if departures.len() > TOLD { p { (trn!(words, "and {n} more in the report to print", "and {n} more in the report to print", departures.len() - TOLD)) } }
        }
    }
}

fn departure(tongue: &Tongue, one: &Departure) -> Markup {
    let (words, language) = (&tongue.words, &tongue.story.manifest.language);
    html! {
        article.decision {
            h3 { span lang=(language) { (one.title) } " " span.tag { (one.status) } }
            div.columns {
                div role="group" aria-label=(tr!(words, "Our course")) {
                    p lang=(language) { (one.ours) }
                    (because(tongue, &one.because))
                }
                div role="group" aria-label=(tr!(words, "The record")) lang=(language) {
                    p { (one.record) }
                    @for why in &one.why { p { (why) } }
                    @if !one.sources.is_empty() { p.small { (one.sources.join(" · ")) } }
                }
            }
            @if !one.followers.is_empty() {
                details.followed {
                    summary { (trn!(words, "{n} thing more parted with it", "{n} things more parted with it", one.followers.len())) }
                    ul { @for other in &one.followers { li { strong lang=(language) { (other.title) } " (" (other.status) "). " span lang=(language) { (other.ours) } } } }
                }
            }
        }
    }
}

/// The choices that something hangs on: the way from the first to it, the others, and what would
/// have kept it.
fn because(tongue: &Tongue, because: &Because) -> Markup {
    let (words, language) = (&tongue.words, &tongue.story.manifest.language);
    html! {
        @if !because.chain.is_empty() {
            p.why { (tr!(words, "Because of what you chose:")) }
            ul.chain lang=(language) {
                @for (place, link) in because.chain.iter().enumerate() {
                    li { (link) @if place == 0 && because.is_cut { " …" } }
                }
            }
        }
        @if !because.others.is_empty() {
            p.why { (tr!(words, "and")) }
            ul lang=(language) { @for other in &because.others { li { (other) } } }
        }
        @if let Some(remedy) = &because.remedy { p { (remedy) } }
    }
}

/// The engine's own report as a page to keep.
pub fn report(tongue: &Tongue, play: &Play) -> Markup {
    raw(crate::report::html(&tongue.story, play, &tongue.words))
}
