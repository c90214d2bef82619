//! Expressions, read into trees. Spans are bytes of the string that was read.

use super::sign::COMPARISON;
pub use super::sign::Sign;
use crate::catalogue::Phrase;
use crate::say;
use std::ops::Range;

/// Where something stands in the string it was read from.
pub type Place = Range<usize>;

/// What is wrong with a string, where, and the way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// Where.
    pub place: Place,
    /// The rule.
    pub message: Phrase,
    /// What stands there.
    pub label: Phrase,
    /// The way out; may be empty.
    pub help: Phrase,
}

impl SyntaxError {
    pub(super) fn new(place: Place, message: Phrase, label: Phrase) -> SyntaxError {
        SyntaxError { place, message, label, help: Phrase::default() }
    }

    pub(super) fn help(mut self, help: Phrase) -> SyntaxError {
        self.help = help;
        self
    }
}

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Tree<'a> {
    /// What it is.
    pub kind: TreeKind<'a>,
    /// Where.
    pub place: Place,
}

/// What an expression is.
#[derive(Clone, Debug, PartialEq)]
pub enum TreeKind<'a> {
    /// `12`
    Number(i64),
    /// `1917-02-27`
    Date(i32, u32, u32),
    /// `bread`, `weaver.nerve`, `true`, `date`
    Name(&'a str),
    /// `happened(e)`, `min(a, b)`
    Call(&'a str, Place, Vec<Tree<'a>>),
    /// `not a`
    Not(Box<Tree<'a>>),
    /// `-a`
    Negate(Box<Tree<'a>>),
    /// `a + b`, `a and b`, `a < b`
    Binary(Sign, Place, Box<Tree<'a>>, Box<Tree<'a>>),
}

const NEGATION: u8 = 3;

/// Expressions nest at most so deep: reading and evaluating them is recursive.
const DEEPEST: u32 = 64;

/// An expression has at most so many values: `a + b + c` groups to the left, and nests as deep as
/// it is long.
const MOST_VALUES: u32 = 256;

/// Reads an expression: all of `text` from `start`.
///
/// # Errors
///
/// Says where it stops being one.
pub fn expression(text: &str, start: usize) -> Result<Tree<'_>, SyntaxError> {
    let mut reader = Reader { text, at: start, depth: 0, values: 0 };
    let tree = reader.expression(0)?;
    reader.end()?;
    Ok(tree)
}

pub(super) struct Reader<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
    pub(super) depth: u32,
    pub(super) values: u32,
}

impl<'a> Reader<'a> {
    pub(super) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn blank(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    /// The place of the next word or sign, for saying what stands there.
    pub(super) fn here(&mut self) -> Place {
        self.blank();
        let rest = self.rest();
        let word = rest.find(|c: char| !is_word(c)).unwrap_or(rest.len());
        let len = if word > 0 { word } else { rest.chars().next().map_or(0, char::len_utf8) };
        self.at..self.at + len
    }

    pub(super) fn take(&mut self, sign: &str) -> bool {
        self.blank();
        let found = self.rest().starts_with(sign);
        if found {
            self.at += sign.len();
        }
        found
    }

    /// A word, with dots inside: `weaver.nerve`.
    pub(super) fn word(&mut self) -> Option<(&'a str, Place)> {
        self.blank();
        let rest = self.rest();
        if !rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
            return None;
        }
        let len = rest.find(|c: char| !is_word(c)).unwrap_or(rest.len());
        let word = rest[..len].trim_end_matches('.');
        let place = self.at..self.at + word.len();
        self.at = place.end;
        Some((word, place))
    }

