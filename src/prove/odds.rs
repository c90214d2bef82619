//! Chances under random play, and the least and greatest that choices can make them.
//!
//! Random play takes each open choice with equal chance; where the story leaves something to
//! chance its weights decide. States are gone through from the ends to the beginnings; where plays
//! can go round, a part is gone over until nothing changes by more than 1e-13.

use super::explore::Space;
use super::graph::Order;
use super::store::StateId;

/// Least, under random play, greatest.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Triple {
    /// Whatever the players do, at least this.
    pub least: f64,
    /// Under random play.
    pub random: f64,
    /// At best this.
    pub greatest: f64,
}

/// A part that goes round is gone over at most so often.
const MOST_ROUNDS: usize = 100_000;

/// What is expected at the beginnings of a quantity that `value` gives at the ends, and 0 where a
/// play never ends.
pub fn expect(space: &Space, order: &Order, value: impl Fn(StateId) -> f64) -> Triple {
    let mut values = vec![Triple::default(); space.store.len()];
    for &state in space.over.iter() {
        let value = value(state);
        values[state as usize] = Triple { least: value, random: value, greatest: value };
    }
    for part in order.parts() {
        for _ in 0..MOST_ROUNDS {
            let mut moved: f64 = 0.0;
            for &state in part {
                if space.edges(state).is_empty() {
                    continue;
                }
                let next = combine(space, state, &values);
                let before = values[state as usize];
                moved = moved.max((next.random - before.random).abs()).max((next.least - before.least).abs());
                moved = moved.max((next.greatest - before.greatest).abs());
                values[state as usize] = next;
            }
            if part.len() == 1 && !goes_round(space, part[0]) || moved < 1e-13 {
                break;
            }
        }
    }
    let mut sum = Triple { least: f64::INFINITY, random: 0.0, greatest: f64::NEG_INFINITY };
    for &(state, share) in &space.begins {
        let value = values[state as usize];
        sum.random += share * value.random;
        sum.least = sum.least.min(value.least);
        sum.greatest = sum.greatest.max(value.greatest);
    }
    sum
}

fn goes_round(space: &Space, state: StateId) -> bool {
    space.edges(state).iter().any(|edge| edge.to() == state)
}

/// The value of a state from those of the states it leads to.
fn combine(space: &Space, state: StateId, values: &[Triple]) -> Triple {
    let mut result = Triple { least: f64::INFINITY, random: 0.0, greatest: f64::NEG_INFINITY };
    let mut inputs = 0.0;
    let edges = space.edges(state);
    let mut at = 0;
    while at < edges.len() {
        let mut input = Triple::default();
        let first = at;
        while at < edges.len() && (at == first || !edges[at].is_first()) {
            let (share, value) = (space.share(edges[at]), values[edges[at].to() as usize]);
            input.least += share * value.least;
            input.random += share * value.random;
            input.greatest += share * value.greatest;
            at += 1;
        }
        result.least = result.least.min(input.least);
        result.random += input.random;
        result.greatest = result.greatest.max(input.greatest);
        inputs += 1.0;
    }
    result.random /= inputs;
    result
}
