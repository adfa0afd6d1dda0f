//! How large a record may become: judging it takes time that grows with it.

use super::refusal::Refusal;
use super::writes::Writes;
use crate::document::Record;
use crate::reason::Reason;

/// More events in one change than any import of a register writes.
const MAX_EVENTS_A_CHANGE: usize = 256;
/// More events than any petition or session has seen.
const MAX_EVENTS: usize = 4096;
/// Minutes longer than this are refused: a thousand pages.
const MAX_MINUTES_BYTES: usize = 4 * 1024 * 1024;

/// What one change brings to a record that reads so with it.
pub(super) fn a_change(written: &Writes, after: &Record) -> Result<(), Refusal> {
    match after {
        Record::Directory(_) => Ok(()),
        _ if written.entries.len() > MAX_EVENTS_A_CHANGE => Err(Refusal::too_large(Reason::too_many_events_at_once())),
        _ => a_record(after),
    }
}

/// The record, also as it reads with all that was written apart from the change.
pub(super) fn a_record(record: &Record) -> Result<(), Refusal> {
    let (events, minutes) = match record {
        Record::Petition(petition) => (petition.events.len() + petition.unread.len(), 0),
        Record::Session(session) => (session.events.len(), session.minutes.len()),
        Record::Directory(_) => (0, 0),
    };
    if events > MAX_EVENTS {
        return Err(Refusal::too_large(Reason::too_many_events()));
    }
    if minutes > MAX_MINUTES_BYTES {
        return Err(Refusal::too_large(Reason::minutes_too_long()));
    }
    Ok(())
}
