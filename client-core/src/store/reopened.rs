//! What this device has opened for others who are entrusted with the same, until the server has their locks.

use rusqlite::{Connection, Transaction, params};
use sync::id::{DeviceId, EventId};
use sync::identity::DataKey;
use sync::wire::SignedVersion;

use crate::replica::ReplicaError;

/// One of them.
#[derive(Debug, Clone)]
pub(crate) struct Reopened {
    /// The version's head: its body is left out.
    pub signed: SignedVersion,
    /// Who is to be let in.
    pub to: DeviceId,
    /// Its key.
    pub key: DataKey,
}

/// Keeps it.
pub(crate) fn put(tx: &Transaction<'_>, reopened: &Reopened) -> Result<(), ReplicaError> {
    let Reopened { signed, to, key } = reopened;
    let head = minicbor::to_vec(signed).map_err(|_| ReplicaError::Damaged("reopened"))?;
    tx.prepare_cached("INSERT OR REPLACE INTO reopened (version, device, signed, key) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![signed.version.as_bytes(), to.as_bytes(), head, key.0])?;
    Ok(())
}

/// What waits.
pub(crate) fn all(connection: &Connection, most: usize) -> Result<Vec<Reopened>, ReplicaError> {
    let mut select =
        connection.prepare_cached("SELECT signed, device, key FROM reopened ORDER BY version, device LIMIT ?1")?;
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let rows = select.query_map([most], |row| {
        Ok((row.get::<_, Vec<u8>>(0)?, DeviceId::from_bytes(row.get(1)?), DataKey(row.get(2)?)))
    })?;
    rows.map(|row| {
        let (head, to, key) = row?;
        let signed = minicbor::decode(&head).map_err(|_| ReplicaError::Damaged("reopened"))?;
        Ok(Reopened { signed, to, key })
    })
    .collect()
}

/// The server has it, or nobody is to be let in any more.
pub(crate) fn forget(tx: &Transaction<'_>, version: EventId, to: DeviceId) -> Result<(), ReplicaError> {
    tx.prepare_cached("DELETE FROM reopened WHERE version = ?1 AND device = ?2")?
        .execute(params![version.as_bytes(), to.as_bytes()])?;
    Ok(())
}
