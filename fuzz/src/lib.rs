//! What the fuzz targets share: stories from bytes, and everything that can be done to a story.

mod exercise; // all that a program does with a story
mod generate; // stories from entropy
mod pack; // several files in one input

pub use exercise::{exercise, judge, play};
pub use generate::generate;
pub use pack::{Input, unpack};
