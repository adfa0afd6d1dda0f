//! What is kept of a record that has left: that it was here, and this device's own part of it.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, Transaction, params};
use sync::id::{DeviceId, Hash, RecordId, ServerEpoch};

use super::proofs::{self, KEPT_MILLIS};
use super::{device, pseudonyms, record};
use crate::replica::ReplicaError;

/// Where the log stands as far as this device has followed it, and when.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Standing {
    pub server_epoch: ServerEpoch,
    pub position: u64,
    pub now: i64,
}

/// Lets go of what has left, once nothing of it is unsent, and nothing of it may have to be brought back to the server.
/// What this device, `me`, has written of it is kept as long as the receipts for it: until others have it, only it could
/// bring it back.
pub(crate) fn remove_left(tx: &Transaction<'_>, me: DeviceId, standing: Standing) -> Result<(), ReplicaError> {
    let left: BTreeSet<RecordId> = record::left(tx, standing.now)?.into_iter().collect();
    if left.is_empty() {
        return Ok(());
    }
    let Standing { server_epoch, position, now } = standing;
    let position = i64::try_from(position).unwrap_or(i64::MAX);
    let own = proofs::hashes_by(tx, device::number(tx, me)?, &left)?;
    let mut depart = tx.prepare_cached(
        "INSERT OR REPLACE INTO departed (record, server_epoch, position, at) VALUES (?1, ?2, ?3, ?4)",
    )?;
    let mut keep =
        tx.prepare_cached("INSERT OR IGNORE INTO own_change (hash, record, bytes, at) VALUES (?1, ?2, ?3, ?4)")?;
    for id in left {
        // Of what was logged here under a pseudonym not even that.
        if pseudonyms::of(tx, id)?.is_none() {
            depart.execute(params![id.as_bytes(), server_epoch.as_bytes(), position, now])?;
        }
        if let Some(document) = record::stored(tx, id)?.and_then(|stored| stored.acked) {
            for hash in own.iter().filter(|(record, _)| *record == id).map(|(_, hash)| hash) {
                if let Some(change) = document.change(hash) {
                    keep.execute(params![hash.0, id.as_bytes(), change.raw_bytes(), now])?;
                }
            }
        }
        record::remove(tx, id)?;
    }
    Ok(())
}

/// One of this device's changes of a record that has left.
pub(crate) fn own_change(connection: &Connection, hash: &Hash) -> Result<Option<Vec<u8>>, ReplicaError> {
    let mut select = connection.prepare_cached("SELECT bytes FROM own_change WHERE hash = ?1")?;
    Ok(select.query_row([hash.0], |row| row.get(0)).optional()?)
}

/// The server has been put back from a copy: of the life `followed` it holds everything up to `base`. What has left since
/// may be this device's to hold again.
pub(crate) fn want_again(tx: &Transaction<'_>, followed: ServerEpoch, base: u64) -> Result<(), ReplicaError> {
    let base = i64::try_from(base).unwrap_or(i64::MAX);
    tx.prepare(
        "INSERT OR IGNORE INTO want (record) SELECT record FROM departed WHERE server_epoch <> ?1 OR position > ?2",
    )?
    .execute(params![followed.as_bytes(), base])?;
    Ok(())
}

/// Lets go of what is too old to be of use.
pub(crate) fn forget_old(tx: &Transaction<'_>, now: i64) -> Result<(), ReplicaError> {
    for sql in ["DELETE FROM departed WHERE at < ?1", "DELETE FROM own_change WHERE at < ?1"] {
        tx.prepare_cached(sql)?.execute([now - KEPT_MILLIS])?;
    }
    Ok(())
}
