//! One page to walk about in: the picture, moved and enlarged by hand or by key, searched, and what
//! is known of each place beside it. It holds all it needs and asks nothing of the network.

use std::fmt::Write as _;

use super::Drawing;
use super::boxes::escape;
use super::data::data;
use super::headings::{counts, legend};
use super::svg::{bands, picture};
use super::told::Told;
use crate::catalogue::Catalogue;
use crate::tr;

const PICTURE: &str = include_str!("picture.css");
const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// Writes the page.
pub fn html(drawing: &Drawing<'_>, told: &Told, words: &Catalogue) -> String {
    let mut page = String::new();
    let title = escape(&drawing.story.manifest.title).into_owned();
    let _ = write!(
        page,
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n\
         <title>{title}</title>\n<style>\n{PICTURE}{STYLE}</style>\n</head>\n<body>\n",
        escape(words.language())
    );
    bar(&mut page, drawing, &title, words);
    let label = escape(&tr!(words, "The story: drag it or use the arrow keys")).into_owned();
    let _ = writeln!(
        page,
        "<main>\n<div id=\"stage\"><svg id=\"sheet\" class=\"picture\" xmlns=\"http://www.w3.org/2000/svg\" role=\"group\" aria-label=\"{label}\">\n<g id=\"world\"><g id=\"world-inside\">"
    );
    bands(&mut page, &drawing.layout.bands, 0.0);
    picture(&mut page, drawing, words);
    page.push_str("</g>\n</g>\n</svg>\n<div id=\"months\" aria-hidden=\"true\"></div>\n<div id=\"lanes\" aria-hidden=\"true\"></div>\n<svg id=\"map\" class=\"picture\" aria-hidden=\"true\"><use href=\"#world-inside\"/><rect id=\"frame\"/></svg>\n</div>\n");
    panel(&mut page, drawing, words);
    // Nothing that a story says may end the element.
    let data = data(drawing, told, words).to_string().replace('<', "\\u003c");
    let _ = writeln!(
        page,
        "</main>\n<script type=\"application/json\" id=\"data\">{data}</script>\n<script>\n{SCRIPT}</script>\n</body>\n</html>"
    );
    page
}

/// What stands above the picture: the title, the search, the colours, the size.
fn bar(page: &mut String, drawing: &Drawing<'_>, title: &str, words: &Catalogue) {
    let say = |text: String| escape(&text).into_owned();
    let _ = writeln!(page, "<header>\n<h1>{title}</h1>");
    let _ = writeln!(
        page,
        "<label class=\"search\"><span>{}</span><input id=\"search\" type=\"search\" autocomplete=\"off\" spellcheck=\"false\" placeholder=\"/\"></label>\n<output id=\"found\" for=\"search\" aria-live=\"polite\"></output>",
        say(tr!(words, "Search"))
    );
    if drawing.findings.plays > 0 {
        let _ = writeln!(page, "<label><span>{}</span><select id=\"colour\">", say(tr!(words, "Colour")));
        let _ = writeln!(page, "<option value=\"\">{}</option>", say(tr!(words, "how often plays come there")));
        for (label, is_ending) in
            [(tr!(words, "On the way to an ending"), true), (tr!(words, "On the way to an outcome"), false)]
        {
            let _ = writeln!(page, "<optgroup label=\"{}\">", say(label));
            for target in
                drawing.findings.targets.iter().filter(|target| target.node.is_some() == is_ending && target.plays > 0)
            {
                let title = if target.title.is_empty() { &target.id } else { &target.title };
                let _ = writeln!(page, "<option value=\"{}\">{}</option>", target.end, escape(title));
            }
            page.push_str("</optgroup>\n");
        }
        page.push_str("</select></label>\n");
    }
    let _ = writeln!(
        page,
        "<div class=\"size\" role=\"group\" aria-label=\"{}\"><button id=\"smaller\" title=\"-\" aria-label=\"{}\">−</button><button id=\"larger\" title=\"+\" aria-label=\"{}\">+</button><button id=\"whole\" title=\"0\">{}</button></div>\n</header>",
        say(tr!(words, "Size")),
        say(tr!(words, "Smaller")),
        say(tr!(words, "Larger")),
        say(tr!(words, "Whole"))
    );
}

/// What stands beside it: what was found on the whole, and room for what is known of one place.
fn panel(page: &mut String, drawing: &Drawing<'_>, words: &Catalogue) {
    let _ = writeln!(
        page,
        "<aside id=\"panel\" aria-live=\"polite\">\n<section id=\"about\" hidden></section>\n<section id=\"overview\">"
    );
    let _ = writeln!(page, "<p>{}</p>", escape(&counts(drawing, None, None, words)));
    for line in legend(drawing, words) {
        let _ = writeln!(page, "<p class=\"note\">{}</p>", escape(&line));
    }
    page.push_str("<div id=\"ends\"></div>\n<div id=\"faults\"></div>\n");
    let keys = [
        ("/", tr!(words, "search; Enter goes to the next that was found")),
        ("← → ↑ ↓", tr!(words, "move the picture, or go along the ways from a place")),
        ("Enter", tr!(words, "what is known of a place")),
        ("+ − 0", tr!(words, "larger, smaller, whole")),
        ("Esc", tr!(words, "back to the overview")),
    ];
    let _ = writeln!(page, "<h2>{}</h2>\n<dl class=\"keys\">", escape(&tr!(words, "Keys")));
    for (key, what) in keys {
        let _ = writeln!(page, "<dt><kbd>{key}</kbd></dt><dd>{}</dd>", escape(&what));
    }
    page.push_str("</dl>\n</section>\n</aside>\n");
}
