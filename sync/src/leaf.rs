//! What a receipt proves of one change, apart from the frame it came in.
//!
//! A frame's receipt covers the root over its changes, so that one of them can be proved long afterwards by the receipt,
//! the leaves and the change itself, without the frame: a server put back from a copy takes in again what it once
//! admitted on its own word alone.

use sha2::{Digest, Sha256};

use crate::id::{DeviceId, Hash, RecordId};

/// Everything the server said when it named a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leaf<'a> {
    /// The record it belongs to.
    pub record: RecordId,
    /// The change.
    pub hash: Hash,
    /// The author's device.
    pub device: DeviceId,
    /// Its signing key.
    pub key: &'a [u8; 32],
    /// Its user's id in the directory.
    pub user: &'a str,
    /// Its place in the log.
    pub position: u64,
    /// When the server took it, milliseconds since 1970.
    pub received: i64,
}

impl Leaf<'_> {
    /// The leaf.
    pub fn digest(&self) -> [u8; 32] {
        let mut h = Sha256::new();
        h.update(b"langnghe leaf 1\n");
        h.update(self.record.as_bytes());
        h.update(self.hash.0);
        h.update(self.device.as_bytes());
        h.update(self.key);
        h.update(self.position.to_be_bytes());
        h.update(self.received.to_be_bytes());
        h.update(self.user.as_bytes());
        h.finalize().into()
    }
}

/// The root over a frame's leaves: first the changes it acknowledges, then those it brings, as they stand in it. None for
/// a frame without any.
pub fn root(leaves: &[[u8; 32]]) -> Option<[u8; 32]> {
    if leaves.is_empty() {
        return None;
    }
    let mut h = Sha256::new();
    h.update(b"langnghe leaves 1\n");
    leaves.iter().for_each(|leaf| h.update(leaf));
    Some(h.finalize().into())
}
