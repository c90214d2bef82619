//! What a story declares, by id, for those who look ids up.

use std::cell::Cell;
use std::collections::HashMap;

use super::code::ExprId;
use crate::story::layout::Field;
use crate::story::model::{Kind, RoleId, Span32, VariableId};

/// The ids of one kind of thing, in the order of declaration.
#[derive(Clone, Debug, Default)]
pub struct Names<'t> {
    map: HashMap<&'t str, u32>,
    patience: Patience,
}

impl<'t> Names<'t> {
    /// Room for so many.
    pub fn with_capacity(capacity: usize) -> Names<'t> {
        Names { map: HashMap::with_capacity(capacity), patience: Patience::default() }
    }

    /// Adds an id with its index; returns the index that had it already.
    pub fn insert(&mut self, id: &'t str, index: u32) -> Option<u32> {
        match self.map.entry(id) {
            std::collections::hash_map::Entry::Occupied(entry) => Some(*entry.get()),
            std::collections::hash_map::Entry::Vacant(entry) => {
                entry.insert(index);
                None
            }
        }
    }

    /// The index of an id.
    pub fn get(&self, id: &str) -> Option<u32> {
        self.map.get(id).copied()
    }

    /// The declared id nearest to one that isn't, if it is near enough to have been meant.
    pub fn nearest(&self, id: &str) -> Option<&'t str> {
        self.patience.nearest(id, self.map.keys().copied())
    }
}

/// So many names are compared with others before it is enough: a large story with a slip in every
/// line is told of them all, but not what was meant by each.
const PATIENCE: usize = 1_000_000;

/// What is left of the readiness to look for near names.
#[derive(Clone, Debug, Default)]
pub struct Patience {
    spent: Cell<usize>,
}

impl Patience {
    /// As [`nearest`], while patience lasts.
    pub fn nearest<'n>(&self, id: &str, candidates: impl ExactSizeIterator<Item = &'n str>) -> Option<&'n str> {
        self.spent.set(self.spent.get().saturating_add(candidates.len()));
        if self.spent.get() > PATIENCE { None } else { nearest(id, candidates) }
    }
}

/// The candidate nearest to `id`, if it is near enough to have been meant. Distance is counted in
/// letters, not bytes, so that accented names are found too; of two as near, the first by name.
pub fn nearest<'t>(id: &str, candidates: impl Iterator<Item = &'t str>) -> Option<&'t str> {
    // A very long id is no slip of the fingers, and the distance costs the product of the lengths.
    if id.len() > 64 {
        return None;
    }
    let letters = id.chars().count();
    let allowed = (letters / 3).clamp(1, 3);
    let near = candidates.filter(|candidate| candidate.len() <= 80 && *candidate != id).filter_map(|candidate| {
        let stem = letters >= 4 && candidate.starts_with(id);
        if !stem && candidate.chars().count().abs_diff(letters) > allowed {
            return None;
        }
        let distance = strsim::damerau_levenshtein(id, candidate);
        (distance <= allowed || stem).then_some((distance.min(allowed + 1), candidate))
    });
    near.min().map(|(_, candidate)| candidate)
}

/// A variable as expressions see it.
#[derive(Clone, Debug)]
pub struct Known {
    /// Its type and bounds.
    pub kind: Kind,
    /// Where it is kept, unless it is derived.
    pub field: Option<Field>,
    /// What it is computed from.
    pub derived: Option<ExprId>,
    /// Its name in messages.
    pub name: String,
    /// Whether an expression, a template or a comparison looks at it.
    pub read: bool,
    /// Whether an effect writes it.
    pub written: bool,
}

/// All names of a story.
#[derive(Clone, Debug, Default)]
pub struct Declared<'t> {
    /// Variables, by [`VariableId`].
    pub variables: Vec<Known>,
    /// The city's variables.
    pub world: Names<'t>,
    /// Traits by role.
    pub traits: Vec<Names<'t>>,
    /// Roles.
    pub roles: Names<'t>,
    /// Scenes.
    pub scenes: Names<'t>,
    /// Hinges.
    pub hinges: Names<'t>,
    /// Events.
    pub events: Names<'t>,
    /// Outcomes.
    pub outcomes: Names<'t>,
    /// Codex entries by kind: people, places, terms.
    pub codex: [Names<'t>; 3],
    /// By choice: its id, in the order of [`ChoiceId`](crate::story::model::ChoiceId).
    pub choice_ids: Vec<&'t str>,
    /// By choice: whether something asks if it was taken.
    pub asked: Vec<bool>,
    /// By scene: its choices, nested ones among them.
    pub scene_choices: Vec<Span32>,
    /// By hinge: its sides, as role and choices.
    pub hinge_sides: Vec<Vec<(RoleId, Span32)>>,
    /// By scene: how far its visits are counted, and in what turn.
    pub visits: Vec<Counted>,
    /// For near names among all variables.
    pub patience: Patience,
}

/// How far something looks at a scene's visits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// The count stops here; 0 where nothing asks.
    pub cap: u32,
    /// The count goes round after so many; 0 where nothing asks.
    pub turn: u32,
}

/// A count of visits stops here where an expression does more than compare it with a number.
pub const MOST_VISITS: u32 = 100;

/// The longest round of a scene's `{cycle}`s together.
pub const LONGEST_TURN: u32 = 5040;

impl Declared<'_> {
    /// The variable of this name, for a role's scenes.
    pub fn variable(&self, name: &str, role: Option<RoleId>) -> Option<VariableId> {
        if let Some((role, id)) = name.split_once('.') {
            let role = self.roles.get(role)?;
            return self.traits.get(role as usize)?.get(id).map(VariableId);
        }
        let own = role.and_then(|role| self.traits.get(role.index())).and_then(|names| names.get(name));
        own.or_else(|| self.world.get(name)).map(VariableId)
    }

    /// A near name for one that isn't declared, for a role's scenes.
    pub fn nearest_variable(&self, name: &str, role: Option<RoleId>) -> Option<String> {
        let own = role.and_then(|role| self.traits.get(role.index())).and_then(|names| names.nearest(name));
        let near = own.or_else(|| self.world.nearest(name)).map(str::to_owned);
        near.or_else(|| {
            // A trait of somebody else, written bare or slightly wrong.
            let full = self.variables.iter().map(|known| known.name.as_str());
            let tail = |candidate: &&str| candidate.rsplit_once('.').is_some_and(|(_, id)| id == name);
            let exact = self.variables.iter().map(|known| known.name.as_str()).find(tail);
            exact.or_else(|| self.patience.nearest(name, full)).map(str::to_owned)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn slips_are_found_and_other_words_are_not() {
        let names = ["hunger", "bread", "unrest", "nobel_gates"];
        assert_eq!(nearest("hungr", names.into_iter()), Some("hunger"));
        assert_eq!(nearest("berad", names.into_iter()), Some("bread"));
        assert_eq!(nearest("nobel", names.into_iter()), Some("nobel_gates"));
        assert_eq!(nearest("winter", names.into_iter()), None);
    }
}
