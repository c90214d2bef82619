//! The story in each of its languages. States are the same in all of them; prose is not.

use std::path::Path;

use crate::catalogue::Catalogue;
use crate::diagnostic::Diagnostic;
use crate::engine::{Offer, Pick, State, offers};
use crate::story::model::RoleId;
use crate::story::{Sources, Story, load, open};

/// The story and the program's words in one language.
#[derive(Debug)]
pub struct Tongue {
    /// BCP 47, the primary part.
    pub language: String,
    /// The story.
    pub story: Story,
    /// What the program says.
    pub words: Catalogue,
}

/// The story in each of its languages, the class's own first.
#[derive(Debug)]
pub struct World {
    /// Never empty.
    tongues: Vec<Tongue>,
}

impl World {
    /// Opens a story in `language` and in every other that it is translated to.
    ///
    /// # Errors
    ///
    /// Returns what is wrong with the story, and its files.
    pub fn open(path: Option<&Path>, language: &Catalogue) -> Result<World, (Sources, Vec<Diagnostic>)> {
        let (sources, loaded) = open(path, language.asked());
        let Some(story) = loaded.story else { return Err((sources, loaded.diagnostics)) };
        let primary = |tag: &str| tag.split('-').next().unwrap_or_default().to_owned();
        let mut tongues = vec![Tongue { language: primary(language.language()), story, words: language.clone() }];
        let names = sources.files.iter().filter_map(|file| file.name.strip_suffix(".po"));
        let names = names.filter_map(|name| name.rsplit('/').next()).map(primary);
        for language in names.chain(["en".to_owned()]) {
            if tongues.iter().any(|tongue| tongue.language == language) {
                continue;
            }
            let words = Catalogue::of(&language);
            if let Some(story) = load(&sources, Some(&language)).story {
                tongues.push(Tongue { language, story, words });
            }
        }
        Ok(World { tongues })
    }

    /// The story as the class's log knows it.
    pub fn story(&self) -> &Story {
        &self.tongues[0].story
    }

    /// All of them.
    pub fn tongues(&self) -> &[Tongue] {
        &self.tongues
    }

    /// The place of a language, 0 where it isn't there.
    pub fn place(&self, language: &str) -> usize {
        self.tongues.iter().position(|tongue| tongue.language == language).unwrap_or(0)
    }

    /// One of them, the class's own where there is no such.
    pub fn tongue(&self, place: usize) -> &Tongue {
        self.tongues.get(place).unwrap_or(&self.tongues[0])
    }
}

/// The id of what can be taken, as ballots and logs name it.
pub fn pick_id(story: &Story, pick: Pick) -> String {
    match pick {
        Pick::Choice(choice) => story.choices[choice.index()].id.to_string(),
        Pick::Storylet(scene) => story.scenes[scene.index()].id.to_string(),
        Pick::Continue => "continue".to_owned(),
    }
}

/// What a role can take now, by id.
pub fn open_picks(story: &Story, state: &State, role: RoleId) -> Vec<(String, Pick)> {
    let open = |offer: Offer| offer.open.then(|| (pick_id(story, offer.pick), offer.pick));
    offers(story, state, role).into_iter().filter_map(open).collect()
}

/// What history did among what can be taken: the historical choice.
pub fn historical(story: &Story, picks: &[(String, Pick)]) -> Option<String> {
    let is_historical = |pick: &Pick| matches!(pick, Pick::Choice(choice) if story.choices[choice.index()].historical);
    picks.iter().find(|(_, pick)| is_historical(pick)).map(|(id, _)| id.clone())
}
