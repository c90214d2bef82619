//! Many plays, counted.

use super::reader::{Reader, Shown};
use super::sampler::{End, Played, Sampler};
use crate::story::Story;
use crate::story::model::{ChoiceId, HingeId, OutcomeId, RoleId, SceneId};

/// Least, middle and greatest of some numbers; all 0 where there are none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Spread {
    /// The least.
    pub least: u32,
    /// The one in the middle, the lower of two.
    pub median: u32,
    /// The greatest.
    pub greatest: u32,
}

impl Spread {
    /// The spread of numbers of which so many are 0, 1, 2 and so on.
    pub fn of_counts(counts: &[u64]) -> Spread {
        let all: u64 = counts.iter().sum();
        let at = |rank: u64| {
            let mut sum = 0;
            let is_there = |count: &u64| {
                sum += count;
                sum > rank
            };
            counts.iter().position(is_there).unwrap_or_default() as u32
        };
        Spread { least: at(0), median: at(all.saturating_sub(1) / 2), greatest: at(all.saturating_sub(1)) }
    }

    /// The spread of these numbers.
    pub fn of(numbers: &[u32]) -> Spread {
        let mut sorted = numbers.to_vec();
        sorted.sort_unstable();
        let at = |index: usize| sorted.get(index).copied().unwrap_or_default();
        Spread {
            least: at(0),
            median: at(sorted.len().saturating_sub(1) / 2),
            greatest: at(sorted.len().saturating_sub(1)),
        }
    }
}

/// What the plays came to see of a story, as far as the roles that were played can.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Coverage {
    /// Scenes and hinges that could be seen.
    pub scenes: usize,
    /// Choices that could be taken.
    pub choices: usize,
    /// Scenes and hinges that no play came to, by id.
    pub unseen_scenes: Vec<String>,
    /// Choices that no play took, by name.
    pub unseen_choices: Vec<String>,
}

impl Coverage {
    /// The share of the scenes that was seen, 0 to 1.
    pub fn of_scenes(&self) -> f64 {
        share(self.scenes, self.unseen_scenes.len())
    }

    /// The share of the choices that was taken, 0 to 1.
    pub fn of_choices(&self) -> f64 {
        share(self.choices, self.unseen_choices.len())
    }
}

fn share(all: usize, missing: usize) -> f64 {
    if all == 0 { 1.0 } else { (all - missing) as f64 / all as f64 }
}

/// Many random plays.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// How many.
    pub plays: u64,
    /// Whether they took the short course.
    pub digest: bool,
    /// Choices taken in all.
    pub choices: u64,
    /// Choices taken where there was another, in all.
    pub decisions: u64,
    /// Of these, those that wrote something for which the play asked later.
    pub remembered: u64,
    /// Of these, those for which it asked two months later or more.
    pub long_remembered: u64,
    /// How many plays ended in each ending, in the order of declaration.
    pub endings: Vec<(SceneId, u64)>,
    /// How many plays came to each outcome, in the order of declaration.
    pub outcomes: Vec<(OutcomeId, u64)>,
    /// Choices per play.
    pub choices_per_play: Spread,
    /// Words per play.
    pub words_per_play: Spread,
    /// Words on a screen of prose.
    pub words_per_screen: Spread,
    /// What was read where, most words first.
    pub places: Vec<(Where, Shown)>,
    /// The mean share of the record that was kept, 0 to 1.
    pub fidelity: f64,
    /// What was seen.
    pub coverage: Coverage,
    /// How many plays came to no end.
    pub unended: u64,
    /// The first of these.
    pub first_unended: Option<End>,
    roles: Vec<RoleId>,
    each_choices: Vec<u32>,
    each_words: Vec<u32>,
}

impl Tally {
    /// A tally of no plays yet, of these roles.
    pub fn new(story: &Story, roles: &[RoleId], digest: bool) -> Tally {
        let is_ending = |id: &SceneId| {
            let scene = &story.scenes[id.index()];
            scene.ending.is_some() && roles.contains(&scene.role)
        };
        let scenes = (0..story.scenes.len() as u32).map(SceneId);
        Tally {
            roles: roles.to_vec(),
            digest,
            endings: scenes.filter(is_ending).map(|scene| (scene, 0)).collect(),
            outcomes: (0..story.outcomes.len() as u32).map(|index| (OutcomeId(index), 0)).collect(),
            ..Tally::default()
        }
    }

