//! Random plays: what is counted, what is told, and plays that come to no end.

use std::path::Path;

use crate::generate::sound;
use petrograd::catalogue::Catalogue;
use petrograd::sample::{End, Plan, Sampler, Tally, json, places, sample, text};
use petrograd::story::model::RoleId;
use petrograd::story::{Story, open};

const FRAME: &str = r#"
[story]
format = 1
id = "small"
title = "Small"
version = "1"
authors = ["Test"]
license = "CC0-1.0"
language = "en"
begins = 1917-03-01
ends = 1917-03-31
start = "hall"

[world]
steps = { start = 0, min = 0, max = 3 }

[[outcome]]
id = "as_recorded"
title = "As recorded"
historical = true
"#;

fn story(text: &str) -> Story {
    sound(&format!("{FRAME}{text}"))
}

fn example(name: &str) -> Story {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/examples").join(name);
    open(Some(&path), None).1.story.expect("the example is whole")
}

fn run(story: &Story, plays: u64) -> Tally {
    let roles: Vec<RoleId> = story.playable().collect();
    sample(story, Plan { roles: &roles, seed: 1, plays, digest: false, together: false })
}

#[test]
fn every_word_that_is_shown_is_counted_and_reading_on_is_no_choice() {
    let story = story(
        r#"
[[scene]]
id = "hall"
text = "one two three"
goto = "door"

[[scene]]
id = "door"
text = "four"
choice = [
  { id = "open", text = "five six", say = "nine", goto = "end" },
  { id = "break", text = "seven", if = "steps > 0", locked = "eight eight", goto = "end" },
]

[[scene]]
id = "end"
ending = "End"
text = "ten"
"#,
    );
    let tally = run(&story, 1);
    assert_eq!((tally.words_per_play.median, tally.choices_per_play.median), (3 + 1 + 2 + 2 + 1 + 1, 1));
    assert_eq!((tally.decisions, tally.unended), (0, 0), "one open choice is no decision");
    assert_eq!(tally.coverage.unseen_choices, ["door.break"]);
    assert!(tally.coverage.unseen_scenes.is_empty());
    assert!((tally.coverage.of_choices() - 0.5).abs() < 1e-9);
}

#[test]
fn a_play_that_never_ends_is_broken_off_and_told() {
    let endless = story(
        r#"
[[scene]]
id = "hall"
text = "Round."
choice = [{ id = "turn", text = "Turn.", do = "steps += 1" }, { id = "look", text = "Look.", if = "steps < 1" }]

[[scene]]
id = "end"
ending = "End"
text = "Never."
"#,
    );
    let played = Sampler::new(&endless, 1, false).play_once(0, &[RoleId(0)]);
    let End::Endless(trace) = &played.end else { panic!("{:?}", played.end) };
    assert_eq!((trace.len(), played.choices), (12, 10_000));
    assert!(trace.iter().all(|name| name == "hall.turn" || name == "hall.look"));
    let tally = run(&endless, 2);
    assert_eq!(tally.unended, 2);
    let told = text(&endless, &tally, 1.0, &Catalogue::default(), 80);
    assert!(told.contains("2 plays came to no end."), "{told}");
    assert!(told.contains("hall.turn"), "{told}");
}

#[test]
fn the_same_seed_gives_the_same_plays() {
    let story = example("lighthouse");
    let keeper = story.role_named("keeper").expect("a keeper");
    let all = |seed| -> Vec<_> {
        let mut sampler = Sampler::new(&story, seed, false);
        (0..50).map(|number| sampler.play_once(number, &[keeper])).collect()
    };
    assert_eq!(all(5), all(5));
    assert_ne!(all(5), all(6));
}

/// What the small bakery can come to is known: a fire or none, and every choice is reached.
#[test]
fn a_thousand_mornings_at_the_bakery() {
    let story = example("bakery.toml");
    let tally = run(&story, 1000);
    let endings: u64 = tally.endings.iter().map(|(_, count)| count).sum();
    let outcomes: u64 = tally.outcomes.iter().map(|(_, count)| count).sum();
    assert_eq!((tally.plays, endings, outcomes), (1000, 1000, 1000));
    assert!(tally.endings.iter().all(|(_, count)| *count > 100), "{:?}", tally.endings);
    assert!((tally.coverage.of_scenes() - 1.0).abs() < 1e-9 && (tally.coverage.of_choices() - 1.0).abs() < 1e-9);
    assert!(tally.fidelity > 0.0 && tally.fidelity < 1.0);
}

/// One decision after another, of which the first is asked for in June, the second in the next
/// scene of the same month, the third nowhere.
const REMEMBERED: &str = r#"
[[scene]]
id = "hall"
text = """
one two three

---

four"""
choice = [
  { id = "left", text = "Left.", do = "steps += 1", goto = "now" },
  { id = "right", text = "Right.", do = "steps += 2", goto = "now" },
]

