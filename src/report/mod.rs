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

/// The three questions to write on that a report on a play closes with.
pub fn questions(
    story: &crate::story::Story,
    play: &crate::engine::Play,
    words: &crate::catalogue::Catalogue,
) -> Vec<String> {
    sheet::sheet(story, play, words).0.questions
}
