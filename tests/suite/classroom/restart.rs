//! The program is killed and started again, in every phase that a class can be in: all seats, the
//! teacher and the projector are on the same screen afterwards, and what can be undone still can.

use std::time::{Duration, Instant};

use super::client::Client;
use super::server::{Server, lighthouse};

/// So long a class may take to be where it was.
const BACK: Duration = Duration::from_secs(10);

/// Everybody who looks at a class.
struct Class {
    server: Server,
    teacher: Client,
    students: Vec<Client>,
    /// The phases in which the program was killed.
    seen: Vec<&'static str>,
}

impl Class {
    fn begin(seats: usize) -> Class {
        let server = Server::start(&lighthouse(), &[]);
        let (teacher, students) = (server.teacher(), (0..seats).map(|_| server.student("")).collect());
        Class { server, teacher, students, seen: Vec::new() }
    }

    fn must(&mut self, what: &str, fields: &[(&str, &str)]) {
        self.server.must(&mut self.teacher, what, fields);
    }

    /// Each votes for what stands at a place.
    fn vote(&mut self, places: &[usize]) {
        for (student, place) in self.students.iter_mut().zip(places) {
            assert!(self.server.vote(student, *place).is_some(), "nothing is asked");
        }
    }

    /// What everybody sees, but for how fast the disk was, which phones are awake and what time it
    /// is: those are no part of the class.
    fn screens(&mut self) -> Vec<String> {
        let mut screens = Vec::new();
        for student in &mut self.students {
            screens.extend(["/view", "/debrief"].map(|path| student.get(&self.server.path("s", path)).body));
        }
        screens.extend(["/view", "/debrief"].map(|path| self.teacher.get(&self.server.path("t", path)).body));
        screens.push(self.teacher.get(&self.server.path("p", "/view")).body);
        screens.iter().map(|screen| without(screen, &["disk ", " asleep", " on polling"])).collect()
    }

    /// Kills the program, starts it again, and compares what everybody sees.
    fn is_back(&mut self, phase: &'static str, shown: &str) {
        let before = self.screens();
        assert!(before.iter().any(|screen| screen.contains(shown)), "{phase} is not where it is: {before:#?}");
        self.server.kill();
        let begun = Instant::now();
        self.server.restart_after_the_lesson();
        let after = self.screens();
        assert!(begun.elapsed() < BACK, "{phase}: back after {:?}", begun.elapsed());
        for (place, (before, after)) in before.iter().zip(&after).enumerate() {
            assert_eq!(before, after, "screen {place} in {phase}");
        }
        self.seen.push(phase);
    }
}

/// A page without the spans that hold some words.
fn without(page: &str, words: &[&str]) -> String {
    let (mut kept, mut rest) = (String::new(), page);
    while let Some((before, (inside, after))) =
        rest.split_once("<span>").and_then(|(before, span)| Some((before, span.split_once("</span>")?)))
    {
        kept.push_str(before);
        if !words.iter().any(|word| inside.contains(word)) {
            kept.push_str(&format!("<span>{inside}</span>"));
        }
        rest = after;
    }
    // A running clock says when it was drawn.
    let text = kept + rest;
    let mut parts = text.split(" data-now=\"");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.split_once('"').map_or(part, |(_, after)| after))
}

#[test]
fn everybody_is_where_they_were_in_every_phase_of_a_vote() {
    let mut class = Class::begin(4);
    class.is_back("lobby", "data-phase=\"lobby\"");
    class.must("tap", &[]);
    let late = class.server.student("");
    class.students.push(late);
    class.is_back("at the door", "data-phase=\"waiting\"");
    class.must("remove", &[("seat", "5")]);
    class.students.pop();
    class.must("untap", &[]);
    class.must("rules", &[("rule", "two_thirds"), ("tie", "teacher"), ("secrecy", "open")]);
    class.must("begin", &[("mode", "class"), ("role", "keeper")]);
    class.is_back("read", "data-phase=\"read\"");
    class.must("argue", &[]);
    class.is_back("argue", "data-phase=\"argue\"");
    class.must("open", &[]);
    class.vote(&[0, 0, 1]);
    class.is_back("vote", "aria-pressed=\"true\"");
    class.must("timer", &[("seconds", "600")]);
    class.is_back("vote by the clock", "No timer");
    class.must("pause", &[]);
    class.is_back("break", "data-phase=\"paused\"");
    class.must("resume", &[]);
    class.vote(&[0, 0, 1, 2]);
    class.must("close", &[]);
    class.is_back("closed", "data-phase=\"closed\"");
    class.must("reveal", &[]);
    class.is_back("revealed", "Open the runoff");
    class.must("open", &[]);
    class.vote(&[0, 0, 1]);
    class.is_back("runoff", "data-phase=\"vote\"");
    class.vote(&[0, 0, 1, 1]);
    class.must("close", &[]);
    class.must("reveal", &[]);
    class.is_back("between equals", "Equal. You decide:");
    let page = class.teacher.get(&class.server.path("t", "")).body;
    let option =
        page.split_once("Equal. You decide:").and_then(|(_, rest)| rest.split_once("name=\"option\" value=\""));
    let option = option.and_then(|(_, rest)| rest.split('"').next()).unwrap_or_default().to_owned();
    class.must("break", &[("role", "keeper"), ("option", &option)]);
    class.is_back("decided between equals", "Go on with the story");
    class.must("advance", &[]);
    class.is_back("further on", "data-phase=\"read\"");
    class.must("undo", &[]);
    class.is_back("gone back", "data-phase=\"revealed\"");
    class.must("advance", &[]);
    for _ in 0..40 {
        match class.server.next(&mut class.teacher).as_deref() {
            Some("end") => break,
            Some("advance") => class.must("advance", &[]),
            _ => class.must("skip", &[]),
        }
    }
    class.is_back("over", "data-phase=\"over\"");
    class.must("end", &[]);
    class.is_back("debriefing", "data-phase=\"ended\"");
    class.must("purge", &[]);
    class.is_back("deleted", "Deleted.");
    assert_eq!(class.seen.len(), 17, "{:?}", class.seen);
}

