//! Sentences about events, links and gates. None of them says right, wrong or score: the record
//! is what happened, and a play is what happened here.

use super::labels::Moment;
use crate::calendar::{Day, both_dates, long_date};
use crate::catalogue::Catalogue;
use crate::engine::{Pick, Play};
use crate::lang::Comparison as Relation;
use crate::record::{Gate, Link, Status, Threshold, Verdict};
use crate::story::Story;
use crate::story::model::{EventId, VariableId};
use crate::{tr, trn};

/// What sentences are made of: a story, a play and a language.
pub(super) struct Wording<'a> {
    pub(super) story: &'a Story,
    pub(super) play: &'a Play,
    pub(super) words: &'a Catalogue,
    pub(super) moments: Vec<Moment>,
    pub(super) verdicts: Vec<Option<Verdict>>,
}

impl Wording<'_> {
    /// `23 February`.
    pub(super) fn day(&self, day: Day) -> String {
        long_date(self.words.language(), self.story.manifest.calendar, day)
    }

    /// `23 February (8 March) 1917`.
    pub(super) fn full_day(&self, day: Day) -> String {
        both_dates(self.words.language(), self.story.manifest.calendar, day)
    }

    /// A variable as a heading: a barometer's name; of what players never saw by name, the first
    /// sentence that says what it stands for. An author who says nothing of it leaves its id alone.
    pub(super) fn variable(&self, variable: VariableId) -> String {
        let declared = &self.story.variables[variable.index()];
        let first = declared.text.split_inclusive(". ").next().unwrap_or_default();
        let first = first.trim_end().trim_end_matches('.');
        match &declared.name {
            Some(name) => name.clone(),
            None if first.is_empty() => declared.id.replace('_', " "),
            None => first.to_owned(),
        }
    }

    /// A variable in a sentence.
    fn mention(&self, variable: VariableId) -> String {
        let name = self.variable(variable);
        let declared = &self.story.variables[variable.index()];
        if declared.name.is_none() && !declared.text.is_empty() {
            tr!(self.words, "“{name}”", name = name)
        } else {
            name
        }
    }

    fn title(&self, event: EventId) -> &str {
        &self.story.events[event.index()].title
    }

    /// How an event came out, in a word.
    pub(super) fn status(&self, status: Status) -> String {
        let words = self.words;
        match status {
            Status::Kept => tr!(words, "kept"),
            Status::Early => tr!(words, "early"),
            Status::Late => tr!(words, "late"),
            Status::Averted => tr!(words, "averted"),
            Status::Invented => tr!(words, "invented"),
            Status::ToCome => tr!(words, "to come"),
        }
    }

    /// What an event was in the play, in a few words.
    pub(super) fn in_play(&self, verdict: &Verdict) -> String {
        let words = self.words;
        let Some(day) = verdict.played else {
            return match verdict.status {
                Status::Late => tr!(words, "Has not happened so far."),
                Status::ToCome => tr!(words, "Still to come."),
                _ => tr!(words, "Never happened."),
            };
        };
        let date = self.day(day);
        let days = verdict.days.unsigned_abs();
        match verdict.status {
            Status::Early => trn!(words, "{date}, {n} day early.", "{date}, {n} days early.", days, date = date),
            Status::Late => trn!(words, "{date}, {n} day late.", "{date}, {n} days late.", days, date = date),
            _ => tr!(words, "{date}.", date = date),
        }
    }

    /// What an event was in the record, in a few words.
    pub(super) fn in_record(&self, verdict: &Verdict) -> String {
        match verdict.recorded {
            Some(day) => tr!(self.words, "{date}.", date = self.day(day)),
            None => tr!(self.words, "Did not happen."),
        }
    }

    /// An event and how it came out, as a link of a chain.
    fn outcome(&self, event: EventId) -> String {
        let (words, title) = (self.words, self.title(event));
        let Some(verdict) = self.verdicts[event.index()] else {
            return tr!(words, "{event}: never happened", event = title);
        };
        let date = verdict.played.map(|day| self.day(day)).unwrap_or_default();
        match (verdict.status, verdict.played) {
            (Status::Kept, _) => tr!(words, "{event}: on {date}, as recorded", event = title, date = date),
            (Status::Early, _) => tr!(words, "{event}: early, on {date}", event = title, date = date),
            (Status::Late, Some(_)) => tr!(words, "{event}: late, on {date}", event = title, date = date),
            (Status::Late | Status::ToCome, _) => tr!(words, "{event}: has not happened so far", event = title),
            (Status::Invented, _) => tr!(words, "{event}: on {date}, beside the record", event = title, date = date),
            (Status::Averted, _) => tr!(words, "{event}: never happened", event = title),
        }
    }

    /// What a player did, with what it was called.
    pub(super) fn act(&self, entry: usize) -> String {
        let words = self.words;
        let logged = &self.play.log()[entry];
        let label = self.moments[entry].label(logged.input.pick);
        let title = &self.moments[entry].title;
        let role = &self.story.roles[logged.input.role.index()].name;
        match (self.play.setup().roles.len() > 1, title.is_empty()) {
            (true, true) => tr!(words, "{role}: “{choice}”", role = role, choice = label),
            (true, false) => tr!(words, "{role}, “{scene}”: “{choice}”", role = role, scene = title, choice = label),
            (false, true) => tr!(words, "You: “{choice}”", choice = label),
            (false, false) => tr!(words, "You, “{scene}”: “{choice}”", scene = title, choice = label),
        }
    }

    /// What could have been taken instead, as it was called.
    pub(super) fn label(&self, entry: usize, pick: Pick) -> &str {
        self.moments[entry].label(pick)
    }

    /// One link of a chain.
    pub(super) fn link(&self, link: Link) -> String {
        let words = self.words;
        match link {
            Link::Act(entry) => self.act(entry),
            Link::Event(event) => self.outcome(event),
            Link::Outcome(outcome) => {
                tr!(words, "The city: {outcome}", outcome = self.story.outcomes[outcome.index()].title)
            }
            Link::Hinge(hinge, outcome) => tr!(
                words,
                "{hinge}: {outcome}",
                hinge = self.story.hinges[hinge.index()].title,
                outcome = self.story.hinge_outcomes[outcome as usize].title
            ),
            Link::Moved(variable, by) => {
                let name = self.mention(variable);
                match self.story.variables[variable.index()].kind {
                    crate::story::model::Kind::Integer(..) if by > 0 => {
                        tr!(words, "{name} rose by {number}", name = name, number = by)
                    }
                    crate::story::model::Kind::Integer(..) => {
                        tr!(words, "{name} fell by {number}", name = name, number = -by)
                    }
                    _ => tr!(words, "{name} changed", name = name),
                }
            }
            Link::Threshold(variable, stood, threshold) => self.threshold(variable, stood, threshold),
        }
    }

    fn threshold(&self, variable: VariableId, stood: i64, Threshold { comparison, number }: Threshold) -> String {
        let words = self.words;
        let name = self.mention(variable);
        match comparison {
            Relation::AtLeast => {
                tr!(
                    words,
                    "{name} stood at {stood}; the turn lay at {number} or more",
                    name = name,
                    stood = stood,
                    number = number
                )
            }
            Relation::Greater => {
                tr!(
                    words,
                    "{name} stood at {stood}; the turn lay above {number}",
                    name = name,
                    stood = stood,
                    number = number
                )
            }
            Relation::AtMost => {
                tr!(
                    words,
                    "{name} stood at {stood}; the turn lay at {number} or less",
                    name = name,
                    stood = stood,
                    number = number
                )
            }
            Relation::Less => {
                tr!(
                    words,
                    "{name} stood at {stood}; the turn lay below {number}",
                    name = name,
                    stood = stood,
                    number = number
                )
            }
            Relation::Equal | Relation::Different => {
                tr!(
                    words,
                    "{name} stood at {stood}; the turn lay at {number}",
                    name = name,
                    stood = stood,
                    number = number
                )
            }
        }
    }

    /// How plausible a divergence is.
    pub(super) fn gate(&self, gate: Gate) -> String {
        match gate {
            Gate::Narrow => tr!(self.words, "A narrow gate: it is hard to see how."),
            Gate::Open => tr!(self.words, "An open gate: possible then."),
            Gate::Wide => tr!(self.words, "A wide gate: little was wanting."),
        }
    }

    /// How far a play went from the record, in words.
    pub(super) fn distance(&self, fidelity: f64, is_outcome_historical: bool) -> String {
        let words = self.words;
        match fidelity {
            1.0.. if !is_outcome_historical => {
                tr!(words, "Every dated thread of the record holds, and yet the city came out elsewhere.")
            }
            1.0.. => tr!(words, "No distance: every thread of the record holds."),
            0.9..1.0 => tr!(words, "A short way: a thread bends here and there, and the year is the one we know."),
            0.7..0.9 => tr!(words, "Some months' way: threads have parted, and others still hold the year together."),
            0.4..0.7 => tr!(words, "A long way: about as many threads parted as held."),
            _ => tr!(words, "Another year: few of its threads are those of the record."),
        }
    }
}
