//! What there is to say of a play, in the reader's language, before it is laid out.

use std::collections::BTreeMap;

use super::closing::{historians, questions, sources, unknown};
use super::labels::moments;
use super::wording::Wording;
use crate::calendar::Day;
use crate::catalogue::Catalogue;
use crate::engine::{Play, plain};
use crate::lang::ProseId;
use crate::record::{Act, Compared, Comparison, Course, Link, Remedy, Status, compare, verdict};
use crate::story::Story;
use crate::story::model::{EventId, RoleId};
use crate::{tr, trn};

/// The links of a chain that are shown, at most: the choice, and what is nearest to the event.
const MOST_LINKS: usize = 4;

/// A title and paragraphs.
#[derive(Clone, Debug, Default)]
pub(super) struct Passage {
    pub(super) title: String,
    pub(super) paragraphs: Vec<String>,
}

/// One departure from the record, in three columns and a chain.
#[derive(Clone, Debug)]
pub struct Departure {
    /// The event's title.
    pub title: String,
    /// How it came out, in a word.
    pub status: String,
    /// What it was in the play.
    pub ours: String,
    /// What it was in the record.
    pub record: String,
    /// How open it was, and what historians say.
    pub why: Vec<String>,
    /// What it hangs on.
    pub because: Because,
    /// What fell, moved or came with it: events that parted from the record because this did.
    pub followers: Vec<Follower>,
    /// Where to check: author, title, year, page.
    pub sources: Vec<String>,
}

/// An event that parted from the record because another did.
#[derive(Clone, Debug)]
pub struct Follower {
    /// Its title.
    pub title: String,
    /// How it came out, in a word.
    pub status: String,
    /// What it was in the play.
    pub ours: String,
}

/// What something hangs on.
#[derive(Clone, Debug)]
pub struct Because {
    /// The links from a choice to it.
    pub chain: Vec<String>,
    /// Whether links were left out after the first.
    pub is_cut: bool,
    /// Other choices that it hangs on.
    pub others: Vec<String>,
    /// The smallest change.
    pub remedy: Option<String>,
}

/// One event, as a line.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// The day under which it stands: the recorded one, else the played.
    pub(super) day: Day,
    pub(super) title: String,
    pub(super) status: Status,
    pub(super) word: String,
    pub(super) ours: String,
    pub(super) record: String,
    pub(super) played: Option<Day>,
    pub(super) recorded: Option<Day>,
}

/// How one month's threads hold.
#[derive(Clone, Debug)]
pub(super) struct Month {
    pub(super) year: i32,
    pub(super) name: String,
    pub(super) kept: usize,
    pub(super) all: usize,
}

/// All there is to say.
pub(super) struct Sheet {
    pub(super) title: String,
    /// The language of the story's prose, where the reader's is another.
    pub(super) language: Option<String>,
    pub(super) roles: String,
    pub(super) unfinished: Option<String>,
    pub(super) became: Vec<Passage>,
    pub(super) distance: String,
    pub(super) counted: String,
    pub(super) months: Vec<Month>,
    pub(super) departures: Vec<Departure>,
    pub(super) historians: Vec<Passage>,
    pub(super) unknown: Vec<(String, String)>,
    pub(super) lines: Vec<Line>,
    pub(super) questions: Vec<String>,
    pub(super) sources: Vec<String>,
    pub(super) comparison: Comparison,
}

