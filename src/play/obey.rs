//! What the commands at the prompt do.

use std::io;
use std::time::SystemTime;

use super::city;
use super::codex::Reader;
use super::command::{Command, Verb};
use super::look::{Look, Tone, clean};
use super::map::map;
use super::page;
use super::pager::Block;
use super::prose::prose;
use super::session::{Ask, Finale, Pace, Reply, Session};
use crate::calendar;
use crate::catalogue::Catalogue;
use crate::engine::{Pick, Play, markdown};
use crate::save::{AUTO, SlotSummary};
use crate::story::model::Story;
use crate::{tr, trn};

impl Session<'_> {
    /// Does what a command says.
    pub(super) fn obey(&mut self, command: &Command) -> io::Result<Reply> {
        let (story, words, look) = (self.sitting.story, self.sitting.words, self.look);
        let text = match command.verb {
            Verb::Help => help(words, &look),
            Verb::Why => self.why(),
            Verb::Save => self.save(command),
            Verb::Load => self.load(command)?,
            Verb::Saves => self.saves(),
            Verb::Undo => self.undo(command.count())?,
            Verb::Log => self.log(),
            Verb::Who | Verb::What => {
                let state = self.sitting.play.state();
                let reader = Reader { story, state, role: self.role, words, look: &look };
                let text = reader.look_up(command.verb, command.argument());
                self.show_first(text)
            }
            Verb::Map => map(story, words, &look, self.view().place),
            Verb::City => city::city(story, self.sitting.play.state(), words, &look, &self.view()),
            Verb::Record => city::record(story, self.sitting.play.state(), words, &look),
            Verb::Role => {
                let text = self.who_you_are();
                self.show_first(text)
            }
            Verb::Restart if self.wishes.pace == Pace::Stream => self.restart()?,
            Verb::Restart => {
                self.put(Ask::Restart);
                look.wrap(&tr!(words, "Begin again from the start?"), "", "")
            }
            Verb::Quit => return Ok(self.left()),
        };
        Ok(Reply { text, left: false })
    }

    fn save(&mut self, command: &Command) -> String {
        let slot = command.argument().map_or_else(|| self.sitting.slot(), str::to_owned);
        let other = self.sitting.in_the_way(&slot).filter(|_| self.wishes.pace == Pace::Reader);
        let Some(other) = other else { return self.saved(&slot) };
        let question = tr!(
            self.sitting.words,
            "Another play is saved as “{slot}”: {summary}. Save this one in its place?",
            slot = slot,
            summary = clean(&other)
        );
        self.put(Ask::Overwrite(slot));
        self.look.wrap(&question, "", "")
    }

    /// Saves over another play, as was asked.
    pub(super) fn save_over(&mut self, slot: &str) -> String {
        let said = self.saved(slot);
        format!("{said}\n\n{}", self.stay()).trim_end().to_owned()
    }

    fn saved(&self, slot: &str) -> String {
        let words = self.sitting.words;
        match self.sitting.save(slot) {
            Ok(()) => self.look.wrap(&tr!(words, "Saved as “{slot}”.", slot = slot), "", ""),
            Err(reason) => self.look.line(Tone::Trouble, &reason),
        }
    }

    /// Puts a question that takes yes or no; no goes back to what is asked now.
    pub(super) fn put(&mut self, question: Ask) {
        let before = std::mem::replace(&mut self.ask, question);
        if !matches!(before, Ask::Leave | Ask::Restart | Ask::Parted(_) | Ask::Overwrite(_)) {
            self.before = before;
        }
    }

    fn load(&mut self, command: &Command) -> io::Result<String> {
        let slot = command.argument().unwrap_or(AUTO);
        let loaded = match self.sitting.load(slot) {
            Ok(loaded) => loaded,
            Err(reason) => return Ok(self.look.line(Tone::Trouble, &reason)),
        };
        let words = self.sitting.words;
        let parts = loaded.parted.is_some();
        let notes = loaded.notes(words).iter().map(|note| self.look.line(Tone::Trouble, note)).collect::<Vec<_>>();
        if parts && self.wishes.pace == Pace::Reader {
            self.put(Ask::Parted(Box::new(loaded.play)));
            let question = self.look.wrap(&tr!(words, "Go on from the last step that still holds?"), "", "");
            return Ok(format!("{}\n{question}", notes.join("\n")));
        }
        let page = self.take_up(loaded.play)?;
        Ok(notes.into_iter().chain([page]).collect::<Vec<_>>().join("\n\n"))
    }

    /// Goes on with a play that was loaded.
    pub(super) fn take_up(&mut self, play: Play) -> io::Result<String> {
        self.sitting.take_up(play);
        if let Some(transcript) = &mut self.transcript {
            transcript.aside(&tr!(self.sitting.words, "Another play is loaded."))?;
        }
        let note = loaded_note(self.sitting.words, &self.look, &self.sitting.play);
        self.resume(note)
    }

    fn saves(&self) -> String {
        let words = self.sitting.words;
        let slots = self.sitting.saves();
        let now = SystemTime::now();
        if slots.is_empty() {
            return self.look.wrap(&tr!(words, "Nothing is saved yet."), "", "");
        }
        let line = |slot: &SlotSummary| {
            let text = tr!(
                words,
                "{slot}: {summary} ({when})",
                slot = slot.slot,
                summary = slot.summary,
                when = slot.ago(words, now)
            );
            self.look.wrap(&clean(&text), "", "  ")
        };
        slots.iter().map(line).collect::<Vec<_>>().join("\n")
    }

    fn undo(&mut self, count: usize) -> io::Result<String> {
        let undone = self.sitting.undo(count);
        let words = self.sitting.words;
        if undone == 0 {
            return Ok(self.look.wrap(&tr!(words, "There is nothing to take back."), "", ""));
        }
        let note = trn!(words, "{n} step taken back.", "{n} steps taken back.", undone);
        if let Some(transcript) = &mut self.transcript {
            transcript.aside(&note)?;
        }
        self.forget();
        self.arrive(vec![Block::new(self.look.line(Tone::Aside, &note))])
    }

    pub(super) fn restart(&mut self) -> io::Result<String> {
        self.sitting.restart(self.wishes.seed.unwrap_or_else(super::sitting::any_seed));
        self.forget();
        for read in &mut self.read {
            *read = super::session::Read::default();
        }
        self.open()
    }

    fn who_you_are(&self) -> String {
        let (story, words) = (self.sitting.story, self.sitting.words);
        let role = &story.roles[self.role.index()];
        let mut parts = Vec::new();
        if !role.name.is_empty() {
            parts.push(self.look.line(Tone::Strong, &role.name));
        }
        if let Some(text) = role.text {
            parts.push(prose(&self.look, &markdown(story, self.sitting.play.state(), self.role, text)));
        }
        if parts.is_empty() {
            parts.push(self.look.wrap(&tr!(words, "This story has one nameless role: you."), "", ""));
        }
        parts.join("\n\n")
    }

    /// What was chosen so far; where several play, by whoever asks alone.
    fn log(&self) -> String {
        let words = self.sitting.words;
        let own = |entry: &&Chosen| !self.is_hot_seat() || entry.role == self.role;
        let chosen = retrace(self.sitting.story, words, &self.sitting.play);
        let lines: Vec<String> = chosen
            .iter()
            .filter(own)
            .map(|entry| {
                let text = tr!(words, "{moment}: {choice}", moment = entry.moment, choice = entry.label);
                self.look.wrap(&clean(&text), "", "  ")
            })
            .collect();
        if lines.is_empty() {
            return self.look.wrap(&tr!(words, "You have chosen nothing yet."), "", "");
        }
        lines.join("\n")
    }

    /// Whether the play is over and the comparison is still to be shown.
    pub fn is_over(&self) -> bool {
        matches!(self.ask, Ask::Over(Finale::Waits | Finale::Shown))
    }
}

