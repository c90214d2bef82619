//! From the beginnings of a play to every state that some play reaches, nearest first.

use std::time::Instant;

use super::live::Live;
use super::seen::{Seen, Wrong};
use super::store::{StateId, Store};
use crate::engine::{Input, Offer, Pick, Setup, State, Told, advance, offers_into, start_with};
use crate::story::model::{RoleId, Story};

/// When to give up. What was not finished is unknown.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// States at most.
    pub states: usize,
    /// Bytes at most.
    pub bytes: usize,
}

/// One way from a state: where it leads, and its chance within its input. Inputs follow each
/// other; the first way of each is marked.
#[derive(Clone, Copy, Debug)]
pub struct Edge {
    to: u32,
    share: u32,
}

const FIRST: u32 = 1 << 31;

impl Edge {
    /// Where it leads.
    pub fn to(self) -> StateId {
        self.to
    }

    /// Whether it is the first way of an input.
    pub fn is_first(self) -> bool {
        self.share & FIRST != 0
    }
}

/// How a state was first reached: from where, by which input and by which way of it.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// From this state; from itself at the beginning.
    pub from: StateId,
    /// The number of the edge among those of `from`.
    pub edge: u32,
}

/// What plays are explored.
pub struct Task<'a> {
    /// The story.
    pub story: &'a Story,
    /// Who is played.
    pub roles: Vec<RoleId>,
    /// What each place can still read.
    pub live: Live,
    /// Whether only plays are taken that keep to the record wherever they can.
    pub historical: bool,
    /// When to give up.
    pub limits: Limits,
}

/// All states that were reached, and the ways between them.
pub struct Space {
    /// The states.
    pub store: Store,
    /// The ways, state by state.
    edges: Vec<Edge>,
    /// Where the ways of each state begin.
    starts: Vec<u64>,
    shares: Vec<f64>,
    /// How each state was first reached.
    pub steps: Vec<Step>,
    /// How many states are beginnings: the first ones.
    pub beginnings: u32,
    /// The chance of each beginning.
    pub begins: Vec<(StateId, f64)>,
    /// Whether every state was gone through.
    pub complete: bool,
    /// What was reached.
    pub seen: Seen,
    /// What went wrong, with the state it went wrong from and the edge.
    pub wrong: Vec<(Wrong, Step)>,
    /// States without a way on although the play is not over.
    pub stuck: Vec<StateId>,
    /// States in which the play is over.
    pub over: Vec<StateId>,
}

impl Space {
    /// The ways from a state.
    pub fn edges(&self, state: StateId) -> &[Edge] {
        let state = state as usize;
        match (self.starts.get(state), self.starts.get(state + 1)) {
            (Some(&start), Some(&end)) => &self.edges[start as usize..end as usize],
            _ => &[],
        }
    }

    /// The chance of a way within its input.
    pub fn share(&self, edge: Edge) -> f64 {
        self.shares[(edge.share & !FIRST) as usize]
    }

    /// How many ways there are.
    pub fn transitions(&self) -> usize {
        self.edges.len()
    }

    /// The memory taken, in bytes.
    pub fn bytes(&self) -> usize {
        self.store.bytes() + self.edges.capacity() * 8 + self.starts.capacity() * 8 + self.steps.capacity() * 8
    }
}

/// The inputs that the exploration takes in a state, in the order in which they are offered.
pub fn inputs(task: &Task<'_>, state: &State, offers: &mut Vec<Offer>, inputs: &mut Vec<Input>) {
    inputs.clear();
    for &role in &task.roles {
        offers_into(task.story, state, role, offers);
        let historical = |offer: &Offer| match offer.pick {
            Pick::Choice(choice) => task.story.choices[choice.index()].historical,
            _ => false,
        };
        let keeps = task.historical && offers.iter().any(|offer| offer.open && historical(offer));
        let taken = offers.iter().filter(|offer| offer.open && (!keeps || historical(offer)));
        inputs.extend(taken.map(|offer| Input { role, pick: offer.pick }));
    }
}

