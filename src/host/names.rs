//! Names in class: generated ones, and what a typed one may be.

use super::secret::below;
use crate::catalogue::Catalogue;
use crate::tr;

/// Letters of a name, at most.
const LONGEST: usize = 24;

/// A name out of the class's own two lists: a trade and a first name. They say nothing of who
/// sits there.
pub fn generated(words: &Catalogue, is_taken: impl Fn(&str) -> bool) -> String {
    let (trades, names) = lists(words);
    let pick = |list: &[String]| list.get(below(list.len())).cloned().unwrap_or_default();
    for _ in 0..64 {
        let name = format!("{} {}", pick(&trades), pick(&names));
        if !is_taken(&name) {
            return name;
        }
    }
    format!("{} {} {}", pick(&trades), pick(&names), below(1_000))
}

/// Whether a name is out of these lists: one that was not is typed, whatever the form says.
pub fn is_generated(words: &Catalogue, name: &str) -> bool {
    let (trades, names) = lists(words);
    let has = |list: &[String], word: Option<&str>| word.is_some_and(|word| list.iter().any(|known| known == word));
    let mut parts = name.split(' ');
    has(&trades, parts.next()) && has(&names, parts.next()) && parts.all(|rest| rest.parse::<u32>().is_ok())
}

fn lists(words: &Catalogue) -> (Vec<String>, Vec<String>) {
    let trades = tr!(
        words,
        "Typist Baker Courier Printer Fitter Turner Docker Guard Cook Student Sailor Nurse Smith Pilot Stoker Porter"
    );
    let names = tr!(
        words,
        "Anna Boris Vera Ivan Daria Pavel Galina Pyotr Zoya Timur Irina Semyon Ksenia Roman Lidia Nikita Maria Oleg Nina Yakov Olga Fyodor Raisa Arkady Sofia Lev Tanya Viktor Yelena Maxim"
    );
    let split = |list: &str| list.split_whitespace().map(str::to_owned).collect();
    (split(&trades), split(&names))
}

/// Two words to take a seat to another device by.
pub fn two_words(words: &Catalogue, token: &str) -> String {
    let list = tr!(
        words,
        "amber anchor apple arrow autumn bell birch bread bridge butter candle canvas carbon cedar cherry chimney clay cloud copper cotton crane dawn ember feather ferry flint garden ginger granite hammer harbour hazel honey island ivory kettle ladder lantern lemon linen marble meadow needle nettle ocean olive oxygen paper pearl pepper plum quartz raven river saddle salt silver sparrow thistle timber tulip velvet walnut winter"
    );
    let list: Vec<&str> = list.split_whitespace().collect();
    let bytes = super::secret::digest(&format!("words {token}"));
    let word = |byte: u8| list.get(usize::from(byte) % list.len().max(1)).copied().unwrap_or_default();
    format!("{} {}", word(bytes[0]), word(bytes[1]))
}

/// A typed name as it may stand: 1 to 24 letters, no controls, nothing that turns text around.
pub fn alias(typed: &str) -> Option<String> {
    plain_text(typed, LONGEST)
}

/// A typed text as it may stand, of at most so many letters; `None` where it holds controls, marks
/// that turn text around or hide in it, or nothing at all.
pub fn plain_text(typed: &str, longest: usize) -> Option<String> {
    let text = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    let is_hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{00ad}' | '\u{061c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffc}' | '\u{e0000}'..='\u{e007f}')
    };
    // A few marks make an accent; a pile of them covers the lines above and below.
    let is_mark = |c: char| matches!(c, '\u{0300}'..='\u{036f}' | '\u{1ab0}'..='\u{1aff}' | '\u{20d0}'..='\u{20ff}');
    let piled = text.chars().scan(0, |run, c| {
        *run = if is_mark(c) { *run + 1 } else { 0 };
        Some(*run)
    });
    let sound = !text.is_empty() && !text.contains(is_hidden) && piled.into_iter().all(|run| run < 3);
    (sound && text.chars().count() <= longest).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::{alias, plain_text};

    #[test]
    fn a_name_is_plain() {
        assert_eq!(alias("  Zoë  of   Vyborg "), Some("Zoë of Vyborg".to_owned()));
        assert_eq!(alias("<b>"), Some("<b>".to_owned()), "markup is for the templates to escape");
        for bad in [
            "",
            " ",
            "a\u{202e}b",
            "a\u{200b}",
            "x\u{7}",
            "abcdefghijklmnopqrstuvwxyz",
            "Z\u{301}\u{302}\u{303}\u{304}",
        ] {
            assert_eq!(alias(bad), None, "{bad:?}");
        }
        assert_eq!(plain_text("two\nlines", 280), Some("two lines".to_owned()));
    }
}
