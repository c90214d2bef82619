//! Rows to what they mean: what was written to a class since a line.

use sqlx::any::AnyRow;
use sqlx::{Any, Executor, Row};

use super::Store;
use crate::host::event::Event;
use crate::host::rows::{BallotRow, NoteKind, NoteRow, NoteState, SeatRow, Undo};

/// What a line of the database was.
#[derive(Clone, Debug)]
pub enum Since {
    /// A line of the log.
    Event(Box<Event>),
    /// A ballot.
    Ballot(BallotRow),
}

/// What was written to a class since a line.
#[derive(Clone, Debug, Default)]
pub struct Tail {
    /// The class's head.
    pub head: u64,
    /// Lines and ballots, with number and time, in order.
    pub since: Vec<(u64, u64, Since)>,
    /// All its seats, where a line tells of one.
    pub seats: Vec<SeatRow>,
    /// All its notes, likewise.
    pub notes: Vec<NoteRow>,
    /// What undoes the teacher's last command, if that was about seats.
    pub undo: Option<Undo>,
}

fn number(row: &AnyRow, column: usize) -> Result<u64, sqlx::Error> {
    Ok(u64::try_from(row.try_get::<i64, _>(column)?).unwrap_or(0))
}

fn small(row: &AnyRow, column: usize) -> Result<u32, sqlx::Error> {
    Ok(u32::try_from(row.try_get::<i64, _>(column)?).unwrap_or(0))
}

fn damaged(what: String) -> sqlx::Error {
    sqlx::Error::Decode(what.into())
}

/// Reads what was written to a class after line `from`.
pub(super) async fn tail<'c, C>(connection: &mut C, class: i64, from: u64) -> Result<Tail, sqlx::Error>
where
    for<'e> &'e mut C: Executor<'e, Database = Any>,
{
    let row = sqlx::query("SELECT head FROM class WHERE id = $1").bind(class).fetch_one(&mut *connection).await?;
    let head = number(&row, 0)?;
    let mut tail = Tail { head, ..Tail::default() };
    if head <= from {
        return Ok(tail);
    }
    let (from, to) = (from as i64, head as i64);
    let query = "SELECT seq, at, body FROM event WHERE class = $1 AND seq > $2 AND seq <= $3 ORDER BY seq";
    let rows = sqlx::query(query).bind(class).bind(from).bind(to).fetch_all(&mut *connection).await?;
    let mut is_of_seats = false;
    let mut is_of_notes = false;
    for row in &rows {
        let seq = number(row, 0)?;
        let body: String = row.try_get(2)?;
        let event: Event =
            serde_json::from_str(&body).map_err(|error| damaged(format!("line {seq} of the log: {error}")))?;
        is_of_seats |= matches!(event, Event::SeatOpened { .. } | Event::SeatChanged { .. });
        is_of_notes |= matches!(event, Event::NoteChanged { .. });
        tail.since.push((seq, number(row, 1)?, Since::Event(Box::new(event))));
    }
    let query = "SELECT round, seat, ballot_key, choice, seq FROM ballot WHERE class = $1 AND seq > $2 AND seq <= $3 ORDER BY seq";
    let rows = sqlx::query(query).bind(class).bind(from).bind(to).fetch_all(&mut *connection).await?;
    for row in &rows {
        tail.since.push((number(row, 4)?, 0, Since::Ballot(ballot(row)?)));
    }
    tail.since.sort_by_key(|(seq, _, _)| *seq);
    if is_of_seats {
        tail.seats = seats(connection, class).await?;
    }
    if is_of_notes {
        tail.notes = notes(connection, class).await?;
    }
    let row = sqlx::query("SELECT body FROM undo WHERE class = $1").bind(class);
    if let Some(row) = row.fetch_optional(&mut *connection).await? {
        let body: String = row.try_get(0)?;
        tail.undo = Some(serde_json::from_str(&body).map_err(|error| damaged(format!("what undoes: {error}")))?);
    }
    Ok(tail)
}

fn ballot(row: &AnyRow) -> Result<BallotRow, sqlx::Error> {
    let option: String = row.try_get(3)?;
    let (round, seat, key) = (small(row, 0)?, small(row, 1)?, number(row, 2)?);
    Ok(BallotRow { round, seat, key, option: Some(option).filter(|option| !option.is_empty()) })
}

