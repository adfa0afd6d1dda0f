//! Small secrets outside the database, sealed under its key.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::key::DatabaseKey;

const NONCE_BYTES: usize = 24;

/// Seals bytes. `purpose` names what they are: sealed for another purpose they do not open.
pub fn seal(key: &DatabaseKey, purpose: &str, bytes: &[u8], rng: &mut dyn FnMut(&mut [u8])) -> Vec<u8> {
    let mut nonce = [0; NONCE_BYTES];
    rng(&mut nonce);
    let subkey = subkey(key, purpose);
    [nonce.as_slice(), &encrypt(&subkey, &nonce, bytes, purpose.as_bytes())].concat()
}

/// Opens what [`seal`] made. None when it is not that, or was made under another key or for another purpose.
pub fn unseal(key: &DatabaseKey, purpose: &str, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (nonce, sealed) = sealed.split_first_chunk()?;
    decrypt(&subkey(key, purpose), nonce, sealed, purpose.as_bytes())
}

/// The database's own key is for the database alone.
fn subkey(key: &DatabaseKey, purpose: &str) -> Zeroizing<[u8; 32]> {
    let hash = Sha256::new().chain_update("langnghe sealed 1\n").chain_update(purpose).chain_update("\n");
    Zeroizing::new(hash.chain_update(key.as_bytes()).finalize().into())
}

/// XChaCha20-Poly1305: its nonces are long enough to be drawn at random.
pub(super) fn encrypt(key: &[u8; 32], nonce: &[u8; NONCE_BYTES], msg: &[u8], aad: &[u8]) -> Vec<u8> {
    let cipher = XChaCha20Poly1305::new(&Key::from(*key));
    // It fails only for more bytes than a machine holds.
    cipher.encrypt(&XNonce::from(*nonce), Payload { msg, aad }).unwrap_or_default()
}

/// None when anything of it is not as it was encrypted.
pub(super) fn decrypt(key: &[u8; 32], nonce: &[u8; NONCE_BYTES], msg: &[u8], aad: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let cipher = XChaCha20Poly1305::new(&Key::from(*key));
    cipher.decrypt(&XNonce::from(*nonce), Payload { msg, aad }).ok().map(Zeroizing::new)
}
