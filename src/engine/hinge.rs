//! A hinge turns: all have chosen, and what comes of it is decided.

use super::chance::Chance;
use super::clock;
use super::observe::{Cause, Observe};
use super::state::Stage;
use super::turn::Turn;
use crate::story::model::{ChoiceId, HingeId, RoleId, SideId};

impl<O: Observe, C: Chance> Turn<'_, O, C> {
    /// The hinge at which everybody who comes has arrived and chosen. Where nobody at all could
    /// go on otherwise, those who are late are not waited for.
    pub(super) fn next_to_turn(&self) -> Option<HingeId> {
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
    pub(super) fn turn(&mut self, hinge: HingeId) {
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
        let holds =
            |index: &usize| self.observe.holds(story, self.state, RoleId(0), story.hinge_outcomes[*index].guard);
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
