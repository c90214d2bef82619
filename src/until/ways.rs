//! The ways of a story as far as they are known before it is played: which lead from place to
//! place, and how many lead to the goal at the least.

use std::collections::VecDeque;

use super::{Goal, Opening};
use crate::lang::{ExprId, Node, Operation};
use crate::story::model::{ChoiceId, Goto, Holder, RoleId, Span32, Story, Target};

/// What is known of every play that begins so.
pub struct Known<'a> {
    /// The story.
    pub story: &'a Story,
    /// How the play begins.
    pub opening: &'a Opening,
}

impl Known<'_> {
    /// Whether an expression always holds or never does, as far as that follows from who is played
    /// and which course was asked for.
    pub fn truth(&self, expr: ExprId) -> Option<bool> {
        match self.story.code.node(expr) {
            Node::Constant(value) => Some(value != 0),
            Node::Digest => Some(self.opening.digest),
            // Of those whom nobody plays history chooses, at the hinge.
            Node::Taken(choice) => (self.is_left_to_history(choice)).then_some(false),
            Node::Not(inner) => self.truth(inner).map(|truth| !truth),
            Node::Binary(Operation::And, a, b) => match (self.truth(a), self.truth(b)) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            },
            Node::Binary(Operation::Or, a, b) => match (self.truth(a), self.truth(b)) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether a choice is one that nobody can take: of a role that isn't played, and not what it
    /// did.
    fn is_left_to_history(&self, choice: ChoiceId) -> bool {
        let declared = &self.story.choices[choice.index()];
        matches!(declared.holder, Holder::Side(side)
            if !declared.historical && !self.opening.roles.contains(&self.story.sides[side.index()].role))
    }

    fn may_hold(&self, guard: Option<ExprId>) -> bool {
        guard.is_none_or(|guard| self.truth(guard) != Some(false))
    }
}

/// The places that are the goal, or, of an outcome, those where a play can end.
pub fn goals(story: &Story, roles: &[RoleId], goal: Goal) -> Vec<usize> {
    match goal {
        Goal::Scene(scene) => vec![scene.index()],
        Goal::Hinge(hinge) => vec![story.scenes.len() + hinge.index()],
        Goal::Choice(choice) => vec![holder(story, choice)],
        Goal::Outcome(_) => {
            let ends =
                |index: &usize| story.scenes[*index].ending.is_some() && roles.contains(&story.scenes[*index].role);
            (0..story.scenes.len()).filter(ends).collect()
        }
    }
}

/// By place: the fewest ways to the goals.
pub fn distances(next: &[Vec<usize>], goals: &[usize]) -> Vec<Option<u32>> {
    let mut into: Vec<Vec<usize>> = vec![Vec::new(); next.len()];
    next.iter().enumerate().for_each(|(from, next)| next.iter().for_each(|to| into[*to].push(from)));
    let mut ahead = vec![None; next.len()];
    goals.iter().for_each(|goal| ahead[*goal] = Some(0));
    let mut queue: VecDeque<usize> = goals.iter().copied().collect();
    while let Some(place) = queue.pop_front() {
        for &from in &into[place] {
            if ahead[from].is_none() {
                ahead[from] = ahead[place].map(|ways| ways + 1);
                queue.push_back(from);
            }
        }
    }
    ahead
}

/// The places that can be come to from one, it included, and from which the goal still can.
pub fn reached(next: &[Vec<usize>], ahead: &[Option<u32>], from: usize) -> Vec<usize> {
    let (mut seen, mut work, mut reached) = (vec![false; next.len()], vec![from], Vec::new());
    while let Some(place) = work.pop() {
        if ahead[place].is_some() && !std::mem::replace(&mut seen[place], true) {
            reached.push(place);
            work.extend(&next[place]);
        }
    }
    reached
}

fn holder(story: &Story, choice: ChoiceId) -> usize {
    match story.choices[choice.index()].holder {
        Holder::Scene(scene) => scene.index(),
        Holder::Choice(parent) => holder(story, parent),
        Holder::Side(side) => story.scenes.len() + story.sides[side.index()].hinge.index(),
    }
}

/// Where a place can lead, and sometimes more: `@return` to every scene that draws storylets.
pub fn next(known: &Known<'_>, place: usize) -> Vec<usize> {
    let story = known.story;
    let (mut gotos, mut next, mut returns) = (Vec::new(), Vec::new(), false);
    match story.scenes.get(place) {
        Some(scene) => {
            gotos.push(scene.goto);
            choices(known, scene.choices, &mut gotos);
            returns = scene.storylet.is_some();
            let drawn = scene.draw.map(|(pool, _)| &story.pools[pool.index()].storylets[..]).unwrap_or_default();
            next.extend(drawn.iter().map(|storylet| storylet.index()));
        }
        None => {
            let hinge = &story.hinges[place - story.scenes.len()];
            gotos.extend(story.sides[hinge.sides.range()].iter().map(|side| side.goto));
            let outcomes = story.hinge_outcomes[hinge.outcomes.range()].iter();
            let outcomes = outcomes.filter(|outcome| known.may_hold(outcome.guard));
            gotos.extend(outcomes.flat_map(|outcome| outcome.gotos.iter().map(|(_, goto)| *goto)));
        }
    }
    let entries = gotos.iter().flat_map(|goto| &story.gotos[goto.entries.range()]);
    for entry in entries.filter(|entry| known.may_hold(entry.guard)) {
        match entry.to {
            Target::Scene(scene) => next.push(scene.index()),
            Target::Hinge(hinge) => next.push(story.scenes.len() + hinge.index()),
            Target::Return => returns = true,
        }
    }
    if returns {
        next.extend((0..story.scenes.len()).filter(|scene| story.scenes[*scene].draw.is_some()));
    }
    next
}

/// The `goto`s of choices and of those nested below them.
fn choices(known: &Known<'_>, span: Span32, gotos: &mut Vec<Goto>) {
    for choice in known.story.choices[span.range()].iter().filter(|choice| known.may_hold(choice.guard)) {
        gotos.push(choice.goto);
        choices(known, choice.nested, gotos);
    }
}
