//! Reports: the promised JSON, a page that is whole by itself, text that keeps to its width.

use std::path::Path;

use petrograd::catalogue::Catalogue;
use petrograd::engine::{Input, Play, Setup, next_role};
use petrograd::record::compare;
use petrograd::report::{html, json, text};
use petrograd::story::{Sources, Story, load, open};

fn example(name: &str) -> Story {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/examples").join(name);
    open(Some(&path), None).1.story.expect("the example is whole")
}

/// Takes these choices; what is not named reads on.
fn play(story: &Story, role: usize, ids: &[&str]) -> Play {
    let role = story.playable().nth(role).expect("the role can be played");
    let mut play = Play::begin(story, Setup { roles: vec![role], seed: 3, digest: false });
    let mut offers = Vec::new();
    for id in ids {
        while let Some(role) = next_role(story, play.state(), &mut offers) {
            let options = play.view(story, role).options;
            let option = options.iter().find(|option| option.id == *id);
            let pick = option.unwrap_or_else(|| options.first().expect("something is offered")).pick;
            play.take(story, Input { role, pick }).expect("it is open");
            if option.is_some() {
                break;
            }
        }
    }
    while let Some(role) = next_role(story, play.state(), &mut offers) {
        let pick = offers.iter().find(|offer| offer.open).expect("something is open").pick;
        play.take(story, Input { role, pick }).expect("it is open");
    }
    play
}

/// A morning on which nothing burned.
fn drowned(story: &Story) -> Play {
    play(story, 0, &["drown"])
}

#[test]
fn the_json_is_as_promised() {
    let story = example("bakery.toml");
    let told = serde_json::to_string(&json(&story, &drowned(&story))).expect("it is data");
    let expected = "{\"format\":1,\"role\":\"\",\"ending\":\"sunday\",\"outcome\":\"bread\",\"fidelity\":0.0,\"events\":[\
        {\"id\":\"fire\",\"recorded\":\"1666-09-02\",\"played\":null,\"status\":\"averted\",\"days\":0,\"because\":[\"oven.drown\"]},\
        {\"id\":\"st_pauls\",\"recorded\":\"1666-09-04\",\"played\":null,\"status\":\"averted\",\"days\":0,\"because\":[\"oven.drown\"]}],\
        \"variables\":{}}";
    assert_eq!(told, expected);
}

#[test]
fn the_json_of_a_play_that_is_not_over_leaves_open_what_is() {
    let story = example("bakery.toml");
    let begun = Play::begin(&story, drowned(&story).setup().clone());
    let told = serde_json::to_value(json(&story, &begun)).expect("it is data");
    assert!(told["ending"].is_null() && told["outcome"].is_null());
    assert_eq!(told["events"][0]["status"], "to-come");
    let page = html(&story, &begun, &Catalogue::default());
    assert!(!page.contains("Fire in Pudding Lane"), "what comes is not told beforehand");
}

#[test]
fn the_text_says_what_turned_it_and_what_would_have_turned_it_back() {
    let story = example("bakery.toml");
    insta::assert_snapshot!(text(&story, &drowned(&story), &Catalogue::default(), 80));
}

#[test]
fn no_line_is_wider_than_the_window() {
    let story = example("lighthouse");
    for width in [40, 60, 80] {
        for role in 0..2 {
            let told = text(&story, &play(&story, role, &[]), &Catalogue::of("es"), width);
            let long: Vec<&str> = told.lines().filter(|line| line.chars().count() > width).collect();
            assert!(long.is_empty(), "{width}: {long:#?}");
        }
    }
}

/// The page is one file, its elements closed in order, its headings one step apart, its tables and
/// pictures named.
#[test]
fn the_page_is_whole_by_itself() {
    let story = example("lighthouse");
    let page = html(&story, &play(&story, 0, &["burn"]), &Catalogue::of("es"));
    assert!(page.starts_with("<!doctype html>\n<html lang=\"es\">"));
    for reference in ["src=", "href=", "url(", "@import", "<script", "http"] {
        assert!(!page.contains(reference), "{reference}");
    }
    assert_eq!(page.matches("<svg").count(), page.matches("role=\"img\" aria-labelledby=").count());
    assert_eq!(page.matches("<svg").count(), page.matches("<desc").count());
    assert_eq!(page.matches("<th>").count() + page.matches("<th ").count(), page.matches("<th scope=").count());
    let mut open: Vec<&str> = Vec::new();
    let mut level = 0;
    for tag in tags(&page) {
        let name = tag.trim_start_matches('/').split([' ', '\n']).next().unwrap_or_default();
        if let Some(deep) = heading(tag) {
            assert!(deep <= level + 1, "h{deep} follows h{level}");
            level = deep;
        }
        match (tag.starts_with('/'), tag.ends_with('/') || matches!(name, "meta" | "br" | "!doctype")) {
            (true, _) => assert_eq!(open.pop(), Some(name), "…</{name}>"),
            (false, false) => open.push(name),
            (false, true) => {}
        }
    }
    assert_eq!(open, [""; 0]);
}

