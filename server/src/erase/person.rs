//! `erase`: who somebody was is forgotten, everywhere.

use std::path::Path;

use jiff::Timestamp;
use minicbor::bytes::ByteArray;
use sync::code::Reading;
use sync::document::{Document, Record, RecordKind};
use sync::id::{EventId, RecordId};
use sync::signed::ErasedClaim;
use sync::wire::Erased;

use crate::audit::confirm_or_warn;
use crate::error::ServerError;
use crate::ingest::Ledger;
use crate::keys::{self, ServerKeys};
use crate::life::Journal;
use crate::store::{self, AuditWhat};

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PersonErased {
    /// Who, by id.
    pub person: EventId,
    /// Writings down that are gone.
    pub versions: u64,
    /// Nothing of them is left in the database's log either; else a reader was at work: it goes when the server is next
    /// started.
    pub scrubbed: bool,
}

/// Forgets who somebody was. `id`: the person's, or the petition's UUID or short code. Works beside a running server; devices are told at
/// their next contact. A copy of the database that is put back forgets again, by the journal.
pub fn erase_person(data: &Path, id: &str, now: Timestamp) -> Result<PersonErased, ServerError> {
    let keys = ServerKeys::read(data)?;
    let mut ledger = Ledger::to_operate(data, now, &mut keys::system)?;
    // Its lock orders the lines of the journal and the numbers in the database alike.
    let mut journal = Journal::open(data)?;
    let (person, versions) = ledger.write(|tx| {
        let tenant = store::read_tenant(tx)?;
        let person = person(tx, id)?;
        if let Some(known) = store::erased(tx, person)? {
            return Ok((known.person, 0));
        }
        let records = store::petitions_of(tx, person)?;
        let another = store::record(tx, RecordId(person.0))?.is_some_and(|row| !records.iter().all(|r| *r == row.id));
        if records.len() > 1 || another {
            return Err(ServerError::Command(format!(
                "{person} stands for several petitions, which no honest program writes: nothing was forgotten; look at {}",
                records.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
            )));
        }
        let record = records.first().copied().unwrap_or(RecordId(person.0));
        let at = now.as_millisecond();
        let signature = ErasedClaim { tenant: tenant.id, person, generation: None, at }.sign(&keys.receipt);
        let erased = Erased { person, at, signature: ByteArray::from(signature), generation: None };
        let versions = store::erase(tx, &erased)?;
        let administrator = store::administrator(tx)?;
        let detail = format!("{versions} versions");
        store::audit(tx, at, &administrator, AuditWhat::IdentityErased, record, &detail, None)?;
        journal.erased(&erased)?;
        Ok((person, versions))
    })?;
    confirm_or_warn(data, ledger.connection(), now);
    Ok(PersonErased { person, versions, scrubbed: scrub(ledger.connection())? })
}

/// The person that an id names: that of the petition, or its own.
fn person(tx: &rusqlite::Transaction<'_>, typed: &str) -> Result<EventId, ServerError> {
    let id = match typed.trim().parse() {
        Ok(id) => id,
        Err(_) => petition_by_code(tx, typed)?.0,
    };
    let Some(row) = store::record(tx, RecordId(id))?.filter(|row| row.kind == RecordKind::Petition) else {
        let person = EventId(id);
        if !store::petitions_of(tx, person)?.is_empty() || store::erased(tx, person)?.is_some() {
            return Ok(person);
        }
        return Err(ServerError::Command(format!(
            "nothing is written down of a person {id}, and there is no such petition; take the id from `petition show`"
        )));
    };
    let Record::Petition(petition) = Record::read(&Document::load(&row.snapshot)?, row.kind)? else {
        return Err(ServerError::Stored("petition"));
    };
    // Where nobody was named at first, the petition's own id stands for who spoke. What was named and has not come yet is
    // forgotten before it comes.
    let person = petition.facts.petitioner.unwrap_or(EventId(row.id.0));
    let named = petition.facts.petitioner.is_some() || !store::versions_of(tx, row.index)?.is_empty();
    if named || store::erased(tx, person)?.is_some() {
        return Ok(person);
    }
    Err(ServerError::Command(format!("nobody was named with the petition {id}; there is nothing to forget")))
}

/// Codes are computed, not kept: they are gone through one by one.
pub(super) fn petition_by_code(tx: &rusqlite::Transaction<'_>, typed: &str) -> Result<RecordId, ServerError> {
    let wrong =
        |why: &str| ServerError::Command(format!("{why}; give the petition's code or UUID, or the person's id"));
    let Reading::Code(code) = sync::code::read(typed) else {
        return Err(wrong("this is no id and no code of a petition"));
    };
    let same: Vec<RecordId> = store::petition_ids(tx)?.into_iter().filter(|id| sync::code::of(*id) == code).collect();
    match same.as_slice() {
        [one] => Ok(*one),
        [] => Err(wrong("there is no petition with this code")),
        _ => Err(wrong("several petitions have this code")),
    }
}

/// What was overwritten in the database is taken out of its log as well.
pub(super) fn scrub(conn: &rusqlite::Connection) -> Result<bool, ServerError> {
    let busy: i64 = conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    Ok(busy == 0)
}
