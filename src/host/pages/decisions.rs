//! Decision by decision: the vote of each group, who was outvoted, and what happened, with where to
//! check it.

use maud::{Markup, html};

use super::board::{counted, how};
use super::scene::{role_name, scholarship, title};
use crate::calendar::both_dates;
use crate::host::decided::Decision;
use crate::host::event::{Counted, Secrecy};
use crate::host::steer::is_hinge;
use crate::host::world::Tongue;
use crate::story::model::RoleId;
use crate::{tr, trn};

/// Where all chose at once: each with the votes of all groups.
pub fn hinges(tongue: &Tongue, decisions: &[Decision<'_>]) -> Markup {
    let mut places: Vec<&str> = Vec::new();
    for decision in decisions.iter().filter(|decision| is_hinge(&tongue.story, &decision.at)) {
        if !places.contains(&decision.at.as_str()) {
            places.push(&decision.at);
        }
    }
    html! {
        @if !places.is_empty() {
            section #hinges {
                h2 { (tr!(tongue.words, "Where all chose at once")) }
                @for at in places {
                    @let here: Vec<&Decision<'_>> = decisions.iter().filter(|decision| decision.at == *at).collect();
                    (article(tongue, &here))
                }
            }
        }
    }
}

/// What each group decided by itself; folded, since it is long.
pub fn personal(tongue: &Tongue, decisions: &[Decision<'_>]) -> Markup {
    let (words, story) = (&tongue.words, &tongue.story);
    let own: Vec<&Decision<'_>> = decisions.iter().filter(|decision| !is_hinge(story, &decision.at)).collect();
    let mut roles: Vec<RoleId> = own.iter().map(|decision| decision.role).collect();
    roles.sort_unstable();
    roles.dedup();
    html! {
        @if !own.is_empty() {
            section #personal {
                h2 { (tr!(words, "Inside the groups")) }
                @for role in &roles {
                    @let of_role: Vec<&&Decision<'_>> = own.iter().filter(|decision| decision.role == *role).collect();
                    details.group open[roles.len() == 1] {
                        summary { span lang=(story.manifest.language) { (role_name(story, *role)) } " · " (trn!(words, "{n} decision", "{n} decisions", of_role.len())) }
                        @for decision in &of_role { (article(tongue, &[decision])) }
                    }
                }
            }
        }
    }
}

/// What somebody chose who played alone, in order.
pub fn own(tongue: &Tongue, decisions: &[Decision<'_>]) -> Markup {
    html! {
        details.group {
            summary { (trn!(tongue.words, "{n} decision", "{n} decisions", decisions.len())) }
            @for decision in decisions { (article(tongue, &[decision])) }
        }
    }
}

/// Two columns: what was decided, and what happened.
fn article(tongue: &Tongue, decisions: &[&Decision<'_>]) -> Markup {
    let (words, story) = (&tongue.words, &tongue.story);
    let Some(first) = decisions.first() else { return html! {} };
    let language = &story.manifest.language;
    // Who plays alone is alone at hinges too.
    let named = is_hinge(story, &first.at) && decisions.iter().any(|one| one.how.is_some() || !one.votes.is_empty());
    let known = scholarship(story, &first.at);
    let is_told = known.is_some_and(|known| !known.note.is_empty());
    let recorded = decisions.iter().filter(|decision| decision.historical.is_some());
    html! {
        article.decision {
            h3 lang=(language) { (title(story, &first.at)) }
            p.day { (both_dates(words.language(), story.manifest.calendar, first.day)) }
            div.columns {
                div role="group" aria-label=(tr!(words, "Our course")) {
                    @for decision in decisions { (vote(tongue, decision, named)) }
                }
                div role="group" aria-label=(tr!(words, "The record")) {
                    @for decision in recorded {
                        @let option = decision.historical.as_deref().unwrap_or_default();
                        p lang=(language) { @if named { (role_name(story, decision.role)) ": " } em { (decision.label(option)) } }
                    }
                    @if !is_told && decisions.iter().all(|decision| decision.historical.is_none()) { p { (tr!(words, "The record knows nothing of this choice.")) } }
                    @if let Some(known) = known {
                        @if is_told { p lang=(language) { (known.note) } }
                        @if !known.sources.is_empty() { p.small lang=(language) { (known.sources.join(" · ")) } }
                    }
                }
            }
        }
    }
}

/// One group's vote, its runoffs, and how many were outvoted; what was taken where nobody voted.
fn vote(tongue: &Tongue, decision: &Decision<'_>, named: bool) -> Markup {
    let (words, story) = (&tongue.words, &tongue.story);
    let language = &story.manifest.language;
    let label = |option: &str| decision.label(option);
    html! {
        @if named { h4 lang=(language) { (role_name(story, decision.role)) } }
        @for (round, asked) in &decision.votes {
            @if round.runoff { p.small { (tr!(words, "runoff")) } }
            @if let Some(one) = round.counted_of(&asked.role) {
                // Names beside votes were for the room, not for what is taken home.
                @let secrecy = if round.rules.secrecy == Secrecy::Open { Secrecy::Tally } else { round.rules.secrecy };
                div lang=(language) { (counted(words, &label, asked, one, secrecy, None)) }
                @if secrecy != Secrecy::Secret { @if let Some(outvoted) = outvoted(tongue, one, &asked.options) { p.outvoted { (outvoted) } } }
            }
        }
        @if decision.votes.is_empty() { @if let Some(taken) = &decision.taken {
            p lang=(language) { strong { (label(taken)) } }
            @if let Some(why) = decision.how { p.how { (how(words, why)) } }
        } }
    }
}

/// How many had voted for something else than what won; nothing where nothing won or all were at one.
fn outvoted(tongue: &Tongue, counted: &Counted, options: &[String]) -> Option<String> {
    let winner = counted.winner.as_ref()?;
    let all: u32 = counted.votes.iter().sum();
    let place = options.iter().position(|option| option == winner)?;
    let others = all - counted.votes.get(place).copied().unwrap_or(0).min(all);
    let percent = (f64::from(others) * 100.0 / f64::from(all.max(1))).round();
    (others > 0).then(|| {
        trn!(
            tongue.words,
            "{n} of {all} had voted otherwise ({percent} %)",
            "{n} of {all} had voted otherwise ({percent} %)",
            others,
            all = all,
            percent = percent
        )
    })
}