/// Gathers what there is to say of a play.
pub(super) fn sheet<'a>(story: &'a Story, play: &'a Play, words: &'a Catalogue) -> (Sheet, Wording<'a>) {
    let comparison = compare(story, play);
    let ids = (0..story.events.len() as u32).map(EventId);
    let verdicts = ids.map(|event| verdict(story, play.state(), event)).collect();
    let wording = Wording { story, play, words, moments: moments(story, play), verdicts };
    let told: Vec<&Compared> = comparison.events.iter().filter(|compared| is_told(story, compared)).collect();
    let departed: Vec<&Compared> = told.iter().copied().filter(|compared| compared.verdict.status.departs()).collect();
    let names: Vec<&str> = comparison.roles.iter().map(|end| story.roles[end.role.index()].name.as_str()).collect();
    // A play that is not over is not told what comes.
    let come = told.iter().filter(|compared| compared.verdict.status != Status::ToCome);
    let lines: Vec<Line> = come.map(|compared| line(&wording, compared)).collect();
    let sheet = Sheet {
        title: story.manifest.title.clone(),
        language: Some(story.manifest.language.clone()).filter(|language| language != words.language()),
        roles: names.into_iter().filter(|name| !name.is_empty()).collect::<Vec<_>>().join(" · "),
        unfinished: (!comparison.over).then(|| {
            let date = wording.full_day(comparison.today);
            tr!(words, "This play is not over. It has come to {date}; what is said here holds until then.", date = date)
        }),
        became: became(&wording, &comparison),
        distance: wording.distance(comparison.fidelity, comparison.otherwise.is_none()),
        counted: counted(words, &told, comparison.fidelity),
        months: months(&wording, &lines),
        departures: departures(&wording, &comparison, &departed),
        historians: historians(&wording, &comparison, &told),
        unknown: unknown(&wording, &told),
        questions: questions(&wording, &comparison, &told, &departed),
        sources: sources(story, &comparison, &told),
        lines,
        comparison,
    };
    (sheet, wording)
}

/// Whether an event belongs to the story's year; what was before has no other course.
fn is_told(story: &Story, compared: &Compared) -> bool {
    compared.verdict.recorded.is_none_or(|day| day >= story.manifest.begins)
}

fn prose(wording: &Wording<'_>, role: RoleId, prose: Option<ProseId>) -> Vec<String> {
    let text = prose.map(|prose| plain(wording.story, wording.play.state(), role, prose)).unwrap_or_default();
    text.split("\n\n").filter(|paragraph| !paragraph.is_empty()).map(str::to_owned).collect()
}

fn became(wording: &Wording<'_>, comparison: &Comparison) -> Vec<Passage> {
    let story = wording.story;
    let ending = |end: &crate::record::RoleEnd| {
        let scene = &story.scenes[end.ending?.index()];
        let title = scene.ending.as_deref().unwrap_or(&scene.title);
        let name = &story.roles[end.role.index()].name;
        let title = if name.is_empty() { title.to_owned() } else { format!("{name}: {title}") };
        Some(Passage { title, paragraphs: prose(wording, end.role, scene.text) })
    };
    let city = comparison.outcome.map(|outcome| {
        let outcome = &story.outcomes[outcome.index()];
        let mut paragraphs = prose(wording, RoleId(0), outcome.text);
        if outcome.historical {
            paragraphs.push(tr!(wording.words, "So it is recorded."));
        }
        Passage { title: tr!(wording.words, "The city: {outcome}", outcome = outcome.title), paragraphs }
    });
    comparison.roles.iter().filter_map(ending).chain(city).collect()
}

fn counted(words: &Catalogue, told: &[&Compared], fidelity: f64) -> String {
    let of = |status| told.iter().filter(|compared| compared.verdict.status == status).count();
    let parts = [
        (of(Status::Kept), trn!(words, "{n} event as recorded", "{n} events as recorded", of(Status::Kept))),
        (of(Status::Early), trn!(words, "{n} early", "{n} early", of(Status::Early))),
        (of(Status::Late), trn!(words, "{n} late", "{n} late", of(Status::Late))),
        (of(Status::Averted), trn!(words, "{n} that never happened", "{n} that never happened", of(Status::Averted))),
        (of(Status::Invented), trn!(words, "{n} beside the record", "{n} beside the record", of(Status::Invented))),
        (of(Status::ToCome), trn!(words, "{n} to come", "{n} to come", of(Status::ToCome))),
    ];
    let parts: Vec<String> = parts.into_iter().filter(|(count, _)| *count > 0).map(|(_, part)| part).collect();
    if parts.is_empty() {
        return tr!(words, "This story has no record to be held against.");
    }
    // Rounded down: 1 is said of a record that was kept whole, and of no other.
    let share = (fidelity * 1000.0).floor() / 1000.0;
    tr!(words, "{counts}. Weighed, {share} of the record (0 to 1) was kept.", counts = parts.join(", "), share = share)
}

