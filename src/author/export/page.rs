//! The script as a web page: one file, with nothing to fetch.

use pulldown_cmark::{CowStr, Event, Options, Parser, html};

const STYLE: &str = "\
:root { color-scheme: light dark; }
body { font: 1.05rem/1.55 Georgia, serif; max-width: 42rem; margin: 2rem auto; padding: 0 1rem; }
h2 { border-bottom: 1px solid; margin-top: 3rem; }
h3 { margin-top: 2.5rem; }
blockquote { margin: .8rem 0; padding-left: 1rem; border-left: 3px solid; }
code { font: .85em ui-monospace, monospace; }
:target + h3 { outline: 2px dotted; outline-offset: .3rem; }
@media print { body { max-width: none; margin: 0; } h3 { break-after: avoid; } }
";

/// A script in Markdown as a page. What looks like HTML in it is shown as it stands, but for the
/// anchors that scripts have.
pub fn page(title: &str, language: &str, markdown: &str) -> String {
    let events = Parser::new_ext(markdown, Options::empty()).map(|event| match event {
        Event::Html(text) | Event::InlineHtml(text) if !is_anchor(&text) => Event::Text(text),
        other => other,
    });
    let mut body = String::new();
    html::push_html(&mut body, events);
    format!(
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{}</title>\n\
         <style>\n{STYLE}</style>\n</head>\n<body>\n{body}</body>\n</html>\n",
        escaped(language),
        escaped(title),
    )
}

fn is_anchor(html: &CowStr<'_>) -> bool {
    let html = html.trim();
    let name = html.strip_prefix("<a id=\"").and_then(|rest| rest.strip_suffix("\">"));
    html == "</a>" || name.is_some_and(|name| name.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c)))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::page;

    #[test]
    fn prose_brings_no_html_of_its_own() {
        let out = page("A \"b\" <c>", "en", "<a id=\"scene-x\"></a>\n### X\n\n> <script>alert(1)</script> a < b\n");
        assert!(out.contains("<a id=\"scene-x\"></a>") && out.contains("&lt;script&gt;alert(1)"), "{out}");
        assert!(out.contains("<title>A &quot;b&quot; &lt;c></title>") && !out.contains("<script"), "{out}");
    }
}
