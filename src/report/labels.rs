//! What was on offer when something was chosen. Labels are prose, rendered from the state of their
//! moment: so the play is taken once more.

use crate::engine::{Choosable, Pick, Play, options, place_name};
use crate::story::Story;

/// One moment of a play, as it was shown.
#[derive(Clone, Debug, Default)]
pub(super) struct Moment {
    options: Vec<Choosable>,
    /// The title of the scene or hinge.
    pub(super) title: String,
}

impl Moment {
    /// The label of what could be taken.
    pub(super) fn label(&self, pick: Pick) -> &str {
        let option = self.options.iter().find(|option| option.pick == pick);
        option.map_or("", |option| option.text.as_str())
    }
}

/// The moments of a play, in the order of its log.
pub(super) fn moments(story: &Story, play: &Play) -> Vec<Moment> {
    let mut again = Play::begin(story, play.setup().clone());
    let mut moments = Vec::new();
    for entry in play.log() {
        let role = entry.input.role;
        let title = title(story, place_name(story, again.state(), role));
        moments.push(Moment { options: options(story, again.state(), role), title });
        // It is a play's own log: it was taken before, from the same state.
        let _ = again.take_falling(story, entry.input, &entry.fell);
    }
    moments
}

fn title(story: &Story, id: &str) -> String {
    let scene = story.scene_named(id).map(|scene| &story.scenes[scene.index()].title);
    let hinge = story.hinge_named(id).map(|hinge| &story.hinges[hinge.index()].title);
    scene.or(hinge).map_or_else(String::new, ToString::to_string)
}
