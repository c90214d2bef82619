//! Threats T1 to T6, T10, T11 and T17: who gets in, as whom, and what they get to see.

use std::fs;
use std::time::{Duration, Instant};

use super::client::Client;
use super::server::{Scratch, Server, lighthouse};

#[test]
fn t01_join_codes_are_not_guessed() {
    let server = Server::start(&lighthouse(), &[]);
    let guesses: u32 = std::env::var("PETROGRAD_GUESSES").ok().and_then(|text| text.parse().ok()).unwrap_or(2_000);
    let guess = |number: u32| {
        let letters = b"ABCDEFGHJKLMNPQRSTUVWXYZ";
        let code: String = (0..6).map(|place| char::from(letters[(number / 24u32.pow(place) % 24) as usize])).collect();
        format!("/j/{code}")
    };
    // A browser with a mark has twenty, whatever else goes on.
    let mut marked = server.client();
    marked.get("/");
    let mut found = 0;
    let mut answered = Vec::new();
    for number in 0..24 {
        answered.push(marked.get(&guess(number)).status);
    }
    assert_eq!(answered.iter().filter(|status| **status == 404).count(), 20, "{answered:?}");
    assert_eq!(answered.last(), Some(&429));
    // Browsers that throw their mark away: at most so many marks for an address.
    std::thread::scope(|scope| {
        let server = &server;
        let chunks: Vec<_> = (0..8u32)
            .map(|thread| {
                scope.spawn(move || {
                    let mut client = server.client();
                    let mut found = 0;
                    for number in (thread..guesses).step_by(8) {
                        client.jar.clear();
                        let answer = client.get(&guess(100 + number * 7_919));
                        found += u32::from(answer.status == 200);
                        assert!(matches!(answer.status, 303 | 404 | 429), "{}", answer.status);
                        if answer.status == 404 {
                            return found; // the wait grows with every miss: the rest would take hours
                        }
                    }
                    found
                })
            })
            .collect();
        // Meanwhile the class comes in, from the same address.
        let mut slowest = Duration::ZERO;
        for _ in 0..20 {
            let begun = Instant::now();
            let mut client = server.client();
            client.get("/");
            let path = server.path("j", "");
            let page = client.get(&path);
            assert_eq!(page.status, 200, "{}", page.body);
            let offered = page.field("offered").unwrap_or_default().to_owned();
            assert_eq!(client.post(&path, &[("offered", &offered)]).status, 303);
            slowest = slowest.max(begun.elapsed());
        }
        assert!(slowest < Duration::from_secs(2), "a join beside guesses took {slowest:?}");
        found += chunks.into_iter().map(|chunk| chunk.join().expect("it ends")).sum::<u32>();
    });
    assert_eq!(found, 0);
}

#[test]
fn t02_a_flood_fills_no_more_than_the_class() {
    let server = Server::start(&lighthouse(), &["--class", "30"]);
    let mut teacher = server.teacher();
    let joins: usize = std::env::var("PETROGRAD_FLOOD").ok().and_then(|text| text.parse().ok()).unwrap_or(400);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| (0..joins / 8).for_each(|_| drop(server.try_student("Robot"))));
        }
    });
    let page = teacher.get(&server.path("t", "")).body;
    assert!(page.contains("33 of 33 seated"), "the class and a tenth: {page}");
    let status = fs::read_to_string(format!("/proc/{}/status", server.child.id())).unwrap_or_default();
    let resident =
        status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    assert!(resident.is_none_or(|kib| kib < 120_000), "{resident:?}");
    // All at once, and the door is shut to more of them.
    server.must(&mut teacher, "sweep", &[("seconds", "60")]);
    assert!(teacher.get(&server.path("t", "")).body.contains("0 of 0 seated"));
    server.must(&mut teacher, "tap", &[]);
    let (mut waiting, _) = server.try_student("");
    assert!(waiting.get(&server.path("s", "")).body.contains("data-phase=\"waiting\""));
    server.must(&mut teacher, "admit", &[]);
    assert!(waiting.get(&server.path("s", "")).body.contains("data-phase=\"lobby\""));
    server.must(&mut teacher, "lock", &[]);
    assert_eq!(server.try_student("Late").1.status, 409);
}

