//! A sample for programs, as `DESIGN.md` promises it.

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::WORDS_A_MINUTE;
use super::tally::{Spread, Tally};
use crate::story::Story;

/// The JSON of a sample.
#[derive(Debug, serde::Serialize)]
pub struct Json {
    format: u32,
    plays: u64,
    choices: u64,
    seconds: f64,
    choices_per_second: f64,
    plays_per_second: f64,
    endings: Counts,
    outcomes: Counts,
    coverage: Coverage,
    per_play: PerPlay,
    fidelity: Fidelity,
}

/// Numbers by id, in the order of declaration.
#[derive(Debug)]
struct Counts(Vec<(String, u64)>);

impl Serialize for Counts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (id, count) in &self.0 {
            map.serialize_entry(id, count)?;
        }
        map.end()
    }
}

#[derive(Debug, serde::Serialize)]
struct Coverage {
    scenes: f64,
    choices: f64,
    never_seen: NeverSeen,
}

#[derive(Debug, serde::Serialize)]
struct NeverSeen {
    scenes: Vec<String>,
    choices: Vec<String>,
}

#[derive(Debug, serde::Serialize)]
struct PerPlay {
    choices: Whole,
    words: Whole,
    minutes: Minutes,
}

#[derive(Debug, serde::Serialize)]
struct Whole {
    least: u32,
    median: u32,
    greatest: u32,
}

#[derive(Debug, serde::Serialize)]
struct Minutes {
    least: f64,
    median: f64,
    greatest: f64,
}

#[derive(Debug, serde::Serialize)]
struct Fidelity {
    mean: f64,
}

/// Returns the JSON of a sample that took so many seconds.
pub fn json(story: &Story, tally: &Tally, seconds: f64) -> Json {
    let outcomes = tally.outcomes.iter().map(|(id, count)| (story.outcomes[id.index()].id.clone(), *count));
    let endings = tally.endings.iter().map(|(id, count)| (story.scenes[id.index()].id.to_string(), *count));
    let per_second = |count: u64| if seconds > 0.0 { count as f64 / seconds } else { 0.0 };
    let coverage = &tally.coverage;
    Json {
        format: 1,
        plays: tally.plays,
        choices: tally.choices,
        seconds,
        choices_per_second: per_second(tally.choices),
        plays_per_second: per_second(tally.plays),
        endings: Counts(endings.collect()),
        outcomes: Counts(outcomes.collect()),
        coverage: Coverage {
            scenes: coverage.of_scenes(),
            choices: coverage.of_choices(),
            never_seen: NeverSeen { scenes: coverage.unseen_scenes.clone(), choices: coverage.unseen_choices.clone() },
        },
        per_play: PerPlay {
            choices: whole(tally.choices_per_play),
            words: whole(tally.words_per_play),
            minutes: minutes(tally.words_per_play),
        },
        fidelity: Fidelity { mean: tally.fidelity },
    }
}

fn whole(Spread { least, median, greatest }: Spread) -> Whole {
    Whole { least, median, greatest }
}

fn minutes(Spread { least, median, greatest }: Spread) -> Minutes {
    let of = |words| f64::from(words) / WORDS_A_MINUTE;
    Minutes { least: of(least), median: of(median), greatest: of(greatest) }
}
