//! What is sealed: kept with the locks that devices have made for those who are entrusted with it, none of which opens here.

use jiff::civil::Date;
use rusqlite::Connection;
use sync::id::{DeviceId, EventId, FeedId, OfficeId, RecordId};
use sync::identity::Version;
use sync::model::directory::Directory;
use sync::reason::Reason;
use sync::wire::{IdentityAck, Lock, LockedFor, MAX_LOCKS, PushedIdentity};

use super::handlers::{HandlerDevice, handlers_of};
use super::identities::{Desk, LOCKED_BYTES, MAX_VERSIONS};
use crate::error::ServerError;
use crate::store::{self, Device};

/// A version that one device, or the recovery key, can open and another device that is entrusted with it cannot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reopen {
    /// The version.
    pub version: EventId,
    /// Who can, by number; [`store::RECOVERY`]: the recovery key.
    pub opens: i64,
    /// Who is to be let in.
    pub to: DeviceId,
}

impl Desk<'_> {
    /// Takes one version of a sealed petition in, or says why not.
    pub(super) fn take_sealed(
        &self,
        pushed: &PushedIdentity,
        version: &Version,
        author: &Device,
        locks: &[Lock],
        since: Date,
    ) -> Result<IdentityAck, ServerError> {
        let refused = |reason| Ok(IdentityAck::Refused(reason));
        if store::erased(self.tx, version.identity)?.is_some() {
            return Ok(IdentityAck::Erased);
        }
        let Some(petition) = self.petition(version.record)? else { return Ok(IdentityAck::Waiting) };
        let Some(office) = &petition.facts.sealed else { return refused(Reason::other_identity()) };
        if !version.is_words() && petition.identity != version.identity {
            return refused(Reason::other_identity());
        }
        let by_creator = petition.is_by(author.index);
        if version.is_words() && !by_creator {
            return refused(Reason::other_identity());
        }
        // What its creator has signed may be brought by anybody; else whoever brings it must be entrusted.
        if !by_creator && let Err(why) = self.may(&petition, since, self.today) {
            return refused(why);
        }
        let there = store::versions_of(self.tx, petition.index)?;
        if version.is_words() && there.iter().any(|stored| stored.is_words()) {
            return refused(Reason::version_taken());
        }
        if there.len() >= MAX_VERSIONS {
            return refused(Reason::too_many_events());
        }
        let fitting = self.fitting(locks, office)?;
        let recovered = fitting.iter().any(|(device, _)| *device == store::RECOVERY);
        let handlers = handlers_of(self.tx, office, self.directory, self.today)?;
        let opened = fitting.iter().any(|(device, _)| *device != store::RECOVERY);
        // Told the present keys with this answer, the device locks it for those; where nobody at all could open it, it
        // stays with its author.
        if fitting.is_empty() || (self.recovery && !recovered) || (!handlers.is_empty() && !opened) {
            return Ok(IdentityAck::Waiting);
        }
        self.keep(&petition, pushed, version.clone(), author)?;
        for (device, locked) in fitting {
            store::add_lock(self.tx, version.version, device, locked)?;
        }
        Ok(IdentityAck::Accepted)
    }

    /// Locks of those who are entrusted, by number.
    fn fitting<'l>(&self, locks: &'l [Lock], office: &OfficeId) -> Result<Vec<(i64, &'l [u8])>, ServerError> {
        let handlers = handlers_of(self.tx, office, self.directory, self.today)?;
        let number = |to: &Option<DeviceId>| match to {
            None => self.recovery.then_some(store::RECOVERY),
            Some(device) => handlers.iter().find(|handler| handler.key.device == *device).map(|handler| handler.index),
        };
        let whole = locks.iter().filter(|lock| lock.locked.len() == LOCKED_BYTES);
        Ok(whole.filter_map(|lock| Some((number(&lock.to)?, lock.locked.as_slice()))).collect())
    }

    /// Locks for a version that is there.
    pub(super) fn add_locks(&self, version: &Version, locks: &[Lock]) -> Result<(), ServerError> {
        let Some(petition) = self.petition(version.record)? else { return Ok(()) };
        let Some(office) = &petition.facts.sealed else { return Ok(()) };
        for (device, locked) in self.fitting(locks, office)? {
            store::add_lock(self.tx, version.version, device, locked)?;
        }
        Ok(())
    }

    /// A lock that somebody who is entrusted has made for another.
    pub(super) fn take_lock(&self, brought: &LockedFor) -> Result<(), ServerError> {
        let Some(stored) = store::version(self.tx, brought.version)?.filter(|stored| stored.is_sealed()) else {
            return Ok(());
        };
        let Some(petition) = self.petition(stored.version.record)? else { return Ok(()) };
        if self.may(&petition, self.today, self.today).is_ok() {
            self.add_locks(&stored.version, std::slice::from_ref(&brought.lock))?;
        }
        Ok(())
    }

    /// A lock that its device says it cannot open: others who can are asked for another.
    pub(super) fn drop_lock(&self, version: EventId) -> Result<(), ServerError> {
        store::drop_lock(self.tx, version, self.device.index)
    }

    /// The office that is entrusted with a sealed petition.
    pub(super) fn office_of(&self, record: RecordId) -> Result<Option<OfficeId>, ServerError> {
        Ok(self.petition(record)?.and_then(|petition| petition.facts.sealed))
    }

    /// The words of a sealed petition, where the device may have them and can open them.
    pub(super) fn words(&self, record: RecordId) -> Result<Option<EventId>, ServerError> {
        // Asked before anything is loaded.
        let Some(words) = store::words_for(self.tx, record, self.device.index)? else { return Ok(None) };
        let Some(petition) = self.petition(record)?.filter(|petition| petition.facts.sealed.is_some()) else {
            return Ok(None);
        };
        let may = self.holds(record)? && self.may(&petition, self.today, self.today).is_ok();
        Ok(may.then_some(words))
    }
}

/// What a device, or with it the recovery key, can open for others who are entrusted with the same.
pub(super) fn reopen(
    conn: &Connection,
    device: &Device,
    recover: Option<u64>,
    directory: &Directory,
    day: Date,
) -> Result<Vec<Reopen>, ServerError> {
    let mut found = Vec::new();
    let offices = device.feeds.lines().filter_map(|feed| match feed.parse() {
        Ok(FeedId::Sealed(office)) => Some((feed, office)),
        _ => None,
    });
    for (feed, office) in offices {
        let Some((feed, ..)) = store::digests(conn, &[feed.to_owned()])?.into_iter().next() else { continue };
        for HandlerDevice { index, key } in handlers_of(conn, &office, directory, day)? {
            let opens = if recover.is_some() { store::RECOVERY } else { device.index };
            let left = MAX_LOCKS.saturating_sub(found.len());
            if index != opens && left > 0 {
                let versions = store::unlocked_for(conn, feed, opens, index, recover.unwrap_or(0), left)?;
                found.extend(versions.into_iter().map(|version| Reopen { version, opens, to: key.device }));
            }
        }
    }
    Ok(found)
}
