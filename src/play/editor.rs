//! The prompt of somebody at a terminal: history, completion, hints.

use std::borrow::Cow;
use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rustyline::completion::{Completer, Pair};
use rustyline::error::ReadlineError;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::history::DefaultHistory;
use rustyline::validate::Validator;
use rustyline::{Behavior, CompletionType, Config, Context, Editor, Helper};

use super::codex;
use super::command::{Takes, Verb};
use super::console::{Console, Keyboard, Request, Typed};
use super::line::fold;
use crate::catalogue::Catalogue;

/// A line editor.
pub struct Prompt {
    editor: Editor<Candidates, DefaultHistory>,
    words: Catalogue,
    /// Whether Ctrl-C came while nothing was asked: it is answered at the next prompt.
    interrupted: Arc<AtomicBool>,
}

impl Prompt {
    /// An editor on this terminal; `coloured` where hints may be dimmed.
    ///
    /// # Errors
    ///
    /// Where the terminal can't be used.
    pub fn open(words: &Catalogue, dims: Dims) -> io::Result<Prompt> {
        let config = Config::builder()
            .completion_type(CompletionType::List)
            .behavior(Behavior::Stdio)
            .auto_add_history(false)
            .build();
        let mut editor = Editor::with_config(config).map_err(other)?;
        editor.set_helper(Some(Candidates { lines: Vec::new(), dims }));
        let interrupted = super::keyboard::interruptions()?;
        Ok(Prompt { editor, words: words.clone(), interrupted })
    }
}

/// Whether what is only suggested can be dimmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dims {
    /// It can.
    Yes,
    /// No colours: a suggestion would look as if it had been typed, so there are none.
    No,
}

impl Console for Prompt {
    fn read(&mut self, request: &Request<'_>, out: &mut dyn Write) -> io::Result<Typed> {
        out.flush()?;
        if self.interrupted.swap(false, Ordering::Relaxed) {
            return Ok(Typed::Interrupt);
        }
        if let Some(helper) = self.editor.helper_mut() {
            helper.lines = candidates(&self.words, request);
        }
        let line = loop {
            match self.editor.readline(request.prompt.as_str()) {
                Ok(line) => break line,
                Err(ReadlineError::Eof) => return Ok(Typed::End),
                Err(ReadlineError::Interrupted) => return Ok(Typed::Interrupt),
                // The window changed under the prompt: ask again.
                Err(ReadlineError::Signal(_)) => {}
                Err(error) => return Err(other(error)),
            }
        };
        if !line.trim().is_empty() && request.keyboard == Keyboard::Own {
            // A history that can't be written only lives shorter.
            let _ = self.editor.add_history_entry(line.trim());
        }
        if line.trim().is_empty() && request.only_enter {
            // The request to press Enter has served its purpose, and so has the line above it.
            out.write_all(b"\x1b[1A\x1b[2K\x1b[1A")?;
        }
        Ok(Typed::Line(line))
    }
}

fn other(error: ReadlineError) -> io::Error {
    match error {
        ReadlineError::Io(error) => error,
        error => io::Error::other(error),
    }
}

/// Every line that makes sense at this prompt.
fn candidates(words: &Catalogue, request: &Request<'_>) -> Vec<Candidate> {
    let open = request.options.iter().filter(|option| option.open && !option.text.is_empty());
    let mut lines: Vec<Candidate> = open.map(|option| Candidate::new(&option.text)).collect();
    lines.extend(Verb::ALL.map(|verb| Candidate::new(&verb.name(words))));
    for verb in Verb::ALL {
        let name = verb.name(words);
        match verb.takes() {
            Takes::Name => {
                let entries = request.story.codex.iter().filter(|entry| codex::first(verb, entry));
                lines.extend(entries.map(|entry| Candidate::naming(&name, &entry.name)));
            }
            Takes::Slot => lines.extend(request.slots.iter().map(|slot| Candidate::naming(&name, slot))),
            Takes::Nothing | Takes::Count => {}
        }
    }
    lines
}

/// A line that can be completed to, and what it can be completed from.
struct Candidate {
    line: String,
    /// Folded; whoever asks for Kerensky needn't know his first name.
    beginnings: Vec<String>,
}

impl Candidate {
    fn new(line: &str) -> Candidate {
        Candidate { line: line.to_owned(), beginnings: vec![fold(line)] }
    }

    fn naming(command: &str, name: &str) -> Candidate {
        let folded = fold(name);
        let words = folded.match_indices(' ').map(|(at, _)| &folded[at + 1..]);
        let beginnings = [folded.as_str()].into_iter().chain(words).map(|name| format!("{} {name}", fold(command)));
        Candidate { line: format!("{command} {name}"), beginnings: beginnings.collect() }
    }
}

/// What can be completed to.
struct Candidates {
    lines: Vec<Candidate>,
    dims: Dims,
}

impl Candidates {
    /// The lines that begin with what was typed; where nothing was, the words that need nothing
    /// after them.
    fn beginning<'a>(&'a self, typed: &str) -> impl Iterator<Item = &'a str> {
        // `who ` asks for names, so the space that was typed counts.
        let space = if typed.ends_with(' ') { " " } else { "" };
        let typed = fold(typed);
        let typed = if typed.is_empty() { typed } else { typed + space };
        let fits = move |candidate: &&Candidate| match typed.is_empty() {
            true => !candidate.line.contains(' '),
            false => candidate.beginnings.iter().any(|beginning| beginning.starts_with(&typed)),
        };
        self.lines.iter().filter(fits).map(|candidate| candidate.line.as_str())
    }
}

impl Completer for Candidates {
    type Candidate = Pair;

    fn complete(&self, line: &str, pos: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<Pair>)> {
        let pair = |line: &str| Pair { display: line.to_owned(), replacement: line.to_owned() };
        Ok((0, self.beginning(&line[..pos]).map(pair).collect()))
    }
}

impl Hinter for Candidates {
    type Hint = String;

    fn hint(&self, line: &str, pos: usize, _: &Context<'_>) -> Option<String> {
        if line.trim().is_empty() || pos < line.len() || self.dims == Dims::No {
            return None;
        }
        // A word that is whole needs no more, though there are longer lines.
        let rest = self.beginning(line).find_map(|candidate| candidate.strip_prefix(line));
        rest.filter(|rest| !rest.is_empty()).map(str::to_owned)
    }
}

impl Highlighter for Candidates {
    fn highlight_hint<'h>(&self, hint: &'h str) -> Cow<'h, str> {
        Cow::Owned(format!("\x1b[2m{hint}\x1b[0m"))
    }
}

impl Validator for Candidates {}

impl Helper for Candidates {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_completed_without_regard_to_case_and_accents() {
        let named = [("who", "Alexander Kerensky"), ("who", "Marfa")].map(|(verb, name)| Candidate::naming(verb, name));
        let lines = ["Átalo a la verja.", "who", "what", "map"].map(Candidate::new).into_iter().chain(named).collect();
        let candidates = Candidates { lines, dims: Dims::Yes };
        let begin = |typed| candidates.beginning(typed).collect::<Vec<_>>();
        assert_eq!(begin("ata"), ["Átalo a la verja."]);
        assert_eq!(begin("wh"), ["who", "what", "who Alexander Kerensky", "who Marfa"]);
        assert_eq!(begin("who "), ["who Alexander Kerensky", "who Marfa"]);
        assert_eq!(begin("who KER"), ["who Alexander Kerensky"]);
        assert_eq!(begin(""), ["who", "what", "map"]);
    }
}
