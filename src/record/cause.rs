//! From an event back to the choices it hangs on, through the chain of causes.
//!
//! The chain is walked backwards, breadth first, so that the way to each choice is a shortest one:
//! a reader has to follow it. Each node is a thing that came out as it did; its edges are what
//! brought that about.

use super::makers::{Made, Maker, Makers, leads_to};
use super::reads::{Fields, Lean, Read, Subject, Threshold, reads};
use super::trace::{Change, Fact, Origin, Trace};
use super::verdict::{Status, Verdict};
use crate::engine::{self, Pick, Play, State};
use crate::lang::ExprId;
use crate::story::Story;
use crate::story::model::{ChoiceId, EventId, HingeId, OutcomeId, RoleId, SceneId, VariableId};

/// One link in a chain of causes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// A player did this: a place in the play's log.
    Act(usize),
    /// A hinge fell out so: the index in the story's hinge outcomes.
    Hinge(HingeId, u32),
    /// A variable was moved by so much.
    Moved(VariableId, i64),
    /// A guard holds a variable against a number: where the variable stood then, and the guard.
    Threshold(VariableId, i64, Threshold),
    /// An event came out as its verdict says.
    Event(EventId),
    /// The city came to this.
    Outcome(OutcomeId),
}

/// Why an event came out as it did.
#[derive(Clone, Debug, Default)]
pub(super) struct Explanation {
    /// Places in the log, in order.
    pub(super) because: Vec<usize>,
    /// From a choice to the event.
    pub(super) chain: Vec<Link>,
    /// The thresholds on the ways from all these choices.
    pub(super) thresholds: Vec<(VariableId, Threshold)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Node {
    Entry(usize),
    Hinge(HingeId, u32),
    Event(EventId),
    Outcome(OutcomeId),
    /// A variable came to stand where it did before so many facts.
    Variable {
        variable: VariableId,
        lean: Lean,
        threshold: Option<Threshold>,
        until: usize,
    },
}

/// All that is asked when causes are looked for.
pub(super) struct Inquiry<'a> {
    pub(super) story: &'a Story,
    pub(super) play: &'a Play,
    pub(super) trace: &'a Trace,
    pub(super) verdicts: &'a [Option<Verdict>],
    pub(super) makers: Makers,
    pub(super) fields: Fields,
}

