//! Records: what the server has admitted, and that with this device's unsent changes on top.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use sync::digest::{DigestBytes, digest_of};
use sync::document::{Document, RecordKind};
use sync::id::{DeviceId, OfficeId, RecordId};

use super::device;
use super::receipts::KeptReceipts;
use crate::outbox;
use crate::replica::ReplicaError;

/// What is kept of a record.
pub(crate) struct Stored {
    /// What it is.
    pub kind: RecordKind,
    /// What the server has admitted; none before the first acknowledgement.
    pub acked: Option<Document>,
    /// When it did.
    pub receipts: KeptReceipts,
}

/// Kind, acknowledged document, receipts.
type Columns = (u8, Option<Vec<u8>>, Option<Vec<u8>>);

/// Reads what is kept.
pub(crate) fn stored(connection: &Connection, record: RecordId) -> Result<Option<Stored>, ReplicaError> {
    let mut select = connection.prepare_cached("SELECT kind, acked, receipts FROM record WHERE id = ?1")?;
    let columns = |row: &Row<'_>| -> rusqlite::Result<Columns> { Ok((row.get(0)?, row.get(1)?, row.get(2)?)) };
    let row = select.query_row([record.as_bytes()], columns).optional()?;
    let Some((kind, acked, receipts)) = row else { return Ok(None) };
    Ok(Some(Stored {
        kind: RecordKind::from_number(kind).ok_or(ReplicaError::Damaged("record.kind"))?,
        acked: acked.map(|bytes| Document::load(&bytes)).transpose()?,
        receipts: read_receipts(receipts)?,
    }))
}

fn read_receipts(bytes: Option<Vec<u8>>) -> Result<KeptReceipts, ReplicaError> {
    let read = bytes.map(|b| minicbor::decode(&b)).transpose();
    Ok(read.map_err(|_| ReplicaError::Damaged("record.receipts"))?.unwrap_or_default())
}

/// The receipts alone.
pub(crate) fn receipts(connection: &Connection, record: RecordId) -> Result<KeptReceipts, ReplicaError> {
    let mut select = connection.prepare_cached("SELECT receipts FROM record WHERE id = ?1")?;
    let bytes: Option<Option<Vec<u8>>> = select.query_row([record.as_bytes()], |row| row.get(0)).optional()?;
    read_receipts(bytes.flatten())
}

/// The document: acknowledged and unsent.
pub(crate) fn document(connection: &Connection, record: RecordId) -> Result<Option<Document>, ReplicaError> {
    match stored(connection, record)? {
        None => Ok(None),
        Some(stored) => with_unsent(connection, record, stored.kind, stored.acked.as_ref()),
    }
}

/// The unsent changes on top of what was admitted. None when there is neither.
pub(crate) fn with_unsent(
    connection: &Connection,
    record: RecordId,
    kind: RecordKind,
    acked: Option<&Document>,
) -> Result<Option<Document>, ReplicaError> {
    let unsent = outbox::bytes_of(connection, record)?;
    if unsent.is_empty() {
        return Ok(acked.cloned());
    }
    let mut document = acked.cloned().unwrap_or_else(|| Document::genesis(kind));
    for bytes in &unsent {
        document.apply_bytes(bytes)?;
    }
    Ok(Some(document))
}

/// Whether a record is here.
pub(crate) fn exists(connection: &Connection, record: RecordId) -> Result<bool, ReplicaError> {
    Ok(connection.prepare_cached("SELECT 1 FROM record WHERE id = ?1")?.exists([record.as_bytes()])?)
}

/// Whether the server has admitted anything of a record that is here.
pub(crate) fn is_acked(connection: &Connection, record: RecordId) -> Result<bool, ReplicaError> {
    let mut select = connection.prepare_cached("SELECT 1 FROM record WHERE id = ?1 AND acked IS NOT NULL")?;
    Ok(select.exists([record.as_bytes()])?)
}

/// A record that only this device knows.
pub(crate) fn put_new(tx: &Transaction<'_>, record: RecordId, kind: RecordKind) -> Result<(), ReplicaError> {
    let mut insert = tx.prepare_cached("INSERT INTO record (id, kind) VALUES (?1, ?2) ON CONFLICT (id) DO NOTHING")?;
    insert.execute(params![record.as_bytes(), kind as u8])?;
    Ok(())
}

