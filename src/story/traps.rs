//! TOML's own traps, told in the author's words.

/// What an author is told of a syntax error, in place of or beside what TOML says.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Trap {
    /// Says it better than TOML does.
    pub message: Option<&'static str>,
    /// What to say of the place where reading stopped.
    pub label: &'static str,
    /// The byte where it really went wrong, and what to say of it.
    pub origin: Option<(usize, &'static str)>,
    /// Ways out.
    pub help: Vec<&'static str>,
}

/// What lies behind a syntax error at a byte of a file.
pub fn behind(text: &str, at: usize, message: &str) -> Trap {
    let mut trap = Trap::default();
    let at = (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let end = text[at..].find('\n').map_or(text.len(), |newline| at + newline);
    let line = text[start..end].trim();
    let value = line.split_once('=').map_or("", |(_, value)| value.trim_start());
    if let Some(opened) = unclosed(text, at) {
        trap.message = Some("a text in `\'\'\'` is not closed");
        trap.label = "so reading stopped here";
        trap.origin = Some((opened, "opened here"));
        trap.help.push("write `\'\'\'` on a line of its own where the text ends");
    } else if value.starts_with('\'') && !value.starts_with("\'\'\'") && value.matches('\'').count() > 2 {
        trap.message = Some("an apostrophe ends a text in `\'…\'`");
        trap.label = "no longer part of the text";
        trap.help.push("write \"…\", or \'\'\'…\'\'\' for more than a line");
    } else if value.starts_with('"') && value.matches('"').count() > 2 && message.contains("unexpected") {
        trap.message = Some("a quotation mark ends a text in `\"…\"`");
        trap.label = "no longer part of the text";
        trap.help.push("write \'\'\'…\'\'\', where quotation marks may stand, or `\\\"` for each of those inside");
    } else if value.starts_with('"') && !value.starts_with("\"\"\"") && value.matches('"').count() % 2 == 1 {
        trap.help
            .push("a quotation mark is missing at the end of the text, or too many stand in it: `\\\"` is one inside");
    }
    if message.contains("duplicate key") {
        trap.help.push("a new scene begins with a line of its own, `[[scene]]`; a new choice with `[[scene.choice]]`");
    }
    let word = |c: char| c.is_alphabetic();
    if value.starts_with(word) && !value.starts_with("true") && !value.starts_with("false") {
        trap.help.push("text stands in quotation marks: \"…\"");
    }
    trap
}

/// The byte at which a `\'\'\'` was opened that nothing closes before byte `at`, or before the end.
fn unclosed(text: &str, at: usize) -> Option<usize> {
    let marks: Vec<usize> = text.match_indices("\'\'\'").map(|(index, _)| index).collect();
    if marks.len().is_multiple_of(2) {
        return None;
    }
    // The last text that holds what looks like a header or a key is the one.
    let mut candidates = marks.into_iter().filter(|&mark| mark < at.max(1));
    let last = candidates.clone().next_back();
    let swallows = |mark: &usize| {
        let mark = *mark;
        let body = text[mark + 3..].split("\'\'\'").next().unwrap_or_default();
        body.lines().skip(1).any(|line| line.starts_with("[[") || line.contains(" = "))
    };
    candidates.rfind(swallows).or(last)
}
