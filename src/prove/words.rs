//! How many words prose shows: bounds, as narrow as what is known of the fields allows.

use super::fields::Fields;
use super::ranges::Ranges;
use super::residual::Residuals;
use crate::engine::State;
use crate::lang::{Gap, Op, ProseId};
use crate::story::layout::Field;
use crate::story::model::{RoleId, Story};

/// The fewest and the most words of each op that writes text.
#[derive(Debug)]
pub struct Words(Vec<(u32, u32)>);

impl Words {
    /// Counts those of a story.
    pub fn of(story: &Story) -> Words {
        let count = |op: &Op| match *op {
            Op::Text { start, len, lead, .. } => {
                let text = &story.code.text[start as usize..(start + len) as usize];
                let most = text.split_whitespace().count() as u32;
                // Marks of Markdown are no words, and the first may go on from what stands before.
                let spoken = text.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric));
                let joined = u32::from(lead == Gap::None);
                ((spoken.count() as u32).saturating_sub(joined), most)
            }
            Op::Value(..) | Op::Name(_) => (0, 4),
            _ => (0, 0),
        };
        Words(story.code.ops.iter().map(count).collect())
    }

    /// The fewest and the most words that a piece of prose shows, for a role in a control, where
    /// fields lie within ranges.
    pub fn bounds(
        &self,
        story: &Story,
        (fields, residuals, ranges): (&Fields, &mut Residuals, &Ranges),
        state: &State,
        role: RoleId,
        prose: ProseId,
    ) -> (u32, u32) {
        let ops = story.code.proses[prose.index()].ops;
        let start = ops.start as usize;
        if ops.len() == 1 {
            return self.0[start];
        }
        let mut ahead = vec![(0, 0); ops.len() + 1];
        let either = |a: (u32, u32), b: (u32, u32)| (a.0.min(b.0), a.1.max(b.1));
        // Ways lead forward only, so what follows an op is known before it.
        for at in ops.range().rev() {
            let after = |to: u32, ahead: &[(u32, u32)]| ahead[to as usize - start];
            let next = ahead[at + 1 - start];
            ahead[at - start] = match story.code.ops[at] {
                Op::Unless(asked, to) => {
                    let asked = residuals.of(story, fields, state, role, asked);
                    match residuals.bounds(fields, ranges, asked) {
                        (0, 0) => after(to, &ahead),
                        (low, high) if low > 0 || high < 0 => next,
                        _ => either(next, after(to, &ahead)),
                    }
                }
                Op::Jump(to) => after(to, &ahead),
                Op::First { scene, arms, len } => {
                    let counted = story.layout.visits(scene).count;
                    let (low, high) = counted.map_or((1, 1), |(field, _)| values(fields, ranges, field));
                    let last = i64::from(len) - 1;
                    let (first, last) = ((low.max(1) - 1).min(last), (high.max(1) - 1).min(last));
                    let starts = &story.code.arms[arms as usize + first as usize..=arms as usize + last as usize];
                    starts.iter().map(|to| after(*to, &ahead)).reduce(either).unwrap_or(next)
                }
                Op::Cycle { arms, len, .. } | Op::Any { arms, len, .. } => {
                    let starts = &story.code.arms[arms as usize..(arms + len) as usize];
                    starts.iter().map(|to| after(*to, &ahead)).reduce(either).unwrap_or(next)
                }
                Op::Text { .. } | Op::Gap(_) | Op::Value(..) | Op::Name(_) => {
                    (next.0 + self.0[at].0, next.1 + self.0[at].1)
                }
            };
        }
        ahead[0]
    }
}

fn values(fields: &Fields, ranges: &Ranges, field: Field) -> (i64, i64) {
    match fields.at(field) {
        Some(id) => {
            let (low, high) = ranges.get(id);
            (fields.get(id).value(low), fields.get(id).value(high))
        }
        None => (field.min.into(), field.min.into()),
    }
}
