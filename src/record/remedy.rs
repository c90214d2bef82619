//! The smallest change that would have brought the record back: one choice taken otherwise, and
//! the play taken again to see.

use super::trace::Trace;
use super::verdict::{Status, verdict};
use crate::engine::{Falling, Input, Offer, Pick, Play, Seeded, State, advance, next_role};
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
        for &entry in because {
            let mut others = self.trace.moments[entry].others.clone();
            others.sort_by_key(|pick| !is_historical(self.story, *pick));
            for instead in others {
                let remedy = Remedy { entry, instead };
                if self.keeps(remedy, event) {
                    return Some(remedy);
                }
            }
        }
        None
    }

    fn keeps(&mut self, remedy: Remedy, event: EventId) -> bool {
        let story = self.story;
        let kept = |state: &State| match verdict(story, state, event) {
            Some(verdict) => verdict.status == Status::Kept,
            None => true,
        };
        if let Some((_, end)) = self.tried.iter().find(|(tried, _)| *tried == remedy) {
            return end.as_ref().is_some_and(kept);
        }
        if self.tried.len() >= MOST_REPLAYS {
            return false;
        }
        let end = self.take(remedy);
        let keeps = end.as_ref().is_some_and(kept);
        self.tried.push((remedy, end));
        keeps
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
