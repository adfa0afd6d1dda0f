//! What happened, entry by entry.

use minicbor::bytes::ByteArray;
use rusqlite::Transaction;
use sync::document::directory::record_of;
use sync::id::{ActorId, Epoch, RecordId};
use sync::wire::{DeviceRow, Entry};

use super::frame_work::{Commit, Work};
use super::{Author, InResponse};
use crate::outbox;
use crate::store::proofs::Item;
use crate::store::receipts::Arrival;
use crate::store::{device, record};
use crate::syncer::arrival::{Arrived, take};
use crate::syncer::error::SyncError;
use crate::syncer::report::SyncReport;

impl InResponse {
    pub(super) fn extend_tables(
        &mut self,
        tx: &Transaction<'_>,
        devices: Vec<DeviceRow>,
        epochs: Vec<Epoch>,
    ) -> Result<(), SyncError> {
        for row in devices {
            let key = *row.key;
            let number = device::put(tx, row.device, &key, &row.user)?;
            self.authors.push(Author { number, device: row.device, key, user: row.user });
        }
        self.epochs.extend(epochs);
        Ok(())
    }

    pub(super) fn enter(
        &mut self,
        commit: &mut Commit<'_, '_>,
        entry: Entry,
        work: &mut Work,
        counts: &mut SyncReport,
    ) -> Result<(), SyncError> {
        let wrong = |what: &str| SyncError::Protocol(what.to_owned());
        match entry {
            Entry::Change { record, device, epoch, position, received, body } => {
                let record = record.or(self.record).ok_or_else(|| wrong("record"))?;
                let author = self.authors.get(device as usize).ok_or_else(|| wrong("device"))?;
                let epoch = *self.epochs.get(epoch as usize).ok_or_else(|| wrong("epoch"))?;
                self.record = Some(record);
                self.position += position;
                self.received += received;
                let actor = ActorId::derive(&author.key, record, epoch);
                let (bytes, hash) =
                    self.unstripper.rebuild(record, actor, &body).map_err(|e| SyncError::Protocol(e.to_string()))?;
                let position = u64::try_from(self.position).map_err(|_| wrong("position"))?;
                let arrival = Arrival { device: author.number, received: self.received, position };
                let item = Item {
                    record,
                    hash: ByteArray::from(hash.0),
                    device: author.number,
                    epoch,
                    position,
                    received: self.received,
                };
                work.proof.add(item, author.device, &author.key, &author.user);
                let own = (author.device == commit.identity.device).then_some(epoch);
                work.add(record, Arrived { bytes, hash, arrival, own, acked: false });
            }
            Entry::Noted { record, arrivals } => {
                let known = arrivals.into_iter().map(|noted| {
                    let author = self.authors.get(noted.device as usize).ok_or_else(|| wrong("device"))?;
                    let arrival = Arrival { device: author.number, received: noted.received, position: noted.position };
                    Ok((noted.event, arrival))
                });
                let known = known.collect::<Result<Vec<_>, SyncError>>()?;
                self.record = Some(record);
                work.noted.insert(record, known);
            }
            Entry::Leave { record: id } => {
                self.record = Some(id);
                if let Some(arrived) = work.remove(id) {
                    self.take(commit, id, &arrived, work, counts)?;
                }
                record::set_leaving(commit.tx, id, true)?;
                record::unwant(commit.tx, id)?;
                for (_, hash) in self.known.extract_if(.., |(record, _)| *record == id) {
                    counts.pushed += u64::from(outbox::remove_hash(commit.tx, id, hash)?);
                    work.rebase.insert(id);
                }
            }
        }
        Ok(())
    }

    pub(super) fn take(
        &mut self,
        commit: &mut Commit<'_, '_>,
        id: RecordId,
        arrived: &[Arrived],
        work: &mut Work,
        counts: &mut SyncReport,
    ) -> Result<(), SyncError> {
        let noted = work.noted.get(&id).map(Vec::as_slice).unwrap_or_default();
        let taken = take(commit.tx, id, arrived, noted, &commit.directory().directory, commit.fill)?;
        counts.pulled += taken.pulled;
        counts.pushed += taken.done;
        work.settled += taken.settled;
        if taken.rebase {
            work.rebase.insert(id);
        }
        if taken.lacks {
            self.lacking.insert(id);
        } else {
            self.lacking.remove(&id);
        }
        // With unsent work that goes another way it cannot be read until that is run again, at the end of the frame.
        if id == record_of(commit.identity.tenant) && !taken.rebase {
            commit.reload_directory()?;
        }
        Ok(())
    }
}
