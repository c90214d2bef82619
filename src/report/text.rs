//! A report for terminals and printers: plain lines, no colour, no box drawing.

use textwrap::{Options, fill};

use super::sheet::{Departure, Follower, Line, Month, Passage, Sheet, sheet, told_courses};
use super::wording::Wording;
use crate::catalogue::Catalogue;
use crate::engine::Play;
use crate::record::Status;
use crate::story::Story;
use crate::{tr, trn};

/// Lines longer than this are hard to read, however wide the terminal.
const WIDEST: usize = 100;

/// Writes a report on a play, wrapped to `width` columns.
pub fn text(story: &Story, play: &Play, words: &Catalogue, width: usize) -> String {
    let (sheet, wording) = sheet(story, play, words);
    let mut page = Page { out: String::new(), width: width.clamp(20, WIDEST) };
    head(&mut page, &sheet, words);
    departures(&mut page, &sheet, words);
    courses(&mut page, &sheet, &wording);
    closing(&mut page, &sheet, words);
    days(&mut page, &sheet, &wording);
    page.out
}

/// A page being written.
struct Page {
    out: String,
    width: usize,
}

impl Page {
    fn heading(&mut self, text: &str, rule: char) {
        if !self.out.is_empty() {
            self.out.push('\n');
        }
        self.paragraph("", text);
        let longest = text.chars().count().min(self.width);
        self.out.extend(std::iter::repeat_n(rule, longest));
        self.out.push('\n');
    }

    /// A paragraph whose first line begins with `mark`, the others below its first word.
    fn paragraph(&mut self, mark: &str, text: &str) {
        let hanging = " ".repeat(unicode_width::UnicodeWidthStr::width(mark));
        let options = Options::new(self.width).initial_indent(mark).subsequent_indent(&hanging);
        self.out.push_str(&fill(text, options));
        self.out.push('\n');
    }

    fn blank(&mut self) {
        self.out.push('\n');
    }

    fn passage(&mut self, passage: &Passage) {
        self.blank();
        self.paragraph("", &passage.title);
        for paragraph in &passage.paragraphs {
            self.paragraph("  ", paragraph);
        }
    }
}

fn head(page: &mut Page, sheet: &Sheet, words: &Catalogue) {
    page.heading(&tr!(words, "{story}: your course and the record", story = sheet.title), '=');
    if !sheet.roles.is_empty() {
        page.paragraph("", &sheet.roles);
    }
    if let Some(note) = &sheet.unfinished {
        page.blank();
        page.paragraph("", note);
    }
    if !sheet.became.is_empty() {
        page.heading(&tr!(words, "What became of you"), '-');
        for passage in &sheet.became {
            page.passage(passage);
        }
    }
    page.heading(&tr!(words, "The distance from the record"), '-');
    page.paragraph("", &sheet.distance);
    page.paragraph("", &sheet.counted);
    page.blank();
    for Month { name, year, kept, all, .. } in &sheet.months {
        let threads = tr!(words, "{kept} of {all} threads hold", kept = kept, all = all);
        page.paragraph("  ", &format!("{name} {year}: {threads}"));
    }
}

fn departures(page: &mut Page, sheet: &Sheet, words: &Catalogue) {
    page.heading(&tr!(words, "Where your city left the record"), '-');
    if sheet.departures.is_empty() {
        page.paragraph("", &tr!(words, "Nowhere so far as the record is told here."));
    }
    for departure in &sheet.departures {
        one_departure(page, departure, words);
    }
}

