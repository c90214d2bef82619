//! Whether the record stands whatever the players do: every event of the clock happens on the day
//! on which it happens when nobody acts.
//!
//! Players move the city's variables by little. If the guards of the events hold for every value
//! that a variable can have come to on the event's day, then what happened follows from the day
//! alone, and what the guards read need not be remembered on their account. This over-approximates
//! what players can do, so it may fail to see that a record stands, but never says so wrongly.

use crate::engine::{Observe, Setup, State, start_with};
use crate::lang::{Change, EffectsId, ExprId, Node, Operation, arithmetic, comparison};
use crate::story::layout::Field;
use crate::story::model::{EventId, Goto, Kind, SceneId, Story, Target, VariableId};

/// Whether the record stands whatever the players of any role do.
pub fn is_rigid(story: &Story) -> bool {
    if touches_the_record(story) || story.events.iter().any(|event| event.by_clock && !plain(story, event.effects)) {
        return false;
    }
    let nudges = Nudges::of(story);
    let mut course = Course { story, nudges: &nudges, stands: true, happened: vec![false; story.events.len()] };
    let setup = Setup { roles: Vec::new(), seed: 0, digest: false };
    let _ = start_with(story, &setup, &mut crate::engine::Seeded, &mut course);
    course.stands
}

/// Whether anything that players do brings about or averts an event of the clock, or one that
/// matters to the clock.
fn touches_the_record(story: &Story) -> bool {
    let mut effects = acts(story);
    effects.any(|index| match story.code.effects[index].change {
        Change::Happen(event) | Change::Avert(event) => {
            let event = &story.events[event.index()];
            event.by_clock || !event.needed_by.is_empty() || !plain(story, event.effects)
        }
        Change::Set { .. } | Change::Add { .. } => false,
    })
}

/// The effects of what players do: of everything but events.
fn acts(story: &Story) -> impl Iterator<Item = usize> + '_ {
    let scenes = story.scenes.iter().map(|scene| scene.effects);
    let choices = story.choices.iter().map(|choice| choice.effects);
    let gotos = story.gotos.iter().map(|entry| entry.effects);
    let outcomes = story.hinge_outcomes.iter().map(|outcome| outcome.effects);
    scenes.chain(choices).chain(gotos).chain(outcomes).flat_map(EffectsId::range)
}

/// Whether effects only add numbers, or set constants, always.
fn plain(story: &Story, effects: EffectsId) -> bool {
    effects.range().all(|index| {
        let effect = &story.code.effects[index];
        effect.guard.is_none()
            && match effect.change {
                Change::Add { .. } => true,
                Change::Set { value, .. } => matches!(story.code.node(value), Node::Constant(_)),
                Change::Happen(_) | Change::Avert(_) => false,
            }
    })
}

/// How far players can have moved each variable, down and up, in any play.
struct Nudges(Vec<(i64, i64)>);

impl Nudges {
    fn of(story: &Story) -> Nudges {
        let count = story.variables.len();
        let mut nudges = vec![(0, 0); count];
        for (index, variable) in story.variables.iter().enumerate().filter(|(_, variable)| variable.field.is_some()) {
            let span = match variable.kind {
                Kind::Integer(min, max) => max - min,
                Kind::Flag => 1,
                Kind::Symbol(ref names) => names.len() as i64,
            };
            let id = VariableId(index as u32);
            nudges[index] = (Longest::of(story, id, -1).min(span), Longest::of(story, id, 1).min(span));
        }
        Nudges(nudges)
    }

    /// The bounds of a field when nobody's course has it at `value`.
    fn around(&self, story: &Story, field: Field, value: i64) -> (i64, i64) {
        let variable = story.variables.iter().position(|variable| variable.field == Some(field));
        variable.map_or((value, value), |index| (value - self.0[index].0, value + self.0[index].1))
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
}

impl Longest<'_> {
    fn of(story: &Story, variable: VariableId, sign: i64) -> i64 {
        let places = story.scenes.len() + story.hinges.len();
        let mut longest = Longest { story, variable, sign, known: vec![None; places], open: vec![false; places] };
        // Storylets that are used up add what they can once; others may come again and again.
        let starts = story.roles.iter().filter_map(|role| role.start);
        let main: i64 = starts.map(|start| longest.from(start)).fold(0, i64::saturating_add);
        let mut drawn = 0i64;
        for (index, scene) in story.scenes.iter().enumerate() {
            if let Some(storylet) = &scene.storylet {
                let most = longest.from(Target::Scene(SceneId(index as u32)));
                drawn = drawn.saturating_add(if most > 0 && !storylet.once { ENDLESS } else { most });
            }
        }
        let hinges: i64 = (0..story.hinges.len()).map(|index| longest.at_hinge(index)).fold(0, i64::saturating_add);
        // Events that players bring about happen once.
        let brought = acts(story).filter_map(|index| match story.code.effects[index].change {
            Change::Happen(event) => Some(event),
            _ => None,
        });
        let brought: std::collections::BTreeSet<EventId> = brought.collect();
        let events = brought.iter().map(|event| longest.gain(story.events[event.index()].effects));
        let events = events.fold(0, i64::saturating_add);
        main.saturating_add(drawn).saturating_add(hinges).saturating_add(events).min(ENDLESS)
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
        let most = if most > 0 && self.goes_round(place) { ENDLESS } else { most };
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

    /// Whether a place leads back to itself, drawing apart.
    fn goes_round(&self, place: usize) -> bool {
        let story = self.story;
        let mut seen = vec![false; self.known.len()];
        let mut ahead = vec![place];
        while let Some(at) = ahead.pop() {
            for target in ways(story, at) {
                let next = match target {
                    Target::Scene(scene) => scene.index(),
                    Target::Hinge(hinge) => story.scenes.len() + hinge.index(),
                    Target::Return => continue,
                };
                if next == place {
                    return true;
                }
                if !std::mem::replace(&mut seen[next], true) {
                    ahead.push(next);
                }
            }
        }
        false
    }
}

/// Where a place leads by `goto`.
pub(super) fn ways(story: &Story, place: usize) -> Vec<Target> {
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

/// Follows the course that nobody disturbs and asks of every event whether it would have happened
/// in every other.
struct Course<'s> {
    story: &'s Story,
    nudges: &'s Nudges,
    stands: bool,
    happened: Vec<bool>,
}

impl Observe for Course<'_> {
    fn happened(&mut self, story: &Story, state: &State, event: EventId, _: crate::calendar::Day) {
        self.happened[event.index()] = true;
        let guard = story.events[event.index()].guard;
        if guard.is_some_and(|guard| self.holds(state, guard) != (true, false)) {
            self.stands = false;
        }
    }

