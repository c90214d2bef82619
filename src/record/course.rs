//! The variables' courses: what each was on the days of which the record tells, and in between.

use crate::calendar::Day;
use crate::engine::State;
use crate::story::model::{Story, Variable, VariableId};

/// A variable on one day of its record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    /// The day.
    pub day: Day,
    /// What it was in history.
    pub recorded: i64,
    /// What it was in the play at the end of that day; none where the play has not come so far.
    pub played: Option<i64>,
}

/// One variable, in both courses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Course {
    /// Which.
    pub variable: VariableId,
    /// The days of its record, in order.
    pub points: Vec<Point>,
    /// The play's course: the days on which it changed and what it was at their end, from the
    /// story's first day.
    pub line: Vec<(Day, i64)>,
}

impl Course {
    /// The course of a variable that went through `line` in the play, which has come to `today`.
    pub(super) fn new(variable: VariableId, declared: &Variable, line: Vec<(Day, i64)>, today: Day) -> Course {
        let mut record = declared.record.clone();
        record.sort_by_key(|&(day, _)| day);
        let point = |(day, recorded)| Point { day, recorded, played: (day <= today).then(|| at(declared, &line, day)) };
        Course { variable, points: record.into_iter().map(point).collect(), line }
    }
}

fn at(declared: &Variable, line: &[(Day, i64)], day: Day) -> i64 {
    line.iter().rev().find(|(changed, _)| *changed <= day).map_or(declared.start, |&(_, value)| value)
}

/// What a variable was in history on a day: its record, with straight lines between its dates,
/// from where it stood on the eve, and level after the last. `None` where it has no record.
pub fn recorded_at(story: &Story, variable: VariableId, day: Day) -> Option<i64> {
    let declared = &story.variables[variable.index()];
    let eve =
        || (story.manifest.begins.plus(-1), State::from_words(story, &story.layout.initial).value(story, variable));
    let before = declared.record.iter().filter(|(date, _)| *date <= day).max_by_key(|(date, _)| *date).copied();
    let begun = day >= story.manifest.begins && !declared.record.is_empty();
    let before = before.or_else(|| begun.then(eve));
    let after = declared.record.iter().filter(|(date, _)| *date > day).min_by_key(|(date, _)| *date);
    match (before, after) {
        (Some((from, low)), Some(&(to, high))) => {
            let (gone, span) = (i64::from(day.since(from)), i64::from(to.since(from)));
            Some(low + (high - low) * gone / span)
        }
        (Some((_, value)), None) | (None, Some(&(_, value))) => Some(value),
        (None, None) => None,
    }
}
