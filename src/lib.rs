//! Interactive fiction that is held against history: the engine of *Petrograd 1917*.
//!
//! A story is plain text files. Load it ([`story`]), play it ([`engine`]), compare the play with
//! the record ([`record`]).

pub mod author;
pub mod calendar;
pub mod catalogue;
#[doc(hidden)]
pub mod commands;
pub mod diagnostic;
pub mod engine;
#[cfg(feature = "host")]
pub mod host;
pub mod lang;
pub mod play;
pub mod prove;
pub mod record;
pub mod report;
pub mod sample;
pub mod save;
pub mod story;

/// The README's examples are run with the documentation's.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct Readme;
