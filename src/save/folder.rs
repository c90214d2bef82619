//! The saves of a player: where they lie, and what is done with them.

use std::env;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::catalogue::Catalogue;
use crate::engine::Play;
use crate::story::Story;
use crate::{tr, trn};

use super::disk::{self, Found, MAX_SIZE};
use super::error::SaveError;
use super::format::{FORMAT, Saved, Unreadable, timestamp};
use super::replay::{Parting, lines, replay};
use super::slot::{AUTO, AUTOSAVES, Slot};

/// The longest summary, in characters.
const MAX_SUMMARY: usize = 200;

/// A folder of saves, as one run of the program sees it.
#[derive(Clone, Debug)]
pub struct SaveFolder {
    path: PathBuf,
    session: String,
}

/// A play that was loaded.
#[derive(Debug)]
pub struct LoadedPlay {
    /// The play, ready to go on.
    pub play: Play,
    /// Where it parts from a story that has changed since; the play stands before that step.
    pub parted: Option<Parting>,
    /// Set where the autosave that was asked for could not be had, and an earlier one was loaded.
    pub instead: Option<Instead>,
}

/// Another save than the one that was asked for.
#[derive(Debug)]
pub struct Instead {
    /// The slot that was loaded.
    pub slot: String,
    /// Why.
    pub why: SaveError,
}

/// A save as it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlotSummary {
    /// Its name.
    pub slot: String,
    /// The story's id.
    pub story: String,
    /// The story's title.
    pub title: String,
    /// When it was saved.
    pub when: SystemTime,
    /// Where the play stands, as was said when it was saved.
    pub summary: String,
    /// How many inputs its log has.
    pub turns: usize,
}

impl SaveFolder {
    /// The player's folder: that of `PETROGRAD_SAVES`, else `./saves` where there is such a
    /// folder, else one among the user's data.
    pub fn choose() -> SaveFolder {
        let here = Path::new("saves");
        let named = env::var_os("PETROGRAD_SAVES").filter(|path| !path.is_empty()).map(PathBuf::from);
        SaveFolder::at(named.or_else(|| here.is_dir().then(|| here.to_owned())).unwrap_or_else(data_folder))
    }

