//! What a device that was shut out leaves behind, for a person to judge: all that it has written and the server has not
//! taken. It is sealed for the tenant's recovery key, so that neither the server nor whoever copies it reads it.

use minicbor::bytes::{ByteArray, ByteVec};
use minicbor::{Decode, Encode};
use sha2::{Digest, Sha256};

use crate::id::{DeviceId, Epoch, RecordId, TenantId};
use crate::sealed;

/// What is sealed is bound to this.
const PURPOSE: &[u8] = b"langnghe quarantine 1";
/// An upload larger than this is not taken; a device leaves more in several.
pub const MAX_LEFT_BYTES: usize = 8 * 1024 * 1024;

/// What was left, or a part of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Leavings {
    /// In the order of work.
    #[n(0)]
    pub entries: Vec<Left>,
    /// What a courier brought and cannot be taken apart: request bodies as they came, zstd.
    #[n(1)]
    pub unread: Option<Vec<ByteVec>>,
}

/// One piece of work.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Left {
    /// The record it belongs to.
    #[n(0)]
    pub record: RecordId,
    /// The life of the device's database it was written in.
    #[n(1)]
    pub epoch: Epoch,
    /// The change, a whole chunk.
    #[n(2)]
    pub bytes: ByteVec,
    /// The device's.
    #[n(3)]
    pub signature: ByteArray<64>,
    /// What its author did, as the device keeps it: JSON. None: it came by a courier.
    #[n(4)]
    pub command: Option<String>,
    /// Why the server had refused it: the code, and the reason as the device keeps it.
    #[n(5)]
    pub refused: Option<(String, String)>,
}

/// Whose key opens something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum SealedFor {
    /// The tenant's recovery key.
    #[n(0)]
    Recovery,
    /// The server's own: the device knew no other.
    #[n(1)]
    Server,
}

/// As it travels and lies: sealed.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct SealedLeavings {
    /// Who can open it.
    #[n(0)]
    pub key: SealedFor,
    /// The leavings.
    #[n(1)]
    pub sealed: ByteVec,
}

/// What is sealed is bound to whose it is.
fn beside(tenant: TenantId, device: DeviceId) -> Vec<u8> {
    [tenant.as_bytes().as_slice(), device.as_bytes()].concat()
}

impl Leavings {
    /// Seals. `secret`: known to nobody else; with the same secret the same leavings are the same bytes, so that brought twice
    /// they are known. None: that is no key.
    pub fn seal(
        &self,
        tenant: TenantId,
        device: DeviceId,
        (key, to): (SealedFor, &[u8; 32]),
        secret: &[u8; 32],
    ) -> Option<SealedLeavings> {
        let plain = minicbor::to_vec(self).ok()?;
        let seed = Sha256::new()
            .chain_update(b"langnghe quarantine seed 1\n")
            .chain_update(secret)
            .chain_update(to)
            .chain_update(&plain)
            .finalize()
            .into();
        let sealed = sealed::seal(to, PURPOSE, &beside(tenant, device), &plain, seed)?;
        Some(SealedLeavings { key, sealed: ByteVec::from(sealed) })
    }
}

impl SealedLeavings {
    /// Opens. None: it is for another key, another device's, or not whole.
    pub fn open(&self, tenant: TenantId, device: DeviceId, key: &[u8; 32]) -> Option<Leavings> {
        self.open_by(tenant, device, |purpose, beside, sealed| sealed::open(key, purpose, beside, sealed))
    }

    /// The same by whoever has the key and does not show it: given the purpose, what stands beside, and what is sealed.
    pub fn open_by(
        &self,
        tenant: TenantId,
        device: DeviceId,
        open: impl FnOnce(&[u8], &[u8], &[u8]) -> Option<Vec<u8>>,
    ) -> Option<Leavings> {
        let plain = open(PURPOSE, &beside(tenant, device), &self.sealed)?;
        minicbor::decode(&plain).ok()
    }
}

/// What the server answers to leavings that it keeps.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct LeftKept {
    /// The entry.
    pub id: String,
    /// The server's signature, hex: see [`crate::signed::LeftClaim`].
    pub receipt: String,
}
