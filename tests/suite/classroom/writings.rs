//! What students write, with plain forms: pledges, questions, the minority, the sentence at the
//! end; and another role without a reason.

use std::fs;

use super::caucus::groups;
use super::client::Client;
use super::guests::contains;
use super::server::{Scratch, Server, lighthouse, program};

fn write(server: &Server, client: &mut Client, kind: &str, whom: &str, text: &str) -> u16 {
    client.post(&server.path("s", "/write"), &[("kind", kind), ("whom", whom), ("text", text)]).status
}

fn page(server: &Server, client: &mut Client) -> String {
    client.get(&server.path("s", "")).body
}

#[test]
fn a_pledge_is_offered_taken_and_read_in_the_debriefing_without_names() {
    let server = Server::start(&lighthouse(), &[]);
    let mut teacher = server.teacher();
    let [mut keepers, mut captains] = groups(&server, &mut teacher, 4);
    let (keeper, captain) = (keepers[0].0.to_string(), captains[0].0.to_string());
    assert_eq!(write(&server, &mut keepers[0].1, "pledge", &captain, "as_you"), 409, "not before corridor time");
    server.must(&mut teacher, "corridor", &[]);
    assert!(page(&server, &mut keepers[0].1).contains("Offer it"));
    assert_eq!(
        write(&server, &mut keepers[0].1, "pledge", &captain, "I give you a hundred pesetas"),
        409,
        "forms of words only"
    );
    assert_eq!(write(&server, &mut keepers[0].1, "pledge", &keeper, "as_you"), 409, "not to oneself");
    let form = keepers[0].1.get(&server.path("s", ""));
    let vote = form.fields("value").len();
    assert_eq!(vote, 0, "{}", form.body);
    let option = form
        .body
        .split("<option value=\"")
        .filter_map(|rest| rest.split('"').next())
        .find(|value| value.starts_with("vote "));
    let option = option.expect("an option of one's own can be pledged").to_owned();
    for text in ["as_you", &option, &option] {
        assert_eq!(write(&server, &mut keepers[0].1, "pledge", &captain, text), 303);
    }
    let offered = captains[0].1.get(&server.path("s", ""));
    assert!(offered.body.contains("At the next vote I vote as you do.") && offered.body.contains("I vote for:"));
    assert!(!page(&server, &mut captains[1].1).contains("to you:"), "a third sees nothing");
    let answer = |client: &mut Client, note: &str, takes: &str| {
        client.post(&server.path("s", "/pledge"), &[("note", note), ("takes", takes)]).status
    };
    assert_eq!(answer(&mut captains[1].1, "1", "yes"), 409, "it was offered to somebody else");
    assert_eq!(answer(&mut captains[0].1, "1", "no"), 303);
    assert_eq!(answer(&mut captains[0].1, "2", "yes"), 303);
    assert_eq!(answer(&mut captains[0].1, "2", "no"), 409, "answered is answered");
    assert!(page(&server, &mut keepers[0].1).contains(">taken<"));
    let debrief = teacher.get(&server.path("t", "/debrief")).body;
    let told = debrief
        .split_once("pledged in the corridor")
        .map(|(_, rest)| rest.split("</section>").next().unwrap_or_default());
    let told = told.expect("pledges are told");
    assert!(told.contains("I vote for:") && !told.contains("I vote as you do"), "{told}");
    let names = teacher.get(&server.path("t", "/words.csv")).body;
    let name =
        names.lines().nth(1).and_then(|line| line.split(',').nth(4)).unwrap_or_default().trim_matches('"').to_owned();
    assert!(!name.is_empty() && !told.contains(&name), "no name beside a vote: {told}");
    let log = teacher.get(&server.path("t", "/log.jsonl")).body;
    assert!(!log.contains("as_you") && !log.contains(&option), "what was pledged is in no log");
    assert!(!server.client().get(&server.path("p", "")).body.contains("I vote for"), "nor on the wall");
}

