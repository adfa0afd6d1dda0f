//! Who spoke, as it lies here: sealed.

use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use sync::id::{EventId, RecordId};
use sync::identity::Version;
use sync::signed::SignatureBytes;

use crate::error::ServerError;

/// One version with what belongs to it.
#[derive(Debug, Clone)]
pub struct StoredVersion {
    /// As its author signed it.
    pub version: Version,
    /// The author's device, by its number here.
    pub device: i64,
    /// Its signature.
    pub signature: SignatureBytes,
    /// Its key, locked for the tenant; empty for a sealed petition's.
    pub locked: Vec<u8>,
}

impl StoredVersion {
    /// Whether it belongs to a sealed petition.
    pub fn is_sealed(&self) -> bool {
        self.locked.is_empty()
    }

    /// Whether it holds a sealed petition's words, and no person.
    pub fn is_words(&self) -> bool {
        self.is_sealed() && self.version.is_words()
    }
}

const COLUMNS: &str = "v.version, v.identity, r.id, v.after, v.at, v.body, v.device, v.signature, v.locked";

fn ids(bytes: &[u8]) -> Vec<EventId> {
    bytes.chunks_exact(16).filter_map(|c| c.try_into().ok()).map(EventId::from_bytes).collect()
}

fn read(row: &Row<'_>) -> rusqlite::Result<StoredVersion> {
    let after: Vec<u8> = row.get(3)?;
    Ok(StoredVersion {
        version: Version {
            version: EventId::from_bytes(row.get(0)?),
            identity: EventId::from_bytes(row.get(1)?),
            record: RecordId::from_bytes(row.get(2)?),
            after: ids(&after),
            at: row.get(4)?,
            body: row.get(5)?,
        },
        device: row.get(6)?,
        signature: row.get(7)?,
        locked: row.get(8)?,
    })
}

/// One version by its id.
pub fn version(conn: &Connection, id: EventId) -> Result<Option<StoredVersion>, ServerError> {
    let sql = format!("SELECT {COLUMNS} FROM identity v JOIN record r ON r.idx = v.record WHERE v.version = ?1");
    Ok(conn.prepare_cached(&sql)?.query_row([id.as_bytes()], read).optional()?)
}

/// Every version of who raised a petition, oldest first.
pub fn versions_of(conn: &Connection, record: i64) -> Result<Vec<StoredVersion>, ServerError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM identity v JOIN record r ON r.idx = v.record WHERE v.record = ?1
         ORDER BY v.received_at, v.version"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let rows = statement.query_map([record], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The ids of all versions.
pub fn all_versions(conn: &Connection) -> Result<Vec<EventId>, ServerError> {
    let mut statement = conn.prepare("SELECT version FROM identity ORDER BY version")?;
    let rows = statement.query_map([], |row| Ok(EventId::from_bytes(row.get(0)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Locks a version's key for another tenant's key.
pub fn lock_version(tx: &Transaction<'_>, id: EventId, locked: &[u8]) -> Result<(), ServerError> {
    tx.prepare_cached("UPDATE identity SET locked = ?2 WHERE version = ?1")?.execute(params![id.as_bytes(), locked])?;
    Ok(())
}

/// Keeps a version; `record` and `device` by their numbers here.
pub fn add_version(
    tx: &Transaction<'_>,
    record: i64,
    stored: &StoredVersion,
    received_at: i64,
) -> Result<(), ServerError> {
    let StoredVersion { version, device, signature, locked } = stored;
    let after: Vec<u8> = version.after.iter().flat_map(|id| *id.as_bytes()).collect();
    tx.prepare_cached(
        "INSERT INTO identity (version, identity, record, device, at, received_at, after, body, signature, locked)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?
    .execute(params![
        version.version.as_bytes(),
        version.identity.as_bytes(),
        record,
        device,
        version.at,
        received_at,
        after,
        version.body,
        signature,
        locked
    ])?;
    Ok(())
}
