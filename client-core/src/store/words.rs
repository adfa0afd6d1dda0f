//! A sealed petition's words, where they lie here.

use rusqlite::{Connection, Transaction};
use sync::document::{Record, RecordKind};
use sync::id::RecordId;
use sync::identity::{IdentityClaim, Words};
use sync::model::directory::Directory;

use super::identities;
use super::{meta, record, rows};
use crate::outbox;
use crate::replica::ReplicaError;

/// What was said; none where it is not here, or is no sealed petition.
pub(crate) fn of(connection: &Connection, record: RecordId) -> Result<Option<Words>, ReplicaError> {
    let Some(held) = identities::words_of(connection, record)? else { return Ok(None) };
    let claim = IdentityClaim { tenant: meta::tenant(connection)?, device: held.device, version: &held.version };
    // What somebody has put in their place is none.
    Ok(claim.open_words(&held.key))
}

/// They have come: the petition's row is computed with them.
pub(crate) fn came(tx: &Transaction<'_>, id: RecordId, directory: &Directory) -> Result<(), ReplicaError> {
    let Some(stored) = record::stored(tx, id)? else { return Ok(()) };
    let Some(document) = record::with_unsent(tx, id, stored.kind, stored.acked.as_ref())? else { return Ok(()) };
    let read = Record::read(&document, RecordKind::Petition)?;
    rows::put(tx, id, &read, &stored.receipts, outbox::count_of(tx, id)?, directory)
}
