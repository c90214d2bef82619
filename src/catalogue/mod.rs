//! Every word the program itself says, in the player's language.
//!
//! English stands in the source; the other languages are gettext PO files in `src/catalogue`,
//! built into the binary.

/// The program's messages in one language.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    language: String,
}

impl Catalogue {
    /// The messages of a language, BCP 47 or a POSIX locale (`es`, `es-MX`, `es_ES.UTF-8`);
    /// English where there are none.
    pub fn of(language: &str) -> Catalogue {
        Catalogue { language: language.to_owned() }
    }

    /// The language of the messages: `en`, `es`.
    pub fn language(&self) -> &str {
        &self.language
    }

    /// A message, or the English where it has no translation.
    pub fn text<'a>(&'a self, message: &'a str) -> &'a str {
        message
    }

    /// A message that depends on a number.
    pub fn plural<'a>(&'a self, one: &'a str, many: &'a str, n: u64) -> &'a str {
        if n == 1 { one } else { many }
    }
}

/// Puts values where a message names them in braces: `{count}`.
pub fn fill(message: &str, values: &[(&str, &str)]) -> String {
    values.iter().fold(message.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
}

/// A message in the language of a catalogue: `tr!(words, "Saved as {slot}.", slot = name)`. The
/// literal is what translators see.
#[macro_export]
macro_rules! tr {
    ($catalogue:expr, $message:literal) => { $catalogue.text($message).to_owned() };
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
