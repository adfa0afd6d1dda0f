//! What the receipt of one frame proves, gathered while the frame is taken in.

use rusqlite::Transaction;
use sync::id::{DeviceId, Hash};
use sync::leaf::{Leaf, root};
use sync::signed::{ReceiptClaim, SignatureBytes};

use super::error::SyncError;
use crate::store::proofs::{self, Item, Items, Receipt};

/// The changes of a frame, in its order.
#[derive(Debug, Default)]
pub(super) struct Proof {
    items: Items,
    leaves: Vec<[u8; 32]>,
}

impl Proof {
    /// The next change it names, and its author.
    pub(super) fn add(&mut self, item: Item, device: DeviceId, key: &[u8; 32], user: &str) {
        let Item { record, position, received, .. } = item;
        let leaf = Leaf { record, hash: Hash(*item.hash), device, key, user, position, received };
        self.leaves.push(leaf.digest());
        self.items.0.push(item);
    }

    /// Checks that it is what the receipt covers, and keeps it; `kept`: when, none where nothing may be.
    pub(super) fn keep(
        self,
        tx: &Transaction<'_>,
        claim: &ReceiptClaim,
        covered: [u8; 32],
        signature: SignatureBytes,
        kept: Option<i64>,
    ) -> Result<(), SyncError> {
        if root(&self.leaves) != Some(covered) {
            return Err(SyncError::Protocol("root".to_owned()));
        }
        let Some(now) = kept else { return Ok(()) };
        let ReceiptClaim { server_epoch, frame, position, .. } = *claim;
        Ok(proofs::put(tx, &Receipt { server_epoch, frame, position, signature, items: self.items }, now)?)
    }
}
