//! What loading and playing cost, one measurement a run: `speed load FOLDER`, `speed play FOLDER
//! PLAYS`, `speed verify FOLDER PLAYS`, `speed state`. Prints one JSON object.
//!
//! `benches/run` runs this beside the peer's driver and makes the table.

use std::hint::black_box;
use std::process::ExitCode;

use cpu_time::ProcessTime;
use petrograd::engine::{Seeded, Setup, State, advance, next_role, start};
use petrograd::story::model::{RoleId, Story};
use petrograd::story::{Sources, load};
use serde_json::{Value, json};

mod heap;
mod plays;

#[global_allocator]
static HEAP: heap::Counting = heap::Counting;

/// The seed of every play that is measured or verified.
const SEED: u32 = 1;

fn main() -> ExitCode {
    // `cargo bench` adds `--bench`.
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let count = |plays: &str| plays.parse().expect("the number of plays is a number");
    let result = match words[..] {
        ["load", folder] => loading(&sources(folder)),
        ["play", folder, plays] => playing(&loaded(&sources(folder)), count(plays)),
        ["verify", folder, plays] => verify(&loaded(&sources(folder)), count(plays)),
        ["state"] => state(&loaded(&Sources::built_in())),
        _ => {
            eprintln!("speed load FOLDER | play FOLDER PLAYS | verify FOLDER PLAYS | state");
            return ExitCode::from(2);
        }
    };
    println!("{result}");
    ExitCode::SUCCESS
}

fn sources(folder: &str) -> Sources {
    let (sources, unread) = Sources::read(folder.as_ref());
    assert!(unread.is_empty(), "{unread:?}");
    sources
}

fn loaded(sources: &Sources) -> Story {
    load(sources, None).story.expect("the story has no mistakes")
}

/// Loading with every check, and TOML alone reading the same files into tables; one after the
/// other, so that both meet the same machine.
fn loading(sources: &Sources) -> Value {
    let bytes: usize = sources.files.iter().map(|file| file.text.len()).sum();
    let (mut toml, mut ours) = (f64::INFINITY, f64::INFINITY);
    for _ in 0..5 {
        let begun = ProcessTime::now();
        for file in &sources.files {
            black_box(toml::from_str::<toml::Table>(&file.text).expect("it is TOML"));
        }
        toml = toml.min(begun.elapsed().as_secs_f64());
        let begun = ProcessTime::now();
        black_box(load(black_box(sources), None));
        ours = ours.min(begun.elapsed().as_secs_f64());
    }
    let before = heap::live();
    let story = loaded(sources);
    let live = heap::live() - before;
    drop(black_box(story));
    json!({ "bytes": bytes, "toml": toml, "seconds": ours, "live": live })
}

/// Plays to an ending, everything rendered.
fn playing(story: &Story, plays: u32) -> Value {
    let mut player = plays::Player::new(story, plays::Length::default());
    // Once beforehand, so that buffers have grown and the story is in reach.
    player.play(SEED, 0);
    let (allocations, begun, choices) = (heap::allocations(), ProcessTime::now(), player.choices);
    for number in 0..plays {
        player.play(SEED, number);
    }
    let seconds = begun.elapsed().as_secs_f64();
    let choices = player.choices - choices;
    black_box(player.taken.bytes);
    json!({ "choices": choices, "seconds": seconds, "allocations": heap::allocations() - allocations })
}

/// The same plays, told so that other players' plays can be held against them.
fn verify(story: &Story, plays: u32) -> Value {
    let mut player = plays::Player::new(story, plays::Signature::default());
    for number in 0..plays {
        player.play(SEED, number);
    }
    let plays::Signature { hash, characters } = player.taken;
    json!({ "choices": player.choices, "nonspace": characters, "sig": format!("{hash:08x}") })
}

/// The size of a state of the bundled story, and what a step of the core allocates.
fn state(story: &Story) -> Value {
    let setup = Setup { roles: story.playable().take(1).collect::<Vec<RoleId>>(), seed: SEED.into(), digest: false };
    let mut state = start(story, &setup);
    let mut offers = Vec::with_capacity(64);
    let (mut steps, before) = (0, heap::allocations());
    while let Some(role) = next_role(story, &state, &mut offers) {
        let pick = offers.iter().find(|offer| offer.open).expect("something is open").pick;
        let input = petrograd::engine::Input { role, pick };
        advance(story, &mut state, input, &mut Seeded, &mut ()).expect("it was offered");
        steps += 1;
        if steps == 1000 {
            break;
        }
    }
    let allocations = heap::allocations() - before;
    let bytes = size_of::<State>() + if state.words().len() > 58 { state.words().len() * 8 } else { 0 };
    json!({
        "bytes": bytes, "used": state.words().len() * 8 + 12, "variables": story.variables.len(),
        "events": story.events.len(), "steps": steps, "allocations": allocations,
    })
}
