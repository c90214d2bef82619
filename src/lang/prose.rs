//! From prose with templates to the steps that render it.

use std::ops::Range;

use super::code::{ArmPlace, Form, Gap, Op, Prose, ProseId};
use super::compile::{Compiler, Symbols, Type};
use super::markdown::is_markdown;
use super::names::LONGEST_TURN;
use super::syntax::{self, TreeKind};
use super::template::{self, Piece};
use crate::catalogue::Phrase;
use crate::diagnostic::Code as Fault;
use crate::say;
use crate::story::model::{RoleId, Span32};

/// A block of a template that is open.
enum Block {
    /// `{if}`: where to go on when the last condition fails, and the jumps to the end.
    If { unless: Option<usize>, ends: Vec<usize>, last: bool, place: Range<usize> },
    /// `{first}`, `{cycle}`, `{any}`: the op, the beginnings of the arms, the jumps to the end.
    Arms { kind: ArmKind, at: usize, starts: Vec<u32>, ends: Vec<usize>, place: Range<usize> },
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum ArmKind {
    First,
    Cycle,
    Any,
}

/// Templates nest at most so deep.
const DEEPEST: usize = 32;

/// A piece of prose while it is compiled.
struct Draft {
    markdown: bool,
    /// White space since the last words.
    gap: Gap,
    /// Whether the last op is text that more can be added to: no jump leads past its end.
    open: bool,
    blocks: Vec<Block>,
    /// How many `{any}` so far, for their keys.
    anys: u32,
}

impl<'t> Compiler<'_, 't> {
    /// Compiles the string as prose. `key` names the place (`queue.text`), for `{any}`.
    pub fn prose(&mut self, key: &str) -> ProseId {
        let text = self.text.value;
        let first = self.code.ops.len();
        let mut draft = Draft { markdown: false, gap: Gap::None, open: false, blocks: Vec::new(), anys: 0 };
        // Tags need the compiler and the pieces borrow it, so they are gathered where there are
        // any; prose without tags, which is most, goes straight through.
        let end = if text.contains(['{', '}']) {
            let mut gathered = Vec::new();
            let end = template::pieces(text, |piece| gathered.push(piece));
            // What stands in tags is no Markdown: `{if bread < 30}`.
            draft.markdown =
                gathered.iter().any(|piece| matches!(piece, Piece::Text { text, .. } if is_markdown(text)));
            for piece in gathered {
                match piece {
                    Piece::Tag(tag, place) => self.tag(&mut draft, tag, place, key),
                    piece => self.words(&mut draft, &piece),
                }
            }
            end
        } else {
            draft.markdown = is_markdown(text);
            template::pieces(text, |piece| self.words(&mut draft, &piece))
        };
        if let Err(error) = end {
            self.fault(Fault::BadTemplate, error.place, error.message, Phrase::default()).help.push(error.help);
        }
        for block in std::mem::take(&mut draft.blocks) {
            let (Block::If { place, .. } | Block::Arms { place, .. }) = block;
            let found = self.fault(Fault::BadTemplate, place, say!("a template is not closed"), say!("opened here"));
            found.help.push(say!("every `{if}`, `{first}`, `{cycle}` and `{any}` needs its `{end}`"));
        }
        if draft.gap > Gap::Line {
            self.code.ops.push(Op::Gap(draft.gap));
        }
        let ops = Span32 { start: first as u32, end: self.code.ops.len() as u32 };
        self.code.proses.push(Prose { ops, markdown: draft.markdown });
        ProseId::at(self.code.proses.len() - 1)
    }

    /// Adds words or white space.
    fn words(&mut self, draft: &mut Draft, piece: &Piece<'_>) {
        let (text, ragged) = match piece {
            Piece::Gap(gap) => {
                draft.gap = draft.gap.max(*gap);
                return;
            }
            Piece::Text { text, ragged } => (*text, *ragged),
            Piece::Tag(..) => return,
        };
        let code = &mut *self.code;
        let joined = draft.open && draft.gap < Gap::Screen;
        if joined {
            code.text.push_str(match draft.gap {
                Gap::None => "",
                Gap::Line if draft.markdown => "\n",
                Gap::Space | Gap::Line => " ",
                Gap::Paragraph | Gap::Screen => "\n\n",
            });
        }
        let start = code.text.len() as u32;
        if ragged {
            template::settle(text, &mut code.text)
        } else {
            code.text.push_str(text)
        }
        let end = code.text.len() as u32;
        match code.ops.last_mut() {
            Some(Op::Text { start, len, .. }) if joined => *len = end - *start,
            _ => code.ops.push(Op::Text { start, len: end - start, lead: draft.gap, trail: Gap::None }),
        }
        (draft.gap, draft.open) = (Gap::None, true);
    }

