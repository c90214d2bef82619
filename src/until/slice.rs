//! What can decide whether a play gets to a goal: the places on the way there, what their guards
//! read, and what is read where that is written. States that differ in nothing else are one.

use super::ways::{Known, distances, goals, next, reached};
use super::{Goal, Opening};
use crate::engine::{Cursor, Place, State};
use crate::lang::{Change, Effect, ExprId, Node};
use crate::story::layout::Field;
use crate::story::model::{Goto, RoleId, SceneId, Span32, Story};

/// What is kept of a state, place by place, and how far the goal is from there.
pub struct Slice {
    /// By scene, then by hinge: the bits that something on a way from there to the goal can ask for.
    masks: Vec<Vec<u64>>,
    /// By scene, then by hinge: the fewest ways that lead from there to the goal, guards apart.
    ahead: Vec<Option<u32>>,
    /// Whether the goal is only looked for where every role is, so that no distance says anything.
    is_blind: bool,
}

impl Slice {
    /// Works it out.
    pub fn of(story: &Story, opening: &Opening, goal: Goal) -> Slice {
        let (known, roles) = (Known { story, opening }, &opening.roles[..]);
        let count = story.scenes.len() + story.hinges.len();
        let next: Vec<Vec<usize>> = (0..count).map(|place| next(&known, place)).collect();
        let ahead = distances(&next, &goals(story, roles, goal));
        let on_the_way = |place: &usize| ahead[*place].is_some();
        let mask = |places: Vec<usize>| Mask::of(&known, goal, &places).0;
        let masks = match roles {
            [_] => {
                let from = |place: usize| if on_the_way(&place) { reached(&next, &ahead, place) } else { Vec::new() };
                (0..count).map(|place| mask(from(place))).collect()
            }
            // The others may ask for it wherever they stand.
            _ => vec![mask((0..count).collect()); count],
        };
        Slice { masks, ahead, is_blind: roles.len() > 1 && matches!(goal, Goal::Outcome(_)) }
    }

    /// Sets what decides nothing any more to what it is at the beginning.
    pub fn forget(&self, story: &Story, state: &mut State, roles: &[RoleId]) {
        let place = roles.iter().find_map(|role| place(story, state, *role)).unwrap_or(0);
        state.rewrite(|words| {
            for ((word, mask), first) in words.iter_mut().zip(&self.masks[place]).zip(&story.layout.initial) {
                *word = (*word & mask) | (first & !mask);
            }
        });
    }

    /// The fewest inputs after which a play that has come to this state can be at the goal; `None`
    /// where it no longer can.
    pub fn least(&self, story: &Story, state: &State, roles: &[RoleId]) -> Option<u32> {
        let ahead = |role: &RoleId| place(story, state, *role).and_then(|place| self.ahead[place]);
        let least = roles.iter().filter_map(ahead).min();
        match roles.len() {
            1 => least,
            // They wait for each other, so that those who can't get there may still bring it about.
            _ if state.is_over(story) => None,
            _ if self.is_blind => Some(0),
            _ => least,
        }
    }
}

/// Where a role stands or is going.
fn place(story: &Story, state: &State, role: RoleId) -> Option<usize> {
    match state.cursor(story, role) {
        Cursor::Scene(scene) | Cursor::Asked(scene, _) | Cursor::Going(Place::Scene(scene)) => Some(scene.index()),
        Cursor::Hinge(hinge, _) | Cursor::Going(Place::Hinge(hinge)) => Some(story.scenes.len() + hinge.index()),
        Cursor::Absent | Cursor::Ending(_) => None,
    }
}

/// Bits of a state.
struct Mask(Vec<u64>);

impl Mask {
    /// What can decide the way from some places to a goal.
    fn of(known: &Known<'_>, goal: Goal, places: &[usize]) -> Mask {
        let story = known.story;
        let mut mask = Mask(vec![0; story.layout.words]);
        mask.places(story);
        if matches!(goal, Goal::Outcome(_)) {
            story.outcomes.iter().for_each(|outcome| mask.read(known, outcome.guard));
        }
        places.iter().for_each(|place| mask.asks(known, *place));
        while mask.grow(known) {}
        mask
    }

    /// Where everybody stands, and the day.
    fn places(&mut self, story: &Story) {
        let layout = &story.layout;
        layout.day.iter().chain(&layout.digest).chain(&layout.played).for_each(|field| self.keep(*field));
        for cursor in &layout.cursors {
            let fields = [Some(cursor.stage), Some(cursor.at), Some(cursor.day), cursor.choice, cursor.home];
            fields.iter().chain(&cursor.offered).flatten().for_each(|field| self.keep(*field));
        }
    }

