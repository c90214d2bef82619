//! Lessons in a real browser: a small story's in groups, page by page; and with the bundled story
//! without scripts, with streams held back, by keyboard alone.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Mutex, MutexGuard};

use fantoccini::key::Key;
use fantoccini::wd::WindowHandle;

use super::browser::{Browser, Wishes};
use super::server::{self, Server, bundled, lighthouse};

/// Browsers are costly: one test at a time has them.
static ONE: Mutex<()> = Mutex::new(());

/// Waits for its turn with the browsers.
pub fn have_browsers() -> MutexGuard<'static, ()> {
    ONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Somebody at a phone: each asks by an address of their own, so each has their own cookies.
pub fn url(server: &Server, person: u8, path: &str) -> String {
    let [first, second, third, _] = server::address().octets();
    format!("http://{first}.{second}.{third}.{person}:{}{path}", server.address.port())
}

pub fn class(arguments: &[&str]) -> Server {
    class_of(&lighthouse(), arguments)
}

/// A class with a story, at every address of this machine.
pub fn class_of(story: &Path, arguments: &[&str]) -> Server {
    let folder = super::server::Scratch::new("browsed");
    let database = format!("sqlite:{}", folder.0.join("class.db").display());
    let mut server = Server::at(story, &database, arguments, "0.0.0.0:0");
    server.keep(folder);
    server
}

/// So many students take seats by a path, each in a tab of their own; `at_door` looks at the page
/// before it is left.
pub fn seated(phones: &Browser, server: &Server, path: &str, many: u8, at_door: impl Fn(u8)) -> Vec<WindowHandle> {
    let take = |place: u8| {
        let tab = if place == 0 { phones.here() } else { phones.tab() };
        phones.open(&url(server, place + 2, path));
        at_door(place);
        phones.press("button.primary");
        phones.find("[data-phase=lobby]");
        tab
    };
    (0..many).map(take).collect()
}

/// The teacher opens the console.
pub fn enter(browser: &Browser, server: &Server) {
    // As the program prints it: the secret stands after #, and the script brings it in.
    browser.open(&url(server, 1, &format!("/teach#{}", server.secret)));
    browser.until("at the console", |page| page.url().contains("/t/"));
}

#[test]
fn a_lesson_in_groups_on_phones() {
    let _one = have_browsers();
    let Some(desk) = Browser::begin(Wishes::default()) else { return };
    let Some(phones) = Browser::begin(Wishes { phone: true, ..Wishes::default() }) else { return };
    let server = class(&["--class", "30"]);
    desk.open(&url(&server, 1, "/"));
    desk.inspect("01-front");
    desk.open(&url(&server, 1, "/teach"));
    desk.inspect("02-teach");
    enter(&desk, &server);
    let console = desk.here();
    let wall = desk.tab();
    desk.open(&url(&server, 1, &server.path("p", "")));

    // Three taps from the code: open, take a seat.
    let students = seated(&phones, &server, &server.path("j", ""), 8, |place| {
        if place == 0 {
            phones.inspect("03-join");
        }
    });
    phones.inspect("04-lobby");
    desk.until("eight are seated", |page| page.text(".seats").contains('8'));
    desk.inspect("05-projector-lobby");
    desk.look(&console);
    desk.until("eight are seated", |page| page.text("header.strip").contains("8 of 8"));
    desk.inspect("06-console-lobby");
    desk.press("button.primary");

    let mut seen = std::collections::BTreeSet::new();
    for turn in 0..60 {
        desk.look(&console);
        desk.find(".next .primary, .next button");
        let label = desk.text(".next .primary");
        let lit = desk.script("return document.querySelectorAll('.primary').length");
        assert_eq!(lit, 1, "one button is lit, not {lit}");
        let phase = desk.script("return document.querySelector('[aria-current]')?.textContent || 'Over'");
        let phase = phase.as_str().unwrap_or_default().to_lowercase();
        let is_new = seen.insert(phase.clone());
        if is_new {
            desk.inspect(&format!("10-console-{phase}"));
            desk.look(&wall);
            desk.find("main h1");
            desk.inspect(&format!("11-projector-{phase}"));
            desk.look(&console);
        }
        if label.contains("Close") {
            for (place, tab) in students.iter().enumerate() {
                phones.look(tab);
                phones.until("in the vote", |page| page.has("[data-phase=vote]"));
                if !phones.has(".choice") {
                    continue;
                }
                if is_new && place == 0 {
                    phones.inspect("12-student-vote");
                }
                phones.press(&format!("#ballot .choice:nth-of-type({})", 1 + (place + turn) % 2));
                phones.until("recorded", |page| page.text(".recorded").contains("Recorded"));
                assert!(phones.has("[aria-pressed=true]"), "the chosen one shows it");
                if is_new && place == 0 {
                    phones.inspect("13-student-voted");
                }
            }
        } else if is_new {
            phones.look(&students[0]);
            phones.find("main h1");
            std::thread::sleep(std::time::Duration::from_millis(400));
            phones.inspect(&format!("14-student-{phase}"));
        }
        if label.contains("End") {
            break;
        }
        let before = desk.steered();
        desk.press(".next .primary");
        desk.until("further on", |page| page.steered() != before);
    }
    assert!(seen.len() >= 5, "{seen:?}");
    desk.press(".next .primary");
    desk.until("over", |page| page.text(".next").contains("debriefing"));
    desk.inspect("20-console-ended");
    desk.press(".next .primary");
    desk.find(".questions");
    desk.inspect("21-debrief");
    phones.look(&students[0]);
    phones.until("over", |page| page.has("[data-phase=ended]"));
    phones.press("a.primary");
    phones.find(".questions");
    phones.inspect("22-student-debrief");
    for (name, path) in [
        ("23-who", server.path("s", "/who")),
        ("24-entry", server.path("s", "/who/person/pepa")),
        ("25-privacy", "/privacy".to_owned()),
        ("26-check", "/check".to_owned()),
        ("27-again", server.path("j", "/again")),
    ] {
        phones.open(&url(&server, if name == "27-again" { 20 } else { 2 }, &path));
        phones.inspect(name);
    }
    phones.open(&url(&server, 2, "/check"));
    phones.until("checked", |page| page.text("#stream-check").contains("Live pages work"));
}

