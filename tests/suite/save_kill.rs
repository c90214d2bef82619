//! The program is cut off while it plays: at most the choice being made is lost.
#![cfg(unix)]

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use petrograd::engine::Play;
use petrograd::save::SaveFolder;
use petrograd::story::{Story, load};

const KILLS: u32 = 200;
const CHOICES: usize = 12;

fn mill() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/save/mill.toml")
}

fn story() -> Story {
    let (sources, _) = petrograd::story::Sources::read(&mill());
    load(&sources, None).story.expect("the mill is sound")
}

fn scratch(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("petrograd-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&path);
    path
}

/// The program, playing the soldier, who cleans his rifle as often as he is told to.
fn spawn(command: &mut Command, saves: &Path, choices: usize) -> Child {
    command.env("PETROGRAD_SAVES", saves).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().expect("the program starts");
    let mut input = child.stdin.take().expect("a pipe");
    // All of it at once, so that the program never waits; it may be gone before it has read all.
    let _ = input.write_all("clean\n".repeat(choices).as_bytes());
    child
}

fn arguments(command: &mut Command, seed: u32) -> &mut Command {
    command.arg("play").arg(mill()).args(["--json", "--role", "soldier", "--seed", &seed.to_string()])
}

/// The choices that a save holds, all of them the soldier's.
fn saved_turns(story: &Story, saves: &Path) -> usize {
    let loaded = SaveFolder::at(saves).load(story, "auto").expect("there is an autosave, and it is whole");
    assert!(loaded.parted.is_none() && loaded.instead.is_none(), "{loaded:?}");
    let names = loaded.play.log().iter().map(|entry| Play::input_name(story, &entry.at, entry.input));
    assert!(names.into_iter().all(|name| name == "barracks.clean"));
    loaded.play.log().len()
}

/// A number below `bound` that looks random and is the same in every run.
fn pick(number: u32, bound: u32) -> u32 {
    let mixed = number.wrapping_mul(2_654_435_761).rotate_left(13) ^ number.wrapping_mul(40_503);
    mixed.wrapping_mul(2_246_822_519) % bound
}

/// Plays, is killed some moments after so many answers, and returns the last turn that was shown.
fn killed(saves: &Path, number: u32) -> Option<u64> {
    let mut child = spawn(arguments(&mut Command::new(env!("CARGO_BIN_EXE_petrograd")), number), saves, CHOICES);
    let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    let mut shown: Vec<String> =
        lines.by_ref().take(pick(number, CHOICES as u32) as usize).map_while(Result::ok).collect();
    std::thread::sleep(Duration::from_micros(pick(number + 7, 3_000).into()));
    child.kill().expect("it can be killed");
    child.wait().expect("it is gone");
    shown.extend(lines.map_while(Result::ok));
    // The last line may have been cut off; what is read of it is no answer.
    let turns = shown.iter().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    turns.filter_map(|answer| answer["turn"].as_u64()).next_back()
}

#[test]
fn a_kill_loses_at_most_the_choice_being_made() {
    let story = story();
    let runs = |first: u32| {
        for number in (first..KILLS).step_by(2) {
            let saves = scratch(&format!("kill-{number}"));
            let shown = killed(&saves, number).unwrap_or(0);
            // Before the first choice there is nothing to keep.
            let kept = if saves.join("auto.toml").exists() { saved_turns(&story, &saves) as u64 } else { 0 };
            assert!((shown..=shown + 1).contains(&kept), "run {number}: {shown} shown, {kept} kept");
            let _ = fs::remove_dir_all(&saves);
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(|| runs(0));
        runs(1);
    });
}

#[test]
fn a_full_disk_keeps_the_last_save_that_fitted() {
    let saves = scratch("full");
    // A limit on the size of files stands for a disk that is full: writing fails half way.
    let mut shell = Command::new("sh");
    shell.args(["-c", "trap '' XFSZ; ulimit -f 2; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_petrograd")]);
    let child = spawn(arguments(&mut shell, 1), &saves, 60);
    let output = child.wait_with_output().expect("it ends");
    let answers = String::from_utf8(output.stdout).expect("it is text");
    assert!(output.status.code().is_some() && answers.lines().count() > 1, "{answers}");
    let kept = saved_turns(&story(), &saves);
    assert!((1..60).contains(&kept), "{kept}");
    let names: Vec<_> = fs::read_dir(&saves).expect("the folder").flatten().map(|entry| entry.file_name()).collect();
    assert_eq!(names, ["auto.toml"]);
    fs::remove_dir_all(&saves).expect("it was ours");
}
