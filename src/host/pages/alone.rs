//! Somebody who plays alone: their scene, and the place where all come together at the end.

use maud::{Markup, html};

use super::board::labels;
use super::civil_date;
use super::prose::prose;
use super::scene::Scene;
use super::student::{Seen, asks_reason};
use crate::engine::{Cursor, Words};
use crate::host::writer::now;
use crate::tr;

impl Seen<'_> {
    /// Their scene, and what they can take.
    pub fn alone(&self, scene: &Scene<'_>, number: u32) -> Markup {
        let (words, story) = (self.words(), &scene.tongue.story);
        let view = scene.view();
        let to = format!("/s/{}/step", self.code);
        let shut = self.room.due.is_some_and(|due| now() > due);
        let turn = scene.play.log().len().to_string();
        let language = &story.manifest.language;
        let labels = labels(story, scene.play.state(), scene.role, words);
        let reason = matches!(view.cursor, Cursor::Hinge(..)) && asks_reason(story, self.room, number, "");
        html! {
            @if let Some(due) = self.room.due.filter(|_| shut) {
                p.notice { (tr!(words, "This was open until {day}. What you came to is kept.", day = civil_date(words.language(), due))) }
            } @else if let Some(due) = self.room.due { p.small { (tr!(words, "Open until {day}.", day = civil_date(words.language(), due))) } }
            (scene.head(&view))
            (self.card(scene))
            (scene.text(&view))
            @if let Some(ending) = view.ending {
                p.ending lang=(language) { (story.scenes[ending.index()].ending.as_deref().unwrap_or_default()) }
                p { a.button.primary href={ "/s/" (self.code) "/debrief" } { (tr!(words, "Your course and the record")) } }
                (self.ticket(number))
            } @else if shut {
                p { a.button.primary href={ "/s/" (self.code) "/debrief" } { (tr!(words, "Your course and the record")) } }
            } @else {
                form #step.ballot method="post" action=(to) data-live {
                    input type="hidden" name="turn" value=(turn);
                    @if reason {
                        label for="reason" { (tr!(words, "Why? Ten words or more; your teacher reads them.")) }
                        textarea #reason name="reason" rows="3" maxlength="280" {}
                    }
                    @for (id, text, open) in &labels {
                        @if *open { button.choice #{ "o-" (id) } name="option" value=(id) lang=(language) { (text) } }
                        @else { p.locked lang=(language) { (text) } }
                    }
                }
            }
        }
    }

    /// Where all come together: how the record ends, whatever they came to themselves. The place
    /// of whoever had not finished is kept.
    pub fn gathered(&self, scene: &Scene<'_>) -> Markup {
        let (words, story) = (self.words(), &scene.tongue.story);
        let language = &story.manifest.language;
        let view = scene.view();
        let outcome = story.outcomes.iter().find(|outcome| outcome.historical);
        html! {
            h1 tabindex="-1" { (tr!(words, "All together")) }
            @match view.ending {
                Some(ending) => {
                    p { (tr!(words, "You came to an end:")) }
                    p.ending lang=(language) { (story.scenes[ending.index()].ending.as_deref().unwrap_or_default()) }
                }
                None => p { (tr!(words, "You came as far as this, and can go on from there later:")) " " strong lang=(language) { (view.title) } },
            }
            @if let Some(outcome) = outcome {
                h2 { (tr!(words, "How the record ends")) }
                div.story lang=(language) {
                    p { strong { (outcome.title) } }
                    (prose(&Words::render(story, scene.play.state(), scene.role, outcome.text).markdown, None))
                }
            }
            p { a.button.primary href={ "/s/" (self.code) "/debrief" } { (tr!(words, "Your course and the record")) } }
        }
    }
}
