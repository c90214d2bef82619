//! The power is cut while a class votes: on a disk that keeps only what was synced, a vote that was
//! acknowledged is there afterwards, once; and where the program was told not to wait for the disk,
//! the same look finds what was lost.
//!
//! The disk is a file system of the test's own, by FUSE: it needs `/dev/fuse`, and root or
//! `fusermount3`. Where it can't be mounted the tests say so, and fail where it was promised
//! (`PETROGRAD_FUSE=1`). `PETROGRAD_CUTS` says how often, `PETROGRAD_SEED` from where chance starts.

mod disk; // what was synced and what was not
mod mount; // as a file system

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::Scope;
use std::time::{Duration, Instant};

use self::disk::Fate;
use self::mount::Mounted;
use super::client::Client;
use super::kill::{Told, compare, voter};
use super::replay::{Draws, ballots, hash};
use super::server::{Scratch, Server, lighthouse};

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}

fn mounted() -> Option<Mounted> {
    let promised = std::env::var_os("PETROGRAD_FUSE").is_some_and(|value| value == "1");
    match Mounted::begin() {
        Ok(mounted) => Some(mounted),
        Err(error) => {
            assert!(!promised, "a file system of the test's own was promised and can't be mounted: {error}");
            eprintln!("no file system of the test's own here ({error}): power cuts were not tested");
            None
        }
    }
}

/// A class on a disk whose power can be cut, in the middle of a vote.
struct Class {
    server: Server,
    disk: Mounted,
    students: Vec<Client>,
}

impl Class {
    fn begin(arguments: &[&str]) -> Option<Class> {
        let disk = mounted()?;
        let database = format!("sqlite:{}", disk.path().join("class.db").display());
        let all: Vec<&str> = ["--class", "40"].iter().chain(arguments).copied().collect();
        let server = Server::on(&lighthouse(), &database, &all);
        let mut teacher = server.teacher();
        let students = (0..12).map(|_| server.student("")).collect();
        server.must(&mut teacher, "begin", &[("mode", "class"), ("role", "keeper")]);
        server.must(&mut teacher, "open", &[]);
        Some(Class { server, disk, students })
    }

    /// Everybody's seat, by the token that votes for it.
    fn seats(&self) -> BTreeMap<String, u32> {
        self.students.iter().zip(1..).map(|(student, seat)| (student.jar.values().cloned().collect(), seat)).collect()
    }

    /// All students vote without end, from other browsers of theirs, until they are told to stop.
    fn vote<'s>(
        &self,
        scope: &'s Scope<'s, '_>,
        (path, stop, told, asks): (&'s str, &'s AtomicBool, &'s Mutex<Told>, &'s AtomicU64),
    ) {
        for student in &self.students {
            let student = twin(student, &self.server);
            scope.spawn(move || voter(student, path, stop, told, asks));
        }
    }

    /// The program dies and the power with it. How many deeds of the disk were lost.
    fn cut(&mut self, fate: Fate<'_>) -> usize {
        self.server.kill();
        self.disk.unmount().expect("nobody has a file open");
        self.disk.disk().cut(fate)
    }

    /// What a copy of the surviving files holds: nobody has opened them yet.
    fn lost(&self, told: &Told, seats: &BTreeMap<String, u32>) -> usize {
        let folder = Scratch::new("survived");
        self.disk.copy_to(&folder.0).expect("a copy");
        let database = format!("sqlite:{}", folder.0.join("class.db").display());
        let ballots = ballots(&database, &self.server.code);
        let numbers: std::collections::BTreeSet<u64> = ballots.iter().map(|(.., seq)| *seq).collect();
        assert_eq!(numbers.len(), ballots.len(), "two ballots have one number");
        // The log leads where its checkpoints say, twice the same.
        assert_eq!(hash(&database, &self.server.code), hash(&database, &self.server.code));
        assert_eq!(super::replay::integrity(&database), "ok");
        compare(&ballots, told, seats)
    }

    fn back(&mut self) {
        self.disk.mount().expect("it can be mounted again");
        self.server.restart();
    }
}

