//! One step, taken for all states of a control at once: the engine goes, and whatever it asks of
//! the fields is answered both ways where both can be.

use std::cell::RefCell;

use super::arms::Arms;
use super::fields::Fields;
use super::items::{Act, Item, Mark, Operation};
use super::ranges::Ranges;
use super::residual::{Residual, ResidualId, Residuals};
use super::words::Words;
use crate::calendar::Day;
use crate::engine::{Cause, Chance, Cursor, Fall, Lot, Memory, Observe, State, Status};
use crate::lang::{Change, Comparison, ExprId, ProseId};
use crate::story::layout::Field;
use crate::story::model::{EventId, HingeId, RoleId, SceneId, Story, When};

/// Which way was taken where several were open.
#[derive(Clone, Copy, Debug)]
struct Decision {
    /// Which, from 0.
    taken: u32,
    /// Of how many.
    of: u32,
}

/// The decisions of one way, and what came of them.
#[derive(Debug, Default)]
struct Script {
    decisions: Vec<Decision>,
    at: usize,
    items: Vec<Item>,
    share: f64,
    fell: Vec<Fall>,
}

impl Script {
    fn decide(&mut self, of: u32) -> u32 {
        if self.at == self.decisions.len() {
            self.decisions.push(Decision { taken: 0, of });
        }
        self.at += 1;
        self.decisions[self.at - 1].taken
    }

    /// Goes on to the next way; whether there is one.
    fn next(&mut self) -> bool {
        self.decisions.truncate(self.at);
        while let Some(last) = self.decisions.last_mut() {
            last.taken += 1;
            if last.taken < last.of {
                return true;
            }
            self.decisions.pop();
        }
        false
    }
}

/// One way in which a step goes.
#[derive(Debug)]
pub struct Way {
    /// What happened.
    pub items: Vec<Item>,
    /// Where it leads; of its words only the control counts.
    pub state: State,
    /// Where the fields lie then.
    pub ranges: Ranges,
    /// Its chance within the step.
    pub share: f64,
    /// Where chance led.
    pub fell: Vec<Fall>,
    /// What is worth telling.
    pub marks: Vec<Mark>,
    /// The fewest and the most words that are read.
    pub words: (u32, u32),
}

/// What is needed to take steps.
pub struct Recorder<'a> {
    /// The story.
    pub story: &'a Story,
    /// Its fields.
    pub fields: &'a Fields,
    /// Residual expressions.
    pub residuals: &'a mut Residuals,
    /// How many words prose has.
    pub words: &'a Words,
    /// The arms of prose.
    pub arms: &'a Arms,
}

/// A control has more ways out by one input than anybody can look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooMany;

/// Ways of one input at most.
const MOST_WAYS: usize = 1 << 14;

impl Recorder<'_> {
    /// Takes a step in all the ways it can go from states of this control whose fields lie within
    /// `ranges`. `step` calls the engine.
    ///
    /// # Errors
    ///
    /// [`TooMany`] where there is no end of them.
    pub fn ways<T>(
        &mut self,
        from: &State,
        ranges: &Ranges,
        mut step: impl FnMut(&mut State, &mut Asker<'_>, &mut Lots<'_>) -> T,
        mut each: impl FnMut(Way, T),
    ) -> Result<(), TooMany> {
        let script = RefCell::new(Script::default());
        for _ in 0..MOST_WAYS {
            {
                let mut script = script.borrow_mut();
                (script.at, script.share) = (0, 1.0);
                script.items.clear();
                script.fell.clear();
            }
            let mut state = from.clone();
            let mut asker = Asker {
                fields: self.fields,
                residuals: &mut *self.residuals,
                count: self.words,
                arms: self.arms,
                script: &script,
                ranges: ranges.clone(),
                facts: Vec::new(),
                marks: Vec::new(),
                words: (0, 0),
                days: (0..self.story.roles.len()).map(|role| from.today(self.story, RoleId(role as u32))).collect(),
                cause: Cause::Beginning,
            };
            let told = step(&mut state, &mut asker, &mut Lots { script: &script });
            let (ranges, marks, words) = (asker.ranges, asker.marks, asker.words);
            let mut script = script.borrow_mut();
            let way = Way {
                items: std::mem::take(&mut script.items),
                state,
                ranges,
                share: script.share,
                fell: std::mem::take(&mut script.fell),
                marks,
                words,
            };
            each(way, told);
            if !script.next() {
                return Ok(());
            }
        }
        Err(TooMany)
    }
}

