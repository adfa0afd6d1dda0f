//! What one frame comes to, before it is committed.

use std::collections::{BTreeSet, HashMap};

use rusqlite::Transaction;
use sync::id::{EventId, RecordId};

use crate::replica::Identity;
use crate::store::directory::{DirectoryState, load_directory};
use crate::store::receipts::Arrival;
use crate::store::{meta, rows};
use crate::syncer::arrival::Arrived;
use crate::syncer::error::SyncError;
use crate::syncer::proof::Proof;
use crate::syncer::report::SyncReport;

/// The work of one frame, sorted by record; the directory comes first, for the others are read by it.
#[derive(Default)]
pub(super) struct Work {
    pub records: Vec<(RecordId, Vec<Arrived>)>,
    pub index: HashMap<RecordId, usize>,
    pub rebase: BTreeSet<RecordId>,
    /// When what happened to a record came, where its changes were written later.
    pub noted: HashMap<RecordId, Vec<(EventId, Arrival)>>,
    /// Where pushed changes are in the log.
    pub acked: Vec<u64>,
    /// Refused work that has turned out to be done.
    pub settled: u64,
    pub own_number: Option<i64>,
    /// It acknowledges something that was written under a pseudonym.
    pub veiled: bool,
    /// What the frame's receipt proves.
    pub proof: Proof,
}

impl Work {
    pub fn add(&mut self, record: RecordId, arrived: Arrived) {
        let index = *self.index.entry(record).or_insert(self.records.len());
        if index == self.records.len() {
            self.records.push((record, Vec::new()));
        }
        self.records[index].1.push(arrived);
    }

    pub fn remove(&mut self, record: RecordId) -> Option<Vec<Arrived>> {
        let index = self.index.remove(&record)?;
        Some(std::mem::take(&mut self.records[index].1))
    }
}

/// What some frames have come to: it holds when their transaction is committed.
#[derive(Default)]
pub(super) struct Done {
    /// Work was run again, under a fresh epoch.
    pub rebased: bool,
    pub counts: SyncReport,
    /// Refused work that has turned out to be done.
    pub settled: u64,
}

/// One frame's part of a transaction.
pub(super) struct Commit<'a, 'c> {
    pub tx: &'a Transaction<'c>,
    pub identity: &'a Identity,
    pub before: &'a DirectoryState,
    pub changed: Option<DirectoryState>,
    pub fill: i64,
    pub own_key: [u8; 32],
    pub now: i64,
}

impl Commit<'_, '_> {
    pub fn directory(&self) -> &DirectoryState {
        self.changed.as_ref().unwrap_or(self.before)
    }

    pub fn reload_directory(&mut self) -> Result<(), SyncError> {
        let state = load_directory(self.tx, self.identity.tenant)?;
        // While a fill brings petitions by the thousand, what is here is computed again once, at its end.
        let empty = !self.tx.prepare_cached("SELECT 1 FROM petition LIMIT 1")?.exists([])?;
        if empty || !meta::filling(self.tx)? {
            rows::refresh_for_directory(self.tx, &state.directory)?;
        }
        self.changed = Some(state);
        Ok(())
    }
}
