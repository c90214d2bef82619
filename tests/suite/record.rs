//! Plays of small stories held against their records.

use crate::generate::sound;
use petrograd::calendar::Calendar;
use petrograd::engine::{Input, Pick, Play, Setup, next_role};
use petrograd::record::{Comparison, Gate, Link, Status, Unfinished, compare, compare_finished};
use petrograd::story::model::{Kind, RoleId};
use petrograd::story::{Story, open};

/// A city of one bakery. What the baker does stands in the tests' stories; the frame is shared.
const FRAME: &str = r#"
[story]
format = 1
id = "flour"
title = "Flour"
version = "1"
authors = ["Test"]
license = "CC0-1.0"
language = "en"
calendar = "julian"
begins = 1917-03-01
ends = 1917-03-31
start = "morning"

[[outcome]]
id = "as_recorded"
title = "As recorded"
historical = true
"#;

fn story(text: &str) -> Story {
    sound(&format!("{FRAME}{text}"))
}

/// Plays by ids; where nothing is to be chosen, reads on.
fn play(story: &Story, ids: &[&str]) -> Play {
    let setup = Setup { roles: vec![RoleId(0)], seed: 7, digest: false };
    let mut play = Play::begin(story, setup);
    let mut ids = ids.iter();
    let mut offers = Vec::new();
    while let Some(role) = next_role(story, play.state(), &mut offers) {
        let only = [Pick::Continue];
        let pick = if offers.iter().any(|offer| offer.pick == only[0]) {
            Pick::Continue
        } else {
            let Some(id) = ids.next() else { break };
            let view = play.view(story, role);
            view.options.iter().find(|option| option.id == *id).unwrap_or_else(|| panic!("`{id}` is offered")).pick
        };
        play.take(story, Input { role, pick }).expect("it is open");
    }
    play
}

/// How an event came out: status, days, the choices it hangs on.
fn came_out(story: &Story, play: &Play, id: &str) -> (Status, i32, Vec<String>) {
    let comparison = compare(story, play);
    let event = story.event_named(id).expect("the event is there");
    let compared = comparison.event(event).expect("it is compared");
    let name = |entry: usize| Play::input_name(story, &play.log()[entry].at, play.log()[entry].input);
    (compared.verdict.status, compared.verdict.days, compared.because.iter().map(|act| name(act.entry)).collect())
}

/// The chain of an event's causes, in the form `choice > what > event`.
fn chain(story: &Story, play: &Play, id: &str) -> String {
    let comparison = compare(story, play);
    let event = story.event_named(id).expect("the event is there");
    let links = &comparison.event(event).expect("it is compared").chain;
    let name = |link: &Link| match *link {
        Link::Act(entry) => Play::input_name(story, &play.log()[entry].at, play.log()[entry].input),
        Link::Hinge(hinge, outcome) => {
            format!("{}: {}", story.hinges[hinge.index()].id, story.hinge_outcomes[outcome as usize].title)
        }
        Link::Moved(variable, by) => format!("{} {by:+}", story.variable_name(variable)),
        Link::Threshold(variable, stood, threshold) => {
            format!("{} at {stood}, {}", story.variable_name(variable), threshold.number)
        }
        Link::Event(event) => story.events[event.index()].id.clone(),
        Link::Outcome(outcome) => story.outcomes[outcome.index()].id.clone(),
    };
    links.iter().map(name).collect::<Vec<_>>().join(" > ")
}

/// What would have kept an event: the choice to change, and what to take instead.
fn remedy(story: &Story, play: &Play, id: &str) -> Option<(String, String)> {
    let comparison = compare(story, play);
    let event = story.event_named(id).expect("the event is there");
    let remedy = comparison.event(event).expect("it is compared").remedy?;
    let logged = &play.log()[remedy.entry];
    let instead = Input { pick: remedy.instead, ..logged.input };
    Some((Play::input_name(story, &logged.at, logged.input), Play::input_name(story, &logged.at, instead)))
}

/// One event, brought about, averted or let be; `later` needs it.
const STRIKE: &str = r#"
[world]
anger = { start = 40, record = [{ date = 1917-03-10, value = 40 }, { date = 1917-03-31, value = 60 }] }

