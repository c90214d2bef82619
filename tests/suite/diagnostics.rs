//! Each code has a broken story in `tests/diagnostics` that reports it, and each of those reports
//! exactly what stands in the snapshot beside it.
//!
//! A story is `CODE.toml` or `CODE--what.toml`, or a folder of that name where it takes several
//! files. `INSTA_UPDATE=always cargo test --test suite diagnostics` writes the snapshots.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use petrograd::catalogue::Catalogue;
use petrograd::diagnostic::Code;
use petrograd::diagnostic::render::human;
use petrograd::story::open;

use crate::pages::OF_FILES;

const FOLDER: &str = "tests/diagnostics";

/// The broken stories: name and path, as seen from the root, where tests run.
fn stories() -> Vec<(String, PathBuf)> {
    let entries = fs::read_dir(FOLDER).expect("the folder is there").map(|entry| entry.expect("an entry").path());
    let is_story = |path: &PathBuf| path.is_dir() || path.extension().is_some_and(|extension| extension == "toml");
    let mut stories: Vec<(String, PathBuf)> = entries
        .filter(is_story)
        .map(|path| (path.file_stem().expect("a name").to_string_lossy().into_owned(), path))
        .collect();
    stories.sort();
    stories
}

fn code_of(name: &str) -> Code {
    let code = name.split("--").next().unwrap_or_default();
    Code::named(code).unwrap_or_else(|| panic!("{name}: there is no code {code}"))
}

#[test]
fn broken_stories_say_what_is_wrong() {
    let mut wrong = Vec::new();
    for (name, path) in stories() {
        let (sources, loaded) = open(Some(&path), None);
        if !loaded.diagnostics.iter().any(|found| found.code == code_of(&name)) {
            wrong.push(format!("{name} doesn't report its code, but {:?}", loaded.diagnostics));
        }
        let said = human(&sources, &loaded.diagnostics, &Catalogue::default(), 100, false);
        insta::with_settings!({
            snapshot_path => Path::new("../diagnostics"),
            prepend_module_to_snapshot => false,
            omit_expression => true,
        }, {
            insta::assert_snapshot!(name, said);
        });
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_code_has_a_broken_story() {
    let shown: BTreeSet<Code> = stories().iter().map(|(name, _)| code_of(name)).chain(OF_FILES).collect();
    let missing: Vec<&Code> = Code::ALL.iter().filter(|code| !shown.contains(code)).collect();
    assert!(missing.is_empty(), "no broken story shows {missing:?}");
}

#[test]
fn every_snapshot_has_its_story() {
    let names: BTreeSet<String> = stories().into_iter().map(|(name, _)| name).collect();
    for entry in fs::read_dir(FOLDER).expect("the folder is there") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|extension| extension == "snap") {
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            assert!(names.contains(&name), "{} is left over", path.display());
        }
    }
}
