//! What goes up in one request.

use std::collections::HashSet;

use minicbor::bytes::{ByteArray, ByteVec};
use rusqlite::Connection;
use sync::id::{Epoch, Hash, RecordId};
use sync::wire::{Pushed, Stripper, SyncRequest};

use crate::outbox::{self, Unsent};
use crate::replica::ReplicaError;

/// At most so many changes in one request.
const MAX_CHANGES: usize = 4000;
/// And about so many bytes of them, before compression.
const MAX_BYTES: usize = 4 * 1024 * 1024;
/// So many in the first request: a request that is cut is lost whole, and a line that breaks often must get on all the
/// same.
const FIRST_BYTES: usize = 64 * 1024;
/// Below this a request is compressed as well as can be: it costs nothing that is felt.
const SMALL: usize = 128 * 1024;

/// How much goes up in one request: twice as much each time one has arrived.
pub(super) struct Budget(usize);

impl Budget {
    pub(super) fn first() -> Self {
        Self(FIRST_BYTES)
    }

    /// Where nothing can be cut.
    pub(super) fn whole() -> Self {
        Self(MAX_BYTES)
    }

    pub(super) fn arrived(&mut self) {
        self.0 = MAX_BYTES.min(self.0 * 2);
    }
}

/// The changes of one request.
#[derive(Default)]
pub(super) struct Push {
    /// In order: acknowledgements come in it.
    pub changes: Vec<Unsent>,
    /// As they travel.
    pushed: Vec<Pushed>,
    epochs: Vec<Epoch>,
    /// More waits for the next request.
    pub more: bool,
}

impl Push {
    /// The next changes of the outbox that are not among those `sent`. Sealed petitions come last, in a request of their
    /// own: what stood beside them in one would stand beside them in the log.
    pub(super) fn next(connection: &Connection, sent: &HashSet<Hash>, budget: &Budget) -> Result<Self, ReplicaError> {
        let mut push = Push::default();
        let mut stripper = Stripper::default();
        let mut bytes = 0;
        let mut last: Option<RecordId> = None;
        let unsent: Vec<_> =
            outbox::hashes(connection)?.into_iter().filter(|(_, hash, _)| !sent.contains(hash)).collect();
        let sealed: HashSet<i64> = outbox::pseudonymous(connection)?.into_iter().collect();
        let is_sealed = |seq: &i64| sealed.contains(seq);
        let veiled = !unsent.is_empty() && unsent.iter().all(|(seq, ..)| is_sealed(seq));
        push.more = veiled || unsent.iter().any(|(seq, ..)| is_sealed(seq));
        for (seq, ..) in unsent.into_iter().filter(|(seq, ..)| veiled || !is_sealed(seq)) {
            if push.changes.len() == MAX_CHANGES || bytes >= budget.0 {
                push.more = true;
                break;
            }
            let Some(change) = outbox::unsent(connection, seq)? else { continue };
            let stripped = stripper.strip(change.record, &change.bytes);
            let (stripped, _) = stripped.map_err(|_| ReplicaError::Damaged("outbox.bytes"))?;
            bytes += stripped.len() + 68;
            let epoch = push.epoch(change.epoch);
            push.pushed.push(Pushed {
                record: (last != Some(change.record)).then_some(change.record),
                epoch,
                signature: ByteArray::from(change.signature),
                body: ByteVec::from(stripped),
                pseudonym: change.pseudonym.map(ByteArray::from),
            });
            last = Some(change.record);
            push.changes.push(change);
        }
        Ok(push)
    }

    fn epoch(&mut self, epoch: Epoch) -> u32 {
        let known = self.epochs.iter().position(|e| *e == epoch);
        let index = known.unwrap_or_else(|| {
            self.epochs.push(epoch);
            self.epochs.len() - 1
        });
        // At most one epoch a change.
        u32::try_from(index).unwrap_or(u32::MAX)
    }

    /// Puts them into a request.
    pub(super) fn fill_in(&mut self, request: &mut SyncRequest) {
        if !self.pushed.is_empty() {
            request.epochs = Some(std::mem::take(&mut self.epochs));
            request.push = Some(std::mem::take(&mut self.pushed));
        }
        request.only_push = self.more.then_some(true);
    }
}

/// A request as it travels.
pub(super) fn encode(request: &SyncRequest) -> Result<Vec<u8>, ReplicaError> {
    let body = minicbor::to_vec(request).map_err(|_| ReplicaError::Damaged("request"))?;
    let level = if body.len() <= SMALL { 19 } else { 6 };
    zstd::encode_all(body.as_slice(), level).map_err(|_| ReplicaError::Damaged("request"))
}
