//! A play at the prompt: what is shown, what is asked next, and what an answer does. Knows no
//! terminal: a line goes in, text comes out.

use std::collections::VecDeque;
use std::io;

use super::line::{self, Meaning};
use super::look::{Look, Tone, clean};
use super::pager::{Block, screens};
use super::sitting::Sitting;
use super::transcript::Transcript;
use super::{mark, page};
use crate::engine::{Choosable, Cursor, Fall, Input, Pick, Play, View};
use crate::story::model::{ChoiceId, RoleId};
use crate::tr;

/// How a session goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// Somebody reads along: a screen waits for Enter, and leaving is asked for.
    Reader,
    /// Answers come from a file or a pipe: nothing waits.
    Stream,
}

/// What a player may set.
#[derive(Clone, Debug)]
pub struct Wishes {
    /// Whether a choice is marked by how it stands to the record.
    pub marks: bool,
    /// Whether anybody reads along.
    pub pace: Pace,
    /// The seed, where one was asked for.
    pub seed: Option<u64>,
    /// The story, as it was named on the command line; the one built in is not.
    pub story: Option<String>,
}

/// What the next line answers, when every screen was shown.
pub(super) enum Ask {
    /// What the role does.
    Turn,
    /// To pass the keyboard on to another role.
    PassOn(RoleId),
    /// Whether that role is at the keyboard.
    HandOver(RoleId),
    /// Whether to leave.
    Leave,
    /// Whether to begin again.
    Restart,
    /// Whether to save over another play: the slot's name.
    Overwrite(String),
    /// Whether to go on with a play that parts from the story.
    Parted(Box<Play>),
    /// Nothing: the play is over.
    Over(Finale),
}

/// Whether the comparison that follows a play was shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Finale {
    /// Enter shows it.
    Waits,
    /// It was.
    Shown,
}

/// How much of a page is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Showing {
    /// What the role hasn't read.
    New,
    /// All of it.
    Whole,
}

/// What came of a line.
#[derive(Debug, Default)]
pub struct Reply {
    /// What to show.
    pub text: String,
    /// Whether the player has left.
    pub left: bool,
}

/// What a role has read of what was told to it since it last acted.
#[derive(Clone, Copy, Default)]
pub(super) struct Read {
    pub(super) said: usize,
    pub(super) news: usize,
    pub(super) ending: bool,
}

/// A play at the prompt.
pub struct Session<'a> {
    pub(super) sitting: Sitting<'a>,
    /// How it looks: may change with the window.
    pub look: Look,
    pub(super) wishes: Wishes,
    pub(super) ask: Ask,
    /// What was asked before a question that takes yes or no.
    pub(super) before: Ask,
    /// Screens that wait for Enter.
    pub(super) pending: VecDeque<String>,
    /// Whose page is open.
    pub(super) role: RoleId,
    /// The last choice that was taken.
    pub(super) last: Option<ChoiceId>,
    pub(super) read: Vec<Read>,
    pub(super) transcript: Option<Transcript>,
}