    /// Keeps what the ways out of a place ask for.
    fn asks(&mut self, known: &Known<'_>, place: usize) {
        let story = known.story;
        let Some(scene) = story.scenes.get(place) else {
            let hinge = &story.hinges[place - story.scenes.len()];
            for side in &story.sides[hinge.sides.range()] {
                self.choices(known, side.choices);
                self.goto(known, side.goto);
            }
            for outcome in &story.hinge_outcomes[hinge.outcomes.range()] {
                self.read(known, outcome.guard);
                outcome.gotos.iter().for_each(|(_, goto)| self.goto(known, *goto));
            }
            return;
        };
        self.choices(known, scene.choices);
        self.goto(known, scene.goto);
        let drawn = scene.draw.map(|(pool, _)| &story.pools[pool.index()].storylets[..]).unwrap_or_default();
        for storylet in drawn {
            let Some(declared) = &story.scenes[storylet.index()].storylet else { continue };
            self.read(known, declared.guard);
            if declared.once {
                self.visits(story, *storylet);
            }
        }
    }

    fn choices(&mut self, known: &Known<'_>, choices: Span32) {
        for choice in &known.story.choices[choices.range()] {
            self.read(known, choice.guard);
            choice.taken.iter().filter(|_| choice.once).for_each(|field| self.keep(*field));
            self.goto(known, choice.goto);
            self.choices(known, choice.nested);
        }
    }

    fn goto(&mut self, known: &Known<'_>, goto: Goto) {
        known.story.gotos[goto.entries.range()].iter().for_each(|entry| self.read(known, entry.guard));
    }

    fn visits(&mut self, story: &Story, scene: SceneId) {
        story.layout.visits(scene).count.iter().for_each(|(field, _)| self.keep(*field));
    }

    /// Keeps what an expression reads.
    fn read(&mut self, known: &Known<'_>, expr: Option<ExprId>) {
        let story = known.story;
        let mut ahead: Vec<ExprId> = expr.into_iter().collect();
        while let Some(expr) = ahead.pop() {
            if known.truth(expr).is_some() {
                continue;
            }
            match story.code.node(expr) {
                Node::Field(field) | Node::FieldIs(field, ..) => self.keep(field),
                Node::Not(inner) | Node::Negate(inner) => ahead.push(inner),
                Node::Binary(_, a, b) | Node::Compare(_, a, b) => ahead.extend([a, b]),
                Node::Happened(event) | Node::Averted(event) | Node::DaysSince(event) => {
                    self.keep(story.events[event.index()].field);
                }
                Node::Visits(scene) => self.visits(story, scene),
                Node::Taken(choice) => story.choices[choice.index()].taken.iter().for_each(|field| self.keep(*field)),
                // An outcome can't ask for an outcome.
                Node::Outcome(_) => ahead.extend(story.outcomes.iter().filter_map(|outcome| outcome.guard)),
                Node::Constant(_) | Node::Date | Node::Role | Node::Digest | Node::Ending(_) => {}
            }
        }
    }

    /// Keeps what decides how that comes about which is kept; returns whether there was more.
    fn grow(&mut self, known: &Known<'_>) -> bool {
        let story = known.story;
        let before = self.0.clone();
        for event in &story.events {
            if story.code.effects[event.effects.range()].iter().any(|effect| self.writes(story, effect)) {
                self.keep(event.field);
            }
            if self.keeps(event.field) {
                self.read(known, event.guard);
                event.needs.iter().for_each(|needed| self.keep(story.events[needed.index()].field));
            }
        }
        for effect in &story.code.effects {
            if self.writes(story, effect) {
                self.read(known, effect.guard);
                if let Change::Set { value, .. } = effect.change {
                    self.read(known, Some(value));
                }
            }
        }
        self.0 != before
    }

    fn writes(&self, story: &Story, effect: &Effect) -> bool {
        match effect.change {
            Change::Set { field, .. } | Change::Add { field, .. } => self.keeps(field),
            Change::Happen(event) | Change::Avert(event) => self.keeps(story.events[event.index()].field),
        }
    }

    fn keep(&mut self, field: Field) {
        self.0[field.word as usize] |= field.mask() << field.shift;
    }

    fn keeps(&self, field: Field) -> bool {
        self.0[field.word as usize] & (field.mask() << field.shift) != 0
    }
}
