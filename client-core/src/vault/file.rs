//! The key file: the database's key as it is, or wrapped by a PIN.
//!
//! ```text
//! "langnghe key"  12 bytes
//! version         1 byte: 1
//! form            1 byte: 0 open, 1 PIN
//! open:  key      32 bytes
//! PIN:   memory   4 bytes, big-endian, KiB ┐
//!        passes   4 bytes, big-endian      │ Argon2id
//!        lanes    4 bytes, big-endian      │
//!        salt     16 bytes                 ┘
//!        nonce    24 bytes                 ┐ XChaCha20-Poly1305; all that stands before the nonce
//!        wrapped  48 bytes                 ┘ is its associated data
//! sum             8 bytes: the beginning of the SHA-256 of all before
//! ```
//!
//! The sum tells a damaged file from a wrong PIN. Every version ends in it.

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::key::DatabaseKey;
use super::pin::Pin;
use super::seal::{decrypt, encrypt};
use super::stretch::{Stretch, stretched};

const MAGIC: &[u8; 12] = b"langnghe key";
const VERSION: u8 = 1;
const OPEN: u8 = 0;
const PIN: u8 = 1;
const SUM_BYTES: usize = 8;
/// No version is longer.
const MOST_BYTES: usize = 4096;

/// What a key file holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyFile {
    /// No PIN: whoever has the file has the key.
    Open(DatabaseKey),
    /// Whoever has the file can try PINs.
    Pin(WrappedKey),
}

/// A key that a PIN opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrappedKey {
    stretch: Stretch,
    salt: [u8; 16],
    nonce: [u8; 24],
    wrapped: [u8; 48],
}

/// Why bytes are no key file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyFileFault {
    /// Not what any program has written.
    Damaged,
    /// Made by a newer program.
    Newer {
        /// The file's version.
        found: u8,
        /// The newest this program knows.
        known: u8,
    },
}

impl KeyFile {
    /// Reads it.
    ///
    /// # Errors
    /// [`KeyFileFault`] when it cannot be read as it was written.
    pub fn decode(bytes: &[u8]) -> Result<Self, KeyFileFault> {
        let told = bytes.len() <= MOST_BYTES;
        let (body, sum) = bytes.split_last_chunk::<SUM_BYTES>().filter(|_| told).ok_or(KeyFileFault::Damaged)?;
        if *sum != sum_of(body) {
            return Err(KeyFileFault::Damaged);
        }
        let after_magic = body.strip_prefix(MAGIC).ok_or(KeyFileFault::Damaged)?;
        match after_magic.split_first() {
            Some((&VERSION, form)) => read(form).ok_or(KeyFileFault::Damaged),
            Some((&found, _)) if found > VERSION => Err(KeyFileFault::Newer { found, known: VERSION }),
            _ => Err(KeyFileFault::Damaged),
        }
    }

    /// Its bytes.
    pub fn encode(&self) -> Zeroizing<Vec<u8>> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(128));
        match self {
            Self::Open(key) => {
                bytes.extend_from_slice(MAGIC);
                bytes.extend_from_slice(&[VERSION, OPEN]);
                bytes.extend_from_slice(key.as_bytes());
            }
            Self::Pin(wrapped) => {
                bytes.extend_from_slice(&wrapped.context());
                bytes.extend_from_slice(&wrapped.nonce);
                bytes.extend_from_slice(&wrapped.wrapped);
            }
        }
        let sum = sum_of(&bytes);
        bytes.extend_from_slice(&sum);
        bytes
    }
}

impl WrappedKey {
    /// Wraps a key by a PIN. None when the parameters are none that Argon2 takes. `rng` fills a buffer from the system's
    /// secure source.
    pub fn wrap(key: &DatabaseKey, pin: &Pin, stretch: Stretch, rng: &mut dyn FnMut(&mut [u8])) -> Option<Self> {
        let mut wrapped = Self { stretch, salt: [0; 16], nonce: [0; 24], wrapped: [0; 48] };
        rng(&mut wrapped.salt);
        rng(&mut wrapped.nonce);
        let stretched = stretched(pin, &wrapped.salt, stretch)?;
        let sealed = encrypt(&stretched, &wrapped.nonce, key.as_bytes(), &wrapped.context());
        wrapped.wrapped = sealed.try_into().ok()?;
        Some(wrapped)
    }

    /// The key, if this is the PIN.
    pub fn unwrap(&self, pin: &Pin) -> Option<DatabaseKey> {
        let stretched = stretched(pin, &self.salt, self.stretch)?;
        let key = decrypt(&stretched, &self.nonce, &self.wrapped, &self.context())?;
        DatabaseKey::from_bytes(&key)
    }

    /// What stands before the nonce.
    fn context(&self) -> Vec<u8> {
        let Stretch { memory, passes, lanes } = self.stretch;
        let mut context = [MAGIC.as_slice(), &[VERSION, PIN]].concat();
        [memory, passes, lanes].iter().for_each(|n| context.extend_from_slice(&n.to_be_bytes()));
        context.extend_from_slice(&self.salt);
        context
    }
}

fn read(form: &[u8]) -> Option<KeyFile> {
    match form.split_first()? {
        (&OPEN, key) => DatabaseKey::from_bytes(key).map(KeyFile::Open),
        (&PIN, rest) => {
            let (memory, rest) = rest.split_first_chunk()?;
            let (passes, rest) = rest.split_first_chunk()?;
            let (lanes, rest) = rest.split_first_chunk()?;
            let [memory, passes, lanes] = [memory, passes, lanes].map(|n| u32::from_be_bytes(*n));
            let stretch = Stretch { memory, passes, lanes };
            stretch.allowed()?;
            let (salt, rest) = rest.split_first_chunk()?;
            let (nonce, wrapped) = rest.split_first_chunk()?;
            let wrapped = wrapped.try_into().ok()?;
            Some(KeyFile::Pin(WrappedKey { stretch, salt: *salt, nonce: *nonce, wrapped }))
        }
        _ => None,
    }
}

fn sum_of(bytes: &[u8]) -> [u8; SUM_BYTES] {
    let hash = Sha256::digest(bytes);
    std::array::from_fn(|i| hash[i])
}
