//! Whether this device and the server hold the same, and what is done where they do not.
//!
//! The last frame of every response has one digest over all that the device may hold. Where this device's own is another,
//! 256 buckets are compared, then the records of those that differ: what the server has is asked for, what the device can
//! prove is offered.

use std::collections::{BTreeMap, BTreeSet};

use minicbor::bytes::ByteVec;
use sync::digest::{DigestBytes, bucket_of, bucket_sums, toggle};
use sync::id::RecordId;
use sync::wire::Held;

use super::response::{Compared, InResponse};
use crate::replica::{Replica, ReplicaError};
use crate::store::{device, meta, proofs, record};

/// The comparing of one sync.
#[derive(Default)]
pub(super) struct Comparison {
    /// What the next request asks for.
    ask: Option<ByteVec>,
    /// How often it has been gone into.
    rounds: u8,
}

/// More buckets than this are not gone into at once: their records must fit in a frame.
const MAX_BUCKETS: usize = 64;
/// More often than this nothing more would be found in one sync.
const MAX_ROUNDS: u8 = 4;

impl Comparison {
    /// What a request asks for.
    pub(super) fn ask(&mut self) -> Option<ByteVec> {
        self.ask.take()
    }

    /// The answer did not come.
    pub(super) fn unheard(&mut self, asked: Option<ByteVec>) {
        self.ask = asked.or(self.ask.take());
    }

    /// Whether there is something to ask.
    pub(super) fn asks(&self) -> bool {
        self.ask.is_some()
    }

    /// A whole response has come. Tells whether something was found that has to be asked for or brought.
    pub(super) fn heard(
        &mut self,
        replica: &mut Replica,
        response: &mut InResponse,
        now: i64,
    ) -> Result<bool, ReplicaError> {
        match std::mem::take(&mut response.compared) {
            Compared { held: Some(held), .. } => differing(replica, &held, &std::mem::take(&mut response.checked), now),
            Compared { buckets: Some(buckets), .. } => {
                self.ask = other_buckets(replica, &buckets)?;
                Ok(false)
            }
            Compared { whole: Some(whole), .. } => {
                let Some(both) = difference(replica, whole, now)? else { return Ok(false) };
                if self.rounds == MAX_ROUNDS {
                    // Nobody can mend it now; when either side has changed it is gone into again.
                    let tx = replica.connection.transaction()?;
                    meta::put_disputed(&tx, &both)?;
                    tx.commit()?;
                } else if meta::disputed(&replica.connection)?.is_none_or(|known| known != both) {
                    self.rounds += 1;
                    self.ask = Some(ByteVec::from(Vec::new()));
                }
                Ok(false)
            }
            Compared { .. } => Ok(false),
        }
    }
}

/// Both sides' digests where they differ. While something is still on its way they always do.
fn difference(replica: &mut Replica, whole: DigestBytes, now: i64) -> Result<Option<Vec<u8>>, ReplicaError> {
    let tx = replica.connection.transaction()?;
    if !record::wants(&tx)?.is_empty() || proofs::waiting(&tx, now)?.0 > 0 || meta::filling(&tx)? {
        return Ok(None);
    }
    record::complete_digests(&tx)?;
    let mut sum = DigestBytes::default();
    record::digests(&tx)?.iter().for_each(|(_, digest)| toggle(&mut sum, *digest));
    tx.commit()?;
    Ok((sum != whole).then(|| [sum, whole].concat()))
}

/// The numbers of buckets that are not the same.
fn other_buckets(replica: &Replica, theirs: &[u8]) -> Result<Option<ByteVec>, ReplicaError> {
    let ours = bucket_sums(record::digests(&replica.connection)?);
    let pairs = ours.iter().zip(theirs.chunks(size_of::<DigestBytes>()));
    let other = pairs.enumerate().filter(|(_, (our, their))| our.as_slice() != *their);
    let numbers: Vec<u8> = other.filter_map(|(number, _)| u8::try_from(number).ok()).take(MAX_BUCKETS).collect();
    Ok((!numbers.is_empty()).then(|| ByteVec::from(numbers)))
}

/// Of the records of some buckets, those that are not the same are asked for, and what can be proved of them is offered.
fn differing(replica: &mut Replica, held: &[Held], buckets: &[u8], now: i64) -> Result<bool, ReplicaError> {
    let tx = replica.connection.transaction()?;
    let theirs: BTreeMap<RecordId, DigestBytes> = held.iter().map(|h| (h.record, *h.digest)).collect();
    let ours: BTreeMap<RecordId, DigestBytes> =
        record::digests(&tx)?.into_iter().filter(|(id, _)| buckets.contains(&bucket_of(*id))).collect();
    let ids: BTreeSet<RecordId> = theirs.keys().chain(ours.keys()).copied().collect();
    let other: BTreeSet<RecordId> = ids.into_iter().filter(|id| theirs.get(id) != ours.get(id)).collect();
    for id in &other {
        record::want(&tx, *id)?;
    }
    if !other.is_empty() {
        proofs::offer_records(&tx, &other, i64::MIN, now)?;
        // Something has been lost somewhere: of records that have left nobody else may have what was done here.
        proofs::offer_by(&tx, device::number(&tx, replica.identity.device)?, now)?;
    }
    tx.commit()?;
    Ok(!other.is_empty())
}
