//! `petrograd check`, run as the program runs it, on stories and on what is none.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use petrograd::catalogue::Catalogue;
use petrograd::diagnostic::{Code, Diagnostic};
use petrograd::story::Sources;
use serde_json::Value;

/// An empty folder for one test.
pub fn clean_folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("the test's folder can be made");
    folder
}

fn check(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_petrograd"));
    command.current_dir(folder).arg("check").args(arguments).env("LC_ALL", "C").env_remove("LANGUAGE");
    command.output().expect("the program starts")
}

const WARNED: &str = "[story]\nformat = 1\nid = \"a\"\ntitle = \"A\"\nstart = \"a\"\n\n[world]\nunused = 1\n
[[scene]]\nid = \"a\"\nending = \"A\"\n\n[[outcome]]\nid = \"o\"\ntitle = \"O\"\nhistorical = true\n";

#[test]
fn exit_codes_say_whether_all_is_well() {
    let folder = clean_folder("exit_codes");
    fs::write(folder.join("clean.toml"), WARNED.replace("unused = 1", "")).expect("written");
    fs::write(folder.join("warned.toml"), WARNED).expect("written");
    fs::write(folder.join("broken.toml"), WARNED.replace("start = \"a\"", "start = \"b\"")).expect("written");
    let cases: [(&[&str], i32); 10] = [
        (&["clean.toml"], 0),
        (&["clean.toml", "--deny", "warnings"], 0),
        (&["warned.toml"], 0),
        (&["warned.toml", "--deny", "warnings"], 1),
        (&["broken.toml"], 1),
        (&["nowhere.toml"], 1),
        (&["--explain", "unknown-scene"], 0),
        (&["--explain"], 0),
        (&["--explain", "unknown-scen"], 2),
        (&["clean.toml", "--format", "xml"], 2),
    ];
    for (arguments, code) in cases {
        let output = check(&folder, arguments);
        assert_eq!(output.status.code(), Some(code), "{arguments:?} {}", String::from_utf8_lossy(&output.stdout));
    }
    let near = check(&folder, &["--explain", "unknown-scen"]).stderr;
    assert!(String::from_utf8_lossy(&near).contains("Did you mean unknown-scene?"));
    let page = check(&folder, &["--explain", "unknown-scene"]).stdout;
    assert_eq!(String::from_utf8_lossy(&page), Code::UnknownScene.page(&Catalogue::default()));
}

#[test]
fn formats_are_nothing_but_themselves() {
    let folder = clean_folder("formats");
    fs::write(folder.join("warned.toml"), WARNED).expect("written");
    let json: Value =
        serde_json::from_slice(&check(&folder, &["warned.toml", "--format", "json"]).stdout).expect("JSON");
    assert_eq!((&json["format"], &json["errors"], &json["warnings"]), (&1.into(), &0.into(), &1.into()));
    let found = &json["diagnostics"][0];
    assert_eq!((&found["file"], &found["line"], &found["column"]), (&"warned.toml".into(), &8.into(), &1.into()));
    assert_eq!((&found["end_line"], &found["end_column"]), (&8.into(), &7.into()));
    let sarif: Value =
        serde_json::from_slice(&check(&folder, &["warned.toml", "--format", "sarif"]).stdout).expect("JSON");
    let result = &sarif["runs"][0]["results"][0];
    assert_eq!((&sarif["version"], &result["ruleId"]), (&"2.1.0".into(), &"unused-variable".into()));
    assert_eq!(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "warned.toml");
}

fn codes(path: &Path) -> Vec<(Code, String)> {
    let told = |found: Diagnostic| (found.code, found.message.to_string());
    petrograd::story::open(Some(path), None).1.diagnostics.into_iter().map(told).collect()
}

/// What no TOML file can show, with a temporary one each. See `diagnostics.rs` for the rest.
#[test]
fn files_that_are_no_story_are_told_of() {
    let folder = clean_folder("files");
    let made = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().expect("it lies in a folder")).expect("made");
        fs::write(&path, bytes).expect("written");
        path
    };
    let latin = made("latin/a.toml", b"[story]\ntitle = \"\xd1and\xfa\"\n");
    assert_eq!(codes(&latin)[0].0, Code::NotUtf8);
    assert!(codes(&latin)[0].1.contains("line 2"), "{:?}", codes(&latin));

    assert_eq!(codes(&folder.join("nowhere.toml"))[0].0, Code::Unreadable);
    fs::create_dir_all(folder.join("empty")).expect("made");
    assert_eq!(codes(&folder.join("empty"))[0].0, Code::NoStory);
    assert_eq!(codes(&made("other/a.toml", b"[world]\n"))[0].0, Code::NoStory);

    let large = made("large/a.toml", b"");
    fs::File::options().write(true).open(&large).expect("there").set_len(65 << 20).expect("it may have holes");
    assert_eq!(codes(&large)[0].0, Code::TooLarge);
}

#[cfg(unix)]
#[test]
fn links_are_followed_no_further_than_they_lead() {
    use std::os::unix::fs::symlink;
    let folder = clean_folder("links");
    fs::write(folder.join("a.toml"), WARNED).expect("written");
    symlink(&folder, folder.join("loop")).expect("linked");
    assert_eq!(codes(&folder)[0].0, Code::FolderLoop);
    fs::remove_file(folder.join("loop")).expect("removed");
    symlink("nowhere.toml", folder.join("b.toml")).expect("linked");
    assert_eq!(codes(&folder)[0].0, Code::Unreadable);
    assert_eq!(Sources::read(&folder).0.files.len(), 1, "the rest is there");
}
