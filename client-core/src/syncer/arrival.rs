//! Changes that the server has admitted, taken into the records they belong to.

use std::collections::HashSet;

use automerge::Change;
use rusqlite::Transaction;
use sync::document::{Document, Record, change_name, genesis_hash};
use sync::id::{Epoch, EventId, Hash, RecordId};
use sync::model::directory::Directory;

use crate::outbox;
use crate::replica::ReplicaError;
use crate::store::receipts::Arrival;
use crate::store::{record, rows};

/// One admitted change.
pub(super) struct Arrived {
    /// The whole chunk.
    pub bytes: Vec<u8>,
    /// Its hash.
    pub hash: Hash,
    /// When and where it was admitted, and whose it is.
    pub arrival: Arrival,
    /// The life of the database it was written in, when this device wrote it.
    pub own: Option<Epoch>,
    /// It comes as an acknowledgement, not from the log.
    pub acked: bool,
}

/// What came of taking in changes of one record.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Taken {
    /// Changes that were not here in any form.
    pub pulled: u64,
    /// Unsent work must be run again: this device's own stream goes another way at the server.
    pub rebase: bool,
    /// Changes came whose dependencies are not here.
    pub lacks: bool,
    /// Unsent work that turns out to have been done: by an earlier life of this device, or before it was written anew here.
    pub done: u64,
    /// Refused work that turns out to have been done so.
    pub settled: u64,
}

/// Takes changes into one record: its acknowledged document, its receipts, its row. `noted`: when what happened to it came, where
/// the server says so. `fill`: the number of the last fill.
pub(super) fn take(
    tx: &Transaction<'_>,
    id: RecordId,
    arrived: &[Arrived],
    noted: &[(EventId, Arrival)],
    directory: &Directory,
    fill: i64,
) -> Result<Taken, ReplicaError> {
    let mut taken = Taken::default();
    let stored = record::stored(tx, id)?;
    let known_here = stored.is_some();
    let (kind, acked, mut receipts) = match stored {
        Some(stored) => (Some(stored.kind), stored.acked, stored.receipts),
        None => (None, None, Default::default()),
    };
    let mut changes: Vec<Change> = Vec::with_capacity(arrived.len());
    for a in arrived {
        changes.push(Change::try_from(a.bytes.as_slice()).map_err(|_| ReplicaError::Damaged("change"))?);
    }
    let first_dep = changes.first().and_then(|c| c.deps().first()).map(|d| Hash::from(*d));
    let Some(kind) = kind.or_else(|| first_dep.and_then(|d| genesis_hash(&d))) else {
        record::want(tx, id)?;
        return Ok(Taken { lacks: true, ..taken });
    };
    let mut document = acked.unwrap_or_else(|| Document::genesis(kind));
    let pending = if known_here { outbox::count_of(tx, id)? } else { 0 };
    let mut left = pending;
    let mut new: Vec<Change> = Vec::with_capacity(changes.len());
    let mut here: HashSet<Hash> = HashSet::with_capacity(changes.len());
    // By another life of this device, or in a generation that is no more: some of what waits here.
    let (mut done_before, mut moved) = (!noted.is_empty(), false);
    let fresh = known_here && document.changes().is_empty();
    let mut names = Vec::new();
    for (a, change) in arrived.iter().zip(changes) {
        let had = here.contains(&a.hash) || document.has(&a.hash);
        let stands = |d: &automerge::ChangeHash| here.contains(&Hash::from(*d)) || document.has(&Hash::from(*d));
        if !had && !change.deps().iter().all(stands) {
            taken.lacks = true;
            continue;
        }
        let was_unsent = left > 0 && outbox::remove_hash(tx, id, a.hash)?;
        left -= i64::from(was_unsent);
        if had {
            // Its first place in the log is the true one: a server put back from a copy may have given it another.
            moved |= receipts.note(&change, a.arrival);
            continue;
        }
        // An acknowledged change that does not wait under its name was written anew since it was sent.
        if let Some(epoch) = a.own.filter(|_| !was_unsent) {
            done_before = true;
            names.extend(change_name(&change));
            taken.rebase |= left > 0 && outbox::pending_of(tx, id)?.iter().any(|(_, _, e, _)| *e == epoch);
        }
        taken.pulled += u64::from(!was_unsent && !a.acked);
        receipts.note(&change, a.arrival);
        here.insert(a.hash);
        new.push(change);
    }
    for (event, arrival) in noted {
        receipts.came(*event, *arrival);
        moved = true;
    }
    if fresh && !new.is_empty() {
        record::take_anew(tx, id)?;
    }
    // What is wanted stays so until a whole response has come: this may be the first part of a long record.
    if taken.lacks {
        record::want(tx, id)?;
    }
    if known_here && arrived.iter().any(|a| !a.acked) {
        record::set_leaving(tx, id, false)?;
    }
    if new.is_empty() && left == pending && !moved {
        record::mark(tx, id, fill)?;
        return Ok(taken);
    }
    if document.apply(new).is_err() {
        // One stream goes two ways: a server and a device were both put back from copies. What is there now is the server's.
        record::forget_acked(tx, id)?;
        record::want(tx, id)?;
        return Ok(Taken { lacks: true, ..taken });
    }
    record::put_acked(tx, id, kind, &document, &receipts, fill)?;
    if done_before {
        let settled = outbox::settle(tx, id, &Record::read(&document, kind)?, &names)?;
        left -= settled.pending;
        taken.done = settled.pending.unsigned_abs();
        taken.settled = settled.refused;
        taken.rebase |= left > 0;
    }
    if !taken.rebase {
        let merged = if left > 0 { record::with_unsent(tx, id, kind, Some(&document))? } else { None };
        let read = Record::read(merged.as_ref().unwrap_or(&document), kind)?;
        rows::put(tx, id, &read, &receipts, left, directory)?;
    }
    Ok(taken)
}
