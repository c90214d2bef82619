//! What students write to each other and to the teacher, on their pages: pledges, questions to a
//! chair, what the minority says, the sentence at the end.

use maud::{Markup, html};

use super::board::label;
use super::caucus::called;
use super::scene::{Scene, role_name};
use super::student::Seen;
use crate::catalogue::Catalogue;
use crate::engine::State;
use crate::host::event::{Mode, Phase};
use crate::host::notes::PLEDGES;
use crate::host::room::Seat;
use crate::host::rows::{NoteKind, NoteRow, NoteState};
use crate::story::Story;
use crate::tr;

/// A pledge in words. An option is named as its story would write it now.
pub fn pledge(words: &Catalogue, story: &Story, state: &State, text: &str) -> String {
    let mut parts = text.split(' ');
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some("as_you"), ..) => tr!(words, "At the next vote I vote as you do."),
        (Some("pass"), ..) => tr!(words, "At the next vote I pass."),
        (Some("speak"), ..) => tr!(words, "I speak for your side."),
        (Some("hear"), ..) => tr!(words, "I ask my group to hear yours."),
        (Some("vote"), Some(role), Some(at), Some(option)) => {
            tr!(words, "I vote for: {option}", option = label(story, state, words, role, at, option))
        }
        _ => String::new(),
    }
}

