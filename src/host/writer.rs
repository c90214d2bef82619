//! The one who writes to a class: takes what has come in, decides it in order, commits it at once,
//! and only then shows and answers it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use tokio::sync::{mpsc, oneshot, watch};

use super::command::{Command, Limits, Refusal, Reply, decide};
use super::event::Event;
use super::game::Mismatch;
use super::notify::Hints;
use super::room::Room;
use super::rows::Change;
use super::steer::undoing;
use super::store::{Since, Store, Tail, Written};
use super::world::World;

/// Commands in one transaction, at most.
const AT_ONCE: usize = 512;
/// Lines between two checkpoints.
const CHECKPOINT: u64 = 200;
/// How often a class looks for what other processes wrote, and at its timer.
const LOOK: Duration = Duration::from_millis(500);

/// Something for the writer.
#[derive(Debug)]
pub enum Request {
    /// A command, and where its answer goes.
    Do(Command, oneshot::Sender<Result<Reply, Refusal>>),
    /// Another process has written.
    Look,
}

/// Why a class can't be opened.
#[derive(Debug)]
pub enum Unopened {
    /// The database does not answer, or is damaged.
    Database(sqlx::Error),
    /// The log does not lead where it led: at which line.
    Mismatch(u64),
}

impl From<sqlx::Error> for Unopened {
    fn from(error: sqlx::Error) -> Unopened {
        Unopened::Database(error)
    }
}

impl From<Mismatch> for Unopened {
    fn from(mismatch: Mismatch) -> Unopened {
        Unopened::Mismatch(mismatch.0)
    }
}

/// What a class shows to those who look.
#[derive(Clone, Debug)]
pub struct Shown {
    /// Whatever was committed last.
    pub room: watch::Receiver<Arc<Room>>,
    /// Counts what concerns students' screens.
    pub screens: watch::Receiver<u64>,
    /// Milliseconds that the last commit took.
    pub disk: Arc<AtomicU64>,
}

/// The one who writes to a class.
pub struct Writer {
    store: Store,
    world: Arc<World>,
    class: i64,
    limits: Limits,
    room: Room,
    requests: mpsc::Receiver<Request>,
    shown: watch::Sender<Arc<Room>>,
    screens: watch::Sender<u64>,
    hints: Arc<Hints>,
    holder: String,
    disk: Arc<AtomicU64>,
}

/// Milliseconds since 1970.
pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64)
}

/// Reads a class from its log, and compares it with its checkpoints on the way.
///
/// # Errors
///
/// Where the database does not answer or the log does not lead where it led.
pub async fn load(store: &Store, world: &World, class: i64) -> Result<Room, Unopened> {
    let mut room = Room::new(world);
    let checkpoints = store.checkpoints(class).await?;
    let tail = store.tail(class, 0).await?;
    let mut checkpoints = checkpoints.into_iter().peekable();
    for row in &tail.seats {
        room.seat_row(row);
    }
    for note in &tail.notes {
        room.notes.insert(note.note, Arc::new(note.clone()));
    }
    for (seq, at, since) in &tail.since {
        while let Some((_, hash)) = checkpoints.next_if(|(line, _)| line < seq) {
            compare(&room, &hash)?;
        }
        room.one(world, *seq, *at, since)?;
    }
    for (_, hash) in checkpoints {
        compare(&room, &hash)?;
    }
    room.head = tail.head;
    room.undo = tail.undo.map(Arc::new);
    Ok(room)
}

fn compare(room: &Room, hash: &str) -> Result<(), Mismatch> {
    if room.hash() == hash { Ok(()) } else { Err(Mismatch(room.head)) }
}

impl Room {
    fn one(&mut self, world: &World, seq: u64, at: u64, since: &Since) -> Result<(), Mismatch> {
        match since {
            Since::Event(event) => self.apply(world, seq, at, event)?,
            Since::Ballot(ballot) => {
                self.ballot(seq, ballot);
                self.head = seq;
            }
        }
        Ok(())
    }

    /// Takes what others wrote.
    fn catch_up(&mut self, world: &World, tail: &Tail) -> Result<(), Mismatch> {
        for row in &tail.seats {
            self.seat_row(row);
        }
        for note in &tail.notes {
            self.notes.insert(note.note, Arc::new(note.clone()));
        }
        for (seq, at, since) in &tail.since {
            self.one(world, *seq, *at, since)?;
        }
        self.head = tail.head;
        self.undo = tail.undo.clone().map(Arc::new);
        Ok(())
    }
}

impl Writer {
    /// A writer for a class that was read, and what it shows.
    pub fn new(
        store: Store,
        world: Arc<World>,
        class: i64,
        limits: Limits,
        room: Room,
        hints: Arc<Hints>,
    ) -> (Writer, mpsc::Sender<Request>, Shown) {
        let (sender, requests) = mpsc::channel(4_096);
        let (shown, looked) = watch::channel(Arc::new(room.clone()));
        let (screens, turned) = watch::channel(room.head);
        let holder = super::secret::token();
        let disk = Arc::new(AtomicU64::new(0));
        let shows = Shown { room: looked, screens: turned, disk: disk.clone() };
        let writer = Writer { store, world, class, limits, room, requests, shown, screens, hints, holder, disk };
        (writer, sender, shows)
    }

    /// Writes until nobody can ask any more.
    pub async fn run(mut self) {
        let mut batch = Vec::with_capacity(AT_ONCE);
        loop {
            let received = tokio::time::timeout(LOOK, self.requests.recv_many(&mut batch, AT_ONCE)).await;
            match received {
                Ok(0) => return,
                Ok(_) => {
                    let looks = batch.iter().any(|request| matches!(request, Request::Look));
                    let commands: Vec<_> = batch.drain(..).filter_map(command).collect();
                    if commands.is_empty() && looks {
                        self.look().await;
                    } else {
                        self.write(commands, None).await;
                    }
                    self.time().await;
                }
                Err(_) => {
                    self.look().await;
                    self.time().await;
                }
            }
        }
    }

