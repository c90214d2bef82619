//! How the city stands beside history: its barometers, its events.

use unicode_width::UnicodeWidthStr;

use super::look::{Look, Tone, clean};
use super::page;
use crate::calendar;
use crate::catalogue::Catalogue;
use crate::engine::{State, View, barometers};
use crate::record::{self, Status, Verdict};
use crate::story::model::{EventId, Kind, Story, Variable, VariableId};
use crate::{tr, trn};

/// A value as players read it: the word of the scale with the number behind it.
fn value(words: &Catalogue, variable: &Variable, value: i64) -> String {
    match (&variable.kind, variable.word(value)) {
        (Kind::Integer(..), Some(word)) => tr!(words, "{word} ({number})", word = word, number = value),
        (Kind::Integer(..), None) => value.to_string(),
        (Kind::Flag, _) if value == 0 => tr!(words, "no"),
        (Kind::Flag, _) => tr!(words, "yes"),
        (Kind::Symbol(names), _) => {
            let name = usize::try_from(value).ok().and_then(|index| names.get(index));
            name.map_or_else(String::new, |name| name.replace('_', " "))
        }
    }
}

/// A barometer: its name, its value now, what it was in history.
type Reading = (String, String, Option<String>);

/// The barometers, now and in history.
pub fn city(story: &Story, state: &State, words: &Catalogue, look: &Look, view: &View) -> String {
    // Once the play is over, what the calendar has come to when it ran on to its end.
    let over = view.outcome.is_some();
    let (day, barometers) =
        if over { (story.manifest.ends, barometers(story, state)) } else { (view.day, view.barometers.clone()) };
    let reading = |&(id, now): &(VariableId, i64)| {
        let variable = &story.variables[id.index()];
        let name = variable.name.as_deref().unwrap_or(&variable.id);
        let then = record::recorded_at(story, id, day).map(|then| value(words, variable, then));
        (clean(name).into_owned(), value(words, variable, now), then)
    };
    let readings: Vec<Reading> = barometers.iter().map(reading).collect();
    if readings.is_empty() {
        return look.wrap(&tr!(words, "This story has no barometers."), "", "");
    }
    let head = look.line(Tone::Strong, &page::date(story, words, day));
    let columns = if look.draws() { table(words, look, &readings) } else { None };
    format!("{head}\n{}", columns.unwrap_or_else(|| sentences(words, look, &readings)))
}

/// The readings in three columns, where these fit.
fn table(words: &Catalogue, look: &Look, readings: &[Reading]) -> Option<String> {
    let heads = (String::new(), tr!(words, "now"), Some(tr!(words, "in history")));
    let rows: Vec<&Reading> = [&heads].into_iter().chain(readings).collect();
    let width = |cell: fn(&Reading) -> &str| rows.iter().map(|row| cell(row).width()).max().unwrap_or(0) + 3;
    let (first, second) = (width(|row| &row.0), width(|row| &row.1));
    let third = width(|row| row.2.as_deref().unwrap_or_default());
    if first + second + third > look.width + 3 {
        return None;
    }
    let pad = |text: &str, width: usize| format!("{text}{}", " ".repeat(width - text.width()));
    let line = |row: &&Reading| {
        let then = row.2.as_deref().unwrap_or_default();
        format!("{}{}{then}", pad(&row.0, first), pad(&row.1, second)).trim_end().to_owned()
    };
    let mut lines: Vec<String> = rows.iter().map(line).collect();
    lines[0] = look.paint(Tone::Aside, &lines[0]);
    Some(lines.join("\n"))
}

/// The readings one after the other.
fn sentences(words: &Catalogue, look: &Look, readings: &[Reading]) -> String {
    let line = |(name, now, then): &Reading| {
        let text = match then {
            Some(then) => {
                tr!(words, "{barometer}: {now}; in history {then}.", barometer = name, now = now, then = then)
            }
            None => tr!(words, "{barometer}: {now}.", barometer = name, now = now),
        };
        look.wrap(&text, "", "  ")
    };
    readings.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// What of history was kept, what changed, and how much is still to come: what it is would spoil
/// the reading.
pub fn record(story: &Story, state: &State, words: &Catalogue, look: &Look) -> String {
    let events = (0..story.events.len() as u32).map(EventId);
    let mut verdicts: Vec<Verdict> = events.filter_map(|event| record::verdict(story, state, event)).collect();
    // What lies before the story is nobody's doing.
    verdicts.retain(|verdict| verdict.recorded.is_none_or(|date| date >= story.manifest.begins));
    verdicts.sort_by_key(|verdict| verdict.recorded.or(verdict.played));
    let of = |wanted: fn(Status) -> bool| verdicts.iter().filter(move |verdict| wanted(verdict.status));
    let mut lines = vec![look.line(Tone::Strong, &tr!(words, "Kept"))];
    let list = |lines: &mut Vec<String>, wanted| {
        let before = lines.len();
        lines.extend(of(wanted).map(|verdict| item(look, &dated(story, words, verdict))));
        if lines.len() == before {
            lines.push(item(look, &tr!(words, "nothing so far")));
        }
    };
    list(&mut lines, |status| status == Status::Kept);
    lines.push(look.line(Tone::Strong, &tr!(words, "Changed")));
    list(&mut lines, Status::departs);
    let to_come = of(|status| status == Status::ToCome).count();
    lines.push(look.line(Tone::Strong, &tr!(words, "Still to come")));
    lines.push(item(look, &trn!(words, "{n} event of the record", "{n} events of the record", to_come)));
    lines.join("\n")
}

fn item(look: &Look, text: &str) -> String {
    look.wrap(&clean(text), "  ", "    ")
}

fn dated(story: &Story, words: &Catalogue, verdict: &Verdict) -> String {
    let text = told(words, &story.events[verdict.event.index()].title, verdict);
    match verdict.recorded.or(verdict.played) {
        Some(date) => {
            let date = calendar::long_date(words.language(), story.manifest.calendar, date);
            tr!(words, "{date}: {event}", date = date, event = text)
        }
        None => text,
    }
}

fn told(words: &Catalogue, title: &str, verdict: &Verdict) -> String {
    let days = verdict.days.unsigned_abs();
    match (verdict.status, verdict.played) {
        (Status::Early, _) => trn!(words, "{event} ({n} day early)", "{event} ({n} days early)", days, event = title),
        (Status::Late, None) => tr!(words, "{event} (has not happened yet)", event = title),
        (Status::Late, _) => trn!(words, "{event} ({n} day late)", "{event} ({n} days late)", days, event = title),
        (Status::Averted, _) => tr!(words, "{event} (did not happen)", event = title),
        (Status::Invented, _) => tr!(words, "{event} (not in the record)", event = title),
        (Status::Kept | Status::ToCome, _) => title.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variable(kind: Kind) -> Variable {
        Variable {
            id: "bread".to_owned(),
            owner: None,
            kind,
            start: 55,
            field: None,
            derived: None,
            name: Some("Bread".to_owned()),
            text: String::new(),
            scale: ["famine", "hunger", "queues", "enough"].map(str::to_owned).to_vec(),
            record: Vec::new(),
        }
    }

    #[test]
    fn a_value_is_a_word_and_a_number() {
        let words = Catalogue::of("en");
        assert_eq!(value(&words, &variable(Kind::Integer(0, 100)), 55), "queues (55)");
        assert_eq!(value(&words, &variable(Kind::Flag), 1), "yes");
    }
}
