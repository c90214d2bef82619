//! Controls that lead to one another: their states are worked out together, those that go round by
//! going over them until nothing changes, and then shown to be right from above as well.

use super::controls::ControlId;
use super::order::Order;
use super::rows::{ENDLESS, Length, Row, Values, finish, start};

/// One way from a state of a part.
#[derive(Clone, Copy, Debug)]
pub(super) struct Edge {
    /// The number of the input among those offered; edges of one input stand together.
    pub input: u32,
    /// Where it leads.
    pub to: ControlId,
    /// To which state there.
    pub rank: u32,
    /// Its chance within the input.
    pub share: f64,
    /// 1 where something was chosen.
    pub choices: u32,
    /// Words read on the way, those of what is offered among them.
    pub words: (u32, u32),
}

/// A part of the controls.
pub(super) struct Part {
    controls: Vec<ControlId>,
    values: Vec<Values>,
    /// By control of the part: its first state among all.
    first: Vec<u32>,
    /// By state.
    edges: Vec<Vec<Edge>>,
    over: Vec<bool>,
    goals: usize,
}

/// Values gone over at most, for what goes round together.
const MOST_WORK: usize = 200_000_000;

impl Part {
    /// Nothing is known yet.
    pub(super) fn of(controls: Vec<ControlId>, values: Vec<Values>, edges: Vec<Vec<Edge>>, goals: usize) -> Part {
        let mut sum = 0;
        let count = |values: &Values| {
            let before = sum;
            sum += values.lengths.len() as u32;
            before
        };
        let first = values.iter().map(count).collect();
        let over = vec![false; edges.len()];
        Part { controls, values, first, edges, over, goals }
    }

    /// A play is over there, with this.
    pub(super) fn put(&mut self, control: usize, rank: usize, row: &Row) {
        self.over[self.first[control] as usize + rank] = true;
        self.values[control].put(rank, row);
    }

    /// What was found, by control.
    pub(super) fn done(self) -> Vec<Values> {
        self.values
    }

    fn local(&self, to: ControlId) -> Option<usize> {
        self.controls.iter().position(|control| *control == to)
    }

    fn split(&self, state: u32) -> (usize, usize) {
        let control = self.first.partition_point(|first| *first <= state) - 1;
        // Controls without states share their first with the next.
        (control, (state - self.first[control]) as usize)
    }

    /// Works out all states; returns how far from what is right they may be.
    pub(super) fn solve(&mut self, outside: &[Option<Values>]) -> f64 {
        let mut ways: Vec<Vec<u32>> = Vec::with_capacity(self.edges.len());
        for edges in &self.edges {
            let inside = |edge: &Edge| self.local(edge.to).map(|control| self.first[control] + edge.rank);
            ways.push(edges.iter().filter_map(inside).collect());
        }
        let order = Order::of(self.edges.len(), &ways);
        let (mut error, mut row, mut way) = (0.0, Row::none(self.goals), Row::none(self.goals));
        for states in order.parts() {
            let round = states.len() > 1 || ways[states[0] as usize].contains(&states[0]);
            if round {
                error += self.iterate(states, outside, (&mut row, &mut way));
                self.measure(states, outside);
            } else if !self.over[states[0] as usize] {
                self.work_out(states[0], outside, 0.0, (&mut row, &mut way));
                let (control, rank) = self.split(states[0]);
                self.values[control].put(rank, &row);
            }
        }
        error
    }

    /// What a state comes to; states of the part count so much more.
    fn work_out(&self, state: u32, outside: &[Option<Values>], more: f64, (row, way): (&mut Row, &mut Row)) {
        let edges = &self.edges[state as usize];
        start(row, self.goals);
        let (mut at, mut inputs) = (0, 0);
        while at < edges.len() {
            way.values.fill(0.0);
            (way.bits, way.length) = ((0, u64::MAX), Length::NONE);
            let input = edges[at].input;
            while at < edges.len() && edges[at].input == input {
                let edge = &edges[at];
                let inside = self.local(edge.to);
                let ahead = match inside {
                    Some(control) => Some(&self.values[control]),
                    None => outside[edge.to as usize].as_ref(),
                };
                if let Some(ahead) = ahead {
                    way.add(edge.share, ahead, edge.rank as usize, (edge.choices, edge.words));
                    if more > 0.0 && inside.is_some() {
                        way.values.iter_mut().for_each(|value| *value += edge.share * more);
                    }
                }
                at += 1;
            }
            row.choose(way, self.goals);
            inputs += 1;
        }
        finish(row, inputs, (0, 0), self.goals);
    }