[[scene]]
id = "morning"
date = 1917-03-05
text = "The oven is cold."
choice = [
  { id = "bake", text = "Bake.", goto = "evening", historical = true },
  { id = "call", text = "Call them out.", do = "happen strike", goto = "evening" },
  { id = "soothe", text = "Soothe them.", do = "avert strike", goto = "evening" },
  { id = "dream", text = "Dream.", do = "happen dream", goto = "evening" },
]

[[scene]]
id = "evening"
date = 1917-03-12
text = "Bread is out."
choice = [
  { id = "sleep", text = "Sleep.", goto = "end", historical = true },
  { id = "march", text = "March.", do = "happen march", goto = "end" },
]

[[scene]]
id = "end"
ending = "Home"
text = "Home."

[[event]]
id = "strike"
date = 1917-03-10
weight = 3
title = "The strike"
summary = "They strike."
do = "anger += 20"
sources = ["S"]

[[event]]
id = "march"
date = 1917-03-20
needs = ["strike"]
window = 1
title = "The march"
summary = "They march."
sources = ["S"]

[[event]]
id = "speech"
date = 1917-03-25
needs = ["march"]
title = "The speech"
summary = "Somebody speaks."
sources = ["S"]

[[event]]
id = "dream"
counterfactual = true
by = "scene"
title = "The dream"
summary = "Nobody dreamt it."
argued = "Argued for a test."
sources = ["S"]
"#;

#[test]
fn a_play_that_keeps_to_history_keeps_the_record() {
    let story = story(STRIKE);
    let play = play(&story, &["bake", "sleep"]);
    let comparison = compare_finished(&story, &play).expect("it is over");
    assert!(comparison.events.iter().all(|compared| compared.verdict.status == Status::Kept));
    assert!(comparison.events.iter().all(|compared| compared.because.is_empty() && compared.remedy.is_none()));
    assert_eq!(comparison.events.len(), 3, "a counterfactual that did not happen is in neither course");
    assert!((comparison.fidelity - 1.0).abs() < 1e-9);
}

#[test]
fn what_a_choice_brings_about_hangs_on_it() {
    let story = story(STRIKE);
    let early = play(&story, &["call", "sleep"]);
    assert_eq!(came_out(&story, &early, "strike"), (Status::Early, -5, vec!["morning.call".to_owned()]));
    assert_eq!(chain(&story, &early, "strike"), "morning.call > strike");
    assert_eq!(came_out(&story, &early, "march"), (Status::Kept, 0, vec![]));
    // Half of the strike's three, and the two others whole.
    assert!((compare(&story, &early).fidelity - 3.5 / 5.0).abs() < 1e-9);
    let invented = play(&story, &["dream", "sleep"]);
    assert_eq!(came_out(&story, &invented, "dream"), (Status::Invented, 0, vec!["morning.dream".to_owned()]));
    assert_eq!(remedy(&story, &invented, "dream"), Some(("morning.dream".to_owned(), "morning.bake".to_owned())));
}

#[test]
fn what_hung_on_an_averted_event_hangs_on_its_choice() {
    let story = story(STRIKE);
    let play = play(&story, &["soothe", "sleep"]);
    let soothe = || vec!["morning.soothe".to_owned()];
    for event in ["strike", "march", "speech"] {
        assert_eq!(came_out(&story, &play, event), (Status::Averted, 0, soothe()), "{event}");
    }
    assert_eq!(chain(&story, &play, "speech"), "morning.soothe > strike > march > speech");
    assert_eq!(remedy(&story, &play, "speech"), Some(("morning.soothe".to_owned(), "morning.bake".to_owned())));
    assert_eq!(compare(&story, &play).fidelity, 0.0);
}

#[test]
fn a_window_keeps_what_comes_a_little_off_its_day() {
    let near = STRIKE.replace("id = \"evening\"\ndate = 1917-03-12", "id = \"evening\"\ndate = 1917-03-19");
    let far = STRIKE.replace("id = \"evening\"\ndate = 1917-03-12", "id = \"evening\"\ndate = 1917-03-18");
    for (text, status) in [(near, Status::Kept), (far, Status::Early)] {
        let story = story(&text);
        let (found, _, because) = came_out(&story, &play(&story, &["bake", "march"]), "march");
        assert_eq!((found, because), (status, vec!["evening.march".to_owned()]));
    }
}

