//! A story: read from files, linked, and as it is played.

mod checks; // what is worth knowing without a proof
pub(crate) mod keys; // which keys each table takes
pub mod layout; // where each thing lies in a state
mod link; // ids to indices, strings to code
mod load; // files to a story
pub mod model; // a story as it is played
mod raw; // what the files say
mod read; // TOML to what it says
mod read_record; // the same, of the record
mod source; // its files
mod table; // walking TOML tables
pub(crate) mod text; // its strings, and where their bytes stand
mod translation; // its PO files
mod traps; // where TOML misleads

pub use self::load::{Loaded, Message, load, messages, open};
pub use self::model::Story;
pub use self::source::{Source, Sources};
