//! What was found of a story, for each role played alone and for all together.

use std::collections::BTreeMap;
use std::time::Instant;

use super::explore::{Limits, Space, Task, explore};
use super::graph::{Order, can_reach, order};
use super::laws::{judge, read};
use super::live::{Live, Wanted};
use super::measure::lengths;
use super::odds::{Triple, expect};
use super::seen::{Seen, Wrong};
use super::trace::{self, Trace};
use crate::engine::{Cursor, Setup, State, outcome, start};
use crate::record::fidelity;
use crate::story::model::{LawId, RoleId, Story};

/// Whether something holds in every play.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// In every play.
    Holds,
    /// Not in some play, or for `possible` in none.
    Broken,
    /// The exploration was not finished.
    Unknown,
}

impl Verdict {
    /// As it stands in reports.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Holds => "holds",
            Verdict::Broken => "broken",
            Verdict::Unknown => "unknown",
        }
    }

    /// Of two explorations of which both have to hold.
    fn and(self, other: Verdict) -> Verdict {
        match (self, other) {
            (Verdict::Broken, _) | (_, Verdict::Broken) => Verdict::Broken,
            (Verdict::Unknown, _) | (_, Verdict::Unknown) => Verdict::Unknown,
            _ => Verdict::Holds,
        }
    }

    /// Of two explorations of which one has to hold.
    fn or(self, other: Verdict) -> Verdict {
        match (self, other) {
            (Verdict::Holds, _) | (_, Verdict::Holds) => Verdict::Holds,
            (Verdict::Unknown, _) | (_, Verdict::Unknown) => Verdict::Unknown,
            _ => Verdict::Broken,
        }
    }
}

/// Least and greatest; the greatest is `None` where there is no bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Least.
    pub least: u64,
    /// Greatest.
    pub greatest: Option<u64>,
}

/// Lengths of a role's plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// In choices; `continue` is none.
    pub choices: Span,
    /// In words of scenes: bounds, since which arms of a scene's prose meet in one play is not
    /// looked at.
    pub words: Span,
}

/// Chances of endings and outcomes.
pub type Odds = BTreeMap<String, Triple>;

/// What was found for one role played alone, or for all together.
#[derive(Debug)]
pub struct RoleProof {
    /// The roles that were played.
    pub roles: Vec<RoleId>,
    /// How many states.
    pub states: usize,
    /// How many ways between them.
    pub transitions: usize,
    /// Whether all were gone through.
    pub complete: bool,
    /// Whether the plays that keep to the record keep it.
    pub historical: Verdict,
    /// The play that doesn't.
    pub strayed: Option<Trace>,
    /// How long plays are.
    pub length: Option<Range>,
    /// The share of the record that is kept: least, mean under random play, greatest.
    pub fidelity: Option<Triple>,
    /// Bits of a state, before and after leaving out what can't be read: the widest place.
    pub bits: (u32, u32),
}

/// A law and what came of it.
#[derive(Debug)]
pub struct LawFound {
    /// The law.
    pub law: LawId,
    /// Over all explorations.
    pub verdict: Verdict,
    /// A play that breaks it, or shows what is possible, with who is played.
    pub trace: Option<(Vec<RoleId>, Trace)>,
    /// Whether it holds because what it speaks of never comes about.
    pub vacuous: bool,
    /// The chance that it bounds, by exploration.
    pub chances: Vec<f64>,
}

/// Where a play is stuck.
#[derive(Debug)]
pub struct DeadEnd {
    /// The scene.
    pub at: String,
    /// Who is played.
    pub roles: Vec<RoleId>,
    /// The shortest play there.
    pub trace: Trace,
}

/// What goes wrong in some play.
#[derive(Debug)]
pub struct Fault {
    /// `calendar-runs-back`, `happened-without-needs` or `endless-loop`.
    pub kind: &'static str,
    /// The scene.
    pub at: String,
    /// The event.
    pub event: Option<String>,
    /// Who is played.
    pub roles: Vec<RoleId>,
    /// The shortest play that shows it.
    pub trace: Trace,
}

/// What was found of a story.
#[derive(Debug)]
pub struct Proof {
    /// Whether every exploration was finished.
    pub complete: bool,
    /// Wall-clock seconds.
    pub seconds: f64,
    /// By exploration.
    pub roles: Vec<RoleProof>,
    /// The laws.
    pub laws: Vec<LawFound>,
    /// Where plays are stuck.
    pub dead_ends: Vec<DeadEnd>,
    /// What goes wrong.
    pub faults: Vec<Fault>,
    /// What plays reach.
    pub seen: Seen,
    /// By ending's scene.
    pub endings: Odds,
    /// By outcome.
    pub outcomes: Odds,
    /// Whether the record is kept where nobody does anything; not asked where some of it waits
    /// for a scene.
    pub left_alone: Option<Verdict>,
}

