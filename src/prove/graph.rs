//! Strongly connected parts of the states, and what can reach what.

use super::explore::Space;
use super::store::StateId;

/// The states in an order in which everything that a state leads to comes before it, but for what
/// it goes round with: those come together. Tarjan's algorithm, without recursion.
pub struct Order {
    /// The states.
    pub states: Vec<StateId>,
    /// Where each part begins in `states`; a part is what can go round.
    pub parts: Vec<u32>,
}

impl Order {
    /// The parts, in order.
    pub fn parts(&self) -> impl DoubleEndedIterator<Item = &[StateId]> {
        (0..self.parts.len()).map(|part| {
            let end = self.parts.get(part + 1).map_or(self.states.len(), |end| *end as usize);
            &self.states[self.parts[part] as usize..end]
        })
    }
}

/// Orders the states of a space.
pub fn order(space: &Space) -> Order {
    let count = space.store.len();
    let (mut number, mut low) = (vec![0u32; count], vec![0u32; count]);
    let mut on_stack = vec![false; count];
    let mut order = Order { states: Vec::with_capacity(count), parts: Vec::new() };
    let (mut stack, mut work): (Vec<StateId>, Vec<(StateId, u32)>) = (Vec::new(), Vec::new());
    let mut next = 1;
    for root in 0..count as StateId {
        if number[root as usize] == 0 {
            work.push((root, 0));
        }
        while let Some((state, edge)) = work.last_mut() {
            let (state, at) = (*state, *state as usize);
            if number[at] == 0 {
                (number[at], low[at]) = (next, next);
                next += 1;
                stack.push(state);
                on_stack[at] = true;
            }
            if let Some(way) = space.edges(state).get(*edge as usize) {
                *edge += 1;
                let to = way.to() as usize;
                if number[to] == 0 {
                    work.push((way.to(), 0));
                } else if on_stack[to] {
                    low[at] = low[at].min(number[to]);
                }
                continue;
            }
            work.pop();
            if let Some(&(parent, _)) = work.last() {
                low[parent as usize] = low[parent as usize].min(low[at]);
            }
            if low[at] == number[at] {
                order.parts.push(order.states.len() as u32);
                while let Some(member) = stack.pop() {
                    on_stack[member as usize] = false;
                    order.states.push(member);
                    if member == state {
                        break;
                    }
                }
            }
        }
    }
    order
}

/// Which states can reach one of `goals`.
pub fn can_reach(space: &Space, order: &Order, goals: &[StateId]) -> Vec<bool> {
    let mut reaches = vec![false; space.store.len()];
    for &goal in goals {
        reaches[goal as usize] = true;
    }
    for part in order.parts() {
        let found = part
            .iter()
            .any(|&state| reaches[state as usize] || space.edges(state).iter().any(|edge| reaches[edge.to() as usize]));
        if found {
            part.iter().for_each(|&state| reaches[state as usize] = true);
        }
    }
    reaches
}
