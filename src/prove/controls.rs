//! Controls: where roles stand, the day, what happened; and every way in which steps lead from one
//! to another. Of these there are few. What they ask of the fields, and do to them, is kept as a
//! small tree for each input, made by the engine itself.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use super::arms::Arms;
use super::fields::{DataField, FieldId, Fields};
use super::items::Item;
use super::nudges::Nudges;
use super::order::{Order, place_of, places_in_order};
use super::ranges::Ranges;
use super::record::{Recorder, TooMany, Way};
use super::residual::Residuals;
use super::trees::{Arrival, Node, Then, Trees};
use super::words::Words;
use crate::engine::{Cursor, Input, Offer, Pick, Setup, State, advance_offered, offers_with, start_with};
use crate::lang::{Node as Expr, ProseId};
use crate::story::model::{RoleId, Story};

/// Names a control.
pub type ControlId = u32;

/// Where roles stand, the day, what happened.
#[derive(Debug)]
pub struct Control {
    /// A state of it; of its words only the control counts.
    pub state: State,
    /// Where fields lie in its states.
    pub ranges: Ranges,
    /// Whether every role's play is over.
    pub is_over: bool,
    /// What leads on from it.
    pub trees: Trees,
    grew: u32,
}

/// A way in which plays begin.
#[derive(Debug)]
pub struct Beginning {
    /// Whether the short course was asked for.
    pub digest: bool,
    /// Where the fields start.
    pub ranges: Ranges,
    /// The tree of it.
    pub trees: Trees,
}

/// All controls that plays can reach, and perhaps some that they can't.
#[derive(Debug)]
pub struct Controls {
    /// The fields.
    pub fields: Fields,
    /// What is asked of them.
    pub residuals: Residuals,
    /// The controls.
    pub list: Vec<Control>,
    /// How plays begin.
    pub beginnings: Vec<Beginning>,
    /// Who is played.
    pub roles: Vec<RoleId>,
    /// Whether all were found.
    pub complete: bool,
    known: HashMap<Box<[u64]>, ControlId>,
}

/// When to stop looking.
pub trait Patience {
    /// Whether to go on, with so many controls found.
    fn lasts(&self, controls: usize) -> bool;
}

/// A field that has grown so often goes as far as it can.
const PATIENT: u32 = 4;

impl Controls {
    /// Finds the controls of plays of `roles`.
    pub fn of(story: &Story, roles: &[RoleId], arms: &Arms, patience: &impl Patience) -> Controls {
        let mut finder = Finder::of(story, roles, arms);
        let complete = finder.find(patience);
        let Finder { fields, residuals, list, beginnings, known, .. } = finder;
        Controls { fields, residuals, list, beginnings, roles: roles.to_vec(), complete, known }
    }

    /// The control of a state.
    pub fn find(&self, state: &State) -> Option<ControlId> {
        self.known.get(&control_words(&self.fields, state)).copied()
    }

    /// What leads to what.
    pub fn order(&self) -> Order {
        let ways: Vec<Vec<u32>> = (0..self.list.len() as u32).map(|at| self.ways(at).collect()).collect();
        Order::of(self.list.len(), &ways)
    }

    /// The controls to which a control leads, each once.
    pub fn next(&self, control: ControlId) -> Vec<ControlId> {
        let mut next: Vec<ControlId> = self.ways(control).collect();
        next.sort_unstable();
        next.dedup();
        next
    }

    /// Where each control leads.
    pub fn ways(&self, control: ControlId) -> impl Iterator<Item = ControlId> + '_ {
        self.list[control as usize].trees.arrivals.iter().map(|arrival| arrival.to)
    }
}

/// The prose of what is offered; a storylet without a teaser has but its title.
pub(super) fn label(story: &Story, offer: Offer) -> Option<ProseId> {
    match offer.pick {
        Pick::Choice(choice) => {
            let declared = &story.choices[choice.index()];
            Some(if offer.open { declared.text } else { declared.locked.unwrap_or(declared.text) })
        }
        Pick::Storylet(scene) => story.scenes[scene.index()].storylet.as_ref().and_then(|storylet| storylet.teaser),
        Pick::Continue => None,
    }
}

/// A state without its fields.
fn control_words(fields: &Fields, state: &State) -> Box<[u64]> {
    state.words().iter().zip(&fields.control.0).map(|(word, mask)| word & mask).collect()
}

struct Finder<'a> {
    story: &'a Story,
    roles: Vec<RoleId>,
    arms: &'a Arms,
    fields: Fields,
    residuals: Residuals,
    words: Words,
    list: Vec<Control>,
    known: HashMap<Box<[u64]>, ControlId>,
    beginnings: Vec<Beginning>,
    /// By place: where it stands in the order of the story.
    order: Vec<u32>,
    /// To be looked at: earliest first.
    ahead: BinaryHeap<Reverse<(u64, ControlId)>>,
    waits: Vec<bool>,
    /// How far players can have moved variables from the course of events.
    nudges: Nudges,
}

