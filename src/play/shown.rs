//! What a session shows: pages, answers, endings, the comparison.

use std::io;

use super::command::Verb;
use super::console::{Keyboard, Request};
use super::look::Tone;
use super::pager::Block;
use super::prose::screens;
use super::session::{Ask, Pace, Reply, Session, Showing};
use super::{mark, page};
use crate::engine::{Choosable, Cursor, Words};
use crate::save::AUTO;
use crate::story::model::RoleId;
use crate::tr;

impl Session<'_> {
    /// The first thing that is shown: what the story is, how to play, the first page.
    ///
    /// # Errors
    ///
    /// Where the transcript can't be written.
    pub fn open(&mut self) -> io::Result<String> {
        let blocks = self.beginning()?;
        self.arrive(blocks)
    }

    /// What is to be asked for next.
    pub fn request(&self) -> Request<'_> {
        Request {
            prompt: self.prompt(),
            options: self.options(),
            only_enter: self.only_enter(),
            story: self.sitting.story,
            slots: self.sitting.saves().into_iter().map(|save| save.slot).collect(),
            keyboard: if self.is_hot_seat() { Keyboard::Shared } else { Keyboard::Own },
        }
    }

    /// Goes on with a play that was kept.
    ///
    /// # Errors
    ///
    /// Where the transcript can't be written.
    pub fn resume(&mut self, note: String) -> io::Result<String> {
        self.forget();
        // Nobody has read in this sitting what the last choice answered and what happened then.
        let read = &mut self.read[self.role.index()];
        (read.said, read.news) = (0, 0);
        self.arrive(vec![Block::new(note)])
    }

    /// Opens a page anew, after `blocks`: with several players it is to be given to whose it is.
    pub(super) fn arrive(&mut self, blocks: Vec<Block>) -> io::Result<String> {
        if self.is_hot_seat()
            && self.wishes.pace == Pace::Reader
            && self.sitting.play.next_role(self.sitting.story).is_some()
        {
            self.ask = Ask::PassOn(self.role);
            return Ok(self.show(blocks));
        }
        self.go_on(blocks, Showing::Whole)
    }

    fn beginning(&mut self) -> io::Result<Vec<Block>> {
        let (story, words) = (self.sitting.story, self.sitting.words);
        let mut blocks = vec![Block::new(self.look.line(Tone::Strong, &story.manifest.title))];
        let text = Words::render(story, self.sitting.play.state(), self.role, story.manifest.text);
        if let Some(transcript) = &mut self.transcript {
            transcript.title(&story.manifest.title, &text.markdown)?;
        }
        blocks.extend(Block::screens(screens(&self.look, &text.markdown)));
        let how = [
            tr!(words, "To choose, type a number, or the first letters of a choice, and press Enter."),
            tr!(words, "`help` tells what else you can type. Each choice is saved as you make it."),
        ];
        let mut how: Vec<String> = how.map(|line| self.look.line(Tone::Aside, &line)).to_vec();
        if self.sitting.play.log().is_empty() && self.sitting.saves().iter().any(|save| save.slot == AUTO) {
            let earlier = tr!(words, "`{command}` goes on with the play you left.", command = Verb::Load.name(words));
            how.push(self.look.line(Tone::Aside, &earlier));
        }
        let how = how.join("\n");
        blocks.push(Block::new(how));
        Ok(blocks)
    }

    /// What the role's last choice answered, as far as it was not read.
    pub(super) fn said(&mut self) -> io::Result<Vec<Block>> {
        let read = &mut self.read[self.role.index()].said;
        let said = &self.sitting.play.said(self.role).markdown;
        let new = said.get(*read..).unwrap_or_default().trim();
        *read = said.len();
        if let Some(transcript) = &mut self.transcript {
            transcript.prose(new)?;
        }
        Ok(Block::screens(screens(&self.look, new)).collect())
    }

    /// The page of the role: what was answered and happened since, the scene, the choices.
    pub(super) fn page(&mut self, showing: Showing) -> io::Result<Vec<Block>> {
        let mut blocks = self.said()?;
        let view = self.view();
        // Where a choice asks further, its question comes after the scene in which it was asked.
        let question = if matches!(view.cursor, Cursor::Asked(..)) { std::mem::take(&mut blocks) } else { Vec::new() };
        let (story, words) = (self.sitting.story, self.sitting.words);
        let entered = self.sitting.play.arrived(self.role) || showing == Showing::Whole;
        let known = &mut self.read[self.role.index()].news;
        let all = self.sitting.play.news(self.role);
        let news = &all[(*known).min(all.len())..];
        *known = all.len();
        let told = page::news(story, words, &self.look, news);
        if entered {
            let mut head = page::header(story, words, &self.look, &view);
            if !told.is_empty() {
                head = format!("{head}\n\n{told}");
            }
            let mut texts = screens(&self.look, &view.text.markdown);
            match texts.first_mut() {
                Some(first) => *first = format!("{head}\n\n{first}"),
                None => texts.push(head),
            }
            blocks.extend(Block::screens(texts));
        } else {
            blocks.push(Block::new(told));
        }
        if let Some(transcript) = &mut self.transcript {
            transcript.page(story, words, &view, news, entered)?;
        }
        blocks.extend(question);
        blocks.push(Block::new(self.below(&view)));
        Ok(blocks)
    }

    /// What stands below a page: choices, an ending, or why there is nothing to do.
    fn below(&self, view: &crate::engine::View) -> String {
        let (story, words) = (self.sitting.story, self.sitting.words);
        if let Some(title) = view.ending.and_then(|scene| story.scenes[scene.index()].ending.as_deref()) {
            return self.look.line(Tone::Strong, &tr!(words, "Ending: {title}", title = title));
        }
        if view.stuck {
            let text = tr!(
                words,
                "The story leaves you nothing to do here, which is a fault of the story. `undo` takes your last choice back."
            );
            return self.look.line(Tone::Trouble, &text);
        }
        if view.waiting {
            return self.look.line(Tone::Aside, &tr!(words, "You wait for the others."));
        }
        if page::only_continues(view) && view.options.len() == 1 {
            return match self.wishes.pace {
                Pace::Reader => String::new(),
                Pace::Stream => self.look.line(Tone::Aside, &tr!(words, "Enter alone reads on.")),
            };
        }
        page::choices(story, words, &self.look, self.sitting.play.state(), view)
    }

    /// The choices alone, once more.
    pub(super) fn choices(&self) -> String {
        match self.ask {
            Ask::Over(_) => {
                let words = self.sitting.words;
                let text = tr!(words, "The play is over. `undo` takes back, `restart` begins again, `quit` leaves.");
                self.look.line(Tone::Aside, &text)
            }
            _ => self.below(&self.view()),
        }
    }

    /// How it all came out for the city, and where to read more.
    pub(super) fn outcome(&mut self) -> io::Result<Vec<Block>> {
        let (story, words) = (self.sitting.story, self.sitting.words);
        let mut blocks = Vec::new();
        if let Some(outcome) = crate::engine::outcome(story, self.sitting.play.state()) {
            let declared = &story.outcomes[outcome.index()];
            let text = Words::render(story, self.sitting.play.state(), self.role, declared.text);
            let mut texts = screens(&self.look, &text.markdown);
            let head = format!("{}\n{}", self.look.rule(""), self.look.line(Tone::Strong, &declared.title));
            match texts.first_mut() {
                Some(first) => *first = format!("{}\n\n{first}", head.trim_start()),
                None => texts.push(head),
            }
            blocks.extend(Block::screens(texts));
            if let Some(transcript) = &mut self.transcript {
                transcript.heading(&declared.title)?;
                transcript.prose(&text.markdown)?;
            }
        }
        let hint = match self.wishes.pace {
            Pace::Reader => tr!(
                words,
                "Enter shows your course beside the record; so does `petrograd report {slot}`, later.",
                slot = self.named(" --story ")
            ),
            Pace::Stream => tr!(
                words,
                "`petrograd report {slot}` shows your course beside the record.",
                slot = self.named(" --story ")
            ),
        };
        blocks.push(Block::new(self.look.line(Tone::Aside, &hint)));
        Ok(blocks)
    }

    /// The play beside the record, a screen at a time.
    pub(super) fn comparison(&mut self) -> String {
        let (story, words) = (self.sitting.story, self.sitting.words);
        let text = crate::report::text(story, &self.sitting.play, words, self.look.width);
        let mut blocks: Vec<Block> = text.split("\n\n").map(|part| Block::new(part.trim_end().to_owned())).collect();
        blocks.push(Block::new(self.choices()));
        self.show(blocks)
    }

    /// What was asked before goes on.
    pub(super) fn stay(&mut self) -> String {
        self.ask = std::mem::replace(&mut self.before, Ask::Turn);
        match self.ask {
            _ if !self.pending.is_empty() => String::new(),
            // Between two players nobody sees what either of them can choose.
            Ask::PassOn(_) => String::new(),
            Ask::HandOver(role) => self.pass_to(role),
            _ => self.choices(),
        }
    }

    /// Which of several choices is meant.
    pub(super) fn which(&self, options: &[Choosable], several: &[usize]) -> String {
        let lines = several.iter().map(|&index| {
            let text = page::label(self.sitting.words, &options[index]);
            self.look.wrap(&format!("{}  {text}", index + 1), "", "   ")
        });
        let question = tr!(self.sitting.words, "Several choices begin so. Which is it?");
        format!("{}\n{}", self.look.wrap(&question, "", ""), lines.collect::<Vec<_>>().join("\n"))
    }

    pub(super) fn unknown(&self, near: Option<Verb>) -> String {
        let words = self.sitting.words;
        match near {
            Some(verb) => {
                tr!(words, "Neither a choice nor a command. Did you mean `{command}`?", command = verb.name(words))
            }
            None => tr!(
                words,
                "Neither a choice nor a command. `{command}` tells what you can type.",
                command = Verb::Help.name(words)
            ),
        }
    }

    /// The slot of the autosave as a command line names it, with the story where it is not the one
    /// built in.
    fn named(&self, between: &str) -> String {
        let story = self.wishes.story.as_ref();
        story.map_or_else(|| AUTO.to_owned(), |story| format!("{AUTO}{between}{story}"))
    }

    /// Leaves.
    pub(super) fn left(&mut self) -> Reply {
        self.sitting.leave();
        let words = self.sitting.words;
        let text = match self.sitting.trouble() {
            Some(trouble) => tr!(words, "The play could not be saved: {reason}", reason = trouble),
            None if self.sitting.is_unsaved() => tr!(words, "The play is not saved."),
            None if self.sitting.play.log().is_empty() => String::new(),
            None => tr!(words, "The play is saved. `petrograd --load {slot}` goes on with it.", slot = self.named(" ")),
        };
        Reply { text: self.look.line(Tone::Aside, &text), left: true }
    }

    /// Ctrl-C: asks whether to leave; the second time, leaves.
    pub fn interrupt(&mut self) -> Reply {
        if matches!(self.ask, Ask::Leave) {
            return self.left();
        }
        self.put(Ask::Leave);
        let text = tr!(self.sitting.words, "Leave? The play is saved.");
        Reply { text: self.look.wrap(&text, "", ""), left: false }
    }

    /// Ctrl-D, or the end of the input: leaves.
    pub fn end(&mut self) -> Reply {
        self.left()
    }

    /// What was read of a play before doesn't count for another.
    pub(super) fn forget(&mut self) {
        let story = self.sitting.story;
        self.pending.clear();
        self.last = None;
        self.role = self.sitting.role();
        for (index, read) in self.read.iter_mut().enumerate() {
            let role = RoleId(index as u32);
            let own = role == self.role;
            let cursor = self.sitting.play.state().cursor(story, role);
            let ended = matches!(cursor, Cursor::Ending(_));
            read.said = if own && !matches!(cursor, Cursor::Asked(..)) {
                self.sitting.play.said(role).markdown.len()
            } else {
                0
            };
            read.news = if own { self.sitting.play.news(role).len() } else { 0 };
            read.ending = ended && !own;
        }
    }

    pub(super) fn why(&self) -> String {
        let words = self.sitting.words;
        match self.last {
            Some(choice) => mark::why(self.sitting.story, words, &self.look, choice),
            None => {
                let text = tr!(words, "After a choice, this tells what is documented of its scene.");
                self.look.wrap(&text, "", "")
            }
        }
    }
}
