//! `erase --text`: what was said in a petition is taken out of its document, here and on every device.

use std::path::Path;

use jiff::Timestamp;
use minicbor::bytes::{ByteArray, ByteVec};
use rusqlite::Transaction;
use sync::document::petition::{PetitionRecord, put_events, put_facts};
use sync::document::{Document, Record, RecordKind};
use sync::id::{ActorId, Epoch, EventId, RecordId};
use sync::model::petition::{Event, Words, causal_order, without_words};
use sync::signed::{ChangeClaim, ErasedClaim};
use sync::wire::Erased;

use super::person::{petition_by_code, scrub};
use crate::audit::confirm_or_warn;
use crate::error::ServerError;
use crate::ingest::{Author, Generation, GenerationChange, Ledger};
use crate::keys::{Chance, ServerKeys, draw};
use crate::life::{Journal, keep_generation};
use crate::store::{self, AuditWhat, Device, Tenant};

/// About so many bytes of events go into one change.
const CHANGE_BYTES: usize = 128 * 1024;

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WordsErased {
    /// The petition.
    pub record: RecordId,
    /// The generation of its document.
    pub generation: u32,
    /// Of a sealed petition: whether its words, which lay beside it, are gone.
    pub sealed: bool,
    /// See [`super::PersonErased::scrubbed`].
    pub scrubbed: bool,
}

/// Takes a petition's words out: another generation of its document begins, without them, and the changes of the former one
/// are removed. `id`: its UUID or short code. Works beside a running server; devices are told at their next contact.
pub fn erase_words(
    data: &Path,
    id: &str,
    words: Words,
    now: Timestamp,
    chance: Chance<'_>,
) -> Result<WordsErased, ServerError> {
    let keys = ServerKeys::read(data)?;
    let mut ledger = Ledger::to_operate(data, now, chance)?;
    let tenant = ledger.tenant().clone();
    let epoch = Epoch::from_bytes(draw(chance)?);
    let mut sealed = false;
    let mut journal = Journal::open(data)?;
    let generation = ledger.rewrite(now, |tx| {
        let record = match id.trim().parse() {
            Ok(id) => id,
            Err(_) => petition_by_code(tx, id)?,
        };
        let beginning = Beginning { record, epoch, words, above: 0, now };
        let administrator = store::administrator(tx)?;
        let (generation, beside) = begin(tx, data, &tenant, &keys, &beginning, &mut journal, &administrator)?;
        sealed = beside;
        Ok(generation)
    })?;
    confirm_or_warn(data, ledger.connection(), now);
    let scrubbed = scrub(ledger.connection())?;
    let record = generation.record();
    Ok(WordsErased { record, generation: generation.erased.generation.unwrap_or(0), sealed, scrubbed })
}

/// What another generation of a petition's document begins with.
pub(super) struct Beginning {
    pub record: RecordId,
    pub epoch: Epoch,
    pub words: Words,
    /// Devices know of generations up to this one.
    pub above: u32,
    pub now: Timestamp,
}

/// Makes the next generation and keeps it apart from the database; tells whether words that lay beside it are gone too.
/// `by`: who has brought it about, for the audit.
pub(super) fn begin(
    tx: &Transaction<'_>,
    data: &Path,
    tenant: &Tenant,
    keys: &ServerKeys,
    beginning: &Beginning,
    journal: &mut Journal,
    by: &Device,
) -> Result<(Generation, bool), ServerError> {
    let (generation, words_beside) = next(tx, tenant, keys, beginning)?;
    if let Some(beside) = &words_beside {
        store::erase(tx, beside)?;
        journal.erased(beside)?;
    }
    keep(tx, data, journal, &generation, by, beginning.now)?;
    Ok((generation, words_beside.is_some()))
}

