//! The names of the faults. Each has a broken story in `tests/diagnostics` and a page in
//! `docs/diagnostics`.

use std::fmt;

use crate::catalogue::Catalogue;

/// Whether a finding stops the story from being played.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The story can't be played.
    Error,
    /// The story can be played; its author would want to know.
    Warning,
}

impl Severity {
    /// `error` or `warning`.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
        }
    }
}

macro_rules! codes {
    ($($variant:ident $severity:ident $name:literal,)*) => {
        /// The stable name of a kind of finding, `unknown-scene` and the like.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = concat!("`", $name, "`: see its page, `docs/diagnostics/", $name, ".md`.")] $variant,)*
        }

        impl Code {
            /// Every code, in the order of its declaration.
            pub const ALL: &'static [Code] = &[$(Code::$variant),*];

            /// The name as authors see it.
            pub fn name(self) -> &'static str {
                match self { $(Code::$variant => $name,)* }
            }

            /// Whether it stops the story from being played.
            pub fn severity(self) -> Severity {
                match self { $(Code::$variant => Severity::$severity,)* }
            }

            /// The page that explains it, in Markdown.
            pub fn page(self, words: &Catalogue) -> &'static str {
                match (self, words.language()) {
                    $((Code::$variant, "es") => include_str!(concat!("../../docs/es/diagnostics/", $name, ".md")),)*
                    $((Code::$variant, _) => include_str!(concat!("../../docs/diagnostics/", $name, ".md")),)*
                }
            }
        }
    };
}

codes! {
    // Files
    Unreadable Error "unreadable",
    NotUtf8 Error "not-utf8",
    TooLarge Error "too-large",
    FolderLoop Error "folder-loop",
    NoStory Error "no-story",
    TomlSyntax Error "toml-syntax",
    // Tables and keys
    UnknownKey Error "unknown-key",
    MisplacedKey Error "misplaced-key",
    MissingKey Error "missing-key",
    WrongType Error "wrong-type",
    BadValue Error "bad-value",
    BadId Error "bad-id",
    DuplicateId Error "duplicate-id",
    UnsupportedFormat Error "unsupported-format",
    BadDate Error "bad-date",
    BadBounds Error "bad-bounds",
    // Names
    UnknownScene Error "unknown-scene",
    UnknownVariable Error "unknown-variable",
    UnknownEvent Error "unknown-event",
    UnknownRole Error "unknown-role",
    UnknownChoice Error "unknown-choice",
    UnknownOutcome Error "unknown-outcome",
    UnknownSymbol Error "unknown-symbol",
    UnknownFunction Error "unknown-function",
    UnknownPool Error "unknown-pool",
    UnknownEntry Error "unknown-entry",
    // Expressions, effects, templates
    BadExpression Error "bad-expression",
    BadEffect Error "bad-effect",
    BadTemplate Error "bad-template",
    TypeMismatch Error "type-mismatch",
    DivisionByZero Error "division-by-zero",
    // Structure
    NoStart Error "no-start",
    BadGoto Error "bad-goto",
    BadReturn Error "bad-return",
    BadRole Error "bad-role",
    BadHinge Error "bad-hinge",
    BadOutcome Error "bad-outcome",
    BadEvent Error "bad-event",
    NeedsCycle Error "needs-cycle",
    NoSources Error "no-sources",
    BadLaw Error "bad-law",
    // Worth knowing
    UnreachableScene Warning "unreachable-scene",
    UnreadVariable Warning "unread-variable",
    UnwrittenVariable Warning "unwritten-variable",
    UnusedVariable Warning "unused-variable",
    NeverHolds Warning "never-holds",
    AlwaysHolds Warning "always-holds",
    NoLastResort Warning "no-last-resort",
    EmptyChoice Warning "empty-choice",
    DeadEnd Warning "dead-end",
    NeedsLater Warning "needs-later",
    UnsourcedScene Warning "unsourced-scene",
    MissingTranslation Warning "missing-translation",
    StaleTranslation Warning "stale-translation",
    // Translations that can't be used
    BadTranslation Error "bad-translation",
    TranslationDiffers Error "translation-differs",
}

impl Code {
    /// Returns the code of this name.
    pub fn named(name: &str) -> Option<Code> {
        Code::ALL.iter().copied().find(|code| code.name() == name)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