impl Inquiry<'_> {
    /// Explains an event.
    pub(super) fn explain(&self, event: EventId) -> Explanation {
        self.explain_node(Node::Event(event), self.departs(event))
    }

    /// Explains the outcome for the city, where it is not what happened.
    pub(super) fn explain_outcome(&self, outcome: OutcomeId) -> Explanation {
        self.explain_node(Node::Outcome(outcome), true)
    }

    fn explain_node(&self, node: Node, departs: bool) -> Explanation {
        let mut nodes = vec![(node, usize::MAX)];
        let mut next = 0;
        while next < nodes.len() {
            for found in self.edges(nodes[next].0) {
                if nodes.iter().all(|(node, _)| *node != found) {
                    nodes.push((found, next));
                }
            }
            next += 1;
        }
        self.gather(departs, &nodes)
    }

    fn gather(&self, departs: bool, nodes: &[(Node, usize)]) -> Explanation {
        let entry = |(at, (node, _)): (usize, &(Node, usize))| match node {
            Node::Entry(entry) => Some((*entry, at)),
            _ => None,
        };
        let mut acts: Vec<(usize, usize)> = nodes.iter().enumerate().filter_map(entry).collect();
        // Where the play parts from the record, what parted from it explains it; choices that kept
        // to history stand beside that only where nothing else does.
        if departs && acts.iter().any(|&(entry, _)| !self.is_historical(entry)) {
            acts.retain(|&(entry, _)| !self.is_historical(entry));
        }
        let ways: Vec<Vec<Node>> = acts.iter().map(|&(_, at)| way(nodes, at)).collect();
        let shortest = ways.iter().min_by_key(|way| way.len());
        let mut thresholds = Vec::new();
        for node in ways.iter().flatten() {
            if let Node::Variable { variable, threshold: Some(threshold), .. } = *node
                && !thresholds.contains(&(variable, threshold))
            {
                thresholds.push((variable, threshold));
            }
        }
        let mut because: Vec<usize> = acts.iter().map(|&(entry, _)| entry).collect();
        because.sort_unstable();
        Explanation { because, chain: shortest.map_or_else(Vec::new, |way| self.links(way)), thresholds }
    }

    fn departs(&self, event: EventId) -> bool {
        self.status(event).is_some_and(Status::departs)
    }

    fn status(&self, event: EventId) -> Option<Status> {
        self.verdicts[event.index()].map(|verdict| verdict.status)
    }

    fn is_historical(&self, entry: usize) -> bool {
        match self.play.log()[entry].input.pick {
            Pick::Choice(choice) => self.story.choices[choice.index()].historical,
            Pick::Storylet(_) | Pick::Continue => false,
        }
    }

    fn links(&self, way: &[Node]) -> Vec<Link> {
        let mut links = Vec::new();
        for (at, node) in way.iter().enumerate() {
            match *node {
                Node::Entry(entry) => links.push(Link::Act(entry)),
                Node::Hinge(hinge, outcome) => links.push(Link::Hinge(hinge, outcome)),
                Node::Event(event) => links.push(Link::Event(event)),
                Node::Outcome(outcome) => links.push(Link::Outcome(outcome)),
                Node::Variable { variable, threshold, until, .. } => {
                    let moved = at.checked_sub(1).map_or(0, |by| self.moved(variable, way[by], until));
                    if moved != 0 {
                        links.push(Link::Moved(variable, moved));
                    }
                    if let Some(threshold) = threshold {
                        links.push(Link::Threshold(variable, self.stood(variable, until), threshold));
                    }
                }
            }
        }
        links
    }

    /// By how much `by` moved a variable, in all.
    fn moved(&self, variable: VariableId, by: Node, until: usize) -> i64 {
        self.writes(variable, until).filter(|(fact, _)| self.node_of(fact) == Some(by)).map(|(_, change)| change).sum()
    }

    fn stood(&self, variable: VariableId, until: usize) -> i64 {
        let last = self.trace.facts[..until].iter().rev().find_map(|fact| match fact.change {
            Change::Wrote(written, _, after) if written == variable => Some(after),
            _ => None,
        });
        last.unwrap_or(self.story.variables[variable.index()].start)
    }

    fn writes(&self, variable: VariableId, until: usize) -> impl Iterator<Item = (&Fact, i64)> + '_ {
        self.trace.facts[..until].iter().filter_map(move |fact| match fact.change {
            Change::Wrote(written, before, after) if written == variable => Some((fact, after - before)),
            _ => None,
        })
    }

    fn node_of(&self, fact: &Fact) -> Option<Node> {
        match fact.origin {
            Origin::Nobody | Origin::Clock => None,
            Origin::Entry(entry) => Some(Node::Entry(entry)),
            Origin::Hinge(hinge, outcome) => Some(Node::Hinge(hinge, outcome)),
            Origin::Event(event) => Some(Node::Event(event)),
        }
    }

    fn edges(&self, node: Node) -> Vec<Node> {
        let mut found = Vec::new();
        match node {
            Node::Entry(_) => {}
            Node::Hinge(hinge, outcome) => self.why_hinge(hinge, outcome, &mut found),
            Node::Variable { variable, lean, until, .. } => self.why_variable(variable, lean, until, &mut found),
            Node::Event(event) => self.why_event(event, &mut found),
            Node::Outcome(outcome) => self.why_outcome(outcome, &mut found),
        }
        found
    }

    /// Why the city came to this: its guard held, and that of the historical outcome, tried
    /// before, did not.
    fn why_outcome(&self, outcome: OutcomeId, found: &mut Vec<Node>) {
        let (state, until) = (self.play.state(), self.trace.facts.len());
        let outcomes = &self.story.outcomes;
        self.why_guards(outcomes[outcome.index()].guard.into_iter(), true, until, Some(state), found);
        let before = outcomes[..outcome.index()].iter().filter(|outcome| outcome.historical);
        self.why_guards(before.filter_map(|outcome| outcome.guard), false, until, Some(state), found);
    }

    fn why_event(&self, event: EventId, found: &mut Vec<Node>) {
        let Some(at) = self.trace.fates[event.index()] else {
            if self.departs(event) {
                self.why_pending(event, found);
            }
            return;
        };
        let fact = self.trace.facts[at];
        match (fact.change, fact.origin) {
            (Change::Averted(_, Some(need)), _) => found.push(Node::Event(need)),
            (Change::Averted(..), Origin::Event(by)) => {
                found.push(Node::Event(by));
                self.why_guards(self.makers.guards_of_averting(by, event), true, at, None, found);
            }
            (_, Origin::Event(by)) => {
                found.push(Node::Event(by));
                self.why_guards(self.makers.guards_of_making(by, event), true, at, None, found);
            }
            (_, Origin::Clock) => self.why_on_its_day(event, at, found),
            (_, _) => found.extend(self.node_of(&fact)),
        }
    }

    /// An event that the calendar brought about, on its day or late.
    fn why_on_its_day(&self, event: EventId, at: usize, found: &mut Vec<Node>) {
        let declared = &self.story.events[event.index()];
        let is_late = self.status(event) == Some(Status::Late);
        if self.departs(event) {
            let needs = declared.needs.iter().filter(|need| self.departs(**need));
            found.extend(needs.map(|need| Node::Event(*need)));
        }
        // What is late was held up: by what pushed against its guard.
        self.why_guards(declared.guard.into_iter(), !is_late, at, None, found);
    }

    /// A historical event that has not happened although nobody averted it.
    fn why_pending(&self, event: EventId, found: &mut Vec<Node>) {
        let declared = &self.story.events[event.index()];
        let (state, until) = (self.play.state(), self.trace.facts.len());
        let missing = |need: &&EventId| !matches!(state.status(self.story, **need), engine::Status::Happened(_));
        found.extend(declared.needs.iter().filter(missing).map(|need| Node::Event(*need)));
        let failed = declared.guard.filter(|guard| engine::value(self.story, state, RoleId(0), *guard) == 0);
        self.why_guards(failed.into_iter(), false, until, Some(state), found);
        if found.is_empty() {
            for made in &self.makers.happen[event.index()] {
                self.why_not_made(*made, found);
            }
        }
        if found.is_empty() {
            found.extend(self.first_departure().map(Node::Entry));
        }
    }

    /// Something could have made an event happen and did not.
    fn why_not_made(&self, made: Made, found: &mut Vec<Node>) {
        let until = self.trace.facts.len();
        match made.by {
            Maker::Choice(choice) => self.why_not_taken(choice, found),
            Maker::Scene(scene) => self.why_not_entered(scene, found),
            Maker::Hinge(hinge) => {
                let turned = self.trace.turned.iter().find(|(turned, ..)| *turned == hinge);
                found.extend(turned.map(|&(hinge, outcome, _)| Node::Hinge(hinge, outcome)));
            }
            Maker::Event(by) if self.departs(by) => found.push(Node::Event(by)),
            Maker::Event(_) => self.why_guards(made.guard.into_iter(), false, until, None, found),
        }
    }

    fn why_not_taken(&self, choice: ChoiceId, found: &mut Vec<Node>) {
        let missed = |(_, moment): &(usize, &super::trace::Moment)| moment.others.contains(&Pick::Choice(choice));
        found.extend(self.trace.moments.iter().enumerate().filter(missed).map(|(entry, _)| Node::Entry(entry)));
    }

    fn why_not_entered(&self, scene: SceneId, found: &mut Vec<Node>) {
        let missed = |(_, moment): &(usize, &super::trace::Moment)| {
            moment.others.iter().any(|pick| leads_to(self.story, *pick, scene))
        };
        found.extend(self.trace.moments.iter().enumerate().filter(missed).map(|(entry, _)| Node::Entry(entry)));
    }

    /// The first choice that did not keep to history where another would have.
    fn first_departure(&self) -> Option<usize> {
        let is_historical = |pick: &Pick| match pick {
            Pick::Choice(choice) => self.story.choices[choice.index()].historical,
            Pick::Storylet(_) | Pick::Continue => false,
        };
        let departs = |(_, moment): &(usize, &super::trace::Moment)| moment.others.iter().any(is_historical);
        let mut departures = self.trace.moments.iter().enumerate().filter(departs).map(|(entry, _)| entry);
        departures.find(|&entry| !self.is_historical(entry))
    }

    fn why_hinge(&self, hinge: HingeId, outcome: u32, found: &mut Vec<Node>) {
        let until = self.trace.turned.iter().find(|(turned, ..)| *turned == hinge).map_or(0, |turned| turned.2);
        let first = self.story.hinges[hinge.index()].outcomes.start;
        for index in first..=outcome {
            let guard = self.story.hinge_outcomes[index as usize].guard;
            self.why_guards(guard.into_iter(), index == outcome, until, None, found);
        }
    }

    /// Why guards held (`held`), or failed, before so many facts.
    fn why_guards(
        &self,
        guards: impl Iterator<Item = ExprId>,
        held: bool,
        until: usize,
        state: Option<&State>,
        found: &mut Vec<Node>,
    ) {
        for guard in guards {
            for read in reads(self.story, &self.fields, guard, held, state) {
                self.why_read(read, until, found);
            }
        }
    }

    fn why_read(&self, Read { subject, lean, threshold }: Read, until: usize, found: &mut Vec<Node>) {
        match subject {
            Subject::Variable(variable) => found.push(Node::Variable { variable, lean, threshold, until }),
            Subject::Event(event) if self.departs(event) => found.push(Node::Event(event)),
            Subject::Event(_) => {}
            Subject::Choice(choice) => match self.trace.taken[choice.index()] {
                Some(entry) => found.push(Node::Entry(entry)),
                None => self.why_not_taken(choice, found),
            },
            Subject::Scene(scene) => match self.trace.entered[scene.index()] {
                Some(entry) => found.push(Node::Entry(entry)),
                None => self.why_not_entered(scene, found),
            },
        }
    }

    fn why_variable(&self, variable: VariableId, lean: Lean, until: usize, found: &mut Vec<Node>) {
        for (fact, change) in self.writes(variable, until) {
            if !lean.is_served_by(change) {
                continue;
            }
            match fact.origin {
                // An event of the record that came out as recorded moved it in history too; what
                // its effects hang on may not have been so.
                Origin::Event(event) if !self.departs(event) => {
                    let at = self.trace.fates[event.index()].unwrap_or(until);
                    self.why_guards(self.makers.guards_of_writing(event, variable), true, at, None, found);
                }
                _ => found.extend(self.node_of(fact)),
            }
        }
        // What would have pushed the other way and did not happen as recorded.
        for made in &self.makers.write[variable.index()] {
            let Maker::Event(event) = made.by else { continue };
            let opposed = made.change.is_none_or(|change| lean.turned().is_served_by(change));
            if opposed && matches!(self.status(event), Some(Status::Averted | Status::Late | Status::Early)) {
                found.push(Node::Event(event));
            }
        }
    }
}

/// From the node at `at` forward to what is explained.
fn way(nodes: &[(Node, usize)], mut at: usize) -> Vec<Node> {
    let mut way = Vec::new();
    while let Some(&(node, explains)) = nodes.get(at) {
        way.push(node);
        at = explains;
    }
    way
}
