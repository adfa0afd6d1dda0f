//! Writing a sealed petition without leaving one's name on it.
//!
//! Who logged it tells where, and often who, its speaker is. So its first and only change by that author is written under a
//! key made for this one record, and the log, its receipts and all other devices know that key and no more. Which device
//! brought it is known to the server while it judges the change, and is not kept; who it was lies in what is sealed for the
//! handlers, signed by the true device.

use ed25519_dalek::SigningKey;
use sha2::{Digest, Sha256};

use crate::id::{DeviceId, Epoch, stable_uuid};

/// What stands in the log for a device: computed from the key, so that nobody can take another's.
pub fn device_of(key: &[u8; 32]) -> DeviceId {
    DeviceId(stable_uuid(&[b"langnghe pseudonym 1", key]))
}

/// The same, of the secret key.
pub fn device_of_secret(key: &SigningKey) -> DeviceId {
    device_of(&key.verifying_key().to_bytes())
}

/// The life it writes under: as new as the author's own whenever work is run again, and nothing that could be met elsewhere.
pub fn epoch_of(key: &SigningKey, own: Epoch) -> Epoch {
    let mut hash = Sha256::new();
    hash.update(b"langnghe pseudonym epoch 1\n");
    hash.update(key.to_bytes());
    hash.update(own.as_bytes());
    let digest: [u8; 32] = hash.finalize().into();
    let mut epoch = [0; 16];
    epoch.copy_from_slice(&digest[..16]);
    Epoch::from_bytes(epoch)
}
