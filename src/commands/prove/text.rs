//! A proof for people.

use textwrap::{Options, WordSeparator, WordSplitter, fill};

use crate::catalogue::Catalogue;
use crate::prove::{Forecast, Odds, Proof, Range, RoleProof, Trace, Verdict};
use crate::story::Sources;
use crate::story::Story;
use crate::story::model::Claim;
use crate::{tr, trn};

/// Lines, wrapped to a width; what belongs to a line stands deeper.
struct Page {
    text: String,
    width: usize,
}

impl Page {
    fn line(&mut self, depth: usize, line: &str) {
        let (first, next) = (" ".repeat(depth), " ".repeat(depth + 2));
        let options = Options::new(self.width.max(20))
            .initial_indent(&first)
            .subsequent_indent(&next)
            .word_separator(WordSeparator::AsciiSpace)
            .word_splitter(WordSplitter::NoHyphenation);
        self.text.push_str(&fill(line, options));
        self.text.push('\n');
    }

    fn title(&mut self, line: &str) {
        self.text.push('\n');
        self.line(0, line);
    }

    fn steps(&mut self, trace: &Trace) {
        // What stands before the first move begins the play.
        let lines = trace.lines();
        let first = lines.len() - trace.moves.len();
        let titles = std::iter::repeat_n("", first).chain(trace.moves.iter().map(|step| step.title.as_str()));
        for (line, title) in lines.iter().zip(titles) {
            // After a `#` scripts read nothing, so that the lines can be replayed as they stand.
            self.line(6, &if title.is_empty() { line.clone() } else { format!("{line}  # {title}") });
        }
    }
}

/// The proof, wrapped to a width.
pub fn text(story: &Story, sources: &Sources, proof: &Proof, words: &Catalogue, width: usize) -> String {
    let mut page = Page { text: String::new(), width };
    for role in &proof.roles {
        explored(story, role, words, &mut page);
    }
    if let Some(alone) = proof.left_alone {
        let verdict = verdict(alone, words);
        page.line(0, &tr!(words, "left alone, the clock keeps the record: {verdict}", verdict = verdict));
    }
    wrong(proof, words, &mut page);
    laws(story, proof, words, &mut page);
    for role in proof.roles.iter().filter(|role| role.roles.len() == 1) {
        let who = names(story, role);
        odds(&tr!(words, "Endings of {who}", who = who), &role.endings, words, &mut page);
        odds(&tr!(words, "Outcomes for the city in plays of {who}", who = who), &role.outcomes, words, &mut page);
    }
    let error = proof.roles.iter().map(|role| role.error).fold(0.0, f64::max);
    if error > 0.0 {
        page.line(
            0,
            &tr!(words, "No chance is further than {error} from what is right.", error = format!("{error:.0e}")),
        );
    }
    findings(story, proof, words, &mut page);
    unreached(story, sources, proof, words, &mut page);
    page.text
}

fn names(story: &Story, role: &RoleProof) -> String {
    let names: Vec<&str> = role.roles.iter().map(|role| story.roles[role.index()].name.as_str()).collect();
    if names.iter().all(|name| name.is_empty()) { story.manifest.title.clone() } else { names.join(", ") }
}

fn explored(story: &Story, role: &RoleProof, words: &Catalogue, page: &mut Page) {
    let who = names(story, role);
    page.line(
        0,
        &trn!(
            words,
            "{who}: {n} state, {ways} ways between them",
            "{who}: {n} states, {ways} ways between them",
            role.states,
            who = who,
            ways = role.transitions
        ),
    );
    if !role.complete {
        let together = role.roles.len() > 1;
        page.line(
            2,
            &if together {
                tr!(words, "not finished: together they have more plays than can be gone through; unknown")
            } else {
                tr!(words, "not finished: raise --max-states or --max-memory")
            },
        );
    }
    forecast(&role.forecast, words, page);
    let verdict = verdict(role.historical, words);
    page.line(2, &tr!(words, "plays that keep to the record keep it: {verdict}", verdict = verdict));
    role.strayed.iter().for_each(|trace| page.steps(trace));
    for (number, course) in role.courses.iter().enumerate() {
        length(number, course, words, page);
    }
    if let Some(kept) = &role.fidelity {
        let percent = |share: f64| format!("{:.1}", share * 100.0);
        page.line(
            2,
            &tr!(
                words,
                "of the record it keeps {least} to {most} %, {mean} % on average",
                least = percent(kept.least),
                most = percent(kept.greatest),
                mean = percent(kept.random)
            ),
        );
    }
}

fn forecast(forecast: &Forecast, words: &Catalogue, page: &mut Page) {
    page.line(
        2,
        &tr!(
            words,
            "{places} places; variables take {declared} bits as declared, {stepped} in steps, {live} where most is remembered (`{widest}`), {bounded} within their bounds there",
            places = forecast.places,
            declared = forecast.declared,
            stepped = forecast.stepped,
            live = forecast.live,
            widest = forecast.widest,
            bounded = forecast.bounded
        ),
    );
    for dear in &forecast.dear {
        page.line(
            4,
            &trn!(
                words,
                "`{name}` takes {bits} bits, is remembered in {n} place and read last at `{last}`",
                "`{name}` takes {bits} bits, is remembered in {n} places and read last at `{last}`",
                dear.places,
                name = dear.name,
                bits = dear.bits,
                last = dear.last
            ),
        );
    }
}

/// Words read in a minute.
const PACE: u64 = 230;

