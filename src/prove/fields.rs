//! What plays change beside the course of things: variables, counts of visits, remembered choices.
//!
//! A state is cut in two. Where roles stand, the day and what happened are the *control*, of which
//! there are few; the rest, the *fields*, is what states differ by in their thousands. Values are
//! counted in units: a variable that starts at 50 and only moves by fives has 21 values.

use std::collections::HashMap;

use super::mask::Mask;
use crate::lang::{Change, Node};
use crate::story::layout::Field;
use crate::story::model::{ChoiceId, Kind, SceneId, Story, VariableId};

/// Names a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldId(pub u16);

impl FieldId {
    /// Its place in the list.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// What a field stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Means {
    /// A variable.
    Variable(VariableId),
    /// How often a scene was visited.
    Visits(SceneId),
    /// That a choice was taken.
    Taken(ChoiceId),
}

/// One field.
#[derive(Clone, Copy, Debug)]
pub struct DataField {
    /// Where a state keeps it.
    pub field: Field,
    /// What it stands for.
    pub means: Means,
    /// The value of index 0.
    pub min: i64,
    /// From one index to the next.
    pub unit: i64,
    /// The greatest index.
    pub top: u32,
}

impl DataField {
    /// The value of an index.
    pub fn value(&self, index: u32) -> i64 {
        self.min + i64::from(index) * self.unit
    }

    /// The index of a value that it can have.
    pub fn index(&self, value: i64) -> u32 {
        ((value - self.min) / self.unit).clamp(0, i64::from(self.top)) as u32
    }
}

/// All fields of a story.
#[derive(Debug)]
pub struct Fields {
    /// The fields.
    pub list: Vec<DataField>,
    known: HashMap<Field, FieldId>,
    /// The bits of a state that are control.
    pub control: Mask,
}

impl Fields {
    /// The fields of a story.
    pub fn of(story: &Story) -> Fields {
        let mut fields = Fields { list: Vec::new(), known: HashMap::new(), control: Mask::all(story.layout.words) };
        let units = units(story);
        for (index, variable) in story.variables.iter().enumerate() {
            let Some(field) = variable.field else { continue };
            let (min, max) = match &variable.kind {
                Kind::Integer(min, max) => (*min, *max),
                Kind::Flag => (0, 1),
                Kind::Symbol(names) => (0, names.len() as i64 - 1),
            };
            let unit = units[index].max(1);
            fields.add(field, Means::Variable(VariableId(index as u32)), (min, max, unit));
        }
        for index in 0..story.scenes.len() {
            let scene = SceneId(index as u32);
            let visits = story.layout.visits(scene);
            if let Some((field, cap)) = visits.count {
                fields.add(field, Means::Visits(scene), (0, cap.into(), 1));
            }
            if let Some((field, turns)) = visits.turn {
                fields.add(field, Means::Visits(scene), (0, i64::from(turns) - 1, 1));
            }
        }
        for (index, choice) in story.choices.iter().enumerate() {
            if let Some(field) = choice.taken {
                fields.add(field, Means::Taken(ChoiceId(index as u32)), (0, 1, 1));
            }
        }
        fields
    }

    fn add(&mut self, field: Field, means: Means, (min, max, unit): (i64, i64, i64)) {
        if field.width == 0 {
            return;
        }
        self.control.remove(field);
        let id = FieldId(u16::try_from(self.list.len()).unwrap_or(u16::MAX));
        self.known.insert(field, id);
        self.list.push(DataField { field, means, min, unit, top: ((max - min) / unit) as u32 });
    }

    /// The field that a state keeps there; `None` where it has but one value.
    pub fn at(&self, field: Field) -> Option<FieldId> {
        self.known.get(&field).copied()
    }

    /// A field.
    pub fn get(&self, id: FieldId) -> &DataField {
        &self.list[id.index()]
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// What an author calls it.
    pub fn name(&self, story: &Story, id: FieldId) -> String {
        match self.get(id).means {
            Means::Variable(variable) => story.variable_name(variable),
            Means::Visits(scene) => format!("visits({})", story.scenes[scene.index()].id),
            Means::Taken(choice) => format!("chose({})", story.choice_name(choice)),
        }
    }
}

/// By variable: the greatest step in which all its values lie, counted from its least; 1 where it
/// can be set to what is computed.
fn units(story: &Story) -> Vec<i64> {
    let mut units: Vec<i64> = story
        .variables
        .iter()
        .map(|variable| match variable.kind {
            Kind::Integer(min, max) => gcd(variable.start - min, max - min),
            _ => 1,
        })
        .collect();
    for effect in &story.code.effects {
        match effect.change {
            Change::Add { variable, by, .. } => units[variable.index()] = gcd(units[variable.index()], by.into()),
            Change::Set { variable, min, max, value, .. } => {
                let unit = &mut units[variable.index()];
                *unit = match story.code.node(value) {
                    Node::Constant(value) => gcd(*unit, value.clamp(min.into(), max.into()) - i64::from(min)),
                    _ => 1,
                };
            }
            Change::Happen(_) | Change::Avert(_) => {}
        }
    }
    units
}

fn gcd(a: i64, b: i64) -> i64 {
    let (mut a, mut b) = (a.abs(), b.abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}
