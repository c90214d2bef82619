//! What proving says of a story, told by ids: all that pictures and comparisons ask of the prover.

use std::collections::{BTreeMap, BTreeSet};

use crate::prove::{Limits, Options, Triple, prove};
use crate::story::model::{RoleId, Story};

/// Memory at most, for each role.
const BYTES: usize = 1 << 30;

/// Least, random and greatest chance of an end.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Chances {
    /// However it is played against.
    pub least: f64,
    /// Under random play.
    pub random: f64,
    /// However it is played for.
    pub greatest: f64,
}

/// Something that goes wrong in some play.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// `dead-end`, `calendar-runs-back`, `happened-without-needs` or `endless-loop`.
    pub kind: &'static str,
    /// The scene or hinge.
    pub at: String,
    /// The shortest play that shows it.
    pub trace: Vec<String>,
}

/// What was found with each role played alone.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Proved {
    /// Whether every play was gone through.
    pub is_complete: bool,
    /// Scenes and hinges that no play reaches.
    pub scenes: BTreeSet<String>,
    /// Choices that no play takes.
    pub choices: BTreeSet<String>,
    /// Entries of a `goto` that no play goes, as `scene.choice -> place (number)`.
    pub ways: BTreeSet<String>,
    /// Chances of endings, by scene, of the roles that were finished.
    pub endings: BTreeMap<String, Chances>,
    /// Chances of outcomes, by role and outcome.
    pub outcomes: BTreeMap<(String, String), Chances>,
    /// What goes wrong.
    pub wrong: Vec<Wrong>,
}

/// Goes through the plays of each of these roles alone, as far as so many states.
pub fn proved(story: &Story, roles: &[RoleId], max_states: usize) -> Proved {
    let mut whole = Proved { is_complete: true, ..Proved::default() };
    for (number, role) in roles.iter().enumerate() {
        let proof = prove(story, &[*role], &[], Options::default(), &Limits::new(max_states, BYTES));
        let unreached = proof.unreached(story);
        let sets = [unreached.scenes, unreached.choices, unreached.ways].map(|names| names.into_iter().collect());
        for (known, own) in [&mut whole.scenes, &mut whole.choices, &mut whole.ways].into_iter().zip(sets) {
            let own: BTreeSet<String> = own;
            // What is the others' alone is in no play of this role.
            *known = if number == 0 { own } else { known.intersection(&own).cloned().collect() };
        }
        whole.is_complete &= proof.complete;
        whole.endings.extend(proof.endings.iter().map(|(id, odds)| (id.clone(), chances(odds))));
        let name = &story.roles[role.index()].id;
        whole.outcomes.extend(proof.outcomes.iter().map(|(id, odds)| ((name.clone(), id.clone()), chances(odds))));
        let ends =
            proof.dead_ends.iter().map(|end| Wrong { kind: "dead-end", at: end.at.clone(), trace: end.trace.lines() });
        let fault =
            |fault: &crate::prove::Fault| Wrong { kind: fault.kind, at: fault.at.clone(), trace: fault.trace.lines() };
        whole.wrong.extend(ends.chain(proof.faults.iter().map(fault)));
    }
    whole
}

fn chances(odds: &Triple) -> Chances {
    Chances { least: odds.least, random: odds.random, greatest: odds.greatest }
}