#[test]
fn t03_a_name_is_no_key() {
    let server = Server::start(&lighthouse(), &[]);
    let mut teacher = server.teacher();
    let mut anna = server.student("Anna");
    let cookie = format!("s{}", server.code);
    let mine = anna.jar.get(&cookie).cloned().unwrap_or_default();
    assert_eq!(mine.len(), 32, "128 bits");
    // The same name is another seat.
    let mut thief = server.student("Anna");
    assert_ne!(thief.jar.get(&cookie), Some(&mine));
    let seat = |client: &mut Client| client.get(&server.path("s", "")).body.contains("Anna");
    assert!(seat(&mut anna) && seat(&mut thief));
    // Re-issued: the old cookie is nobody's.
    server.must_or_notice(&mut teacher, "reissue", &[("seat", "1")]);
    let ballot = [("round", "1"), ("key", "1"), ("option", "wait")];
    assert_eq!(anna.post(&server.path("s", "/ballot"), &ballot).status, 403);
    // Taken away: its cookie neither votes nor sits down again.
    server.must(&mut teacher, "remove", &[("seat", "2")]);
    assert_eq!(thief.post(&server.path("s", "/ballot"), &ballot).status, 403);
    assert_eq!(thief.post(&server.path("j", ""), &[("offered", "x")]).status, 409);
    // Words that are wrong, and right words without the teacher, open nothing.
    let mut other = server.client();
    other.get(&server.path("j", "/again"));
    assert_eq!(other.post(&server.path("j", "/again"), &[("words", "amber amber")]).status, 403);
    assert_eq!(other.get(&server.path("s", "")).status, 303);
    // What is kept is no token.
    for end in ["", "-wal"] {
        let bytes = fs::read(format!("{}{end}", server.file().display())).unwrap_or_default();
        assert!(!contains(&bytes, mine.as_bytes()), "the token itself is in the database");
    }
}

fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

/// What others have found to run as a script somewhere.
fn scripts() -> Vec<String> {
    let tags = [
        "script",
        "img src=x onerror=alert(1)",
        "svg onload=alert(1)",
        "iframe src=javascript:alert(1)",
        "a href=javascript:alert(1)",
        "body onload=alert(1)",
        "b",
        "style",
        "link rel=x",
        "meta http-equiv=refresh",
    ];
    let wraps = [
        "<%>",
        "\"><%>",
        "'><%>",
        "</textarea><%>",
        "<%",
        "&lt;%&gt;",
        "<<%>>",
        "`><%>",
        "{{%}}",
        "]]><%>",
        "--><%>",
        "</title><%>",
        "\\\"><%>",
        "<%//",
        "&#60;%&#62;",
    ];
    tags.iter().flat_map(|tag| wraps.iter().map(move |wrap| wrap.replace('%', tag))).collect()
}

#[test]
fn t05_what_students_write_is_words() {
    let server = Server::start(&lighthouse(), &["--class", "200"]);
    let mut teacher = server.teacher();
    for (place, script) in scripts().iter().enumerate() {
        let alias: String = script.chars().take(24).collect();
        let (mut student, answer) = server.try_student(&alias);
        if answer.status != 303 {
            continue;
        }
        let sent = student.post(&server.path("s", "/note"), &[("text", script)]);
        assert_eq!(sent.status, 303, "{script}");
        server.must(&mut teacher, "show", &[("note", &(place + 1).to_string())]);
        server.must(&mut teacher, "rename", &[("seat", &(place + 1).to_string())]);
        if place % 10 != 0 {
            continue;
        }
        let pages = [
            student.get(&server.path("s", "")),
            teacher.get(&server.path("t", "")),
            teacher.get(&server.path("p", "")),
        ];
        for page in pages {
            assert_sealed(&page.body, script);
        }
    }
    let pages = [
        teacher.get(&server.path("t", "")),
        teacher.get(&server.path("p", "")),
        teacher.get(&server.path("t", "/debrief")),
    ];
    pages.iter().for_each(|page| assert_sealed(&page.body, "all of them"));
}

