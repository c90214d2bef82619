//! Every word the program itself says, in the player's language.
//!
//! English stands in the source; the other languages are gettext PO files in `src/catalogue`,
//! built into the binary.

use std::collections::BTreeMap;
use std::sync::LazyLock;

mod phrase; // messages whose language is chosen later
mod plural; // which form a number takes
pub mod po; // the files that translators work on

pub use self::phrase::{Phrase, Value};

/// The languages besides English.
static TRANSLATIONS: LazyLock<[Translation; 1]> = LazyLock::new(|| [Translation::read("es", include_str!("es.po"))]);

/// The program's messages in one language.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    /// None is English.
    translation: Option<&'static Translation>,
    asked: Option<String>,
}

/// The messages of a language other than English.
#[derive(Debug)]
struct Translation {
    language: &'static str,
    /// By the English message; with one text for each plural form.
    messages: BTreeMap<String, Vec<String>>,
    plural_forms: String,
}

impl Translation {
    fn read(language: &'static str, source: &str) -> Translation {
        let file = po::parse(source);
        let plural_forms = file.header("Plural-Forms").unwrap_or("plural=(n != 1)").to_owned();
        let used = file.messages.into_iter().filter(|message| !message.fuzzy && !message.obsolete);
        let whole = used.filter(|message| !message.id.is_empty() && message.text.iter().all(|text| !text.is_empty()));
        Translation { language, messages: whole.map(|message| (message.id, message.text)).collect(), plural_forms }
    }
}

impl Catalogue {
    /// The messages of a language, BCP 47 or a POSIX locale (`es`, `es-MX`, `es_ES.UTF-8`);
    /// English where there are none.
    pub fn of(language: &str) -> Catalogue {
        let asked = Some(normalise(language)).filter(|asked| !asked.is_empty());
        let primary = asked.as_deref().map(primary);
        let translation = TRANSLATIONS.iter().find(|translation| Some(translation.language) == primary);
        Catalogue { translation, asked }
    }

    /// The messages in the language that a person asked for: by the flag, else as the environment
    /// says by `LANGUAGE` (a list; the first that there are messages in), `LC_ALL`, `LC_MESSAGES`
    /// or `LANG`. `C` and `POSIX` are English.
    pub fn negotiate(flag: Option<&str>, env: impl Fn(&str) -> Option<String>) -> Catalogue {
        if let Some(flag) = flag {
            return Catalogue::of(flag);
        }
        let set = |name: &&str| env(name).filter(|value| !value.trim().is_empty());
        let Some(value) = ["LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(set) else {
            return Catalogue::default();
        };
        let wanted: Vec<Catalogue> = value.split(':').map(Catalogue::of).filter(|one| one.asked.is_some()).collect();
        let spoken = |one: &&Catalogue| one.translation.is_some() || one.asked.as_deref().map(primary) == Some("en");
        let translation = wanted.iter().find(spoken).and_then(|one| one.translation);
        Catalogue { translation, asked: wanted.into_iter().next().and_then(|one| one.asked) }
    }

    /// The language of the messages: `en`, `es`.
    pub fn language(&self) -> &str {
        self.translation.map_or("en", |translation| translation.language)
    }

    /// The language that was asked for, BCP 47, whether or not the program speaks it: a story may.
    pub fn asked(&self) -> Option<&str> {
        self.asked.as_deref()
    }

    /// A message, or the English where it has no translation.
    pub fn text<'a>(&'a self, message: &'a str) -> &'a str {
        let found = self.translation.and_then(|translation| translation.messages.get(message));
        found.and_then(|texts| texts.first()).map_or(message, String::as_str)
    }

    /// A message that depends on a number.
    pub fn plural<'a>(&'a self, one: &'a str, many: &'a str, n: u64) -> &'a str {
        let found = self.translation.and_then(|translation| {
            let form = plural::form(&translation.plural_forms, n)?;
            translation.messages.get(one)?.get(form)
        });
        found.map_or(if n == 1 { one } else { many }, String::as_str)
    }
}

