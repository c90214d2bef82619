//! What people see: HTML that works as it stands, with a script that only makes it livelier.

mod alone; // somebody who plays alone
pub mod beside; // two classes and the record
mod board; // what won, and by how much
mod caucus; // what a group has to itself
pub mod codex; // persons, places, terms
pub mod console; // the teacher's one screen
mod controls; // its buttons
pub mod debrief; // our Petrograd and 1917
mod decisions; // what was decided, vote by vote
mod front; // the end, on the wall
mod groups; // the groups, on the console
mod heat; // where everybody is who plays alone
pub mod join; // to a seat
pub mod paper; // for a lesson without a network
mod people; // seats, on the console
mod practice; // a vote on a trifle
pub mod projector; // for everybody to see
mod prose; // Markdown to HTML
pub mod qr; // codes for phones
pub mod scene; // what a role reads
mod spread; // many plays side by side
pub mod student; // a student's page
pub mod watch; // a seat, as the teacher looks at it
pub mod writings; // what students write

use std::sync::LazyLock;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::secret::hash;
use super::world::World;
use crate::calendar::{Calendar, Day, long_date};
use crate::catalogue::Catalogue;
use crate::tr;

const STYLE: &str = include_str!("../assets/style.css");
const SCRIPT: &str = include_str!("../assets/live.js");
const ICON: &str = include_str!("../assets/icon.svg");

/// The files of the pages, named by what they say so that they can be kept for ever.
static NAMES: LazyLock<[String; 3]> = LazyLock::new(|| {
    let short = |text: &str| hash(text).chars().take(12).collect::<String>();
    [
        format!("{}.css", short(STYLE)),
        format!("{}.js", short(&format!("{SCRIPT}{}", env!("CARGO_PKG_VERSION")))),
        format!("{}.svg", short(ICON)),
    ]
});

/// A file of the pages: its type and what it says.
pub fn asset(name: &str) -> Option<(&'static str, &'static str)> {
    match NAMES.iter().position(|known| known == name)? {
        0 => Some(("text/css; charset=utf-8", STYLE)),
        1 => Some(("text/javascript; charset=utf-8", SCRIPT)),
        _ => Some(("image/svg+xml", ICON)),
    }
}

/// What a whole page is made of.
pub struct Frame<'a> {
    /// Language of the program's words.
    pub language: &'a str,
    /// In the browser's title.
    pub title: &'a str,
    /// Which of the pages: a class of the body.
    pub kind: &'a str,
    /// Seconds after which a browser without script looks again, and where.
    pub again: Option<(u32, String)>,
    /// Words of the script: what it says when it loses the class.
    pub lost: String,
}

impl<'a> Frame<'a> {
    /// A page that stands still.
    pub fn still(words: &'a Catalogue, title: &'a str, kind: &'a str) -> Frame<'a> {
        Frame { language: words.language(), title, kind, again: None, lost: lost(words) }
    }

    /// The page as a file to keep: its style inside, no script, nothing that asks a network.
    pub fn kept(&self, inside: &Markup) -> Markup {
        let head = html! { style { (raw(STYLE.to_owned())) } };
        self.document(&head, &html! { body class=(self.kind) { (inside) } })
    }

    /// The page around what is in it.
    pub fn around(&self, inside: &Markup) -> Markup {
        let [style, script, icon] = &*NAMES;
        let head = html! {
            link rel="stylesheet" href={ "/static/" (style) };
            link rel="icon" href={ "/static/" (icon) } type="image/svg+xml";
            @if let Some((seconds, to)) = &self.again {
                noscript { meta http-equiv="refresh" content={ (seconds) ";url=" (to) }; }
            }
            script type="module" src={ "/static/" (script) } {}
        };
        let body = html! {
            body class=(self.kind) data-lost=(self.lost) {
                (inside)
                p #heard role="status" aria-live="polite" {}
            }
        };
        self.document(&head, &body)
    }

    /// What every page begins with, and what else it has.
    fn document(&self, head: &Markup, body: &Markup) -> Markup {
        html! {
            (DOCTYPE)
            html lang=(self.language) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    title { (self.title) }
                    (head)
                }
                (body)
            }
        }
    }
}

fn lost(words: &Catalogue) -> String {
    tr!(words, "The class can't be reached. Trying again; nothing you chose is lost.")
}

/// One sentence on a page of its own.
pub fn notice(words: &Catalogue, text: &str) -> Markup {
    let title = tr!(words, "Petrograd");
    let inside = html! { main.narrow { h1 { (title) } p.notice role="alert" { (text) } p { a href="/" { (tr!(words, "To the door")) } } } };
    Frame::still(words, &title, "door").around(&inside)
}

/// Where join codes are typed.
pub fn front(words: &Catalogue, world: &World, refused: Option<&str>) -> Markup {
    let title = &world.story().manifest.title;
    let inside = html! {
        main.narrow {
            h1.masthead { (title) }
            form method="post" action="/" {
                label for="code" { (tr!(words, "The six letters on the screen")) }
                input #code.code name="code" autocomplete="off" autocapitalize="characters" spellcheck="false"
                    maxlength="12" required autofocus aria-describedby=[refused.map(|_| "refused")];
                @if let Some(refused) = refused { p #refused.notice role="alert" { (refused) } }
                button.primary { (tr!(words, "Come in")) }
            }
            p.small { a href="/privacy" { (tr!(words, "What this server keeps")) } " · " a href="/check" { (tr!(words, "Check this phone")) } }
        }
    };
    Frame::still(words, title, "door").around(&inside)
}

/// A form whose button asks for one thing and nothing else.
fn button(to: &str, fields: &[(&str, &str)], class: &str, label: &str) -> Markup {
    html! {
        form.one method="post" action=(to) data-live {
            @for (name, value) in fields { input type="hidden" name=(name) value=(value); }
            button class=(class) { (label) }
        }
    }
}

/// The day of a time (milliseconds since 1970), as people write it today.
fn civil_date(language: &str, time: u64) -> String {
    let epoch = Calendar::Gregorian.day(1970, 1, 1).unwrap_or(Day(0));
    let day = epoch.plus(i32::try_from(time / 86_400_000).unwrap_or(0));
    let year = Calendar::Gregorian.parts(day).year;
    let of = if language.starts_with("es") { " de" } else { "" };
    format!("{}{of} {year}", long_date(language, Calendar::Gregorian, day))
}

/// Markup that was made elsewhere.
fn raw(text: String) -> Markup {
    PreEscaped(text)
}
