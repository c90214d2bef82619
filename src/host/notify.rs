//! Telling other processes that something was written. A hint and no more: whoever misses it
//! finds out half a second later by looking.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use sqlx::postgres::{PgListener, PgPoolOptions};
use tokio::sync::Notify;

use super::hall::Hall;
use super::store::Kind;

const CHANNEL: &str = "petrograd";
/// At most twenty times a second: each takes a lock that the whole database shares.
const PAUSE: Duration = Duration::from_millis(50);
/// After a lost connection.
const RETRY: Duration = Duration::from_secs(2);

/// What others have not been told yet: of each class that was written to, its head.
#[derive(Debug, Default)]
pub struct Hints {
    heads: Mutex<BTreeMap<i64, u64>>,
    some: Notify,
}

impl Hints {
    /// A class was written to.
    pub fn add(&self, class: i64, head: u64) {
        self.heads.lock().unwrap_or_else(PoisonError::into_inner).insert(class, head);
        self.some.notify_one();
    }

    /// All of them, once there are some.
    async fn taken(&self) -> BTreeMap<i64, u64> {
        loop {
            let heads = std::mem::take(&mut *self.heads.lock().unwrap_or_else(PoisonError::into_inner));
            if !heads.is_empty() {
                return heads;
            }
            self.some.notified().await;
        }
    }
}

/// Begins to tell and to listen, where the database has several processes.
pub fn begin(hall: &Arc<Hall>) {
    if hall.store.kind != Kind::Postgres {
        return;
    }
    let url = hall.store.url.clone();
    tokio::spawn(tell(url.clone(), hall.hints.clone()));
    tokio::spawn(listen(url, Arc::downgrade(hall)));
}

async fn tell(url: String, hints: Arc<Hints>) {
    let Ok(pool) = PgPoolOptions::new().max_connections(1).connect_lazy(&url) else { return };
    loop {
        let heads: Vec<String> =
            hints.taken().await.into_iter().map(|(class, head)| format!("{class} {head}")).collect();
        // On a connection and in a transaction of their own, and lost without regret.
        let query = sqlx::query("SELECT pg_notify($1, head) FROM unnest($2::TEXT[]) AS head");
        let _ = query.bind(CHANNEL).bind(heads).execute(&pool).await;
        tokio::time::sleep(PAUSE).await;
    }
}

async fn listen(url: String, hall: Weak<Hall>) {
    loop {
        if let Ok(mut listener) = PgListener::connect(&url).await
            && listener.listen(CHANNEL).await.is_ok()
        {
            while let Ok(hint) = listener.recv().await {
                let Some(hall) = hall.upgrade() else { return };
                let mut numbers = hint.payload().split(' ');
                let class = numbers.next().and_then(|id| id.parse().ok());
                let head = numbers.next().and_then(|head| head.parse::<u64>().ok());
                // Its own hints come back to each process: it knows of those.
                if let (Some(class), Some(head)) = (class, head)
                    && let Some(lesson) = hall.served(class).await
                    && lesson.room().head < head
                {
                    lesson.look();
                }
            }
        }
        if hall.strong_count() == 0 {
            return;
        }
        tokio::time::sleep(RETRY).await;
    }
}
