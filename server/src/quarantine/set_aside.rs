//! What comes from a device that was shut out: from itself, sealed; or by a courier, late.

use std::path::Path;

use jiff::Timestamp;
use minicbor::bytes::{ByteArray, ByteVec};
use sync::id::TenantId;
use sync::wire::{Leavings, Left, SealedFor, SealedLeavings};

use super::entry::{Entry, EntryId};
use super::folder::{Quarantine, Rejected};
use crate::error::ServerError;
use crate::exchange::read_body;
use crate::keys::ServerKeys;
use crate::store::Device;

/// Who can open what the server seals: the holder of the recovery key, or the server where there is none.
fn keeper(keys: &ServerKeys) -> (SealedFor, [u8; 32]) {
    match keys.recovery {
        Some(recovery) => (SealedFor::Recovery, recovery),
        None => (SealedFor::Server, keys.bundle_public()),
    }
}

/// Keeps what a device has sent. One that knew no recovery key has sealed for the server, which seals it again.
pub fn keep_upload(
    data: &Path,
    keys: &ServerKeys,
    tenant: TenantId,
    device: &Device,
    body: &[u8],
    now: Timestamp,
) -> Result<Option<EntryId>, Rejected> {
    let Ok(came) = minicbor::decode::<SealedLeavings>(body) else { return Ok(None) };
    let left = match came.key {
        SealedFor::Recovery => came,
        SealedFor::Server => {
            let Some(opened) = came.open(tenant, device.id, &keys.bundle.to_bytes()) else { return Ok(None) };
            sealed(keys, tenant, device, &opened)?
        }
    };
    let id = EntryId::of(device.id, body);
    let entry = Entry { device: device.id, received_at: now.as_millisecond(), carried: false, left: Some(left) };
    Quarantine::of(data).keep(id, &entry)?;
    Ok(Some(id))
}

/// Keeps what a courier has brought of a device that was shut out meanwhile. `bodies`: the opened bundle's requests. None:
/// they only asked.
pub fn set_aside(
    data: &Path,
    keys: &ServerKeys,
    tenant: TenantId,
    device: &Device,
    bodies: &[ByteVec],
    now: Timestamp,
) -> Result<Option<EntryId>, Rejected> {
    let (mut entries, mut unread) = (Vec::new(), Vec::new());
    let (mut with_persons, mut persons) = (Vec::new(), Vec::<u8>::new());
    for body in bodies {
        match read_body(tenant, device, "zstd", body) {
            Ok((request, push)) => {
                entries.extend(push.into_iter().map(|signed| Left {
                    record: signed.record,
                    epoch: signed.epoch,
                    bytes: ByteVec::from(signed.bytes),
                    signature: ByteArray::from(signed.signature),
                    command: None,
                    refused: None,
                }));
                // Who spoke is locked for the tenant inside it, and stays so.
                if request.identities.is_some() || request.looked.is_some() {
                    let written = request.identities.iter().flatten().map(|pushed| pushed.signed.version);
                    let looked = request.looked.iter().flatten().map(|looked| looked.id);
                    written.chain(looked).for_each(|id| persons.extend(id.as_bytes()));
                    with_persons.push(body.clone());
                }
            }
            Err(_) => unread.push(body.clone()),
        }
    }
    if entries.is_empty() && unread.is_empty() && with_persons.is_empty() {
        return Ok(None);
    }
    let mut leavings = Leavings { entries, unread: (!unread.is_empty()).then_some(unread) };
    // The same work brought twice is the same entry, however its persons are locked this time.
    let mut plain = minicbor::to_vec(&leavings).map_err(|_| ServerError::Stored("quarantine entry"))?;
    plain.append(&mut persons);
    let id = EntryId::of(device.id, &plain);
    if !with_persons.is_empty() {
        leavings.unread.get_or_insert_default().append(&mut with_persons);
    }
    let left = sealed(keys, tenant, device, &leavings)?;
    let entry = Entry { device: device.id, received_at: now.as_millisecond(), carried: true, left: Some(left) };
    Quarantine::of(data).keep(id, &entry)?;
    Ok(Some(id))
}

fn sealed(
    keys: &ServerKeys,
    tenant: TenantId,
    device: &Device,
    leavings: &Leavings,
) -> Result<SealedLeavings, ServerError> {
    let (key, to) = keeper(keys);
    // Only the server knows this one, and it tells nobody what it sealed with it.
    let secret = keys.receipt.to_bytes();
    leavings.seal(tenant, device.id, (key, &to), &secret).ok_or(ServerError::Stored("recovery.pub"))
}
