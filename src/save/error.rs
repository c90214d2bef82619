//! Why a save could not be kept or read.

use std::{error, fmt, io};

use crate::catalogue::Catalogue;
use crate::tr;

/// Why a save could not be kept or read. Whatever it is, nothing that was saved before is lost.
#[derive(Debug)]
pub enum SaveError {
    /// A save can't have this name.
    BadName(String),
    /// The program itself writes to this slot.
    Reserved(String),
    /// There is no save of this name.
    NotFound(String),
    /// What has this name is a folder, a link or a device.
    NotAFile(String),
    /// It is larger than any save.
    TooLarge(String),
    /// It isn't what was written.
    Damaged {
        /// The slot.
        slot: String,
        /// The name that the damaged file has now, where it could be renamed.
        aside: Option<String>,
    },
    /// A later version of the program wrote it.
    Newer(String),
    /// It is of another story.
    OtherStory {
        /// The slot.
        slot: String,
        /// The title of the story it is of.
        title: String,
    },
    /// It plays a role that the story doesn't have any more.
    NoRole {
        /// The slot.
        slot: String,
        /// The role's id.
        role: String,
    },
    /// The system could not read it.
    Unread(String, io::Error),
    /// The system could not write it.
    Unwritten(String, io::Error),
}

impl SaveError {
    /// Says it in the language of a catalogue.
    pub fn describe(&self, words: &Catalogue) -> String {
        match self {
            SaveError::BadName(name) => tr!(
                words,
                "A save can't be called “{name}”: letters, digits, spaces, - and _ make a name, up to 48 of them.",
                name = name.escape_debug()
            ),
            SaveError::Reserved(slot) => {
                tr!(words, "“{slot}” is written after every choice; give your save another name.", slot = slot)
            }
            SaveError::NotFound(slot) => tr!(words, "There is no save called “{slot}”.", slot = slot),
            SaveError::NotAFile(slot) => {
                tr!(words, "“{slot}” is a folder or a link, not a save; it was left alone.", slot = slot)
            }
            SaveError::TooLarge(slot) => tr!(words, "“{slot}” is larger than a save can be.", slot = slot),
            SaveError::Damaged { slot, aside: Some(aside) } => {
                tr!(words, "The save “{slot}” is damaged. It was kept as {file}.", slot = slot, file = aside)
            }
            SaveError::Damaged { slot, aside: None } => {
                tr!(words, "The save “{slot}” is damaged. It could not be renamed and was left alone.", slot = slot)
            }
            SaveError::Newer(slot) => {
                tr!(words, "A later version of this program wrote the save “{slot}”.", slot = slot)
            }
            SaveError::OtherStory { slot, title } => {
                tr!(words, "The save “{slot}” is of another story, “{title}”.", slot = slot, title = title)
            }
            SaveError::NoRole { slot, role } => {
                tr!(
                    words,
                    "The save “{slot}” plays the role “{role}”, which this story doesn't have.",
                    slot = slot,
                    role = role
                )
            }
            SaveError::Unread(slot, error) => {
                tr!(words, "The save “{slot}” could not be read: {error}", slot = slot, error = error)
            }
            SaveError::Unwritten(slot, error) => {
                tr!(words, "The save “{slot}” could not be written: {error}", slot = slot, error = error)
            }
        }
    }
}

impl fmt::Display for SaveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.describe(&Catalogue::default()))
    }
}

impl error::Error for SaveError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            SaveError::Unread(_, error) | SaveError::Unwritten(_, error) => Some(error),
            _ => None,
        }
    }
}
