//! Versions whose key was locked for this device in a way that it cannot open, until the server was told.

use rusqlite::{Connection, Transaction};
use sync::id::EventId;

use crate::replica::ReplicaError;

/// Notes one.
pub(crate) fn put(tx: &Transaction<'_>, version: EventId) -> Result<(), ReplicaError> {
    tx.prepare_cached("INSERT OR IGNORE INTO unopenable (version) VALUES (?1)")?.execute([version.as_bytes()])?;
    Ok(())
}

/// Those to be told of.
pub(crate) fn all(connection: &Connection, most: usize) -> Result<Vec<EventId>, ReplicaError> {
    let mut select = connection.prepare_cached("SELECT version FROM unopenable ORDER BY version LIMIT ?1")?;
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let rows = select.query_map([most], |row| Ok(EventId::from_bytes(row.get(0)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The server has been told.
pub(crate) fn forget(tx: &Transaction<'_>, version: EventId) -> Result<(), ReplicaError> {
    tx.prepare_cached("DELETE FROM unopenable WHERE version = ?1")?.execute([version.as_bytes()])?;
    Ok(())
}
