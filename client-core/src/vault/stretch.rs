//! What it costs to try one PIN.

use argon2::{Algorithm, Argon2, Params, Version};
use zeroize::Zeroizing;

use super::pin::Pin;

/// Argon2id's parameters. They are kept beside the wrapped key, so that later programs may ask for more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// Memory, KiB.
    pub memory: u32,
    /// Passes over it.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

/// More than any program would ask for: a file that wants it is damaged, or is meant to bring the machine down.
const MOST: Stretch = Stretch { memory: 1 << 20, passes: 64, lanes: 64 };

impl Stretch {
    /// 64 MiB, three passes, one lane: a fraction of a second on a cheap phone. Twice and more what is commonly advised as
    /// the least (19 MiB and two passes).
    pub const PRESENT: Self = Self { memory: 64 * 1024, passes: 3, lanes: 1 };

    /// None when they are no parameters of Argon2, or such that no program would have written them.
    pub(super) fn allowed(self) -> Option<Params> {
        let fits = self.memory <= MOST.memory && self.passes <= MOST.passes && self.lanes <= MOST.lanes;
        Params::new(self.memory, self.passes, self.lanes, Some(32)).ok().filter(|_| fits)
    }
}

/// The key that a PIN stretches to. None when the parameters are not [`Stretch::allowed`].
pub(super) fn stretched(pin: &Pin, salt: &[u8], stretch: Stretch) -> Option<Zeroizing<[u8; 32]>> {
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, stretch.allowed()?);
    let mut key = Zeroizing::new([0; 32]);
    argon.hash_password_into(pin.as_bytes(), salt, key.as_mut_slice()).ok()?;
    Some(key)
}
