//! Exact sets of the states of one control: a bit for each that there could be, where that is
//! small enough, else the states themselves.

/// The fields of a state, packed.
pub type Data<const W: usize> = [u64; W];

/// A set of states.
#[derive(Debug)]
pub enum Cells<const W: usize> {
    /// One bit for each number; `ranks` counts those before each block, once it is asked for.
    Bits {
        /// The bits.
        words: Box<[u64]>,
        /// How many are set.
        count: usize,
        /// How many are set before each block of words.
        ranks: Box<[u32]>,
    },
    /// Numbers, in the order in which they were found.
    Narrow(Table<u64>),
    /// States that don't fit a number.
    Wide(Table<Data<W>>),
}

/// Words in a block whose set bits are counted together.
const BLOCK: usize = 8;

impl<const W: usize> Cells<W> {
    /// None yet, of states that take so many bits.
    pub fn none(bits: u32) -> Cells<W> {
        if bits <= 64 { Cells::Narrow(Table::none()) } else { Cells::Wide(Table::none()) }
    }

    /// How many states.
    pub fn len(&self) -> usize {
        match self {
            Cells::Bits { count, .. } => *count,
            Cells::Narrow(table) => table.keys.len(),
            Cells::Wide(table) => table.keys.len(),
        }
    }

    /// Adds a number; whether it is new. Where `dense` allows, many numbers of `bits` bits become
    /// a bit each.
    #[inline]
    pub fn insert(&mut self, key: u64, bits: u32, dense: bool) -> bool {
        match self {
            Cells::Bits { words, count, .. } => {
                let word = &mut words[(key / 64) as usize];
                let new = *word >> (key % 64) & 1 == 0;
                *word |= 1 << (key % 64);
                *count += usize::from(new);
                new
            }
            Cells::Narrow(table) => {
                let new = table.insert(key);
                // A number takes about 16 bytes; a bit for each that there could be may take less.
                if new && dense && bits < 36 && (table.keys.len() as u64) << 7 > 1 << bits {
                    self.spread(bits);
                }
                new
            }
            Cells::Wide(_) => unreachable!("wide states are no numbers"),
        }
    }

    fn spread(&mut self, bits: u32) {
        let Cells::Narrow(table) = self else { return };
        let mut words = vec![0u64; (1usize << bits).div_ceil(64)].into_boxed_slice();
        for key in &table.keys {
            words[(key / 64) as usize] |= 1 << (key % 64);
        }
        *self = Cells::Bits { words, count: table.keys.len(), ranks: Box::default() };
    }

    /// Makes ready for [`Cells::rank`]: nothing is added any more.
    pub fn settle(&mut self) {
        if let Cells::Bits { words, ranks, .. } = self {
            let mut sum = 0;
            *ranks = words
                .chunks(BLOCK)
                .map(|block| {
                    let before = sum;
                    sum += block.iter().map(|word| word.count_ones()).sum::<u32>();
                    before
                })
                .collect();
        }
    }

    /// The number of a state among those of the set; it is there.
    #[inline]
    pub fn rank(&self, key: u64) -> Option<u32> {
        match self {
            Cells::Bits { words, ranks, .. } => {
                let word = (key / 64) as usize;
                if words[word] >> (key % 64) & 1 == 0 {
                    return None;
                }
                let block = word / BLOCK;
                let before: u32 = words[block * BLOCK..word].iter().map(|word| word.count_ones()).sum();
                Some(ranks[block] + before + (words[word] & ((1 << (key % 64)) - 1)).count_ones())
            }
            Cells::Narrow(table) => table.find(&key),
            Cells::Wide(_) => None,
        }
    }

    /// The state of this number, where they are numbers.
    pub fn nth(&self, rank: u32) -> u64 {
        match self {
            Cells::Bits { words, ranks, .. } => {
                let block = ranks.partition_point(|before| *before <= rank) - 1;
                let mut left = rank - ranks[block];
                for (index, word) in words.iter().enumerate().skip(block * BLOCK) {
                    if left < word.count_ones() {
                        let mut bits = *word;
                        (0..left).for_each(|_| bits &= bits - 1);
                        return index as u64 * 64 + u64::from(bits.trailing_zeros());
                    }
                    left -= word.count_ones();
                }
                unreachable!("there are as many states as were counted")
            }
            Cells::Narrow(table) => table.keys[rank as usize],
            Cells::Wide(_) => unreachable!("wide states are no numbers"),
        }
    }

