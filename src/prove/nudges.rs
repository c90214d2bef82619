//! How far players can move the city's variables.
//!
//! What events do to a variable follows from which of them happened, and that is control. What
//! players do beside is little: the most that one play can add along its longest way is counted
//! here, more than plays can reach, never less.

use super::fields::{DataField, Means};
use super::order::Order;
use crate::engine::State;
use crate::lang::{Change, EffectsId, Node};
use crate::story::model::{Goto, Kind, RoleId, SceneId, Story, Target, VariableId};

/// How far players can have moved each variable, down and up, in any play, from the course that the
/// events that happened have given it.
pub struct Nudges(Vec<(i64, i64)>);

impl Nudges {
    /// Those of plays of some roles.
    pub fn of(story: &Story, roles: &[RoleId]) -> Nudges {
        let count = story.variables.len();
        let mut nudges = vec![(0, 0); count];
        let round = rounds(story);
        for (index, variable) in story.variables.iter().enumerate().filter(|(_, variable)| variable.field.is_some()) {
            let span = match variable.kind {
                Kind::Integer(min, max) => max - min,
                Kind::Flag => 1,
                Kind::Symbol(ref names) => names.len() as i64,
            };
            let id = VariableId(index as u32);
            let longest = |sign| Longest::of(story, roles, (id, sign), &round).min(span);
            nudges[index] = if by_events(story, id) { (longest(-1), longest(1)) } else { (span, span) };
        }
        Nudges(nudges)
    }

    /// Where the field of a variable can lie, in the control of a state whose variables are as the
    /// events alone have made them; `None` of other fields.
    pub fn around(&self, field: &DataField, state: &State) -> Option<(u32, u32)> {
        let Means::Variable(variable) = field.means else { return None };
        let (down, up) = self.0[variable.index()];
        let course = state.get(field.field);
        let least = course.saturating_sub(down).max(field.min);
        // Down to the step below, up to the step above: a course lies on the steps anyway.
        Some((field.index(least), field.index(course.saturating_add(up))))
    }
}

/// Without bound.
const ENDLESS: i64 = i64::MAX / 4;

/// The most that one play can move a variable one way, over all roles together: what is read along
/// the longest way through each role's scenes, hinges counted once for every side.
struct Longest<'s> {
    story: &'s Story,
    variable: VariableId,
    sign: i64,
    known: Vec<Option<i64>>,
    /// On the way here: what is met again goes round.
    open: Vec<bool>,
    /// By place: whether it leads back to itself.
    round: &'s [bool],
}

