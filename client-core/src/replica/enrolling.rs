//! What a device that is being enrolled has told the server, kept until its answer has come: asked again with the same code
//! it must be the same device.

use zeroize::Zeroizing;

use super::error::ReplicaError;
use super::home::{ENROLLING, Home};
use super::keys::DeviceKeys;
use crate::vault::{DatabaseKey, seal, unseal};

/// The code's hash and the two secret keys.
const BYTES: usize = 96;

/// The keys told with the code of this hash; new ones when none were. They lie sealed under the database's key.
pub(super) fn keys(
    home: &Home,
    key: &DatabaseKey,
    code: &[u8; 32],
    rng: &mut dyn FnMut(&mut [u8]),
) -> Result<DeviceKeys, ReplicaError> {
    let kept = home.read(ENROLLING)?.map(Zeroizing::new);
    let sealed = kept.as_ref().and_then(|kept| unseal(key, ENROLLING, kept));
    // A program before this one wrote them as they are.
    let told = sealed.as_ref().or(kept.as_ref()).filter(|told| told.len() == BYTES && told[..32] == *code);
    let told = match told {
        Some(told) => told.clone(),
        None => {
            let mut told = Zeroizing::new([code.as_slice(), &[0; 64]].concat());
            rng(&mut told[32..64]);
            rng(&mut told[64..]);
            told
        }
    };
    if sealed.as_ref() != Some(&told) {
        home.write(ENROLLING, &seal(key, ENROLLING, &told, rng))?;
    }
    let half = |from: usize| told[from..].first_chunk().copied().ok_or(ReplicaError::Damaged(ENROLLING));
    Ok(DeviceKeys::from_bytes(half(32)?, half(64)?))
}

/// The device is enrolled: its keys are in the database.
pub(super) fn done(home: &Home) -> Result<(), ReplicaError> {
    home.remove(ENROLLING)
}
