//! Bytes that only the holder of one key can read: HPKE (RFC 9180) in base mode, with X25519, HKDF-SHA256 and
//! ChaCha20-Poly1305. It hides, and shows who may read; who wrote is shown by a signature beside it.

use std::convert::Infallible;

use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::rand_core::{TryCryptoRng, TryRng};
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable, single_shot_open, single_shot_seal_with_rng};
use sha2::{Digest, Sha256};

type PublicKey = <X25519HkdfSha256 as Kem>::PublicKey;
type PrivateKey = <X25519HkdfSha256 as Kem>::PrivateKey;
type Encapped = <X25519HkdfSha256 as Kem>::EncappedKey;

/// The length of the encapsulated key in front.
const KEY_BYTES: usize = 32;

/// Chance that is given, not taken: SHA-256 of a seed and a counter.
struct Chance {
    seed: [u8; 32],
    next: u64,
}

impl Chance {
    fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        for chunk in bytes.chunks_mut(32) {
            let block = Sha256::new().chain_update(self.seed).chain_update(self.next.to_be_bytes()).finalize();
            chunk.copy_from_slice(&block[..chunk.len()]);
            self.next += 1;
        }
        bytes
    }
}

impl TryRng for Chance {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(u32::from_le_bytes(self.bytes()))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(u64::from_le_bytes(self.bytes()))
    }

    fn try_fill_bytes(&mut self, buffer: &mut [u8]) -> Result<(), Infallible> {
        for chunk in buffer.chunks_mut(32) {
            let bytes: [u8; 32] = self.bytes();
            chunk.copy_from_slice(&bytes[..chunk.len()]);
        }
        Ok(())
    }
}

impl TryCryptoRng for Chance {}

/// Seals for the holder of a public key. `purpose` and `beside` must be the same when it is opened: what it is for, and
/// what travels openly with it. `seed`: from the system's secure source, used for nothing else. None: that is no key.
pub fn seal(to: &[u8; 32], purpose: &[u8], beside: &[u8], plain: &[u8], seed: [u8; 32]) -> Option<Vec<u8>> {
    let to = PublicKey::from_bytes(to).ok()?;
    let sealed = single_shot_seal_with_rng::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
        &OpModeS::Base,
        &to,
        purpose,
        plain,
        beside,
        &mut Chance { seed, next: 0 },
    );
    let (key, mut sealed) = sealed.ok()?;
    let mut bytes = key.to_bytes().to_vec();
    bytes.append(&mut sealed);
    Some(bytes)
}

/// Opens what [`seal`] made. None: it is for another key, for something else, or not whole.
pub fn open(key: &[u8; 32], purpose: &[u8], beside: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let key = PrivateKey::from_bytes(key).ok()?;
    let (encapped, sealed) = sealed.split_at_checked(KEY_BYTES)?;
    let encapped = Encapped::from_bytes(encapped).ok()?;
    let opened = single_shot_open::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
        &OpModeR::Base,
        &key,
        &encapped,
        purpose,
        sealed,
        beside,
    );
    opened.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A pair: the private key is clamped by X25519 itself.
    fn pair(seed: u8) -> ([u8; 32], [u8; 32]) {
        let (private, public) = X25519HkdfSha256::derive_keypair(&[seed; 32]);
        (private.to_bytes().into(), public.to_bytes().into())
    }

    #[test]
    fn only_the_holder_opens_it_and_only_as_it_was_sealed() {
        let (private, public) = pair(1);
        let sealed = seal(&public, b"request", b"beside", b"words", [3; 32]).expect("a key");
        assert!(!sealed.windows(5).any(|w| w == b"words"));
        assert_eq!(open(&private, b"request", b"beside", &sealed).as_deref(), Some(b"words".as_slice()));
        assert_eq!(open(&pair(2).0, b"request", b"beside", &sealed), None);
        assert_eq!(open(&private, b"reply", b"beside", &sealed), None);
        assert_eq!(open(&private, b"request", b"besides", &sealed), None);
        for cut in 0..sealed.len() {
            assert_eq!(open(&private, b"request", b"beside", &sealed[..cut]), None);
        }
        for at in 0..sealed.len() {
            let mut other = sealed.clone();
            other[at] ^= 1;
            assert_eq!(open(&private, b"request", b"beside", &other), None, "byte {at}");
        }
        let again = seal(&public, b"request", b"beside", b"words", [4; 32]).expect("a key");
        assert_ne!(again, sealed, "each time under a key of its own");
    }
}
