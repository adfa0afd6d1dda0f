//! Opening the database: WAL, synchronous=FULL, so that acknowledged means on the disk.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::schema::{SCHEMA_VERSION, migrate};
use crate::error::ServerError;

/// The database of a data folder.
pub fn database_path(data: &Path) -> PathBuf {
    data.join("langnghe.db")
}

/// A new database in a folder that has none.
pub fn create(data: &Path) -> Result<Connection, ServerError> {
    let path = database_path(data);
    if path.exists() {
        return Err(ServerError::Exists(data.display().to_string()));
    }
    std::fs::create_dir_all(data).map_err(|e| ServerError::file(data, e))?;
    let mut conn = Connection::open(&path)?;
    prepare(&conn)?;
    migrate(&mut conn)?;
    Ok(conn)
}

/// The writer's connection.
pub fn open(data: &Path) -> Result<Connection, ServerError> {
    let path = existing(data)?;
    let mut conn =
        Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    refuse_newer(&conn)?;
    prepare(&conn)?;
    migrate(&mut conn)?;
    Ok(conn)
}

/// A reader's connection.
pub fn open_read_only(data: &Path) -> Result<Connection, ServerError> {
    let path = existing(data)?;
    let conn = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    conn.busy_timeout(Duration::from_secs(10))?;
    refuse_newer(&conn)?;
    keep_plans(&conn)?;
    Ok(conn)
}

pub(super) fn existing(data: &Path) -> Result<PathBuf, ServerError> {
    let path = database_path(data);
    if path.exists() { Ok(path) } else { Err(ServerError::NoDatabase(data.display().to_string())) }
}

/// Reads every page of a database once, and changes nothing. A damaged one is not served: what it would answer is anybody's
/// guess, and what it would write might spoil the rest.
pub fn check_sound(data: &Path) -> Result<(), ServerError> {
    let conn = open_read_only(data)?;
    let found: rusqlite::Result<String> = conn.query_row("PRAGMA quick_check(1)", [], |r| r.get(0));
    match found.map_err(ServerError::from) {
        Ok(said) if said == "ok" => Ok(()),
        Ok(said) => Err(ServerError::Damaged(said.replace('\n', " "))),
        Err(error) => Err(error),
    }
}

fn refuse_newer(conn: &Connection) -> Result<(), ServerError> {
    let found: i64 = conn.query_row("PRAGMA user_version", [], |r| r.get(0))?;
    if found > SCHEMA_VERSION { Err(ServerError::Newer { found, known: SCHEMA_VERSION }) } else { Ok(()) }
}

/// A WAL file larger than this is cut back when it is begun anew.
const WAL_BYTES: i64 = 16 * 1024 * 1024;

fn prepare(conn: &Connection) -> Result<(), ServerError> {
    conn.busy_timeout(Duration::from_secs(10))?;
    keep_plans(conn)?;
    conn.pragma_update(None, "journal_mode", "WAL")?;
    conn.pragma_update(None, "synchronous", "FULL")?;
    conn.pragma_update(None, "foreign_keys", "ON")?;
    conn.pragma_update(None, "cache_size", -64_000)?;
    // What a killed server has left in the WAL goes into the database, and the file does not stay as large as it ever was.
    conn.pragma_update(None, "journal_size_limit", WAL_BYTES)?;
    // On a full disk, or beside a server that is at work, it waits.
    let _ = conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
    Ok(())
}

/// Cached statements keep their plans: without this SQLite plans many of them again whenever a parameter is bound.
fn keep_plans(conn: &Connection) -> Result<(), ServerError> {
    conn.set_prepared_statement_cache_capacity(64);
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}