    /// Counts a play.
    pub fn count(&mut self, played: &Played) {
        self.plays += 1;
        self.choices += u64::from(played.choices);
        self.decisions += u64::from(played.decisions);
        self.remembered += u64::from(played.remembered);
        self.long_remembered += u64::from(played.long_remembered);
        self.each_choices.push(played.choices);
        self.each_words.push(played.words);
        self.fidelity += played.fidelity;
        for (scene, count) in &mut self.endings {
            *count += u64::from(played.endings.contains(scene));
        }
        match &played.end {
            End::Over(outcome) => {
                if let Some(outcome) = outcome {
                    self.outcomes[outcome.index()].1 += 1;
                }
            }
            unended => {
                self.unended += 1;
                self.first_unended.get_or_insert_with(|| unended.clone());
            }
        }
    }

    /// Works out what only all the plays together tell.
    #[must_use]
    pub fn finish(mut self, story: &Story, sampler: &Sampler<'_>) -> Tally {
        self.choices_per_play = Spread::of(&self.each_choices);
        self.words_per_play = Spread::of(&self.each_words);
        self.words_per_screen = Spread::of_counts(sampler.reader().screens());
        self.places = places(story, sampler.reader());
        self.fidelity /= self.plays.max(1) as f64;
        self.coverage = self.covered(story, sampler);
        self
    }

    fn covered(&self, story: &Story, sampler: &Sampler<'_>) -> Coverage {
        let mut coverage = Coverage::default();
        for (index, scene) in story.scenes.iter().enumerate().filter(|(_, scene)| self.roles.contains(&scene.role)) {
            coverage.scenes += 1;
            if !sampler.has_seen(SceneId(index as u32)) {
                coverage.unseen_scenes.push(scene.id.to_string());
            }
        }
        for (index, hinge) in story.hinges.iter().enumerate() {
            let sides = &story.sides[hinge.sides.range()];
            if !sides.iter().any(|side| self.roles.contains(&side.role)) {
                continue;
            }
            coverage.scenes += 1;
            if !sampler.has_reached(HingeId(index as u32)) {
                coverage.unseen_scenes.push(hinge.id.to_string());
            }
        }
        for choice in (0..story.choices.len() as u32).map(ChoiceId) {
            if !self.roles.contains(&story.role_of(choice)) {
                continue;
            }
            coverage.choices += 1;
            if !sampler.has_taken(choice) {
                coverage.unseen_choices.push(story.choice_name(choice));
            }
        }
        coverage
    }
}

/// Where something was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Where {
    /// In a scene.
    Scene(SceneId),
    /// At a hinge.
    Hinge(HingeId),
    /// In the news, between scenes.
    News,
    /// In what became of the city.
    Outcomes,
}

/// Where something was read, most words first.
fn places(story: &Story, reader: &Reader) -> Vec<(Where, Shown)> {
    let scenes = (0..story.scenes.len() as u32).map(SceneId).map(|scene| (Where::Scene(scene), reader.of_scene(scene)));
    let hinges = (0..story.hinges.len() as u32).map(HingeId).map(|hinge| (Where::Hinge(hinge), reader.of_hinge(hinge)));
    let others = [(Where::News, reader.of_news()), (Where::Outcomes, reader.of_outcomes())];
    let mut places: Vec<(Where, Shown)> = scenes.chain(hinges).chain(others).collect();
    places.retain(|(_, shown)| shown.plays > 0);
    places.sort_by_key(|(_, shown)| std::cmp::Reverse(shown.words));
    places
}

#[cfg(test)]
mod tests {
    use super::Spread;

    #[test]
    fn the_middle_is_the_lower_of_two() {
        assert_eq!(Spread::of(&[]), Spread::default());
        assert_eq!(Spread::of(&[4, 1, 3, 2]), Spread { least: 1, median: 2, greatest: 4 });
        assert_eq!(Spread::of_counts(&[]), Spread::default());
        assert_eq!(Spread::of_counts(&[0, 1, 1, 1, 1]), Spread { least: 1, median: 2, greatest: 4 });
        assert_eq!(Spread::of_counts(&[2, 0, 0, 1]), Spread { least: 0, median: 0, greatest: 3 });
    }
}
