//! Work that turns out to be done already: by an earlier life of this device, which a copy has forgotten.

use std::collections::HashSet;

use automerge::Change;
use rusqlite::{Connection, Transaction};
use sync::document::{Record, genesis_hash};
use sync::id::{EventId, Hash, RecordId};

use super::entry::{bytes_of, read_command, totals_of};
use crate::replica::ReplicaError;
use crate::store::record;

/// What was taken out of the outbox.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Settled {
    /// Waited to be sent.
    pub pending: i64,
    /// Waited for its author.
    pub refused: u64,
}

/// Whether a record's unsent changes stand on what is here: each on what the server has admitted, or on one before it.
pub(crate) fn stands(connection: &Connection, id: RecordId) -> Result<bool, ReplicaError> {
    let unsent = bytes_of(connection, id)?;
    if unsent.is_empty() {
        return Ok(true);
    }
    let acked = record::stored(connection, id)?.and_then(|stored| stored.acked);
    let mut earlier: HashSet<Hash> = HashSet::new();
    for bytes in unsent {
        let change = Change::try_from(bytes.as_slice()).map_err(|_| ReplicaError::Damaged("outbox.bytes"))?;
        let here = |dep: &Hash| {
            earlier.contains(dep) || genesis_hash(dep).is_some() || acked.as_ref().is_some_and(|a| a.has(dep))
        };
        if !change.deps().iter().all(|dep| here(&Hash::from(*dep))) {
            return Ok(false);
        }
        earlier.insert(Hash::from(change.hash()));
    }
    Ok(true)
}

/// Takes out what the record, as the server has it, already says. `names`: what changes of this device that have come are
/// called.
pub(crate) fn settle(
    tx: &Transaction<'_>,
    id: RecordId,
    record: &Record,
    names: &[EventId],
) -> Result<Settled, ReplicaError> {
    let mut settled = Settled::default();
    if totals_of(tx, id)? == 0 {
        return Ok(settled);
    }
    let mut select = tx.prepare_cached("SELECT seq, state, command FROM outbox WHERE record = ?1")?;
    let rows = select.query_map([id.as_bytes()], |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?))
    })?;
    let rows: Vec<_> = rows.collect::<rusqlite::Result<_>>()?;
    for (seq, state, command) in rows {
        if read_command(&command)?.is_done_in(record, names) {
            tx.prepare_cached("DELETE FROM outbox WHERE seq = ?1")?.execute([seq])?;
            let pending = state == "pending";
            settled.pending += i64::from(pending);
            settled.refused += u64::from(!pending);
        }
    }
    Ok(settled)
}
