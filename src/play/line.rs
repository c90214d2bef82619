//! What a line typed at the prompt means.

use super::command::{Command, Verb};
use crate::catalogue::Catalogue;
use crate::engine::Choosable;
use crate::tr;

/// What a line means where these choices are offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// Nothing was typed.
    Empty,
    /// A command.
    Command(Command),
    /// The choice at this index, which is open.
    Choose(usize),
    /// The choice at this index, which is closed.
    Closed(usize),
    /// Several choices begin so: their indices.
    Which(Vec<usize>),
    /// No choice has this number.
    NoSuchNumber,
    /// Neither a choice nor a command; a command of nearly that name, if there is one.
    Unknown(Option<Verb>),
}

/// Reads a line. A command comes before the first letters of a choice, a number before all.
pub fn read(words: &Catalogue, options: &[Choosable], line: &str) -> Meaning {
    let line = line.trim();
    if line.is_empty() {
        return Meaning::Empty;
    }
    if let Some(number) = number(line) {
        return match number.checked_sub(1).filter(|&index| index < options.len()) {
            Some(index) => choose(options, index),
            None => Meaning::NoSuchNumber,
        };
    }
    if let Some(command) = Command::read(words, line) {
        return Meaning::Command(command);
    }
    let typed = fold(line);
    let begins = |index: &usize| !typed.is_empty() && fold(&options[*index].text).starts_with(&typed);
    let matches: Vec<usize> = (0..options.len()).filter(begins).collect();
    let open: Vec<usize> = matches.iter().copied().filter(|&index| options[index].open).collect();
    match (open.as_slice(), matches.as_slice()) {
        (&[index], _) | ([], &[index, ..]) => choose(options, index),
        ([], []) => Meaning::Unknown(near_verb(words, line)),
        _ => Meaning::Which(open),
    }
}

/// A number as people type one: `2`, `2.`, `2)`.
fn number(line: &str) -> Option<usize> {
    let digits = line.strip_suffix(['.', ')']).unwrap_or(line);
    digits.parse().ok().filter(|_| digits.bytes().all(|byte| byte.is_ascii_digit()))
}

fn choose(options: &[Choosable], index: usize) -> Meaning {
    if options[index].open { Meaning::Choose(index) } else { Meaning::Closed(index) }
}

fn near_verb(words: &Catalogue, line: &str) -> Option<Verb> {
    let first = line.split_whitespace().next()?;
    let names = Verb::ALL.into_iter().flat_map(|verb| [(verb, verb.name(words)), (verb, verb.english().to_owned())]);
    nearest(first, names, |(_, name)| name).map(|(verb, _)| verb)
}

/// Whether a line is a yes, in the player's language or in English.
pub fn is_yes(words: &Catalogue, line: &str) -> bool {
    let typed = fold(line);
    let yes = fold(&tr!(words, "yes"));
    !typed.is_empty() && (yes.starts_with(&typed) || "yes".starts_with(&typed))
}

/// Text as it is compared: small letters without accents, single spaces, no marks at the start.
pub fn fold(text: &str) -> String {
    let text = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    let mut folded = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.extend(word.chars().flat_map(char::to_lowercase).map(unaccented));
    }
    folded
}

/// The letter without its accent, for those of the western languages; dialogue typed in a hurry
/// has none.
fn unaccented(letter: char) -> char {
    match letter {
        'á' | 'à' | 'â' | 'ä' | 'ã' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'í' | 'ì' | 'î' | 'ï' => 'i',
        'ó' | 'ò' | 'ô' | 'ö' | 'õ' => 'o',
        'ú' | 'ù' | 'û' | 'ü' => 'u',
        'ñ' => 'n',
        'ç' => 'c',
        '’' => '\'',
        other => other,
    }
}

/// The thing whose name is nearest to what was typed, if one is near enough to be meant.
pub fn nearest<T>(typed: &str, things: impl IntoIterator<Item = T>, name: impl Fn(&T) -> &str) -> Option<T> {
    let typed = fold(typed);
    let allowed = match typed.chars().count() {
        0..=2 => 0,
        3..=5 => 1,
        6..=9 => 2,
        _ => 3,
    };
    let distance = |thing: &T| strsim::damerau_levenshtein(&typed, &fold(name(thing)));
    let near = things.into_iter().map(|thing| (distance(&thing), thing)).filter(|(distance, _)| *distance <= allowed);
    near.min_by_key(|(distance, _)| *distance).map(|(_, thing)| thing)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Pick;

    fn options() -> Vec<Choosable> {
        let option = |text: &str, open| Choosable { pick: Pick::Continue, id: String::new(), text: text.into(), open };
        vec![
            option("Read it out again, for the whole street.", true),
            option("Not you. Not first.", false),
            option("Run for the mill.", true),
            option("Map the yard.", true),
            option("\"Átalo\", you say.", true),
        ]
    }

    #[test]
    fn numbers_and_first_letters_choose() {
        let words = Catalogue::of("en");
        let read = |line| read(&words, &options(), line);
        assert_eq!(read("3."), Meaning::Choose(2));
        assert_eq!(read("rea"), Meaning::Choose(0));
        assert_eq!(read("R"), Meaning::Which(vec![0, 2]));
        assert_eq!(read("2"), Meaning::Closed(1));
        assert_eq!(read("not"), Meaning::Closed(1));
        assert_eq!(read("atalo"), Meaning::Choose(4));
        assert_eq!(read("6"), Meaning::NoSuchNumber);
        assert_eq!(read("0"), Meaning::NoSuchNumber);
    }

    #[test]
    fn a_command_comes_before_the_first_letters_of_a_choice() {
        let words = Catalogue::of("en");
        let read = |line| read(&words, &options(), line);
        assert!(matches!(read("map"), Meaning::Command(Command { verb: Verb::Map, .. })));
        assert_eq!(read("map the"), Meaning::Choose(3));
        assert_eq!(read("halp"), Meaning::Unknown(Some(Verb::Help)));
        assert_eq!(read("xyzzy"), Meaning::Unknown(None));
        assert_eq!(read("!!"), Meaning::Unknown(None));
    }
}
