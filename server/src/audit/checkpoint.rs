//! One checkpoint: how far the lines had come when the server looked, and all of them by the last one's chain.

use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use ed25519_dalek::SigningKey;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sync::id::{ServerEpoch, TenantId};
use sync::signed::CheckpointClaim;

use crate::error::ServerError;
use crate::store::Chain;

/// A line of the file.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Written {
    life: ServerEpoch,
    after: i64,
    line: i64,
    /// Milliseconds since 1970.
    at: i64,
    /// Hex, as the signature.
    chain: String,
    signature: String,
}

/// What it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Checkpoint {
    /// The life of the database.
    pub life: ServerEpoch,
    /// The last line that is shared with the checkpoint before. Less than that one's line: the lines between were not
    /// there any more.
    pub after: i64,
    /// The last line.
    pub line: i64,
    /// Milliseconds since 1970.
    pub at: i64,
    /// The last line's.
    pub chain: Chain,
}

/// By what the next one knows it; none before the first.
pub(super) fn name(text: Option<&[u8]>) -> [u8; 32] {
    text.map_or([0; 32], |text| Sha256::digest(text).into())
}

impl Checkpoint {
    fn claim(&self, tenant: TenantId, before: [u8; 32]) -> CheckpointClaim {
        let Self { life, after, line, at, chain } = *self;
        CheckpointClaim { tenant, life, after: after.unsigned_abs(), line: line.unsigned_abs(), chain, at, before }
    }

    /// As it is kept, without the end of its line. `before`: the one before, as it is kept.
    pub(super) fn text(
        &self,
        tenant: TenantId,
        before: Option<&[u8]>,
        key: &SigningKey,
    ) -> Result<Vec<u8>, ServerError> {
        let signature = self.claim(tenant, name(before)).sign(key);
        let Self { life, after, line, at, chain } = *self;
        let (chain, signature) = (HEXLOWER.encode(&chain), HEXLOWER.encode(&signature));
        serde_json::to_vec(&Written { life, after, line, at, chain, signature })
            .map_err(|_| ServerError::Stored("checkpoint"))
    }

    /// What is written there, whoever wrote it.
    pub(super) fn read(text: &[u8]) -> Option<Self> {
        let Written { life, after, line, at, chain, .. } = serde_json::from_slice(text).ok()?;
        let chain = HEXLOWER_PERMISSIVE.decode(chain.as_bytes()).ok()?.try_into().ok()?;
        (0 <= after && after <= line).then_some(Self { life, after, line, at, chain })
    }

    /// The same, if the server has written it, behind this one.
    pub(super) fn verified(text: &[u8], tenant: TenantId, before: Option<&[u8]>, key: &SigningKey) -> Option<Self> {
        let found = Self::read(text)?;
        let Written { signature, .. } = serde_json::from_slice(text).ok()?;
        let signature = HEXLOWER_PERMISSIVE.decode(signature.as_bytes()).ok()?.try_into().ok()?;
        let claim = found.claim(tenant, name(before));
        claim.verify(key.verifying_key().as_bytes(), &signature).then_some(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_altered_is_not_the_servers() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let tenant = TenantId::from_bytes([1; 16]);
        let life = ServerEpoch::from_bytes([2; 16]);
        let checkpoint = Checkpoint { life, after: 4, line: 6, at: 10, chain: [3; 32] };
        let text = checkpoint.text(tenant, Some(b"before"), &key).expect("a text");
        let verified = |text: &[u8], before: &[u8]| Checkpoint::verified(text, tenant, Some(before), &key);
        assert_eq!(verified(&text, b"before"), Some(checkpoint));
        assert_eq!(verified(&text, b"another"), None);
        assert_eq!(Checkpoint::verified(&text, tenant, None, &key), None);
        let other = SigningKey::from_bytes(&[8; 32]);
        assert_eq!(Checkpoint::verified(&text, tenant, Some(b"before"), &other), None);
        assert_eq!(Checkpoint::verified(&text, TenantId::from_bytes([9; 16]), Some(b"before"), &key), None);
        let text = String::from_utf8(text).expect("UTF-8");
        let chain = "03".repeat(32);
        for (of, to) in [
            ("\"after\":4", "\"after\":3"),
            ("\"line\":6", "\"line\":7"),
            ("\"at\":10", "\"at\":11"),
            (&life.to_string(), &ServerEpoch::from_bytes([4; 16]).to_string()),
            (&chain, &"04".repeat(32)),
        ] {
            let altered = text.replace(of, to);
            assert_ne!(altered, text);
            assert!(
                Checkpoint::read(altered.as_bytes()).is_some() && verified(altered.as_bytes(), b"before").is_none()
            );
        }
        assert_eq!(verified(b"{}", b"before"), None);
    }
}
