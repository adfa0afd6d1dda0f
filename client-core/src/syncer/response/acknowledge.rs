//! Acknowledgements: what becomes of the outbox.

use std::collections::BTreeSet;

use minicbor::bytes::ByteArray;
use sync::pseudonym::device_of;
use sync::reason::Reason;
use sync::wire::{Ack, RefusalCode};

use super::frame_work::{Commit, Work};
use super::{InResponse, PushedChange};
use crate::outbox;
use crate::store::proofs::{self, Item};
use crate::store::receipts::Arrival;
use crate::store::{device, record};
use crate::syncer::arrival::Arrived;
use crate::syncer::error::SyncError;
use crate::syncer::report::SyncReport;

impl InResponse {
    /// What became of one pushed change.
    pub(super) fn acknowledge(
        &mut self,
        commit: &Commit<'_, '_>,
        ack: Ack,
        work: &mut Work,
        counts: &mut SyncReport,
    ) -> Result<(), SyncError> {
        let pushed = self.pushed.get(self.acked).ok_or_else(|| SyncError::Protocol("ack".to_owned()))?;
        self.acked += 1;
        // Read now: since it was sent it may have been answered otherwise, or written anew.
        let waits = outbox::is_pending(commit.tx, pushed.hash)?;
        let own_number = match &pushed.pseudonym {
            Some(key) => device::put(commit.tx, device_of(key), key, "")?,
            None => work.own_number.ok_or(crate::replica::ReplicaError::Damaged("device"))?,
        };
        if let Ack::Accepted { position, received } | Ack::Duplicate { position, received } = ack {
            let PushedChange { record, hash, epoch, pseudonym, .. } = *pushed;
            let item = Item { record, hash: ByteArray::from(hash.0), device: own_number, epoch, position, received };
            let me = commit.identity;
            match &pseudonym {
                // It was the only one that could tell whose it is: of this frame nothing is kept.
                Some(key) => {
                    work.proof.add(item, device_of(key), key, "");
                    work.veiled = true;
                }
                None => work.proof.add(item, me.device, &commit.own_key, me.user.as_str()),
            }
        }
        let change = pushed;
        match ack {
            // The server has it, whatever has become of it here: it is taken in, and what stands for it in the outbox goes.
            Ack::Accepted { position, received } | Ack::Duplicate { position, received } => {
                counts.pushed += u64::from(waits);
                counts.sealed += u64::from(waits && pushed.pseudonym.is_some());
                let Some(bytes) = change.bytes.clone() else {
                    // It does not come down by itself: the server says of it that it is here.
                    let stored = record::stored(commit.tx, change.record)?;
                    if stored.is_some_and(|stored| !stored.acked.is_some_and(|document| document.has(&change.hash))) {
                        record::want(commit.tx, change.record)?;
                    }
                    return Ok(());
                };
                work.acked.push(position);
                let arrived = Arrived {
                    bytes,
                    hash: change.hash,
                    arrival: Arrival { device: own_number, received, position },
                    own: Some(change.epoch),
                    acked: true,
                };
                work.add(change.record, arrived);
            }
            _ if !waits => {}
            // Done by an earlier life of this device: it leaves the outbox when the record comes as it is, or is not to be
            // kept.
            Ack::Known => {
                record::want(commit.tx, change.record)?;
                self.known.push((change.record, change.hash));
            }
            // What the server lacks it will have when it has sent all that it holds, and this is sent again.
            Ack::Waiting { deps } => {
                record::want(commit.tx, change.record)?;
                // It once had what it says it lacks.
                let acked = record::stored(commit.tx, change.record)?.and_then(|stored| stored.acked);
                if acked.is_some_and(|document| deps.iter().any(|dep| document.has(dep))) {
                    let record = BTreeSet::from([change.record]);
                    proofs::offer_records(commit.tx, &record, i64::MIN, commit.now)?;
                }
            }
            // Not this work is refused, but the stream it was written in, or what it stands on: it is run again.
            Ack::Refused { code: RefusalCode::ActorReused | RefusalCode::Ancestor, .. } => {
                work.rebase.insert(change.record);
            }
            // It was done once, and what it said has been taken out since: the petition comes as it is without it.
            Ack::Refused { reason, .. } if reason == Reason::words_erased() => {
                record::want(commit.tx, change.record)?;
                self.known.push((change.record, change.hash));
            }
            Ack::Refused { code, reason } => {
                counts.refused += u64::from(outbox::refuse(commit.tx, change.hash, code, &reason)?);
                work.rebase.insert(change.record);
            }
        }
        Ok(())
    }
}
