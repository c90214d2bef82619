//! How plausible a divergence is: how far history stood from the threshold that was crossed.

use super::course::recorded_at;
use super::reads::Threshold;
use crate::calendar::Day;
use crate::engine::Pick;
use crate::story::Story;
use crate::story::model::{Basis, ChoiceId, Holder, Kind, VariableId};

/// How wide a gate history left open here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Gate {
    /// It could hardly have gone so: history stood more than a quarter of the scale away.
    Narrow,
    /// It could have gone so: a tenth to a quarter of the scale away.
    Open,
    /// Little was wanting: a tenth of the scale at most.
    Wide,
}

/// Returns the gate of a divergence that came by these thresholds, the narrowest of them; where
/// none has a record, by how its choices stand to the record. `None` where nothing tells.
pub(super) fn gate(
    story: &Story,
    day: Day,
    thresholds: &[(VariableId, Threshold)],
    choices: impl Iterator<Item = Pick>,
) -> Option<Gate> {
    let of_threshold =
        |&(variable, threshold): &(VariableId, Threshold)| threshold_gate(story, day, variable, threshold);
    thresholds.iter().filter_map(of_threshold).min().or_else(|| {
        let bases = choices.map(|pick| match basis(story, pick) {
            Some(Basis::Recorded) => Some(Gate::Wide),
            Some(Basis::Possible) => Some(Gate::Open),
            // The record knows nothing of what people whom we made up could have done.
            Some(Basis::Invented) | None => None,
        });
        bases.flatten().min()
    })
}

fn threshold_gate(story: &Story, day: Day, variable: VariableId, threshold: Threshold) -> Option<Gate> {
    let declared = &story.variables[variable.index()];
    let Kind::Integer(min, max) = declared.kind else { return None };
    let away = (recorded_at(story, variable, day)? - threshold.number).abs();
    let scale = (max - min).max(1);
    Some(match () {
        () if away * 10 <= scale => Gate::Wide,
        () if away * 4 <= scale => Gate::Open,
        () => Gate::Narrow,
    })
}

/// How what was chosen stands to the record: as the choice says, else as its scene or hinge says.
fn basis(story: &Story, pick: Pick) -> Option<Basis> {
    let of_scene = |scene: crate::story::model::SceneId| {
        story.scenes[scene.index()].scholarship.as_ref().and_then(|scholarship| scholarship.basis)
    };
    match pick {
        Pick::Choice(choice) => of_choice(story, choice).or_else(|| match story.choices[choice.index()].holder {
            Holder::Scene(scene) => of_scene(scene),
            Holder::Side(side) => {
                let hinge = &story.hinges[story.sides[side.index()].hinge.index()];
                hinge.scholarship.as_ref().and_then(|scholarship| scholarship.basis)
            }
            Holder::Choice(parent) => basis(story, Pick::Choice(parent)),
        }),
        Pick::Storylet(scene) => of_scene(scene),
        Pick::Continue => None,
    }
}

fn of_choice(story: &Story, choice: ChoiceId) -> Option<Basis> {
    story.choices[choice.index()].basis
}
