//! One random play after the other, in buffers that are used again: nothing is allocated for a
//! choice once they have grown.

use rand::{Rng, SeedableRng};
use rand_pcg::Pcg32;

use crate::calendar::Day;
use crate::engine::{
    Cursor, Input, Observe, Offer, Pick, Seeded, Setup, State, advance, next_role, outcome, place_name, plain_into,
    start_with,
};
use crate::lang::{Change, Node, ProseId};
use crate::record;
use crate::story::Story;
use crate::story::model::{ChoiceId, EventId, HingeId, OutcomeId, RoleId, SceneId};

/// A play with more inputs than this is held to have no end.
const MOST_INPUTS: u32 = 10_000;

/// How many inputs are told of a play without an end.
const TRACE: usize = 12;

/// How a random play came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// The role reached an ending.
    Over(Option<OutcomeId>),
    /// The story left nothing to do: the first inputs, by name.
    Stuck(Vec<String>),
    /// It was broken off after 10,000 inputs: the first of them, by name.
    Endless(Vec<String>),
}

/// One random play.
#[derive(Clone, Debug, PartialEq)]
pub struct Played {
    /// How it came out.
    pub end: End,
    /// The role's ending.
    pub ending: Option<SceneId>,
    /// Choices taken; reading on is none.
    pub choices: u32,
    /// Words shown, labels of choices among them.
    pub words: u32,
    /// Choices taken where there was another.
    pub decisions: u32,
    /// Of these, those that wrote something that some part of the story asks for.
    pub remembered: u32,
    /// The share of the record that was kept, 0 to 1.
    pub fidelity: f64,
}

/// Plays at random, each open choice with equal chance, and reads everything.
pub struct Sampler<'a> {
    story: &'a Story,
    seed: u64,
    setup: Setup,
    offers: Vec<Offer>,
    trace: Vec<(&'a str, Input)>,
    reader: Reader,
    is_remembered: Vec<bool>,
    taken: Vec<bool>,
}

