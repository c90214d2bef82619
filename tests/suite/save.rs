//! Saves: what was saved is loaded, or what came between is told; never another play.

use std::fs;
use std::path::{Path, PathBuf};

use petrograd::catalogue::Catalogue;
use petrograd::engine::{Input, Play, Setup, offers};
use petrograd::save::{LoadedPlay, Reason, SaveError, SaveFolder};
use petrograd::story::model::RoleId;
use petrograd::story::{Sources, Story, load};
use serde::Deserialize;

const MILL: &str = include_str!("../save/mill.toml");

/// A folder that is gone after the test.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Scratch {
        let path = std::env::temp_dir().join(format!("petrograd-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        Scratch(path)
    }

    fn folder(&self) -> SaveFolder {
        SaveFolder::at(&self.0)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// What lies there, in order.
    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).into_iter().flatten().flatten();
        let mut names: Vec<String> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn story(text: &str) -> Story {
    let loaded = load(&Sources::single("mill.toml", text), None);
    loaded.story.unwrap_or_else(|| panic!("{:?}", loaded.diagnostics))
}

/// The mill with some of its text replaced.
fn changed(changes: &[(&str, &str)]) -> Story {
    let replace = |text: String, (from, to): &(&str, &str)| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    };
    story(&changes.iter().fold(MILL.to_owned(), replace))
}

fn begin(story: &Story, roles: &[&str], seed: u64) -> Play {
    let roles = roles.iter().map(|id| story.role_named(id).expect("a role")).collect();
    Play::begin(story, Setup { roles, seed, digest: false })
}

fn named(story: &Story, play: &Play, name: &str) -> Option<Input> {
    let inputs =
        |role: RoleId| offers(story, play.state(), role).into_iter().map(move |offer| Input { role, pick: offer.pick });
    let mut inputs = (0..story.roles.len() as u32).map(RoleId).flat_map(inputs);
    inputs.find(|input| Play::input_name(story, &play.view(story, input.role).at, *input) == name)
}

fn played(story: &Story, roles: &[&str], seed: u64, script: &[&str]) -> Play {
    let mut play = begin(story, roles, seed);
    for name in script {
        let input = named(story, &play, name).unwrap_or_else(|| panic!("{name} is not offered"));
        play.take(story, input).expect("it is open");
    }
    play
}

fn names(story: &Story, play: &Play) -> Vec<String> {
    play.log().iter().map(|entry| Play::input_name(story, &entry.at, entry.input)).collect()
}

/// A play of everything there is: both roles, chance, storylets, a question, the hinge.
fn whole(story: &Story) -> Play {
    let mut play = begin(story, &["weaver", "soldier"], 7);
    let first = ["queue.wait", "loaf.continue", "nothing.continue", "yard.soup", "yard.letter", "yard.coal"];
    let later = ["soup.continue", "letter.continue", "coal.continue", "yard.on", "barracks.clean", "barracks.sleep"];
    let last = ["meeting.weaver.speak", "meeting.soldier.leave"];
    let wished: Vec<&str> = first.into_iter().chain(later).chain(last).collect();
    while play.next_role(story).is_some() && play.log().len() < 30 {
        let taken = |name: &str| names(story, &play).iter().any(|taken| taken == name);
        let next = wished.iter().filter(|name| !taken(name)).find_map(|name| named(story, &play, name));
        play.take(story, next.expect("the wishes cover the story")).expect("it is open");
    }
    assert!(play.state().is_over(story) && play.log().len() >= 9, "{:?}", names(story, &play));
    play
}

fn is_the_same(story: &Story, loaded: &LoadedPlay, play: &Play) {
    assert!(loaded.parted.is_none() && loaded.instead.is_none(), "{loaded:?}");
    assert_eq!(loaded.play.log(), play.log());
    assert_eq!((loaded.play.state(), loaded.play.setup()), (play.state(), play.setup()));
    for role in play.state().played(story) {
        assert_eq!((loaded.play.said(role), loaded.play.news(role)), (play.said(role), play.news(role)));
    }
}

#[test]
fn what_was_saved_is_loaded() {
    let scratch = Scratch::new("round");
    let (folder, story) = (scratch.folder(), changed(&[]));
    let whole = whole(&story);
    for turns in 0..=whole.log().len() {
        let mut play = whole.clone();
        play.undo(&story, turns);
        folder.write(&story, &play, "before the hinge", "27 February\n· The meeting").expect("it is written");
        is_the_same(&story, &folder.load(&story, "before the hinge").expect("it is there"), &play);
    }
    let [listed] = &folder.list()[..] else { panic!("{:?}", folder.list()) };
    assert_eq!((&*listed.slot, &*listed.title, listed.turns), ("before the hinge", "The mill", 0));
    assert_eq!(listed.summary, "27 February · The meeting");
    assert!(listed.when.elapsed().is_ok_and(|age| age.as_secs() < 600));
    assert_eq!(scratch.names(), ["before the hinge.toml"]);
}