/// Goes through all plays, nearest first. `progress` is told the number of states now and then;
/// where it returns false the exploration stops there.
pub fn explore(task: &Task<'_>, progress: &mut dyn FnMut(usize, usize) -> bool) -> Space {
    let words = task.story.layout.words;
    let mut space = Space {
        store: Store::new(words),
        edges: Vec::new(),
        starts: vec![0],
        shares: vec![1.0],
        steps: Vec::new(),
        beginnings: 0,
        begins: Vec::new(),
        complete: false,
        seen: Seen::none(task.story),
        wrong: Vec::new(),
        stuck: Vec::new(),
        over: Vec::new(),
    };
    let mut explorer = Explorer { task, space: &mut space, offers: Vec::new(), inputs: Vec::new() };
    explorer.begin();
    let mut state = State::from_words(task.story, &task.story.layout.initial);
    let mut buffer = vec![0; words];
    let mut told = Instant::now();
    let mut next = 0;
    while next < explorer.space.store.len() {
        if next % 4096 == 0 && next > 0 {
            let bytes = explorer.space.bytes();
            let enough = explorer.space.store.len() > task.limits.states || bytes > task.limits.bytes;
            let stop = told.elapsed().as_millis() > 200 && {
                told = Instant::now();
                !progress(explorer.space.store.len(), bytes)
            };
            if enough || stop {
                return space;
            }
        }
        explorer.space.store.read(next as StateId, &mut buffer);
        state.overwrite(&buffer);
        explorer.expand(next as StateId, &state);
        next += 1;
    }
    space.complete = true;
    space
}

struct Explorer<'a, 's> {
    task: &'a Task<'s>,
    space: &'a mut Space,
    offers: Vec<Offer>,
    inputs: Vec<Input>,
}

impl Explorer<'_, '_> {
    /// The one role that is played, where there is one.
    fn alone(&self) -> Option<RoleId> {
        match self.task.roles[..] {
            [role] => Some(role),
            _ => None,
        }
    }

    fn begin(&mut self) {
        let story = self.task.story;
        let asks = story.code.nodes.iter().any(|node| matches!(node, crate::lang::Node::Digest));
        for digest in [false, true].into_iter().take(if asks { 2 } else { 1 }) {
            let setup = Setup { roles: self.task.roles.clone(), seed: 0, digest };
            let mut way = Some(Told::default());
            while let Some(mut told) = way {
                self.space.seen.now.clear();
                let state = start_with(story, &setup, &mut told, &mut self.space.seen);
                let share = fraction(told.weight()) / if asks { 2.0 } else { 1.0 };
                let id = self.keep(state);
                if id as usize == self.space.steps.len() {
                    self.space.steps.push(Step { from: id, edge: 0 });
                }
                self.note(Step { from: id, edge: u32::MAX });
                self.space.begins.push((id, share));
                way = told.next();
            }
        }
        self.space.beginnings = self.space.store.len() as u32;
    }

    fn keep(&mut self, mut state: State) -> StateId {
        let alone = self.alone();
        let (story, live) = (self.task.story, &self.task.live);
        state.rewrite(|words| live.forget(story, words, alone));
        self.space.store.insert(state.words()).0
    }

    fn note(&mut self, step: Step) {
        for wrong in std::mem::take(&mut self.space.seen.now) {
            if !self.space.wrong.iter().any(|(known, _)| *known == wrong) {
                self.space.wrong.push((wrong, step));
            }
        }
    }

    fn expand(&mut self, id: StateId, state: &State) {
        let story = self.task.story;
        let mut inputs = std::mem::take(&mut self.inputs);
        self::inputs(self.task, state, &mut self.offers, &mut inputs);
        let first = self.space.edges.len();
        for input in &inputs {
            if let Pick::Choice(choice) = input.pick {
                self.space.seen.choices[choice.index()] = true;
            }
            let mut way = Some(Told::default());
            let mut mark = FIRST;
            while let Some(mut told) = way {
                let mut next = state.clone();
                self.space.seen.begin(story, state);
                // It is offered: `inputs` said so.
                let _ = advance(story, &mut next, *input, &mut told, &mut self.space.seen);
                let share = self.share(fraction(told.weight()));
                let step = Step { from: id, edge: (self.space.edges.len() - first) as u32 };
                let to = self.keep(next);
                if to as usize == self.space.steps.len() {
                    self.space.steps.push(step);
                }
                self.note(step);
                self.space.edges.push(Edge { to, share: share | mark });
                mark = 0;
                way = told.next();
            }
        }
        if inputs.is_empty() {
            if state.is_over(story) { self.space.over.push(id) } else { self.space.stuck.push(id) }
        }
        self.space.starts.push(self.space.edges.len() as u64);
        self.inputs = inputs;
    }

    /// The number of a share among those there are: few differ.
    fn share(&mut self, share: f64) -> u32 {
        let known = self.space.shares.iter().position(|other| *other == share);
        known.unwrap_or_else(|| {
            self.space.shares.push(share);
            self.space.shares.len() - 1
        }) as u32
    }
}

fn fraction((top, bottom): (u128, u128)) -> f64 {
    top as f64 / bottom as f64
}