#[test]
fn a_lesson_without_scripts() {
    let _one = have_browsers();
    let Some(phone) = Browser::begin(Wishes { phone: true, no_scripts: true }) else { return };
    let server = class_of(&bundled(), &[]);
    let mut teacher = server.teacher();
    phone.open(&url(&server, 2, "/"));
    phone.write("#code", &server.code.to_lowercase());
    phone.tap("button.primary");
    phone.tap("button.primary");
    phone.find("[data-phase=lobby]");
    server.must(&mut teacher, "begin", &[("mode", "class"), ("role", "weaver"), ("digest", "1")]);
    server.must(&mut teacher, "open", &[]);
    phone.tap("noscript a.button");
    phone.tap("#ballot .choice");
    assert!(phone.text(".recorded").contains("Recorded"));
    phone.tap("#ballot .choice:nth-of-type(2)");
    assert!(phone.has(".choice:nth-of-type(2)[aria-pressed=true]"), "a vote can be changed");
    let votes = teacher.get(&server.path("t", "")).body;
    assert!(votes.contains("<td>1</td><td>1</td>"), "{votes}");
}

/// A network that holds a body back until it ends, as some scanners do: streams never come through.
fn holding_back(server: SocketAddr) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        for client in listener.incoming().flatten() {
            std::thread::spawn(move || forward(client, server));
        }
    });
    address
}

fn forward(client: TcpStream, server: SocketAddr) {
    let Ok(to) = TcpStream::connect(server) else { return };
    let held = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let (Ok(mut from_server), Ok(mut to_client)) = (to.try_clone(), client.try_clone()) else { return };
    let holds = held.clone();
    std::thread::spawn(move || {
        let mut bytes = [0; 16 << 10];
        while let Ok(size @ 1..) = from_server.read(&mut bytes) {
            if !holds.load(std::sync::atomic::Ordering::SeqCst) && to_client.write_all(&bytes[..size]).is_err() {
                break;
            }
        }
        let _ = to_client.shutdown(Shutdown::Both);
    });
    let (mut from_client, mut to_server) = (client, to);
    let mut bytes = [0; 16 << 10];
    while let Ok(size @ 1..) = from_client.read(&mut bytes) {
        let is_stream =
            String::from_utf8_lossy(&bytes[..size]).lines().next().is_some_and(|line| line.contains("/stream"));
        held.store(is_stream, std::sync::atomic::Ordering::SeqCst);
        if to_server.write_all(&bytes[..size]).is_err() {
            break;
        }
    }
    let _ = to_server.shutdown(Shutdown::Both);
}

