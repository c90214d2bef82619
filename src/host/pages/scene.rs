//! What a role reads: the day in both calendars, the place, the news, the prose.

use maud::{Markup, html};

use super::prose::prose;
use crate::calendar::both_dates;
use crate::engine::{News, Play, View, Words};
use crate::host::world::Tongue;
use crate::story::Story;
use crate::story::model::{RoleId, Scholarship};
use crate::{tr, trn};

/// News that are read at once; what came before them is folded, so that a telephone comes to the scene.
const LATEST: usize = 4;

/// What a role reads at one moment of a play.
pub struct Scene<'a> {
    /// In which language.
    pub tongue: &'a Tongue,
    /// The play.
    pub play: &'a Play,
    /// Who reads.
    pub role: RoleId,
    /// Below which path words can be looked up; nowhere where there is none.
    pub base: Option<&'a str>,
}

impl Scene<'_> {
    /// What the engine shows.
    pub fn view(&self) -> View {
        self.play.view(&self.tongue.story, self.role)
    }

    /// Day, place and title.
    pub fn head(&self, view: &View) -> Markup {
        let story = &self.tongue.story;
        let place = view.place.map(|place| story.codex[place.index()].name.as_str());
        let title = if view.title.is_empty() { story.manifest.title.as_str() } else { &view.title };
        html! {
            p.day { (both_dates(self.tongue.words.language(), story.manifest.calendar, view.day))
                @if let Some(place) = place { " · " span lang=(story.manifest.language) { (place) } } }
            h1 tabindex="-1" lang=(story.manifest.language) { (title) }
        }
    }

    /// What was answered, the news, and the scene itself.
    pub fn text(&self, view: &View) -> Markup {
        let (story, words) = (&self.tongue.story, &self.tongue.words);
        let said = self.play.said(self.role);
        let news = self.play.news(self.role);
        html! {
            div.story lang=(story.manifest.language) {
                @if !said.is_empty() { div.said { (prose(&said.markdown, self.base)) } }
                @if !news.is_empty() {
                    section.news {
                        h2 lang=(words.language()) { (tr!(words, "News")) }
                        @let (earlier, latest) = news.split_at(news.len().saturating_sub(LATEST));
                        @if !earlier.is_empty() {
                            details #earlier {
                                summary lang=(words.language()) { (trn!(words, "{n} earlier", "{n} earlier", earlier.len())) }
                                (self.news(earlier))
                            }
                        }
                        (self.news(latest))
                    }
                }
                (prose(&view.text.markdown, self.base))
            }
        }
    }

    fn news(&self, news: &[News]) -> Markup {
        let (story, words) = (&self.tongue.story, &self.tongue.words);
        html! {
            @for one in news {
                div { p.day lang=(words.language()) { (both_dates(words.language(), story.manifest.calendar, one.day)) } (prose(&one.text.markdown, self.base)) }
            }
        }
    }

    /// Who the role is.
    pub fn card(&self) -> Markup {
        let story = &self.tongue.story;
        let role = &story.roles[self.role.index()];
        let text = Words::render(story, self.play.state(), self.role, role.text);
        html! { div.story lang=(story.manifest.language) { (prose(&text.markdown, self.base)) } }
    }
}

/// A role's name; the story's title where its one role has none.
pub fn role_name(story: &Story, role: RoleId) -> &str {
    let name = story.roles[role.index()].name.as_str();
    if name.is_empty() { &story.manifest.title } else { name }
}

/// The scholarship of a place of the story, by id.
pub fn scholarship<'a>(story: &'a Story, at: &str) -> Option<&'a Scholarship> {
    let hinge = story.hinge_named(at).and_then(|hinge| story.hinges[hinge.index()].scholarship.as_deref());
    hinge.or_else(|| story.scene_named(at).and_then(|scene| story.scenes[scene.index()].scholarship.as_deref()))
}

/// The title of a place of the story, by id.
pub fn title<'a>(story: &'a Story, at: &str) -> &'a str {
    let hinge = story.hinge_named(at).map(|hinge| &*story.hinges[hinge.index()].title);
    hinge.or_else(|| story.scene_named(at).map(|scene| &*story.scenes[scene.index()].title)).unwrap_or_default()
}

/// What everybody reads at a hinge; nothing elsewhere.
pub fn public(tongue: &Tongue, play: &Play, at: &str) -> Option<Markup> {
    let story = &tongue.story;
    let hinge = &story.hinges[story.hinge_named(at)?.index()];
    let first = story.playable().next()?;
    let text = Words::render(story, play.state(), first, hinge.text);
    Some(html! { div.story lang=(story.manifest.language) { (prose(&text.markdown, None)) } })
}
