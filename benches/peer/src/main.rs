//! `bladeink` doing what `benches/speed` does: `peer load STORY.ink`, `peer play STORY.ink PLAYS`,
//! `peer verify STORY.ink PLAYS`. Prints one JSON object.

use std::hint::black_box;
use std::process::ExitCode;

use bladeink::story::Story;
use bladeink_compiler::{Compiler, CompilerOptions};
use cpu_time::ProcessTime;

/// The seed of every play that is measured or verified.
const SEED: u32 = 1;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let count = |plays: &str| plays.parse().expect("the number of plays is a number");
    match words[..] {
        ["load", file] => loading(&source(file)),
        ["play", file, plays] => playing(&compiled(&source(file)), count(plays)),
        ["verify", file, plays] => verify(&compiled(&source(file)), count(plays)),
        _ => {
            eprintln!("peer load STORY.ink | play STORY.ink PLAYS | verify STORY.ink PLAYS");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}

fn source(file: &str) -> String {
    std::fs::read_to_string(file).expect("the story can be read")
}

/// Without counts of visits, which the stories don't ask for: as the reference compiler does.
fn compiled(source: &str) -> String {
    let options = CompilerOptions { count_all_visits: false, source_filename: None };
    Compiler::with_options(options).compile(source).expect("the story compiles")
}

fn loading(source: &str) {
    let (mut whole, mut json_alone) = (f64::INFINITY, f64::INFINITY);
    for _ in 0..5 {
        let begun = ProcessTime::now();
        let json = compiled(black_box(source));
        let compiled = ProcessTime::now();
        black_box(Story::new(&json).expect("the story loads"));
        json_alone = json_alone.min(compiled.elapsed().as_secs_f64());
        whole = whole.min(begun.elapsed().as_secs_f64());
    }
    println!(r#"{{"bytes":{},"seconds":{whole},"json":{json_alone}}}"#, source.len());
}

fn playing(json: &str, plays: u32) {
    let mut story = Story::new(json).expect("the story loads");
    let (mut bytes, mut choices) = (0, 0);
    play(&mut story, 0, |text| bytes += text.len());
    let begun = ProcessTime::now();
    for number in 0..plays {
        choices += play(&mut story, number, |text| bytes += text.len());
    }
    let seconds = begun.elapsed().as_secs_f64();
    black_box(bytes);
    println!(r#"{{"choices":{choices},"seconds":{seconds}}}"#);
}

fn verify(json: &str, plays: u32) {
    let mut story = Story::new(json).expect("the story loads");
    let (mut hash, mut characters, mut choices) = (0x811c_9dc5_u32, 0, 0);
    for number in 0..plays {
        choices += play(&mut story, number, |text| {
            for c in text.chars().filter(|c| !c.is_whitespace()) {
                hash = (hash ^ c as u32).wrapping_mul(0x0100_0193);
                characters += 1;
            }
        });
    }
    println!(r#"{{"choices":{choices},"nonspace":{characters},"sig":"{hash:08x}"}}"#);
}

/// Plays the play of this number to its ending; returns how many choices it took.
fn play(story: &mut Story, number: u32, mut take: impl FnMut(&str)) -> u64 {
    let mut random = SEED.wrapping_add(number.wrapping_mul(0x9e37_79b9)).max(1);
    story.reset_state().expect("the story begins again");
    for taken in 0.. {
        while story.can_continue() {
            take(&story.cont().expect("the story goes on"));
        }
        let choices = story.get_current_choices();
        if choices.is_empty() {
            return taken;
        }
        for choice in &choices {
            take(&choice.text);
        }
        random = next(random);
        let index = (random >> 8) as usize % choices.len();
        story.choose_choice_index(index).expect("it was offered");
    }
    unreachable!("the play ends or goes on for ever")
}

/// xorshift32, as the reference player has it.
fn next(mut random: u32) -> u32 {
    random ^= random << 13;
    random ^= random >> 17;
    random ^ (random << 5)
}
