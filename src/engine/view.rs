//! From a state to what a player sees.

use super::offer::{Offer, Pick, offers};
use super::render::{SCREEN, markdown, plain};
use super::state::{Cursor, Place, State};
use crate::calendar::Day;
use crate::lang::ProseId;
use crate::story::model::{EntryId, EventId, OutcomeId, RoleId, SceneId, Story, VariableId};

/// Prose in the two forms in which shells show it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// Markdown; a paragraph of [`super::SCREEN`] alone ends a screen.
    pub markdown: String,
    /// Words and paragraphs alone.
    pub plain: String,
}

impl Words {
    /// Renders a piece of prose, or nothing.
    pub fn render(story: &Story, state: &State, role: RoleId, prose: Option<ProseId>) -> Words {
        prose.map_or_else(Words::default, |prose| Words {
            markdown: markdown(story, state, role, prose),
            plain: plain(story, state, role, prose),
        })
    }

    /// Whether there is nothing to read.
    pub fn is_empty(&self) -> bool {
        self.plain.is_empty()
    }

    /// Adds words after a blank line.
    pub fn append(&mut self, other: &Words) {
        self.join(other, "\n\n");
    }

    /// Adds words on a screen of their own.
    pub fn append_screen(&mut self, other: &Words) {
        self.join(other, &format!("\n\n{SCREEN}\n\n"));
    }

    fn join(&mut self, other: &Words, between: &str) {
        for (mine, others, between) in
            [(&mut self.markdown, &other.markdown, between), (&mut self.plain, &other.plain, "\n\n")]
        {
            if !mine.is_empty() && !others.is_empty() {
                mine.push_str(between);
            }
            mine.push_str(others);
        }
    }
}

/// What happened around a player.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    /// The event.
    pub event: EventId,
    /// The day on which it happened.
    pub day: Day,
    /// What the player reads of it.
    pub text: Words,
}

/// Something to choose, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choosable {
    /// What taking it does.
    pub pick: Pick,
    /// Its id among these: a choice's own, a storylet's scene, `continue`.
    pub id: String,
    /// Its label; while it is closed, why.
    pub text: String,
    /// Whether it can be taken now.
    pub open: bool,
}

/// What a player sees at one moment, the answer to the last choice and the news apart.
#[derive(Clone, Debug)]
pub struct View {
    /// Who sees it.
    pub role: RoleId,
    /// Where the role stands.
    pub cursor: Cursor,
    /// The id of the scene or hinge.
    pub at: String,
    /// The role's day; at its ending the day on which that began.
    pub day: Day,
    /// The place, of the codex.
    pub place: Option<EntryId>,
    /// The title of the scene or hinge.
    pub title: String,
    /// The prose of the scene; of a hinge what everybody reads, then the private briefing.
    pub text: Words,
    /// What can be taken, in order.
    pub options: Vec<Choosable>,
    /// The barometers and their values in this state.
    pub barometers: Vec<(VariableId, i64)>,
    /// The personal ending, where it is reached.
    pub ending: Option<SceneId>,
    /// The outcome for the city, once the whole play is over.
    pub outcome: Option<OutcomeId>,
    /// Whether the role waits for others, or for its day.
    pub waiting: bool,
    /// Whether the story leaves the role nothing to do although its play is not over: a fault of
    /// the story.
    pub stuck: bool,
}

/// Returns what a role sees.
pub fn view(story: &Story, state: &State, role: RoleId) -> View {
    let cursor = state.cursor(story, role);
    let place = match cursor {
        Cursor::Absent => None,
        Cursor::Scene(scene) | Cursor::Asked(scene, _) | Cursor::Ending(scene) => Some(Place::Scene(scene)),
        Cursor::Hinge(hinge, _) => Some(Place::Hinge(hinge)),
        Cursor::Going(place) => Some(place),
    };
    let going = matches!(cursor, Cursor::Going(_));
    let mut view = View {
        role,
        cursor,
        at: String::new(),
        day: match cursor {
            // The calendar has gone on without the role.
            Cursor::Ending(_) => state.ended_on(story, role),
            _ => state.today(story, role),
        },
        place: None,
        title: String::new(),
        text: Words::default(),
        options: options(story, state, role),
        barometers: barometers(story, state),
        ending: None,
        outcome: super::clock::outcome(story, state),
        waiting: false,
        stuck: false,
    };
    match place {
        Some(Place::Scene(scene)) => {
            let declared = &story.scenes[scene.index()];
            view.at = declared.id.to_string();
            view.place = declared.place;
            view.title = declared.title.to_string();
            // Prose of a scene that was not entered would be read before its day.
            view.text = Words::render(story, state, role, declared.text.filter(|_| !going));
            view.ending = matches!(cursor, Cursor::Ending(_)).then_some(scene);
        }
        Some(Place::Hinge(hinge)) => {
            let declared = &story.hinges[hinge.index()];
            view.at = declared.id.to_string();
            view.place = declared.place;
            view.title = declared.title.to_string();
            view.text = Words::render(story, state, role, declared.text.filter(|_| !going));
            let side = story.side_of(hinge, role).and_then(|side| story.sides[side.index()].text);
            view.text.append_screen(&Words::render(story, state, role, side.filter(|_| !going)));
        }
        None => {}
    }
    let idle = view.options.iter().all(|option| !option.open);
    view.waiting = going || (matches!(cursor, Cursor::Hinge(..)) && idle);
    view.stuck = idle && matches!(cursor, Cursor::Scene(_) | Cursor::Asked(..));
    view
}

/// The barometers and their values.
pub fn barometers(story: &Story, state: &State) -> Vec<(VariableId, i64)> {
    story.barometers().map(|id| (id, state.value(story, id))).collect()
}

/// What a role sees it could take, with labels.
pub fn options(story: &Story, state: &State, role: RoleId) -> Vec<Choosable> {
    offers(story, state, role).into_iter().map(|offer| option(story, state, role, offer)).collect()
}

fn option(story: &Story, state: &State, role: RoleId, Offer { pick, open }: Offer) -> Choosable {
    let (id, text) = match pick {
        Pick::Choice(choice) => {
            let declared = &story.choices[choice.index()];
            let label = if open { declared.text } else { declared.locked.unwrap_or(declared.text) };
            (declared.id.to_string(), plain(story, state, role, label))
        }
        Pick::Storylet(scene) => {
            let declared = &story.scenes[scene.index()];
            let teaser = declared.storylet.as_ref().and_then(|storylet| storylet.teaser);
            let text = teaser.map_or_else(|| declared.title.to_string(), |teaser| plain(story, state, role, teaser));
            (declared.id.to_string(), text)
        }
        Pick::Continue => ("continue".to_owned(), String::new()),
    };
    Choosable { pick, id, text, open }
}
