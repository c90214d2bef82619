//! Plays from a file of lines: what the program shows, letter by letter.
//!
//! Each folder of `tests/plays` is one: `arguments` (one a line), `input` (what is typed) or none,
//! and `shown` (what comes back). `BLESS=1 cargo test --test suite play` writes `shown` anew.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

/// A folder for saves that is the test's own, and goes with it.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new() -> Folder {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("petrograd-play-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).expect("a folder for the test");
        Folder(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The program, its environment swept.
pub fn petrograd(saves: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_petrograd"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).env("PETROGRAD_SAVES", saves);
    for name in ["LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG", "NO_COLOR", "COLUMNS"] {
        command.env_remove(name);
    }
    command
}

/// Runs the program with these lines typed into it.
pub fn typed(saves: &Path, arguments: &[&str], input: &str) -> Output {
    let mut command = petrograd(saves);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    // Whoever has read enough closes the pipe: not a failure of the test.
    let _ = child.stdin.take().expect("a pipe").write_all(input.as_bytes());
    child.wait_with_output().expect("the program ends")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("the program writes UTF-8")
}

#[test]
fn plays_show_what_they_showed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/plays");
    let mut folders: Vec<PathBuf> =
        fs::read_dir(root).expect("the plays").flatten().map(|entry| entry.path()).collect();
    folders.retain(|path| path.is_dir());
    folders.sort();
    assert!(folders.len() >= 6, "{folders:?}");
    let differing: Vec<String> = folders.iter().filter_map(|folder| differs(folder)).collect();
    assert!(differing.is_empty(), "{}\n(BLESS=1 writes them anew)", differing.join("\n"));
}

/// What a play shows where it is not what it showed.
fn differs(folder: &Path) -> Option<String> {
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap_or_default();
    let arguments = read("arguments");
    let arguments: Vec<&str> = arguments.lines().collect();
    let saves = Folder::new();
    let output = typed(&saves.0, &arguments, &read("input"));
    let code = output.status.code().expect("the program ends by itself");
    let errors = text(&output.stderr);
    let shown = format!("{}--- exit {code}\n{errors}", text(&output.stdout));
    if std::env::var_os("BLESS").is_some() {
        fs::write(folder.join("shown"), &shown).expect("the play can be written");
    }
    let expected = read("shown");
    (shown != expected).then(|| format!("{}:\n{shown}", folder.display()))
}

const FERRY: &str = "tests/plays/ferry.toml";

#[test]
fn json_keeps_to_the_contract() {
    let saves = Folder::new();
    let input = "listen\nnothing of the kind\n2\nundo\nsave a\nwait\nload a\nwait\non\nlet_go\n";
    let output = typed(&saves.0, &[FERRY, "--json", "--seed", "1"], input);
    assert_eq!(output.status.code(), Some(0));
    let keys = [
        "format",
        "turn",
        "role",
        "at",
        "date",
        "date_gregorian",
        "place",
        "title",
        "said",
        "text",
        "news",
        "choices",
        "barometers",
        "ending",
        "outcome",
    ];
    let stdout = text(&output.stdout);
    let lines: Vec<serde_json::Value> =
        stdout.lines().map(|line| serde_json::from_str(line).expect("each line is an object")).collect();
    assert_eq!(lines.len(), 11, "one at the beginning, one for each line");
    for (line, value) in stdout.lines().zip(&lines) {
        assert_eq!(value["format"], 1);
        if value.get("error").is_none() {
            let places: Vec<usize> = keys.iter().map(|key| line.find(&format!("\"{key}\":")).expect("a key")).collect();
            assert!(places.is_sorted(), "{line}");
        }
    }
    let turns: Vec<_> = lines.iter().map(|line| line["turn"].as_u64()).collect();
    let expected = [Some(0), Some(1), None, None, Some(0), Some(0), Some(1), Some(0), Some(1), Some(2), Some(3)];
    assert_eq!(turns, expected);
    assert_eq!(
        lines[2]["choices"][1],
        serde_json::json!({"n": 2, "id": "cross", "text": "It would not bear a cat.", "open": false})
    );
    assert_eq!(lines[6]["news"][0]["event"], "thaw");
    assert_eq!(lines[10]["ending"], "end_ferryman");
    assert_eq!(lines[10]["outcome"], "unpaid");
    assert_eq!(lines[10]["choices"], serde_json::json!([]));
    assert_eq!(lines[10]["date"], "1912-03-05", "the ending has its own day, though the calendar has gone on");
}

#[test]
fn what_is_saved_goes_on_in_another_run() {
    let saves = Folder::new();
    let first = typed(&saves.0, &[FERRY, "--json", "--seed", "1"], "listen\nwait\n");
    let again = typed(&saves.0, &[FERRY, "--json", "--load", "auto"], "");
    assert_eq!(text(&first.stdout).lines().last(), text(&again.stdout).lines().next());
}

#[test]
fn a_command_line_that_asks_for_what_there_is_not_is_refused() {
    let saves = Folder::new();
    let cases: [(&[&str], i32, &str); 4] = [
        (&[FERRY, "--role", "widdow"], 2, "Did you mean `widow`?"),
        (&[FERRY, "--roles", "widow,nobody_at_all"], 2, "These can be played: ferryman, widow."),
        (&[FERRY, "--load", "nothing"], 1, "nothing"),
        (&[FERRY, "--script", "tests/plays/no-such-file"], 3, "no-such-file"),
    ];
    for (arguments, code, message) in cases {
        let output = typed(&saves.0, arguments, "");
        assert_eq!(output.status.code(), Some(code), "{arguments:?}");
        assert!(text(&output.stderr).contains(message), "{arguments:?}: {}", text(&output.stderr));
        assert!(output.stdout.is_empty(), "{arguments:?}");
    }
}

#[test]
fn a_closed_pipe_is_no_error() {
    let saves = Folder::new();
    let mut command = petrograd(&saves.0);
    command.args([FERRY]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    drop(child.stdout.take());
    let _ = child.stdin.take().expect("a pipe").write_all("1\n".repeat(5000).as_bytes());
    let output = child.wait_with_output().expect("the program ends");
    assert_eq!((output.status.code(), text(&output.stderr).as_str()), (Some(0), ""));
}

#[test]
fn no_escape_sequence_reaches_a_pipe_unless_it_is_asked_for() {
    let saves = Folder::new();
    let roles = [FERRY, "--roles", "ferryman,widow", "--seed", "1"];
    let bare = typed(&saves.0, &roles, "1\n1\n\n1\n1\n");
    assert!(!text(&bare.stdout).contains('\u{1b}'), "{}", text(&bare.stdout));
    let coloured = typed(&saves.0, &[FERRY, "--color", "always"], "1\n");
    assert!(text(&coloured.stdout).contains("\u{1b}[4mDarya\u{1b}[0m"), "{}", text(&coloured.stdout));
    let plain = typed(&saves.0, &[FERRY, "--color", "always", "--plain"], "map\n1\n");
    assert!(!text(&plain.stdout).contains('\u{1b}') && !text(&plain.stdout).contains("---"));
}

#[test]
fn a_transcript_is_kept_as_markdown() {
    let saves = Folder::new();
    let file = saves.0.join("play.md");
    let path = file.to_str().expect("a path in UTF-8");
    typed(&saves.0, &[FERRY, "--seed", "1", "--transcript", path], "li\nundo\n1\n1\nlet\n");
    insta::assert_snapshot!(fs::read_to_string(&file).expect("the transcript"));
}