#[test]
fn an_unfinished_play_is_compared_as_far_as_it_has_come() {
    let story = story(STRIKE);
    let play = play(&story, &["soothe"]);
    assert_eq!(compare_finished(&story, &play), Err(Unfinished));
    let statuses = |comparison: &Comparison| -> Vec<Status> {
        comparison.events.iter().map(|compared| compared.verdict.status).collect()
    };
    assert_eq!(statuses(&compare(&story, &play)), [Status::Averted; 3]);
    let mut undecided = play;
    undecided.undo(&story, 1);
    let comparison = compare(&story, &undecided);
    assert_eq!(statuses(&comparison), [Status::ToCome; 3]);
    assert_eq!((comparison.fidelity, comparison.outcome, comparison.over), (1.0, None, false));
}

/// Events that hang on a number which choices and another event move.
const GUARDED: &str = r#"
[world]
anger = { start = 40, record = [{ date = 1917-03-10, value = 55 }, { date = 1917-03-31, value = 60 }] }

[[scene]]
id = "morning"
date = 1917-03-05
text = "The oven is cold."
choice = [
  { id = "bake", text = "Bake.", goto = "noon", historical = true },
  { id = "give", text = "Give it away.", do = "anger -= 12", goto = "noon" },
  { id = "curse", text = "Curse.", do = "anger += 3", goto = "noon" },
]

[[scene]]
id = "noon"
date = 1917-03-06
text = "Noon."
choice = [
  { id = "wait", text = "Wait.", goto = "late", historical = true },
  { id = "joke", text = "Joke.", do = "anger -= 1", goto = "late" },
]

[[scene]]
id = "late"
date = 1917-03-14
text = "Late."
choice = [
  { id = "sleep", text = "Sleep.", goto = "end", historical = true },
  { id = "shout", text = "Shout.", do = "anger += 30", goto = "end" },
]

[[scene]]
id = "end"
ending = "Home"
text = "Home."

[[event]]
id = "price"
date = 1917-03-08
title = "The price"
summary = "It rises."
do = "anger += 15"
sources = ["S"]

[[event]]
id = "riot"
date = 1917-03-10
if = "anger >= 50"
title = "The riot"
summary = "They riot."
sources = ["S"]

[[event]]
id = "inquiry"
date = 1917-03-20
needs = ["riot"]
title = "The inquiry"
summary = "They ask."
sources = ["S"]
"#;

#[test]
fn a_threshold_is_named_with_who_moved_the_variable() {
    let story = story(GUARDED);
    let play = play(&story, &["give", "joke", "sleep"]);
    let both = vec!["morning.give".to_owned(), "noon.joke".to_owned()];
    assert_eq!(came_out(&story, &play, "riot"), (Status::Averted, 0, both.clone()));
    assert_eq!(came_out(&story, &play, "inquiry"), (Status::Averted, 0, both));
    assert_eq!(chain(&story, &play, "inquiry"), "morning.give > anger -12 > anger at 42, 50 > riot > inquiry");
    // The joke alone would not have mattered: what is changed is the bread.
    assert_eq!(remedy(&story, &play, "riot"), Some(("morning.give".to_owned(), "morning.bake".to_owned())));
    let riot = compare(&story, &play).event(story.event_named("riot").expect("it is there")).cloned();
    assert_eq!(riot.expect("it is compared").gate, Some(Gate::Wide), "history stood at 55, five above the threshold");
}

#[test]
fn what_was_held_up_happens_late() {
    let story = story(GUARDED);
    let play = play(&story, &["give", "wait", "shout"]);
    let (status, days, because) = came_out(&story, &play, "riot");
    assert_eq!((status, days), (Status::Late, 5), "the day after the shout");
    assert_eq!(because, ["morning.give"]);
    let (kept, _, because) = came_out(&story, &play, "inquiry");
    assert_eq!((kept, because.len()), (Status::Kept, 0));
}

