//! One version of an identity: sealed, signed, and standing on the versions its author had seen.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use ed25519_dalek::SigningKey;
use sha2::{Digest, Sha256};

use super::person::Person;
use super::words::Words;
use crate::id::{DeviceId, EventId, RecordId, TenantId};
use crate::sealed;
use crate::signed::{SignatureBytes, sign, verify};

/// A person's sealed body is no larger than this.
pub const MAX_BODY_BYTES: usize = 3200;
/// Nor are a sealed petition's words.
pub const MAX_WORDS_BYTES: usize = 70 * 1024;
/// No version stands on more versions than this.
pub const MAX_AFTER: usize = 32;

const NONCE: usize = 24;
/// What HPKE is told a locked key is for.
const LOCK: &[u8] = b"langnghe identity key 1";

/// A version as it lies everywhere but before its readers' eyes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Its own id.
    pub version: EventId,
    /// Whose: the id that the petition names.
    pub identity: EventId,
    /// The petition.
    pub record: RecordId,
    /// The versions its author had seen, sorted; it replaces them.
    pub after: Vec<EventId>,
    /// When it was written, by the device's clock put right, milliseconds since 1970.
    pub at: i64,
    /// Nonce and ciphertext.
    pub body: Vec<u8>,
}

/// What an author's signature covers, and what a body and its locked keys are bound to.
#[derive(Debug, Clone, Copy)]
pub struct IdentityClaim<'a> {
    /// The tenant.
    pub tenant: TenantId,
    /// The author's device.
    pub device: DeviceId,
    /// The version.
    pub version: &'a Version,
}

/// The key of one version's body, used for nothing else.
#[derive(Clone, PartialEq, Eq)]
pub struct DataKey(pub [u8; 32]);

impl std::fmt::Debug for DataKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DataKey")
    }
}

impl Version {
    /// Whether, of a sealed petition, it holds the words, and no person. Of an ordinary one whose speaker was named later
    /// the petition's own id stands for that person.
    pub fn is_words(&self) -> bool {
        self.identity.0 == self.record.0
    }
}

impl IdentityClaim<'_> {
    /// All but the body.
    fn head(&self) -> Vec<u8> {
        let Version { version, identity, record, after, at, .. } = self.version;
        let mut m = b"langnghe identity 1\n".to_vec();
        m.extend_from_slice(self.tenant.as_bytes());
        m.extend_from_slice(self.device.as_bytes());
        m.extend_from_slice(record.as_bytes());
        m.extend_from_slice(identity.as_bytes());
        m.extend_from_slice(version.as_bytes());
        m.extend_from_slice(&at.to_be_bytes());
        m.extend_from_slice(&(after.len() as u64).to_be_bytes());
        after.iter().for_each(|id| m.extend_from_slice(id.as_bytes()));
        m
    }

    fn message(&self) -> Vec<u8> {
        let mut m = self.head();
        m.extend_from_slice(&Sha256::digest(&self.version.body));
        m
    }

    /// Signs.
    pub fn sign(&self, key: &SigningKey) -> SignatureBytes {
        sign(key, &self.message())
    }

    /// Whether the device signed this.
    pub fn verify(&self, key: &[u8; 32], signature: &SignatureBytes) -> bool {
        verify(key, &self.message(), signature)
    }

    /// The person under a key: the version's body. `nonce`: from the system's secure source. None: too much is said.
    pub fn seal(&self, person: &Person, key: &DataKey, nonce: [u8; NONCE]) -> Option<Vec<u8>> {
        self.encrypt(&person.to_padded(), key, nonce).filter(|body| body.len() <= MAX_BODY_BYTES)
    }

    /// A sealed petition's words in the same way.
    pub fn seal_words(&self, words: &Words, key: &DataKey, nonce: [u8; NONCE]) -> Option<Vec<u8>> {
        self.encrypt(&words.to_padded(), key, nonce).filter(|body| body.len() <= MAX_WORDS_BYTES)
    }

    /// Who spoke. None: it is not the key, or not whole.
    pub fn open(&self, key: &DataKey) -> Option<Person> {
        Person::from_padded(&self.decrypt(key)?)
    }

    /// A sealed petition's words. None: it is not the key, or not whole.
    pub fn open_words(&self, key: &DataKey) -> Option<Words> {
        Words::from_padded(&self.decrypt(key)?)
    }

    fn encrypt(&self, plain: &[u8], key: &DataKey, nonce: [u8; NONCE]) -> Option<Vec<u8>> {
        let head = self.head();
        let payload = Payload { msg: plain, aad: &head };
        let sealed = XChaCha20Poly1305::new(&key.0.into()).encrypt(&XNonce::from(nonce), payload).ok()?;
        Some([nonce.as_slice(), &sealed].concat())
    }

    fn decrypt(&self, key: &DataKey) -> Option<Vec<u8>> {
        let head = self.head();
        let (nonce, sealed) = self.version.body.split_at_checked(NONCE)?;
        let nonce: [u8; NONCE] = nonce.try_into().ok()?;
        let payload = Payload { msg: sealed, aad: &head };
        XChaCha20Poly1305::new(&key.0.into()).decrypt(&XNonce::from(nonce), payload).ok()
    }

    /// Locks the key for a reader (X25519). `seed`: from the system's secure source. None: that is no key.
    pub fn lock(&self, key: &DataKey, reader: &[u8; 32], seed: [u8; 32]) -> Option<Vec<u8>> {
        sealed::seal(reader, LOCK, &self.head(), &key.0, seed)
    }

    /// Unlocks it as its reader. `open`: opens with the reader's key what was sealed for a purpose beside something.
    pub fn unlock(&self, locked: &[u8], open: impl FnOnce(&[u8], &[u8], &[u8]) -> Option<Vec<u8>>) -> Option<DataKey> {
        let key = open(LOCK, &self.head(), locked)?;
        Some(DataKey(key.try_into().ok()?))
    }
}

