//! TOML's own traps, told in the author's words.

/// Ways out of a syntax error at a byte of a file.
pub fn help(text: &str, at: usize, message: &str) -> Vec<String> {
    let mut ways = Vec::new();
    let at = (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let end = text[at..].find('\n').map_or(text.len(), |newline| at + newline);
    let line = text[start..end].trim();
    let value = line.split_once('=').map_or("", |(_, value)| value.trim_start());
    if let Some(opened) = unclosed(text, at) {
        ways.push(format!("the `'''` opened on line {opened} is not closed: put `'''` on a line after the text"));
    } else if value.starts_with('\'') && !value.starts_with("'''") && value.matches('\'').count() > 2 {
        ways.push("an apostrophe ends a text in '…': write \"…\", or '''…''' for more than a line".to_owned());
    } else if value.starts_with('"') && !value.starts_with("\"\"\"") && value.matches('"').count() % 2 == 1 {
        ways.push("a quotation mark is missing at the end of the text".to_owned());
    }
    if message.contains("duplicate key") {
        ways.push(
            "a new scene begins with a line of its own, `[[scene]]`; a new choice with `[[scene.choice]]`".to_owned(),
        );
    }
    if !value.is_empty()
        && value.starts_with(|c: char| c.is_alphabetic())
        && !value.starts_with("true")
        && !value.starts_with("false")
    {
        ways.push("text stands in quotation marks: \"…\"".to_owned());
    }
    ways
}

/// The line on which a `'''` was opened that nothing closes before byte `at`, or before the end.
fn unclosed(text: &str, at: usize) -> Option<usize> {
    let marks: Vec<usize> = text.match_indices("'''").map(|(index, _)| index).collect();
    let opened = if marks.len() % 2 == 1 {
        // The last text that is followed by what looks like a header or a key is the one.
        let mut candidates = marks.iter().copied().filter(|&mark| mark < at.max(1));
        candidates.rfind(|&mark| {
            let body = text[mark + 3..].split("'''").next().unwrap_or_default();
            body.lines().skip(1).any(|line| line.starts_with("[[") || line.contains(" = "))
        })
    } else {
        None
    };
    opened.map(|mark| text[..mark].matches('\n').count() + 1)
}
