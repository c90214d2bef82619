//! The practice vote as students and the projector see it.

use maud::{Markup, html};

use crate::catalogue::Catalogue;
use crate::host::practice::OPTIONS;
use crate::host::room::Room;
use crate::{tr, trn};

/// What can be chosen, by id.
pub fn offered(words: &Catalogue) -> Vec<(String, String)> {
    let texts = [tr!(words, "Tea first"), tr!(words, "Into the queue for bread first")];
    OPTIONS.iter().zip(texts).map(|(id, text)| ((*id).to_owned(), text)).collect()
}

/// What is asked.
pub fn question(words: &Catalogue) -> String {
    tr!(words, "It is six in the morning. Tea, or the queue?")
}

/// The count while it grows: nothing is at stake, and everybody sees how a count looks.
pub fn count(words: &Catalogue, room: &Room) -> Markup {
    let of = |id: &str| room.practice.votes.values().filter(|vote| vote.option.as_deref() == Some(id)).count();
    let all = room.seated().count().max(1);
    html! {
        ul.bars { @for (id, text) in offered(words) {
            li { span.label { (text) } meter min="0" max=(all) value=(of(&id)) aria-hidden="true" {} span.count { (trn!(words, "{n} vote", "{n} votes", of(&id))) } }
        } }
    }
}
