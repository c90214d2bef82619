//! What a place can still read. A variable that is written again, or never looked at again, on
//! every way from here can't tell two futures apart: it is set to its first value in the states
//! that are compared.
//!
//! This is the classic backward data flow, with the refinement that an effect's reads count only
//! where what it writes is read itself. What events, outcomes and laws read is kept everywhere.

use super::mask::{Mask, reads};
use super::rigid::is_rigid;
use crate::calendar::Day;
use crate::engine::{Observe, Seeded, Setup, State, start_with};
use crate::lang::{Change, EffectsId, ExprId};
use crate::story::model::{ChoiceId, Claim, Goto, HingeId, Holder, LawId, RoleId, Scene, SceneId, Story, Target};

/// What each place can still read, for one role played alone, or for all together.
pub struct Live {
    /// By scene, then by hinge.
    places: Vec<Mask>,
    /// By choice with choices below it: while those are asked.
    asked: Vec<Option<Mask>>,
    /// By day from the eve: what stands for a value that can't be read. Where the record stands
    /// whatever is done, that is what the day would have brought alone, so that guards which hold
    /// for every value that players can bring about hold for it too.
    alone: Vec<Box<[u64]>>,
}

/// What to keep.
pub struct Wanted<'w> {
    /// The laws that are judged.
    pub laws: &'w [LawId],
    /// Whether anything may be left out at all.
    pub reduce: bool,
}

impl Live {
    /// Works it out for `role` played alone; nothing is left out where several are played but what
    /// nobody ever reads.
    pub fn of(story: &Story, roles: &[RoleId], wanted: &Wanted<'_>) -> Live {
        let words = story.layout.words;
        let rigid = is_rigid(story);
        let alone = course(story, rigid);
        let places = story.scenes.len() + story.hinges.len();
        if !wanted.reduce {
            let all = Mask::all(words);
            return Live { places: vec![all; places], asked: vec![None; story.choices.len()], alone };
        }
        let flow = Flow { story, always: always(story, wanted.laws, rigid), homes: homes(story) };
        let mut live =
            Live { places: vec![flow.always.clone(); places], asked: vec![None; story.choices.len()], alone };
        flow.settle(&mut live);
        if roles.len() != 1 {
            // The others may read it wherever they stand.
            let mut union = flow.always.clone();
            for mask in live.places.iter().chain(live.asked.iter().flatten()) {
                union.join(mask);
            }
            live.places.fill(union);
            live.asked.fill(None);
        }
        live
    }

    /// Sets what can't be read any more to its first value.
    pub fn forget(&self, story: &Story, words: &mut [u64], role: Option<RoleId>) {
        let mask = match role {
            Some(role) => {
                let cursor = &story.layout.cursors[role.index()];
                let choice = cursor.choice.map_or(0, |field| field.get(words));
                let asked =
                    usize::try_from(choice - 1).ok().and_then(|choice| self.asked.get(choice)).and_then(Option::as_ref);
                asked.unwrap_or(&self.places[cursor.at.get(words) as usize])
            }
            None => &self.places[0],
        };
        let day = story.layout.day.map_or(0, |field| field.get(words));
        let alone = self.alone.get(day as usize).unwrap_or(&self.alone[0]);
        for ((word, mask), alone) in words.iter_mut().zip(&mask.0).zip(alone) {
            *word = (*word & mask) | (alone & !mask);
        }
    }

    /// The bits kept at a place.
    pub fn bits(&self, place: usize) -> u32 {
        self.places.get(place).map_or(0, Mask::bits)
    }
}

/// The words of each day, from the eve, when nobody acts; of a record that players can change only
/// those of the beginning.
fn course(story: &Story, rigid: bool) -> Vec<Box<[u64]>> {
    struct Days(Vec<Box<[u64]>>);
    impl Observe for Days {
        fn passed(&mut self, _: &Story, state: &State, _: Day) {
            self.0.push(state.words().into());
        }
    }
    let mut days = Days(vec![story.layout.initial.clone().into()]);
    if rigid {
        let setup = Setup { roles: Vec::new(), seed: 0, digest: false };
        let _ = start_with(story, &setup, &mut Seeded, &mut days);
    }
    days.0
}

/// By scene: where `@return` can lead from there, which is to the scenes that draw the pool of a
/// storylet that leads here.
fn homes(story: &Story) -> Vec<Vec<SceneId>> {
    let mut homes = vec![Vec::new(); story.scenes.len()];
    for (pool, declared) in story.pools.iter().enumerate() {
        let draws = |scene: &&(usize, &Scene)| scene.1.draw.is_some_and(|(drawn, _)| drawn.index() == pool);
        let all: Vec<(usize, &Scene)> = story.scenes.iter().enumerate().collect();
        let hubs: Vec<SceneId> = all.iter().filter(draws).map(|(index, _)| SceneId(*index as u32)).collect();
        let mut ahead: Vec<Target> = declared.storylets.iter().copied().map(Target::Scene).collect();
        let mut seen = vec![false; story.scenes.len() + story.hinges.len()];
        while let Some(target) = ahead.pop() {
            let place = match target {
                Target::Scene(scene) => scene.index(),
                Target::Hinge(hinge) => story.scenes.len() + hinge.index(),
                Target::Return => continue,
            };
            if !std::mem::replace(&mut seen[place], true) {
                homes.get_mut(place).into_iter().for_each(|homes| homes.extend(&hubs));
                ahead.extend(super::rigid::ways(story, place));
            }
        }
    }
    homes
}

