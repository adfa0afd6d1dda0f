//! What is sealed, on its way: its keys go up locked for the devices that are entrusted with it, its words come down to
//! them, and what one of them can open it opens for the others.

use std::collections::HashSet;

use jiff::Timestamp;
use jiff::civil::Date;
use minicbor::bytes::ByteVec;
use rusqlite::Transaction;
use sync::id::{OfficeId, RecordId};
use sync::identity::IdentityClaim;
use sync::model::time::{from_millis, local_date};
use sync::scope::may_open_sealed;
use sync::wire::{
    GivenVersion, HandlerKey, Lock, LockedFor, MAX_LOCKS, PushedIdentity, Relock, SignedVersion, SyncRequest,
    TenantKeys,
};

use super::exchange::Rng;
use super::persons::{Reader, Said, TakenIn, take_in};
use super::report::SyncReport;
use crate::replica::{Replica, ReplicaError};
use crate::store::identities::{self, Held};
use crate::store::reopened::{self, Reopened};
use crate::store::{meta, unopenable, words};

/// The day, as late as the server has told it.
fn today(replica: &Replica) -> Result<Date, ReplicaError> {
    let seen = meta::seen(&replica.connection)?.and_then(from_millis).unwrap_or(Timestamp::UNIX_EPOCH);
    Ok(local_date(seen, replica.directory().zone()))
}

/// The devices that are entrusted with an office's sealed petitions, as far as they are known here. An office that was
/// succeeded is meant by its successors.
fn handlers<'k>(
    replica: &Replica,
    office: &OfficeId,
    keys: &'k TenantKeys,
) -> Result<Vec<&'k HandlerKey>, ReplicaError> {
    let offices = replica.directory().current_offices(office, today(replica)?);
    let known = keys.handlers.iter().flatten();
    Ok(known.filter(|handler| offices.contains(&handler.office) || handler.office == *office).collect())
}

/// Whether somebody is known who could open it.
pub(super) fn can_go(replica: &Replica, office: &OfficeId, keys: &TenantKeys) -> bool {
    keys.recovery.is_some() || handlers(replica, office, keys).is_ok_and(|handlers| !handlers.is_empty())
}

/// A version of a sealed petition as it goes up; none where nobody is known who could open it.
pub(super) fn push(
    replica: &Replica,
    held: &Held,
    office: &OfficeId,
    keys: &TenantKeys,
    rng: Rng<'_>,
) -> Result<Option<PushedIdentity>, ReplicaError> {
    let claim = IdentityClaim { tenant: replica.identity.tenant, device: held.device, version: &held.version };
    let mut lock = |key: &[u8; 32]| {
        let mut seed = [0; 32];
        rng(&mut seed);
        claim.lock(&held.key, key, seed).map(ByteVec::from).ok_or(ReplicaError::Damaged("tenant_keys"))
    };
    let mut locks = Vec::new();
    for handler in handlers(replica, office, keys)? {
        locks.push(Lock { to: Some(handler.device), locked: lock(&handler.key)? });
    }
    if let Some(recovery) = &keys.recovery {
        locks.push(Lock { to: None, locked: lock(recovery)? });
    }
    let signed = SignedVersion::new(&held.version, held.device, held.signature);
    let pushed = PushedIdentity { signed, locked: ByteVec::from(Vec::new()), locks: Some(locks) };
    Ok(Some(pushed).filter(|pushed| pushed.locks.as_ref().is_some_and(|locks| !locks.is_empty())))
}

/// Sealed petitions that are here without their words, and that the user is entrusted with.
fn wordless(replica: &Replica, asked: &HashSet<RecordId>) -> Result<Vec<RecordId>, ReplicaError> {
    let lacking = identities::without_words(&replica.connection)?;
    if lacking.is_empty() {
        return Ok(Vec::new());
    }
    let (directory, today) = (replica.directory(), today(replica)?);
    let posts = directory.posts_of(&replica.identity.user, today);
    let ours = |office: &OfficeId| posts.iter().any(|post| may_open_sealed(post, office, directory, today).is_ok());
    Ok(lacking.into_iter().filter(|(id, office)| !asked.contains(id) && ours(office)).map(|(id, _)| id).collect())
}

