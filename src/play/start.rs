//! What is asked before a play begins: who is played.

use std::io::{self, Write};

use super::console::{Console, Request, Typed, show};
use super::line::{self, nearest};
use super::look::{Look, Tone};
use super::prose::prose;
use crate::catalogue::Catalogue;
use crate::engine::{Choosable, Pick, Setup, Words, start};
use crate::story::model::{RoleId, Story};
use crate::tr;

/// Who is to be played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Whoever comes first.
    Default,
    /// This role.
    Role(RoleId),
    /// Nobody: the player has left.
    Left,
}

/// The role that a player names.
///
/// # Errors
///
/// Says why it can't be played, and who can.
pub fn role_named(story: &Story, words: &Catalogue, name: &str) -> Result<RoleId, String> {
    match story.role_named(name) {
        Some(role) if story.roles[role.index()].start.is_some() => Ok(role),
        Some(_) => Err(tr!(words, "The role `{role}` can't be played in this story.", role = name)),
        None => {
            let ids: Vec<&str> = story.playable().map(|role| story.roles[role.index()].id.as_str()).collect();
            Err(match nearest(name, ids.iter().copied(), |id| id) {
                Some(near) => {
                    tr!(words, "No role is called `{role}`. Did you mean `{near}`?", role = name, near = near)
                }
                None => tr!(
                    words,
                    "No role is called `{role}`. These can be played: {roles}.",
                    role = name,
                    roles = ids.join(", ")
                ),
            })
        }
    }
}

/// Asks which role is to be played.
///
/// # Errors
///
/// Where nothing can be read or written.
pub fn ask_role(
    story: &Story,
    words: &Catalogue,
    look: &Look,
    console: &mut dyn Console,
    out: &mut dyn Write,
) -> io::Result<Answer> {
    let roles: Vec<RoleId> = story.playable().collect();
    let name = |role: &RoleId| story.roles[role.index()].name.clone();
    let option = |role: &RoleId| Choosable { pick: Pick::Continue, id: String::new(), text: name(role), open: true };
    let options: Vec<Choosable> = roles.iter().map(option).collect();
    show(&who(story, words, look, &roles), out)?;
    loop {
        let request = Request { options: options.clone(), ..Request::plain(story, "> ".to_owned()) };
        let typed = match console.read(&request, out)? {
            Typed::Line(typed) => typed,
            Typed::Interrupt | Typed::End => return Ok(Answer::Left),
        };
        match line::read(words, &options, &typed) {
            line::Meaning::Choose(index) => return Ok(Answer::Role(roles[index])),
            line::Meaning::Command(command) if command.verb == super::command::Verb::Quit => return Ok(Answer::Left),
            _ => show(&look.wrap(&tr!(words, "Choose a number from 1 to {last}.", last = roles.len()), "", ""), out)?,
        }
    }
}

/// Who can be played, with what there is to know of each.
fn who(story: &Story, words: &Catalogue, look: &Look, roles: &[RoleId]) -> String {
    let mut parts =
        vec![look.line(Tone::Strong, &story.manifest.title), look.wrap(&tr!(words, "Whom will you play?"), "", "")];
    for (index, &role) in roles.iter().enumerate() {
        let declared = &story.roles[role.index()];
        let head = format!("{}  {}", index + 1, declared.name);
        parts.push(look.line(Tone::Strong, &head));
        let state = start(story, &Setup { roles: vec![role], seed: 0, digest: false });
        let text = Words::render(story, &state, role, declared.text);
        if !text.is_empty() {
            parts.push(prose(look, &text.markdown));
        }
    }
    parts.join("\n\n")
}

/// Asks a question that is answered with yes or no.
///
/// # Errors
///
/// Where nothing can be read or written.
pub fn ask_yes(
    story: &Story,
    words: &Catalogue,
    question: &str,
    console: &mut dyn Console,
    out: &mut dyn Write,
) -> io::Result<bool> {
    let prompt = format!("{question} {} ", tr!(words, "[y/n]"));
    Ok(match console.read(&Request::plain(story, prompt), out)? {
        Typed::Line(typed) => line::is_yes(words, &typed),
        Typed::Interrupt | Typed::End => false,
    })
}
