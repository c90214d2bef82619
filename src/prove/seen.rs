//! What plays reach: read off the landings on which some play lands.

use super::controls::Controls;
use super::items::Mark;
use super::trees::Trees;
use crate::engine::Pick;
use crate::story::model::Story;

/// All that was reached.
#[derive(Clone, Debug)]
pub struct Seen {
    /// By scene.
    pub scenes: Vec<bool>,
    /// By hinge.
    pub hinges: Vec<bool>,
    /// By choice.
    pub choices: Vec<bool>,
    /// By entry of a `goto`.
    pub entries: Vec<bool>,
    /// By outcome of a hinge.
    pub turns: Vec<bool>,
    /// By event: whether it happened in some play.
    pub events: Vec<bool>,
    /// By outcome for the city.
    pub outcomes: Vec<bool>,
    /// By arm of prose.
    pub arms: Vec<ArmSeen>,
}

/// What is known of an arm of prose; of two explorations the greater counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ArmSeen {
    /// It was not looked for: what it stands in is not read while playing.
    Unlooked,
    /// No play shows it.
    Hidden,
    /// The exploration was not finished.
    Unknown,
    /// Some play shows it.
    Shown,
}

impl Seen {
    /// Nothing reached yet.
    pub fn none(story: &Story) -> Seen {
        let before = |event: &crate::story::model::Event| event.date.is_some_and(|date| date < story.manifest.begins);
        Seen {
            scenes: vec![false; story.scenes.len()],
            hinges: vec![false; story.hinges.len()],
            choices: vec![false; story.choices.len()],
            entries: vec![false; story.gotos.len()],
            turns: vec![false; story.hinge_outcomes.len()],
            events: story.events.iter().map(before).collect(),
            outcomes: vec![false; story.outcomes.len()],
            arms: vec![ArmSeen::Unlooked; story.code.arm_places.len()],
        }
    }

    /// Adds what some landings tell; they are numbered through all controls, then beginnings.
    pub(super) fn land(&mut self, controls: &Controls, landed: &[bool]) {
        let trees = controls.list.iter().map(|control| &control.trees);
        let trees = trees.chain(controls.beginnings.iter().map(|beginning| &beginning.trees));
        let mut landed = landed.iter();
        for trees in trees {
            for arrival in &trees.arrivals {
                if landed.next() == Some(&true) {
                    self.arrive(trees, arrival);
                }
            }
        }
    }

    fn arrive(&mut self, trees: &Trees, arrival: &super::trees::Arrival) {
        let input = arrival.input.map(|input| trees.inputs[usize::from(input)].0.pick);
        if let Some(Pick::Choice(choice)) = input {
            self.choices[choice.index()] = true;
        }
        for mark in &arrival.marks {
            match *mark {
                Mark::Scene(scene) => self.scenes[scene as usize] = true,
                Mark::Hinge(hinge) => self.hinges[hinge as usize] = true,
                Mark::Entry(entry) => self.entries[entry as usize] = true,
                Mark::Turn(turn) => self.turns[turn as usize] = true,
                Mark::Event(event) => self.events[event as usize] = true,
                Mark::RunsBack(_) | Mark::WithoutNeeds(_) => {}
            }
        }
    }

    /// Adds what another exploration reached; where prose was looked at, too, what it shows.
    pub(super) fn join(&mut self, other: &Seen, prose: bool) {
        let pairs = [
            (&mut self.scenes, &other.scenes),
            (&mut self.hinges, &other.hinges),
            (&mut self.choices, &other.choices),
            (&mut self.entries, &other.entries),
            (&mut self.turns, &other.turns),
            (&mut self.events, &other.events),
            (&mut self.outcomes, &other.outcomes),
        ];
        for (mine, others) in pairs {
            mine.iter_mut().zip(others).for_each(|(mine, other)| *mine |= other);
        }
        for (mine, other) in self.arms.iter_mut().zip(&other.arms).filter(|_| prose) {
            *mine = (*mine).max(*other);
        }
    }
}
