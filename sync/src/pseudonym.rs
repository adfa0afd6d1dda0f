//! Writing a sealed petition without leaving one's name on it.
//!
//! Who logged it tells where, and often who, its speaker is. So its first and only change by that author is written under a
//! key made for this one record, and the log, its receipts and all other devices know that key and no more. Which device
//! brought it is known to the server while it judges the change, and is not kept; who it was lies in what is sealed for the
//! handlers, signed by the true device.

use ed25519_dalek::SigningKey;

use crate::id::{DeviceId, stable_uuid};

/// What stands in the log for a device: computed from the key, so that nobody can take another's.
pub fn device_of(key: &[u8; 32]) -> DeviceId {
    DeviceId(stable_uuid(&[b"langnghe pseudonym 1", key]))
}

/// The same, of the secret key.
pub fn device_of_secret(key: &SigningKey) -> DeviceId {
    device_of(&key.verifying_key().to_bytes())
}
