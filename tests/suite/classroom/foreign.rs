//! Threats T5 and T18 in a real browser: what others wrote runs nowhere, and lessons go as well over
//! plain HTTP at an address of a network, where browsers trust a page with less.

use std::process::Command;

use super::browser::{Browser, Wishes};
use super::guests::scripts;
use super::pages::{class, have_browsers, url};

/// A page on which nothing that was written ran, nothing was asked of anybody, and nothing was
/// forbidden: the words never became a tag that the page's policy would have had to stop.
fn is_quiet(browser: &Browser, what: &str) {
    let complaints = browser.complaints();
    assert!(complaints.is_empty(), "{what}: {complaints:?}");
    let foreign = browser.script(
        "return [...document.querySelectorAll('*')].flatMap((one) => [...one.attributes].filter((attribute) => attribute.name.startsWith('on') || /^\\s*javascript:/i.test(attribute.value)).map((attribute) => one.outerHTML)).concat([...document.querySelectorAll('script:not([src^=\"/static/\"]), iframe, object, embed, base, svg[onload]')].map((one) => one.outerHTML))",
    );
    assert_eq!(foreign, serde_json::json!([]), "{what}");
}

#[test]
fn t05_what_others_found_to_run_somewhere_runs_on_no_page() {
    let _one = have_browsers();
    let Some(browser) = Browser::begin(Wishes::default()) else { return };
    let server = class(&["--class", "400"]);
    let mut teacher = server.teacher();
    let scripts = scripts();
    assert!(scripts.len() >= 300, "{}", scripts.len());
    server.must(&mut teacher, "rules", &[("rule", "most"), ("tie", "chance"), ("secrecy", "open")]);
    let (mut seats, mut notes) = (Vec::new(), 0);
    for script in &scripts {
        // As a name, as a note to the class, as one to the teacher, and as whatever else can be typed.
        let alias: String = script.chars().take(24).collect();
        let (mut student, answer) = server.try_student(&alias);
        if answer.status != 303 {
            student = server.student("");
        }
        seats.push(student);
        let number = seats.len();
        let student = seats.last_mut().expect("the one");
        for private in ["", "1"] {
            let sent = student.post(&server.path("s", "/note"), &[("text", script), ("private", private)]);
            assert_eq!(sent.status, 303, "{script}");
            notes += 1;
            if private.is_empty() {
                server.must(&mut teacher, "show", &[("note", &notes.to_string())]);
            }
        }
        server.steer(&mut teacher, "rename", &[("seat", &number.to_string()), ("text", &alias)]);
        if number % 50 != 0 {
            continue; // every wrong code waits longer for its answer
        }
        for (path, field) in [("/", "code"), (&*server.path("j", "/again"), "words"), ("/teach", "secret")] {
            super::guests::assert_sealed(&student.post(path, &[(field, script)]).body, script);
        }
    }
    let give = |client: &super::client::Client, kind: &str, to: &str| {
        let name = format!("{kind}{}", server.code);
        let value = client.jar.get(&name).expect("a cookie");
        browser.open(to);
        browser.devtools("Network.setCookie", &serde_json::json!({ "name": name, "value": value, "url": to }));
    };
    give(&teacher, "t", &url(&server, 1, "/"));
    browser.open(&url(&server, 1, &server.path("t", "")));
    browser.script("document.querySelectorAll('details').forEach((one) => { one.open = true })");
    is_quiet(&browser, "the console");
    let page = browser.html();
    assert!(page.contains("&lt;script") && page.matches("alert(1)").count() > 50, "the console shows what was written");
    server.must(&mut teacher, "begin", &[("mode", "class"), ("role", "keeper")]);
    server.must(&mut teacher, "open", &[]);
    seats.iter_mut().for_each(|student| drop(server.vote(student, 0)));
    server.must(&mut teacher, "close", &[]);
    server.must(&mut teacher, "reveal", &[]);
    for (whose, path) in [("p", ""), ("t", ""), ("t", "/debrief")] {
        browser.open(&url(&server, 1, &server.path(whose, path)));
        browser.find("main h1, main h2");
        is_quiet(&browser, &format!("/{whose}{path}"));
    }
    // A roll-call: the names themselves stand beside the votes.
    browser.open(&url(&server, 1, &server.path("p", "")));
    assert!(browser.html().contains("&lt;"), "names are on the projector");
    // Some of them at their own pages.
    for (person, student) in seats.iter().enumerate().step_by(60) {
        let at = 100 + person as u8 / 6;
        give(student, "s", &url(&server, at, "/"));
        browser.open(&url(&server, at, &server.path("s", "")));
        browser.find("[data-phase=revealed]");
        is_quiet(&browser, "a student's page");
    }
}