    pub(super) fn peek_word(&mut self) -> Option<&'a str> {
        let at = self.at;
        let word = self.word();
        self.at = at;
        word.map(|(word, _)| word)
    }

    pub(super) fn end(&mut self) -> Result<(), SyntaxError> {
        let here = self.here();
        if here.is_empty() {
            return Ok(());
        }
        let found = &self.text[here.clone()];
        let error =
            SyntaxError::new(here, say!("the expression should end here"), say!("what follows belongs to nothing"));
        Err(match found {
            "=" => error.help(say!("to compare, write `==`")),
            "&" => error.help(say!("write `and`")),
            "|" => error.help(say!("write `or`")),
            _ => error,
        })
    }

    /// Precedence climbing; operators of the same strength group to the left.
    pub(super) fn expression(&mut self, least: u8) -> Result<Tree<'a>, SyntaxError> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(SyntaxError::new(
                self.here(),
                say!("the expression nests too deep"),
                say!("more than 64 levels"),
            )
            .help(say!("give a part of it a variable of its own")));
        }
        let mut left = self.operand()?;
        while let Some((sign, place)) = self.sign(least) {
            let right = self.expression(sign.strength() + 1)?;
            if sign.strength() == COMPARISON
                && let Some((_, second)) = self.sign_ahead(COMPARISON).filter(|(sign, _)| sign.strength() == COMPARISON)
            {
                return Err(SyntaxError::new(second, say!("comparisons don't chain"), say!("a second comparison"))
                    .help(say!("write `a < b and b < c`")));
            }
            let whole = left.place.start..right.place.end;
            left = Tree { kind: TreeKind::Binary(sign, place, Box::new(left), Box::new(right)), place: whole };
        }
        self.depth -= 1;
        Ok(left)
    }

    fn sign_ahead(&mut self, least: u8) -> Option<(Sign, Place)> {
        let at = self.at;
        let found = self.sign(least);
        self.at = at;
        found
    }

    /// The next operator, if it binds at least so tightly.
    fn sign(&mut self, least: u8) -> Option<(Sign, Place)> {
        self.blank();
        let word = self.peek_word();
        let found = Sign::ALL.into_iter().find(|sign| match sign {
            Sign::And | Sign::Or => word == Some(sign.text()),
            _ => self.rest().starts_with(sign.text()),
        })?;
        if found.strength() < least {
            return None;
        }
        let place = self.at..self.at + found.text().len();
        self.at = place.end;
        Some((found, place))
    }

    fn operand(&mut self) -> Result<Tree<'a>, SyntaxError> {
        self.blank();
        let start = self.at;
        self.values += 1;
        if self.values > MOST_VALUES {
            return Err(SyntaxError::new(
                self.here(),
                say!("the expression is too long"),
                say!("more than 256 values"),
            )
            .help(say!("give a part of it a variable of its own")));
        }
        if self.take("-") {
            let inner = self.expression(7)?;
            let place = start..inner.place.end;
            return Ok(Tree { kind: TreeKind::Negate(Box::new(inner)), place });
        }
        if self.take("(") {
            let inner = self.expression(0)?;
            if !self.take(")") {
                return Err(SyntaxError::new(start..start + 1, say!("a `(` has no `)`"), say!("opened here")));
            }
            return Ok(Tree { place: start..self.at, ..inner });
        }
        if self.rest().starts_with(|c: char| c.is_ascii_digit()) {
            return self.number();
        }
        match self.word() {
            Some(("not", place)) => {
                let inner = self.expression(NEGATION)?;
                let place = place.start..inner.place.end;
                Ok(Tree { kind: TreeKind::Not(Box::new(inner)), place })
            }
            Some((word @ ("and" | "or" | "if"), place)) => Err(SyntaxError::new(
                place,
                say!("`{word}` needs a value on its left", word = word),
                say!("nothing to compare here"),
            )),
            Some((word, place)) => self.name(word, place),
            None => {
                let here = self.here();
                let found = &self.text[here.clone()];
                let error =
                    SyntaxError::new(here, say!("a value is missing"), say!("expected a number, a name or `(`"));
                Err(match found {
                    "!" => error.help(say!("write `not`")),
                    "\"" | "'" => error.help(say!("symbols stand without quotation marks")),
                    _ => error,
                })
            }
        }
    }

    fn number(&mut self) -> Result<Tree<'a>, SyntaxError> {
        let start = self.at;
        let rest = self.rest();
        if let Some(date) = date(rest) {
            self.at += 10;
            return Ok(Tree { kind: TreeKind::Date(date.0, date.1, date.2), place: start..self.at });
        }
        let len = rest.find(|c: char| !c.is_ascii_digit() && c != '_').unwrap_or(rest.len());
        self.at += len;
        let digits: String = rest[..len].chars().filter(|c| *c != '_').collect();
        match digits.parse() {
            Ok(number) if number <= i64::from(i32::MAX) => {
                Ok(Tree { kind: TreeKind::Number(number), place: start..self.at })
            }
            _ => Err(SyntaxError::new(start..self.at, say!("a number is too large"), say!("more than 2147483647"))),
        }
    }

    fn name(&mut self, word: &'a str, place: Place) -> Result<Tree<'a>, SyntaxError> {
        if !self.rest().starts_with('(') {
            return Ok(Tree { kind: TreeKind::Name(word), place });
        }
        let open = self.at;
        self.at += 1;
        let mut arguments = Vec::new();
        while !self.take(")") {
            if !arguments.is_empty() && !self.take(",") {
                return Err(SyntaxError::new(open..open + 1, say!("a `(` has no `)`"), say!("opened here")));
            }
            arguments.push(self.expression(0)?);
        }
        Ok(Tree { place: place.start..self.at, kind: TreeKind::Call(word, place, arguments) })
    }
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '.'
}