fn months(wording: &Wording<'_>, lines: &[Line]) -> Vec<Month> {
    let calendar = wording.story.manifest.calendar;
    let mut months: BTreeMap<(i32, u32), Month> = BTreeMap::new();
    for line in lines {
        let parts = calendar.parts(line.day);
        let month = months.entry((parts.year, parts.month)).or_insert_with(|| {
            let name = month_name(wording, line.day);
            Month { year: parts.year, name, kept: 0, all: 0 }
        });
        month.all += 1;
        month.kept += usize::from(line.status == Status::Kept);
    }
    months.into_values().collect()
}

/// The name of a day's month, as dates are written in the reader's language.
pub(super) fn month_name(wording: &Wording<'_>, day: Day) -> String {
    let date = wording.day(day);
    date.trim_start_matches(|c: char| !c.is_alphabetic()).trim_start_matches("de ").to_owned()
}

fn line(wording: &Wording<'_>, compared: &Compared) -> Line {
    let verdict = compared.verdict;
    Line {
        day: verdict.recorded.or(verdict.played).unwrap_or(wording.story.manifest.begins),
        title: wording.story.events[verdict.event.index()].title.clone(),
        status: verdict.status,
        word: wording.status(verdict.status),
        ours: wording.in_play(&verdict),
        record: wording.in_record(&verdict),
        played: verdict.played,
        recorded: verdict.recorded,
    }
}

/// What parted from the record by itself, in full, and below each what followed from it: where a
/// choice has moved a year, a reader wants to see where it turned before seeing all that turned.
fn departures(wording: &Wording<'_>, comparison: &Comparison, departed: &[&Compared]) -> Vec<Departure> {
    let root = |compared: &Compared| {
        let first = compared.chain.iter().find_map(|link| match link {
            Link::Event(event) => departed.iter().find(|root| root.verdict.event == *event),
            _ => None,
        });
        first.map_or(compared.verdict.event, |root| root.verdict.event)
    };
    let told = |compared: &&&Compared| root(compared) == compared.verdict.event;
    let full = |compared: &&Compared| {
        let follows =
            |other: &&&Compared| other.verdict.event != compared.verdict.event && root(other) == compared.verdict.event;
        let followers = departed.iter().filter(follows).map(|other| follower(wording, other)).collect();
        Departure { followers, ..departure(wording, compared) }
    };
    city(wording, comparison).into_iter().chain(departed.iter().filter(told).map(full)).collect()
}

fn follower(wording: &Wording<'_>, compared: &Compared) -> Follower {
    let declared = &wording.story.events[compared.verdict.event.index()];
    let otherwise = declared.otherwise.filter(|_| compared.verdict.played.is_none());
    let told = prose(wording, RoleId(0), otherwise).join(" ");
    Follower {
        title: declared.title.clone(),
        status: wording.status(compared.verdict.status),
        ours: if told.is_empty() { wording.in_play(&compared.verdict) } else { told },
    }
}

fn departure(wording: &Wording<'_>, compared: &Compared) -> Departure {
    let verdict = compared.verdict;
    let declared = &wording.story.events[verdict.event.index()];
    let mut why: Vec<String> = compared.gate.map(|gate| wording.gate(gate)).into_iter().collect();
    why.extend([&declared.argued, &declared.dispute].into_iter().filter(|text| !text.is_empty()).cloned());
    let mut ours = wording.in_play(&verdict);
    if verdict.played.is_none() {
        for paragraph in prose(wording, RoleId(0), declared.otherwise) {
            ours = format!("{ours} {paragraph}");
        }
    }
    let record =
        format!("{} {}", wording.in_record(&verdict), if verdict.recorded.is_some() { &declared.summary } else { "" });
    if verdict.recorded.is_none() && !declared.summary.is_empty() {
        ours = format!("{ours} {}", declared.summary);
    }
    Departure {
        title: declared.title.clone(),
        status: wording.status(verdict.status),
        ours,
        record: record.trim().to_owned(),
        why,
        because: because(wording, &compared.because, &compared.chain, compared.remedy),
        followers: Vec::new(),
        sources: declared.sources.clone(),
    }
}

