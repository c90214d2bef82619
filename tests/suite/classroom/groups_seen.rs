//! A lesson in groups as it looks and sounds in a browser: the caucus, the corridor, a reminder;
//! and everybody alone, with the teacher's map.

use serde_json::json;

use super::browser::{Browser, Wishes};
use super::client::Client;
use super::pages::{class, class_of, have_browsers, seated, url};
use super::server::{Scratch, Server, lighthouse};

/// The console is one screen: nothing of it has to be scrolled to on a laptop.
fn assert_fits(desk: &Browser, name: &str) {
    desk.devtools(
        "Emulation.setDeviceMetricsOverride",
        &json!({ "width": 1366, "height": 768, "deviceScaleFactor": 1, "mobile": false }),
    );
    let over = desk.script(
        "return Math.max(document.documentElement.scrollHeight - window.innerHeight, ...[...document.querySelectorAll('.desk > section')].map((part) => part.scrollHeight - part.clientHeight))",
    );
    desk.devtools("Emulation.clearDeviceMetricsOverride", &json!({}));
    assert!(over.as_i64().is_some_and(|over| over <= 0), "{name}: {over} pixels are below the screen");
    let lit = desk.script("return document.querySelectorAll('.primary').length");
    assert_eq!(lit, 1, "{name}: one button is lit");
}

/// A browser with the cookie of somebody who has come in already, at their page.
fn carry(browser: &Browser, server: &Server, person: u8, client: &Client, whose: char) {
    let name = format!("{whose}{}", server.code);
    browser.open(&url(server, person, "/"));
    browser.command("/cookie", &json!({ "cookie": { "name": name, "value": client.jar[&name], "path": "/" } }));
    browser.open(&url(server, person, &server.path(&whose.to_string(), "")));
}

fn at_console(desk: &Browser, server: &Server, teacher: &Client) {
    carry(desk, server, 1, teacher, 't');
}

#[test]
fn groups_talk_pledge_and_are_reminded() {
    let _one = have_browsers();
    let Some(desk) = Browser::begin(Wishes::default()) else { return };
    let Some(phones) = Browser::begin(Wishes { phone: true, ..Wishes::default() }) else { return };
    let server = class(&["--class", "30"]);
    let mut teacher = server.teacher();
    at_console(&desk, &server, &teacher);
    let console = desk.here();
    let wall = desk.tab();
    desk.open(&url(&server, 1, &server.path("p", "")));
    let students = seated(&phones, &server, &server.path("j", ""), 6, |_| ());
    desk.look(&console);
    desk.press("form:has([value=practise]) button");
    desk.until("a practice vote is open", |page| page.text(".next").contains("practice"));
    assert_fits(&desk, "practice");
    phones.find("#ballot");
    phones.press("#ballot .choice");
    phones.until("recorded", |page| page.text(".recorded").contains("Recorded"));
    phones.inspect("30-student-practice");
    desk.look(&wall);
    desk.until("counted as it goes", |page| page.text("main").contains("1 vote"));
    desk.inspect("31-projector-practice");
    server.must(&mut teacher, "practised", &[]);
    server.must(&mut teacher, "begin", &[("mode", "factions")]);
    server.must(&mut teacher, "move", &[("seat", "6"), ("role", "")]);
    server.must(&mut teacher, "caucus", &[]);
    // Elected on phones: two of a group want the same.
    let mut chair = None;
    for tab in &students[..5] {
        phones.look(tab);
        phones.find("[data-phase=caucus]");
        if phones.has("#chair") {
            if chair.is_none() {
                phones.inspect("32-student-caucus");
            }
            chair.get_or_insert(phones.here());
            phones.press("#chair button");
            std::thread::sleep(std::time::Duration::from_millis(300));
        }
    }
    phones.look(chair.as_ref().expect("somebody votes for a chair"));
    phones.until("there is a chair", |page| page.has("p.chair"));
    phones.press("form[action$=line] .choice");
    phones.until("the line is marked", |page| page.has("form[action$=line] [aria-pressed=true]"));
    phones.inspect("33-student-chair");
    desk.look(&console);
    desk.until("the console knows the chair", |page| page.text(".groups").contains('▲'));
    assert_fits(&desk, "caucus");
    desk.inspect("34-console-caucus");
    desk.look(&wall);
    desk.inspect("35-projector-caucus");
    server.must(&mut teacher, "speakers", &[]);
    server.must(&mut teacher, "corridor", &[]);
    phones.look(&students[5]);
    phones.find("[data-phase=corridor]");
    phones.write("#ask-text", "Who pays for the oil?");
    phones.press("#ask button");
    phones.press("#pledges button");
    phones.until("offered", |page| page.text("#pledges").contains("offered"));
    phones.inspect("36-undecided-corridor");
    phones.look(&students[0]);
    phones.until("corridor", |page| page.has("[data-phase=corridor] #pledges"));
    phones.inspect("37-student-corridor");
    desk.look(&console);
    desk.until("a note to look at", |page| page.has(".inbox"));
    assert_fits(&desk, "corridor");
    desk.inspect("38-console-corridor");
    server.must(&mut teacher, "open", &[]);
    desk.until("somebody is missing", |page| page.text(".groups").contains("Nudge"));
    assert_fits(&desk, "vote");
    desk.inspect("39-console-nudge");
    phones.until("told of the vote", |page| page.text_of("heard").contains("The vote is open"));
    desk.press("form:has([value=nudge]) button");
    server.must(&mut teacher, "nudge", &[("role", "keeper")]);
    server.must(&mut teacher, "nudge", &[("role", "captain")]);
    phones.until("reminded aloud", |page| page.text_of("heard").contains("Your vote is missing"));
    assert!(phones.has("p.nudge"), "and in sight");
    phones.inspect("40-student-nudged");
    phones.press("#ballot .choice");
    phones.until("no longer reminded", |page| !page.has("p.nudge"));
}

