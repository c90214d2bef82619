//! The one place where the seed is asked.

use rand::Rng;
use rand_pcg::Pcg32;

use crate::story::model::Target;

/// One of the things that chance picks from: its weight, and where it leads.
pub type Lot = (u32, Target);

/// What decides where the story leaves something to chance.
pub trait Chance {
    /// Picks one of `len` lots, not all of weight zero; more weight is more likely. `seed` and
    /// `draw` are the play's: its seed, and how often chance was asked before.
    fn pick(&mut self, seed: u64, draw: u32, len: usize, lot: &dyn Fn(usize) -> Lot) -> usize;
}

/// Chance as a play has it: by the seed and the number of draws so far, so that going back and
/// choosing the same again falls out the same way.
#[derive(Clone, Copy, Debug, Default)]
pub struct Seeded;

impl Chance for Seeded {
    fn pick(&mut self, seed: u64, draw: u32, len: usize, lot: &dyn Fn(usize) -> Lot) -> usize {
        // A generator for each draw, its stream the draw's number: PCG-32 is the same in every
        // version and on every machine, and no hidden state has to be kept or saved.
        let mut generator = Pcg32::new(seed, u64::from(draw));
        let total: u64 = (0..len).map(|index| u64::from(lot(index).0)).sum();
        let drawn = (u128::from(generator.next_u64()) * u128::from(total)) >> 64;
        nth(len, lot, drawn as u64)
    }
}

/// Where `drawn`, below the sum of the weights, falls.
fn nth(len: usize, lot: &dyn Fn(usize) -> Lot, mut drawn: u64) -> usize {
    for index in 0..len {
        match drawn.checked_sub(u64::from(lot(index).0)) {
            None => return index,
            Some(rest) => drawn = rest,
        }
    }
    len.saturating_sub(1)
}

/// Chance as it is told: the picks of a given list, then the first that is possible. Remembers
/// what it was asked, so that all the ways a step can fall can be gone through.
#[derive(Clone, Debug, Default)]
pub struct Told {
    picks: Vec<usize>,
    asked: Vec<(usize, Vec<Lot>)>,
}

impl Told {
    /// Chance that falls as `picks` say.
    pub fn new(picks: Vec<usize>) -> Told {
        Told { picks, asked: Vec::new() }
    }

    /// The product of the shares of what was picked, as numerator and denominator.
    pub fn weight(&self) -> (u128, u128) {
        self.asked.iter().fold((1, 1), |(top, bottom), (picked, lots)| {
            let total: u128 = lots.iter().map(|&(weight, _)| u128::from(weight)).sum();
            (top.saturating_mul(u128::from(lots[*picked].0)), bottom.saturating_mul(total))
        })
    }

    /// Where chance led, in order.
    pub fn fell(&self) -> impl Iterator<Item = Target> + '_ {
        self.asked.iter().map(|(picked, lots)| lots[*picked].1)
    }

    /// The next list of picks to go through, in order, or `None` after the last.
    pub fn next(mut self) -> Option<Told> {
        while let Some((picked, lots)) = self.asked.pop() {
            let later = (picked + 1..lots.len()).find(|&index| lots[index].0 > 0);
            if let Some(index) = later {
                let mut picks: Vec<usize> = self.asked.iter().map(|(picked, _)| *picked).collect();
                picks.push(index);
                return Some(Told::new(picks));
            }
        }
        None
    }
}

impl Chance for Told {
    fn pick(&mut self, _: u64, _: u32, len: usize, lot: &dyn Fn(usize) -> Lot) -> usize {
        let lots: Vec<Lot> = (0..len).map(lot).collect();
        let first = lots.iter().position(|&(weight, _)| weight > 0).unwrap_or(0);
        let told = self.picks.get(self.asked.len()).copied();
        let picked = told.filter(|&index| lots.get(index).is_some_and(|&(weight, _)| weight > 0)).unwrap_or(first);
        self.asked.push((picked, lots));
        picked
    }
}

/// Where chance falls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fall {
    /// The place.
    pub to: Target,
    /// By which of the open ways that lead there, from 0: one may do what another doesn't.
    pub nth: u32,
}

impl From<Target> for Fall {
    fn from(to: Target) -> Fall {
        Fall { to, nth: 0 }
    }
}

impl Fall {
    /// Reads one as scripts and saves write it: `name`, or `name/2` for the second way there.
    /// `place` finds a place by its name.
    pub fn read(text: &str, place: impl FnOnce(&str) -> Option<Target>) -> Option<Fall> {
        let (name, nth) = text.split_once('/').unwrap_or((text, "1"));
        let nth: u32 = nth.parse().ok()?;
        Some(Fall { to: place(name)?, nth: nth.checked_sub(1)? })
    }

    /// Writes it so, with the name of its place.
    pub fn write(self, name: &str) -> String {
        if self.nth == 0 { name.to_owned() } else { format!("{name}/{}", self.nth + 1) }
    }
}

/// Chance that falls to given places where it can, one after the other, and by the seed elsewhere:
/// for scripts that say which way it fell.
#[derive(Clone, Debug, Default)]
pub struct Falling<'a> {
    wanted: &'a [Fall],
}

impl<'a> Falling<'a> {
    /// Chance that falls to `wanted`, in this order.
    pub fn to(wanted: &'a [Fall]) -> Falling<'a> {
        Falling { wanted }
    }

    /// What was wanted and could not be had.
    pub fn unmet(&self) -> Option<Fall> {
        self.wanted.first().copied()
    }
}

impl Chance for Falling<'_> {
    fn pick(&mut self, seed: u64, draw: u32, len: usize, lot: &dyn Fn(usize) -> Lot) -> usize {
        if let Some((&next, rest)) = self.wanted.split_first() {
            let mut met = (0..len).filter(|&index| lot(index).0 > 0 && lot(index).1 == next.to);
            let met = met.nth(next.nth as usize);
            if let Some(index) = met {
                self.wanted = rest;
                return index;
            }
        }
        Seeded.pick(seed, draw, len, lot)
    }
}

/// A number from a seed and a key that is the same everywhere: for `{any}`, which looks at the
/// seed but leaves the state alone.
pub(crate) fn mix(seed: u64, key: u64) -> u64 {
    Pcg32::new(seed, key).next_u64()
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::story::model::SceneId;

    fn lot(index: usize) -> Lot {
        ([1, 0, 3][index], Target::Scene(SceneId(index as u32)))
    }

    #[test]
    fn a_pick_falls_by_weight() {
        assert_eq!([0, 1, 2, 3].map(|drawn| nth(3, &lot, drawn)), [0, 2, 2, 2]);
    }

    #[test]
    fn all_the_ways_are_gone_through() {
        let mut ways = Vec::new();
        let mut next = Some(Told::default());
        while let Some(mut told) = next {
            let picks = (told.pick(0, 0, 3, &lot), told.pick(0, 0, 3, &lot));
            ways.push((picks, told.weight()));
            next = told.next();
        }
        assert_eq!(ways, [((0, 0), (1, 16)), ((0, 2), (3, 16)), ((2, 0), (3, 16)), ((2, 2), (9, 16))]);
    }

    #[test]
    fn the_generator_keeps_its_values() {
        // Saves replay their chances: these numbers must never change.
        assert_eq!([mix(0, 0), mix(1917, 7)], [4007188917454456712, 291445594913023982]);
    }
}
