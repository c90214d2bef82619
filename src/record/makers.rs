//! What could have brought an event about or moved a variable: the story read backwards, from
//! effects to those who have them.

use crate::engine::Pick;
use crate::lang::{Change, EffectsId, ExprId};
use crate::story::Story;
use crate::story::model::{ChoiceId, EventId, Goto, HingeId, SceneId, Target, VariableId};

/// Something that has effects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Maker {
    Choice(ChoiceId),
    Scene(SceneId),
    Hinge(HingeId),
    Event(EventId),
}

/// An effect, and whose it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Made {
    pub(super) by: Maker,
    pub(super) guard: Option<ExprId>,
    /// How far it moves a variable, where that is known beforehand.
    pub(super) change: Option<i64>,
}

/// All effects, by what they change.
#[derive(Debug, Default)]
pub(super) struct Makers {
    /// By event: who makes it happen.
    pub(super) happen: Vec<Vec<Made>>,
    /// By event: who averts it.
    pub(super) avert: Vec<Vec<Made>>,
    /// By variable: who writes it.
    pub(super) write: Vec<Vec<Made>>,
}

impl Makers {
    pub(super) fn of(story: &Story) -> Makers {
        let mut makers = Makers {
            happen: vec![Vec::new(); story.events.len()],
            avert: vec![Vec::new(); story.events.len()],
            write: vec![Vec::new(); story.variables.len()],
        };
        for (index, scene) in story.scenes.iter().enumerate() {
            let by = Maker::Scene(SceneId(index as u32));
            makers.add(story, scene.effects, by);
            makers.add_goto(story, scene.goto, by);
        }
        for (index, choice) in story.choices.iter().enumerate() {
            let by = Maker::Choice(ChoiceId(index as u32));
            makers.add(story, choice.effects, by);
            makers.add_goto(story, choice.goto, by);
        }
        for (index, hinge) in story.hinges.iter().enumerate() {
            for outcome in &story.hinge_outcomes[hinge.outcomes.range()] {
                makers.add(story, outcome.effects, Maker::Hinge(HingeId(index as u32)));
            }
        }
        for (index, event) in story.events.iter().enumerate() {
            makers.add(story, event.effects, Maker::Event(EventId(index as u32)));
        }
        makers
    }

    fn add_goto(&mut self, story: &Story, goto: Goto, by: Maker) {
        for entry in &story.gotos[goto.entries.range()] {
            self.add(story, entry.effects, by);
        }
    }

    fn add(&mut self, story: &Story, effects: EffectsId, by: Maker) {
        for effect in &story.code.effects[effects.range()] {
            let made = Made { by, guard: effect.guard, change: None };
            match effect.change {
                Change::Set { variable, .. } => self.write[variable.index()].push(made),
                Change::Add { variable, by: change, .. } => {
                    self.write[variable.index()].push(Made { change: Some(change.into()), ..made });
                }
                Change::Happen(event) => self.happen[event.index()].push(made),
                Change::Avert(event) => self.avert[event.index()].push(made),
            }
        }
    }

    /// The guards of an event's effects that write a variable.
    pub(super) fn guards_of_writing(&self, event: EventId, variable: VariableId) -> impl Iterator<Item = ExprId> + '_ {
        guards(&self.write[variable.index()], event)
    }

    /// The guards of an event's effects that make another happen.
    pub(super) fn guards_of_making(&self, event: EventId, made: EventId) -> impl Iterator<Item = ExprId> + '_ {
        guards(&self.happen[made.index()], event)
    }

    /// The guards of an event's effects that avert another.
    pub(super) fn guards_of_averting(&self, event: EventId, averted: EventId) -> impl Iterator<Item = ExprId> + '_ {
        guards(&self.avert[averted.index()], event)
    }
}

fn guards(made: &[Made], event: EventId) -> impl Iterator<Item = ExprId> + '_ {
    made.iter().filter(move |made| made.by == Maker::Event(event)).filter_map(|made| made.guard)
}

/// Whether taking `pick` can lead into `scene` at once.
pub(super) fn leads_to(story: &Story, pick: Pick, scene: SceneId) -> bool {
    match pick {
        Pick::Storylet(storylet) => storylet == scene,
        Pick::Choice(choice) => {
            let declared = &story.choices[choice.index()];
            let into =
                |goto: Goto| story.gotos[goto.entries.range()].iter().any(|entry| entry.to == Target::Scene(scene));
            into(declared.goto) || declared.nested.range().any(|index| into(story.choices[index].goto))
        }
        Pick::Continue => false,
    }
}