/// What the server has admitted, named by a fill or by the log.
pub(crate) fn put_acked(
    tx: &Transaction<'_>,
    record: RecordId,
    kind: RecordKind,
    acked: &Document,
    receipts: &KeptReceipts,
    fill: i64,
) -> Result<(), ReplicaError> {
    let receipts = minicbor::to_vec(receipts).map_err(|_| ReplicaError::Damaged("record.receipts"))?;
    let mut insert = tx.prepare_cached(
        "INSERT INTO record (id, kind, acked, receipts, fill, digest) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (id) DO UPDATE SET acked = excluded.acked, receipts = excluded.receipts, fill = excluded.fill,
         digest = excluded.digest",
    )?;
    let digest = digest_of(record, &acked.heads());
    insert.execute(params![record.as_bytes(), kind as u8, acked.save(), receipts, fill, digest])?;
    Ok(())
}

/// What is here of a record cannot be joined with what the server holds: it is to be had anew.
pub(crate) fn forget_acked(tx: &Transaction<'_>, record: RecordId) -> Result<(), ReplicaError> {
    let mut update =
        tx.prepare_cached("UPDATE record SET acked = NULL, receipts = NULL, digest = NULL WHERE id = ?1")?;
    update.execute([record.as_bytes()])?;
    Ok(())
}

/// The server has another generation of the document, which is to be had; nothing of this one is kept.
pub(crate) fn begin_anew(tx: &Transaction<'_>, record: RecordId) -> Result<(), ReplicaError> {
    tx.prepare_cached("DELETE FROM own_change WHERE record = ?1")?.execute([record.as_bytes()])?;
    if is_acked(tx, record)? {
        forget_acked(tx, record)?;
        tx.prepare_cached("UPDATE record SET anew = 1 WHERE id = ?1")?.execute([record.as_bytes()])?;
        tx.prepare_cached("DELETE FROM petition WHERE record = ?1")?.execute([record.as_bytes()])?;
        want(tx, record)?;
    }
    Ok(())
}

/// It has come.
pub(crate) fn take_anew(tx: &Transaction<'_>, record: RecordId) -> Result<(), ReplicaError> {
    tx.prepare_cached("UPDATE record SET anew = 0 WHERE id = ?1 AND anew = 1")?.execute([record.as_bytes()])?;
    Ok(())
}

