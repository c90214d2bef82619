//! All that decides the future of a play: a few dozen bytes, cheap to copy, to compare, to hash.

use std::fmt;
use std::hash::{Hash, Hasher};

use crate::calendar::Day;
use crate::story::layout::Field;
use crate::story::model::{ChoiceId, EventId, HingeId, RoleId, SceneId, Story, VariableId};

/// Words that fit without a heap; a larger story's states spill.
const INLINE: usize = 58;

/// The packed fields. Stories of a few hundred variables and events never leave the inline form,
/// so that a step of play allocates nothing.
#[derive(Clone)]
#[expect(clippy::large_enum_variant, reason = "the large one is the usual one, and keeps off the heap")]
enum Words {
    Inline(u16, [u64; INLINE]),
    Spilled(Box<[u64]>),
}

/// What a play remembers, prose apart. [`Story::layout`] tells where each thing lies.
///
/// Two states are equal when nothing can tell their futures apart; a prover that takes all the
/// branches compares [`State::words`], which leaves the seed out.
#[derive(Clone)]
pub struct State {
    words: Words,
    /// What decides where chance is asked.
    pub seed: u64,
    /// How often chance was asked.
    pub draws: u32,
}

/// What is happening to a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Stage {
    /// Not played.
    Absent = 0,
    /// On the way to a scene or hinge whose day has not come.
    Going = 1,
    /// In a scene, or at a hinge.
    There = 2,
    /// A choice's nested choices are asked.
    Asked = 3,
    /// Has chosen at a hinge and waits for the others.
    Chosen = 4,
    /// Its play is over.
    Ended = 5,
}

/// Where one role stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cursor {
    /// Nobody plays it.
    Absent,
    /// In a scene.
    Scene(SceneId),
    /// In a scene, where a choice asks further.
    Asked(SceneId, ChoiceId),
    /// At a hinge, with what it chose there, once it has.
    Hinge(HingeId, Option<ChoiceId>),
    /// Waits until the calendar has come to the day of this place.
    Going(Place),
    /// Its play is over.
    Ending(SceneId),
}

/// A scene or a hinge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// A scene.
    Scene(SceneId),
    /// A hinge.
    Hinge(HingeId),
}

/// How matters stand with an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// It may still happen.
    Pending,
    /// It happened on this day.
    Happened(Day),
    /// It can't happen any more.
    Averted,
}

impl State {
    /// The state in which everything stands at its start and no role has a place yet.
    pub(crate) fn blank(story: &Story, seed: u64) -> State {
        let initial = &story.layout.initial;
        let words = if initial.len() <= INLINE {
            let mut inline = [0; INLINE];
            inline[..initial.len()].copy_from_slice(initial);
            Words::Inline(initial.len() as u16, inline)
        } else {
            Words::Spilled(initial.clone().into_boxed_slice())
        };
        State { words, seed, draws: 0 }
    }

    /// The state of these words, as [`State::words`] gave them, with seed 0.
    pub fn from_words(story: &Story, words: &[u64]) -> State {
        let mut state = State::blank(story, 0);
        state.overwrite(words);
        state
    }

    /// Becomes the state of these words; seed and draws stay.
    pub fn overwrite(&mut self, words: &[u64]) {
        self.words_mut().copy_from_slice(words);
    }

    /// Lets `change` work on the words. What it writes has to be a state of the story.
    pub fn rewrite(&mut self, change: impl FnOnce(&mut [u64])) {
        change(self.words_mut());
    }

    /// Everything that decides the future but for the seed.
    #[inline]
    pub fn words(&self) -> &[u64] {
        match &self.words {
            Words::Inline(len, words) => &words[..usize::from(*len)],
            Words::Spilled(words) => words,
        }
    }

    #[inline]
    fn words_mut(&mut self) -> &mut [u64] {
        match &mut self.words {
            Words::Inline(len, words) => &mut words[..usize::from(*len)],
            Words::Spilled(words) => words,
        }
    }

    /// Reads a field.
    #[inline]
    pub fn get(&self, field: Field) -> i64 {
        field.get(self.words())
    }

    #[inline]
    pub(crate) fn set(&mut self, field: Field, value: i64) {
        field.set(self.words_mut(), value);
    }

    /// A checksum of all that decides the future, the seed apart: 64 bits, the same on every
    /// machine. For noticing damage and change, not for telling states apart.
    pub fn checksum(&self) -> u64 {
        // FNV-1a over the words: stable by definition, which the standard hashers are not.
        let bytes = self.words().iter().flat_map(|word| word.to_le_bytes());
        bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
    }

    /// The day on which the calendar stands: the earliest among the roles that are played.
    pub fn day(&self, story: &Story) -> Day {
        let offset = story.layout.day.map_or(0, |field| self.get(field));
        story.manifest.begins.plus(offset as i32 - 1)
    }

    /// The day on which a role stands, which may be ahead of the calendar.
    pub fn today(&self, story: &Story, role: RoleId) -> Day {
        story.manifest.begins.plus(self.day_of(story, role) as i32 - 1)
    }

