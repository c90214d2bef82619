//! A play taken again with somebody looking on: what changed, on whose account, and what else
//! could have been chosen.

use crate::calendar::Day;
use crate::engine::{Cause, Falling, Input, Observe, Offer, Pick, Play, Seeded, State, advance, offers, start_with};
use crate::story::Story;
use crate::story::model::{ChoiceId, EventId, HingeId, RoleId, SceneId, VariableId};

/// What a change goes back to. Entries are places in the play's log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// The beginning of the story, or a role that nobody plays.
    Nobody,
    /// The calendar.
    Clock,
    /// What a player did.
    Entry(usize),
    /// The way a hinge fell out.
    Hinge(HingeId, u32),
    /// An event's effects.
    Event(EventId),
}

/// What can change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    Wrote(VariableId, i64, i64),
    Happened(EventId),
    /// The event, and the need of it whose averting averted it.
    Averted(EventId, Option<EventId>),
}

/// One change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fact {
    pub(super) change: Change,
    pub(super) origin: Origin,
    pub(super) day: Day,
}

/// A moment at which a player did something.
#[derive(Clone, Debug)]
pub(super) struct Moment {
    pub(super) before: State,
    pub(super) day: Day,
    /// What else was open.
    pub(super) others: Vec<Pick>,
}

/// All that was seen.
#[derive(Debug, Default)]
pub(super) struct Trace {
    pub(super) facts: Vec<Fact>,
    pub(super) moments: Vec<Moment>,
    /// By event: the fact that decided it.
    pub(super) fates: Vec<Option<usize>>,
    /// By choice: the entry that last took it.
    pub(super) taken: Vec<Option<usize>>,
    /// By scene: the entry that first led there.
    pub(super) entered: Vec<Option<usize>>,
    /// The hinges that turned, with their outcomes and the number of facts by then.
    pub(super) turned: Vec<(HingeId, u32, usize)>,
    /// By variable that has a record or a name: what it was at the end of each day on which it
    /// changed.
    pub(super) lines: Vec<Vec<(Day, i64)>>,
    is_followed: Vec<bool>,
    played: Vec<bool>,
    decisions: Vec<Option<usize>>,
    origin: Option<Origin>,
    day: Day,
}

impl Trace {
    /// Takes a play again.
    pub(super) fn of(story: &Story, play: &Play) -> Trace {
        let mut trace = Trace::blank(story, play);
        let mut state = start_with(story, play.setup(), &mut Seeded, &mut trace);
        for (entry, logged) in play.log().iter().enumerate() {
            let input = logged.input;
            trace.look(story, &state, input);
            trace.note(entry, input);
            let chance = &mut Falling::to(&logged.fell);
            if advance(story, &mut state, input, chance, &mut trace).is_err() {
                break; // the play was taken from this log, so this can't be
            }
        }
        trace
    }

    fn blank(story: &Story, play: &Play) -> Trace {
        let followed = |index: &usize| {
            let declared = &story.variables[*index];
            declared.name.is_some() || !declared.record.is_empty()
        };
        let mut trace = Trace {
            fates: vec![None; story.events.len()],
            taken: vec![None; story.choices.len()],
            entered: vec![None; story.scenes.len()],
            lines: vec![Vec::new(); story.variables.len()],
            is_followed: (0..story.variables.len()).map(|index| followed(&index)).collect(),
            played: vec![false; story.roles.len()],
            decisions: vec![None; story.roles.len()],
            day: story.manifest.begins,
            ..Trace::default()
        };
        for role in &play.setup().roles {
            trace.played[role.index()] = true;
        }
        for (index, declared) in story.variables.iter().enumerate().filter(|(index, _)| followed(index)) {
            trace.lines[index].push((story.manifest.begins, declared.start));
        }
        trace
    }

    /// Keeps what a role could have done.
    fn look(&mut self, story: &Story, state: &State, input: Input) {
        let open = |offer: Offer| (offer.open && offer.pick != input.pick).then_some(offer.pick);
        let others = offers(story, state, input.role).into_iter().filter_map(open).collect();
        self.moments.push(Moment { before: state.clone(), day: state.today(story, input.role), others });
    }

    /// Keeps what a role does. Reading on decides nothing: what it leads to goes back to the
    /// choice before.
    fn note(&mut self, entry: usize, input: Input) {
        if input.pick != Pick::Continue {
            self.decisions[input.role.index()] = Some(entry);
        }
        if let Pick::Choice(choice) = input.pick {
            self.taken[choice.index()] = Some(entry);
        }
        self.origin = self.decisions[input.role.index()].map(Origin::Entry);
    }

    fn add(&mut self, change: Change) {
        let origin = self.origin.unwrap_or(Origin::Nobody);
        self.facts.push(Fact { change, origin, day: self.day });
    }

    fn follow(&mut self, variable: VariableId, value: i64) {
        if !self.is_followed[variable.index()] {
            return;
        }
        let line = &mut self.lines[variable.index()];
        match line.last_mut() {
            Some((day, last)) if *day == self.day => *last = value,
            Some((_, last)) if *last == value => {}
            _ => line.push((self.day, value)),
        }
    }

    fn by_choice(&self, role: RoleId, choice: ChoiceId) -> Origin {
        let played = self.played[role.index()];
        self.taken[choice.index()].filter(|_| played).map_or(Origin::Nobody, Origin::Entry)
    }
}

impl Observe for Trace {
    fn because(&mut self, cause: Cause) {
        self.origin = Some(match cause {
            Cause::Beginning => Origin::Nobody,
            Cause::Clock => Origin::Clock,
            Cause::Choice(role, choice) => self.by_choice(role, choice),
            Cause::Scene(role, _) => self.decisions[role.index()].map_or(Origin::Nobody, Origin::Entry),
            Cause::Hinge(hinge, outcome) => Origin::Hinge(hinge, outcome),
            Cause::Event(event) => Origin::Event(event),
        });
    }

    fn entered(&mut self, _: &Story, _: &State, role: RoleId, scene: SceneId) {
        let decision = self.decisions[role.index()];
        let first = &mut self.entered[scene.index()];
        *first = first.or(decision);
    }

    fn turned(&mut self, _: &Story, _: &State, hinge: HingeId, outcome: u32) {
        self.turned.push((hinge, outcome, self.facts.len()));
    }

    fn happened(&mut self, _: &Story, _: &State, event: EventId, day: Day) {
        // The calendar tells of a day when it is over; what happens on it is told before.
        self.day = self.day.max(day);
        self.fates[event.index()] = Some(self.facts.len());
        self.add(Change::Happened(event));
    }

    fn averted(&mut self, _: &Story, event: EventId, by: Option<EventId>) {
        self.fates[event.index()] = Some(self.facts.len());
        self.add(Change::Averted(event, by));
    }

    fn wrote(&mut self, _: &Story, variable: VariableId, before: i64, after: i64) {
        self.add(Change::Wrote(variable, before, after));
        self.follow(variable, after);
    }

    fn passed(&mut self, story: &Story, state: &State, day: Day) {
        self.day = day;
        // Nobody writes a derived variable: it changes with those that it is made of.
        for index in (0..story.variables.len()).filter(|&index| story.variables[index].derived.is_some()) {
            let variable = VariableId(index as u32);
            self.follow(variable, state.value(story, variable));
        }
    }
}