    /// This folder; it is made when something is saved.
    pub fn at(path: impl Into<PathBuf>) -> SaveFolder {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
        let session = format!("{now}-{}-{}", process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        SaveFolder { path: path.into(), session }
    }

    /// The folder and the slot that an argument means: a save's name, or the path of its file.
    pub fn of(argument: &str) -> (SaveFolder, String) {
        let path = Path::new(argument);
        let is_path = path.components().count() > 1 || path.extension().is_some_and(|extension| extension == "toml");
        match (is_path, path.file_stem().and_then(|stem| stem.to_str()), path.parent()) {
            (true, Some(stem), Some(folder)) => {
                let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
                (SaveFolder::at(folder), stem.to_owned())
            }
            _ => (SaveFolder::choose(), argument.to_owned()),
        }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Saves a play under a name, in place of what was saved there; a file there that is damaged
    /// is set aside. `summary` is what a list of saves says of it.
    ///
    /// # Errors
    ///
    /// Returns a [`SaveError`] when the name can't be a save's, or is the program's own, or the
    /// file can't be written; what was saved before is as it was.
    pub fn write(&self, story: &Story, play: &Play, slot: &str, summary: &str) -> Result<(), SaveError> {
        let slot = Slot::parse(slot)?;
        if slot.is_automatic() {
            return Err(SaveError::Reserved(slot.name().to_owned()));
        }
        self.earlier(&slot)?;
        let content = text_of(&self.saved(story, play, summary), &slot)?;
        let written = disk::write(&self.path, &slot.file_name(), content.as_bytes());
        written.map_err(|error| SaveError::Unwritten(slot.name().to_owned(), error))
    }

    /// The summary of the play in a slot that this one would push out: another, or the same come
    /// elsewhere. Where the slot can't be read, `write` says why.
    pub fn in_the_way(&self, story: &Story, play: &Play, slot: &str) -> Option<String> {
        let earlier = self.read(&Slot::parse(slot).ok()?).ok()??;
        let is_other = !gives_way(&earlier, &self.saved(story, play, ""));
        is_other.then_some(if earlier.summary.is_empty() { earlier.title } else { earlier.summary })
    }

    /// Saves a play to the slot [`AUTO`]. An autosave of another play that is there moves on to
    /// `auto-1` and `auto-2`, so that the last three plays are kept, however long this one is.
    ///
    /// # Errors
    ///
    /// As [`SaveFolder::write`].
    pub fn autosave(&self, story: &Story, play: &Play, summary: &str) -> Result<(), SaveError> {
        let [slot, ..] = autosaves();
        let saved = self.saved(story, play, summary);
        let content = text_of(&saved, &slot)?;
        let unwritten = |error| SaveError::Unwritten(slot.name().to_owned(), error);
        let free = self.free_autosave(&saved)?;
        // Written before anything moves: a full disk must not cost an earlier play its place.
        let staged = disk::stage(&self.path, &slot.file_name(), content.as_bytes()).map_err(unwritten)?;
        let files = autosaves().map(|slot| self.path.join(slot.file_name()));
        for index in (1..=free).rev() {
            match std::fs::rename(&files[index - 1], &files[index]) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(unwritten(error)),
                _ => {}
            }
        }
        staged.publish(&files[0]).map_err(unwritten)
    }

    /// Loads a play. The slot [`AUTO`] means the latest autosave of this story that is whole.
    ///
    /// # Errors
    ///
    /// Returns a [`SaveError`] when there is no such save, it is of another story, or it is
    /// damaged: it has been set aside then, under the name that the error tells.
    pub fn load(&self, story: &Story, slot: &str) -> Result<LoadedPlay, SaveError> {
        let asked = Slot::parse(slot)?;
        if asked.name() != AUTO {
            return self.load_slot(story, &asked);
        }
        let mut first = None;
        for slot in autosaves() {
            match (self.load_slot(story, &slot), first) {
                (Ok(mut loaded), why) => {
                    let slot = slot.name().to_owned();
                    loaded.instead = why.map(|why| Instead { slot, why });
                    return Ok(loaded);
                }
                (Err(error), None) => first = Some(error),
                // That a save is damaged is worth more to know than that another is not there.
                (Err(error @ SaveError::Damaged { .. }), Some(SaveError::NotFound(_))) => first = Some(error),
                (Err(_), Some(error)) => first = Some(error),
            }
        }
        Err(first.unwrap_or_else(|| SaveError::NotFound(slot.to_owned())))
    }

    /// All saves that can be read, the latest first.
    pub fn list(&self) -> Vec<SlotSummary> {
        let entries = std::fs::read_dir(&self.path).into_iter().flatten().flatten();
        let mut summaries: Vec<SlotSummary> = entries.filter_map(|entry| summary_of(&entry.path())).collect();
        summaries.sort_by(|a, b| (b.when, &a.slot).cmp(&(a.when, &b.slot)));
        summaries
    }

    fn load_slot(&self, story: &Story, slot: &Slot) -> Result<LoadedPlay, SaveError> {
        let name = || slot.name().to_owned();
        let saved = self.read(slot)?.ok_or_else(|| SaveError::NotFound(name()))?;
        if saved.story != story.manifest.id {
            return Err(SaveError::OtherStory { slot: name(), title: saved.title });
        }
        let (play, parted) = replay(story, &saved).map_err(|role| SaveError::NoRole { slot: name(), role })?;
        Ok(LoadedPlay { play, parted, instead: None })
    }

    /// A play as the text of a save's file, for somebody to keep elsewhere.
    ///
    /// # Errors
    ///
    /// Returns a [`SaveError`] when the name can't be a save's, or the text is too long for one.
    pub fn text(&self, story: &Story, play: &Play, slot: &str, summary: &str) -> Result<String, SaveError> {
        text_of(&self.saved(story, play, summary), &Slot::parse(slot)?)
    }

    fn saved(&self, story: &Story, play: &Play, summary: &str) -> Saved {
        let setup = play.setup();
        let roles = setup.roles.iter().map(|role| story.roles[role.index()].id.clone());
        let on_one_line = summary.chars().map(|char| if char.is_control() { ' ' } else { char });
        Saved {
            format: FORMAT,
            story: story.manifest.id.clone(),
            title: story.manifest.title.clone(),
            version: story.manifest.version.clone(),
            logic: story.logic.clone(),
            session: self.session.clone(),
            roles: roles.filter(|role| !role.is_empty()).collect(),
            seed: setup.seed.to_string(),
            digest: setup.digest,
            saved: timestamp(SystemTime::now()),
            summary: on_one_line.take(MAX_SUMMARY).collect(),
            log: lines(story, play),
        }
    }

    /// Where a play of one version of a story and another version part, if it were saved and loaded
    /// there; no file is written.
    ///
    /// # Errors
    ///
    /// Names a role that the other version doesn't have.
    pub fn carried(old: &Story, play: &Play, new: &Story) -> Result<Option<Parting>, String> {
        let saved = SaveFolder::at("").saved(old, play, "");
        replay(new, &saved).map(|(_, parting)| parting)
    }

    /// Which autosave gives way to a play: one of the same play, else a free one, else the last.
    fn free_autosave(&self, saved: &Saved) -> Result<usize, SaveError> {
        let mut free = None;
        for (index, slot) in autosaves().iter().enumerate() {
            match self.earlier(slot)? {
                Some(earlier) if gives_way(&earlier, saved) => return Ok(index),
                None if free.is_none() => free = Some(index),
                _ => {}
            }
        }
        Ok(free.unwrap_or(AUTOSAVES.len() - 1))
    }

    /// What is in a slot that is about to be written; what is damaged there is set aside.
    fn earlier(&self, slot: &Slot) -> Result<Option<Saved>, SaveError> {
        match self.read(slot) {
            Err(SaveError::Damaged { aside: Some(_), .. }) => Ok(None),
            other => other,
        }
    }

    /// Reads a slot; sets aside what is damaged.
    fn read(&self, slot: &Slot) -> Result<Option<Saved>, SaveError> {
        let name = || slot.name().to_owned();
        let path = self.path.join(slot.file_name());
        let content = match disk::read(&path).map_err(|error| SaveError::Unread(name(), error))? {
            Found::Nothing => return Ok(None),
            Found::Other => return Err(SaveError::NotAFile(name())),
            Found::TooLarge => return Err(SaveError::TooLarge(name())),
            Found::Content(content) => content,
        };
        match Saved::parse(&content) {
            Ok(saved) => Ok(Some(saved)),
            Err(Unreadable::Newer) => Err(SaveError::Newer(name())),
            Err(Unreadable::Damaged) => {
                Err(SaveError::Damaged { slot: name(), aside: disk::set_aside(&self.path, slot.name(), &path) })
            }
        }
    }
}

impl LoadedPlay {
    /// What the player should know of how it was loaded, a paragraph each; mostly nothing.
    pub fn notes(&self, words: &Catalogue) -> Vec<String> {
        let instead = self.instead.as_ref().map(|Instead { slot, why }| {
            tr!(
                words,
                "{problem} An earlier autosave was loaded instead: “{slot}”.",
                problem = why.describe(words),
                slot = slot
            )
        });
        instead.into_iter().chain(self.parted.as_ref().map(|parting| parting.describe(words))).collect()
    }
}

impl SlotSummary {
    /// How long before `now` it was saved, in words.
    pub fn ago(&self, words: &Catalogue, now: SystemTime) -> String {
        let minutes = now.duration_since(self.when).map_or(0, |since| since.as_secs() / 60);
        match minutes {
            0 => tr!(words, "just now"),
            1..60 => trn!(words, "{n} minute ago", "{n} minutes ago", minutes),
            60..1_440 => trn!(words, "{n} hour ago", "{n} hours ago", minutes / 60),
            _ => trn!(words, "{n} day ago", "{n} days ago", minutes / 1_440),
        }
    }
}

/// Whether nothing that a player would miss is lost when `later` takes the place of `earlier`: it
/// is the same play further on, or gone back in this very run of the program.
fn gives_way(earlier: &Saved, later: &Saved) -> bool {
    let begun_anew = later.log.is_empty() && earlier.log.len() > 1;
    let same_run = earlier.session == later.session && earlier.is_of_same_play(later);
    later.continues(earlier) || (same_run && !begun_anew)
}

fn autosaves() -> [Slot; 3] {
    AUTOSAVES.map(|name| Slot::parse(name).expect("the program's own names are names"))
}

fn text_of(saved: &Saved, slot: &Slot) -> Result<String, SaveError> {
    let text = saved.to_text();
    if text.len() as u64 > MAX_SIZE { Err(SaveError::TooLarge(slot.name().to_owned())) } else { Ok(text) }
}

fn summary_of(path: &Path) -> Option<SlotSummary> {
    let slot = path.file_name()?.to_str()?.strip_suffix(".toml")?;
    let slot = Slot::parse(slot).ok()?;
    let Found::Content(content) = disk::read(path).ok()? else { return None };
    let saved = Saved::parse(&content).ok()?;
    Some(SlotSummary {
        slot: slot.name().to_owned(),
        when: saved.time(),
        turns: saved.log.len(),
        story: saved.story,
        title: saved.title,
        summary: saved.summary,
    })
}

/// Where the system wants a program to keep what its user makes.
fn data_folder() -> PathBuf {
    let set = |name: &str| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let home = || env::home_dir().filter(|path| path.is_absolute());
    let data = if cfg!(windows) {
        set("APPDATA")
    } else if cfg!(target_os = "macos") {
        home().map(|home| home.join("Library/Application Support"))
    } else {
        set("XDG_DATA_HOME").or_else(|| home().map(|home| home.join(".local/share")))
    };
    data.map_or_else(|| PathBuf::from("saves"), |data| data.join("petrograd").join("saves"))
}

#[cfg(test)]
mod tests {
    use super::{SaveFolder, SlotSummary};
    use crate::catalogue::Catalogue;
    use std::path::Path;
    use std::time::{Duration, UNIX_EPOCH};