    /// Takes what other processes wrote.
    async fn look(&mut self) {
        match self.store.tail(self.class, self.room.head).await {
            Ok(tail) if tail.head > self.room.head => {
                if self.room.catch_up(&self.world, &tail).is_err() {
                    self.reload().await;
                }
                self.show(true);
            }
            // Where the database is away, what was shown goes on being shown.
            Ok(_) | Err(_) => {}
        }
    }

    /// Closes a vote whose time is up, if no other process has that right.
    async fn time(&mut self) {
        let time = now();
        if self.room.game.timer.is_none_or(|until| time < until + super::command::GRACE) || !self.room.is_voting() {
            return;
        }
        if let Ok(Some(epoch)) = self.store.lease(self.class, &self.holder, time as i64).await {
            let (sender, _) = oneshot::channel();
            self.write(vec![(Command::Tick, sender)], Some(epoch)).await;
        }
    }

    async fn write(&mut self, commands: Vec<Asking>, epoch: Option<i64>) {
        let before = self.room.head;
        match self.transact(&commands, epoch).await {
            Ok((answers, others)) => {
                let (moved, purged) = (self.room.head > before, self.room.purged);
                if moved {
                    self.show(others || answers.iter().any(|answer| answer.concerns_screens));
                    self.hints.add(self.class, self.room.head);
                }
                for ((_, sender), answer) in commands.into_iter().zip(answers) {
                    if answer.purges && purged {
                        // Whoever asked is told when nothing is left, not before.
                        let swept = self.store.sweep().await;
                        let _ = sender.send(swept.map(|()| Reply::Done).map_err(|_| Refusal::Unsaved));
                        continue;
                    }
                    // Whoever asked may have gone; what was done stays done.
                    let _ = sender.send(answer.reply);
                }
            }
            Err(error) => {
                eprintln!("petrograd: {error:?}");
                self.reload().await;
                for (_, sender) in commands {
                    let _ = sender.send(Err(Refusal::Unsaved));
                }
            }
        }
    }

    /// What became of each command, and whether others had written before.
    async fn transact(&mut self, commands: &[Asking], epoch: Option<i64>) -> Result<(Vec<Answer>, bool), Unopened> {
        let at = now();
        let (mut locked, tail) = self.store.lock(self.class, self.room.head, at as i64).await?;
        let others = tail.head > self.room.head;
        if others {
            self.room.catch_up(&self.world, &tail)?;
        }
        if let Some(epoch) = epoch
            && !locked.holds(&self.holder, epoch).await?
        {
            return Ok((commands.iter().map(|_| Answer::refused(Refusal::NotNow)).collect(), others));
        }
        let begun = self.room.head;
        let mut written: Vec<Written> = Vec::new();
        let mut answers = Vec::with_capacity(commands.len());
        for (command, _) in commands {
            match decide(&self.world, &self.room, command, at, self.limits) {
                Ok((change, reply)) => {
                    answers.push(Answer::done(reply, &change));
                    if change == Change::default() {
                        continue;
                    }
                    let undo = match command {
                        Command::Steer { what, .. } => Some(undoing(&self.room, what, &change).map(Arc::new)),
                        _ => None,
                    };
                    let first = self.room.head + 1;
                    self.room.take(&self.world, at, &change)?;
                    if let Some(undo) = &undo {
                        self.room.undo.clone_from(undo);
                    }
                    written.push(Written { first, at, change, undo });
                }
                Err(refusal) => answers.push(Answer::refused(refusal)),
            }
        }
        if !written.is_empty() {
            let checkpoint = (begun / CHECKPOINT < self.room.head / CHECKPOINT).then(|| self.room.hash());
            let begun = Instant::now();
            locked.commit(&written, self.room.head, self.room.ended, checkpoint).await?;
            self.disk.store(begun.elapsed().as_millis() as u64, Ordering::Relaxed);
        }
        Ok((answers, others))
    }

    /// What was decided but not written must not be seen: the class is read anew.
    async fn reload(&mut self) {
        loop {
            match load(&self.store, &self.world, self.class).await {
                Ok(room) => {
                    self.room = room;
                    return self.show(true);
                }
                Err(error) => {
                    eprintln!("petrograd: {error:?}");
                    tokio::time::sleep(LOOK).await;
                }
            }
        }
    }

    fn show(&mut self, concerns_screens: bool) {
        self.shown.send_replace(Arc::new(self.room.clone()));
        if concerns_screens {
            self.screens.send_replace(self.room.head);
        }
    }
}

type Asking = (Command, oneshot::Sender<Result<Reply, Refusal>>);

fn command(request: Request) -> Option<Asking> {
    match request {
        Request::Do(command, sender) => Some((command, sender)),
        Request::Look => None,
    }
}

/// What became of a command.
struct Answer {
    reply: Result<Reply, Refusal>,
    concerns_screens: bool,
    purges: bool,
}

impl Answer {
    fn refused(refusal: Refusal) -> Answer {
        Answer { reply: Err(refusal), concerns_screens: false, purges: false }
    }

    fn done(reply: Reply, change: &Change) -> Answer {
        let quiet = |event: &Event| {
            matches!(
                event,
                Event::SeatOpened { .. } | Event::NoteChanged { .. } | Event::Stepped { .. } | Event::Claimed { .. }
            )
        };
        let told = change.notes.iter().any(|note| note.kind.concerns_screens());
        let concerns_screens = told || change.events.iter().any(|event| !quiet(event));
        Answer { reply: Ok(reply), concerns_screens, purges: change.purge }
    }
}
