//! The bundled story with a class, in a real browser: from the code on the wall to the debriefing.

use std::time::{Duration, Instant};

use fantoccini::key::Key;
use fantoccini::wd::WindowHandle;
use serde_json::json;

use super::browser::{Browser, Wishes};
use super::pages::{class_of, enter, have_browsers, seated, url};
use super::server::{Server, bundled, lighthouse};

/// A laptop's screen, and what a browser's own bars leave of it.
const LAPTOPS: [(u32, u32); 2] = [(1366, 768), (1366, 650)];

/// What a camera reads of the code that the program prints.
fn scanned(said: &str) -> String {
    let is_code = |line: &&str| !line.is_empty() && line.chars().all(|c| " ▀▄█".contains(c));
    let rows: Vec<Vec<char>> = said.lines().filter(is_code).map(|line| line.chars().collect()).collect();
    let wide = rows.iter().map(Vec::len).max().unwrap_or(0);
    // Two modules a letter, eight pixels a module; the blocks are what is dark.
    let dark = |x: usize, y: usize| match rows.get(y / 2).and_then(|row| row.get(x)) {
        Some('█') => true,
        Some('▀') => y.is_multiple_of(2),
        Some('▄') => !y.is_multiple_of(2),
        _ => false,
    };
    let read = |inked: u8| {
        let mut picture = rqrr::PreparedImage::prepare_from_greyscale(wide * 8, rows.len() * 16, |x, y| {
            if dark(x / 8, y / 8) { inked } else { 255 - inked }
        });
        picture.detect_grids().first().and_then(|grid| grid.decode().ok()).map(|(_, text)| text)
    };
    read(0).or_else(|| read(255)).unwrap_or_else(|| panic!("no camera reads this:\n{said}"))
}

#[test]
fn b02_the_first_student_sits_within_five_seconds() {
    let _one = have_browsers();
    let Some(phone) = Browser::begin(Wishes { phone: true, ..Wishes::default() }) else { return };
    let begun = Instant::now();
    let server = class_of(&bundled(), &[]);
    let link = scanned(&server.said);
    assert!(link.ends_with(&server.path("j", "")), "{link}");
    phone.open(&link);
    phone.press("button.primary");
    phone.find("[data-phase=lobby]");
    let took = begun.elapsed();
    assert!(took < Duration::from_secs(5), "{took:?} from the command to a seat");
}

#[test]
fn t19_the_check_page_is_the_one_that_the_code_leads_to() {
    let _one = have_browsers();
    let Some(phone) = Browser::begin(Wishes { phone: true, ..Wishes::default() }) else { return };
    let folder = super::server::Scratch::new("checked");
    let database = format!("sqlite:{}", folder.0.join("class.db").display());
    let mut command = super::server::program(&["host", "--check=60", "--bind", "0.0.0.0:0", "--database", &database]);
    let mut child = command.arg(lighthouse()).stdout(std::process::Stdio::piped()).spawn().expect("it starts");
    let mut lines = std::io::BufRead::lines(std::io::BufReader::new(child.stdout.take().expect("its output")));
    let said: Vec<String> =
        lines.by_ref().map_while(Result::ok).take_while(|line| !line.contains("Waiting for it")).collect();
    let link = scanned(&said.join("\n"));
    assert!(said.iter().any(|line| line.contains(&link)) && link.ends_with("/check"), "{link}: {said:?}");
    phone.open(&link);
    phone.until("told that streams pass", |page| page.text("#stream-check").contains("Live pages work"));
    let heard = lines.map_while(Result::ok).find(|line| line.contains("came through"));
    let _ = child.kill();
    let _ = child.wait();
    assert!(heard.is_some(), "the teacher's machine saw it");
}

