//! Stories that are nearly always sound: what lies behind the checks is reached.

#![no_main]

use arbitrary::Unstructured;
use libfuzzer_sys::fuzz_target;
use petrograd::story::Sources;
use petrograd_fuzz::{exercise, generate};

fuzz_target!(|bytes: &[u8]| {
    let mut entropy = Unstructured::new(bytes);
    let text = generate(&mut entropy);
    if std::env::var_os("SHOW_STORY").is_some() {
        println!("{text}");
    }
    exercise(&Sources::single("story.toml", &text), entropy.take_rest());
});
