//! Random plays to an ending, all prose rendered to plain text, with the chances of the reference
//! player in `play_gen.py`.

use petrograd::engine::{
    Input, Observe, Offer, Pick, Seeded, Setup, State, advance, next_role, plain_into, start_with,
};
use petrograd::lang::ProseId;
use petrograd::story::model::{RoleId, SceneId, Story};

/// What becomes of the text that was rendered.
pub trait Take {
    /// Takes a piece of it.
    fn take(&mut self, text: &str);
}

/// Only how long it was, so that it can't be left out.
#[derive(Default)]
pub struct Length {
    /// In bytes.
    pub bytes: usize,
}

impl Take for Length {
    fn take(&mut self, text: &str) {
        self.bytes += text.len();
    }
}

/// FNV-1a, 32 bit, over all that is not white space, as the reference player has it.
pub struct Signature {
    /// So far.
    pub hash: u32,
    /// Characters that are not white space.
    pub characters: u64,
}

impl Default for Signature {
    fn default() -> Signature {
        Signature { hash: 0x811c_9dc5, characters: 0 }
    }
}

impl Take for Signature {
    fn take(&mut self, text: &str) {
        for c in text.chars().filter(|c| !c.is_whitespace()) {
            self.hash = (self.hash ^ c as u32).wrapping_mul(0x0100_0193);
            self.characters += 1;
        }
    }
}

/// Plays at random.
pub struct Player<'a, T> {
    story: &'a Story,
    setup: Setup,
    offers: Vec<Offer>,
    screen: Screen,
    /// What became of the text.
    pub taken: T,
    /// Choices taken so far.
    pub choices: u64,
}

/// What is read between two choices.
struct Screen {
    text: String,
}

impl Screen {
    fn read(&mut self, story: &Story, state: &State, role: RoleId, prose: Option<ProseId>) {
        if let Some(prose) = prose {
            plain_into(story, state, role, prose, &mut self.text);
        }
    }
}

impl Observe for Screen {
    fn said(&mut self, story: &Story, state: &State, role: RoleId, _: Option<SceneId>, prose: ProseId) {
        self.read(story, state, role, Some(prose));
    }

    fn entered(&mut self, story: &Story, state: &State, role: RoleId, scene: SceneId) {
        self.read(story, state, role, story.scenes[scene.index()].text);
    }
}

impl<'a, T: Take> Player<'a, T> {
    /// A player of one role of a story.
    pub fn new(story: &'a Story, taken: T) -> Player<'a, T> {
        let setup = Setup { roles: story.playable().take(1).collect(), seed: 0, digest: false };
        let screen = Screen { text: String::with_capacity(4096) };
        Player { story, setup, offers: Vec::new(), screen, taken, choices: 0 }
    }

    /// Plays the play of this number to its ending.
    pub fn play(&mut self, seed: u32, number: u32) {
        let story = self.story;
        let mut random = seed.wrapping_add(number.wrapping_mul(0x9e37_79b9)).max(1);
        let mut state = start_with(story, &self.setup, &mut Seeded, &mut self.screen);
        while let Some(role) = next_role(story, &state, &mut self.offers) {
            for offer in &self.offers {
                if let Pick::Choice(choice) = offer.pick {
                    self.screen.read(story, &state, role, Some(story.choices[choice.index()].text));
                }
            }
            self.show();
            random = next(random);
            let pick = self.offers[(random >> 8) as usize % self.offers.len()].pick;
            advance(story, &mut state, Input { role, pick }, &mut Seeded, &mut self.screen).expect("it was offered");
            self.choices += 1;
        }
        self.show();
    }

    fn show(&mut self) {
        self.taken.take(&self.screen.text);
        self.screen.text.clear();
    }
}

/// xorshift32, as the reference player has it.
fn next(mut random: u32) -> u32 {
    random ^= random << 13;
    random ^= random >> 17;
    random ^ (random << 5)
}
