//! Persons that were forgotten, and petitions whose words were taken out.

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
    note_erased(tx, erased)?;
    tx.execute(
        "DELETE FROM identity_lock WHERE version IN (SELECT version FROM identity WHERE identity = ?1)",
        [erased.person.as_bytes()],
    )?;
    Ok(tx.execute("DELETE FROM identity WHERE identity = ?1", [erased.person.as_bytes()])? as u64)
}

/// Notes what devices are to be told, behind what they were told before.
pub fn note_erased(tx: &Transaction<'_>, erased: &Erased) -> Result<(), ServerError> {
    tx.execute(
        "INSERT INTO erasure (person, generation, at, signature) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (person, generation) DO NOTHING",
        params![erased.person.as_bytes(), erased.generation.unwrap_or(0), erased.at, *erased.signature],
    )?;
    Ok(())
}

const COLUMNS: &str = "person, at, signature, generation";

/// Whether a person was forgotten, and when.
pub fn erased(conn: &Connection, person: EventId) -> Result<Option<Erased>, ServerError> {
    let mut statement =
        conn.prepare_cached(&format!("SELECT {COLUMNS} FROM erasure WHERE person = ?1 AND generation = 0"))?;
    Ok(statement.query_row([person.as_bytes()], read).optional()?)
}

/// Those after so many, oldest first.
pub fn erased_after(conn: &Connection, known: u64, most: usize) -> Result<Vec<Erased>, ServerError> {
    between(conn, known, u64::MAX, most)
}

/// So many, from the first on.
pub fn erased_upto(conn: &Connection, known: u64) -> Result<Vec<Erased>, ServerError> {
    between(conn, 0, known, usize::MAX)
}

fn between(conn: &Connection, after: u64, upto: u64, most: usize) -> Result<Vec<Erased>, ServerError> {
    let sql = format!("SELECT {COLUMNS} FROM erasure WHERE number > ?1 AND number <= ?2 ORDER BY number LIMIT ?3");
    let mut statement = conn.prepare_cached(&sql)?;
    let bound = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    let rows = statement.query_map([bound(after), bound(upto), bound(most as u64)], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Every one of them, in the order of the journal.
pub fn all_erased(conn: &Connection) -> Result<Vec<Erased>, ServerError> {
    erased_after(conn, 0, usize::MAX)
}

/// The petitions whose person this is, where something is written down of it: one, if all are honest.
pub fn petitions_of(conn: &Connection, person: EventId) -> Result<Vec<RecordId>, ServerError> {
    let sql =
        "SELECT DISTINCT r.id FROM identity v JOIN record r ON r.idx = v.record WHERE v.identity = ?1 ORDER BY r.id";
    let mut statement = conn.prepare_cached(sql)?;
    let rows = statement.query_map([person.as_bytes()], |row| Ok(RecordId::from_bytes(row.get(0)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
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
        generation: Some(row.get(3)?).filter(|generation| *generation > 0),
    })
}
