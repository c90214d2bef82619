//! `petrograd prove`: every play, every law.

use std::io::{self, IsTerminal as _, Write};
use std::path::PathBuf;

use super::{CommandError, Outcome, open};
use crate::catalogue::Catalogue;
use crate::prove::{self, Limits, Proof, prove};
use crate::story::Story;
use crate::story::model::{LawId, RoleId};
use crate::{tr, trn};

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
    #[arg(long, value_name = "N", default_value_t = 20_000_000)]
    max_states: usize,
    /// Memory at most, in GiB, for each exploration
    #[arg(long, value_name = "GIB", default_value_t = 4.0)]
    max_memory: f64,
    /// Compare whole states, and leave nothing out of them
    #[arg(long)]
    no_reduction: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    /// Language of what is printed [default: the environment's]
    #[arg(long, value_name = "LANG")]
    lang: Option<String>,
}

pub fn run(args: &ProveArgs, out: &mut dyn io::Write) -> Outcome {
    let words = super::words(args.lang.as_deref());
    let story = open(args.story.as_deref(), None, &words)?;
    let roles = roles(&story, &args.roles, &words)?;
    let laws = laws(&story, &args.laws, &words)?;
    let limits = Limits { states: args.max_states, bytes: (args.max_memory * (1u64 << 30) as f64) as usize };
    let terminal = io::stderr().is_terminal();
    let mut progress = |group: &[RoleId], states: usize, bytes: usize| {
        if terminal {
            let names: Vec<&str> = group.iter().map(|role| story.roles[role.index()].name.as_str()).collect();
            let line = tr!(
                words,
                "{who}: {states} states, {megabytes} MiB",
                who = names.join(", "),
                states = states,
                megabytes = bytes >> 20
            );
            eprint!("\r\x1b[K{line}");
            let _ = io::stderr().flush();
        }
        true
    };
    let proof = prove(&story, &roles, &laws, (limits, !args.no_reduction), &mut progress);
    if terminal {
        eprint!("\r\x1b[K");
    }
    if args.json {
        serde_json::to_writer(&mut *out, &prove::json(&story, &proof)).map_err(io::Error::from)?;
        writeln!(out)?;
    } else {
        write!(out, "{}", text(&story, &proof, &words))?;
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

/// The proof for people.
fn text(story: &Story, proof: &Proof, words: &Catalogue) -> String {
    let mut lines = Vec::new();
    for role in &proof.roles {
        let names: Vec<&str> = role.roles.iter().map(|role| story.roles[role.index()].name.as_str()).collect();
        let who =
            if names.iter().all(|name| name.is_empty()) { story.manifest.title.clone() } else { names.join(", ") };
        let line = trn!(
            words,
            "{who}: {n} state, {ways} ways between them",
            "{who}: {n} states, {ways} ways between them",
            role.states,
            who = who,
            ways = role.transitions
        );
        lines.push(line);
        if !role.complete {
            lines.push(format!("  {}", tr!(words, "not finished: raise --max-states or --max-memory")));
        }
        let (whole, kept) = role.bits;
        lines.push(format!(
            "  {}",
            tr!(
                words,
                "{kept} of {whole} bits of a state can still be read at the widest place",
                kept = kept,
                whole = whole
            )
        ));
        let record =
            tr!(words, "plays that keep to the record keep it: {verdict}", verdict = verdict(role.historical, words));
        lines.push(format!("  {record}"));
        lines.extend(role.strayed.iter().flat_map(steps));
        if let Some(length) = &role.length {
            let most = length.choices.greatest.map_or_else(|| tr!(words, "without end"), |most| most.to_string());
            lines.push(format!(
                "  {}",
                tr!(words, "a play takes {least} to {most} choices", least = length.choices.least, most = most)
            ));
        }
        if let Some(kept) = &role.fidelity {
            let percent = |share: f64| format!("{:.1}", share * 100.0);
            lines.push(format!(
                "  {}",
                tr!(
                    words,
                    "of the record it keeps {least} to {most} %, {mean} % on average",
                    least = percent(kept.least),
                    most = percent(kept.greatest),
                    mean = percent(kept.random)
                )
            ));
        }
    }
    if let Some(alone) = proof.left_alone {
        let verdict = verdict(alone, words);
        lines.push(tr!(words, "left alone, the clock keeps the record: {verdict}", verdict = verdict));
    }
    wrong(proof, words, &mut lines);
    laws_text(story, proof, words, &mut lines);
    odds_text(proof, words, &mut lines);
    unreached(story, proof, words, &mut lines);
    lines.join("\n") + "\n"
}

fn verdict(verdict: prove::Verdict, words: &Catalogue) -> String {
    match verdict {
        prove::Verdict::Holds => tr!(words, "holds"),
        prove::Verdict::Broken => tr!(words, "broken"),
        prove::Verdict::Unknown => tr!(words, "unknown"),
    }
}

fn steps(trace: &prove::Trace) -> Vec<String> {
    trace.lines().into_iter().map(|line| format!("      {line}")).collect()
}

fn wrong(proof: &Proof, words: &Catalogue, lines: &mut Vec<String>) {
    for end in &proof.dead_ends {
        lines.push(String::new());
        lines.push(tr!(words, "dead end at `{at}`: nothing is open and the play is not over", at = end.at));
        lines.extend(steps(&end.trace));
    }
    for fault in &proof.faults {
        lines.push(String::new());
        let event = fault.event.as_deref().unwrap_or_default();
        lines.push(match fault.kind {
            "calendar-runs-back" => tr!(words, "the calendar would run back at `{at}`", at = fault.at),
            "happened-without-needs" => {
                tr!(words, "`{event}` happens at `{at}` without what it needs", event = event, at = fault.at)
            }
            _ => tr!(words, "from `{at}` on no play comes to an end", at = fault.at),
        });
        lines.extend(steps(&fault.trace));
    }
}

fn laws_text(story: &Story, proof: &Proof, words: &Catalogue, lines: &mut Vec<String>) {
    if !proof.laws.is_empty() {
        lines.push(String::new());
        lines.push(tr!(words, "Laws"));
    }
    for found in &proof.laws {
        let law = &story.laws[found.law.index()];
        let mut line = format!("  {:<8} {}", verdict(found.verdict, words), law.id);
        if found.vacuous && found.verdict == prove::Verdict::Holds {
            line.push_str(&format!(" ({})", tr!(words, "vacuous: what it speaks of never comes about")));
        }
        for chance in &found.chances {
            line.push_str(&format!(" {chance:.6}"));
        }
        lines.push(line);
        if found.verdict == prove::Verdict::Broken {
            lines.push(format!("      {}", law.why));
            lines.extend(found.trace.iter().flat_map(|(_, trace)| steps(trace)));
        }
    }
}

fn odds_text(proof: &Proof, words: &Catalogue, lines: &mut Vec<String>) {
    let titles = [(tr!(words, "Endings"), &proof.endings), (tr!(words, "Outcomes for the city"), &proof.outcomes)];
    for (title, odds) in titles {
        if odds.is_empty() {
            continue;
        }
        lines.push(String::new());
        lines.push(format!(
            "{title:<28} {:>8} {:>8} {:>8}",
            tr!(words, "least"),
            tr!(words, "random"),
            tr!(words, "greatest")
        ));
        for (id, odds) in odds {
            lines.push(format!("  {id:<26} {:>8.4} {:>8.4} {:>8.4}", odds.least, odds.random, odds.greatest));
        }
    }
}

fn unreached(story: &Story, proof: &Proof, words: &Catalogue, lines: &mut Vec<String>) {
    if !proof.complete {
        return;
    }
    let unreached = proof.unreached(story);
    let lists = [
        (tr!(words, "Scenes that no play reaches"), &unreached.scenes),
        (tr!(words, "Choices that no play takes"), &unreached.choices),
        (tr!(words, "Outcomes that no play reaches"), &unreached.outcomes),
        (tr!(words, "Events that happen in no play"), &unreached.events),
        (tr!(words, "Ways that no play goes"), &unreached.ways),
    ];
    for (title, list) in lists.iter().filter(|(_, list)| !list.is_empty()) {
        lines.push(String::new());
        lines.push(format!("{title}: {}", list.join(", ")));
    }
}
