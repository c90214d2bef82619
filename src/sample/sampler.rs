//! One random play after the other, in buffers that are used again: nothing is allocated for a
//! choice once they have grown.

use rand::{Rng, SeedableRng};
use rand_pcg::Pcg32;

use super::memory::{Memory, Moment, Place};
use super::reader::Reader;
use crate::calendar::Day;
use crate::engine::{
    Cursor, Input, Observe, Offer, Pick, Seeded, Setup, State, advance, next_role, outcome, place_name, start_with,
};
use crate::lang::ProseId;
use crate::record;
use crate::story::Story;
use crate::story::model::{ChoiceId, EventId, HingeId, OutcomeId, RoleId, SceneId};

/// A play with more inputs than this is held to have no end.
const MOST_INPUTS: u32 = 10_000;

/// How many inputs are told of a play without an end.
const TRACE: usize = 12;

/// From so many months on what a play remembers is held to be remembered long.
pub const LONG: i32 = 2;

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
    /// The roles' endings.
    pub endings: Vec<SceneId>,
    /// Choices taken; reading on is none.
    pub choices: u32,
    /// Words shown, labels of choices among them.
    pub words: u32,
    /// Choices taken where there was another.
    pub decisions: u32,
    /// Of these, those that wrote something for which the play asked later.
    pub remembered: u32,
    /// Of these, those for which it asked [`LONG`] months later or more.
    pub long_remembered: u32,
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
    watcher: Watcher,
    memory: Memory,
    taken: Vec<bool>,
}