#[test]
fn a_phone_that_slept_without_a_network_and_a_teacher_at_the_keyboard() {
    let _one = have_browsers();
    let server = class_of(&bundled(), &[]);
    let Some(phone) = Browser::begin(Wishes { phone: true, ..Wishes::default() }) else { return };
    let Some(desk) = Browser::begin(Wishes::default()) else { return };
    phone.open(&url(&server, 2, &server.path("j", "")));
    phone.press("button.primary");
    phone.find("[data-phase=lobby]");
    enter(&desk, &server);
    desk.press("#mode-class");
    desk.press("#digest");
    desk.press(".begin .primary");
    // The lit button keeps the focus: the turn is Enter, Enter, Enter, and each step is heard.
    desk.until("reading", |page| page.text_of("heard") == "Read");
    desk.script("document.querySelector('.next .primary').focus()");
    desk.key(Key::Enter);
    desk.until("talking", |page| page.text_of("heard") == "Talk");
    phone.find("[data-phase=argue]");
    let network = |offline: bool| {
        phone.devtools("Network.enable", &json!({}));
        let none = json!({ "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
        phone.devtools("Network.emulateNetworkConditions", &none);
    };
    desk.key(Key::Enter);
    phone.find("[data-phase=vote]");
    network(true);
    phone.press("#ballot .choice:nth-of-type(2)");
    phone.find("#lost");
    network(false);
    // Nothing chosen is lost, and the page is where the class is.
    phone.until("recorded", |page| page.text(".recorded").contains("Recorded"));
    assert!(phone.has(".choice:nth-of-type(2)[aria-pressed=true]") && !phone.has("#lost"));
    network(true);
    desk.key(Key::Enter);
    desk.until("counted", |page| page.text_of("heard") == "Counted");
    std::thread::sleep(Duration::from_secs(1));
    network(false);
    phone.find("[data-phase=closed]");
    let table = desk.script("return fetch(location.pathname + '/votes.csv').then((file) => file.text())");
    let table = table.as_str().unwrap_or_default().to_owned();
    assert_eq!(table.lines().count(), 2, "one seat, one vote: {table}");
}

/// A class at work: the desk's two tabs, and eight phones.
struct Class {
    desk: Browser,
    phones: Browser,
    console: WindowHandle,
    wall: WindowHandle,
    students: Vec<WindowHandle>,
}

impl Class {
    fn at(&self, tab: &WindowHandle) -> &Browser {
        self.desk.look(tab);
        &self.desk
    }

    fn phone(&self, place: usize) -> &Browser {
        self.phones.look(&self.students[place]);
        &self.phones
    }

    /// Presses a button of the console and waits until the class has gone on.
    fn press(&self, selector: &str) {
        let console = self.at(&self.console);
        let before = console.steered();
        console.press(selector);
        console.until("further on", |page| page.steered() != before);
    }

    /// A whole turn as a lesson has it: read, talk, vote, count, show, go on. Looks at every page.
    fn turn(&self, name: &str, pages: bool) {
        for _ in 0..6 {
            let console = self.at(&self.console);
            let label = console.text(".next .primary");
            let phase = console.script("return document.querySelector('[aria-current]')?.textContent || 'Over'");
            let phase = phase.as_str().unwrap_or_default().to_lowercase();
            // The others show less of the same; a smaller story's lesson has them.
            let pages = pages && ["read", "vote", "result"].contains(&phase.as_str());
            let phase = format!("{name}-{phase}");
            for size in LAPTOPS {
                console.fits(&phase, size);
            }
            if label.contains("Close") {
                self.vote(&phase, pages);
            }
            if pages {
                console.inspect(&format!("bundled-{phase}-console"));
                let wall = self.at(&self.wall);
                wall.fits(&phase, LAPTOPS[0]);
                wall.is_high_in_contrast(&phase);
                wall.inspect(&format!("bundled-{phase}-wall"));
                self.phone(0).inspect(&format!("bundled-{phase}-phone"));
            }
            self.press(".next .primary");
            if label.contains("Go on with the story") {
                return;
            }
        }
        panic!("{name}: the turn has no end");
    }

    /// Everybody taps; what is offered is as large as a thumb.
    fn vote(&self, name: &str, pages: bool) {
        for place in 0..self.students.len() {
            let phone = self.phone(place);
            phone.until("in the vote", |page| page.has("[data-phase=vote]"));
            if pages && place == 0 {
                phone.inspect(&format!("bundled-{name}-ballot"));
            }
            let small = "return [...document.querySelectorAll('button, summary, .top a')].filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 40).map((one) => one.outerHTML)";
            let small = phone.script(small);
            assert!(small.as_array().is_some_and(Vec::is_empty), "too small for a thumb: {small}");
            if phone.has(".choice") {
                phone.press(&format!("#ballot .choice:nth-of-type({})", 1 + place / 3 % 2));
                phone.until("recorded", |page| page.text(".recorded").contains("Recorded"));
            }
        }
    }

    /// On to the next turn, as it went in the record; says whether the story is over.
    fn skip(&self) -> bool {
        let skips = "form:has(input[value=skip]) button";
        let console = self.at(&self.console);
        if console.text(".next .primary").contains("End") {
            return true;
        }
        let next = if console.has(skips) { skips } else { ".next .primary" };
        self.press(next);
        false
    }
}

fn begin(server: &Server) -> Option<Class> {
    let desk = Browser::begin(Wishes::default())?;
    let phones = Browser::begin(Wishes { phone: true, ..Wishes::default() })?;
    enter(&desk, server);
    let console = desk.here();
    let wall = desk.tab();
    desk.open(&url(server, 1, &server.path("p", "")));
    let link = scanned(&server.said);
    let path = link.rsplit_once(&format!(":{}", server.address.port())).map(|(_, path)| path.to_owned());
    let path = path.expect("the code leads to this server");
    let students = seated(&phones, server, &path, 8, |_| ());
    Some(Class { desk, phones, console, wall, students })
}

#[test]
fn the_bundled_lesson_in_groups() {
    let _one = have_browsers();
    let server = class_of(&bundled(), &["--class", "30"]);
    let Some(class) = begin(&server) else { return };
    class.phone(0).inspect("bundled-lobby-phone");
    let wall = class.at(&class.wall);
    wall.until("eight are seated", |page| page.text(".seats").contains('8'));
    wall.fits("lobby", LAPTOPS[0]);
    wall.inspect("bundled-lobby-wall");
    let console = class.at(&class.console);
    console.until("eight are seated", |page| page.text("header.strip").contains("8 of 8"));
    console.inspect("bundled-lobby-console");
    console.press("#digest");
    class.press(".begin .primary");
    class.turn("first", true);
    // On to where all choose at once, and that is voted on; the rest goes as it did in the record.
    while !class.at(&class.console).has("#p-all") {
        assert!(!class.skip(), "no hinge on the way");
    }
    class.turn("hinge", false);
    let mut turns = 0;
    while !class.skip() {
        turns += 1;
        assert!(turns < 150, "the short course has no end");
    }
    class.at(&class.wall).fits("over", LAPTOPS[0]);
    class.wall_and_phone_at_the_end();
    class.debriefing(&server);
}

impl Class {
    fn wall_and_phone_at_the_end(&self) {
        self.desk.inspect("bundled-over-wall");
        let phone = self.phone(0);
        phone.until("over", |page| page.has("[data-phase=over]"));
        phone.inspect("bundled-over-phone");
    }

    /// The debriefing, on the laptop, on paper and on a phone.
    fn debriefing(&self, server: &Server) {
        self.press(".next .primary");
        let console = self.at(&self.console);
        console.press(".next .primary");
        console.find(".questions");
        let count = |selector: &str| {
            let script = format!("return document.querySelectorAll('{selector}').length");
            console.script(&script).as_u64().unwrap_or(0)
        };
        assert_eq!(count("#personal details.group"), 3, "each group's own decisions are told");
        assert!(count("#personal .decision") >= 20 && count("#hinges .decision") >= 3);
        assert!(count(".outvoted") >= 1, "who was outvoted is told");
        assert!(count("#hinges .decision .small") >= 1, "with its source");
        assert_eq!(count(".questions li"), 3);
        console.inspect("bundled-debrief");
        assert!(console.prints(3) && !console.prints(31), "what is folded is printed, and is no book");
        console.open(&url(server, 1, &server.path("t", "/paper")));
        console.inspect("bundled-paper");
        assert!(console.prints(1) && !console.prints(2), "the paper fall-back is one sheet");
        let phone = self.phone(0);
        phone.press("a.primary");
        phone.find(".questions");
        phone.inspect("bundled-debrief-phone");
    }
}
