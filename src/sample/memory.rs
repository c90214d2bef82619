//! What a play wrote and asks for later: by its places, what each of them looks at, and how many
//! months lie between a decision and the last place that looks at what it wrote.

use crate::calendar::Day;
use crate::engine::Pick;
use crate::lang::{Change, EffectsId, ExprId, Op, ProseId};
use crate::record::{Fields, Subject, subjects};
use crate::story::Story;
use crate::story::model::{ChoiceId, EventId, Goto, HingeId, Holder, SceneId, SideId, Span32};

/// Where a play asks for something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In a scene: its text, its choices, its ways on.
    Scene(SceneId),
    /// At a hinge: what everybody reads, how it falls out.
    Hinge(HingeId),
    /// On a role's side of a hinge.
    Side(SideId),
    /// On an event's day.
    Event(EventId),
    /// At the end, where the outcome is found.
    End,
}

/// What happened in a play, in order.
#[derive(Clone, Copy, Debug)]
pub enum Moment {
    /// The play came somewhere.
    At(Place),
    /// A decision was taken.
    Decided(Pick),
}

/// Something that can be written and asked for, numbered through.
type Thing = u32;

/// What each place of a story asks for and each choice writes.
pub struct Memory {
    scenes: Vec<Box<[Thing]>>,
    hinges: Vec<Box<[Thing]>>,
    sides: Vec<Box<[Thing]>>,
    events: Vec<Box<[Thing]>>,
    end: Box<[Thing]>,
    writes: Vec<Box<[Thing]>>,
    visits: Vec<Thing>,
    /// By thing: the month in which the play at hand asks for it last, seen from behind.
    last: Vec<Option<i32>>,
}

impl Memory {
    /// That of a story.
    pub fn of(story: &Story) -> Memory {
        let asked = Asked { story, fields: Fields::of(story) };
        let scenes = (0..story.scenes.len()).map(|index| asked.by_scene(index)).collect();
        let hinges = (0..story.hinges.len()).map(|index| asked.by_hinge(index)).collect();
        let sides = (0..story.sides.len()).map(|index| asked.by_side(index)).collect();
        let events = (0..story.events.len()).map(|index| asked.by_event(index)).collect();
        let writes = (0..story.choices.len()).map(|index| asked.written(ChoiceId(index as u32))).collect();
        let visits = (0..story.scenes.len()).map(|index| asked.number(Subject::Scene(SceneId(index as u32)))).collect();
        let last = vec![None; story.variables.len() + story.choices.len() + story.scenes.len() + story.events.len()];
        Memory { scenes, hinges, sides, events, end: asked.by_end(), writes, visits, last }
    }

    /// Looks back over a play, and calls `each` with every decision's months to the last place
    /// that asks for what it wrote; `None` where nothing does.
    pub fn look_back(&mut self, story: &Story, play: &[(Day, Moment)], mut each: impl FnMut(Option<i32>)) {
        self.last.fill(None);
        for &(day, moment) in play.iter().rev() {
            let parts = story.manifest.calendar.parts(day);
            let month = parts.year * 12 + parts.month as i32;
            match moment {
                Moment::At(place) => {
                    let asked = match place {
                        Place::Scene(scene) => &self.scenes[scene.index()],
                        Place::Hinge(hinge) => &self.hinges[hinge.index()],
                        Place::Side(side) => &self.sides[side.index()],
                        Place::Event(event) => &self.events[event.index()],
                        Place::End => &self.end,
                    };
                    for &thing in asked {
                        self.last[thing as usize].get_or_insert(month);
                    }
                }
                Moment::Decided(pick) => {
                    let last = |thing: &Thing| self.last[*thing as usize];
                    let last = match pick {
                        Pick::Choice(choice) => self.writes[choice.index()].iter().filter_map(last).max(),
                        Pick::Storylet(scene) => last(&self.visits[scene.index()]),
                        Pick::Continue => None,
                    };
                    each(last.map(|last| last - month));
                }
            }
        }
    }
}

/// Finds what is asked where.
struct Asked<'a> {
    story: &'a Story,
    fields: Fields,
}

