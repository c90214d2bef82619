//! Findings while they are gathered: however wrong a story is, so many and no more.

use super::Diagnostic;
use super::code::{Code, Severity};
use crate::catalogue::Phrase;
use crate::say;

/// At most so many errors are gathered, and so many warnings: nobody reads more, and a file that is
/// no story at all must not fill the memory.
const MOST: usize = 1_000;

/// What was found so far.
#[derive(Debug)]
pub struct Findings {
    list: Vec<Diagnostic>,
    errors: usize,
    warnings: usize,
    /// What is pushed goes here once there are enough.
    overflow: Diagnostic,
}

impl Default for Findings {
    fn default() -> Findings {
        let overflow = Diagnostic::new(Code::TooLarge, Phrase::default());
        Findings { list: Vec::new(), errors: 0, warnings: 0, overflow }
    }
}

impl Findings {
    /// Adds a finding, unless there are enough of its kind. Returns it, for what is to be added.
    pub fn push(&mut self, found: Diagnostic) -> &mut Diagnostic {
        let is_enough = self.is_enough(found.code);
        match found.severity() {
            Severity::Error => self.errors += 1,
            Severity::Warning => self.warnings += 1,
        }
        if is_enough {
            self.overflow = found;
            return &mut self.overflow;
        }
        self.list.push(found);
        self.list.last_mut().expect("one was pushed just now")
    }

    /// Whether another finding of this code would not be kept: its place need not be worked out.
    pub fn is_enough(&self, code: Code) -> bool {
        MOST <= match code.severity() {
            Severity::Error => self.errors,
            Severity::Warning => self.warnings,
        }
    }

    /// Whether anything was found that keeps the story from being played.
    pub fn has_errors(&self) -> bool {
        self.errors > 0
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// All that was kept, by file and place; where there were more errors, that is said at the end.
    pub fn into_sorted(mut self) -> Vec<Diagnostic> {
        self.list.sort_by_key(|found| found.labels.first().map(|label| label.span));
        if self.errors > MOST {
            let message = say!(
                "the story has {n} errors; the first {most} that were found are told",
                n = self.errors,
                most = MOST
            );
            let found = Diagnostic::new(Code::TooLarge, message);
            self.list.push(found.help(say!("mend some of these and check again")));
        }
        self.list
    }
}

impl Extend<Diagnostic> for Findings {
    fn extend<T: IntoIterator<Item = Diagnostic>>(&mut self, found: T) {
        for found in found {
            self.push(found);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Findings, MOST};
    use crate::catalogue::Phrase;
    use crate::diagnostic::{Code, Diagnostic};

    #[test]
    fn warnings_do_not_crowd_out_errors() {
        let mut findings = Findings::default();
        for _ in 0..3 * MOST {
            findings
                .push(Diagnostic::new(Code::UnusedVariable, Phrase::quoted("a warning")))
                .help
                .push(Phrase::quoted("some help"));
        }
        assert!(!findings.has_errors());
        for n in 0..=MOST {
            assert_eq!(findings.is_enough(Code::BadId), n == MOST);
            findings.push(Diagnostic::new(Code::BadId, Phrase::quoted("an error")));
        }
        let told = findings.into_sorted();
        assert_eq!(told.len(), 2 * MOST + 1);
        assert_eq!(
            told[2 * MOST].message.to_string(),
            "the story has 1001 errors; the first 1000 that were found are told"
        );
    }
}
