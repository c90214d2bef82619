//! From a play to the lines of a save, and from those back to a play.

use crate::catalogue::Catalogue;
use crate::engine::{Cursor, Entry, Fall, Falling, Input, Place, Play, Setup, State, Taken, advance, offers, start};
use crate::story::model::{RoleId, Story, Target};
use crate::tr;

use super::format::{Line, Saved};

/// Where a play and a story that has changed since part: the step that could not be taken again.
/// The play stands before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parting {
    /// Which step, from 1.
    pub step: usize,
    /// How many were saved.
    pub steps: usize,
    /// What was chosen, as traces name it.
    pub choice: String,
    /// Why it can't be taken.
    pub reason: Reason,
}

/// Why a saved step can't be taken again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The play doesn't stand where the step was taken, by id.
    Elsewhere(String),
    /// Nothing of the name is offered there.
    NotOffered,
    /// It is offered, but closed.
    Closed,
    /// It no longer leads where it led, by id.
    Leads(String),
    /// It comes to another state, although the story is the same: the program has changed.
    Differs,
}

impl Parting {
    /// Says it in the language of a catalogue.
    pub fn describe(&self, words: &Catalogue) -> String {
        let Parting { step, steps, choice, reason } = self;
        match reason {
            Reason::Elsewhere(at) => tr!(
                words,
                "The story has changed since this was saved. Choice {step} of {steps} ({choice}) was made at {place}, where the play no longer comes; it stands before that choice.",
                step = step,
                steps = steps,
                choice = choice,
                place = at
            ),
            Reason::NotOffered => tr!(
                words,
                "The story has changed since this was saved. Choice {step} of {steps} ({choice}) is no longer offered; the play stands before it.",
                step = step,
                steps = steps,
                choice = choice
            ),
            Reason::Closed => tr!(
                words,
                "The story has changed since this was saved. Choice {step} of {steps} ({choice}) is closed now; the play stands before it.",
                step = step,
                steps = steps,
                choice = choice
            ),
            Reason::Leads(to) => tr!(
                words,
                "The story has changed since this was saved. Choice {step} of {steps} ({choice}) no longer leads to {place}; the play stands before it.",
                step = step,
                steps = steps,
                choice = choice,
                place = to
            ),
            Reason::Differs => tr!(
                words,
                "Choice {step} of {steps} ({choice}) no longer comes out as it did with the program that saved this; the play stands before it.",
                step = step,
                steps = steps,
                choice = choice
            ),
        }
    }
}

/// The log of a play as lines.
pub(super) fn lines(story: &Story, play: &Play) -> Vec<Line> {
    // The places are not in the log, so the states are gone through once more, without the prose.
    let mut state = start(story, play.setup());
    let several = play.setup().roles.len() > 1;
    let line = |entry: &Entry| {
        // It was taken before from the same state, and a step is a function of its arguments.
        let _ = advance(story, &mut state, entry.input, &mut Falling::to(&entry.fell), &mut ());
        let role = if several { story.roles[entry.input.role.index()].id.clone() } else { String::new() };
        let names = |places: &[Target]| places.iter().map(|&place| target_name(story, place)).collect();
        Line {
            role,
            at: entry.at.clone(),
            choice: Play::input_name(story, &entry.at, entry.input),
            told: entry.fell.iter().map(|fall| fall.write(&target_name(story, fall.to))).collect(),
            fell: names(&entry.led),
            to: places(story, &state),
            state: checksum(entry),
        }
    };
    play.log().iter().map(line).collect()
}

/// Takes the steps of a save again, as far as they hold. `Err` names a role that the story doesn't
/// have.
pub(super) fn replay(story: &Story, saved: &Saved) -> Result<(Play, Option<Parting>), String> {
    let nameless = [String::new()];
    let names = if saved.roles.is_empty() { &nameless[..] } else { &saved.roles };
    let mut roles = Vec::new();
    for name in names {
        let role = story.role_named(name).filter(|role| story.roles[role.index()].start.is_some());
        roles.push(role.ok_or_else(|| name.clone())?);
    }
    let setup = Setup { roles, seed: saved.seed.parse().unwrap_or(0), digest: saved.digest };
    let mut play = Play::begin(story, setup);
    let is_same = saved.logic == story.logic;
    for (index, line) in saved.log.iter().enumerate() {
        if let Err(reason) = take(story, &mut play, line, is_same) {
            let parting = Parting { step: index + 1, steps: saved.log.len(), choice: line.choice.clone(), reason };
            return Ok((play, Some(parting)));
        }
    }
    Ok((play, None))
}