    /// The day on which a role came to where it stands, whatever the calendar says since.
    pub(crate) fn ended_on(&self, story: &Story, role: RoleId) -> Day {
        story.manifest.begins.plus(self.get(story.layout.cursors[role.index()].day) as i32 - 1)
    }

    /// As [`State::today`], in days from the eve.
    pub(crate) fn day_of(&self, story: &Story, role: RoleId) -> i64 {
        match self.stage(story, role) {
            Stage::Absent | Stage::Ended => story.layout.day.map_or(0, |field| self.get(field)),
            _ => self.get(story.layout.cursors[role.index()].day),
        }
    }

    /// The value of a variable: a number, 0 or 1, or the index of a symbol.
    pub fn value(&self, story: &Story, variable: VariableId) -> i64 {
        let declared = &story.variables[variable.index()];
        match (declared.field, declared.derived) {
            (Some(field), _) => self.get(field),
            (None, Some(expr)) => super::eval::value(story, self, RoleId(0), expr),
            (None, None) => declared.start,
        }
    }

    /// How matters stand with an event.
    pub fn status(&self, story: &Story, event: EventId) -> Status {
        let declared = &story.events[event.index()];
        match self.get(declared.field) {
            0 => Status::Pending,
            1 => Status::Averted,
            offset => {
                let eve = story.manifest.begins.plus(-1);
                let day = eve.plus(offset as i32 - 2);
                // What came before the story happened on its own day, not on the eve.
                Status::Happened(declared.date.filter(|date| *date < story.manifest.begins).unwrap_or(day))
            }
        }
    }

    /// Whether the short course was asked for.
    pub fn digest(&self, story: &Story) -> bool {
        story.layout.digest.is_some_and(|field| self.get(field) == 1)
    }

    /// Whether somebody plays this role.
    pub fn is_played(&self, story: &Story, role: RoleId) -> bool {
        story.layout.played.get(role.index()).is_some_and(|field| self.get(*field) == 1)
    }

    /// The roles that are played, in the order of declaration.
    pub fn played<'a>(&'a self, story: &'a Story) -> impl Iterator<Item = RoleId> + 'a {
        (0..story.roles.len() as u32).map(RoleId).filter(|&role| self.is_played(story, role))
    }

    /// Whether every role that is played has reached an ending.
    pub fn is_over(&self, story: &Story) -> bool {
        self.played(story).all(|role| self.stage(story, role) == Stage::Ended)
    }

    pub(crate) fn stage(&self, story: &Story, role: RoleId) -> Stage {
        match self.get(story.layout.cursors[role.index()].stage) {
            0 => Stage::Absent,
            1 => Stage::Going,
            2 => Stage::There,
            3 => Stage::Asked,
            4 => Stage::Chosen,
            _ => Stage::Ended,
        }
    }

    pub(crate) fn set_stage(&mut self, story: &Story, role: RoleId, stage: Stage) {
        self.set(story.layout.cursors[role.index()].stage, stage as i64);
    }

    pub(crate) fn place(&self, story: &Story, role: RoleId) -> Place {
        let at = self.get(story.layout.cursors[role.index()].at) as u32;
        match at.checked_sub(story.scenes.len() as u32) {
            None => Place::Scene(SceneId(at)),
            Some(hinge) => Place::Hinge(HingeId(hinge)),
        }
    }

    /// Where a role stands.
    pub fn cursor(&self, story: &Story, role: RoleId) -> Cursor {
        let place = self.place_if_any(story, role);
        let choice = story.layout.cursors[role.index()].choice.map_or(0, |field| self.get(field));
        let choice = (choice > 0).then(|| ChoiceId(choice as u32 - 1));
        match (self.stage(story, role), place, choice) {
            (Stage::Going, Some(place), _) => Cursor::Going(place),
            (Stage::There, Some(Place::Scene(scene)), _) => Cursor::Scene(scene),
            (Stage::Asked, Some(Place::Scene(scene)), Some(choice)) => Cursor::Asked(scene, choice),
            (Stage::There, Some(Place::Hinge(hinge)), _) => Cursor::Hinge(hinge, None),
            (Stage::Chosen, Some(Place::Hinge(hinge)), choice) => Cursor::Hinge(hinge, choice),
            (Stage::Ended, Some(Place::Scene(scene)), _) => Cursor::Ending(scene),
            _ => Cursor::Absent,
        }
    }

    fn place_if_any(&self, story: &Story, role: RoleId) -> Option<Place> {
        (self.stage(story, role) != Stage::Absent).then(|| self.place(story, role))
    }
}

impl PartialEq for State {
    fn eq(&self, other: &State) -> bool {
        self.words() == other.words() && self.seed == other.seed && self.draws == other.draws
    }
}

impl Eq for State {}

impl Hash for State {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        self.words().hash(hasher);
        (self.seed, self.draws).hash(hasher);
    }
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("State")
            .field("words", &self.words())
            .field("seed", &self.seed)
            .field("draws", &self.draws)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_at_most_512_bytes() {
        assert!(std::mem::size_of::<State>() <= 512, "{}", std::mem::size_of::<State>());
    }
}