impl<'a> Session<'a> {
    /// A session at a play.
    pub fn new(sitting: Sitting<'a>, look: Look, wishes: Wishes, transcript: Option<Transcript>) -> Session<'a> {
        let role = sitting.role();
        let read = vec![Read::default(); sitting.story.roles.len()];
        let pending = VecDeque::new();
        let (ask, before) = (Ask::Turn, Ask::Turn);
        Session { sitting, look, wishes, ask, before, pending, role, last: None, read, transcript }
    }

    /// Whether the play as it stands could not be kept.
    pub fn is_unsaved(&self) -> bool {
        self.sitting.is_unsaved()
    }

    /// The play.
    pub fn play(&self) -> &Play {
        &self.sitting.play
    }

    pub(super) fn view(&self) -> View {
        self.sitting.play.view(self.sitting.story, self.role)
    }

    pub(super) fn is_hot_seat(&self) -> bool {
        self.sitting.play.state().played(self.sitting.story).nth(1).is_some()
    }

    /// What stands before the cursor where a line is typed.
    pub fn prompt(&self) -> String {
        let words = self.sitting.words;
        match self.ask {
            _ if self.wishes.pace == Pace::Stream => "> ".to_owned(),
            _ if !self.pending.is_empty() => tr!(words, "[Enter]") + " ",
            Ask::PassOn(_) | Ask::HandOver(_) | Ask::Over(Finale::Waits) => tr!(words, "[Enter]") + " ",
            Ask::Leave | Ask::Restart | Ask::Parted(_) | Ask::Overwrite(_) => tr!(words, "[y/n]") + " ",
            Ask::Turn if page::only_continues(&self.view()) => tr!(words, "[Enter]") + " ",
            Ask::Turn | Ask::Over(Finale::Shown) => "> ".to_owned(),
        }
    }

    /// Whether Enter alone is all that is asked for.
    pub fn only_enter(&self) -> bool {
        let turn = || matches!(self.ask, Ask::Turn) && page::only_continues(&self.view());
        !self.pending.is_empty()
            || matches!(self.ask, Ask::PassOn(_) | Ask::HandOver(_) | Ask::Over(Finale::Waits))
            || turn()
    }

    /// What can be chosen now, by its label though it is closed.
    pub fn options(&self) -> Vec<Choosable> {
        if !matches!(self.ask, Ask::Turn) || !self.pending.is_empty() {
            return Vec::new();
        }
        let (story, state) = (self.sitting.story, self.sitting.play.state());
        let labelled =
            |option: Choosable| Choosable { text: page::full_label(story, state, self.role, &option), ..option };
        self.view().options.into_iter().map(labelled).collect()
    }

    /// What a line does.
    ///
    /// # Errors
    ///
    /// Where the transcript can't be written.
    pub fn answer(&mut self, line: &str) -> io::Result<Reply> {
        let line = line.trim();
        let text = match std::mem::replace(&mut self.ask, Ask::Turn) {
            Ask::Leave if line::is_yes(self.sitting.words, line) => return Ok(self.left()),
            Ask::Leave => self.stay(),
            Ask::Restart if line::is_yes(self.sitting.words, line) => self.restart()?,
            Ask::Restart => self.stay(),
            Ask::Overwrite(slot) if line::is_yes(self.sitting.words, line) => self.save_over(&slot),
            Ask::Overwrite(_) => self.stay(),
            Ask::Parted(play) if line::is_yes(self.sitting.words, line) => self.take_up(*play)?,
            Ask::Parted(_) => self.stay(),
            ask => {
                self.ask = ask;
                return self.follow(line);
            }
        };
        Ok(Reply { text, left: false })
    }

    /// What a line does where nothing is to be answered with yes or no.
    fn follow(&mut self, line: &str) -> io::Result<Reply> {
        let options = self.options();
        let text = match line::read(self.sitting.words, &options, line) {
            Meaning::Command(command) => return self.obey(&command),
            // Whatever was typed was typed before all was read.
            _ if !self.pending.is_empty() => self.next_screen(),
            Meaning::Empty => self.enter()?,
            Meaning::Choose(index) => self.choose(options[index].pick)?,
            Meaning::Closed(index) => {
                let why = &self.view().options[index].text;
                tr!(self.sitting.words, "That is closed: {reason}", reason = clean(why))
            }
            Meaning::Which(several) => self.which(&options, &several),
            Meaning::NoSuchNumber => match options.len() {
                0 => tr!(self.sitting.words, "There is nothing to choose now."),
                many => tr!(self.sitting.words, "Choose a number from 1 to {last}.", last = many),
            },
            Meaning::Unknown(near) => self.unknown(near),
        };
        let text = if text.contains('\n') { text } else { self.look.wrap(&text, "", "") };
        Ok(Reply { text, left: false })
    }

    fn next_screen(&mut self) -> String {
        self.pending.pop_front().unwrap_or_default()
    }

    fn enter(&mut self) -> io::Result<String> {
        match self.ask {
            Ask::PassOn(role) => {
                self.ask = Ask::HandOver(role);
                let text = self.pass_to(role);
                Ok(self.cleared(&text))
            }
            Ask::HandOver(role) => {
                self.role = role;
                self.last = None;
                self.ask = Ask::Turn;
                let text = self.go_on(Vec::new(), Showing::Whole)?;
                Ok(self.cleared(&text))
            }
            Ask::Over(Finale::Waits) => {
                self.ask = Ask::Over(Finale::Shown);
                Ok(self.comparison())
            }
            Ask::Turn if page::only_continues(&self.view()) => self.choose(Pick::Continue),
            _ => Ok(self.choices()),
        }
    }

    /// Takes what the role at the keyboard chose.
    fn choose(&mut self, pick: Pick) -> io::Result<String> {
        match self.take(Input { role: self.role, pick }, &[])? {
            Ok((_, text)) => Ok(text),
            // What is offered and open is not refused; were it, the reason is the thing to show.
            Err(refusal) => Ok(refusal),
        }
    }

    /// Takes an input, of whichever role, with chance falling to given places. Returns where it
    /// could not fall to, if there was one, and what to show.
    pub fn take(&mut self, input: Input, fell: &[Fall]) -> io::Result<Result<(Option<Fall>, String), String>> {
        let before = self.sitting.play.view(self.sitting.story, input.role);
        let unmet = match self.sitting.take(input, fell) {
            Ok(unmet) => unmet,
            Err(refusal) => return Ok(Err(refusal)),
        };
        if unmet.is_some() {
            return Ok(Ok((unmet, String::new())));
        }
        self.role = input.role;
        self.read[input.role.index()] = Read::default();
        if let Pick::Choice(choice) = input.pick {
            self.last = Some(choice);
        }
        let chosen = before.options.iter().find(|option| option.pick == input.pick);
        let chosen = chosen.filter(|option| option.pick != Pick::Continue);
        if let (Some(transcript), Some(option)) = (&mut self.transcript, chosen) {
            transcript.chose(&page::label(self.sitting.words, option))?;
        }
        let mut blocks = self.said()?;
        self.mark(input.pick, &mut blocks)?;
        let text = self.go_on(blocks, Showing::New)?;
        Ok(Ok((None, text)))
    }

    /// Puts the mark of a choice below what it answered.
    fn mark(&mut self, pick: Pick, blocks: &mut Vec<Block>) -> io::Result<()> {
        let Some(basis) = mark::basis(self.sitting.story, pick).filter(|_| self.wishes.marks) else { return Ok(()) };
        let mark = mark::mark(self.sitting.words, &self.look, basis);
        match blocks.last_mut() {
            Some(last) => last.push(&mark),
            None => blocks.push(Block::new(mark)),
        }
        match &mut self.transcript {
            Some(transcript) => transcript.mark(self.sitting.words, basis),
            None => Ok(()),
        }
    }

    /// Shows what comes next, after `blocks`: the role's next page, or who is to be given the
    /// keyboard, or how it all came out.
    pub(super) fn go_on(&mut self, mut blocks: Vec<Block>, mut showing: Showing) -> io::Result<String> {
        if let Some(trouble) = self.sitting.trouble() {
            let text = tr!(self.sitting.words, "The play could not be saved: {reason}", reason = trouble);
            blocks.insert(0, Block::new(self.look.line(Tone::Trouble, &text)));
        }
        loop {
            if self.owes_ending(self.role) {
                blocks.extend(self.page(showing)?);
                self.read[self.role.index()].ending = true;
            }
            let over = self.sitting.play.state().is_over(self.sitting.story);
            match self.next_role() {
                Some(role) if role != self.role && self.wishes.pace == Pace::Reader => self.ask = Ask::PassOn(role),
                Some(role) if role != self.role => {
                    self.role = role;
                    showing = Showing::Whole;
                    blocks.push(Block::new(self.now_plays(role)));
                    continue;
                }
                None if over => {
                    blocks.extend(self.outcome()?);
                    self.ask = Ask::Over(Finale::Waits);
                }
                // Where nobody can act and the play isn't over, the page says so.
                Some(_) | None => {
                    blocks.extend(self.page(showing)?);
                    self.ask = Ask::Turn;
                }
            }
            return Ok(self.show(blocks));
        }
    }

    /// Who is to have the keyboard.
    pub(super) fn pass_to(&self, role: RoleId) -> String {
        let name = &self.sitting.story.roles[role.index()].name;
        self.look.wrap(&tr!(self.sitting.words, "Pass to {role}; press Enter alone.", role = name), "", "")
    }

    fn now_plays(&self, role: RoleId) -> String {
        let name = &self.sitting.story.roles[role.index()].name;
        self.look.line(Tone::Strong, &tr!(self.sitting.words, "Now plays: {role}.", role = name))
    }

    fn next_role(&self) -> Option<RoleId> {
        let story = self.sitting.story;
        let owed = self.sitting.play.state().played(story).find(|&role| self.owes_ending(role));
        owed.or_else(|| self.sitting.play.next_role(story))
    }

    /// Whether a role's play is over and it has not read how.
    fn owes_ending(&self, role: RoleId) -> bool {
        let ended = matches!(self.sitting.play.state().cursor(self.sitting.story, role), Cursor::Ending(_));
        ended && !self.read[role.index()].ending
    }

    /// Puts as much on a screen as fits, the rest on those after it.
    pub(super) fn show(&mut self, blocks: Vec<Block>) -> String {
        let blocks = blocks.into_iter().filter(|block| !block.text.is_empty());
        if self.wishes.pace == Pace::Stream {
            return blocks.map(|block| block.text).collect::<Vec<_>>().join("\n\n");
        }
        self.pending = screens(blocks, self.room()).into();
        self.next_screen()
    }

    /// Shows what was asked for besides the story, before what is still to be read of it.
    pub(super) fn show_first(&mut self, text: String) -> String {
        if self.wishes.pace == Pace::Stream || text.lines().count() < self.room() {
            return text;
        }
        let blocks = text.split("\n\n").map(|part| Block::new(part.to_owned()));
        let screens = screens(blocks, self.room());
        self.pending = screens.into_iter().chain(std::mem::take(&mut self.pending)).collect();
        self.next_screen()
    }

    /// The lines that fit on a window beside the line that was typed, a blank line at each end
    /// and the prompt.
    fn room(&self) -> usize {
        self.look.height.map_or(usize::MAX, |height| height.saturating_sub(4).max(8))
    }

    /// Text on a window that was emptied, with all that can be scrolled back to.
    fn cleared(&self, text: &str) -> String {
        match (self.wishes.pace, self.look.draws()) {
            (Pace::Stream, _) => text.to_owned(),
            // What is scrolled back to last: some terminals put there what they clear.
            (Pace::Reader, true) => format!("\u{1b}[H\u{1b}[2J\u{1b}[3J{text}"),
            (Pace::Reader, false) => format!("{}{text}", "\n".repeat(self.look.height.unwrap_or(50).max(50))),
        }
    }
}
