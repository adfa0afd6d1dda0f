//! What a device brings back of a former life of the server, and whether the server's own receipts prove it.

use ed25519_dalek::VerifyingKey;
use sync::id::{DeviceId, TenantId};
use sync::leaf::Leaf;
use sync::signed::ReceiptClaim;
use sync::wire::{DeviceRow, Offer, Offered, OfferedChange, SyncRequest, hash_of};

use crate::ingest::Proven;
use crate::store::Place;

/// Everything in a request's offers that is proven, in the order of the log. What is not is left out: the device goes on
/// being told that it lacks there.
pub fn proven(key: &VerifyingKey, tenant: TenantId, device: DeviceId, request: &SyncRequest) -> Vec<Proven> {
    let mut found = Vec::new();
    for offer in request.offers.iter().flatten() {
        match changes_of(offer, key.as_bytes(), tenant, device) {
            Some(changes) => found.extend(changes),
            None => tracing::warn!(%device, "a receipt that was shown does not prove what was brought with it"),
        }
    }
    found.sort_by_key(|change: &Proven| change.place.position);
    found
}

/// Whether the server's own receipt for a request's cursor is shown with it.
pub fn cursor_proven(key: &VerifyingKey, tenant: TenantId, device: DeviceId, request: &SyncRequest) -> bool {
    let (Some(cursor), Some(shown)) = (request.cursor, request.shown) else { return false };
    let claim = ReceiptClaim {
        tenant,
        server_epoch: cursor.server_epoch,
        device,
        frame: *shown.frame,
        root: shown.root.map(|root| *root),
        position: Some(cursor.position),
    };
    claim.verify(key.as_bytes(), &shown.receipt)
}

fn changes_of(offer: &Offer, key: &[u8; 32], tenant: TenantId, device: DeviceId) -> Option<Vec<Proven>> {
    let mut changes = Vec::new();
    let mut leaves = Vec::with_capacity(offer.items.len());
    for item in &offer.items {
        match item {
            Offered::Leaf(leaf) => leaves.push(**leaf),
            Offered::Change(change) => {
                let author = offer.devices.get(usize::try_from(change.device).ok()?)?;
                leaves.push(leaf(change, author)?);
                changes.push(proven_by(change, author));
            }
        }
    }
    offer.proves(key, tenant, device, &leaves).then_some(changes)
}

fn leaf(change: &OfferedChange, author: &DeviceRow) -> Option<[u8; 32]> {
    let leaf = Leaf {
        record: change.record,
        hash: hash_of(&change.bytes)?,
        device: author.device,
        key: &author.key,
        user: &author.user,
        position: change.position,
        received: change.received,
    };
    Some(leaf.digest())
}

fn proven_by(change: &OfferedChange, author: &DeviceRow) -> Proven {
    Proven {
        record: change.record,
        author: author.device,
        key: *author.key,
        user: author.user.clone(),
        epoch: change.epoch,
        place: Place { position: change.position, received_at: change.received },
        bytes: change.bytes.to_vec(),
        signature: change.signature.as_ref().map(|s| **s),
    }
}