#[test]
fn what_would_have_happened_anyway_hangs_on_nobody() {
    let story = story(GUARDED);
    let play = play(&story, &["curse", "joke", "sleep"]);
    // The curse pushed the guard of the riot that way, but it held without it.
    assert_eq!(came_out(&story, &play, "riot"), (Status::Kept, 0, vec![]));
    assert_eq!(came_out(&story, &play, "price"), (Status::Kept, 0, vec![]));
}

/// Events that only scenes and events bring about.
const BY_SCENE: &str = r#"
[world]
calm = false

[[scene]]
id = "morning"
date = 1917-03-05
text = "The oven is cold."
choice = [
  { id = "bake", text = "Bake.", goto = "noon", historical = true },
  { id = "flee", text = "Flee.", do = "calm = true", goto = "end" },
]

[[scene]]
id = "noon"
date = 1917-03-06
do = "happen fire"
text = "Noon."
goto = "end"

[[scene]]
id = "end"
ending = "Home"
text = "Home."

[[event]]
id = "fire"
date = 1917-03-06
by = "scene"
title = "The fire"
summary = "It burns."
sources = ["S"]

[[event]]
id = "guards"
date = 1917-03-10
title = "The guards"
summary = "They come."
do = "avert trial if calm"
sources = ["S"]

[[event]]
id = "trial"
date = 1917-03-12
title = "The trial"
summary = "They judge."
sources = ["S"]
"#;

#[test]
fn what_was_passed_by_is_a_cause_and_so_is_an_effects_condition() {
    let story = story(BY_SCENE);
    let kept = play(&story, &["bake"]);
    assert_eq!(came_out(&story, &kept, "fire"), (Status::Kept, 0, vec!["morning.bake".to_owned()]));
    let fled = play(&story, &["flee"]);
    let flee = || vec!["morning.flee".to_owned()];
    assert_eq!(came_out(&story, &fled, "fire"), (Status::Averted, 0, flee()));
    assert_eq!(came_out(&story, &fled, "trial"), (Status::Averted, 0, flee()));
    assert_eq!(chain(&story, &fled, "trial"), "morning.flee > calm +1 > trial");
    assert_eq!(came_out(&story, &fled, "guards"), (Status::Kept, 0, vec![]));
}

#[test]
fn the_courses_of_variables_are_told_at_the_end_of_their_days() {
    let story = story(GUARDED);
    let comparison = compare(&story, &play(&story, &["give", "wait", "shout"]));
    let [course] = comparison.courses.as_slice() else { panic!("one variable has a record") };
    let points: Vec<(i64, Option<i64>)> = course.points.iter().map(|point| (point.recorded, point.played)).collect();
    assert_eq!(points, [(55, Some(43)), (60, Some(73))]);
    let unfinished = compare(&story, &play(&story, &["give"]));
    let played: Vec<Option<i64>> = unfinished.courses[0].points.iter().map(|point| point.played).collect();
    assert_eq!(played, [None, None], "the sixth of March has not come to the tenth");
}

/// At a hinge the side that turned it is named, whoever else was there.
#[test]
fn a_hinge_hangs_on_the_choices_that_its_outcome_asks_for() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/examples/lighthouse");
    let story = open(Some(path.as_ref()), None).1.story.expect("the example is whole");
    let keeper = story.role_named("keeper").expect("there is a keeper");
    let mut sawn = false;
    for seed in 0..40 {
        let play = wander(&story, keeper, seed, |_, options| options);
        let comparison = compare(&story, &play);
        let wreck = comparison.event(story.event_named("wreck").expect("there is a wreck")).expect("it is compared");
        if wreck.verdict.status == Status::Averted {
            let names: Vec<String> = wreck
                .because
                .iter()
                .map(|act| Play::input_name(&story, &play.log()[act.entry].at, act.input))
                .collect();
            assert_eq!(names, ["the_light.keeper.burn"]);
            assert!(wreck.remedy.is_some());
            sawn = true;
        }
    }
    assert!(sawn, "of forty plays one burns the oil");
}

