//! The words that can be typed at the prompt beside choices.

use crate::catalogue::Catalogue;
use crate::tr;

/// A word that can be typed at the prompt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// What can be typed.
    Help,
    /// Where the last choice's scene comes from.
    Why,
    /// Keeps the play under a name.
    Save,
    /// Goes on with a play that was kept.
    Load,
    /// Which plays are kept.
    Saves,
    /// Takes choices back.
    Undo,
    /// What was chosen.
    Log,
    /// Looks somebody up.
    Who,
    /// Looks something up.
    What,
    /// The places.
    Map,
    /// The barometers.
    City,
    /// The play against the record.
    Record,
    /// Who you are.
    Role,
    /// From the beginning.
    Restart,
    /// Leaves.
    Quit,
}

/// What may follow a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// Nothing.
    Nothing,
    /// The name of a saved play.
    Slot,
    /// A number.
    Count,
    /// A name of the codex.
    Name,
}

impl Verb {
    /// All of them, in the order in which `help` tells them.
    pub const ALL: [Verb; 15] = [
        Verb::Help,
        Verb::Who,
        Verb::What,
        Verb::Map,
        Verb::Role,
        Verb::City,
        Verb::Record,
        Verb::Why,
        Verb::Log,
        Verb::Undo,
        Verb::Save,
        Verb::Load,
        Verb::Saves,
        Verb::Restart,
        Verb::Quit,
    ];

    /// The word itself, which is understood in every language.
    pub fn english(self) -> &'static str {
        match self {
            Verb::Help => "help",
            Verb::Why => "why",
            Verb::Save => "save",
            Verb::Load => "load",
            Verb::Saves => "saves",
            Verb::Undo => "undo",
            Verb::Log => "log",
            Verb::Who => "who",
            Verb::What => "what",
            Verb::Map => "map",
            Verb::City => "city",
            Verb::Record => "record",
            Verb::Role => "role",
            Verb::Restart => "restart",
            Verb::Quit => "quit",
        }
    }

    /// The word in the player's language.
    pub fn name(self, words: &Catalogue) -> String {
        match self {
            Verb::Help => tr!(words, "help"),
            Verb::Why => tr!(words, "why"),
            Verb::Save => tr!(words, "save"),
            Verb::Load => tr!(words, "load"),
            Verb::Saves => tr!(words, "saves"),
            Verb::Undo => tr!(words, "undo"),
            Verb::Log => tr!(words, "log"),
            Verb::Who => tr!(words, "who"),
            Verb::What => tr!(words, "what"),
            Verb::Map => tr!(words, "map"),
            Verb::City => tr!(words, "city"),
            Verb::Record => tr!(words, "record"),
            Verb::Role => tr!(words, "role"),
            Verb::Restart => tr!(words, "restart"),
            Verb::Quit => tr!(words, "quit"),
        }
    }

    /// What it does, in a few words.
    pub fn does(self, words: &Catalogue) -> String {
        match self {
            Verb::Help => tr!(words, "this list"),
            Verb::Why => tr!(words, "what is documented of the scene just played (or `h`)"),
            Verb::Save => tr!(words, "keep the play under a name"),
            Verb::Load => tr!(words, "go on with a play that was kept; without a name, the last"),
            Verb::Saves => tr!(words, "the plays that are kept"),
            Verb::Undo => tr!(words, "take back the last choice, or as many as you say"),
            Verb::Log => tr!(words, "what you have chosen so far"),
            Verb::Who => tr!(words, "look somebody up"),
            Verb::What => tr!(words, "look a word or a place up"),
            Verb::Map => tr!(words, "the places, and where you are"),
            Verb::City => tr!(words, "how the city stands, now and in history"),
            Verb::Record => tr!(words, "what of history was kept, what changed, what is to come"),
            Verb::Role => tr!(words, "who you are"),
            Verb::Restart => tr!(words, "begin again"),
            Verb::Quit => tr!(words, "leave; the play is saved"),
        }
    }

    /// What may follow.
    pub fn takes(self) -> Takes {
        match self {
            Verb::Save | Verb::Load => Takes::Slot,
            Verb::Undo => Takes::Count,
            Verb::Who | Verb::What => Takes::Name,
            _ => Takes::Nothing,
        }
    }

    /// How it is written in `help`, with what may follow.
    pub fn usage(self, words: &Catalogue) -> String {
        let name = self.name(words);
        let following = match self.takes() {
            Takes::Nothing => return name,
            Takes::Slot => tr!(words, "[NAME]"),
            Takes::Count => tr!(words, "[N]"),
            Takes::Name if self == Verb::Who => tr!(words, "NAME"),
            Takes::Name => tr!(words, "TERM"),
        };
        format!("{name} {following}")
    }

    /// The verb of this name, in English or in the player's language.
    pub fn named(words: &Catalogue, name: &str) -> Option<Verb> {
        let own = |verb: &Verb| super::line::fold(&verb.name(words)) == name;
        let english = |verb: &Verb| verb.english() == name;
        Verb::ALL.into_iter().find(own).or_else(|| Verb::ALL.into_iter().find(english)).or(match name {
            "h" => Some(Verb::Why),
            "?" => Some(Verb::Help),
            _ => None,
        })
    }
}

/// A word that was typed, with what followed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// The word.
    pub verb: Verb,
    /// What followed, without spaces around it; empty where nothing did.
    pub rest: String,
}

impl Command {
    /// Reads a command, or `None` where the line is none.
    pub fn read(words: &Catalogue, line: &str) -> Option<Command> {
        let line = line.trim();
        let (first, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let verb = Verb::named(words, &super::line::fold(first))?;
        let rest = rest.trim();
        let fits = match verb.takes() {
            Takes::Nothing => rest.is_empty(),
            Takes::Count => rest.is_empty() || rest.parse::<usize>().is_ok(),
            Takes::Slot | Takes::Name => true,
        };
        fits.then(|| Command { verb, rest: rest.to_owned() })
    }

    /// The number that followed, or 1.
    pub fn count(&self) -> usize {
        self.rest.parse().unwrap_or(1)
    }

    /// What followed, where something did.
    pub fn argument(&self) -> Option<&str> {
        Some(self.rest.as_str()).filter(|rest| !rest.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_a_word_and_what_it_takes() {
        let words = Catalogue::of("en");
        let read = |line| Command::read(&words, line).map(|command| (command.verb, command.rest));
        assert_eq!(read(" SAVE  before the ice "), Some((Verb::Save, "before the ice".to_owned())));
        assert_eq!(read("undo 3"), Some((Verb::Undo, "3".to_owned())));
        assert_eq!(read("undo it"), None);
        assert_eq!(read("record the names"), None, "the words of a choice, not a command");
        assert_eq!(read("h"), Some((Verb::Why, String::new())));
        assert_eq!(read(""), None);
    }
}
