//! What the states of a play cost: choices, and words.

use super::explore::{Space, Task};
use super::graph::Order;
use super::laws::read;
use super::length::length;
use super::proof::{Range, Span};
use crate::engine::{Cursor, Pick, offers};
use crate::lang::{Op, ProseId};
use crate::story::model::{RoleId, Story};

/// Lengths of the plays of an exploration; `None` where no play ends.
pub fn lengths(task: &Task<'_>, space: &Space, order: &Order) -> Option<Range> {
    let story = task.story;
    let (mut choices, mut words) = (Vec::with_capacity(space.store.len()), Vec::with_capacity(space.store.len()));
    for id in 0..space.store.len() as u32 {
        let state = read(task, space, id);
        let chooses =
            |role: &RoleId| offers(story, &state, *role).iter().any(|offer| offer.open && offer.pick != Pick::Continue);
        choices.push(u8::from(task.roles.iter().any(chooses)));
        let shown = task.roles.iter().map(|role| match state.cursor(story, *role) {
            Cursor::Scene(scene) | Cursor::Ending(scene) => count_words(story, story.scenes[scene.index()].text),
            Cursor::Hinge(hinge, None) => count_words(story, story.hinges[hinge.index()].text),
            _ => (0, 0),
        });
        words.push(shown.fold((0, 0), |(low, high), (least, most)| (low + least, high + most)));
    }
    let of = |found: (u64, Option<u64>)| Span { least: found.0, greatest: found.1 };
    let by_choice = length(space, order, &|state| (choices[state as usize].into(), choices[state as usize].into()))?;
    let by_word = length(space, order, &|state| words[state as usize])?;
    Some(Range { choices: of(by_choice), words: of(by_word) })
}

/// The fewest and the most words that a piece of prose can show.
fn count_words(story: &Story, prose: Option<ProseId>) -> (u64, u64) {
    let Some(prose) = prose else { return (0, 0) };
    let ops = story.code.proses[prose.index()].ops;
    let start = ops.start as usize;
    let mut ahead = vec![(0, 0); ops.len() + 1];
    // Ways lead forward only, so what follows an op is known before it.
    for at in ops.range().rev() {
        let after = |to: u32, ahead: &[(u64, u64)]| ahead[to as usize - start];
        let either = |a: (u64, u64), b: (u64, u64)| (a.0.min(b.0), a.1.max(b.1));
        let next = ahead[at + 1 - start];
        ahead[at - start] = match story.code.ops[at] {
            Op::Text { start, len, .. } => {
                let text = &story.code.text[start as usize..(start + len) as usize];
                let words = text.split_whitespace().count() as u64;
                (next.0 + words, next.1 + words)
            }
            Op::Value(..) | Op::Name(_) => (next.0 + 1, next.1 + 1),
            Op::Gap(_) => next,
            Op::Unless(_, to) => either(next, after(to, &ahead)),
            Op::Jump(to) => after(to, &ahead),
            Op::First { arms, len, .. } | Op::Cycle { arms, len, .. } | Op::Any { arms, len, .. } => {
                let starts = &story.code.arms[arms as usize..(arms + len) as usize];
                starts.iter().map(|to| after(*to, &ahead)).reduce(either).unwrap_or(next)
            }
        };
    }
    ahead[0]
}
