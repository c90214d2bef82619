//! Lessons from the door to the debriefing, with plain forms as a browser without scripts sends
//! them.

use super::client::Client;
use super::server::{Server, lighthouse};

/// Plays until the story is over: whatever button is lit is pressed, students vote by turns.
fn play(server: &Server, teacher: &mut Client, students: &mut [Client]) -> Vec<String> {
    let mut pressed = Vec::new();
    for turn in 0..80 {
        let Some(next) = server.next(teacher) else { break };
        if next == "close" {
            for (place, student) in students.iter_mut().enumerate() {
                server.vote(student, (place / 2 + turn) % 2);
            }
        }
        if next == "end" {
            return pressed;
        }
        server.must(teacher, &next, &[]);
        pressed.push(next);
    }
    pressed
}

#[test]
fn a_lesson_in_groups() {
    let server = Server::start(&lighthouse(), &["--class", "30"]);
    let mut teacher = server.teacher();
    let mut students: Vec<Client> = (0..8).map(|_| server.student("")).collect();
    let lobby = students[0].get(&server.path("s", ""));
    assert!(lobby.body.contains("data-phase=\"lobby\""));
    server.must(&mut teacher, "begin", &[("mode", "factions")]);
    // Groups are filled evenly, and whoever comes late fills the smallest.
    students.push(server.student(""));
    let roles: Vec<bool> =
        students.iter_mut().map(|one| one.get(&server.path("s", "")).body.contains("keeper of the light")).collect();
    let keepers = roles.iter().filter(|keeper| **keeper).count();
    assert!((4..=5).contains(&keepers), "{roles:?}");
    let pressed = play(&server, &mut teacher, &mut students);
    for wanted in ["argue", "open", "close", "reveal", "advance"] {
        assert!(pressed.iter().any(|one| one == wanted), "{wanted} was never lit: {pressed:?}");
    }
    // The wall's last page is a front page: how the city came out, and every group's end.
    let wall = server.client().get(&server.path("p", "")).body;
    assert!(wall.contains("class=\"front\"") && wall.matches("class=\"ending\"").count() == 2, "{wall}");
    let own = students[0].get(&server.path("s", "/debrief"));
    assert_eq!(own.status, 200);
    assert!(own.body.contains("Decision by decision") && own.body.contains("Three questions"), "{}", own.body);
    let debrief = teacher.get(&server.path("t", "/debrief"));
    assert!(debrief.body.contains("Where the paths part") && !debrief.body.contains("—"), "{}", debrief.body);
    assert!(
        debrief.body.contains("had voted otherwise") && debrief.body.contains("Inside the groups"),
        "{}",
        debrief.body
    );
    let file = teacher.get(&server.path("t", "/debrief.html"));
    assert!(file.header("content-disposition").contains("debriefing.html"));
    assert!(!file.body.contains("href=") && !file.body.contains("src="), "it leads nowhere: {}", file.body);
    let table = teacher.get(&server.path("t", "/votes.csv")).body;
    assert_table(&table, &teacher.get(&server.path("t", "/log.jsonl")).body, students.len());
    let report = teacher.get(&server.path("t", "/report.html"));
    assert!(report.body.starts_with("<!doctype html>") && report.header("content-disposition").contains("attachment"));
    let log = teacher.get(&server.path("t", "/log.jsonl")).body;
    assert!(log.lines().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()), "{log}");
    server.must(&mut teacher, "end", &[]);
    assert!(students[0].get(&server.path("s", "")).body.contains("Thank you for playing"));
}

