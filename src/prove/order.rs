//! In what order things lead to one another.

use crate::engine::{Cursor, Place, State};
use crate::story::model::{RoleId, Story};

/// What goes round together, in an order in which everything comes before what leads to it.
/// Tarjan's algorithm, without recursion.
#[derive(Debug, Default)]
pub struct Order {
    members: Vec<u32>,
    /// Where each part begins in `members`.
    parts: Vec<u32>,
}

impl Order {
    /// Orders the numbers below `count`; `ways` gives where each leads.
    pub fn of(count: usize, ways: &[Vec<u32>]) -> Order {
        let (mut number, mut low) = (vec![0u32; count], vec![0u32; count]);
        let mut on_stack = vec![false; count];
        let mut order = Order { members: Vec::with_capacity(count), parts: Vec::new() };
        let (mut stack, mut work): (Vec<u32>, Vec<(u32, u32)>) = (Vec::new(), Vec::new());
        let mut next = 1;
        for root in 0..count as u32 {
            if number[root as usize] == 0 {
                work.push((root, 0));
            }
            while let Some((member, way)) = work.last_mut() {
                let (member, at) = (*member, *member as usize);
                if number[at] == 0 {
                    (number[at], low[at]) = (next, next);
                    next += 1;
                    stack.push(member);
                    on_stack[at] = true;
                }
                if let Some(&to) = ways[at].get(*way as usize) {
                    *way += 1;
                    if number[to as usize] == 0 {
                        work.push((to, 0));
                    } else if on_stack[to as usize] {
                        low[at] = low[at].min(number[to as usize]);
                    }
                    continue;
                }
                work.pop();
                if let Some(&(parent, _)) = work.last() {
                    low[parent as usize] = low[parent as usize].min(low[at]);
                }
                if low[at] == number[at] {
                    order.parts.push(order.members.len() as u32);
                    while let Some(last) = stack.pop() {
                        on_stack[last as usize] = false;
                        order.members.push(last);
                        if last == member {
                            break;
                        }
                    }
                }
            }
        }
        order
    }

    /// The parts; those that lead nowhere first.
    pub fn parts(&self) -> impl DoubleEndedIterator<Item = &[u32]> + ExactSizeIterator {
        (0..self.parts.len()).map(|part| {
            let end = self.parts.get(part + 1).map_or(self.members.len(), |end| *end as usize);
            &self.members[self.parts[part] as usize..end]
        })
    }
}

/// The number of the place where a role stands or is going: scenes first, then hinges.
pub fn place_of(story: &Story, state: &State, role: RoleId) -> usize {
    match state.cursor(story, role) {
        Cursor::Scene(scene) | Cursor::Asked(scene, _) | Cursor::Ending(scene) => scene.index(),
        Cursor::Going(Place::Scene(scene)) => scene.index(),
        Cursor::Hinge(hinge, _) | Cursor::Going(Place::Hinge(hinge)) => story.scenes.len() + hinge.index(),
        Cursor::Absent => 0,
    }
}

/// By place: where it stands among all, so that what leads on comes before what it leads to; places
/// that go round together stand together.
pub fn places_in_order(story: &Story) -> Vec<u32> {
    let count = story.scenes.len() + story.hinges.len();
    let mut ways: Vec<Vec<u32>> = (0..count).map(|place| super::nudges::places(story, place).collect()).collect();
    // What is drawn comes back to where it was drawn.
    for (hub, scene) in story.scenes.iter().enumerate() {
        if let Some((pool, _)) = scene.draw {
            for storylet in &story.pools[pool.index()].storylets {
                ways[hub].push(storylet.0);
                ways[storylet.index()].push(hub as u32);
            }
        }
    }
    let order = Order::of(count, &ways);
    let mut place = vec![0; count];
    for (number, part) in order.parts().rev().enumerate() {
        part.iter().for_each(|member| place[*member as usize] = number as u32);
    }
    place
}
