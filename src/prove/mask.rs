//! Bits of a state.

use crate::story::layout::Field;

/// Bits of a state's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mask(pub(super) Box<[u64]>);

impl Mask {
    pub(super) fn all(words: usize) -> Mask {
        Mask(vec![u64::MAX; words].into())
    }

    pub(super) fn remove(&mut self, field: Field) {
        self.0[field.word as usize] &= !(field.mask() << field.shift);
    }
}