/// That a play was loaded, and how far it has come.
pub fn loaded_note(words: &Catalogue, look: &Look, play: &Play) -> String {
    let note = trn!(words, "Loaded, {n} choice in.", "Loaded, {n} choices in.", play.log().len());
    look.line(Tone::Aside, &note)
}

/// A choice that was made, as it read then.
struct Chosen {
    role: crate::story::model::RoleId,
    /// The date, and the scene where it has a title.
    moment: String,
    label: String,
}

/// Plays a play again, for the words in which its choices were offered.
fn retrace(story: &Story, words: &Catalogue, play: &Play) -> Vec<Chosen> {
    let mut again = Play::begin(story, play.setup().clone());
    let mut chosen = Vec::new();
    for entry in play.log() {
        let role = entry.input.role;
        let view = again.view(story, role);
        let option = view.options.iter().find(|option| option.pick == entry.input.pick);
        if let Some(option) = option.filter(|option| option.pick != Pick::Continue) {
            let date = calendar::long_date(words.language(), story.manifest.calendar, view.day);
            let moment = if view.title.is_empty() { date } else { format!("{date}, {}", view.title) };
            chosen.push(Chosen { role, moment, label: page::label(words, option) });
        }
        // It was taken before from the same state, and a step is a function of its arguments.
        let _ = again.take_falling(story, entry.input, &entry.fell);
    }
    chosen
}

/// What can be typed.
fn help(words: &Catalogue, look: &Look) -> String {
    let intro = tr!(
        words,
        "Choose by typing a number, or the first letters of a choice. Enter alone reads on. The words you can type besides:"
    );
    let usages: Vec<(String, String)> = Verb::ALL.iter().map(|verb| (verb.usage(words), verb.does(words))).collect();
    let column = usages.iter().map(|(usage, _)| usage.chars().count()).max().unwrap_or(0) + 2;
    let line = |(usage, does): &(String, String)| match look.draws() {
        true => look.wrap(does, &format!("{usage:column$}"), &" ".repeat(column)),
        false => look.wrap(&tr!(words, "{command}: {meaning}", command = usage, meaning = does), "", ""),
    };
    let lines: Vec<String> = usages.iter().map(line).collect();
    format!("{}\n{}", look.wrap(&intro, "", ""), lines.join("\n"))
}
