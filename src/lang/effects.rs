//! Effects, read into trees: `bread -= 5; warned = true; happen strike if bread < 20`.

use super::syntax::{Place, Reader, SyntaxError, Tree};
use crate::say;

/// At most so many errors are told of the effects in one string.
const MOST_ERRORS: usize = 100;

/// One effect.
#[derive(Clone, Debug, PartialEq)]
pub struct EffectTree<'a> {
    /// What it does.
    pub kind: EffectKind<'a>,
    /// What it changes: the name and where it stands.
    pub target: (&'a str, Place),
    /// Only if.
    pub guard: Option<Tree<'a>>,
    /// All of it.
    pub place: Place,
}

/// What an effect does.
#[derive(Clone, Debug, PartialEq)]
pub enum EffectKind<'a> {
    /// `a = b`
    Set(Tree<'a>),
    /// `a += b`
    Add(Tree<'a>),
    /// `a -= b`
    Subtract(Tree<'a>),
    /// `happen e`
    Happen,
    /// `avert e`
    Avert,
}

/// Reads effects separated by `;` or line ends.
///
/// # Errors
///
/// One for each effect that is none.
pub fn effects(text: &str) -> (Vec<EffectTree<'_>>, Vec<SyntaxError>) {
    let (mut found, mut errors) = (Vec::new(), Vec::new());
    let mut start = 0;
    for part in text.split([';', '\n']) {
        let trimmed = part.trim();
        if !trimmed.is_empty() {
            let at = start + (part.len() - part.trim_start().len());
            let mut reader = Reader { text: &text[..at + trimmed.len()], at, depth: 0, values: 0 };
            match reader.effect() {
                Ok(effect) => found.push(effect),
                Err(error) if errors.len() < MOST_ERRORS => errors.push(error),
                Err(_) => break,
            }
        }
        start += part.len() + 1;
    }
    (found, errors)
}

impl<'a> Reader<'a> {
    fn effect(&mut self) -> Result<EffectTree<'a>, SyntaxError> {
        let start = self.at;
        let Some((word, place)) = self.word() else {
            return Err(SyntaxError::new(
                self.here(),
                say!("an effect begins with what it changes"),
                say!("not a name"),
            )
            .help(say!("write `bread -= 5`, `warned = true`, `happen EVENT` or `avert EVENT`")));
        };
        let (kind, target) = match word {
            "happen" | "avert" => {
                let kind = if word == "happen" { EffectKind::Happen } else { EffectKind::Avert };
                let missing = |place| {
                    SyntaxError::new(
                        place,
                        say!("`{word}` needs an event", word = word),
                        say!("no event is named here"),
                    )
                };
                let here = self.here();
                (kind, self.word().ok_or_else(|| missing(here))?)
            }
            _ => (self.assignment()?, (word, place)),
        };
        let guard = match self.peek_word() {
            Some("if") => {
                self.word();
                Some(self.expression(0)?)
            }
            _ => None,
        };
        self.end().map_err(|error| {
            if error.help.is_empty() { error.help(say!("effects are separated by `;` or by line ends")) } else { error }
        })?;
        Ok(EffectTree { kind, target, guard, place: start..self.at })
    }

    fn assignment(&mut self) -> Result<EffectKind<'a>, SyntaxError> {
        if self.take("+=") {
            return Ok(EffectKind::Add(self.expression(0)?));
        }
        if self.take("-=") {
            return Ok(EffectKind::Subtract(self.expression(0)?));
        }
        let here = self.here();
        let wrong = |help| {
            SyntaxError::new(here, say!("an effect sets, adds or subtracts"), say!("expected `=`, `+=` or `-=`"))
                .help(help)
        };
        if self.rest().starts_with("==") {
            return Err(wrong(say!("to set a value, write one `=`")));
        }
        if !self.take("=") {
            return Err(wrong(say!("write `bread -= 5`, `warned = true`, `happen EVENT` or `avert EVENT`")));
        }
        Ok(EffectKind::Set(self.expression(0)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn effects_are_read_one_by_one() {
        let (found, errors) = effects("bread -= 5; unrest += 2 * wave\n avert palace if garrison > 60 ; x == 3");
        assert_eq!(found.len(), 3);
        assert_eq!(found[2].target.0, "palace");
        assert!(found[2].guard.is_some());
        assert_eq!(errors.len(), 1);
    }
}