#[cfg(test)]
mod tests {
    use x25519_dalek::{PublicKey, StaticSecret};

    use super::*;
    use crate::identity::Consent;

    fn version() -> Version {
        let id = |n: u8| EventId::from_bytes([n; 16]);
        Version {
            version: id(1),
            identity: id(2),
            record: RecordId::from_bytes([3; 16]),
            after: vec![id(4)],
            at: 1_790_000_000_000,
            body: Vec::new(),
        }
    }

    #[test]
    fn it_opens_for_its_readers_and_only_as_it_was_written() {
        let person = Person {
            name: Some("Trần Văn Bình".to_owned()),
            phone: None,
            address: Some("ấp Vĩnh Thới".to_owned()),
            consent: Some(vec![Consent::Contact]),
            origin: None,
        };
        let (tenant, device) = (TenantId::from_bytes([5; 16]), DeviceId::from_bytes([6; 16]));
        let key = DataKey([7; 32]);
        let mut version = version();
        version.body =
            IdentityClaim { tenant, device, version: &version }.seal(&person, &key, [8; 24]).expect("sealed");
        let claim = IdentityClaim { tenant, device, version: &version };
        assert!(!version.body.windows(4).any(|w| w == "Bình".as_bytes()[..4].to_vec()));
        assert_eq!(claim.open(&key), Some(person));
        assert_eq!(claim.open(&DataKey([9; 32])), None);

        let reader = StaticSecret::from([10; 32]);
        let locked = claim.lock(&key, PublicKey::from(&reader).as_bytes(), [11; 32]).expect("locked");
        let with = |reader: &StaticSecret| {
            let bytes = reader.to_bytes();
            move |purpose: &[u8], beside: &[u8], locked: &[u8]| sealed::open(&bytes, purpose, beside, locked)
        };
        assert_eq!(claim.unlock(&locked, with(&reader)), Some(key.clone()));
        assert_eq!(claim.unlock(&locked, with(&StaticSecret::from([12; 32]))), None);

        // For another petition, person, author or time it is neither opened nor unlocked.
        let others = [
            Version { record: RecordId::from_bytes([13; 16]), ..version.clone() },
            Version { identity: EventId::from_bytes([13; 16]), ..version.clone() },
            Version { version: EventId::from_bytes([13; 16]), ..version.clone() },
            Version { after: Vec::new(), ..version.clone() },
            Version { at: 0, ..version.clone() },
        ];
        let signing = SigningKey::from_bytes(&[14; 32]);
        let signature = claim.sign(&signing);
        let public = signing.verifying_key().to_bytes();
        assert!(claim.verify(&public, &signature));
        for other in &others {
            let other = IdentityClaim { tenant, device, version: other };
            assert_eq!(other.open(&key), None);
            assert_eq!(other.unlock(&locked, with(&reader)), None);
            assert!(!other.verify(&public, &signature));
        }
        let other = IdentityClaim { tenant, device: DeviceId::from_bytes([13; 16]), version: &version };
        assert_eq!((other.open(&key), other.verify(&public, &signature)), (None, false));
    }
}
