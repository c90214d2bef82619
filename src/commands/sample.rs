//! `petrograd sample`: random plays.

use std::io::Write;
use std::path::PathBuf;
use std::time::Instant;

use super::{CommandError, Outcome, open};
use crate::catalogue::Catalogue;
use crate::sample::{Plan, json, places, sample, text};
use crate::story::Story;
use crate::story::model::RoleId;
use crate::tr;

/// Play at random, read everything, and count
///
/// Exits with 1 when a play came to no end.
#[derive(clap::Args)]
pub struct SampleArgs {
    /// File or folder of the story [default: ./story, else the one built in]
    story: Option<PathBuf>,
    /// How many plays
    #[arg(long, default_value_t = 1000, value_name = "N")]
    plays: u64,
    /// What the plays follow from: the same seed, the same plays
    #[arg(long, default_value_t = 1917, value_name = "S")]
    seed: u64,
    /// Who is played; else all who can be, each in its turn
    #[arg(long, value_name = "ROLE")]
    role: Option<String>,
    /// Take the short course, where the story has one
    #[arg(long)]
    digest: bool,
    /// All roles in each play, instead of each in its turn
    #[arg(long, conflicts_with = "role")]
    together: bool,
    /// List the scenes and hinges as well: how many plays come there, how many words they read
    #[arg(long, conflicts_with = "json")]
    scenes: bool,
    /// Write one JSON object
    #[arg(long)]
    json: bool,
    /// Language of what is printed [default: the environment's]
    #[arg(long, value_name = "LANG")]
    lang: Option<String>,
}

/// Runs the command.
///
/// # Errors
///
/// [`CommandError::FallsShort`] where the story has mistakes or a play came to no end,
/// [`CommandError::Usage`] where the story has no such role to play.
pub fn run(args: &SampleArgs, out: &mut dyn Write) -> Outcome {
    let words = super::words(args.lang.as_deref());
    let story = open(args.story.as_deref(), None, &words)?;
    let roles = roles(&story, args.role.as_deref(), &words)?;
    let begun = Instant::now();
    let (seed, plays) = (args.seed, args.plays);
    let plan = Plan { roles: &roles, seed, plays, digest: args.digest, together: args.together };
    let tally = sample(&story, plan);
    let seconds = begun.elapsed().as_secs_f64();
    if args.json {
        let json = serde_json::to_string(&json(&story, &tally, seconds)).map_err(std::io::Error::from)?;
        writeln!(out, "{json}")?;
    } else {
        out.write_all(text(&story, &tally, seconds, &words, super::width()).as_bytes())?;
        if args.scenes {
            out.write_all(places(&story, &tally, &words, super::width()).as_bytes())?;
        }
    }
    if tally.unended > 0 { Err(CommandError::FallsShort) } else { Ok(()) }
}

fn roles(story: &Story, asked: Option<&str>, words: &Catalogue) -> Result<Vec<RoleId>, CommandError> {
    let Some(asked) = asked else { return Ok(story.playable().collect()) };
    match story.playable().find(|role| story.roles[role.index()].id == asked) {
        Some(role) => Ok(vec![role]),
        None => {
            let names: Vec<&str> = story.playable().map(|role| story.roles[role.index()].id.as_str()).collect();
            let message =
                tr!(words, "nobody can play `{role}`; there is: {roles}", role = asked, roles = names.join(", "));
            Err(CommandError::Usage(message))
        }
    }
}
