//! `petrograd play`.

use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;

use super::{CommandError, Outcome, open};
use crate::catalogue::Catalogue;
use crate::engine::{Play, Setup};
use crate::play::console::{Console, Lines, converse, is_attended, show};
use crate::play::editor::{Dims, Prompt};
use crate::play::json::Driven;
use crate::play::keyboard::{PlainKeyboard, leave_tidily};
use crate::play::look::{Form, Look};
use crate::play::session::{Pace, Session, Wishes};
use crate::play::sitting::{Sitting, any_seed};
use crate::play::start::{Answer, ask_role, ask_yes, role_named};
use crate::play::transcript::Transcript;
use crate::play::until::{Astray, Led, Wish, lead};
use crate::play::{run_script, script};
use crate::save::{LoadedPlay, SaveFolder};
use crate::story::model::{RoleId, Story};
use crate::tr;

/// Play a story in the terminal
///
/// The play is saved after every choice; `petrograd --load auto` goes on with it.
#[derive(clap::Args)]
pub struct PlayArgs {
    /// File or folder of the story [default: ./story, else the one built in]
    story: Option<PathBuf>,
    /// Play this role [default: the first that can be played]
    #[arg(long, value_name = "ROLE")]
    role: Option<String>,
    /// Play several roles in turn at one keyboard
    #[arg(long, value_name = "ROLE,ROLE", value_delimiter = ',', conflicts_with = "role")]
    roles: Vec<String>,
    /// Take the short course, where the story has one
    #[arg(long)]
    digest: bool,
    /// What decides where chance is asked: the same number, the same chances
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Language of the program, and of the story where it is translated [default: the environment's]
    #[arg(long, value_name = "LANG")]
    lang: Option<String>,
    /// Go on with a play that was saved
    #[arg(long, value_name = "SLOT", conflicts_with_all = ["role", "roles", "digest", "seed"])]
    load: Option<String>,
    /// Words in reading order, for a screen reader: no colour, nothing drawn, no cursor moved
    #[arg(long)]
    plain: bool,
    /// When to use colour
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    color: Color,
    /// Don't tell after a choice how it stands to the record
    #[arg(long)]
    no_marks: bool,
    /// Keep the play as Markdown in this file
    #[arg(long, value_name = "FILE")]
    transcript: Option<PathBuf>,
    /// One JSON object a line out, one choice a line in, for other programs
    #[arg(long)]
    json: bool,
    /// Take the choices from this file, one a line
    #[arg(long, value_name = "FILE")]
    script: Option<PathBuf>,
    /// Begin at a scene, hinge, ending, `scene.choice` or outcome: the shortest play there is taken first
    #[arg(long, value_name = "TARGET", conflicts_with = "load")]
    until: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Color {
    Auto,
    Always,
    Never,
}

/// Plays a story.
pub fn run(args: &PlayArgs, out: &mut dyn Write) -> Outcome {
    let words = super::words(args.lang.as_deref());
    let story = open(args.story.as_deref(), words.asked(), &words)?;
    let script = args.script.as_ref().map(|path| read_script(path, &words)).transpose()?;
    let table = Table { args, story: &story, words: &words, folder: SaveFolder::choose(), script };
    if args.json { table.drive(out) } else { table.play(out) }
}

/// What a play is begun with.
struct Table<'a> {
    args: &'a PlayArgs,
    story: &'a Story,
    words: &'a Catalogue,
    folder: SaveFolder,
    script: Option<script::Script>,
}

fn read_script(path: &std::path::Path, words: &Catalogue) -> Result<script::Script, CommandError> {
    let name = path.display().to_string();
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(script::read(&name, &text)),
        Err(error) => Err(CommandError::System(tr!(words, "{file} can't be read", file = name), error)),
    }
}

