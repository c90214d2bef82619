//! What fuzzing and a hostile reading found, once each.

use petrograd::engine::{Play, Setup};
use petrograd::story::model::{RoleId, VariableId};
use petrograd::story::{Sources, Story, load};

/// A story of these world variables, of scenes `a` and `b` with a text, and of more tables.
fn text(world: &str, a: &str, more: &str) -> String {
    format!(
        "[story]\nformat = 1\nid = \"x\"\ntitle = \"X\"\nversion = \"1\"\nstart = \"a\"\n[world]\n{world}\n\
         [[scene]]\nid = \"a\"\ngoto = \"b\"\n{a}\n[[scene]]\nid = \"b\"\nending = \"End\"\n{more}\n\
         [[outcome]]\nid = \"o\"\ntitle = \"O\"\nhistorical = true\n"
    )
}

fn story(world: &str, a: &str, more: &str) -> Result<Story, Vec<String>> {
    let loaded = load(&Sources::single("x.toml", &text(world, a, more)), None);
    let told = || loaded.diagnostics.iter().map(|found| format!("{}: {}", found.code, found.message)).collect();
    loaded.story.ok_or_else(told)
}

fn begin(story: &Story) -> Play {
    Play::begin(story, Setup { roles: vec![RoleId(0)], seed: 1, digest: false })
}

fn value(story: &Story, name: &str) -> i64 {
    let index = story.variables.iter().position(|variable| variable.id == name).expect("a variable of this name");
    begin(story).state().value(story, VariableId(index as u32))
}

#[test]
fn a_variable_is_computed_from_one_declared_after_it() {
    let story = story("d = { is = \"e + 1\" }\ne = { is = \"v * 2\" }\nv = 20", "do = \"v = 21\"", "").expect("sound");
    assert_eq!([value(&story, "d"), value(&story, "e")], [43, 42]);
}

#[test]
fn a_variable_is_not_computed_from_itself() {
    let told =
        story("d = { is = \"e + 1\" }\ne = { is = \"d\" }\nf = { is = \"f\" }", "", "").expect_err("in a circle");
    let circle = |name: &str| format!("bad-expression: `{name}` is computed from itself");
    assert_eq!(told, [circle("d"), circle("e"), circle("f")]);
}

#[test]
fn a_computed_variable_keeps_to_its_bounds() {
    let world = "v = 50\nlow = { is = \"v * 3\", max = 100 }\nhigh = { is = \"v - 90\", min = 0 }";
    let story = story(world, "", "").expect("sound");
    assert_eq!([value(&story, "low"), value(&story, "high")], [100, 0]);
    let told = self::story("v = 1\nd = { is = \"v\", min = 5, max = 1 }", "", "").expect_err("no number fits");
    assert_eq!(told, ["bad-bounds: `min` 5 is above `max` 1"]);
}

#[test]
fn sums_of_sums_are_refused_before_they_take_for_ever() {
    let doubled = |n: usize| format!("d{n} = {{ is = \"d{} + d{}\" }}\n", n - 1, n - 1);
    let world = format!("d0 = {{ is = \"v\" }}\nv = 1\n{}", (1..60).map(doubled).collect::<String>());
    let told = story(&world, "", "").expect_err("2^60 steps");
    assert!(told.iter().all(|told| told.starts_with("too-large: `d")), "{told:?}");
    let longer = |n: usize| format!("d{n} = {{ is = \"d{} + 1\" }}\n", n - 1);
    let world = format!("d0 = {{ is = \"v\" }}\nv = 1\n{}", (1..9_000).map(longer).collect::<String>());
    assert!(story(&world, "", "").is_err(), "9,000 steps, each inside the next");
    let world = format!("d0 = {{ is = \"v\" }}\nv = 1\n{}", (1..400).map(longer).collect::<String>());
    let story = story(&world, "", "").expect("400 steps are few");
    assert_eq!(value(&story, "d399"), 400);
}

#[test]
fn the_visits_of_a_scene_can_be_reckoned_with() {
    let world = "v = 1\nd = { is = \"visits(a) * 10\" }\ne = { is = \"visits(a)\" }";
    let story = story(world, "text = \"{visits(a)}\"\ndo = \"v += visits(a)\"", "").expect("sound");
    assert_eq!([value(&story, "v"), value(&story, "d"), value(&story, "e")], [2, 10, 1]);
    assert_eq!(begin(&story).view(&story, RoleId(0)).text.plain, "1");
}

#[test]
fn a_computed_variable_may_ask_of_scenes() {
    let told = story("d = { is = \"chose(a.c)\" }", "", "").expect_err("no such choice");
    assert_eq!(told, ["unknown-choice: no choice there has the id `c`"]);
    let told = story("d = { is = \"visited(a)\" }", "", "").expect_err("no number");
    assert_eq!(told, ["type-mismatch: arithmetic needs numbers"]);
}

#[test]
fn the_word_for_a_number_as_large_as_numbers_are() {
    let world =
        "v = 90\nd = { is = \"v * 1000000000 * 1000000000 * 1000000000\", name = \"D\", scale = [\"low\", \"high\"] }";
    let story = story(world, "", "").expect("sound");
    let variable = &story.variables[1];
    assert_eq!([i64::MIN, 0, i64::MAX].map(|value| variable.word(value)), [Some("low"), Some("low"), Some("high")]);
}
