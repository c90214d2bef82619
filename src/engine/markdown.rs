//! Markdown brought down to plain text.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::render::SCREEN;

/// Returns the words of some Markdown: paragraphs, headings and items separated by blank lines,
/// emphasis and links by their words alone.
pub fn plain(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    for event in Parser::new_ext(source, Options::empty()) {
        match event {
            Event::Text(text) | Event::Code(text) => out.extend(text.chars().filter(|&c| c != SCREEN)),
            Event::Html(text) | Event::InlineHtml(text) => out.push_str(&text),
            Event::SoftBreak | Event::HardBreak => out.push(' '),
            Event::Start(Tag::Item) => {
                end_block(&mut out);
                out.push_str("- ");
            }
            Event::End(
                TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item | TagEnd::CodeBlock | TagEnd::BlockQuote(_),
            ) => {
                end_block(&mut out);
            }
            _ => {}
        }
    }
    out.truncate(out.trim_end().len());
    out
}

fn end_block(out: &mut String) {
    out.truncate(out.trim_end().len());
    if !out.is_empty() {
        out.push_str("\n\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_words_are_left() {
        let source = "A *fine* [day](term:day).\n\n\u{c}\n\nOne\ntwo.\n\n- a\n- b";
        assert_eq!(plain(source), "A fine day.\n\nOne two.\n\n- a\n\n- b");
    }
}
