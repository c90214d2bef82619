//! What one state comes to: odds, what is certain, how long plays are from there.

use super::fates::{Goal, MOST_SURE, Triple};

/// How long plays are; the least is [`ENDLESS`] where no play ends, the greatest where there is no
/// bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Length {
    /// Choices, least and greatest.
    pub choices: (u32, u32),
    /// Words, least and greatest.
    pub words: (u32, u32),
}

/// Without end, or without bound.
pub const ENDLESS: u32 = u32::MAX;

impl Length {
    /// No play ends.
    pub(super) const NONE: Length = Length { choices: (ENDLESS, 0), words: (ENDLESS, 0) };
    /// The play is over.
    pub(super) const OVER: Length = Length { choices: (0, 0), words: (0, 0) };

    /// The shorter and the longer of two.
    pub(super) fn join(self, other: Length) -> Length {
        let of = |a: (u32, u32), b: (u32, u32)| (a.0.min(b.0), a.1.max(b.1));
        Length { choices: of(self.choices, other.choices), words: of(self.words, other.words) }
    }

    /// With so many more; nothing is added to what has no end.
    pub(super) fn longer(self, choices: u32, words: (u32, u32)) -> Length {
        let of = |(least, most): (u32, u32), by: (u32, u32)| (least.saturating_add(by.0), most.saturating_add(by.1));
        if self.choices.0 == ENDLESS {
            return self;
        }
        Length { choices: of(self.choices, (choices, choices)), words: of(self.words, words) }
    }
}

/// The states of one control, gone through backward.
pub(super) struct Values {
    /// By state: least of each goal, then random, then greatest.
    pub rows: Vec<f64>,
    /// By state: which goals can come about, and which are sure to.
    pub bits: Vec<(u64, u64)>,
    /// By state.
    pub lengths: Vec<Length>,
}

impl Values {
    pub(super) fn bytes(&self) -> usize {
        self.rows.len() * 8 + self.bits.len() * 16 + self.lengths.len() * size_of::<Length>()
    }
}

/// What one state comes to, while it is worked out.
pub(super) struct Row {
    pub values: Vec<f64>,
    pub bits: (u64, u64),
    pub length: Length,
}

impl Row {
    pub(super) fn none(goals: usize) -> Row {
        Row { values: vec![0.0; goals * 3], bits: (0, 0), length: Length::NONE }
    }
}

/// Begins a state in which something is to be taken.
pub(super) fn start(row: &mut Row, count: usize) {
    row.values[..count].fill(f64::INFINITY);
    row.values[count..2 * count].fill(0.0);
    row.values[2 * count..].fill(f64::NEG_INFINITY);
    (row.bits, row.length) = ((0, u64::MAX), Length::NONE);
}

/// Ends it: so many inputs were open, and labels were read.
pub(super) fn finish(row: &mut Row, inputs: usize, labels: (u32, u32), count: usize) {
    if inputs == 0 {
        row.values.fill(0.0);
        // A play that is stuck has ended, if not well.
        (row.bits, row.length) = ((0, 0), Length::OVER);
        return;
    }
    let mean = 1.0 / inputs as f64;
    row.values[count..2 * count].iter_mut().for_each(|value| *value *= mean);
    row.length = row.length.longer(0, (labels.0.min(labels.1), labels.1));
}

impl Row {
    /// Adds a way that chance may take.
    pub(super) fn add(&mut self, share: f64, ahead: &Values, rank: usize, (choices, words): (u32, (u32, u32))) {
        let width = self.values.len();
        let row = &ahead.rows[rank * width..(rank + 1) * width];
        self.values.iter_mut().zip(row).for_each(|(sum, value)| *sum += share * value);
        let bits = ahead.bits[rank];
        self.bits = (self.bits.0 | bits.0, self.bits.1 & bits.1);
        self.length = self.length.join(ahead.lengths[rank].longer(choices, words));
    }

    /// Lets players choose a way.
    pub(super) fn choose(&mut self, way: &Row, count: usize) {
        for goal in 0..count {
            self.values[goal] = self.values[goal].min(way.values[goal]);
            self.values[count + goal] += way.values[count + goal];
            self.values[2 * count + goal] = self.values[2 * count + goal].max(way.values[2 * count + goal]);
        }
        self.bits = (self.bits.0 | way.bits.0, self.bits.1 & way.bits.1);
        self.length = self.length.join(way.length);
    }

    /// What a goal comes to: never and always are told by the ways alone.
    pub(super) fn triple(&self, number: usize, goal: &Goal, count: usize) -> Triple {
        if number < MOST_SURE && !matches!(goal, Goal::Worth(_)) {
            if self.bits.0 >> number & 1 == 0 {
                return Triple::default();
            }
            if self.bits.1 >> number & 1 == 1 {
                return Triple { least: 1.0, random: 1.0, greatest: 1.0 };
            }
        }
        let of = |block: usize| self.values[block * count + number];
        Triple { least: of(0), random: of(1), greatest: of(2) }
    }
}

impl Values {
    pub(super) fn put(&mut self, rank: usize, row: &Row) {
        let width = row.values.len();
        self.rows[rank * width..(rank + 1) * width].copy_from_slice(&row.values);
        (self.bits[rank], self.lengths[rank]) = (row.bits, row.length);
    }
}
