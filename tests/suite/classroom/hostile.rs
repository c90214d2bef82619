//! Threats T7 to T9, T12 to T16, T18 and T19: what is sent, held open or brought along.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use super::client::Client;
use super::server::{Scratch, Server, lighthouse, program};

#[test]
fn t07_bodies_have_a_size() {
    let server = Server::start(&lighthouse(), &[]);
    let mut student = server.student("");
    let mut teacher = server.teacher();
    let cases = [("s", "/note", "text=", 8usize << 10), ("t", "/do", "do=lock&text=", 64 << 10)];
    for (whose, rest, begin, most) in cases {
        let path = server.path(whose, rest);
        let client = if whose == "s" { &mut student } else { &mut teacher };
        for (size, refused) in [(most - 1, false), (most, false), (most + 1, true)] {
            let body = format!("{begin}{}", "x".repeat(size - begin.len()));
            let answer = client.ask("POST", &path, Some(&body)).expect("an answer");
            assert_eq!(answer.status == 413, refused, "{size}: {}", answer.status);
        }
    }
    // In pieces without a length, far over the limit: refused before it is all there.
    let mut socket = TcpStream::connect(server.address).expect("a socket");
    let cookies: Vec<String> = student.jar.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let head = format!(
        "POST {} HTTP/1.1\r\nhost: {}\r\ncookie: {}\r\ncontent-type: application/x-www-form-urlencoded\r\ntransfer-encoding: chunked\r\n\r\n",
        server.path("s", "/note"),
        server.address,
        cookies.join("; ")
    );
    socket.write_all(head.as_bytes()).expect("sent");
    let piece = format!("1000\r\n{}\r\n", "x".repeat(0x1000));
    for _ in 0..64 {
        if socket.write_all(piece.as_bytes()).is_err() {
            break;
        }
    }
    let _ = socket.write_all(b"0\r\n\r\n");
    let mut answer = String::new();
    let _ = socket.set_read_timeout(Some(Duration::from_secs(5)));
    let _ = socket.read_to_string(&mut answer);
    assert!(answer.is_empty() || answer.contains("413"), "{answer}");
    // What is packed is not unpacked: it is no form.
    let mut packed = server.client();
    packed.jar = student.jar.clone();
    packed.headers = vec![("content-encoding".to_owned(), "gzip".to_owned())];
    let answer = packed.ask("POST", &server.path("s", "/note"), Some("\u{1f}\u{8b}\u{8}\u{0}")).expect("an answer");
    assert!(matches!(answer.status, 400 | 409 | 415 | 422), "{}", answer.status);
}

/// Two thousand, where this process and the program may have so many files open.
fn most() -> usize {
    let limits = fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"));
    let files = line.and_then(|line| line.split_whitespace().next()?.parse::<usize>().ok()).unwrap_or(1_024);
    if files > 5_000 { 2_000 } else { 300 }
}

#[test]
fn t08_silent_and_dribbling_sockets_hold_nobody_up() {
    let server = Server::start(&lighthouse(), &[]);
    let sockets: usize = std::env::var("PETROGRAD_SLOW").ok().and_then(|text| text.parse().ok()).unwrap_or_else(most);
    let mut teacher = server.teacher();
    let connect = || TcpStream::connect(server.address).expect("a socket");
    let silent: Vec<TcpStream> = (0..sockets).map(|_| connect()).collect();
    let mut dribbling: Vec<TcpStream> = (0..sockets).map(|_| connect()).collect();
    for socket in &mut dribbling {
        let _ = socket.write_all(b"GET / HTTP/1.1\r\nhost: ");
    }
    let begun = Instant::now();
    assert_eq!(teacher.get(&server.path("t", "")).status, 200);
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
    // Whoever says nothing is closed after five seconds, whoever dribbles after ten.
    for (socket, most) in [(&silent[0], 9), (&dribbling[0], 15)] {
        let mut socket = socket;
        let _ = socket.set_read_timeout(Some(Duration::from_secs(most)));
        let mut bytes = [0; 512];
        let ended = loop {
            match socket.read(&mut bytes) {
                Ok(0) => break true,
                Ok(_) => {}
                Err(error) => break error.kind() == std::io::ErrorKind::ConnectionReset,
            }
        };
        assert!(ended, "still open after {most} seconds");
    }
}

