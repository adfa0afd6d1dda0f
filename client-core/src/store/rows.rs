//! Typed columns: caches of what documents say, computed in the transaction that changes a document.

use rusqlite::{Connection, Transaction};
use sha2::{Digest, Sha256};
use sync::document::{Record, RecordKind};
use sync::id::RecordId;
use sync::model::directory::Directory;

use super::receipts::KeptReceipts;
use super::{meta, record, rows_petition, rows_session};
use crate::outbox;
use crate::replica::ReplicaError;

/// Replaces a record's row. `pending`: how many unsent changes it has.
pub(crate) fn put(
    tx: &Transaction<'_>,
    id: RecordId,
    read: &Record,
    receipts: &KeptReceipts,
    pending: i64,
    directory: &Directory,
) -> Result<(), ReplicaError> {
    match read {
        Record::Petition(petition) => rows_petition::put(tx, id, petition, receipts, pending, directory),
        Record::Session(session) => rows_session::put(tx, id, session, pending),
        Record::Directory(_) => Ok(()),
    }
}

/// Computes every petition's row again when what deadlines hang on has changed in the directory.
pub(crate) fn refresh_for_directory(tx: &Transaction<'_>, directory: &Directory) -> Result<(), ReplicaError> {
    let digest = deadline_digest(directory);
    if meta::rows_for(tx)?.as_deref() == Some(digest.as_slice()) {
        return Ok(());
    }
    for id in petitions(tx)? {
        let Some(stored) = record::stored(tx, id)? else { continue };
        let Some(document) = record::with_unsent(tx, id, stored.kind, stored.acked.as_ref())? else { continue };
        let read = Record::read(&document, RecordKind::Petition)?;
        put(tx, id, &read, &stored.receipts, outbox::count_of(tx, id)?, directory)?;
    }
    meta::put_rows_for(tx, &digest)
}

fn petitions(connection: &Connection) -> Result<Vec<RecordId>, ReplicaError> {
    let mut select = connection.prepare("SELECT record FROM petition")?;
    let ids: Vec<[u8; 16]> = select.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    Ok(ids.into_iter().map(RecordId::from_bytes).collect())
}

/// Of the directory, what a row is computed with. Another program may print it otherwise: then rows are computed once
/// more, and nothing is lost.
fn deadline_digest(directory: &Directory) -> [u8; 32] {
    let parents: Vec<_> = directory.categories().map(|c| (&c.id, &c.parent)).collect();
    let text = format!(
        "2 {} {} {:?} {:?} {parents:?}",
        directory.zone_name(),
        directory.lease(),
        directory.calendar(),
        directory.policies(),
    );
    Sha256::digest(text.as_bytes()).into()
}