    /// Goes over states that lead to one another, from below, until nothing changes.
    fn iterate(&mut self, states: &[u32], outside: &[Option<Values>], (row, way): (&mut Row, &mut Row)) -> f64 {
        let width = (self.goals * 3).max(1);
        for _ in 0..MOST_WORK / (states.len() * width) + 2 {
            let mut moved = false;
            for &state in states.iter().filter(|state| !self.over[**state as usize]) {
                self.work_out(state, outside, 0.0, (row, way));
                let (control, rank) = self.split(state);
                let known = &mut self.values[control];
                let before = &known.rows[rank * width..rank * width + self.goals * 3];
                moved |= known.bits[rank] != row.bits;
                moved |= row.values.iter().zip(before).any(|(new, old)| new - old > f64::EPSILON / 4.0 * new.abs());
                let length = known.lengths[rank];
                known.put(rank, row);
                known.lengths[rank] = length;
            }
            if !moved {
                break;
            }
        }
        // From above: what is not made greater by another round is at least what is right.
        let mut more = 1e-15;
        while more < 1.0 {
            let above = |part: &Part, state: u32, row: &mut Row, way: &mut Row| {
                part.work_out(state, outside, more, (row, way));
                let (control, rank) = part.split(state);
                let known = &part.values[control].rows[rank * width..rank * width + part.goals * 3];
                row.values.iter().zip(known).all(|(new, old)| *new <= old + more + 4.0 * f64::EPSILON)
            };
            if states.iter().all(|state| self.over[*state as usize] || above(self, *state, row, way)) {
                return more;
            }
            more *= 4.0;
        }
        1.0
    }

    /// How long plays are from states that lead to one another.
    fn measure(&mut self, states: &[u32], outside: &[Option<Values>]) {
        let mut longest = (0, 0);
        let mut costs = (false, false);
        let mut known = vec![Length::NONE; states.len()];
        let mut sorted = states.to_vec();
        sorted.sort_unstable();
        let place = |state: u32| sorted.binary_search(&state).ok();
        loop {
            let mut moved = false;
            for (at, &state) in sorted.iter().enumerate() {
                let mut length = known[at];
                if self.edges[state as usize].is_empty() && !self.over[state as usize] {
                    length = length.join(Length::OVER);
                }
                for edge in &self.edges[state as usize] {
                    let inside = self.local(edge.to).map(|control| (control, self.first[control] + edge.rank));
                    let ahead = match inside.map(|(control, state)| (control, place(state))) {
                        Some((_, Some(at))) => {
                            costs.0 |= edge.choices > 0;
                            costs.1 |= edge.words.1 > 0;
                            known[at]
                        }
                        Some((control, None)) => self.values[control].lengths[edge.rank as usize],
                        None => match &outside[edge.to as usize] {
                            Some(values) => values.lengths[edge.rank as usize],
                            None => continue,
                        },
                    };
                    let on = ahead.longer(edge.choices, edge.words);
                    let within = inside.is_some_and(|(_, state)| place(state).is_some());
                    if on.choices.0 != ENDLESS && !within {
                        longest = (longest.0.max(on.choices.1), longest.1.max(on.words.1));
                    }
                    length.choices.0 = length.choices.0.min(on.choices.0);
                    length.words.0 = length.words.0.min(on.words.0);
                }
                moved |= length != known[at];
                known[at] = length;
            }
            if !moved {
                break;
            }
        }
        for (at, &state) in sorted.iter().enumerate().filter(|(_, state)| !self.over[**state as usize]) {
            let mut length = known[at];
            if length.choices.0 != ENDLESS {
                length.choices.1 = if costs.0 { ENDLESS } else { longest.0 };
                length.words.1 = if costs.1 { ENDLESS } else { longest.1 };
            }
            let (control, rank) = self.split(state);
            self.values[control].lengths[rank] = length;
        }
    }
}