#[test]
fn groups_the_undecided_and_whoever_plays_alone_are_where_they_were() {
    let mut class = Class::begin(5);
    class.must("begin", &[("mode", "factions")]);
    class.must("move", &[("seat", "5"), ("role", "")]);
    class.is_back("groups", "undecided");
    for _ in 0..40 {
        let hinge = class.students[4].get(&class.server.path("s", "")).body.contains("You are undecided: your vote");
        if hinge && class.server.next(&mut class.teacher).as_deref() == Some("argue") {
            break;
        }
        class.must("skip", &[]);
    }
    class.must("open", &[]);
    class.vote(&[0, 1, 0, 1, 0]);
    class.is_back("a hinge", "aria-pressed=\"true\"");
    class.must("close", &[]);
    class.must("reveal", &[]);
    class.is_back("a hinge's result", "data-phase=\"revealed\"");

    let mut class = Class::begin(3);
    class.must("begin", &[("mode", "alone")]);
    class.is_back("alone", "data-phase=\"alone\"");
    let (server, student) = (&class.server, &mut class.students[0]);
    let page = student.get(&server.path("s", ""));
    let option = page.fields("option").first().copied().unwrap_or_default().to_owned();
    let fields = [("turn", page.field("turn").unwrap_or_default()), ("option", &option)];
    assert_eq!(student.post(&server.path("s", "/step"), &fields).status, 303);
    class.is_back("alone, further on", "data-phase=\"alone\"");
}

#[test]
fn what_was_done_to_seats_can_be_undone_after_a_restart() {
    let mut class = Class::begin(3);
    class.must("begin", &[("mode", "factions")]);
    let deeds: [(&str, &[(&str, &str)]); 6] = [
        ("rename", &[("seat", "1"), ("text", "Stoker Zoya")]),
        ("move", &[("seat", "2"), ("role", "")]),
        ("reissue", &[("seat", "1")]),
        ("merge", &[("seat", "1"), ("other", "3")]),
        ("remove", &[("seat", "2")]),
        ("sweep", &[("seconds", "600")]),
    ];
    for (what, fields) in deeds {
        let before = seats(&mut class);
        class.server.must_or_notice(&mut class.teacher, what, fields);
        let changed = seats(&mut class);
        assert_ne!(before, changed, "{what} changed nothing");
        class.server.kill();
        class.server.restart();
        assert_eq!(seats(&mut class), changed, "{what} was undone by the restart");
        assert!(class.teacher.get(&class.server.path("t", "")).body.contains("Undo the last"), "{what}");
        class.must("undo", &[]);
        assert_eq!(seats(&mut class), before, "{what} was not undone");
    }
    // What is undone is undone: once more goes back in the game, and no seat changes.
    class.server.kill();
    class.server.restart();
    assert_eq!(class.server.steer(&mut class.teacher, "undo", &[]).status, 409, "nothing is left to undo");
    // A restart between two commands does not bring an older one back.
    class.must("rename", &[("seat", "1"), ("text", "Stoker Zoya")]);
    class.must("argue", &[]);
    class.server.kill();
    class.server.restart();
    class.must("undo", &[]);
    let page = class.students[0].get(&class.server.path("s", "")).body;
    assert!(page.contains("Stoker Zoya") && page.contains("data-phase=\"read\""), "{page}");
}

/// Who sits where under which name: what each device is told, but for the line's number.
fn seats(class: &mut Class) -> Vec<(u16, String)> {
    let seat = |student: &mut Client| {
        let page = student.get(&class.server.path("s", "/view"));
        let who =
            page.body.split_once("<p class=\"who\">").map_or("", |(_, rest)| rest.split("</p>").next().unwrap_or(""));
        (page.status, who.to_owned())
    };
    class.students.iter_mut().map(seat).collect()
}
