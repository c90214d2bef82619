//! Laws: what has to be looked for, and what follows from what was found.

use super::aim::Wish;
use super::fates::Triple;
use super::run::Shown;
use super::trace::Trace;
use crate::engine::{State, value};
use crate::lang::{ExprId, Node, Operation};
use crate::story::model::{Claim, LawId, RoleId, Story};

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
    pub(super) fn and(self, other: Verdict) -> Verdict {
        match (self, other) {
            (Verdict::Broken, _) | (_, Verdict::Broken) => Verdict::Broken,
            (Verdict::Unknown, _) | (_, Verdict::Unknown) => Verdict::Unknown,
            _ => Verdict::Holds,
        }
    }

    /// Of two explorations of which one has to hold.
    pub(super) fn or(self, other: Verdict) -> Verdict {
        match (self, other) {
            (Verdict::Holds, _) | (_, Verdict::Holds) => Verdict::Holds,
            (Verdict::Unknown, _) | (_, Verdict::Unknown) => Verdict::Unknown,
            _ => Verdict::Broken,
        }
    }

    /// Of what was not broken.
    pub(super) fn unbroken(complete: bool) -> Verdict {
        if complete { Verdict::Holds } else { Verdict::Unknown }
    }
}

/// What some laws want looked for.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// The wishes.
    pub wishes: Vec<Wish>,
    /// By wish: for which of the laws, and whether it is the claim itself or only whether the law
    /// is put to the test at all.
    pub owners: Vec<(usize, bool)>,
}

/// What came of a wish.
#[derive(Debug, Default)]
pub(super) struct Came {
    /// The shortest play that shows it.
    pub shown: Option<Shown>,
    /// Whether all was gone through.
    pub complete: bool,
    /// The chance that it holds at the end.
    pub chance: Option<Triple>,
}

impl Plan {
    /// What the laws of plays of `roles` want.
    pub(super) fn of(story: &Story, laws: &[LawId], roles: &[RoleId]) -> Plan {
        let mut plan = Plan::default();
        for (number, law) in laws.iter().enumerate() {
            let law = &story.laws[law.index()];
            if !law.roles.is_empty() && !roles.iter().all(|role| law.roles.contains(role)) {
                continue;
            }
            let (claim, parts) = match law.claim {
                Claim::Always(expr) => (Wish::Miss(expr), tested(story, expr)),
                Claim::Never(expr) => (Wish::Hit(expr), conjuncts(story, expr)),
                Claim::Possible(expr) => (Wish::Hit(expr), Vec::new()),
                Claim::Inevitable(expr) => (Wish::Without(expr), Vec::new()),
                Claim::Before { first, then } => (Wish::Before { first, then }, vec![then]),
                Claim::Odds { of, .. } => (Wish::End(of), Vec::new()),
            };
            plan.wishes.push(claim);
            plan.owners.push((number, true));
            for part in parts {
                plan.wishes.push(Wish::Hit(part));
                plan.owners.push((number, false));
            }
        }
        plan
    }
}

/// What must come about for `never a and b` to be put to the test: each of them somewhere.
fn conjuncts(story: &Story, expr: ExprId) -> Vec<ExprId> {
    let mut parts = Vec::new();
    split(story, expr, Operation::And, &mut parts);
    if parts.len() > 1 { parts } else { Vec::new() }
}

/// What must come about for `always not a or b` to be put to the test: `a`, somewhere.
fn tested(story: &Story, expr: ExprId) -> Vec<ExprId> {
    if let Node::Not(inner) = story.code.node(expr) {
        return conjuncts(story, inner);
    }
    let mut parts = Vec::new();
    split(story, expr, Operation::Or, &mut parts);
    let denied = |part: &ExprId| match story.code.node(*part) {
        Node::Not(inner) => Some(inner),
        _ => None,
    };
    if parts.len() > 1 { parts.iter().filter_map(denied).collect() } else { Vec::new() }
}

fn split(story: &Story, expr: ExprId, by: Operation, parts: &mut Vec<ExprId>) {
    match story.code.node(expr) {
        Node::Binary(operation, a, b) if operation == by => {
            split(story, a, by, parts);
            split(story, b, by, parts);
        }
        _ => parts.push(expr),
    }
}

/// What came of a law in one exploration.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Judged {
    /// Holds, broken or unknown.
    pub verdict: Verdict,
    /// The shortest play that breaks it, or that shows what is possible.
    pub trace: Option<Trace>,
    /// Whether it holds because what it speaks of never comes about.
    pub vacuous: bool,
    /// The chance that it bounds.
    pub chance: Option<f64>,
}

/// Judges a law by what came of its claim, and of what puts it to the test. `None` where the engine
/// doesn't see in the play shown what it is to show.
pub(super) fn judge(story: &Story, law: LawId, role: RoleId, claim: &Came, parts: &[&Came]) -> Option<Judged> {
    let law = &story.laws[law.index()];
    let holds = |state: &State, expr: ExprId| value(story, state, role, expr) != 0;
    let shown = |verdict: Verdict, sees: &dyn Fn(&State) -> bool| match &claim.shown {
        Some((trace, state)) => {
            sees(state).then(|| Judged { verdict, trace: Some(trace.clone()), vacuous: false, chance: None })
        }
        None => None,
    };
    let vacuous = parts.iter().any(|part| part.complete && part.shown.is_none());
    let unbroken = || Judged { verdict: Verdict::unbroken(claim.complete), trace: None, vacuous, chance: None };
    match law.claim {
        Claim::Always(expr) if claim.shown.is_some() => shown(Verdict::Broken, &|state| !holds(state, expr)),
        Claim::Never(expr) if claim.shown.is_some() => shown(Verdict::Broken, &|state| holds(state, expr)),
        Claim::Before { first, then } if claim.shown.is_some() => {
            shown(Verdict::Broken, &|state| holds(state, then) && !holds(state, first))
        }
        Claim::Inevitable(expr) if claim.shown.is_some() => shown(Verdict::Broken, &|state| !holds(state, expr)),
        Claim::Possible(expr) => match claim.shown {
            Some(_) => shown(Verdict::Holds, &|state| holds(state, expr)),
            None => {
                let verdict = if claim.complete { Verdict::Broken } else { Verdict::Unknown };
                Some(Judged { verdict, trace: None, vacuous: false, chance: None })
            }
        },
        Claim::Odds { at_least, at_most, .. } => {
            let Some(chance) = claim.chance.map(|chance| chance.random) else {
                return Some(Judged { verdict: Verdict::Unknown, trace: None, vacuous: false, chance: None });
            };
            // What was computed is right to far more digits than an author writes.
            let within = chance >= at_least - 1e-12 && chance <= at_most + 1e-12;
            let verdict = if within { Verdict::Holds } else { Verdict::Broken };
            Some(Judged { verdict, trace: None, vacuous: false, chance: Some(chance) })
        }
        Claim::Always(_) | Claim::Never(_) | Claim::Before { .. } | Claim::Inevitable(_) => Some(unbroken()),
    }
}