#[test]
fn chance_that_was_told_is_loaded() {
    let scratch = Scratch::new("told");
    let (folder, story) = (scratch.folder(), changed(&[]));
    for place in ["loaf", "nothing"] {
        let mut play = begin(&story, &["weaver"], 3);
        let to = petrograd::story::model::Target::Scene(story.scene_named(place).expect("a scene"));
        let wait = named(&story, &play, "queue.wait").expect("it is offered");
        assert_eq!(play.take_falling(&story, wait, &[to.into()]), Ok(None));
        folder.write(&story, &play, "a", "").expect("it is written");
        is_the_same(&story, &folder.load(&story, "a").expect("it is there"), &play);
    }
}

#[test]
fn a_save_damaged_at_any_byte_is_told_or_the_same() {
    let scratch = Scratch::new("damaged");
    let (folder, story) = (scratch.folder(), changed(&[]));
    folder.write(&story, &whole(&story), "a", "the end").expect("it is written");
    let (path, aside) = (scratch.file("a.toml"), scratch.file("a.damaged-1.toml"));
    let good = fs::read(&path).expect("the save");
    let mut damaged = Vec::new();
    for index in 0..good.len() {
        damaged.push(good[..index].to_vec());
        damaged.extend([0x01, 0x04, 0x80].map(|flip| {
            let mut bytes = good.clone();
            bytes[index] ^= flip;
            bytes
        }));
        damaged.push([&good[..index], &good[index + 1..]].concat());
    }
    damaged.push([&good[..], b"\n"].concat());
    for bytes in damaged {
        // Taking one of two equal letters out changes nothing.
        if bytes == good {
            continue;
        }
        fs::write(&path, &bytes).expect("a file of ours");
        match folder.load(&story, "a") {
            Err(SaveError::Damaged { slot, aside: Some(name) }) => {
                assert_eq!((&*slot, &*name), ("a", "a.damaged-1.toml"));
                assert_eq!(fs::read(&aside).expect("it was kept"), bytes);
            }
            other => panic!("{other:?}"),
        }
        assert!(!path.exists());
        fs::remove_file(&aside).expect("it is there");
    }
}

#[test]
fn what_is_damaged_is_never_overwritten() {
    let scratch = Scratch::new("aside");
    let (folder, story) = (scratch.folder(), changed(&[]));
    let play = begin(&story, &["weaver"], 1);
    for round in 1..4 {
        fs::create_dir_all(&scratch.0).expect("a folder");
        fs::write(scratch.file("a.toml"), format!("damage {round}")).expect("a file");
        match round {
            1 => assert!(matches!(folder.load(&story, "a"), Err(SaveError::Damaged { aside: Some(_), .. }))),
            _ => folder.write(&story, &play, "a", "").expect("it is written beside what is damaged"),
        }
    }
    for round in 1..4 {
        let kept = fs::read_to_string(scratch.file(&format!("a.damaged-{round}.toml"))).expect("it was kept");
        assert_eq!(kept, format!("damage {round}"));
    }
    is_the_same(&story, &folder.load(&story, "a").expect("it is there"), &play);
    assert_eq!(folder.list().len(), 1, "what is damaged is not offered");
}

