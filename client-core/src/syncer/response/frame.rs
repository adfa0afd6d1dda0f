//! One frame, taken in inside a transaction.

use minicbor::bytes::ByteArray;
use rusqlite::Transaction;
use sync::document::directory::record_of;
use sync::id::Epoch;
use sync::signed::ReceiptClaim;
use sync::wire::{Frame, Hello, Shown};

use super::frame_work::{Commit, Done, Work};
use super::{ASKED_MILLIS, Compared, InResponse};
use crate::command::Ground;
use crate::outbox;
use crate::replica::{DeviceKeys, Identity, renew};
use crate::store::departed::{self, Standing};
use crate::store::directory::DirectoryState;
use crate::store::{device, erased, identities, meta, proofs, pseudonyms, record, rows};
use crate::syncer::error::SyncError;
use crate::syncer::persons::{self, Answers, GivenWords, Reader};

impl InResponse {
    /// Gives the directory where it has become another.
    pub(super) fn take_frame(
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
}
/// The receipt: the server, and this one, says all of the frame.
fn verify(identity: &Identity, hello: &Hello, frame: &Frame) -> Result<ReceiptClaim, SyncError> {
    let receipt = frame.receipt.as_ref().ok_or(SyncError::Receipt)?;
    let claim = frame.claim(identity.tenant, hello.server_epoch, identity.device);
    if claim.verify(&identity.receipt_key, receipt) { Ok(claim) } else { Err(SyncError::Receipt) }
}
