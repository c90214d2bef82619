//! The comparison of a play with the record, written out: as text, as a page, as JSON.
//!
//! What is said is the same in text and on the page: [`sheet`] gathers it, in the reader's
//! language, and the two lay it out.

mod closing; // who differs, what to write on, where to check
mod curves; // the barometers as pictures
mod html; // one page, its pictures inside
mod json; // for programs
mod labels; // what was on offer when something was chosen
mod sheet; // what there is to say
mod text; // for terminals and printers
mod timeline; // the events as a picture
mod wording; // sentences

pub(crate) use self::html::escape;
pub use self::html::html;
pub use self::json::{Json, json};
pub use self::text::text;

pub use self::sheet::{Because, Departure, Follower};

use crate::catalogue::Catalogue;
use crate::engine::Play;
use crate::story::Story;

/// What a debriefing takes from a report, in the reader's language.
#[derive(Clone, Debug)]
pub struct Debriefing {
    /// Where a play that is not over has come to; nothing of one that is.
    pub unfinished: Option<String>,
    /// How many events went as recorded and how many did not, and the share that was kept.
    pub counted: String,
    /// What parted from the record, each with what followed from it.
    pub departures: Vec<Departure>,
    /// Three questions to write on, made from where the paths part.
    pub questions: Vec<String>,
}

/// Gathers what a debriefing takes from a report on a play.
pub fn debriefing(story: &Story, play: &Play, words: &Catalogue) -> Debriefing {
    let (sheet, _) = sheet::sheet(story, play, words);
    let sheet::Sheet { unfinished, counted, departures, questions, .. } = sheet;
    Debriefing { unfinished, counted, departures, questions }
}