/// Keeps a generation apart from the database: before the words are gone here it is certain that they cannot come back.
pub(super) fn keep(
    tx: &Transaction<'_>,
    data: &Path,
    journal: &mut Journal,
    generation: &Generation,
    by: &Device,
    now: Timestamp,
) -> Result<(), ServerError> {
    let detail = format!("generation {}", generation.erased.generation.unwrap_or(0));
    store::audit(tx, now.as_millisecond(), by, AuditWhat::WordsErased, generation.record(), &detail, None)?;
    keep_generation(data, generation)?;
    journal.erased(&generation.erased)
}

/// The next generation of a petition's document; and, of a sealed one, that its words beside it are forgotten.
fn next(
    tx: &Transaction<'_>,
    tenant: &Tenant,
    keys: &ServerKeys,
    beginning: &Beginning,
) -> Result<(Generation, Option<Erased>), ServerError> {
    let Beginning { record, epoch, words, above, now } = *beginning;
    let row = store::record(tx, record)?.filter(|row| row.kind == RecordKind::Petition);
    let Some(row) = row else {
        return Err(ServerError::Command(format!("there is no petition {record}; give the petition's code or UUID")));
    };
    let Record::Petition(petition) = Record::read(&Document::load(&row.snapshot)?, row.kind)? else {
        return Err(ServerError::Stored("petition"));
    };
    if !petition.unread.is_empty() {
        return Err(ServerError::Command(
            "the petition has events of a newer program, whose words this one would not find; update it".to_owned(),
        ));
    }
    let at = now.as_millisecond();
    let number = store::rewritten(tx, record)?.map_or(0, |there| there.generation).max(above) + 1;
    let person = EventId(record.0);
    let erased = |generation: Option<u32>| {
        let signature = ErasedClaim { tenant: tenant.id, person, generation, at }.sign(&keys.receipt);
        Erased { person, at, signature: ByteArray::from(signature), generation }
    };
    let beside = petition.facts.sealed.is_some() && store::erased(tx, person)?.is_none();
    let administrator = store::administrator(tx)?;
    let author = Author {
        device: administrator.id,
        key: ByteArray::from(administrator.key),
        user: administrator.user.0.clone(),
    };
    let generation = Generation {
        erased: erased(Some(number)),
        changes: changes(tx, tenant, keys, &author, record, epoch, &petition, words, now)?,
        author,
        arrivals: Generation::arrivals(tx, &row.receipts)?,
    };
    Ok((generation, beside.then(|| erased(None))))
}

/// The petition written anew, by the administrator's device.
#[expect(clippy::too_many_arguments, reason = "what it is written with, once")]
fn changes(
    tx: &Transaction<'_>,
    tenant: &Tenant,
    keys: &ServerKeys,
    author: &Author,
    record: RecordId,
    epoch: Epoch,
    petition: &PetitionRecord,
    words: Words,
    now: Timestamp,
) -> Result<Vec<GenerationChange>, ServerError> {
    let (facts, events) = without_words(&petition.facts, &petition.events, words, now);
    let mut parts: Vec<Vec<Event>> = vec![Vec::new()];
    let mut bytes = 0;
    for event in causal_order(&events).into_iter().map(|index| events[index].clone()) {
        bytes += minicbor::to_vec(&event.body).map_or(0, |body| body.len()) + 64;
        if bytes > CHANGE_BYTES {
            parts.push(Vec::new());
            bytes = 0;
        }
        parts.last_mut().into_iter().for_each(|part| part.push(event.clone()));
    }
    let actor = ActorId::derive(&author.key, record, epoch);
    let mut document = Document::genesis(RecordKind::Petition);
    let mut changes = Vec::with_capacity(parts.len());
    for (number, part) in parts.iter().enumerate() {
        let written = document.write(actor, |tx| {
            if number == 0 {
                put_facts(tx, &facts)?;
            }
            put_events(tx, part)
        })?;
        let claim = ChangeClaim {
            tenant: tenant.id,
            device: author.device,
            record,
            epoch,
            seq: written.seq,
            hash: written.hash,
        };
        changes.push(GenerationChange {
            bytes: ByteVec::from(written.bytes),
            signature: ByteArray::from(claim.sign(&keys.administrator)),
            epoch,
            position: store::next_position(tx)?,
        });
    }
    Ok(changes)
}
