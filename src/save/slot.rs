//! The names that saves can have.

use super::error::SaveError;

/// The slot that is written after every choice.
pub const AUTO: &str = "auto";

/// The slots of the last few plays, the latest first.
pub(super) const AUTOSAVES: [&str; 3] = [AUTO, "auto-1", "auto-2"];

/// The longest name, in characters; with four bytes each a file name still fits everywhere.
const MAX_LENGTH: usize = 48;

/// Names that mean devices on Windows, whatever follows a dot.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];

/// The name of a save: letters, digits, hyphens, underscores and spaces between them, so that it
/// names a file of its own on every system and never one outside its folder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Slot(String);

impl Slot {
    /// Takes a name that a person gave.
    ///
    /// # Errors
    ///
    /// [`SaveError::BadName`] where it can't be a file's name.
    pub fn parse(name: &str) -> Result<Slot, SaveError> {
        let is_plain = |char: char| char.is_alphanumeric() || matches!(char, '-' | '_' | ' ');
        let fits = (1..=MAX_LENGTH).contains(&name.chars().count());
        if fits && name.trim() == name && !name.starts_with('-') && name.chars().all(is_plain) && !is_device(name) {
            Ok(Slot(name.to_owned()))
        } else {
            Err(SaveError::BadName(name.chars().take(MAX_LENGTH).collect()))
        }
    }

    /// Whether the program itself writes it.
    pub fn is_automatic(&self) -> bool {
        AUTOSAVES.iter().any(|automatic| self.0.eq_ignore_ascii_case(automatic))
    }

    /// As it was given.
    pub fn name(&self) -> &str {
        &self.0
    }

    /// The name of its file.
    pub fn file_name(&self) -> String {
        format!("{}.toml", self.0)
    }
}

fn is_device(name: &str) -> bool {
    let name = name.to_lowercase();
    let numbered = ["com", "lpt"].iter().find_map(|port| name.strip_prefix(port));
    DEVICES.contains(&name.as_str()) || numbered.is_some_and(|rest| rest.chars().count() == 1 && rest != " ")
}

#[cfg(test)]
mod tests {
    use super::{AUTOSAVES, Slot};

    #[test]
    fn names_of_files_of_the_folder_and_no_others() {
        for name in ["a", "before the hinge", "día-1", "ДО", "x_2", "com", "com10", "auto-1"].iter().chain(&AUTOSAVES)
        {
            assert!(Slot::parse(name).is_ok(), "{name:?}");
        }
        let long = "x".repeat(49);
        let hostile = [
            "",
            " ",
            ".",
            "..",
            "../a",
            "a/b",
            "a\\b",
            "/etc/passwd",
            "c:a",
            ".hidden",
            "a.toml",
            " a",
            "a ",
            "-rf",
            "a\0",
            "a\nb",
            "con",
            "NUL",
            "Com1",
            "lpt9",
            "a*",
            "a?",
            "\u{202e}a",
            "COM¹",
            &long,
        ];
        for name in hostile {
            assert!(Slot::parse(name).is_err(), "{name:?}");
        }
    }
}
