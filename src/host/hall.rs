//! The classes that this process serves, and who is here in each.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{RwLock, mpsc, oneshot};

use super::command::{Command, Limits, Refusal, Reply, Steer};
use super::notify::Hints;
use super::room::Room;
use super::store::{Class, Store, TeacherToken};
use super::world::World;
use super::writer::{Request, Shown, Unopened, Writer, load, now};
use super::{notify, secret};

/// After so long without a word from it a device is asleep.
const ASLEEP: Duration = Duration::from_secs(15);

/// A class under way.
#[derive(Debug)]
pub struct Lesson {
    /// As the database lists it.
    pub class: Class,
    requests: mpsc::Sender<Request>,
    /// What it shows.
    pub shown: Shown,
    presence: Mutex<HashMap<u32, Presence>>,
}

/// What is known of a seat's device.
#[derive(Clone, Copy, Debug)]
struct Presence {
    heard: Instant,
    /// The number of its newest stream.
    newest: u64,
    /// How many are open.
    streams: u32,
}

/// How the devices of a class are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Devices {
    /// Nothing was heard of them for a while.
    pub asleep: usize,
    /// They ask again and again, since something holds their stream.
    pub polling: usize,
}

impl Lesson {
    /// The class as it stands.
    pub fn room(&self) -> Arc<Room> {
        self.shown.room.borrow().clone()
    }

    /// Milliseconds that the last commit took.
    pub fn disk(&self) -> Option<u64> {
        Some(self.shown.disk.load(std::sync::atomic::Ordering::Relaxed))
    }

    /// Has a command carried out; the answer comes when it is on the disk.
    ///
    /// # Errors
    ///
    /// Returns a [`Refusal`] where it was not carried out.
    pub async fn ask(&self, command: Command) -> Result<Reply, Refusal> {
        let (sender, receiver) = oneshot::channel();
        self.requests.send(Request::Do(command, sender)).await.map_err(|_| Refusal::Unsaved)?;
        receiver.await.map_err(|_| Refusal::Unsaved)?
    }

    /// Another process has written to the class.
    pub fn look(&self) {
        // Where the queue is full the writer is about to look anyway.
        let _ = self.requests.try_send(Request::Look);
    }

    fn with_presence<T>(&self, seat: u32, change: impl FnOnce(&mut Presence) -> T) -> T {
        let mut presence = self.presence.lock().unwrap_or_else(PoisonError::into_inner);
        let here = Presence { heard: Instant::now(), newest: 0, streams: 0 };
        change(presence.entry(seat).or_insert(here))
    }

    /// A seat's device was heard of.
    pub fn heard(&self, seat: u32) {
        self.with_presence(seat, |presence| presence.heard = Instant::now());
    }

    /// A seat's device opens a stream: the stream's number.
    pub fn opens(&self, seat: u32) -> u64 {
        self.with_presence(seat, |presence| {
            presence.newest += 1;
            presence.streams += 1;
            presence.newest
        })
    }

    /// Whether a stream is among the two newest of its seat; hearing of it counts.
    pub fn may_stay(&self, seat: u32, stream: u64) -> bool {
        self.with_presence(seat, |presence| stream + 2 > presence.newest)
    }

    /// A stream has ended.
    pub fn closes(&self, seat: u32) {
        self.with_presence(seat, |presence| presence.streams = presence.streams.saturating_sub(1));
    }

    /// How the devices of those who sit here are.
    pub fn devices(&self) -> Devices {
        let room = self.room();
        let presence = self.presence.lock().unwrap_or_else(PoisonError::into_inner);
        let mut devices = Devices::default();
        for (number, _) in room.seated() {
            match presence.get(&number) {
                Some(here) if here.streams > 0 => {}
                Some(here) if here.heard.elapsed() < ASLEEP => devices.polling += 1,
                _ => devices.asleep += 1,
            }
        }
        devices
    }
}

/// All classes that this process serves.
#[derive(Debug)]
pub struct Hall {
    /// Where they are kept.
    pub store: Store,
    /// The story.
    pub world: Arc<World>,
    limits: Limits,
    classes: RwLock<HashMap<String, Arc<Lesson>>>,
    /// What other processes are to be told.
    pub(super) hints: Arc<Hints>,
}

impl Hall {
    /// An empty hall.
    pub fn new(store: Store, world: Arc<World>, limits: Limits) -> Arc<Hall> {
        let hall = Arc::new(Hall { store, world, limits, classes: RwLock::default(), hints: Arc::default() });
        notify::begin(&hall);
        hall
    }

    /// Makes a class.
    ///
    /// # Errors
    ///
    /// Where the database does not answer.
    pub async fn found(&self) -> Result<Arc<Lesson>, Unopened> {
        let story = &self.world.story().manifest.id;
        let class = self.store.make_class(&secret::code(), story, now() as i64).await?;
        let opened = self.open(class).await?;
        let create = Steer::Create { seed: secret::number() >> 16 };
        // The log's first line; whoever comes second finds it there.
        let _ = opened.ask(Command::Steer { what: create, expect: None }).await;
        Ok(opened)
    }

    /// The class of a code, read from the database where this process has not served it yet.
    ///
    /// # Errors
    ///
    /// Where the database does not answer, or the class is another story's.
    pub async fn class(&self, code: &str) -> Result<Option<Arc<Lesson>>, Unopened> {
        if let Some(class) = self.classes.read().await.get(code) {
            return Ok(Some(class.clone()));
        }
        if code.len() != secret::CODE || !code.bytes().all(|byte| byte.is_ascii_uppercase()) {
            return Ok(None);
        }
        match self.store.class_of(code).await? {
            Some(class) => self.open(class).await.map(Some),
            None => Ok(None),
        }
    }

    /// Opens a class that the database lists.
    ///
    /// # Errors
    ///
    /// Where its log can't be read or does not lead where it led.
    pub async fn open(&self, class: Class) -> Result<Arc<Lesson>, Unopened> {
        let mut classes = self.classes.write().await;
        if let Some(open) = classes.get(&class.code) {
            return Ok(open.clone());
        }
        let room = load(&self.store, &self.world, class.id).await?;
        let (writer, requests, shown) =
            Writer::new(self.store.clone(), self.world.clone(), class.id, self.limits, room, self.hints.clone());
        tokio::spawn(writer.run());
        let opened = Arc::new(Lesson { class: class.clone(), requests, shown, presence: Mutex::default() });
        classes.insert(class.code, opened.clone());
        Ok(opened)
    }

    /// A class that this process serves, by number.
    pub async fn served(&self, id: i64) -> Option<Arc<Lesson>> {
        self.classes.read().await.values().find(|class| class.class.id == id).cloned()
    }

    /// Classes whose time is up are no longer served.
    pub async fn forget(&self, before: i64) {
        self.classes.write().await.retain(|_, class| {
            let touched = class.class.touched.max(i64::try_from(class.room().touched).unwrap_or(i64::MAX));
            touched >= before
        });
    }

    /// A new link for a teacher of a class: its secret.
    ///
    /// # Errors
    ///
    /// Where the database does not answer.
    pub async fn teacher_link(&self, class: i64) -> Result<String, Unopened> {
        let token = secret::token();
        self.store.admit_teacher(class, &secret::hash(&token), TeacherToken::Link, now() as i64).await?;
        Ok(token)
    }
}
