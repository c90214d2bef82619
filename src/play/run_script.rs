//! A script, played and shown.

use std::io::{self, Write};

use super::console::show;
use super::json::Driven;
use super::script::{Script, Step, resolve, target_name};
use super::session::Session;
use crate::catalogue::Catalogue;
use crate::engine::Fall;
use crate::story::model::Story;
use crate::tr;

/// Plays a script for somebody who reads. Where a line can't be taken, says which and why.
///
/// # Errors
///
/// Where nothing can be written.
pub fn shown(
    session: &mut Session<'_>,
    story: &Story,
    words: &Catalogue,
    script: &Script,
    out: &mut dyn Write,
) -> io::Result<Result<(), String>> {
    for step in &script.steps {
        let (input, fell) = match resolve(story, words, session.play(), step) {
            Ok(resolved) => resolved,
            Err(reason) => return Ok(Err(script.at(step, &reason))),
        };
        writeln!(out, "> {}", step.text)?;
        match session.take(input, &fell)? {
            Ok((None, text)) => show(&text, out)?,
            Ok((Some(unmet), _)) => return Ok(Err(script.at(step, &fell_elsewhere(story, words, step, unmet)))),
            Err(refusal) => return Ok(Err(script.at(step, &refusal))),
        }
    }
    Ok(Ok(()))
}

/// Plays a script as another program would read it.
///
/// # Errors
///
/// Where nothing can be written.
pub fn driven(
    driven: &mut Driven<'_>,
    story: &Story,
    words: &Catalogue,
    script: &Script,
    out: &mut dyn Write,
) -> io::Result<Result<(), String>> {
    driven.tell(out)?;
    for step in &script.steps {
        let taken =
            resolve(story, words, driven.play(), step).and_then(|(input, fell)| match driven.take(input, &fell) {
                Ok(None) => Ok(()),
                Ok(Some(unmet)) => Err(fell_elsewhere(story, words, step, unmet)),
                Err(refusal) => Err(refusal),
            });
        if let Err(reason) = taken {
            let reason = script.at(step, &reason);
            driven.refuse(&reason, out)?;
            return Ok(Err(reason));
        }
        driven.tell(out)?;
    }
    Ok(Ok(()))
}

fn fell_elsewhere(story: &Story, words: &Catalogue, step: &Step, unmet: Fall) -> String {
    tr!(
        words,
        "`{choice}` can't fall to `{place}` here",
        choice = step.name,
        place = unmet.write(&target_name(story, unmet.to))
    )
}
