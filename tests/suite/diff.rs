//! `petrograd diff`: what becomes of a story's plays from one version to the next.

use std::fs;
use std::process::Stdio;

use crate::play::{Folder, petrograd};

const OLD: &str = r#"
[story]
format = 1
id = "ferry"
version = "1"
title = "The ferry"
start = "quay"
[[scene]]
id = "quay"
text = "The last ferry."
[[scene.choice]]
id = "board"
text = "Board."
goto = "deck"
[[scene.choice]]
id = "wait"
text = "Wait."
goto = "shore"
[[scene]]
id = "deck"
text = "The water."
[[scene.choice]]
id = "over"
text = "Over."
goto = "city"
[[scene]]
id = "city"
ending = "Across"
text = "Lights."
[[scene]]
id = "shore"
ending = "Left behind"
text = "Dark."
[[outcome]]
id = "night"
title = "A night"
historical = true
"#;

fn diff(new: &str, arguments: &[&str]) -> String {
    let folder = Folder::new();
    for (name, text) in [("old.toml", OLD), ("new.toml", new)] {
        fs::write(folder.0.join(name), text).expect("written");
    }
    let mut command = petrograd(&folder.0);
    command.arg("diff").arg(folder.0.join("old.toml")).arg(folder.0.join("new.toml")).args(arguments);
    let output = command.stdin(Stdio::null()).output().expect("it runs");
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn has(text: &str, lines: &[&str]) {
    for line in lines {
        assert!(text.lines().any(|known| known.trim() == *line), "no line `{line}` in\n{text}");
    }
}

#[test]
fn prose_loses_nobody_a_save() {
    let told = diff(&OLD.replace("The last ferry.", "It is the last."), &[]);
    has(
        &told,
        &["Nothing that decides a play has changed, at most the prose: chances are the same, every save loads."],
    );
}

#[test]
fn chances_that_moved_and_ends_gained_and_lost_are_told_exactly() {
    // A third choice, with an ending of its own.
    let third = "[[scene.choice]]\nid = \"swim\"\ntext = \"Swim.\"\ngoto = \"river\"\n[[scene]]\nid = \"river\"\nending = \"Cold\"\ntext = \"Cold.\"\n[[scene]]\nid = \"deck\"";
    let told = diff(&OLD.replace("[[scene]]\nid = \"deck\"", third).replace("version = \"1\"", "version = \"2\""), &[]);
    has(
        &told,
        &[
            "The ferry: from version 1 to 2",
            "+ quay.swim",
            "every play of both was gone through: chances under random play are exact",
            "+ ending `river`, “Cold”: new, 33 %",
            "~ ending `shore`, “Left behind”: 50 % before, 33 % now",
            "all of 400 plays made at random load to their end",
        ],
    );
    assert!(!told.contains("night"), "its chance is as it was: {told}");
    let counted = diff(&OLD.replace("goto = \"city\"", "goto = \"shore\""), &["--max-states", "0", "--lang", "es"]);
    assert!(counted.contains("- final `city`") && counted.contains("nunca"), "{counted}");
}

#[test]
fn saves_that_part_are_told_with_the_step_and_the_reason() {
    let told = diff(&OLD.replace("id = \"wait\"", "id = \"stay\""), &["--plays", "100"]);
    has(&told, &["+ quay.stay", "- quay.wait", "none gained, none lost, no chance moved"]);
    assert!(told.contains("of 100 plays made at random load only in part, 0 % of them on average"), "{told}");
    assert!(told.contains("`quay.wait`: it is no longer offered ("), "{told}");
    let locked = diff(
        &OLD.replace("text = \"Over.\"", "text = \"Over.\"\nif = \"visits(deck) > 1\"\nlocked = \"Not yet.\""),
        &[],
    );
    assert!(locked.contains("`deck.over`: it is closed now ("), "{locked}");
    assert!(locked.contains("- ending `city`, “Across”: no longer reached, was 50 %"), "{locked}");
    let elsewhere = diff(&OLD.replace("goto = \"deck\"", "goto = \"shore\""), &[]);
    assert!(elsewhere.contains("`quay.board`: it no longer leads to `deck` ("), "{elsewhere}");
}

#[test]
fn what_there_is_not_is_the_command_lines_fault() {
    let folder = Folder::new();
    let output = petrograd(&folder.0).args(["diff", "nowhere", "docs/examples/ferry.toml"]).output().expect("it runs");
    assert_eq!(output.status.code(), Some(2));
}

/// The guide breaks a story and mends it; what it shows is what the program says.
#[test]
fn the_guide_shows_what_is_said() {
    let read = |path: &str| fs::read_to_string(path).expect("readable");
    let (guide, ferry) = (read("docs/authors.md"), read("docs/examples/ferry.toml"));
    let block = |name: &str| {
        let start = format!("```text {name}\n");
        guide.split(&start).nth(1).and_then(|rest| rest.split("```").next()).expect("a block").to_owned()
    };
    let (head, rest) = ferry.split_once("[[scene]]\nid     = \"shore\"").expect("the shore");
    let (_, tail) = rest.split_once("[[outcome]]").expect("an outcome");
    let broken = format!("{head}{}[[outcome]]{tail}", block("broken"));
    let mended = broken.replace("if   = \"coins >= 2\"\ndo   = \"coins -= 2\"\n", &block("mended"));
    assert_ne!(broken, mended);
    let folder = Folder::new();
    for (name, text) in [("broken.toml", &broken), ("mended.toml", &mended)] {
        fs::write(folder.0.join(name), text).expect("written");
    }
    let say = |arguments: &[&std::ffi::OsStr]| {
        let output = petrograd(&folder.0).args(arguments).stdin(Stdio::null()).output().expect("it runs");
        (output.status.code(), String::from_utf8(output.stdout).expect("UTF-8"))
    };
    let (broken, mended) = (folder.0.join("broken.toml"), folder.0.join("mended.toml"));
    let (code, told) = say(&["prove".as_ref(), broken.as_ref()]);
    assert_eq!(code, Some(1));
    has(&told, &block("stuck").lines().map(str::trim).collect::<Vec<_>>());
    assert_eq!(say(&["prove".as_ref(), mended.as_ref()]).0, Some(0));
    let (_, told) = say(&["diff".as_ref(), "docs/examples/ferry.toml".as_ref(), mended.as_ref()]);
    has(&told, &block("compared").lines().map(str::trim).collect::<Vec<_>>());
}