/// No tag in a page is one that the program did not write, and no attribute begins a script.
fn assert_sealed(page: &str, what: &str) {
    for tag in page.split('<').skip(1) {
        let tag = tag.split('>').next().unwrap_or_default();
        let name = tag.trim_start_matches('/').split([' ', '\n']).next().unwrap_or_default().to_lowercase();
        let foreign = ["img", "iframe", "style", "object", "embed", "base"].contains(&name.as_str());
        let script = name == "script"
            && !tag.starts_with("script type=\"module\" src=\"/static/")
            && !tag.starts_with("/script");
        // Quoted values may hold anything that is escaped; outside of them nothing begins with `on`.
        let bare: String = tag.split('"').step_by(2).collect();
        let handler = bare.split_whitespace().any(|word| word.to_lowercase().starts_with("on"));
        let meta = name == "meta" && tag.contains("refresh") && !tag.contains("url=/");
        assert!(!foreign && !script && !handler && !meta, "{what}: <{tag}>");
    }
    assert!(!page.contains("javascript:alert") || !page.contains("href=\"javascript"), "{what}");
}

#[test]
fn t06_other_sites_and_other_names_are_refused() {
    let server = Server::start(&lighthouse(), &[]);
    let mut student = server.student("");
    let path = server.path("s", "/note");
    let cases: &[(&str, &str, u16)] = &[
        ("origin", "http://evil.example", 403),
        ("origin", "null", 403),
        ("sec-fetch-site", "cross-site", 403),
        ("sec-fetch-site", "same-site", 403),
        ("sec-fetch-site", "same-origin", 303),
        ("host", "evil.example", 403),
        ("host", "evil.example:1917", 403),
        ("host", "localhost.evil.example", 403),
        ("host", "localhost", 303),
        ("host", "192.168.1.20:1917", 303),
        ("host", "[::1]:1917", 303),
    ];
    for (name, value, status) in cases {
        student.headers = vec![((*name).to_owned(), (*value).to_owned())];
        assert_eq!(student.post(&path, &[("text", "hello")]).status, *status, "{name}: {value}");
    }
    student.headers = vec![("origin".to_owned(), format!("http://{}", server.address))];
    assert_eq!(student.post(&path, &[("text", "hello")]).status, 303);
    let cookie = server.client().get(&server.path("j", ""));
    assert!(
        cookie.headers.iter().any(|(name, value)| name == "set-cookie" && value.contains("HttpOnly; SameSite=Strict"))
    );
}

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
    let names = ["Xylophoneboy", "Quetzalcoatlus"];
    let found = |name: &str| {
        let files =
            ["", "-wal", "-shm"].map(|end| fs::read(format!("{}{end}", server.file().display())).unwrap_or_default());
        files.iter().any(|bytes| contains(bytes, name.as_bytes()))
    };
    assert!(names.iter().all(|name| found(name)), "the test looks where names are");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(server.file()).expect("the file").permissions().mode();
        assert_eq!(mode & 0o077, 0, "others can read the file");
    }
    server.must(&mut teacher, "end", &[]);
    server.must(&mut teacher, "purge", &[]);
    for name in names {
        assert!(!found(name), "{name} is still on the disk");
        for path in ["", "/debrief", "/votes.csv", "/log.jsonl"] {
            assert!(!teacher.get(&server.path("t", path)).body.contains(name), "{name} in {path}");
        }
    }
    assert_eq!(student.get(&server.path("s", "")).status, 303);
}