/// A network as some schools have it, in namespaces of its own: a bridge to which the teacher's machine
/// and a phone are joined, whose ports may or may not speak with each other.
const SCHOOL: &str = r#"
    set -e
    ip link add wifi type bridge && ip link set wifi up
    join() { # NAME ADDRESS
        unshare --net sleep 60 & place=$!
        sleep 0.3
        ip link add "at_$1" type veth peer name "$1" netns $place
        ip link set "at_$1" master wifi up
        nsenter -t $place -n sh -c "ip link set lo up; ip addr add $2/24 dev $1; ip link set $1 up; ip route add default dev $1"
    }
    join desk 10.9.8.7; desk=$place
    join phone 10.9.8.9; phone=$place
    trap 'kill $desk $phone $host' EXIT
    bridge link set dev at_desk isolated on && bridge link set dev at_phone isolated on
    nsenter -t $desk -n "$@" & host=$!
    look() { nsenter -t $phone -n timeout 3 bash -c 'exec 3<>/dev/tcp/10.9.8.7/1917; printf "GET /check HTTP/1.1
host: 10.9.8.7
connection: close

" >&3; head -n 1 <&3'; }
    sleep 1
    look || echo "the phone does not come through"
    sleep 1
    bridge link set dev at_desk isolated off
    look
    sleep 0.5
"#;

/// What a program says, and whether it ended well; why it can't be run, where it can't.
fn told(command: &mut Command) -> (String, bool) {
    command.output().map_or_else(
        |error| (error.to_string(), false),
        |output| {
            let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
            (said.concat(), output.status.success())
        },
    )
}

#[test]
fn t19_where_a_network_keeps_devices_apart_the_check_says_so_and_where_not_that_they_come_through() {
    let folder = super::server::Scratch::new("apart");
    let database = format!("sqlite:{}", folder.0.join("class.db").display());
    let mut command = Command::new("unshare");
    command.args(["--user", "--map-root-user", "--net", "bash", "-c", SCHOOL, "school"]);
    command.args([env!("CARGO_BIN_EXE_petrograd"), "host"]).arg(super::server::lighthouse());
    command
        .args(["--bind", "0.0.0.0:1917", "--database", &database, "--check=2"])
        .env("LANG", "C")
        .env_remove("LC_ALL");
    let (said, _) = told(&mut command);
    if !said.contains("Waiting for it") {
        eprintln!("no network of the test's own here ({}): nothing was tested in it", said.trim());
        return;
    }
    assert!(said.contains("http://10.9.8.7:1917/check"), "{said}");
    let (apart, together) = said.split_once("the phone does not come through").expect("it was kept apart");
    assert!(apart.contains("client isolation") && !apart.contains("10.9.8.9 came through."), "{said}");
    assert!(together.contains("10.9.8.9 came through.") && together.contains("HTTP/1.1 200"), "{said}");
}

/// Tests that are run once more where this machine is at an address of a network of its own.
const LESSONS: [&str; 3] =
    ["classroom::lesson::", "classroom::pages::a_lesson_by_keyboard", "classroom::guests::t06_other_sites"];

#[test]
fn t18_lessons_at_an_address_of_a_network_of_their_own() {
    if std::env::var_os("PETROGRAD_ADDRESS").is_some() {
        return; // this is one of them
    }
    let up = "ip link set lo up && ip link add class0 type veth peer name class1 && \
        ip link set class0 up && ip link set class1 up && \
        for host in $(seq 1 20); do ip addr add 10.9.8.$host/24 dev class0 || exit 9; done && exec \"$0\" \"$@\"";
    let mut command = Command::new("unshare");
    command.args(["--user", "--map-root-user", "--net", "sh", "-c", up]);
    command.arg(std::env::current_exe().expect("this program")).args(LESSONS).env("PETROGRAD_ADDRESS", "10.9.8.1");
    let (said, well) = told(&mut command);
    if !said.contains("running ") {
        eprintln!("no network of the test's own here ({}): nothing was tested in it", said.trim());
        return;
    }
    let lessons = said.lines().filter(|line| line.starts_with("test classroom::") && line.ends_with("... ok")).count();
    assert!(well && lessons > 8, "{said}");
}
