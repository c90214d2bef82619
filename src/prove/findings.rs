//! What is no fault and still worth an author's look: choices that make no difference, decisions
//! that are none, the points from which there is no way back.

use std::collections::{BTreeMap, BTreeSet};

use super::controls::{ControlId, Controls};
use super::rows::{Length, Row};
use crate::engine::{Pick, place_name};
use crate::story::model::{ChoiceId, RoleId, Story};

/// What was noticed of the plays of some roles.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// Choices, as `scene.choice`, that lead to the same futures wherever both are open.
    pub fake: Vec<(String, String)>,
    /// Decisions at which in some play only this one option has a future: where, and the option.
    pub forced: Vec<(String, String)>,
    /// By ending: the choices after which it is certain, where it wasn't before.
    pub no_return: BTreeMap<String, Vec<String>>,
}

/// Two choices of a menu, so far.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pair {
    /// Never open together.
    Apart,
    /// Wherever both were open they led to the same.
    Same,
    /// They differ.
    Different,
}

/// Looks at every state in which something is to be taken.
pub(super) struct Watcher<'c> {
    controls: &'c Controls,
    /// How many of the goals are endings; they come first.
    endings: u32,
    now: ControlId,
    pairs: Vec<Pair>,
    /// Pairs of the control that may still turn out to be the same.
    open: usize,
    ways: Vec<(u64, u64)>,
    same: BTreeMap<(ChoiceId, ChoiceId), bool>,
    forced: BTreeSet<(ControlId, u16)>,
    sure: BTreeSet<(u32, ChoiceId)>,
}

impl<'c> Watcher<'c> {
    pub(super) fn of(controls: &'c Controls, endings: usize) -> Watcher<'c> {
        Watcher {
            controls,
            endings: endings.min(super::fates::MOST_SURE) as u32,
            now: 0,
            pairs: Vec::new(),
            open: 0,
            ways: Vec::new(),
            same: BTreeMap::new(),
            forced: BTreeSet::new(),
            sure: BTreeSet::new(),
        }
    }

    fn choice(&self, input: usize) -> Option<ChoiceId> {
        match self.controls.list[self.now as usize].trees.inputs.get(input)?.0.pick {
            Pick::Choice(choice) => Some(choice),
            Pick::Storylet(_) | Pick::Continue => None,
        }
    }

    /// The states of this control come next.
    pub(super) fn enter(&mut self, control: ControlId) {
        self.leave();
        self.now = control;
        let count = self.controls.list[control as usize].trees.inputs.len();
        self.pairs.clear();
        self.pairs.resize(count * count, Pair::Apart);
        self.open = count * count;
    }

    fn leave(&mut self) {
        let count = self.controls.list[self.now as usize].trees.inputs.len();
        for first in 0..count {
            for second in first + 1..count {
                let pair = self.pairs.get(first * count + second).copied().unwrap_or(Pair::Apart);
                if let (Some(a), Some(b), true) = (self.choice(first), self.choice(second), pair != Pair::Apart) {
                    let same = self.same.entry((a.min(b), a.max(b))).or_insert(true);
                    *same &= pair == Pair::Same;
                }
            }
        }
        self.pairs.clear();
    }

    /// A state: what it comes to, what is offered there, and by input where that leads; `ahead` tells
    /// what becomes of what it leads to.
    pub(super) fn state(
        &mut self,
        row: &Row,
        offered: &[u16],
        ends: &[(u16, ControlId, u32)],
        ahead: impl Fn(ControlId, u32) -> Option<((u64, u64), Length)>,
    ) {
        if offered.len() < 2 {
            return;
        }
        self.compare(offered, ends);
        let endings = if self.endings >= 64 { u64::MAX } else { (1 << self.endings) - 1 };
        if endings == 0 {
            return;
        }
        self.ways.clear();
        for input in offered {
            let mut bits = (0, u64::MAX);
            for (_, to, rank) in ends.iter().filter(|(of, ..)| of == input) {
                if let Some((known, _)) = ahead(*to, *rank) {
                    bits = (bits.0 | known.0, bits.1 & known.1);
                }
            }
            self.ways.push((bits.0 & endings, bits.1 & endings));
        }
        let mut with_future = self.ways.iter().enumerate().filter(|(_, bits)| bits.0 != 0);
        if let (Some((only, _)), None) = (with_future.next(), with_future.next()) {
            self.forced.insert((self.now, offered[only]));
        }
        for (number, &input) in offered.iter().enumerate() {
            let mut settled = self.ways[number].1 & !row.bits.1;
            while settled != 0 {
                let goal = settled.trailing_zeros();
                settled &= settled - 1;
                if let Some(choice) = self.choice(usize::from(input)) {
                    self.sure.insert((goal, choice));
                }
            }
        }
    }

    /// Whether options lead to the same.
    fn compare(&mut self, offered: &[u16], ends: &[(u16, ControlId, u32)]) {
        if self.open == 0 {
            return;
        }
        let count = self.controls.list[self.now as usize].trees.inputs.len();
        let of = |input: u16| ends.iter().filter(move |(of, ..)| *of == input).map(|(_, to, rank)| (*to, *rank));
        self.open = 0;
        for (number, &first) in offered.iter().enumerate() {
            for &second in &offered[number + 1..] {
                let pair = &mut self.pairs[usize::from(first.min(second)) * count + usize::from(first.max(second))];
                if *pair != Pair::Different {
                    *pair = if of(first).eq(of(second)) { Pair::Same } else { Pair::Different };
                }
            }
        }
        // Menus of other states of the control may offer other pairs.
        self.open += self.pairs.iter().filter(|pair| **pair != Pair::Different).count();
    }

    /// What was noticed, in the author's words.
    pub(super) fn tell(mut self, story: &Story, roles: &[RoleId], endings: &[String]) -> Findings {
        self.leave();
        let name = |choice: ChoiceId| story.choice_name(choice);
        let fake = self.same.iter().filter(|(_, same)| **same).map(|((a, b), _)| (name(*a), name(*b))).collect();
        let mut forced = BTreeSet::new();
        for &(control, input) in &self.forced {
            self.now = control;
            if let Some(choice) = self.choice(usize::from(input)) {
                let state = &self.controls.list[control as usize].state;
                let at = roles.iter().map(|role| place_name(story, state, *role)).find(|name| !name.is_empty());
                forced.insert((at.unwrap_or_default().to_owned(), name(choice)));
            }
        }
        let mut no_return: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for &(goal, choice) in &self.sure {
            if let Some(ending) = endings.get(goal as usize) {
                no_return.entry(ending.clone()).or_default().push(name(choice));
            }
        }
        Findings { fake, forced: forced.into_iter().collect(), no_return }
    }
}