    #[test]
    fn an_argument_is_a_name_or_a_path() {
        let folder_and_slot = |argument: &str| {
            let (folder, slot) = SaveFolder::of(argument);
            (folder.path().to_owned(), slot)
        };
        let chosen = SaveFolder::choose().path().to_owned();
        assert_eq!(folder_and_slot("before the hinge"), (chosen, "before the hinge".to_owned()));
        assert_eq!(folder_and_slot("a.toml"), (Path::new(".").to_owned(), "a".to_owned()));
        assert_eq!(folder_and_slot("x/y/a.toml"), (Path::new("x/y").to_owned(), "a".to_owned()));
        assert_eq!(folder_and_slot("x/a"), (Path::new("x").to_owned(), "a".to_owned()));
    }

    #[test]
    fn the_age_of_a_save_in_words() {
        let text = String::new;
        let save =
            SlotSummary { slot: text(), story: text(), title: text(), when: UNIX_EPOCH, summary: text(), turns: 0 };
        let cases = [
            (59, "just now"),
            (60, "1 minute ago"),
            (7_199, "1 hour ago"),
            (7_200, "2 hours ago"),
            (172_800, "2 days ago"),
        ];
        for (seconds, words) in cases {
            assert_eq!(save.ago(&Catalogue::default(), UNIX_EPOCH + Duration::from_secs(seconds)), words);
        }
    }
}
