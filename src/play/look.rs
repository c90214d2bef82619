//! How what is shown looks: the size of the window, and what may be drawn in it.

use std::borrow::Cow;

use owo_colors::Style;
use textwrap::Options;
use unicode_width::UnicodeWidthStr;

/// Columns beyond which a line is hard to follow.
const MEASURE: usize = 78;

/// Columns below which nothing sensible can be wrapped.
const NARROWEST: usize = 20;

/// What may be used beside letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Words in reading order, for a screen reader.
    Plain,
    /// Rules, columns and maps too.
    Drawn,
    /// Colour and weight too.
    Coloured,
}

/// How what is shown looks.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// Columns to write in.
    pub width: usize,
    /// Rows of the window; `None` where nobody looks through one.
    pub height: Option<usize>,
    /// What may be used.
    pub form: Form,
}

/// What a stretch of text is. Only bold, italics, underlining, dimming and colours that are
/// legible on a light ground and on a dark one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// A title, a number to choose by.
    Strong,
    /// *Emphasis.*
    Emphasis,
    /// A word that the codex explains.
    Link,
    /// What may be passed over.
    Aside,
    /// What the news stand under.
    Label,
    /// Something went wrong.
    Trouble,
}

impl Tone {
    fn style(self) -> Style {
        match self {
            Tone::Strong => Style::new().bold(),
            Tone::Emphasis => Style::new().italic(),
            Tone::Link => Style::new().underline(),
            Tone::Aside => Style::new().dimmed(),
            Tone::Label => Style::new().magenta(),
            Tone::Trouble => Style::new().red(),
        }
    }
}

impl Look {
    /// A look for a window of so many columns.
    pub fn new(columns: usize, height: Option<usize>, form: Form) -> Look {
        Look { width: columns.clamp(NARROWEST, MEASURE), height, form }
    }

    /// Whether rules and maps may be drawn.
    pub fn draws(&self) -> bool {
        self.form != Form::Plain
    }

    /// Text in a tone, each word by itself, so that wrapping never cuts through a colour.
    pub fn paint(&self, tone: Tone, text: &str) -> String {
        let text = clean(text);
        if self.form != Form::Coloured {
            return text.into_owned();
        }
        let style = tone.style();
        let word = |word: &str| match word.trim().is_empty() {
            true => word.to_owned(),
            false => {
                let bare = word.trim_end();
                format!("{}{}", style.style(bare), &word[bare.len()..])
            }
        };
        text.split_inclusive(char::is_whitespace).map(word).collect()
    }

    /// Wraps text to the window, line by line, with what stands before the first line and before
    /// the others.
    pub fn wrap(&self, text: &str, first: &str, others: &str) -> String {
        let options = Options::new(self.width).subsequent_indent(others);
        let line = |(index, line): (usize, &str)| {
            let indent = if index == 0 { first } else { others };
            let lines = textwrap::wrap(line, options.clone().initial_indent(indent));
            lines.iter().map(|line| line.trim_end()).collect::<Vec<_>>().join("\n")
        };
        text.split('\n').enumerate().map(line).collect::<Vec<_>>().join("\n")
    }

    /// A paragraph in a tone, wrapped.
    pub fn line(&self, tone: Tone, text: &str) -> String {
        self.wrap(&self.paint(tone, text), "", "")
    }

    /// A rule of dashes with a label in it; the label alone where nothing may be drawn.
    pub fn rule(&self, label: &str) -> String {
        let label = clean(label);
        if !self.draws() {
            return if label.is_empty() { String::new() } else { format!("{label}:") };
        }
        let rest = |used: usize| "-".repeat(self.width.saturating_sub(used));
        match label.is_empty() {
            true => self.paint(Tone::Aside, &rest(0)),
            false => format!(
                "{} {} {}",
                self.paint(Tone::Aside, "---"),
                self.paint(Tone::Label, &label),
                self.paint(Tone::Aside, &rest(label.width() + 5))
            ),
        }
    }
}

/// Text without what would steer a terminal: control characters can't reach it from a story.
pub fn clean(text: &str) -> Cow<'_, str> {
    let steers = |c: char| c.is_control() && c != '\n';
    if text.contains(steers) {
        Cow::Owned(text.chars().map(|c| if c == '\t' { ' ' } else { c }).filter(|&c| !steers(c)).collect())
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrapping_counts_columns_and_not_colours() {
        let look = Look::new(20, None, Form::Coloured);
        let text = look.paint(Tone::Emphasis, "the glass takes a long time to fall");
        let lines: Vec<String> = look.wrap(&text, "", "  ").lines().map(|line| line.to_owned()).collect();
        assert_eq!(lines.len(), 2);
        assert!(lines.iter().all(|line| textwrap::core::display_width(line) <= 20), "{lines:?}");
        assert!(lines.iter().all(|line| line.ends_with("\u{1b}[0m")), "{lines:?}");
    }

    #[test]
    fn wide_letters_take_two_columns() {
        let look = Look::new(20, None, Form::Plain);
        assert_eq!(look.wrap("一二三四五六七八九十十", "", ""), "一二三四五六七八九十\n十");
    }

    #[test]
    fn a_story_cannot_steer_the_terminal() {
        assert_eq!(clean("a\u{1b}[2Jb\tc\u{9b}d"), "a[2Jb cd");
        let look = Look::new(30, None, Form::Plain);
        assert_eq!(look.rule("News"), "News:");
    }
}
