//! Who spoke, on its way: what was written down goes up locked for the tenant, what was asked comes down locked for this
//! device.

use std::collections::HashSet;

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};
use rusqlite::{Connection, Transaction};
use sync::id::{EventId, RecordId};
use sync::identity::{DataKey, IdentityClaim};
use sync::sealed;
use sync::signed::ErasedClaim;
use sync::wire::{
    Erased, GivenVersion, IdentityAck, IdentityAnswer, MAX_IDENTITIES, PushedIdentity, SignedVersion, SyncRequest,
};

use super::error::SyncError;
use super::report::SyncReport;
use crate::replica::{DeviceKeys, Identity, Replica, ReplicaError};
use crate::store::identities::{self, Held, State};
use crate::store::{device, erased, meta};

/// What one request has said of persons; its answers come in the same order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
pub(super) struct Said {
    /// Versions that it brought.
    #[n(0)]
    pub pushed: Vec<EventId>,
    /// What it told of having been looked up.
    #[n(1)]
    pub looked: Vec<EventId>,
    /// Of which petitions it asked.
    #[n(2)]
    pub asked: Vec<RecordId>,
}

impl Said {
    /// Whether it has said nothing.
    pub(super) fn is_empty(&self) -> bool {
        self.pushed.is_empty() && self.looked.is_empty() && self.asked.is_empty()
    }
}

/// Puts into a request what is to be said that was not said in this sync.
pub(super) fn fill_in(
    replica: &Replica,
    request: &mut SyncRequest,
    said: &HashSet<EventId>,
    asked: &HashSet<RecordId>,
    rng: &mut dyn FnMut(&mut [u8]),
) -> Result<Said, ReplicaError> {
    let connection = &replica.connection;
    let mut now = Said::default();
    // Without the tenant's key nothing can be locked: a server of before has none, and is told nothing.
    let Some(keys) = meta::tenant_keys(connection)? else { return Ok(now) };
    let mut pushed = Vec::new();
    for held in identities::pending(connection)? {
        if said.contains(&held.version.version) || pushed.len() == MAX_IDENTITIES {
            continue;
        }
        let claim = IdentityClaim { tenant: replica.identity.tenant, device: held.device, version: &held.version };
        let mut seed = [0; 32];
        rng(&mut seed);
        let locked = claim.lock(&held.key, &keys.identity, seed).ok_or(ReplicaError::Damaged("tenant_keys"))?;
        now.pushed.push(held.version.version);
        let signed = SignedVersion::new(&held.version, held.device, held.signature);
        pushed.push(PushedIdentity { signed, locked: ByteVec::from(locked) });
    }
    let looked = identities::looks(connection, MAX_IDENTITIES)?;
    let looked: Vec<_> = looked.into_iter().filter(|look| !said.contains(&look.id)).collect();
    now.looked = looked.iter().map(|look| look.id).collect();
    let asks = identities::asks(connection)?.into_iter().filter(|ask| !asked.contains(&ask.record));
    let asks: Vec<_> = asks.take(MAX_IDENTITIES).collect();
    now.asked = asks.iter().map(|ask| ask.record).collect();
    request.identities = (!pushed.is_empty()).then_some(pushed);
    request.looked = (!looked.is_empty()).then_some(looked);
    request.asks = (!asks.is_empty()).then_some(asks);
    Ok(now)
}

/// Whether something waits to be said that was not said in this sync.
pub(super) fn has_more(
    connection: &Connection,
    said: &HashSet<EventId>,
    asked: &HashSet<RecordId>,
) -> Result<bool, ReplicaError> {
    if meta::tenant_keys(connection)?.is_none() {
        return Ok(false);
    }
    let pending = identities::pending(connection)?;
    let asks = identities::asks(connection)?;
    let looks = identities::looks(connection, usize::MAX)?;
    Ok(pending.iter().any(|held| !said.contains(&held.version.version))
        || looks.iter().any(|look| !said.contains(&look.id))
        || asks.iter().any(|ask| !asked.contains(&ask.record)))
}

/// Takes in what the server answers in its last frame.
pub(super) fn take(
    tx: &Transaction<'_>,
    me: &Identity,
    keys: &DeviceKeys,
    said: &Said,
    acks: Vec<IdentityAck>,
    answers: Vec<IdentityAnswer>,
    counts: &mut SyncReport,
) -> Result<(), ReplicaError> {
    for (version, ack) in said.pushed.iter().zip(acks) {
        match ack {
            IdentityAck::Accepted => counts.persons += u64::from(identities::arrived(tx, *version)?),
            // That it is forgotten is told in the same frame.
            IdentityAck::Erased => {}
            IdentityAck::Waiting => {}
            IdentityAck::Refused(why) => {
                counts.refused += u64::from(identities::refuse(tx, me.device, *version, &why)?)
            }
        }
    }
    for look in &said.looked {
        identities::forget_look(tx, *look)?;
    }
    for answer in answers {
        match answer {
            IdentityAnswer::Denied { record, reason } => identities::answered(tx, record, Some(&reason))?,
            IdentityAnswer::Given { record, versions } => {
                for given in versions {
                    take_in(tx, me, keys, record, &given)?;
                }
                identities::answered(tx, record, None)?;
            }
        }
    }
    Ok(())
}

/// Forgets a person, if it is the server that says so.
pub(super) fn forget(tx: &Transaction<'_>, me: &Identity, erased: &Erased) -> Result<(), SyncError> {
    let claim = ErasedClaim { tenant: me.tenant, person: erased.person, at: erased.at };
    if !claim.verify(&me.receipt_key, &erased.signature) {
        return Err(SyncError::Receipt);
    }
    Ok(erased::put(tx, erased)?)
}

/// Keeps a version that is what it says it is; one that is not is passed over.
fn take_in(
    tx: &Transaction<'_>,
    me: &Identity,
    keys: &DeviceKeys,
    record: RecordId,
    given: &GivenVersion,
) -> Result<(), ReplicaError> {
    let signed = &given.signed;
    let version = signed.version();
    let claim = IdentityClaim { tenant: me.tenant, device: signed.device, version: &version };
    let author = if signed.device == me.device { Some(keys.signing_public()) } else { device::key(tx, signed.device)? };
    // Of an author who has written nothing else that came here only the server knows the key.
    let signed_well = author.is_none_or(|key| claim.verify(&key, &signed.signature));
    let open = |purpose: &[u8], beside: &[u8], locked: &[u8]| {
        sealed::open(&keys.receiving.to_bytes(), purpose, beside, locked)
    };
    let Some(DataKey(key)) = claim.unlock(&given.locked, open) else { return Ok(()) };
    if version.record != record || !signed_well || claim.open(&DataKey(key)).is_none() {
        return Ok(());
    }
    let user = given.user.as_str().into();
    let signature = *signed.signature;
    let held = Held {
        version: version.clone(),
        device: signed.device,
        user,
        signature,
        key: DataKey(key),
        state: State::There,
    };
    identities::put(tx, &held)
}