async fn seats<C>(connection: &mut C, class: i64) -> Result<Vec<SeatRow>, sqlx::Error>
where
    for<'e> &'e mut C: Executor<'e, Database = Any>,
{
    let query = "SELECT seat, alias, shown, token_hash, words_hash FROM seat WHERE class = $1";
    let rows = sqlx::query(query).bind(class).fetch_all(&mut *connection).await?;
    let seat = |row: &AnyRow| {
        Ok(SeatRow {
            seat: small(row, 0)?,
            alias: row.try_get(1)?,
            shown: small(row, 2)? != 0,
            token_hash: row.try_get(3)?,
            words_hash: row.try_get(4)?,
        })
    };
    rows.iter().map(seat).collect()
}

async fn notes<C>(connection: &mut C, class: i64) -> Result<Vec<NoteRow>, sqlx::Error>
where
    for<'e> &'e mut C: Executor<'e, Database = Any>,
{
    let rows = sqlx::query("SELECT note, seat, words, state, kind, whom FROM note WHERE class = $1").bind(class);
    let rows = rows.fetch_all(&mut *connection).await?;
    let note = |row: &AnyRow| {
        let state = NoteState::from_number(row.try_get(3)?);
        let kind = NoteKind::from_number(row.try_get(4)?);
        let (note, seat) = (small(row, 0)?, small(row, 1)?);
        Ok(NoteRow { note, seat, kind, whom: row.try_get(5)?, text: row.try_get(2)?, state })
    };
    rows.iter().map(note).collect()
}

impl Store {
    /// What was written to a class after line `from`.
    ///
    /// # Errors
    ///
    /// Where the database does not answer, or a line can't be read.
    pub async fn tail(&self, class: i64, from: u64) -> Result<Tail, sqlx::Error> {
        let mut connection = self.pool.acquire().await?;
        tail(&mut *connection, class, from).await
    }

    /// The hashes that a class had at some lines, in order.
    ///
    /// # Errors
    ///
    /// Where the database does not answer.
    pub async fn checkpoints(&self, class: i64) -> Result<Vec<(u64, String)>, sqlx::Error> {
        let query = sqlx::query("SELECT seq, hash FROM checkpoint WHERE class = $1 ORDER BY seq").bind(class);
        let rows = query.fetch_all(&self.pool).await?;
        rows.iter().map(|row| Ok((number(row, 0)?, row.try_get(1)?))).collect()
    }

    /// The ballots that counted, of all rounds: round, seat, option.
    ///
    /// # Errors
    ///
    /// Where the database does not answer.
    pub async fn ballots(&self, class: i64) -> Result<Vec<BallotRow>, sqlx::Error> {
        let query =
            "SELECT round, seat, ballot_key, choice, seq FROM ballot WHERE class = $1 ORDER BY round, seat, ballot_key";
        let rows = sqlx::query(query).bind(class).fetch_all(&self.pool).await?;
        let mut counted: Vec<BallotRow> = Vec::new();
        for row in &rows {
            let ballot = ballot(row)?;
            match counted.last_mut() {
                Some(last) if (last.round, last.seat) == (ballot.round, ballot.seat) => *last = ballot,
                _ => counted.push(ballot),
            }
        }
        Ok(counted)
    }

    /// The log as it stands: number, time, line.
    ///
    /// # Errors
    ///
    /// Where the database does not answer.
    pub async fn log(&self, class: i64) -> Result<Vec<(u64, u64, String)>, sqlx::Error> {
        let query = sqlx::query("SELECT seq, at, body FROM event WHERE class = $1 ORDER BY seq").bind(class);
        let rows = query.fetch_all(&self.pool).await?;
        rows.iter().map(|row| Ok((number(row, 0)?, number(row, 1)?, row.try_get(2)?))).collect()
    }

    /// The hash of the token of a device that asks for a seat.
    ///
    /// # Errors
    ///
    /// Where the database does not answer.
    pub async fn claim_token(&self, class: i64, claim: u32) -> Result<Option<String>, sqlx::Error> {
        let query = sqlx::query("SELECT token_hash FROM claim WHERE class = $1 AND claim = $2");
        let row = query.bind(class).bind(i64::from(claim)).fetch_optional(&self.pool).await?;
        row.map(|row| row.try_get(0)).transpose()
    }
}
