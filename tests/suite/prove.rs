//! What is proved is so: leaving out what nothing reads changes no verdict, no chance, no length;
//! every trace is a play; what was not finished is unknown.

use petrograd::prove::{Limits, Options, Proof, Verdict, prove, replays};
use petrograd::story::model::{LawId, RoleId};
use petrograd::story::{Sources, Story, load};
use proptest::prelude::*;

use crate::generate::{plan, sound, story};

const STATES: usize = 60_000;

fn proof(story: &Story, reduce: bool, states: usize) -> Proof {
    let roles: Vec<RoleId> = story.playable().collect();
    let laws: Vec<LawId> = (0..story.laws.len() as u32).map(LawId).collect();
    let options = Options { reduce, certify: true, threads: 2, ..Options::default() };
    let proof = prove(story, &roles, &laws, options, &Limits::new(states, 1 << 30));
    assert!(proof.astray.is_empty(), "{:?}", proof.astray);
    proof
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn leaving_out_what_nothing_reads_changes_nothing(plan in plan()) {
        let story = story(&plan);
        let (whole, reduced) = (proof(&story, false, STATES), proof(&story, true, STATES));
        prop_assume!(whole.complete && reduced.complete);
        for (odds, others) in [(&whole.endings, &reduced.endings), (&whole.outcomes, &reduced.outcomes)] {
            prop_assert_eq!(odds.len(), others.len());
            for (id, odds) in odds {
                let other = others[id];
                for (a, b) in [(odds.least, other.least), (odds.random, other.random), (odds.greatest, other.greatest)] {
                    prop_assert!((a - b).abs() < 1e-9, "{}: {} or {}", id, a, b);
                }
            }
        }
        // Plays of all together may be too many before what nothing reads is left out.
        let finished = whole.roles.iter().zip(&reduced.roles).filter(|(whole, reduced)| whole.complete && reduced.complete);
        for (whole, reduced) in finished {
            prop_assert!(reduced.states <= whole.states);
            prop_assert_eq!(whole.historical, reduced.historical);
            prop_assert_eq!(whole.length.map(|length| length.choices), reduced.length.map(|length| length.choices));
        }
        prop_assume!(whole.roles.iter().chain(&reduced.roles).all(|role| role.complete));
        let (mut first, mut second) = (whole.unreached(&story), reduced.unreached(&story));
        first.outcomes.sort();
        second.outcomes.sort();
        prop_assert_eq!(format!("{first:?}"), format!("{second:?}"));
        let places = |proof: &Proof| proof.faults.iter().map(|fault| (fault.kind, fault.at.clone(), fault.trace.moves.len())).collect::<Vec<_>>();
        prop_assert_eq!(places(&whole), places(&reduced));
        for fault in &reduced.faults {
            prop_assert!(replays(&story, &fault.roles, &fault.trace).is_some(), "{:?}", fault.trace.lines());
        }
    }
}

const BRIDGE: &str = r#"
[story]
format = 1
id = "bridge"
title = "Bridge"
start = "bank"
[world]
coins = { start = 2, max = 3 }
wet = false
warned = false
[[scene]]
id = "bank"
text = "A river."
[[scene.choice]]
id = "ask"
text = "Ask the ferryman."
do = "warned = true"
once = true
say = "He shrugs."
[[scene.choice]]
id = "ferry"
text = "Pay the ferry."
if = "coins > 0"
do = "coins -= 1"
goto = [{ to = "over", weight = 3 }, { to = "river", weight = 1 }]
[[scene.choice]]
id = "swim"
text = "Swim."
do = "wet = true"
goto = "river"
[[scene]]
id = "river"
text = "Cold."
[[scene.choice]]
id = "on"
text = "Swim on."
if = "not warned"
goto = "over"
[[scene.choice]]
id = "back"
text = "Turn back."
if = "wet"
goto = "bank"
[[scene]]
id = "over"
ending = "Over"
[[scene]]
id = "nowhere"
ending = "Never"
[[outcome]]
id = "crossed"
title = "Crossed"
historical = true
[[law]]
id = "money"
why = "nobody is in debt"
always = "coins >= 0 or wet"
[[law]]
id = "dry"
why = "somebody crosses dry"
possible = "ending(over) and not wet"
[[law]]
id = "wet_first"
why = "only who is wet gets over"
before = { first = "wet", then = "ending(over)" }
[[law]]
id = "all_over"
why = "everybody gets there"
inevitable = "ending(over)"
[[law]]
id = "never_warned"
why = "the ferryman is not asked"
never = "warned"
"#;

#[test]
fn laws_are_judged_and_broken_ones_shown_by_the_shortest_play() {
    let story = sound(BRIDGE);
    let proof = proof(&story, true, STATES);
    assert!(proof.complete);
    let found = |id: &str| proof.laws.iter().find(|found| story.laws[found.law.index()].id == id).expect("a law");
    let lines = |id: &str| found(id).trace.as_ref().map(|(_, trace)| trace.lines());
    assert_eq!(found("money").verdict, Verdict::Holds);
    assert_eq!((found("dry").verdict, lines("dry")), (Verdict::Holds, Some(vec!["bank.ferry -> over".to_owned()])));
    assert_eq!(
        (found("wet_first").verdict, lines("wet_first")),
        (Verdict::Broken, Some(vec!["bank.ferry -> over".to_owned()]))
    );
    assert_eq!(
        (found("never_warned").verdict, lines("never_warned")),
        (Verdict::Broken, Some(vec!["bank.ask".to_owned()]))
    );
    // Warned and dry in the river: nothing is open.
    assert_eq!(proof.dead_ends.len(), 1);
    assert_eq!(proof.dead_ends[0].trace.lines(), ["bank.ask", "bank.ferry -> river"]);
    assert_eq!(lines("all_over"), Some(vec!["bank.ask".to_owned(), "bank.ferry -> river".to_owned()]));
    assert_eq!(proof.unreached(&story).endings, ["nowhere"]);
    assert!(!proof.is_sound());
}

