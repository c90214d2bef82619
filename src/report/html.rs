//! A report as one page, its style and its pictures inside: it asks nothing of the network, fits a
//! telephone and a sheet of A4, and can be read without colour.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::curves::curves;
use super::sheet::{Departure, Follower, Line, Passage, Sheet, sheet, told_courses};
use super::timeline::timeline;
use super::wording::Wording;
use crate::catalogue::Catalogue;
use crate::engine::Play;
use crate::record::Status;
use crate::story::Story;
use crate::tr;

const STYLE: &str = include_str!("page.css");

/// Writes a report on a play as a page.
pub fn html(story: &Story, play: &Play, words: &Catalogue) -> String {
    let (sheet, wording) = sheet(story, play, words);
    let mut page = String::new();
    let title = tr!(words, "{story}: your course and the record", story = sheet.title);
    let _ = write!(
        page,
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n",
        escape(words.language()),
        escape(&title)
    );
    head(&mut page, &sheet, words);
    pictures(&mut page, &sheet, &wording);
    departures(&mut page, &sheet, words);
    closing(&mut page, &sheet, words);
    tables(&mut page, &sheet, &wording);
    page.push_str("</main>\n</body>\n</html>\n");
    page
}

/// Makes text safe between tags and inside quoted attributes.
pub(crate) fn escape(text: &str) -> Cow<'_, str> {
    if !text.contains(['&', '<', '>', '"', '\'']) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(c),
        }
    }
    Cow::Owned(escaped)
}

fn element(page: &mut String, tag: &str, text: &str) {
    let _ = writeln!(page, "<{tag}>{}</{tag}>", escape(text));
}

/// Passages of the story's own prose, which may be in another language than the page.
fn passages(page: &mut String, passages: &[Passage], sheet: &Sheet) {
    let language = sheet.language.as_deref().map(|language| format!(" lang=\"{}\"", escape(language)));
    let language = language.unwrap_or_default();
    for passage in passages {
        element(page, "h3", &passage.title);
        for paragraph in &passage.paragraphs {
            let _ = writeln!(page, "<p{language}>{}</p>", escape(paragraph));
        }
    }
}

fn head(page: &mut String, sheet: &Sheet, words: &Catalogue) {
    page.push_str("<header>\n");
    element(page, "h1", &sheet.title);
    let _ = writeln!(page, "<p class=\"under\">{}</p>", escape(&tr!(words, "Your course and the record")));
    if !sheet.roles.is_empty() {
        let _ = writeln!(page, "<p class=\"roles\">{}</p>", escape(&sheet.roles));
    }
    page.push_str("</header>\n");
    if let Some(note) = &sheet.unfinished {
        let _ = writeln!(page, "<p class=\"note\">{}</p>", escape(note));
    }
    if !sheet.became.is_empty() {
        page.push_str("<section>\n");
        element(page, "h2", &tr!(words, "What became of you"));
        passages(page, &sheet.became, sheet);
        page.push_str("</section>\n");
    }
}

fn pictures(page: &mut String, sheet: &Sheet, wording: &Wording<'_>) {
    let words = wording.words;
    page.push_str("<section>\n");
    element(page, "h2", &tr!(words, "The distance from the record"));
    element(page, "p", &sheet.distance);
    element(page, "p", &sheet.counted);
    page.push_str("<figure>\n");
    timeline(page, sheet, wording);
    let legend = tr!(
        words,
        "Each mark is an event: above the line on its day in the record, below it on its day in your city. A ring and a dot face each other where both agree; a triangle points to earlier or later; a cross never happened; a diamond stands beside the record."
    );
    element(page, "figcaption", &legend);
    page.push_str("</figure>\n");
    threads(page, sheet, words);
    page.push_str("</section>\n");
    if sheet.comparison.courses.iter().any(|course| wording.story.variables[course.variable.index()].name.is_some()) {
        page.push_str("<section>\n");
        element(page, "h2", &tr!(words, "The barometers"));
        page.push_str("<div class=\"curves\">\n");
        curves(page, sheet, wording);
        page.push_str("</div>\n</section>\n");
    }
}

fn threads(page: &mut String, sheet: &Sheet, words: &Catalogue) {
    page.push_str("<ul class=\"threads\">\n");
    for month in &sheet.months {
        let threads = tr!(words, "{kept} of {all} threads hold", kept = month.kept, all = month.all);
        let _ = writeln!(page, "<li><b>{} {}</b> {}</li>", escape(&month.name), month.year, escape(&threads));
    }
    page.push_str("</ul>\n");
}

fn departures(page: &mut String, sheet: &Sheet, words: &Catalogue) {
    page.push_str("<section>\n");
    element(page, "h2", &tr!(words, "Where your city left the record"));
    if sheet.departures.is_empty() {
        element(page, "p", &tr!(words, "Nowhere so far as the record is told here."));
    }
    for departure in &sheet.departures {
        one_departure(page, departure, words);
    }
    page.push_str("</section>\n");
}

