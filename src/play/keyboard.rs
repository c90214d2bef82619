//! A keyboard without line editing, for screen readers and terminals that can't move the cursor;
//! and signals, so that a terminal is left as it was found.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::{Receiver, Sender, channel};

use super::console::{Console, Request, Typed, read_line};

/// Reads whole lines from a terminal.
pub struct PlainKeyboard {
    typed: Receiver<io::Result<Typed>>,
    wanted: Sender<()>,
    /// Whether a line was asked for that has not come: Ctrl-C came instead.
    waiting: bool,
}

impl PlainKeyboard {
    /// Listens to the keyboard, and to Ctrl-C.
    ///
    /// # Errors
    ///
    /// Where signals can't be listened to.
    pub fn open() -> io::Result<PlainKeyboard> {
        let (send, typed) = channel();
        let (wanted, asked) = channel();
        #[cfg(unix)]
        signals::interrupts(send.clone())?;
        // Reading can't be broken off, so it is done beside whoever waits for it.
        std::thread::spawn(move || {
            while asked.recv().is_ok() {
                let line = read_line(&mut io::stdin().lock());
                let typed = line.map(|line| line.map_or(Typed::End, Typed::Line));
                if send.send(typed).is_err() {
                    return;
                }
            }
        });
        Ok(PlainKeyboard { typed, wanted, waiting: false })
    }
}

impl Console for PlainKeyboard {
    fn read(&mut self, request: &Request<'_>, out: &mut dyn Write) -> io::Result<Typed> {
        out.write_all(request.prompt.as_bytes())?;
        out.flush()?;
        let gone = || io::Error::from(io::ErrorKind::BrokenPipe);
        if !self.waiting {
            self.wanted.send(()).map_err(|_| gone())?;
        }
        let typed = self.typed.recv().map_err(|_| gone())??;
        self.waiting = typed == Typed::Interrupt;
        if self.waiting {
            writeln!(out)?;
        }
        Ok(typed)
    }
}

/// Leaves the terminal as it was found when the program is told to end, or its window closes. What
/// was played is on disk already.
///
/// # Errors
///
/// Where signals can't be listened to.
pub fn leave_tidily() -> io::Result<()> {
    #[cfg(unix)]
    signals::leave_tidily()?;
    Ok(())
}

/// A flag that is raised when Ctrl-C comes while no line is being edited, instead of the program
/// being ended in the middle of a page.
///
/// # Errors
///
/// Where signals can't be listened to.
pub fn interruptions() -> io::Result<Arc<AtomicBool>> {
    let raised = Arc::new(AtomicBool::new(false));
    #[cfg(unix)]
    signal_hook::flag::register(signal_hook::consts::SIGINT, Arc::clone(&raised))?;
    Ok(raised)
}

#[cfg(unix)]
mod signals {
    use std::io::{self, Write};
    use std::sync::mpsc::Sender;

    use rustix::termios::{OptionalActions, tcgetattr, tcsetattr};
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;

    use super::super::console::Typed;

    pub fn interrupts(typed: Sender<io::Result<Typed>>) -> io::Result<()> {
        let mut signals = Signals::new([SIGINT])?;
        std::thread::spawn(move || {
            for _ in signals.forever() {
                if typed.send(Ok(Typed::Interrupt)).is_err() {
                    return;
                }
            }
        });
        Ok(())
    }

    pub fn leave_tidily() -> io::Result<()> {
        let found = tcgetattr(io::stdin()).ok();
        let mut signals = Signals::new([SIGHUP, SIGTERM])?;
        std::thread::spawn(move || {
            let Some(signal) = signals.forever().next() else { return };
            if let Some(found) = found {
                // A terminal that has gone can't be tidied, and needn't be.
                let _ = tcsetattr(io::stdin(), OptionalActions::Now, &found);
                let _ = io::stdout().write_all(b"\x1b[?2004l\r\n");
            }
            std::process::exit(128 + signal);
        });
        Ok(())
    }
}