impl<'a> Sampler<'a> {
    /// A sampler whose plays follow from `seed`; of the short course, where `digest` is asked.
    pub fn new(story: &'a Story, seed: u64, digest: bool) -> Sampler<'a> {
        Sampler {
            story,
            seed,
            setup: Setup { roles: Vec::with_capacity(1), seed: 0, digest },
            offers: Vec::new(),
            trace: Vec::with_capacity(TRACE),
            watcher: Watcher::of(story),
            memory: Memory::of(story),
            taken: vec![false; story.choices.len()],
        }
    }

    /// Plays the play of this number, of one role or of several together; the same numbers give
    /// the same play.
    pub fn play_once(&mut self, number: u64, roles: &[RoleId]) -> Played {
        let story = self.story;
        let mut random = Pcg32::seed_from_u64(self.seed ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        self.setup.seed = random.next_u64();
        self.setup.roles.clear();
        self.setup.roles.extend(roles);
        self.trace.clear();
        self.watcher.begin();
        let mut state = start_with(story, &self.setup, &mut Seeded, &mut self.watcher);
        let (mut choices, mut decisions) = (0, 0);
        let mut is_endless = true;
        for _ in 0..MOST_INPUTS {
            let Some(role) = next_role(story, &state, &mut self.offers) else {
                is_endless = false;
                break;
            };
            self.watcher.reader.labels(story, &state, role, &self.offers);
            let pick = self.pick(&mut random);
            if self.trace.len() < TRACE {
                self.trace.push((place_name(story, &state, role), Input { role, pick }));
            }
            let is_decision = self.offers.iter().filter(|offer| offer.open).count() > 1;
            choices += u32::from(pick != Pick::Continue);
            if is_decision {
                decisions += 1;
                self.watcher.moments.push((state.today(story, role), Moment::Decided(pick)));
            }
            if let Pick::Choice(choice) = pick {
                self.taken[choice.index()] = true;
            }
            // It was offered just now.
            let _ = advance(story, &mut state, Input { role, pick }, &mut Seeded, &mut self.watcher);
        }
        let end = self.end(&state, is_endless);
        let (remembered, long_remembered) = self.remembered(&state);
        let words = self.watcher.reader.words();
        let fidelity = record::fidelity(story, &state);
        Played { end, endings: self.endings(&state), choices, words, decisions, remembered, long_remembered, fidelity }
    }

    /// How many decisions wrote what the play asked for later, and long after.
    fn remembered(&mut self, state: &State) -> (u32, u32) {
        let moments = &mut self.watcher.moments;
        moments.push((state.day(self.story), Moment::At(Place::End)));
        let (mut remembered, mut long_remembered) = (0, 0);
        self.memory.look_back(self.story, moments, |months| {
            remembered += u32::from(months.is_some());
            long_remembered += u32::from(months.is_some_and(|months| months >= LONG));
        });
        (remembered, long_remembered)
    }

    fn pick(&self, random: &mut Pcg32) -> Pick {
        let open = self.offers.iter().filter(|offer| offer.open);
        let drawn = (u64::from(random.next_u32()) * open.clone().count() as u64) >> 32;
        open.map(|offer| offer.pick).nth(drawn as usize).unwrap_or(Pick::Continue)
    }

    fn end(&mut self, state: &State, is_endless: bool) -> End {
        let story = self.story;
        if state.is_over(story) {
            let outcome = outcome(story, state);
            let prose = outcome.and_then(|outcome| story.outcomes[outcome.index()].text);
            self.watcher.reader.outcome(story, state, prose);
            return End::Over(outcome);
        }
        let name = |&(at, input): &(&str, Input)| crate::engine::Play::input_name(story, at, input);
        let trace = self.trace.iter().map(name).collect();
        if is_endless { End::Endless(trace) } else { End::Stuck(trace) }
    }

    fn endings(&self, state: &State) -> Vec<SceneId> {
        let ending = |role: &RoleId| match state.cursor(self.story, *role) {
            Cursor::Ending(scene) => Some(scene),
            _ => None,
        };
        self.setup.roles.iter().filter_map(ending).collect()
    }

    /// Whether a scene was entered in some play.
    pub fn has_seen(&self, scene: SceneId) -> bool {
        self.watcher.reader.of_scene(scene).plays > 0
    }

    /// Whether a hinge was reached in some play.
    pub fn has_reached(&self, hinge: HingeId) -> bool {
        self.watcher.reader.of_hinge(hinge).plays > 0
    }

    /// Whether a choice was taken in some play.
    pub fn has_taken(&self, choice: ChoiceId) -> bool {
        self.taken[choice.index()]
    }

    /// What was read, in all plays so far.
    pub fn reader(&self) -> &Reader {
        &self.watcher.reader
    }
}

/// Reads everything, and notes where the play came.
struct Watcher {
    reader: Reader,
    moments: Vec<(Day, Moment)>,
    /// How many events of the clock had their day.
    dated: usize,
}

impl Watcher {
    fn of(story: &Story) -> Watcher {
        Watcher { reader: Reader::of(story), moments: Vec::new(), dated: 0 }
    }

    fn begin(&mut self) {
        self.reader.begin();
        self.moments.clear();
        self.dated = 0;
    }
}

impl Observe for Watcher {
    fn said(&mut self, story: &Story, state: &State, role: RoleId, _: Option<SceneId>, prose: ProseId) {
        self.reader.read(story, state, role, Some(prose));
    }

    fn entered(&mut self, story: &Story, state: &State, role: RoleId, scene: SceneId) {
        self.moments.push((state.today(story, role), Moment::At(Place::Scene(scene))));
        self.reader.scene(story, state, role, scene);
    }

    fn reached(&mut self, story: &Story, state: &State, role: RoleId, hinge: HingeId) {
        let day = state.today(story, role);
        self.moments.push((day, Moment::At(Place::Hinge(hinge))));
        let side = story.side_of(hinge, role);
        self.moments.extend(side.map(|side| (day, Moment::At(Place::Side(side)))));
        self.reader.hinge(story, state, role, hinge);
    }

    fn happened(&mut self, story: &Story, state: &State, event: EventId, day: Day) {
        self.moments.push((day, Moment::At(Place::Event(event))));
        self.reader.news(story, state, event);
    }

    fn passed(&mut self, story: &Story, _: &State, day: Day) {
        // Events that did not happen asked on their day as well.
        while let Some(&event) = story.clock.get(self.dated) {
            let date = story.events[event.index()].date;
            if date.is_some_and(|date| date > day) {
                break;
            }
            self.moments.extend(date.map(|date| (date, Moment::At(Place::Event(event)))));
            self.dated += 1;
        }
    }
}
