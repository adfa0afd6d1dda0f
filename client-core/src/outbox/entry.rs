//! The table.

use minicbor::bytes::{ByteArray, ByteVec};
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use serde::Serialize;
use sync::id::{Epoch, Hash, RecordId};
use sync::reason::Reason;
use sync::signed::SignatureBytes;
use sync::wire::{Left, RefusalCode};

use super::why_not::WhyNot;
use crate::command::Command;
use crate::replica::ReplicaError;
use crate::store::identities;

/// One change that waits.
#[derive(Debug, Clone)]
pub(crate) struct Unsent {
    /// The record it belongs to.
    pub record: RecordId,
    /// The change.
    pub hash: Hash,
    /// The life of this database it was written in.
    pub epoch: Epoch,
    /// The whole chunk.
    pub bytes: Vec<u8>,
    /// The device's, or the pseudonym's.
    pub signature: SignatureBytes,
    /// The public key it is written under in place of the device's.
    pub pseudonym: Option<[u8; 32]>,
}

/// How much waits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Not yet sent or not yet acknowledged.
    pub pending: u64,
    /// Refused, waiting for their author.
    pub refused: u64,
}

fn json(command: &Command) -> Result<String, ReplicaError> {
    serde_json::to_string(command).map_err(|_| ReplicaError::Damaged("outbox.command"))
}

pub(super) fn read_command(json: &str) -> Result<Command, ReplicaError> {
    serde_json::from_str(json).map_err(|_| ReplicaError::Damaged("outbox.command"))
}

/// Puts a change and its command at the end.
pub(crate) fn add(tx: &Transaction<'_>, unsent: &Unsent, command: &Command) -> Result<(), ReplicaError> {
    let mut insert = tx.prepare_cached(
        "INSERT INTO outbox (record, hash, epoch, bytes, signature, pseudonym, command, state)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'pending')",
    )?;
    let Unsent { record, hash, epoch, bytes, signature, pseudonym } = unsent;
    let (record, epoch, signature) = (record.as_bytes(), epoch.as_bytes(), signature.as_slice());
    insert.execute(params![record, hash.0, epoch, bytes, signature, pseudonym, json(command)?])?;
    Ok(())
}

/// The same work, run again: another change in its place in the order.
pub(crate) fn replace(
    tx: &Transaction<'_>,
    seq: i64,
    hash: Hash,
    epoch: Epoch,
    bytes: &[u8],
    signature: &SignatureBytes,
    command: &Command,
) -> Result<(), ReplicaError> {
    let mut update = tx.prepare_cached(
        "UPDATE outbox SET hash = ?2, epoch = ?3, bytes = ?4, signature = ?5, command = ?6 WHERE seq = ?1",
    )?;
    update.execute(params![seq, hash.0, epoch.as_bytes(), bytes, signature.as_slice(), json(command)?])?;
    Ok(())
}

/// Keeps a change for its author, with the reason. Tells whether it was still waiting.
pub(crate) fn refuse(
    tx: &Transaction<'_>,
    hash: Hash,
    code: RefusalCode,
    reason: &Reason,
) -> Result<bool, ReplicaError> {
    let mut update = tx.prepare_cached(
        "UPDATE outbox SET state = 'refused', code = ?2, detail = ?3 WHERE hash = ?1 AND state = 'pending'",
    )?;
    Ok(update.execute(params![hash.0, code.as_str(), WhyNot::kept(reason)])? > 0)
}

/// Whether a change still waits.
pub(crate) fn is_pending(connection: &Connection, hash: Hash) -> Result<bool, ReplicaError> {
    let mut select = connection.prepare_cached("SELECT 1 FROM outbox WHERE hash = ?1 AND state = 'pending'")?;
    Ok(select.exists([hash.0])?)
}

/// The server has it. Tells whether it was still waiting.
pub(crate) fn remove_hash(tx: &Transaction<'_>, record: RecordId, hash: Hash) -> Result<bool, ReplicaError> {
    let mut delete = tx.prepare_cached("DELETE FROM outbox WHERE record = ?1 AND state = 'pending' AND hash = ?2")?;
    Ok(delete.execute(params![record.as_bytes(), hash.0])? > 0)
}

