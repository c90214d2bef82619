//! Telling other processes that something was written. A hint and no more: whoever misses it
//! finds out half a second later by looking.

use std::sync::{Arc, Weak};
use std::time::Duration;

use sqlx::postgres::{PgListener, PgPoolOptions};
use tokio::sync::watch;

use super::hall::Hall;
use super::store::Kind;

const CHANNEL: &str = "petrograd";
/// At most twenty hints a second: each takes a lock that the whole database shares.
const PAUSE: Duration = Duration::from_millis(50);
/// After a lost connection.
const RETRY: Duration = Duration::from_secs(2);

/// Begins to tell and to listen, where the database has several processes.
pub fn begin(hall: &Arc<Hall>, written: watch::Receiver<(i64, u64)>) {
    if hall.store.kind != Kind::Postgres {
        return;
    }
    let url = hall.store.url.clone();
    tokio::spawn(tell(url.clone(), written));
    tokio::spawn(listen(url, Arc::downgrade(hall)));
}

async fn tell(url: String, mut written: watch::Receiver<(i64, u64)>) {
    let Ok(pool) = PgPoolOptions::new().max_connections(1).connect_lazy(&url) else { return };
    while written.changed().await.is_ok() {
        let (class, head) = *written.borrow_and_update();
        // In a transaction of its own, and lost without regret.
        let _ =
            sqlx::query("SELECT pg_notify($1, $2)").bind(CHANNEL).bind(format!("{class} {head}")).execute(&pool).await;
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
                let named = hint.payload().split(' ').next().and_then(|id| id.parse().ok());
                if let Some(class) = named
                    && let Some(lesson) = hall.served(class).await
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
