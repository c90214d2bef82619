//! From a state and an input to the next state: the rules of the game, all of them.

use super::chance::{Chance, Seeded, Told};
use super::clock;
use super::eval;
use super::observe::{Cause, Observe};
use super::offer::{Pick, is_offered};
use super::state::{Place, Stage, State};
use crate::lang::{Change, EffectsId};
use crate::story::layout::MAX_DRAW;
use crate::story::model::{
    ChoiceId, Goto, HingeId, Holder, PoolId, RoleId, SceneId, SideId, Story, Target, VariableId, When,
};

/// What a role does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Input {
    /// Who.
    pub role: RoleId,
    /// What.
    pub pick: Pick,
}

/// Why an input was not taken. The state is as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Nobody plays this role.
    NotPlayed,
    /// The role's play is over.
    Over,
    /// The role waits for others, or for its day.
    Waiting,
    /// Nothing of the kind is offered here.
    NotOffered,
    /// It is offered, but its guard is closed.
    Closed,
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Refusal::NotPlayed => "nobody plays this role",
            Refusal::Over => "this role's play is over",
            Refusal::Waiting => "this role waits for the others",
            Refusal::NotOffered => "this is not offered here",
            Refusal::Closed => "this is closed now",
        })
    }
}

impl std::error::Error for Refusal {}

/// Which roles are played, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setup {
    /// Who is played, at least one; only roles with a start can be.
    pub roles: Vec<RoleId>,
    /// What decides where chance is asked.
    pub seed: u64,
    /// Whether the short course is asked for.
    pub digest: bool,
}

/// Returns the state in which a play begins: every role that is played has entered its first
/// scene, and what was due on the first day has happened.
pub fn start(story: &Story, setup: &Setup) -> State {
    start_with(story, setup, &mut Seeded, &mut ())
}

/// As [`start`], with chance and an observer of the caller's.
pub fn start_with(story: &Story, setup: &Setup, chance: &mut impl Chance, observe: &mut impl Observe) -> State {
    let mut state = State::blank(story, setup.seed);
    if let Some(field) = story.layout.digest {
        state.set(field, setup.digest.into());
    }
    let mut turn = Turn { story, state: &mut state, chance, observe, cause: Cause::Beginning };
    for &role in &setup.roles {
        if let Some(start) = story.roles[role.index()].start {
            turn.state.set(story.layout.played[role.index()], 1);
            turn.state.set(story.layout.cursors[role.index()].day, 0);
            turn.travel(role, start);
        }
    }
    turn.settle();
    state
}

/// Returns the state that follows `state` when a role does something.
///
/// The same arguments always give the same answer: no clock, no files, no environment. Where the
/// story leaves something to chance, the seed in `state` decides; [`branches`] gives every way it
/// could have fallen, with its weight.
///
/// # Errors
///
/// Returns a [`Refusal`] when nothing of the kind is offered to the role, or it is closed.
pub fn step(story: &Story, state: &State, input: Input) -> Result<State, Refusal> {
    let mut next = state.clone();
    advance(story, &mut next, input, &mut Seeded, &mut ())?;
    Ok(next)
}

/// As [`step`], in place, with chance and an observer of the caller's. Allocates nothing of its
/// own.
///
/// # Errors
///
/// As [`step`]; `state` is unchanged then.
pub fn advance(
    story: &Story,
    state: &mut State,
    input: Input,
    chance: &mut impl Chance,
    observe: &mut impl Observe,
) -> Result<(), Refusal> {
    is_offered(story, state, input)?;
    let mut turn = Turn { story, state, chance, observe, cause: Cause::Beginning };
    turn.take(input);
    turn.settle();
    Ok(())
}

/// One way in which a step can fall.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch {
    /// Its chance, as a fraction: numerator and denominator.
    pub weight: (u128, u128),
    /// Where chance led, in order.
    pub fell: Vec<Target>,
    /// The state that follows.
    pub state: State,
}

