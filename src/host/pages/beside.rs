//! Two classes and the record: three histories of one year, side by side.

use maud::{Markup, html};

use super::Frame;
use super::scene::role_name;
use crate::calendar::both_dates;
use crate::engine::{Cursor, Play, outcome};
use crate::host::world::Tongue;
use crate::record::{Verdict, fidelity, verdict};
use crate::story::model::EventId;
use crate::tr;

/// Events that are told, at most.
const TOLD: usize = 30;

/// A class: its code, and its play if it has one.
pub type Class<'a> = (&'a str, Option<&'a Play>);

/// Where another class is named.
pub fn form(tongue: &Tongue, code: &str, refused: Option<&str>) -> Markup {
    let words = &tongue.words;
    let title = tr!(words, "Beside another class");
    let inside = html! {
        main.narrow {
            p { a href={ "/t/" (code) "/debrief" } { "‹ " (tr!(words, "Back")) } }
            h1 { (title) }
            @if let Some(refused) = refused { p #refused.notice role="alert" { (refused) } }
            form method="get" action={ "/t/" (code) "/beside" } {
                label for="other" { (tr!(words, "The code of the other class; this browser must have its console too")) }
                input #other.code name="other" maxlength="12" autocomplete="off" spellcheck="false" required aria-describedby=[refused.map(|_| "refused")];
                button.primary { (tr!(words, "Compare")) }
            }
        }
    };
    Frame::still(words, &title, "door").around(&inside)
}

/// The three histories.
pub fn beside(tongue: &Tongue, classes: [Class<'_>; 2]) -> Markup {
    let (words, story) = (&tongue.words, &tongue.story);
    let title = tr!(words, "Three histories");
    let [(code, _), _] = classes;
    let verdicts = |(_, play): Class<'_>, event: EventId| verdict(story, play?.state(), event);
    let departs = |found: &Option<Verdict>| found.as_ref().is_some_and(|verdict| verdict.status.departs());
    let events = (0..story.events.len()).map(|index| EventId(index as u32));
    let told = events.map(|event| (event, classes.map(|class| verdicts(class, event))));
    let mut told: Vec<_> = told.filter(|(_, found)| found.iter().any(departs)).collect();
    told.sort_by_key(|(_, found)| found.iter().flatten().find_map(|one| one.recorded.or(one.played)));
    let inside = html! {
        main.wide {
            p.noprint { a href={ "/t/" (code) "/debrief" } { "‹ " (tr!(words, "Back")) } }
            h1 { (title) }
            div.scroll tabindex="0" { table.groups {
                thead { tr { th scope="col" { span.unseen { (tr!(words, "What")) } } th scope="col" { (tr!(words, "The record")) } @for (code, _) in classes { th.codelet scope="col" { (code) } } } }
                tbody {
                    tr { th scope="row" { (tr!(words, "Kept of the record")) } td { "100 %" } @for (_, play) in classes { td { (kept(tongue, play)) } } }
                    tr { th scope="row" { (tr!(words, "The city")) }
                        td lang=(story.manifest.language) { (story.outcomes.iter().find(|outcome| outcome.historical).map_or("–", |outcome| outcome.title.as_str())) }
                        @for (_, play) in classes { td lang=(story.manifest.language) { (city(tongue, play)) } } }
                    @for role in story.playable().filter(|role| classes.iter().any(|(_, play)| play.is_some_and(|play| play.setup().roles.contains(role)))) {
                        tr { th scope="row" lang=(story.manifest.language) { (role_name(story, role)) } td { "–" }
                            @for (_, play) in classes { td lang=(story.manifest.language) {
                                @match play.map(|play| play.state().cursor(story, role)) {
                                    Some(Cursor::Ending(scene)) => (story.scenes[scene.index()].ending.as_deref().unwrap_or_default()),
                                    _ => "–",
                                }
                            } } }
                    }
                    @for (event, found) in told.iter().take(TOLD) {
                        tr {
                            th scope="row" lang=(story.manifest.language) { (story.events[event.index()].title) }
                            td { (day(tongue, found.iter().flatten().next().and_then(|one| one.recorded))) }
                            @for one in found { td { @match one { Some(one) => (day(tongue, one.played)), None => "–" } } }
                        }
                    }
                }
            } }
            @if told.is_empty() { p { (tr!(words, "Neither parted from the record, so far as it is told here.")) } }
            p { (tr!(words, "Where do the two part from each other, and because of which vote?")) }
        }
    };
    Frame::still(words, &title, "debrief").around(&inside)
}

fn kept(tongue: &Tongue, play: Option<&Play>) -> String {
    play.map_or_else(|| "–".to_owned(), |play| format!("{:.0} %", fidelity(&tongue.story, play.state()) * 100.0))
}

fn city(tongue: &Tongue, play: Option<&Play>) -> String {
    let came = play.and_then(|play| outcome(&tongue.story, play.state()));
    came.map_or_else(|| "–".to_owned(), |outcome| tongue.story.outcomes[outcome.index()].title.clone())
}

fn day(tongue: &Tongue, day: Option<crate::calendar::Day>) -> String {
    let calendar = tongue.story.manifest.calendar;
    day.map_or_else(
        || tr!(tongue.words, "It did not happen."),
        |day| both_dates(tongue.words.language(), calendar, day),
    )
}
