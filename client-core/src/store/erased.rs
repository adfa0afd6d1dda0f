//! Persons that were forgotten.

use rusqlite::{Connection, OptionalExtension, Transaction, params};
use sync::id::EventId;
use sync::wire::Erased;

use crate::replica::ReplicaError;

/// Forgets a person: what lies here of it goes, sent or not, and comes back no more.
pub(crate) fn put(tx: &Transaction<'_>, erased: &Erased) -> Result<(), ReplicaError> {
    tx.prepare_cached(
        "INSERT INTO erased (person, at, signature) VALUES (?1, ?2, ?3) ON CONFLICT (person) DO NOTHING",
    )?
    .execute(params![erased.person.as_bytes(), erased.at, *erased.signature])?;
    tx.prepare_cached("DELETE FROM identity WHERE identity = ?1")?.execute([erased.person.as_bytes()])?;
    Ok(())
}

/// How many the server has told of.
pub(crate) fn count(connection: &Connection) -> Result<u64, ReplicaError> {
    let n: i64 = connection.query_row("SELECT count(*) FROM erased", [], |row| row.get(0))?;
    Ok(n.unsigned_abs())
}

/// When a person was forgotten; none for one who was not.
pub(crate) fn at(connection: &Connection, person: EventId) -> Result<Option<i64>, ReplicaError> {
    let mut select = connection.prepare_cached("SELECT at FROM erased WHERE person = ?1")?;
    Ok(select.query_row([person.as_bytes()], |row| row.get(0)).optional()?)
}
