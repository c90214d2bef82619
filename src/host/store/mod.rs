//! Where classes are kept: SQLite on a laptop, PostgreSQL behind several processes. The same
//! statements serve both.
//!
//! A class's head, the number of its last line or ballot, is taken under the lock of its row: so
//! whoever writes has read all that was written before.

mod classes; // classes and their teachers
mod read; // rows to what they mean
mod schema; // the tables
mod write; // what a batch writes

use std::str::FromStr;
use std::time::Duration;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{AnyPool, Executor};

pub use self::classes::{Class, TeacherToken};
pub use self::read::{Since, Tail};
pub use self::write::Written;

/// Which database it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A file beside the program.
    Sqlite,
    /// A server, for several processes.
    Postgres,
}

/// Where classes are kept.
#[derive(Clone, Debug)]
pub struct Store {
    pool: AnyPool,
    /// Which database it is.
    pub kind: Kind,
    /// As it was named.
    pub url: String,
}

/// How safe a commit is on SQLite.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Safety {
    /// It outlives a power cut.
    #[default]
    Full,
    /// It outlives the program, and may be lost in a power cut.
    Normal,
}

/// A process that froze while it had a class's row locked would hold up all others until it wakes.
/// The database ends its transaction instead; the process reads the class anew when it is back.
const FROZEN: &str = "SET idle_in_transaction_session_timeout = '2s'";

impl Store {
    /// Opens a database, `sqlite:FILE` or `postgres://…`, and brings its tables up to date.
    ///
    /// # Errors
    ///
    /// Where it can't be opened, or is of a later version than this program.
    pub async fn open(url: &str, safety: Safety) -> Result<Store, sqlx::Error> {
        sqlx::any::install_default_drivers();
        let kind = if url.starts_with("postgres") { Kind::Postgres } else { Kind::Sqlite };
        let full = match kind {
            Kind::Sqlite if url.contains('?') => url.to_owned(),
            Kind::Sqlite => format!("{url}?mode=rwc"),
            Kind::Postgres => url.to_owned(),
        };
        let options = AnyConnectOptions::from_str(&full)?;
        let synchronous = match safety {
            Safety::Full => "PRAGMA synchronous = FULL",
            Safety::Normal => "PRAGMA synchronous = NORMAL",
        };
        // One connection to a file: SQLite has one writer, and what is read comes from memory.
        let pool = AnyPoolOptions::new()
            .max_connections(if kind == Kind::Sqlite { 1 } else { 8 })
            .acquire_timeout(Duration::from_secs(5))
            .after_connect(move |connection, _| {
                Box::pin(async move {
                    if kind == Kind::Sqlite {
                        for pragma in [
                            "PRAGMA journal_mode = WAL",
                            synchronous,
                            "PRAGMA busy_timeout = 5000",
                            "PRAGMA secure_delete = ON",
                            "PRAGMA journal_size_limit = 4194304",
                        ] {
                            connection.execute(pragma).await?;
                        }
                    } else {
                        connection.execute(FROZEN).await?;
                    }
                    Ok(())
                })
            })
            .connect_with(options)
            .await?;
        let store = Store { pool, kind, url: url.to_owned() };
        schema::migrate(&store.pool, kind).await?;
        store.close_to_others();
        Ok(store)
    }

    /// The file of a SQLite database.
    pub fn file(&self) -> Option<std::path::PathBuf> {
        let path = self.url.strip_prefix("sqlite:")?.split('?').next()?;
        Some(path.trim_start_matches("//").into()).filter(|path: &std::path::PathBuf| path.as_os_str() != ":memory:")
    }

    /// Names in class are nobody else's business on a shared machine.
    #[cfg(unix)]
    fn close_to_others(&self) {
        use std::os::unix::fs::PermissionsExt;
        let Some(file) = self.file() else { return };
        for end in ["", "-wal", "-shm"] {
            let mut name = file.clone().into_os_string();
            name.push(end);
            // A database on a file system without modes is still a database.
            let _ = std::fs::set_permissions(&name, std::fs::Permissions::from_mode(0o600));
        }
    }

    #[cfg(not(unix))]
    fn close_to_others(&self) {}

    /// Gives the pages of deleted rows back, so that nothing of them is left on the disk.
    ///
    /// # Errors
    ///
    /// Where the database does not answer.
    pub async fn sweep(&self) -> Result<(), sqlx::Error> {
        match self.kind {
            Kind::Sqlite => {
                self.pool.execute("VACUUM").await?;
                self.pool.execute("PRAGMA wal_checkpoint(TRUNCATE)").await?;
            }
            Kind::Postgres => {
                self.pool.execute("VACUUM seat, ballot, note, claim, undo").await?;
            }
        }
        Ok(())
    }

    /// Closes it.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}
