//! A play to a place: the shortest, where all could be gone through, else a short one.

mod route; // a play, line by line
mod search; // breadth first
mod slice; // what can decide whether a play gets there
mod states; // an exact set of states
mod wander; // random plays, made shorter
mod ways; // from place to place

pub use self::route::{Move, Route};
pub use self::search::until;

use crate::story::model::{ChoiceId, HingeId, OutcomeId, RoleId, SceneId, Story};

/// Where a play is wanted to lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    /// Into a scene; an ending is one.
    Scene(SceneId),
    /// To a hinge.
    Hinge(HingeId),
    /// To where a choice can be taken.
    Choice(ChoiceId),
    /// To the end, with this outcome for the city.
    Outcome(OutcomeId),
}

/// How the play that is looked for begins.
#[derive(Clone, Debug)]
pub struct Opening {
    /// Who is played.
    pub roles: Vec<RoleId>,
    /// The seed of the play, where it is given: its beginning falls out so. What is left to chance
    /// later falls as it has to.
    pub seed: Option<u64>,
    /// Whether the short course is asked for.
    pub digest: bool,
}

/// How far is looked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// States at most.
    pub states: usize,
    /// Bytes at most.
    pub bytes: usize,
    /// Random plays, where the states are too many.
    pub plays: u32,
}

/// What became of looking for a play.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// A shortest play there: no other takes fewer inputs.
    Shortest(Route),
    /// A play there. There were too many states to go through, so there may be a shorter one.
    Short(Route),
    /// No play leads there.
    Nothing,
    /// There were too many states to go through, and no random play came there.
    Unknown,
}

impl Goal {
    /// The scene, hinge, choice (`scene.choice`, `hinge.role.choice`) or outcome of this name; an
    /// outcome that has the name of a scene is called `outcome:name`.
    pub fn named(story: &Story, name: &str) -> Option<Goal> {
        let outcome = |name: &str| {
            let index = story.outcomes.iter().position(|outcome| outcome.id == name);
            index.map(|index| Goal::Outcome(OutcomeId(index as u32)))
        };
        if let Some(name) = name.strip_prefix("outcome:") {
            return outcome(name);
        }
        let choice = || (0..story.choices.len() as u32).map(ChoiceId).find(|choice| story.choice_name(*choice) == name);
        let scene = || story.scene_named(name).map(Goal::Scene);
        let hinge = || story.hinge_named(name).map(Goal::Hinge);
        scene().or_else(hinge).or_else(|| outcome(name)).or_else(|| choice().map(Goal::Choice))
    }

    /// The one role whose plays can lead there, where there is one.
    pub fn role(self, story: &Story) -> Option<RoleId> {
        match self {
            Goal::Scene(scene) => Some(story.scenes[scene.index()].role),
            Goal::Choice(choice) => Some(story.role_of(choice)),
            Goal::Hinge(_) | Goal::Outcome(_) => None,
        }
    }
}