#[test]
fn t09_a_seat_has_two_streams_and_queues_hold_no_backlog() {
    let server = Server::start(&lighthouse(), &[]);
    let mut teacher = server.teacher();
    let student = server.student("");
    let mut tabs: Vec<Client> = (0..50)
        .map(|_| {
            let mut tab = server.client();
            tab.jar = student.jar.clone();
            assert_eq!(tab.stream(&server.path("s", "/stream")).expect("a stream").status, 200);
            tab
        })
        .collect();
    // One that never reads, beside them.
    let mut deaf = server.client();
    deaf.jar = teacher.jar.clone();
    deaf.stream(&server.path("t", "/stream")).expect("a stream");
    server.must(&mut teacher, "begin", &[("mode", "class"), ("role", "keeper")]);
    for _ in 0..60 {
        server.must(&mut teacher, "argue", &[]);
        server.must(&mut teacher, "read", &[]);
    }
    let ended = |tab: &mut Client| {
        for _ in 0..200 {
            match tab.event() {
                Ok(Some(text)) if text.contains("event: moved") => return true,
                Ok(Some(text)) if text.contains("event: beat") => return false,
                Ok(Some(_)) => {}
                _ => return true,
            }
        }
        false
    };
    let (old, new) = tabs.split_at_mut(48);
    assert!(old.iter_mut().all(ended), "an older tab is still fed");
    assert!(new.iter_mut().all(|tab| !ended(tab)), "the newest tab was closed");
    let begun = Instant::now();
    assert_eq!(teacher.get(&server.path("t", "")).status, 200);
    assert!(begun.elapsed() < Duration::from_secs(1));
}

#[test]
fn t12_nothing_outside_the_program_is_served_and_packs_are_not_taken() {
    let server = Server::start(&lighthouse(), &[]);
    let mut client = server.client();
    for path in [
        "/static/../../../etc/passwd",
        "/static/..%2f..%2f..%2fetc%2fpasswd",
        "/static/%2e%2e/Cargo.toml",
        "/static//etc/passwd",
        "/static/CON",
        "/static/a.css\u{0}",
        "/story/story.toml",
        "/.git/config",
    ] {
        let answer = client.get(&path.replace('\u{0}', "%00"));
        assert!(matches!(answer.status, 400 | 404), "{path}: {}", answer.status);
    }
    // There is no route on which a pack could be sent: stories come from the command line alone.
    let routes: Vec<_> =
        petrograd::host::web::routes().filter(|(method, _, _)| *method == "POST").map(|(_, path, _)| path).collect();
    assert_eq!(
        routes,
        [
            "/",
            "/teach",
            "/j/{code}",
            "/j/{code}/again",
            "/s/{code}/ballot",
            "/s/{code}/step",
            "/s/{code}/chair",
            "/s/{code}/line",
            "/s/{code}/write",
            "/s/{code}/pledge",
            "/s/{code}/note",
            "/t/{code}/do"
        ]
    );
}

