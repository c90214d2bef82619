//! What a batch of commands writes, in one transaction.

use std::sync::Arc;

use sqlx::{Any, Row, Transaction};

use super::Store;
use super::read::{Tail, tail};
use crate::host::rows::{Change, Undo};

/// Ballots in one statement.
const AT_ONCE: usize = 100;

/// A change, the number of its first line, and when.
#[derive(Clone, Debug)]
pub struct Written {
    /// The number of the first of its lines and ballots.
    pub first: u64,
    /// Milliseconds since 1970.
    pub at: u64,
    /// What is written.
    pub change: Change,
    /// Where the teacher commanded it, what puts seats back; nothing where a fork undoes it.
    pub undo: Option<Option<Arc<Undo>>>,
}

/// A batch while it is written; the class's row is locked.
pub struct Batch<'a> {
    transaction: Transaction<'a, Any>,
    class: i64,
}

impl Store {
    /// Locks a class, and gives what others wrote to it after line `from`.
    ///
    /// # Errors
    ///
    /// Where the database does not answer.
    pub async fn lock(&self, class: i64, from: u64, now: i64) -> Result<(Batch<'_>, Tail), sqlx::Error> {
        let mut transaction = self.pool.begin().await?;
        let query = sqlx::query("UPDATE class SET touched = $1 WHERE id = $2 RETURNING head");
        let row = query.bind(now).bind(class).fetch_one(&mut *transaction).await?;
        let head = u64::try_from(row.try_get::<i64, _>(0)?).unwrap_or(0);
        let tail = match head == from {
            true => Tail { head, ..Tail::default() },
            false => tail(&mut *transaction, class, from).await?,
        };
        Ok((Batch { transaction, class }, tail))
    }
}

