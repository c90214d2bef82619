//! Two processes behind one PostgreSQL: either may die while a class votes, or freeze and come
//! back, and what one tells the other may be lost.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::client::Client;
use super::cluster::{Cluster, cluster};
use super::kill::{Told, compare, kills, voter};
use super::server::{Server, lighthouse};

fn signal(process: u32, name: &str) {
    let sent = Command::new("kill").args([&format!("-{name}"), &process.to_string()]).status();
    assert!(sent.is_ok_and(|status| status.success()), "{name} to {process}");
}

fn pair(cluster: &Cluster, story: &Path) -> [Server; 2] {
    let arguments = ["--class", "40"];
    let first = Server::on(story, &cluster.url(), &arguments);
    let second = Server::on(story, &cluster.url(), &arguments);
    assert_eq!(first.code, second.code, "both serve one class");
    [first, second]
}

#[test]
fn either_of_two_processes_may_die() {
    let Some(cluster) = cluster() else { return };
    let mut servers = pair(&cluster, &lighthouse());
    let mut teacher = servers[0].teacher();
    let students: Vec<Client> = (0..12).map(|place| servers[place % 2].student("")).collect();
    servers[0].must(&mut teacher, "begin", &[("mode", "class"), ("role", "keeper")]);
    servers[0].must(&mut teacher, "open", &[]);
    let path = servers[0].path("s", "/ballot");
    let (stop, told, asks) = (AtomicBool::new(false), Mutex::new(Told::new()), AtomicU64::new(0));
    // By the order in which they came in: one process after the other numbered them.
    let seats: BTreeMap<String, u32> =
        students.iter().zip(1..).map(|(student, seat)| (student.jar.values().cloned().collect(), seat)).collect();
    // Whoever asks one process is sent to the other when that is gone, as by a proxy.
    let addresses = [servers[0].address, servers[1].address];
    let times = kills(6);
    let mut slowest = Duration::ZERO;
    std::thread::scope(|scope| {
        for student in students {
            let (path, stop, told, asks) = (&path, &stop, &told, &asks);
            scope.spawn(move || voter(student.either(addresses), path, stop, told, asks));
        }
        for kill in 0..times as usize {
            std::thread::sleep(Duration::from_millis(120 + (kill * 53 % 190) as u64));
            let one = &mut servers[kill % 2];
            one.kill();
            // The other one goes on without it.
            let (begun, before) = (Instant::now(), asks.load(Ordering::Relaxed));
            while asks.load(Ordering::Relaxed) < before + 12 && begun.elapsed() < Duration::from_secs(10) {
                std::thread::sleep(Duration::from_millis(2));
            }
            slowest = slowest.max(begun.elapsed());
            one.restart();
        }
        std::thread::sleep(Duration::from_millis(200));
        stop.store(true, Ordering::Relaxed);
    });
    let told = told.into_inner().expect("unpoisoned");
    let ballots = super::replay::ballots(&cluster.url(), &servers[0].code);
    let lost = compare(&ballots, &told, &seats);
    eprintln!("{times} kills of two, {} acknowledged, {lost} lost, {slowest:?} of silence at most", told.len());
    assert_eq!(lost, 0);
    assert!(told.len() > 100 && slowest < Duration::from_secs(5), "{} {slowest:?}", told.len());
    let hashes = [0, 1].map(|_| super::replay::hash(&cluster.url(), &servers[0].code));
    assert_eq!(hashes[0], hashes[1]);
}

