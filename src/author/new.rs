//! A small story to begin with: it checks clean, it can be played, and every kind of table that
//! a first story needs stands in it once.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// One file; `#@ name` begins each of those that a folder has.
const TEMPLATE: &str = include_str!("new.toml");

/// Writes a new story: one file where `path` ends in `.toml`, else a folder. Returns the files
/// written, in order.
///
/// # Errors
///
/// [`io::ErrorKind::AlreadyExists`] where there is something at `path` already, an empty folder
/// excepted, and whatever the system says.
pub fn create(path: &Path) -> io::Result<Vec<PathBuf>> {
    let parts = parts(path);
    if path.extension().is_some_and(|extension| extension == "toml") {
        let whole: Vec<&str> = parts.iter().map(|(_, text)| text.as_str()).collect();
        write_new(path, &whole.join("\n"))?;
        return Ok(vec![path.to_owned()]);
    }
    if path.exists() && fs::read_dir(path)?.next().is_some() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    fs::create_dir_all(path)?;
    parts.iter().map(|(name, text)| write_new(&path.join(name), text).map(|()| path.join(name))).collect()
}

fn write_new(path: &Path, text: &str) -> io::Result<()> {
    OpenOptions::new().write(true).create_new(true).open(path)?.write_all(text.as_bytes())
}

/// The files of a folder, with the story's id and title after its name.
fn parts(path: &Path) -> Vec<(&'static str, String)> {
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    let (id, title) = (id(&name), title(&name));
    let files = TEMPLATE.split("#@ ").filter_map(|part| part.split_once('\n'));
    files
        .map(|(name, text)| (name, format!("{}\n", text.replace("{id}", &id).replace("{title}", &title).trim())))
        .collect()
}

/// An id made of a file's name.
fn id(name: &str) -> String {
    let letters = name.to_ascii_lowercase();
    let words: Vec<&str> =
        letters.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let id = words.join("_");
    if id.starts_with(|c: char| c.is_ascii_lowercase()) {
        id
    } else {
        format!("story_{id}").trim_end_matches('_').to_owned()
    }
}

/// A title made of a file's name, fit for a TOML string.
fn title(name: &str) -> String {
    let spaced: String = name.chars().map(|c| if c.is_control() || "-_\"\\".contains(c) { ' ' } else { c }).collect();
    let mut letters = spaced.trim().chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => "A story".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{id, title};

    #[test]
    fn names_of_files_become_ids_and_titles() {
        let cases = [
            ("the-last_ferry", "the_last_ferry", "The last ferry"),
            ("1917", "story_1917", "1917"),
            ("ñandú", "and", "Ñandú"),
            ("..", "story", ".."),
            ("a\"b\\c", "a_b_c", "A b c"),
            ("", "story", "A story"),
        ];
        for (name, wanted, shown) in cases {
            assert_eq!((id(name).as_str(), title(name).as_str()), (wanted, shown));
        }
    }
}