fn one_departure(page: &mut Page, departure: &Departure, words: &Catalogue) {
    page.blank();
    page.paragraph("/ ", &format!("{} ({})", departure.title, departure.status));
    let labelled = |page: &mut Page, label: String, text: &str| page.paragraph("  ", &format!("{label} {text}"));
    labelled(page, tr!(words, "Your city:"), &departure.ours);
    labelled(page, tr!(words, "The record:"), &departure.record);
    for why in &departure.why {
        page.paragraph("  ", why);
    }
    if !departure.because.chain.is_empty() {
        page.paragraph("  ", &tr!(words, "Because:"));
        for (index, link) in departure.because.chain.iter().enumerate() {
            page.paragraph(if index == 0 { "    " } else { "    > " }, link);
            if index == 0 && departure.because.is_cut {
                page.paragraph("    > ", "…");
            }
        }
    }
    if !departure.because.others.is_empty() {
        page.paragraph("  ", &tr!(words, "It also hangs on:"));
        for other in &departure.because.others {
            page.paragraph("    - ", other);
        }
    }
    if let Some(remedy) = &departure.because.remedy {
        page.paragraph("  ", remedy);
    }
    if !departure.followers.is_empty() {
        page.paragraph("  ", &tr!(words, "What followed from it:"));
        for Follower { title, status, ours } in &departure.followers {
            page.paragraph("    / ", &format!("{title} ({status}). {ours}"));
        }
    }
}

fn courses(page: &mut Page, sheet: &Sheet, wording: &Wording<'_>) {
    let words = wording.words;
    let told = told_courses(sheet, wording);
    if told.is_empty() {
        return;
    }
    page.heading(&tr!(words, "The city in numbers"), '-');
    page.paragraph("", &tr!(words, "At the end of each period: in your city, and in the record in brackets."));
    for course in told {
        let point = |point: &crate::record::Point| {
            let played = point.played.unwrap_or(point.recorded);
            format!("{} {played} ({})", wording.day(point.day), point.recorded)
        };
        let come = course.points.iter().filter(|point| point.played.is_some());
        let points: Vec<String> = come.map(point).collect();
        page.paragraph("  ", &format!("{}: {}", wording.variable(course.variable), points.join(", ")));
    }
}

fn closing(page: &mut Page, sheet: &Sheet, words: &Catalogue) {
    if !sheet.historians.is_empty() {
        page.heading(&tr!(words, "Historians who differ"), '-');
        for passage in &sheet.historians {
            page.passage(passage);
        }
    }
    if !sheet.unknown.is_empty() {
        page.heading(&tr!(words, "What you could not have known"), '-');
        for (title, summary) in &sheet.unknown {
            page.paragraph("- ", &format!("{title}. {summary}"));
        }
    }
    page.heading(&tr!(words, "Three questions to write on"), '-');
    for (index, question) in sheet.questions.iter().enumerate() {
        page.paragraph(&format!("{}. ", index + 1), question);
    }
    if !sheet.sources.is_empty() {
        page.heading(&tr!(words, "Where to check"), '-');
        for source in &sheet.sources {
            page.paragraph("- ", source);
        }
    }
}

fn days(page: &mut Page, sheet: &Sheet, wording: &Wording<'_>) {
    let words = wording.words;
    if sheet.lines.is_empty() {
        return;
    }
    page.heading(&tr!(words, "Both courses, day by day"), '-');
    page.paragraph("", &trn!(words, "{n} event.", "{n} events.", sheet.lines.len()));
    page.paragraph("", &tr!(words, "= as recorded, / parts from the record"));
    let mut month = String::new();
    for line in &sheet.lines {
        let name = super::sheet::month_name(wording, line.day);
        if name != month {
            page.blank();
            page.paragraph("", &name);
            month = name;
        }
        page.paragraph(&format!("  {} ", mark(line.status)), &day_line(wording, line));
    }
}

fn day_line(wording: &Wording<'_>, line: &Line) -> String {
    let Line { title, word, ours, record, .. } = line;
    let day = wording.day(line.day);
    match line.status {
        Status::Kept | Status::ToCome => format!("{day}: {title} ({word})"),
        _ => tr!(
            wording.words,
            "{title} ({status}). The record: {record} Your city: {ours}",
            title = title,
            status = word,
            record = record,
            ours = ours
        ),
    }
}

fn mark(status: Status) -> char {
    if status.departs() { '/' } else { '=' }
}
