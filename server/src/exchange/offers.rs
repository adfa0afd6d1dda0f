//! What a device brings back of a former life of the server, and whether the server's own receipts prove it.

use ed25519_dalek::VerifyingKey;
use sync::id::{DeviceId, TenantId};
use sync::leaf::Leaf;
use sync::signed::ReceiptClaim;
use sync::wire::{DeviceRow, Offer, Offered, OfferedChange, POSITIONS_END, SyncRequest, hash_of};

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
    if cursor.position >= POSITIONS_END {
        return false;
    }
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

#[cfg(test)]
mod tests {
    use ed25519_dalek::SigningKey;
    use minicbor::bytes::{ByteArray, ByteVec};
    use sync::document::{Document, RecordKind, petition};
    use sync::id::{ActorId, Epoch, PostId, RecordId, ServerEpoch};
    use sync::leaf::root;
    use sync::model::petition::{Channel, Facts, Kind};
    use uuid::Uuid;

    use super::*;

    const TENANT: TenantId = TenantId(Uuid::from_bytes([1; 16]));
    const DEVICE: DeviceId = DeviceId(Uuid::from_bytes([2; 16]));

    fn receipt_key() -> SigningKey {
        SigningKey::from_bytes(&[9; 32])
    }

    fn author() -> DeviceRow {
        DeviceRow { device: DEVICE, key: ByteArray::from([3; 32]), user: "lan".to_owned() }
    }

    fn change() -> OfferedChange {
        let record = RecordId::from_bytes([4; 16]);
        let epoch = Epoch::from_bytes([5; 16]);
        let actor = ActorId::derive(&[3; 32], record, epoch);
        let at = jiff::Timestamp::UNIX_EPOCH;
        let facts = Facts::new(Kind::Feedback, "a", Channel::Letter, "Cầu hỏng".to_owned(), at, PostId::from("cb"));
        let mut document = Document::genesis(RecordKind::Petition);
        let written = document.write(actor, |tx| petition::put_facts(tx, &facts)).expect("written");
        OfferedChange {
            record,
            device: 0,
            epoch,
            position: 7,
            received: 1000,
            bytes: ByteVec::from(written.bytes),
            signature: None,
        }
    }

    /// A frame that named another change and this one, shown with this one.
    fn request(to: DeviceId) -> SyncRequest {
        let (other, change) = ([6; 32], change());
        let leaves = [other, leaf(&change, &author()).expect("a leaf")];
        let server_epoch = ServerEpoch::from_bytes([8; 16]);
        let frame = [7; 32];
        let claim =
            ReceiptClaim { tenant: TENANT, server_epoch, device: to, frame, root: root(&leaves), position: Some(7) };
        let offer = Offer {
            server_epoch,
            frame: ByteArray::from(frame),
            position: Some(7),
            receipt: ByteArray::from(claim.sign(&receipt_key())),
            devices: vec![author()],
            items: vec![Offered::Leaf(ByteArray::from(other)), Offered::Change(change)],
        };
        SyncRequest { offers: Some(vec![offer]), ..SyncRequest::default() }
    }

    fn found(request: &SyncRequest) -> usize {
        proven(&receipt_key().verifying_key(), TENANT, DEVICE, request).len()
    }

    /// Alters the change that is brought.
    fn altered(alter: impl FnOnce(&mut OfferedChange)) -> SyncRequest {
        let mut request = request(DEVICE);
        for offer in request.offers.iter_mut().flatten() {
            if let Some(Offered::Change(change)) = offer.items.last_mut() {
                alter(change);
                break;
            }
        }
        request
    }

    #[test]
    fn a_receipt_proves_what_it_was_given_for_and_nothing_else() {
        assert_eq!(found(&request(DEVICE)), 1);
        assert_eq!(found(&request(DeviceId::from_bytes([20; 16]))), 0, "it was given to another device");
        assert_eq!(found(&altered(|c| c.position = 6)), 0, "another place");
        assert_eq!(found(&altered(|c| c.received = 0)), 0, "another time");
        assert_eq!(found(&altered(|c| c.record = RecordId::from_bytes([30; 16]))), 0, "another record");
        assert_eq!(found(&altered(|c| c.bytes = ByteVec::from(vec![0; 40]))), 0, "no change at all");
        assert_eq!(found(&altered(|c| c.device = 1)), 0, "an author that is not there");
        let mut other_author = request(DEVICE);
        other_author.offers.iter_mut().flatten().for_each(|o| o.devices[0].user = "quan".to_owned());
        assert_eq!(found(&other_author), 0, "another person");
        let mut shorter = request(DEVICE);
        shorter.offers.iter_mut().flatten().for_each(|o| drop(o.items.remove(0)));
        assert_eq!(found(&shorter), 0, "not all that the frame named");
        let other_key = SigningKey::from_bytes(&[10; 32]).verifying_key();
        assert!(proven(&other_key, TENANT, DEVICE, &request(DEVICE)).is_empty(), "another server's");
        assert!(
            proven(&receipt_key().verifying_key(), TenantId::from_bytes([11; 16]), DEVICE, &request(DEVICE)).is_empty()
        );
    }
}
