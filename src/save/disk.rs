//! Files that are there whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// The size of the largest save that is read or written: a hundred times that of a long play.
pub(super) const MAX_SIZE: u64 = 8 << 20;

/// What a killed program may have left half written is removed after this time.
const STALE: Duration = Duration::from_secs(3600);

/// What is found under a name.
pub(super) enum Found {
    Nothing,
    /// A folder, a link or a device: nothing of ours.
    Other,
    TooLarge,
    Content(Vec<u8>),
}

/// Reads a file of at most [`MAX_SIZE`] bytes, following no link.
pub(super) fn read(path: &Path) -> io::Result<Found> {
    let metadata = match fs::symlink_metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Found::Nothing),
        Err(error) => return Err(error),
    };
    if !metadata.is_file() {
        return Ok(Found::Other);
    }
    let mut content = Vec::new();
    File::open(path)?.take(MAX_SIZE + 1).read_to_end(&mut content)?;
    Ok(if content.len() as u64 > MAX_SIZE { Found::TooLarge } else { Found::Content(content) })
}

/// Makes `content` the file `name` of a folder. Whenever the power fails, what was there before or
/// `content` is there whole.
pub(super) fn write(folder: &Path, name: &str, content: &[u8]) -> io::Result<()> {
    let staged = stage(folder, name, content)?;
    staged.publish(&folder.join(name))
}

/// A file that was written whole under a name of its own and takes its place when published.
pub(super) struct Staged {
    path: PathBuf,
}

/// Writes `content` beside the place it is meant for.
pub(super) fn stage(folder: &Path, name: &str, content: &[u8]) -> io::Result<Staged> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    fs::create_dir_all(folder)?;
    sweep(folder, name);
    // The process in the name keeps two programs that save at once out of each other's way.
    let unique = format!(".{name}.{}-{}.new", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    let staged = Staged { path: folder.join(unique) };
    match fs::remove_file(&staged.path) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = OpenOptions::new().write(true).create_new(true).open(&staged.path)?;
    file.write_all(content)?;
    file.sync_all()?;
    Ok(staged)
}

impl Staged {
    /// Moves it to its place.
    pub fn publish(self, path: &Path) -> io::Result<()> {
        fs::rename(&self.path, path)?;
        sync_folder(path.parent().unwrap_or(Path::new(".")))
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        // Once published there is nothing under this name any more.
        let _ = fs::remove_file(&self.path);
    }
}

/// Makes the names in a folder last, where the system can.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if !cfg!(unix) {
        return Ok(());
    }
    match File::open(folder)?.sync_all() {
        // Some file systems know no such thing for folders.
        Err(error) if matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::Unsupported) => Ok(()),
        result => result,
    }
}

/// Removes what programs that were killed have left of `name`.
fn sweep(folder: &Path, name: &str) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let prefix = format!(".{name}.");
    for entry in entries.flatten() {
        let file_name = entry.file_name();
        let ours = file_name.to_str().is_some_and(|file| file.starts_with(&prefix) && file.ends_with(".new"));
        let age = || entry.metadata().ok()?.modified().ok()?.elapsed().ok();
        if ours && age().is_some_and(|age| age > STALE) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Renames a file to `NAME.damaged-N.toml` with the first number that is free, and returns that
/// name.
pub(super) fn set_aside(folder: &Path, stem: &str, path: &Path) -> Option<String> {
    for number in 1..1_000 {
        let name = format!("{stem}.damaged-{number}.toml");
        match rename_to_free(path, &folder.join(&name)) {
            Ok(()) => return Some(name),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(_) => return None,
        }
    }
    None
}

/// Renames a file, but never in place of another.
fn rename_to_free(path: &Path, to: &Path) -> io::Result<()> {
    match fs::hard_link(path, to) {
        Ok(()) => fs::remove_file(path).inspect_err(|_| drop(fs::remove_file(to))),
        Err(error) if matches!(error.kind(), ErrorKind::AlreadyExists | ErrorKind::NotFound) => Err(error),
        // Some file systems know no second names: an empty file claims this one first.
        Err(_) => {
            OpenOptions::new().write(true).create_new(true).open(to)?;
            fs::rename(path, to).inspect_err(|_| drop(fs::remove_file(to)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Found, read, set_aside, stage, write};
    use std::fs;

    #[test]
    fn what_fails_leaves_what_was_there() {
        let folder = std::env::temp_dir().join(format!("petrograd-disk-{}", std::process::id()));
        write(&folder, "a.toml", b"one").expect("a folder that can be written");
        drop(stage(&folder, "a.toml", b"two").expect("it is staged"));
        assert!(matches!(read(&folder.join("a.toml")), Ok(Found::Content(content)) if content == b"one"));
        fs::create_dir(folder.join("b.toml")).expect("a folder in the way");
        fs::write(folder.join("b.toml").join("x"), "").expect("with something in it");
        assert!(write(&folder, "b.toml", b"two").is_err());
        assert!(matches!(read(&folder.join("b.toml")), Ok(Found::Other)));
        assert!(write(&folder.join("a.toml"), "c.toml", b"two").is_err(), "a file is no folder");
        assert_eq!(set_aside(&folder, "a", &folder.join("a.toml")).as_deref(), Some("a.damaged-1.toml"));
        assert_eq!(set_aside(&folder, "a", &folder.join("a.toml")), None, "nothing is there to set aside");
        write(&folder, "a.toml", b"three").expect("it was free again");
        assert_eq!(set_aside(&folder, "a", &folder.join("a.toml")).as_deref(), Some("a.damaged-2.toml"));
        let mut left: Vec<_> =
            fs::read_dir(&folder).expect("the folder").flatten().map(|entry| entry.file_name()).collect();
        left.sort();
        assert_eq!(left, ["a.damaged-1.toml", "a.damaged-2.toml", "b.toml"]);
        fs::remove_dir_all(&folder).expect("it was ours");
    }
}
