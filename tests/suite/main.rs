//! The one integration test binary: a module for each part of the program.

mod alloc;
mod author;
mod bars;
mod catalogue;
mod check;
#[cfg(feature = "host")]
mod classroom;
mod diagnostics;
mod diff;
mod engine;
mod found;
mod generate;
mod graph;
mod guide;
mod hostile;
mod hostile_files;
mod house;
mod languages;
mod pages;
mod play;
mod play_terminal;
mod prove;
mod prove_plain;
mod readme;
mod record;
mod report;
mod rules;
mod sample;
mod save;
mod save_kill;
mod until;
