//! Threats T10, T11 and T17: one seat one vote, what is for one group alone, and what a purge leaves.

use std::fs;

use super::client::Client;
use super::guests::contains;
use super::server::{Scratch, Server, lighthouse};

#[test]
fn t10_a_seat_has_one_vote() {
    let server = Server::start(&lighthouse(), &[]);
    let mut teacher = server.teacher();
    let student = server.student("");
    server.must(&mut teacher, "begin", &[("mode", "class"), ("role", "keeper")]);
    server.must(&mut teacher, "open", &[]);
    let jar = &student.jar;
    std::thread::scope(|scope| {
        for thread in 0..10 {
            let server = &server;
            scope.spawn(move || {
                let mut client = server.client();
                client.jar = jar.clone();
                for number in 0..100 {
                    let option = ["wait", "fetch", "send"][(thread + number) % 3];
                    let fields =
                        [("round", "1"), ("key", &*((thread * 100 + number) % 50).to_string()), ("option", option)];
                    let status = client.post(&server.path("s", "/ballot"), &fields).status;
                    assert!(matches!(status, 303 | 409), "{status}");
                }
            });
        }
    });
    let mut student = server.client();
    student.jar = jar.clone();
    assert!(server.vote(&mut student, 0).is_some());
    let page = teacher.get(&server.path("t", "")).body;
    assert!(page.contains("<td>1</td><td>1</td>"), "one seat, one vote: {page}");
    server.must(&mut teacher, "close", &[]);
    let log = teacher.get(&server.path("t", "/log.jsonl")).body;
    let closed = log.lines().find(|line| line.contains("decision_closed")).unwrap_or_default();
    let line: serde_json::Value = serde_json::from_str(closed).expect("a line");
    let votes: u64 = line["event"]["counted"][0]["votes"]
        .as_array()
        .map_or(0, |votes| votes.iter().filter_map(serde_json::Value::as_u64).sum());
    assert_eq!(votes, 1, "{closed}");
    let late = [("round", "1"), ("key", "99"), ("option", "wait")];
    assert_eq!(student.post(&server.path("s", "/ballot"), &late).status, 409, "closed is closed");
}

#[test]
fn t11_what_is_for_one_group_reaches_no_other() {
    let folder = Scratch::new("canary");
    let story = folder.0.join("story.toml");
    fs::write(&story, CANARY).expect("a story");
    let server = Server::start(&story, &[]);
    let mut teacher = server.teacher();
    let mut students: Vec<Client> = (0..2).map(|_| server.student("")).collect();
    server.must(&mut teacher, "begin", &[("mode", "factions")]);
    let mut undecided = server.student("");
    server.must(&mut teacher, "move", &[("seat", "3"), ("role", "")]);
    let mut streams: Vec<Client> = students
        .iter()
        .map(|student| {
            let mut stream = server.client();
            stream.jar = student.jar.clone();
            stream.stream(&server.path("s", "/stream")).expect("a stream");
            stream
        })
        .collect();
    let mut heard = [String::new(), String::new(), String::new(), String::new()];
    for _ in 0..14 {
        let Some(next) = server.next(&mut teacher) else { break };
        for (student, heard) in students.iter_mut().zip(&mut heard) {
            for path in ["", "/view", "/who", "/debrief"].into_iter().take(if next == "end" { 3 } else { 4 }) {
                heard.push_str(&student.get(&server.path("s", path)).body);
            }
        }
        heard[2].push_str(&undecided.get(&server.path("s", "")).body);
        heard[3].push_str(&teacher.get(&server.path("p", "")).body);
        for (stream, heard) in streams.iter_mut().zip(&mut heard) {
            heard.push_str(&stream.event().expect("an event").unwrap_or_default());
        }
        if next == "argue" {
            for talk in ["caucus", "corridor"] {
                server.must(&mut teacher, talk, &[]);
                for (student, heard) in students.iter_mut().chain([&mut undecided]).zip(&mut heard) {
                    heard.push_str(&student.get(&server.path("s", "")).body);
                }
                heard[3].push_str(&teacher.get(&server.path("p", "")).body);
            }
            server.must(&mut teacher, "read", &[]);
        }
        if next == "close" {
            students.iter_mut().for_each(|student| drop(server.vote(student, 0)));
        }
        if next == "end" {
            break;
        }
        server.must(&mut teacher, &next, &[]);
    }
    assert!(heard[0].contains("REDSECRET") && heard[1].contains("BLUESECRET"), "each reads its own");
    for (place, foreign) in
        [(0, "BLUESECRET"), (1, "REDSECRET"), (2, "REDSECRET"), (2, "BLUESECRET"), (3, "REDSECRET"), (3, "BLUESECRET")]
    {
        assert!(!heard[place].contains(foreign), "{place} was shown {foreign}");
    }
}

