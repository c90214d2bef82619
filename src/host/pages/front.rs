//! The end on the wall: the front page of a newspaper that the class has written by its choices.

use maud::{Markup, html};

use super::prose::prose;
use super::scene::role_name;
use crate::calendar::both_dates;
use crate::engine::{Play, Words, outcome};
use crate::host::world::Tongue;
use crate::record::{Verdict, verdict};
use crate::story::model::{EventId, RoleId};
use crate::tr;

/// Headlines below the first, at most: a page that is read from the last row.
const HEADLINES: usize = 5;

/// The front page. Its headlines are what came otherwise than in the record.
pub fn front_page(tongue: &Tongue, play: &Play, roles: &[RoleId]) -> Markup {
    let (words, story) = (&tongue.words, &tongue.story);
    let (language, calendar) = (words.language(), story.manifest.calendar);
    let first = roles.first().copied().unwrap_or(RoleId(0));
    let came = outcome(story, play.state()).map(|outcome| &story.outcomes[outcome.index()]);
    let events = (0..story.events.len()).filter_map(|index| verdict(story, play.state(), EventId(index as u32)));
    let mut otherwise: Vec<Verdict> = events.filter(|found| found.status.departs()).collect();
    otherwise.sort_by_key(|found| found.played.or(found.recorded));
    html! {
        p.kicker { (tr!(words, "The story is over")) }
        h1 lang=(story.manifest.language) { @match came { Some(came) => (came.title), None => (story.manifest.title) } }
        div.front {
            @if let Some(came) = came { div.story.long lang=(story.manifest.language) { (prose(&Words::render(story, play.state(), first, came.text).markdown, None)) } }
            div {
                section lang=(story.manifest.language) {
                    @for &role in roles {
                        @if let Some(ending) = play.view(story, role).ending {
                            h2 { (role_name(story, role)) }
                            p.ending { (story.scenes[ending.index()].ending.as_deref().unwrap_or_default()) }
                        }
                    }
                }
                @if !otherwise.is_empty() {
                    section {
                        h2 { (tr!(words, "Otherwise than in the record")) }
                        ul.plain { @for found in otherwise.iter().take(HEADLINES) { li {
                            strong lang=(story.manifest.language) { (story.events[found.event.index()].title) } ": "
                            @match found.played { Some(day) => (both_dates(language, calendar, day)), None => (tr!(words, "It did not happen.")) }
                        } } }
                    }
                }
            }
        }
    }
}