/// Chance, falling in all its ways.
pub struct Lots<'a> {
    script: &'a RefCell<Script>,
}

impl Chance for Lots<'_> {
    fn pick(&mut self, _: u64, _: u32, len: usize, lot: &dyn Fn(usize) -> Lot) -> usize {
        let open: Vec<usize> = (0..len).filter(|&index| lot(index).0 > 0).collect();
        let total: u64 = open.iter().map(|&index| u64::from(lot(index).0)).sum();
        let mut script = self.script.borrow_mut();
        let taken = script.decide(open.len() as u32);
        let index = open[taken as usize];
        script.items.push(Item::Fall(taken, open.len() as u32));
        script.share *= f64::from(lot(index).0) / total as f64;
        let to = lot(index).1;
        let nth = open.iter().filter(|&&other| other < index && lot(other).1 == to).count() as u32;
        script.fell.push(Fall { to, nth });
        index
    }
}

/// Answers what a step asks.
pub struct Asker<'a> {
    fields: &'a Fields,
    residuals: &'a mut Residuals,
    count: &'a Words,
    arms: &'a Arms,
    script: &'a RefCell<Script>,
    ranges: Ranges,
    /// What was answered and still stands.
    facts: Vec<(ResidualId, bool)>,
    marks: Vec<Mark>,
    words: (u32, u32),
    days: Vec<Day>,
    cause: Cause,
}

impl Asker<'_> {
    fn answer(&mut self, asked: ResidualId) -> bool {
        if let Some(number) = self.residuals.number(asked) {
            return number != 0;
        }
        match self.residuals.bounds(self.fields, &self.ranges, asked) {
            (0, 0) => return false,
            (low, high) if low > 0 || high < 0 => return true,
            _ => {}
        }
        if let Some((_, answer)) = self.facts.iter().find(|(known, _)| *known == asked) {
            return *answer;
        }
        let answer = {
            let mut script = self.script.borrow_mut();
            let answer = script.decide(2) == 0;
            script.items.push(Item::Ask(asked, answer));
            answer
        };
        self.ranges.narrow(self.fields, self.residuals, asked, answer);
        self.facts.push((asked, answer));
        answer
    }

    fn act(&mut self, operation: Operation) {
        let Operation { field, act, guard } = operation;
        let top = self.fields.get(field).top;
        let (low, high) = self.ranges.get(field);
        let add = |index: u32, by: i32| (i64::from(index) + i64::from(by)).clamp(0, top.into()) as u32;
        let after = match act {
            Act::Add(by) => (add(low, by), add(high, by)),
            Act::Set(to) => (to, to),
            Act::Compute(value) => {
                let declared = self.fields.get(field);
                let (low, high) = self.residuals.bounds(self.fields, &self.ranges, value);
                (declared.index(low), declared.index(high))
            }
            Act::Turn(turns) if high + 1 < turns => (low + 1, high + 1),
            Act::Turn(_) if low == high => (0, 0),
            Act::Turn(turns) => (0, turns - 1),
        };
        let after = if guard.is_some() { (low.min(after.0), high.max(after.1)) } else { after };
        if low == high && after == (low, high) {
            return; // Nothing changes.
        }
        self.ranges.set(field, after);
        let residuals = &*self.residuals;
        self.facts.retain(|(known, _)| !residuals.fields(*known).contains(&field));
        self.script.borrow_mut().items.push(Item::Do(operation));
    }

    fn read(&mut self, story: &Story, state: &State, role: RoleId, prose: Option<ProseId>) {
        if let Some(prose) = prose {
            let (least, most) =
                self.count.bounds(story, (self.fields, &mut *self.residuals, &self.ranges), state, role, prose);
            self.words = (self.words.0 + least, self.words.1 + most);
            let shown = self.arms.shown(story, (self.fields, &mut *self.residuals), (state, role), prose);
            if !shown.is_empty() {
                let shows = self.residuals.add_shows(shown);
                self.script.borrow_mut().items.push(Item::Show(shows));
            }
        }
    }
}

