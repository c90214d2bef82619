//! What holds of every play of every story, on stories made up at random.

use petrograd::engine::{
    Input, Offer, Pick, Play, Refusal, Setup, State, branches, holds, markdown, offers, outcome, plain, start, step,
    view,
};
use petrograd::story::Story;
use petrograd::story::model::{ChoiceId, Kind, RoleId, SceneId, VariableId};
use proptest::prelude::*;

use crate::generate::{Plan, plan, story};

/// The inputs that can be taken now, by anybody.
fn open(story: &Story, state: &State) -> Vec<Input> {
    let of = |role| {
        offers(story, state, role)
            .into_iter()
            .filter(|offer: &Offer| offer.open)
            .map(move |offer| Input { role, pick: offer.pick })
    };
    state.played(story).flat_map(of).collect()
}

fn setup(story: &Story, seed: u64, digest: bool) -> Setup {
    Setup { roles: story.playable().collect(), seed, digest }
}

/// Plays on by `picks` until they run out or nothing is open.
fn wander(story: &Story, seed: u64, picks: &[u8]) -> Play {
    let mut play = Play::begin(story, setup(story, seed, seed.is_multiple_of(2)));
    for pick in picks {
        let open = open(story, play.state());
        let Some(&input) = open.get(usize::from(*pick) % open.len().max(1)) else { break };
        play.take(story, input).expect("it was offered");
    }
    play
}

fn picks() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..60)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, ..ProptestConfig::default() })]

    #[test]
    fn a_play_replays_to_the_state_it_came_from(plan in plan(), seed: u64, picks in picks()) {
        let story = story(&plan);
        let play = wander(&story, seed, &picks);
        let mut state = start(&story, play.setup());
        for entry in play.log() {
            state = step(&story, &state, entry.input).expect("it was taken before");
            prop_assert_eq!(state.checksum(), entry.checksum);
        }
        prop_assert_eq!(&state, play.state());
    }

    #[test]
    fn undoing_is_exact_and_gives_the_chances_back(plan in plan(), seed: u64, picks in picks(), turns in 0..70usize) {
        let story = story(&plan);
        let full = wander(&story, seed, &picks);
        let mut undone = full.clone();
        let count = undone.undo(&story, turns);
        prop_assert_eq!(count, turns.min(full.log().len()));
        let kept = full.log().len() - count;
        let short = wander(&story, seed, &picks[..kept]);
        prop_assert_eq!(undone.state(), short.state());
        for entry in &full.log()[kept..] {
            undone.take(&story, entry.input).expect("it was taken before");
        }
        prop_assert_eq!(undone.state(), full.state());
    }

    #[test]
    fn no_input_panics_and_a_refused_one_changes_nothing(plan in plan(), seed: u64, picks in picks(), role in 0..4u32, number in 0..60u32, kind in 0..3u8) {
        let story = story(&plan);
        let mut play = wander(&story, seed, &picks);
        let pick = match kind {
            0 => Pick::Choice(ChoiceId(number)),
            1 => Pick::Storylet(SceneId(number)),
            _ => Pick::Continue,
        };
        let input = Input { role: RoleId(role), pick };
        let before = play.clone();
        let offered = open(&story, play.state()).contains(&input);
        match play.take(&story, input) {
            Ok(()) => prop_assert!(offered),
            Err(refusal) => {
                prop_assert!(!offered, "{} although it is open", refusal);
                prop_assert_eq!(before.state(), play.state());
                prop_assert_eq!(before.log(), play.log());
                let known = [Refusal::NotPlayed, Refusal::Over, Refusal::Waiting, Refusal::NotOffered, Refusal::Closed];
                prop_assert!(known.contains(&refusal));
            }
        }
    }

    #[test]
    fn variables_stay_within_their_bounds_and_the_calendar_never_goes_back(plan in plan(), seed: u64, picks in picks()) {
        let story = story(&plan);
        let play = wander(&story, seed, &picks);
        let mut state = start(&story, play.setup());
        for entry in play.log() {
            let next = step(&story, &state, entry.input).expect("it was taken before");
            prop_assert!(next.day(&story) >= state.day(&story));
            prop_assert!(next.day(&story) <= story.manifest.ends);
            for role in next.played(&story) {
                prop_assert!(next.today(&story, role) >= next.day(&story).min(state.today(&story, role)));
            }
            for (index, variable) in story.variables.iter().enumerate() {
                let value = next.value(&story, VariableId(index as u32));
                let (min, max) = match &variable.kind {
                    Kind::Integer(min, max) => (*min, *max),
                    Kind::Flag => (0, 1),
                    Kind::Symbol(names) => (0, names.len() as i64 - 1),
                };
                prop_assert!((min..=max).contains(&value), "{} is {value}", variable.id);
            }
            state = next;
        }
    }

    #[test]
    fn prose_never_changes_a_state(plan in plan(), seed: u64, picks in picks()) {
        let story = story(&plan);
        let play = wander(&story, seed, &picks);
        let state = play.state().clone();
        for role in state.played(&story) {
            let first = view(&story, &state, role);
            for index in 0..story.code.proses.len() {
                let prose = petrograd::lang::ProseId::at(index);
                let _ = (plain(&story, &state, role, prose), markdown(&story, &state, role, prose));
            }
            prop_assert_eq!(first.text, view(&story, &state, role).text);
        }
        prop_assert_eq!(&state, play.state());
        prop_assert_eq!(state.draws, play.state().draws);
    }

    #[test]
    fn the_branches_of_a_step_are_all_the_ways_it_can_fall(plan in plan(), seed: u64, picks in picks()) {
        let story = story(&plan);
        let play = wander(&story, seed, &picks);
        for input in open(&story, play.state()) {
            let ways = branches(&story, play.state(), input).expect("it is open");
            let sum: f64 = ways.iter().map(|way| way.weight.0 as f64 / way.weight.1 as f64).sum();
            prop_assert!((sum - 1.0).abs() < 1e-9, "the weights sum to {sum}");
            let next = step(&story, play.state(), input).expect("it is open");
            prop_assert!(ways.iter().any(|way| way.state.words() == next.words()));
        }
    }

    #[test]
    fn every_play_comes_to_an_end_and_an_outcome(plan in plan(), seed: u64, picks in prop::collection::vec(any::<u8>(), 400..401)) {
        let story = story(&plan);
        let play = wander(&story, seed, &picks);
        prop_assert!(play.state().is_over(&story), "stuck after {} of 400", play.log().len());
        let outcome = outcome(&story, play.state()).expect("a play that is over has an outcome");
        prop_assert!(holds(&story, play.state(), RoleId(0), story.outcomes[outcome.index()].guard));
        prop_assert_eq!(play.state().day(&story), story.manifest.ends);
    }
}

#[test]
fn a_plan_makes_the_same_story_twice() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let tree = plan().new_tree(&mut runner).expect("a plan");
    let plan: Plan = proptest::strategy::ValueTree::current(&tree);
    assert_eq!(story(&plan).logic, story(&plan).logic);
}
