//! The smallest change that would have brought the record back: one choice taken otherwise, and
//! the play taken again to see.

use super::trace::Trace;
use super::verdict::{Status, verdict};
use crate::engine::{Falling, Input, Offer, Pick, Play, Seeded, State, advance, next_role, outcome};
use crate::story::Story;
use crate::story::model::EventId;

/// How many plays are taken again for one comparison, at most.
const MOST_REPLAYS: usize = 96;

/// How many steps a play that is taken again may have beyond those of its log.
const MOST_STEPS: usize = 600;

/// One choice that, taken otherwise, would have kept the event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Remedy {
    /// Which: a place in the play's log.
    pub entry: usize,
    /// What to take instead.
    pub instead: Pick,
}

/// Takes a play again and again with one choice changed, and remembers how it came out.
pub(super) struct WhatIf<'a> {
    story: &'a Story,
    play: &'a Play,
    trace: &'a Trace,
    tried: Vec<(Remedy, Option<State>)>,
    offers: Vec<Offer>,
    /// By choice: how often it was taken where nothing told what to take.
    taken: Vec<u32>,
}

impl<'a> WhatIf<'a> {
    pub(super) fn new(story: &'a Story, play: &'a Play, trace: &'a Trace) -> WhatIf<'a> {
        let taken = vec![0; story.choices.len()];
        WhatIf { story, play, trace, tried: Vec::new(), offers: Vec::new(), taken }
    }

    /// The earliest of the choices that an event hangs on which, taken otherwise, keeps the event,
    /// or keeps what did not happen in reality from happening. What keeps to history is tried
    /// first.
    pub(super) fn remedy(&mut self, event: EventId, because: &[usize]) -> Option<Remedy> {
        let story = self.story;
        self.first(because, |end| verdict(story, end, event).is_none_or(|verdict| verdict.status == Status::Kept))
    }

    /// The earliest of the choices that the outcome hangs on which, taken otherwise, brings the
    /// historical one.
    pub(super) fn remedy_of_outcome(&mut self, because: &[usize]) -> Option<Remedy> {
        let story = self.story;
        self.first(because, |end| outcome(story, end).is_some_and(|outcome| story.outcomes[outcome.index()].historical))
    }

    fn first(&mut self, because: &[usize], restores: impl Fn(&State) -> bool) -> Option<Remedy> {
        for &entry in because {
            let mut others = self.trace.moments[entry].others.clone();
            others.sort_by_key(|pick| !is_historical(self.story, *pick));
            let mut remedies = others.into_iter().map(|instead| Remedy { entry, instead });
            if let Some(remedy) = remedies.find(|remedy| self.end_of(*remedy).is_some_and(&restores)) {
                return Some(remedy);
            }
        }
        None
    }

    /// The end of a play with one choice changed, from memory where it was taken before.
    fn end_of(&mut self, remedy: Remedy) -> Option<&State> {
        let known = self.tried.iter().position(|(tried, _)| *tried == remedy);
        let at = match known {
            Some(at) => at,
            None if self.tried.len() >= MOST_REPLAYS => return None,
            None => {
                let end = self.take(remedy);
                self.tried.push((remedy, end));
                self.tried.len() - 1
            }
        };
        self.tried[at].1.as_ref()
    }

    /// The end of the play that takes one choice otherwise, then what the log says wherever it can
    /// be taken, and elsewhere what keeps to history. `None` where it comes to no end.
    fn take(&mut self, Remedy { entry, instead }: Remedy) -> Option<State> {
        let story = self.story;
        let mut state = self.trace.moments[entry].before.clone();
        let role = self.play.log()[entry].input.role;
        advance(story, &mut state, Input { role, pick: instead }, &mut Seeded, &mut ()).ok()?;
        let mut rest = entry + 1;
        self.taken.fill(0);
        for _ in 0..self.play.log().len() + MOST_STEPS {
            let Some(role) = next_role(story, &state, &mut self.offers) else {
                return state.is_over(story).then_some(state);
            };
            let logged = self.play.log()[rest..].iter().position(|logged| {
                let again = Offer { pick: logged.input.pick, open: true };
                logged.input.role == role
                    && self.offers.contains(&again)
                    && (again.pick != Pick::Continue || logged.at == crate::engine::place_name(story, &state, role))
            });
            let (pick, fell) = match logged {
                Some(ahead) => {
                    let logged = &self.play.log()[rest + ahead];
                    rest += ahead + 1;
                    (logged.input.pick, logged.fell.as_slice())
                }
                None => (self.untold()?, [].as_slice()),
            };
            advance(story, &mut state, Input { role, pick }, &mut Falling::to(fell), &mut ()).ok()?;
        }
        None
    }

    /// What to take where the log is of no help: what keeps to history, else what was taken least
    /// often, so that questions answered in passing are not asked for ever.
    fn untold(&mut self) -> Option<Pick> {
        let open = self.offers.iter().filter(|offer| offer.open).map(|offer| offer.pick);
        let times = |pick: &Pick| match pick {
            Pick::Choice(choice) => self.taken[choice.index()],
            Pick::Storylet(_) | Pick::Continue => 0,
        };
        let pick = open.min_by_key(|pick| (times(pick), !is_historical(self.story, *pick)))?;
        if let Pick::Choice(choice) = pick {
            self.taken[choice.index()] += 1;
        }
        Some(pick)
    }
}

pub(super) fn is_historical(story: &Story, pick: Pick) -> bool {
    match pick {
        Pick::Choice(choice) => story.choices[choice.index()].historical,
        Pick::Storylet(_) | Pick::Continue => false,
    }
}
