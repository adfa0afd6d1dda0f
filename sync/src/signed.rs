//! What signatures cover. A change is evidence, whoever carried it; a request proves which device asks.

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

use crate::id::{DeviceId, Epoch, EventId, Hash, RecordId, ServerEpoch, TenantId};

/// A 64-byte Ed25519 signature.
pub type SignatureBytes = [u8; 64];

/// A change on its way, or as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedChange {
    /// The record it belongs to.
    pub record: RecordId,
    /// The life of the replica that wrote it.
    pub epoch: Epoch,
    /// The whole uncompressed chunk.
    pub bytes: Vec<u8>,
    /// The author's device's, or that of the pseudonym it was written under.
    pub signature: SignatureBytes,
    /// The public key it was written under in place of the device's, see [`crate::pseudonym`].
    pub pseudonym: Option<[u8; 32]>,
}

/// What a change's signature covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChangeClaim {
    /// The tenant.
    pub tenant: TenantId,
    /// The device that wrote it.
    pub device: DeviceId,
    /// The record.
    pub record: RecordId,
    /// The life of its database.
    pub epoch: Epoch,
    /// The change's number in its actor's stream.
    pub seq: u64,
    /// The change.
    pub hash: Hash,
}

impl ChangeClaim {
    fn message(&self) -> Vec<u8> {
        let mut m = b"langnghe change 1\n".to_vec();
        m.extend_from_slice(self.tenant.as_bytes());
        m.extend_from_slice(self.device.as_bytes());
        m.extend_from_slice(self.record.as_bytes());
        m.extend_from_slice(self.epoch.as_bytes());
        m.extend_from_slice(&self.seq.to_be_bytes());
        m.extend_from_slice(&self.hash.0);
        m
    }
}

/// What a request's signature covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestClaim<'a> {
    /// The device that asks.
    pub device: DeviceId,
    /// Upper case.
    pub method: &'a str,
    /// With its query, as sent.
    pub path: &'a str,
    /// Milliseconds since 1970 by the device's clock, put right by the offset it has learnt.
    pub time: i64,
    /// The body as sent, content coding and all.
    pub body: &'a [u8],
}

impl RequestClaim<'_> {
    fn message(&self) -> Vec<u8> {
        let mut m = b"langnghe request 1\n".to_vec();
        m.extend_from_slice(self.device.as_bytes());
        m.extend_from_slice(format!("{}\n{}\n{}\n", self.method, self.path, self.time).as_bytes());
        m.extend_from_slice(&Sha256::digest(self.body));
        m
    }
}

/// What the server's receipt covers: the frame it ends, for the device it went to. Of the frame only its hash is needed to
/// show the receipt again later, with the leaves of the changes it names and the position it brought the device to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReceiptClaim {
    /// The tenant.
    pub tenant: TenantId,
    /// This life of the server.
    pub server_epoch: ServerEpoch,
    /// The device it was made for.
    pub device: DeviceId,
    /// SHA-256 of the frame without its receipt, encoded.
    pub frame: [u8; 32],
    /// The root over the frame's changes; none where it names no change.
    pub root: Option<[u8; 32]>,
    /// The position of the frame's cursor; none where it has none.
    pub position: Option<u64>,
}

impl ReceiptClaim {
    fn message(&self) -> Vec<u8> {
        let mut m = b"langnghe receipt 1\n".to_vec();
        m.extend_from_slice(self.tenant.as_bytes());
        m.extend_from_slice(self.server_epoch.as_bytes());
        m.extend_from_slice(self.device.as_bytes());
        m.extend_from_slice(&self.frame);
        // What is absent reads like nothing that could be there.
        m.push(u8::from(self.root.is_some()));
        m.extend_from_slice(&self.root.unwrap_or_default());
        m.push(u8::from(self.position.is_some()));
        m.extend_from_slice(&self.position.unwrap_or_default().to_be_bytes());
        m
    }
}

/// What the server's signature on a courier's reply covers: the envelope, and what is sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReplyClaim<'a> {
    /// The envelope, encoded.
    pub envelope: &'a [u8],
    /// What is sealed, as it travels.
    pub sealed: &'a [u8],
}

impl ReplyClaim<'_> {
    fn message(&self) -> Vec<u8> {
        let mut m = b"langnghe bundle reply 1\n".to_vec();
        m.extend_from_slice(&Sha256::digest(self.envelope));
        m.extend_from_slice(&Sha256::digest(self.sealed));
        m
    }
}

