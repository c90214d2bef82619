//! What a role can do where it stands.

use super::observe::Observe;
use super::state::{Cursor, Place, Stage, State};
use super::step::{Input, Refusal};
use crate::story::model::{ChoiceId, HingeId, RoleId, SceneId, Span32, Story};

/// What can be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Pick {
    /// A choice of the scene, of a nested list, or of a side of a hinge.
    Choice(ChoiceId),
    /// A storylet that was drawn.
    Storylet(SceneId),
    /// Reading on, where there is nothing to choose.
    Continue,
}

/// Something that a role sees it could take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offer {
    /// What.
    pub pick: Pick,
    /// Whether it can be taken now; a closed one is shown because its author says why it is closed.
    pub open: bool,
}

/// Gathers what a role sees it could take, in order, into `offers`, which is emptied first. Empty
/// for a role that waits, whose play is over, or that is stuck.
pub fn offers_into(story: &Story, state: &State, role: RoleId, offers: &mut Vec<Offer>) {
    offers_with(story, state, role, offers, &mut ());
}

/// As [`offers_into`], with an observer that answers what is asked of the variables.
pub fn offers_with(story: &Story, state: &State, role: RoleId, offers: &mut Vec<Offer>, observe: &mut impl Observe) {
    offers.clear();
    match state.cursor(story, role) {
        Cursor::Scene(scene) => {
            gather(story, state, role, story.scenes[scene.index()].choices, offers, observe);
            for storylet in drawn(story, state, role, scene) {
                if is_drawable(story, state, role, storylet, observe) {
                    offers.push(Offer { pick: Pick::Storylet(storylet), open: true });
                }
            }
            if !offers.iter().any(|offer| offer.open) && leads_on(story, state, role, scene, observe) {
                offers.push(Offer { pick: Pick::Continue, open: true });
            }
        }
        Cursor::Asked(_, choice) => {
            gather(story, state, role, story.choices[choice.index()].nested, offers, observe);
        }
        Cursor::Hinge(hinge, None) if is_open(story, state, hinge) => {
            if let Some(side) = story.side_of(hinge, role) {
                gather(story, state, role, story.sides[side.index()].choices, offers, observe);
            }
        }
        Cursor::Hinge(..) | Cursor::Absent | Cursor::Going(_) | Cursor::Ending(_) => {}
    }
}

/// As [`offers_into`], in a list of its own.
pub fn offers(story: &Story, state: &State, role: RoleId) -> Vec<Offer> {
    let mut offers = Vec::new();
    offers_into(story, state, role, &mut offers);
    offers
}

/// The role that is to act: of those that have something to choose the one on the earliest day,
/// with what it can take in `offers`. `None`, and no offers, when the play is over or stuck.
pub fn next_role(story: &Story, state: &State, offers: &mut Vec<Offer>) -> Option<RoleId> {
    let (mut next, mut gathered) = (None, None);
    for role in state.played(story) {
        let day = state.today(story, role);
        if next.is_none_or(|(earliest, _)| day < earliest) {
            offers_into(story, state, role, offers);
            gathered = Some(role);
            if offers.iter().any(|offer| offer.open) {
                next = Some((day, role));
            }
        }
    }
    match next {
        Some((_, role)) if gathered != Some(role) => offers_into(story, state, role, offers),
        Some(_) => {}
        None => offers.clear(),
    }
    next.map(|(_, role)| role)
}

/// Whether a choice can be taken: its guard holds, and it was not used up.
pub fn is_choice_open(story: &Story, state: &State, role: RoleId, choice: ChoiceId) -> bool {
    let observe = &mut ();
    !is_used_up(story, state, choice, observe) && observe.holds(story, state, role, story.choices[choice.index()].guard)
}

fn is_used_up(story: &Story, state: &State, choice: ChoiceId, observe: &mut impl Observe) -> bool {
    let declared = &story.choices[choice.index()];
    declared.once && declared.taken.is_some_and(|field| observe.is_remembered(state, field))
}

fn gather(
    story: &Story,
    state: &State,
    role: RoleId,
    choices: Span32,
    offers: &mut Vec<Offer>,
    observe: &mut impl Observe,
) {
    for index in choices.range() {
        let choice = ChoiceId(index as u32);
        if is_used_up(story, state, choice, observe) {
            continue;
        }
        let open = observe.holds(story, state, role, story.choices[index].guard);
        if open || story.choices[index].locked.is_some() {
            offers.push(Offer { pick: Pick::Choice(choice), open });
        }
    }
}

/// The storylets that were drawn on entry, whether or not they are still to be had.
fn drawn<'a>(story: &'a Story, state: &'a State, role: RoleId, scene: SceneId) -> impl Iterator<Item = SceneId> + 'a {
    let pool = story.scenes[scene.index()].draw.map(|(pool, _)| &story.pools[pool.index()].storylets);
    let fields = story.layout.cursors[role.index()].offered.iter().flatten();
    let places = fields.filter_map(|field| usize::try_from(state.get(*field) - 1).ok());
    places.filter_map(move |place| pool.and_then(|pool| pool.get(place)).copied())
}

/// As [`drawn`], those that are.
fn to_be_had<'a>(
    story: &'a Story,
    state: &'a State,
    role: RoleId,
    scene: SceneId,
) -> impl Iterator<Item = SceneId> + 'a {
    drawn(story, state, role, scene).filter(move |&storylet| is_drawable(story, state, role, storylet, &mut ()))
}