#[test]
fn what_one_process_writes_the_other_shows_and_a_clock_closes_a_vote_once() {
    let Some(cluster) = cluster() else { return };
    let servers = pair(&cluster, &lighthouse());
    let mut teacher = servers[0].teacher();
    let mut there = servers[1].student("");
    servers[0].must(&mut teacher, "begin", &[("mode", "class"), ("role", "keeper")]);
    servers[0].must(&mut teacher, "open", &[]);
    servers[0].must(&mut teacher, "timer", &[("seconds", "1")]);
    let begun = Instant::now();
    let phase = |client: &mut Client, name: &str| client.get(&servers[0].path("s", "")).body.contains(name);
    while !phase(&mut there, "data-phase=\"vote\"") {
        assert!(begun.elapsed() < Duration::from_secs(3), "the other process never heard of it");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(servers[1].vote(&mut there, 0).is_some());
    // The first freezes with its right to close still warm, and wakes when the other has closed.
    signal(servers[0].child.id(), "STOP");
    while !phase(&mut there, "data-phase=\"closed\"") {
        assert!(begun.elapsed() < Duration::from_secs(12), "the vote was never closed");
        std::thread::sleep(Duration::from_millis(50));
    }
    signal(servers[0].child.id(), "CONT");
    std::thread::sleep(Duration::from_millis(1_500));
    let log = teacher.get(&servers[0].path("t", "/log.jsonl")).body;
    assert_eq!(log.matches("decision_closed").count(), 1, "{log}");
}

/// By how many the votes of the last round were counted.
fn counted(teacher: &mut Client, server: &Server) -> u64 {
    let log = teacher.get(&server.path("t", "/log.jsonl")).body;
    let closed = log.lines().rfind(|line| line.contains("decision_closed")).expect("it was closed");
    let line: serde_json::Value = serde_json::from_str(closed).expect("a line");
    let votes = line["event"]["counted"][0]["votes"].as_array().cloned().unwrap_or_default();
    votes.iter().filter_map(serde_json::Value::as_u64).sum()
}

/// A database in which every hint is swallowed: nobody hears of anything. What was hinted is noted,
/// when, by whom, and whether the same transaction had written something before.
const SWALLOWED: &str = "CREATE TABLE hint (at TIMESTAMPTZ, process INT, had_written BOOLEAN); \
    CREATE FUNCTION public.pg_notify(TEXT, TEXT) RETURNS VOID LANGUAGE SQL AS \
    'INSERT INTO public.hint VALUES (clock_timestamp(), pg_backend_pid(), pg_current_xact_id_if_assigned() IS NOT NULL)'; \
    ALTER DATABASE postgres SET search_path = public, pg_catalog";

#[test]
fn losing_every_hint_costs_time_and_nothing_else() {
    let Some(cluster) = cluster() else { return };
    SWALLOWED.split("; ").for_each(|statement| drop(cluster.sql(statement)));
    let servers = pair(&cluster, &lighthouse());
    let mut teacher = servers[0].teacher();
    let mut there: Vec<Client> = (0..6).map(|_| servers[1].student("")).collect();
    let mut slowest = Duration::ZERO;
    let mut until = |client: &mut Client, path: &str, text: &str| {
        let begun = Instant::now();
        while !client.get(path).body.contains(text) {
            assert!(begun.elapsed() < Duration::from_secs(5), "{text} never came to {path}");
            std::thread::sleep(Duration::from_millis(10));
        }
        slowest = slowest.max(begun.elapsed());
    };
    let (student, console) = (servers[0].path("s", ""), servers[0].path("t", ""));
    servers[0].must(&mut teacher, "begin", &[("mode", "class"), ("role", "keeper")]);
    until(&mut there[0], &student, "data-phase=\"read\"");
    servers[0].must(&mut teacher, "open", &[]);
    until(&mut there[0], &student, "data-phase=\"vote\"");
    // Again and again, faster than hints may follow each other.
    for turn in 0..20 {
        there.iter_mut().for_each(|student| drop(servers[1].vote(student, turn)));
    }
    until(&mut teacher, &console, "<td>6</td><td>6</td>");
    servers[0].must(&mut teacher, "close", &[]);
    until(&mut there[0], &student, "data-phase=\"closed\"");
    assert_eq!(counted(&mut teacher, &servers[0]), 6, "every vote was counted");
    assert_eq!(cluster.sql("SELECT COUNT(*) > 5 FROM hint"), "t", "hints were sent, or nothing was lost here");
    assert_eq!(cluster.sql("SELECT COUNT(*) FROM hint WHERE had_written"), "0", "in a transaction of their own");
    assert_eq!(cluster.sql("SELECT COUNT(DISTINCT process) <= 2 FROM hint"), "t", "on a connection of their own");
    let most = "SELECT MAX(n) FROM (SELECT COUNT(*) n FROM hint GROUP BY process, date_trunc('second', at)) a";
    let most: u32 = cluster.sql(most).parse().expect("a number");
    assert!(most <= 21, "{most} hints in a second");
    eprintln!("every hint lost: {slowest:?} at most until the other process showed it; {most} hints a second at most");
}

/// The longest time without an acknowledgement, while some time passes.
fn silence(asks: &AtomicU64, during: Duration) -> Duration {
    let (begun, mut last, mut longest) = (Instant::now(), Instant::now(), Duration::ZERO);
    let mut before = asks.load(Ordering::Relaxed);
    while begun.elapsed() < during {
        std::thread::sleep(Duration::from_millis(2));
        let now = asks.load(Ordering::Relaxed);
        if now > before {
            (before, last) = (now, Instant::now());
        }
        longest = longest.max(last.elapsed());
    }
    longest
}

/// Freezes a process while it has the class's row locked: it neither writes nor lets others write.
fn freeze(cluster: &Cluster, process: u32) {
    let holds = "SELECT COUNT(*) > 0 FROM pg_stat_activity WHERE wait_event_type = 'Lock' \
        AND query_start < clock_timestamp() - INTERVAL '40 milliseconds'";
    for _ in 0..200 {
        signal(process, "STOP");
        std::thread::sleep(Duration::from_millis(60));
        if cluster.sql(holds) == "t" {
            return;
        }
        signal(process, "CONT");
        std::thread::sleep(Duration::from_millis(17));
    }
    panic!("it was never frozen in the middle of a transaction");
}

#[test]
fn a_process_that_freezes_with_the_class_locked_holds_nobody_up_and_closes_nothing_when_it_wakes() {
    let Some(cluster) = cluster() else { return };
    let servers = pair(&cluster, &lighthouse());
    let mut teacher = servers[1].teacher();
    // In the order in which they are numbered: six at the one, six at the other.
    let students: Vec<Client> = (0..12).map(|place| servers[place / 6].student("")).collect();
    let seats: BTreeMap<String, u32> =
        students.iter().zip(1..).map(|(student, seat)| (student.jar.values().cloned().collect(), seat)).collect();
    servers[1].must(&mut teacher, "begin", &[("mode", "class"), ("role", "keeper")]);
    servers[1].must(&mut teacher, "open", &[]);
    let path = servers[0].path("s", "/ballot");
    let (stop, told, here, there) =
        (AtomicBool::new(false), Mutex::new(Told::new()), AtomicU64::new(0), AtomicU64::new(0));
    let mut silent = Duration::ZERO;
    std::thread::scope(|scope| {
        for (place, student) in students.into_iter().enumerate() {
            let (path, stop, told, asks) = (&path, &stop, &told, if place < 6 { &there } else { &here });
            scope.spawn(move || voter(student, path, stop, told, asks));
        }
        std::thread::sleep(Duration::from_millis(300));
        freeze(&cluster, servers[0].child.id());
        let frozen = Instant::now();
        // The clock runs out while it sleeps.
        silent = silence(&here, Duration::from_secs(6));
        servers[1].must(&mut teacher, "timer", &[("seconds", "4")]);
        std::thread::sleep(Duration::from_secs(20).saturating_sub(frozen.elapsed()));
        let log = teacher.get(&servers[1].path("t", "/log.jsonl")).body;
        assert!(log.contains("decision_closed"), "the vote was not closed while the other slept");
        signal(servers[0].child.id(), "CONT");
        std::thread::sleep(Duration::from_millis(1_500));
        stop.store(true, Ordering::Relaxed);
    });
    assert!(silent > Duration::from_millis(500), "the class was not locked: {silent:?}");
    assert!(silent < Duration::from_secs(5), "nobody could vote for {silent:?}");
    let log = teacher.get(&servers[1].path("t", "/log.jsonl")).body;
    assert_eq!(log.matches("decision_closed").count(), 1, "{log}");
    let told = told.into_inner().expect("unpoisoned");
    let ballots = super::replay::ballots(&cluster.url(), &servers[0].code);
    assert_eq!(compare(&ballots, &told, &seats), 0, "what was acknowledged is there");
    // Whoever asks the one that slept is shown what the other did.
    let walls = [0, 1].map(|place: usize| servers[place].client().get(&servers[place].path("p", "/view")).body);
    let [slept, awake] = walls.map(|wall| wall.split_once("<h1").map(|(_, rest)| rest.to_owned()));
    assert!(slept.is_some() && slept == awake, "{slept:?} {awake:?}");
    eprintln!("frozen for 20 s with the class locked: {} acknowledged, none lost, {silent:?} of silence", told.len());
}
