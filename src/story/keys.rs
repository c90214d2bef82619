//! Which keys each table of the format takes.

use crate::catalogue::Phrase;
use crate::say;

/// A table of the format: how authors write it, and its keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Table {
    /// As it is written: `[[scene.choice]]`.
    pub name: &'static str,
    /// Its keys.
    pub keys: &'static [&'static str],
}

impl Table {
    /// Its name in a sentence.
    pub fn said(&self) -> Phrase {
        said(self.name)
    }
}

/// The name of a table in a sentence: as it is written, where it has a header.
pub fn said(name: &str) -> Phrase {
    match name {
        "the top of a file" => say!("the top of a file"),
        "a variable" => say!("a variable"),
        "an entry of `record`" => say!("an entry of `record`"),
        "an entry of `goto`" => say!("an entry of `goto`"),
        "an entry of the codex" => say!("an entry of the codex"),
        header => Phrase::quoted(header),
    }
}

/// The top of a file: its tables, and `scene` or `hinge` where the file is one.
pub const FILE: Table = Table {
    name: "the top of a file",
    keys: &["story", "world", "role", "scene", "hinge", "event", "outcome", "law", "person", "place", "term"],
};
/// `[story]`
pub const STORY: Table = Table {
    name: "[story]",
    keys: &[
        "format", "id", "title", "version", "authors", "license", "language", "calendar", "begins", "ends", "start",
        "text", "notice",
    ],
};
/// A variable or trait.
pub const VARIABLE: Table =
    Table { name: "a variable", keys: &["start", "min", "max", "values", "name", "text", "scale", "record", "is"] };
/// An entry of a variable's `record`.
pub const RECORD: Table = Table { name: "an entry of `record`", keys: &["date", "value"] };
/// `[[role]]`
pub const ROLE: Table = Table { name: "[[role]]", keys: &["id", "name", "text", "start", "traits"] };
/// `[[scene]]`
pub const SCENE: Table = Table {
    name: "[[scene]]",
    keys: &[
        "id", "title", "text", "role", "date", "after", "place", "do", "goto", "draw", "pool", "if", "priority",
        "once", "teaser", "ending", "sources", "basis", "note", "choice",
    ],
};
/// `draw`
pub const DRAW: Table = Table { name: "`draw`", keys: &["pool", "show"] };
/// `[[scene.choice]]`
pub const CHOICE: Table = Table {
    name: "[[scene.choice]]",
    keys: &["id", "text", "if", "locked", "once", "do", "say", "goto", "basis", "historical", "choice"],
};
/// An entry of `goto`
pub const GOTO: Table = Table { name: "an entry of `goto`", keys: &["to", "if", "weight", "do", "say"] };
/// `[[hinge]]`
pub const HINGE: Table = Table {
    name: "[[hinge]]",
    keys: &["id", "date", "title", "place", "text", "sources", "basis", "note", "side", "outcome"],
};
/// `[[hinge.side]]`
pub const SIDE: Table = Table { name: "[[hinge.side]]", keys: &["role", "text", "goto", "choice"] };
/// `[[hinge.outcome]]`
pub const HINGE_OUTCOME: Table = Table { name: "[[hinge.outcome]]", keys: &["if", "title", "text", "do", "goto"] };
/// `[[event]]`
pub const EVENT: Table = Table {
    name: "[[event]]",
    keys: &[
        "id",
        "title",
        "summary",
        "date",
        "until",
        "window",
        "weight",
        "needs",
        "if",
        "do",
        "news",
        "by",
        "otherwise",
        "people",
        "place",
        "sources",
        "certainty",
        "dispute",
        "counterfactual",
        "argued",
    ],
};
/// `[[outcome]]`
pub const OUTCOME: Table =
    Table { name: "[[outcome]]", keys: &["id", "title", "text", "if", "historical", "argued", "sources"] };
/// `[[law]]`
pub const LAW: Table = Table {
    name: "[[law]]",
    keys: &["id", "why", "always", "never", "possible", "inevitable", "before", "odds", "roles"],
};
/// `before`
pub const BEFORE: Table = Table { name: "`before`", keys: &["first", "then"] };
/// `odds`
pub const ODDS: Table = Table { name: "`odds`", keys: &["of", "at_least", "at_most"] };
/// `[[person]]`, `[[place]]`, `[[term]]`
pub const CODEX: Table = Table { name: "an entry of the codex", keys: &["id", "name", "text", "see", "sources", "at"] };