[[scene]]
id = "now"
text = "{if chose(hall.left)}Left{else}Right{end}."
choice = [{ id = "a", text = "A.", goto = "then" }, { id = "b", text = "B.", goto = "then" }]

[[scene]]
id = "then"
date = 1917-03-30
text = "{if chose(now.a)}A{elif chose(now.b)}B{end}."
choice = [{ id = "c", text = "C.", goto = "end" }, { id = "d", text = "D.", goto = "end" }]

[[scene]]
id = "end"
date = 1917-06-01
ending = "End"
text = "{if steps > 1}Far.{else}Near.{end}"
"#;

#[test]
fn a_decision_is_remembered_where_the_play_asks_later_for_what_it_wrote() {
    let story = sound(&(FRAME.replace("1917-03-31", "1917-06-30") + REMEMBERED));
    let tally = run(&story, 20);
    assert_eq!((tally.decisions, tally.remembered, tally.long_remembered), (60, 40, 20));
}

#[test]
fn screens_are_counted_and_places_told_by_their_words() {
    let story = sound(&(FRAME.replace("1917-03-31", "1917-06-30") + REMEMBERED));
    let tally = run(&story, 20);
    let spread = tally.words_per_screen;
    assert_eq!((spread.least, spread.median, spread.greatest), (1, 1, 3), "a screen ends at its line");
    let told = places(&story, &tally, &Catalogue::default(), 80);
    let first = told.lines().nth(2).expect("the longest place");
    assert_eq!(first.split_whitespace().collect::<Vec<_>>(), ["100.0", "%", "6", "3", "hall"], "{told}");
    assert!(!told.contains("news"), "nothing was read there: {told}");
}

/// The short course leaves scenes out, and nobody is told their names.
#[test]
fn the_short_course_is_sampled_where_it_is_asked_for() {
    let short = story(
        r#"
[[scene]]
id = "hall"
text = "one two"
goto = [{ to = "end", if = "digest" }, { to = "detour" }]

[[scene]]
id = "detour"
text = "three four five"
goto = "end"

[[scene]]
id = "end"
ending = "End"
text = "six"
"#,
    );
    let of = |digest| sample(&short, Plan { roles: &[RoleId(0)], seed: 1, plays: 3, digest, together: false });
    assert_eq!([of(false), of(true)].map(|tally| tally.words_per_play.median), [6, 3]);
    let told = text(&short, &of(true), 1.0, &Catalogue::default(), 80);
    assert!(told.contains("Seen: 66.7 %") && !told.contains("detour"), "{told}");
}

#[test]
fn all_roles_play_together_where_it_is_asked_for() {
    let story = example("lighthouse");
    let roles: Vec<RoleId> = story.playable().collect();
    let of = |together| sample(&story, Plan { roles: &roles, seed: 1, plays: 30, digest: false, together });
    let ends = |tally: &Tally| tally.endings.iter().map(|(_, count)| count).sum::<u64>();
    assert!(roles.len() > 1);
    assert_eq!([ends(&of(false)), ends(&of(true))], [30, 30 * roles.len() as u64], "each comes to its own");
}

#[test]
fn no_line_of_it_is_wider_than_the_window() {
    let story = example("lighthouse");
    let tally = run(&story, 3);
    for language in ["en", "es"] {
        let words = Catalogue::of(language);
        for width in [30, 40, 80] {
            let told = text(&story, &tally, 1.0, &words, width) + &places(&story, &tally, &words, width);
            let widest = told.lines().map(|line| line.chars().count()).max();
            assert!(widest.is_some_and(|widest| widest <= width), "{told}");
        }
        let (narrow, wide) = (text(&story, &tally, 1.0, &words, 40), text(&story, &tally, 1.0, &words, 100));
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(words(&narrow), words(&wide), "no name is broken");
    }
}

#[test]
fn the_json_has_the_keys_that_are_promised_in_their_order() {
    let story = example("bakery.toml");
    let tally = run(&story, 10);
    let text = serde_json::to_string(&json(&story, &tally, 2.0)).expect("it is data");
    let keys = [
        "{\"format\":1,\"plays\":10,\"choices\":",
        "\"seconds\":2.0,\"choices_per_second\":",
        "\"plays_per_second\":5.0,\"endings\":{\"roof\":",
        "\"outcomes\":{\"ashes\":",
        "\"coverage\":{\"scenes\":1.0,\"choices\":",
        "\"never_seen\":{\"scenes\":[],\"choices\":",
        "\"per_play\":{\"choices\":{\"least\":",
        "\"words\":{\"least\":",
        "\"minutes\":{\"least\":",
        "\"fidelity\":{\"mean\":",
    ];
    let mut rest = text.as_str();
    for key in keys {
        let at = rest.find(key).unwrap_or_else(|| panic!("{key} after what came before, in {text}"));
        rest = &rest[at + key.len()..];
    }
}
