//! One response as it comes: each frame is committed with its cursor in one local transaction, or not at all.

mod acknowledge;
mod frame_work;

use std::collections::{HashSet, VecDeque};
use std::rc::Rc;

use minicbor::bytes::ByteArray;
use rusqlite::Transaction;
use sync::digest::DigestBytes;
use sync::document::directory::record_of;
use sync::id::{ActorId, DeviceId, Epoch, Hash, RecordId};
use sync::recovery::RecoveryKey;
use sync::signed::ReceiptClaim;
use sync::wire::{DeviceRow, Entry, Frame, Held, Hello, Provable, Shown, Unstripper};

use self::frame_work::{Commit, Done, Work};
use super::arrival::{Arrived, take};
use super::error::SyncError;
use super::persons::{self, Answers, GivenWords, Reader, Said};
use super::report::SyncReport;
use crate::command::Ground;
use crate::outbox::{self, Unsent};
use crate::replica::{Contact, DeviceKeys, Identity, Replica, renew};
use crate::store::departed::{self, Standing};
use crate::store::directory::DirectoryState;
use crate::store::proofs::{self, Item};
use crate::store::receipts::Arrival;
use crate::store::{device, erased, identities, meta, pseudonyms, record, rows};

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

    /// Gives the directory where it has become another.
    fn take_frame(
        &mut self,
        tx: &Transaction<'_>,
        (identity, keys, directory): (&Identity, &DeviceKeys, &DirectoryState),
        frame: Frame,
        now: jiff::Timestamp,
        epoch: Epoch,
        done: &mut Done,
    ) -> Result<Option<DirectoryState>, SyncError> {
        let first = self.hello.is_none();
        let mut hello = match (self.hello.take(), &frame.hello) {
            (None, Some(hello)) => hello.clone(),
            (Some(hello), None) => hello,
            _ => return Err(SyncError::Protocol("hello".to_owned())),
        };
        let claim = verify(identity, &hello, &frame)?;
        let begins = first && hello.fill;
        let told_keys = hello.keys.take();
        self.hello = Some(hello.clone());
        let last = frame.last;
        if first {
            self.lives(tx, &hello, now.as_millisecond())?;
            if let Some(keys) = &told_keys {
                self.other_keys = true;
                meta::put_tenant_keys(tx, keys)?;
            }
        }
        if begins {
            meta::begin_fill(tx)?;
        }
        let fill = meta::fill_number(tx)?;
        let mut commit = Commit {
            tx,
            identity,
            before: directory,
            changed: None,
            fill,
            own_key: keys.signing_public(),
            now: now.as_millisecond(),
        };
        let counts = &mut done.counts;
        self.extend_tables(tx, frame.devices.unwrap_or_default(), frame.epochs.unwrap_or_default())?;
        let mut work = Work { own_number: device::number(tx, commit.identity.device)?, ..Work::default() };
        for ack in frame.acks.unwrap_or_default() {
            self.acknowledge(&commit, ack, &mut work, counts)?;
        }
        for entry in frame.entries.unwrap_or_default() {
            self.enter(&mut commit, entry, &mut work, counts)?;
        }
        let directory_record = record_of(commit.identity.tenant);
        if let Some(arrived) = work.remove(directory_record) {
            self.take(&mut commit, directory_record, &arrived, &mut work, counts)?;
        }
        for (id, arrived) in std::mem::take(&mut work.records) {
            if !arrived.is_empty() {
                self.take(&mut commit, id, &arrived, &mut work, counts)?;
            }
        }
        for id in &work.rebase {
            let ground = Ground {
                tenant: commit.identity.tenant,
                device: commit.identity.device,
                user: &commit.identity.user,
                key: &keys.signing,
                epoch,
                directory: &commit.directory().directory,
                now,
                again: true,
            };
            counts.refused += outbox::rebase(tx, &ground, *id, |command| command)?.refused;
            if *id == directory_record {
                commit.reload_directory()?;
            }
        }
        let rebased = !work.rebase.is_empty();
        if rebased {
            meta::put_epoch(tx, epoch)?;
        }
        let cursor = frame.cursor.filter(|c| c.server_epoch == hello.server_epoch && c.grant == hello.grant);
        if let (Some(cursor), Some(receipt)) = (&cursor, frame.receipt) {
            meta::put_cursor(tx, cursor)?;
            let shown = Shown { frame: ByteArray::from(claim.frame), root: frame.root, receipt };
            meta::put_cursor_receipt(tx, &shown)?;
        }
        meta::put_own(tx, &work.acked, cursor.map(|c| c.position))?;
        match &frame.fill {
            Some(fill) => meta::put_fill(tx, fill)?,
            // Acknowledgements alone say nothing of the fill; a cursor of the present grant says that it is complete.
            None if cursor.is_some() && !self.only_push && meta::filling(tx)? => {
                meta::end_fill(tx)?;
                record::leave_unnamed(tx, fill)?;
                // Whether the server has not lost what can be proved of it is asked before it goes.
                let unnamed = record::leaving(tx, record::wants(tx)?)?;
                proofs::offer_records(tx, &unnamed, hello.now - ASKED_MILLIS, now.as_millisecond())?;
                rows::refresh_for_directory(tx, &commit.directory().directory)?;
            }
            None => {}
        }
        if let Some(root) = claim.root {
            let receipt = frame.receipt.as_deref().copied().ok_or(SyncError::Receipt)?;
            work.proof.keep(tx, &claim, root, receipt, (!work.veiled).then_some(hello.now))?;
        }
        if let (true, Some(asked)) = (last, &self.provable) {
            proofs::told(tx, asked, &frame.lacks.unwrap_or_default(), now.as_millisecond())?;
        }
        for erased in frame.erased.unwrap_or_default() {
            persons::forget(tx, commit.identity, &erased)?;
        }
        if last && !self.only_push {
            let differ = frame.erased_differ == Some(true);
            meta::put_bring_tombstones(tx, differ)?;
            if differ {
                // What stands in the place of the words goes with them.
                proofs::bring_records(tx, &erased::rewritten(tx)?, now.as_millisecond())?;
            }
        }
        if last && (!self.persons.is_empty() || frame.relock.is_some()) {
            let given = frame.words.unwrap_or_default();
            self.given = GivenWords {
                records: given.iter().map(|words| words.signed.record).collect(),
                bytes: given.iter().map(|words| words.signed.body.len()).sum(),
            };
            let answers = Answers {
                acks: frame.identity_acks.unwrap_or_default(),
                given: frame.identities.unwrap_or_default(),
                words: given,
                relock: frame.relock.unwrap_or_default(),
            };
            let directory = &commit.directory().directory;
            let reader = Reader { me: commit.identity, keys, directory, recovery: self.recovery.as_deref() };
            persons::take(tx, &reader, &self.persons, answers, counts)?;
        }
        let position = meta::cursor(tx)?.map_or(u64::MAX, |c| c.position);
        let standing = Standing { server_epoch: hello.server_epoch, position, now: hello.now };
        departed::remove_left(tx, commit.identity.device, standing)?;
        pseudonyms::forget_done(tx)?;
        if last && !self.only_push {
            // One clock that runs ahead must not make everything old.
            let past = hello.now.min(now.as_millisecond());
            proofs::forget_old(tx, past)?;
            departed::forget_old(tx, past)?;
            renew(tx, self.contact, hello.now, now)?;
        }
        self.compared = Compared {
            whole: frame.whole.map(|whole| *whole),
            buckets: frame.buckets.map(Vec::from),
            held: frame.held,
        };
        done.rebased |= rebased;
        done.settled += work.settled;
        Ok(commit.changed)
    }

    /// The server that answers lives another life than the one that was followed: it has been put back from a copy, and what
    /// this device can prove beyond it is kept at hand.
    fn lives(&mut self, tx: &Transaction<'_>, hello: &Hello, now: i64) -> Result<(), SyncError> {
        let followed = meta::cursor(tx)?.map(|c| c.server_epoch).or(meta::fill(tx)?.map(|f| f.server_epoch));
        let followed = followed.or(meta::life(tx)?).filter(|life| *life != hello.server_epoch);
        self.reborn = hello.base.is_some();
        if let (Some(followed), Some(base)) = (followed, hello.base) {
            proofs::begin_offer(tx, hello.server_epoch, followed, base, now)?;
            departed::want_again(tx, followed, base)?;
            identities::bring_again(tx)?;
        }
        if meta::life(tx)? != Some(hello.server_epoch) {
            meta::put_life(tx, hello.server_epoch)?;
        }
        Ok(())
    }

    fn extend_tables(
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

    fn enter(
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

    fn take(
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

/// The receipt: the server, and this one, says all of the frame.
fn verify(identity: &Identity, hello: &Hello, frame: &Frame) -> Result<ReceiptClaim, SyncError> {
    let receipt = frame.receipt.as_ref().ok_or(SyncError::Receipt)?;
    let claim = frame.claim(identity.tenant, hello.server_epoch, identity.device);
    if claim.verify(&identity.receipt_key, receipt) { Ok(claim) } else { Err(SyncError::Receipt) }
}
