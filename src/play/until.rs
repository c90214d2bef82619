//! A play that begins where its author wants to look: the shortest one there, already taken.

use crate::catalogue::Catalogue;
use crate::engine::{Play, Setup};
use crate::lang::nearest;
use crate::prove::{Found, Goal, Limits, Opening, Trace, until};
use crate::story::model::{ChoiceId, RoleId, Story};
use crate::{tr, trn};

/// How far is looked: far more than a story written by hand has.
const LIMITS: (usize, usize) = (200_000_000, 2 << 30);

/// What the play is to begin with.
pub struct Wish<'a> {
    /// The scene, hinge, ending, choice or outcome.
    pub target: &'a str,
    /// Who is played, where that was said.
    pub roles: Vec<RoleId>,
    /// The seed, where that was said.
    pub seed: Option<u64>,
    /// Whether the short course is asked for.
    pub digest: bool,
}

/// Why there is no such play.
#[derive(Debug)]
pub enum Astray {
    /// Nothing has this name: the command line is wrong.
    Unknown(String),
    /// No play leads there, or none was found: the story falls short.
    Never(String),
}

/// A play that stands where it was wanted, and the way there.
pub struct Led {
    /// The play; `undo` goes back along it.
    pub play: Play,
    /// What was taken.
    pub route: Trace,
}

/// Finds a shortest play to a target and takes it. Where nobody said who is played it is whose
/// scene or choice it is, else of those who get there the one with the shortest way.
///
/// # Errors
///
/// Says why there is none.
pub fn lead(story: &Story, words: &Catalogue, wish: &Wish<'_>, any_seed: u64) -> Result<Led, Astray> {
    let goal = Goal::named(story, wish.target).ok_or_else(|| Astray::Unknown(unknown(story, words, wish.target)))?;
    let groups: Vec<Vec<RoleId>> = match (&wish.roles[..], goal.role(story)) {
        ([], Some(role)) => vec![vec![role]],
        ([], None) => story.playable().map(|role| vec![role]).collect(),
        (roles, _) => vec![roles.to_vec()],
    };
    // The short course is the shortest way to almost anything, and seldom what was meant.
    let courses: &[bool] = match (wish.digest, story.layout.digest) {
        (true, _) => &[true],
        (false, Some(_)) => &[false, true],
        (false, None) => &[false],
    };
    let mut search = Searched::default();
    for &digest in courses {
        if search.best.is_none() {
            search.look(story, goal, (wish, digest), &groups);
        }
    }
    let Searched { best: Some((roles, route)), .. } = search else {
        return Err(Astray::Never(never(words, wish, search.is_whole)));
    };
    let seed = wish.seed.or(route.seed).unwrap_or(any_seed);
    let mut play = Play::begin(story, Setup { roles, seed, digest: route.digest });
    for step in &route.moves {
        if !matches!(play.take_falling(story, step.input, &step.fell), Ok(None)) {
            return Err(Astray::Never(never(words, wish, false)));
        }
    }
    Ok(Led { play, route })
}

/// The shortest play that was found so far, and whether all were gone through.
struct Searched {
    best: Option<(Vec<RoleId>, Trace)>,
    is_whole: bool,
}

impl Default for Searched {
    fn default() -> Searched {
        Searched { best: None, is_whole: true }
    }
}

impl Searched {
    /// Looks which of these groups of roles gets there first, and how.
    fn look(&mut self, story: &Story, goal: Goal, (wish, digest): (&Wish<'_>, bool), groups: &[Vec<RoleId>]) {
        for roles in groups.iter().filter(|roles| roles.iter().all(|role| story.roles[role.index()].start.is_some())) {
            let opening = Opening { roles: roles.clone(), seed: wish.seed, digest };
            let found = until(story, &opening, goal, &Limits::new(LIMITS.0, LIMITS.1));
            self.is_whole &= found != Found::Unknown;
            let Found::Shortest(route) = found else { continue };
            if self.best.as_ref().is_none_or(|(_, best)| route.moves.len() < best.moves.len()) {
                self.best = Some((roles.clone(), route));
            }
        }
    }
}

impl Led {
    /// What was taken on the way, for who reads.
    pub fn note(&self, words: &Catalogue, target: &str) -> String {
        let count = self.route.moves.len();
        let head = trn!(
            words,
            "The shortest play to `{target}`, {n} step:",
            "The shortest play to `{target}`, {n} steps:",
            count,
            target = target
        );
        let steps = self.route.lines().into_iter().map(|line| format!("    {line}"));
        [head].into_iter().chain(steps).collect::<Vec<_>>().join("\n")
    }
}

fn never(words: &Catalogue, wish: &Wish<'_>, is_whole: bool) -> String {
    let target = wish.target;
    match (is_whole, wish.seed) {
        (false, _) => tr!(words, "no play to `{target}` was found, and not all could be gone through", target = target),
        (true, Some(seed)) => {
            tr!(words, "no play that begins with seed {seed} leads to `{target}`", target = target, seed = seed)
        }
        (true, None) if wish.roles.is_empty() => tr!(words, "no play leads to `{target}`", target = target),
        (true, None) => tr!(words, "no play of these roles leads to `{target}`", target = target),
    }
}

fn unknown(story: &Story, words: &Catalogue, name: &str) -> String {
    let choices: Vec<String> =
        (0..story.choices.len() as u32).map(|index| story.choice_name(ChoiceId(index))).collect();
    let scenes = story.scenes.iter().map(|scene| &*scene.id);
    let hinges = story.hinges.iter().map(|hinge| &*hinge.id);
    let outcomes = story.outcomes.iter().map(|outcome| outcome.id.as_str());
    let known = scenes.chain(hinges).chain(outcomes).chain(choices.iter().map(String::as_str));
    match nearest(name, known) {
        Some(near) => tr!(
            words,
            "no scene, hinge, choice or outcome is called `{name}`; did you mean `{near}`?",
            name = name,
            near = near
        ),
        None => tr!(words, "no scene, hinge, choice or outcome is called `{name}`", name = name),
    }
}
