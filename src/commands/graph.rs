//! `petrograd graph`: the story as a picture.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use clap::ValueEnum;

use super::{CommandError, Outcome};
use crate::author::graph::{Asked, Drawing, dot, html, mermaid, svg, told};
use crate::catalogue::Catalogue;
use crate::diagnostic::render::human;
use crate::story;
use crate::story::model::{RoleId, Story};
use crate::tr;

/// Draw a story: scenes by month and role, hinges, endings, and what plays come to
///
/// Plays at random and, as far as the states allow, proves, and colours each place by what that
/// found: never reached, how often, on the way to which ending.
#[derive(clap::Args)]
pub struct GraphArgs {
    /// File or folder of the story [default: ./story, else the one built in]
    story: Option<PathBuf>,
    /// As what
    #[arg(long, value_enum, default_value_t = Format::Html)]
    format: Format,
    /// Only this role's scenes; can be given several times [default: all]
    #[arg(long = "role", value_name = "ROLE")]
    roles: Vec<String>,
    /// Write to this file instead
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Random plays of each role; 0 plays none
    #[arg(long, value_name = "N", default_value_t = 2000)]
    plays: u32,
    /// What the plays follow from: the same seed, the same plays
    #[arg(long, value_name = "S", default_value_t = 1917)]
    seed: u64,
    /// States of each role at most that are gone through; 0 proves nothing
    #[arg(long, value_name = "N", default_value_t = 300_000)]
    max_states: usize,
    /// The language, `es` and the like [default: the environment's]
    #[arg(long, value_name = "LANG")]
    lang: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One page to walk about in, for a browser
    Html,
    /// A picture
    Svg,
    /// For Graphviz
    Dot,
    /// For Markdown
    Mermaid,
}

/// Runs the command.
///
/// # Errors
///
/// [`CommandError::FallsShort`] where the story has mistakes, [`CommandError::Usage`] where it has
/// no such role, [`CommandError::System`] where the file can't be written.
pub fn run(args: &GraphArgs, out: &mut dyn Write) -> Outcome {
    let words = super::words(args.lang.as_deref());
    let (sources, loaded) = story::open(args.story.as_deref(), words.asked());
    let Some(story) = loaded.story else {
        eprint!("{}", human(&sources, &loaded.diagnostics, &words, 100, false));
        return Err(CommandError::FallsShort);
    };
    let roles = args.roles.iter().map(|name| role(&story, name, &words)).collect::<Result<Vec<_>, _>>()?;
    let asked = Asked { roles, plays: args.plays, seed: args.seed, max_states: args.max_states };
    let drawing = Drawing::of(&story, &asked, &words);
    let picture = match args.format {
        Format::Html => html(&drawing, &told(&sources), &words),
        Format::Svg => svg(&drawing, &words),
        Format::Dot => dot(&drawing, &words),
        Format::Mermaid => mermaid(&drawing, &words),
    };
    match &args.output {
        None => Ok(out.write_all(picture.as_bytes())?),
        Some(path) => fs::write(path, picture)
            .map_err(|error| CommandError::System(tr!(words, "{file} can't be written", file = path.display()), error)),
    }
}

fn role(story: &Story, name: &str, words: &Catalogue) -> Result<RoleId, CommandError> {
    let known: Vec<&str> = story.roles.iter().map(|role| role.id.as_str()).filter(|id| !id.is_empty()).collect();
    let role = story.role_named(name).filter(|_| !name.is_empty());
    role.ok_or_else(|| {
        CommandError::Usage(tr!(
            words,
            "no role is called `{role}`; there is: {roles}",
            role = name,
            roles = known.join(", ")
        ))
    })
}