/// Whether the power goes within some time.
fn went(class: &Class, within: Duration) -> bool {
    let begun = Instant::now();
    while !class.disk.disk().off {
        if begun.elapsed() > within {
            return false;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    true
}

/// What came of many cuts.
#[derive(Debug, Default)]
struct Cuts {
    acknowledged: usize,
    /// Writes that were dropped or torn.
    dropped: usize,
    /// Cuts while the database's own pages were being written.
    pages: usize,
}

/// Cuts the power of one class so many times while it votes, and compares each time.
fn cut_again_and_again(class: &mut Class, cuts: u64, draws: &mut Draws, sum: &mut Cuts) {
    let (stop, told, asks) = (AtomicBool::new(false), Mutex::new(Told::new()), AtomicU64::new(0));
    let (seats, path) = (class.seats(), class.server.path("s", "/ballot"));
    std::thread::scope(|scope| {
        class.vote(scope, (&path, &stop, &told, &asks));
        // However this ends, the voters end with it.
        let _stop = Stop(&stop);
        for cut in 0..cuts {
            match cut % 4 {
                // At any time, and the program first.
                0 => std::thread::sleep(Duration::from_millis(20 + draws.below(200))),
                // While SQLite brings its log's pages into the database.
                1 => class.disk.disk().cut_before(1 + draws.below(30) as u32, Some("class.db")),
                // In the middle of what the disk is told: between a write and its sync, or two writes.
                _ => class.disk.disk().cut_before(1 + draws.below(2_500) as u32, None),
            }
            assert!(cut % 4 == 0 || went(class, Duration::from_secs(20)), "the disk has nothing to do");
            sum.pages += usize::from(class.disk.disk().is_dirty("class.db"));
            let fate = match draws.below(4) {
                0 => Fate::Lost,
                1 => Fate::Begun(draws),
                _ => Fate::Scattered(draws),
            };
            sum.dropped += class.cut(fate);
            let known = told.lock().expect("unpoisoned").clone();
            assert_eq!(class.lost(&known, &seats), 0, "cut {cut}");
            class.back();
        }
        std::thread::sleep(Duration::from_millis(100));
    });
    let told = told.into_inner().expect("unpoisoned");
    for student in &class.students {
        let token: String = student.jar.values().cloned().collect();
        let (_, (_, option)) = told.range((token.clone(), 0)..=(token, u64::MAX)).next_back().expect("it has voted");
        let page = twin(student, &class.server).get(&class.server.path("s", "")).body;
        assert!(page.contains(&format!("value=\"{option}\" aria-pressed=\"true\"")), "not {option}: {page}");
    }
    sum.acknowledged += told.len();
}

#[test]
fn what_was_acknowledged_outlives_a_power_cut() {
    let cuts = number("PETROGRAD_CUTS").unwrap_or(48);
    let seed = number("PETROGRAD_SEED").unwrap_or(1917);
    let (mut draws, mut sum, mut left) = (Draws(seed), Cuts::default(), cuts);
    while left > 0 {
        // Reading a log takes longer the longer it is: a class has its share and makes room.
        let Some(mut class) = Class::begin(&[]) else { return };
        let share = left.min(48);
        cut_again_and_again(&mut class, share, &mut draws, &mut sum);
        left -= share;
    }
    let Cuts { acknowledged, dropped, pages } = sum;
    eprintln!(
        "{cuts} power cuts from seed {seed}, {acknowledged} acknowledged, none lost; {dropped} writes dropped or torn, \
         {pages} cuts while the database's own pages were being written"
    );
    assert!(acknowledged as u64 > cuts * 20, "too few votes to mean anything: {acknowledged}");
    assert!(dropped as u64 > cuts, "the cuts hit nothing: {dropped}");
    assert!(pages as u64 > cuts / 8, "hardly any cut hit the database's own pages: {pages}");
}

/// The same look finds what is lost where the program does not wait for the disk.
#[test]
fn what_may_be_lost_in_a_power_cut_is_found_lost() {
    let (mut all, mut all_lost) = (0, 0);
    for _ in 0..3 {
        let Some(mut class) = Class::begin(&["--may-lose-in-power-cut"]) else { return };
        let (seats, path) = (class.seats(), class.server.path("s", "/ballot"));
        // The class itself has been there for long enough.
        class.disk.disk().settle();
        let (stop, told, asks) = (AtomicBool::new(false), Mutex::new(Told::new()), AtomicU64::new(0));
        std::thread::scope(|scope| {
            class.vote(scope, (&path, &stop, &told, &asks));
            let _stop = Stop(&stop);
            std::thread::sleep(Duration::from_millis(150));
            class.cut(Fate::Lost);
        });
        let told = told.into_inner().expect("unpoisoned");
        let lost = class.lost(&told, &seats);
        eprintln!("without waiting for the disk: {} acknowledged, {lost} lost", told.len());
        (all, all_lost) = (all + told.len(), all_lost + lost);
    }
    // One cut alone may come just after SQLite has synced its log to bring it into the database.
    assert!(all_lost > 0, "nothing of {all} was lost: this test could not tell");
}

struct Stop<'a>(&'a AtomicBool);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Another browser with the same cookies.
fn twin(student: &Client, server: &Server) -> Client {
    let mut twin = server.client();
    twin.jar.clone_from(&student.jar);
    twin
}
