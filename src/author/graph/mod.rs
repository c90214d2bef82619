//! A story as a picture: scenes by month and role, hinges across, endings, and what proving or
//! playing at random found of each.

mod boxes; // a box for each place
mod chart; // from a story to places and ways between them
mod columns; // what lies left and right
mod data; // what the page knows of each place
mod dates; // when each place is come to
mod dot; // for Graphviz
mod drawing; // all that a picture is drawn from
mod findings; // what was found, place by place
mod headings; // months, lanes, and what they hold
mod html; // one page to walk about in
mod layout; // where each place is drawn
mod mermaid; // for Markdown
mod place; // rows, with few crossings
mod svg; // the picture
mod told; // what the files say of a place
mod walks; // random plays, counted by where they came through

pub use self::boxes::percent_text;
pub use self::chart::{Chart, Edge, Kind, Node, Way, chart};
pub use self::dot::dot;
pub use self::drawing::{Asked, Drawing};
pub use self::findings::{Finding, Findings, Reach, Target, Witness, findings};
pub use self::html::html;
pub use self::layout::{Layout, layout};
pub use self::mermaid::mermaid;
pub use self::svg::svg;
pub use self::told::{Said, Told, told};
pub use self::walks::{Walks, walks};
