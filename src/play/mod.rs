//! The terminal: what a play looks like at a prompt, what can be typed, and the same for other
//! programs as JSON.

mod city; // barometers and record
mod codex; // who, what
mod command; // the words that can be typed
pub mod console; // where lines come from
pub mod editor; // a terminal with line editing
pub mod json; // for other programs
pub mod keyboard; // a terminal without line editing; signals
mod line; // what a line means
pub mod look; // the window, and what may be drawn in it
mod map; // the places
mod mark; // how a choice stood to the record
mod obey; // what the commands do
mod page; // header, news, choices
mod pager; // what fits on a window
mod prose; // Markdown, wrapped
pub mod run_script; // played and shown
pub mod script; // a file of choices
pub mod session; // lines in, text out
mod shown; // what a session shows
pub mod sitting; // a play, and where it is kept
pub mod start; // what is asked before
pub mod transcript; // a play as Markdown
pub mod until; // a play that begins further on

pub use self::obey::loaded_note;
