//! A second opinion: the engine itself is asked, of every state that was reached, whether each of
//! its steps leads to a state that was reached as well. A fault in the trees, in the order or in
//! what was left out can't hide from that.

use super::cells::Data;
use super::controls::ControlId;
use super::sweep::Space;
use super::trace::read;
use crate::engine::{Input, Setup, State, beginnings, branches, offers_into};
use crate::story::model::Story;

/// Faults told at most.
const MOST: usize = 10;

/// What the engine finds wanting, in words.
pub(super) fn certify<const W: usize>(story: &Story, space: &Space<'_, '_, W>) -> Vec<String> {
    let program = space.program;
    let controls = program.controls;
    let mut wrong = Vec::new();
    for beginning in &controls.beginnings {
        let setup = Setup { roles: controls.roles.clone(), seed: 0, digest: beginning.digest };
        for branch in beginnings(story, &setup) {
            if !has(space, &branch.state) {
                wrong.push("a beginning was not reached".to_owned());
            }
        }
    }
    for control in 0..controls.list.len() as ControlId {
        space.each(control, |_, data| {
            if wrong.len() < MOST {
                wrong.extend(state(story, space, control, data));
            }
        });
    }
    wrong
}

fn has<const W: usize>(space: &Space<'_, '_, W>, state: &State) -> bool {
    let Some(control) = space.program.controls.find(state) else { return false };
    space.rank(control, &read(space.program, state)).is_some()
}

/// One state: every step from it.
fn state<const W: usize>(
    story: &Story,
    space: &Space<'_, '_, W>,
    control: ControlId,
    data: &Data<W>,
) -> Option<String> {
    let program = space.program;
    let controls = program.controls;
    let declared = &controls.list[control as usize];
    let mut state = declared.state.clone();
    for (index, field) in controls.fields.list.iter().enumerate() {
        let id = super::fields::FieldId(index as u16);
        // What is never read may stand anywhere within its bounds.
        let at = program.index(id, data).unwrap_or_else(|| declared.ranges.get(id).0);
        state.set(field.field, field.value(at));
    }
    let at = || super::run::place(story, &controls.roles, &declared.state);
    let mut offers = Vec::new();
    let mut open = 0;
    for &role in &controls.roles {
        offers_into(story, &state, role, &mut offers);
        for offer in offers.iter().filter(|offer| offer.open) {
            open += 1;
            let Ok(branches) = branches(story, &state, Input { role, pick: offer.pick }) else {
                return Some(format!("a step from `{}` is refused", at()));
            };
            if branches.iter().any(|branch| !has(space, &branch.state)) {
                return Some(format!("a step from `{}` leads to a state that was not reached", at()));
            }
        }
    }
    let offered = program.offered(control, data).len();
    (offered != open && !declared.is_over).then(|| format!("`{}` offers {open}, not {offered}", at()))
}
