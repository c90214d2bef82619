//! Bytes as a story's files: loaded, judged, played.

#![no_main]

use libfuzzer_sys::fuzz_target;
use petrograd_fuzz::{exercise, unpack};

fuzz_target!(|bytes: &[u8]| {
    let input = unpack(bytes);
    exercise(&input.sources, &input.picks);
});
