//! The paper fall-back: one page to print, for a lesson without a network. Role slips and ballots to
//! cut out, and a table to count in.

use maud::{Markup, html};

use super::Frame;
use super::board::labels;
use super::prose::prose;
use super::scene::role_name;
use crate::calendar::both_dates;
use crate::engine::{Play, Setup, Words};
use crate::host::world::Tongue;
use crate::story::model::RoleId;
use crate::tr;

/// Ballots on a page.
const BALLOTS: usize = 6;
/// What can be chosen by a ballot, by number: no scene offers more.
const NUMBERS: usize = 6;
/// Votes that can be counted on a page.
const VOTES: usize = 6;

/// What the page is drawn from.
pub struct Paper<'a> {
    /// In which language.
    pub tongue: &'a Tongue,
    /// The class, where there is one.
    pub code: Option<&'a str>,
    /// Its play, once it has begun.
    pub play: Option<&'a Play>,
    /// The file or folder of the story; nothing where it is the one built in.
    pub story: Option<&'a str>,
    /// Whether it is a file to keep.
    pub file: bool,
}

impl Paper<'_> {
    /// The page.
    pub fn page(&self) -> Markup {
        let (words, story) = (&self.tongue.words, &self.tongue.story);
        let title = tr!(words, "Without a network");
        let inside = html! {
            main.wide {
                @if let Some(code) = self.code.filter(|_| !self.file) {
                    p.noprint { a href={ "/t/" (code) } { "‹ " (tr!(words, "Back")) } " · " (tr!(words, "Print this page (Ctrl and P): one sheet for every six votes.")) }
                }
                header { h1 { span lang=(story.manifest.language) { (story.manifest.title) } " · " (title) } }
                (self.steps())
                section.slips { @for role in self.roles() { (self.slip(role)) } }
                section.slips.ballots { @for _ in 0..BALLOTS { (self.ballot()) } }
                (self.count())
            }
        };
        let frame = Frame::still(words, &title, "paper");
        if self.file { frame.kept(&inside) } else { frame.around(&inside) }
    }

    fn roles(&self) -> Vec<RoleId> {
        match self.play {
            Some(play) => play.setup().roles.to_vec(),
            None => self.tongue.story.playable().collect(),
        }
    }

    /// What to do with the page.
    fn steps(&self) -> Markup {
        let (words, story) = (&self.tongue.words, &self.tongue.story);
        let roles: Vec<&str> = self.roles().iter().map(|role| story.roles[role.index()].id.as_str()).collect();
        let who = if roles.len() == 1 { "--role" } else { "--roles" };
        let what = self.story.map(|story| format!("play {story} ")).unwrap_or_default();
        let command = format!("petrograd {what}{who} {} --digest", roles.join(","));
        html! {
            ol.steps {
                li { (tr!(words, "Cut along the lines. Each group gets its slip, each seat a ballot for every vote.")) }
                li { (tr!(words, "On your machine type {command} and read aloud: it asks one group after the other.", command = command)) }
                li { (tr!(words, "At each choice: two minutes of talk, ballots, count. Type the number with the most votes; between equals draw lots, and say so before.")) }
                li { (tr!(words, "At the end: petrograd report auto. Put the role down first.")) }
            }
        }
    }

    /// A group's slip: who they are, and what lies before them.
    fn slip(&self, role: RoleId) -> Markup {
        let (words, story) = (&self.tongue.words, &self.tongue.story);
        let fresh = Play::begin(story, Setup { roles: self.roles(), seed: 0, digest: true });
        let play = self.play.unwrap_or(&fresh);
        let text = Words::render(story, play.state(), role, story.roles[role.index()].text);
        let here = play.view(story, role);
        let options = labels(story, play.state(), role, words);
        html! {
            article.slip lang=(story.manifest.language) {
                h2 { (role_name(story, role)) }
                (prose(&text.markdown, None))
                @if !options.is_empty() && here.ending.is_none() {
                    p.small { (both_dates(words.language(), story.manifest.calendar, here.day)) " · " strong { (here.title) } }
                    ol { @for (_, label, open) in options { @if open { li { (label) } } } }
                }
            }
        }
    }

    fn ballot(&self) -> Markup {
        let (words, story) = (&self.tongue.words, &self.tongue.story);
        html! {
            article.slip {
                p { strong.box { (tr!(words, "Vote no.")) " ________" } " " span lang=(story.manifest.language) { @for role in self.roles() { span.box { "☐ " (role_name(story, role)) } " " } } span.box { "☐ " (tr!(words, "undecided")) } }
                p.numbers { @for number in 1..=NUMBERS { span.box { "☐ " (number) } " " } span.box { "☐ " (tr!(words, "I pass")) } }
                p.line { (tr!(words, "The best reason of the other side:")) }
            }
        }
    }

    fn count(&self) -> Markup {
        let words = &self.tongue.words;
        html! {
            table.count {
                thead { tr {
                    th scope="col" { (tr!(words, "No.")) } th.broad scope="col" { (tr!(words, "Scene and group")) }
                    @for number in 1..=NUMBERS { th scope="col" { (number) } }
                    th scope="col" { (tr!(words, "Passed")) } th.broad scope="col" { (tr!(words, "Done")) }
                } }
                tbody { @for number in 1..=VOTES { tr { th scope="row" { (number) } @for _ in 0..NUMBERS + 3 { td {} } } } }
            }
        }
    }
}
