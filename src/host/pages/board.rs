//! What won, by how much, and why.

use maud::{Markup, html};

use crate::catalogue::Catalogue;
use crate::engine::{State, options, plain};
use crate::host::event::{Asked, Counted, How, Secrecy};
use crate::host::room::{Room, Sitting};
use crate::story::Story;
use crate::story::model::RoleId;
use crate::{tr, trn};

/// What a role can take now, by id, with its label.
pub fn labels(story: &Story, state: &State, role: RoleId, words: &Catalogue) -> Vec<(String, String, bool)> {
    let named = |text: String| if text.is_empty() { tr!(words, "Go on") } else { text };
    options(story, state, role).into_iter().map(|option| (option.id, named(option.text), option.open)).collect()
}

/// The label of something that was taken earlier, as its story would write it now.
pub fn label(story: &Story, state: &State, words: &Catalogue, role: &str, at: &str, option: &str) -> String {
    if option == "continue" {
        return tr!(words, "Go on");
    }
    let names = [format!("{at}.{option}"), format!("{at}.{role}.{option}")];
    let found = story.choices.iter().enumerate().find(|(index, choice)| {
        *choice.id == *option && names.contains(&story.choice_name(crate::story::model::ChoiceId(*index as u32)))
    });
    match found {
        Some((_, choice)) => {
            let role = story.role_named(role).unwrap_or(RoleId(0));
            plain(story, state, role, choice.text)
        }
        None => {
            story.scene_named(option).map_or_else(|| option.to_owned(), |id| story.scenes[id.index()].title.to_string())
        }
    }
}

/// Why an option won.
pub fn how(words: &Catalogue, how: How) -> String {
    match how {
        How::Votes => tr!(words, "by votes"),
        How::Casting => tr!(words, "by the votes of the undecided"),
        How::Chance => tr!(words, "equal, and drawn by lot"),
        How::History => tr!(words, "equal, and decided as it was in the record"),
        How::Teacher => tr!(words, "equal, and decided by the teacher"),
        How::Nobody => tr!(words, "nobody voted; it goes as it did in the record"),
        How::Skipped => tr!(words, "left out; it goes as it did in the record"),
        How::Runoff => tr!(words, "not enough votes: a runoff"),
        How::Waits => tr!(words, "equal: the teacher decides"),
    }
}

/// One role's vote as it was counted: bars, unless it was secret. Names stand beside options in a
/// roll-call alone.
pub fn counted(
    words: &Catalogue,
    labels: &dyn Fn(&str) -> String,
    asked: &Asked,
    counted: &Counted,
    secrecy: Secrecy,
    roll_call: Option<(&Room, Option<RoleId>)>,
) -> Markup {
    let of = |votes: &[u32], place: usize| votes.get(place).copied().unwrap_or(0);
    let most = counted.votes.iter().copied().max().unwrap_or(0).max(1);
    html! {
        ul.bars {
            @for (place, option) in asked.options.iter().enumerate() {
                @let won = counted.winner.as_deref() == Some(option);
                @let (votes, casting) = (of(&counted.votes, place), of(&counted.casting, place));
                li.won[won] {
                    span.label { (labels(option)) @if won { " " strong { "✓ " span.unseen { (tr!(words, "won")) } } } }
                    @if secrecy != Secrecy::Secret {
                        meter min="0" max=(most) value=(votes) aria-hidden="true" {}
                        span.count { (trn!(words, "{n} vote", "{n} votes", votes)) @if casting > 0 { " + " (casting) } }
                    }
                    @if let (Secrecy::Open, Some((room, role))) = (secrecy, roll_call) {
                        span.names { (names(room, role, option)) }
                    }
                }
            }
        }
        p.how {
            @if counted.winner.is_none() && counted.how == How::Casting { (tr!(words, "equal: the undecided decide")) } @else { (how(words, counted.how)) }
            @if counted.passed > 0 && secrecy != Secrecy::Secret { " · " (trn!(words, "{n} passed", "{n} passed", counted.passed)) }
        }
    }
}

fn names(room: &Room, role: Option<RoleId>, option: &str) -> String {
    let voted = room.votes.iter().filter(|(_, vote)| vote.option.as_deref() == Some(option));
    let seats = voted.filter_map(|(number, _)| room.seats.get(number));
    let shown = seats.filter(|seat| seat.role == role && seat.sitting == Sitting::Here && seat.row.shown);
    shown.map(|seat| seat.row.alias.as_str()).collect::<Vec<_>>().join(", ")
}
