//! What is sealed for a tenant, and for whom.

use minicbor::bytes::ByteArray;
use minicbor::{Decode, Encode};
use sha2::{Digest, Sha256};

use crate::id::{DeviceId, OfficeId};

/// A tenant's public keys (X25519). The server tells them to a device that does not know them as they are now.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct TenantKeys {
    /// Who spoke is sealed for this one; its private half is kept apart from the server's database.
    #[n(0)]
    pub identity: ByteArray<32>,
    /// For what nobody reads but the holder of the recovery key, who has its private half on paper; none where it was
    /// never made.
    #[n(1)]
    pub recovery: Option<ByteArray<32>>,
    /// The devices of those who are entrusted with sealed petitions of the offices that this device's user works for,
    /// sorted.
    #[n(2)]
    pub handlers: Option<Vec<HandlerKey>>,
}

/// A device that a sealed petition is locked for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct HandlerKey {
    /// The office whose sealed petitions its user is entrusted with.
    #[n(0)]
    pub office: OfficeId,
    /// The device.
    #[n(1)]
    pub device: DeviceId,
    /// Its receiving key (X25519).
    #[n(2)]
    pub key: ByteArray<32>,
}

impl TenantKeys {
    /// Tells these keys from others in few bytes.
    pub fn mark(&self) -> ByteArray<4> {
        let mut hash = Sha256::new();
        hash.update(b"langnghe tenant keys 1\n");
        hash.update(*self.identity);
        self.recovery.iter().for_each(|key| hash.update(**key));
        for handler in self.handlers.iter().flatten() {
            hash.update(b"handler\n");
            hash.update((handler.office.as_str().len() as u64).to_be_bytes());
            hash.update(handler.office.as_str());
            hash.update(handler.device.as_bytes());
            hash.update(*handler.key);
        }
        let digest: [u8; 32] = hash.finalize().into();
        let mut mark = [0; 4];
        mark.copy_from_slice(&digest[..4]);
        ByteArray::from(mark)
    }
}
