//! A replica of a program that did not encrypt: its database is written anew, encrypted, at the first opening.
//!
//! Nothing is lost whenever this ends: the key is durable before anything is encrypted under it; the plain database is whole
//! until, in one step, the encrypted one takes its name, itself whole, durable and read back by then; and no journal of
//! the plain one is left that might be taken for the other's.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use jiff::Timestamp;
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use sha2::{Digest, Sha256};

use super::error::ReplicaError;
use super::home::Home;
use super::lock::{self, Unlocked};
use crate::schema::{self, SchemaError};
use crate::store::meta;
use crate::vault::{DatabaseKey, Pin};

/// How every plain SQLite database begins. An encrypted one begins with random bytes.
const PLAIN: &[u8; 16] = b"SQLite format 3\0";

/// Whether the database is a plain one. One that was cut to nothing is damaged: SQLite would make a new one of it.
pub(super) fn is_plain(database: &Path) -> Result<bool, ReplicaError> {
    let mut begin = Vec::new();
    let read = File::open(database).and_then(|file| file.take(PLAIN.len() as u64).read_to_end(&mut begin));
    read.map_err(|error| ReplicaError::File { path: database.to_owned(), error })?;
    if begin.is_empty() { Err(ReplicaError::Damaged("replica.db")) } else { Ok(begin == PLAIN) }
}

/// Encrypts the plain database under the folder's key, which is made, open, where there is none.
pub(super) fn encrypt(
    home: &Home,
    pin: Option<&Pin>,
    now: Timestamp,
    rng: &mut dyn FnMut(&mut [u8]),
) -> Result<Unlocked, ReplicaError> {
    let plain = schema::connect(&home.database(), false)?;
    plain.execute_batch("PRAGMA temp_store = MEMORY;")?;
    // A newer program's database stays as it is, without a key beside it.
    let version = schema::known_version(&plain)?;
    let unlocked = match lock::unlock(home, pin, now)? {
        Some(unlocked) => unlocked,
        None => {
            let key = DatabaseKey::generate(rng);
            lock::write_key(home, &key, None, rng)?;
            Unlocked { key, pin: false }
        }
    };
    let unfinished = home.unfinished_database()?;
    export(&plain, &unfinished, &unlocked.key, version)?;
    let mut encrypted = schema::connect(&unfinished, false)?;
    schema::give_key(&encrypted, &unlocked.key)?;
    let same = schema::known_version(&encrypted)? == version && content(&encrypted)? == content(&plain)?;
    if !same || encrypted.query_row("PRAGMA integrity_check", [], |row| Ok(row.get::<_, String>(0)? != "ok"))? {
        return Err(ReplicaError::Damaged("replica.db.new"));
    }
    keep_file_number(home, &plain, &mut encrypted, &unfinished)?;
    encrypted.close().map_err(|(_, error)| error)?;
    File::open(&unfinished)
        .and_then(|file| file.sync_all())
        .map_err(|error| ReplicaError::File { path: unfinished.clone(), error })?;
    // What the plain journal holds goes into the plain database, and the journal goes.
    let journal: String = plain.query_row("PRAGMA journal_mode = DELETE", [], |row| row.get(0))?;
    if journal != "delete" {
        return Err(ReplicaError::Busy(home.database()));
    }
    plain.close().map_err(|(_, error)| error)?;
    home.finish_database()?;
    Ok(unlocked)
}

fn export(plain: &Connection, to: &Path, key: &DatabaseKey, version: i64) -> Result<(), ReplicaError> {
    let path = to
        .to_str()
        .ok_or_else(|| ReplicaError::File { path: to.to_owned(), error: std::io::ErrorKind::InvalidFilename.into() })?;
    plain.execute("ATTACH ?1 AS encrypted KEY ?2", (path, key.raw().as_str()))?;
    plain.query_row("SELECT sqlcipher_export('encrypted')", [], |_| Ok(()))?;
    plain.pragma_update(Some("encrypted"), "user_version", version)?;
    plain.execute("DETACH encrypted", [])?;
    Ok(())
}

/// A sum over every table and every value, and over how the tables are made.
fn content(connection: &Connection) -> Result<[u8; 32], SchemaError> {
    let mut hash = Sha256::new();
    let made = "SELECT name, coalesce(sql, '') FROM sqlite_schema ORDER BY name";
    let made: Vec<(String, String)> =
        connection.prepare(made)?.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
    for (name, sql) in &made {
        // What SQLite keeps of a table for itself is made with it.
        if name.starts_with("sqlite_autoindex_") {
            continue;
        }
        hash.update(format!("{name}\n{sql}\n"));
        if !sql.starts_with("CREATE TABLE") {
            continue;
        }
        let mut select = connection.prepare(&format!("SELECT * FROM \"{}\"", name.replace('"', "\"\"")))?;
        let columns = select.column_count();
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            for column in 0..columns {
                add(&mut hash, row.get_ref(column)?);
            }
        }
    }
    Ok(hash.finalize().into())
}

fn add(hash: &mut Sha256, value: ValueRef<'_>) {
    let (kind, bytes) = match value {
        ValueRef::Null => (0u8, Vec::new()),
        ValueRef::Integer(n) => (1, n.to_be_bytes().to_vec()),
        ValueRef::Real(n) => (2, n.to_be_bytes().to_vec()),
        ValueRef::Text(text) => (3, text.to_vec()),
        ValueRef::Blob(blob) => (4, blob.to_vec()),
    };
    hash.update([kind]);
    hash.update((bytes.len() as u64).to_be_bytes());
    hash.update(&bytes);
}

/// The new file is the old one, not a copy of it. A copy that has not begun its own life yet stays one.
fn keep_file_number(
    home: &Home,
    plain: &Connection,
    encrypted: &mut Connection,
    unfinished: &Path,
) -> Result<(), ReplicaError> {
    let (Some(known), Some(present)) = (meta::file_number(plain)?, Home::file_number(&home.database())?) else {
        return Ok(());
    };
    let Some(new) = Home::file_number(unfinished)? else { return Ok(()) };
    // No file has the number -1.
    let number = if known == present { new } else { -1 };
    let tx = encrypted.transaction()?;
    meta::put_file_number(&tx, number)?;
    Ok(tx.commit()?)
}
