//! A step while it is taken: the rules of the game, hinges and storylets apart.

use super::chance::Chance;
use super::clock;
use super::eval;
use super::observe::{Cause, Memory, Observe};
use super::offer::Pick;
use super::places::Places;
use super::state::{Place, Stage, State};
use super::step::Input;
use crate::lang::{Change, EffectsId, ProseId};
use crate::story::layout::Field;
use crate::story::model::{ChoiceId, Goto, Holder, RoleId, SceneId, Story, Target, VariableId, When};

/// A step while it is taken.
pub(crate) struct Turn<'a, O, C> {
    pub(crate) story: &'a Story,
    pub(crate) state: &'a mut State,
    pub(crate) chance: &'a mut C,
    pub(crate) observe: &'a mut O,
    pub(crate) cause: Cause,
}

impl<O: Observe, C> Turn<'_, O, C> {
    /// Says on whose account what follows happens.
    pub(crate) fn blame(&mut self, cause: Cause) {
        self.cause = cause;
        self.observe.because(cause);
    }

    /// Runs effects, for a role or for nobody, on a day counted from the eve.
    pub(crate) fn run_on(&mut self, effects: EffectsId, role: Option<RoleId>, today: i64) {
        let role = role.unwrap_or(RoleId(0));
        for index in effects.range() {
            let effect = self.story.code.effects[index];
            let on_variable = matches!(effect.change, Change::Add { .. } | Change::Set { .. });
            if on_variable && self.observe.runs(self.story, self.state, role, index) {
                continue;
            }
            if !self.observe.holds(self.story, self.state, role, effect.guard) {
                continue;
            }
            match effect.change {
                Change::Add { variable, field, min, max, by } => {
                    let sum = self.state.get(field) + i64::from(by);
                    self.write(variable, field, sum.clamp(min.into(), max.into()));
                }
                Change::Set { variable, field, min, max, value } => {
                    let value = eval::value(self.story, self.state, role, value);
                    self.write(variable, field, value.clamp(min.into(), max.into()));
                }
                Change::Happen(event) => self.record(event, today),
                Change::Avert(event) => self.avert(event, None),
            }
        }
    }

    fn write(&mut self, variable: VariableId, field: Field, value: i64) {
        let before = self.state.get(field);
        if before != value {
            self.state.set(field, value);
            self.observe.wrote(self.story, variable, before, value);
        }
    }

    fn run(&mut self, effects: EffectsId, role: RoleId) {
        if !effects.is_empty() {
            self.run_on(effects, Some(role), self.state.day_of(self.story, role));
        }
    }

    pub(super) fn say(&mut self, role: RoleId, scene: Option<SceneId>, prose: Option<ProseId>) {
        if let Some(prose) = prose {
            self.observe.said(self.story, self.state, role, scene, prose);
        }
    }
}

