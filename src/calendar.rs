//! Days and the two calendars: which day a date means, and how a day is written in each.
//!
//! A [`Day`] is a Julian day number, so days of both calendars are compared and counted alike.
//! Russia kept the Julian calendar ("Old Style") until 31 January 1918; in 1917 it ran 13 days
//! behind the Gregorian one.

use std::fmt;

use julian::Calendar as Rules;

/// One day, whatever calendar it is written in: a Julian day number at noon.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i32);

/// How the dates in a story's files are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Calendar {
    /// Old Style, in which Russia lived through 1917.
    Julian,
    /// New Style, the calendar of today.
    #[default]
    Gregorian,
}

/// A day taken apart: year, month (1 to 12), day of the month (1 to 31).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct YearMonthDay {
    /// The year, astronomical numbering.
    pub year: i32,
    /// 1 to 12.
    pub month: u32,
    /// 1 to 31.
    pub day: u32,
}

impl Calendar {
    const fn rules(self) -> Rules {
        match self {
            Calendar::Julian => Rules::JULIAN,
            Calendar::Gregorian => Rules::GREGORIAN,
        }
    }

    /// Returns the day of a date in this calendar, or `None` where the calendar has no such date.
    pub fn day(self, year: i32, month: u32, day: u32) -> Option<Day> {
        let month = julian::Month::try_from(month).ok()?;
        let date = self.rules().at_ymd(year, month, day).ok()?;
        Some(Day(date.julian_day_number()))
    }

    /// Returns year, month and day of the month of `day` in this calendar.
    pub fn parts(self, day: Day) -> YearMonthDay {
        let date = self.rules().at_jdn(day.0);
        YearMonthDay { year: date.year(), month: date.month().number(), day: date.day() }
    }

    /// Writes `day` as `1917-02-23` in this calendar.
    pub fn iso(self, day: Day) -> String {
        self.parts(day).to_string()
    }

    /// Reads a date written `1917-02-23` in this calendar.
    pub fn parse_iso(self, text: &str) -> Option<Day> {
        let mut parts = text.split('-');
        let year = parts.next()?.parse().ok()?;
        let month = parts.next()?.parse().ok()?;
        let day = parts.next()?.parse().ok()?;
        if parts.next().is_some() {
            return None;
        }
        self.day(year, month, day)
    }
}

/// Names of the months as dates are written in a language; English where it isn't known.
fn months(language: &str) -> &'static [&'static str; 12] {
    match language.split('-').next() {
        Some("es") => &[
            "enero",
            "febrero",
            "marzo",
            "abril",
            "mayo",
            "junio",
            "julio",
            "agosto",
            "septiembre",
            "octubre",
            "noviembre",
            "diciembre",
        ],
        _ => &[
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ],
    }
}

/// The name of a month, 1 to 12, as it stands in dates of a language.
pub fn month_name(language: &str, month: u32) -> &'static str {
    months(language)[(month as usize + 11) % 12]
}

/// Writes a day as prose does, without the year: `23 February`, `23 de febrero`.
pub fn long_date(language: &str, calendar: Calendar, day: Day) -> String {
    let YearMonthDay { month, day, .. } = calendar.parts(day);
    let name = months(language)[month as usize - 1];
    if language.starts_with("es") { format!("{day} de {name}") } else { format!("{day} {name}") }
}

/// Writes a day in both calendars, the story's own first: `23 February (8 March) 1917`.
pub fn both_dates(language: &str, calendar: Calendar, day: Day) -> String {
    let other = match calendar {
        Calendar::Julian => Calendar::Gregorian,
        Calendar::Gregorian => Calendar::Julian,
    };
    let (own, far) = (calendar.parts(day).year, other.parts(day).year);
    let (first, second) = (long_date(language, calendar, day), long_date(language, other, day));
    let of = if language.starts_with("es") { " de" } else { "" };
    if own == far { format!("{first} ({second}){of} {own}") } else { format!("{first}{of} {own} ({second}{of} {far})") }
}

impl fmt::Display for YearMonthDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl Day {
    /// Day of the week, Monday 0 to Sunday 6; the same in both calendars.
    pub fn weekday(self) -> usize {
        self.0.rem_euclid(7) as usize
    }

    /// The day `days` later (or earlier, where negative).
    #[must_use]
    pub fn plus(self, days: i32) -> Day {
        Day(self.0.saturating_add(days))
    }

    /// Days from `earlier` to this day.
    pub fn since(self, earlier: Day) -> i32 {
        self.0 - earlier.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_calendars_differ_by_thirteen_days_in_1917() {
        let day = Calendar::Julian.day(1917, 2, 23).expect("a date");
        assert_eq!(Calendar::Gregorian.iso(day), "1917-03-08");
        assert_eq!(day.weekday(), 3, "23 February 1917 O.S. was a Thursday");
    }

    #[test]
    fn only_dates_that_exist_are_days() {
        assert_eq!(Calendar::Gregorian.day(1917, 2, 29), None);
        assert_eq!(Calendar::Julian.day(1917, 13, 1), None);
        assert!(Calendar::Julian.day(1900, 2, 29).is_some(), "1900 was a leap year in the Julian calendar");
        assert_eq!(Calendar::Julian.parse_iso("1917-10-25"), Calendar::Gregorian.parse_iso("1917-11-07"));
    }
}
