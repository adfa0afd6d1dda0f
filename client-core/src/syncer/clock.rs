//! The device's clock is off by more than the server lets pass: learn by how much, and stamp unsent work again.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use sync::document::directory::record_of;
use sync::id::{Epoch, RecordId};
use sync::model::time::from_millis;

use super::error::SyncError;
use super::exchange::Rng;
use super::request::fresh_epoch;
use crate::command::Ground;
use crate::outbox;
use crate::replica::Replica;
use crate::store::directory::load_directory;
use crate::store::meta;

/// Whether the offset has been learnt in this exchange: a second time would never end.
#[derive(Debug, Default)]
pub(super) struct Learning {
    learnt: bool,
}

impl Learning {
    /// A request was stale: learns the offset, that it may be made once more. Tells how many changes cannot be done any more.
    pub(super) fn learn(
        &mut self,
        replica: &mut Replica,
        server_time: i64,
        device_time: Timestamp,
        rng: Rng<'_>,
    ) -> Result<u64, SyncError> {
        if std::mem::replace(&mut self.learnt, true) {
            return Err(still_stale());
        }
        learn(replica, server_time, device_time, fresh_epoch(rng))
    }
}

/// The server finds a request stale whatever is done.
pub(super) fn still_stale() -> SyncError {
    SyncError::Protocol("401 stale".to_owned())
}

/// Learns the offset from the server's time. Unsent work whose time lies ahead of the server's clock is run again under
/// `epoch` with its time moved by what was learnt; event ids stay, and the clock's first word is kept beside. Tells how
/// many changes cannot be done any more.
fn learn(replica: &mut Replica, server_time: i64, device_time: Timestamp, epoch: Epoch) -> Result<u64, SyncError> {
    let server_now =
        from_millis(server_time).ok_or_else(|| SyncError::Protocol(format!("server_time {server_time}")))?;
    let offset = server_time - device_time.as_millisecond();
    let mut refused = 0;
    let mut directory_moved = false;
    let tx = replica.connection.transaction()?;
    let learnt = SignedDuration::from_millis(offset - meta::clock_offset(&tx)?);
    meta::put_clock_offset(&tx, offset)?;
    let records: BTreeSet<RecordId> = outbox::hashes(&tx)?.into_iter().map(|(_, _, record)| record).collect();
    let ground = Ground {
        tenant: replica.identity.tenant,
        device: replica.identity.device,
        user: &replica.identity.user,
        key: &replica.keys.signing,
        epoch,
        directory: &replica.directory.directory,
        now: server_now,
        again: true,
    };
    let zone = ground.directory.zone();
    let mut ahead = Vec::new();
    for record in records {
        let pending = outbox::pending_of(&tx, record)?;
        if pending.iter().any(|(_, _, _, command)| command.restamped(learnt, server_now, zone).is_some()) {
            ahead.push(record);
        }
    }
    if !ahead.is_empty() {
        meta::put_epoch(&tx, epoch)?;
    }
    for record in &ahead {
        directory_moved |= *record == record_of(ground.tenant);
        let moved = |command: crate::command::Command| command.restamped(learnt, server_now, zone).unwrap_or(command);
        refused += outbox::rebase(&tx, &ground, *record, moved)?.refused;
    }
    let directory = if directory_moved { Some(load_directory(&tx, ground.tenant)?) } else { None };
    tx.commit()?;
    if !ahead.is_empty() {
        replica.adopt_epoch(epoch);
    }
    if let Some(directory) = directory {
        replica.directory = directory;
    }
    Ok(refused)
}