/// The tags of a page, without what stands between them; text never holds a bare `<`.
fn tags(page: &str) -> impl Iterator<Item = &str> {
    page.split('<').skip(1).filter_map(|piece| piece.split('>').next())
}

fn heading(tag: &str) -> Option<u32> {
    let name = tag.split(' ').next()?;
    name.strip_prefix('h').and_then(|level| level.parse().ok())
}

#[test]
fn what_authors_write_is_text_on_the_page() {
    let source = r#"
[story]
format = 1
id = "sharp"
title = "<script>alert('t')</script>"
version = "1"
authors = ["A & B"]
license = "CC0-1.0"
language = "en"
begins = 1917-03-01
ends = 1917-03-31
start = "hall"

[world]
heat = { start = 1, min = 0, max = 9, name = "<b>\"Heat\"</b>", record = [{ date = 1917-03-02, value = 2 }] }

[[scene]]
id = "hall"
date = 1917-03-02
title = "<i>Hall</i>"
text = "Hall."
choice = [{ id = "stop", text = "</td><u>Stop</u>", do = "avert fire", goto = "end" }, { id = "go", text = "Go.", goto = "end", historical = true }]

[[scene]]
id = "end"
ending = "<u>End</u>"
text = "1 < 2 & 3"

[[event]]
id = "fire"
date = 1917-03-05
title = "<u>Fire</u>"
summary = "<u>It burns.</u>"
dispute = "'<u>Somebody</u>' & others"
otherwise = "<u>Cold.</u>"
sources = ["<u>S</u>"]

[[outcome]]
id = "as_recorded"
title = "<u>As recorded</u>"
historical = true
"#;
    let loaded = load(&Sources::single("sharp.toml", source), None);
    let story = loaded.story.unwrap_or_else(|| panic!("{:#?}", loaded.diagnostics));
    let page = html(&story, &play(&story, 0, &["stop"]), &Catalogue::default());
    for tag in tags(&page) {
        let name = tag.trim_start_matches('/').split(' ').next().unwrap_or_default();
        assert!(!["u", "i", "script"].contains(&name), "<{tag}>");
    }
    assert!(page.contains("&lt;u&gt;Fire&lt;/u&gt;") && page.contains("&lt;/td&gt;&lt;u&gt;Stop&lt;/u&gt;"));
    assert!(page.contains("1 &lt; 2 &amp; 3"));
}

/// Nothing in a report judges: departing is no fault.
#[test]
fn a_report_never_says_right_or_wrong() {
    let story = example("bakery.toml");
    let told = text(&story, &drowned(&story), &Catalogue::default(), 80).to_lowercase();
    assert!(compare(&story, &drowned(&story)).fidelity < 1.0);
    for word in ["wrong", "correct", "score", "mistake", "right"] {
        assert!(!told.split(|c: char| !c.is_alphabetic()).any(|found| found == word), "{word}");
    }
}

/// What players never saw by a name is told by the sentence that says what it stands for.
#[test]
fn variables_are_never_named_by_their_ids() {
    let source = r#"
[story]
format = 1
id = "warm"
title = "Warm"
begins = 1917-03-01
ends = 1917-03-31
start = "hall"

[world]
room_heat = { start = 1, min = 0, max = 9, text = "How warm the room is, out of 9. Judged.", record = [{ date = 1917-03-03, value = 1 }] }

[[scene]]
id = "hall"
date = 1917-03-02
choice = [{ id = "stoke", text = "Stoke.", do = "room_heat += 5", goto = "end" }, { id = "go", text = "Go.", goto = "end", historical = true }]

[[scene]]
id = "end"
ending = "End"

[[event]]
id = "frost"
date = 1917-03-05
title = "Frost"
summary = "It freezes."
if = "room_heat < 4"
sources = ["S"]

[[outcome]]
id = "cold"
title = "Cold"
historical = true
"#;
    let loaded = load(&Sources::single("warm.toml", source), None);
    let story = loaded.story.unwrap_or_else(|| panic!("{:#?}", loaded.diagnostics));
    let play = play(&story, 0, &["stoke"]);
    let told = text(&story, &play, &Catalogue::default(), 100);
    assert!(told.contains("How warm the room is, out of 9: ") && !told.contains("Judged"), "{told}");
    assert!(told.contains("“How warm the room is, out of 9” "), "{told}");
    let page = html(&story, &play, &Catalogue::of("es"));
    assert!(page.contains("<h3>How warm the room is, out of 9</h3>"), "{page}");
    assert!(page.contains("«How warm the room is, out of 9»: subió 5"), "{page}");
    assert!(!told.contains("room heat") && !page.contains("room heat"));
}
