//! A record built again from what the server holds, with this device's later work run again on top.

use rusqlite::Transaction;
use sync::document::{Document, Record};
use sync::id::RecordId;
use sync::wire::RefusalCode;

use super::entry::{pending_of, refuse, remove_hash, replace};
use crate::command::{Command, CommandError, Ground, write};
use crate::replica::ReplicaError;
use crate::store::{pseudonyms, record, rows};

/// What came of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Rebased {
    /// Work that cannot be done on the record as it now stands, and waits for its author.
    pub refused: u64,
}

/// Runs a record's unsent work again under `ground.epoch`, keeping event ids and times, on what the server has
/// admitted. `change` may put a command right first (its times, by a learnt offset).
pub(crate) fn rebase(
    tx: &Transaction<'_>,
    ground: &Ground<'_>,
    id: RecordId,
    change: impl Fn(Command) -> Command,
) -> Result<Rebased, ReplicaError> {
    let mut rebased = Rebased::default();
    let Some(stored) = record::stored(tx, id)? else { return Ok(rebased) };
    let pseudonym = pseudonyms::of(tx, id)?;
    let mut document: Option<Document> = stored.acked;
    let mut pending = 0;
    for (seq, hash, _, command) in pending_of(tx, id)? {
        let command = change(command);
        match write(ground, &command, document.as_ref(), pseudonym.as_ref()) {
            Ok(done) => {
                let written = &done.written;
                replace(tx, seq, written.hash, done.epoch, &written.bytes, &done.signature, &command)?;
                document = Some(done.document);
                pending += 1;
            }
            Err(CommandError::Replica(error)) => return Err(error),
            // Others have done the same meanwhile: what its author wanted is so.
            Err(CommandError::AlreadySo) => {
                remove_hash(tx, id, hash)?;
            }
            Err(refusal) => {
                rebased.refused += u64::from(refuse(tx, hash, RefusalCode::Ancestor, &refusal.reason())?);
            }
        }
    }
    match document {
        Some(document) => {
            let read = Record::read(&document, stored.kind)?;
            rows::put(tx, id, &read, &stored.receipts, pending, ground.directory)?;
        }
        None => record::remove(tx, id)?,
    }
    Ok(rebased)
}
