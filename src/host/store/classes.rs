//! Classes, their teachers, and what is deleted when their time is up.

use sqlx::any::AnyRow;
use sqlx::{Executor, Row};

use super::Store;

/// A class as the database lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Class {
    /// Its number.
    pub id: i64,
    /// Its join code.
    pub code: String,
    /// When it was made (milliseconds since 1970).
    pub created: i64,
    /// When it was last written to.
    pub touched: i64,
    /// Whether its lesson is over.
    pub over: bool,
}

/// What a teacher's token opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TeacherToken {
    /// It is the secret of a link, good once.
    Link,
    /// It is a cookie.
    Cookie,
}

const COLUMNS: &str = "id, code, created, touched, over";

fn class(row: &AnyRow) -> Result<Class, sqlx::Error> {
    Ok(Class {
        id: row.try_get(0)?,
        code: row.try_get(1)?,
        created: row.try_get(2)?,
        touched: row.try_get(3)?,
        over: row.try_get::<i64, _>(4)? != 0,
    })
}

impl Store {
    /// Makes a class.
    ///
    /// # Errors
    ///
    /// Where the code is taken, or the database does not answer.
    pub async fn make_class(&self, code: &str, story: &str, now: i64) -> Result<Class, sqlx::Error> {
        let id = i64::try_from(crate::host::secret::number() >> 2).unwrap_or(1);
        let query = sqlx::query(
            "INSERT INTO class (id, code, story, created, touched, head, over) VALUES ($1, $2, $3, $4, $5, 0, 0)",
        );
        query.bind(id).bind(code).bind(story).bind(now).bind(now).execute(&self.pool).await?;
        Ok(Class { id, code: code.to_owned(), created: now, touched: now, over: false })
    }

    /// The class of a code.
    ///
    /// # Errors
    ///
    /// Where the database does not answer.
    pub async fn class_of(&self, code: &str) -> Result<Option<Class>, sqlx::Error> {
        let query = format!("SELECT {COLUMNS} FROM class WHERE code = $1");
        let row = sqlx::query(&query).bind(code).fetch_optional(&self.pool).await?;
        row.as_ref().map(class).transpose()
    }

    /// The latest class of a story whose lesson is not over.
    ///
    /// # Errors
    ///
    /// Where the database does not answer.
    pub async fn open_class(&self, story: &str) -> Result<Option<Class>, sqlx::Error> {
        let query = format!("SELECT {COLUMNS} FROM class WHERE story = $1 AND over = 0 ORDER BY touched DESC LIMIT 1");
        let row = sqlx::query(&query).bind(story).fetch_optional(&self.pool).await?;
        row.as_ref().map(class).transpose()
    }

    /// Gives a teacher a token.
    ///
    /// # Errors
    ///
    /// Where the database does not answer.
    pub async fn admit_teacher(&self, class: i64, hash: &str, kind: TeacherToken, now: i64) -> Result<(), sqlx::Error> {
        let query = sqlx::query("INSERT INTO teacher (token_hash, class, is_link, made) VALUES ($1, $2, $3, $4)");
        let is_link = i64::from(kind == TeacherToken::Link);
        query.bind(hash).bind(class).bind(is_link).bind(now).execute(&self.pool).await?;
        Ok(())
    }

    /// Uses a link up: its class's code, if the link was good.
    ///
    /// # Errors
    ///
    /// Where the database does not answer.
    pub async fn use_link(&self, hash: &str) -> Result<Option<Class>, sqlx::Error> {
        let query = sqlx::query("DELETE FROM teacher WHERE token_hash = $1 AND is_link = 1 RETURNING class");
        let Some(row) = query.bind(hash).fetch_optional(&self.pool).await? else { return Ok(None) };
        let query = format!("SELECT {COLUMNS} FROM class WHERE id = $1");
        let row = sqlx::query(&query).bind(row.try_get::<i64, _>(0)?).fetch_optional(&self.pool).await?;
        row.as_ref().map(class).transpose()
    }

    /// Whether a cookie is a teacher's of this class.
    ///
    /// # Errors
    ///
    /// Where the database does not answer.
    pub async fn is_teacher(&self, class: i64, hash: &str) -> Result<bool, sqlx::Error> {
        let query = sqlx::query("SELECT COUNT(*) FROM teacher WHERE token_hash = $1 AND class = $2 AND is_link = 0");
        let row = query.bind(hash).bind(class).fetch_one(&self.pool).await?;
        Ok(row.try_get::<i64, _>(0)? > 0)
    }

    /// Deletes every class that was not touched since a time, with all that belongs to it.
    ///
    /// # Errors
    ///
    /// Where the database does not answer.
    pub async fn delete_before(&self, time: i64) -> Result<u64, sqlx::Error> {
        let mut transaction = self.pool.begin().await?;
        let old = "(SELECT id FROM class WHERE touched < $1)";
        for table in ["event", "seat", "ballot", "note", "claim", "teacher", "checkpoint", "lease", "undo"] {
            let query = format!("DELETE FROM {table} WHERE class IN {old}");
            sqlx::query(&query).bind(time).execute(&mut *transaction).await?;
        }
        let query = sqlx::query("DELETE FROM class WHERE touched < $1").bind(time);
        let deleted = query.execute(&mut *transaction).await?.rows_affected();
        transaction.commit().await?;
        if deleted > 0 {
            self.sweep().await?;
        }
        Ok(deleted)
    }

    /// Takes or renews the right to close votes by the clock, for three seconds; its epoch, or
    /// `None` while another process has it.
    ///
    /// # Errors
    ///
    /// Where the database does not answer.
    pub async fn lease(&self, class: i64, holder: &str, now: i64) -> Result<Option<i64>, sqlx::Error> {
        let query = sqlx::query(
            "INSERT INTO lease (class, holder, epoch, until) VALUES ($1, $2, 1, $3) \
             ON CONFLICT (class) DO UPDATE SET \
             epoch = CASE WHEN lease.holder = $4 THEN lease.epoch ELSE lease.epoch + 1 END, \
             holder = $5, until = $6 WHERE lease.until < $7 OR lease.holder = $8 RETURNING epoch",
        );
        let until = now + 3_000;
        let query = query.bind(class).bind(holder).bind(until).bind(holder).bind(holder).bind(until).bind(now);
        let row = query.bind(holder).fetch_optional(&self.pool).await?;
        row.map(|row| row.try_get(0)).transpose()
    }

    /// Milliseconds that a small write takes: how the disk is.
    ///
    /// # Errors
    ///
    /// Where the database does not answer.
    pub async fn disk(&self) -> Result<u64, sqlx::Error> {
        let begun = std::time::Instant::now();
        self.pool.execute("UPDATE petrograd SET version = version").await?;
        Ok(begun.elapsed().as_millis() as u64)
    }
}