    fn passed(&mut self, story: &Story, state: &State, day: crate::calendar::Day) {
        // One that is late in this course may be on time in another.
        let due = |event: &&EventId| story.events[event.index()].date.is_some_and(|date| date <= day);
        let late = story.clock.iter().filter(due).any(|event| {
            !self.happened[event.index()]
                && story.events[event.index()].date.is_some_and(|date| date >= story.manifest.begins)
        });
        self.stands &= !late;
        let _ = state;
    }
}

impl Course<'_> {
    /// Whether a guard can hold, and whether it can fail, whatever the players did.
    fn holds(&self, state: &State, expr: ExprId) -> (bool, bool) {
        let node = self.story.code.node(expr);
        match node {
            Node::FieldIs(field, how, number) => {
                comparison(how, self.nudges.around(self.story, field, state.get(field)), (number.into(), number.into()))
            }
            Node::Compare(how, a, b) => match (self.number(state, a), self.number(state, b)) {
                (Some(a), Some(b)) => comparison(how, a, b),
                _ => (true, true),
            },
            Node::Not(inner) => {
                let (holds, fails) = self.holds(state, inner);
                (fails, holds)
            }
            Node::Binary(Operation::And, a, b) => {
                let (a, b) = (self.holds(state, a), self.holds(state, b));
                (a.0 && b.0, a.1 || b.1)
            }
            Node::Binary(Operation::Or, a, b) => {
                let (a, b) = (self.holds(state, a), self.holds(state, b));
                (a.0 || b.0, a.1 && b.1)
            }
            Node::Happened(event) if self.story.events[event.index()].by_clock => {
                let happened = self.happened[event.index()]
                    || self.story.events[event.index()].date.is_some_and(|date| date < self.story.manifest.begins);
                (happened, !happened)
            }
            Node::Constant(truth) => (truth != 0, truth == 0),
            _ => (true, true),
        }
    }

    fn number(&self, state: &State, expr: ExprId) -> Option<(i64, i64)> {
        match self.story.code.node(expr) {
            Node::Constant(number) => Some((number, number)),
            Node::Field(field) => Some(self.nudges.around(self.story, field, state.get(field))),
            Node::Binary(operation, a, b) if !matches!(operation, Operation::And | Operation::Or) => {
                let (a, b) = (self.number(state, a)?, self.number(state, b)?);
                if matches!(operation, Operation::Divide | Operation::Remainder) && b.0 <= 0 && b.1 >= 0 {
                    return None;
                }
                Some(arithmetic(operation, a, b))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::is_rigid;
    use crate::story::{Sources, Story, load};

    fn story(effect: &str, guard: &str) -> Story {
        let text = format!(
            "[story]\nformat = 1\nid = \"t\"\ntitle = \"T\"\nbegins = 1917-02-01\nends = 1917-03-01\nstart = \"a\"\n\
             [world]\nfear = 50\n[[event]]\nid = \"e\"\ntitle = \"E\"\ndate = 1917-02-10\nif = \"{guard}\"\nsources = [\"s\"]\n\
             [[event]]\nid = \"f\"\ntitle = \"F\"\ndate = 1917-02-09\ndo = \"fear += 5\"\nsources = [\"s\"]\n\
             [[scene]]\nid = \"a\"\ntext = \"{{fear}}\"\ngoto = \"z\"\n[[scene.choice]]\nid = \"c\"\ntext = \"C.\"\ndo = \"{effect}\"\n\
             [[scene]]\nid = \"z\"\nending = \"Z\"\n[[outcome]]\nid = \"o\"\ntitle = \"O\"\nhistorical = true\n"
        );
        load(&Sources::single("t.toml", &text), None).story.expect("it loads")
    }

    #[test]
    fn a_record_stands_where_no_nudge_reaches_a_threshold() {
        let passing = story("fear -= 4", "fear >= 50");
        assert!(!is_rigid(&passing), "a question in passing can be asked again and again");
        let leading = |effect: &str, guard: &str| {
            let mut story = story(effect, guard);
            story.choices[0].goto = story.scenes[0].goto;
            story
        };
        assert!(is_rigid(&leading("fear -= 4", "fear >= 50")));
        assert!(!is_rigid(&leading("fear -= 6", "fear >= 50")));
        assert!(!is_rigid(&leading("fear = 50", "fear >= 50")), "a value that is set may be any");
        assert!(!is_rigid(&leading("avert f", "fear >= 50")));
    }
}
