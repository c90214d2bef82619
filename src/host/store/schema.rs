//! The tables, and how those of an earlier version become those of this one.

use sqlx::{AnyPool, Executor, Row};

use super::Kind;

/// What each version adds to the one before it. A line that was released is never changed.
const VERSIONS: [&[&str]; 3] = [
    &[
        "CREATE TABLE class (id BIGINT PRIMARY KEY, code TEXT NOT NULL UNIQUE, story TEXT NOT NULL, created BIGINT NOT NULL, touched BIGINT NOT NULL, head BIGINT NOT NULL, over BIGINT NOT NULL)",
        "CREATE TABLE event (class BIGINT NOT NULL, seq BIGINT NOT NULL, at BIGINT NOT NULL, kind TEXT NOT NULL, once TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (class, seq), UNIQUE (class, once))",
        "CREATE TABLE seat (class BIGINT NOT NULL, seat BIGINT NOT NULL, alias TEXT NOT NULL, shown BIGINT NOT NULL, token_hash TEXT NOT NULL, words_hash TEXT NOT NULL, PRIMARY KEY (class, seat))",
        "CREATE TABLE ballot (class BIGINT NOT NULL, round BIGINT NOT NULL, seat BIGINT NOT NULL, ballot_key BIGINT NOT NULL, choice TEXT NOT NULL, seq BIGINT NOT NULL, PRIMARY KEY (class, round, seat, ballot_key))",
        "CREATE INDEX ballot_seq ON ballot (class, seq)",
        "CREATE TABLE note (class BIGINT NOT NULL, note BIGINT NOT NULL, seat BIGINT NOT NULL, words TEXT NOT NULL, state BIGINT NOT NULL, PRIMARY KEY (class, note))",
        "CREATE TABLE claim (class BIGINT NOT NULL, claim BIGINT NOT NULL, seat BIGINT NOT NULL, token_hash TEXT NOT NULL, PRIMARY KEY (class, claim))",
        "CREATE TABLE teacher (token_hash TEXT PRIMARY KEY, class BIGINT NOT NULL, is_link BIGINT NOT NULL, made BIGINT NOT NULL)",
        "CREATE TABLE checkpoint (class BIGINT NOT NULL, seq BIGINT NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (class, seq))",
        "CREATE TABLE lease (class BIGINT PRIMARY KEY, holder TEXT NOT NULL, epoch BIGINT NOT NULL, until BIGINT NOT NULL)",
    ],
    &["CREATE TABLE undo (class BIGINT PRIMARY KEY, body TEXT NOT NULL)"],
    &[
        "ALTER TABLE note ADD COLUMN kind BIGINT NOT NULL DEFAULT 0",
        "ALTER TABLE note ADD COLUMN whom TEXT NOT NULL DEFAULT ''",
    ],
];

/// Brings the tables up to date.
pub(super) async fn migrate(pool: &AnyPool, kind: Kind) -> Result<(), sqlx::Error> {
    let mut transaction = pool.begin().await?;
    if kind == Kind::Postgres {
        // Two processes may start at once.
        transaction.execute("SELECT pg_advisory_xact_lock(19170225)").await?;
    }
    transaction.execute("CREATE TABLE IF NOT EXISTS petrograd (version BIGINT NOT NULL)").await?;
    let row = sqlx::query("SELECT COALESCE(MAX(version), 0) FROM petrograd").fetch_one(&mut *transaction).await?;
    let version = usize::try_from(row.try_get::<i64, _>(0)?).unwrap_or(usize::MAX);
    if version > VERSIONS.len() {
        return Err(sqlx::Error::Configuration("this database was written by a later version of petrograd".into()));
    }
    for (number, statements) in VERSIONS.iter().enumerate().skip(version) {
        for statement in *statements {
            transaction.execute(*statement).await?;
        }
        let insert = sqlx::query("INSERT INTO petrograd (version) VALUES ($1)").bind(number as i64 + 1);
        insert.execute(&mut *transaction).await?;
    }
    transaction.commit().await
}