#[test]
fn everybody_alone_on_the_teachers_map() {
    let _one = have_browsers();
    let Some(desk) = Browser::begin(Wishes::default()) else { return };
    let server = class(&["--class", "40"]);
    let mut teacher = server.teacher();
    let mut students: Vec<_> = (0..30).map(|_| server.student("")).collect();
    at_console(&desk, &server, &teacher);
    server.must(&mut teacher, "begin", &[("mode", "alone")]);
    for (place, student) in students.iter_mut().enumerate() {
        for turn in 0..place % 4 {
            let page = student.get(&server.path("s", ""));
            let Some(option) = page.fields("option").first().map(|option| (*option).to_owned()) else { break };
            let turn = turn.to_string();
            let reason = ("reason", "one two three four five six seven eight nine ten");
            student.post(&server.path("s", "/step"), &[("turn", &turn), ("option", &option), reason]);
        }
    }
    desk.until("all are on the map", |page| page.has("a.seat"));
    assert_fits(&desk, "alone");
    desk.inspect("50-console-alone");
    desk.open(&url(&server, 1, &server.path("t", "/seat/3")));
    desk.inspect("51-seat-watched");
    server.must(&mut teacher, "gather", &[]);
    desk.open(&url(&server, 1, &server.path("t", "")));
    assert_fits(&desk, "gathered");
    desk.inspect("52-console-gathered");
    carry(&desk, &server, 9, &students[2], 's');
    desk.find("[data-phase=gathered]");
    desk.inspect("53-student-gathered");
    desk.write("#ticket", "Fog is no excuse.");
    desk.press(".ticket button");
    desk.until("the teacher has it", |page| page.text(".ticket").contains("Your teacher has it"));
    desk.open(&url(&server, 1, &server.path("t", "/debrief")));
    desk.press("#tickets summary");
    assert!(desk.text("#tickets").contains("Fog is no excuse."));
    desk.inspect("54-debrief-tickets");
}

#[test]
fn the_console_of_the_story_built_in_is_one_screen() {
    let _one = have_browsers();
    let Some(desk) = Browser::begin(Wishes::default()) else { return };
    let server = class_of(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("story"), &["--class", "30"]);
    let mut teacher = server.teacher();
    let mut students: Vec<_> = (0..12).map(|_| server.student("")).collect();
    server.must(&mut teacher, "begin", &[("mode", "factions")]);
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..24 {
        let Some(next) = server.next(&mut teacher) else { break };
        if next == "close" {
            students.iter_mut().for_each(|student| drop(server.vote(student, 0)));
        }
        if seen.insert(next.clone()) {
            at_console(&desk, &server, &teacher);
            desk.devtools(
                "Emulation.setDeviceMetricsOverride",
                &json!({ "width": 1366, "height": 768, "deviceScaleFactor": 1, "mobile": false }),
            );
            let below = desk.script(
                "return [document.documentElement.scrollHeight - innerHeight, ...[...document.querySelectorAll('.primary, footer')].map((part) => part.getBoundingClientRect().bottom - innerHeight)].some((over) => over > 0)",
            );
            assert_eq!(below, false, "something is below the screen before {next}");
            desk.inspect(&format!("60-console-story-{next}"));
        }
        server.must(&mut teacher, &next, &[]);
    }
    assert!(seen.len() >= 4, "{seen:?}");
}

#[test]
fn three_histories_fit_a_phone_and_a_laptop() {
    let _one = have_browsers();
    let Some(desk) = Browser::begin(Wishes::default()) else { return };
    let folder = Scratch::new("beside");
    let database = format!("sqlite:{}", folder.0.join("class.db").display());
    let servers = [(); 2].map(|()| Server::on(&lighthouse(), &database, &["--new"]));
    let mut teachers = [servers[0].teacher(), servers[1].teacher()];
    for (server, teacher) in servers.iter().zip(&mut teachers) {
        let _student = server.student("");
        server.must(teacher, "begin", &[("mode", "class"), ("role", "keeper")]);
        for _ in 0..20 {
            let _ = server.steer(teacher, "skip", &[]);
        }
    }
    let foreign = teachers[1].jar.clone();
    teachers[0].jar.extend(foreign);
    // A browser keeps the cookies of both: they differ by the class's code, not by the port.
    let base = format!("http://{}", servers[0].address);
    desk.open(&base);
    for (name, value) in &teachers[0].jar {
        desk.command("/cookie", &json!({ "cookie": { "name": name, "value": value, "path": "/" } }));
    }
    desk.open(&format!("{base}{}", servers[0].path("t", "/beside")));
    desk.inspect("55-beside");
    desk.write("#other", &servers[1].code);
    desk.press("button.primary");
    desk.until("side by side", |page| page.text("h1").contains("Three histories"));
    desk.inspect("56-three-histories");
}