impl<O: Observe, C: Chance> Turn<'_, O, C> {
    pub(super) fn take(&mut self, Input { role, pick }: Input) {
        match pick {
            Pick::Choice(choice) => self.choose(role, choice),
            Pick::Storylet(scene) => {
                let Place::Scene(hub) = self.state.place(self.story, role) else { return };
                if let Some(home) = self.story.layout.cursors[role.index()].home {
                    self.state.set(home, i64::from(hub.0) + 1);
                }
                self.travel(role, Target::Scene(scene));
            }
            Pick::Continue => {
                let Place::Scene(scene) = self.state.place(self.story, role) else { return };
                self.blame(Cause::Scene(role, scene));
                let declared = &self.story.scenes[scene.index()];
                if declared.goto.entries.is_empty() {
                    self.travel(role, Target::Return);
                } else {
                    self.follow(role, Some(scene), declared.goto);
                }
            }
        }
    }

    /// A role takes a choice of its scene, or of its side of a hinge.
    fn choose(&mut self, role: RoleId, choice: ChoiceId) {
        let declared = &self.story.choices[choice.index()];
        let asked = self.story.layout.cursors[role.index()].choice;
        self.blame(Cause::Choice(role, choice));
        if let Holder::Side(_) = declared.holder {
            // Kept until all have chosen: then the effects of all the sides run, in their order.
            if let Some(field) = asked {
                self.state.set(field, i64::from(choice.0) + 1);
            }
            self.state.set_stage(self.story, role, Stage::Chosen);
            self.say(role, None, declared.say);
            return;
        }
        let Place::Scene(scene) = self.state.place(self.story, role) else { return };
        self.mark_taken(choice);
        self.run(declared.effects, role);
        self.say(role, Some(scene), declared.say);
        if !declared.nested.is_empty() {
            if let Some(field) = asked {
                self.state.set(field, i64::from(choice.0) + 1);
            }
            self.state.set_stage(self.story, role, Stage::Asked);
            return;
        }
        self.unask(role);
        if !declared.goto.entries.is_empty() {
            self.follow(role, Some(scene), declared.goto);
        }
    }

    pub(super) fn mark_taken(&mut self, choice: ChoiceId) {
        if let Some(field) = self.story.choices[choice.index()].taken {
            self.state.set(field, 1);
            self.observe.remembered(field, Memory::Was);
        }
    }

    /// Back from nested choices to the scene itself.
    pub(super) fn unask(&mut self, role: RoleId) {
        if let Some(field) = self.story.layout.cursors[role.index()].choice {
            self.state.set(field, 0);
        }
        self.state.set_stage(self.story, role, Stage::There);
    }

    /// Resolves a `goto`: the first entry that is open, or one of those by chance. Where none is,
    /// the role stays.
    pub(super) fn follow(&mut self, role: RoleId, scene: Option<SceneId>, goto: Goto) {
        if let Some(to) = goto.only {
            return self.travel(role, to);
        }
        let Some(entry) = self.resolve(role, goto) else { return };
        self.observe.followed(self.story, self.state, role, entry as u32);
        let entry = self.story.gotos[entry];
        self.run(entry.effects, role);
        self.say(role, scene, entry.say);
        self.travel(role, entry.to);
    }

    fn resolve(&mut self, role: RoleId, goto: Goto) -> Option<usize> {
        let (story, state) = (self.story, &*self.state);
        let start = goto.entries.start as usize;
        let mut is_open = |index: usize| self.observe.holds(story, state, role, story.gotos[index].guard);
        if !goto.weighted {
            return goto.entries.range().find(|&index| is_open(index));
        }
        let mut open = Places::none();
        for index in 0..goto.entries.len() {
            if is_open(start + index) && story.gotos[start + index].weight > 0 {
                open.add(index);
            }
        }
        if open.is_empty() {
            return None;
        }
        let lot = |index: usize| {
            let entry = &story.gotos[start + index];
            (if open.has(index) { entry.weight } else { 0 }, entry.to)
        };
        let picked = self.chance.pick(state.seed, state.draws, goto.entries.len(), &lot);
        let to = lot(picked).1;
        self.state.draws = self.state.draws.wrapping_add(1);
        self.observe.fell(story, to);
        Some(start + picked)
    }

    /// A role sets out for a scene or hinge: it has its day from now on, and enters when the
    /// calendar allows.
    pub(super) fn travel(&mut self, role: RoleId, to: Target) {
        let story = self.story;
        let cursor = &story.layout.cursors[role.index()];
        let here = self.state.get(cursor.day);
        let (at, when) = match to {
            Target::Scene(scene) => (scene.0, story.scenes[scene.index()].when),
            Target::Hinge(hinge) => (story.scenes.len() as u32 + hinge.0, When::On(story.hinges[hinge.index()].date)),
            Target::Return => {
                let home = cursor.home.map_or(0, |field| self.state.get(field));
                // Linking refuses a return from where nothing can have drawn.
                let Some(scene) = u32::try_from(home).ok().and_then(|home| home.checked_sub(1)) else { return };
                if let Some(field) = cursor.home {
                    self.state.set(field, 0);
                }
                (scene, story.scenes[scene as usize].when)
            }
        };
        let day = match when {
            When::Now => here,
            When::On(day) => clock::offset(story, day),
            When::After(days) => here + i64::from(days),
        };
        self.state.set(cursor.at, at.into());
        self.state.set(cursor.day, day.max(here).clamp(1, clock::last(story)));
        self.state.set_stage(story, role, Stage::Going);
    }

    /// Lets the world come to rest: the calendar moves, roles enter, hinges turn, until everybody
    /// who can act has been asked.
    pub(super) fn settle(&mut self) {
        loop {
            let Some(earliest) = self.earliest() else {
                return self.move_calendar(clock::last(self.story));
            };
            self.move_calendar(earliest);
            if let Some(role) = self.next_to_enter() {
                match self.state.place(self.story, role) {
                    Place::Scene(scene) => self.enter(role, scene),
                    Place::Hinge(hinge) => {
                        self.state.set_stage(self.story, role, Stage::There);
                        self.observe.reached(self.story, self.state, role, hinge);
                    }
                }
            } else if let Some(hinge) = self.next_to_turn() {
                self.turn(hinge);
            } else {
                return;
            }
        }
    }

    /// The role on its way that may enter now: the earliest, none while an event of the clock is
    /// due between the calendar's day and its own.
    fn next_to_enter(&self) -> Option<RoleId> {
        let going = (0..self.story.roles.len() as u32).map(RoleId);
        let going = going.filter(|&role| self.state.stage(self.story, role) == Stage::Going);
        let role = going.min_by_key(|&role| (self.state.day_of(self.story, role), role))?;
        let day = self.state.day_of(self.story, role);
        let calendar = self.story.layout.day.map_or(0, |field| self.state.get(field));
        (day <= calendar || !self.is_due_by(day)).then_some(role)
    }

    fn enter(&mut self, role: RoleId, scene: SceneId) {
        let story = self.story;
        let declared = &story.scenes[scene.index()];
        let visits = story.layout.visits(scene);
        if let Some((field, cap)) = visits.count {
            let count = self.state.get(field) + 1;
            self.state.set(field, count.min(cap.into()));
            self.observe.remembered(field, Memory::UpTo(cap));
        }
        if let Some((field, cap)) = visits.turn {
            let turn = self.state.get(field) + 1;
            self.state.set(field, turn % i64::from(cap));
            self.observe.remembered(field, Memory::Turn(cap));
        }
        let stage = if declared.ending.is_some() { Stage::Ended } else { Stage::There };
        self.blame(Cause::Scene(role, scene));
        // The effects run on the role's own day, which an ended role no longer has.
        self.state.set_stage(story, role, Stage::There);
        self.run(declared.effects, role);
        self.state.set_stage(story, role, stage);
        self.draw(role, declared.draw);
        self.observe.entered(story, self.state, role, scene);
    }
}
