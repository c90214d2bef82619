//! Hostile folders: links, loops, devices, pipes, bytes that are no text.

use std::fs;
use std::path::{Path, PathBuf};

use petrograd::diagnostic::Code;
use petrograd::story::{Sources, open};

/// A folder of its own, removed in the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("petrograd-hostile-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).expect("a temporary folder");
        Folder(path)
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        fs::write(self.0.join(name), bytes).expect("a temporary file");
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The codes of what is found in a folder that has a sound story beside what is hostile in it.
fn codes(path: &Path) -> Vec<&'static str> {
    let (_, loaded) = open(Some(path), None);
    assert_eq!(loaded.story.is_none(), loaded.diagnostics.iter().any(|found| found.code != Code::UnusedVariable));
    loaded.diagnostics.iter().map(|found| found.code.name()).collect()
}

#[test]
fn nothing_and_no_folder() {
    let folder = Folder::new("nothing");
    assert_eq!(codes(&folder.0), ["no-story"]);
    assert_eq!(codes(&folder.0.join("absent")), ["unreadable"]);
}

#[test]
fn bytes_that_are_no_text() {
    let folder = Folder::new("bytes");
    folder.write("a.toml", b"[story]\nid = \"\xff\xfe\"\n");
    assert_eq!(codes(&folder.0), ["not-utf8"]);
    assert_eq!(codes(&folder.0.join("a.toml")), ["not-utf8"]);
}

#[test]
#[cfg(unix)]
fn links_devices_and_pipes() {
    use std::os::unix::fs::symlink;
    let link = |to: &str, folder: &Folder, name: &str| symlink(to, folder.0.join(name)).expect("a link");
    let folder = Folder::new("loop");
    link(".", &folder, "again");
    assert_eq!(codes(&folder.0), ["folder-loop"]);
    let folder = Folder::new("zero");
    link("/dev/zero", &folder, "zero.toml");
    assert_eq!(codes(&folder.0), ["unreadable"]);
    assert_eq!(codes(&folder.0.join("zero.toml")), ["unreadable"]);
    let folder = Folder::new("broken");
    link("nowhere", &folder, "broken.toml");
    link("self.toml", &folder, "self.toml");
    assert_eq!(codes(&folder.0), ["unreadable", "unreadable"]);
    let folder = Folder::new("pipe");
    let made = std::process::Command::new("mkfifo").arg(folder.0.join("pipe.toml")).status();
    assert!(made.is_ok_and(|status| status.success()), "mkfifo makes a pipe");
    assert_eq!(codes(&folder.0), ["unreadable"]);
    assert_eq!(codes(&folder.0.join("pipe.toml")), ["unreadable"]);
}

#[test]
fn a_folder_that_is_called_as_a_file_is() {
    let folder = Folder::new("named");
    fs::create_dir_all(folder.0.join("a.toml/b.toml")).expect("a temporary folder");
    assert_eq!(codes(&folder.0), ["no-story"]);
}

#[test]
fn folders_in_folders() {
    let folder = Folder::new("deep");
    let deep = folder.0.join("d/".repeat(60));
    fs::create_dir_all(&deep).expect("a temporary folder");
    fs::write(deep.join("a.toml"), "").expect("a temporary file");
    assert_eq!(codes(&folder.0), ["too-large"]);
    assert!(!Sources::is_story(&folder.0));
}