/// What is kept everywhere: where roles stand, what happened, and all that events, outcomes and
/// the laws in question read.
fn always(story: &Story, laws: &[LawId], rigid: bool) -> Mask {
    let layout = &story.layout;
    let mut mask = Mask::none(layout.words);
    let single = layout
        .day
        .iter()
        .chain(&layout.digest)
        .chain(&layout.played)
        .chain(story.events.iter().map(|event| &event.field));
    single.for_each(|field| mask.add(*field));
    for cursor in &layout.cursors {
        let fields = [Some(cursor.stage), Some(cursor.at), Some(cursor.day), cursor.choice, cursor.home];
        fields.iter().chain(&cursor.offered).flatten().for_each(|field| mask.add(*field));
    }
    let flow = Flow { story, always: Mask::none(layout.words), homes: Vec::new() };
    // Where the record stands whatever is done, what its guards read tells no two futures apart.
    if !rigid {
        for event in &story.events {
            flow.read(event.guard, &mut mask);
            flow.read_effects(event.effects, &mut mask);
        }
    }
    for outcome in &story.outcomes {
        flow.read(outcome.guard, &mut mask);
    }
    for law in laws {
        let exprs: Vec<ExprId> = match story.laws[law.index()].claim {
            Claim::Always(expr) | Claim::Never(expr) | Claim::Possible(expr) | Claim::Inevitable(expr) => vec![expr],
            Claim::Before { first, then } => vec![first, then],
            Claim::Odds { of, .. } => vec![of],
        };
        exprs.into_iter().for_each(|expr| flow.read(Some(expr), &mut mask));
    }
    mask
}

/// The data flow.
struct Flow<'s> {
    story: &'s Story,
    always: Mask,
    /// By scene: the scenes to which `@return` leads from there.
    homes: Vec<Vec<SceneId>>,
}

