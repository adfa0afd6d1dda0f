//! Where, when and by whom a sealed petition was heard: what an ordinary one says openly.

use ed25519_dalek::SigningKey;
use minicbor::bytes::ByteArray;
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::id::{DeviceId, PostId, RecordId, TenantId, UnitId, UserId};
use crate::signed::{SignatureBytes, sign, verify};

/// What its document leaves out.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cbor(map)]
pub struct Origin {
    /// Where the speaker lives, or spoke.
    #[n(0)]
    pub hamlet: Option<UnitId>,
    /// The session it was raised in.
    #[n(1)]
    pub session: Option<RecordId>,
    /// When it was logged, milliseconds since 1970.
    #[n(2)]
    pub at: i64,
    /// Who logged it.
    #[n(3)]
    pub user: UserId,
    /// In which post.
    #[n(4)]
    pub post: PostId,
    /// On which device.
    #[n(5)]
    pub device: DeviceId,
    /// That device's signature, see [`OriginClaim`]: under the pseudonym stands somebody.
    #[n(6)]
    #[serde(skip, default = "unsigned")]
    pub signature: ByteArray<64>,
}

fn unsigned() -> ByteArray<64> {
    ByteArray::from([0; 64])
}

/// What that signature covers.
#[derive(Debug, Clone, Copy)]
pub struct OriginClaim<'a> {
    /// The tenant.
    pub tenant: TenantId,
    /// The petition.
    pub record: RecordId,
    /// The device id that stands in the log, see [`crate::pseudonym`].
    pub pseudonym: DeviceId,
    /// What is said.
    pub origin: &'a Origin,
}

impl OriginClaim<'_> {
    fn message(&self) -> Vec<u8> {
        let unsigned = Origin { signature: unsigned(), ..self.origin.clone() };
        let mut m = b"langnghe origin 1\n".to_vec();
        m.extend_from_slice(self.tenant.as_bytes());
        m.extend_from_slice(self.record.as_bytes());
        m.extend_from_slice(self.pseudonym.as_bytes());
        // Writing to memory cannot fail.
        m.extend(minicbor::to_vec(&unsigned).unwrap_or_default());
        m
    }

    /// Signs.
    pub fn sign(&self, key: &SigningKey) -> SignatureBytes {
        sign(key, &self.message())
    }

    /// Whether the device signed this.
    pub fn verify(&self, key: &[u8; 32]) -> bool {
        verify(key, &self.message(), &self.origin.signature)
    }
}
