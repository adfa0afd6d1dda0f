//! Petitions whose words were taken out: the present generation of their documents.

use rusqlite::{Connection, OptionalExtension, Transaction, params};
use sync::id::{Hash, RecordId};

use super::records::EventReceipts;
use crate::error::ServerError;

/// What is known of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rewritten {
    /// From 1.
    pub generation: u32,
    /// The change it begins with: no other creates this record any more.
    pub creation: Hash,
    /// When what happened before came.
    pub receipts: EventReceipts,
}

/// The present generation of a record's document; none where nothing was ever taken out.
pub fn rewritten(conn: &Connection, record: RecordId) -> Result<Option<Rewritten>, ServerError> {
    let mut statement =
        conn.prepare_cached("SELECT generation, creation, receipts FROM rewritten WHERE record = ?1")?;
    let row =
        statement.query_row([record.as_bytes()], |row| Ok((row.get(0)?, Hash(row.get(1)?), row.get::<_, Vec<u8>>(2)?)));
    let Some((generation, creation, receipts)) = row.optional()? else { return Ok(None) };
    let receipts = EventReceipts::read(&receipts).ok_or(ServerError::Stored("receipt"))?;
    Ok(Some(Rewritten { generation, creation, receipts }))
}

/// Every record there is one of.
pub fn all_rewritten(conn: &Connection) -> Result<Vec<RecordId>, ServerError> {
    let mut statement = conn.prepare("SELECT record FROM rewritten ORDER BY record")?;
    let rows = statement.query_map([], |row| Ok(RecordId::from_bytes(row.get(0)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Another generation begins: all changes of the former one go, overwritten, with the lines that show them.
pub fn begin_generation(
    tx: &Transaction<'_>,
    record: RecordId,
    index: Option<i64>,
    rewritten: &Rewritten,
) -> Result<(), ServerError> {
    tx.pragma_update(None, "secure_delete", true)?;
    if let Some(index) = index {
        // kind 0: a change. What entered and what left stays: it tells no words.
        tx.execute("DELETE FROM feed_entry WHERE record = ?1 AND kind = 0", [index])?;
        tx.execute("DELETE FROM change WHERE record = ?1", [index])?;
    }
    tx.execute("DELETE FROM refused WHERE record = ?1", [record.as_bytes()])?;
    let receipts = minicbor::to_vec(&rewritten.receipts).map_err(|_| ServerError::Stored("receipt"))?;
    tx.execute(
        "INSERT OR REPLACE INTO rewritten (record, generation, creation, receipts) VALUES (?1, ?2, ?3, ?4)",
        params![record.as_bytes(), rewritten.generation, rewritten.creation.0, receipts],
    )?;
    Ok(())
}
