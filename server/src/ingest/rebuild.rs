//! Making the projection, and every other cache, again from the accepted changes; and checking that nothing is missing.

use automerge::Change;
use rusqlite::{Connection, Transaction};
use sync::document::{Document, Record, change_name};
use sync::id::Hash;
use sync::model::directory::Directory;
use sync::model::petition::{Receipts, Received};

use crate::error::ServerError;
use crate::projection;
use crate::store::{self, EventReceipts, Place, RecordState, Tenant};

use super::accept::{CREATION, digest_of, folded, note, project};
use super::rescope::scope_of;

/// Receipts as the model wants them: devices by id.
pub fn load_receipts(conn: &Connection, receipts: &EventReceipts) -> Result<Receipts, ServerError> {
    let mut read = Receipts::default();
    let mut known: Vec<(i64, sync::id::DeviceId)> = Vec::new();
    for (id, device, received_at, position) in &receipts.0 {
        let device = match known.iter().find(|(index, _)| index == device) {
            Some((_, id)) => *id,
            None => {
                let id = store::device_by_index(conn, *device)?.id;
                known.push((*device, id));
                id
            }
        };
        let at = sync::model::time::from_millis(*received_at).ok_or(ServerError::Stored("receipt"))?;
        let received = Received { at, device, position: *position };
        let id = sync::id::EventId::from_bytes(**id);
        if id == CREATION {
            read.created = Some(received);
        } else {
            read.events.insert(id, received);
        }
    }
    Ok(read)
}

/// Projects every record from its cache; for when the directory changes what rows depend on.
pub(super) fn project_all(tx: &Transaction<'_>, _tenant: &Tenant, directory: &Directory) -> Result<(), ServerError> {
    projection::clear(tx)?;
    for index in record_indices(tx)? {
        let row = store::record_by_index(tx, index)?;
        let record = Record::read(&Document::load(&row.snapshot)?, row.kind)?;
        project(tx, row.id, row.created_position, &record, &row.receipts, directory)?;
    }
    Ok(())
}

/// Makes every cache of every record again from its changes alone, then the projection. Gives the number of records.
pub fn rebuild(tx: &Transaction<'_>, directory: &Directory) -> Result<u64, ServerError> {
    projection::clear(tx)?;
    let indices = record_indices(tx)?;
    for index in &indices {
        let row = store::record_by_index(tx, *index)?;
        let (document, record, receipts, last) = from_changes(tx, &row)?;
        let folded = folded(&record);
        let state = RecordState {
            id: row.id,
            kind: row.kind,
            created_position: row.created_position,
            last_position: last,
            open: folded.as_ref().is_none_or(|f| f.last().status.is_open()),
            scope: &scope_of(&record, folded.as_ref()),
            digest: digest_of(row.id, &document),
            receipts: &receipts,
            snapshot: &document.save(),
        };
        store::save_record(tx, &state)?;
        project(tx, row.id, row.created_position, &record, &receipts, directory)?;
    }
    Ok(indices.len() as u64)
}

/// What a check of the whole log found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// Records looked at.
    pub records: u64,
    /// Changes looked at.
    pub changes: u64,
    /// Records that do not read as their changes say.
    pub wrong: Vec<String>,
}

/// Checks that every record's caches are what its changes make.
pub fn verify(conn: &Connection) -> Result<Verified, ServerError> {
    let mut found = Verified { records: 0, changes: 0, wrong: Vec::new() };
    for index in record_indices(conn)? {
        let row = store::record_by_index(conn, index)?;
        found.records += 1;
        found.changes += store::changes_of_record(conn, index, u64::MAX >> 1)?.len() as u64;
        let sound = match (from_changes(conn, &row), Document::load(&row.snapshot)) {
            (Ok((document, _, receipts, _)), Ok(cached)) => {
                document.heads() == cached.heads()
                    && receipts == row.receipts
                    && digest_of(row.id, &document) == row.digest
            }
            _ => false,
        };
        if !sound {
            found.wrong.push(row.id.to_string());
        }
    }
    Ok(found)
}

type FromChanges = (Document, Record, EventReceipts, u64);

fn from_changes(conn: &Connection, row: &store::RecordRow) -> Result<FromChanges, ServerError> {
    let mut document = Document::genesis(row.kind);
    let mut receipts = EventReceipts::default();
    let mut last = 0;
    let mut record = None;
    for change in store::changes_of_record(conn, row.index, u64::MAX >> 1)? {
        let _: Hash = document.apply_bytes(&change.bytes)?;
        let name = Change::try_from(change.bytes.as_slice()).ok().and_then(|c| change_name(&c));
        let read = Record::read(&document, row.kind)?;
        let place = Place { position: change.position, received_at: change.received_at };
        note(&mut receipts, &read, name, change.device, place);
        last = change.position;
        record = Some(read);
    }
    Ok((document, record.ok_or(ServerError::Stored("record"))?, receipts, last))
}

fn record_indices(conn: &Connection) -> Result<Vec<i64>, ServerError> {
    let mut statement = conn.prepare("SELECT idx FROM record ORDER BY idx")?;
    let rows = statement.query_map([], |r| r.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
