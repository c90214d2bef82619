//! A save as text: TOML that a person can read.
//!
//! The first line is a checksum of all the others, so that any damage shows; the log has a line
//! for each step.

use std::fmt::Write;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::Deserialize;
use toml::value::Datetime;

use crate::calendar::{Calendar, Day};

/// The form that this program writes, and the latest that it reads.
pub(super) const FORMAT: i64 = 1;

/// The Julian day number of 1 January 1970.
const EPOCH: i32 = 2_440_588;

/// A save as it stands in its file.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Saved {
    pub format: i64,
    /// The story's id.
    pub story: String,
    pub title: String,
    pub version: String,
    /// The story's logic, as it was.
    pub logic: String,
    /// Which run of the program wrote it: tells an earlier play from the one under way.
    pub session: String,
    pub roles: Vec<String>,
    /// A text, as TOML's integers have a sign.
    pub seed: String,
    pub digest: bool,
    pub saved: Datetime,
    pub summary: String,
    pub log: Vec<Line>,
}

/// A step.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Line {
    /// Who acted; left out where one role is played.
    #[serde(default)]
    pub role: String,
    /// Where that role stood.
    pub at: String,
    /// What was taken, as traces name it.
    pub choice: String,
    /// Where chance was told to lead.
    #[serde(default)]
    pub told: Vec<String>,
    /// Where chance led.
    #[serde(default)]
    pub fell: Vec<String>,
    /// Where every role stood afterwards.
    pub to: String,
    /// The checksum of the state that followed.
    pub state: String,
}

/// Why a text is no save.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unreadable {
    Damaged,
    Newer,
}

impl Saved {
    /// Whether a play that was saved so far is contained in this one: nothing is lost of it.
    pub fn continues(&self, earlier: &Saved) -> bool {
        self.is_of_same_play(earlier) && self.log.starts_with(&earlier.log)
    }

    /// Whether two saves began alike.
    pub fn is_of_same_play(&self, other: &Saved) -> bool {
        let key = |saved: &Saved| (saved.story.clone(), saved.roles.clone(), saved.seed.clone(), saved.digest);
        key(self) == key(other)
    }

    /// When it was saved.
    pub fn time(&self) -> SystemTime {
        let (Some(date), Some(time)) = (self.saved.date, self.saved.time) else { return UNIX_EPOCH };
        let day = Calendar::Gregorian.day(date.year.into(), date.month.into(), date.day.into());
        let days = u64::try_from(day.unwrap_or(Day(EPOCH)).since(Day(EPOCH))).unwrap_or(0);
        let second = u64::from(time.second.unwrap_or(0));
        let seconds = days * 86_400 + u64::from(time.hour) * 3_600 + u64::from(time.minute) * 60 + second;
        UNIX_EPOCH + Duration::from_secs(seconds)
    }

    /// As text, the checksum included.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        let field = |text: &mut String, name: &str, value: &str| {
            let _ = writeln!(text, "{name:<7} = {value}");
        };
        field(&mut text, "format", &self.format.to_string());
        field(&mut text, "story", &quoted(&self.story));
        field(&mut text, "title", &quoted(&self.title));
        field(&mut text, "version", &quoted(&self.version));
        field(&mut text, "logic", &quoted(&self.logic));
        field(&mut text, "session", &quoted(&self.session));
        field(&mut text, "roles", &list(&self.roles));
        field(&mut text, "seed", &quoted(&self.seed));
        field(&mut text, "digest", &self.digest.to_string());
        field(&mut text, "saved", &self.saved.to_string());
        field(&mut text, "summary", &quoted(&self.summary));
        text.push_str("log = [\n");
        for line in &self.log {
            let _ = writeln!(text, "  {{ {} }},", line.to_text());
        }
        text.push_str("]\n");
        format!("{}{text}", first_line(&text))
    }

    /// Reads a save.
    ///
    /// # Errors
    ///
    /// [`Unreadable::Damaged`] where a byte differs from what was written.
    pub fn parse(bytes: &[u8]) -> Result<Saved, Unreadable> {
        let text = std::str::from_utf8(bytes).map_err(|_| Unreadable::Damaged)?;
        let body = text.split_once('\n').map_or("", |(_, body)| body);
        if text.len() - body.len() != first_line(body).len() || !text.starts_with(&first_line(body)) {
            return Err(Unreadable::Damaged);
        }
        let table: toml::Table = body.parse().map_err(|_| Unreadable::Damaged)?;
        if table.get("format").and_then(toml::Value::as_integer).is_some_and(|format| format > FORMAT) {
            return Err(Unreadable::Newer);
        }
        table.try_into().map_err(|_| Unreadable::Damaged)
    }
}

