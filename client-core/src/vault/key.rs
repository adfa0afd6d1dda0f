//! The random key that encrypts a replica's database.

use data_encoding::HEXLOWER;
use zeroize::Zeroizing;

/// 32 random bytes. Wiped from memory when dropped, never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseKey(Zeroizing<[u8; 32]>);

impl std::fmt::Debug for DatabaseKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DatabaseKey(…)")
    }
}

impl DatabaseKey {
    /// A new one. `rng` fills a buffer from the system's secure source.
    pub fn generate(rng: &mut dyn FnMut(&mut [u8])) -> Self {
        let mut bytes = Zeroizing::new([0; 32]);
        rng(bytes.as_mut_slice());
        Self(bytes)
    }

    /// As kept. None when there are not 32 bytes.
    pub(super) fn from_bytes(kept: &[u8]) -> Option<Self> {
        let mut bytes = Zeroizing::new([0; 32]);
        (kept.len() == bytes.len()).then(|| bytes.copy_from_slice(kept))?;
        Some(Self(bytes))
    }

    pub(super) fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// As SQLCipher takes a raw key, which it does not stretch: `x'…'`, for `PRAGMA key` and `ATTACH … KEY`.
    pub fn raw(&self) -> Zeroizing<String> {
        let hex = Zeroizing::new(HEXLOWER.encode(self.as_bytes()));
        Zeroizing::new(format!("x'{}'", hex.as_str()))
    }
}
