//! What is sealed, for a device that can open it: its words, and what it is asked to open for others.

use minicbor::bytes::ByteVec;
use rusqlite::Connection;
use sync::id::EventId;
use sync::wire::{GivenVersion, MAX_WORDS_IN_RESPONSE, Relock, SignedVersion};

use crate::error::ServerError;
use crate::ingest::Reopen;
use crate::store::{self, Device, StoredVersion};

/// A version for a device, with the lock that was made for it; none where there is no such lock.
pub(super) fn given(
    conn: &Connection,
    device: &Device,
    stored: &StoredVersion,
) -> Result<Option<GivenVersion>, ServerError> {
    let Some(locked) = store::lock_for(conn, stored.version.version, device.index)? else { return Ok(None) };
    let author = store::device_by_index(conn, stored.device)?;
    Ok(Some(GivenVersion {
        signed: SignedVersion::new(&stored.version, author.id, stored.signature),
        user: author.user.0,
        locked: ByteVec::from(locked),
    }))
}

/// Words that a device lacks.
pub(super) fn words(
    conn: &Connection,
    device: &Device,
    versions: &[EventId],
) -> Result<Option<Vec<GivenVersion>>, ServerError> {
    let (mut words, mut bytes) = (Vec::new(), 0);
    for version in versions {
        if bytes >= MAX_WORDS_IN_RESPONSE {
            break;
        }
        if let Some(stored) = store::version(conn, *version)?
            && let Some(given) = given(conn, device, &stored)?
        {
            bytes += stored.version.body.len();
            words.push(given);
        }
    }
    Ok((!words.is_empty()).then_some(words))
}

/// What a device is asked to open for others: heads and locks, no bodies.
pub(super) fn relock(conn: &Connection, reopen: &[Reopen]) -> Result<Option<Vec<Relock>>, ServerError> {
    let mut asked = Vec::new();
    for Reopen { version, opens, to } in reopen {
        let Some(mut stored) = store::version(conn, *version)? else { continue };
        let Some(locked) = store::lock_for(conn, *version, *opens)? else { continue };
        stored.version.body.clear();
        let author = store::device_by_index(conn, stored.device)?;
        let signed = SignedVersion::new(&stored.version, author.id, stored.signature);
        asked.push(Relock { signed, locked: ByteVec::from(locked), to: *to });
    }
    Ok((!asked.is_empty()).then_some(asked))
}
