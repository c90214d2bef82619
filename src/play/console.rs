//! Where lines come from: somebody at a keyboard, a file, a pipe.

use std::io::{self, BufRead, IsTerminal, Write};

use super::look::Look;
use super::session::{Reply, Session};
use crate::engine::Choosable;
use crate::story::model::Story;

/// Bytes of a line beyond which the rest of it is not read: nobody types so much.
const LONGEST: usize = 4096;

/// What came from the player.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Typed {
    /// A line, without its end.
    Line(String),
    /// Ctrl-C.
    Interrupt,
    /// Ctrl-D, or the end of the file.
    End,
}

/// What a line is asked for, and what might be typed.
pub struct Request<'a> {
    /// What stands before the cursor.
    pub prompt: String,
    /// What can be chosen.
    pub options: Vec<Choosable>,
    /// Whether Enter alone is enough.
    pub only_enter: bool,
    /// Whose names can be asked for.
    pub story: &'a Story,
    /// The names of the plays that are kept.
    pub slots: Vec<String>,
    /// Who can see what was typed before.
    pub keyboard: Keyboard,
}

/// Whose the keyboard is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keyboard {
    /// One player's, who may look back at what was typed.
    Own,
    /// Passed from hand to hand: what the others typed is theirs.
    Shared,
}

impl<'a> Request<'a> {
    /// A request for a line of a kind that no session asks for.
    pub fn plain(story: &'a Story, prompt: String) -> Request<'a> {
        Request { prompt, options: Vec::new(), only_enter: false, story, slots: Vec::new(), keyboard: Keyboard::Own }
    }
}

/// Where lines come from.
pub trait Console {
    /// Reads a line.
    ///
    /// # Errors
    ///
    /// Where nothing can be read or the prompt can't be written.
    fn read(&mut self, request: &Request<'_>, out: &mut dyn Write) -> io::Result<Typed>;
}

/// Plays a session to its end.
///
/// # Errors
///
/// Where nothing can be read or written.
pub fn converse(
    session: &mut Session<'_>,
    console: &mut dyn Console,
    look: &dyn Fn() -> Look,
    out: &mut dyn Write,
) -> io::Result<()> {
    loop {
        let request = session.request();
        let typed = console.read(&request, out)?;
        session.look = look();
        let reply = match typed {
            Typed::Line(line) => session.answer(&line)?,
            Typed::Interrupt => session.interrupt(),
            Typed::End => session.end(),
        };
        tell(&reply, out)?;
        if reply.left {
            return Ok(());
        }
    }
}

fn tell(reply: &Reply, out: &mut dyn Write) -> io::Result<()> {
    if !reply.text.is_empty() {
        show(&reply.text, out)?;
    }
    Ok(())
}

/// Shows text with a blank line to either side, in one piece.
///
/// # Errors
///
/// Where it can't be written.
pub fn show(text: &str, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(format!("\n{}\n\n", text.trim_end()).as_bytes())?;
    out.flush()
}

/// Lines of a file or a pipe, shown as if somebody typed them.
pub struct Lines<R> {
    input: R,
}

impl<R: BufRead> Lines<R> {
    /// Lines of `input`.
    pub fn new(input: R) -> Lines<R> {
        Lines { input }
    }
}

impl<R: BufRead> Console for Lines<R> {
    fn read(&mut self, request: &Request<'_>, out: &mut dyn Write) -> io::Result<Typed> {
        let Some(line) = read_line(&mut self.input)? else { return Ok(Typed::End) };
        let echo = super::look::clean(&line).into_owned();
        writeln!(out, "{}", format!("{}{echo}", request.prompt).trim_end())?;
        Ok(Typed::Line(line))
    }
}

/// Reads a line, whatever bytes are in it, or `None` at the end. What is longer than anybody
/// types is cut.
///
/// # Errors
///
/// Where nothing can be read.
pub fn read_line(input: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut line = Vec::new();
    let mut any = false;
    loop {
        let (used, ended) = {
            let buffer = input.fill_buf()?;
            if buffer.is_empty() {
                break;
            }
            any = true;
            let end = buffer.iter().position(|&byte| byte == b'\n');
            let part = &buffer[..end.unwrap_or(buffer.len())];
            line.extend(part.iter().take(LONGEST - line.len().min(LONGEST)));
            (end.map_or(buffer.len(), |end| end + 1), end.is_some())
        };
        input.consume(used);
        if ended {
            break;
        }
    }
    let text = String::from_utf8_lossy(&line);
    Ok(any.then(|| text.trim_end_matches('\r').to_owned()))
}

/// Whether somebody sits at the keyboard and looks at what is shown.
pub fn is_attended() -> bool {
    io::stdin().is_terminal() && io::stdout().is_terminal()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_whatever_is_in_it() {
        let long = "x".repeat(10_000);
        let text = [b"one\r\n\xff2\n\n".as_slice(), long.as_bytes(), b"\nlast"].concat();
        let mut input = text.as_slice();
        let mut read = || read_line(&mut input).expect("a slice can be read");
        assert_eq!(read().as_deref(), Some("one"));
        assert_eq!(read().as_deref(), Some("\u{fffd}2"));
        assert_eq!(read().as_deref(), Some(""));
        assert_eq!(read().map(|line| line.len()), Some(LONGEST));
        assert_eq!(read().as_deref(), Some("last"));
        assert_eq!(read(), None);
    }
}
