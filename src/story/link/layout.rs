//! Where each thing lies in a state, once all that looks at it is known.

use super::Linker;
use crate::diagnostic::Span;
use crate::lang::Counted;
use crate::say;
use crate::story::layout::{CursorFields, MAX_DRAW, Visits};
use crate::story::model::{Holder, Story};

/// A state has at most so many words: half a megabyte, a thousand times what a long story needs.
const MOST_WORDS: usize = 1 << 16;

impl Linker<'_> {
    pub(super) fn lay_out(&mut self) {
        let days = i64::from(self.ends.since(self.begins)) + 1;
        self.layout.day = Some(self.allocator.field(0, days));
        self.layout.digest = Some(self.allocator.field(0, 1));
        let scenes = self.raw.scenes.len();
        let places = (scenes + self.raw.hinges.len()) as i64;
        let most_drawn =
            self.scenes.iter().filter_map(|scene| scene.draw).map(|(_, show)| show as usize).max().unwrap_or(0);
        let most_pooled = self.pools.iter().map(|pool| pool.storylets.len()).max().unwrap_or(0) as i64;
        let asks = self.flat.iter().any(|(raw, holder)| !raw.nested.is_empty() || matches!(holder, Holder::Side(_)));
        for _ in 0..self.roles.len() {
            self.layout.played.push(self.allocator.field(0, 1));
            let mut offered = [None; MAX_DRAW];
            for field in offered.iter_mut().take(most_drawn) {
                *field = Some(self.allocator.field(0, most_pooled));
            }
            let cursor = CursorFields {
                stage: self.allocator.field(0, 5),
                at: self.allocator.field(0, places),
                day: self.allocator.field(0, days),
                choice: asks.then(|| self.allocator.field(0, self.flat.len() as i64 + 1)),
                home: (most_drawn > 0).then(|| self.allocator.field(0, scenes as i64 + 1)),
                offered,
            };
            self.layout.cursors.push(cursor);
        }
        self.count();
        self.layout.words = self.allocator.words();
        self.bounded(self.layout.words, MOST_WORDS, || say!("words of 64 bits to remember"), Span::default());
        self.layout.initial = vec![0; self.layout.words];
        self.begin();
    }

    /// Fields for visits and choices that something asks about.
    fn count(&mut self) {
        for index in 0..self.raw.scenes.len() {
            let Counted { cap, turn } = self.declared.visits[index];
            self.logic.number(i64::from(cap) << 32 | i64::from(turn));
            let count = (cap > 0).then(|| (self.allocator.field(0, cap.into()), cap));
            let turn = (turn > 1).then(|| (self.allocator.field(0, i64::from(turn) - 1), turn));
            let visits = Visits { count, turn };
            self.layout.visits.push((visits != Visits::default()).then(|| Box::new(visits)));
        }
        for (choice, asked) in self.choices.iter_mut().zip(&self.declared.asked) {
            choice.taken = asked.then(|| self.allocator.field(0, 1));
        }
    }

    /// The words at the beginning: variables at their start, and what came before the story has
    /// happened.
    fn begin(&mut self) {
        let words = &mut self.layout.initial;
        for variable in &self.variables {
            if let Some(field) = variable.field {
                field.set(words, variable.start);
            }
        }
        for event in &self.events {
            let before = event.date.is_some_and(|date| date < self.begins);
            event.field.set(words, if before { 2 } else { 0 });
        }
        for cursor in &self.layout.cursors {
            cursor.stage.set(words, 0);
        }
    }
}

impl Story {
    /// Gives back the memory that growing took.
    pub(super) fn shrink(&mut self) {
        self.code.text.shrink_to_fit();
        self.code.ops.shrink_to_fit();
        self.code.nodes.shrink_to_fit();
        self.code.effects.shrink_to_fit();
        self.code.proses.shrink_to_fit();
        self.choices.shrink_to_fit();
        self.gotos.shrink_to_fit();
    }
}
