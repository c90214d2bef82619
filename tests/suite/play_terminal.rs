//! Plays in a terminal: keys, windows, signals.
#![cfg(unix)]

use std::fs;
use std::time::Duration;

use expectrl::process::unix::WaitStatus;
use expectrl::{ControlCode, Eof, Expect, Session, session::OsSession};

use super::play::{Folder, petrograd};

const FERRY: &str = "tests/plays/ferry.toml";

/// A terminal with the program in it.
struct Terminal {
    session: OsSession,
    saves: Folder,
}

impl Terminal {
    fn open(arguments: &[&str], variables: &[(&str, &str)], window: (u16, u16)) -> Terminal {
        let saves = Folder::new();
        let mut command = petrograd(&saves.0);
        command.env("TERM", "xterm-256color").args([FERRY, "--seed", "1"]).args(arguments);
        command.envs(variables.iter().copied());
        // Through a shell that waits for the window to have its size: the program asks at once.
        let mut shell = std::process::Command::new("sh");
        shell.args(["-c", "read ready; exec \"$@\"", "sh"]).arg(command.get_program()).args(command.get_args());
        shell.current_dir(env!("CARGO_MANIFEST_DIR"));
        for (name, value) in command.get_envs() {
            match value {
                Some(value) => shell.env(name, value),
                None => shell.env_remove(name),
            };
        }
        let mut session = Session::spawn(shell).expect("a terminal");
        session.set_expect_timeout(Some(Duration::from_secs(20)));
        session.get_process_mut().set_window_size(window.0, window.1).expect("a window");
        session.send_line("").expect("the shell reads");
        Terminal { session, saves }
    }

    /// What is shown until, and with, `text`.
    fn until(&mut self, text: &str) -> String {
        let found = self.session.expect(text).unwrap_or_else(|error| panic!("waiting for {text:?}: {error}"));
        String::from_utf8_lossy(&[found.before(), found.get(0).unwrap_or_default()].concat()).into_owned()
    }

    fn enter(&mut self, text: &str) {
        self.session.send(format!("{text}\r")).expect("the program reads");
    }

    /// Reads on to the first choices.
    fn begin(&mut self) -> String {
        let mut shown = self.until("[Enter]");
        while !shown.contains("Try the winch.") {
            self.enter("");
            shown += &self.until_prompt();
        }
        shown
    }

    /// What is shown until somebody is asked for something.
    fn until_prompt(&mut self) -> String {
        let found = self.session.expect(expectrl::Regex(r"\[Enter\]|(\n|\x1b\[K)> ")).expect("a prompt");
        String::from_utf8_lossy(&[found.before(), found.get(0).unwrap_or_default()].concat()).into_owned()
    }

    fn left(mut self) -> (String, WaitStatus) {
        let rest = self.session.expect(Eof).expect("the program ends");
        let rest = String::from_utf8_lossy(rest.as_bytes()).into_owned();
        (rest, self.session.get_process().wait().expect("the program has ended"))
    }

    fn save(&self) -> String {
        fs::read_to_string(self.saves.0.join("auto.toml")).expect("an autosave")
    }
}

fn is_clean(status: WaitStatus) -> bool {
    matches!(status, WaitStatus::Exited(_, 0))
}

#[test]
fn ctrl_c_asks_and_the_second_one_leaves() {
    let mut terminal = Terminal::open(&["--role", "ferryman"], &[], (80, 24));
    terminal.begin();
    terminal.enter("1");
    terminal.until("The stove agrees");
    terminal.session.send(ControlCode::EndOfText).expect("Ctrl-C");
    terminal.until("Leave? The play is saved.");
    terminal.enter("n");
    terminal.until("> ");
    terminal.session.send(ControlCode::EndOfText).expect("Ctrl-C");
    terminal.until("[y/n]");
    assert!(terminal.save().contains("bank.wait"));
    terminal.session.send(ControlCode::EndOfText).expect("Ctrl-C");
    assert!(is_clean(terminal.left().1));
}

#[test]
fn ctrl_d_leaves_with_the_play_saved() {
    for form in ["--color=auto", "--plain"] {
        let mut terminal = Terminal::open(&["--role", "ferryman", form], &[], (80, 24));
        terminal.begin();
        terminal.enter("lis");
        terminal.until("It ticks");
        terminal.until("> ");
        assert!(terminal.save().contains("bank.listen"));
        terminal.session.send(ControlCode::EndOfTransmission).expect("Ctrl-D");
        let (rest, status) = terminal.left();
        assert!(rest.contains("saved.") && is_clean(status), "{rest}");
    }
}

#[test]
fn ctrl_c_asks_without_line_editing_too() {
    let mut terminal = Terminal::open(&["--role", "ferryman", "--plain"], &[], (80, 24));
    terminal.begin();
    terminal.session.send(ControlCode::EndOfText).expect("Ctrl-C");
    terminal.until("[y/n]");
    terminal.enter("n");
    terminal.until("Try the winch.");
    terminal.session.send(ControlCode::EndOfText).expect("Ctrl-C");
    terminal.until("[y/n]");
    terminal.enter("y");
    assert!(is_clean(terminal.left().1));
}

