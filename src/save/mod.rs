//! Plays on disk.
