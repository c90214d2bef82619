//! One sitting at a play: what is played, and where it is kept.

use std::hash::{BuildHasher, Hasher, RandomState};

use super::page;
use crate::catalogue::Catalogue;
use crate::engine::{Fall, Input, Play, Refusal, Setup};
use crate::save::{LoadedPlay, SaveFolder, SlotSummary};
use crate::story::model::{RoleId, Story};
use crate::tr;

/// A play under way and the folder in which it is kept.
pub struct Sitting<'a> {
    /// The story.
    pub story: &'a Story,
    /// The player's language.
    pub words: &'a Catalogue,
    /// The play.
    pub play: Play,
    /// Where plays are kept.
    pub folder: &'a SaveFolder,
    /// Why the play could not be kept, until it was told.
    trouble: Option<String>,
    /// Whether not being able to keep the play was told already.
    warned: bool,
}

impl<'a> Sitting<'a> {
    /// Sits down at a play.
    pub fn new(story: &'a Story, words: &'a Catalogue, folder: &'a SaveFolder, play: Play) -> Sitting<'a> {
        Sitting { story, words, play, folder, trouble: None, warned: false }
    }

    /// Takes an input, and keeps the play before anybody sees what came of it. Returns where
    /// chance could not fall to, if it was told to fall somewhere.
    ///
    /// # Errors
    ///
    /// Says why it can't be taken: it is not offered, or closed; the play is as it was.
    pub fn take(&mut self, input: Input, fell: &[Fall]) -> Result<Option<Fall>, String> {
        let taken = self.play.take_falling(self.story, input, fell);
        let unmet = taken.map_err(|refusal| refused(self.words, refusal))?;
        if unmet.is_none() {
            self.keep();
        }
        Ok(unmet)
    }

    /// Keeps the play in the slot `auto`. What goes wrong is told once, not at every choice.
    pub fn keep(&mut self) {
        match self.folder.autosave(self.story, &self.play, &self.summary()) {
            Ok(()) => self.warned = false,
            Err(_) if self.warned => {}
            Err(error) => {
                self.warned = true;
                self.trouble = Some(error.describe(self.words));
            }
        }
    }

    /// Whether the play as it stands could not be kept.
    pub fn is_unsaved(&self) -> bool {
        self.warned
    }

    /// Why the play could not be kept, once.
    pub fn trouble(&mut self) -> Option<String> {
        self.trouble.take()
    }

    /// Keeps the play where anything was done in it: an empty one would push a longer one out.
    pub fn leave(&mut self) {
        if !self.play.log().is_empty() {
            self.keep();
        }
    }

    /// Keeps the play under a name. Returns what went wrong.
    pub fn save(&self, slot: &str) -> Result<(), String> {
        let saved = self.folder.write(self.story, &self.play, slot, &self.summary());
        saved.map_err(|error| error.describe(self.words))
    }

    /// What is said of the play that saving under this name would lose: another one, or one that had
    /// come elsewhere.
    pub fn in_the_way(&self, slot: &str) -> Option<String> {
        self.folder.in_the_way(self.story, &self.play, slot)
    }

    /// Reads a play that was kept; the one under way goes on until it is taken up with
    /// [`Sitting::take_up`]. Returns what went wrong.
    pub fn load(&self, slot: &str) -> Result<LoadedPlay, String> {
        self.folder.load(self.story, slot).map_err(|error| error.describe(self.words))
    }

    /// The plays of this story that are kept, the latest first.
    pub fn saves(&self) -> Vec<SlotSummary> {
        let mut saves = self.folder.list();
        saves.retain(|save| save.story == self.story.manifest.id);
        saves
    }

    /// Goes on with another play.
    pub fn take_up(&mut self, play: Play) {
        self.play = play;
        self.leave();
    }

    /// Takes choices back. Returns how many.
    pub fn undo(&mut self, count: usize) -> usize {
        let undone = self.play.undo(self.story, count);
        if undone > 0 {
            self.keep();
        }
        undone
    }

    /// Begins again, with other chances where `seed` is another.
    pub fn restart(&mut self, seed: u64) {
        let setup = Setup { seed, ..self.play.setup().clone() };
        self.play = Play::begin(self.story, setup);
    }

    /// Who acts now; where nobody can, who acted last.
    pub fn role(&self) -> RoleId {
        let last = || self.play.log().last().map(|entry| entry.input.role);
        let first = || self.play.state().played(self.story).next();
        self.play.next_role(self.story).or_else(last).or_else(first).unwrap_or(RoleId(0))
    }

    /// A name for a save that the player gives none.
    pub fn slot(&self) -> String {
        let role = self.role();
        let date = self.story.manifest.calendar.iso(self.play.state().today(self.story, role));
        match self.story.roles[role.index()].id.as_str() {
            "" => date,
            role => format!("{role}-{date}"),
        }
    }

    /// What a list of saves shows: who, when, where.
    fn summary(&self) -> String {
        let role = self.role();
        let view = self.play.view(self.story, role);
        let name = &self.story.roles[role.index()].name;
        let facts = [name.clone(), page::date(self.story, self.words, view.day), view.title.clone()];
        let facts: Vec<String> = facts.into_iter().filter(|fact| !fact.is_empty()).collect();
        facts.join(", ")
    }
}

fn refused(words: &Catalogue, refusal: Refusal) -> String {
    match refusal {
        Refusal::NotPlayed => tr!(words, "nobody plays this role"),
        Refusal::Over => tr!(words, "this role's play is over"),
        Refusal::Waiting => tr!(words, "this role waits for the others"),
        Refusal::NotOffered => tr!(words, "this is not offered here"),
        Refusal::Closed => tr!(words, "this is closed now"),
    }
}

/// A seed that nobody chose: short enough to be told to somebody else.
pub fn any_seed() -> u64 {
    // The only source of chance in the standard library: the keys of its hashers.
    RandomState::new().build_hasher().finish() % 1_000_000
}