#[test]
fn a_terminal_that_closes_loses_nothing_and_is_left_as_it_was() {
    use expectrl::process::unix::Signal;
    for (signal, code) in [(Signal::SIGHUP, 129), (Signal::SIGTERM, 143)] {
        let mut terminal = Terminal::open(&["--role", "ferryman"], &[], (80, 24));
        terminal.begin();
        terminal.enter("1");
        terminal.until("The stove agrees");
        terminal.until_prompt();
        terminal.session.get_process_mut().signal(signal).expect("the program is there");
        let (rest, status) = {
            let saved = terminal.save();
            assert!(saved.contains("bank.wait"), "{saved}");
            terminal.left()
        };
        assert!(matches!(status, WaitStatus::Exited(_, found) if found == code), "{status:?}");
        assert!(rest.contains("\u{1b}[?2004l"), "bracketed paste is switched off: {rest:?}");
    }
}

#[test]
fn nothing_is_wider_than_a_window_of_forty_columns() {
    let mut terminal = Terminal::open(&["--role", "ferryman"], &[("NO_COLOR", "1")], (40, 24));
    let mut shown = terminal.begin();
    for (line, until) in [("help", "leave; the play is"), ("map", "The Vel"), ("city", "Tolls"), ("1", "eggs.")] {
        terminal.enter(line);
        shown += &terminal.until(until);
    }
    // What the line editor writes to place its cursor is no text.
    let lines = shown.lines().filter(|line| !line.contains('\u{1b}'));
    let widest = lines.map(|line| line.trim_end().chars().count()).max();
    assert!(widest.is_some_and(|width| width <= 40), "{shown}");
    assert!(!shown.contains("\u{1b}[1m") && !shown.contains("\u{1b}[2m"), "NO_COLOR: {shown:?}");
}

#[test]
fn saving_over_another_play_is_asked_for_first() {
    let mut terminal = Terminal::open(&["--role", "ferryman"], &[], (80, 24));
    let saved = |terminal: &Terminal| fs::read_to_string(terminal.saves.0.join("a.toml")).expect("the save");
    terminal.begin();
    // The same play, further on, is saved without a question.
    let saved_so = "Saved as “a”.";
    for (line, until) in [("1", "A boy with eggs."), ("save a", saved_so), ("2", "Forty eggs"), ("save a", saved_so)] {
        terminal.enter(line);
        terminal.until(until);
        terminal.until_prompt();
    }
    assert!(saved(&terminal).contains("market.eggs"));
    terminal.enter("restart");
    terminal.until("[y/n]");
    terminal.enter("y");
    terminal.begin();
    for (answer, keeps) in [("n", true), ("y", false)] {
        terminal.enter("save a");
        terminal.until("Another play is saved as “a”: Osip, the ferryman,");
        terminal.until("[y/n]");
        terminal.enter(answer);
        let shown = terminal.until("Try the winch.");
        terminal.until_prompt();
        assert_eq!(shown.contains(saved_so), !keeps, "{shown}");
        assert_eq!(saved(&terminal).contains("market.eggs"), keeps);
    }
}

#[test]
fn a_dumb_terminal_gets_words_alone() {
    let mut terminal = Terminal::open(&["--role", "ferryman"], &[("TERM", "dumb")], (80, 24));
    let mut shown = terminal.begin();
    terminal.enter("1");
    shown += &terminal.until("(recorded)");
    assert!(!shown.contains('\u{1b}') && !shown.contains("---"), "{shown:?}");
}

#[test]
fn what_one_player_reads_is_cleared_before_the_next_one_sits_down() {
    let mut terminal = Terminal::open(&["--roles", "ferryman,widow"], &[], (80, 24));
    let mut shown = String::new();
    while !shown.contains("Try the winch.") {
        shown += &terminal.until_prompt();
        terminal.enter("");
    }
    assert!(shown.contains("Pass to Osip, the ferryman; press Enter alone."), "{shown}");
    terminal.until_prompt();
    terminal.enter("1");
    terminal.until("The stove agrees");
    terminal.until("[Enter]");
    terminal.enter("");
    let handed = terminal.until("Pass to Darya, the widow; press Enter alone.");
    assert!(handed.contains("\u{1b}[H\u{1b}[2J\u{1b}[3J"), "{handed:?}");
    terminal.until("[Enter]");
    // Not leaving after all shows nobody's choices.
    terminal.session.send(ControlCode::EndOfText).expect("Ctrl-C");
    terminal.until("[y/n]");
    terminal.enter("n");
    let stayed = terminal.until("[Enter]");
    assert!(stayed.contains("Pass to Darya") && !stayed.contains("stove"), "{stayed:?}");
    terminal.enter("");
    let hers = terminal.until("Your secret is in the basket.");
    assert!(hers.contains("\u{1b}[3J") && !hers.contains("stove"), "{hers:?}");
}
