//! `petrograd prove`: every play, every law.

mod progress; // what is told meanwhile
mod text; // for people

use std::io::{self, IsTerminal as _};
use std::path::PathBuf;

use super::{CommandError, Outcome};
use crate::catalogue::Catalogue;
use crate::prove::{self, Limits, Options, prove};
use crate::story::Story;
use crate::story::model::{LawId, RoleId};
use crate::tr;

/// Explore every play and judge every law
///
/// Exits with 0 when everything holds, with 1 when something is broken or was not finished.
#[derive(clap::Args)]
pub struct ProveArgs {
    /// File or folder of the story [default: ./story, else the one built in]
    story: Option<PathBuf>,
    /// Only this role; can be given several times [default: each that can be played]
    #[arg(long = "role", value_name = "ROLE")]
    roles: Vec<String>,
    /// Only this law; can be given several times [default: all]
    #[arg(long = "law", value_name = "LAW")]
    laws: Vec<String>,
    /// States at most, for each exploration
    #[arg(long, value_name = "N", default_value_t = 200_000_000)]
    max_states: usize,
    /// Memory at most, in GiB, for each exploration
    #[arg(long, value_name = "GIB", default_value_t = 4.0)]
    max_memory: f64,
    /// Explorations at once; what is found is the same [default: one for each processor]
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// Compare whole states, and leave nothing out of them
    #[arg(long)]
    no_reduction: bool,
    /// Don't work out odds and lengths: states need not be kept then
    #[arg(long)]
    no_odds: bool,
    /// Ask the engine of every state whether all its steps were explored
    #[arg(long)]
    certify: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    /// Language of what is printed [default: the environment's]
    #[arg(long, value_name = "LANG")]
    lang: Option<String>,
}

pub fn run(args: &ProveArgs, out: &mut dyn io::Write) -> Outcome {
    let words = super::words(args.lang.as_deref());
    let (sources, loaded) = crate::story::open(args.story.as_deref(), None);
    let Some(story) = loaded.story else {
        return Err(super::unsound(&sources, &loaded.diagnostics, &words));
    };
    let roles = roles(&story, &args.roles, &words)?;
    let laws = laws(&story, &args.laws, &words)?;
    let limits = Limits::new(args.max_states, (args.max_memory * (1u64 << 30) as f64) as usize);
    let options = Options {
        reduce: !args.no_reduction,
        odds: !args.no_odds,
        certify: args.certify,
        threads: args.threads.or_else(|| std::thread::available_parallelism().ok().map(Into::into)).unwrap_or(1),
    };
    // Ctrl-C: what is known so far is told, the rest is unknown.
    progress::stop_on_interrupt(&limits.told);
    let proof = progress::telling(&limits.told, io::stderr().is_terminal(), &words, || {
        prove(&story, &roles, &laws, options, &limits)
    });
    if args.json {
        serde_json::to_writer(&mut *out, &prove::json(&story, &sources, &proof)).map_err(io::Error::from)?;
        writeln!(out)?;
    } else {
        let width = terminal_size::terminal_size().map_or(80, |(width, _)| usize::from(width.0));
        write!(out, "{}", text::text(&story, &sources, &proof, &words, width))?;
    }
    if !proof.astray.is_empty() {
        let text = tr!(words, "the prover and the engine disagree; nothing it says can be trusted: please report this");
        return Err(CommandError::System(text, io::Error::other(proof.astray.join("; "))));
    }
    if proof.is_sound() { Ok(()) } else { Err(CommandError::FallsShort) }
}

fn roles(story: &Story, named: &[String], words: &Catalogue) -> Result<Vec<RoleId>, CommandError> {
    let playable: Vec<RoleId> = story.playable().collect();
    if named.is_empty() {
        return Ok(playable);
    }
    let find = |name: &String| {
        let role = story.role_named(name).filter(|role| playable.contains(role));
        role.ok_or_else(|| {
            CommandError::Usage(tr!(words, "no role that can be played is called `{name}`", name = name))
        })
    };
    named.iter().map(find).collect()
}

fn laws(story: &Story, named: &[String], words: &Catalogue) -> Result<Vec<LawId>, CommandError> {
    let all = (0..story.laws.len() as u32).map(LawId);
    if named.is_empty() {
        return Ok(all.collect());
    }
    let find = |name: &String| {
        let law = all.clone().find(|law| story.laws[law.index()].id == *name);
        law.ok_or_else(|| CommandError::Usage(tr!(words, "no law is called `{name}`", name = name)))
    };
    named.iter().map(find).collect()
}
