//! Reads everything that a player is shown, and counts the words: in the play, on each screen, by
//! place.

use crate::engine::{Cursor, Offer, Pick, SCREEN, State, screens_into};
use crate::lang::ProseId;
use crate::story::Story;
use crate::story::model::{EventId, HingeId, RoleId, SceneId};

/// Screens of more words than this are counted as of so many.
const MOST_WORDS: usize = 1_000;

/// What was read at a place, in all plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Shown {
    /// In how many plays.
    pub plays: u64,
    /// Words in all, labels of choices and what they answered among them.
    pub words: u64,
    /// Words on the longest screen.
    pub longest: u32,
    in_play: bool,
}

impl Shown {
    fn see(&mut self) {
        self.plays += u64::from(!self.in_play);
        self.in_play = true;
    }
}

/// Reads and counts.
pub struct Reader {
    text: String,
    words: u32,
    /// Scenes, hinges, news, outcomes.
    places: Vec<Shown>,
    scenes: usize,
    at: usize,
    /// By words: how many screens.
    screens: Vec<u64>,
}

impl Reader {
    /// A reader of a story who has read nothing.
    pub fn of(story: &Story) -> Reader {
        let places = vec![Shown::default(); story.scenes.len() + story.hinges.len() + 2];
        let screens = vec![0; MOST_WORDS + 1];
        Reader { text: String::new(), words: 0, places, scenes: story.scenes.len(), at: 0, screens }
    }

    /// Begins a play.
    pub fn begin(&mut self) {
        self.words = 0;
        self.places.iter_mut().for_each(|place| place.in_play = false);
    }

    /// Words of the play at hand.
    pub fn words(&self) -> u32 {
        self.words
    }

    /// What was read in a scene.
    pub fn of_scene(&self, scene: SceneId) -> Shown {
        self.places[scene.index()]
    }

    /// What was read at a hinge.
    pub fn of_hinge(&self, hinge: HingeId) -> Shown {
        self.places[self.scenes + hinge.index()]
    }

    /// The news that were read.
    pub fn of_news(&self) -> Shown {
        self.places[self.places.len() - 2]
    }

    /// What was read of the outcomes.
    pub fn of_outcomes(&self) -> Shown {
        self.places[self.places.len() - 1]
    }

    /// By words, from none: how many screens were so long. A screen is what stands between two
    /// ends of screens or of a piece of prose.
    pub fn screens(&self) -> &[u64] {
        &self.screens
    }

    /// Reads prose where the play is.
    pub fn read(&mut self, story: &Story, state: &State, role: RoleId, prose: Option<ProseId>) {
        self.read_at(self.at, story, state, role, prose);
    }

    /// Comes to a scene.
    pub fn scene(&mut self, story: &Story, state: &State, role: RoleId, scene: SceneId) {
        self.come_to(scene.index());
        self.read(story, state, role, story.scenes[scene.index()].text);
    }

    /// Comes to a hinge.
    pub fn hinge(&mut self, story: &Story, state: &State, role: RoleId, hinge: HingeId) {
        self.come_to(self.scenes + hinge.index());
        self.read(story, state, role, story.hinges[hinge.index()].text);
        let side = story.side_of(hinge, role).and_then(|side| story.sides[side.index()].text);
        self.read(story, state, role, side);
    }

    /// Reads an event's news, if there is somebody to read it: who has reached an ending reads no
    /// more of them; the calendar runs on without them.
    pub fn news(&mut self, story: &Story, state: &State, event: EventId) {
        let Some(news) = story.events[event.index()].news else { return };
        if let Some(role) = state.played(story).find(|&role| !matches!(state.cursor(story, role), Cursor::Ending(_))) {
            let place = self.places.len() - 2;
            self.places[place].see();
            let before = self.words;
            self.rendered(story, state, role, news);
            self.places[place].words += u64::from(self.words - before);
        }
    }

    /// Reads what became of the city.
    pub fn outcome(&mut self, story: &Story, state: &State, prose: Option<ProseId>) {
        let place = self.places.len() - 1;
        self.places[place].see();
        self.read_at(place, story, state, RoleId(0), prose);
    }

    /// Reads the labels of what is offered.
    pub fn labels(&mut self, story: &Story, state: &State, role: RoleId, offers: &[Offer]) {
        let before = self.words;
        for offer in offers {
            match offer.pick {
                Pick::Choice(choice) => {
                    let declared = &story.choices[choice.index()];
                    let label = if offer.open { declared.text } else { declared.locked.unwrap_or(declared.text) };
                    self.rendered(story, state, role, label);
                }
                Pick::Storylet(scene) => {
                    let declared = &story.scenes[scene.index()];
                    match declared.storylet.as_ref().and_then(|storylet| storylet.teaser) {
                        Some(teaser) => self.rendered(story, state, role, teaser),
                        None => self.words += words(&declared.title),
                    }
                }
                Pick::Continue => {}
            }
        }
        self.places[self.at].words += u64::from(self.words - before);
    }

    fn come_to(&mut self, place: usize) {
        self.at = place;
        self.places[place].see();
    }

    fn read_at(&mut self, place: usize, story: &Story, state: &State, role: RoleId, prose: Option<ProseId>) {
        let Some(prose) = prose else { return };
        screens_into(story, state, role, prose, &mut self.text);
        for screen in self.text.split(SCREEN) {
            let count = words(screen);
            if count > 0 {
                self.words += count;
                self.screens[(count as usize).min(MOST_WORDS)] += 1;
                let shown = &mut self.places[place];
                shown.words += u64::from(count);
                shown.longest = shown.longest.max(count);
            }
        }
    }

    /// Counts the words of a piece of prose that is no screen of its own.
    fn rendered(&mut self, story: &Story, state: &State, role: RoleId, prose: ProseId) {
        screens_into(story, state, role, prose, &mut self.text);
        self.words += words(&self.text);
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
