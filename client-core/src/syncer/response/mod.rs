//! One response as it comes: each frame is committed with its cursor in one local transaction, or not at all.

mod acknowledge;
mod entries;
mod frame;
mod frame_work;

use std::collections::{HashSet, VecDeque};
use std::rc::Rc;

use sync::digest::DigestBytes;
use sync::id::{DeviceId, Epoch, Hash, RecordId};
use sync::recovery::RecoveryKey;
use sync::wire::{Frame, Held, Hello, Provable, Unstripper};

use self::frame_work::Done;
use super::error::SyncError;
use super::persons::{GivenWords, Said};
use super::report::SyncReport;
use crate::outbox::Unsent;
use crate::replica::{Contact, Replica};

/// Of records that a fill has not named, what was received in the last 30 days is asked about: a server that was put back
/// from an older copy than that is known for it long since.
const ASKED_MILLIS: i64 = 30 * 86_400_000;

/// A device of the response's table, with its number in this database.
struct Author {
    number: i64,
    device: DeviceId,
    key: [u8; 32],
    user: String,
}

/// A change that the request has pushed.
pub(in crate::syncer) struct PushedChange {
    pub record: RecordId,
    pub hash: Hash,
    pub epoch: Epoch,
    /// The public key it was written under in place of the device's.
    pub pseudonym: Option<[u8; 32]>,
    /// As it was pushed; none where that is not known any more.
    pub bytes: Option<Vec<u8>>,
}

/// What the server says of all that a device may hold.
#[derive(Debug, Default)]
pub(in crate::syncer) struct Compared {
    pub whole: Option<DigestBytes>,
    pub buckets: Option<Vec<u8>>,
    pub held: Option<Vec<Held>>,
}

/// What is remembered from frame to frame.
pub(in crate::syncer) struct InResponse {
    pushed: Vec<PushedChange>,
    acked: usize,
    only_push: bool,
    hello: Option<Hello>,
    authors: Vec<Author>,
    epochs: Vec<Epoch>,
    unstripper: Unstripper,
    record: Option<RecordId>,
    position: i64,
    received: i64,
    /// What the server says an earlier life of this device has done.
    known: Vec<(RecordId, Hash)>,
    /// Records that changes have come for without their dependencies.
    pub lacking: HashSet<RecordId>,
    /// Frames committed.
    pub frames: u64,
    /// What the last frame says of all that this device may hold.
    pub compared: Compared,
    /// The buckets that the request asked about.
    pub checked: Vec<u8>,
    /// The server answers out of another life than the one that was followed: it has judged nothing yet.
    pub reborn: bool,
    /// How the answer came.
    contact: Contact,
    /// Positions that the request asked about.
    provable: Option<Vec<Provable>>,
    /// What the request said of persons.
    pub persons: Said,
    /// The words that have come.
    pub given: GivenWords,
    /// The tenant's keys are others than this device knew, or the directory, which says whose they are.
    pub other_keys: bool,
    /// The recovery key, where it is at hand.
    pub recovery: Option<Rc<RecoveryKey>>,
}

impl InResponse {
    /// To a request that pushed these.
    pub(in crate::syncer) fn new(pushed: Vec<Unsent>, only_push: bool, provable: Option<Vec<Provable>>) -> Self {
        let pushed = pushed.into_iter().map(|change| {
            let Unsent { record, hash, epoch, bytes, pseudonym, .. } = change;
            PushedChange { record, hash, epoch, pseudonym, bytes: Some(bytes) }
        });
        Self::through(Contact::Direct, pushed.collect(), only_push, provable)
    }

    /// To a request that was carried; some of what it pushed may have been answered meanwhile. `seen`: the latest time that
    /// was known when it was made.
    pub(in crate::syncer) fn of_bundle(
        pushed: Vec<PushedChange>,
        only_push: bool,
        provable: Option<Vec<Provable>>,
        seen: Option<i64>,
    ) -> Self {
        Self::through(Contact::Carried(seen), pushed, only_push, provable)
    }

    fn through(contact: Contact, pushed: Vec<PushedChange>, only_push: bool, provable: Option<Vec<Provable>>) -> Self {
        Self {
            contact,
            pushed,
            acked: 0,
            only_push,
            hello: None,
            authors: Vec::new(),
            epochs: Vec::new(),
            unstripper: Unstripper::default(),
            record: None,
            position: 0,
            received: 0,
            known: Vec::new(),
            lacking: HashSet::new(),
            frames: 0,
            compared: Compared::default(),
            checked: Vec::new(),
            reborn: false,
            provable,
            persons: Said::default(),
            given: GivenWords::default(),
            other_keys: false,
            recovery: None,
        }
    }

    /// Whether every pushed change has been answered.
    pub(in crate::syncer) fn answered(&self) -> bool {
        self.acked == self.pushed.len()
    }

    /// Takes frames in that came together, in one transaction, and leaves those that must be taken in another: whatever a
    /// commit costs on a device's storage is paid once for them. `epoch`: a fresh one, used if work must be run again; `now`:
    /// the device's clock, put right.
    pub(in crate::syncer) fn commit(
        &mut self,
        replica: &mut Replica,
        frames: &mut VecDeque<Frame>,
        now: jiff::Timestamp,
        epoch: Epoch,
        report: &mut SyncReport,
    ) -> Result<(), SyncError> {
        let Replica { connection, identity, keys, directory, .. } = replica;
        let tx = connection.transaction()?;
        let (mut done, mut changed) = (Done::default(), None);
        while let Some(frame) = frames.pop_front() {
            let before = changed.as_ref().unwrap_or(directory);
            changed = self.take_frame(&tx, (identity, keys, before), frame, now, epoch, &mut done)?.or(changed);
            self.frames += 1;
            // What follows is read under the new epoch.
            if done.rebased {
                break;
            }
        }
        tx.commit()?;
        if let Some(changed) = changed {
            self.other_keys = true;
            replica.directory = changed;
        }
        if done.rebased {
            replica.adopt_epoch(epoch);
        }
        let Done { counts, settled, .. } = done;
        report.pushed += counts.pushed;
        report.pulled += counts.pulled;
        report.persons += counts.persons;
        report.sealed += counts.sealed;
        report.reopened += counts.reopened;
        report.opened += counts.opened;
        report.passed_over += counts.passed_over;
        report.refused = (report.refused + counts.refused).saturating_sub(settled);
        Ok(())
    }
}
