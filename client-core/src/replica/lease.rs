//! The lease: how long after its last contact a device shows what the server has entrusted to it.
//!
//! It is enforced by this program and by nothing else: it is for a device that was lost or forgotten, not against somebody
//! who takes the database apart. What was written here and has not been sent is its author's, and stays in sight; logging
//! never stops.

use jiff::Timestamp;
use rusqlite::Connection;
use sync::document::RecordKind;
use sync::id::RecordId;
use sync::model::time::{from_millis, local_date};

use super::{Replica, ReplicaError};
use crate::command::Command;
use crate::store::{meta, record};

/// Time that passes is noted in steps of this: a command need not write because a minute has gone by.
const STEP_MILLIS: i64 = 10 * 60 * 1000;

/// How a device stands with its lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    /// Until when old records are shown; none before the first contact, when there are none.
    pub until: Option<Timestamp>,
    /// It is past: old records are hidden until the next contact.
    pub expired: bool,
}

impl Replica {
    /// The lease now. It is counted from the server's own time in the last complete contact, against the device's clock put
    /// right, which cannot be put back behind what it has once shown.
    pub fn lease(&self, now: Timestamp) -> Result<Lease, ReplicaError> {
        let Some(contact) = meta::last_sync(&self.connection)? else {
            return Ok(Lease { until: None, expired: false });
        };
        let until = contact.checked_add(self.directory().lease()).unwrap_or(Timestamp::MAX);
        let latest = self.latest(now)?;
        Ok(Lease { until: Some(until), expired: latest > until.as_millisecond() })
    }

    /// The latest time this replica has seen since the server last told it its own; notes the present one.
    fn latest(&self, now: Timestamp) -> Result<i64, ReplicaError> {
        let (seen, now) = (meta::seen(&self.connection)?.unwrap_or(i64::MIN), now.as_millisecond());
        if now > seen.saturating_add(STEP_MILLIS) {
            let tx = self.connection.unchecked_transaction()?;
            meta::put_seen(&tx, now)?;
            tx.commit()?;
        }
        Ok(seen.max(now))
    }

    /// Whether a record may be read: within the lease all, past it those that the server does not know yet.
    pub(crate) fn may_read(&self, record: RecordId, now: Timestamp) -> Result<(), ReplicaError> {
        if !self.lease(now)?.expired || !record::is_acked(&self.connection, record)? {
            return Ok(());
        }
        Err(self.past_lease()?)
    }

    /// Whether commands may be done: past the lease all but those on what cannot be read.
    pub(crate) fn may_do<'a>(
        &self,
        commands: impl IntoIterator<Item = &'a Command>,
        now: Timestamp,
    ) -> Result<(), ReplicaError> {
        let touching = commands.into_iter().filter(|c| !c.creates() && c.kind() != RecordKind::Directory);
        let mut touching = touching.peekable();
        if touching.peek().is_none() || !self.lease(now)?.expired {
            return Ok(());
        }
        touching.try_for_each(|command| self.may_read(command.record(self.identity.tenant), now))
    }

    /// What a list shows past the lease, as a condition on the record's column; none while everything is shown.
    pub(crate) fn shown(&self, record: &str, now: Timestamp) -> Result<Option<String>, ReplicaError> {
        let unknown = format!("EXISTS (SELECT 1 FROM record l WHERE l.id = {record} AND l.acked IS NULL)");
        Ok(self.lease(now)?.expired.then_some(unknown))
    }

    /// A list that shows nothing because everything is hidden says so. `table`: where the list's records are.
    pub(crate) fn nothing_hidden(&self, table: &str) -> Result<(), ReplicaError> {
        let hidden =
            format!("SELECT 1 FROM {table} t JOIN record l ON l.id = t.record WHERE l.acked IS NOT NULL LIMIT 1");
        if exists(&self.connection, &hidden)? { Err(self.past_lease()?) } else { Ok(()) }
    }

    fn past_lease(&self) -> Result<ReplicaError, ReplicaError> {
        let directory = self.directory();
        let contact = meta::last_sync(&self.connection)?.unwrap_or(Timestamp::UNIX_EPOCH);
        let since = local_date(contact, directory.zone()).strftime("%d/%m/%Y").to_string();
        Ok(ReplicaError::PastLease { since, days: directory.lease().as_hours() / 24 })
    }
}

fn exists(connection: &Connection, sql: &str) -> Result<bool, ReplicaError> {
    Ok(connection.prepare_cached(sql)?.exists([])?)
}

/// How a contact was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Contact {
    /// Over the network: the server's time is the present.
    Direct,
    /// By a courier. The latest time this replica had seen when it asked: what has passed since then passed after.
    Carried(Option<i64>),
}

/// A complete contact: the lease begins anew. `told`: the server's time; `now`: the device's, put right.
pub(crate) fn renew(
    tx: &rusqlite::Transaction<'_>,
    contact: Contact,
    told: i64,
    now: Timestamp,
) -> Result<(), ReplicaError> {
    let at = from_millis(told).unwrap_or(now);
    match contact {
        Contact::Direct => meta::put_seen(tx, told)?,
        // An answer that is older than the last contact says nothing new of the time.
        Contact::Carried(_) if meta::last_sync(tx)?.is_some_and(|last| last >= at) => return Ok(()),
        Contact::Carried(asked) => {
            let seen = meta::seen(tx)?.unwrap_or(told).max(now.as_millisecond());
            let passed = seen.saturating_sub(asked.unwrap_or(seen)).max(0);
            meta::put_seen(tx, told.saturating_add(passed))?;
        }
    }
    meta::put_last_sync(tx, at)
}