/// What the server's signature covers that says that a person has been forgotten, or a petition's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ErasedClaim {
    /// The tenant.
    pub tenant: TenantId,
    /// Who, or which petition.
    pub person: EventId,
    /// Of a petition's words: which generation of its document is without them, from 1; none for a person.
    pub generation: Option<u32>,
    /// When, milliseconds since 1970.
    pub at: i64,
}

impl ErasedClaim {
    fn message(&self) -> Vec<u8> {
        let of: &[u8] = if self.generation.is_some() { b"langnghe erased words 1\n" } else { b"langnghe erased 1\n" };
        let mut m = of.to_vec();
        m.extend_from_slice(self.tenant.as_bytes());
        m.extend_from_slice(self.person.as_bytes());
        m.extend_from_slice(&self.at.to_be_bytes());
        self.generation.iter().for_each(|generation| m.extend_from_slice(&generation.to_be_bytes()));
        m
    }
}

/// What the server's signature covers that keeps what a device has left behind: only then may the device forget it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeftClaim<'a> {
    /// The tenant.
    pub tenant: TenantId,
    /// Whose it was.
    pub device: DeviceId,
    /// As it was sent.
    pub body: &'a [u8],
}

impl LeftClaim<'_> {
    fn message(&self) -> Vec<u8> {
        let mut m = b"langnghe quarantine receipt 1\n".to_vec();
        m.extend_from_slice(self.tenant.as_bytes());
        m.extend_from_slice(self.device.as_bytes());
        m.extend_from_slice(&Sha256::digest(self.body));
        m
    }
}

/// What the server's signature covers on a checkpoint of the audit: how far the lines had come, and all of them by their chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CheckpointClaim {
    /// The tenant.
    pub tenant: TenantId,
    /// This life of the server.
    pub life: ServerEpoch,
    /// The last line that these lines share with those of the checkpoint before.
    pub after: u64,
    /// The last line there was.
    pub line: u64,
    /// Its chain.
    pub chain: [u8; 32],
    /// When the server looked, milliseconds since 1970.
    pub at: i64,
    /// SHA-256 of the checkpoint before, as it is kept: none can be taken out between two.
    pub before: [u8; 32],
}

impl CheckpointClaim {
    fn message(&self) -> Vec<u8> {
        let mut m = b"langnghe audit checkpoint 1\n".to_vec();
        m.extend_from_slice(self.tenant.as_bytes());
        m.extend_from_slice(self.life.as_bytes());
        m.extend_from_slice(&self.after.to_be_bytes());
        m.extend_from_slice(&self.line.to_be_bytes());
        m.extend_from_slice(&self.chain);
        m.extend_from_slice(&self.at.to_be_bytes());
        m.extend_from_slice(&self.before);
        m
    }
}

/// What every claim can: be signed, and be checked.
macro_rules! signed_by {
    ($($claim:ty: $check:literal),+ $(,)?) => {$(
        impl $claim {
            /// Signs.
            pub fn sign(&self, key: &SigningKey) -> SignatureBytes {
                sign(key, &self.message())
            }

            #[doc = $check]
            pub fn verify(&self, key: &[u8; 32], signature: &SignatureBytes) -> bool {
                verify(key, &self.message(), signature)
            }
        }
    )+};
}

signed_by! {
    ChangeClaim: "Whether the device signed this.",
    RequestClaim<'_>: "Whether the device signed this.",
    ReceiptClaim: "Whether the server signed this.",
    ReplyClaim<'_>: "Whether the server signed this.",
    ErasedClaim: "Whether the server signed this.",
    LeftClaim<'_>: "Whether the server signed this.",
    CheckpointClaim: "Whether the server signed this.",
}

/// Signs a message that says what it is.
pub(crate) fn sign(key: &SigningKey, message: &[u8]) -> SignatureBytes {
    key.sign(message).to_bytes()
}

/// Strict verification: no small-order keys, one signature for one message.
pub(crate) fn verify(key: &[u8; 32], message: &[u8], signature: &SignatureBytes) -> bool {
    let Ok(key) = VerifyingKey::from_bytes(key) else { return false };
    key.verify_strict(message, &Signature::from_bytes(signature)).is_ok()
}