/// Proves a story: each of `roles` alone, and all together where there are several.
pub fn prove(
    story: &Story,
    roles: &[RoleId],
    laws: &[LawId],
    (limits, reduce): (Limits, bool),
    progress: &mut dyn FnMut(&[RoleId], usize, usize) -> bool,
) -> Proof {
    let began = Instant::now();
    let mut proof = Proof {
        complete: true,
        seconds: 0.0,
        roles: Vec::new(),
        laws: laws.iter().map(|law| unjudged(story, *law)).collect(),
        dead_ends: Vec::new(),
        faults: Vec::new(),
        seen: Seen::none(story),
        endings: Odds::new(),
        outcomes: Odds::new(),
        left_alone: left_alone(story),
    };
    let mut groups: Vec<Vec<RoleId>> = roles.iter().map(|role| vec![*role]).collect();
    if roles.len() > 1 {
        groups.push(roles.to_vec());
    }
    for group in groups {
        proof.explore(story, group, laws, (limits, reduce), progress);
    }
    proof.seconds = began.elapsed().as_secs_f64();
    proof
}

fn unjudged(story: &Story, law: LawId) -> LawFound {
    // `possible` has to hold in one exploration, the others in all.
    let possible = matches!(story.laws[law.index()].claim, crate::story::model::Claim::Possible(_));
    let verdict = if possible { Verdict::Broken } else { Verdict::Holds };
    LawFound { law, verdict, trace: None, vacuous: true, chances: Vec::new() }
}

/// Whether the clock alone keeps the whole record.
fn left_alone(story: &Story) -> Option<Verdict> {
    if story.events.iter().any(|event| !event.counterfactual && !event.by_clock) {
        return None;
    }
    let state = start(story, &Setup { roles: Vec::new(), seed: 0, digest: false });
    Some(if keeps(story, &state) { Verdict::Holds } else { Verdict::Broken })
}

fn keeps(story: &Story, state: &State) -> bool {
    let historical = outcome(story, state).is_none_or(|outcome| story.outcomes[outcome.index()].historical);
    historical && fidelity(story, state) >= 1.0 - 1e-12
}

impl Proof {
    fn explore(
        &mut self,
        story: &Story,
        roles: Vec<RoleId>,
        laws: &[LawId],
        (limits, reduce): (Limits, bool),
        progress: &mut dyn FnMut(&[RoleId], usize, usize) -> bool,
    ) {
        let live = Live::of(story, &roles, &Wanted { laws, reduce });
        let widest = (0..story.scenes.len() + story.hinges.len()).map(|place| live.bits(place)).max().unwrap_or(0);
        let task = Task { story, roles: roles.clone(), live, historical: false, limits };
        let space = explore(&task, &mut |states, bytes| progress(&roles, states, bytes));
        let order = order(&space);
        self.complete &= space.complete;
        self.seen.join(&space.seen);
        self.judge(&task, &space, &order);
        self.find_faults(&task, &space, &order);
        if space.complete {
            self.count(&task, &space, &order);
        }
        let (historical, strayed) = self.historical(&task, progress);
        self.roles.push(RoleProof {
            states: space.store.len(),
            transitions: space.transitions(),
            complete: space.complete,
            historical,
            strayed,
            length: space.complete.then(|| lengths(&task, &space, &order)).flatten(),
            fidelity: space
                .complete
                .then(|| expect(&space, &order, |state| fidelity(story, &read(&task, &space, state)))),
            bits: (story.layout.words as u32 * 64, widest),
            roles,
        });
    }

    fn judge(&mut self, task: &Task<'_>, space: &Space, order: &Order) {
        for found in &mut self.laws {
            let law = &task.story.laws[found.law.index()];
            if !law.roles.is_empty() && !task.roles.iter().all(|role| law.roles.contains(role)) {
                continue;
            }
            let judged = judge(task, space, order, law);
            let possible = matches!(law.claim, crate::story::model::Claim::Possible(_));
            let before = found.verdict;
            found.verdict = if possible { before.or(judged.verdict) } else { before.and(judged.verdict) };
            if found.trace.is_none() && found.verdict == judged.verdict {
                found.trace = judged.trace.map(|trace| (task.roles.clone(), trace));
            }
            found.vacuous &= judged.vacuous;
            found.chances.extend(judged.chance);
        }
    }