    /// Puts the white space that is open where it belongs: before a jump, so that it stands
    /// whichever way the prose goes on.
    fn settle_gap(&mut self, draft: &mut Draft) {
        let gap = std::mem::take(&mut draft.gap);
        if gap != Gap::None {
            match self.code.ops.last_mut() {
                Some(Op::Text { trail, .. }) if draft.open => *trail = gap.max(*trail),
                _ => self.code.ops.push(Op::Gap(gap)),
            }
        }
        draft.open = false;
    }

    fn tag(&mut self, draft: &mut Draft, tag: &'t str, place: Range<usize>, key: &str) {
        self.settle_gap(draft);
        let word = tag.split_whitespace().next().unwrap_or_default();
        let rest = tag.trim_start()[word.len()..].trim();
        let alone = rest.is_empty();
        let lines = self.text.value.as_bytes()[..place.start].iter().filter(|byte| **byte == b'\n').count() as u32;
        self.write_tag(draft, (tag, word, alone), place, key);
        if matches!(word, "if" | "elif" | "else" | "first" | "then" | "cycle" | "any" | "or") {
            let (op, span) = (self.code.ops.len() as u32, self.text.span);
            self.code.arm_places.push(ArmPlace { op, span, lines });
        }
    }

    fn write_tag(
        &mut self,
        draft: &mut Draft,
        (tag, word, alone): (&'t str, &'t str, bool),
        place: Range<usize>,
        key: &str,
    ) {
        match word {
            "if" => {
                let unless = self.condition(tag, &place);
                draft.blocks.push(Block::If { unless, ends: Vec::new(), last: false, place: place.clone() });
            }
            "elif" => self.otherwise(draft, Some(tag), &place),
            "else" if alone => self.otherwise(draft, None, &place),
            "end" if alone => self.close(draft, &place),
            "first" | "cycle" | "any" if alone => self.open_arms(draft, word, &place, key),
            "then" | "or" if alone => self.next_arm(draft, word, &place),
            "" => {
                self.fault(
                    Fault::BadTemplate,
                    place.clone(),
                    say!("a tag is empty"),
                    say!("nothing between the braces"),
                );
            }
            _ => self.value(tag, &place),
        }
        if draft.blocks.len() > DEEPEST {
            draft.blocks.truncate(DEEPEST);
            self.fault(Fault::BadTemplate, place, say!("templates nest too deep"), say!("more than 32 levels"));
        }
    }

    /// A condition: an op that goes on elsewhere, to be told where.
    fn condition(&mut self, tag: &'t str, place: &Range<usize>) -> Option<usize> {
        let keyword = tag.find("if").map_or(0, |at| at + 2);
        let text = &self.text.value[..place.end];
        let condition = self.guard_from(text, place.start + keyword)?;
        self.code.ops.push(Op::Unless(condition, 0));
        Some(self.code.ops.len() - 1)
    }

    fn jump(&mut self) -> usize {
        self.code.ops.push(Op::Jump(0));
        self.code.ops.len() - 1
    }

    /// Tells an op that goes on elsewhere that elsewhere is here.
    fn land(&mut self, op: usize) {
        let here = self.code.ops.len() as u32;
        match &mut self.code.ops[op] {
            Op::Unless(_, to) | Op::Jump(to) => *to = here,
            _ => {}
        }
    }

    /// `{elif}` and `{else}`.
    fn otherwise(&mut self, draft: &mut Draft, condition: Option<&'t str>, place: &Range<usize>) {
        let Some(Block::If { unless, ends, last: false, .. }) = draft.blocks.last_mut() else {
            let message = say!("`{elif}` and `{else}` belong into an `{if}`");
            self.fault(Fault::BadTemplate, place.clone(), message, say!("no `{if}` is open here"));
            return;
        };
        let skipped = unless.take();
        let end = {
            self.code.ops.push(Op::Jump(0));
            self.code.ops.len() - 1
        };
        ends.push(end);
        if let Some(op) = skipped {
            self.land(op);
        }
        let next = condition.and_then(|tag| self.condition(tag, place));
        if let Some(Block::If { unless, last, .. }) = draft.blocks.last_mut() {
            (*unless, *last) = (next, condition.is_none());
        }
    }

    fn open_arms(&mut self, draft: &mut Draft, word: &str, place: &Range<usize>, key: &str) {
        let kind = match word {
            "first" => ArmKind::First,
            "cycle" => ArmKind::Cycle,
            _ => ArmKind::Any,
        };
        let op = match (kind, self.scope.scene) {
            (ArmKind::Any, _) => {
                draft.anys += 1;
                self.code.keys.push(hash(key, draft.anys));
                Op::Any { key: self.code.keys.len() as u32 - 1, arms: 0, len: 0 }
            }
            (ArmKind::First, Some(scene)) => Op::First { scene, arms: 0, len: 0 },
            (ArmKind::Cycle, Some(scene)) => Op::Cycle { scene, arms: 0, len: 0 },
            (_, None) => {
                let message = say!("`{{word}}` counts the visits of a scene", word = word);
                self.fault(Fault::BadTemplate, place.clone(), message, say!("this is no prose of a scene"));
                Op::Any { key: 0, arms: 0, len: 0 }
            }
        };
        self.code.ops.push(op);
        let at = self.code.ops.len() - 1;
        let starts = vec![self.code.ops.len() as u32];
        draft.blocks.push(Block::Arms { kind, at, starts, ends: Vec::new(), place: place.clone() });
    }

