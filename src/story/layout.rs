//! Where each thing that a play remembers lies in a state: fields of bits in 64-bit words.
//!
//! No field straddles two words, so reading one is a shift and a mask. What nothing asks for has
//! no field: a scene's visits are counted only as far as an expression, a `once` or a template
//! looks at them.

use crate::story::model::SceneId;

/// Some bits of one word, standing for a whole number from `min`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Field {
    /// Which word.
    pub word: u16,
    /// How far from its low end.
    pub shift: u8,
    /// How many bits, 0 to 63.
    pub width: u8,
    /// The number that all bits zero stand for.
    pub min: i32,
}

impl Field {
    /// A mask of its bits at the low end.
    #[inline]
    pub fn mask(self) -> u64 {
        (1u64 << self.width) - 1
    }

    /// Reads it.
    #[inline]
    pub fn get(self, words: &[u64]) -> i64 {
        let raw = (words[self.word as usize] >> self.shift) & self.mask();
        raw as i64 + i64::from(self.min)
    }

    /// Writes it. `value` lies in its bounds.
    #[inline]
    pub fn set(self, words: &mut [u64], value: i64) {
        let raw = (value - i64::from(self.min)) as u64 & self.mask();
        let word = &mut words[self.word as usize];
        *word = (*word & !(self.mask() << self.shift)) | (raw << self.shift);
    }
}

/// Counts of a scene's visits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Visits {
    /// How often, up to `cap`.
    pub count: Option<(Field, u32)>,
    /// How often modulo `cap`, for `{cycle}`.
    pub turn: Option<(Field, u32)>,
}

/// Where one role stands, in fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CursorFields {
    /// What is happening to it: see `engine::state::Stage`.
    pub stage: Field,
    /// The scene, or after all scenes the hinge.
    pub at: Field,
    /// The day of the scene where it stands or is going, counted from the eve.
    pub day: Field,
    /// One more than the choice whose nested choices are asked, or that was taken at a hinge.
    pub choice: Option<Field>,
    /// One more than the scene that drew the storylet.
    pub home: Option<Field>,
    /// One more than the place in its pool of each storylet offered.
    pub offered: [Option<Field>; MAX_DRAW],
}

/// The greatest number of storylets that one `draw` shows.
pub const MAX_DRAW: usize = 8;

/// The fields of a state.
#[derive(Clone, Debug, Default)]
pub struct Layout {
    /// How many words a state has.
    pub words: usize,
    /// The words at the beginning: variables at their start, the calendar on the eve.
    pub initial: Vec<u64>,
    /// The calendar, in days from the eve of the story's first day.
    pub day: Option<Field>,
    /// Whether the short course was asked for.
    pub digest: Option<Field>,
    /// By role: whether it is played.
    pub played: Vec<Field>,
    /// By role: where it stands.
    pub cursors: Vec<CursorFields>,
    /// By scene: its visits, where something asks for them. Boxed, since for most nothing does.
    pub visits: Vec<Option<Box<Visits>>>,
}

impl Layout {
    /// The counts of a scene's visits.
    #[inline]
    pub fn visits(&self, scene: SceneId) -> Visits {
        self.visits.get(scene.index()).and_then(|visits| visits.as_deref().copied()).unwrap_or_default()
    }
}

/// Hands out fields, first fit in the last word.
#[derive(Debug, Default)]
pub struct Allocator {
    words: usize,
    used: u8,
}

impl Allocator {
    /// A field for numbers from `min` to `max`, both included, that don't differ by 2^62 or more.
    pub fn field(&mut self, min: i64, max: i64) -> Field {
        let span = (max - min).max(0) as u64;
        let width = (64 - span.leading_zeros()) as u8;
        if self.words == 0 || self.used + width > 64 {
            self.words += 1;
            self.used = 0;
        }
        // Where there are too many the story is refused, and no state is ever made.
        let word = u16::try_from(self.words - 1).unwrap_or(u16::MAX);
        let field = Field { word, shift: self.used.min(63), width, min: min as i32 };
        self.used += width;
        field
    }

    /// How many words the fields take.
    pub fn words(&self) -> usize {
        self.words.max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_do_not_disturb_each_other() {
        let mut allocator = Allocator::default();
        let fields: Vec<Field> = (0..40).map(|n| allocator.field(-n, n * 3 + 1)).collect();
        let mut words = vec![0; allocator.words()];
        for (n, field) in fields.iter().enumerate() {
            field.set(&mut words, n as i64);
        }
        for (n, field) in fields.iter().enumerate() {
            assert_eq!(field.get(&words), n as i64);
        }
    }

    #[test]
    fn a_field_of_one_value_takes_no_bits() {
        let mut allocator = Allocator::default();
        let field = allocator.field(7, 7);
        assert_eq!((field.width, field.get(&[u64::MAX])), (0, 7));
    }
}