    fn find_faults(&mut self, task: &Task<'_>, space: &Space, order: &Order) {
        let story = task.story;
        for &state in &space.stuck {
            let at = place_name(task, &read(task, space, state));
            if !self.dead_ends.iter().any(|known| known.at == at) {
                let trace = trace::to(task, space, state, None);
                self.dead_ends.push(DeadEnd { at, roles: task.roles.clone(), trace });
            }
        }
        for (wrong, step) in &space.wrong {
            let (kind, at, event) = match wrong {
                Wrong::RunsBack(scene) => ("calendar-runs-back", story.scenes[scene.index()].id.to_string(), None),
                Wrong::WithoutNeeds(event) => {
                    let at = place_name(task, &read(task, space, step.from));
                    ("happened-without-needs", at, Some(story.events[event.index()].id.clone()))
                }
            };
            if !self.faults.iter().any(|known| known.kind == kind && known.at == at && known.event == event) {
                let trace = trace::to(task, space, step.from, Some(*step));
                self.faults.push(Fault { kind, at, event, roles: task.roles.clone(), trace });
            }
        }
        if space.complete {
            let ends: Vec<u32> = space.over.iter().chain(&space.stuck).copied().collect();
            let reaches = can_reach(space, order, &ends);
            if let Some(state) = reaches.iter().position(|reaches| !reaches) {
                let state = state as u32;
                let at = place_name(task, &read(task, space, state));
                let trace = trace::to(task, space, state, None);
                self.faults.push(Fault { kind: "endless-loop", at, event: None, roles: task.roles.clone(), trace });
            }
        }
    }

    /// Chances of endings and outcomes.
    fn count(&mut self, task: &Task<'_>, space: &Space, order: &Order) {
        let story = task.story;
        let alone = task.roles.len() == 1;
        let ends: BTreeMap<u32, (Vec<Cursor>, Option<u32>)> = space
            .over
            .iter()
            .map(|&id| {
                let state = read(task, space, id);
                let cursors = task.roles.iter().map(|role| state.cursor(story, *role)).collect();
                (id, (cursors, outcome(story, &state).map(|outcome| outcome.0)))
            })
            .collect();
        if alone {
            for (index, scene) in story.scenes.iter().enumerate().filter(|(_, scene)| scene.ending.is_some()) {
                let cursor = Cursor::Ending(crate::story::model::SceneId(index as u32));
                if task.roles.contains(&scene.role) {
                    let triple = expect(space, order, |state| f64::from(u8::from(ends[&state].0.contains(&cursor))));
                    self.endings.insert(scene.id.to_string(), triple);
                }
            }
        }
        for (index, declared) in story.outcomes.iter().enumerate() {
            let triple = expect(space, order, |state| f64::from(u8::from(ends[&state].1 == Some(index as u32))));
            let roles = self.roles.len() as f64;
            self.outcomes
                .entry(declared.id.clone())
                .and_modify(|known| {
                    known.least = known.least.min(triple.least);
                    known.greatest = known.greatest.max(triple.greatest);
                    known.random = (known.random * roles + triple.random) / (roles + 1.0);
                })
                .or_insert(triple);
        }
    }

    /// Whether every play that keeps to the record wherever it can keeps it.
    fn historical(
        &mut self,
        task: &Task<'_>,
        progress: &mut dyn FnMut(&[RoleId], usize, usize) -> bool,
    ) -> (Verdict, Option<Trace>) {
        let live = Live::of(task.story, &task.roles, &Wanted { laws: &[], reduce: true });
        let kept = Task { story: task.story, roles: task.roles.clone(), live, historical: true, limits: task.limits };
        let space = explore(&kept, &mut |states, bytes| progress(&kept.roles, states, bytes));
        let strayed = space.over.iter().copied().find(|&state| !keeps(kept.story, &read(&kept, &space, state)));
        match strayed {
            Some(state) => (Verdict::Broken, Some(trace::to(&kept, &space, state, None))),
            None => (if space.complete { Verdict::Holds } else { Verdict::Unknown }, None),
        }
    }
}

fn place_name(task: &Task<'_>, state: &State) -> String {
    let story = task.story;
    let mut names = task.roles.iter().map(|role| match state.cursor(story, *role) {
        Cursor::Scene(scene) | Cursor::Asked(scene, _) => story.scenes[scene.index()].id.to_string(),
        Cursor::Hinge(hinge, _) => story.hinges[hinge.index()].id.to_string(),
        Cursor::Absent | Cursor::Going(_) | Cursor::Ending(_) => String::new(),
    });
    names.find(|name| !name.is_empty()).unwrap_or_default()
}
