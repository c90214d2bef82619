//! `petrograd play --until`: the shortest play to a place, which no shorter one reaches.

use std::fs;

use petrograd::engine::{Cursor, Input, Play, Setup, branches, offers, outcome};
use petrograd::prove::{Found, Goal, Limits, Opening, replays, until};
use petrograd::story::Story;
use petrograd::story::model::{OutcomeId, RoleId, SceneId};
use proptest::prelude::*;
use serde_json::Value;

use crate::generate::{plan, story};
use crate::play::{Folder, petrograd, typed};

fn limits() -> Limits {
    Limits::new(1_000_000, 1 << 30)
}

/// The plain search that the other is held against: every state whole, layer by layer.
fn least(story: &Story, roles: &[RoleId], met: impl Fn(&petrograd::engine::State) -> bool) -> Option<usize> {
    let setup = Setup { roles: roles.to_vec(), seed: 0, digest: false };
    let mut layer: Vec<_> =
        petrograd::engine::beginnings(story, &setup).into_iter().map(|branch| branch.state).collect();
    let mut known: std::collections::BTreeSet<Vec<u64>> = layer.iter().map(|state| state.words().to_vec()).collect();
    for steps in 0.. {
        if layer.iter().any(&met) {
            return Some(steps);
        }
        let mut next = Vec::new();
        for state in &layer {
            for &role in roles {
                for offer in offers(story, state, role).into_iter().filter(|offer| offer.open) {
                    let ways = branches(story, state, Input { role, pick: offer.pick }).expect("it is offered");
                    let new = ways.into_iter().filter(|way| known.insert(way.state.words().to_vec()));
                    next.extend(new.map(|way| way.state));
                }
            }
        }
        if next.is_empty() || known.len() > 30_000 {
            return None;
        }
        layer = next;
    }
    None
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn no_play_is_shorter(plan in plan(), number: u8) {
        let story = story(&plan);
        let scene = SceneId(u32::from(number) % story.scenes.len() as u32);
        let role = story.scenes[scene.index()].role;
        let opening = Opening { roles: vec![role], seed: None, digest: false };
        let plain = least(&story, &opening.roles, |state| matches!(state.cursor(&story, role), Cursor::Scene(at) | Cursor::Ending(at) if at == scene));
        match until(&story, &opening, Goal::Scene(scene), &limits()) {
            Found::Shortest(route) => {
                prop_assert_eq!(Some(route.moves.len()), plain, "{:?}", route.lines());
                let state = replays(&story, &opening.roles, &route).expect("the engine takes it");
                prop_assert!(matches!(state.cursor(&story, role), Cursor::Scene(at) | Cursor::Ending(at) if at == scene));
            }
            Found::Nothing => prop_assert_eq!(plain, None),
            Found::Unknown => {}
        }
        let fed = OutcomeId(1);
        let plain = least(&story, &opening.roles, |state| state.is_over(&story) && outcome(&story, state) == Some(fed));
        if let Found::Shortest(route) = until(&story, &opening, Goal::Outcome(fed), &limits()) {
            prop_assert_eq!(Some(route.moves.len()), plain, "{:?}", route.lines());
        }
    }
}

const ROOMS: &str = r#"
[story]
format = 1
id = "rooms"
title = "Rooms"
start = "hall"
[world]
key = false
[[scene]]
id = "hall"
text = "A hall."
[[scene.choice]]
id = "search"
text = "Search."
do = "key = true"
once = true
say = "A key."
[[scene.choice]]
id = "roll"
text = "Roll down the stairs."
goto = [{ to = "cellar", weight = 1 }, { to = "street", weight = 9 }]
[[scene]]
id = "cellar"
text = "Dark."
[[scene.choice]]
id = "unlock"
text = "Unlock the door."
if = "key"
locked = "It is locked."
goto = "vault"
[[scene.choice]]
id = "leave"
text = "Leave."
goto = "street"
[[scene]]
id = "vault"
ending = "Rich"
text = "Gold."
[[scene]]
id = "street"
ending = "Out"
text = "Rain."
[[scene]]
id = "attic"
ending = "Up"
text = "Never."
[[outcome]]
id = "day"
title = "A day"
historical = true
"#;

fn run(arguments: &[&str], input: &str) -> (Option<i32>, String, String) {
    let folder = Folder::new();
    let path = folder.0.join("rooms.toml");
    fs::write(&path, ROOMS).expect("written");
    let mut all = vec!["play", path.to_str().expect("a path")];
    all.extend(arguments);
    let output = typed(&folder.0, &all, input);
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn an_author_is_led_to_the_spot_and_goes_on_from_there() {
    let (code, shown, _) = run(&["--until", "cellar.unlock", "--plain"], "unlock\n");
    assert_eq!(code, Some(0));
    let steps = "The shortest play to `cellar.unlock`, 2 steps:\n    hall.search\n    hall.roll -> cellar\n";
    assert!(shown.contains(steps), "{shown}");
    assert!(shown.contains("Unlock the door.") && shown.contains("Gold."), "{shown}");
}

#[test]
fn undo_goes_back_along_the_way() {
    let (code, shown, _) = run(&["--until", "vault", "--json"], "undo 2\nundo\nsearch\n");
    let at: Vec<(String, u64)> = shown
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("an object"))
        .map(|line| (line["at"].as_str().expect("a place").to_owned(), line["turn"].as_u64().expect("a number")))
        .collect();
    let at: Vec<(&str, u64)> = at.iter().map(|(at, turn)| (at.as_str(), *turn)).collect();
    assert_eq!(code, Some(0));
    assert_eq!(at, [("vault", 3), ("hall", 1), ("hall", 0), ("hall", 1)]);
}

#[test]
fn where_no_play_leads_is_said() {
    let (code, shown, told) = run(&["--until", "attic"], "");
    assert_eq!((code, shown.as_str(), told.as_str()), (Some(1), "", "petrograd: no play leads to `attic`\n"));
    let (code, _, told) = run(&["--until", "valut", "--lang", "es"], "");
    assert_eq!(code, Some(2));
    assert!(told.contains("¿querías decir `vault`?"), "{told}");
}

#[test]
fn the_role_is_whose_scene_it_is() {
    let folder = Folder::new();
    let mut command = petrograd(&folder.0);
    let output = command
        .args(["play", "docs/examples/lighthouse", "--json", "--until", "deck"])
        .stdin(std::process::Stdio::null())
        .output()
        .expect("it runs");
    let line: Value = serde_json::from_slice(&output.stdout).expect("an object");
    assert_eq!((line["role"].as_str(), line["at"].as_str()), (Some("captain"), Some("deck")));
}

#[test]
fn a_way_in_the_bundled_story_is_a_play() {
    let story = petrograd::story::load(&petrograd::story::Sources::built_in(), None).story.expect("it is sound");
    for ending in story.scenes.iter().filter(|scene| scene.ending.is_some()) {
        let goal = Goal::named(&story, &ending.id).expect("a scene");
        let roles = vec![ending.role];
        let opening = Opening { roles: roles.clone(), seed: Some(7), digest: false };
        let Found::Shortest(route) = until(&story, &opening, goal, &limits()) else { panic!("{}", ending.id) };
        let mut play = Play::begin(&story, Setup { roles: roles.clone(), seed: 7, digest: false });
        for step in &route.moves {
            assert_eq!(play.take_falling(&story, step.input, &step.fell), Ok(None), "{}", step.line);
        }
        assert_eq!(petrograd::engine::place_name(&story, play.state(), roles[0]), &*ending.id);
    }
}
