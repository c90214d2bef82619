//! Arms of prose: which of them a piece of prose shows, and what must hold for each.

use std::ops::Range;

use super::fields::Fields;
use super::residual::{ResidualId, Residuals};
use crate::engine::State;
use crate::lang::{Comparison, Op, Operation, ProseId};
use crate::story::model::{RoleId, SceneId, Story};

/// The arms of all prose that is shown while playing.
#[derive(Debug)]
pub(super) struct Arms {
    /// By prose: its arms, in the story's list.
    of: Vec<Range<u32>>,
    /// By arm: whether it stands in prose that is shown while playing.
    pub played: Vec<bool>,
}

impl Arms {
    /// Those of a story.
    pub(super) fn of(story: &Story) -> Arms {
        let places = &story.code.arm_places;
        let mut played = vec![false; places.len()];
        let mut of = vec![0..0; story.code.proses.len()];
        for prose in prose_of_plays(story) {
            let ops = story.code.proses[prose.index()].ops;
            // An arm stands after the op that leads to it, and may begin where the prose ends.
            let first = places.partition_point(|place| place.op <= ops.start) as u32;
            let last = places.partition_point(|place| place.op <= ops.end) as u32;
            of[prose.index()] = first..last;
            (first..last).for_each(|arm| played[arm as usize] = true);
        }
        Arms { of, played }
    }

    /// Which arms a piece of prose shows in a control, and if what.
    pub(super) fn shown(
        &self,
        story: &Story,
        (fields, residuals): (&Fields, &mut Residuals),
        (state, role): (&State, RoleId),
        prose: ProseId,
    ) -> Vec<(u32, ResidualId)> {
        let arms = self.of[prose.index()].clone();
        if arms.is_empty() {
            return Vec::new();
        }
        let ops = story.code.proses[prose.index()].ops;
        let start = ops.start as usize;
        let (never, always) = (residuals.constant(0), residuals.constant(1));
        let mut reached = vec![never; ops.len() + 1];
        reached[0] = always;
        for at in ops.range() {
            let here = reached[at - start];
            let mut lead = |residuals: &mut Residuals, to: usize, asked: ResidualId| {
                let both = residuals.join(Operation::And, here, asked);
                reached[to - start] = residuals.join(Operation::Or, reached[to - start], both);
            };
            match story.code.ops[at] {
                Op::Unless(asked, to) => {
                    let asked = residuals.of(story, fields, state, role, asked);
                    let fails = residuals.not(asked);
                    lead(residuals, at + 1, asked);
                    lead(residuals, to as usize, fails);
                }
                Op::Jump(to) => lead(residuals, to as usize, always),
                Op::First { scene, arms, len } => {
                    for arm in 0..len {
                        let asked = first(story, (fields, residuals), scene, (arm, len));
                        lead(residuals, story.code.arms[(arms + arm) as usize] as usize, asked);
                    }
                }
                Op::Cycle { scene, arms, len } => {
                    for arm in 0..len {
                        let asked = cycle(story, (fields, residuals), scene, (arm, len));
                        lead(residuals, story.code.arms[(arms + arm) as usize] as usize, asked);
                    }
                }
                Op::Any { arms, len, .. } => {
                    for arm in 0..len {
                        lead(residuals, story.code.arms[(arms + arm) as usize] as usize, always);
                    }
                }
                Op::Text { .. } | Op::Gap(_) | Op::Value(..) | Op::Name(_) => lead(residuals, at + 1, always),
            }
        }
        let found = arms.map(|arm| (arm, reached[story.code.arm_places[arm as usize].op as usize - start]));
        found.filter(|(_, asked)| *asked != never).collect()
    }
}

/// That a scene was visited so often that this arm of a `{first}` shows.
fn first(
    story: &Story,
    (fields, residuals): (&Fields, &mut Residuals),
    scene: SceneId,
    (arm, len): (u32, u32),
) -> ResidualId {
    let count = story.layout.visits(scene).count.and_then(|(field, _)| fields.at(field));
    let Some(count) = count else { return residuals.constant((arm == 0).into()) };
    let count = residuals.field(count);
    let at_least = residuals.constant(i64::from(arm) + 1);
    let at_least = residuals.compare(Comparison::AtLeast, count, at_least);
    let at_most = residuals.constant(i64::from(arm) + 1);
    let at_most = residuals.compare(Comparison::AtMost, count, at_most);
    match (arm == 0, arm + 1 == len) {
        (true, true) => residuals.constant(1),
        (true, false) => at_most,
        (false, true) => at_least,
        (false, false) => residuals.join(Operation::And, at_least, at_most),
    }
}

/// That a `{cycle}` has come round to this arm.
fn cycle(
    story: &Story,
    (fields, residuals): (&Fields, &mut Residuals),
    scene: SceneId,
    (arm, len): (u32, u32),
) -> ResidualId {
    let turn = story.layout.visits(scene).turn.and_then(|(field, turns)| Some((fields.at(field)?, turns)));
    let Some((turn, turns)) = turn else { return residuals.constant(1) };
    let turn = residuals.field(turn);
    let mut any = residuals.constant(0);
    for value in 0..i64::from(turns) {
        if (value - 1).rem_euclid(i64::from(len)) == i64::from(arm) {
            let value = residuals.constant(value);
            let is = residuals.compare(Comparison::Equal, turn, value);
            any = residuals.join(Operation::Or, any, is);
        }
    }
    any
}

/// All prose that players read on the way: not the codex, not the report.
fn prose_of_plays(story: &Story) -> Vec<ProseId> {
    let scenes = story.scenes.iter().flat_map(|scene| {
        let teaser = scene.storylet.as_ref().and_then(|storylet| storylet.teaser);
        [scene.text, teaser]
    });
    let choices = story.choices.iter().flat_map(|choice| [Some(choice.text), choice.locked, choice.say]);
    let hinges = story.hinges.iter().map(|hinge| hinge.text);
    let sides = story.sides.iter().map(|side| side.text);
    let gotos = story.gotos.iter().map(|entry| entry.say);
    let turns = story.hinge_outcomes.iter().map(|outcome| outcome.text);
    let events = story.events.iter().map(|event| event.news);
    let all = scenes.chain(choices).chain(hinges).chain(sides).chain(gotos).chain(turns).chain(events);
    let mut all: Vec<ProseId> = all.flatten().collect();
    all.sort_unstable();
    all.dedup();
    all
}