#[test]
fn chances_are_exact() {
    let story = sound(
        &BRIDGE
            .replace("if = \"not warned\"\n", "")
            .replace("[[scene.choice]]\nid = \"back\"\ntext = \"Turn back.\"\nif = \"wet\"\ngoto = \"bank\"\n", ""),
    );
    let proof = proof(&story, true, STATES);
    let odds = proof.endings["over"];
    assert_eq!((odds.least, odds.random, odds.greatest), (1.0, 1.0, 1.0));
    assert_eq!(proof.roles[0].length.expect("plays end").choices.least, 1);
}

#[test]
fn what_was_not_finished_is_unknown() {
    let story = load(&Sources::built_in(), None).story.expect("it is sound");
    let proof = proof(&story, true, 40);
    assert!(!proof.complete && !proof.is_sound());
    let holds = proof.laws.iter().filter(|found| found.verdict == Verdict::Holds);
    for found in holds {
        let law = &story.laws[found.law.index()];
        assert!(matches!(law.claim, petrograd::story::model::Claim::Possible(_)), "`{}` was not finished", law.id);
    }
}

#[test]
fn the_bundled_story_is_proved_for_every_role_written_so_far() {
    let story = load(&Sources::built_in(), None).story.expect("it is sound");
    let proof = proof(&story, true, 5_000_000);
    let broken: Vec<&str> = proof
        .laws
        .iter()
        .filter(|found| found.verdict != Verdict::Holds)
        .map(|found| story.laws[found.law.index()].id.as_str())
        .collect();
    assert!(broken.is_empty(), "{broken:?}");
    assert!(proof.is_sound(), "{:?} {:?} {:?}", proof.complete, proof.dead_ends, proof.faults);
    let unreached = proof.unreached(&story);
    assert!(unreached.scenes.is_empty() && unreached.choices.is_empty(), "{unreached:?}");
}

#[test]
fn what_is_stopped_is_unknown_at_once() {
    let story = load(&Sources::built_in(), None).story.expect("it is sound");
    let roles: Vec<RoleId> = story.playable().collect();
    let laws: Vec<LawId> = (0..story.laws.len() as u32).map(LawId).collect();
    let limits = Limits::new(1_000_000, 1 << 30);
    limits.told.stop.store(true, std::sync::atomic::Ordering::Relaxed);
    let proof = prove(&story, &roles, &laws, Options::default(), &limits);
    assert!(!proof.complete && proof.roles.iter().all(|role| role.historical == Verdict::Unknown));
    assert!(proof.laws.iter().all(|found| found.verdict == Verdict::Unknown));
}

#[test]
fn any_number_of_threads_finds_the_same() {
    let story = load(&Sources::built_in(), None).story.expect("it is sound");
    let roles: Vec<RoleId> = story.playable().collect();
    let laws: Vec<LawId> = (0..story.laws.len() as u32).map(LawId).collect();
    let told = |threads: usize| {
        let options = Options { threads, ..Options::default() };
        let mut proof = prove(&story, &roles, &laws, options, &Limits::new(1_000_000, 1 << 30));
        proof.seconds = 0.0;
        format!("{proof:?}")
    };
    assert_eq!(told(1), told(3));
}

/// A story whose prose has an arm that nobody sees.
const ARMS: &str = r#"
[story]
format = 1
id = "arms"
title = "Arms"
start = "gate"
[world]
coins = { start = 2, max = 3 }
[[scene]]
id = "gate"
text = '''
A gate.
{if coins > 2}
You could buy it.
{elif coins == 2}
You could pass.
{else}
You wait.
{end}
'''
[[scene.choice]]
id = "pay"
text = "Pay."
do = "coins -= 1"
say = "{if coins == 0}Nothing is left.{else}One is left.{end}"
goto = "town"
[[scene.choice]]
id = "give"
text = "Give all."
do = "coins = 0"
say = "{if coins == 0}Nothing is left.{else}Something is.{end}"
goto = "town"
[[scene]]
id = "town"
ending = "Town"
text = "{first}New.{then}Old.{end}"
[[outcome]]
id = "only"
title = "Only"
historical = true
"#;

#[test]
fn arms_of_prose_that_no_play_shows_are_told_by_their_lines() {
    let sources = Sources::single("arms.toml", ARMS);
    let story = load(&sources, None).story.expect("it is sound");
    let proof = proof(&story, true, STATES);
    let lines: Vec<usize> = proof.unshown(&story, &sources).iter().map(|place| place.line).collect();
    let told: Vec<&str> = lines.iter().filter_map(|line| ARMS.lines().nth(line - 1)).collect();
    assert_eq!(
        told,
        [
            "{if coins > 2}",
            "{else}",
            "say = \"{if coins == 0}Nothing is left.{else}One is left.{end}\"",
            "say = \"{if coins == 0}Nothing is left.{else}Something is.{end}\"",
            "text = \"{first}New.{then}Old.{end}\"",
        ]
    );
}
