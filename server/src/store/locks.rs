//! Whom a sealed petition's keys are locked for. The server can open none of these locks.

use rusqlite::{Connection, OptionalExtension, Transaction, params};
use sync::id::{DeviceId, EventId, RecordId};

use crate::error::ServerError;

/// The recovery key in the place of a device's number.
pub const RECOVERY: i64 = 0;

/// Keeps a lock; one that is there stays as it is. Tells whether it is new.
pub fn add_lock(tx: &Transaction<'_>, version: EventId, device: i64, locked: &[u8]) -> Result<bool, ServerError> {
    let sql = "INSERT OR IGNORE INTO identity_lock (version, device, locked) VALUES (?1, ?2, ?3)";
    Ok(tx.prepare_cached(sql)?.execute(params![version.as_bytes(), device, locked])? > 0)
}

/// A lock that is none.
pub fn drop_lock(tx: &Transaction<'_>, version: EventId, device: i64) -> Result<(), ServerError> {
    tx.prepare_cached("DELETE FROM identity_lock WHERE version = ?1 AND device = ?2")?
        .execute(params![version.as_bytes(), device])?;
    Ok(())
}

/// The version with a sealed petition's words, where there is a lock for a device.
pub fn words_for(conn: &Connection, record: RecordId, device: i64) -> Result<Option<EventId>, ServerError> {
    let sql = "SELECT v.version FROM identity v JOIN identity_lock l ON l.version = v.version
               WHERE v.identity = ?1 AND l.device = ?2";
    let id: Option<[u8; 16]> =
        conn.prepare_cached(sql)?.query_row(params![record.as_bytes(), device], |row| row.get(0)).optional()?;
    Ok(id.map(EventId::from_bytes))
}

/// A version's key, locked for a device.
pub fn lock_for(conn: &Connection, version: EventId, device: i64) -> Result<Option<Vec<u8>>, ServerError> {
    let sql = "SELECT locked FROM identity_lock WHERE version = ?1 AND device = ?2";
    Ok(conn.prepare_cached(sql)?.query_row(params![version.as_bytes(), device], |row| row.get(0)).optional()?)
}

/// Versions in a feed that one can open and another cannot, oldest first.
pub fn unlocked_for(
    conn: &Connection,
    feed: i64,
    opens: i64,
    other: i64,
    pass_over: u64,
    most: usize,
) -> Result<Vec<EventId>, ServerError> {
    let mut statement = conn.prepare_cached(
        "SELECT v.version FROM member m JOIN identity v ON v.record = m.record
         WHERE m.feed = ?1
           AND EXISTS (SELECT 1 FROM identity_lock l WHERE l.version = v.version AND l.device = ?2)
           AND NOT EXISTS (SELECT 1 FROM identity_lock l WHERE l.version = v.version AND l.device = ?3)
         ORDER BY v.received_at, v.version LIMIT ?4 OFFSET ?5",
    )?;
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let pass_over = i64::try_from(pass_over).unwrap_or(i64::MAX);
    let rows = statement
        .query_map(params![feed, opens, other, most, pass_over], |row| Ok(EventId::from_bytes(row.get(0)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The devices of somebody that may speak: number, id, receiving key.
pub fn speaking_devices(conn: &Connection, user: &str) -> Result<Vec<(i64, DeviceId, [u8; 32])>, ServerError> {
    let mut statement = conn.prepare_cached(
        "SELECT idx, id, receiving_key FROM device WHERE user = ?1 AND known = 1 AND revoked_at IS NULL
           AND (needs_approval = 0 OR approved_at IS NOT NULL) ORDER BY idx",
    )?;
    let rows = statement.query_map([user], |row| Ok((row.get(0)?, DeviceId::from_bytes(row.get(1)?), row.get(2)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
