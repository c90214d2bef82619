//! A scene on the page: header, news, choices.

use unicode_width::UnicodeWidthStr;

use super::look::{Look, Tone, clean};
use super::prose::prose;
use crate::calendar::{self, Day};
use crate::catalogue::Catalogue;
use crate::engine::{Choosable, News, Pick, State, View, plain};
use crate::story::model::{RoleId, Story};
use crate::tr;

/// The name of a day of the week.
pub fn weekday(words: &Catalogue, day: Day) -> String {
    match day.weekday() {
        0 => tr!(words, "Monday"),
        1 => tr!(words, "Tuesday"),
        2 => tr!(words, "Wednesday"),
        3 => tr!(words, "Thursday"),
        4 => tr!(words, "Friday"),
        5 => tr!(words, "Saturday"),
        _ => tr!(words, "Sunday"),
    }
}

/// A day in words: `Thursday, 23 February (8 March) 1917`.
pub fn date(story: &Story, words: &Catalogue, day: Day) -> String {
    let dates = calendar::both_dates(words.language(), story.manifest.calendar, day);
    tr!(words, "{weekday}, {date}", weekday = weekday(words, day), date = dates)
}

/// The name of a view's place, where it has one.
pub fn place<'a>(story: &'a Story, view: &View) -> Option<&'a str> {
    view.place.map(|place| story.codex[place.index()].name.as_str())
}

/// When, where, who, and the title.
pub fn header(story: &Story, words: &Catalogue, look: &Look, view: &View) -> String {
    let role = &story.roles[view.role.index()].name;
    let mut facts = vec![date(story, words, view.day)];
    facts.extend(place(story, view).map(str::to_owned));
    facts.extend((!role.is_empty()).then(|| role.clone()));
    let mut lines = match look.draws() {
        true => vec![look.rule(""), gather(look, &facts)],
        false => facts.iter().map(|fact| look.wrap(&clean(fact), "", "")).collect(),
    };
    if !view.title.is_empty() {
        lines.push(look.line(Tone::Strong, &view.title));
    }
    lines.join("\n")
}

/// Facts on as few lines as they fit, none broken where it fits on one.
fn gather(look: &Look, facts: &[String]) -> String {
    let mut lines: Vec<String> = Vec::new();
    for fact in facts {
        match lines.last_mut() {
            Some(line) if line.width() + fact.width() + 3 <= look.width => *line = format!("{line} · {fact}"),
            _ => lines.push(fact.clone()),
        }
    }
    lines.iter().map(|line| look.line(Tone::Aside, line)).collect::<Vec<_>>().join("\n")
}

/// The news, set off and dated.
pub fn news(story: &Story, words: &Catalogue, look: &Look, news: &[News]) -> String {
    let mut lines = Vec::new();
    let mut day = None;
    for item in news {
        if day != Some(item.day) {
            day = Some(item.day);
            let date = calendar::long_date(words.language(), story.manifest.calendar, item.day);
            lines.push(look.rule(&tr!(words, "News, {date}", date = date)));
        } else {
            lines.push(String::new());
        }
        lines.push(prose(look, &item.text.markdown));
    }
    if !lines.is_empty() && look.draws() {
        lines.push(look.rule(""));
    }
    lines.join("\n")
}

/// The choices with their numbers; of a closed one its label, and why it is closed.
pub fn choices(story: &Story, words: &Catalogue, look: &Look, state: &State, view: &View) -> String {
    let digits = view.options.len().to_string().len();
    let line = |(index, option): (usize, &Choosable)| {
        let number = format!("{:>digits$}", index + 1);
        let hang = " ".repeat(digits + 2);
        if option.open {
            let text = label(words, option);
            let gap = if look.draws() { "  " } else { ". " };
            return look.wrap(&clean(&text), &format!("{}{gap}", look.paint(Tone::Strong, &number)), &hang);
        }
        let label = full_label(story, state, view.role, option);
        let text = tr!(words, "{choice} (closed: {reason})", choice = label, reason = option.text);
        let gap = if look.draws() { "  " } else { ". " };
        look.wrap(&look.paint(Tone::Aside, &text), &format!("{}{gap}", look.paint(Tone::Aside, &number)), &hang)
    };
    view.options.iter().enumerate().map(line).collect::<Vec<_>>().join("\n")
}

/// The label of a choice that is open.
pub fn label(words: &Catalogue, option: &Choosable) -> String {
    match option.pick {
        Pick::Continue => tr!(words, "Read on."),
        Pick::Choice(_) | Pick::Storylet(_) => option.text.clone(),
    }
}

/// The label of a choice though it is closed, when its text is why.
pub fn full_label(story: &Story, state: &State, role: RoleId, option: &Choosable) -> String {
    match option.pick {
        Pick::Choice(choice) => plain(story, state, role, story.choices[choice.index()].text),
        Pick::Storylet(_) | Pick::Continue => option.text.clone(),
    }
}

/// Whether all there is to do is to read on.
pub fn only_continues(view: &View) -> bool {
    let mut open = view.options.iter().filter(|option| option.open);
    matches!((open.next(), open.next()), (Some(Choosable { pick: Pick::Continue, .. }), None))
}