impl Batch<'_> {
    /// Whether a process still holds its lease, in the epoch in which it took it.
    ///
    /// # Errors
    ///
    /// Where the database does not answer.
    pub async fn holds(&mut self, holder: &str, epoch: i64) -> Result<bool, sqlx::Error> {
        let query = sqlx::query("SELECT COUNT(*) FROM lease WHERE class = $1 AND holder = $2 AND epoch = $3");
        let row = query.bind(self.class).bind(holder).bind(epoch).fetch_one(&mut *self.transaction).await?;
        Ok(row.try_get::<i64, _>(0)? == 1)
    }

    /// Writes changes and the class's new head, and commits: what this returns without an error is
    /// on the disk.
    ///
    /// # Errors
    ///
    /// Where it could not be written; nothing of it is there then.
    pub async fn commit(
        mut self,
        written: &[Written],
        head: u64,
        is_over: bool,
        checkpoint: Option<String>,
    ) -> Result<(), sqlx::Error> {
        for one in written {
            self.events(one).await?;
            self.rows(one).await?;
        }
        self.ballots(written).await?;
        let query = sqlx::query("UPDATE class SET head = $1, over = $2 WHERE id = $3");
        query.bind(head as i64).bind(i64::from(is_over)).bind(self.class).execute(&mut *self.transaction).await?;
        if let Some(hash) = checkpoint {
            let query = sqlx::query("INSERT INTO checkpoint (class, seq, hash) VALUES ($1, $2, $3)");
            query.bind(self.class).bind(head as i64).bind(hash).execute(&mut *self.transaction).await?;
        }
        self.transaction.commit().await
    }

    async fn events(&mut self, one: &Written) -> Result<(), sqlx::Error> {
        for (seq, event) in (one.first..).zip(&one.change.events) {
            let body = serde_json::to_string(event).map_err(|error| sqlx::Error::Encode(error.into()))?;
            let once = event.once().unwrap_or_else(|| format!("line {seq}"));
            let query =
                sqlx::query("INSERT INTO event (class, seq, at, kind, once, body) VALUES ($1, $2, $3, $4, $5, $6)");
            let query = query.bind(self.class).bind(seq as i64).bind(one.at as i64);
            query.bind(event.kind()).bind(once).bind(body).execute(&mut *self.transaction).await?;
        }
        Ok(())
    }

    async fn rows(&mut self, one: &Written) -> Result<(), sqlx::Error> {
        for row in &one.change.seats {
            let query = sqlx::query(
                "INSERT INTO seat (class, seat, alias, shown, token_hash, words_hash) VALUES ($1, $2, $3, $4, $5, $6) \
                 ON CONFLICT (class, seat) DO UPDATE SET alias = excluded.alias, shown = excluded.shown, \
                 token_hash = excluded.token_hash, words_hash = excluded.words_hash",
            );
            let query = query.bind(self.class).bind(i64::from(row.seat)).bind(&row.alias).bind(i64::from(row.shown));
            query.bind(&row.token_hash).bind(&row.words_hash).execute(&mut *self.transaction).await?;
        }
        for note in &one.change.notes {
            let query = sqlx::query(
                "INSERT INTO note (class, note, seat, words, state, kind, whom) VALUES ($1, $2, $3, $4, $5, $6, $7) \
                 ON CONFLICT (class, note) DO UPDATE SET state = excluded.state, words = excluded.words",
            );
            let query = query.bind(self.class).bind(i64::from(note.note)).bind(i64::from(note.seat));
            let query = query.bind(&note.text).bind(note.state.number());
            query.bind(note.kind.number()).bind(&note.whom).execute(&mut *self.transaction).await?;
        }
        if let Some(claim) = &one.change.claim {
            let query = sqlx::query("INSERT INTO claim (class, claim, seat, token_hash) VALUES ($1, $2, $3, $4)");
            let query = query.bind(self.class).bind(i64::from(claim.claim)).bind(i64::from(claim.seat));
            query.bind(&claim.token_hash).execute(&mut *self.transaction).await?;
        }
        if let Some(undo) = &one.undo {
            self.undo(undo.as_deref()).await?;
        }
        if one.change.purge {
            for table in ["seat", "ballot", "note", "claim", "undo"] {
                let query = format!("DELETE FROM {table} WHERE class = $1");
                sqlx::query(&query).bind(self.class).execute(&mut *self.transaction).await?;
            }
        }
        Ok(())
    }

    /// Of the teacher's commands the last one can be undone, by any process and after a restart.
    async fn undo(&mut self, undo: Option<&Undo>) -> Result<(), sqlx::Error> {
        sqlx::query("DELETE FROM undo WHERE class = $1").bind(self.class).execute(&mut *self.transaction).await?;
        if let Some(undo) = undo {
            let body = serde_json::to_string(undo).map_err(|error| sqlx::Error::Encode(error.into()))?;
            let query = sqlx::query("INSERT INTO undo (class, body) VALUES ($1, $2)").bind(self.class).bind(body);
            query.execute(&mut *self.transaction).await?;
        }
        Ok(())
    }

    async fn ballots(&mut self, written: &[Written]) -> Result<(), sqlx::Error> {
        let class = self.class;
        let ballots: Vec<_> = written.iter().filter_map(|one| Some((one.first, one.change.ballot.as_ref()?))).collect();
        for chunk in ballots.chunks(AT_ONCE) {
            let row = |place: usize| {
                let columns: Vec<String> = (1..=6).map(|column| format!("${}", place * 6 + column)).collect();
                format!("({})", columns.join(", "))
            };
            let rows: Vec<String> = (0..chunk.len()).map(row).collect();
            let text =
                format!("INSERT INTO ballot (class, round, seat, ballot_key, choice, seq) VALUES {}", rows.join(", "));
            let mut query = sqlx::query(&text);
            for (seq, ballot) in chunk {
                query = query.bind(class).bind(i64::from(ballot.round)).bind(i64::from(ballot.seat));
                query = query.bind(ballot.key as i64).bind(ballot.option.clone().unwrap_or_default()).bind(*seq as i64);
            }
            query.execute(&mut *self.transaction).await?;
        }
        Ok(())
    }
}
