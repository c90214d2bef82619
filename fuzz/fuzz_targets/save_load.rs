//! Bytes as a save, with and without the checksum that makes it one; and what a play leaves in a
//! folder is what it was.

#![no_main]

use std::fs;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use petrograd::engine::{Input, Play, Setup};
use petrograd::save::SaveFolder;
use petrograd::story::{Sources, Story, load};

static STORIES: LazyLock<Vec<Story>> = LazyLock::new(|| {
    let sources = [Sources::single("bakery.toml", include_str!("../../docs/examples/bakery.toml"))];
    let lighthouse = Sources::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/examples/lighthouse").as_ref()).0;
    sources.into_iter().chain([lighthouse]).filter_map(|sources| load(&sources, None).story).collect()
});

fn with_checksum(body: &[u8]) -> Vec<u8> {
    let fold = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    let sum = body.iter().fold(0xcbf2_9ce4_8422_2325, fold);
    [format!("checksum = \"{sum:016x}\"\n").as_bytes(), body].concat()
}

fuzz_target!(|bytes: &[u8]| {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let saves = SaveFolder::at(folder.path());
    for content in [bytes.to_vec(), with_checksum(bytes)] {
        for story in STORIES.iter() {
            fs::write(folder.path().join("a.toml"), &content).expect("a file in a temporary folder");
            saves.list();
            if let Ok(loaded) = saves.load(story, "a") {
                saves.write(story, &loaded.play, "b", "b").expect("a play that was loaded");
                let again = saves.load(story, "b").expect("a save that was just written");
                assert_eq!(again.play.state(), loaded.play.state(), "saved and loaded, the play is another");
            }
        }
    }
    let story = &STORIES[usize::from(bytes.first().copied().unwrap_or(0)) % STORIES.len()];
    let roles = story.playable().take(1 + usize::from(bytes.len() % 3)).collect();
    let mut play = Play::begin(story, Setup { roles, seed: bytes.len() as u64, digest: false });
    for byte in bytes.iter().take(30) {
        let Some(role) = play.next_role(story) else { break };
        let options = play.view(story, role).options;
        let open: Vec<_> = options.iter().filter(|option| option.open).collect();
        let pick = open[usize::from(*byte) % open.len()].pick;
        play.take(story, Input { role, pick }).expect("an input that was offered and open");
    }
    saves.autosave(story, &play, "an autosave").expect("a save in a temporary folder");
    let loaded = saves.load(story, "auto").expect("a save that was just written");
    assert!(loaded.parted.is_none(), "the story did not change");
    assert_eq!(loaded.play.state(), play.state(), "saved and loaded, the play is another");
    assert_eq!(loaded.play.log(), play.log());
});
