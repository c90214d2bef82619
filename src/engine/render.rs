//! From a state to prose. Nothing here changes a state, and nothing here can fail.

use std::fmt::Write as _;

use super::chance::mix;
use super::eval;
use super::state::State;
use crate::lang::{ExprId, Form, Gap, Op, ProseId};
use crate::story::layout::Field;
use crate::story::model::{Kind, RoleId, SceneId, Story};

/// The end of a screen in rendered Markdown, and in plain text that keeps them: a paragraph of this
/// character alone.
pub const SCREEN: char = '\u{c}';

/// Renders prose as plain text: words and paragraphs, separated by a blank line, onto the end of
/// `out`. Where `out` holds text already, a blank line comes between.
pub fn plain_into(story: &Story, state: &State, role: RoleId, prose: ProseId, out: &mut String) {
    if story.code.proses[prose.index()].markdown {
        let source = markdown(story, state, role, prose);
        let mut writer = Writer::new(out, White::Plain);
        writer.begin_paragraph();
        writer.text(&super::markdown::plain(&source), Gap::None, Gap::None);
    } else {
        run(story, state, role, prose, Writer::new(out, White::Plain));
    }
}

/// As [`plain_into`], into an empty `out`; [`SCREEN`] alone in a paragraph ends a screen.
pub fn screens_into(story: &Story, state: &State, role: RoleId, prose: ProseId, out: &mut String) {
    out.clear();
    if story.code.proses[prose.index()].markdown {
        let source = markdown(story, state, role, prose);
        for (index, screen) in source.split(SCREEN).enumerate() {
            if index > 0 {
                out.push(SCREEN);
            }
            out.push_str(&super::markdown::plain(screen));
        }
    } else {
        run(story, state, role, prose, Writer::new(out, White::Screens));
    }
}

/// Renders prose as plain text.
pub fn plain(story: &Story, state: &State, role: RoleId, prose: ProseId) -> String {
    let mut out = String::new();
    plain_into(story, state, role, prose, &mut out);
    out
}

/// Renders prose as Markdown; [`SCREEN`] alone in a paragraph ends a screen.
pub fn markdown(story: &Story, state: &State, role: RoleId, prose: ProseId) -> String {
    let mut out = String::new();
    run(story, state, role, prose, Writer::new(&mut out, White::Markdown));
    out
}

/// What white space becomes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum White {
    /// Spaces and blank lines.
    Plain,
    /// The same, and the ends of screens.
    Screens,
    /// Ends of lines and of screens are kept.
    Markdown,
}

/// Joins pieces of text: of the white spaces that meet, the greatest stands, and none at the ends.
struct Writer<'a> {
    out: &'a mut String,
    form: White,
    gap: Gap,
}

impl<'a> Writer<'a> {
    fn new(out: &'a mut String, form: White) -> Writer<'a> {
        let mut writer = Writer { out, form, gap: Gap::None };
        writer.begin_paragraph();
        writer
    }

    fn begin_paragraph(&mut self) {
        self.gap = Gap::Paragraph;
    }

    #[inline]
    fn widen(&mut self, gap: Gap) {
        self.gap = self.gap.max(gap);
    }

    #[inline]
    fn text(&mut self, text: &str, lead: Gap, trail: Gap) {
        self.widen(lead);
        if text.is_empty() {
            return self.widen(trail);
        }
        self.open();
        self.out.push_str(text);
        self.gap = trail;
    }

    /// Writes the white space that stands, before text that is there.
    #[inline]
    fn open(&mut self) {
        if !self.out.is_empty() {
            self.out.push_str(match (self.gap, self.form) {
                (Gap::None, _) => "",
                (Gap::Space, _) | (Gap::Line, White::Plain | White::Screens) => " ",
                (Gap::Line, White::Markdown) => "\n",
                (Gap::Paragraph, _) | (Gap::Screen, White::Plain) => "\n\n",
                (Gap::Screen, White::Markdown | White::Screens) => "\n\n\u{c}\n\n",
            });
        }
        self.gap = Gap::None;
    }
}

/// Runs the ops of a piece of prose. Jumps only lead forward, so this ends.
fn run(story: &Story, state: &State, role: RoleId, prose: ProseId, mut writer: Writer<'_>) {
    let code = &story.code;
    let ops = code.proses[prose.index()].ops;
    let mut at = ops.start;
    while at < ops.end {
        at = match code.ops[at as usize] {
            Op::Text { start, len, lead, trail } => {
                writer.text(&code.text[start as usize..(start + len) as usize], lead, trail);
                at + 1
            }
            Op::Gap(gap) => {
                writer.widen(gap);
                at + 1
            }
            Op::Unless(condition, to) => {
                if eval::value(story, state, role, condition) == 0 {
                    to
                } else {
                    at + 1
                }
            }
            Op::Jump(to) => to,
            Op::Value(expr, form) => {
                value(story, state, role, expr, form, &mut writer);
                at + 1
            }
            Op::Name(of) => {
                writer.text(&story.roles[of.index()].name, Gap::None, Gap::None);
                at + 1
            }
            Op::First { scene, arms, len } => {
                let visit = visits(story, state, scene, |visits| visits.count).max(1) - 1;
                code.arms[arms as usize + (visit as usize).min(len as usize - 1)]
            }
            Op::Cycle { scene, arms, len } => {
                let turn = visits(story, state, scene, |visits| visits.turn) - 1;
                code.arms[arms as usize + turn.rem_euclid(i64::from(len)) as usize]
            }
            Op::Any { key, arms, len } => {
                let drawn = mix(state.seed, code.keys[key as usize]) % u64::from(len);
                code.arms[arms as usize + drawn as usize]
            }
        };
    }
}

fn visits(
    story: &Story,
    state: &State,
    scene: SceneId,
    which: impl Fn(crate::story::layout::Visits) -> Option<(Field, u32)>,
) -> i64 {
    which(story.layout.visits(scene)).map_or(1, |(field, _)| state.get(field))
}

fn value(story: &Story, state: &State, role: RoleId, expr: ExprId, form: Form, writer: &mut Writer<'_>) {
    let value = eval::value(story, state, role, expr);
    match form {
        Form::Number => {
            // Through the writer, so that the white space before it stands; the digits then follow
            // without a string of their own.
            writer.open();
            let _ = write!(writer.out, "{value}");
        }
        Form::Symbol(variable) => {
            if let Kind::Symbol(names) = &story.variables[variable.index()].kind
                && let Some(name) = usize::try_from(value).ok().and_then(|index| names.get(index))
            {
                writer.text(&name.replace('_', " "), Gap::None, Gap::None);
            }
        }
        Form::Date => {
            let text = crate::calendar::long_date(
                &story.manifest.language,
                story.manifest.calendar,
                crate::calendar::Day(value as i32),
            );
            writer.text(&text, Gap::None, Gap::None);
        }
        Form::Role => {
            if let Some(role) = usize::try_from(value).ok().and_then(|index| story.roles.get(index)) {
                writer.text(&role.name, Gap::None, Gap::None);
            }
        }
    }
}
