//! What steps from one control ask and do: small trees, grown way by way.

use std::ops::Range;

use super::controls::ControlId;
use super::items::{Item, Mark, Operation};
use super::residual::ResidualId;
use crate::engine::{Fall, Input};

/// One node of a tree: what is done, and then how it goes on.
#[derive(Clone, Debug, Default)]
pub struct Node {
    /// What is done first, in the tree's list.
    pub acts: Range<u32>,
    /// And then.
    pub then: Then,
}

/// How a step goes on.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Then {
    /// Not known yet.
    #[default]
    Open,
    /// By what is asked: the node if it fails, and if it holds.
    Ask(ResidualId, u32, u32),
    /// By chance: to one of the nodes from this one on, so many.
    Fall(u32, u32),
    /// These inputs can be taken, of the control's.
    Offer(Vec<u16>),
    /// It arrives, by this of the control's arrivals.
    Arrive(u32),
}

/// What is done on the way: something to a field, or prose is shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Deed {
    /// To a field.
    Do(Operation),
    /// A piece of prose was shown, with these arms: the number of the list.
    Show(u32),
}

/// The end of one way of a step.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// Where.
    pub to: ControlId,
    /// Its chance within the step.
    pub share: f64,
    /// Where chance led.
    pub fell: Box<[Fall]>,
    /// What is worth telling.
    pub marks: Box<[Mark]>,
    /// The fewest and the most words that are read.
    pub words: (u32, u32),
    /// By which of the control's inputs; `None` of a beginning.
    pub input: Option<u16>,
}

/// The trees of one control.
#[derive(Clone, Debug, Default)]
pub struct Trees {
    /// Their nodes; the first is what is offered.
    pub nodes: Vec<Node>,
    /// What is done in them.
    pub deeds: Vec<Deed>,
    /// Where they end.
    pub arrivals: Vec<Arrival>,
    /// What can be taken, with its tree.
    pub inputs: Vec<(Input, u32)>,
    /// The fewest and the most words of labels that are read before choosing.
    pub labels: (u32, u32),
}

impl Trees {
    /// Goes along a way from a node, growing what is not there yet, to its last node.
    pub(super) fn follow(&mut self, root: u32, items: &[Item]) -> u32 {
        let mut node = root;
        let mut at = 0;
        loop {
            let first = at;
            while at < items.len() && matches!(items[at], Item::Do(_) | Item::Show(_)) {
                at += 1;
            }
            if self.nodes[node as usize].then == Then::Open {
                let start = self.deeds.len() as u32;
                self.deeds.extend(items[first..at].iter().map(|item| match item {
                    Item::Do(operation) => Deed::Do(*operation),
                    Item::Show(prose) => Deed::Show(*prose),
                    Item::Ask(..) | Item::Fall(..) => unreachable!("the run of deeds ends before these"),
                }));
                self.nodes[node as usize].acts = start..self.deeds.len() as u32;
            }
            let Some(item) = items.get(at) else { return node };
            node = self.branch(node, item);
            at += 1;
        }
    }

    /// The node after what was asked or fell.
    fn branch(&mut self, node: u32, item: &Item) -> u32 {
        let next = self.nodes.len() as u32;
        let known = &mut self.nodes[node as usize].then;
        match item {
            Item::Ask(asked, answer) => {
                if *known == Then::Open {
                    *known = Then::Ask(*asked, next, next + 1);
                    self.nodes.extend([Node::default(), Node::default()]);
                }
                match self.nodes[node as usize].then {
                    Then::Ask(_, no, yes) => {
                        if *answer {
                            yes
                        } else {
                            no
                        }
                    }
                    _ => unreachable!("the same answers lead to the same question"),
                }
            }
            Item::Fall(taken, of) => {
                if *known == Then::Open {
                    *known = Then::Fall(next, *of);
                    self.nodes.extend((0..*of).map(|_| Node::default()));
                }
                match self.nodes[node as usize].then {
                    Then::Fall(first, _) => first + taken,
                    _ => unreachable!("the same answers lead to the same chance"),
                }
            }
            Item::Do(_) | Item::Show(_) => node,
        }
    }
}