#[test]
fn a_lesson_where_streams_are_held_back() {
    let _one = have_browsers();
    let Some(phone) = Browser::begin(Wishes { phone: true, ..Wishes::default() }) else { return };
    let server = class_of(&bundled(), &[]);
    let mut teacher = server.teacher();
    let network = holding_back(SocketAddr::new([127, 0, 0, 1].into(), server.address.port()));
    phone.open(&format!("http://{network}{}", server.path("j", "")));
    phone.press("button.primary");
    phone.find("[data-phase=lobby]");
    // Twelve seconds of silence, and it asks instead.
    std::thread::sleep(std::time::Duration::from_secs(13));
    server.must(&mut teacher, "begin", &[("mode", "class"), ("role", "weaver"), ("digest", "1")]);
    phone.until("reading", |page| page.has("[data-phase=read]"));
    server.must(&mut teacher, "open", &[]);
    phone.until("in the vote", |page| page.has("[data-phase=vote]"));
    phone.press("#ballot .choice");
    phone.until("recorded", |page| page.text(".recorded").contains("Recorded"));
    let page = teacher.get(&server.path("t", "")).body;
    assert!(page.contains("1 on polling"), "the console knows: {page}");
}

#[test]
fn a_lesson_by_keyboard_and_what_a_screen_reader_hears() {
    let _one = have_browsers();
    let Some(browser) = Browser::begin(Wishes::default()) else { return };
    let mut server = class_of(&bundled(), &[]);
    let mut teacher = server.teacher();
    browser.open(&url(&server, 2, "/"));
    let is_trusted = browser.script("return window.isSecureContext");
    assert_eq!(is_trusted, server::address().is_loopback(), "browsers trust this machine's own pages alone");
    // The field has the focus already.
    browser.write("#code", &server.code);
    browser.key(Key::Enter);
    browser.until("at the door", |page| page.url().contains("/j/"));
    browser.find("button.primary");
    browser.key(Key::Enter);
    browser.find("[data-phase=lobby]");
    server.must(&mut teacher, "begin", &[("mode", "class"), ("role", "weaver"), ("digest", "1")]);
    browser.until("told", |page| page.text_of("heard").contains("Read"));
    server.must(&mut teacher, "open", &[]);
    browser.until("told", |page| page.text_of("heard").contains("The vote is open"));
    let mut tabs = 0;
    while browser.script("return document.activeElement.className") != "choice" {
        browser.key(Key::Tab);
        tabs += 1;
        assert!(tabs < 12, "no way to the choices by Tab");
    }
    let outline = browser.script("return getComputedStyle(document.activeElement).outlineStyle");
    assert_ne!(outline, "none", "where the focus is can be seen");
    browser.key(Key::Enter);
    browser.until("told", |page| page.text_of("heard").contains("Recorded"));
    let focused = browser.script("return document.activeElement.getAttribute('aria-pressed')");
    assert_eq!(focused, "true", "the focus stays on what was chosen, on the new page too");
    // The program dies and comes back: what was chosen meanwhile arrives by itself.
    server.kill();
    browser.key(Key::Tab);
    browser.key(Key::Enter);
    browser.find("#lost");
    server.restart();
    browser.until("recorded again", |page| !page.has("#lost") && page.has(".choice:nth-of-type(2)[aria-pressed=true]"));
    // A word is looked up without leaving the page, and the way back is a key.
    browser.script("document.getElementById('again').open = true; document.querySelector('a.look').focus()");
    browser.key(Key::Enter);
    browser.find("dialog[open]");
    browser.key(Key::Escape);
    browser.until("closed", |page| !page.has("dialog[open]"));
    // What was typed stays while the class goes on.
    browser.script("document.getElementById('more').open = true");
    browser.write("#note", "half a sent");
    server.must(&mut teacher, "close", &[]);
    browser.find("[data-phase=closed]");
    assert_eq!(browser.script("return document.getElementById('note').value"), "half a sent");
    let complaints = browser.complaints();
    assert!(complaints.is_empty(), "{complaints:?}");
}
