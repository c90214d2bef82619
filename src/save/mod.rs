//! Plays on disk: one TOML file each, in a folder of their own.
//!
//! A save holds who is played, the seed and the log by ids; loading replays it. So a save outlives
//! changes of the story's prose, and where the story itself has changed, the play holds as far as
//! every step of it still leads where it led. What a disk or an editor has damaged is found out by
//! a checksum over the whole file and never loads as another play.

mod disk; // files that are there whole or not at all
mod error; // why a save could not be kept or read
mod folder; // the saves of a player
mod format; // a save as text
mod replay; // from a log back to a play
mod slot; // the names that saves can have

pub use self::error::SaveError;
pub use self::folder::{Instead, LoadedPlay, SaveFolder, SlotSummary};
pub use self::replay::{Parting, Reason};
pub use self::slot::AUTO;