fn take(story: &Story, play: &mut Play, line: &Line, is_same: bool) -> Result<(), Reason> {
    let role = match line.role.as_str() {
        "" => play.setup().roles.first().copied(),
        name => story.role_named(name).filter(|role| play.setup().roles.contains(role)),
    };
    let role = role.ok_or(Reason::NotOffered)?;
    if stands_at(story, play.state(), role) != line.at {
        return Err(Reason::Elsewhere(line.at.clone()));
    }
    let mut named = offers(story, play.state(), role);
    named.retain(|offer| Play::input_name(story, &line.at, Input { role, pick: offer.pick }) == line.choice);
    if named.is_empty() {
        return Err(Reason::NotOffered);
    }
    named.retain(|offer| offer.open);
    if named.is_empty() {
        return Err(Reason::Closed);
    }
    // A choice and a storylet may have the same name; what follows tells them apart.
    let holds = |input| if is_same { again(story, play, input, line) } else { alike(story, play, input, line) };
    match named.iter().map(|offer| Input { role, pick: offer.pick }).any(holds) {
        true => Ok(()),
        false if is_same => Err(Reason::Differs),
        false => Err(Reason::Leads(line.to.clone())),
    }
}

/// Takes a step of the same story: the very state must follow.
fn again(story: &Story, play: &mut Play, input: Input, line: &Line) -> bool {
    let told = targets(story, &line.told);
    let taken = play.take_if(story, input, &told, |entry, _| checksum(entry) == line.state);
    taken == Ok(Taken::Yes)
}

/// Takes a step of a story that has changed: values may differ, but chance falls as it fell, where
/// it still can, and everybody must come to the same place.
fn alike(story: &Story, play: &mut Play, input: Input, line: &Line) -> bool {
    let mut falls = targets(story, &line.fell);
    let led = |entry: &Entry| entry.led.iter().copied().map(Fall::from).eq(falls.iter().copied());
    let by_seed = play.take_if(story, input, &[], |entry, state| led(entry) && places(story, state) == line.to);
    if by_seed == Ok(Taken::Yes) {
        return true;
    }
    loop {
        match play.take_if(story, input, &falls, |_, state| places(story, state) == line.to) {
            Ok(Taken::Unmet(unmet)) => match falls.iter().position(|fall| *fall == unmet) {
                // What can't be met may not have mattered, such as a storylet that was not taken.
                Some(index) => drop(falls.remove(index)),
                None => return false,
            },
            taken => return taken == Ok(Taken::Yes),
        }
    }
}

fn checksum(entry: &Entry) -> String {
    format!("{:016x}", entry.checksum)
}

/// Where everybody who is played stands, in the order of the roles.
fn places(story: &Story, state: &State) -> String {
    state.played(story).map(|role| stands_at(story, state, role)).collect::<Vec<_>>().join(", ")
}

fn stands_at<'a>(story: &'a Story, state: &State, role: RoleId) -> &'a str {
    let place = match state.cursor(story, role) {
        Cursor::Absent => return "",
        Cursor::Scene(scene) | Cursor::Asked(scene, _) | Cursor::Ending(scene) => Place::Scene(scene),
        Cursor::Hinge(hinge, _) => Place::Hinge(hinge),
        Cursor::Going(place) => place,
    };
    match place {
        Place::Scene(scene) => &story.scenes[scene.index()].id,
        Place::Hinge(hinge) => &story.hinges[hinge.index()].id,
    }
}

fn target_name(story: &Story, target: Target) -> String {
    match target {
        Target::Scene(scene) => story.scenes[scene.index()].id.to_string(),
        Target::Hinge(hinge) => format!("hinge:{}", story.hinges[hinge.index()].id),
        Target::Return => "@return".to_owned(),
    }
}

/// The places that these names mean in a story, those that it has.
fn targets(story: &Story, names: &[String]) -> Vec<Fall> {
    let target = |name: &str| match (name, name.strip_prefix("hinge:")) {
        ("@return", _) => Some(Target::Return),
        (_, Some(hinge)) => story.hinge_named(hinge).map(Target::Hinge),
        (scene, None) => story.scene_named(scene).map(Target::Scene),
    };
    names.iter().filter_map(|name| Fall::read(name, target)).collect()
}