impl Line {
    fn to_text(&self) -> String {
        let mut fields = Vec::new();
        if !self.role.is_empty() {
            fields.push(format!("role = {}", quoted(&self.role)));
        }
        fields.push(format!("at = {}, choice = {}", quoted(&self.at), quoted(&self.choice)));
        for (name, places) in [("told", &self.told), ("fell", &self.fell)] {
            if !places.is_empty() {
                fields.push(format!("{name} = {}", list(places)));
            }
        }
        fields.push(format!("to = {}, state = {}", quoted(&self.to), quoted(&self.state)));
        fields.join(", ")
    }
}

/// This moment, to the second, as it stands in saves.
pub(super) fn timestamp(now: SystemTime) -> Datetime {
    let seconds = now.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    // A clock that has gone mad must not keep anybody from saving.
    let days = i32::try_from(seconds / 86_400).unwrap_or(0).min(2_900_000);
    let date = Calendar::Gregorian.parts(Day(EPOCH).plus(days));
    let second = (seconds % 86_400) as u32;
    Datetime {
        date: Some(toml::value::Date { year: date.year as u16, month: date.month as u8, day: date.day as u8 }),
        time: Some(toml::value::Time {
            hour: (second / 3_600) as u8,
            minute: (second / 60 % 60) as u8,
            second: Some((second % 60) as u8),
            nanosecond: None,
        }),
        offset: Some(toml::value::Offset::Z),
    }
}

fn first_line(body: &str) -> String {
    // FNV-1a: a single byte that differs always shows, more of them but once in 2^64.
    let fold = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    format!("checksum = \"{:016x}\"\n", body.bytes().fold(0xcbf2_9ce4_8422_2325, fold))
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

fn list(texts: &[String]) -> String {
    format!("[{}]", texts.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::{FORMAT, Line, Saved, Unreadable, first_line, timestamp};
    use std::time::{Duration, UNIX_EPOCH};

    fn saved() -> Saved {
        let line = |choice: &str, fell: &[&str]| Line {
            role: String::new(),
            at: "queue".to_owned(),
            choice: choice.to_owned(),
            told: Vec::new(),
            fell: fell.iter().map(|place| (*place).to_owned()).collect(),
            to: "gates".to_owned(),
            state: "00ff00ff00ff00ff".to_owned(),
        };
        Saved {
            format: FORMAT,
            story: "petrograd".to_owned(),
            title: "It's \"Petrograd\" — 1917\u{7}".to_owned(),
            version: "1".to_owned(),
            logic: "0123456789abcdef".to_owned(),
            session: "1-1".to_owned(),
            roles: vec!["weaver".to_owned()],
            seed: u64::MAX.to_string(),
            digest: false,
            saved: timestamp(UNIX_EPOCH + Duration::from_secs(1_709_210_096)),
            summary: "23 February".to_owned(),
            log: vec![line("queue.wait", &["half_a_loaf", "@return"]), line("queue.snowball", &[])],
        }
    }

    #[test]
    fn what_is_written_is_read() {
        assert_eq!(Saved::parse(saved().to_text().as_bytes()), Ok(saved()));
        assert_eq!(saved().saved.to_string(), "2024-02-29T12:34:56Z");
        assert_eq!(saved().time(), UNIX_EPOCH + Duration::from_secs(1_709_210_096));
        assert_eq!(timestamp(UNIX_EPOCH - Duration::from_secs(9)).to_string(), "1970-01-01T00:00:00Z");
        assert!(timestamp(UNIX_EPOCH + Duration::from_secs(u64::MAX >> 8)).date.is_some());
    }

    #[test]
    fn every_damaged_byte_is_noticed() {
        let text = saved().to_text().into_bytes();
        for index in 0..text.len() {
            assert_eq!(Saved::parse(&text[..index]), Err(Unreadable::Damaged), "cut at {index}");
            for flip in [1, 0x20, 0x80, 0xff] {
                let mut damaged = text.clone();
                damaged[index] ^= flip;
                assert_eq!(Saved::parse(&damaged), Err(Unreadable::Damaged), "{flip:#x} at {index}");
            }
        }
    }

    #[test]
    fn a_later_format_is_not_taken_for_damage() {
        let with_checksum = |body: &str| format!("{}{body}", first_line(body));
        assert_eq!(Saved::parse(with_checksum("format = 2\nnew = 1\n").as_bytes()), Err(Unreadable::Newer));
        assert_eq!(Saved::parse(with_checksum("format = 1\nnew = 1\n").as_bytes()), Err(Unreadable::Damaged));
        let deep = format!("format = {}", "[".repeat(100_000));
        assert_eq!(Saved::parse(with_checksum(&deep).as_bytes()), Err(Unreadable::Damaged));
    }
}