fn one_departure(page: &mut String, departure: &Departure, words: &Catalogue) {
    let _ = writeln!(
        page,
        "<article>\n<h3>{} <span class=\"status\">{}</span></h3>\n<table class=\"columns\">\n<tbody>",
        escape(&departure.title),
        escape(&departure.status)
    );
    let mut row = |label: String, cells: &[&str]| {
        let cells: Vec<Cow<'_, str>> = cells.iter().map(|cell| escape(cell)).collect();
        let _ = writeln!(page, "<tr><th scope=\"row\">{}</th><td>{}</td></tr>", escape(&label), cells.join("<br>"));
    };
    row(tr!(words, "Your city"), &[&departure.ours]);
    row(tr!(words, "The record"), &[&departure.record]);
    if !departure.why.is_empty() {
        let why: Vec<&str> = departure.why.iter().map(String::as_str).collect();
        row(tr!(words, "Why it could, or could hardly, have gone so"), &why);
    }
    page.push_str("</tbody>\n</table>\n");
    if !departure.because.chain.is_empty() {
        element(page, "h4", &tr!(words, "Because"));
        page.push_str("<ol class=\"chain\">\n");
        for (index, link) in departure.because.chain.iter().enumerate() {
            element(page, "li", link);
            if index == 0 && departure.because.is_cut {
                element(page, "li", "…");
            }
        }
        page.push_str("</ol>\n");
    }
    if !departure.because.others.is_empty() {
        element(page, "h4", &tr!(words, "It also hangs on"));
        list(page, "ul", departure.because.others.iter());
    }
    if let Some(remedy) = &departure.because.remedy {
        let _ = writeln!(page, "<p class=\"remedy\">{}</p>", escape(remedy));
    }
    if !departure.followers.is_empty() {
        element(page, "h4", &tr!(words, "What followed from it"));
        page.push_str("<ul class=\"followers\">\n");
        for Follower { title, status, ours } in &departure.followers {
            let (title, status, ours) = (escape(title), escape(status), escape(ours));
            let _ = writeln!(page, "<li><b>{title}</b> <span class=\"status\">{status}</span> {ours}</li>");
        }
        page.push_str("</ul>\n");
    }
    page.push_str("</article>\n");
}

fn list<'a>(page: &mut String, tag: &str, items: impl Iterator<Item = &'a String>) {
    let _ = writeln!(page, "<{tag}>");
    for item in items {
        element(page, "li", item);
    }
    let _ = writeln!(page, "</{tag}>");
}

fn closing(page: &mut String, sheet: &Sheet, words: &Catalogue) {
    if !sheet.historians.is_empty() {
        page.push_str("<section>\n");
        element(page, "h2", &tr!(words, "Historians who differ"));
        passages(page, &sheet.historians, sheet);
        page.push_str("</section>\n");
    }
    if !sheet.unknown.is_empty() {
        page.push_str("<section>\n");
        element(page, "h2", &tr!(words, "What you could not have known"));
        page.push_str("<dl>\n");
        for (title, summary) in &sheet.unknown {
            let _ = writeln!(page, "<dt>{}</dt><dd>{}</dd>", escape(title), escape(summary));
        }
        page.push_str("</dl>\n</section>\n");
    }
    page.push_str("<section class=\"questions\">\n");
    element(page, "h2", &tr!(words, "Three questions to write on"));
    list(page, "ol", sheet.questions.iter());
    page.push_str("</section>\n");
    if !sheet.sources.is_empty() {
        page.push_str("<section class=\"sources\">\n");
        element(page, "h2", &tr!(words, "Where to check"));
        list(page, "ul", sheet.sources.iter());
        page.push_str("</section>\n");
    }
}

fn tables(page: &mut String, sheet: &Sheet, wording: &Wording<'_>) {
    let words = wording.words;
    page.push_str("<section>\n");
    element(page, "h2", &tr!(words, "Both courses, day by day"));
    let head = [tr!(words, "Event"), tr!(words, "The record"), tr!(words, "Your city"), tr!(words, "How")];
    table_head(page, &head);
    for line in &sheet.lines {
        let Line { title, record, ours, word, status, .. } = line;
        let class = if status.departs() { " class=\"departs\"" } else { "" };
        let ours = if *status == Status::Kept { "=" } else { ours };
        let _ = writeln!(
            page,
            "<tr{class}><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{}</td></tr>",
            escape(title),
            escape(record.trim_end_matches('.')),
            escape(ours.trim_end_matches('.')),
            escape(word)
        );
    }
    page.push_str("</tbody>\n</table></div>\n</section>\n");
    numbers(page, sheet, wording);
}

fn table_head(page: &mut String, head: &[String]) {
    page.push_str("<div class=\"scroll\"><table class=\"days\">\n<thead>\n<tr>");
    for cell in head {
        let _ = write!(page, "<th scope=\"col\">{}</th>", escape(cell));
    }
    page.push_str("</tr>\n</thead>\n<tbody>\n");
}

fn numbers(page: &mut String, sheet: &Sheet, wording: &Wording<'_>) {
    let words = wording.words;
    let told = told_courses(sheet, wording);
    if told.is_empty() {
        return;
    }
    page.push_str("<section>\n");
    element(page, "h2", &tr!(words, "The city in numbers"));
    let head = [tr!(words, "At the end of"), tr!(words, "The record"), tr!(words, "Your city")];
    page.push_str("<div class=\"numbers\">\n");
    for course in told {
        page.push_str("<div>\n");
        element(page, "h3", &wording.variable(course.variable));
        table_head(page, &head);
        for point in course.points.iter().filter(|point| point.played.is_some()) {
            let played = point.played.map_or_else(|| "–".to_owned(), |played| played.to_string());
            let _ = writeln!(
                page,
                "<tr><th scope=\"row\">{}</th><td>{}</td><td>{played}</td></tr>",
                escape(&wording.day(point.day)),
                point.recorded
            );
        }
        page.push_str("</tbody>\n</table></div>\n</div>\n");
    }
    page.push_str("</div>\n</section>\n");
}