impl Seen<'_> {
    fn form(&self, what: &str, kind: &str, inside: &Markup) -> Markup {
        html! {
            form method="post" action={ "/s/" (self.code) "/" (what) } data-live {
                @if !kind.is_empty() { input type="hidden" name="kind" value=(kind); }
                (inside)
            }
        }
    }

    /// Questions that the teacher has let through, on the chair's phone; on everybody's of a group
    /// that has no chair.
    pub fn questions(&self, seat: &Seat, number: u32) -> Markup {
        let (words, room) = (self.words(), self.room);
        let role = seat.role.filter(|role| room.chair(*role).is_none_or(|(chair, _)| chair == number));
        let id = role.and_then(|role| room.role_ids.get(role.index()));
        let asked = room.notes_of(NoteKind::Question);
        let asked: Vec<&NoteRow> =
            asked.filter(|note| note.state == NoteState::Shown && Some(&note.whom) == id).collect();
        html! {
            @if !asked.is_empty() {
                section.notice { p { strong { (tr!(words, "The undecided ask you:")) } } @for note in asked { blockquote { (note.text) } } }
            }
        }
    }

    /// Where somebody undecided asks the chair of a group.
    pub fn ask_a_chair(&self) -> Markup {
        let (words, game) = (self.words(), &self.room.game);
        let story = &self.world.tongue(self.tongue).story;
        if game.mode != Some(Mode::Factions) || !game.phase.is_before() {
            return html! {};
        }
        html! {
            details #ask open {
                summary { (tr!(words, "Ask the chair of a group")) }
                (self.form("write", "question", &html! {
                    label for="ask-whom" { (tr!(words, "Whom")) }
                    select #ask-whom name="whom" { @for role in &game.roles { option value=(story.roles[role.index()].id) { (role_name(story, *role)) } } }
                    label for="ask-text" { (tr!(words, "Your question; your teacher looks at it first")) }
                    textarea #ask-text name="text" rows="2" maxlength="280" required {}
                    button { (tr!(words, "Ask")) }
                }))
            }
        }
    }

    /// Pledges that were offered, and a form to offer one. They bind nobody.
    pub fn pledges(&self, state: &State, number: u32, own: Option<&Scene<'_>>) -> Markup {
        let (words, room) = (self.words(), self.room);
        if room.game.mode != Some(Mode::Factions) {
            return html! {};
        }
        let me = number.to_string();
        let mine: Vec<&NoteRow> =
            room.notes_of(NoteKind::Pledge).filter(|note| note.seat == number || note.whom == me).collect();
        let corridor = room.game.phase == Phase::Corridor;
        html! {
            @if corridor || !mine.is_empty() {
                details #pledges open[corridor] {
                    summary { (tr!(words, "Pledges")) }
                    ul.plain { @for note in &mine { li { (self.one_pledge(note, state, number)) } } }
                    @if corridor { (self.offer(state, number, own)) }
                }
            }
        }
    }

    fn one_pledge(&self, note: &NoteRow, state: &State, number: u32) -> Markup {
        let (words, story) = (self.words(), &self.world.tongue(self.tongue).story);
        let text = pledge(words, story, state, &note.text);
        let name = |seat: u32| self.room.seats.get(&seat).map_or_else(String::new, |of| called(seat, of));
        let taken = match note.state {
            NoteState::New => tr!(words, "offered"),
            NoteState::Shown => tr!(words, "taken"),
            _ => tr!(words, "not taken"),
        };
        html! {
            @if note.seat == number {
                (tr!(words, "You to {name}:", name = name(note.whom.parse().unwrap_or(0)))) " “" (text) "” " span.tag { (taken) }
            } @else {
                (tr!(words, "{name} to you:", name = name(note.seat))) " “" (text) "” "
                @if note.state == NoteState::New {
                    (self.form("pledge", "", &html! {
                        input type="hidden" name="note" value=(note.note);
                        div.buttons {
                            button name="takes" value="yes" { (tr!(words, "Take it")) }
                            button.quiet name="takes" value="no" { (tr!(words, "Leave it")) }
                        }
                    }))
                } @else { span.tag { (taken) } }
            }
        }
    }

    fn offer(&self, state: &State, number: u32, own: Option<&Scene<'_>>) -> Markup {
        let (words, story, room) = (self.words(), &self.world.tongue(self.tongue).story, self.room);
        let role = own.map(|scene| scene.role);
        let questions = room.game.questions(self.world.story());
        let id = role.and_then(|role| room.role_ids.get(role.index()));
        let asked = questions.iter().find(|asked| Some(&asked.role) == id);
        let options = asked.into_iter().flat_map(|asked| {
            asked.options.iter().map(move |option| format!("vote {} {} {option}", asked.role, asked.at))
        });
        let forms: Vec<String> = PLEDGES.iter().map(|&form| form.to_owned()).chain(options).collect();
        let others: Vec<_> =
            room.seated().filter(|(seat, of)| *seat != number && (role.is_none() || of.role != role)).collect();
        html! {
            @if others.is_empty() { p { (tr!(words, "Nobody of another group is here.")) } }
            @else {
                p.small { (tr!(words, "A pledge binds nobody. It is remembered, and read in the debriefing without names.")) }
                (self.form("write", "pledge", &html! {
                    label for="pledge-whom" { (tr!(words, "To whom")) }
                    select #pledge-whom name="whom" { @for (seat, of) in &others {
                        option value=(seat) { (called(*seat, of)) " · " @match of.role { Some(role) => (role_name(story, role)), None => (tr!(words, "undecided")) } }
                    } }
                    label for="pledge-text" { (tr!(words, "What you pledge")) }
                    select #pledge-text name="text" { @for form in &forms { option value=(form) { (pledge(words, story, state, form)) } } }
                    button { (tr!(words, "Offer it")) }
                }))
            }
        }
    }

    /// What those may say who were outvoted.
    pub fn minority(&self, number: u32) -> Markup {
        let words = self.words();
        let Some(lost) = self.room.minority(number) else { return html! {} };
        let said = self.room.notes_of(NoteKind::Minority).find(|note| note.seat == number && note.whom == lost);
        html! {
            details #minority {
                summary { (tr!(words, "You were outvoted: say why you would have done otherwise")) }
                (self.form("write", "minority", &html! {
                    input type="hidden" name="whom" value=(lost);
                    label for="minority-text" { (tr!(words, "One sentence for the debriefing, without your name; your teacher looks at it first")) }
                    textarea #minority-text name="text" rows="2" maxlength="280" required { (said.map_or("", |note| note.text.as_str())) }
                    button { (tr!(words, "Send")) }
                    @if said.is_some() { p.small role="status" { (tr!(words, "Your sentence is with your teacher. You may write it anew.")) } }
                }))
            }
        }
    }

    /// The sentence at the end.
    pub fn ticket(&self, number: u32) -> Markup {
        let words = self.words();
        let said = self.room.notes_of(NoteKind::Ticket).find(|note| note.seat == number);
        html! {
            section.ticket {
                (self.form("write", "ticket", &html! {
                    label for="ticket" { (tr!(words, "Before you go: one sentence that you take with you. Only your teacher reads it.")) }
                    textarea #ticket name="text" rows="2" maxlength="280" required { (said.map_or("", |note| note.text.as_str())) }
                    button { (tr!(words, "Send")) }
                    @if said.is_some() { p.small role="status" { (tr!(words, "Your teacher has it. You may write it anew.")) } }
                }))
            }
        }
    }

    /// Another role, without a reason.
    pub fn swap(&self, seat: &Seat, number: u32) -> Markup {
        let words = self.words();
        if self.room.game.mode != Some(Mode::Factions) || seat.role.is_none() || self.room.game.phase == Phase::Over {
            return html! {};
        }
        let asked = self.room.notes_of(NoteKind::Swap).any(|note| note.seat == number && note.state == NoteState::New);
        html! {
            @if asked { p.small { (tr!(words, "You asked for another role. Your teacher knows.")) } }
            @else { (self.form("write", "swap", &html! { button.quiet { (tr!(words, "I would rather have another role")) } })) }
        }
    }
}