#[test]
fn a_question_of_the_undecided_reaches_the_chair_once_the_teacher_says_so() {
    let server = Server::start(&lighthouse(), &[]);
    let mut teacher = server.teacher();
    let [mut keepers, mut captains] = groups(&server, &mut teacher, 5);
    let (seat, mut asks) = keepers.pop().expect("three keepers");
    server.must(&mut teacher, "move", &[("seat", &seat.to_string()), ("role", "")]);
    let chair = keepers[0].0;
    for (_, client) in &mut keepers {
        let _ = client.post(&server.path("s", "/chair"), &[("seat", &chair.to_string())]);
    }
    assert!(page(&server, &mut asks).contains("Ask the chair of a group"));
    assert_eq!(write(&server, &mut captains[0].1, "question", "keeper", "Why?"), 409, "the undecided ask");
    assert_eq!(write(&server, &mut asks, "question", "nobody", "Why?"), 409);
    assert_eq!(write(&server, &mut asks, "question", "keeper", "Who pays for the oil?"), 303);
    let console = teacher.get(&server.path("t", "")).body;
    assert!(console.contains("1 note to look at") && console.contains("To the chair of"), "{console}");
    assert!(!page(&server, &mut keepers[0].1).contains("Who pays for the oil?"), "not before the teacher says so");
    server.must(&mut teacher, "show", &[("note", "1")]);
    assert!(page(&server, &mut keepers[0].1).contains("Who pays for the oil?"));
    assert!(!page(&server, &mut keepers[1].1).contains("Who pays for the oil?"), "the chair answers");
    assert!(!page(&server, &mut captains[0].1).contains("Who pays for the oil?"));
    server.must(&mut teacher, "unseat", &[("seat", &chair.to_string())]);
    assert!(page(&server, &mut keepers[1].1).contains("Who pays for the oil?"), "without a chair all are asked");
    server.must(&mut teacher, "drop", &[("note", "1")]);
    assert!(!page(&server, &mut keepers[0].1).contains("Who pays for the oil?"));
}

#[test]
fn another_role_needs_no_reason() {
    let server = Server::start(&lighthouse(), &[]);
    let mut teacher = server.teacher();
    let [mut keepers, _] = groups(&server, &mut teacher, 4);
    assert_eq!(write(&server, &mut keepers[0].1, "swap", "", "because"), 303);
    assert_eq!(write(&server, &mut keepers[0].1, "swap", "", ""), 303, "twice is once");
    assert!(page(&server, &mut keepers[0].1).contains("You asked for another role."));
    let console = teacher.get(&server.path("t", "")).body;
    assert_eq!(console.matches("would rather have another role").count(), 1, "{console}");
    assert!(!console.contains("because"), "no reason is kept");
    server.must(&mut teacher, "move", &[("seat", &keepers[0].0.to_string()), ("role", "captain")]);
    let own = page(&server, &mut keepers[0].1);
    assert!(!own.contains("You asked for another role.") && !own.contains("keeper of the light"), "{own}");
    assert!(!teacher.get(&server.path("t", "")).body.contains("would rather have another role"));
}

#[test]
fn three_speakers_are_on_the_screen_only_when_the_teacher_shows_them() {
    let server = Server::start(&lighthouse(), &[]);
    let mut teacher = server.teacher();
    let _seats = groups(&server, &mut teacher, 6);
    server.must(&mut teacher, "argue", &[]);
    assert_eq!(server.steer(&mut teacher, "show_speakers", &[]).status, 409, "nobody was drawn");
    server.must(&mut teacher, "speakers", &[]);
    let wall = |server: &Server| server.client().get(&server.path("p", "")).body;
    assert!(!wall(&server).contains(" speaks · "));
    server.must(&mut teacher, "show_speakers", &[]);
    assert_eq!(wall(&server).matches(" speaks · ").count(), 3);
    server.must(&mut teacher, "hide_speakers", &[]);
    assert!(!wall(&server).contains(" speaks · "));
    let log = teacher.get(&server.path("t", "/log.jsonl")).body;
    let line = log.lines().find(|line| line.contains("speakers_drawn")).expect("a draw");
    let line: serde_json::Value = serde_json::from_str(line).expect("a line");
    let mut seats: Vec<u64> =
        line["event"]["seats"].as_array().into_iter().flatten().filter_map(serde_json::Value::as_u64).collect();
    seats.sort_unstable();
    seats.dedup();
    assert_eq!(seats.len(), 3, "three, all different");
}