/// Returns every way in which a step can fall, with its weight; the weights sum to one.
///
/// # Errors
///
/// As [`step`].
pub fn branches(story: &Story, state: &State, input: Input) -> Result<Vec<Branch>, Refusal> {
    is_offered(story, state, input)?;
    Ok(every_way(|told| {
        let mut next = state.clone();
        // It is offered, as was asked above.
        let _ = advance(story, &mut next, input, told, &mut ());
        next
    }))
}

/// Returns every way in which a play can begin: a first scene may draw storylets.
pub fn beginnings(story: &Story, setup: &Setup) -> Vec<Branch> {
    every_way(|told| start_with(story, setup, told, &mut ()))
}

fn every_way(mut take: impl FnMut(&mut Told) -> State) -> Vec<Branch> {
    let mut branches = Vec::new();
    let mut next = Some(Told::default());
    while let Some(mut told) = next {
        let mut state = take(&mut told);
        state.draws = 0;
        branches.push(Branch { weight: told.weight(), fell: told.fell().collect(), state });
        next = told.next();
    }
    branches
}

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
            if !eval::holds(self.story, self.state, role, effect.guard) {
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

    fn write(&mut self, variable: VariableId, field: crate::story::layout::Field, value: i64) {
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

    fn say(&mut self, role: RoleId, scene: Option<SceneId>, prose: Option<crate::lang::ProseId>) {
        if let Some(prose) = prose {
            self.observe.said(self.story, self.state, role, scene, prose);
        }
    }
}

impl<O: Observe, C: Chance> Turn<'_, O, C> {
    fn take(&mut self, Input { role, pick }: Input) {
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

    fn mark_taken(&mut self, choice: ChoiceId) {
        if let Some(field) = self.story.choices[choice.index()].taken {
            self.state.set(field, 1);
        }
    }

    /// Back from nested choices to the scene itself.
    fn unask(&mut self, role: RoleId) {
        if let Some(field) = self.story.layout.cursors[role.index()].choice {
            self.state.set(field, 0);
        }
        self.state.set_stage(self.story, role, Stage::There);
    }

    /// Resolves a `goto`: the first entry that is open, or one of those by chance. Where none is,
    /// the role stays.
    fn follow(&mut self, role: RoleId, scene: Option<SceneId>, goto: Goto) {
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
        let open = |index: usize| eval::holds(story, state, role, story.gotos[index].guard);
        if !goto.weighted {
            return goto.entries.range().find(|&index| open(index));
        }
        let lot = |index: usize| {
            let entry = &story.gotos[start + index];
            (if open(start + index) { entry.weight } else { 0 }, entry.to)
        };
        if (0..goto.entries.len()).all(|index| lot(index).0 == 0) {
            return None;
        }
        let picked = self.chance.pick(state.seed, state.draws, goto.entries.len(), &lot);
        let to = lot(picked).1;
        self.state.draws = self.state.draws.wrapping_add(1);
        self.observe.fell(story, to);
        Some(start + picked)
    }

    /// A role sets out for a scene or hinge: it has its day from now on, and enters when the
    /// calendar allows.
    fn travel(&mut self, role: RoleId, to: Target) {
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
    fn settle(&mut self) {
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
        }
        if let Some((field, cap)) = visits.turn {
            let turn = self.state.get(field) + 1;
            self.state.set(field, turn % i64::from(cap));
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

    /// Offers storylets: those of higher priority first, ties by chance.
    fn draw(&mut self, role: RoleId, draw: Option<(PoolId, u32)>) {
        let story = self.story;
        let offered = story.layout.cursors[role.index()].offered;
        for field in offered.iter().flatten() {
            self.state.set(*field, 0);
        }
        let Some((pool, show)) = draw else { return };
        let storylets = &story.pools[pool.index()].storylets;
        let mut chosen = [0u32; MAX_DRAW];
        let mut count = 0;
        let mut tier = 0;
        while tier < storylets.len() && count < show as usize {
            let priority = priority_of(story, storylets[tier]);
            let end =
                tier + storylets[tier..].iter().take_while(|&&scene| priority_of(story, scene) == priority).count();
            let is_open = |state: &State, place: usize, chosen: &[u32]| {
                !chosen.contains(&(place as u32 + 1)) && super::offer::is_drawable(story, state, role, storylets[place])
            };
            let state = &mut *self.state;
            let mut open = (tier..end).filter(|&place| is_open(state, place, &chosen[..count])).count();
            while open > 0 && count < show as usize {
                let rest = show as usize - count;
                let place = if open <= rest {
                    (tier..end).find(|&place| is_open(state, place, &chosen[..count]))
                } else {
                    let lot = |index: usize| {
                        let weight = is_open(state, tier + index, &chosen[..count]);
                        (u32::from(weight), Target::Scene(storylets[tier + index]))
                    };
                    let picked = self.chance.pick(state.seed, state.draws, end - tier, &lot);
                    state.draws = state.draws.wrapping_add(1);
                    self.observe.fell(story, Target::Scene(storylets[tier + picked]));
                    Some(tier + picked)
                };
                let Some(place) = place else { break };
                chosen[count] = place as u32 + 1;
                count += 1;
                open -= 1;
            }
            tier = end;
        }
        chosen[..count].sort_unstable();
        for (field, place) in offered.iter().flatten().zip(&chosen[..count]) {
            self.state.set(*field, i64::from(*place));
        }
    }

    /// The hinge at which everybody who comes has arrived and chosen. Where nobody at all could
    /// go on otherwise, those who are late are not waited for.
    fn next_to_turn(&self) -> Option<HingeId> {
        (0..self.story.hinges.len() as u32).map(HingeId).find(|&hinge| {
            let mut roles = self.present(hinge).peekable();
            roles.peek().is_some()
                && self.is_awaited_by_none(hinge)
                && roles.all(|role| self.state.stage(self.story, role) == Stage::Chosen)
        })
    }

    fn is_awaited_by_none(&self, hinge: HingeId) -> bool {
        super::offer::is_open(self.story, self.state, hinge)
    }

    /// The roles that stand at a hinge.
    fn present(&self, hinge: HingeId) -> impl Iterator<Item = RoleId> + '_ {
        super::offer::present(self.story, self.state, hinge)
    }

    /// A hinge turns: the effects of all the sides in their order, then the first outcome that
    /// holds. Who is absent does what history did.
    fn turn(&mut self, hinge: HingeId) {
        let story = self.story;
        let declared = &story.hinges[hinge.index()];
        let today = clock::offset(story, declared.date);
        let mut present = [false; 64];
        for index in declared.sides.range() {
            let side = &story.sides[index];
            let stands = self.present(hinge).any(|role| role == side.role);
            present[side.role.index().min(63)] |= stands;
            let choice = if stands { self.chosen(side.role).unwrap_or(side.historical) } else { side.historical };
            self.mark_taken(choice);
            self.blame(Cause::Choice(side.role, choice));
            self.run_on(story.choices[choice.index()].effects, Some(side.role), today);
        }
        let holds = |index: &usize| eval::holds(story, self.state, RoleId(0), story.hinge_outcomes[*index].guard);
        let Some(index) = declared.outcomes.range().find(holds) else { return };
        let outcome = &story.hinge_outcomes[index];
        self.blame(Cause::Hinge(hinge, index as u32));
        self.run_on(outcome.effects, None, today);
        self.observe.turned(story, self.state, hinge, index as u32);
        for side in declared.sides.range() {
            let side = SideId(side as u32);
            let role = story.sides[side.index()].role;
            if !present[role.index().min(63)] {
                continue;
            }
            self.say(role, None, outcome.text);
            self.unask(role);
            let own = outcome.gotos.iter().find(|(of, _)| *of == role).map(|(_, goto)| *goto);
            self.follow(role, None, own.unwrap_or(story.sides[side.index()].goto));
        }
    }

    fn chosen(&self, role: RoleId) -> Option<ChoiceId> {
        let field = self.story.layout.cursors[role.index()].choice?;
        u32::try_from(self.state.get(field) - 1).ok().map(ChoiceId)
    }
}

fn priority_of(story: &Story, scene: SceneId) -> i64 {
    story.scenes[scene.index()].storylet.as_ref().map_or(0, |storylet| storylet.priority)
}