/// One line per seat and decision: each seat of each group in each round, and nobody twice.
fn assert_table(table: &str, log: &str, seats: usize) {
    let table = table.trim_start_matches('\u{feff}');
    assert!(table.starts_with("class,round,role,at,seat,name,choice,date,words,won,record"), "{table}");
    let lines: Vec<Vec<&str>> =
        table.lines().skip(1).map(|line| line[1..line.len() - 1].split("\",\"").collect()).collect();
    let opened = log.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let opened: Vec<_> = opened.filter(|line| line["event"]["kind"] == "decision_opened").collect();
    let mut seen = std::collections::BTreeSet::new();
    for line in &lines {
        assert_eq!(line.len(), 11, "{line:?}");
        assert!(seen.insert((line[1].to_owned(), line[4].to_owned())), "twice: {line:?}");
        let date = line[7].split('-').map(str::len).collect::<Vec<_>>();
        assert!(date == [4, 2, 2] && !line[5].is_empty() && !line[3].is_empty(), "{line:?}");
        assert!(line[6].starts_with('(') || !line[8].is_empty(), "what was chosen has words: {line:?}");
        assert!(["yes", "no", ""].contains(&line[9]), "{line:?}");
    }
    for round in &opened {
        let round = &round["event"];
        let number = round["round"].to_string();
        let of_round = lines.iter().filter(|line| line[1] == number).count();
        let roles = round["asked"].as_array().map_or(0, Vec::len);
        assert!(if roles == 2 { of_round == seats } else { of_round < seats && of_round > 0 }, "{round}: {of_round}");
    }
    assert!(lines.iter().any(|line| line[9] == "yes") && lines.iter().any(|line| line[9] == "no"), "{table}");
}

#[test]
fn a_lesson_of_the_whole_class_survives_a_restart_in_every_phase() {
    let mut server = Server::start(&lighthouse(), &[]);
    let mut teacher = server.teacher();
    let mut students: Vec<Client> = (0..3).map(|_| server.student("")).collect();
    let mut seen = std::collections::BTreeSet::new();
    for turn in 0..60 {
        let before: Vec<String> = students.iter_mut().map(|one| one.get(&server.path("s", "/view")).body).collect();
        let phase = before[0]
            .split("data-phase=\"")
            .nth(1)
            .and_then(|rest| rest.split('"').next())
            .unwrap_or_default()
            .to_owned();
        if seen.insert(phase.clone()) {
            server.kill();
            server.restart();
            let after: Vec<String> = students.iter_mut().map(|one| one.get(&server.path("s", "/view")).body).collect();
            assert_eq!(before, after, "everybody is where they were, in {phase}");
        }
        match server.next(&mut teacher).as_deref() {
            None | Some("begin") => server.must(&mut teacher, "begin", &[("mode", "class"), ("role", "keeper")]),
            Some("end") => break,
            Some("close") => {
                for (place, student) in students.iter_mut().enumerate() {
                    server.vote(student, place + turn);
                }
                server.must(&mut teacher, "pause", &[]);
                assert!(students[0].get(&server.path("s", "")).body.contains("A break"));
                server.must(&mut teacher, "resume", &[]);
                server.must(&mut teacher, "close", &[]);
            }
            Some(next) => server.must(&mut teacher, next, &[]),
        }
    }
    for phase in ["lobby", "read", "argue", "vote", "closed", "revealed", "over"] {
        assert!(seen.contains(phase), "{phase} was not reached: {seen:?}");
    }
}

#[test]
fn a_lesson_in_which_everybody_plays_alone() {
    let mut server = Server::start(&lighthouse(), &[]);
    let mut teacher = server.teacher();
    let mut students: Vec<Client> = (0..3).map(|_| server.student("")).collect();
    server.must(&mut teacher, "begin", &[("mode", "alone"), ("role", "keeper")]);
    for (place, student) in students.iter_mut().enumerate() {
        for turn in 0..40 {
            let page = student.get(&server.path("s", ""));
            let options = page.fields("option");
            let Some(option) = options.get((place + turn) % options.len().max(1)) else { break };
            let fields = [("turn", page.field("turn").unwrap_or_default()), ("option", option)];
            let mut answer = student.post(&server.path("s", "/step"), &fields);
            if answer.status == 409 {
                assert!(answer.body.contains("Write your reason first"), "{}", answer.body);
                let reason = "because the ship has a hundred people aboard and the lamp has oil";
                let fields = [fields[0], fields[1], ("reason", reason)];
                answer = student.post(&server.path("s", "/step"), &fields);
            }
            assert_eq!(answer.status, 303, "{}", answer.body);
        }
    }
    server.kill();
    server.restart();
    assert_eq!(students[0].get(&server.path("s", "/debrief")).status, 200, "their own play is over");
    let console = teacher.get(&server.path("t", "")).body;
    assert!(console.contains("Where everybody is"), "{console}");
    let merged = teacher.get(&server.path("t", "/debrief")).body;
    assert!(merged.contains("what hardly anybody chose") && merged.contains("Endings"), "{merged}");
    assert!(teacher.get(&server.path("t", "/votes.csv")).body.lines().count() > 3);
}

