//! Pages before a seat: the door, the way back to a seat, what a phone sees, what is kept.

use std::net::IpAddr;

use maud::{Markup, html};

use super::Frame;
use crate::catalogue::Catalogue;
use crate::host::room::Room;
use crate::host::store::Kind;
use crate::host::world::Tongue;
use crate::tr;

/// Where a seat is taken.
pub fn join(tongue: &Tongue, code: &str, room: &Room, offered: &str, refused: Option<&str>) -> Markup {
    let (story, words) = (&tongue.story, &tongue.words);
    let title = &story.manifest.title;
    let shut = room.locked || room.ended;
    let inside = html! {
        main.narrow {
            h1.masthead lang=(story.manifest.language) { (title) }
            @if let Some(refused) = refused { p #refused.notice role="alert" { (refused) } }
            @if room.ended { p { (tr!(words, "The lesson is over.")) } }
            @else if shut { p { (tr!(words, "The door is shut. Ask your teacher.")) } }
            @else {
                form method="post" action={ "/j/" (code) } {
                    input type="hidden" name="offered" value=(offered);
                    p { (tr!(words, "In class you will be called")) }
                    p.alias.large { (offered) }
                    button.primary autofocus { (tr!(words, "Take a seat")) }
                    details {
                        summary { (tr!(words, "I would rather choose a name")) }
                        label for="alias" { (tr!(words, "A name for this lesson, not your own; your teacher sees it first")) }
                        input #alias name="alias" maxlength="24" autocomplete="off" aria-describedby=[refused.map(|_| "refused")];
                        button { (tr!(words, "Take a seat under this name")) }
                    }
                }
            }
            p.small {
                a href={ "/j/" (code) "/again" } { (tr!(words, "I had a seat")) } " · "
                a href="/privacy" { (tr!(words, "What this server keeps")) }
            }
        }
    };
    Frame::still(words, title, "door").around(&inside)
}

/// Where the two words are typed.
pub fn again(tongue: &Tongue, code: &str, refused: Option<&str>) -> Markup {
    let words = &tongue.words;
    let title = tr!(words, "Back to your seat");
    let inside = html! {
        main.narrow {
            h1 { (title) }
            @if let Some(refused) = refused { p #refused.notice role="alert" { (refused) } }
            form method="post" action={ "/j/" (code) "/again" } {
                label for="words" { (tr!(words, "Your two words")) }
                input #words name="words" autocomplete="off" autocapitalize="none" spellcheck="false" maxlength="60" required autofocus;
                p.small { (tr!(words, "They stand on your page under “Ask, or move to another device”. Your teacher can give you new ones.")) }
                button.primary { (tr!(words, "Ask for my seat")) }
            }
        }
    };
    Frame::still(words, &title, "door").around(&inside)
}

/// A device asked for a seat.
pub fn asked(tongue: &Tongue, code: &str) -> Markup {
    let words = &tongue.words;
    let title = tr!(words, "Ask your teacher");
    let to = format!("/j/{code}/again?asked=1");
    let inside = html! {
        main #live.narrow data-reload=(to) {
            h1 { (title) }
            p { (tr!(words, "Your teacher has to say yes. This page then goes on by itself.")) }
            p { a.button href=(to) { (tr!(words, "Look again")) } }
        }
    };
    let mut frame = Frame::still(words, &title, "door");
    frame.again = Some((5, to));
    frame.around(&inside)
}

/// What a phone on this network sees.
pub fn check(words: &Catalogue, address: IpAddr) -> Markup {
    let title = tr!(words, "This phone reaches the class");
    let inside = html! {
        main.narrow {
            h1 { (title) }
            p { (tr!(words, "The teacher's machine sees this device as {address}.", address = address)) }
            p #stream-check data-check="/check/stream" data-ok=(tr!(words, "Live pages work here.")) data-slow=(tr!(words, "Something on this network holds live pages back. The class still works: pages ask every three seconds.")) role="status" {
                noscript { (tr!(words, "Scripts are off. The class works without them: press “Look again” on each page.")) }
            }
            h2 { (tr!(words, "If other phones see nothing")) }
            ul {
                li { (tr!(words, "They have to be on the same Wi-Fi as the teacher's machine, not on the guests' and not on mobile data.")) }
                li { (tr!(words, "Some school networks keep devices apart. Then open a hotspot on the teacher's machine or a phone and let everybody join that.")) }
                li { (tr!(words, "Or play on one keyboard: petrograd play --roles.")) }
            }
        }
    };
    Frame::still(words, &title, "door").around(&inside)
}

/// The data sheet for the school.
pub fn privacy(words: &Catalogue, title: &str, days: u32, kind: Kind, encrypted: bool) -> Markup {
    let place = match kind {
        Kind::Sqlite => tr!(words, "In one file on the teacher's machine, readable by its owner alone."),
        Kind::Postgres => tr!(words, "In the database of whoever runs this server."),
    };
    let way = if encrypted {
        tr!(words, "Pages travel encrypted (HTTPS) between your browser and this server.")
    } else {
        tr!(
            words,
            "In a classroom pages travel as plain HTTP: whoever is on the same network could read them. So nothing personal is asked for."
        )
    };
    let rows = [
        (
            tr!(words, "What"),
            tr!(
                words,
                "A made-up name, votes, and what you write: notes, questions, pledges, reasons, a sentence at the end. No real names, no accounts, no addresses, no tracking."
            ),
        ),
        (tr!(words, "Where"), place),
        (
            tr!(words, "How long"),
            tr!(words, "Until the teacher deletes it, at the latest {days} days after the last lesson.", days = days),
        ),
        (
            tr!(words, "Who sees it"),
            tr!(
                words,
                "The teacher sees names, votes and what you write. Classmates see names, and names beside votes only in a declared roll-call; a pledge is seen by the two whom it concerns, the sentence at the end by nobody else."
            ),
        ),
        (
            tr!(words, "Cookies"),
            tr!(
                words,
                "One that holds your seat, one for the language, one that counts wrong codes. Each is this server's own and ends by itself."
            ),
        ),
        (tr!(words, "On the way"), way),
        (tr!(words, "Others"), tr!(words, "Nothing is asked of, or sent to, any other server.")),
    ];
    let inside = html! {
        main.narrow {
            h1 { (title) }
            dl.sheet { @for (name, text) in &rows { dt { (name) } dd { (text) } } }
            p { (tr!(words, "Deleting removes names, votes and notes; what is left is the course of the story and the counts, which name nobody. Copies that somebody made of the file or of an export are theirs to delete.")) }
        }
    };
    Frame::still(words, title, "door").around(&inside)
}
