//! Making the projection, and every other cache, again from the accepted changes; and checking that nothing is missing.

use automerge::Change;
use rusqlite::{Connection, Transaction};
use sync::digest::digest_of;
use sync::document::{Document, Record, RecordKind, change_name};
use sync::id::{Hash, RecordId};
use sync::model::directory::Directory;
use sync::model::petition::{Receipts, Received};

use crate::error::ServerError;
use crate::projection;
use crate::store::{self, EventReceipts, Place, RecordState, Tenant};

use super::accept::{CREATION, folded, note, project};
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
        let again = Again::from_changes(tx, row.index, row.kind)?;
        again.save(tx, row.id, row.kind)?;
        project(tx, row.id, again.created, &again.record, &again.receipts, directory)?;
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
        let sound = match (Again::from_changes(conn, row.index, row.kind), Document::load(&row.snapshot)) {
            (Ok(again), Ok(cached)) => {
                again.document.heads() == cached.heads()
                    && again.receipts == row.receipts
                    && again.created == row.created_position
                    && digest_of(row.id, &again.document.heads()) == row.digest
            }
            _ => false,
        };
        if !sound {
            found.wrong.push(row.id.to_string());
        }
    }
    Ok(found)
}

/// A record made again from its changes alone.
pub(super) struct Again {
    pub document: Document,
    pub record: Record,
    pub receipts: EventReceipts,
    /// Position of its first change.
    pub created: u64,
    /// And of its last.
    pub last: u64,
}

impl Again {
    /// Reads and applies every change there is.
    pub(super) fn from_changes(conn: &Connection, index: i64, kind: RecordKind) -> Result<Self, ServerError> {
        let mut document = Document::genesis(kind);
        // Where words were taken out, what happened before came when it came, and not with the changes that say it now.
        let before = store::rewritten(conn, store::record_id(conn, index)?)?;
        let mut receipts = before.map(|before| before.receipts).unwrap_or_default();
        let (mut created, mut last) = (receipts.position_of(CREATION), 0);
        let mut record = None;
        for change in store::changes_of_record(conn, index, u64::MAX >> 1)? {
            let _: Hash = document.apply_bytes(&change.bytes)?;
            let name = Change::try_from(change.bytes.as_slice()).ok().and_then(|c| change_name(&c));
            let read = Record::read(&document, kind)?;
            let place = Place { position: change.position, received_at: change.received_at };
            note(&mut receipts, &read, name, change.device, place);
            created = created.or(Some(change.position));
            last = change.position;
            record = Some(read);
        }
        let missing = || ServerError::Stored("record");
        Ok(Self {
            document,
            record: record.ok_or_else(missing)?,
            receipts,
            created: created.ok_or_else(missing)?,
            last,
        })
    }

    /// Writes it back as the record's caches; gives its number, its scope and its digest.
    pub(super) fn save(
        &self,
        tx: &Transaction<'_>,
        id: RecordId,
        kind: RecordKind,
    ) -> Result<(i64, String, [u8; 8]), ServerError> {
        let folded = folded(&self.record);
        let scope = scope_of(&self.record, folded.as_ref());
        let digest = digest_of(id, &self.document.heads());
        let state = RecordState {
            id,
            kind,
            created_position: self.created,
            last_position: self.last,
            open: folded.as_ref().is_none_or(|f| f.last().status.is_open()),
            scope: &scope,
            digest,
            receipts: &self.receipts,
            snapshot: &self.document.save(),
        };
        Ok((store::save_record(tx, &state)?, scope, digest))
    }
}

fn record_indices(conn: &Connection) -> Result<Vec<i64>, ServerError> {
    let mut statement = conn.prepare("SELECT idx FROM record ORDER BY idx")?;
    let rows = statement.query_map([], |r| r.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