impl Observe for Asker<'_> {
    fn holds(&mut self, story: &Story, state: &State, role: RoleId, guard: Option<ExprId>) -> bool {
        guard.is_none_or(|guard| {
            let asked = self.residuals.of(story, self.fields, state, role, guard);
            self.answer(asked)
        })
    }

    fn is_remembered(&mut self, _: &State, field: Field) -> bool {
        let Some(field) = self.fields.at(field) else { return false };
        let (field, none) = (self.residuals.intern(Residual::Field(field)), self.residuals.constant(0));
        let asked = self.residuals.intern(Residual::Compare(Comparison::Greater, field, none));
        self.answer(asked)
    }

    fn runs(&mut self, story: &Story, state: &State, role: RoleId, effect: usize) -> bool {
        let effect = story.code.effects[effect];
        let guard = effect.guard.map(|guard| self.residuals.of(story, self.fields, state, role, guard));
        let guard = match guard.map(|guard| (guard, self.residuals.bounds(self.fields, &self.ranges, guard))) {
            Some((_, (0, 0))) => return true,
            Some((_, (low, high))) if low > 0 || high < 0 => None,
            Some((guard, _)) => Some(guard),
            None => None,
        };
        let (field, act) = match effect.change {
            Change::Add { field, by, .. } => {
                let Some(id) = self.fields.at(field) else { return true };
                (id, Act::Add(by / self.fields.get(id).unit as i32))
            }
            Change::Set { field, value, .. } => {
                let Some(id) = self.fields.at(field) else { return true };
                let value = self.residuals.of(story, self.fields, state, role, value);
                match self.residuals.number(value) {
                    Some(number) => (id, Act::Set(self.fields.get(id).index(number))),
                    None => (id, Act::Compute(value)),
                }
            }
            Change::Happen(_) | Change::Avert(_) => return false,
        };
        self.act(Operation { field, act, guard });
        // What events do is done to the state as well: their course, which players nudge.
        let course = matches!((self.cause, act), (Cause::Event(_), Act::Add(_) | Act::Set(_)));
        !(course && effect.guard.is_none())
    }

    fn because(&mut self, cause: Cause) {
        self.cause = cause;
    }

    fn remembered(&mut self, field: Field, how: Memory) {
        if let Some(field) = self.fields.at(field) {
            let act = match how {
                Memory::UpTo(_) => Act::Add(1),
                Memory::Turn(turns) => Act::Turn(turns),
                Memory::Was => Act::Set(1),
            };
            self.act(Operation { field, act, guard: None });
        }
    }

    fn said(&mut self, story: &Story, state: &State, role: RoleId, _: Option<SceneId>, prose: ProseId) {
        self.read(story, state, role, Some(prose));
    }

    fn entered(&mut self, story: &Story, state: &State, role: RoleId, scene: SceneId) {
        self.marks.push(Mark::Scene(scene.0));
        let declared = &story.scenes[scene.index()];
        if let When::On(day) = declared.when {
            // A scene that draws is returned to after its day; that is how it is meant.
            let returned = declared.draw.is_some() && self.days[role.index()] > day;
            if day < self.days[role.index()] && !returned {
                self.marks.push(Mark::RunsBack(scene.0));
            }
        }
        self.read(story, state, role, declared.text);
    }

    fn reached(&mut self, story: &Story, state: &State, role: RoleId, hinge: HingeId) {
        self.marks.push(Mark::Hinge(hinge.0));
        self.read(story, state, role, story.hinges[hinge.index()].text);
        let side = story.side_of(hinge, role).and_then(|side| story.sides[side.index()].text);
        self.read(story, state, role, side);
    }

    fn turned(&mut self, _: &Story, _: &State, _: HingeId, outcome: u32) {
        self.marks.push(Mark::Turn(outcome));
    }

    fn followed(&mut self, _: &Story, _: &State, _: RoleId, entry: u32) {
        self.marks.push(Mark::Entry(entry));
    }

    fn happened(&mut self, story: &Story, state: &State, event: EventId, _: Day) {
        self.marks.push(Mark::Event(event.0));
        let missing = |need: &EventId| !matches!(state.status(story, *need), Status::Happened(_));
        if story.events[event.index()].needs.iter().any(missing) {
            self.marks.push(Mark::WithoutNeeds(event.0));
        }
        // Who has reached an ending reads no more news; the calendar runs on without them.
        if let Some(role) = state.played(story).find(|&role| !matches!(state.cursor(story, role), Cursor::Ending(_))) {
            self.read(story, state, role, story.events[event.index()].news);
        }
    }
}
