//! Walking TOML tables by hand: every value with its place, every key known or told of.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::catalogue::Phrase;
use crate::diagnostic::{Code, Diagnostic, FileId, Findings, Span};
use crate::lang::nearest;
use crate::say;
use crate::story::keys::Table;
use crate::story::model::Basis;
use crate::story::raw::{At, RawDate};
use crate::story::text::Text;

/// A value of a TOML file.
pub type Value<'a> = Spanned<DeValue<'a>>;

/// A text has at most so many bytes. A finding in it costs as much as it is long.
const LONGEST_TEXT: usize = 1 << 20;

/// Reads the tables of one file.
pub struct Walker<'w> {
    /// The file.
    pub file: FileId,
    /// What is wrong.
    pub found: &'w mut Findings,
}

impl Walker<'_> {
    /// A span of this file.
    pub fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.file, range.start, range.end)
    }

    /// Reports a finding at a place of this file.
    pub fn fault(&mut self, code: Code, range: Range<usize>, message: Phrase, label: Phrase) -> &mut Diagnostic {
        let span = self.span(range);
        self.found.push(Diagnostic::new(code, message).label(span, label))
    }

    /// Says that a key is not one of the table's, and what was meant; `above` is the table that
    /// an `[[array]]` inside it may have taken the key from.
    pub fn unknown_key(&mut self, table: &Table, above: Option<&Table>, key: &Spanned<std::borrow::Cow<'_, str>>) {
        let name = key.get_ref().as_ref();
        if let Some(above) = above.filter(|above| above.keys.contains(&name)) {
            let message = say!(
                "`{name}` belongs to {above}, but stands in {table}",
                name = name,
                above = above.said(),
                table = table.said()
            );
            let found = self.fault(Code::MisplacedKey, key.span(), message, say!("TOML gave it to the table above it"));
            found.help.push(say!(
                "write it before the first `{table}`: a key belongs to the last header above it",
                table = table.said()
            ));
            return;
        }
        let near = nearest(name, table.keys.iter().copied());
        let message = say!("{table} has no key `{name}`", table = table.said(), name = name);
        let found = self.fault(Code::UnknownKey, key.span(), message, say!("unknown"));
        found.help.push(match near {
            Some(near) => say!("did you mean `{near}`?", near = near),
            None => say!(
                "its keys are {keys}",
                keys = table.keys.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ")
            ),
        });
    }

    fn wrong(&mut self, value: &Value<'_>, key: &str, wanted: Phrase) {
        let (is_date, is_text) = (wanted == say!("a date"), wanted == say!("a text"));
        let kind = match value.get_ref() {
            DeValue::String(_) => say!("a text"),
            DeValue::Integer(_) => say!("a whole number"),
            DeValue::Float(_) => say!("a number with a fraction"),
            DeValue::Boolean(_) => say!("true or false"),
            DeValue::Datetime(_) => say!("a date"),
            DeValue::Array(_) => say!("a list"),
            DeValue::Table(_) => say!("a table"),
        };
        let found = self.fault(
            Code::WrongType,
            value.span(),
            say!("`{key}` takes {wanted}", key = key, wanted = wanted),
            say!("this is {kind}", kind = kind),
        );
        if is_date && value.get_ref().is_str() {
            found.help.push(say!("dates stand without quotation marks: `1917-02-23`"));
        }
        if is_text && matches!(value.get_ref(), DeValue::Table(_)) {
            found.help.push(say!("did you write `[` and `]` for a header where a text was meant?"));
        }
    }

    /// A string.
    pub fn text<'t>(&mut self, key: &str, value: &'t Value<'_>) -> Option<Text<'t>> {
        match value.get_ref() {
            DeValue::String(text) => {
                if text.contains('\0') {
                    let message = say!("`{key}` holds a NUL byte", key = key);
                    self.fault(Code::BadValue, value.span(), message, say!("no text has one"));
                    return None;
                }
                if text.len() > LONGEST_TEXT {
                    let message = say!("`{key}` is longer than {size} KiB", key = key, size = LONGEST_TEXT >> 10);
                    self.fault(Code::TooLarge, value.span(), message, say!("divide it"));
                    return None;
                }
                Some(Text::new(text, self.file, value.span()))
            }
            _ => {
                self.wrong(value, key, say!("a text"));
                None
            }
        }
    }

    /// A list of strings; one string alone is a list of one.
    pub fn texts<'t>(&mut self, key: &str, value: &'t Value<'_>) -> Vec<Text<'t>> {
        match value.get_ref() {
            DeValue::String(_) => self.text(key, value).into_iter().collect(),
            DeValue::Array(items) => items.iter().filter_map(|item| self.text(key, item)).collect(),
            _ => {
                self.wrong(value, key, say!("a list of texts"));
                Vec::new()
            }
        }
    }

    /// A whole number.
    pub fn integer(&mut self, key: &str, value: &Value<'_>) -> Option<At<i64>> {
        let span = self.span(value.span());
        let DeValue::Integer(number) = value.get_ref() else {
            self.wrong(value, key, say!("a whole number"));
            return None;
        };
        let digits = number.as_str().replace('_', "");
        match i64::from_str_radix(&digits, number.radix()) {
            Ok(number) if number.unsigned_abs() <= 1_000_000_000 => Some(At { value: number, span }),
            _ => {
                let message = say!("`{key}` is too large", key = key);
                self.fault(Code::BadValue, value.span(), message, say!("at most 1,000,000,000 either side of zero"));
                None
            }
        }
    }

    /// A number with or without a fraction.
    pub fn number(&mut self, key: &str, value: &Value<'_>) -> Option<At<f64>> {
        let span = self.span(value.span());
        let text = match value.get_ref() {
            DeValue::Integer(number) => number.as_str(),
            DeValue::Float(number) => number.as_str(),
            _ => {
                self.wrong(value, key, say!("a number"));
                return None;
            }
        };
        text.replace('_', "").parse().ok().map(|value| At { value, span })
    }

    /// True or false.
    pub fn flag(&mut self, key: &str, value: &Value<'_>) -> Option<At<bool>> {
        let span = self.span(value.span());
        match value.get_ref() {
            DeValue::Boolean(flag) => Some(At { value: *flag, span }),
            _ => {
                self.wrong(value, key, say!("true or false"));
                None
            }
        }
    }

    /// A date without a time.
    pub fn date(&mut self, key: &str, value: &Value<'_>) -> Option<At<RawDate>> {
        let span = self.span(value.span());
        match value.get_ref() {
            DeValue::Datetime(datetime) if datetime.time.is_none() && datetime.date.is_some() => {
                let date = datetime.date?;
                let value = RawDate { year: date.year.into(), month: date.month.into(), day: date.day.into() };
                Some(At { value, span })
            }
            _ => {
                self.wrong(value, key, say!("a date"));
                None
            }
        }
    }

    /// How something stands to the record.
    pub fn basis(&mut self, value: &Value<'_>) -> Option<At<Basis>> {
        let text = self.text("basis", value)?;
        let basis = match text.value {
            "recorded" => Basis::Recorded,
            "possible" => Basis::Possible,
            "invented" => Basis::Invented,
            _ => {
                let message = say!("`basis` is \"recorded\", \"possible\" or \"invented\"");
                self.fault(Code::BadValue, value.span(), message, say!("none of these"));
                return None;
            }
        };
        Some(At { value: basis, span: text.span })
    }

    /// A table.
    pub fn table<'t, 'a>(&mut self, key: &str, value: &'t Value<'a>) -> Option<&'t DeTable<'a>> {
        match value.get_ref() {
            DeValue::Table(table) => Some(table),
            _ => {
                self.wrong(value, key, say!("a table"));
                None
            }
        }
    }

    /// The tables of an array of tables.
    pub fn tables<'t, 'a>(&mut self, key: &str, value: &'t Value<'a>) -> Vec<(&'t DeTable<'a>, Range<usize>)> {
        match value.get_ref() {
            DeValue::Array(items) => {
                let mut tables = Vec::with_capacity(items.len());
                for item in items.iter() {
                    tables.extend(self.table(key, item).map(|table| (table, item.span())));
                }
                tables
            }
            DeValue::Table(table) => {
                let message = say!("there can be many of `{key}`, so its header has double brackets", key = key);
                let found = self.fault(Code::WrongType, value.span(), message, say!("a single table"));
                found.help.push(say!("write `[[{key}]]`", key = key));
                // What it declares is there, or all that names it would be wrong, too.
                vec![(table, value.span())]
            }
            _ => {
                self.wrong(value, key, say!("a list of tables"));
                Vec::new()
            }
        }
    }
}
