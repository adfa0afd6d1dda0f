//! Persons that were forgotten, and petitions whose words were taken out.

use rusqlite::{Connection, OptionalExtension, Transaction, params};
use sync::id::{EventId, RecordId};
use sync::wire::Erased;

use super::record;
use crate::replica::ReplicaError;

/// Forgets a person: what lies here of it goes, sent or not, and comes back no more. Or lets go of a petition's document, to have
/// the next generation of it.
pub(crate) fn put(tx: &Transaction<'_>, erased: &Erased) -> Result<(), ReplicaError> {
    tx.prepare_cached(
        "INSERT INTO erasure (person, generation, at, signature) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (person, generation) DO NOTHING",
    )?
    .execute(params![erased.person.as_bytes(), erased.generation.unwrap_or(0), erased.at, *erased.signature])?;
    if erased.generation.is_some() {
        return record::begin_anew(tx, RecordId(erased.person.0));
    }
    tx.prepare_cached("DELETE FROM identity WHERE identity = ?1")?.execute([erased.person.as_bytes()])?;
    Ok(())
}

/// How many the server has told of.
pub(crate) fn count(connection: &Connection) -> Result<u64, ReplicaError> {
    let n: i64 = connection.query_row("SELECT count(*) FROM erasure", [], |row| row.get(0))?;
    Ok(n.unsigned_abs())
}

/// When a person was forgotten; none for one who was not.
pub(crate) fn at(connection: &Connection, person: EventId) -> Result<Option<i64>, ReplicaError> {
    let mut select = connection.prepare_cached("SELECT at FROM erasure WHERE person = ?1 AND generation = 0")?;
    Ok(select.query_row([person.as_bytes()], |row| row.get(0)).optional()?)
}
