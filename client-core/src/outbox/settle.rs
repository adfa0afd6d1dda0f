//! Work that turns out to be done already: by an earlier life of this device, which a copy has forgotten.

use rusqlite::Transaction;
use sync::document::Record;
use sync::id::RecordId;

use super::entry::{read_command, totals_of};
use crate::replica::ReplicaError;

/// What was taken out of the outbox.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Settled {
    /// Waited to be sent.
    pub pending: i64,
    /// Waited for its author.
    pub refused: u64,
}

/// Takes out what the record, as the server has it, already says.
pub(crate) fn settle(tx: &Transaction<'_>, id: RecordId, record: &Record) -> Result<Settled, ReplicaError> {
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
        if read_command(&command)?.is_done_in(record) {
            tx.prepare_cached("DELETE FROM outbox WHERE seq = ?1")?.execute([seq])?;
            let pending = state == "pending";
            settled.pending += i64::from(pending);
            settled.refused += u64::from(!pending);
        }
    }
    Ok(settled)
}