impl Flow<'_> {
    fn settle(&self, live: &mut Live) {
        let mut grew = true;
        while grew {
            grew = false;
            for index in (0..self.story.choices.len()).rev() {
                if !self.story.choices[index].nested.is_empty() {
                    let mut mask = self.always.clone();
                    self.choices(self.story.choices[index].nested.range(), live, &mut mask);
                    grew |= match &mut live.asked[index] {
                        Some(known) => known.join(&mask),
                        empty => {
                            *empty = Some(mask);
                            true
                        }
                    };
                }
            }
            for index in (0..self.story.hinges.len()).rev() {
                let mask = self.hinge(HingeId(index as u32), live);
                grew |= live.places[self.story.scenes.len() + index].join(&mask);
            }
            for index in (0..self.story.scenes.len()).rev() {
                let mask = self.scene(SceneId(index as u32), live);
                grew |= live.places[index].join(&mask);
            }
        }
    }

    /// What is live in a scene, once it was entered.
    fn scene(&self, scene: SceneId, live: &Live) -> Mask {
        let declared = &self.story.scenes[scene.index()];
        let mut mask = self.always.clone();
        self.choices(declared.choices.range(), live, &mut mask);
        mask.join(&self.goto(declared.goto, live, Some(scene)));
        if declared.goto.entries.is_empty() && declared.storylet.is_some() {
            mask.join(&self.home(live, Some(scene)));
        }
        if let Some((pool, _)) = declared.draw {
            for &storylet in &self.story.pools[pool.index()].storylets {
                self.drawable(storylet, &mut mask);
                mask.join(&self.entry(Target::Scene(storylet), live, None));
            }
        }
        mask
    }

    /// What deciding whether a storylet may be drawn reads.
    fn drawable(&self, scene: SceneId, mask: &mut Mask) {
        let Some(storylet) = &self.story.scenes[scene.index()].storylet else { return };
        self.read(storylet.guard, mask);
        if storylet.once {
            self.story.layout.visits(scene).count.iter().for_each(|(field, _)| mask.add(*field));
        }
    }

    fn choices(&self, choices: std::ops::Range<usize>, live: &Live, mask: &mut Mask) {
        for index in choices {
            let choice = &self.story.choices[index];
            let mut after = match (&live.asked[index], choice.goto.entries.is_empty(), choice.holder) {
                (Some(asked), ..) => asked.clone(),
                (None, false, holder) => self.goto(choice.goto, live, self.scene_of(holder)),
                (None, true, holder) => self.stay(holder, live),
            };
            if !choice.goto.entries.is_empty() && self.may_stay(choice.goto) {
                after.join(&self.stay(choice.holder, live));
            }
            self.before_effects(choice.effects, &mut after);
            if let Some(field) = choice.taken {
                after.remove(field);
                if choice.once {
                    after.add(field);
                }
            }
            self.read(choice.guard, &mut after);
            mask.join(&after);
        }
    }

    /// Whether every entry of a `goto` has a guard: where none holds the role stays.
    fn may_stay(&self, goto: Goto) -> bool {
        goto.entries.range().all(|index| self.story.gotos[index].guard.is_some())
    }

    /// What is live where a choice leads nowhere: in its scene.
    fn stay(&self, holder: Holder, live: &Live) -> Mask {
        match holder {
            Holder::Scene(scene) => live.places[scene.index()].clone(),
            Holder::Choice(ChoiceId(parent)) => self.stay(self.story.choices[parent as usize].holder, live),
            Holder::Side(_) => self.always.clone(),
        }
    }

    fn goto(&self, goto: Goto, live: &Live, from: Option<SceneId>) -> Mask {
        let mut mask = self.always.clone();
        for index in goto.entries.range() {
            let entry = &self.story.gotos[index];
            let mut after = self.entry(entry.to, live, from);
            self.before_effects(entry.effects, &mut after);
            self.read(entry.guard, &mut after);
            mask.join(&after);
        }
        mask
    }

    /// What is live before a place is entered.
    fn entry(&self, to: Target, live: &Live, from: Option<SceneId>) -> Mask {
        match to {
            Target::Hinge(hinge) => live.places[self.story.scenes.len() + hinge.index()].clone(),
            Target::Return => self.home(live, from),
            Target::Scene(scene) => {
                let declared = &self.story.scenes[scene.index()];
                let mut mask = live.places[scene.index()].clone();
                if let Some((pool, _)) = declared.draw {
                    self.story.pools[pool.index()]
                        .storylets
                        .iter()
                        .for_each(|storylet| self.drawable(*storylet, &mut mask));
                }
                self.before_effects(declared.effects, &mut mask);
                // Entering counts the visit from what it was: a count that is read stays live.
                mask
            }
        }
    }

    /// What is live before returning from a scene: any that may have drawn what leads here.
    fn home(&self, live: &Live, from: Option<SceneId>) -> Mask {
        let mut mask = self.always.clone();
        for &scene in from.and_then(|scene| self.homes.get(scene.index())).into_iter().flatten() {
            mask.join(&self.entry(Target::Scene(scene), live, None));
        }
        mask
    }

    fn scene_of(&self, holder: Holder) -> Option<SceneId> {
        match holder {
            Holder::Scene(scene) => Some(scene),
            Holder::Choice(ChoiceId(parent)) => self.scene_of(self.story.choices[parent as usize].holder),
            Holder::Side(_) => None,
        }
    }

    fn hinge(&self, hinge: HingeId, live: &Live) -> Mask {
        let declared = &self.story.hinges[hinge.index()];
        let mut after = self.always.clone();
        for index in declared.sides.range() {
            after.join(&self.goto(self.story.sides[index].goto, live, None));
        }
        for index in declared.outcomes.range() {
            for (_, goto) in &self.story.hinge_outcomes[index].gotos {
                after.join(&self.goto(*goto, live, None));
            }
        }
        let mut mask = after.clone();
        for index in declared.outcomes.range() {
            let outcome = &self.story.hinge_outcomes[index];
            let mut before = after.clone();
            self.before_effects(outcome.effects, &mut before);
            self.read(outcome.guard, &mut before);
            mask.join(&before);
        }
        // The effects of the sides run one after the other; which is not known, so what any of
        // them overwrites stays live and what any reads is.
        for index in declared.sides.range() {
            for choice in self.story.sides[index].choices.range() {
                self.read_effects(self.story.choices[choice].effects, &mut mask);
                self.read(self.story.choices[choice].guard, &mut mask);
            }
        }
        mask
    }

    /// From what is live after some effects to what is live before them.
    fn before_effects(&self, effects: EffectsId, mask: &mut Mask) {
        for index in effects.range().rev() {
            let effect = self.story.code.effects[index];
            match effect.change {
                Change::Set { field, value, .. } => {
                    if mask.has(field) {
                        if effect.guard.is_none() {
                            mask.remove(field);
                        }
                        self.read(Some(value), mask);
                        self.read(effect.guard, mask);
                    }
                }
                Change::Add { field, .. } => {
                    if mask.has(field) {
                        self.read(effect.guard, mask);
                    }
                }
                Change::Happen(_) | Change::Avert(_) => self.read(effect.guard, mask),
            }
        }
    }

    /// All that some effects read, whether or not what they write is read.
    fn read_effects(&self, effects: EffectsId, mask: &mut Mask) {
        for index in effects.range() {
            let effect = self.story.code.effects[index];
            self.read(effect.guard, mask);
            if let Change::Set { value, .. } = effect.change {
                self.read(Some(value), mask);
            }
        }
    }

    fn read(&self, expr: Option<ExprId>, mask: &mut Mask) {
        if let Some(expr) = expr {
            reads(self.story, &self.story.code, expr, &mut |field| mask.add(field));
        }
    }
}
