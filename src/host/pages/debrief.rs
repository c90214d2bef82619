//! After the story: our Petrograd beside the record, where the two part, and three questions.

use maud::{Markup, html};

use super::board::{counted, label};
use super::prose::prose;
use super::scene::{Scene, role_name, scholarship, title};
use super::writings::pledge;
use super::{Frame, raw};
use crate::calendar::{Day, both_dates};
use crate::engine::{Play, Words, outcome};
use crate::host::event::{Asked, Mode, Secrecy};
use crate::host::game::Round;
use crate::host::room::Room;
use crate::host::rows::{NoteKind, NoteState};
use crate::host::world::Tongue;
use crate::host::writer::now;
use crate::record::{Compared, Comparison, Status, compare};
use crate::story::Story;
use crate::story::model::{Holder, RoleId};
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
}

impl Debrief<'_> {
    /// The page.
    pub fn page(&self) -> Markup {
        let (words, story) = (&self.tongue.words, &self.tongue.story);
        let heading = tr!(words, "Our course and the record");
        let back = if self.teacher { format!("/t/{}", self.code) } else { format!("/s/{}", self.code) };
        let inside = html! {
            main.wide {
                p.noprint { a href=(back) { "‹ " (tr!(words, "Back")) } @if self.teacher { " · " (self.exports()) } }
                header { p.masthead lang=(story.manifest.language) { (story.manifest.title) } h1 { (heading) } }
                @if self.room.game.mode == Some(Mode::Factions) { p.notice { (tr!(words, "Put the role down first. Then let everybody make one argument of another side.")) } }
                @if let Some(play) = self.play { (self.of(play)) }
                @if self.room.game.mode == Some(Mode::Alone) && (self.teacher || self.room.shows_others(now())) { (super::spread::spread(self.tongue, self.room)) }
                @if self.teacher { (self.tickets()) }
                @if self.play.is_none() && self.room.game.mode != Some(Mode::Alone) { p { (tr!(words, "The story has not begun.")) } }
            }
        };
        Frame::still(words, &heading, "debrief").around(&inside)
    }

    fn exports(&self) -> Markup {
        let words = &self.tongue.words;
        let base = format!("/t/{}", self.code);
        html! {
            a href={ (base) "/report.html" } { (tr!(words, "To print")) } " · "
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
        let comparison = compare(story, play);
        let share = (comparison.fidelity * 100.0).round();
        html! {
            p.lead { (tr!(words, "{percent} % of the record was kept.", percent = share)) }
            (self.became(play))
            (self.decisions(play))
            (parting(self.tongue, play, &comparison))
            (self.pledges(play))
            (self.branches())
            section.questions {
                h2 { (tr!(words, "Three questions")) }
                ol { @for question in crate::report::questions(story, play, words) { li { (question) } } }
            }
        }
    }

    fn became(&self, play: &Play) -> Markup {
        let story = &self.tongue.story;
        let role = self.room.game.roles.first().copied().unwrap_or(RoleId(0));
        html! {
            @if let Some(outcome) = outcome(story, play.state()) {
                @let declared = &story.outcomes[outcome.index()];
                @let text = Words::render(story, play.state(), role, declared.text);
                section lang=(story.manifest.language) { h2 { (declared.title) } (prose(&text.markdown, None)) }
            }
            @for &role in &play.setup().roles {
                @let scene = Scene { tongue: self.tongue, play, role, base: None };
                @let view = scene.view();
                @if let Some(ending) = view.ending {
                    section lang=(story.manifest.language) { h3 { (role_name(story, role)) ": " (story.scenes[ending.index()].ending.as_deref().unwrap_or_default()) } (prose(&view.text.markdown, None)) }
                }
            }
        }
    }

    /// Two columns: per decision the vote, and what happened.
    fn decisions(&self, play: &Play) -> Markup {
        let words = &self.tongue.words;
        let past: Vec<(&Round, &Asked)> = self
            .room
            .game
            .past
            .iter()
            .flat_map(|round| round.asked.iter().map(move |asked| (&**round, asked)))
            .collect();
        html! {
            @if !past.is_empty() {
                section {
                    h2 { (tr!(words, "Decision by decision")) }
                    div.columns aria-hidden="true" { strong { (tr!(words, "Our course")) } strong { (tr!(words, "The record")) } }
                    @for (round, asked) in past { (self.decision(play, round, asked)) }
                }
            }
        }
    }

    fn decision(&self, play: &Play, round: &Round, asked: &Asked) -> Markup {
        let (words, story) = (&self.tongue.words, &self.tongue.story);
        let named = |option: &str| label(story, play.state(), words, &asked.role, &asked.at, option);
        let role = story.role_named(&asked.role);
        let historical = historical(story, asked);
        let known = scholarship(story, &asked.at);
        html! {
            article.decision {
                h3 lang=(story.manifest.language) { (title(story, &asked.at)) @if let Some(role) = role { " · " (role_name(story, role)) } @if round.runoff { " · " span lang=(words.language()) { (tr!(words, "runoff")) } } }
                div.columns {
                    div aria-label=(tr!(words, "Our course")) role="group" {
                        @if let Some(one) = round.counted_of(&asked.role) { (counted(words, &named, asked, one, if round.rules.secrecy == Secrecy::Open { Secrecy::Tally } else { round.rules.secrecy }, None)) }
                        (self.minority(round, asked))
                    }
                    div aria-label=(tr!(words, "The record")) role="group" lang=(story.manifest.language) {
                        @match historical {
                            Some(option) => p { em { (named(&option)) } },
                            None => p lang=(words.language()) { (tr!(words, "The record knows nothing of this choice.")) },
                        }
                        @if let Some(known) = known {
                            @if !known.note.is_empty() { p { (known.note) } }
                            @if !known.sources.is_empty() { p.small { (known.sources.join(" · ")) } }
                        }
                    }
                }
            }
        }
    }

    /// What those said who were outvoted, so far as the teacher let it through: nobody's by name.
    fn minority(&self, round: &Round, asked: &Asked) -> Markup {
        let of = format!("{} {}", round.number, asked.role);
        let said = self.room.notes_of(NoteKind::Minority);
        let said: Vec<_> = said.filter(|note| note.state == NoteState::Shown && note.whom == of).collect();
        html! {
            @if !said.is_empty() {
                p.small { (tr!(self.tongue.words, "The minority:")) }
                @for note in said { blockquote { (note.text) } }
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

/// What history did among what was asked.
fn historical(story: &Story, asked: &Asked) -> Option<String> {
    let is_here = |holder: Holder| match holder {
        Holder::Scene(scene) => *story.scenes[scene.index()].id == *asked.at,
        Holder::Side(side) => {
            let side = &story.sides[side.index()];
            *story.hinges[side.hinge.index()].id == *asked.at && story.roles[side.role.index()].id == asked.role
        }
        Holder::Choice(_) => true,
    };
    let found = story.choices.iter().find(|choice| {
        choice.historical && is_here(choice.holder) && asked.options.iter().any(|id| **id == *choice.id)
    });
    found.map(|choice| choice.id.to_string())
}

/// Where the paths part, and because of which choices.
fn parting(tongue: &Tongue, play: &Play, comparison: &Comparison) -> Markup {
    let words = &tongue.words;
    let departed: Vec<&Compared> = comparison.events.iter().filter(|one| one.verdict.status.departs()).collect();
    html! {
        section.parting {
            h2 { (tr!(words, "Where the paths part")) }
            @if departed.is_empty() { p { (tr!(words, "Nowhere, so far as the record is told here. What carried it?")) } }
            @for one in departed.iter().take(TOLD) { (departure(tongue, play, one)) }
            @if departed.len() > TOLD { p { (trn!(words, "and {n} more in the report to print", "and {n} more in the report to print", departed.len() - TOLD)) } }
        }
    }
}

fn departure(tongue: &Tongue, play: &Play, one: &Compared) -> Markup {
    let (words, story) = (&tongue.words, &tongue.story);
    let event = &story.events[one.verdict.event.index()];
    let day = |day: Day| both_dates(words.language(), story.manifest.calendar, day);
    let status = match one.verdict.status {
        Status::Early => tr!(words, "earlier"),
        Status::Late => tr!(words, "later"),
        Status::Averted => tr!(words, "did not happen"),
        _ => tr!(words, "beside the record"),
    };
    let role = play.setup().roles.first().copied().unwrap_or(RoleId(0));
    let otherwise = Words::render(story, play.state(), role, event.otherwise.filter(|_| one.verdict.played.is_none()));
    let because: Vec<String> = one
        .because
        .iter()
        .filter_map(|act| {
            let entry = play.log().get(act.entry)?;
            let role = &story.roles[entry.input.role.index()].id;
            let option = crate::host::world::pick_id(story, entry.input.pick);
            (option != "continue").then(|| label(story, play.state(), words, role, &entry.at, &option))
        })
        .collect();
    html! {
        article.decision {
            h3 lang=(story.manifest.language) { (event.title) " " span.tag lang=(words.language()) { (status) } }
            div.columns {
                div role="group" aria-label=(tr!(words, "Our course")) {
                    p { @match one.verdict.played { Some(played) => (day(played)), None => (tr!(words, "It did not happen.")) } }
                    @if !because.is_empty() { p { (tr!(words, "Because you chose:")) } ul lang=(story.manifest.language) { @for text in &because { li { (text) } } } }
                    @if !otherwise.is_empty() { div lang=(story.manifest.language) { (prose(&otherwise.markdown, None)) } }
                }
                div role="group" aria-label=(tr!(words, "The record")) lang=(story.manifest.language) {
                    p { @match one.verdict.recorded { Some(recorded) => (day(recorded)), None => span lang=(words.language()) { (tr!(words, "It did not happen.")) } } }
                    p { (event.summary) }
                    @if !event.argued.is_empty() { p { (event.argued) } }
                    @if !event.dispute.is_empty() { p { (event.dispute) } }
                    @if !event.sources.is_empty() { p.small { (event.sources.join(" · ")) } }
                }
            }
        }
    }
}

/// The engine's own report as a page to keep.
pub fn report(tongue: &Tongue, play: &Play) -> Markup {
    raw(crate::report::html(&tongue.story, play, &tongue.words))
}