/// Whether a storylet may be drawn: it is the role's, its guard holds, it was not used up.
pub(crate) fn is_drawable(
    story: &Story,
    state: &State,
    role: RoleId,
    scene: SceneId,
    observe: &mut impl Observe,
) -> bool {
    let declared = &story.scenes[scene.index()];
    let Some(storylet) = &declared.storylet else { return false };
    if declared.role != role {
        return false;
    }
    let count = story.layout.visits(scene).count.filter(|_| storylet.once);
    let used_up = count.is_some_and(|(field, _)| observe.is_remembered(state, field));
    !used_up && observe.holds(story, state, role, storylet.guard)
}

/// Whether a scene leads on without a choice.
fn leads_on(story: &Story, state: &State, role: RoleId, scene: SceneId, observe: &mut impl Observe) -> bool {
    let declared = &story.scenes[scene.index()];
    let entries = declared.goto.entries;
    if entries.is_empty() {
        let home = story.layout.cursors[role.index()].home;
        return home.is_some_and(|field| state.get(field) > 0) && declared.storylet.is_some();
    }
    entries.range().any(|index| observe.holds(story, state, role, story.gotos[index].guard))
}

/// The roles that stand at a hinge, in the order of the roles.
pub(crate) fn present<'a>(story: &'a Story, state: &'a State, hinge: HingeId) -> impl Iterator<Item = RoleId> + 'a {
    let roles = (0..story.roles.len() as u32).map(RoleId);
    roles.filter(move |&role| {
        matches!(state.stage(story, role), Stage::There | Stage::Chosen)
            && state.place(story, role) == Place::Hinge(hinge)
    })
}

/// Whether everybody has arrived at a hinge who will: every role that is played, has a side there
/// and still plays stands at it, or nobody who is under way elsewhere can act any more.
pub(crate) fn is_open(story: &Story, state: &State, hinge: HingeId) -> bool {
    let sides = story.hinges[hinge.index()].sides.range();
    let awaited = sides.map(|index| story.sides[index].role).any(|role| {
        let stage = state.stage(story, role);
        let gone = matches!(stage, Stage::Absent | Stage::Ended);
        let here = matches!(stage, Stage::There | Stage::Chosen) && state.place(story, role) == Place::Hinge(hinge);
        !gone && !here
    });
    !awaited || (nobody_can_act(story, state) && is_first_waiting(story, state, hinge))
}

/// Whether every role that still plays waits: on its way, or at a hinge.
fn nobody_can_act(story: &Story, state: &State) -> bool {
    (0..story.roles.len() as u32).map(RoleId).all(|role| match state.stage(story, role) {
        Stage::Absent | Stage::Ended | Stage::Going | Stage::Chosen => true,
        Stage::There => matches!(state.place(story, role), Place::Hinge(_)),
        Stage::Asked => false,
    })
}

/// Whether of all hinges at which somebody waits this is the earliest.
fn is_first_waiting(story: &Story, state: &State, hinge: HingeId) -> bool {
    let waiting = (0..story.hinges.len() as u32).map(HingeId);
    let waiting = waiting.filter(|&hinge| present(story, state, hinge).next().is_some());
    waiting.min_by_key(|&hinge| (story.hinges[hinge.index()].date, hinge)) == Some(hinge)
}

/// Whether an input can be taken.
///
/// # Errors
///
/// Says why not.
pub fn is_offered(story: &Story, state: &State, Input { role, pick }: Input) -> Result<(), Refusal> {
    if role.index() >= story.roles.len() || !state.is_played(story, role) {
        return Err(Refusal::NotPlayed);
    }
    let open = |choices: Span32, choice: ChoiceId| {
        if !choices.range().contains(&choice.index()) {
            Err(Refusal::NotOffered)
        } else if is_choice_open(story, state, role, choice) {
            Ok(())
        } else {
            Err(Refusal::Closed)
        }
    };
    match (state.cursor(story, role), pick) {
        (Cursor::Absent, _) => Err(Refusal::NotPlayed),
        (Cursor::Ending(_), _) => Err(Refusal::Over),
        (Cursor::Going(_) | Cursor::Hinge(_, Some(_)), _) => Err(Refusal::Waiting),
        (Cursor::Hinge(hinge, None), _) if !is_open(story, state, hinge) => Err(Refusal::Waiting),
        (Cursor::Scene(scene), Pick::Choice(choice)) => open(story.scenes[scene.index()].choices, choice),
        (Cursor::Asked(_, parent), Pick::Choice(choice)) => open(story.choices[parent.index()].nested, choice),
        (Cursor::Hinge(hinge, None), Pick::Choice(choice)) => match story.side_of(hinge, role) {
            Some(side) => open(story.sides[side.index()].choices, choice),
            None => Err(Refusal::NotOffered),
        },
        (Cursor::Scene(scene), Pick::Storylet(storylet)) => {
            if to_be_had(story, state, role, scene).any(|offered| offered == storylet) {
                Ok(())
            } else {
                Err(Refusal::NotOffered)
            }
        }
        (Cursor::Scene(scene), Pick::Continue) => {
            let mut choices = story.scenes[scene.index()].choices.range().map(|index| ChoiceId(index as u32));
            let other = choices.any(|choice| is_choice_open(story, state, role, choice))
                || to_be_had(story, state, role, scene).next().is_some();
            if !other && leads_on(story, state, role, scene, &mut ()) { Ok(()) } else { Err(Refusal::NotOffered) }
        }
        _ => Err(Refusal::NotOffered),
    }
}
