//! What was found of each place: whether any play comes there, how often, on the way to what.

use super::chart::{Chart, Way, index};
use super::walks::{Walks, endings};
use crate::author::proved::{Chances, Proved};
use crate::engine::Place;
use crate::story::model::{ChoiceId, Holder, SceneId, Story};

/// Where the findings come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Witness {
    /// Every play was gone through.
    Proof,
    /// Plays were gone through as far as was allowed.
    PartOfAProof,
    /// Random plays.
    Sample,
    /// Nothing was asked.
    Nobody,
}

/// Whether plays come to a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Some play does.
    Reached,
    /// No play does, or of random plays none did: see the witness.
    Never,
    /// It isn't known.
    Unknown,
}

/// What was found of a place.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Whether plays come there.
    pub reach: Reach,
    /// The share of random plays that do, of those of its role, 0 to 1.
    pub share: Option<f64>,
    /// What is wrong there, by kind, with a shortest play that shows it.
    pub wrong: Vec<(&'static str, Vec<String>)>,
    /// By ending of the story, then by outcome: of the random plays that come to it the share that comes through here.
    pub on_the_way: Vec<f64>,
}

/// An ending or an outcome.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The ending's node; none for an outcome.
    pub node: Option<usize>,
    /// Its number among what a place is on the way to.
    pub end: usize,
    /// How many random plays ended so.
    pub plays: u32,
    /// Its chances, where they were proved.
    pub odds: Option<Chances>,
}

/// What was found of a story.
#[derive(Clone, Debug, PartialEq)]
pub struct Findings {
    /// By whom.
    pub witness: Witness,
    /// How many random plays there were, of each role.
    pub plays: u32,
    /// By node.
    pub nodes: Vec<Finding>,
    /// By choice: whether some play takes it.
    pub choices: Vec<Reach>,
    /// By choice: the share of the random plays that came to its place in which it was taken.
    pub taken: Vec<Option<f64>>,
    /// By edge and way: whether some play goes it.
    pub ways: Vec<Vec<Reach>>,
    /// Endings, then outcomes.
    pub targets: Vec<Target>,
}

/// Puts together what proving and playing found.
pub fn findings(story: &Story, chart: &Chart, proof: Option<&Proved>, walks: Option<&Walks>) -> Findings {
    let witness = match (proof, walks) {
        (Some(proof), _) if proof.is_complete => Witness::Proof,
        (Some(_), _) => Witness::PartOfAProof,
        (None, Some(_)) => Witness::Sample,
        (None, None) => Witness::Nobody,
    };
    let found = Found { story, chart, proof, walks, witness, is_single: singles(story) };
    Findings {
        witness,
        plays: walks.and_then(|walks| walks.plays.iter().copied().max()).unwrap_or(0),
        nodes: (0..chart.nodes.len()).map(|node| found.node(node)).collect(),
        choices: (0..story.choices.len()).map(|choice| found.choice(choice)).collect(),
        taken: (0..story.choices.len()).map(|choice| found.taken(choice)).collect(),
        ways: chart.edges.iter().map(|edge| edge.ways.iter().map(|way| found.way(edge.to, way)).collect()).collect(),
        targets: found.targets(),
    }
}

struct Found<'a> {
    story: &'a Story,
    chart: &'a Chart,
    proof: Option<&'a Proved>,
    walks: Option<&'a Walks>,
    witness: Witness,
    /// By entry: whether it is the only one of its `goto`.
    is_single: Vec<bool>,
}

