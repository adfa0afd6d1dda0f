//! The key file in a replica's folder: made with the replica, opened with it, wrapped anew when its PIN changes.

use jiff::Timestamp;

use super::error::ReplicaError;
use super::home::{Home, KEY, TRIES};
use crate::vault::{DatabaseKey, KeyFile, KeyFileFault, Pin, Stretch, Tries, WrappedKey};

/// An opened key file.
#[derive(Debug)]
pub(super) struct Unlocked {
    pub key: DatabaseKey,
    /// Whether a PIN opened it.
    pub pin: bool,
}

/// Opens the folder's key file; none when there is none. A PIN is not asked for where the file has none.
pub(super) fn unlock(home: &Home, pin: Option<&Pin>, now: Timestamp) -> Result<Option<Unlocked>, ReplicaError> {
    let Some(bytes) = home.read(KEY)?.map(zeroize::Zeroizing::new) else { return Ok(None) };
    let file = KeyFile::decode(&bytes).map_err(|fault| match fault {
        KeyFileFault::Damaged => ReplicaError::KeyDamaged(home.file(KEY)),
        KeyFileFault::Newer { found, known } => ReplicaError::KeyNewer { found, known },
    })?;
    Ok(Some(match file {
        KeyFile::Open(key) => Unlocked { key, pin: false },
        KeyFile::Pin(wrapped) => Unlocked { key: try_pin(home, &wrapped, pin, now)?, pin: true },
    }))
}

/// A try is on the disk as a wrong one before it is judged: a program killed while it judges has used up a try.
fn try_pin(home: &Home, wrapped: &WrappedKey, pin: Option<&Pin>, now: Timestamp) -> Result<DatabaseKey, ReplicaError> {
    let kept = home.read(TRIES)?;
    let tries = Tries::remembered(kept.as_deref(), now);
    // What was not kept so (a clock put back, a damaged file) has to count from now on.
    if kept.is_some_and(|kept| kept != tries.encode()) {
        home.write(TRIES, &tries.encode())?;
    }
    if let Some(wait) = tries.wait(now) {
        return Err(ReplicaError::PinWait { wrong: tries.wrong, wait });
    }
    let pin = pin.ok_or(ReplicaError::PinNeeded)?;
    let tries = tries.counted(now);
    home.write(TRIES, &tries.encode())?;
    let key = wrapped.unwrap(pin).ok_or(ReplicaError::WrongPin { wait: tries.wait(now) })?;
    home.remove(TRIES)?;
    Ok(key)
}

/// Writes the key file: wrapped by the PIN, or open without one. Whatever happens, it is the one before or this one.
pub(super) fn write_key(
    home: &Home,
    key: &DatabaseKey,
    pin: Option<&Pin>,
    rng: &mut dyn FnMut(&mut [u8]),
) -> Result<(), ReplicaError> {
    let file = match pin {
        None => KeyFile::Open(key.clone()),
        Some(pin) => {
            let wrapped = WrappedKey::wrap(key, pin, Stretch::PRESENT, rng);
            KeyFile::Pin(wrapped.ok_or(ReplicaError::Damaged(KEY))?)
        }
    };
    home.write(KEY, &file.encode())
}

/// The key of a folder that has no database yet: of an enrolment that was begun, or a new one. From here on it is wrapped
/// by this PIN, if there is one.
pub(super) fn key_for_new(
    home: &Home,
    pin: Option<&Pin>,
    now: Timestamp,
    rng: &mut dyn FnMut(&mut [u8]),
) -> Result<Unlocked, ReplicaError> {
    let begun = unlock(home, pin, now)?;
    let key = match begun {
        Some(unlocked) if unlocked.pin || pin.is_none() => return Ok(unlocked),
        Some(unlocked) => unlocked.key,
        None => DatabaseKey::generate(rng),
    };
    write_key(home, &key, pin, rng)?;
    Ok(Unlocked { key, pin: pin.is_some() })
}
