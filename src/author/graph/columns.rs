//! Columns: what happens later lies further right, what follows from it too. A month is a run of
//! columns, and a hinge has one for itself.

use std::collections::BTreeMap;

use super::chart::{Chart, Kind};
use super::layout::wide;
use crate::calendar::Day;
use crate::story::model::Story;

/// What is placed together, and in which column it begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blocks {
    /// By block its nodes: one, or a hub and its storylets.
    pub members: Vec<Vec<usize>>,
    /// By block its first column.
    pub column: Vec<usize>,
    /// How many columns there are.
    pub count: usize,
    /// By column its month; none where nothing is dated.
    pub months: Vec<Option<(i32, u32)>>,
    /// The ways between different blocks, each once.
    pub ways: Vec<(usize, usize)>,
    of: Vec<usize>,
}

impl Blocks {
    /// The column in which a node's block begins.
    pub fn column_of(&self, node: usize) -> usize {
        self.column[self.of[node]]
    }

    /// The hinges with their columns.
    pub fn hinges(&self, chart: &Chart) -> Vec<(usize, usize)> {
        let hinges = chart.nodes.iter().enumerate().filter(|(_, node)| node.kind == Kind::Hinge);
        hinges.map(|(node, _)| (node, self.column_of(node))).collect()
    }
}

/// A run of columns: so many hinges are past, the month, and whether it is a hinge itself.
type Slot = (usize, Month, bool);
/// Year and month; what isn't dated comes last.
type Month = (i32, u32);
const NEVER: Month = (i32::MAX, 0);

/// Puts nodes into blocks and blocks into columns.
pub fn blocks(story: &Story, chart: &Chart, days: &[Option<Day>]) -> Blocks {
    let slots = slots(story, chart, days);
    let (members, of) = members(chart, &slots);
    let mut ways: Vec<(usize, usize)> = chart.edges.iter().map(|edge| (of[edge.from], of[edge.to])).collect();
    ways.retain(|(from, to)| from != to);
    ways.sort_unstable();
    ways.dedup();
    let (order, is_back) = order(members.len(), &ways);
    let mut groups: BTreeMap<(Slot, Option<u32>), Vec<usize>> = BTreeMap::new();
    for &block in &order {
        let node = members[block][0];
        groups.entry((slots[node], chart.nodes[node].role.map(|role| role.0))).or_default().push(block);
    }
    let mut into: Vec<Vec<usize>> = vec![Vec::new(); members.len()];
    let key = |block: usize| (slots[members[block][0]], chart.nodes[members[block][0]].role);
    for ((from, to), _) in ways.iter().zip(&is_back).filter(|((from, to), back)| !**back && key(*from) == key(*to)) {
        into[*to].push(*from);
    }
    let mut rank = vec![0; members.len()];
    let mut widths: BTreeMap<Slot, usize> = BTreeMap::new();
    for ((slot, _), group) in &groups {
        let width = ranks(group, &members, &into, days, &mut rank);
        let known = widths.entry(*slot).or_default();
        *known = (*known).max(width);
    }
    let (mut starts, mut months): (BTreeMap<Slot, usize>, Vec<Option<Month>>) = (BTreeMap::new(), Vec::new());
    for (slot, width) in &widths {
        starts.insert(*slot, months.len());
        months.extend(vec![Some(slot.1).filter(|month| *month != NEVER); *width]);
    }
    let column = (0..members.len()).map(|block| starts[&slots[members[block][0]]] + rank[block]).collect();
    Blocks { column, count: months.len(), months, ways, of, members }
}

/// By node its slot.
fn slots(story: &Story, chart: &Chart, days: &[Option<Day>]) -> Vec<Slot> {
    let mut hinges: Vec<usize> = (0..chart.nodes.len()).filter(|node| chart.nodes[*node].kind == Kind::Hinge).collect();
    hinges.sort_by_key(|&node| (days[node], node));
    let after: Vec<Vec<bool>> = hinges.iter().map(|&hinge| reachable(chart, hinge)).collect();
    let slot = |node: usize| {
        let Some(day) = days[node] else { return (hinges.len(), NEVER, false) };
        let parts = story.manifest.calendar.parts(day);
        let month = (parts.year, parts.month);
        if let Some(own) = hinges.iter().position(|&hinge| hinge == node) {
            return (own, month, true);
        }
        // Of the day of a hinge that lies after it to which the hinge leads.
        let is_past = |(number, hinge): (usize, &usize)| {
            days[*hinge] < Some(day) || (days[*hinge] == Some(day) && after[number][node])
        };
        let past =
            hinges.iter().enumerate().filter(|(number, hinge)| is_past((*number, hinge))).map(|(number, _)| number + 1);
        (past.max().unwrap_or(0), month, false)
    };
    (0..chart.nodes.len()).map(slot).collect()
}

