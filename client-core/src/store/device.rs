//! Devices as authors are known: from enrolment (its own) and from the frames.

use rusqlite::{Connection, OptionalExtension, Transaction, params};
use sync::id::DeviceId;

use crate::replica::ReplicaError;

/// Remembers a device and tells its number in this database.
pub(crate) fn put(tx: &Transaction<'_>, device: DeviceId, key: &[u8; 32], user: &str) -> Result<i64, ReplicaError> {
    let mut insert = tx.prepare_cached(
        "INSERT INTO device (device, key, user) VALUES (?1, ?2, ?3)
         ON CONFLICT (device) DO UPDATE SET key = excluded.key, user = excluded.user RETURNING id",
    )?;
    Ok(insert.query_row(params![device.as_bytes(), key, user], |row| row.get(0))?)
}

/// The device with a number.
pub(crate) fn device(connection: &Connection, number: i64) -> Result<Option<DeviceId>, ReplicaError> {
    let mut select = connection.prepare_cached("SELECT device FROM device WHERE id = ?1")?;
    let bytes: Option<[u8; 16]> = select.query_row([number], |row| row.get(0)).optional()?;
    Ok(bytes.map(DeviceId::from_bytes))
}

/// What a device signs with; none for one that has written nothing that came here.
pub(crate) fn key(connection: &Connection, device: DeviceId) -> Result<Option<[u8; 32]>, ReplicaError> {
    let mut select = connection.prepare_cached("SELECT key FROM device WHERE device = ?1")?;
    Ok(select.query_row([device.as_bytes()], |row| row.get(0)).optional()?)
}

/// The number of a device.
pub(crate) fn number(connection: &Connection, device: DeviceId) -> Result<Option<i64>, ReplicaError> {
    let mut select = connection.prepare_cached("SELECT id FROM device WHERE device = ?1")?;
    Ok(select.query_row([device.as_bytes()], |row| row.get(0)).optional()?)
}
