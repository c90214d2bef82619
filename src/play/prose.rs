//! Markdown as a terminal shows it: wrapped, emphasis and links in tones of their own.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::look::{Look, Tone, clean};
use crate::engine::SCREEN;

/// The screens of some Markdown: a paragraph of [`SCREEN`] ends one.
pub fn screens(look: &Look, markdown: &str) -> Vec<String> {
    let ends = |c: char| c == SCREEN;
    markdown.split(ends).map(|screen| prose(look, screen)).filter(|screen| !screen.is_empty()).collect()
}

/// Markdown as one piece of text.
pub fn prose(look: &Look, markdown: &str) -> String {
    let mut page = Page::new(look);
    for event in Parser::new_ext(markdown, Options::empty()) {
        page.read(event);
    }
    page.end_block();
    page.blocks.join("\n\n")
}

/// Text under way.
struct Page<'a> {
    look: &'a Look,
    blocks: Vec<String>,
    line: String,
    tones: Vec<Tone>,
    /// Of each list that is open the number of its next item, where it counts.
    lists: Vec<Option<u64>>,
    /// What stands before the next block, once.
    bullet: String,
    quotes: usize,
    /// Whether the next block follows the last without a blank line, as the items of a list do.
    tight: bool,
}

impl<'a> Page<'a> {
    fn new(look: &'a Look) -> Page<'a> {
        Page {
            look,
            blocks: Vec::new(),
            line: String::new(),
            tones: Vec::new(),
            lists: Vec::new(),
            bullet: String::new(),
            quotes: 0,
            tight: false,
        }
    }

    fn read(&mut self, event: Event<'_>) {
        match event {
            Event::Text(text) | Event::Code(text) | Event::InlineHtml(text) | Event::Html(text) => self.text(&text),
            Event::SoftBreak => self.line.push(' '),
            Event::HardBreak => self.line.push('\n'),
            Event::Rule => {
                self.end_block();
                self.blocks.push("* * *".to_owned());
            }
            Event::Start(tag) => self.start(&tag),
            Event::End(tag) => self.end(tag),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        let painted = match self.tones.last() {
            Some(&tone) => self.look.paint(tone, text),
            None => clean(text).into_owned(),
        };
        self.line.push_str(&painted);
    }

    fn start(&mut self, tag: &Tag<'_>) {
        match tag {
            Tag::Emphasis => self.tones.push(Tone::Emphasis),
            Tag::Strong => self.tones.push(Tone::Strong),
            Tag::Link { .. } => self.tones.push(Tone::Link),
            Tag::Heading { .. } => {
                self.end_block();
                self.tones.push(Tone::Strong);
            }
            Tag::List(first) => {
                self.end_block();
                self.lists.push(*first);
            }
            Tag::Item => {
                self.end_block();
                self.begin_item();
            }
            Tag::BlockQuote(_) => {
                self.end_block();
                self.quotes += 1;
            }
            Tag::Paragraph | Tag::CodeBlock(_) => self.end_block(),
            _ => {}
        }
    }

    fn begin_item(&mut self) {
        self.bullet = match self.lists.last_mut() {
            Some(Some(number)) => {
                *number += 1;
                format!("{}. ", *number - 1)
            }
            _ => "- ".to_owned(),
        };
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Link => {
                self.tones.pop();
            }
            TagEnd::Heading(_) => {
                self.tones.pop();
                self.end_block();
            }
            TagEnd::List(_) => {
                self.end_block();
                self.lists.pop();
                self.tight = false;
            }
            TagEnd::BlockQuote(_) => {
                self.end_block();
                self.quotes = self.quotes.saturating_sub(1);
            }
            TagEnd::Paragraph | TagEnd::Item | TagEnd::CodeBlock => self.end_block(),
            _ => {}
        }
    }

    fn end_block(&mut self) {
        let line = std::mem::take(&mut self.line);
        if line.trim().is_empty() {
            return;
        }
        let depth = self.lists.len().saturating_sub(1) + self.quotes;
        let indent = "  ".repeat(depth);
        let bullet = std::mem::take(&mut self.bullet);
        let hang = if self.lists.is_empty() { 0 } else { bullet.len().max(2) };
        let others = format!("{indent}{}", " ".repeat(hang));
        let first = if bullet.is_empty() { others.clone() } else { format!("{indent}{bullet}") };
        let block = self.look.wrap(line.trim(), &first, &others);
        match self.blocks.last_mut() {
            Some(last) if self.tight && !self.lists.is_empty() => {
                last.push('\n');
                last.push_str(&block);
            }
            _ => self.blocks.push(block),
        }
        self.tight = !self.lists.is_empty();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::play::look::Form;

    #[test]
    fn words_lists_and_quotes() {
        let look = Look::new(30, None, Form::Plain);
        let source = "A *fine* [day](term:day), with a\nline that is long.\n\n- one\n- two that is longer than the \
                      window\n\n1. first\n2. second\n\n> Bread!\n\nEnd.";
        insta::assert_snapshot!(prose(&look, source));
    }

    #[test]
    fn emphasis_and_links_are_painted_word_by_word() {
        let look = Look::new(30, None, Form::Coloured);
        let painted = prose(&look, "[Liteiny Bridge](place:liteiny_bridge)");
        assert_eq!(painted, "\u{1b}[4mLiteiny\u{1b}[0m \u{1b}[4mBridge\u{1b}[0m");
    }

    #[test]
    fn screens_end_where_the_engine_says() {
        let look = Look::new(30, None, Form::Plain);
        assert_eq!(screens(&look, "One.\n\n\u{c}\n\nTwo."), ["One.", "Two."]);
        assert!(screens(&look, "").is_empty());
    }
}
