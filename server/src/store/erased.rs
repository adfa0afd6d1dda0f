//! Persons that were forgotten.

use minicbor::bytes::ByteArray;
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use sync::document::RecordKind;
use sync::id::{EventId, RecordId};
use sync::wire::Erased;

use crate::error::ServerError;

/// Forgets a person: everything written down of who it was goes, and comes back no more. Tells how much there was.
pub fn erase(tx: &Transaction<'_>, erased: &Erased) -> Result<u64, ServerError> {
    // Overwritten, not only let go of.
    tx.pragma_update(None, "secure_delete", true)?;
    tx.execute(
        "INSERT INTO erased (person, at, signature) VALUES (?1, ?2, ?3) ON CONFLICT (person) DO NOTHING",
        params![erased.person.as_bytes(), erased.at, *erased.signature],
    )?;
    tx.execute(
        "DELETE FROM identity_lock WHERE version IN (SELECT version FROM identity WHERE identity = ?1)",
        [erased.person.as_bytes()],
    )?;
    Ok(tx.execute("DELETE FROM identity WHERE identity = ?1", [erased.person.as_bytes()])? as u64)
}

/// Whether a person was forgotten, and when.
pub fn erased(conn: &Connection, person: EventId) -> Result<Option<Erased>, ServerError> {
    let mut statement = conn.prepare_cached("SELECT person, at, signature FROM erased WHERE person = ?1")?;
    Ok(statement.query_row([person.as_bytes()], read).optional()?)
}

/// Those after so many, oldest first.
pub fn erased_after(conn: &Connection, known: u64, most: usize) -> Result<Vec<Erased>, ServerError> {
    let mut statement =
        conn.prepare_cached("SELECT person, at, signature FROM erased WHERE number > ?1 ORDER BY number LIMIT ?2")?;
    let (known, most) = (i64::try_from(known).unwrap_or(i64::MAX), i64::try_from(most).unwrap_or(i64::MAX));
    let rows = statement.query_map([known, most], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Every one of them, in the order of the journal.
pub fn all_erased(conn: &Connection) -> Result<Vec<Erased>, ServerError> {
    erased_after(conn, 0, usize::MAX)
}

/// The petition whose person this is, where something is written down of it.
pub fn petition_of(conn: &Connection, person: EventId) -> Result<Option<RecordId>, ServerError> {
    let sql = "SELECT r.id FROM identity v JOIN record r ON r.idx = v.record WHERE v.identity = ?1 LIMIT 1";
    let id: Option<[u8; 16]> = conn.prepare_cached(sql)?.query_row([person.as_bytes()], |r| r.get(0)).optional()?;
    Ok(id.map(RecordId::from_bytes))
}

/// Every petition's id.
pub fn petition_ids(conn: &Connection) -> Result<Vec<RecordId>, ServerError> {
    let mut statement = conn.prepare("SELECT id FROM record WHERE kind = ?1")?;
    let rows = statement.query_map([RecordKind::Petition as u8], |row| Ok(RecordId::from_bytes(row.get(0)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Erased> {
    Ok(Erased {
        person: EventId::from_bytes(row.get(0)?),
        at: row.get(1)?,
        signature: ByteArray::from(row.get::<_, [u8; 64]>(2)?),
    })
}
