//! What a replica has and asks for, over the network and by a courier alike.

use std::collections::HashSet;

use minicbor::bytes::ByteArray;
use rusqlite::Transaction;
use sync::id::{Epoch, RecordId};
use sync::wire::{MAX_TOMBSTONES, PROTOCOL_VERSION, SyncRequest};

use super::exchange::Rng;
use crate::replica::{Replica, ReplicaError};
use crate::store::{erased, meta, proofs, record};

/// What the replica has and asks for, without what it brings. `asked`: records it has asked for in vain.
pub(super) fn request_of(replica: &Replica, asked: &HashSet<RecordId>) -> Result<SyncRequest, ReplicaError> {
    let connection = &replica.connection;
    let wants: Vec<RecordId> =
        record::wants(connection)?.into_iter().filter(|w| !asked.contains(w)).take(1000).collect();
    let (cursor, fill) = (meta::cursor(connection)?, meta::fill(connection)?);
    let said = cursor.is_some() || fill.is_some();
    let (erased, sum) = erased::sum(connection)?;
    let bring = meta::bring_tombstones(connection)?;
    Ok(SyncRequest {
        version: PROTOCOL_VERSION,
        tenant: Some(replica.identity.tenant),
        cursor,
        fill,
        life: if said { None } else { meta::life(connection)? },
        wants: (!wants.is_empty()).then_some(wants),
        own: meta::own(connection)?,
        keys: meta::tenant_keys(connection)?.map(|keys| keys.mark()),
        erased: Some(erased).filter(|n| *n > 0),
        erased_sum: (erased > 0).then_some(ByteArray::from(sum)),
        tombstones: bring.then(|| erased::all(connection, MAX_TOMBSTONES)).transpose()?,
        ..SyncRequest::default()
    })
}

/// Records that have left as far as this device knows, and of which the server says nothing when it is asked: it has lost
/// them. What can be proved is brought back; of what cannot, this is the only copy, and it stays.
pub(super) fn ask_before_they_go(tx: &Transaction<'_>, unsaid: Vec<RecordId>, now: i64) -> Result<(), ReplicaError> {
    let leaving = record::leaving(tx, unsaid)?;
    let provable = proofs::offer_records(tx, &leaving, i64::MIN, now)?;
    leaving.difference(&provable).try_for_each(|id| record::set_leaving(tx, *id, false))
}

/// A life of the database that was never before.
pub(super) fn fresh_epoch(rng: Rng<'_>) -> Epoch {
    let mut epoch = [0; 16];
    rng(&mut epoch);
    Epoch::from_bytes(epoch)
}