/// `es_MX.UTF-8@euro` as BCP 47: `es-MX`; `C` and `POSIX` are English.
fn normalise(language: &str) -> String {
    let plain = language.trim().split(['.', '@']).next().unwrap_or_default().replace('_', "-");
    if matches!(plain.as_str(), "C" | "POSIX") { "en".to_owned() } else { plain }
}

/// The language of a tag without its region and script.
fn primary(language: &str) -> &str {
    let tag = language.split('-').next().unwrap_or_default();
    TRANSLATIONS
        .iter()
        .map(|translation| translation.language)
        .find(|name| name.eq_ignore_ascii_case(tag))
        .unwrap_or(tag)
}

/// Puts values where a message names them in braces: `{count}`. What a value itself holds in
/// braces is left alone.
pub fn fill(message: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(message.len());
    let mut rest = message;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let named = after.split_once('}').and_then(|(name, rest)| {
            let value = values.iter().find(|(known, _)| *known == name)?.1;
            Some((value, rest))
        });
        match named {
            Some((value, after)) => {
                filled.push_str(value);
                rest = after;
            }
            None => {
                filled.push('{');
                rest = after;
            }
        }
    }
    filled.push_str(rest);
    filled
}

/// A message in the language of a catalogue: `tr!(words, "Saved as {slot}.", slot = name)`. The
/// literal is what translators see.
#[macro_export]
macro_rules! tr {
    ($catalogue:expr, $message:literal $(,)?) => { $catalogue.text($message).to_owned() };
    ($catalogue:expr, $message:literal, $($name:ident = $value:expr),+ $(,)?) => {
        $crate::catalogue::fill($catalogue.text($message), &[$((stringify!($name), &$value.to_string())),+])
    };
}

/// A message that depends on a number, which stands in it as `{n}`:
/// `trn!(words, "{n} choice", "{n} choices", count)`.
#[macro_export]
macro_rules! trn {
    ($catalogue:expr, $one:literal, $many:literal, $n:expr $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::catalogue::fill($catalogue.plural($one, $many, $n as u64), &[("n", &$n.to_string()) $(, (stringify!($name), &$value.to_string()))*])
    };
}

#[cfg(test)]
mod tests {
    use super::{Catalogue, fill};

    fn negotiated(flag: Option<&str>, env: &[(&str, &str)]) -> (String, Option<String>) {
        let find = |name: &str| env.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        let words = Catalogue::negotiate(flag, find);
        (words.language().to_owned(), words.asked().map(str::to_owned))
    }

    #[test]
    fn languages_are_found_as_the_person_says() {
        type Case<'a> = (Option<&'a str>, &'a [(&'a str, &'a str)], &'a str, Option<&'a str>);
        let cases: &[Case] = &[
            (None, &[], "en", None),
            (Some("es"), &[("LANG", "en_GB.UTF-8")], "es", Some("es")),
            (Some("fr"), &[("LANG", "es_ES.UTF-8")], "en", Some("fr")),
            (Some("ES-mx"), &[], "es", Some("ES-mx")),
            (None, &[("LANG", "es_MX.UTF-8")], "es", Some("es-MX")),
            (None, &[("LANG", "es_ES@euro"), ("LC_MESSAGES", "en_US")], "en", Some("en-US")),
            (None, &[("LC_ALL", "C"), ("LANG", "es_ES")], "en", Some("en")),
            (None, &[("LC_ALL", ""), ("LANG", "es_ES")], "es", Some("es-ES")),
            (None, &[("LANGUAGE", "fr:es:en"), ("LANG", "en_US")], "es", Some("fr")),
            (None, &[("LANGUAGE", "en:es")], "en", Some("en")),
            (None, &[("LANG", "POSIX")], "en", Some("en")),
            (None, &[("LANG", "C.UTF-8")], "en", Some("en")),
            (None, &[("LANG", "eso")], "en", Some("eso")),
        ];
        for (flag, env, language, asked) in cases {
            let expected = ((*language).to_owned(), asked.map(str::to_owned));
            assert_eq!(negotiated(*flag, env), expected, "{flag:?} {env:?}");
        }
    }

    #[test]
    fn values_are_put_in_once() {
        assert_eq!(fill("{a} and {b}, {c} {", &[("a", "{b}"), ("b", "2")]), "{b} and 2, {c} {");
    }
}