/// The bytes of a record's unsent changes, in order.
pub(crate) fn bytes_of(connection: &Connection, record: RecordId) -> Result<Vec<Vec<u8>>, ReplicaError> {
    let mut select =
        connection.prepare_cached("SELECT bytes FROM outbox WHERE record = ?1 AND state = 'pending' ORDER BY seq")?;
    let rows = select.query_map([record.as_bytes()], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// How many unsent changes a record has.
pub(crate) fn count_of(connection: &Connection, record: RecordId) -> Result<i64, ReplicaError> {
    let mut select =
        connection.prepare_cached("SELECT count(*) FROM outbox WHERE record = ?1 AND state = 'pending'")?;
    Ok(select.query_row([record.as_bytes()], |row| row.get(0))?)
}

/// How much of a record waits, unsent or refused.
pub(super) fn totals_of(connection: &Connection, record: RecordId) -> Result<i64, ReplicaError> {
    let mut select = connection.prepare_cached("SELECT count(*) FROM outbox WHERE record = ?1")?;
    Ok(select.query_row([record.as_bytes()], |row| row.get(0))?)
}

/// A record's unsent work: place, hash, life and command, in order.
pub(crate) fn pending_of(
    connection: &Connection,
    record: RecordId,
) -> Result<Vec<(i64, Hash, Epoch, Command)>, ReplicaError> {
    let mut select = connection.prepare_cached(
        "SELECT seq, hash, epoch, command FROM outbox WHERE record = ?1 AND state = 'pending' ORDER BY seq",
    )?;
    let rows = select.query_map([record.as_bytes()], |row| {
        Ok((row.get(0)?, Hash(row.get(1)?), Epoch::from_bytes(row.get(2)?), row.get::<_, String>(3)?))
    })?;
    rows.map(|row| {
        let (seq, hash, epoch, command) = row?;
        Ok((seq, hash, epoch, read_command(&command)?))
    })
    .collect()
}

/// What every unsent change is called, in the order of work.
pub(crate) fn hashes(connection: &Connection) -> Result<Vec<(i64, Hash, RecordId)>, ReplicaError> {
    let mut select =
        connection.prepare_cached("SELECT seq, hash, record FROM outbox WHERE state = 'pending' ORDER BY seq")?;
    let rows = select.query_map([], |row| Ok((row.get(0)?, Hash(row.get(1)?), RecordId::from_bytes(row.get(2)?))))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The places of unsent changes that are written under a pseudonym.
pub(crate) fn pseudonymous(connection: &Connection) -> Result<Vec<i64>, ReplicaError> {
    let mut select =
        connection.prepare_cached("SELECT seq FROM outbox WHERE state = 'pending' AND pseudonym IS NOT NULL")?;
    let rows = select.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// One unsent change.
pub(crate) fn unsent(connection: &Connection, seq: i64) -> Result<Option<Unsent>, ReplicaError> {
    let mut select = connection.prepare_cached(
        "SELECT record, hash, epoch, bytes, signature, pseudonym FROM outbox WHERE seq = ?1 AND state = 'pending'",
    )?;
    let row = select.query_row([seq], |row| {
        Ok(Unsent {
            record: RecordId::from_bytes(row.get(0)?),
            hash: Hash(row.get(1)?),
            epoch: Epoch::from_bytes(row.get(2)?),
            bytes: row.get(3)?,
            signature: row.get(4)?,
            pseudonym: row.get(5)?,
        })
    });
    Ok(row.optional()?)
}

/// One unsent change, by its name.
pub(crate) fn by_hash(connection: &Connection, hash: Hash) -> Result<Option<Unsent>, ReplicaError> {
    let mut select = connection.prepare_cached("SELECT seq FROM outbox WHERE hash = ?1 AND state = 'pending'")?;
    let seq: Option<i64> = select.query_row([hash.0], |row| row.get(0)).optional()?;
    seq.map_or(Ok(None), |seq| unsent(connection, seq))
}

/// How much waits.
pub(crate) fn totals(connection: &Connection) -> Result<Totals, ReplicaError> {
    let mut select = connection.prepare_cached(
        "SELECT count(*) FILTER (WHERE state = 'pending'), count(*) FILTER (WHERE state = 'refused') FROM outbox",
    )?;
    let (pending, refused): (i64, i64) = select.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let persons = identities::waiting(connection)?;
    Ok(Totals { pending: pending.unsigned_abs() + persons.0, refused: refused.unsigned_abs() + persons.1 })
}

/// All that waits, unsent and refused, as a device that was shut out leaves it behind.
pub(crate) fn everything(connection: &Connection) -> Result<Vec<Left>, ReplicaError> {
    let mut select =
        connection.prepare("SELECT record, epoch, bytes, signature, code, detail, command FROM outbox ORDER BY seq")?;
    let rows = select.query_map([], |row| {
        let (code, detail): (Option<String>, Option<String>) = (row.get(4)?, row.get(5)?);
        Ok(Left {
            record: RecordId::from_bytes(row.get(0)?),
            epoch: Epoch::from_bytes(row.get(1)?),
            bytes: ByteVec::from(row.get::<_, Vec<u8>>(2)?),
            signature: ByteArray::from(row.get::<_, [u8; 64]>(3)?),
            command: Some(row.get(6)?),
            refused: code.map(|code| (code, detail.unwrap_or_default())),
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