const CANARY: &str = r#"
[story]
format = 1
id = "canary"
title = "Canary"
begins = 1917-02-22
ends = 1917-03-01
[world]
heat = 5
[[role]]
id = "red"
name = "Red"
text = "You are red. REDSECRET"
start = "red_room"
[[role]]
id = "blue"
name = "Blue"
text = "You are blue. BLUESECRET"
start = "blue_room"
[[scene]]
id = "red_room"
role = "red"
title = "A room"
text = "REDSECRET in a room."
goto = "square"
[[scene]]
id = "blue_room"
role = "blue"
title = "A room"
text = "BLUESECRET in a room."
goto = "square"
[[hinge]]
id = "square"
date = 1917-02-24
title = "The square"
text = "Everybody reads this."
[[hinge.side]]
role = "red"
goto = "red_end"
text = "REDSECRET on the square."
[[hinge.side.choice]]
id = "stay"
text = "Stay."
historical = true
[[hinge.side.choice]]
id = "go"
text = "Go."
[[hinge.side]]
role = "blue"
goto = "blue_end"
text = "BLUESECRET on the square."
[[hinge.side.choice]]
id = "stay"
text = "Stay."
historical = true
[[hinge.side.choice]]
id = "go"
text = "Go."
[[hinge.outcome]]
title = "Night"
text = "It is night."
do = "heat -= 1"
[[scene]]
id = "red_end"
role = "red"
text = "REDSECRET at the end."
ending = "Red"
[[scene]]
id = "blue_end"
role = "blue"
text = "BLUESECRET at the end."
ending = "Blue"
[[event]]
id = "dusk"
date = 1917-02-24
title = "Dusk"
summary = "It was dusk."
sources = ["Nobody"]
[[outcome]]
id = "quiet"
title = "Quiet"
historical = true
"#;

#[test]
fn t17_after_a_purge_no_name_is_left() {
    let server = Server::start(&lighthouse(), &[]);
    let mut teacher = server.teacher();
    let mut student = server.student("Xylophoneboy");
    student.post(&server.path("s", "/note"), &[("text", "Quetzalcoatlus rex")]);
    server.must(&mut teacher, "rename", &[("seat", "1")]);
    server.must(&mut teacher, "begin", &[("mode", "class"), ("role", "keeper")]);
    let names = ["Xylophoneboy", "Quetzalcoatlus", "Zanzibarnik"];
    let found = |name: &str| {
        let files =
            ["", "-wal", "-shm"].map(|end| fs::read(format!("{}{end}", server.file().display())).unwrap_or_default());
        files.iter().any(|bytes| contains(bytes, name.as_bytes()))
    };
    assert!(names[..2].iter().all(|name| found(name)), "the test looks where names are");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(server.file()).expect("the file").permissions().mode();
        assert_eq!(mode & 0o077, 0, "others can read the file");
    }
    server.must(&mut teacher, "end", &[]);
    // What undoes this holds the old name.
    server.must(&mut teacher, "rename", &[("seat", "1"), ("text", "Zanzibarnik")]);
    assert!(names.iter().all(|name| found(name)), "what can be undone is kept");
    server.must(&mut teacher, "purge", &[]);
    for name in names {
        assert!(!found(name), "{name} is still on the disk");
        for path in ["", "/debrief", "/votes.csv", "/log.jsonl"] {
            assert!(!teacher.get(&server.path("t", path)).body.contains(name), "{name} in {path}");
        }
    }
    assert_eq!(student.get(&server.path("s", "")).status, 303);
}