#[test]
fn a_runoff_where_two_thirds_are_needed_and_a_tie_that_the_teacher_breaks() {
    let server = Server::start(&lighthouse(), &[]);
    let mut teacher = server.teacher();
    let mut students: Vec<Client> = (0..4).map(|_| server.student("")).collect();
    server.must(&mut teacher, "rules", &[("rule", "two_thirds"), ("tie", "teacher"), ("secrecy", "secret")]);
    server.must(&mut teacher, "begin", &[("mode", "class"), ("role", "keeper")]);
    server.must(&mut teacher, "open", &[]);
    for (student, place) in students.iter_mut().zip([0, 0, 1, 2]) {
        server.vote(student, place);
    }
    server.must(&mut teacher, "close", &[]);
    let refused = server.steer(&mut teacher, "advance", &[]);
    assert_eq!(refused.status, 409, "nothing has won yet");
    server.must(&mut teacher, "reveal", &[]);
    let shown = students[0].get(&server.path("s", "")).body;
    assert!(!shown.contains("2 votes"), "a secret count was shown: {shown}");
    assert_eq!(server.next(&mut teacher).as_deref(), Some("open"), "a runoff is lit");
    server.must(&mut teacher, "open", &[]);
    for (student, place) in students.iter_mut().zip([0, 0, 1, 1]) {
        server.vote(student, place);
    }
    server.must(&mut teacher, "close", &[]);
    server.must(&mut teacher, "reveal", &[]);
    let page = teacher.get(&server.path("t", ""));
    assert!(page.body.contains("Equal. You decide:"), "{}", page.body);
    let ties = page.body.split_once("Equal. You decide:").map(|(_, rest)| rest.to_owned()).unwrap_or_default();
    let option =
        ties.split("name=\"option\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
    server.must(&mut teacher, "break", &[("role", "keeper"), ("option", option)]);
    server.must(&mut teacher, "advance", &[]);
}

#[test]
fn what_a_teacher_does_can_be_undone() {
    let server = Server::start(&lighthouse(), &[]);
    let mut teacher = server.teacher();
    let mut students: Vec<Client> = (0..3).map(|_| server.student("")).collect();
    server.must(&mut teacher, "rename", &[("seat", "1"), ("text", "Stoker Zoya")]);
    assert!(students[0].get(&server.path("s", "")).body.contains("Stoker Zoya"));
    server.must(&mut teacher, "undo", &[]);
    assert!(!students[0].get(&server.path("s", "")).body.contains("Stoker Zoya"));
    server.must(&mut teacher, "remove", &[("seat", "2")]);
    assert_eq!(students[1].get(&server.path("s", "")).status, 303, "to the door");
    server.must(&mut teacher, "undo", &[]);
    assert_eq!(students[1].get(&server.path("s", "")).status, 200);
    server.must(&mut teacher, "begin", &[("mode", "class"), ("role", "keeper")]);
    let first = students[0].get(&server.path("s", "")).body;
    server.must(&mut teacher, "skip", &[]);
    assert_ne!(first.split_once("<h1"), students[0].get(&server.path("s", "")).body.split_once("<h1"));
    // Back by the line of the beginning: what came after is kept as a branch.
    let log = teacher.get(&server.path("t", "/log.jsonl")).body;
    let line = log
        .lines()
        .find(|line| line.contains("\"begun\""))
        .and_then(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let seq = line.map(|line| line["seq"].to_string()).unwrap_or_default();
    server.must(&mut teacher, "rewind", &[("from", &seq)]);
    let again = students[0].get(&server.path("s", "")).body;
    let title =
        |page: &str| page.split_once("<h1").map(|(_, rest)| rest.split("</h1>").next().unwrap_or_default().to_owned());
    assert_eq!(title(&first), title(&again));
    assert!(teacher.get(&server.path("t", "/debrief")).body.contains("Courses that you left"));
    // Ended by mistake: the lesson goes on. Swept away by mistake: everybody is back.
    server.must(&mut teacher, "end", &[]);
    assert!(students[0].get(&server.path("s", "")).body.contains("Thank you for playing"));
    server.must(&mut teacher, "undo", &[]);
    server.must(&mut teacher, "sweep", &[("seconds", "600")]);
    assert_eq!(students[0].get(&server.path("s", "")).status, 303);
    server.must(&mut teacher, "undo", &[]);
    assert!(students[0].get(&server.path("s", "")).body.contains("data-phase=\"read\""));
    // A note on the screen is put away by its own button: the game does not go back for it.
    students[0].post(&server.path("s", "/note"), &[("text", "Who has the key?")]);
    server.must(&mut teacher, "argue", &[]);
    server.must(&mut teacher, "show", &[("note", "1")]);
    assert!(!teacher.get(&server.path("t", "")).body.contains("Undo the last"));
    assert_eq!(server.steer(&mut teacher, "undo", &[]).status, 409);
    assert!(students[0].get(&server.path("s", "")).body.contains("data-phase=\"argue\""));
    // A button that was drawn before the class went on does nothing.
    let stale = server.steer(&mut teacher, "skip", &[("expect", "1")]);
    assert_eq!(stale.status, 409);
}

#[test]
fn a_seat_moves_to_another_device_and_two_become_one() {
    let server = Server::start(&lighthouse(), &[]);
    let mut teacher = server.teacher();
    let mut old = server.student("");
    let mut other = server.student("");
    let page = old.get(&server.path("s", "")).body;
    let words = page.split("Your two words:</p>").next().and_then(|_| page.split("two words: <strong>").nth(1));
    let words = words.and_then(|rest| rest.split('<').next()).unwrap_or_default().to_owned();
    let mut new = server.client();
    new.get(&server.path("j", "/again"));
    assert_eq!(new.post(&server.path("j", "/again"), &[("words", &words)]).status, 200);
    assert_eq!(new.get(&server.path("s", "")).status, 303, "not before the teacher says yes");
    server.must(&mut teacher, "grant", &[("claim", "1")]);
    assert_eq!(new.get(&server.path("s", "")).status, 200);
    assert_eq!(old.get(&server.path("s", "")).status, 303, "the old device is out");
    server.must(&mut teacher, "undo", &[]);
    assert_eq!(old.get(&server.path("s", "")).status, 200, "the old device has it again");
    let again = new.post(&server.path("j", "/again"), &[("words", &words)]);
    assert_eq!(again.status, 200, "{}", again.body);
    server.must(&mut teacher, "grant", &[("claim", "2")]);
    assert_eq!(new.get(&server.path("s", "")).status, 200);
    server.must(&mut teacher, "merge", &[("seat", "2"), ("other", "1")]);
    assert_eq!(other.get(&server.path("s", "")).status, 200, "the second device has the first seat now");
    assert_eq!(new.get(&server.path("s", "")).status, 303);
}

#[test]
fn the_undecided_decide_between_equals_and_each_reads_in_their_language() {
    let server = Server::start(&lighthouse(), &[]);
    let mut teacher = server.teacher();
    let mut students: Vec<Client> = (0..5).map(|_| server.student("")).collect();
    server.must(&mut teacher, "begin", &[("mode", "factions")]);
    server.must(&mut teacher, "move", &[("seat", "5"), ("role", "")]);
    for _ in 0..40 {
        let hinge = students[4].get(&server.path("s", "")).body.contains("You are undecided: your vote");
        if hinge && server.next(&mut teacher).as_deref() == Some("argue") {
            break;
        }
        server.must(&mut teacher, "skip", &[]);
    }
    let spanish = students[0].get(&server.path("s", "/lang/es"));
    assert_eq!(spanish.status, 303);
    let page = students[0].get(&server.path("s", "")).body;
    assert!(page.contains("<html lang=\"es\">") && page.contains(">Lee."), "{page}");
    server.must(&mut teacher, "open", &[]);
    let offered = students[4].get(&server.path("s", ""));
    let options: Vec<String> = offered.fields("option").into_iter().map(str::to_owned).collect();
    let first: Vec<&String> = options.iter().filter(|option| option.starts_with("keeper.")).collect();
    assert!(first.len() >= 2 && options.iter().any(|option| option.starts_with("captain.")), "{options:?}");
    // Two keepers part; the undecided one is for the second.
    let (mut place, mut keepers) = (0, 0);
    for student in &mut students[..4] {
        if student.get(&server.path("s", "")).body.contains("Brais") {
            server.vote(student, place);
            place += 1;
            keepers += 1;
        }
    }
    assert_eq!(keepers, 2);
    let second = options.iter().position(|option| option == first[1]).unwrap_or(0);
    server.vote(&mut students[4], second);
    server.must(&mut teacher, "close", &[]);
    let log = teacher.get(&server.path("t", "/log.jsonl")).body;
    let winner = first[1].trim_start_matches("keeper.");
    assert!(log.contains("\"how\":\"casting\"") && log.contains(&format!("\"winner\":\"{winner}\"")), "{log}");
    // Their votes are shown last.
    server.must(&mut teacher, "reveal", &[]);
    let shown = |client: &mut Client| client.get(&server.path("p", "")).body;
    assert!(shown(&mut server.client()).contains("equal: the undecided decide"));
    assert!(!students[1].get(&server.path("s", "")).body.contains("by the votes of the undecided"));
    assert_eq!(server.next(&mut teacher).as_deref(), Some("reveal"), "what is left to show is lit");
    server.must(&mut teacher, "reveal", &[]);
    assert!(shown(&mut server.client()).contains("by the votes of the undecided"));
    assert_eq!(server.next(&mut teacher).as_deref(), Some("advance"));
}

#[test]
fn the_page_is_light_and_asks_nobody_else() {
    let server = Server::start(&lighthouse(), &[]);
    let mut teacher = server.teacher();
    let mut student = server.student("");
    server.must(&mut teacher, "begin", &[("mode", "class"), ("role", "keeper")]);
    let page = student.get(&server.path("s", ""));
    let mut bytes = page.body.len();
    for part in page.body.split('"').filter(|part| part.starts_with("/static/")) {
        let file = student.get(part);
        assert_eq!(file.status, 200, "{part}");
        bytes += file.body.len();
        for far in ["http://", "https://", "//"] {
            let at_home = |url: &str| url.starts_with("www.w3.org/2000/svg");
            assert!(!file.body.split(&format!("\"{far}")).skip(1).any(|url| !at_home(url)), "{part} names {far}");
        }
    }
    // Not even packed: forty kilobytes packed are the bar.
    assert!(bytes <= 40 << 10, "{bytes} bytes to a first screen");
    assert!(page.header("content-security-policy").contains("default-src 'self'"));
}

#[test]
fn a_lesson_on_paper() {
    let folder = super::server::Scratch::new("paper");
    let file = folder.0.join("slips.html");
    let mut command = super::server::program(&["host", "--paper"]);
    let out = command.arg(&file).arg(lighthouse()).output().expect("it runs");
    assert!(out.status.success() && String::from_utf8_lossy(&out.stdout).contains("slips.html"), "{out:?}");
    let page = std::fs::read_to_string(&file).expect("it was written");
    for wanted in ["Brais Lema", "Edwin Pascoe", "--roles keeper,captain --digest", "Wait. The boat"] {
        assert!(page.contains(wanted), "{wanted}: {page}");
    }
    assert_eq!(page.matches("Vote no.").count(), 6, "{page}");
    for far in ["href=", "src=", "<script", "http"] {
        assert!(!page.contains(far), "{far}: it needs no network");
    }
    // The console's has what lies before each group now.
    let server = Server::start(&lighthouse(), &[]);
    let mut teacher = server.teacher();
    server.must(&mut teacher, "begin", &[("mode", "factions")]);
    server.must(&mut teacher, "skip", &[]);
    let later = teacher.get(&server.path("t", "/paper")).body;
    assert!(later.contains("Edwin Pascoe") && !later.contains("Wait. The boat"), "{later}");
}