impl<'a> Finder<'a> {
    fn of(story: &'a Story, roles: &[RoleId], arms: &'a Arms) -> Finder<'a> {
        Finder {
            story,
            roles: roles.to_vec(),
            arms,
            fields: Fields::of(story),
            residuals: Residuals::default(),
            words: Words::of(story),
            list: Vec::new(),
            known: HashMap::new(),
            beginnings: Vec::new(),
            order: places_in_order(story),
            ahead: BinaryHeap::new(),
            waits: Vec::new(),
            nudges: Nudges::of(story, roles),
        }
    }

    fn find(&mut self, patience: &impl Patience) -> bool {
        if self.begin().is_err() {
            return false;
        }
        while let Some(Reverse((_, control))) = self.ahead.pop() {
            if !patience.lasts(self.list.len()) {
                return false;
            }
            self.waits[control as usize] = false;
            if self.look(control).is_err() {
                return false;
            }
        }
        true
    }

    fn begin(&mut self) -> Result<(), TooMany> {
        let story = self.story;
        let asks = story.code.nodes.iter().any(|node| matches!(node, Expr::Digest));
        let blank = &story.layout.initial;
        for digest in [false, true].into_iter().take(if asks { 2 } else { 1 }) {
            let setup = Setup { roles: self.roles.clone(), seed: 0, digest };
            let state = State::from_words(story, blank);
            let start = self.fields.list.iter().map(|field| field.index(state.get(field.field)));
            let ranges = Ranges::at(start.collect::<Vec<_>>().into_iter());
            let mut trees = Trees { nodes: vec![Node::default()], ..Trees::default() };
            let mut ways = Vec::new();
            self.recorder().ways(
                &state,
                &ranges,
                |state, asker, lots| *state = start_with(story, &setup, lots, asker),
                |way, ()| ways.push(way),
            )?;
            for way in ways {
                self.grow(&mut trees, 0, way, None);
            }
            self.beginnings.push(Beginning { digest, ranges, trees });
        }
        Ok(())
    }

    fn recorder(&mut self) -> Recorder<'_> {
        Recorder {
            story: self.story,
            fields: &self.fields,
            residuals: &mut self.residuals,
            words: &self.words,
            arms: self.arms,
        }
    }

    /// Takes every step from a control.
    fn look(&mut self, control: ControlId) -> Result<(), TooMany> {
        let story = self.story;
        let Control { state, ranges, is_over, .. } = &self.list[control as usize];
        if *is_over {
            return Ok(());
        }
        let (state, ranges) = (state.clone(), ranges.clone());
        let mut trees = Trees { nodes: vec![Node::default()], labels: (u32::MAX, 0), ..Trees::default() };
        let roles = self.roles.clone();
        let mut menus = Vec::new();
        self.recorder().ways(
            &state,
            &ranges,
            |state, asker, _| {
                let (mut offers, mut all) = (Vec::new(), Vec::new());
                for &role in &roles {
                    offers_with(story, state, role, &mut offers, asker);
                    all.extend(offers.iter().map(|offer| (role, *offer)));
                }
                all
            },
            |way, offers| menus.push((way, offers)),
        )?;
        let mut within: Vec<(Input, Ranges)> = Vec::new();
        for (way, offers) in menus {
            let (words, shows) = self.labels(&state, &way.ranges, &offers);
            trees.labels = (trees.labels.0.min(words.0), trees.labels.1.max(words.1));
            let open = offers.iter().filter(|(_, offer)| offer.open);
            let inputs: Vec<Input> = open.map(|(role, offer)| Input { role: *role, pick: offer.pick }).collect();
            let mut open = Vec::with_capacity(inputs.len());
            for input in inputs {
                let index = within.iter().position(|(known, _)| *known == input);
                open.push(index.unwrap_or(within.len()) as u16);
                match index {
                    Some(index) => {
                        within[index].1.join(&way.ranges, |_, both| both);
                    }
                    None => within.push((input, way.ranges.clone())),
                }
            }
            let items: Vec<Item> = way.items.into_iter().chain(shows.into_iter().map(Item::Show)).collect();
            let node = trees.follow(0, &items);
            trees.nodes[node as usize].then = Then::Offer(open);
        }
        for (index, (input, ranges)) in within.into_iter().enumerate() {
            let root = trees.nodes.len() as u32;
            trees.nodes.push(Node::default());
            trees.inputs.push((input, root));
            let mut ways = Vec::new();
            self.recorder().ways(
                &state,
                &ranges,
                |state, asker, lots| advance_offered(story, state, input, lots, asker),
                |way, ()| ways.push(way),
            )?;
            for way in ways {
                self.grow(&mut trees, root, way, Some(index as u16));
            }
        }
        self.list[control as usize].trees = trees;
        Ok(())
    }

    /// The words of what is offered, and the arms of prose that are shown in it.
    fn labels(&mut self, state: &State, ranges: &Ranges, offers: &[(RoleId, Offer)]) -> ((u32, u32), Vec<u32>) {
        let story = self.story;
        let (mut words, mut shows) = ((0, 0), Vec::new());
        for (role, offer) in offers {
            if let (Pick::Storylet(scene), None) = (offer.pick, label(story, *offer)) {
                let count = story.scenes[scene.index()].title.split_whitespace().count() as u32;
                words = (words.0 + count, words.1 + count);
            }
            if let Some(label) = label(story, *offer) {
                let (least, most) =
                    self.words.bounds(story, (&self.fields, &mut self.residuals, ranges), state, *role, label);
                words = (words.0 + least, words.1 + most);
                let shown = self.arms.shown(story, (&self.fields, &mut self.residuals), (state, *role), label);
                if !shown.is_empty() {
                    shows.push(self.residuals.add_shows(shown));
                }
            }
        }
        (words, shows)
    }

    /// Adds one way of a step to its tree.
    fn grow(&mut self, trees: &mut Trees, root: u32, way: Way, input: Option<u16>) {
        let to = self.keep(&way.state, &way.ranges);
        let node = trees.follow(root, &way.items);
        trees.nodes[node as usize].then = Then::Arrive(trees.arrivals.len() as u32);
        let Way { share, fell, mut marks, words, .. } = way;
        marks.sort_unstable();
        marks.dedup();
        trees.arrivals.push(Arrival { to, share, fell: fell.into(), marks: marks.into(), words, input });
    }

    /// The control of a state, which has states there now.
    fn keep(&mut self, state: &State, ranges: &Ranges) -> ControlId {
        let words = control_words(&self.fields, state);
        let next = self.list.len() as ControlId;
        let control = *self.known.entry(words).or_insert(next);
        let course = self.course(control, state);
        let mut ranges = ranges.clone();
        for (index, most) in course.iter().enumerate().filter_map(|(index, most)| Some((index, (*most)?))) {
            let field = FieldId(index as u16);
            let (low, high) = ranges.get(field);
            // Nudges reach no further than this.
            let low = low.clamp(most.0, most.1);
            ranges.set(field, (low, high.clamp(low, most.1)));
        }
        let grew = if control == next {
            let state = state.clone();
            let is_over = state.is_over(self.story);
            self.list.push(Control { state, ranges, is_over, trees: Trees::default(), grew: 0 });
            self.waits.push(false);
            true
        } else {
            let (fields, known) = (&self.fields, &mut self.list[control as usize]);
            let impatient = known.grew >= PATIENT;
            let widen = |index: usize, both: (u32, u32)| match impatient {
                true => {
                    let most = course[index].unwrap_or((0, fields.list[index].top));
                    (both.0.min(most.0), both.1.max(most.1))
                }
                false => both,
            };
            let grew = known.ranges.join(&ranges, widen);
            known.grew += u32::from(grew);
            grew
        };
        if grew && !std::mem::replace(&mut self.waits[control as usize], true) {
            let key = self.urgency(control);
            self.ahead.push(Reverse((key, control)));
        }
        control
    }

    /// By field: how far players can have moved it in this control; `None` where that is not known.
    fn course(&mut self, control: ControlId, state: &State) -> Vec<Option<(u32, u32)>> {
        let known = self.list.get(control as usize).map_or(state, |known| &known.state);
        let around = |field: &DataField| {
            // The same events may have come in another order, on another course.
            let same = known.get(field.field) == state.get(field.field);
            self.nudges.around(field, known).filter(|_| same)
        };
        self.fields.list.iter().map(around).collect()
    }

    /// Earlier in the story comes first, so that most controls are looked at once.
    fn urgency(&self, control: ControlId) -> u64 {
        let state = &self.list[control as usize].state;
        let place = |role: &RoleId| u64::from(self.order[place_of(self.story, state, *role)]);
        let day = state.day(self.story).since(self.story.manifest.begins).max(0) as u64;
        match &self.roles[..] {
            [role] => {
                place(role) << 32 | day << 8 | u64::from(matches!(state.cursor(self.story, *role), Cursor::Asked(..)))
            }
            roles => day << 32 | roles.iter().map(place).sum::<u64>(),
        }
    }
}
