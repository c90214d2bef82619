//! A play as other programs drive it: one JSON object a line out, one choice a line in.

use std::io::{self, BufRead, Write};

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::command::{Command, Verb};
use super::console::read_line;
use super::page;
use super::sitting::Sitting;
use crate::calendar::Calendar;
use crate::engine::{Choosable, Cursor, Input, View};
use crate::save::AUTO;
use crate::story::model::{RoleId, Story, VariableId};
use crate::tr;

/// What a player sees. The order of the keys is part of the contract.
#[derive(Serialize)]
struct Line<'a> {
    format: u32,
    turn: usize,
    role: &'a str,
    at: &'a str,
    date: String,
    date_gregorian: String,
    place: Option<&'a str>,
    title: &'a str,
    said: &'a str,
    text: &'a str,
    news: Vec<NewsLine<'a>>,
    choices: Vec<ChoiceLine>,
    barometers: Barometers<'a>,
    ending: Option<&'a str>,
    outcome: Option<&'a str>,
}

#[derive(Serialize)]
struct NewsLine<'a> {
    event: &'a str,
    text: &'a str,
}

#[derive(Serialize)]
struct ChoiceLine {
    n: usize,
    id: String,
    text: String,
    open: bool,
}

#[derive(Serialize)]
struct ErrorLine<'a> {
    format: u32,
    error: &'a str,
    choices: Vec<ChoiceLine>,
}

/// An object from ids to values, in the order of declaration.
struct Barometers<'a>(&'a Story, &'a [(VariableId, i64)]);

impl Serialize for Barometers<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.1.len()))?;
        for &(variable, value) in self.1 {
            map.serialize_entry(&self.0.variables[variable.index()].id, &value)?;
        }
        map.end()
    }
}

/// A play driven by another program.
pub struct Driven<'a> {
    sitting: Sitting<'a>,
    seed: Option<u64>,
    /// The roles whose ending was told.
    ended: Vec<RoleId>,
}

/// Whether a program wants to go on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Will {
    GoOn,
    Leave,
}