    /// The memory taken, in bytes.
    pub fn bytes(&self) -> usize {
        match self {
            Cells::Bits { words, ranks, .. } => words.len() * 8 + ranks.len() * 4,
            Cells::Narrow(table) => table.bytes(),
            Cells::Wide(table) => table.bytes(),
        }
    }
}

/// What can be kept in a table.
pub trait Key: Copy + Eq {
    /// Spreads it over all bits.
    fn hash(&self) -> u64;
}

impl Key for u64 {
    #[inline]
    fn hash(&self) -> u64 {
        let mixed = (*self ^ (*self >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        mixed ^ (mixed >> 29)
    }
}

impl<const W: usize> Key for [u64; W] {
    fn hash(&self) -> u64 {
        self.iter().fold(0, |hash: u64, word| (hash.rotate_left(23) ^ word).hash())
    }
}

/// An exact set in the order of discovery: numbers of keys in a table of twice their size.
#[derive(Debug)]
pub struct Table<K> {
    /// The keys.
    pub keys: Vec<K>,
    /// One more than the number of a key, or 0.
    slots: Box<[u32]>,
}

impl<K: Key> Table<K> {
    fn none() -> Table<K> {
        Table { keys: Vec::new(), slots: Box::default() }
    }

    /// Adds a key; whether it is new.
    #[inline]
    pub fn insert(&mut self, key: K) -> bool {
        if self.keys.len() * 4 >= self.slots.len() * 3 {
            self.grow();
        }
        let mask = self.slots.len() - 1;
        let mut slot = (key.hash() >> 20) as usize & mask;
        loop {
            match self.slots[slot] {
                0 => {
                    self.keys.push(key);
                    self.slots[slot] = self.keys.len() as u32;
                    return true;
                }
                known if self.keys[known as usize - 1] == key => return false,
                _ => slot = (slot + 1) & mask,
            }
        }
    }

    /// The number of a key.
    #[inline]
    pub fn find(&self, key: &K) -> Option<u32> {
        if self.slots.is_empty() {
            return None;
        }
        let mask = self.slots.len() - 1;
        let mut slot = (key.hash() >> 20) as usize & mask;
        loop {
            match self.slots[slot] {
                0 => return None,
                known if self.keys[known as usize - 1] == *key => return Some(known - 1),
                _ => slot = (slot + 1) & mask,
            }
        }
    }

    fn grow(&mut self) {
        let size = (self.slots.len() * 2).max(8);
        let mut slots = vec![0u32; size].into_boxed_slice();
        for (number, key) in self.keys.iter().enumerate() {
            let mut slot = (key.hash() >> 20) as usize & (size - 1);
            while slots[slot] != 0 {
                slot = (slot + 1) & (size - 1);
            }
            slots[slot] = number as u32 + 1;
        }
        self.slots = slots;
    }

    fn bytes(&self) -> usize {
        self.keys.capacity() * size_of::<K>() + self.slots.len() * 4
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_finds_what_was_put_into_it_however_it_is_kept() {
        for dense in [false, true] {
            let mut cells: Cells<1> = Cells::none(14);
            let keys: Vec<u64> = (0..3000u64).map(|n| n * n % 16_381).collect();
            let distinct: std::collections::BTreeSet<u64> = keys.iter().copied().collect();
            let new = keys.iter().filter(|key| cells.insert(**key, 14, dense)).count();
            cells.settle();
            assert_eq!((new, cells.len()), (distinct.len(), distinct.len()));
            assert_eq!(matches!(cells, Cells::Bits { .. }), dense);
            for key in 0..16_384 {
                let rank = cells.rank(key);
                assert_eq!(rank.is_some(), distinct.contains(&key));
                if let Some(rank) = rank {
                    assert_eq!(cells.nth(rank), key);
                }
            }
        }
    }

    #[test]
    fn wide_states_are_told_apart() {
        let mut table = Table::none();
        let new = (0..1000u64).filter(|n| table.insert([n % 7, n % 11, n % 3])).count();
        assert_eq!(new, 231);
        assert_eq!(table.find(&[6, 10, 2]).map(|n| table.keys[n as usize]), Some([6, 10, 2]));
        assert_eq!(table.find(&[7, 0, 0]), None);
    }
}
