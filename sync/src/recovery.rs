//! The recovery key: what is sealed for it nobody reads who does not have its private half, which is printed once and kept
//! on paper, away from every machine.

use std::sync::LazyLock;

use data_encoding::{Encoding, Specification};
use sha2::{Digest, Sha256};
use x25519_dalek::{PublicKey, StaticSecret};

/// Letters of it are checked by so many bytes more.
const CHECK: usize = 3;
const GROUP: usize = 4;

/// Crockford's letters: none is mistaken for another, and what is mistaken all the same is read as it was meant.
static LETTERS: LazyLock<Encoding> = LazyLock::new(|| {
    let mut letters = Specification::new();
    letters.symbols.push_str("0123456789ABCDEFGHJKMNPQRSTVWXYZ");
    letters.translate.from.push_str("abcdefghjkmnpqrstvwxyzOoIiLl");
    letters.translate.to.push_str("ABCDEFGHJKMNPQRSTVWXYZ001111");
    letters.ignore.push_str("- \n\r\t");
    letters.encoding().unwrap_or(data_encoding::BASE32_NOPAD)
});

/// The private half, while it is being printed or used.
pub struct RecoveryKey(StaticSecret);

impl RecoveryKey {
    /// Of 32 bytes from the system's secure source.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(StaticSecret::from(bytes))
    }

    /// For whom is sealed.
    pub fn public(&self) -> [u8; 32] {
        PublicKey::from(&self.0).to_bytes()
    }

    /// As it is printed, in groups of four letters.
    pub fn letters(&self) -> String {
        let bytes = self.0.to_bytes();
        let letters = LETTERS.encode(&[bytes.as_slice(), &check(&bytes)].concat());
        let groups: Vec<&str> =
            (0..letters.len()).step_by(GROUP).map(|i| &letters[i..letters.len().min(i + GROUP)]).collect();
        groups.join("-")
    }

    /// As it was typed. None: a letter is wrong or missing.
    pub fn parse(typed: &str) -> Option<Self> {
        let bytes = LETTERS.decode(typed.as_bytes()).ok()?;
        let (key, beside) = bytes.split_at_checked(32)?;
        let key: [u8; 32] = key.try_into().ok()?;
        (beside == check(&key)).then(|| Self(StaticSecret::from(key)))
    }

    /// Opens what was sealed for it.
    pub fn open(&self, purpose: &[u8], beside: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        crate::sealed::open(self.0.as_bytes(), purpose, beside, sealed)
    }
}

fn check(key: &[u8; 32]) -> [u8; CHECK] {
    let digest: [u8; 32] = Sha256::new().chain_update(b"langnghe recovery key 1\n").chain_update(key).finalize().into();
    let mut check = [0; CHECK];
    check.copy_from_slice(&digest[..CHECK]);
    check
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_read_as_it_was_printed_and_not_with_a_letter_wrong() {
        let key = RecoveryKey(StaticSecret::from([7; 32]));
        let printed = key.letters();
        assert_eq!(printed.len(), 56 + 13, "{printed}");
        let typed = printed.to_lowercase().replace('0', "o").replace('-', " ");
        assert_eq!(RecoveryKey::parse(&typed).expect("read").public(), key.public());
        for at in 0..printed.len() {
            let mut wrong = printed.clone().into_bytes();
            if wrong[at] == b'-' {
                continue;
            }
            wrong[at] = if wrong[at] == b'7' { b'8' } else { b'7' };
            let wrong = String::from_utf8(wrong).expect("letters");
            assert!(RecoveryKey::parse(&wrong).is_none(), "{wrong}");
        }
        assert!(RecoveryKey::parse(&printed[..printed.len() - 1]).is_none());
    }
}
