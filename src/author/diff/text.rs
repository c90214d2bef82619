//! A comparison of two versions for people.

use super::{Diff, End, Kept, Likely, Moved, Names};
use crate::author::graph::percent_text;
use crate::catalogue::Catalogue;
use crate::save::Reason;
use crate::story::model::Story;
use crate::{tr, trn};

/// Names that are told at most, of each kind.
const MOST_NAMES: usize = 12;
/// Steps at which saves part that are told at most.
const MOST_STEPS: usize = 6;

/// Writes it.
pub fn text(old: &Story, new: &Story, diff: &Diff, plays: u32, words: &Catalogue) -> String {
    let mut lines = vec![tr!(
        words,
        "{title}: from version {old} to {new}",
        title = new.manifest.title,
        old = version(old),
        new = version(new)
    )];
    if old.manifest.id != new.manifest.id {
        let (old, new) = (&old.manifest.id, &new.manifest.id);
        lines.push(tr!(
            words,
            "The story was called `{old}` and is called `{new}`: no save of the old one loads.",
            old = old,
            new = new
        ));
    }
    if diff.is_prose {
        lines.push(tr!(
            words,
            "Nothing that decides a play has changed, at most the prose: chances are the same, every save loads."
        ));
        return lines.join("\n") + "\n";
    }
    declared(diff, words, &mut lines);
    ends(new, diff, plays, words, &mut lines);
    saves(diff, words, &mut lines);
    lines.join("\n") + "\n"
}

fn version(story: &Story) -> &str {
    if story.manifest.version.is_empty() { "-" } else { &story.manifest.version }
}

fn declared(diff: &Diff, words: &Catalogue, lines: &mut Vec<String>) {
    let kinds = [
        (tr!(words, "Roles"), &diff.roles),
        (tr!(words, "Scenes"), &diff.scenes),
        (tr!(words, "Hinges"), &diff.hinges),
        (tr!(words, "Choices in scenes that both have"), &diff.choices),
        (tr!(words, "Events"), &diff.events),
    ];
    for (title, Names { gained, lost }) in kinds.iter().filter(|(_, names)| **names != Names::default()) {
        lines.extend([String::new(), title.clone()]);
        for (names, sign) in [(gained, '+'), (lost, '-')].iter().filter(|(names, _)| !names.is_empty()) {
            let mut shown = names.iter().take(MOST_NAMES).cloned().collect::<Vec<_>>().join(", ");
            if names.len() > MOST_NAMES {
                shown.push_str(&trn!(words, ", and {n} more", ", and {n} more", names.len() - MOST_NAMES));
            }
            lines.push(format!("  {sign} {shown}"));
        }
    }
}

fn ends(new: &Story, diff: &Diff, plays: u32, words: &Catalogue, lines: &mut Vec<String>) {
    lines.extend([String::new(), tr!(words, "Endings and outcomes")]);
    lines.push(match diff.is_exact {
        true => format!("  {}", tr!(words, "every play of both was gone through: chances under random play are exact")),
        false => format!(
            "  {}",
            trn!(
                words,
                "there are too many plays to go through them all: chances are those of {n} random play of each role, and “never” means in none of these",
                "there are too many plays to go through them all: chances are those of {n} random plays of each role, and “never” means in none of these",
                plays
            )
        ),
    });
    if diff.ends.is_empty() {
        lines.push(format!("  {}", tr!(words, "none gained, none lost, no chance moved")));
    }
    lines.extend(diff.ends.iter().map(|moved| format!("  {}", one(new, moved, words))));
}

fn one(new: &Story, moved: &Moved, words: &Catalogue) -> String {
    let what = match &moved.end {
        End::Ending(id) => tr!(words, "ending `{id}`, “{title}”", id = id, title = moved.title),
        End::Outcome(role, id) if role.is_empty() => {
            tr!(words, "outcome `{id}`, “{title}”", id = id, title = moved.title)
        }
        End::Outcome(role, id) => {
            let name = new.role_named(role).map_or(role.clone(), |role| new.roles[role.index()].name.clone());
            tr!(words, "outcome `{id}`, “{title}”, as {role}", id = id, title = moved.title, role = name)
        }
    };
    let chance = |likely: Likely| if likely.is_reached { percent_text(likely.chance) } else { tr!(words, "never") };
    match (moved.old, moved.new) {
        (None, Some(now)) => tr!(words, "+ {what}: new, {chance}", what = what, chance = chance(now)),
        (Some(before), None) => tr!(words, "- {what}: gone, was {chance}", what = what, chance = chance(before)),
        (Some(before), Some(now)) if !before.is_reached => {
            tr!(words, "+ {what}: reached now, {chance}", what = what, chance = chance(now))
        }
        (Some(before), Some(now)) if !now.is_reached => {
            tr!(words, "- {what}: no longer reached, was {chance}", what = what, chance = chance(before))
        }
        (Some(before), Some(now)) => {
            tr!(words, "~ {what}: {old} before, {new} now", what = what, old = chance(before), new = chance(now))
        }
        (None, None) => what,
    }
}

fn saves(diff: &Diff, words: &Catalogue, lines: &mut Vec<String>) {
    lines.extend([String::new(), tr!(words, "Saves of the old version")]);
    for kept in &diff.saves {
        lines.push(format!("  {}", of_role(kept, words)));
        for lost in kept.lost.iter().take(MOST_STEPS) {
            let why = reason(&lost.reason, words);
            lines.push(format!(
                "      {}",
                trn!(
                    words,
                    "`{choice}`: {why} ({n} play)",
                    "`{choice}`: {why} ({n} plays)",
                    lost.plays,
                    choice = lost.choice,
                    why = why
                )
            ));
        }
        if kept.lost.len() > MOST_STEPS {
            let more = kept.lost.len() - MOST_STEPS;
            lines.push(format!("      {}", trn!(words, "and {n} more step", "and {n} more steps", more)));
        }
    }
}

fn of_role(kept: &Kept, words: &Catalogue) -> String {
    let of = if kept.role.is_empty() { String::new() } else { format!("{}: ", kept.role) };
    let line = match (kept.is_gone, kept.parted) {
        (true, _) => tr!(words, "the role can't be played any more, so no save of it loads"),
        (false, 0) => trn!(
            words,
            "{n} play made at random loads to its end",
            "all of {n} plays made at random load to their end",
            kept.plays
        ),
        (false, parted) => trn!(
            words,
            "{n} of {plays} plays made at random loads only in part, {share} of it on average; it parts at",
            "{n} of {plays} plays made at random load only in part, {share} of them on average; they part at",
            parted,
            plays = kept.plays,
            share = percent_text(kept.share)
        ),
    };
    of + &line
}

fn reason(reason: &Reason, words: &Catalogue) -> String {
    match reason {
        Reason::Elsewhere(at) => tr!(words, "the play no longer comes to `{place}`, where it was made", place = at),
        Reason::NotOffered => tr!(words, "it is no longer offered"),
        Reason::Closed => tr!(words, "it is closed now"),
        Reason::Leads(to) => tr!(words, "it no longer leads to `{place}`", place = to),
        Reason::Differs => tr!(words, "it comes out otherwise"),
    }
}
