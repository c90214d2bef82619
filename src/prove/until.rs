//! The shortest play to a place.

use super::aim::{Aim, Questions};
use super::arms::Arms;
use super::controls::Controls;
use super::items::Mark;
use super::live::Live;
use super::order::Order;
use super::packed::Program;
use super::sweep::{Limits, Manner, sweep};
use super::trace::{Trace, along, read};
use super::walk::{Met, Walk};
use crate::engine::{Pick, Setup, start};
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

/// What became of looking for a play.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// A shortest play there: no other takes fewer inputs.
    Shortest(Trace),
    /// No play leads there.
    Nothing,
    /// There were too many plays to go through.
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

/// Finds a shortest play to a goal: no other takes fewer inputs.
pub fn until(story: &Story, opening: &Opening, goal: Goal, limits: &Limits) -> Found {
    let arms = Arms::of(story);
    let mut controls = Controls::of(story, &opening.roles, &arms, limits);
    if !controls.complete {
        return Found::Unknown;
    }
    let order = controls.order();
    let questions = Questions::of(story, &mut controls, &[]);
    let aim = Aim::of(&controls, &questions, &[]);
    let aim = if matches!(goal, Goal::Outcome(_)) { aim.with_outcomes(&questions) } else { aim };
    let live = Live::of(&controls, &order, &aim);
    let search = Search { story, opening, goal, order: &order, questions: &questions, limits };
    super::packed!(&controls, &live, &aim, |program| search.run(&program), Found::Unknown)
}

struct Search<'a> {
    story: &'a Story,
    opening: &'a Opening,
    goal: Goal,
    order: &'a Order,
    questions: &'a Questions,
    limits: &'a Limits,
}

impl Search<'_> {
    fn run<const W: usize>(&self, program: &Program<'_, W>) -> Found {
        let controls = program.controls;
        let space = sweep(program, self.order, Manner { keep: true, laws: 0, looks: 0 }, self.limits);
        let mark = match self.goal {
            Goal::Scene(scene) => Some(Mark::Scene(scene.0)),
            Goal::Hinge(hinge) => Some(Mark::Hinge(hinge.0)),
            Goal::Choice(_) | Goal::Outcome(_) => None,
        };
        let arrivals = |control: usize| match controls.list.get(control) {
            Some(declared) => &declared.trees.arrivals,
            None => &controls.beginnings[control - controls.list.len()].trees.arrivals,
        };
        let marked = |landing: u32| {
            let control = program.first_landing.partition_point(|first| *first <= landing) - 1;
            let arrival = &arrivals(control)[(landing - program.first_landing[control]) as usize];
            mark.is_some_and(|mark| arrival.marks.contains(&mark))
        };
        let seeded = self.opening.seed.map(|seed| {
            start(self.story, &Setup { roles: self.opening.roles.clone(), seed, digest: self.opening.digest })
        });
        let begins = |beginning: usize, landing: u32, data: &super::cells::Data<W>| {
            let to = program.landings[landing as usize].to;
            let shape = &program.shapes[to as usize];
            let so = seeded.as_ref().is_none_or(|state| {
                controls.find(state) == Some(to) && shape.forget(&read(program, state)) == shape.forget(data)
            });
            controls.beginnings[beginning].digest == self.opening.digest && so
        };
        let mut met = None;
        let leads = vec![true; controls.list.len()];
        let walk = Walk::go(&space, &leads, &begins, |spot, what| {
            let is_there = match what {
                Met::Landing(landing, _) => marked(landing),
                Met::State(control, _, data, open) => match self.goal {
                    Goal::Choice(choice) => {
                        let inputs = &controls.list[control as usize].trees.inputs;
                        let is = |input: &u16| inputs[usize::from(*input)].0.pick == Pick::Choice(choice);
                        program.offered(control, data).iter().any(is)
                    }
                    Goal::Outcome(outcome) => {
                        let outcomes = &self.questions.outcomes[control as usize];
                        let held = outcomes.iter().find(|(_, asked)| program.value(*asked, data) != 0);
                        !open && held.is_some_and(|(held, _)| *held == outcome.0)
                    }
                    Goal::Scene(_) | Goal::Hinge(_) => false,
                },
            };
            if is_there {
                met = met.or(Some(spot));
            }
            is_there
        });
        let trace = met.and_then(|spot| along(self.story, &space, &walk.way(spot), self.opening.seed));
        match trace {
            Some((trace, _)) => Found::Shortest(trace),
            None if met.is_none() && space.complete => Found::Nothing,
            None => Found::Unknown,
        }
    }
}
