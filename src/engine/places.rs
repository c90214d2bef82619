//! Which places of a list: bits that need no heap for lists of up to 256.

/// Places of a list, by number.
#[derive(Clone, Debug, Default)]
pub(super) struct Places {
    few: [u64; 4],
    more: Vec<u64>,
    count: usize,
}

impl Places {
    pub(super) fn none() -> Places {
        Places::default()
    }

    /// Adds a place that is not there yet.
    pub(super) fn add(&mut self, place: usize) {
        *self.word(place) |= 1 << (place % 64);
        self.count += 1;
    }

    /// Takes out a place that is there.
    pub(super) fn remove(&mut self, place: usize) {
        *self.word(place) &= !(1 << (place % 64));
        self.count -= 1;
    }

    pub(super) fn has(&self, place: usize) -> bool {
        let word = self.few.get(place / 64).or_else(|| self.more.get((place / 64).wrapping_sub(4)));
        word.is_some_and(|word| word >> (place % 64) & 1 == 1)
    }

    pub(super) fn len(&self) -> usize {
        self.count
    }

    pub(super) fn is_empty(&self) -> bool {
        self.count == 0
    }

    fn word(&mut self, place: usize) -> &mut u64 {
        match (place / 64).checked_sub(4) {
            None => &mut self.few[place / 64],
            Some(far) => {
                if self.more.len() <= far {
                    self.more.resize(far + 1, 0);
                }
                &mut self.more[far]
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Places;

    #[test]
    fn near_and_far_places_are_told_apart() {
        let mut places = Places::none();
        for place in [0, 63, 64, 255, 256, 700] {
            places.add(place);
        }
        places.remove(64);
        assert_eq!((0..1000).filter(|place| places.has(*place)).collect::<Vec<_>>(), [0, 63, 255, 256, 700]);
        assert_eq!((places.len(), places.is_empty()), (5, false));
    }
}
