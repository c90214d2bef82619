//! The log leads where it led: read again it comes to the same class, by the same hash.

use petrograd::catalogue::Catalogue;
use petrograd::host::command::{Command, Limits, Steer, decide};
use petrograd::host::event::{Mode, Phase, Rule, Rules, Secrecy, Tie};
use petrograd::host::notes::Writing;
use petrograd::host::room::Room;
use petrograd::host::rows::{BallotRow, NoteKind};
use petrograd::host::store::{Safety, Store};
use petrograd::host::world::World;
use petrograd::host::writer::load;

use super::server::{Server, lighthouse};

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime")
}

pub fn world() -> World {
    match World::open(Some(&lighthouse()), &Catalogue::of("en")) {
        Ok(world) => world,
        Err((_, diagnostics)) => panic!("{diagnostics:?}"),
    }
}

/// All ballots of a class: seat, key, option, number.
pub fn ballots(database: &str, code: &str) -> Vec<(u32, u64, String, u64)> {
    runtime().block_on(async {
        let store = Store::open(database, Safety::Full).await.expect("the database opens");
        let class = store.class_of(code).await.expect("it answers").expect("the class");
        let tail = store.tail(class.id, 0).await.expect("its lines");
        let ballot = |(seq, _, since): (u64, u64, petrograd::host::store::Since)| match since {
            petrograd::host::store::Since::Ballot(ballot) => {
                Some((ballot.seat, ballot.key, ballot.option.unwrap_or_default(), seq))
            }
            petrograd::host::store::Since::Event(_) => None,
        };
        tail.since.into_iter().filter_map(ballot).collect()
    })
}

/// The hash of a class as its database tells it.
pub fn hash(database: &str, code: &str) -> String {
    runtime().block_on(async {
        let store = Store::open(database, Safety::Full).await.expect("the database opens");
        let class = store.class_of(code).await.expect("it answers").expect("the class");
        let room = load(&store, &world(), class.id).await;
        room.unwrap_or_else(|error| panic!("{error:?}")).hash()
    })
}

/// What SQLite says of a database's pages.
#[cfg(target_os = "linux")]
pub fn integrity(database: &str) -> String {
    use sqlx::Connection;
    runtime().block_on(async {
        sqlx::any::install_default_drivers();
        let mut connection = sqlx::AnyConnection::connect(database).await.expect("the database opens");
        let row = sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&mut connection).await;
        row.expect("it answers")
    })
}

#[test]
fn a_class_is_read_from_its_database_twice_the_same() {
    let mut server = Server::start(&lighthouse(), &[]);
    let mut teacher = server.teacher();
    let mut students: Vec<_> = (0..4).map(|_| server.student("")).collect();
    server.must(&mut teacher, "begin", &[("mode", "factions")]);
    for turn in 0..12 {
        let Some(next) = server.next(&mut teacher) else { break };
        if next == "close" {
            students.iter_mut().for_each(|student| drop(server.vote(student, turn)));
        }
        if next != "end" {
            server.must(&mut teacher, &next, &[]);
        }
    }
    server.kill();
    let database = format!("sqlite:{}", server.file().display());
    assert_eq!(hash(&database, &server.code), hash(&database, &server.code));
}

#[test]
fn a_log_longer_than_its_checkpoints_is_read_again() {
    let mut server = Server::start(&lighthouse(), &["--class", "200"]);
    let mut teacher = server.teacher();
    server.must(&mut teacher, "begin", &[("mode", "alone")]);
    // Two lines each, and a hash of the class in the middle of them.
    let mut students: Vec<_> = (0..130).map(|_| server.student("")).collect();
    let before: Vec<String> = students.iter_mut().map(|one| one.get(&server.path("s", "/view")).body).collect();
    assert!(["The rod", "Underlined"].iter().all(|title| before.iter().any(|page| page.contains(title))), "both roles");
    server.kill();
    server.restart();
    let after: Vec<String> = students.iter_mut().map(|one| one.get(&server.path("s", "/view")).body).collect();
    assert_eq!(before, after);
}

/// A small generator of our own: what is drawn must never change.
#[derive(Debug)]
pub struct Draws(pub u64);

impl Draws {
    pub fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound.max(1)
    }
}

