//! Threats T1 to T3, T5 and T6: who gets in, as whom, and what they send.

use std::fs;
use std::time::{Duration, Instant};

use super::client::Client;
use super::server::{Server, lighthouse};

#[test]
fn t01_join_codes_are_not_guessed() {
    let server = Server::start(&lighthouse(), &[]);
    let guesses: u32 = std::env::var("PETROGRAD_GUESSES").ok().and_then(|text| text.parse().ok()).unwrap_or(100_000);
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
    // It goes on for long; browsers that throw their mark away wait longer with every miss.
    std::thread::scope(|scope| {
        let server = &server;
        scope.spawn(move || {
            for number in 24..guesses {
                assert_eq!(marked.get(&guess(number)).status, 429);
            }
        });
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
        let mut joins = Vec::new();
        for _ in 0..60 {
            let begun = Instant::now();
            let mut client = server.client();
            client.get("/");
            let path = server.path("j", "");
            let page = client.get(&path);
            assert_eq!(page.status, 200, "{}", page.body);
            let offered = page.field("offered").unwrap_or_default().to_owned();
            assert_eq!(client.post(&path, &[("offered", &offered)]).status, 303);
            joins.push(begun.elapsed());
        }
        joins.sort_unstable();
        let (middle, slowest) = (joins[30], joins[59]);
        eprintln!("joins beside {guesses} guesses: half within {middle:?}, all within {slowest:?}");
        assert!(middle < Duration::from_millis(500) && slowest < Duration::from_secs(2), "{middle:?} {slowest:?}");
        found += chunks.into_iter().map(|chunk| chunk.join().expect("it ends")).sum::<u32>();
    });
    assert_eq!(found, 0);
}

#[test]
fn t02_a_flood_fills_no_more_than_the_class() {
    let server = Server::start(&lighthouse(), &["--class", "30"]);
    let mut teacher = server.teacher();
    let joins: usize = std::env::var("PETROGRAD_FLOOD").ok().and_then(|text| text.parse().ok()).unwrap_or(5_000);
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

pub fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

/// What others have found to run as a script somewhere.
pub fn scripts() -> Vec<String> {
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
        "details open ontoggle=alert(1)",
        "input autofocus onfocus=alert(1)",
        "video src=x onerror=alert(1)",
        "math href=javascript:alert(1)",
        "base href=//evil.example/",
        "object data=javascript:alert(1)",
        "embed src=javascript:alert(1)",
        "form action=javascript:alert(1)",
        "svg/onload=alert(1)",
        "ScRiPt src=//evil.example/x.js",
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
    let server = Server::start(&lighthouse(), &["--class", "400"]);
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
    // The sentence at the end, on its own page and in the debriefing.
    server.must(&mut teacher, "begin", &[("mode", "class"), ("role", "keeper")]);
    let mut student = server.student("");
    server.must(&mut teacher, "end", &[]);
    for script in scripts() {
        let sent = student.post(&server.path("s", "/write"), &[("kind", "ticket"), ("text", &script)]);
        assert_eq!(sent.status, 303, "{script}");
        assert_sealed(&student.get(&server.path("s", "")).body, &script);
        assert_sealed(&teacher.get(&server.path("t", "/debrief")).body, &script);
    }
}

/// No tag in a page is one that the program did not write, and no attribute begins a script.
pub fn assert_sealed(page: &str, what: &str) {
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