    fn next_arm(&mut self, draft: &mut Draft, word: &str, place: &Range<usize>) {
        let jump = self.jump();
        let here = self.code.ops.len() as u32;
        match draft.blocks.last_mut() {
            Some(Block::Arms { kind, starts, ends, .. }) if (word == "then") == (*kind == ArmKind::First) => {
                ends.push(jump);
                starts.push(here);
            }
            _ => {
                self.land(jump);
                let of = if word == "then" {
                    say!("`{then}` belongs into a `{first}`")
                } else {
                    say!("`{or}` belongs into a `{cycle}` or `{any}`")
                };
                self.fault(Fault::BadTemplate, place.clone(), of, say!("none is open here"));
            }
        }
    }

    fn close(&mut self, draft: &mut Draft, place: &Range<usize>) {
        match draft.blocks.pop() {
            None => {
                self.fault(
                    Fault::BadTemplate,
                    place.clone(),
                    say!("an `{end}` ends nothing"),
                    say!("no template is open here"),
                );
            }
            Some(Block::If { unless, ends, .. }) => {
                for op in unless.into_iter().chain(ends) {
                    self.land(op);
                }
            }
            Some(Block::Arms { kind, at, starts, ends, .. }) => {
                for op in ends {
                    self.land(op);
                }
                self.count_arms(kind, starts.len() as u32);
                let first = self.code.arms.len() as u32;
                let count = starts.len() as u32;
                self.code.arms.extend(starts);
                match &mut self.code.ops[at] {
                    Op::First { arms, len, .. } | Op::Cycle { arms, len, .. } | Op::Any { arms, len, .. } => {
                        (*arms, *len) = (first, count);
                    }
                    _ => {}
                }
            }
        }
    }

    /// A scene's visits are counted as far as its templates look at them.
    fn count_arms(&mut self, kind: ArmKind, arms: u32) {
        let Some(scene) = self.scope.scene else { return };
        match kind {
            ArmKind::First => self.count_visits(scene, arms),
            ArmKind::Cycle => {
                let counted = &mut self.declared.visits[scene.index()];
                counted.turn = common_multiple(counted.turn.max(1), arms).min(LONGEST_TURN);
            }
            ArmKind::Any => {}
        }
    }

    /// `{bread}`, `{weaver.name}`, `{date}`.
    fn value(&mut self, tag: &'t str, place: &Range<usize>) {
        let name = tag.trim();
        if let Some((role, "name")) = name.split_once('.')
            && let Some(role) = self.declared.roles.get(role)
            && self.declared.variable(name, None).is_none()
        {
            self.code.ops.push(Op::Name(RoleId(role)));
            return;
        }
        let tree = match syntax::expression(&self.text.value[..place.end], place.start) {
            Ok(tree) => tree,
            Err(error) => return self.syntax(Fault::BadTemplate, error),
        };
        if let TreeKind::Name(word) = tree.kind
            && self.resolve(word).is_none()
        {
            let tags = ["if", "elif", "else", "end", "first", "then", "cycle", "or", "any"];
            if let Some(near) = super::names::nearest(word, tags.into_iter())
                .filter(|_| self.declared.nearest_variable(word, self.scope.role).is_none())
            {
                let found = self.fault(
                    Fault::BadTemplate,
                    place.clone(),
                    say!("there is no tag `{{word}}`", word = word),
                    say!("unknown"),
                );
                found.help.push(say!("did you mean `{{near}}`?", near = near));
                return;
            }
        }
        let Some((expr, kind)) = self.valued(&tree) else { return };
        let form = match kind {
            Type::Integer(..) => Form::Number,
            Type::Date => Form::Date,
            Type::Symbol(Symbols::Roles) => Form::Role,
            Type::Symbol(Symbols::Of(variable)) => Form::Symbol(variable),
            Type::Flag(..) => {
                let found = self.fault(
                    Fault::TypeMismatch,
                    place.clone(),
                    say!("a flag has no words of its own"),
                    say!("true or false"),
                );
                found.help.push(say!("say what it means: `{if {name}}…{else}…{end}`", name = name));
                return;
            }
        };
        self.code.ops.push(Op::Value(expr, form));
    }
}

fn common_multiple(a: u32, b: u32) -> u32 {
    let (mut x, mut y) = (a, b);
    while y != 0 {
        (x, y) = (y, x % y);
    }
    (a / x).saturating_mul(b)
}

/// A key that is the same on every machine: FNV-1a over the place's name and a number.
fn hash(key: &str, n: u32) -> u64 {
    let bytes = key.bytes().chain(n.to_le_bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