impl Found<'_> {
    fn reach(&self, proved: Option<bool>, walked: Option<bool>) -> Reach {
        match (proved, walked) {
            (Some(true), _) | (_, Some(true)) => Reach::Reached,
            (Some(false), _) if self.witness == Witness::Proof => Reach::Never,
            (None, Some(false)) => Reach::Never,
            _ => Reach::Unknown,
        }
    }

    fn node(&self, node: usize) -> Finding {
        let proved = self.proof.map(|proof| !proof.scenes.contains(&self.chart.nodes[node].id));
        let walked = self.walks.map(|walks| walks.places[self.place(node)] > 0);
        Finding {
            reach: self.reach(proved, walked),
            share: self.walks.and_then(|walks| share(walks.places[self.place(node)], self.plays(walks, node))),
            wrong: self.proof.map(|proof| wrong(proof, &self.chart.nodes[node].id)).unwrap_or_default(),
            on_the_way: self
                .walks
                .map(|walks| {
                    walks
                        .ends
                        .iter()
                        .map(|(all, through)| share(through[self.place(node)], *all).unwrap_or(0.0))
                        .collect()
                })
                .unwrap_or_default(),
        }
    }

    fn place(&self, node: usize) -> usize {
        index(self.story, self.chart.nodes[node].place)
    }

    /// The random plays that could have come to a node: those of its role; of all at a hinge.
    fn plays(&self, walks: &Walks, node: usize) -> u32 {
        let lane =
            self.chart.nodes[node].role.and_then(|role| self.chart.roles.iter().position(|known| *known == role));
        lane.map_or_else(|| walks.plays.iter().sum(), |lane| walks.plays[lane])
    }

    fn choice(&self, choice: usize) -> Reach {
        let name = self.story.choice_name(ChoiceId(choice as u32));
        let proved = self.proof.map(|proof| !proof.choices.contains(&name));
        self.reach(proved, self.walks.map(|walks| walks.choices[choice] > 0))
    }

    fn taken(&self, choice: usize) -> Option<f64> {
        let place = self.holder(choice);
        self.walks.and_then(|walks| share(walks.choices[choice], walks.places[place]))
    }

    /// The place to which a choice belongs, by number.
    fn holder(&self, choice: usize) -> usize {
        match self.story.choices[choice].holder {
            Holder::Scene(scene) => scene.index(),
            Holder::Choice(parent) => self.holder(parent.index()),
            Holder::Side(side) => self.story.scenes.len() + self.story.sides[side.index()].hinge.index(),
        }
    }

    /// Whether some play goes a way. The one way of a `goto` is gone with what it belongs to.
    fn way(&self, to: usize, way: &Way) -> Reach {
        let of_choice = way.choice.map(|choice| self.choice(choice.index()));
        let Some(entry) = way.entry.filter(|entry| !self.is_single[*entry]) else {
            return of_choice.unwrap_or(Reach::Unknown);
        };
        let from = way.name.strip_suffix(".continue").unwrap_or(&way.name);
        let start = format!("{from} -> {} (", self.chart.nodes[to].id);
        let proved = self.proof.map(|proof| !proof.ways.iter().any(|way| way.starts_with(&start)));
        let reach = self.reach(proved, self.walks.map(|walks| walks.entries[entry] > 0));
        if of_choice == Some(Reach::Never) { Reach::Never } else { reach }
    }

    fn targets(&self) -> Vec<Target> {
        let plays = |index: usize| self.walks.map_or(0, |walks| walks.ends[index].0);
        let scenes: Vec<SceneId> = endings(self.story);
        let endings = scenes.iter().enumerate().filter_map(|(index, scene)| {
            let node = self.chart.node(self.story, Place::Scene(*scene))?;
            let id = self.chart.nodes[node].id.clone();
            let odds = self.proof.and_then(|proof| proof.endings.get(&id)).copied();
            let title = self.story.scenes[scene.index()].ending.as_deref().unwrap_or_default().to_owned();
            Some(Target { title, node: Some(node), end: index, plays: plays(index), odds, id })
        });
        let outcomes = self.story.outcomes.iter().enumerate().map(|(index, outcome)| Target {
            id: outcome.id.clone(),
            title: outcome.title.clone(),
            node: None,
            end: scenes.len() + index,
            plays: plays(scenes.len() + index),
            odds: self.proof.and_then(|proof| outcome_odds(proof, &outcome.id)),
        });
        endings.chain(outcomes).collect()
    }
}

fn singles(story: &Story) -> Vec<bool> {
    let mut is_single = vec![false; story.gotos.len()];
    let gotos = story.scenes.iter().map(|scene| scene.goto).chain(story.choices.iter().map(|choice| choice.goto));
    let gotos = gotos.chain(story.sides.iter().map(|side| side.goto));
    let outcomes = story.hinge_outcomes.iter().flat_map(|outcome| outcome.gotos.iter().map(|(_, goto)| *goto));
    for goto in gotos.chain(outcomes).filter(|goto| goto.entries.len() == 1) {
        is_single[goto.entries.start as usize] = true;
    }
    is_single
}

fn share(part: u32, whole: u32) -> Option<f64> {
    (whole > 0).then(|| f64::from(part) / f64::from(whole))
}

fn wrong(proof: &Proved, id: &str) -> Vec<(&'static str, Vec<String>)> {
    proof.wrong.iter().filter(|wrong| wrong.at == id).map(|wrong| (wrong.kind, wrong.trace.clone())).collect()
}

/// An outcome's chances over all roles: the least and the greatest, and the mean of the random.
fn outcome_odds(proof: &Proved, id: &str) -> Option<Chances> {
    let own: Vec<&Chances> =
        proof.outcomes.iter().filter(|((_, outcome), _)| outcome == id).map(|(_, odds)| odds).collect();
    let random = own.iter().map(|odds| odds.random).sum::<f64>() / own.len() as f64;
    let least = own.iter().map(|odds| odds.least).reduce(f64::min)?;
    let greatest = own.iter().map(|odds| odds.greatest).reduce(f64::max)?;
    Some(Chances { least, random, greatest })
}
