//! The program is cut off while a class votes: nothing that was acknowledged is lost or counted
//! twice, and everybody is where they were. `PETROGRAD_KILLS` says how often.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::client::{Client, form};
use super::server::{Server, lighthouse};

/// What a server told a student: for each key, the ballot's number and what it holds.
pub type Told = BTreeMap<(String, u64), (u64, String)>;

/// How often, unless the environment says.
pub fn kills(usual: u32) -> u32 {
    std::env::var("PETROGRAD_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// A student who votes without end, and writes down what was acknowledged.
pub fn voter(mut client: Client, path: &str, stop: &AtomicBool, told: &Mutex<Told>, asks: &AtomicU64) {
    let token = client.jar.values().cloned().collect::<String>();
    client.headers.push(("accept".to_owned(), "application/json".to_owned()));
    let mut key = 1;
    while !stop.load(Ordering::Relaxed) {
        let option = ["wait", "fetch", "send"][key as usize % 3];
        let body = form(&[("round", "1"), ("key", &key.to_string()), ("option", option)]);
        // The same ballot again until it was acknowledged, as the page's outbox does.
        match client.ask("POST", path, Some(&body)) {
            Ok(answer) if answer.status == 200 => {
                let line: serde_json::Value = serde_json::from_str(&answer.body).expect("JSON");
                let seq = line["seq"].as_u64().expect("a number");
                let effective = line["effective"].as_str().unwrap_or_default().to_owned();
                assert_eq!(effective, option, "another ballot counts than the newest");
                told.lock().expect("unpoisoned").insert((token.clone(), key), (seq, effective));
                asks.fetch_add(1, Ordering::Relaxed);
                key += 1;
            }
            _ => std::thread::sleep(Duration::from_millis(5)),
        }
    }
}

/// Every acknowledged ballot is in the database, once, as it was acknowledged.
pub fn compare(ballots: &[(u32, u64, String, u64)], told: &Told, seats: &BTreeMap<String, u32>) -> usize {
    let stored: BTreeMap<(u32, u64), (u64, &str)> =
        ballots.iter().map(|(seat, key, option, seq)| ((*seat, *key), (*seq, option.as_str()))).collect();
    assert_eq!(stored.len(), ballots.len(), "a ballot is there twice");
    let mut lost = 0;
    for ((token, key), (seq, option)) in told {
        let seat = seats.get(token).copied().expect("a seat");
        match stored.get(&(seat, *key)) {
            Some((there, kept)) => assert_eq!((there, *kept), (seq, option.as_str()), "seat {seat}, key {key}"),
            None => lost += 1,
        }
    }
    lost
}

#[test]
fn nothing_acknowledged_is_lost_on_sqlite() {
    let mut server = Server::start(&lighthouse(), &["--class", "40"]);
    let mut teacher = server.teacher();
    let students: Vec<Client> = (0..12).map(|_| server.student("")).collect();
    server.must(&mut teacher, "begin", &[("mode", "class"), ("role", "keeper")]);
    server.must(&mut teacher, "open", &[]);
    let (stop, told, asks) = (AtomicBool::new(false), Mutex::new(Told::new()), AtomicU64::new(0));
    let seats: BTreeMap<String, u32> =
        students.iter().zip(1..).map(|(student, seat)| (student.jar.values().cloned().collect(), seat)).collect();
    let jars: Vec<_> = students.iter().map(|student| student.jar.clone()).collect();
    let address = server.address;
    let path = server.path("s", "/ballot");
    let times = kills(12);
    let mut slowest = Duration::ZERO;
    std::thread::scope(|scope| {
        for student in students {
            let (path, stop, told, asks) = (&path, &stop, &told, &asks);
            scope.spawn(move || voter(student, path, stop, told, asks));
        }
        for kill in 0..times {
            // Somewhere in the middle of things, never at the same place.
            std::thread::sleep(Duration::from_millis(60 + u64::from(kill * 37 % 190)));
            server.kill();
            let begun = Instant::now();
            server.restart();
            slowest = slowest.max(begun.elapsed());
        }
        std::thread::sleep(Duration::from_millis(200));
        stop.store(true, Ordering::Relaxed);
    });
    let told = told.into_inner().expect("unpoisoned");
    // Everybody resumes on the same page.
    for jar in jars {
        let mut client = Client::new(address);
        client.jar = jar;
        assert!(client.get(&server.path("s", "")).body.contains("data-phase=\"vote\""));
    }
    server.kill();
    let ballots = super::replay::ballots(&format!("sqlite:{}", server.file().display()), &server.code);
    let lost = compare(&ballots, &told, &seats);
    eprintln!("{times} kills, {} acknowledged, {lost} lost, back after {slowest:?} at most", told.len());
    assert_eq!(lost, 0);
    assert!(told.len() > 100, "too few votes to mean anything: {}", told.len());
    assert!(slowest < Duration::from_secs(4), "{slowest:?}");
}
