//! What was found of a story, for each role played alone and for all together.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use super::arms::Arms;
use super::explore::{Explored, explore};
use super::fates::{Fates, Triple};
use super::findings::Findings;
use super::forecast::Forecast;
use super::laws::Verdict;
use super::rows::ENDLESS;
use super::run::Wrong;
use super::seen::Seen;
use super::sweep::Limits;
use super::trace::Trace;
use super::witness::witness;
use crate::engine::{Setup, State, outcome, start};
use crate::record::fidelity;
use crate::story::model::{Claim, LawId, RoleId, Story};

/// How a story is explored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Whether what nothing reads any more is left out of states.
    pub reduce: bool,
    /// Whether odds and lengths are worked out, which takes states to be kept.
    pub odds: bool,
    /// Whether the engine is asked, state by state, whether all was reached.
    pub certify: bool,
    /// How many explorations go on at once.
    pub threads: usize,
}

impl Default for Options {
    fn default() -> Options {
        Options { reduce: true, odds: true, certify: false, threads: 1 }
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

/// Lengths of plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// In choices; `continue` is none.
    pub choices: Span,
    /// In words that are read, those of what can be chosen among them: bounds, since which arms of a
    /// scene's prose meet in one play is not looked at.
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
    /// How long plays are, on the full course and on the short one.
    pub length: Option<Range>,
    /// How long plays of the full course are, and those of the short one where there is one.
    pub courses: Vec<Range>,
    /// The share of the record that is kept: least, mean under random play, greatest.
    pub fidelity: Option<Triple>,
    /// Chances of this role's endings.
    pub endings: Odds,
    /// Chances of the city's outcomes in plays of this role.
    pub outcomes: Odds,
    /// All chances are within so much of what is right.
    pub error: f64,
    /// What is worth a look.
    pub findings: Findings,
    /// What states cost.
    pub forecast: Forecast,
    /// The most memory that states took at a time, in bytes.
    pub bytes: usize,
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
    /// Whether every role played alone was gone through.
    pub complete: bool,
    /// Wall-clock seconds.
    pub seconds: f64,
    /// By exploration: each role alone, then all together where there are several.
    pub roles: Vec<RoleProof>,
    /// The laws, of each role played alone; those that a play of all together breaks are broken.
    pub laws: Vec<LawFound>,
    /// Where plays are stuck.
    pub dead_ends: Vec<DeadEnd>,
    /// What goes wrong.
    pub faults: Vec<Fault>,
    /// What plays reach.
    pub seen: Seen,
    /// Chances of endings, each of its role played alone.
    pub endings: Odds,
    /// Chances of outcomes over all roles, each played alone: the least and the greatest of any
    /// role, the mean of all under random play.
    pub outcomes: Odds,
    /// Whether the clock alone keeps the whole record; `None` where events are not all the clock's.
    pub left_alone: Option<Verdict>,
    /// What the prover found that the engine contradicts: a fault of the prover itself. Nothing it
    /// says can be trusted then.
    pub astray: Vec<String>,
}

/// Explores every play of each role alone, and of all together where there are few enough, and
/// judges the laws. What is found is the same for any number of threads.
pub fn prove(story: &Story, roles: &[RoleId], laws: &[LawId], options: Options, limits: &Limits) -> Proof {
    let began = Instant::now();
    let mut groups: Vec<Vec<RoleId>> = roles.iter().map(|role| vec![*role]).collect();
    if roles.len() > 1 {
        groups.push(roles.to_vec());
    }
    let explored = all(story, &groups, laws, options, limits);
    let playable = story.playable().count();
    let every_role = roles.len() == playable;
    let asked = |law: &&LawId| {
        // A law of other roles than those asked for says nothing here.
        let of = &story.laws[law.index()].roles;
        of.is_empty() || every_role || roles.iter().any(|role| of.contains(role))
    };
    let mut proof = Proof {
        complete: true,
        seconds: 0.0,
        roles: Vec::new(),
        laws: laws.iter().filter(asked).map(|law| unjudged(story, *law, every_role)).collect(),
        dead_ends: Vec::new(),
        faults: Vec::new(),
        seen: Seen::none(story),
        endings: Odds::new(),
        outcomes: Odds::new(),
        left_alone: left_alone(story),
        astray: Vec::new(),
    };
    for explored in explored {
        proof.add(story, laws, explored);
    }
    if proof.roles.iter().any(|role| role.roles.len() > 1 && !role.complete) && !limits.is_stopped() {
        // Prose and ways that only plays of several come to are not in vain.
        proof.seen.join(&witness(story, roles, &Arms::of(story)), true);
    }
    if !proof.complete {
        // A play that was not explored may show what is possible.
        let possible = |found: &&mut LawFound| matches!(story.laws[found.law.index()].claim, Claim::Possible(_));
        let broken = proof.laws.iter_mut().filter(|found| found.verdict == Verdict::Broken).filter(possible);
        broken.for_each(|found| found.verdict = Verdict::Unknown);
    }
    proof.seconds = began.elapsed().as_secs_f64();
    proof
}

/// Explores all groups, several at once, in whichever order; what is found stands in theirs.
fn all(story: &Story, groups: &[Vec<RoleId>], laws: &[LawId], options: Options, limits: &Limits) -> Vec<Explored> {
    let next = AtomicUsize::new(0);
    let found: Mutex<Vec<Option<Explored>>> = Mutex::new(groups.iter().map(|_| None).collect());
    let work = || loop {
        let at = next.fetch_add(1, Ordering::Relaxed);
        let Some(group) = groups.get(at) else { return };
        let limits = if group.len() > 1 { limits.together() } else { limits.clone() };
        let explored = explore(story, (group, laws), options, &limits);
        if let Ok(mut found) = found.lock() {
            found[at] = Some(explored);
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..options.threads.clamp(1, groups.len().max(1)) {
            scope.spawn(work);
        }
        work();
    });
    found.into_inner().map(|found| found.into_iter().flatten().collect()).unwrap_or_default()
}

fn unjudged(story: &Story, law: LawId, every_role: bool) -> LawFound {
    // `possible` has to hold in one exploration, the others in all.
    let verdict = match story.laws[law.index()].claim {
        Claim::Possible(_) if every_role => Verdict::Broken,
        // A role that was not asked for may show it.
        Claim::Possible(_) => Verdict::Unknown,
        _ => Verdict::Holds,
    };
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
    fn add(&mut self, story: &Story, laws: &[LawId], explored: Explored) {
        let alone = explored.roles.len() == 1;
        if alone {
            self.complete &= explored.complete;
        }
        self.seen.join(&explored.seen, alone);
        self.judge(story, laws, &explored);
        for (wrong, trace) in &explored.wrong {
            self.wrong(story, &explored.roles, wrong, trace);
        }
        self.astray.extend(explored.astray.iter().cloned());
        let fates = explored.fates.as_ref();
        let first = explored.endings.len();
        let endings = fates.map_or_else(Odds::new, |fates| {
            let odds = |(number, id): (usize, &String)| (id.clone(), triple(fates, number));
            explored.endings.iter().enumerate().map(odds).collect()
        });
        let outcomes = fates.map_or_else(Odds::new, |fates| {
            let odds = |(number, outcome): (usize, &crate::story::model::Outcome)| {
                (outcome.id.clone(), triple(fates, first + number))
            };
            story.outcomes.iter().enumerate().map(odds).collect()
        });
        if alone {
            self.endings.extend(endings.iter().map(|(id, odds)| (id.clone(), *odds)));
            let roles = self.roles.len() as f64;
            for (id, odds) in &outcomes {
                let known = self.outcomes.entry(id.clone()).or_insert(*odds);
                known.least = known.least.min(odds.least);
                known.greatest = known.greatest.max(odds.greatest);
                known.random = (known.random * roles + odds.random) / (roles + 1.0);
            }
        }
        let courses: Vec<Range> = fates.into_iter().flat_map(|fates| &fates.courses).filter_map(range).collect();
        let last = fates.and_then(|fates| fates.courses.first()).map(|course| course.odds.len());
        self.roles.push(RoleProof {
            states: explored.states,
            transitions: explored.transitions,
            complete: explored.complete,
            historical: explored.historical,
            strayed: explored.strayed,
            length: courses.iter().copied().reduce(join),
            courses,
            fidelity: fates.zip(last).map(|(fates, last)| triple(fates, last - 1)),
            endings,
            outcomes,
            error: fates.map_or(0.0, |fates| fates.error),
            findings: explored.findings,
            forecast: explored.forecast,
            bytes: explored.bytes,
            roles: explored.roles,
        });
    }

    fn judge(&mut self, story: &Story, laws: &[LawId], explored: &Explored) {
        let alone = explored.roles.len() == 1;
        for found in &mut self.laws {
            let number = laws.iter().position(|law| *law == found.law);
            let Some(judged) = number.and_then(|number| explored.laws[number].as_ref()) else { continue };
            let possible = matches!(story.laws[found.law.index()].claim, Claim::Possible(_));
            if !alone && judged.trace.is_none() {
                // Plays of all together add what they show, and leave open what they don't.
                continue;
            }
            let before = found.verdict;
            found.verdict = if possible { before.or(judged.verdict) } else { before.and(judged.verdict) };
            if found.trace.is_none() && found.verdict == judged.verdict {
                found.trace = judged.trace.clone().map(|trace| (explored.roles.clone(), trace));
            }
            found.vacuous &= judged.vacuous;
            found.chances.extend(judged.chance);
        }
    }

    fn wrong(&mut self, story: &Story, roles: &[RoleId], wrong: &Wrong, trace: &Trace) {
        let (roles, trace) = (roles.to_vec(), trace.clone());
        let (kind, at, event) = match wrong {
            Wrong::Stuck(at) => {
                if !self.dead_ends.iter().any(|known| known.at == *at) {
                    self.dead_ends.push(DeadEnd { at: at.clone(), roles, trace });
                }
                return;
            }
            Wrong::Endless(at) => ("endless-loop", at.clone(), None),
            Wrong::RunsBack(scene) => ("calendar-runs-back", story.scenes[scene.index()].id.to_string(), None),
            Wrong::WithoutNeeds(at, event) => {
                ("happened-without-needs", at.clone(), Some(story.events[event.index()].id.clone()))
            }
        };
        if !self.faults.iter().any(|known| known.kind == kind && known.at == at && known.event == event) {
            self.faults.push(Fault { kind, at, event, roles, trace });
        }
    }
}

/// What a goal comes to: under random play on the full course, at least and at best on any.
fn triple(fates: &Fates, goal: usize) -> Triple {
    let mut odds = fates.courses.iter().map(|course| course.odds[goal]);
    let full = odds.next().unwrap_or_default();
    odds.fold(full, |known, other| Triple {
        least: known.least.min(other.least),
        greatest: known.greatest.max(other.greatest),
        ..known
    })
}

/// `None` where no play ends.
fn range(course: &super::fates::Fate) -> Option<Range> {
    let span =
        |(least, most): (u32, u32)| Span { least: least.into(), greatest: (most != ENDLESS).then_some(most.into()) };
    let length = course.length;
    (length.choices.0 != ENDLESS).then(|| Range { choices: span(length.choices), words: span(length.words) })
}

fn join(a: Range, b: Range) -> Range {
    let of = |a: Span, b: Span| Span {
        least: a.least.min(b.least),
        greatest: a.greatest.zip(b.greatest).map(|(a, b)| a.max(b)),
    };
    Range { choices: of(a.choices, b.choices), words: of(a.words, b.words) }
}
