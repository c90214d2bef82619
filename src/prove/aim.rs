//! What an exploration looks for: laws on the way, and what is asked at the end.

use std::collections::HashMap;

use super::controls::{ControlId, Controls};
use super::fields::FieldId;
use super::live::{FieldSet, Reads};
use super::residual::ResidualId;
use super::trees::{Deed, Then, Trees};
use super::watch::{Want, Watch};
use crate::engine::Pick;
use crate::lang::ExprId;
use crate::story::model::{RoleId, Story};

/// What is looked for on behalf of a law.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// That this comes about.
    Hit(ExprId),
    /// That this fails somewhere.
    Miss(ExprId),
    /// A play that ends before this comes about.
    Without(ExprId),
    /// That `then` comes about where `first` has not.
    Before {
        /// What comes first.
        first: ExprId,
        /// And then.
        then: ExprId,
    },
    /// The chance that this holds at the end.
    End(ExprId),
}

impl Wish {
    /// Whether plays are not followed beyond what is asked, so that it needs an exploration of its
    /// own.
    pub fn cuts(self) -> bool {
        matches!(self, Wish::Without(_) | Wish::Before { .. })
    }
}

/// What is left, by control, of what one wish asks.
#[derive(Debug)]
pub struct Asked {
    /// Where this holds it has come about.
    pub hit: Option<Vec<ResidualId>>,
    /// Where this holds nothing more is asked of the play.
    pub cut: Option<Vec<ResidualId>>,
    /// What it counts at the end.
    pub end: Option<Vec<ResidualId>>,
}

/// What is left, by control, of all that is asked.
#[derive(Debug)]
pub struct Questions {
    /// By wish.
    pub wishes: Vec<Asked>,
    /// By control: the outcomes that it can have, with what must hold, in order; none before the
    /// end.
    pub outcomes: Vec<Vec<(u32, ResidualId)>>,
    /// By control, by arrival: the fields that are written on the way.
    written: Vec<Vec<FieldSet>>,
}

impl Questions {
    /// What some wishes ask, and the end.
    pub fn of(story: &Story, controls: &mut Controls, wishes: &[Wish]) -> Questions {
        let wishes = wishes.iter().map(|wish| asked(story, controls, *wish)).collect();
        let outcomes = (0..controls.list.len()).map(|control| outcomes(story, controls, control)).collect();
        let count = controls.fields.len();
        let written = controls.list.iter().map(|control| written(&control.trees, count)).collect();
        Questions { wishes, outcomes, written }
    }
}

fn asked(story: &Story, controls: &mut Controls, wish: Wish) -> Asked {
    let mut asked = Asked { hit: None, cut: None, end: None };
    match wish {
        Wish::Miss(expr) => {
            let holds = everywhere(story, controls, expr);
            asked.hit = Some(holds.into_iter().map(|holds| controls.residuals.not(holds)).collect());
        }
        Wish::Hit(expr) => asked.hit = Some(everywhere(story, controls, expr)),
        Wish::Without(expr) => asked.cut = Some(everywhere(story, controls, expr)),
        Wish::Before { first, then } => {
            asked.cut = Some(everywhere(story, controls, first));
            asked.hit = Some(everywhere(story, controls, then));
        }
        Wish::End(of) => asked.end = Some(everywhere(story, controls, of)),
    }
    asked
}

fn everywhere(story: &Story, controls: &mut Controls, expr: ExprId) -> Vec<ResidualId> {
    let role = controls.roles.first().copied().unwrap_or(RoleId(0));
    let Controls { fields, residuals, list, .. } = controls;
    list.iter().map(|control| residuals.of(story, fields, &control.state, role, expr)).collect()
}

