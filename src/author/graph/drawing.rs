//! All that a picture is drawn from: the places, where they lie, and what was found of them.

use super::chart::{Chart, Edge, Kind, chart};
use super::dates::is_dated;
use super::findings::{Findings, Reach, Witness, findings};
use super::layout::{Layout, layout};
use super::walks::walks;
use crate::author::proved::proved;
use crate::calendar::{Day, both_dates, long_date};
use crate::catalogue::Catalogue;
use crate::story::model::{RoleId, Story};
use crate::{tr, trn};

/// What the picture is to tell.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Whose places; those of all who have any where there are none.
    pub roles: Vec<RoleId>,
    /// Random plays of each role.
    pub plays: u32,
    /// What they follow from.
    pub seed: u64,
    /// States at most that are gone through to prove what no play reaches; 0 proves nothing.
    pub max_states: usize,
}

/// A story, ready to be drawn.
pub struct Drawing<'a> {
    /// The story.
    pub story: &'a Story,
    /// Its places and ways.
    pub chart: Chart,
    /// Where they lie.
    pub layout: Layout,
    /// What was found of them.
    pub findings: Findings,
    /// Whether places have days at all.
    pub is_dated: bool,
    language: String,
}

/// What all the ways from one place to another have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marks {
    /// The record went one of them.
    pub is_historical: bool,
    /// Each depends on a guard.
    pub is_guarded: bool,
    /// Each is left to chance.
    pub is_chance: bool,
    /// No play goes any.
    pub is_never: bool,
    /// It doesn't lie further right where they lead.
    pub leads_back: bool,
}

impl<'a> Drawing<'a> {
    /// Plays and proves as is asked, and lays out what there is.
    pub fn of(story: &'a Story, asked: &Asked, words: &Catalogue) -> Drawing<'a> {
        let chart = chart(story, &asked.roles);
        let layout = layout(story, &chart, words);
        let playable: Vec<RoleId> = story.playable().filter(|role| chart.roles.contains(role)).collect();
        let proof = (asked.max_states > 0).then(|| proved(story, &playable, asked.max_states));
        let walks = (asked.plays > 0).then(|| walks(story, &chart, asked.plays, asked.seed));
        let findings = findings(story, &chart, proof.as_ref(), walks.as_ref());
        Drawing { story, is_dated: is_dated(story), chart, layout, findings, language: words.language().to_owned() }
    }

    /// A day as it stands on a box: `23 Feb`.
    pub fn short_day(&self, day: Day) -> String {
        let long = long_date(&self.language, self.story.manifest.calendar, day);
        let mut words = long.split(' ').filter(|word| *word != "de");
        let (number, month) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        format!("{number} {}", month.chars().take(3).collect::<String>())
    }

    /// A day in both calendars.
    pub fn long_day(&self, day: Day, words: &Catalogue) -> String {
        both_dates(words.language(), self.story.manifest.calendar, day)
    }

    /// Whether a way is seen by where its ends stand: a hub, and a storylet in its frame.
    pub fn is_framed(&self, edge: &Edge) -> bool {
        let in_frame = |hub: usize, storylet: usize| {
            let at = self.layout.boxes[storylet];
            let frame = self.layout.frames.iter().find(|(node, _)| *node == hub);
            frame.is_some_and(|(_, frame)| {
                at.x >= frame.x && at.x < frame.x + frame.w && at.y >= frame.y && at.y < frame.y + frame.h
            })
        };
        in_frame(edge.from, edge.to) || in_frame(edge.to, edge.from)
    }

    /// Whether a way leads to a place that doesn't lie further right.
    pub fn leads_back(&self, from: usize, to: usize) -> bool {
        let (from, to) = (self.layout.boxes[from], self.layout.boxes[to]);
        to.x < from.x + from.w
    }

    /// What a node is called, among scenes and hinges: a hinge may have the name of a scene.
    pub fn unique(&self, node: usize) -> String {
        let node = &self.chart.nodes[node];
        if node.kind == Kind::Hinge { format!("hinge:{}", node.id) } else { node.id.clone() }
    }

    /// The nodes of a month, a lane, or both.
    pub fn within(&self, band: Option<usize>, lane: Option<usize>) -> impl Iterator<Item = usize> + '_ {
        let role = lane.map(|lane| self.chart.roles[lane]);
        (0..self.chart.nodes.len()).filter(move |node| {
            band.is_none_or(|band| self.layout.band_of[*node] == band)
                && (role.is_none() || self.chart.nodes[*node].role == role)
        })
    }

    /// What all the ways from one place to another have in common.
    pub fn marks(&self, edge: usize) -> Marks {
        let (edge, reach) = (&self.chart.edges[edge], &self.findings.ways[edge]);
        Marks {
            is_historical: edge.ways.iter().any(|way| way.historical),
            is_guarded: edge.ways.iter().all(|way| way.guarded),
            is_chance: edge.ways.iter().all(|way| way.weight > 0),
            is_never: reach.iter().all(|reach| *reach == Reach::Never),
            leads_back: self.leads_back(edge.from, edge.to),
        }
    }

    /// Where the findings come from.
    pub fn witness(&self, words: &Catalogue) -> String {
        let plays = self.findings.plays;
        let sampled = trn!(words, "{n} random play of each role", "{n} random plays of each role", plays);
        let proved = match (self.findings.witness, plays) {
            (Witness::Proof, _) => tr!(words, "every play of each role was gone through"),
            (Witness::PartOfAProof, _) => tr!(
                words,
                "there are too many plays to go through them all: where none was seen to come it is not known whether one does"
            ),
            (Witness::Sample, _) => tr!(words, "“never” means: in none of these"),
            (Witness::Nobody, _) => return tr!(words, "nothing was played or proved"),
        };
        if plays > 0 { format!("{sampled}; {proved}") } else { proved }
    }
}