fn length(course: usize, range: &Range, words: &Catalogue, page: &mut Page) {
    let end = |most: Option<u64>| most.map_or_else(|| tr!(words, "without end"), |most| most.to_string());
    let (least, most) = (range.choices.least, end(range.choices.greatest));
    let (fewest, most_words) = (range.words.least, end(range.words.greatest));
    page.line(
        2,
        &if course == 0 {
            tr!(
                words,
                "a play takes {least} to {most} choices, {fewest} to {most_words} words",
                least = least,
                most = most,
                fewest = fewest,
                most_words = most_words
            )
        } else {
            tr!(
                words,
                "on the short course {least} to {most} choices, {fewest} to {most_words} words",
                least = least,
                most = most,
                fewest = fewest,
                most_words = most_words
            )
        },
    );
    if let (Some(choices), Some(longest)) = (range.choices.greatest, range.words.greatest) {
        // Eight seconds to decide.
        let minutes = longest.div_ceil(PACE) + (choices * 8).div_ceil(60);
        page.line(
            4,
            &trn!(
                words,
                "at most {n} minute of reading and choosing",
                "at most {n} minutes of reading and choosing",
                minutes
            ),
        );
    }
}

fn verdict(verdict: Verdict, words: &Catalogue) -> String {
    match verdict {
        Verdict::Holds => tr!(words, "holds"),
        Verdict::Broken => tr!(words, "broken"),
        Verdict::Unknown => tr!(words, "unknown"),
    }
}

fn wrong(proof: &Proof, words: &Catalogue, page: &mut Page) {
    for end in &proof.dead_ends {
        page.title(&tr!(words, "dead end at `{at}`: nothing is open and the play is not over", at = end.at));
        page.steps(&end.trace);
    }
    for fault in &proof.faults {
        let event = fault.event.as_deref().unwrap_or_default();
        page.title(&match fault.kind {
            "calendar-runs-back" => tr!(words, "the calendar would run back at `{at}`", at = fault.at),
            "happened-without-needs" => {
                tr!(words, "`{event}` happens at `{at}` without what it needs", event = event, at = fault.at)
            }
            _ => tr!(words, "from `{at}` on no play comes to an end", at = fault.at),
        });
        page.steps(&fault.trace);
    }
}

fn laws(story: &Story, proof: &Proof, words: &Catalogue, page: &mut Page) {
    if !proof.laws.is_empty() {
        page.title(&tr!(words, "Laws"));
    }
    for found in &proof.laws {
        let law = &story.laws[found.law.index()];
        let mut line = format!("{:<8} {}", verdict(found.verdict, words), law.id);
        if found.vacuous && found.verdict == Verdict::Holds && !matches!(law.claim, Claim::Possible(_)) {
            line.push_str(&format!(" ({})", tr!(words, "vacuous: what it speaks of never comes about")));
        }
        for chance in &found.chances {
            line.push_str(&format!(" {chance:.6}"));
        }
        page.line(2, &line);
        if found.verdict == Verdict::Broken {
            page.line(6, &law.why);
            if let Some((_, trace)) = &found.trace {
                page.steps(trace);
            }
        }
    }
}

fn odds(title: &str, odds: &Odds, words: &Catalogue, page: &mut Page) {
    if odds.is_empty() {
        return;
    }
    page.title(title);
    let [least, random, greatest] = [tr!(words, "least"), tr!(words, "random"), tr!(words, "greatest")];
    if page.width < 56 {
        // No room for a table.
        for (id, odds) in odds {
            page.line(
                2,
                &format!(
                    "{id}: {least} {:.4}, {random} {:.4}, {greatest} {:.4}",
                    odds.least, odds.random, odds.greatest
                ),
            );
        }
        return;
    }
    page.text.push_str(&format!("{:<28} {least:>8} {random:>8} {greatest:>8}\n", ""));
    for (id, odds) in odds {
        page.text.push_str(&format!("  {id:<26} {:>8.4} {:>8.4} {:>8.4}\n", odds.least, odds.random, odds.greatest));
    }
}

fn findings(story: &Story, proof: &Proof, words: &Catalogue, page: &mut Page) {
    for role in proof.roles.iter().filter(|role| role.roles.len() == 1) {
        let found = &role.findings;
        if found.fake.is_empty() && found.forced.is_empty() && found.no_return.is_empty() {
            continue;
        }
        page.title(&tr!(words, "Worth a look in plays of {who}", who = names(story, role)));
        for (first, second) in &found.fake {
            let line = tr!(words, "`{first}` and `{second}` lead to the same futures", first = first, second = second);
            page.line(2, &line);
        }
        for (at, only) in &found.forced {
            page.line(2, &tr!(words, "at `{at}` in some play only `{only}` has a future", at = at, only = only));
        }
        for (ending, choices) in &found.no_return {
            let choices: Vec<String> = choices.iter().map(|choice| format!("`{choice}`")).collect();
            page.line(
                2,
                &tr!(words, "`{ending}` is certain after {choices}", ending = ending, choices = choices.join(", ")),
            );
        }
    }
}

fn unreached(story: &Story, sources: &Sources, proof: &Proof, words: &Catalogue, page: &mut Page) {
    if !proof.complete {
        return;
    }
    let unreached = proof.unreached(story);
    let text = proof.unshown(story, sources).iter().map(|place| format!("{}:{}", place.file, place.line)).collect();
    let lists = [
        (tr!(words, "Scenes that no play reaches"), &unreached.scenes),
        (tr!(words, "Choices that no play takes"), &unreached.choices),
        (tr!(words, "Outcomes that no play reaches"), &unreached.outcomes),
        (tr!(words, "Events that happen in no play"), &unreached.events),
        (tr!(words, "Ways that no play goes"), &unreached.ways),
        (tr!(words, "Arms of prose that no play shows"), &text),
    ];
    for (title, list) in lists.iter().filter(|(_, list)| !list.is_empty()) {
        page.title(&format!("{title}: {}", list.join(", ")));
    }
}