fn outcomes(story: &Story, controls: &mut Controls, control: usize) -> Vec<(u32, ResidualId)> {
    let Controls { fields, residuals, list, .. } = controls;
    if !list[control].is_over {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (index, outcome) in story.outcomes.iter().enumerate() {
        let asked = match outcome.guard {
            Some(guard) => residuals.of(story, fields, &list[control].state, RoleId(0), guard),
            None => residuals.constant(1),
        };
        let bounds = residuals.bounds(fields, &list[control].ranges, asked);
        if bounds == (0, 0) {
            continue;
        }
        let always = bounds.0 > 0 || bounds.1 < 0;
        found.push((index as u32, if always { residuals.constant(1) } else { asked }));
        if always {
            break;
        }
    }
    found
}

/// By arrival: the fields that are written on the way to it.
fn written(trees: &Trees, count: usize) -> Vec<FieldSet> {
    let mut written = vec![FieldSet::none(count); trees.arrivals.len()];
    let mut ahead: Vec<(u32, FieldSet)> = trees.inputs.iter().map(|(_, root)| (*root, FieldSet::none(count))).collect();
    while let Some((node, mut so_far)) = ahead.pop() {
        let node = &trees.nodes[node as usize];
        for deed in &trees.deeds[node.acts.start as usize..node.acts.end as usize] {
            if let Deed::Do(operation) = deed {
                so_far.add(operation.field);
            }
        }
        match node.then {
            Then::Ask(_, no, yes) => ahead.extend([(no, so_far.clone()), (yes, so_far)]),
            Then::Fall(first, of) => ahead.extend((first..first + of).map(|node| (node, so_far.clone()))),
            Then::Arrive(arrival) => written[arrival as usize] = so_far,
            Then::Offer(_) | Then::Open => {}
        }
    }
    written
}

/// By control, or of a beginning where there is none, and by number: an arrival, or a deed.
pub type Spot = (Option<ControlId>, u32);

/// What one exploration looks for.
pub struct Aim {
    checks: HashMap<Spot, Vec<(Want, ResidualId)>>,
    reads: HashMap<Spot, Vec<ResidualId>>,
    at_end: Vec<Vec<ResidualId>>,
    looks: HashMap<u32, Vec<(u32, ResidualId)>>,
    looks_read: HashMap<u32, Vec<ResidualId>>,
    /// By control and input: whether it keeps to the record; where only such plays are taken.
    historical: Option<Vec<Vec<bool>>>,
}

impl Aim {
    /// Looks at some of the wishes, by their numbers in `questions`.
    pub fn of(controls: &Controls, questions: &Questions, wishes: &[usize]) -> Aim {
        let mut aim = Aim {
            checks: HashMap::new(),
            reads: HashMap::new(),
            at_end: vec![Vec::new(); controls.list.len()],
            looks: HashMap::new(),
            looks_read: HashMap::new(),
            historical: None,
        };
        for (number, wish) in wishes.iter().enumerate() {
            let asked = &questions.wishes[*wish];
            // What ends the looking comes before what is looked for.
            if let Some(cut) = &asked.cut {
                aim.look(controls, questions, cut, Want::Cut);
            }
            if let Some(hit) = &asked.hit {
                aim.look(controls, questions, hit, Want::Hit(number as u16));
            }
            if let Some(end) = &asked.end {
                let over = controls.list.iter().enumerate().filter(|(_, control)| control.is_over);
                over.for_each(|(control, _)| aim.at_end[control].push(end[control]));
            }
        }
        aim
    }

    /// And at outcomes.
    pub fn with_outcomes(mut self, questions: &Questions) -> Self {
        for (control, outcomes) in questions.outcomes.iter().enumerate() {
            self.at_end[control].extend(outcomes.iter().map(|(_, asked)| *asked));
        }
        self
    }

    /// And at arms of prose: those of which `looks` says so.
    pub fn with_looks(mut self, controls: &Controls, looks: impl Fn(u32) -> bool) -> Self {
        for (list, shown) in controls.residuals.shows().iter().enumerate() {
            let wanted: Vec<_> = shown.iter().filter(|(look, _)| looks(*look)).copied().collect();
            if !wanted.is_empty() {
                self.looks_read.insert(list as u32, wanted.iter().map(|(_, asked)| *asked).collect());
                self.looks.insert(list as u32, wanted);
            }
        }
        self
    }

    /// Only at plays that keep to the record wherever they can.
    pub fn historical(mut self, story: &Story, controls: &Controls) -> Self {
        let keeps = |pick: Pick| match pick {
            Pick::Choice(choice) => story.choices[choice.index()].historical,
            Pick::Storylet(_) | Pick::Continue => false,
        };
        let by_control = |trees: &Trees| trees.inputs.iter().map(|(input, _)| keeps(input.pick)).collect();
        self.historical = Some(controls.list.iter().map(|control| by_control(&control.trees)).collect());
        self
    }

    fn look(&mut self, controls: &Controls, questions: &Questions, asked: &[ResidualId], want: Want) {
        for (control, declared) in controls.list.iter().enumerate() {
            for (number, arrival) in declared.trees.arrivals.iter().enumerate() {
                let (before, after) = (asked[control], asked[arrival.to as usize]);
                let written = &questions.written[control][number];
                let touched = controls.residuals.fields(after).iter().any(|field: &FieldId| written.has(*field));
                // What was so before is so still, and was told where it came about.
                if before != after || touched {
                    self.on(controls, (Some(control as ControlId), number as u32), after, arrival.to, want);
                }
            }
        }
        for beginning in &controls.beginnings {
            for (number, arrival) in beginning.trees.arrivals.iter().enumerate() {
                self.on(controls, (None, number as u32), asked[arrival.to as usize], arrival.to, want);
            }
        }
    }

    fn on(&mut self, controls: &Controls, spot: Spot, asked: ResidualId, to: ControlId, want: Want) {
        let ranges = &controls.list[to as usize].ranges;
        if controls.residuals.bounds(&controls.fields, ranges, asked) == (0, 0) {
            return;
        }
        self.checks.entry(spot).or_default().push((want, asked));
        self.reads.entry(spot).or_default().push(asked);
    }
}

impl Reads for Aim {
    fn on_arrival(&self, from: Option<ControlId>, arrival: u32) -> &[ResidualId] {
        self.reads.get(&(from, arrival)).map_or(&[], Vec::as_slice)
    }

    fn in_control(&self, control: ControlId) -> &[ResidualId] {
        &self.at_end[control as usize]
    }

    fn on_show(&self, shows: u32) -> &[ResidualId] {
        self.looks_read.get(&shows).map_or(&[], Vec::as_slice)
    }
}

impl Watch for Aim {
    fn checks(&self, from: Option<ControlId>, arrival: u32) -> Vec<(Want, ResidualId)> {
        self.checks.get(&(from, arrival)).cloned().unwrap_or_default()
    }

    fn looks(&self, shows: u32) -> Vec<(u32, ResidualId)> {
        self.looks.get(&shows).cloned().unwrap_or_default()
    }

    fn taken(&self, control: ControlId, offered: &[u16]) -> Vec<u16> {
        let Some(historical) = &self.historical else { return offered.to_vec() };
        let keeps = |input: &&u16| historical[control as usize][usize::from(**input)];
        let kept: Vec<u16> = offered.iter().filter(keeps).copied().collect();
        if kept.is_empty() { offered.to_vec() } else { kept }
    }
}
