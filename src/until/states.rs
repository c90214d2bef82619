//! An exact set of states, in the order in which they were found.

use std::hash::BuildHasher;

use foldhash::fast::FixedState;
use hashbrown::HashTable;

/// States, each once.
pub struct States {
    len: usize,
    words: Vec<u64>,
    table: HashTable<u32>,
    hasher: FixedState,
}

impl States {
    /// None yet, of so many words each.
    pub fn of(len: usize) -> States {
        States { len, words: Vec::new(), table: HashTable::new(), hasher: FixedState::with_seed(1917) }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.table.len()
    }

    /// What they take.
    pub fn bytes(&self) -> usize {
        self.words.capacity() * 8 + self.table.capacity() * 5
    }

    /// The words of one.
    pub fn words(&self, index: u32) -> &[u64] {
        &self.words[index as usize * self.len..][..self.len]
    }

    /// Keeps one where it is new; returns its number.
    pub fn insert(&mut self, state: &[u64]) -> u32 {
        let States { len, words, table, hasher } = self;
        let of = |index: u32| &words[index as usize * *len..][..*len];
        let hash = hasher.hash_one(state);
        if let Some(index) = table.find(hash, |index| of(*index) == state) {
            return *index;
        }
        let next = table.len() as u32;
        table.insert_unique(hash, next, |index| hasher.hash_one(of(*index)));
        words.extend_from_slice(state);
        next
    }
}
