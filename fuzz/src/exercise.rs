//! All that a program does with a story: judging it, playing it, looking back, holding it against
//! the record. Panics where something does not hold that should hold of every story.

use std::path::Path;

use petrograd::calendar::Day;
use petrograd::catalogue::Catalogue;
use petrograd::diagnostic::render::{human, json, sarif};
use petrograd::engine::{
    Input, Play, Setup, Status, advance, branches, is_offered, next_role, offers, options, start, step, view,
};
use petrograd::record;
use petrograd::report;
use petrograd::sample;
use petrograd::story::model::{EventId, RoleId};
use petrograd::story::{Sources, Story, load, messages};

/// The most inputs of a play.
const MOST_INPUTS: usize = 60;

/// Looks at all ways a step can fall only where they can't be more than this.
const MOST_LOTS: usize = 6;

/// Loads, writes out what was found in every form, and plays.
pub fn exercise(sources: &Sources, picks: &[u8]) {
    let has_translation = sources.files.iter().any(|file| file.name.ends_with(".po"));
    for language in [None, has_translation.then_some("es")].into_iter().take(1 + usize::from(has_translation)) {
        if let Some(story) = judge(sources, language) {
            play(&story, picks);
        }
    }
}

/// Loads a story and writes out what was found in every form.
pub fn judge(sources: &Sources, language: Option<&str>) -> Option<Story> {
    let loaded = load(sources, language);
    for (language, width, color) in [("en", 100, false), ("es", 40, true)] {
        let words = Catalogue::of(language);
        human(sources, &loaded.diagnostics, &words, width, color);
        json(sources, &loaded.diagnostics, &words);
        sarif(sources, &loaded.diagnostics, &words, Path::new("/story"));
    }
    if loaded.story.is_none() {
        assert!(!loaded.diagnostics.is_empty(), "a story that does not load without a word about it");
    }
    if language.is_none() {
        messages(sources);
    }
    loaded.story
}

/// Plays a story as the picks say: alone, and all roles together.
pub fn play(story: &Story, picks: &[u8]) {
    let playable: Vec<RoleId> = story.playable().collect();
    let (&choice, picks) = picks.split_first().unwrap_or((&0, &[]));
    let roles = match playable.len() {
        0 => Vec::new(),
        len if usize::from(choice) % (len + 1) == len => playable,
        len => vec![playable[usize::from(choice) % (len + 1) % len]],
    };
    let setup = Setup { roles, seed: u64::from(choice), digest: choice & 0x80 != 0 };
    let play = wander(story, setup, picks);
    // A sampled play without an end takes 10,000 inputs: there are quicker ways to spend the time.
    if play.state().is_over(story) {
        let roles: Vec<_> = story.playable().collect();
        let one = sample::sample(story, sample::Plan { roles: &roles, seed: 7, plays: 1, digest: false, together: choice & 1 != 0 });
        sample::text(story, &one, 1.0, &Catalogue::default(), 40);
    }
    look_back(story, play);
}

fn wander(story: &Story, setup: Setup, picks: &[u8]) -> Play {
    let mut play = Play::begin(story, setup.clone());
    assert_eq!(*play.state(), start(story, &setup), "a play begins as its state does");
    let mut offered = Vec::new();
    for turn in 0..MOST_INPUTS {
        let before = play.state().clone();
        show(story, &play);
        assert_eq!(*play.state(), before, "prose changed a state");
        let Some(role) = next_role(story, play.state(), &mut offered) else { break };
        let open: Vec<_> = offered.iter().filter(|offer| offer.open).map(|offer| offer.pick).collect();
        // Beyond the picks something is chosen that does not always go the same way.
        let pick = picks.get(turn).map_or(turn * 7 + 3, |pick| usize::from(*pick));
        let input = Input { role, pick: open[pick % open.len()] };
        falls_as_branches_say(story, &play, input, turn);
        play.take(story, input).expect("an input that was offered and open");
        assert!(play.state().day(story) >= before.day(story), "the calendar went back");
        happened_stays(story, &before, play.state());
    }
    play
}

/// Everything that a player could look at.
fn show(story: &Story, play: &Play) {
    for role in (0..story.roles.len() as u32).map(RoleId) {
        let view = play.view(story, role);
        assert_eq!(view.options.len(), offers(story, play.state(), role).len(), "an option for each offer");
        options(story, play.state(), role);
        play.said(role);
        for news in play.news(role) {
            assert!(!news.text.plain.contains('\u{c}'), "a screen's end in plain text");
        }
        for (variable, value) in view.barometers {
            story.variables[variable.index()].word(value);
        }
        play.arrived(role);
    }
}

fn falls_as_branches_say(story: &Story, play: &Play, input: Input, turn: usize) {
    is_offered(story, play.state(), input).expect("it is offered");
    let next = step(story, play.state(), input).expect("an input that was offered and open");
    let mut again = play.state().clone();
    advance(story, &mut again, input, &mut petrograd::engine::Seeded, &mut ()).expect("as before");
    assert_eq!(next, again, "the same arguments, another answer");
    if turn < MOST_LOTS && next.draws - play.state().draws <= 3 {
        let ways = branches(story, play.state(), input).expect("an input that was offered and open");
        if ways.len() > 500 {
            return;
        }
        assert!(ways.iter().any(|way| way.state.words() == next.words()), "a step that is none of its branches");
        let sum: f64 = ways.iter().map(|way| way.weight.0 as f64 / way.weight.1 as f64).sum();
        assert!((sum - 1.0).abs() < 1e-6, "the weights of {} branches sum to {sum}", ways.len());
    }
}

fn happened_stays(story: &Story, before: &petrograd::engine::State, after: &petrograd::engine::State) {
    for event in (0..story.events.len() as u32).map(EventId) {
        match before.status(story, event) {
            Status::Pending => {}
            settled => assert_eq!(settled, after.status(story, event), "what is settled about an event changed"),
        }
    }
}

/// Takes the play back and forth, and holds it against the record.
fn look_back(story: &Story, mut play: Play) {
    let end = play.state().clone();
    let log = play.log().to_vec();
    // What would have been otherwise is tried out, so the time grows with the square of the play.
    if log.len() <= 12 && story.events.len() <= 40 {
        let compared = record::compare(story, &play);
        assert!((0.0..=1.0).contains(&compared.fidelity), "a fidelity of {}", compared.fidelity);
        match log.len() % 3 {
            0 => drop(report::text(story, &play, &Catalogue::default(), 60)),
            1 => drop(report::html(story, &play, &Catalogue::default())),
            _ => drop(report::json(story, &play)),
        }
    }
    let undone = play.undo(story, log.len() / 2);
    assert_eq!(undone, log.len() / 2);
    for entry in &log[log.len() - undone..] {
        play.take_falling(story, entry.input, &entry.fell).expect("it was taken before");
    }
    assert_eq!(*play.state(), end, "undone and done again, the play is another");
    assert_eq!(play.log(), log);
    play.undo(story, usize::MAX);
    assert_eq!(*play.state(), start(story, play.setup()), "all undone, the play is not at its beginning");
    let _: Day = play.state().day(story);
    for role in story.playable() {
        view(story, &end, role);
    }
}
