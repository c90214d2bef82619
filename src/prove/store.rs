//! An exact set of states, small: the words of a state are cut into parts that repeat, each part
//! is kept once, and a state is the numbers of its parts.

use std::hash::BuildHasher;

use foldhash::fast::FixedState;
use hashbrown::HashTable;

/// How many parts a state is cut into.
const PARTS: usize = 4;

/// Names a state in the order of its discovery.
pub type StateId = u32;

/// Runs of words, each kept once.
#[derive(Default)]
struct Part {
    len: usize,
    words: Vec<u64>,
    table: HashTable<u32>,
}

impl Part {
    fn words(&self, id: u32) -> &[u64] {
        let start = id as usize * self.len;
        &self.words[start..start + self.len]
    }

    fn intern(&mut self, words: &[u64], hasher: &FixedState) -> u32 {
        let Part { len, words: kept, table } = self;
        let of = |id: u32| &kept[id as usize * *len..(id as usize + 1) * *len];
        let hash = hasher.hash_one(words);
        if let Some(id) = table.find(hash, |id| of(*id) == words) {
            return *id;
        }
        let next = table.len() as u32;
        table.insert_unique(hash, next, |id| hasher.hash_one(of(*id)));
        kept.extend_from_slice(words);
        next
    }

    fn bytes(&self) -> usize {
        self.words.capacity() * 8 + self.table.capacity() * 5
    }
}

/// All states found so far.
pub struct Store {
    cuts: [usize; PARTS + 1],
    parts: [Part; PARTS],
    states: Vec<[u32; PARTS]>,
    table: HashTable<StateId>,
    hasher: FixedState,
}

impl Store {
    /// A set of states of so many words.
    pub fn new(words: usize) -> Store {
        let cuts: [usize; PARTS + 1] = std::array::from_fn(|part| part * words / PARTS);
        let parts = std::array::from_fn(|part| Part { len: cuts[part + 1] - cuts[part], ..Part::default() });
        Store { cuts, parts, states: Vec::new(), table: HashTable::new(), hasher: FixedState::with_seed(1917) }
    }

    /// How many states there are.
    pub fn len(&self) -> usize {
        self.states.len()
    }

    /// Adds a state; returns its number and whether it is new.
    pub fn insert(&mut self, words: &[u64]) -> (StateId, bool) {
        let Store { cuts, parts, states, table, hasher } = self;
        let mut state = [0; PARTS];
        for (n, part) in parts.iter_mut().enumerate() {
            state[n] = part.intern(&words[cuts[n]..cuts[n + 1]], hasher);
        }
        let hash = hasher.hash_one(state);
        if let Some(id) = table.find(hash, |id| states[*id as usize] == state) {
            return (*id, false);
        }
        let next = states.len() as StateId;
        table.insert_unique(hash, next, |id| hasher.hash_one(states[*id as usize]));
        states.push(state);
        (next, true)
    }

    /// The words of a state, into `words`.
    pub fn read(&self, id: StateId, words: &mut [u64]) {
        for (n, part) in self.states[id as usize].iter().enumerate() {
            words[self.cuts[n]..self.cuts[n + 1]].copy_from_slice(self.parts[n].words(*part));
        }
    }

    /// The memory taken, in bytes.
    pub fn bytes(&self) -> usize {
        let parts: usize = self.parts.iter().map(Part::bytes).sum();
        parts + self.states.capacity() * size_of::<[u32; PARTS]>() + self.table.capacity() * 5
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_told_apart_and_found_again() {
        for words in [1, 3, 9] {
            let mut store = Store::new(words);
            let state = |n: u64| (0..words as u64).map(|word| n % (word + 2)).collect::<Vec<_>>();
            let mut seen = std::collections::BTreeMap::new();
            for n in 0..200 {
                let (id, new) = store.insert(&state(n));
                assert_eq!(seen.insert(state(n), id).is_none(), new);
                let mut read = vec![0; words];
                store.read(id, &mut read);
                assert_eq!(read, state(n));
            }
            assert_eq!(store.len(), seen.len());
        }
    }
}
