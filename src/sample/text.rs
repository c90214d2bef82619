//! A sample for people.

use super::WORDS_A_MINUTE;
use super::sampler::End;
use super::tally::{Spread, Tally, Where};
use crate::catalogue::Catalogue;
use crate::story::Story;
use crate::{tr, trn};

/// How many names of what was never seen are listed.
const MOST_NAMES: usize = 30;

/// Columns below which nothing sensible can be wrapped, and beyond which a line is hard to read.
const WIDTHS: (usize, usize) = (20, 100);

/// Writes a sample that took so many seconds, wrapped to `width` columns.
pub fn text(story: &Story, tally: &Tally, seconds: f64, words: &Catalogue, width: usize) -> String {
    let mut lines = vec![speed(tally, seconds, words), String::new()];
    let endings = tally.endings.iter().map(|(id, count)| (&*story.scenes[id.index()].id, *count));
    counts(&tr!(words, "Endings"), endings, tally.plays, &mut lines);
    let outcomes = tally.outcomes.iter().map(|(id, count)| (story.outcomes[id.index()].id.as_str(), *count));
    counts(&tr!(words, "Outcomes for the city"), outcomes, tally.plays, &mut lines);
    lines.push(tr!(words, "A play, from the shortest to the longest, the middle one between"));
    lines.push(spread(&tr!(words, "choices"), tally.choices_per_play, |number| number.to_string()));
    lines.push(spread(&tr!(words, "words"), tally.words_per_play, |number| number.to_string()));
    let minutes = |number: u32| format!("{:.1}", f64::from(number) / WORDS_A_MINUTE);
    lines.push(spread(&tr!(words, "minutes of reading"), tally.words_per_play, minutes));
    lines.push(spread(&tr!(words, "words on a screen"), tally.words_per_screen, |number| number.to_string()));
    lines.push(String::new());
    lines.push(tr!(
        words,
        "{share} of the decisions write something that the play asks for later, {long} two months later or more.",
        share = percent(tally.remembered, tally.decisions),
        long = percent(tally.long_remembered, tally.decisions)
    ));
    lines.push(tr!(
        words,
        "{share} of the record was kept on average.",
        share = format!("{:.1} %", tally.fidelity * 100.0)
    ));
    lines.push(String::new());
    coverage(tally, words, &mut lines);
    unended(tally, words, &mut lines);
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    all_wrapped(&lines, width)
}

/// Writes where the words of a sample were read, most of them first, wrapped to `width` columns.
pub fn places(story: &Story, tally: &Tally, words: &Catalogue, width: usize) -> String {
    let heads = [tr!(words, "Where the words go"), tr!(words, "plays, words a play, words on the longest screen")];
    let mut lines = vec![String::new(), heads.join(": ")];
    for (place, shown) in &tally.places {
        let name = match place {
            Where::Scene(scene) => story.scenes[scene.index()].id.to_string(),
            Where::Hinge(hinge) => story.hinges[hinge.index()].id.to_string(),
            Where::News => tr!(words, "(the news)"),
            Where::Outcomes => tr!(words, "(what became of the city)"),
        };
        let mean = shown.words as f64 / tally.plays.max(1) as f64;
        lines.push(format!("{:>9}  {mean:>7.0}  {:>7}  {name}", percent(shown.plays, tally.plays), shown.longest));
    }
    all_wrapped(&lines, width)
}

fn all_wrapped(lines: &[String], width: usize) -> String {
    let width = width.clamp(WIDTHS.0, WIDTHS.1);
    lines.iter().map(|line| wrapped(line, width) + "\n").collect()
}

/// A line broken where it is too long; what stands behind columns goes on below itself.
fn wrapped(line: &str, width: usize) -> String {
    let columns = line.rfind("  ").map_or(0, |at| at + 2).min(width / 2 + 10);
    textwrap::fill(line, textwrap::Options::new(width).subsequent_indent(&" ".repeat(columns)))
}

fn speed(tally: &Tally, seconds: f64, words: &Catalogue) -> String {
    let plays = trn!(words, "{n} random play", "{n} random plays", tally.plays);
    let choices = trn!(words, "{n} choice", "{n} choices", tally.choices);
    let rate = if seconds > 0.0 { tally.plays as f64 / seconds } else { 0.0 };
    tr!(
        words,
        "{plays}, {choices}, {seconds} s: {rate} plays a second.",
        plays = plays,
        choices = choices,
        seconds = format!("{seconds:.2}"),
        rate = format!("{rate:.0}")
    )
}

fn counts<'a>(title: &str, all: impl Iterator<Item = (&'a str, u64)>, plays: u64, lines: &mut Vec<String>) {
    lines.push(title.to_owned());
    for (id, count) in all {
        lines.push(format!("{:>9}  {:>7}  {id}", count, percent(count, plays)));
    }
    lines.push(String::new());
}

fn spread(name: &str, spread: Spread, write: impl Fn(u32) -> String) -> String {
    let Spread { least, median, greatest } = spread;
    format!("{:>9}  {:>7}  {:>7}  {name}", write(least), write(median), write(greatest))
}

fn percent(count: u64, all: u64) -> String {
    format!("{:.1} %", 100.0 * count as f64 / all.max(1) as f64)
}

fn coverage(tally: &Tally, words: &Catalogue, lines: &mut Vec<String>) {
    let coverage = &tally.coverage;
    lines.push(tr!(
        words,
        "Seen: {scenes} of the scenes, {choices} of the choices.",
        scenes = format!("{:.1} %", 100.0 * coverage.of_scenes()),
        choices = format!("{:.1} %", 100.0 * coverage.of_choices())
    ));
    if tally.digest {
        // The short course leaves out most of a story; to list what would help nobody.
        return;
    }
    names(&tr!(words, "Scenes that no play came to"), &coverage.unseen_scenes, words, lines);
    names(&tr!(words, "Choices that no play took"), &coverage.unseen_choices, words, lines);
}

fn names(title: &str, names: &[String], words: &Catalogue, lines: &mut Vec<String>) {
    if names.is_empty() {
        return;
    }
    lines.push(String::new());
    lines.push(title.to_owned());
    lines.extend(names.iter().take(MOST_NAMES).map(|name| format!("  {name}")));
    if let Some(more) = names.len().checked_sub(MOST_NAMES).filter(|more| *more > 0) {
        lines.push(format!("  {}", trn!(words, "and {n} more", "and {n} more", more)));
    }
}

fn unended(tally: &Tally, words: &Catalogue, lines: &mut Vec<String>) {
    let Some(first) = &tally.first_unended else { return };
    lines.push(String::new());
    lines.push(trn!(words, "{n} play came to no end.", "{n} plays came to no end.", tally.unended));
    let (what, trace) = match first {
        End::Endless(trace) => (tr!(words, "The first went on for ever; it began so:"), trace),
        End::Stuck(trace) => (tr!(words, "The first was stuck; it began so:"), trace),
        End::Over(_) => return,
    };
    lines.push(what);
    lines.extend(trace.iter().map(|name| format!("  {name}")));
}