fn command(draws: &mut Draws, room: &Room) -> Command {
    let seat = draws.below(8) as u32 + 1;
    let modes = [Mode::Factions, Mode::Class, Mode::Alone];
    let steer = |what: Steer| Command::Steer { what, expect: None };
    match draws.below(38) {
        0 | 1 => {
            let token_hash = format!("t{}", draws.below(1 << 40));
            Command::Join { alias: "A".to_owned(), typed: false, token_hash, words_hash: "w".to_owned() }
        }
        2 => steer(Steer::Begin { mode: modes[draws.below(3) as usize], role: None, digest: draws.below(2) == 0 }),
        3 => steer(Steer::Phase(Phase::Argue)),
        4 | 5 => steer(Steer::Open),
        6 | 7 => steer(Steer::Close),
        8 => steer(Steer::Reveal),
        9 | 10 => steer(Steer::Advance),
        11 => steer(Steer::Skip),
        12 => steer(Steer::Remove(seat)),
        13 => steer(Steer::Restore(seat)),
        14 => steer(Steer::Move(seat, Some("captain".to_owned()).filter(|_| draws.below(2) == 0))),
        15 => steer(Steer::Undo),
        16 => {
            let lines: Vec<u64> = room.course.iter().map(|(seq, _)| *seq).collect();
            steer(Steer::Rewind(lines.get(draws.below(lines.len() as u64) as usize).copied().unwrap_or(0)))
        }
        17 => steer(Steer::Pause(draws.below(2) == 0)),
        18 => steer(Steer::Nudge(Some("keeper".to_owned()))),
        19 => steer(Steer::Practise(draws.below(2) == 0)),
        20 => steer(Steer::Gather(draws.below(3) == 0)),
        21 => steer(Steer::Speakers(draws.below(1 << 30))),
        22 => steer(Steer::Elect(["keeper", "captain"][draws.below(2) as usize].to_owned())),
        23 => steer(Steer::Phase([Phase::Caucus, Phase::Corridor][draws.below(2) as usize])),
        24 | 25 => Command::Chair { seat, wanted: draws.below(8) as u32 + 1 },
        26 => {
            let option = ["wait", "fetch", "open"][draws.below(3) as usize].to_owned();
            Command::Line { seat, option }
        }
        27 | 28 => {
            let kind =
                [NoteKind::Pledge, NoteKind::Question, NoteKind::Ticket, NoteKind::Swap][draws.below(4) as usize];
            let whom = if kind == NoteKind::Question { "keeper".to_owned() } else { (draws.below(8) + 1).to_string() };
            Command::Note(Writing { seat, kind, whom, text: "as_you".to_owned(), private: false })
        }
        29 => Command::Pledge { seat, note: draws.below(6) as u32 + 1, takes: draws.below(2) == 0 },
        30 => {
            let rule = [Rule::Most, Rule::Half, Rule::TwoThirds][draws.below(3) as usize];
            let tie = [Tie::Chance, Tie::Again, Tie::History][draws.below(3) as usize];
            steer(Steer::Rules(Rules { rule, tie, secrecy: Secrecy::Tally }))
        }
        _ => {
            let asked = room.game.round.iter().flat_map(|round| round.asked.iter()).collect::<Vec<_>>();
            let options: Vec<&String> = asked.iter().flat_map(|asked| asked.options.iter()).collect();
            let option = options.get(draws.below(options.len() as u64) as usize).map(|option| (*option).clone());
            if let Some(play) = room.seats.get(&seat).and_then(|seat| seat.play.as_ref()) {
                let picks = ["wait", "fetch", "send", "continue", "light", "dark"];
                let option = picks[draws.below(6) as usize].to_owned();
                return Command::Step { seat, turn: play.log().len() as u32, option };
            }
            Command::Ballot(BallotRow { round: room.rounds, seat, key: draws.below(50), option })
        }
    }
}

#[test]
fn random_sessions_replay_to_the_same_hash() {
    let sessions: u64 = std::env::var("PETROGRAD_SESSIONS").ok().and_then(|text| text.parse().ok()).unwrap_or(150);
    let world = world();
    let limits = Limits { seats: 8 };
    let (mut lines, mut advanced) = (0, 0);
    for session in 0..sessions {
        let mut draws = Draws(session);
        let mut room = Room::new(&world);
        let mut written = Vec::new();
        let mut take = |room: &mut Room, command: &Command| {
            if let Ok((change, _)) = decide(&world, room, command, 1, limits) {
                room.take(&world, 1, &change).expect("what was decided can be taken");
                written.push(change);
            }
        };
        take(&mut room, &Command::Steer { what: Steer::Create { seed: session }, expect: None });
        for _ in 0..4 {
            take(
                &mut room,
                &Command::Join {
                    alias: "A".to_owned(),
                    typed: false,
                    token_hash: draws.below(1 << 40).to_string(),
                    words_hash: "w".to_owned(),
                },
            );
        }
        for _ in 0..120 {
            let command = command(&mut draws, &room);
            take(&mut room, &command);
        }
        let mut again = Room::new(&world);
        for change in &written {
            // The log as it stands on the disk: as JSON.
            let mut change = change.clone();
            for event in &mut change.events {
                let text = serde_json::to_string(event).expect("JSON");
                *event = serde_json::from_str(&text).expect("the same line");
                advanced += usize::from(text.contains("advanced") || text.contains("stepped"));
                lines += 1;
            }
            again.take(&world, 1, &change).expect("it leads where it led");
        }
        assert_eq!(room.hash(), again.hash(), "session {session}");
    }
    assert!(
        lines > sessions as usize * 20 && advanced > sessions as usize,
        "{lines} lines, {advanced} steps: too tame"
    );
}