impl Table<'_> {
    /// Plays for another program.
    fn drive(&self, out: &mut dyn Write) -> Outcome {
        let play = match self.loaded()? {
            Some(loaded) => {
                loaded.notes(self.words).iter().for_each(|note| eprintln!("petrograd: {note}"));
                loaded.play
            }
            None => match self.led()? {
                Some(led) => led.play,
                None => self.begin(self.roles(None)?),
            },
        };
        let sitting = Sitting::new(self.story, self.words, &self.folder, play);
        let mut driven = Driven::new(sitting, self.args.seed);
        match &self.script {
            Some(script) => {
                run_script::driven(&mut driven, self.story, self.words, script, out)?.map_err(CommandError::Said)
            }
            None => Ok(driven.run(&mut io::stdin().lock(), out)?),
        }
    }

    /// Plays for somebody who reads.
    fn play(&self, out: &mut dyn Write) -> Outcome {
        let attended = is_attended() && self.script.is_none();
        let look = || self.look();
        let mut console: Box<dyn Console> = match attended {
            true => self.prompt()?,
            false => Box::new(Lines::new(io::stdin().lock())),
        };
        let console = &mut *console;
        let Some((play, note)) = self.opened(attended, console, out)? else { return Ok(()) };
        let sitting = Sitting::new(self.story, self.words, &self.folder, play);
        let pace = if attended { Pace::Reader } else { Pace::Stream };
        let wishes = Wishes {
            marks: !self.args.no_marks,
            pace,
            seed: self.args.seed,
            story: self.args.story.as_ref().map(|path| path.display().to_string()),
        };
        let mut session = Session::new(sitting, look(), wishes, self.transcript()?);
        let first = match note {
            Some(note) => session.resume(note)?,
            None => session.open()?,
        };
        show(&first, out)?;
        match &self.script {
            Some(script) => {
                run_script::shown(&mut session, self.story, self.words, script, out)?.map_err(CommandError::Said)
            }
            None => {
                converse(&mut session, console, &look, out)?;
                if session.is_unsaved() { Err(CommandError::Unsaved) } else { Ok(()) }
            }
        }
    }

    /// The play to go on with, and what to say of it; `None` where the player left before it began.
    fn opened(
        &self,
        attended: bool,
        console: &mut dyn Console,
        out: &mut dyn Write,
    ) -> Result<Option<(Play, Option<String>)>, CommandError> {
        if let (Some(led), Some(target)) = (self.led()?, &self.args.until) {
            let note = led.note(self.words, target);
            return Ok(Some((led.play, Some(note))));
        }
        if let Some(loaded) = self.loaded()? {
            return Ok(self.resumed(loaded, attended, console, out)?.map(|(play, note)| (play, Some(note))));
        }
        let asked = if attended { self.ask(console, out)? } else { Answer::Default };
        Ok(match asked {
            Answer::Left => None,
            Answer::Role(role) => Some((self.begin(self.roles(Some(role))?), None)),
            Answer::Default => Some((self.begin(self.roles(None)?), None)),
        })
    }

    /// The play that leads where `--until` says.
    fn led(&self) -> Result<Option<Led>, CommandError> {
        let Some(target) = &self.args.until else { return Ok(None) };
        let named = self.args.role.is_some() || !self.args.roles.is_empty();
        let roles = if named { self.roles(None)? } else { Vec::new() };
        let wish = Wish { target, roles, seed: self.args.seed, digest: self.args.digest };
        lead(self.story, self.words, &wish, any_seed()).map(Some).map_err(|astray| match astray {
            Astray::Unknown(message) => CommandError::Usage(message),
            Astray::Never(message) => CommandError::Said(message),
        })
    }

    fn loaded(&self) -> Result<Option<LoadedPlay>, CommandError> {
        let load = |slot: &String| {
            let (folder, slot) = SaveFolder::of(slot);
            folder.load(self.story, &slot)
        };
        let loaded = self.args.load.as_ref().map(load).transpose();
        loaded.map_err(|error| CommandError::Said(error.describe(self.words)))
    }

    /// The play that was loaded, and what to say of it; `None` where it parts from the story and
    /// the player would rather not go on.
    fn resumed(
        &self,
        loaded: LoadedPlay,
        attended: bool,
        console: &mut dyn Console,
        out: &mut dyn Write,
    ) -> io::Result<Option<(Play, String)>> {
        let note = crate::play::loaded_note(self.words, &self.look(), &loaded.play);
        for note in loaded.notes(self.words) {
            show(&self.look().wrap(&note, "", ""), out)?;
        }
        let question = tr!(self.words, "Go on from the last step that still holds?");
        let goes_on = !attended || loaded.parted.is_none() || ask_yes(self.story, self.words, &question, console, out)?;
        Ok(goes_on.then_some((loaded.play, note)))
    }

    fn begin(&self, roles: Vec<RoleId>) -> Play {
        let scripted = self.script.as_ref().and_then(|script| script.seed);
        let seed = self.args.seed.or(scripted).unwrap_or_else(any_seed);
        let digest = self.args.digest || self.script.as_ref().is_some_and(|script| script.digest);
        Play::begin(self.story, Setup { roles, seed, digest })
    }

    /// Who is played: who was named, else who was asked for, else the first who can be.
    fn roles(&self, asked: Option<RoleId>) -> Result<Vec<RoleId>, CommandError> {
        let named: Vec<&String> = self.args.role.iter().chain(&self.args.roles).collect();
        if !named.is_empty() {
            let role = |name: &&String| role_named(self.story, self.words, name.trim());
            let mut roles = named.iter().map(role).collect::<Result<Vec<_>, _>>().map_err(CommandError::Usage)?;
            roles.sort_unstable();
            roles.dedup();
            return Ok(roles);
        }
        let role = asked.or_else(|| self.story.playable().next());
        role.map(|role| vec![role])
            .ok_or_else(|| CommandError::Said(tr!(self.words, "This story has no role that can be played.")))
    }

    /// Asks who is to be played, where there is a choice.
    fn ask(&self, console: &mut dyn Console, out: &mut dyn Write) -> io::Result<Answer> {
        let named = self.args.role.is_some() || !self.args.roles.is_empty();
        if named || self.story.playable().nth(1).is_none() {
            return Ok(Answer::Default);
        }
        ask_role(self.story, self.words, &self.look(), console, out)
    }

    fn transcript(&self) -> Result<Option<Transcript>, CommandError> {
        let open = |path: &PathBuf| {
            let failed = tr!(self.words, "{file} can't be written", file = path.display());
            Transcript::append(path).map_err(|error| CommandError::System(failed, error))
        };
        self.args.transcript.as_ref().map(open).transpose()
    }

    /// A prompt for somebody at a keyboard: with line editing where the terminal can do it.
    fn prompt(&self) -> Result<Box<dyn Console>, CommandError> {
        leave_tidily()?;
        Ok(match self.form() {
            Form::Plain => Box::new(PlainKeyboard::open()?),
            Form::Drawn => Box::new(Prompt::open(self.words, Dims::No)?),
            Form::Coloured => Box::new(Prompt::open(self.words, Dims::Yes)?),
        })
    }

    /// The window as it is now.
    fn look(&self) -> Look {
        let number = |name: &str| std::env::var(name).ok().and_then(|value| value.parse().ok());
        match terminal_size::terminal_size().filter(|_| io::stdout().is_terminal()) {
            Some((width, height)) => Look::new(width.0.into(), Some(height.0.into()), self.form()),
            None => Look::new(number("COLUMNS").unwrap_or(80), None, self.form()),
        }
    }

    fn form(&self) -> Form {
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let dumb = std::env::var("TERM").is_ok_and(|term| matches!(term.as_str(), "dumb" | "cons25" | "emacs"));
        let terminal = io::stdout().is_terminal();
        match self.args.color {
            _ if self.args.plain => Form::Plain,
            Color::Always => Form::Coloured,
            _ if (dumb && terminal) || self.script.is_some() => Form::Plain,
            Color::Auto if terminal && !set("NO_COLOR") => Form::Coloured,
            Color::Auto | Color::Never => Form::Drawn,
        }
    }
}