/// A play of one role that draws from what `allowed` leaves of the open options.
fn wander<'a>(story: &'a Story, role: RoleId, seed: u64, allowed: impl Fn(&'a Story, Vec<Pick>) -> Vec<Pick>) -> Play {
    let mut play = Play::begin(story, Setup { roles: vec![role], seed, digest: false });
    let mut draw = seed;
    let mut offers = Vec::new();
    while let Some(role) = next_role(story, play.state(), &mut offers) {
        let open = offers.iter().filter(|offer| offer.open).map(|offer| offer.pick).collect();
        let open = allowed(story, open);
        // Knuth's generator: any will do that is spelt out here.
        draw = draw.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let pick = open[(draw >> 33) as usize % open.len()];
        play.take(story, Input { role, pick }).expect("it is open");
    }
    play
}

fn bundled() -> Story {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/story");
    open(Some(path.as_ref()), None).1.story.expect("the bundled story has no mistakes")
}

/// The first law of the bundled story: left alone, the clock alone keeps the whole record.
#[test]
fn left_alone_the_clock_keeps_the_whole_record() {
    let story = bundled();
    let play = Play::begin(&story, Setup { roles: vec![], seed: 0, digest: false });
    let comparison = compare_finished(&story, &play).expect("nobody is waited for");
    assert!(comparison.events.len() >= 110, "{} events", comparison.events.len());
    let mut off = Vec::new();
    for compared in &comparison.events {
        let verdict = compared.verdict;
        if verdict.recorded.is_none() || verdict.played != verdict.recorded {
            let iso = |day| Calendar::Julian.iso(day);
            let event = &story.events[verdict.event.index()].id;
            off.push(format!("{event}: {:?}, recorded {:?}", verdict.played.map(iso), verdict.recorded.map(iso)));
        }
    }
    for course in &comparison.courses {
        for point in &course.points {
            let played = point.played.expect("the play is over");
            if (played - point.recorded).abs() > 8 {
                let name = story.variable_name(course.variable);
                let date = Calendar::Julian.iso(point.day);
                off.push(format!("{name} on {date}: {played}, recorded {}", point.recorded));
            }
        }
    }
    assert!(off.is_empty(), "{}", off.join("\n"));
    assert!((comparison.fidelity - 1.0).abs() < 1e-9);
    let outcome = &story.outcomes[comparison.outcome.expect("it is over").index()];
    assert!(outcome.historical, "{}", outcome.id);
}

/// Every variable that the story keeps a record of has one for each month, so that the band above
/// is asked of all of them.
#[test]
fn the_bundled_record_covers_the_year() {
    let story = bundled();
    let recorded: Vec<_> = story.variables.iter().filter(|variable| !variable.record.is_empty()).collect();
    assert!(recorded.len() >= 18, "{} variables have a record", recorded.len());
    for variable in recorded.iter().filter(|variable| matches!(variable.kind, Kind::Integer(..))) {
        let last = variable.record.iter().map(|(day, _)| *day).max();
        assert!(last.is_some_and(|day| day >= story.manifest.ends.plus(-40)), "{}", variable.id);
    }
}

/// A play that takes what is historical wherever that is open, and anything elsewhere, ends in the
/// historical outcome with the whole record kept.
#[test]
fn historical_plays_of_the_bundled_story_keep_the_record() {
    let story = bundled();
    for role in story.playable() {
        for seed in 0..60 {
            let play = wander(&story, role, seed, |story, open| {
                let is_historical =
                    |pick: &Pick| matches!(pick, Pick::Choice(choice) if story.choices[choice.index()].historical);
                let historical: Vec<Pick> = open.iter().copied().filter(is_historical).collect();
                if historical.is_empty() { open } else { historical }
            });
            let comparison = compare_finished(&story, &play).expect("it comes to an end");
            let departed: Vec<&str> = (comparison.events.iter())
                .filter(|compared| compared.verdict.status.departs())
                .map(|compared| story.events[compared.verdict.event.index()].id.as_str())
                .collect();
            assert!(departed.is_empty(), "seed {seed}: {}", departed.join(", "));
            assert!((comparison.fidelity - 1.0).abs() < 1e-9);
            assert!(story.outcomes[comparison.outcome.expect("it is over").index()].historical);
        }
    }
}