impl<'a> Sampler<'a> {
    /// A sampler whose plays follow from `seed`.
    pub fn new(story: &'a Story, seed: u64) -> Sampler<'a> {
        Sampler {
            story,
            seed,
            setup: Setup { roles: Vec::with_capacity(1), seed: 0, digest: false },
            offers: Vec::new(),
            trace: Vec::with_capacity(TRACE),
            reader: Reader::of(story),
            is_remembered: remembered(story),
            taken: vec![false; story.choices.len()],
        }
    }

    /// Plays the play of this number, of one role; the same numbers give the same play.
    pub fn play_once(&mut self, number: u64, role: Option<RoleId>) -> Played {
        let story = self.story;
        let mut random = Pcg32::seed_from_u64(self.seed ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        self.setup.seed = random.next_u64();
        self.setup.roles.clear();
        self.setup.roles.extend(role);
        self.trace.clear();
        self.reader.words = 0;
        let mut state = start_with(story, &self.setup, &mut Seeded, &mut self.reader);
        let (mut choices, mut decisions, mut remembered) = (0, 0, 0);
        let mut is_endless = true;
        for _ in 0..MOST_INPUTS {
            let Some(role) = next_role(story, &state, &mut self.offers) else {
                is_endless = false;
                break;
            };
            self.reader.labels(story, &state, role, &self.offers);
            let pick = self.pick(&mut random);
            if self.trace.len() < TRACE {
                self.trace.push((place_name(story, &state, role), Input { role, pick }));
            }
            let is_decision = self.offers.iter().filter(|offer| offer.open).count() > 1;
            choices += u32::from(pick != Pick::Continue);
            decisions += u32::from(is_decision);
            remembered += u32::from(is_decision && self.is_asked_for(pick));
            if let Pick::Choice(choice) = pick {
                self.taken[choice.index()] = true;
            }
            // It was offered just now.
            let _ = advance(story, &mut state, Input { role, pick }, &mut Seeded, &mut self.reader);
        }
        let end = self.end(&state, is_endless);
        let words = self.reader.words;
        let fidelity = record::fidelity(story, &state);
        Played { end, ending: self.ending(&state), choices, words, decisions, remembered, fidelity }
    }

    fn pick(&self, random: &mut Pcg32) -> Pick {
        let open = self.offers.iter().filter(|offer| offer.open);
        let drawn = (u64::from(random.next_u32()) * open.clone().count() as u64) >> 32;
        open.map(|offer| offer.pick).nth(drawn as usize).unwrap_or(Pick::Continue)
    }

    fn is_asked_for(&self, pick: Pick) -> bool {
        match pick {
            Pick::Choice(choice) => self.is_remembered[choice.index()],
            Pick::Storylet(scene) => self.story.layout.visits(scene).count.is_some(),
            Pick::Continue => false,
        }
    }

    fn end(&mut self, state: &State, is_endless: bool) -> End {
        let story = self.story;
        if state.is_over(story) {
            let outcome = outcome(story, state);
            let prose = outcome.and_then(|outcome| story.outcomes[outcome.index()].text);
            self.reader.read(story, state, RoleId(0), prose);
            return End::Over(outcome);
        }
        let name = |&(at, input): &(&str, Input)| crate::engine::Play::input_name(story, at, input);
        let trace = self.trace.iter().map(name).collect();
        if is_endless { End::Endless(trace) } else { End::Stuck(trace) }
    }

    fn ending(&self, state: &State) -> Option<SceneId> {
        let role = self.setup.roles.first()?;
        match state.cursor(self.story, *role) {
            Cursor::Ending(scene) => Some(scene),
            _ => None,
        }
    }

    /// Whether a scene was entered in some play.
    pub fn has_seen(&self, scene: SceneId) -> bool {
        self.reader.scenes[scene.index()]
    }

    /// Whether a hinge was reached in some play.
    pub fn has_reached(&self, hinge: HingeId) -> bool {
        self.reader.hinges[hinge.index()]
    }

    /// Whether a choice was taken in some play.
    pub fn has_taken(&self, choice: ChoiceId) -> bool {
        self.taken[choice.index()]
    }
}

/// By choice: whether it writes something that some part of the story asks for: a variable that an
/// expression reads, an event, its own having been taken.
fn remembered(story: &Story) -> Vec<bool> {
    let mut read = vec![false; story.variables.len()];
    for node in &story.code.nodes {
        let (Node::Field(field) | Node::FieldIs(field, ..)) = node else { continue };
        let variable = story.variables.iter().position(|variable| variable.field == Some(*field));
        if let Some(variable) = variable {
            read[variable] = true;
        }
    }
    let asks = |change: &Change| match change {
        Change::Set { variable, .. } | Change::Add { variable, .. } => read[variable.index()],
        Change::Happen(_) | Change::Avert(_) => true,
    };
    let writes =
        |effects: crate::lang::EffectsId| story.code.effects[effects.range()].iter().any(|effect| asks(&effect.change));
    let of_choice = |choice: &crate::story::model::Choice| {
        let gotos = &story.gotos[choice.goto.entries.range()];
        choice.taken.is_some() || writes(choice.effects) || gotos.iter().any(|entry| writes(entry.effects))
    };
    story.choices.iter().map(of_choice).collect()
}

/// Reads everything that a player is shown, and counts the words.
struct Reader {
    text: String,
    words: u32,
    scenes: Vec<bool>,
    hinges: Vec<bool>,
}

impl Reader {
    fn of(story: &Story) -> Reader {
        let (scenes, hinges) = (vec![false; story.scenes.len()], vec![false; story.hinges.len()]);
        Reader { text: String::new(), words: 0, scenes, hinges }
    }

    fn read(&mut self, story: &Story, state: &State, role: RoleId, prose: Option<ProseId>) {
        if let Some(prose) = prose {
            self.text.clear();
            plain_into(story, state, role, prose, &mut self.text);
            self.words += words(&self.text);
        }
    }

    fn labels(&mut self, story: &Story, state: &State, role: RoleId, offers: &[Offer]) {
        for offer in offers {
            match offer.pick {
                Pick::Choice(choice) => {
                    let declared = &story.choices[choice.index()];
                    let label = if offer.open { declared.text } else { declared.locked.unwrap_or(declared.text) };
                    self.read(story, state, role, Some(label));
                }
                Pick::Storylet(scene) => {
                    let declared = &story.scenes[scene.index()];
                    match declared.storylet.as_ref().and_then(|storylet| storylet.teaser) {
                        Some(teaser) => self.read(story, state, role, Some(teaser)),
                        None => self.words += words(&declared.title),
                    }
                }
                Pick::Continue => {}
            }
        }
    }
}

impl Observe for Reader {
    fn said(&mut self, story: &Story, state: &State, role: RoleId, _: Option<SceneId>, prose: ProseId) {
        self.read(story, state, role, Some(prose));
    }

    fn entered(&mut self, story: &Story, state: &State, role: RoleId, scene: SceneId) {
        self.scenes[scene.index()] = true;
        self.read(story, state, role, story.scenes[scene.index()].text);
    }

    fn reached(&mut self, story: &Story, state: &State, role: RoleId, hinge: HingeId) {
        self.hinges[hinge.index()] = true;
        self.read(story, state, role, story.hinges[hinge.index()].text);
        let side = story.side_of(hinge, role).and_then(|side| story.sides[side.index()].text);
        self.read(story, state, role, side);
    }

    fn happened(&mut self, story: &Story, state: &State, event: EventId, _: Day) {
        let Some(news) = story.events[event.index()].news else { return };
        // Who has reached an ending reads no more news; the calendar runs on without them.
        if let Some(role) = state.played(story).find(|&role| !matches!(state.cursor(story, role), Cursor::Ending(_))) {
            self.read(story, state, role, Some(news));
        }
    }
}

/// How many words a text has: runs of anything but white space.
fn words(text: &str) -> u32 {
    let mut count = 0;
    let mut inside = false;
    for byte in text.bytes() {
        let is_white = byte.is_ascii_whitespace();
        count += u32::from(inside && is_white);
        inside = !is_white;
    }
    count + u32::from(inside)
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn words_are_runs_of_what_is_not_white() {
        assert_eq!(["", "  ", "one", "one two", " a — b.\n\nc "].map(words), [0, 0, 1, 2, 4]);
    }
}
