//! The story's Markdown as HTML: paragraphs and emphasis, links into the codex, and nothing else
//! that an author, or a pack from somewhere, could write into a page.

use maud::{Markup, html};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::raw;
use crate::engine::SCREEN;

/// Prose as HTML; links of the codex lead below `base`, or nowhere where there is none.
pub fn prose(markdown: &str, base: Option<&str>) -> Markup {
    // The mark that ends a screen is white space to a reader of Markdown.
    let screens: Vec<String> = markdown.split(SCREEN).map(|screen| one_screen(screen, base)).collect();
    raw(screens.join("<hr>"))
}

fn one_screen(markdown: &str, base: Option<&str>) -> String {
    let mut out = String::with_capacity(markdown.len() + 64);
    let mut linked = Vec::new();
    let escaped = |text: &str| html! { (text) }.into_string();
    for event in Parser::new_ext(markdown, Options::empty()) {
        match event {
            Event::Text(text) | Event::Code(text) | Event::Html(text) | Event::InlineHtml(text) => {
                out.push_str(&escaped(&text));
            }
            Event::SoftBreak => out.push(' '),
            Event::HardBreak => out.push_str("<br>"),
            Event::Rule => out.push_str("<hr>"),
            Event::Start(Tag::Link { dest_url, .. }) => {
                let to = base.and_then(|base| destination(base, &dest_url));
                if let Some(to) = &to {
                    out.push_str(&format!("<a class=\"look\" href=\"{}\">", escaped(to)));
                }
                linked.push(to.is_some());
            }
            Event::End(TagEnd::Link) => out.push_str(if linked.pop() == Some(true) { "</a>" } else { "" }),
            Event::Start(tag) => out.push_str(element(&tag.to_end(), true)),
            Event::End(tag) => out.push_str(element(&tag, false)),
            _ => {}
        }
    }
    out
}

fn destination(base: &str, link: &str) -> Option<String> {
    let (kind, id) = link.split_once(':')?;
    let plain =
        |text: &str| text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    let is_known = matches!(kind, "person" | "place" | "term") && plain(id);
    is_known.then(|| format!("{base}/who/{kind}/{id}"))
}

fn element(tag: &TagEnd, begins: bool) -> &'static str {
    match (tag, begins) {
        (TagEnd::Paragraph, true) => "<p>",
        (TagEnd::Paragraph, false) => "</p>",
        (TagEnd::Heading(_), true) => "<p><strong>",
        (TagEnd::Heading(_), false) => "</strong></p>",
        (TagEnd::Emphasis, true) => "<em>",
        (TagEnd::Emphasis, false) => "</em>",
        (TagEnd::Strong, true) => "<strong>",
        (TagEnd::Strong, false) => "</strong>",
        (TagEnd::BlockQuote(_), true) => "<blockquote>",
        (TagEnd::BlockQuote(_), false) => "</blockquote>",
        (TagEnd::List(_), true) => "<ul>",
        (TagEnd::List(_), false) => "</ul>",
        (TagEnd::Item, true) => "<li>",
        (TagEnd::Item, false) => "</li>",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::prose;

    #[test]
    fn what_an_author_writes_is_words() {
        let cases = [
            ("A *day*.\n\n\u{c}\n\nB", "<p>A <em>day</em>.</p><hr><p>B</p>"),
            ("<script>x</script>", "&lt;script&gt;x&lt;/script&gt;"),
            ("[a](person:lev) [b](javascript:x)", "<p><a class=\"look\" href=\"/s/X/who/person/lev\">a</a> b</p>"),
            ("![i](http://far.example/i.png)", "<p>i</p>"),
        ];
        for (markdown, html) in cases {
            assert_eq!(prose(markdown, Some("/s/X")).into_string(), html, "{markdown}");
        }
    }
}
