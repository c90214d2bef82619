//! What the bundled story has to be to be played in a double period, or in one: counted from
//! random plays of each role.

use petrograd::sample::{Plan, Sampler, Spread, Tally, WORDS_A_MINUTE, sample};
use petrograd::story::model::RoleId;
use petrograd::story::{Story, open};

/// How long a decision takes, in minutes.
const A_DECISION: f64 = 8.0 / 60.0;

/// Fates that can come before the end of the year.
const EARLY: [&str; 6] = ["end_prison", "end_seed", "end_liteiny", "end_prisoner", "end_strip", "end_tiflis"];

fn bundled() -> Story {
    open(None, None).1.story.expect("the bundled story is whole")
}

fn tallies(story: &Story, digest: bool) -> Vec<(String, Tally)> {
    let of = |role: RoleId| {
        let tally = sample(story, Plan { roles: &[role], seed: 1917, plays: 2_000, digest, together: false });
        (story.roles[role.index()].id.clone(), tally)
    };
    story.playable().map(of).collect()
}

fn share(count: u64, tally: &Tally) -> f64 {
    count as f64 / tally.plays as f64
}

#[test]
fn a_play_is_as_long_as_a_double_period() {
    for (role, tally) in tallies(&bundled(), false) {
        let Spread { median, .. } = tally.words_per_play;
        assert!((11_000..=16_000).contains(&median), "{role}: {median} words");
        let Spread { median, .. } = tally.choices_per_play;
        assert!((45..=60).contains(&median), "{role}: {median} choices");
        let Spread { median, greatest, .. } = tally.words_per_screen;
        assert!(
            (55..=75).contains(&median) && greatest <= 110,
            "{role}: {median} words on a screen, {greatest} at most"
        );
    }
}

/// Who lives to see the end of the year has decided at least so often; only fates that come earlier
/// are shorter.
#[test]
fn a_play_to_the_end_of_the_year_has_decisions_enough() {
    let story = bundled();
    for role in story.playable() {
        let mut sampler = Sampler::new(&story, 1917, false);
        for number in 0..2_000 {
            let played = sampler.play_once(number, &[role]);
            let ending = story.scenes[played.endings[0].index()].id.to_string();
            let is_early = EARLY.contains(&ending.as_str());
            assert!(is_early || played.choices >= 45, "{ending} after {} choices: play {number}", played.choices);
        }
    }
}

#[test]
fn the_short_course_fits_a_period() {
    for (role, tally) in tallies(&bundled(), true) {
        let Spread { median: words, .. } = tally.words_per_play;
        assert!((5_000..=6_200).contains(&words), "{role}: {words} words");
        let minutes = f64::from(words) / WORDS_A_MINUTE + A_DECISION * f64::from(tally.choices_per_play.median);
        assert!(minutes <= 32.0, "{role}: {minutes:.1} minutes");
    }
}

#[test]
fn what_is_decided_is_remembered() {
    for (role, tally) in tallies(&bundled(), false) {
        let (later, long) = (tally.remembered as f64, tally.long_remembered as f64);
        let decisions = tally.decisions as f64;
        assert!(later >= 0.7 * decisions, "{role}: {later} of {decisions} are asked for later");
        assert!(long >= 0.3 * decisions, "{role}: {long} of {decisions} are asked for two months later");
    }
}

#[test]
fn history_is_likely_and_nothing_is_sure() {
    let story = bundled();
    let tallies = tallies(&story, false);
    for (role, tally) in &tallies {
        for &(outcome, count) in &tally.outcomes {
            let outcome = &story.outcomes[outcome.index()];
            let share = share(count, tally);
            let most = if outcome.historical { 0.70 } else { 0.40 };
            assert!(share <= most && (!outcome.historical || share >= 0.45), "{role}: {} {share}", outcome.id);
        }
        for &(ending, count) in &tally.endings {
            let share = share(count, tally);
            assert!((0.01..=0.45).contains(&share), "{role}: {} {share}", story.scenes[ending.index()].id);
        }
        assert!(tally.coverage.unseen_scenes.is_empty(), "{role}: {:?}", tally.coverage.unseen_scenes);
        assert!(tally.coverage.unseen_choices.is_empty(), "{role}: {:?}", tally.coverage.unseen_choices);
    }
    for (index, outcome) in story.outcomes.iter().enumerate() {
        let greatest = tallies.iter().map(|(_, tally)| share(tally.outcomes[index].1, tally)).fold(0.0, f64::max);
        assert!(greatest >= 0.002, "{} is reached by nobody", outcome.id);
    }
}

/// A class plays all roles at once: it turns the hinges oftener than one person does, and not
/// always, and nothing that can become of the city is out of its reach.
#[test]
fn several_together_turn_history_oftener_and_not_always() {
    let story = bundled();
    let roles: Vec<RoleId> = story.playable().collect();
    let tally = sample(&story, Plan { roles: &roles, seed: 1917, plays: 2_000, digest: false, together: true });
    for &(outcome, count) in &tally.outcomes {
        let (outcome, share) = (&story.outcomes[outcome.index()], share(count, &tally));
        assert!((0.005..=0.40).contains(&share), "{} {share}", outcome.id);
        assert!(!outcome.historical || share >= 0.10, "{} {share}", outcome.id);
    }
}
