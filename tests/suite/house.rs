//! The house rules that a machine can check: what may import what, and that every file says why
//! it is there.

use std::fs;
use std::path::{Path, PathBuf};

/// The layers, lowest first. A module imports from its own layer and from those below it.
const LAYERS: [(&str, &[&str]); 5] = [
    ("ground", &["calendar", "catalogue"]),
    ("language", &["story", "lang", "diagnostic"]),
    ("core", &["engine", "record"]),
    ("services", &["save", "report", "sample", "prove", "until"]),
    ("shells", &["play", "author", "host", "commands", "main", "lib"]),
];

fn layer_of(module: &str) -> Option<usize> {
    LAYERS.iter().position(|(_, modules)| modules.contains(&module))
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(folder).expect("the folder is there");
    for entry in entries {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn all() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    sources(&root, &mut paths);
    paths.sort();
    let read = |path: &PathBuf| {
        let name = path.strip_prefix(&root).expect("below src").to_string_lossy().replace('\\', "/");
        (name, fs::read_to_string(path).expect("readable"))
    };
    paths.iter().map(read).collect()
}

/// The first part of a path below `src`: the module.
fn module(name: &str) -> &str {
    name.split(['/', '.']).next().unwrap_or_default()
}

#[test]
fn imports_point_down() {
    let mut wrong = Vec::new();
    for (name, text) in all() {
        let own =
            layer_of(module(&name)).unwrap_or_else(|| panic!("src/{name} is in no layer: add its module to the table"));
        // Tests at the end of a file may look anywhere.
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for (number, line) in code.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//")) {
            for import in line.split("crate::").skip(1) {
                let target = import.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default();
                if layer_of(target).is_some_and(|target| target > own) {
                    wrong.push(format!("src/{name}:{}: {}", number + 1, line.trim()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "these imports point up:\n{}", wrong.join("\n"));
}

#[test]
fn every_file_says_why_it_is_there() {
    let silent: Vec<String> =
        all().into_iter().filter(|(_, text)| !text.starts_with("//!")).map(|(name, _)| name).collect();
    assert!(silent.is_empty(), "{silent:?} begin without `//!`");
}

#[test]
fn the_core_knows_no_files_no_clock_and_no_terminal() {
    let core = ["engine", "record", "lang"];
    let mut wrong = Vec::new();
    for (name, text) in all().into_iter().filter(|(name, _)| core.contains(&module(name))) {
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for word in
            ["std::fs", "std::env", "std::io", "std::time", "println!", "eprintln!", "std::process", ".unwrap()"]
        {
            if code.contains(word) {
                wrong.push(format!("src/{name}: {word}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}
