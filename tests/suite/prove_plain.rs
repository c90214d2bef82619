//! The prover against the plainest search there is: whole states of the engine, one after the
//! other, by `branches` alone. What is proved is the same on every generated story: how many states
//! there are, verdicts, odds, lengths, and how long the shortest play to a fault is.

use std::collections::HashMap;

use petrograd::engine::{Cursor, Input, Pick, Setup, State, beginnings, branches, offers, outcome, value};
use petrograd::prove::{Limits, Options, Proof, Verdict, prove};
use petrograd::story::Story;
use petrograd::story::model::{Claim, LawId, RoleId, SceneId};
use proptest::prelude::*;

use crate::generate::{plan, sound, toml};

/// Laws of every kind, on what every generated story has.
const LAWS: &str = r#"
[[law]]
id = "fed"
why = "w"
always = "bread > 5 or unrest < 9"
[[law]]
id = "calm"
why = "w"
never = "warned and crown == gone"
[[law]]
id = "shaken"
why = "w"
possible = "crown == shaken and bread < 40"
[[law]]
id = "hungry"
why = "w"
inevitable = "bread < 50 or r0.nerve > 1"
[[law]]
id = "first_bread"
why = "w"
before = { first = "bread != 50", then = "warned" }
[[law]]
id = "rarely"
why = "w"
odds = { of = "unrest > 4", at_most = 0.5 }
"#;

/// States at most, of a story that is looked at.
const MOST: usize = 4_000;

/// What an input leads to, each with its chance, and whether something was chosen by it.
type Chosen = (bool, Vec<(f64, usize)>);

/// Every state that plays of a role reach.
struct Plain<'s> {
    story: &'s Story,
    role: RoleId,
    states: Vec<State>,
    /// By state: how many inputs lead there at least.
    depth: Vec<usize>,
    /// By state, by input: whether something was chosen, and where it leads with which chance.
    ways: Vec<Vec<Chosen>>,
    begins: Vec<(f64, usize)>,
    transitions: usize,
}

