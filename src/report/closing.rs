//! What stands at the end of a report: who differs, what could not be known, what to write on, where
//! to check.

use super::sheet::Passage;
use super::wording::Wording;
use crate::engine::Pick;
use crate::record::{Act, Compared, Comparison, Status};
use crate::story::Story;
use crate::story::model::Holder;
use crate::tr;

/// What a reader could not have known: so many events at most.
const MOST_UNKNOWN: usize = 12;

pub(super) fn historians(wording: &Wording<'_>, comparison: &Comparison, told: &[&Compared]) -> Vec<Passage> {
    let story = wording.story;
    let disputed = told.iter().filter(|compared| compared.verdict.status != Status::ToCome).filter_map(|compared| {
        let declared = &story.events[compared.verdict.event.index()];
        let texts = [&declared.argued, &declared.dispute].into_iter().filter(|text| !text.is_empty());
        let paragraphs: Vec<String> = texts.cloned().collect();
        // What departs or weighs most is worth an argument; the rest would bury it.
        let is_shown = compared.verdict.status.departs() || declared.weight >= 4;
        (is_shown && !paragraphs.is_empty()).then(|| Passage { title: declared.title.clone(), paragraphs })
    });
    let outcome = comparison.outcome.map(|outcome| &story.outcomes[outcome.index()]);
    let argued = outcome.filter(|outcome| !outcome.argued.is_empty()).map(|outcome| Passage {
        title: tr!(wording.words, "The city: {outcome}", outcome = outcome.title),
        paragraphs: vec![outcome.argued.clone()],
    });
    argued.into_iter().chain(disputed).collect()
}

/// The weightiest of what happened without any news of it reaching the street.
pub(super) fn unknown(wording: &Wording<'_>, told: &[&Compared]) -> Vec<(String, String)> {
    let story = wording.story;
    let declared = |compared: &Compared| &story.events[compared.verdict.event.index()];
    let mut unheard: Vec<&&Compared> = told.iter().filter(|compared| declared(compared).news.is_none()).collect();
    // What a scene brought about, somebody saw.
    unheard.retain(|compared| compared.verdict.played.is_some() && declared(compared).by_clock);
    unheard.sort_by_key(|compared| std::cmp::Reverse(declared(compared).weight));
    unheard.truncate(MOST_UNKNOWN);
    unheard.sort_by_key(|compared| (compared.verdict.played, compared.verdict.event));
    let entry = |compared: &&&Compared| {
        let declared = declared(compared);
        let day = compared.verdict.played.map(|day| wording.day(day)).unwrap_or_default();
        (format!("{day}: {}", declared.title), declared.summary.clone())
    };
    unheard.iter().map(entry).collect()
}

/// One question about a person, one about what no person could change, one that compares.
pub(super) fn questions(
    wording: &Wording<'_>,
    comparison: &Comparison,
    told: &[&Compared],
    departed: &[&Compared],
) -> Vec<String> {
    let (words, story) = (wording.words, wording.story);
    let title = |compared: &Compared| story.events[compared.verdict.event.index()].title.as_str();
    let weight = |compared: &Compared| story.events[compared.verdict.event.index()].weight;
    let heaviest = departed.iter().rev().max_by_key(|compared| weight(compared));
    let of_city = comparison.otherwise.as_ref().and_then(|otherwise| otherwise.because.first());
    let act: Option<&Act> = heaviest.and_then(|compared| compared.because.first()).or(of_city);
    let at_hinge = comparison.acts.iter().find(|act| is_at_hinge(story, act));
    // Reading on is no act to ask about.
    let chosen = |act: &&Act| act.input.pick != Pick::Continue;
    let act = act.or(at_hinge).or(comparison.acts.iter().rev().find(chosen));
    let personal = match act {
        Some(act) => tr!(
            words,
            "One person. {act}, on {date}: what could be known then by whoever chose it, and what would have had to be known to choose otherwise?",
            act = wording.act(act.entry),
            date = wording.day(act.day)
        ),
        None => tr!(words, "One person. Who in this city could have chosen otherwise, and on what day?"),
    };
    let kept = told.iter().rev().filter(|compared| compared.verdict.status == Status::Kept);
    let structural = match kept.max_by_key(|compared| weight(compared)) {
        Some(kept) => tr!(
            words,
            "What no one person decides. “{event}” happened as recorded: which causes carried it, and would any choice of yours have reached them?",
            event = title(kept)
        ),
        None => tr!(words, "What no one person decides. Which causes carried the year away from the record?"),
    };
    let comparative = match heaviest {
        Some(departed) => tr!(
            words,
            "Compare. Find another city or another year in which something like “{event}” hung in the balance: what had to be true together for it to go the one way or the other?",
            event = title(departed)
        ),
        None => tr!(
            words,
            "Compare. Find another city or another year that stood where this one stood, and went elsewhere: what was different?"
        ),
    };
    vec![personal, structural, comparative]
}

pub(super) fn sources(story: &Story, comparison: &Comparison, told: &[&Compared]) -> Vec<String> {
    let outcome = comparison.outcome.map(|outcome| &story.outcomes[outcome.index()].sources);
    let events = told.iter().filter(|compared| compared.verdict.status != Status::ToCome).filter_map(|compared| {
        let declared = &story.events[compared.verdict.event.index()];
        let is_told = compared.verdict.status.departs() || !declared.dispute.is_empty() || declared.weight >= 4;
        is_told.then_some(&declared.sources)
    });
    let mut sources: Vec<String> = outcome.into_iter().chain(events).flatten().cloned().collect();
    sources.sort();
    sources.dedup();
    sources
}

/// Whether something was chosen where all choose at once: such choices bear asking about.
fn is_at_hinge(story: &Story, act: &Act) -> bool {
    match act.input.pick {
        Pick::Choice(choice) => matches!(story.choices[choice.index()].holder, Holder::Side(_)),
        Pick::Storylet(_) | Pick::Continue => false,
    }
}