#[test]
fn the_minority_speaks_without_a_name_and_the_sentence_at_the_end_is_the_teachers() {
    let server = Server::start(&lighthouse(), &[]);
    let mut teacher = server.teacher();
    let mut students: Vec<Client> = (0..3).map(|_| server.student("")).collect();
    students.push(server.student("Quetzal"));
    server.must(&mut teacher, "rename", &[("seat", "4")]);
    server.must(&mut teacher, "begin", &[("mode", "class"), ("role", "keeper")]);
    server.must(&mut teacher, "open", &[]);
    for (student, place) in students.iter_mut().zip([0, 0, 0, 1]) {
        server.vote(student, place);
    }
    server.must(&mut teacher, "close", &[]);
    assert_eq!(write(&server, &mut students[3], "minority", "1 keeper", "Too early."), 409, "not before the result");
    server.must(&mut teacher, "reveal", &[]);
    assert!(page(&server, &mut students[3]).contains("You were outvoted"));
    assert!(!page(&server, &mut students[0]).contains("You were outvoted"));
    assert_eq!(write(&server, &mut students[0], "minority", "1 keeper", "I won."), 409);
    assert_eq!(write(&server, &mut students[3], "minority", "1 keeper", "Wrongly put."), 303);
    assert_eq!(write(&server, &mut students[3], "minority", "1 keeper", "Somebody should have rowed out."), 303);
    let console = teacher.get(&server.path("t", "")).body;
    let inbox =
        console.split_once("class=\"scroll inbox\"").map(|(_, rest)| rest.split("</div>").next().unwrap_or_default());
    let inbox = inbox.expect("a note to look at");
    assert!(
        inbox.contains("Somebody should have rowed out.")
            && !inbox.contains("Quetzal")
            && !console.contains("Wrongly put"),
        "{inbox}"
    );
    let debrief = |client: &mut Client| client.get(&server.path("t", "/debrief")).body;
    assert!(!debrief(&mut teacher).contains("rowed out"), "not before the teacher says so");
    server.must(&mut teacher, "show", &[("note", "1")]);
    assert!(debrief(&mut teacher).contains("rowed out"));
    assert!(!server.client().get(&server.path("p", "")).body.contains("rowed out"), "it is for the debriefing");
    let table = teacher.get(&server.path("t", "/words.csv")).body;
    let line = table.lines().find(|line| line.contains("rowed out")).unwrap_or_default();
    assert!(line.contains("\"minority\"") && !line.contains("Quetzal"), "{line}");
    // The end.
    assert_eq!(write(&server, &mut students[3], "ticket", "", "Too early."), 409);
    server.must(&mut teacher, "end", &[]);
    assert!(page(&server, &mut students[3]).contains("Only your teacher reads it."));
    assert_eq!(write(&server, &mut students[3], "ticket", "", "Nobody could see through the fog."), 303);
    assert_eq!(write(&server, &mut students[3], "ticket", "", "Fog decides nothing; people do."), 303);
    let seen = debrief(&mut teacher);
    assert!(seen.contains("1 sentence at the end") && seen.contains("Fog decides nothing"), "{seen}");
    assert!(!students[0].get(&server.path("s", "/debrief")).body.contains("Fog decides nothing"));
    assert!(teacher.get(&server.path("t", "/words.csv")).body.contains("\"exit ticket\""));
    assert!(server.client().get(&server.path("p", "")).body.contains("are deleted on "), "the day stands on the wall");
    // Deleted, all of it is gone.
    let found = |words: &str| {
        let files =
            ["", "-wal", "-shm"].map(|end| fs::read(format!("{}{end}", server.file().display())).unwrap_or_default());
        files.iter().any(|bytes| contains(bytes, words.as_bytes()))
    };
    assert!(found("Fog decides nothing"), "the test looks where words are");
    server.must(&mut teacher, "purge", &[]);
    assert!(!found("Fog decides nothing") && !found("rowed out"));
    for path in ["/debrief", "/words.csv", "/completion.csv"] {
        let body = teacher.get(&server.path("t", path)).body;
        assert!(
            !body.contains("Fog decides") && !body.contains("rowed out") && !body.contains("Quetzal"),
            "{path}: {body}"
        );
    }
    let cookie = format!("s{}", server.code);
    assert_eq!(students[3].get(&server.path("s", "")).status, 303);
    assert_eq!(students[3].jar.get(&cookie).map(String::as_str), Some(""), "nothing stays on the phone");
}

