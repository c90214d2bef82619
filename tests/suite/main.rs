//! The one integration test binary: a module for each part of the program.

mod catalogue;
mod engine;
mod generate;
mod house;
mod record;
mod rules;
mod save;