impl Longest<'_> {
    fn of(story: &Story, roles: &[RoleId], (variable, sign): (VariableId, i64), round: &[bool]) -> i64 {
        let places = story.scenes.len() + story.hinges.len();
        let mut longest =
            Longest { story, variable, sign, known: vec![None; places], open: vec![false; places], round };
        // Storylets that are used up add what they can once; others may come again and again.
        let starts = roles.iter().filter_map(|role| story.roles[role.index()].start);
        let main: i64 = starts.map(|start| longest.from(start)).fold(0, i64::saturating_add);
        let mut drawn = 0i64;
        for (index, scene) in story.scenes.iter().enumerate() {
            if let Some(storylet) = &scene.storylet {
                let most = longest.from(Target::Scene(SceneId(index as u32)));
                drawn = drawn.saturating_add(if most > 0 && !storylet.once { ENDLESS } else { most });
            }
        }
        let hinges: i64 = (0..story.hinges.len()).map(|index| longest.at_hinge(index)).fold(0, i64::saturating_add);
        main.saturating_add(drawn).saturating_add(hinges).min(ENDLESS)
    }

    /// What effects can add in the direction asked about.
    fn gain(&self, effects: EffectsId) -> i64 {
        let of = |index: usize| match self.story.code.effects[index].change {
            Change::Add { variable, by, .. } if variable == self.variable => (i64::from(by) * self.sign).max(0),
            Change::Set { variable, .. } if variable == self.variable => ENDLESS,
            _ => 0,
        };
        effects.range().map(of).fold(0, i64::saturating_add).min(ENDLESS)
    }

    fn from(&mut self, to: Target) -> i64 {
        let place = match to {
            Target::Scene(scene) => scene.index(),
            Target::Hinge(hinge) => self.story.scenes.len() + hinge.index(),
            // Back to a scene that draws: counted where the storylet is drawn.
            Target::Return => return 0,
        };
        if let Some(known) = self.known[place] {
            return known;
        }
        if self.open[place] {
            // Round and round: harmless only if nothing is moved on the way round, which the
            // scene that closes the circle finds out below.
            return 0;
        }
        self.open[place] = true;
        let most = match to {
            Target::Scene(scene) => self.scene(scene),
            Target::Hinge(hinge) => {
                let sides = self.story.hinges[hinge.index()].sides.range();
                let ways: Vec<Goto> =
                    sides.map(|side| self.story.sides[side].goto).chain(self.outcome_gotos(hinge.index())).collect();
                ways.into_iter().map(|goto| self.goto(goto)).max().unwrap_or(0)
            }
            Target::Return => 0,
        };
        self.open[place] = false;
        let most = if most > 0 && self.round[place] { ENDLESS } else { most };
        self.known[place] = Some(most);
        most
    }

    fn outcome_gotos(&self, hinge: usize) -> Vec<Goto> {
        let outcomes = self.story.hinges[hinge].outcomes.range();
        outcomes.flat_map(|index| self.story.hinge_outcomes[index].gotos.iter().map(|(_, goto)| *goto)).collect()
    }

    fn scene(&mut self, scene: SceneId) -> i64 {
        let story = self.story;
        let declared = &story.scenes[scene.index()];
        // A scene that draws is entered again after each storylet.
        let entry = self.gain(declared.effects);
        let entry = if entry > 0 && declared.draw.is_some() { ENDLESS } else { entry };
        let (passing, leading) = self.choices(declared.choices.range());
        let ahead = leading.max(self.goto(declared.goto));
        entry.saturating_add(passing).saturating_add(ahead).min(ENDLESS)
    }

    /// What choices can add: those answered in passing all together, of the others the most.
    fn choices(&mut self, choices: std::ops::Range<usize>) -> (i64, i64) {
        let story = self.story;
        let (mut passing, mut leading) = (0i64, 0i64);
        for index in choices {
            let choice = &story.choices[index];
            let own = self.gain(choice.effects);
            let (below, deeper) = self.choices(choice.nested.range());
            let own = own.saturating_add(below);
            let stays = choice.goto.entries.is_empty()
                || choice.goto.entries.range().all(|entry| story.gotos[entry].guard.is_some());
            if stays && choice.nested.is_empty() {
                passing = passing.saturating_add(if own > 0 && !choice.once { ENDLESS } else { own });
            }
            leading = leading.max(own.saturating_add(deeper.max(self.goto(choice.goto))));
        }
        (passing.min(ENDLESS), leading.min(ENDLESS))
    }

    fn goto(&mut self, goto: Goto) -> i64 {
        let story = self.story;
        let mut most = 0;
        for index in goto.entries.range() {
            let entry = &story.gotos[index];
            most = most.max(self.gain(entry.effects).saturating_add(self.from(entry.to)));
        }
        most.min(ENDLESS)
    }

    /// What a hinge's sides and outcomes add: each side its best choice.
    fn at_hinge(&self, hinge: usize) -> i64 {
        let story = self.story;
        let declared = &story.hinges[hinge];
        let best = |side: usize| {
            story.sides[side].choices.range().map(|choice| self.gain(story.choices[choice].effects)).max().unwrap_or(0)
        };
        let sides: i64 = declared.sides.range().map(best).fold(0, i64::saturating_add);
        let outcomes = declared.outcomes.range().map(|index| self.gain(story.hinge_outcomes[index].effects)).max();
        sides.saturating_add(outcomes.unwrap_or(0))
    }
}

/// By place: whether it leads back to itself, drawing apart.
fn rounds(story: &Story) -> Vec<bool> {
    let ways: Vec<Vec<u32>> =
        (0..story.scenes.len() + story.hinges.len()).map(|place| places(story, place).collect()).collect();
    let mut round = vec![false; ways.len()];
    for part in Order::of(ways.len(), &ways).parts() {
        let circle = part.len() > 1 || ways[part[0] as usize].contains(&part[0]);
        part.iter().for_each(|place| round[*place as usize] = circle);
    }
    round
}

/// The places to which a place leads by `goto`: scenes first, then hinges.
pub fn places(story: &Story, place: usize) -> impl Iterator<Item = u32> {
    let scenes = story.scenes.len() as u32;
    ways(story, place).into_iter().filter_map(move |target| match target {
        Target::Scene(scene) => Some(scene.0),
        Target::Hinge(hinge) => Some(scenes + hinge.0),
        Target::Return => None,
    })
}

/// Where a place leads by `goto`.
fn ways(story: &Story, place: usize) -> Vec<Target> {
    let mut gotos = Vec::new();
    if let Some(scene) = story.scenes.get(place) {
        gotos.push(scene.goto);
        let mut lists = vec![scene.choices];
        while let Some(list) = lists.pop() {
            for index in list.range() {
                gotos.push(story.choices[index].goto);
                lists.push(story.choices[index].nested);
            }
        }
    } else {
        let hinge = &story.hinges[place - story.scenes.len()];
        gotos.extend(hinge.sides.range().map(|side| story.sides[side].goto));
        gotos.extend(
            hinge.outcomes.range().flat_map(|index| story.hinge_outcomes[index].gotos.iter().map(|(_, goto)| *goto)),
        );
    }
    gotos
        .into_iter()
        .flat_map(|goto| goto.entries.range().map(|index| story.gotos[index].to).collect::<Vec<_>>())
        .collect()
}

/// Whether events only add numbers to a variable, or set it to constants, always.
fn by_events(story: &Story, variable: VariableId) -> bool {
    story.events.iter().flat_map(|event| event.effects.range()).all(|index| {
        let effect = &story.code.effects[index];
        match effect.change {
            Change::Add { variable: of, .. } if of == variable => effect.guard.is_none(),
            Change::Set { variable: of, value, .. } if of == variable => {
                effect.guard.is_none() && matches!(story.code.node(value), Node::Constant(_))
            }
            _ => true,
        }
    })
}
