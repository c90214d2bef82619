//! Bytes as a translation's PO file, alone and of a story.

#![no_main]

use std::borrow::Cow;

use libfuzzer_sys::fuzz_target;
use petrograd::catalogue::po;
use petrograd::story::{Source, Sources};
use petrograd_fuzz::{judge, play};

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let file = po::parse(&text);
    for message in &file.messages {
        for span in [&message.id_span, &message.text_span] {
            assert!(span.start <= span.end && span.end <= text.len(), "{span:?} of {}", text.len());
            for at in 0..4 {
                po::locate(&text, span.clone(), at);
            }
        }
    }
    let story = include_str!("../../docs/examples/bakery.toml");
    let source = |name: &str, text: String| Source { name: name.to_owned(), text: Cow::Owned(text) };
    let sources = Sources { files: vec![source("bakery.toml", story.to_owned()), source("lang/es.po", text)] };
    if let Some(story) = judge(&sources, Some("es")) {
        play(&story, bytes);
    }
});
