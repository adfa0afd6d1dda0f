//! SQL and migrations. A step, once released, is never edited; a later version adds one.

use std::path::Path;

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use crate::message;

/// The steps, in order; `PRAGMA user_version` counts those taken.
const STEPS: &[&str] =
    &[include_str!("step_1.sql"), include_str!("step_2.sql"), include_str!("step_3.sql"), include_str!("step_4.sql")];

/// Why a database cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum SchemaError {
    /// Made by a newer program: it is not touched.
    #[error(
        "dữ liệu do phiên bản mới hơn tạo ra (bước {found}, chương trình này biết đến bước {known}); hãy cập nhật chương trình, dữ liệu không bị động đến"
    )]
    Newer {
        /// The database's.
        found: i64,
        /// This program's.
        known: i64,
    },
    /// SQLite.
    #[error("cơ sở dữ liệu trên máy: {}", message::database(.0))]
    Sqlite(#[from] rusqlite::Error),
}

/// Opens the file and takes the steps it lacks. Every commit is durable when it returns (WAL, synchronous FULL).
pub fn open(path: &Path, create: bool) -> Result<Connection, SchemaError> {
    let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    if create {
        flags |= OpenFlags::SQLITE_OPEN_CREATE;
    }
    let mut connection = Connection::open_with_flags(path, flags)?;
    connection.set_prepared_statement_cache_capacity(64);
    let found = version(&connection)?;
    let known = STEPS.len() as i64;
    if found > known {
        return Err(SchemaError::Newer { found, known });
    }
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16000;
         PRAGMA secure_delete = ON;",
    )?;
    for (i, step) in STEPS.iter().enumerate().skip(usize::try_from(found).unwrap_or(0)) {
        let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        tx.execute_batch(step)?;
        tx.pragma_update(None, "user_version", i as i64 + 1)?;
        tx.commit()?;
    }
    Ok(connection)
}

fn version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_newer_database_is_refused_and_not_touched() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("replica.db");
        let connection = open(&path, true).expect("a new database");
        connection.pragma_update(None, "user_version", 99).expect("written");
        drop(connection);
        let before = std::fs::read(&path).expect("bytes");
        assert!(matches!(open(&path, false), Err(SchemaError::Newer { found: 99, .. })));
        assert_eq!(std::fs::read(&path).expect("bytes"), before);
    }
}
