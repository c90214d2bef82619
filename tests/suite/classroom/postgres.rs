//! Two processes behind one PostgreSQL: either may die while a class votes, or freeze and come
//! back. Needs `initdb`; says so where there is none, and fails where it was promised
//! (`PETROGRAD_POSTGRES=1`).

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::client::Client;
use super::kill::{Told, compare, kills, voter};
use super::server::{Scratch, Server, lighthouse};

/// A cluster of its own, gone with the test.
struct Cluster {
    folder: Scratch,
    programs: PathBuf,
    port: u16,
    owner: Option<(u32, u32)>,
}

/// Where the server's programs are: on the path, or where Debian puts them.
fn programs() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let listed = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = listed.map(|entry| entry.path().join("bin")).collect();
    folders.extend(std::env::split_paths(&path));
    folders.into_iter().find(|folder| folder.join("initdb").exists() && folder.join("pg_ctl").exists())
}

fn answer(program: &str, arguments: &[&str]) -> Option<u32> {
    let output = Command::new(program).args(arguments).output().ok()?;
    String::from_utf8_lossy(&output.stdout).trim().parse().ok()
}

impl Cluster {
    fn begin() -> Option<Cluster> {
        let programs = programs()?;
        // It refuses to run as root: as whoever its package made, then.
        let owner = match answer("id", &["-u"])? {
            0 => Some((answer("id", &["-u", "postgres"])?, answer("id", &["-g", "postgres"])?)),
            _ => None,
        };
        let folder = Scratch::new("postgres");
        if let Some((user, group)) = owner {
            std::os::unix::fs::chown(&folder.0, Some(user), Some(group)).ok()?;
        }
        let port = TcpListener::bind("127.0.0.1:0").ok()?.local_addr().ok()?.port();
        let cluster = Cluster { folder, programs, port, owner };
        let data = cluster.data();
        let made = cluster.run("initdb", &["-D", &data, "-U", "class", "-A", "trust", "--no-locale", "-E", "UTF8"]);
        made.then_some(())?;
        let options = format!("-p {port} -k {} -c listen_addresses=127.0.0.1", cluster.folder.0.display());
        let log = cluster.folder.0.join("log").display().to_string();
        cluster.run("pg_ctl", &["-D", &data, "-l", &log, "-w", "-o", &options, "start"]).then_some(cluster)
    }

    fn data(&self) -> String {
        self.folder.0.join("data").display().to_string()
    }

    fn run(&self, program: &str, arguments: &[&str]) -> bool {
        let mut command = Command::new(self.programs.join(program));
        command.args(arguments).current_dir(&self.folder.0).stdout(Stdio::null()).stderr(Stdio::null());
        if let Some((user, group)) = self.owner {
            command.uid(user).gid(group);
        }
        command.status().is_ok_and(|status| status.success())
    }

    fn url(&self) -> String {
        format!("postgres://class@127.0.0.1:{}/postgres", self.port)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.run("pg_ctl", &["-D", &self.data(), "-m", "immediate", "stop"]);
    }
}

fn cluster() -> Option<Cluster> {
    let cluster = Cluster::begin();
    let promised = std::env::var_os("PETROGRAD_POSTGRES").is_some_and(|value| value == "1");
    assert!(cluster.is_some() || !promised, "PostgreSQL was promised and does not start");
    if cluster.is_none() {
        eprintln!("no PostgreSQL here (its `initdb`): two processes were not tested");
    }
    cluster
}

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