#[test]
fn where_the_network_fails_the_play_goes_on_at_one_keyboard() {
    let server = Server::start(&lighthouse(), &[]);
    let mut teacher = server.teacher();
    let _groups = groups(&server, &mut teacher, 2);
    server.must(&mut teacher, "skip", &[]);
    let saved = teacher.get(&server.path("t", "/play.toml"));
    assert!(saved.header("content-disposition").contains("class-"), "{:?}", saved.headers);
    let folder = Scratch::new("carried");
    let file = folder.0.join("class.toml");
    fs::write(&file, &saved.body).expect("the file is written");
    let story = lighthouse();
    let arguments = [
        "report",
        file.to_str().unwrap_or_default(),
        "--format",
        "json",
        "--story",
        story.to_str().unwrap_or_default(),
    ];
    let report = program(&arguments).output().expect("it runs");
    assert!(report.status.success(), "{}", String::from_utf8_lossy(&report.stderr));
    let report = String::from_utf8_lossy(&report.stdout).into_owned();
    assert!(report.contains("keeper") && report.contains("captain"), "both roles are in it: {report}");
}

#[test]
fn two_classes_and_the_record_are_three_histories() {
    let folder = Scratch::new("two");
    let database = format!("sqlite:{}", folder.0.join("class.db").display());
    let servers = [(); 2].map(|()| Server::on(&lighthouse(), &database, &["--new"]));
    let mut teachers = [servers[0].teacher(), servers[1].teacher()];
    for (place, (server, teacher)) in servers.iter().zip(&mut teachers).enumerate() {
        let mut students: Vec<Client> = (0..2).map(|_| server.student("")).collect();
        server.must(teacher, "begin", &[("mode", "factions")]);
        for _ in 0..60 {
            let Some(next) = server.next(teacher) else { break };
            if next == "close" {
                students.iter_mut().for_each(|student| drop(server.vote(student, place)));
            }
            if next == "end" {
                break;
            }
            server.must(teacher, &next, &[]);
        }
    }
    let path = servers[0].path("t", &format!("/beside?other={}", servers[1].code.to_lowercase()));
    assert_eq!(teachers[0].get(&path).status, 403, "a code alone opens nothing");
    let foreign = teachers[1].jar.clone();
    teachers[0].jar.extend(foreign);
    let page = teachers[0].get(&path);
    assert_eq!(page.status, 200, "{}", page.body);
    assert!(page.body.contains("Three histories") && servers.iter().all(|server| page.body.contains(&server.code)));
    let rows = page.body.matches("<tr>").count();
    assert!(rows >= 5, "{rows} rows: {}", page.body);
    assert!(teachers[0].get(&servers[0].path("t", "/beside")).body.contains("The code of the other class"));
}