/// Every record that is held, with its digest.
pub(crate) fn digests(connection: &Connection) -> Result<Vec<(RecordId, DigestBytes)>, ReplicaError> {
    let mut select =
        connection.prepare_cached("SELECT id, digest FROM record WHERE digest IS NOT NULL AND leaving = 0")?;
    let rows = select.query_map([], |row| Ok((RecordId::from_bytes(row.get(0)?), row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Computes digests that a program of before has not kept.
pub(crate) fn complete_digests(tx: &Transaction<'_>) -> Result<(), ReplicaError> {
    let mut select = tx.prepare_cached("SELECT id FROM record WHERE digest IS NULL AND acked IS NOT NULL")?;
    let ids: Vec<[u8; 16]> = select.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    for id in ids.into_iter().map(RecordId::from_bytes) {
        if let Some(document) = stored(tx, id)?.and_then(|stored| stored.acked) {
            let digest = digest_of(id, &document.heads());
            tx.execute("UPDATE record SET digest = ?2 WHERE id = ?1", params![id.as_bytes(), digest])?;
        }
    }
    Ok(())
}

/// A fill has named it, and brought nothing new.
pub(crate) fn mark(tx: &Transaction<'_>, record: RecordId, fill: i64) -> Result<(), ReplicaError> {
    let mut update = tx.prepare_cached("UPDATE record SET fill = ?2 WHERE id = ?1")?;
    update.execute(params![record.as_bytes(), fill])?;
    Ok(())
}

/// It has left, or has come back.
pub(crate) fn set_leaving(tx: &Transaction<'_>, record: RecordId, leaving: bool) -> Result<(), ReplicaError> {
    let mut update = tx.prepare_cached("UPDATE record SET leaving = ?2 WHERE id = ?1 AND leaving <> ?2")?;
    update.execute(params![record.as_bytes(), leaving])?;
    Ok(())
}

/// Lets go of one record; what was refused of it stays in the outbox.
pub(crate) fn remove(tx: &Transaction<'_>, record: RecordId) -> Result<(), ReplicaError> {
    for sql in [
        "DELETE FROM record WHERE id = ?1",
        "DELETE FROM petition WHERE record = ?1",
        "DELETE FROM session WHERE record = ?1",
        "DELETE FROM want WHERE record = ?1",
    ] {
        tx.prepare_cached(sql)?.execute([record.as_bytes()])?;
    }
    Ok(())
}

/// What a complete fill has not named has left; what the server does not know yet it could not name. The directory is
/// everyone's. Each is asked for once more: a server that does not answer for it has lost it.
pub(crate) fn leave_unnamed(tx: &Transaction<'_>, fill: i64) -> Result<(), ReplicaError> {
    let unnamed = "fill <> ?1 AND kind <> ?2 AND acked IS NOT NULL";
    let directory = RecordKind::Directory as u8;
    tx.prepare_cached(&format!("INSERT OR IGNORE INTO want (record) SELECT id FROM record WHERE {unnamed}"))?
        .execute(params![fill, directory])?;
    let sql = format!("UPDATE record SET leaving = 1 WHERE {unnamed}");
    tx.prepare_cached(&sql)?.execute(params![fill, directory])?;
    Ok(())
}

/// Of some records those that have left, for all this device knows.
pub(crate) fn leaving(
    connection: &Connection,
    among: impl IntoIterator<Item = RecordId>,
) -> Result<BTreeSet<RecordId>, ReplicaError> {
    let mut select = connection.prepare_cached("SELECT 1 FROM record WHERE id = ?1 AND leaving = 1")?;
    let mut found = BTreeSet::new();
    for id in among {
        if select.exists([id.as_bytes()])? {
            found.insert(id);
        }
    }
    Ok(found)
}

/// How long a record that has left is held back for a server that lacks some of it: 14 days.
const HELD_BACK_MILLIS: i64 = 14 * 86_400_000;

/// What has left, is not asked for, and holds nothing unsent, no words of a sealed one that wait, and nothing that may have to
/// be brought back to the server.
///
/// A server that has lost much may not be able to take it for long; after a fortnight a record goes all the same.
pub(crate) fn left(connection: &Connection, now: i64) -> Result<Vec<RecordId>, ReplicaError> {
    let mut select = connection.prepare_cached(
        "SELECT id FROM record WHERE leaving = 1 AND NOT EXISTS
         (SELECT 1 FROM outbox WHERE outbox.record = record.id AND state = 'pending')
         AND NOT EXISTS (SELECT 1 FROM offer WHERE offer.record = record.id AND offer.since > ?1)
         AND NOT EXISTS (SELECT 1 FROM want WHERE want.record = record.id)
         AND NOT EXISTS (SELECT 1 FROM identity WHERE identity.record = record.id AND sealed IS NOT NULL
                         AND state <> 'there')",
    )?;
    let ids: Vec<[u8; 16]> =
        select.query_map([now - HELD_BACK_MILLIS], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    Ok(ids.into_iter().map(RecordId::from_bytes).collect())
}

/// Records that must be sent whole.
pub(crate) fn wants(connection: &Connection) -> Result<Vec<RecordId>, ReplicaError> {
    let mut select = connection.prepare_cached("SELECT record FROM want ORDER BY record")?;
    let ids: Vec<[u8; 16]> = select.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    Ok(ids.into_iter().map(RecordId::from_bytes).collect())
}

/// The device that created a record, as the log says it.
pub(crate) fn creator(connection: &Connection, record: RecordId) -> Result<Option<DeviceId>, ReplicaError> {
    match receipts(connection, record)?.created {
        Some(created) => device::device(connection, created.device),
        None => Ok(None),
    }
}

/// The office that is entrusted with a petition, where it is here and sealed.
pub(crate) fn sealed_office(connection: &Connection, record: RecordId) -> Result<Option<OfficeId>, ReplicaError> {
    let mut select = connection.prepare_cached("SELECT sealed FROM petition WHERE record = ?1")?;
    let office: Option<Option<String>> = select.query_row([record.as_bytes()], |row| row.get(0)).optional()?;
    Ok(office.flatten().map(OfficeId))
}

/// Of some records those that still must be.
pub(crate) fn wanted(connection: &Connection, among: &[RecordId]) -> Result<Vec<RecordId>, ReplicaError> {
    let wants: BTreeSet<RecordId> = wants(connection)?.into_iter().collect();
    Ok(among.iter().copied().filter(|id| wants.contains(id)).collect())
}

/// A record must be sent whole.
pub(crate) fn want(tx: &Transaction<'_>, record: RecordId) -> Result<(), ReplicaError> {
    tx.prepare_cached("INSERT OR IGNORE INTO want (record) VALUES (?1)")?.execute([record.as_bytes()])?;
    Ok(())
}

/// It is whole, or was asked for in vain.
pub(crate) fn unwant(tx: &Transaction<'_>, record: RecordId) -> Result<(), ReplicaError> {
    tx.prepare_cached("DELETE FROM want WHERE record = ?1")?.execute([record.as_bytes()])?;
    Ok(())
}