impl<'s> Plain<'s> {
    /// `None` where there are too many.
    fn of(story: &'s Story, role: RoleId) -> Option<Plain<'s>> {
        let mut plain = Plain {
            story,
            role,
            states: Vec::new(),
            depth: Vec::new(),
            ways: Vec::new(),
            begins: Vec::new(),
            transitions: 0,
        };
        let mut known = HashMap::new();
        let setup = Setup { roles: vec![role], seed: 0, digest: false };
        for branch in beginnings(story, &setup) {
            let share = branch.weight.0 as f64 / branch.weight.1 as f64;
            let to = plain.add(&mut known, branch.state, 0);
            plain.begins.push((share, to));
        }
        while plain.ways.len() < plain.states.len() {
            if plain.states.len() > MOST {
                return None;
            }
            let at = plain.ways.len();
            let mut ways = Vec::new();
            for offer in offers(story, &plain.states[at], role).into_iter().filter(|offer| offer.open) {
                let branches =
                    branches(story, &plain.states[at], Input { role, pick: offer.pick }).expect("it is offered");
                plain.transitions += branches.len();
                let mut to = Vec::new();
                for branch in branches {
                    let share = branch.weight.0 as f64 / branch.weight.1 as f64;
                    to.push((share, plain.add(&mut known, branch.state, plain.depth[at] + 1)));
                }
                ways.push((offer.pick != Pick::Continue, to));
            }
            plain.ways.push(ways);
        }
        Some(plain)
    }

    fn add(&mut self, known: &mut HashMap<Vec<u64>, usize>, state: State, depth: usize) -> usize {
        *known.entry(state.words().to_vec()).or_insert_with(|| {
            self.states.push(state);
            self.depth.push(depth);
            self.states.len() - 1
        })
    }

    fn holds(&self, state: usize, expr: petrograd::lang::ExprId) -> bool {
        value(self.story, &self.states[state], self.role, expr) != 0
    }

    fn all(&self) -> std::ops::Range<usize> {
        0..self.states.len()
    }

    fn is_over(&self, state: usize) -> bool {
        self.states[state].is_over(self.story)
    }

    /// Least, random and greatest of what ends are worth.
    fn odds(&self, worth: impl Fn(usize) -> bool) -> [f64; 3] {
        let mut values: Vec<[f64; 3]> =
            self.all().map(|state| [f64::from(u8::from(self.is_over(state) && worth(state))); 3]).collect();
        for _ in 0..20_000 {
            let mut moved = 0.0f64;
            for state in self.all().rev().filter(|state| !self.ways[*state].is_empty()) {
                let ways: Vec<[f64; 3]> = self.ways[state]
                    .iter()
                    .map(|(_, to)| [0, 1, 2].map(|n| to.iter().map(|(share, to)| share * values[*to][n]).sum()))
                    .collect();
                let next = [
                    ways.iter().map(|way| way[0]).fold(f64::INFINITY, f64::min),
                    ways.iter().map(|way| way[1]).sum::<f64>() / ways.len() as f64,
                    ways.iter().map(|way| way[2]).fold(0.0, f64::max),
                ];
                moved = (0..3).map(|n| (next[n] - values[state][n]).abs()).fold(moved, f64::max);
                values[state] = next;
            }
            if moved < 1e-14 {
                break;
            }
        }
        let begin = |n: usize| self.begins.iter().map(move |(share, to)| (share, to, n));
        [0, 1, 2].map(|n| begin(n).map(|(share, to, n)| share * values[*to][n]).sum())
    }

    /// The fewest choices to an end, stuck plays among them.
    fn shortest(&self) -> Option<u64> {
        let mut least: Vec<Option<u64>> = self.all().map(|state| self.ways[state].is_empty().then_some(0)).collect();
        loop {
            let mut moved = false;
            for state in self.all() {
                for (chosen, to) in &self.ways[state] {
                    let best = to.iter().filter_map(|(_, to)| least[*to]).min().map(|best| best + u64::from(*chosen));
                    if best.is_some_and(|best| least[state].is_none_or(|known| best < known)) {
                        (least[state], moved) = (best, true);
                    }
                }
            }
            if !moved {
                return self.begins.iter().filter_map(|(_, to)| least[*to]).min();
            }
        }
    }

    /// The least depth of a goal on ways that pass no closed state.
    fn around(&self, closed: impl Fn(usize) -> bool, goal: impl Fn(usize) -> bool) -> Option<usize> {
        let mut depth: Vec<Option<usize>> = vec![None; self.states.len()];
        let mut ahead: Vec<usize> = Vec::new();
        for (_, to) in &self.begins {
            if !closed(*to) && depth[*to].is_none() {
                depth[*to] = Some(0);
                ahead.push(*to);
            }
        }
        let mut at = 0;
        while at < ahead.len() {
            let state = ahead[at];
            at += 1;
            if goal(state) {
                return depth[state];
            }
            for (_, to) in self.ways[state].iter().flat_map(|(_, to)| to) {
                if !closed(*to) && depth[*to].is_none() {
                    depth[*to] = depth[state].map(|depth| depth + 1);
                    ahead.push(*to);
                }
            }
        }
        None
    }

    /// The verdict of a law, and how long the shortest play is that shows it.
    fn judge(&self, law: LawId) -> (Verdict, Option<usize>) {
        let nearest =
            |of: &dyn Fn(usize) -> bool| self.all().filter(|state| of(*state)).map(|state| self.depth[state]).min();
        let broken = |shown: Option<usize>| (if shown.is_some() { Verdict::Broken } else { Verdict::Holds }, shown);
        match self.story.laws[law.index()].claim {
            Claim::Always(expr) => broken(nearest(&|state| !self.holds(state, expr))),
            Claim::Never(expr) => broken(nearest(&|state| self.holds(state, expr))),
            Claim::Possible(expr) => {
                let shown = nearest(&|state| self.holds(state, expr));
                (if shown.is_some() { Verdict::Holds } else { Verdict::Broken }, shown)
            }
            Claim::Inevitable(expr) => {
                broken(self.around(|state| self.holds(state, expr), |state| self.ways[state].is_empty()))
            }
            Claim::Before { first, then } => {
                broken(self.around(|state| self.holds(state, first), |state| self.holds(state, then)))
            }
            Claim::Odds { of, at_least, at_most } => {
                let chance = self.odds(|state| self.holds(state, of))[1];
                let within = chance >= at_least - 1e-9 && chance <= at_most + 1e-9;
                (if within { Verdict::Holds } else { Verdict::Broken }, None)
            }
        }
    }
}

fn proof(story: &Story, role: RoleId, reduce: bool) -> Proof {
    let laws: Vec<LawId> = (0..story.laws.len() as u32).map(LawId).collect();
    let options = Options { reduce, ..Options::default() };
    prove(story, &[role], &laws, options, &Limits::new(1_000_000, 1 << 30))
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-9
}

/// Compares a proof with the plain search.
fn compare(plain: &Plain<'_>, proof: &Proof, text: &str) -> Result<(), TestCaseError> {
    let story = plain.story;
    prop_assert!(proof.complete && proof.astray.is_empty(), "{:?}\n{text}", proof.astray);
    for found in &proof.laws {
        let (mut verdict, length) = plain.judge(found.law);
        let law = &story.laws[found.law.index()];
        // Another role may show what is possible.
        if matches!(law.claim, Claim::Possible(_)) && verdict == Verdict::Broken && story.playable().count() > 1 {
            verdict = Verdict::Unknown;
        }
        let shown = found.trace.as_ref().map(|(_, trace)| trace.moves.len());
        prop_assert_eq!((found.verdict, shown), (verdict, length), "{}\n{}", law.id, text);
    }
    let stuck = plain.all().filter(|state| plain.ways[*state].is_empty() && !plain.is_over(*state));
    let nearest = stuck.map(|state| plain.depth[state]).min();
    let found = proof.dead_ends.iter().map(|end| end.trace.moves.len()).min();
    prop_assert_eq!(found, nearest, "dead ends\n{}", text);
    let scenes =
        story.scenes.iter().enumerate().filter(|(_, scene)| scene.ending.is_some() && scene.role == plain.role);
    for (index, scene) in scenes {
        let there = Cursor::Ending(SceneId(index as u32));
        let odds = plain.odds(|state| plain.states[state].cursor(story, plain.role) == there);
        let found = proof.endings[&*scene.id];
        let same = close(odds[0], found.least) && close(odds[1], found.random) && close(odds[2], found.greatest);
        prop_assert!(same, "{}: {:?} or {:?}\n{}", scene.id, odds, found, text);
    }
    for (index, declared) in story.outcomes.iter().enumerate() {
        let odds = plain.odds(|state| outcome(story, &plain.states[state]).is_some_and(|found| found.index() == index));
        let found = proof.outcomes[&declared.id];
        let same = close(odds[0], found.least) && close(odds[1], found.random) && close(odds[2], found.greatest);
        prop_assert!(same, "{}: {:?} or {:?}\n{}", declared.id, odds, found, text);
    }
    prop_assert!(proof.roles[0].error < 1e-6, "{}", proof.roles[0].error);
    prop_assert_eq!(proof.roles[0].length.map(|length| length.choices.least), plain.shortest(), "{}", text);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), ..ProptestConfig::default() })]

    #[test]
    fn what_is_proved_is_what_the_plain_search_finds(plan in plan(), round in any::<bool>()) {
        let mut text = toml(&plan) + LAWS;
        if round {
            // What is answered in passing can be answered again and again.
            text = text.replace("once = true\nhistorical", "once = false\nhistorical");
        }
        let story = sound(&text);
        for role in story.playable() {
            let Some(plain) = Plain::of(&story, role) else { continue };
            let (whole, reduced) = (proof(&story, role, false), proof(&story, role, true));
            prop_assert_eq!((whole.roles[0].states, whole.roles[0].transitions), (plain.states.len(), plain.transitions), "{}", text);
            prop_assert!(reduced.roles[0].states <= whole.roles[0].states);
            compare(&plain, &whole, &text)?;
            compare(&plain, &reduced, &text)?;
        }
    }
}

/// Stories at each run; more where somebody asks for them.
fn cases() -> u32 {
    std::env::var("PROVE_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(2000)
}
