//! Keys of the maps: a UUID in 22 letters.

use data_encoding::BASE64URL_NOPAD;

use crate::id::EventId;

/// The key of an event or revision.
pub fn event_key(id: EventId) -> String {
    BASE64URL_NOPAD.encode(id.as_bytes())
}

/// Reads a key back.
pub fn read_event_key(key: &str) -> Option<EventId> {
    let bytes = BASE64URL_NOPAD.decode(key.as_bytes()).ok()?;
    EventId::from_slice(&bytes).ok()
}
