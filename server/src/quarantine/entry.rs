//! One file.

use minicbor::{Decode, Encode};
use sha2::{Digest, Sha256};
use sync::id::DeviceId;
use sync::wire::SealedLeavings;

/// Names an entry: the same bytes of the same device are the same entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EntryId([u8; 16]);

impl EntryId {
    /// Of what came.
    pub fn of(device: DeviceId, came: &[u8]) -> Self {
        let digest: [u8; 32] = Sha256::new()
            .chain_update(b"langnghe quarantine entry 1\n")
            .chain_update(device.as_bytes())
            .chain_update(came)
            .finalize()
            .into();
        let mut id = [0; 16];
        id.copy_from_slice(&digest[..16]);
        Self(id)
    }

    /// As people write it.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = data_encoding::HEXLOWER_PERMISSIVE.decode(text.trim().as_bytes()).ok()?;
        Some(Self(bytes.try_into().ok()?))
    }
}

impl std::fmt::Display for EntryId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&data_encoding::HEXLOWER.encode(&self.0))
    }
}

/// What a file holds.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Entry {
    /// Whose it was.
    #[n(0)]
    pub device: DeviceId,
    /// Milliseconds since 1970.
    #[n(1)]
    pub received_at: i64,
    /// A courier brought it; else the device itself.
    #[n(2)]
    pub carried: bool,
    /// None: somebody has judged it and let go of it. Its name stays, so that it does not come back.
    #[n(3)]
    pub left: Option<SealedLeavings>,
}
