//! The author's guide does what it says: its listings, written to files one after the other, are a
//! story without a mistake after each step. Those of the format's reference load, too.

use std::fs;
use std::path::Path;

use petrograd::catalogue::Catalogue;
use petrograd::diagnostic::render::human;
use petrograd::diagnostic::{Code, Diagnostic, Severity};
use petrograd::prove::{Limits, Options, Proof, Verdict, prove};
use petrograd::story::model::{LawId, RoleId};
use petrograd::story::{Sources, Story, load, open};

use crate::check::clean_folder;
use crate::pages::around;

/// The fenced blocks of a page: what stands after the marks, the text, and the line.
fn blocks(page: &str) -> Vec<(&str, String, usize)> {
    let (mut blocks, mut open): (Vec<(&str, String, usize)>, bool) = (Vec::new(), false);
    for (number, line) in page.lines().enumerate() {
        match (line.strip_prefix("```"), open) {
            (Some(info), false) => {
                blocks.push((info, String::new(), number + 1));
                open = true;
            }
            (Some(_), true) => open = false,
            (None, true) => blocks.last_mut().expect("one is open").1 += &format!("{line}\n"),
            (None, false) => {}
        }
    }
    blocks
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Files of a step that are wanted before the story is whole again.
fn is_whole(found: &[Diagnostic]) -> bool {
    !found.iter().any(|found| found.code == Code::UnknownScene)
}

#[test]
fn the_guide_leads_to_a_story_without_mistakes() {
    let page = fs::read_to_string(root().join("docs/authors.md")).expect("the guide");
    let folder = clean_folder("guide");
    let (mut listings, mut whole) = (0, 0);
    for (info, text, line) in blocks(&page).into_iter().filter(|(info, ..)| info.starts_with("toml")) {
        let words: Vec<&str> = info.split(' ').collect();
        let file = folder.join(words.get(1).unwrap_or_else(|| panic!("line {line}: which file is this?")));
        let before = if words.get(2) == Some(&"add") {
            fs::read_to_string(&file).expect("there already") + "\n"
        } else {
            String::new()
        };
        fs::write(&file, before + &text).expect("written");
        let (sources, loaded) = open(Some(&folder), None);
        listings += 1;
        // A scene of the next listing may be named in this one; nothing else may be wrong.
        let told: Vec<&Diagnostic> =
            loaded.diagnostics.iter().filter(|found| found.code != Code::UnknownScene).collect();
        let errors = told.iter().any(|found| found.severity() == Severity::Error);
        assert!(!errors, "line {line}:\n{}", human(&sources, &loaded.diagnostics, &Catalogue::default(), 100, false));
        whole += usize::from(is_whole(&loaded.diagnostics));
    }
    assert!(listings >= 12 && whole >= 6, "{listings} listings, {whole} of them whole");
    let (sources, loaded) = open(Some(&folder), None);
    assert_eq!(loaded.diagnostics, [], "{}", human(&sources, &loaded.diagnostics, &Catalogue::default(), 100, false));
    let story = loaded.story.expect("it loads");
    for message in blocks(&page).iter().filter(|(info, ..)| *info == "po") {
        let mut translated = sources.clone();
        translated.files.extend(Sources::single("lang/es.po", &message.1).files);
        let found = load(&translated, None).diagnostics;
        assert!(found.iter().all(|found| found.code == Code::MissingTranslation), "{found:?}");
    }
    assert_eq!((story.scenes.len(), story.events.len(), story.outcomes.len()), (7, 2, 2));
    assert!(proved(&story).is_sound(), "the guide ends with a story that is proved");
}

/// The story with these laws and no others, proved as `petrograd prove` does it.
fn proved(story: &Story) -> Proof {
    let roles: Vec<RoleId> = story.playable().collect();
    let laws: Vec<LawId> = (0..story.laws.len() as u32).map(LawId).collect();
    prove(story, &roles, &laws, Options::default(), &Limits::new(100_000, 1 << 30))
}

#[test]
fn the_law_that_the_guide_breaks_is_broken_by_the_play_it_shows() {
    let page = fs::read_to_string(root().join("docs/authors.md")).expect("the guide");
    let folder = clean_folder("guide-laws");
    let mut laws = Vec::new();
    for (info, text, _) in blocks(&page).into_iter().filter(|(info, ..)| info.starts_with("toml ")) {
        let words: Vec<&str> = info.split(' ').collect();
        let file = folder.join(words[1]);
        let before =
            if words.len() > 2 { fs::read_to_string(&file).expect("there already") + "\n" } else { String::new() };
        if words[1] == "laws.toml" {
            laws.push(text.clone());
        }
        fs::write(&file, before + &text).expect("written");
    }
    fs::write(folder.join("laws.toml"), &laws[0]).expect("written");
    let story = open(Some(&folder), None).1.story.expect("it loads");
    let proof = proved(&story);
    let broken: Vec<Vec<String>> = proof
        .laws
        .iter()
        .filter(|found| found.verdict == Verdict::Broken)
        .map(|found| found.trace.as_ref().map(|(_, trace)| trace.lines()).unwrap_or_default())
        .collect();
    let shown = blocks(&page).into_iter().find(|(info, ..)| *info == "text prove").expect("what it prints").1;
    assert_eq!(broken.len(), 1);
    for line in &broken[0] {
        assert!(shown.contains(line.as_str()), "the guide does not show `{line}`");
    }
}

#[test]
fn the_examples_of_the_reference_load() {
    let page = fs::read_to_string(root().join("docs/format.md")).expect("the reference");
    let examples: Vec<(&str, String, usize)> =
        blocks(&page).into_iter().filter(|(info, ..)| info.starts_with("toml")).collect();
    assert!(examples.len() >= 10, "{}", examples.len());
    for (_, text, line) in examples {
        let sources = around(&text, None);
        let mut found = load(&sources, None).diagnostics;
        found.retain(|found| found.severity() == Severity::Error);
        assert!(found.is_empty(), "line {line}:\n{}", human(&sources, &found, &Catalogue::default(), 100, false));
    }
}