impl Replica {
    /// How many sealed petitions the user is entrusted with and this device cannot open yet.
    pub fn unopened(&self) -> Result<u64, ReplicaError> {
        Ok(wordless(self, &HashSet::new())?.len() as u64)
    }
}

/// Puts into a request the words that are lacking, and what was opened for others.
pub(super) fn fill_in(
    replica: &Replica,
    request: &mut SyncRequest,
    keys: &TenantKeys,
    asked: &HashSet<RecordId>,
    now: &mut Said,
    rng: Rng<'_>,
) -> Result<(), ReplicaError> {
    let mut lacking = wordless(replica, asked)?;
    lacking.truncate(MAX_LOCKS);
    let unopenable = unopenable::all(&replica.connection, MAX_LOCKS)?;
    let (mut locks, mut said) = (Vec::new(), Vec::new());
    for Reopened { signed, to, key } in reopened::all(&replica.connection, MAX_LOCKS)? {
        said.push((signed.version, to));
        let Some(handler) = keys.handlers.iter().flatten().find(|handler| handler.device == to) else { continue };
        let version = signed.version();
        let claim = IdentityClaim { tenant: replica.identity.tenant, device: signed.device, version: &version };
        let mut seed = [0; 32];
        rng(&mut seed);
        let locked = claim.lock(&key, &handler.key, seed).ok_or(ReplicaError::Damaged("tenant_keys"))?;
        let lock = Lock { to: Some(to), locked: ByteVec::from(locked) };
        locks.push(LockedFor { version: signed.version, lock });
    }
    now.unopenable = (!unopenable.is_empty()).then(|| unopenable.clone());
    request.unopenable = now.unopenable.clone();
    now.words = (!lacking.is_empty()).then(|| lacking.clone());
    now.reopened = (!said.is_empty()).then_some(said);
    request.words = (!lacking.is_empty()).then_some(lacking);
    request.locks = (!locks.is_empty()).then_some(locks);
    Ok(())
}

/// Whether something is lacking that was not asked for in this sync, or opened for others and not told.
pub(super) fn has_more(replica: &Replica, asked: &HashSet<RecordId>) -> Result<bool, ReplicaError> {
    let connection = &replica.connection;
    let told = reopened::all(connection, 1)?.is_empty() && unopenable::all(connection, 1)?.is_empty();
    Ok(!told || !wordless(replica, asked)?.is_empty())
}

/// Takes in what the server answers.
pub(super) fn take(
    tx: &Transaction<'_>,
    reader: &Reader<'_>,
    said: &Said,
    given: &[GivenVersion],
    relock: &[Relock],
    counts: &mut SyncReport,
) -> Result<(), ReplicaError> {
    for (version, to) in said.reopened.iter().flatten() {
        reopened::forget(tx, *version, *to)?;
        counts.reopened += 1;
    }
    for version in said.unopenable.iter().flatten() {
        unopenable::forget(tx, *version)?;
    }
    for words in given.iter().filter(|words| words.signed.version().is_words()) {
        let record = words.signed.record;
        match take_in(tx, reader, record, words)? {
            TakenIn::Kept => {
                words::came(tx, record, reader.directory)?;
                counts.opened += 1;
            }
            TakenIn::Locked => unopenable::put(tx, words.signed.version)?,
            TakenIn::Unsound => {}
        }
    }
    for asked in relock {
        let version = asked.signed.version();
        let claim = IdentityClaim { tenant: reader.me.tenant, device: asked.signed.device, version: &version };
        let key = claim.unlock(&asked.locked, |purpose, beside, locked| match reader.recovery {
            None => reader.open(purpose, beside, locked),
            Some(recovery) => recovery.open(purpose, beside, locked),
        });
        match (key, reader.recovery) {
            (Some(key), _) => reopened::put(tx, &Reopened { signed: asked.signed.clone(), to: asked.to, key })?,
            (None, None) => unopenable::put(tx, asked.signed.version)?,
            // Locked for another recovery key, or for none: it is passed over the next time.
            (None, Some(_)) => counts.passed_over += 1,
        }
    }
    Ok(())
}
