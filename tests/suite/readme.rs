//! What the README shows is what the program does.

use std::path::Path;

use petrograd::story::{Sources, load};

fn readme() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).expect("the README is there")
}

#[test]
fn the_first_story_checks_clean() {
    let text = readme();
    let story = text.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a story");
    let loaded = load(&Sources::single("bakery.toml", story), None);
    assert!(loaded.story.is_some() && loaded.diagnostics.is_empty(), "{:?}", loaded.diagnostics);
}

#[test]
fn its_links_lead_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for page in ["README.md", "CONTRIBUTING.md"] {
        let text = std::fs::read_to_string(root.join(page)).expect("the page is there");
        for link in
            text.split("](").skip(1).filter_map(|rest| rest.split(')').next()).filter(|link| !link.contains("://"))
        {
            assert!(root.join(link.split('#').next().unwrap_or(link)).exists(), "{page} links to {link}");
        }
    }
}

#[test]
fn its_screen_is_the_first_screen() {
    let text = readme();
    let screen = text.split("```text\n").nth(1).and_then(|rest| rest.split("\n[Enter]").next()).expect("a screen");
    let story = load(&Sources::built_in(), None).story.expect("it is sound");
    let setup = petrograd::engine::Setup { roles: story.playable().take(1).collect(), seed: 1, digest: false };
    let play = petrograd::engine::Play::begin(&story, setup);
    let role = play.next_role(&story).expect("somebody can act");
    let view = play.view(&story, role);
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>().join(" ");
    let shown = words(screen);
    assert!(shown.contains(&words(&play.news(role)[0].text.plain)), "the news are other news now");
    let prose =
        shown.split("--- ").last().and_then(|rest| rest.split_once("Your teeth")).map(|(_, rest)| rest.to_owned());
    let prose = prose.expect("the prose begins with teeth");
    assert!(words(&view.text.plain).contains(&prose), "the prose is other prose now");
}