impl<'a> Driven<'a> {
    /// A play driven by another program; `seed` where one was asked for.
    pub fn new(sitting: Sitting<'a>, seed: Option<u64>) -> Driven<'a> {
        Driven { sitting, seed, ended: Vec::new() }
    }

    /// The play.
    pub fn play(&self) -> &crate::engine::Play {
        &self.sitting.play
    }

    /// Answers every line of `input` until it ends.
    ///
    /// # Errors
    ///
    /// Where nothing can be read or written.
    pub fn run(&mut self, input: &mut impl BufRead, out: &mut dyn Write) -> io::Result<()> {
        self.tell(out)?;
        while let Some(line) = read_line(input)? {
            if self.answer(line.trim(), out)? == Will::Leave {
                break;
            }
        }
        self.sitting.leave();
        self.complain();
        Ok(())
    }

    fn answer(&mut self, line: &str, out: &mut dyn Write) -> io::Result<Will> {
        let role = self.sitting.role();
        let options = self.sitting.play.view(self.sitting.story, role).options;
        if let Some(option) = chosen(&options, line) {
            match self.take(Input { role, pick: option.pick }, &[]) {
                Ok(_) => self.tell(out)?,
                Err(refusal) => self.refuse(&refusal, out)?,
            }
            return Ok(Will::GoOn);
        }
        match Command::read(self.sitting.words, line) {
            Some(Command { verb: Verb::Quit, .. }) => return Ok(Will::Leave),
            Some(command) => match self.obey(&command) {
                Ok(()) => self.tell(out)?,
                Err(reason) => self.refuse(&reason, out)?,
            },
            None => {
                let words = self.sitting.words;
                self.refuse(&tr!(words, "“{line}” is neither a choice nor a command", line = line), out)?;
            }
        }
        Ok(Will::GoOn)
    }

    /// Takes an input and keeps the play; the answer is not told yet.
    ///
    /// # Errors
    ///
    /// As [`Sitting::take`].
    pub fn take(&mut self, input: Input, fell: &[crate::engine::Fall]) -> Result<Option<crate::engine::Fall>, String> {
        let unmet = self.sitting.take(input, fell);
        self.complain();
        unmet
    }

    /// What goes wrong with keeping the play is no part of the contract.
    fn complain(&mut self) {
        if let Some(trouble) = self.sitting.trouble() {
            let words = self.sitting.words;
            eprintln!("petrograd: {}", tr!(words, "The play could not be saved: {reason}", reason = trouble));
        }
    }

    /// Does what a command says where it changes something; the others have nothing to show here.
    fn obey(&mut self, command: &Command) -> Result<(), String> {
        match command.verb {
            Verb::Undo => {
                self.sitting.undo(command.count());
            }
            Verb::Save => {
                let slot = self.sitting.slot();
                self.sitting.save(command.argument().unwrap_or(&slot))?;
            }
            Verb::Load => {
                let loaded = self.sitting.load(command.argument().unwrap_or(AUTO))?;
                loaded.notes(self.sitting.words).iter().for_each(|note| eprintln!("petrograd: {note}"));
                self.sitting.take_up(loaded.play);
                self.ended.clear();
            }
            Verb::Restart => self.sitting.restart(self.seed.unwrap_or_else(super::sitting::any_seed)),
            _ => {}
        }
        Ok(())
    }

    /// Tells what the role that acts sees; before that, for each other role that has come to its
    /// ending since, how it ended. The outcome stands in the last line of a play alone.
    ///
    /// # Errors
    ///
    /// Where it can't be written.
    pub fn tell(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let (story, state) = (self.sitting.story, self.sitting.play.state());
        let acting = self.sitting.role();
        let has_ended = |role: &RoleId| matches!(state.cursor(story, *role), Cursor::Ending(_));
        let ended: Vec<RoleId> = state.played(story).filter(has_ended).collect();
        for &role in ended.iter().filter(|role| **role != acting && !self.ended.contains(role)) {
            let view = View { outcome: None, ..self.sitting.play.view(story, role) };
            self.tell_view(&view, out)?;
        }
        self.ended = ended;
        self.tell_view(&self.sitting.play.view(story, acting), out)
    }

    fn tell_view(&self, view: &View, out: &mut dyn Write) -> io::Result<()> {
        let (story, play) = (self.sitting.story, &self.sitting.play);
        let role = view.role;
        let calendar = story.manifest.calendar;
        write_line(
            &Line {
                format: 1,
                turn: play.log().len(),
                role: &story.roles[role.index()].id,
                at: &view.at,
                date: calendar.iso(view.day),
                date_gregorian: Calendar::Gregorian.iso(view.day),
                place: view.place.map(|place| story.codex[place.index()].id.as_str()),
                title: &view.title,
                said: &play.said(role).plain,
                text: &view.text.plain,
                news: self.news(role),
                choices: self.choices(view),
                barometers: Barometers(story, &view.barometers),
                ending: view.ending.map(|scene| &*story.scenes[scene.index()].id),
                outcome: view.outcome.map(|outcome| story.outcomes[outcome.index()].id.as_str()),
            },
            out,
        )
    }

    fn news(&self, role: RoleId) -> Vec<NewsLine<'_>> {
        let events = &self.sitting.story.events;
        let news = self.sitting.play.news(role).iter();
        news.map(|item| NewsLine { event: &events[item.event.index()].id, text: &item.text.plain }).collect()
    }

    fn choices(&self, view: &View) -> Vec<ChoiceLine> {
        let words = self.sitting.words;
        let line = |(index, option): (usize, &Choosable)| ChoiceLine {
            n: index + 1,
            id: option.id.clone(),
            text: page::label(words, option),
            open: option.open,
        };
        view.options.iter().enumerate().map(line).collect()
    }

    /// Tells that a line chose nothing.
    ///
    /// # Errors
    ///
    /// Where it can't be written.
    pub fn refuse(&self, error: &str, out: &mut dyn Write) -> io::Result<()> {
        let view = self.sitting.play.view(self.sitting.story, self.sitting.role());
        write_line(&ErrorLine { format: 1, error, choices: self.choices(&view) }, out)
    }
}

/// The choice that a number or an id names.
fn chosen<'a>(options: &'a [Choosable], line: &str) -> Option<&'a Choosable> {
    let number = line.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
    options.iter().find(|option| option.id == line).or_else(|| options.get(number?))
}

/// One write a line: whoever reads never sees half of one.
fn write_line(line: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    let mut text = serde_json::to_string(line)?;
    text.push('\n');
    out.write_all(text.as_bytes())?;
    out.flush()
}