#[test]
fn the_last_three_plays_are_kept() {
    let scratch = Scratch::new("rotation");
    let story = changed(&[]);
    let script = ["queue.snowball", "yard.on", "meeting.weaver.speak"];
    for seed in 1..=4 {
        let folder = scratch.folder();
        for length in 0..=script.len() {
            let play = played(&story, &["weaver"], seed, &script[..length]);
            folder.autosave(&story, &play, &format!("play {seed}")).expect("it is written");
        }
    }
    let kept = |folder: &SaveFolder| -> Vec<(String, String, usize)> {
        let mut kept: Vec<_> = folder.list().into_iter().map(|save| (save.slot, save.summary, save.turns)).collect();
        kept.sort();
        kept
    };
    let expected =
        |kept: [(&str, &str, usize); 3]| kept.map(|(slot, play, turns)| (slot.to_owned(), play.to_owned(), turns));
    let three = expected([("auto", "play 4", 3), ("auto-1", "play 3", 3), ("auto-2", "play 2", 3)]);
    assert_eq!(kept(&scratch.folder()), three);

    // Going on with an earlier play in a new run pushes no other play out.
    let folder = scratch.folder();
    let earlier = folder.load(&story, "auto-2").expect("it is there").play;
    folder.autosave(&story, &earlier, "play 2 again").expect("it is written");
    let expected = expected([("auto", "play 2 again", 3), ("auto-1", "play 4", 3), ("auto-2", "play 3", 3)]);
    assert_eq!(kept(&folder), expected);

    // Going back in the same run is the same play; beginning anew from the same seed is another.
    folder.autosave(&story, &played(&story, &["weaver"], 2, &["queue.wait"]), "gone back").expect("it is written");
    folder.autosave(&story, &begin(&story, &["weaver"], 2), "gone back").expect("it is written");
    assert_eq!(kept(&folder)[1].1, "play 4");
    let other_run = scratch.folder();
    let longer = played(&story, &["weaver"], 2, &script);
    folder.autosave(&story, &longer, "far").expect("it is written");
    other_run.autosave(&story, &begin(&story, &["weaver"], 2), "anew").expect("it is written");
    assert_eq!(kept(&folder)[..2], [("auto".into(), "anew".into(), 0), ("auto-1".into(), "far".into(), 3)]);
}

#[test]
fn a_damaged_autosave_gives_way_to_the_one_before() {
    let scratch = Scratch::new("fallback");
    let story = changed(&[]);
    let earlier = played(&story, &["weaver"], 1, &["queue.snowball"]);
    scratch.folder().autosave(&story, &earlier, "").expect("it is written");
    let folder = scratch.folder();
    folder.autosave(&story, &begin(&story, &["weaver"], 2), "").expect("it is written");
    fs::write(scratch.file("auto.toml"), "damage").expect("a file");
    let loaded = folder.load(&story, "auto").expect("the one before is there");
    assert_eq!(loaded.play.log(), earlier.log());
    let english = "The save “auto” is damaged. It was kept as auto.damaged-1.toml. An earlier autosave was loaded instead: “auto-1”.";
    assert_eq!(loaded.notes(&Catalogue::default()), [english]);
    assert_eq!(scratch.names(), ["auto-1.toml", "auto.damaged-1.toml"]);
    // A run that was cut off while it moved the autosaves on leaves none under the first name.
    let loaded = folder.load(&story, "auto").expect("the one before is there");
    assert!(loaded.instead.is_some_and(|instead| matches!(instead.why, SaveError::NotFound(_))));
}

#[test]
fn another_story_is_refused() {
    let scratch = Scratch::new("other");
    let (folder, mill) = (scratch.folder(), changed(&[]));
    let other = changed(&[("id       = \"mill\"", "id       = \"other\""), ("\"The mill\"", "\"Other\"")]);
    folder.write(&other, &begin(&other, &["weaver"], 1), "a", "").expect("it is written");
    folder.autosave(&other, &begin(&other, &["weaver"], 1), "").expect("it is written");
    for slot in ["a", "auto"] {
        let refused = folder.load(&mill, slot);
        assert!(matches!(&refused, Err(SaveError::OtherStory { title, .. }) if title == "Other"), "{refused:?}");
    }
    assert_eq!(folder.load(&mill, "b").expect_err("nothing is there").to_string(), "There is no save called “b”.");
}

#[test]
fn names_that_lead_elsewhere_are_refused() {
    let scratch = Scratch::new("names");
    let (folder, story) = (scratch.folder(), changed(&[]));
    let play = begin(&story, &["weaver"], 1);
    for name in ["../x", "a/b", "a\\b", "/x", "..", ".x", "", "nul", "x.toml", "a\0b"] {
        assert!(matches!(folder.write(&story, &play, name, ""), Err(SaveError::BadName(_))), "{name:?}");
        assert!(matches!(folder.load(&story, name), Err(SaveError::BadName(_))), "{name:?}");
    }
    for name in ["auto", "auto-2", "AUTO"] {
        assert!(matches!(folder.write(&story, &play, name, ""), Err(SaveError::Reserved(_))), "{name:?}");
    }
    assert_eq!(scratch.names(), [""; 0]);
}

