//! A message that is made before it is known in which language it will be read: what is wrong with
//! a story is found while loading, and told to whoever asks, in their language.

use std::fmt;

use super::{Catalogue, fill};

/// A message with its values, in no language yet; the default says nothing. [`say!`](crate::say)
/// makes them, so that every one of them stands in the catalogue.
// Boxed, as errors carry three of them and are returned by functions that mostly succeed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Phrase(Option<Box<Said>>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Said {
    /// In English, to be translated.
    Known(&'static str, Vec<(&'static str, Value)>),
    /// The same in every language.
    Quoted(String),
}

/// What stands where a message names it in braces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A name, a number, the words of a story: the same in all languages.
    Text(String),
    /// Words of the program.
    Phrase(Phrase),
}

impl Phrase {
    /// A message that translators know; [`say!`](crate::say) calls this.
    pub fn known(message: &'static str, values: Vec<(&'static str, Value)>) -> Phrase {
        Phrase(Some(Box::new(Said::Known(message, values))))
    }

    /// Words that are not the program's own, and stay as they are in every language.
    pub fn quoted(text: impl Into<String>) -> Phrase {
        Phrase(Some(Box::new(Said::Quoted(text.into()))))
    }

    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// The message in the language of a catalogue.
    pub fn read(&self, words: &Catalogue) -> String {
        match self.0.as_deref() {
            None => String::new(),
            Some(Said::Quoted(text)) => text.clone(),
            Some(Said::Known(message, values)) => {
                let values: Vec<_> = values.iter().map(|(name, value)| (*name, value.read(words))).collect();
                let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
                fill(words.text(message), &values)
            }
        }
    }
}

impl Value {
    fn read(&self, words: &Catalogue) -> String {
        match self {
            Value::Text(text) => text.clone(),
            Value::Phrase(phrase) => phrase.read(words),
        }
    }
}

/// In English.
impl fmt::Display for Phrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.read(&Catalogue::default()))
    }
}

impl From<Phrase> for Value {
    fn from(phrase: Phrase) -> Value {
        Value::Phrase(phrase)
    }
}

macro_rules! texts {
    ($($kind:ty),*) => {
        $(impl From<$kind> for Value {
            fn from(value: $kind) -> Value {
                Value::Text(value.to_string())
            }
        })*
    };
}

texts!(&str, &&str, String, &String, usize, u32, i64, &i64, u64, std::path::Display<'_>);

/// A message whose language is chosen by whoever reads it: `say!("no scene is called {id}", id =
/// name)`. The literal is what translators see.
#[macro_export]
macro_rules! say {
    ($message:literal $(,)?) => { $crate::catalogue::Phrase::known($message, Vec::new()) };
    ($message:literal, $($name:ident = $value:expr),+ $(,)?) => {
        $crate::catalogue::Phrase::known($message, vec![$((stringify!($name), $crate::catalogue::Value::from($value))),+])
    };
}

#[cfg(test)]
mod tests {
    use super::Phrase;
    use crate::catalogue::Catalogue;

    #[test]
    fn a_phrase_is_read_in_any_language() {
        let phrase = say!("`{key}` takes {wanted}", key = "{wanted}", wanted = say!("a date"));
        assert_eq!(phrase.to_string(), "`{wanted}` takes a date");
        assert_eq!(phrase.read(&Catalogue::of("es")), "`{wanted}` pide una fecha");
        assert_eq!(Phrase::quoted("a date").read(&Catalogue::of("es")), "a date");
    }
}
