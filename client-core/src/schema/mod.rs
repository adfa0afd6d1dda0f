//! SQL and migrations. A step, once released, is never edited; a later version adds one.

use std::path::Path;

use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};
use zeroize::Zeroizing;

use crate::message;
use crate::vault::DatabaseKey;

/// The steps, in order; `PRAGMA user_version` counts those taken.
const STEPS: &[&str] = &[
    include_str!("step_1.sql"),
    include_str!("step_2.sql"),
    include_str!("step_3.sql"),
    include_str!("step_4.sql"),
    include_str!("step_5.sql"),
    include_str!("step_6.sql"),
    include_str!("step_7.sql"),
    include_str!("step_8.sql"),
    include_str!("step_9.sql"),
];

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
    /// The key is another database's, or this is no database.
    #[error(
        "tệp key không mở được tệp replica.db: hai tệp không cùng một máy, hoặc tệp dữ liệu hỏng; hãy trả đúng hai tệp của cùng một bản sao về, không tệp nào bị động đến"
    )]
    Key,
    /// SQLite.
    #[error("cơ sở dữ liệu trên máy: {}", message::database(.0))]
    Sqlite(#[from] rusqlite::Error),
}

/// Opens the encrypted file and takes the steps it lacks. Every commit is durable when it returns (WAL, synchronous
/// FULL); the journal is encrypted like the file, and what does not fit into a query's memory goes to no other file.
///
/// # Errors
/// [`SchemaError`]; the file is as it was.
pub fn open(path: &Path, key: &DatabaseKey, create: bool) -> Result<Connection, SchemaError> {
    let mut connection = connect(path, create)?;
    give_key(&connection, key)?;
    // The first read is the first use of the key.
    let found = known_version(&connection).map_err(|error| match error {
        SchemaError::Sqlite(error) if error.sqlite_error_code() == Some(ErrorCode::NotADatabase) => SchemaError::Key,
        error => error,
    })?;
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

/// Opens the file as it is: with no key given it is a plain one.
pub(crate) fn connect(path: &Path, create: bool) -> Result<Connection, SchemaError> {
    let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    if create {
        flags |= OpenFlags::SQLITE_OPEN_CREATE;
    }
    let connection = Connection::open_with_flags(path, flags)?;
    // A browser's files are one Worker's, and cannot be mapped into memory: the journal's index lies in the heap.
    #[cfg(target_family = "wasm")]
    connection.execute_batch("PRAGMA locking_mode = EXCLUSIVE")?;
    // What SQLCipher would write to standard error comes back as an error, too.
    connection.execute_batch("PRAGMA cipher_log_level = NONE")?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

/// Says under which key the file is encrypted. Whether it is shows at the first read.
pub fn give_key(connection: &Connection, key: &DatabaseKey) -> Result<(), SchemaError> {
    Ok(connection.execute_batch(&Zeroizing::new(format!("PRAGMA key = \"{}\"", key.raw().as_str())))?)
}

/// Steps taken; a database of a newer program is refused.
pub(crate) fn known_version(connection: &Connection) -> Result<i64, SchemaError> {
    let found = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let known = STEPS.len() as i64;
    if found > known { Err(SchemaError::Newer { found, known }) } else { Ok(found) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_newer_database_is_refused_and_not_touched() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("replica.db");
        let key = DatabaseKey::generate(&mut |bytes| bytes.fill(7));
        let connection = open(&path, &key, true).expect("a new database");
        connection.pragma_update(None, "user_version", 99).expect("written");
        drop(connection);
        let before = std::fs::read(&path).expect("bytes");
        assert!(matches!(open(&path, &key, false), Err(SchemaError::Newer { found: 99, .. })));
        assert_eq!(std::fs::read(&path).expect("bytes"), before);
    }
}
