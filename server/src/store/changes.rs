//! The log's changes: immutable rows in order of position.

use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use sync::id::{ActorId, Epoch, Hash};

use crate::error::ServerError;

/// A change as it is kept.
#[derive(Debug, Clone)]
pub struct StoredChange {
    /// Its place in the log.
    pub position: u64,
    /// Its record's number.
    pub record: i64,
    /// Its author's device's number.
    pub device: i64,
    /// The life of that device's database.
    pub epoch: Epoch,
    /// When the server took it, milliseconds.
    pub received_at: i64,
    /// The whole chunk.
    pub bytes: Vec<u8>,
}

/// Where a change already is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Its position.
    pub position: u64,
    /// When the server took it, milliseconds.
    pub received_at: i64,
}

const COLUMNS: &str = "position, record, device, epoch, received_at, bytes";

fn read(row: &Row<'_>) -> rusqlite::Result<StoredChange> {
    let epoch: [u8; 16] = row.get(3)?;
    Ok(StoredChange {
        position: row.get(0)?,
        record: row.get(1)?,
        device: row.get(2)?,
        epoch: Epoch::from_bytes(epoch),
        received_at: row.get(4)?,
        bytes: row.get(5)?,
    })
}

/// The last position given.
pub fn position(conn: &Connection) -> Result<u64, ServerError> {
    Ok(conn.prepare_cached("SELECT position FROM counter")?.query_row([], |r| r.get(0))?)
}

/// Takes the next position.
pub fn next_position(tx: &Transaction<'_>) -> Result<u64, ServerError> {
    let sql = "UPDATE counter SET position = position + 1 RETURNING position";
    Ok(tx.prepare_cached(sql)?.query_row([], |r| r.get(0))?)
}

/// Appends a change.
#[expect(clippy::too_many_arguments, reason = "a row has these columns")]
pub fn add_change(
    tx: &Transaction<'_>,
    place: Place,
    record: i64,
    hash: &Hash,
    actor: ActorId,
    seq: u64,
    device: i64,
    epoch: Epoch,
    bytes: &[u8],
    signature: &[u8],
) -> Result<(), ServerError> {
    tx.prepare_cached("INSERT INTO change VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)")?.execute(params![
        place.position,
        record,
        hash.0,
        actor.0,
        seq,
        device,
        epoch.as_bytes(),
        place.received_at,
        bytes,
        signature
    ])?;
    Ok(())
}

/// Where a change is, if it is there.
pub fn change_place(conn: &Connection, record: i64, hash: &Hash) -> Result<Option<Place>, ServerError> {
    let mut statement =
        conn.prepare_cached("SELECT position, received_at FROM change WHERE record = ?1 AND hash = ?2")?;
    let place =
        statement.query_row(params![record, hash.0], |r| Ok(Place { position: r.get(0)?, received_at: r.get(1)? }));
    Ok(place.optional()?)
}

/// The position of a change by its actor's stream, if that has one of this number.
pub fn in_stream(conn: &Connection, record: i64, actor: ActorId, seq: u64) -> Result<Option<u64>, ServerError> {
    let mut statement =
        conn.prepare_cached("SELECT position FROM change WHERE record = ?1 AND actor = ?2 AND seq = ?3")?;
    Ok(statement.query_row(params![record, actor.0, seq], |r| r.get(0)).optional()?)
}

/// Whether a position is no change's.
pub fn is_free(conn: &Connection, position: u64) -> Result<bool, ServerError> {
    Ok(!conn.prepare_cached("SELECT 1 FROM change WHERE position = ?1")?.exists([position])?)
}

/// Gives a change another place.
pub fn move_to(tx: &Transaction<'_>, from: u64, to: Place) -> Result<(), ServerError> {
    tx.prepare_cached("UPDATE change SET position = ?2, received_at = ?3 WHERE position = ?1")?.execute(params![
        from,
        to.position,
        to.received_at
    ])?;
    Ok(())
}

/// Whether a change is there without its author's signature.
pub fn is_unsigned(conn: &Connection, position: u64) -> Result<bool, ServerError> {
    let mut statement = conn.prepare_cached("SELECT 1 FROM change WHERE position = ?1 AND length(signature) = 0")?;
    Ok(statement.exists([position])?)
}

/// Puts the author's signature to a change that was taken in again without it.
pub fn sign_change(tx: &Transaction<'_>, position: u64, signature: &[u8; 64]) -> Result<(), ServerError> {
    tx.prepare_cached("UPDATE change SET signature = ?2 WHERE position = ?1 AND length(signature) = 0")?
        .execute(params![position, signature.as_slice()])?;
    Ok(())
}

/// Whether a change, of which the beginning of the hash is known, is at a position. For its author it is not there while
/// it lacks the author's signature.
pub fn is_present(conn: &Connection, position: u64, hash: &[u8], device: i64) -> Result<bool, ServerError> {
    let sql = "SELECT 1 FROM change WHERE position = ?1 AND substr(hash, 1, ?4) = ?2
               AND NOT (device = ?3 AND length(signature) = 0)";
    Ok(conn.prepare_cached(sql)?.exists(params![position, hash, device, hash.len()])?)
}

/// Every change of a record up to a position, in order.
pub fn changes_of_record(conn: &Connection, record: i64, upto: u64) -> Result<Vec<StoredChange>, ServerError> {
    let sql = format!("SELECT {COLUMNS} FROM change WHERE record = ?1 AND position <= ?2 ORDER BY position");
    let mut statement = conn.prepare_cached(&sql)?;
    let rows = statement.query_map(params![record, upto], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The change at a position.
pub fn changes_of(conn: &Connection, position: u64) -> Result<StoredChange, ServerError> {
    let sql = format!("SELECT {COLUMNS} FROM change WHERE position = ?1");
    Ok(conn.prepare_cached(&sql)?.query_row([position], read)?)
}