#[test]
fn what_can_not_be_written_loses_nothing() {
    let scratch = Scratch::new("unwritten");
    let (folder, story) = (scratch.folder(), changed(&[]));
    let play = begin(&story, &["weaver"], 1);
    folder.write(&story, &play, "a", "").expect("it is written");
    // The folder's own name belongs to a file, as good as a folder that may not be written.
    let nowhere = SaveFolder::at(scratch.file("a.toml"));
    assert!(nowhere.write(&story, &play, "b", "").is_err_and(|error| std::error::Error::source(&error).is_some()));
    assert!(nowhere.autosave(&story, &play, "").is_err());
    assert!(nowhere.load(&story, "auto").is_err() && nowhere.list().is_empty());
    fs::create_dir(scratch.file("b.toml")).expect("a folder in the way");
    assert!(matches!(folder.write(&story, &play, "b", ""), Err(SaveError::NotAFile(_))));
    assert!(matches!(folder.load(&story, "b"), Err(SaveError::NotAFile(_))));
    fs::write(scratch.file("c.toml"), vec![b'x'; (8 << 20) + 1]).expect("a large file");
    assert!(matches!(folder.load(&story, "c"), Err(SaveError::TooLarge(_))));
    is_the_same(&story, &folder.load(&story, "a").expect("it is there"), &play);
    assert_eq!(scratch.names(), ["a.toml", "b.toml", "c.toml"]);
}

#[cfg(unix)]
#[test]
fn no_link_is_followed() {
    let (scratch, outside) = (Scratch::new("links"), Scratch::new("outside"));
    let (folder, story) = (scratch.folder(), changed(&[]));
    let play = begin(&story, &["weaver"], 1);
    outside.folder().write(&story, &play, "a", "").expect("it is written");
    fs::create_dir_all(&scratch.0).expect("a folder");
    let link = |name: &str, to: &Path| std::os::unix::fs::symlink(to, scratch.file(name)).expect("a link");
    link("a.toml", &outside.file("a.toml"));
    link("b.toml", &outside.file("new.toml"));
    let before = fs::read(outside.file("a.toml")).expect("it is there");
    for slot in ["a", "b"] {
        assert!(matches!(folder.load(&story, slot), Err(SaveError::NotAFile(_))));
        assert!(matches!(folder.write(&story, &play, slot, ""), Err(SaveError::NotAFile(_))));
    }
    assert_eq!(fs::read(outside.file("a.toml")).expect("it is there"), before);
    assert_eq!((outside.names(), folder.list().len()), (vec!["a.toml".to_owned()], 0));
}

/// What a change of the story does to a save of it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    what: String,
    replace: Vec<Replacement>,
    parts: Option<String>,
    reason: Option<String>,
    logic: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Replacement {
    from: String,
    to: String,
}

#[derive(Deserialize)]
struct Changes {
    change: Vec<Change>,
}

fn short(reason: &Reason) -> String {
    match reason {
        Reason::Elsewhere(at) => format!("elsewhere {at}"),
        Reason::NotOffered => "not offered".to_owned(),
        Reason::Closed => "closed".to_owned(),
        Reason::Leads(to) => format!("leads {to}"),
        Reason::Differs => "differs".to_owned(),
    }
}

#[test]
fn a_story_that_has_changed_holds_or_says_where_it_parts() {
    let scratch = Scratch::new("changed");
    let (folder, mill) = (scratch.folder(), changed(&[]));
    let play = whole(&mill);
    folder.write(&mill, &play, "a", "").expect("it is written");
    let all = names(&mill, &play);
    let changes: Changes = toml::from_str(include_str!("../save/changes.toml")).expect("the changes are data");
    for Change { what, replace, parts, reason, logic } in changes.change {
        let replace: Vec<_> = replace.iter().map(|one| (one.from.as_str(), one.to.trim_start_matches('\n'))).collect();
        let story = changed(&replace);
        let LoadedPlay { play: loaded, parted, .. } = folder.load(&story, "a").expect(&what);
        let found = parted.as_ref().map(|parting| (parting.choice.clone(), short(&parting.reason)));
        let held = parts.as_ref().map_or(all.len(), |parts| all.iter().position(|name| name == parts).expect(&what));
        assert_eq!(found, parts.zip(reason), "{what}: {all:?}");
        assert_eq!(names(&story, &loaded), all[..held], "{what}");
        if let Some(parting) = parted {
            assert_eq!((parting.step, parting.steps), (held + 1, all.len()), "{what}");
            assert!(parting.describe(&Catalogue::default()).contains(&parting.choice), "{what}");
        }
        assert_eq!(story.logic == mill.logic, logic.as_deref() == Some("same"), "{what}");
        if story.logic == mill.logic {
            assert_eq!((loaded.log(), loaded.state()), (play.log(), play.state()), "{what}");
        }
        // What was loaded is saved and loaded again as it is.
        folder.write(&story, &loaded, "again", "").expect(&what);
        is_the_same(&story, &folder.load(&story, "again").expect(&what), &loaded);
    }
    let without = changed(&[("start = \"barracks\"\n", "")]);
    assert!(matches!(folder.load(&without, "a"), Err(SaveError::NoRole { role, .. }) if role == "soldier"));
}