/// A date at the beginning of `text`: `1917-02-27`.
fn date(text: &str) -> Option<(i32, u32, u32)> {
    let text = text.get(..10)?;
    let shape = text.bytes().enumerate().all(|(n, b)| if n == 4 || n == 7 { b == b'-' } else { b.is_ascii_digit() });
    if !shape {
        return None;
    }
    Some((text[..4].parse().ok()?, text[5..7].parse().ok()?, text[8..].parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(tree: &Tree<'_>) -> String {
        match &tree.kind {
            TreeKind::Number(number) => number.to_string(),
            TreeKind::Date(y, m, d) => format!("{y}-{m}-{d}"),
            TreeKind::Name(name) => (*name).to_owned(),
            TreeKind::Call(name, _, arguments) => {
                format!("{name}({})", arguments.iter().map(shape).collect::<Vec<_>>().join(" "))
            }
            TreeKind::Not(inner) => format!("(not {})", shape(inner)),
            TreeKind::Negate(inner) => format!("(- {})", shape(inner)),
            TreeKind::Binary(sign, _, a, b) => format!("({} {} {})", sign.text(), shape(a), shape(b)),
        }
    }

    #[test]
    fn operators_bind_as_people_read_them() {
        for (text, expected) in [
            ("a or b and not c == 2", "(or a (and b (not (== c 2))))"),
            ("1 - 2 - 3 * -x", "(- (- 1 2) (* 3 (- x)))"),
            ("(a or b) and weaver.nerve >= 2", "(and (or a b) (>= weaver.nerve 2))"),
            ("date >= 1917-02-27", "(>= date 1917-2-27)"),
            ("min(a, b + 1) < chose(s.c)", "(< min(a (+ b 1)) chose(s.c))"),
        ] {
            assert_eq!(shape(&expression(text, 0).expect(text)), expected);
        }
    }

    #[test]
    fn what_is_wrong_is_shown_where_it_stands() {
        for (text, shown) in
            [("a = 2", "="), ("a < b < c", "<"), ("2 +", ""), ("(a", "("), ("a and or b", "or"), ("a ? b", "?")]
        {
            let error = expression(text, 0).expect_err(text);
            assert_eq!(&text[error.place], shown, "{text}");
        }
        let deep = "(".repeat(10_000);
        assert!(expression(&deep, 0).is_err());
    }
}
