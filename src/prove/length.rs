//! How short and how long plays can be: in choices, and in words.

use super::explore::Space;
use super::graph::Order;

/// Least and greatest sum of what the states of a play cost, from the beginnings to an end. The
/// greatest is `None` where a play can go round at a cost for ever; both are where no play ends.
/// `cost` gives the least and the greatest that a state costs.
pub fn length(space: &Space, order: &Order, cost: &dyn Fn(u32) -> (u64, u64)) -> Option<(u64, Option<u64>)> {
    let mut least: Vec<Option<u64>> = vec![None; space.store.len()];
    let mut most: Vec<Longest> = vec![None; space.store.len()];
    for &state in &space.over {
        let (low, high) = cost(state);
        (least[state as usize], most[state as usize]) = (Some(low), Some(Some(high)));
    }
    for part in order.parts() {
        shorten(space, part, cost, &mut least);
        lengthen(space, part, cost, &mut most);
    }
    let begins = || space.begins.iter().map(|(state, _)| *state as usize);
    let fewest = begins().filter_map(|state| least[state]).min()?;
    Some((fewest, begins().fold(None, |longest, state| longer(longest, most[state])).flatten()))
}

/// `None` where no end is reached, `Some(None)` where there is no bound.
type Longest = Option<Option<u64>>;

/// The least of a part: gone over until nothing gets shorter.
fn shorten(space: &Space, part: &[u32], cost: &dyn Fn(u32) -> (u64, u64), least: &mut [Option<u64>]) {
    for _ in 0..=part.len() {
        let mut moved = false;
        for &state in part {
            let best = space.edges(state).iter().filter_map(|edge| least[edge.to() as usize]).min();
            let Some(best) = best.map(|best| best + cost(state).0) else { continue };
            if least[state as usize].is_none_or(|known| best < known) {
                (least[state as usize], moved) = (Some(best), true);
            }
        }
        if !moved {
            return;
        }
    }
}

/// The greatest of a part: without bound where going round it costs something.
fn lengthen(space: &Space, part: &[u32], cost: &dyn Fn(u32) -> (u64, u64), most: &mut [Longest]) {
    let round = part.len() > 1 || space.edges(part[0]).iter().any(|edge| edge.to() == part[0]);
    let costs = round && part.iter().any(|&state| cost(state).1 > 0);
    let mut longest = None;
    for &state in part {
        for edge in space.edges(state) {
            // Within the part nothing is known yet, so only the ways out count.
            let ahead = most[edge.to() as usize].map(|ahead| ahead.map(|ahead| ahead + cost(state).1));
            longest = longer(longest, ahead);
        }
    }
    let longest = if costs { longest.map(|_| None) } else { longest };
    for &state in part.iter().filter(|&&state| !space.edges(state).is_empty()) {
        most[state as usize] = longest;
    }
}

/// The longer of two; without bound is the longest.
fn longer(a: Longest, b: Longest) -> Longest {
    match (a, b) {
        (None, other) | (other, None) => other,
        (Some(None), _) | (_, Some(None)) => Some(None),
        (Some(Some(a)), Some(Some(b))) => Some(Some(a.max(b))),
    }
}