/// The city's own departure: an outcome that is not the historical one.
fn city(wording: &Wording<'_>, comparison: &Comparison) -> Option<Departure> {
    let otherwise = comparison.otherwise.as_ref()?;
    let outcome = &wording.story.outcomes[comparison.outcome?.index()];
    let recorded = wording.story.outcomes.iter().find(|outcome| outcome.historical);
    let mut why: Vec<String> = otherwise.gate.map(|gate| wording.gate(gate)).into_iter().collect();
    why.extend(Some(&outcome.argued).filter(|argued| !argued.is_empty()).cloned());
    Some(Departure {
        title: tr!(wording.words, "What became of the city"),
        status: tr!(wording.words, "elsewhere"),
        ours: outcome.title.clone(),
        record: recorded.map(|outcome| outcome.title.clone()).unwrap_or_default(),
        why,
        because: because(wording, &otherwise.because, &otherwise.chain, otherwise.remedy),
        followers: Vec::new(),
        sources: outcome.sources.clone(),
    })
}

fn because(wording: &Wording<'_>, acts: &[Act], chain: &[Link], remedy: Option<Remedy>) -> Because {
    let first = chain.first();
    let (shown, is_cut) = shown(chain);
    let others = acts.iter().filter(|act| first != Some(&Link::Act(act.entry)));
    let change = remedy.map(|remedy| smallest_change(wording, acts, remedy));
    Because {
        chain: shown.into_iter().map(|link| wording.link(link)).collect(),
        is_cut,
        others: others.map(|act| wording.act(act.entry)).collect(),
        remedy: change,
    }
}

fn smallest_change(wording: &Wording<'_>, acts: &[Act], Remedy { entry, instead }: Remedy) -> String {
    let words = wording.words;
    let date = acts.iter().find(|act| act.entry == entry).map(|act| wording.day(act.day)).unwrap_or_default();
    let (scene, choice) = (&wording.moments[entry].title, wording.label(entry, instead));
    if scene.is_empty() {
        return tr!(
            words,
            "The smallest change: if on {date} the choice had been “{choice}”, this would have gone as recorded.",
            date = date,
            choice = choice
        );
    }
    tr!(
        words,
        "The smallest change: if on {date}, at “{scene}”, the choice had been “{choice}”, this would have gone as recorded.",
        date = date,
        scene = scene,
        choice = choice
    )
}

/// The links that are shown: all, or the choice and those nearest to the event.
fn shown(chain: &[Link]) -> (Vec<Link>, bool) {
    match chain {
        [first, rest @ ..] if chain.len() > MOST_LINKS => {
            let near = &rest[rest.len() - (MOST_LINKS - 1)..];
            ([&[*first], near].concat(), true)
        }
        _ => (chain.to_vec(), false),
    }
}

/// The variables whose numbers are told: the barometers, and of the others those that left their
/// record, once one of its days has come.
pub(super) fn told_courses<'a>(sheet: &'a Sheet, wording: &Wording<'_>) -> Vec<&'a Course> {
    let is_told = |course: &&Course| {
        let is_barometer = wording.story.variables[course.variable.index()].name.is_some();
        let differs = |point: &crate::record::Point| point.played.is_some_and(|played| played != point.recorded);
        let has_come = course.points.iter().any(|point| point.played.is_some());
        has_come && (is_barometer || course.points.iter().any(differs))
    };
    sheet.comparison.courses.iter().filter(is_told).collect()
}
