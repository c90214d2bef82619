//! Storylets are drawn: what a scene offers beside its own choices.

use super::chance::Chance;
use super::observe::Observe;
use super::places::Places;
use super::turn::Turn;
use crate::story::layout::MAX_DRAW;
use crate::story::model::{PoolId, RoleId, SceneId, Story, Target};

impl<O: Observe, C: Chance> Turn<'_, O, C> {
    /// Offers storylets: those of higher priority first, ties by chance.
    pub(super) fn draw(&mut self, role: RoleId, draw: Option<(PoolId, u32)>) {
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
            let state = &mut *self.state;
            let mut open = Places::none();
            for (place, scene) in storylets[tier..end].iter().enumerate() {
                if super::offer::is_drawable(story, state, role, *scene, self.observe) {
                    open.add(place);
                }
            }
            while !open.is_empty() && count < show as usize {
                let rest = show as usize - count;
                let place = if open.len() <= rest {
                    (tier..end).find(|&place| open.has(place - tier))
                } else {
                    let lot = |index: usize| (u32::from(open.has(index)), Target::Scene(storylets[tier + index]));
                    let picked = self.chance.pick(state.seed, state.draws, end - tier, &lot);
                    state.draws = state.draws.wrapping_add(1);
                    self.observe.fell(story, Target::Scene(storylets[tier + picked]));
                    Some(tier + picked)
                };
                let Some(place) = place else { break };
                chosen[count] = place as u32 + 1;
                count += 1;
                open.remove(place - tier);
            }
            tier = end;
        }
        chosen[..count].sort_unstable();
        for (field, place) in offered.iter().flatten().zip(&chosen[..count]) {
            self.state.set(*field, i64::from(*place));
        }
    }
}

fn priority_of(story: &Story, scene: SceneId) -> i64 {
    story.scenes[scene.index()].storylet.as_ref().map_or(0, |storylet| storylet.priority)
}