/// Starts a class on a story that is none; how it ended, after how long.
fn refused(story: &str) -> (Option<i32>, Duration, String) {
    let folder = Scratch::new("pack");
    let path = folder.0.join("story.toml");
    fs::write(&path, story).expect("a story");
    let begun = Instant::now();
    let database = format!("sqlite:{}", folder.0.join("c.db").display());
    let mut command = program(&["host"]);
    command.arg(&path).args(["--bind", "127.0.0.1:0", "--database", &database]);
    let output = command.stdin(Stdio::null()).output().expect("it ends by itself");
    (output.status.code(), begun.elapsed(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn t13_to_t16_a_hostile_story_is_refused_before_anybody_sits_down() {
    let head = "[story]\nformat = 1\nid = \"x\"\ntitle = \"X\"\nstart = \"a\"\n";
    let deep = format!("{head}x = {}{}\n", "[".repeat(100_000), "]".repeat(100_000));
    let nested = format!(
        "{head}[[scene]]\nid = \"a\"\ntext = '''{}x{}'''\nending = \"E\"\n",
        "{if true}".repeat(20_000),
        "{end}".repeat(20_000)
    );
    let round = format!(
        "{head}[[scene]]\nid = \"a\"\ngoto = \"b\"\n[[scene]]\nid = \"b\"\ngoto = \"a\"\n[[scene]]\nid = \"c\"\ngoto = 7\n"
    );
    let digits = format!("{head}[world]\nn = {}\n[[scene]]\nid = \"a\"\nending = \"E\"\n", "9".repeat(10_000));
    let most = format!("{head}[world]\nn = 9223372036854775808\n[[scene]]\nid = \"a\"\nending = \"E\"\n");
    let never = format!("{head}[world]\nn = nan\n[[scene]]\nid = \"a\"\nending = \"E\"\n");
    let own = format!("{head}[[scene]]\nid = \"a\"\ngoto = \"a\"\n");
    let date = format!("{head}begins = 9999-99-99\n[[scene]]\nid = \"a\"\nending = \"E\"\n");
    let all = [
        ("T13 deep", deep),
        ("T14 nested", nested),
        ("T15 round", round),
        ("T15 its own", own),
        ("T16 digits", digits),
        ("T16 more than the most", most),
        ("T16 not a number", never),
        ("T16 date", date),
    ];
    for (name, story) in all {
        let (code, took, said) = refused(&story);
        assert_eq!(code, Some(1), "{name}: {said}");
        assert!(said.contains("error["), "{name} is not told where: {said}");
        assert!(took < Duration::from_secs(5), "{name} took {took:?}");
    }
}

#[test]
fn t15_a_story_that_goes_round_leaves_the_class_where_it_was() {
    let folder = Scratch::new("round");
    let path = folder.0.join("story.toml");
    let story = "[story]\nformat = 1\nid = \"x\"\ntitle = \"X\"\nstart = \"a\"\n[[scene]]\nid = \"a\"\ntext = \"A\"\ngoto = \"b\"\n[[scene]]\nid = \"b\"\ntext = \"B\"\ngoto = \"a\"\n[[outcome]]\nid = \"o\"\ntitle = \"O\"\nhistorical = true\n";
    fs::write(&path, story).expect("a story");
    let server = Server::start(&path, &[]);
    let mut teacher = server.teacher();
    let mut student = server.student("");
    server.must(&mut teacher, "begin", &[("mode", "class")]);
    // Every page of such a round is a turn: it takes a tap each, and nothing hangs.
    for _ in 0..30 {
        server.must(&mut teacher, "advance", &[]);
    }
    assert_eq!(student.get(&server.path("s", "")).status, 200);
}

#[test]
fn t18_a_lesson_over_plain_http_at_an_address_of_the_network() {
    // Not localhost: no secure context, as on every phone.
    let Some(address) = petrograd::host::reach::addresses().into_iter().find(|address| !address.is_loopback()) else {
        eprintln!("this machine is in no network: nothing to test");
        return;
    };
    let bind = format!("{address}:0");
    let folder = Scratch::new("far");
    let database = format!("sqlite:{}", folder.0.join("c.db").display());
    let server = Server::at(&lighthouse(), &database, &["--remote-teacher"], &bind);
    let mut teacher = server.teacher();
    let mut student = server.student("");
    server.must(&mut teacher, "begin", &[("mode", "class"), ("role", "keeper")]);
    server.must(&mut teacher, "open", &[]);
    assert!(server.vote(&mut student, 0).is_some());
    let script = include_str!("../../../src/host/assets/live.js");
    for missing in ["randomUUID", "crypto.subtle", "clipboard", "serviceWorker"] {
        assert!(!script.contains(missing), "{missing} is not there over plain HTTP");
    }
    let sheet = student.get("/privacy").body;
    assert!(sheet.contains("plain HTTP"), "it is said plainly");
    // Without the flag the console is this machine's alone.
    let near = Server::at(&lighthouse(), &format!("{database}2"), &[], &bind);
    let refused = near.client().post("/teach", &[("secret", &near.secret)]);
    assert_eq!(refused.status, 403);
}

#[test]
fn t19_the_check_says_what_stands_in_the_way() {
    let space = |setup: &str, wait: u32| {
        let binary = env!("CARGO_BIN_EXE_petrograd");
        let folder = Scratch::new("check");
        let story = lighthouse();
        let run = format!(
            "{setup} exec timeout -s KILL {} {binary} host {} --bind 0.0.0.0:0 --database sqlite:{}/c.db --check=1",
            wait,
            story.display(),
            folder.0.display()
        );
        let mut command = std::process::Command::new("unshare");
        command.args(["--user", "--map-root-user", "--net", "sh", "-c", &run]).env("LANG", "C").env_remove("LC_ALL");
        command.output().ok().map(|output| String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let Some(alone) = space("true;", 3).filter(|said| said.contains("/check")) else {
        eprintln!("no namespaces here: nothing to test");
        return;
    };
    assert!(alone.contains("in no network"), "{alone}");
    if Path::new("/usr/sbin/ip").exists() {
        let up = "ip link add class0 type veth peer name class1 && ip link set class1 up && ip addr add 10.9.8.7/24 dev class0 && ip link set class0 up;";
        let Some(isolated) = space(up, 3).filter(|said| said.contains("10.9.8.7")) else { return };
        assert!(isolated.contains("http://10.9.8.7:") && isolated.contains("client isolation"), "{isolated}");
    }
    // And where a device does come through, that is said.
    let server = Server::start(&lighthouse(), &[]);
    assert!(server.client().get("/check").body.contains("127.0.0.1"));
}