impl Asked<'_> {
    fn number(&self, subject: Subject) -> Thing {
        let story = self.story;
        let (variables, choices, scenes) = (story.variables.len(), story.choices.len(), story.scenes.len());
        let number = match subject {
            Subject::Variable(id) => id.index(),
            Subject::Choice(id) => variables + id.index(),
            Subject::Scene(id) => variables + choices + id.index(),
            Subject::Event(id) => variables + choices + scenes + id.index(),
        };
        number as Thing
    }

    fn by_scene(&self, index: usize) -> Box<[Thing]> {
        let scene = &self.story.scenes[index];
        let mut found = Vec::new();
        self.prose(scene.text, &mut found);
        self.effects(scene.effects, &mut found);
        self.goto(&scene.goto, &mut found);
        self.choices(scene.choices, &mut found);
        if let Some((pool, _)) = scene.draw {
            for &offered in &self.story.pools[pool.index()].storylets {
                self.storylet(offered, &mut found);
            }
        }
        done(found)
    }

    fn storylet(&self, offered: SceneId, found: &mut Vec<Thing>) {
        let Some(storylet) = &self.story.scenes[offered.index()].storylet else { return };
        self.guard(storylet.guard, found);
        self.prose(storylet.teaser, found);
        if storylet.once {
            found.push(self.number(Subject::Scene(offered)));
        }
    }

    fn by_hinge(&self, index: usize) -> Box<[Thing]> {
        let hinge = &self.story.hinges[index];
        let mut found = Vec::new();
        self.prose(hinge.text, &mut found);
        for outcome in &self.story.hinge_outcomes[hinge.outcomes.range()] {
            self.guard(outcome.guard, &mut found);
            self.prose(outcome.text, &mut found);
            self.effects(outcome.effects, &mut found);
            outcome.gotos.iter().for_each(|(_, goto)| self.goto(goto, &mut found));
        }
        done(found)
    }

    fn by_side(&self, index: usize) -> Box<[Thing]> {
        let side = &self.story.sides[index];
        let mut found = Vec::new();
        self.prose(side.text, &mut found);
        self.goto(&side.goto, &mut found);
        self.choices(side.choices, &mut found);
        done(found)
    }

    fn by_event(&self, index: usize) -> Box<[Thing]> {
        let event = &self.story.events[index];
        let mut found = Vec::new();
        self.guard(event.guard, &mut found);
        self.effects(event.effects, &mut found);
        self.prose(event.news, &mut found);
        found.extend(event.needs.iter().map(|&needed| self.number(Subject::Event(needed))));
        done(found)
    }

    fn by_end(&self) -> Box<[Thing]> {
        let mut found = Vec::new();
        for outcome in &self.story.outcomes {
            self.guard(outcome.guard, &mut found);
            self.prose(outcome.text, &mut found);
        }
        done(found)
    }

    fn choices(&self, choices: Span32, found: &mut Vec<Thing>) {
        for index in choices.range() {
            let choice = &self.story.choices[index];
            self.guard(choice.guard, found);
            self.prose(Some(choice.text), found);
            self.prose(choice.locked, found);
            self.prose(choice.say, found);
            self.effects(choice.effects, found);
            self.goto(&choice.goto, found);
            self.choices(choice.nested, found);
            if choice.once {
                found.push(self.number(Subject::Choice(ChoiceId(index as u32))));
            }
        }
    }

    fn goto(&self, goto: &Goto, found: &mut Vec<Thing>) {
        for entry in &self.story.gotos[goto.entries.range()] {
            self.guard(entry.guard, found);
            self.prose(entry.say, found);
            self.effects(entry.effects, found);
        }
    }

    fn effects(&self, effects: EffectsId, found: &mut Vec<Thing>) {
        for effect in &self.story.code.effects[effects.range()] {
            self.guard(effect.guard, found);
            if let Change::Set { value, .. } = effect.change {
                self.guard(Some(value), found);
            }
        }
    }

    fn prose(&self, prose: Option<ProseId>, found: &mut Vec<Thing>) {
        let Some(prose) = prose else { return };
        for op in &self.story.code.ops[self.story.code.proses[prose.index()].ops.range()] {
            match *op {
                Op::Unless(expr, _) | Op::Value(expr, _) => self.guard(Some(expr), found),
                Op::First { scene, .. } | Op::Cycle { scene, .. } => found.push(self.number(Subject::Scene(scene))),
                Op::Text { .. } | Op::Gap(_) | Op::Jump(_) | Op::Name(_) | Op::Any { .. } => {}
            }
        }
    }

    fn guard(&self, guard: Option<ExprId>, found: &mut Vec<Thing>) {
        let Some(guard) = guard else { return };
        found.extend(subjects(self.story, &self.fields, guard).into_iter().map(|subject| self.number(subject)));
    }

    /// What taking a choice writes: that it was taken, its effects and those of its ways on.
    fn written(&self, id: ChoiceId) -> Box<[Thing]> {
        let mut found = vec![self.number(Subject::Choice(id))];
        self.changes(self.story.choices[id.index()].effects, &mut found);
        for entry in &self.story.gotos[self.way_of(id).entries.range()] {
            self.changes(entry.effects, &mut found);
        }
        done(found)
    }

    /// The way that a choice goes: a nested one without its own goes its parent's.
    fn way_of(&self, id: ChoiceId) -> &Goto {
        let choice = &self.story.choices[id.index()];
        match choice.holder {
            Holder::Choice(parent) if choice.goto.entries.range().is_empty() => self.way_of(parent),
            _ => &choice.goto,
        }
    }

    fn changes(&self, effects: EffectsId, found: &mut Vec<Thing>) {
        let subject = |change: &Change| match *change {
            Change::Set { variable, .. } | Change::Add { variable, .. } => Subject::Variable(variable),
            Change::Happen(event) | Change::Avert(event) => Subject::Event(event),
        };
        let effects = &self.story.code.effects[effects.range()];
        found.extend(effects.iter().map(|effect| self.number(subject(&effect.change))));
    }
}

fn done(mut found: Vec<Thing>) -> Box<[Thing]> {
    found.sort_unstable();
    found.dedup();
    found.into()
}