fn reachable(chart: &Chart, from: usize) -> Vec<bool> {
    let mut next: Vec<Vec<usize>> = vec![Vec::new(); chart.nodes.len()];
    chart.edges.iter().for_each(|edge| next[edge.from].push(edge.to));
    let (mut seen, mut ahead) = (vec![false; chart.nodes.len()], vec![from]);
    while let Some(at) = ahead.pop() {
        for &to in &next[at] {
            if !std::mem::replace(&mut seen[to], true) {
                ahead.push(to);
            }
        }
    }
    seen
}

/// Blocks and, by node, the one that it is in: storylets are with their hub where they are of the
/// same month.
fn members(chart: &Chart, slots: &[Slot]) -> (Vec<Vec<usize>>, Vec<usize>) {
    let (mut members, mut of): (Vec<Vec<usize>>, Vec<usize>) = (Vec::new(), vec![usize::MAX; chart.nodes.len()]);
    let hub = |node: usize| chart.nodes[node].hub.filter(|hub| slots[*hub] == slots[node] && *hub != node);
    for node in (0..chart.nodes.len()).filter(|node| hub(*node).is_none()) {
        of[node] = members.len();
        members.push(vec![node]);
    }
    for node in 0..chart.nodes.len() {
        // A hub that is a storylet of another hub keeps a block of its own.
        if let Some(hub) = hub(node).filter(|hub| of[*hub] != usize::MAX) {
            of[node] = of[hub];
            members[of[hub]].push(node);
        } else if of[node] == usize::MAX {
            of[node] = members.len();
            members.push(vec![node]);
        }
    }
    (members, of)
}

/// An order in which ways lead forward, but for those that lead back, which are marked.
fn order(count: usize, ways: &[(usize, usize)]) -> (Vec<usize>, Vec<bool>) {
    let mut out: Vec<Vec<usize>> = vec![Vec::new(); count];
    ways.iter().enumerate().for_each(|(way, (from, _))| out[*from].push(way));
    let (mut is_back, mut done) = (vec![false; ways.len()], vec![0u8; count]);
    let mut order = Vec::with_capacity(count);
    let mut has_way_in = vec![false; count];
    ways.iter().for_each(|(_, to)| has_way_in[*to] = true);
    let roots = (0..count).filter(|block| !has_way_in[*block]).chain(0..count);
    for root in roots.collect::<Vec<_>>() {
        let mut work = if done[root] == 0 { vec![(root, 0)] } else { Vec::new() };
        while let Some((block, next)) = work.last_mut() {
            done[*block] = 1;
            match out[*block].get(*next) {
                Some(&way) => {
                    *next += 1;
                    let to = ways[way].1;
                    is_back[way] = done[to] == 1;
                    if done[to] == 0 {
                        work.push((to, 0));
                    }
                }
                None => {
                    done[*block] = 2;
                    order.push(*block);
                    work.pop();
                }
            }
        }
    }
    order.reverse();
    (order, is_back)
}

/// Ranks the blocks of a slot and lane, which come in order, by what leads into them from there;
/// returns how many columns they take.
/// A block lies right of what leads to it, and begins no further left than those of earlier days.
fn ranks(
    group: &[usize],
    members: &[Vec<usize>],
    into: &[Vec<usize>],
    days: &[Option<Day>],
    rank: &mut [usize],
) -> usize {
    let mut distinct: Vec<Option<Day>> = group.iter().map(|&block| days[members[block][0]]).collect();
    distinct.sort_unstable();
    distinct.dedup();
    let mut sorted = group.to_vec();
    sorted.sort_by_key(|&block| days[members[block][0]]);
    let (mut floor, mut width) = (0, 0);
    for day in distinct {
        let (mut least, own) = (usize::MAX, sorted.iter().filter(|block| days[members[**block][0]] == day));
        for &block in own {
            let after = into[block].iter().map(|from| rank[*from] + wide(members[*from].len())).max().unwrap_or(0);
            rank[block] = after.max(floor);
            least = least.min(rank[block]);
            width = width.max(rank[block] + wide(members[block].len()));
        }
        floor = least + 1;
    }
    width
}
