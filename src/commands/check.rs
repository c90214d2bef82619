//! `petrograd check`: what is wrong with a story.

use std::env;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;

use clap::ValueEnum;

use super::{CommandError, Outcome, words};
use crate::catalogue::Catalogue;
use crate::diagnostic::render::{count, human, json, sarif};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::lang::nearest;
use crate::story::{self, Sources, Story};
use crate::tr;

/// Look for mistakes in a story
///
/// Exits with 0 when there are none and with 1 when there are.
#[derive(clap::Args)]
pub struct CheckArgs {
    /// File or folder of the story [default: ./story, else the one built in]
    story: Option<PathBuf>,
    /// How to write what was found
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// Exit with 1 for warnings, too
    #[arg(long, value_enum, value_name = "WHAT")]
    deny: Option<Deny>,
    /// Explain a code, `unknown-scene` and the like; without one, list them all
    #[arg(long, value_name = "CODE", num_args = 0..=1, default_missing_value = "", conflicts_with_all = ["story", "format", "deny"])]
    explain: Option<String>,
    /// Language of what is printed [default: the environment's]
    #[arg(long, value_name = "LANG")]
    lang: Option<String>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// With the text underlined
    Human,
    /// For programs
    Json,
    /// For code hosts: SARIF 2.1.0
    Sarif,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Deny {
    Warnings,
}

/// Runs the command.
///
/// # Errors
///
/// [`CommandError::FallsShort`] where the story has mistakes, [`CommandError::Usage`] where there
/// is no such code to explain.
pub fn run(args: &CheckArgs, out: &mut dyn Write) -> Outcome {
    let words = words(args.lang.as_deref());
    if let Some(code) = &args.explain {
        return explain(code, &words, out);
    }
    let (sources, loaded) = story::open(args.story.as_deref(), None);
    let found = &loaded.diagnostics;
    match args.format {
        Format::Human => write_human(&sources, found, loaded.story.as_ref(), &words, out)?,
        Format::Json => writeln!(out, "{}", json(&sources, found, &words))?,
        Format::Sarif => writeln!(out, "{}", sarif(&sources, found, &words, &env::current_dir().unwrap_or_default()))?,
    }
    let denied = args.deny == Some(Deny::Warnings) && count(found, Severity::Warning) > 0;
    if denied || count(found, Severity::Error) > 0 { Err(CommandError::FallsShort) } else { Ok(()) }
}

fn write_human(
    sources: &Sources,
    found: &[Diagnostic],
    story: Option<&Story>,
    words: &Catalogue,
    out: &mut dyn Write,
) -> io::Result<()> {
    let terminal = io::stdout().is_terminal();
    let width = terminal_size::terminal_size().map_or(100, |(width, _)| usize::from(width.0));
    out.write_all(human(sources, found, words, width, terminal && wants_color()).as_bytes())?;
    match story {
        Some(story) if found.is_empty() => writeln!(out, "{}", all_well(story, words)),
        _ => Ok(()),
    }
}

/// Whether a terminal may be written to in colour: see <https://no-color.org>.
fn wants_color() -> bool {
    let is_set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    !is_set("NO_COLOR") && env::var_os("TERM").is_none_or(|term| term != "dumb")
}

fn all_well(story: &Story, words: &Catalogue) -> String {
    tr!(
        words,
        "{title}: no mistakes found. Scenes {scenes}, choices {choices}, events {events}.",
        title = story.manifest.title,
        scenes = story.scenes.len(),
        choices = story.choices.len(),
        events = story.events.len()
    )
}

fn explain(name: &str, words: &Catalogue, out: &mut dyn Write) -> Outcome {
    if name.is_empty() {
        for code in Code::ALL {
            writeln!(out, "{:8} {code}", code.severity().name())?;
        }
        return Ok(());
    }
    match Code::named(name) {
        Some(code) => Ok(out.write_all(code.page(words).as_bytes())?),
        None => {
            let near = nearest(name, Code::ALL.iter().map(|code| code.name()));
            let way = near.unwrap_or_default();
            Err(CommandError::Usage(match near {
                Some(_) => tr!(words, "No finding has the code {name}. Did you mean {way}?", name = name, way = way),
                None => {
                    tr!(words, "No finding has the code {name}. `petrograd check --explain` lists them.", name = name)
                }
            }))
        }
    }
}
